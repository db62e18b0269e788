//! Evidence from files, folders and standard input. What may be large is read
//! as a stream and never held: members of archives, layers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use webdis_verify::Result;
use webdis_verify::base::error::Error;
use webdis_verify::base::limits;
use webdis_verify::evidence::archive::{
    Archive, Folder, Measure, Pending, is_archive, is_blob_path, is_text, is_unread, unread_format,
};
use webdis_verify::evidence::codes::ARCHIVE_FORMAT_UNREAD;
use webdis_verify::evidence::measured::Measured;
use webdis_verify::evidence::{Given, Origin};

use crate::check::unreadable;
use crate::progress::Progress;

/// Bytes that show whether a file is an archive: a tar header.
const HEAD: u64 = 512;
/// Bytes read at a time.
const PIECE: usize = 1 << 20;
/// Bytes read at a time where most are passed over.
const STEP: usize = 64 << 10;

/// What standard input is called.
pub(crate) const STDIN: &str = "standard input";

/// Reads everything that was named, in order.
pub(crate) fn all(paths: &[PathBuf]) -> Result<Vec<Given>> {
    let mut given = Vec::new();
    for path in paths {
        let before = given.len();
        if path.is_dir() {
            folder(path, &mut Walk::default(), &mut given)?
        } else {
            one(path, &mut given)?
        }
        // What is empty was given all the same, and is no answer.
        if given.len() == before {
            let name = path.to_string_lossy().into_owned();
            given.push(Given { name, origin: Origin::File, bytes: Vec::new() });
        }
    }
    Ok(given)
}

/// What was found below a folder.
#[derive(Default)]
struct Walk {
    members: Vec<(PathBuf, What)>,
    /// Where links lead to, so that none is followed for ever.
    followed: BTreeSet<PathBuf>,
}

enum What {
    Folder,
    File,
    Link(PathBuf),
}

/// What is below a folder, in the order of names. An image in it is held to the
/// rules of one in an archive.
fn folder(path: &Path, walk: &mut Walk, given: &mut Vec<Given>) -> Result<()> {
    let wrong = |error: io::Error| unreadable(path, &error);
    if !walk.followed.insert(path.canonicalize().map_err(wrong)?) {
        return Ok(());
    }
    let (first, before) = (walk.members.len(), given.len());
    let entries = fs::read_dir(path).map_err(wrong)?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        limits::within("files below a folder", walk.members.len() + 1, limits::ARCHIVE_ENTRIES)?;
        let what = match fs::read_link(&path) {
            Ok(target) => What::Link(target),
            Err(_) if path.is_dir() => What::Folder,
            Err(_) => What::File,
        };
        walk.members.push((path.clone(), what));
        if path.is_dir() { folder(&path, walk, given)? } else { one(&path, given)? }
    }
    let members = walk.members.get(first..).unwrap_or_default();
    image(path, members, given.get(before..).unwrap_or_default())
        .map_err(|error| error.in_place(path.to_string_lossy()))
}

/// Whether all programs read the same image in a folder, if there is one.
fn image(path: &Path, members: &[(PathBuf, What)], given: &[Given]) -> Result<()> {
    let marks = ["oci-layout", "manifest.json", "repositories", "version", "blobs"];
    let is_mark = |(member, _): &(PathBuf, What)| {
        let name = member.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
        member.parent() == Some(path) && name.is_some_and(|name| marks.contains(&&*name))
    };
    if !members.iter().any(is_mark) {
        return Ok(());
    }
    let by_name: BTreeMap<&str, &Given> = given.iter().map(|given| (given.name.as_str(), given)).collect();
    let mut folder = Folder::new();
    for (member, what) in members {
        let Ok(inside) = member.strip_prefix(path) else { continue };
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        let inside = parts.join("/");
        match what {
            What::Folder => folder.folder(&inside)?,
            What::File => folder.file(&inside, by_name.get(&*member.to_string_lossy()).copied())?,
            What::Link(target) => folder.link(&inside, &target.to_string_lossy())?,
        }
    }
    folder.check()
}

/// Standard input or a file.
fn one(path: &Path, given: &mut Vec<Given>) -> Result<()> {
    limits::within("files in one check", given.len(), limits::ITEMS)?;
    let wrong = |error: io::Error| unreadable(path, &error);
    if path == Path::new("-") {
        let input = io::stdin().lock();
        return stream(input, STDIN, Origin::Paste, None, given).map_err(wrong)?;
    }
    let name = path.to_string_lossy().into_owned();
    let mut file = File::open(path).map_err(wrong)?;
    let size = file.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len());
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(wrong)?;
    if size.is_some() {
        file.rewind().map_err(wrong)?;
    }
    match size {
        Some(size) if is_tar(&head) && !is_blob_path(&name) => {
            let progress = Progress::new(&name, Some(size));
            let read = progress.watch(|| seek(&mut file, path, &name, &progress));
            given.extend(read.map_err(wrong)?.map_err(|error| error.in_place(name))?);
            Ok(())
        }
        Some(size) => stream(file, &name, Origin::File, Some(size), given).map_err(wrong)?,
        None => stream(io::Cursor::new(head).chain(file), &name, Origin::File, None, given).map_err(wrong)?,
    }
}

/// Whether a file is a plain tar, in which one can move.
fn is_tar(head: &[u8]) -> bool {
    is_archive(head) && head.get(257..262) == Some(b"ustar")
}

/// Reads what can only be read in order. `Ok(Err(_))` is what is wrong with it.
fn stream(
    mut input: impl Read,
    name: &str,
    origin: Origin,
    size: Option<u64>,
    given: &mut Vec<Given>,
) -> io::Result<Result<()>> {
    let mut bytes = Vec::new();
    input.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    let progress = Progress::new(name, size);
    let archive = is_archive(&bytes) && !is_blob_path(name);
    let most = u64::try_from(limits::PASTE_BYTES).unwrap_or(u64::MAX);
    let long = size.filter(|size| *size > most && is_text(&bytes) && !is_blob_path(name));
    let blob = is_archive(&bytes) || is_unread(&bytes) || size.is_some_and(|size| size > most);
    // Of xz and bzip2 the measure says it.
    let format = unread_format(&bytes).filter(|_| !is_unread(&bytes) && !is_blob_path(name));
    let mut whole = io::Cursor::new(core::mem::take(&mut bytes)).chain(input);
    if archive {
        let mut archive = Archive::named(name);
        let read = progress.watch(|| pieces(&mut whole, &progress, |piece| archive.push(piece)))?;
        return Ok(read
            .and_then(|()| archive.finish())
            .map(|found| given.extend(found))
            .map_err(|e| e.in_place(name)));
    }
    if blob {
        // Its digest is known, and what stands in it is not.
        let found = long.and_then(|size| usize::try_from(size).ok());
        let read =
            found.map_or(Ok(()), |found| limits::within(limits::TEXT_NAME, found, limits::PASTE_BYTES));
        given.extend(read.err().map(|error| Given::refused(name, error)));
        let unread = |format| Error::new(ARCHIVE_FORMAT_UNREAD).in_place(name).found(format);
        given.extend(format.map(|format| Given::refused(name, unread(format))));
        let measured = progress.watch(|| measure(&mut whole, &progress))?;
        given.push(Given::measured(name, measured));
        return Ok(Ok(()));
    }
    // At most one byte past the limit, so that the limit is what speaks.
    whole.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    given.push(Given { name: name.to_owned(), origin, bytes });
    Ok(Ok(()))
}

fn pieces(
    input: &mut impl Read,
    progress: &Progress,
    mut take: impl FnMut(&[u8]) -> Result<()>,
) -> io::Result<Result<()>> {
    let mut piece = vec![0; PIECE];
    loop {
        let length = input.read(&mut piece)?;
        let bytes = piece.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(Ok(()));
        }
        if let Err(error) = take(bytes) {
            return Ok(Err(error));
        }
        progress.add(length);
    }
}

/// Measures a blob as it comes.
pub(crate) fn measure(input: &mut impl Read, progress: &Progress) -> io::Result<Measured> {
    let mut measure = Measure::new();
    let read = pieces(input, progress, |piece| {
        measure.push(piece);
        Ok(())
    })?;
    drop(read);
    Ok(measure.finish())
}

/// Reads a tar file by moving in it: the large members are measured by as many
/// threads as there are cores.
fn seek(file: &mut File, path: &Path, name: &str, progress: &Progress) -> io::Result<Result<Vec<Given>>> {
    let mut archive = Archive::delegating(name);
    let mut piece = vec![0; STEP];
    loop {
        let length = file.read(&mut piece)?;
        let bytes = piece.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        if let Err(error) = archive.push(bytes) {
            return Ok(Err(error));
        }
        let skip = archive.skippable();
        let end = file.metadata()?.len();
        let here = file.stream_position()?;
        let skip = skip.min(end.saturating_sub(here));
        if skip > 0 {
            file.seek(SeekFrom::Start(here.saturating_add(skip)))?;
            archive.skip(skip);
        }
    }
    let pending = archive.pending();
    let large: u64 = pending.iter().map(|part| part.size).sum();
    progress.skip(archive.fed().saturating_sub(large));
    for (number, measured) in parts(&pending, path, progress)? {
        archive.deliver(number, measured);
    }
    let may_be_blob = archive.may_be_blob();
    Ok(match archive.finish() {
        Ok(mut given) if may_be_blob => {
            file.rewind()?;
            given.push(Given::measured(name, measure(file, progress)?));
            Ok(given)
        }
        other => other,
    })
}

/// Measures members, the largest first, in as many threads as pay.
fn parts(pending: &[Pending], path: &Path, progress: &Progress) -> io::Result<Vec<(usize, Measured)>> {
    let mut queue = pending.to_vec();
    queue.sort_by_key(|part| part.size);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(queue.len());
    let queue = Mutex::new(queue);
    let next = || queue.lock().ok().and_then(|mut queue| queue.pop());
    let work = || {
        let mut done = Vec::new();
        while let Some(Pending { number, offset, size }) = next() {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(offset))?;
            done.push((number, measure(&mut file.take(size), progress)?));
        }
        Ok::<_, io::Error>(done)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| io::Error::other("a thread ended"))??);
        }
        Ok(all)
    })
}
