//! `webdis-verify check`: evidence from files and standard input.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use webdis_verify::Error;
use webdis_verify::Result;
use webdis_verify::base::limits;
use webdis_verify::base::time::Time;
use webdis_verify::evidence::archive::{Archive, is_archive};
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::model::publisher::Profile;
use webdis_verify::model::reference::Reference;
use webdis_verify::report::Report;
use webdis_verify::session::Session;
use webdis_verify::session::check::{Options, Publisher};

use crate::args::{CheckArgs, PolicyArgs};
use crate::refuse;
use crate::render;

pub(crate) fn run(args: &CheckArgs) -> ExitCode {
    let mut given = Vec::new();
    for path in &args.files {
        if let Err(error) = read(path, &mut given) {
            return refuse(&error);
        }
    }
    let options = options(&args.policy, args.image.as_deref());
    let mut session = match options.and_then(|options| Session::new(&options)) {
        Ok(session) => session,
        Err(error) => return refuse(&error),
    };
    for given in given {
        session.add(given);
    }
    let report = session.check();
    let again = again(&args.policy, &report);
    render::print(&report, &args.policy, again.as_deref());
    ExitCode::from(report.outcome.exit_code())
}

/// The command that fetches what a check of a reference still needs, with the
/// same policy.
fn again(args: &PolicyArgs, report: &Report) -> Option<String> {
    let reference = report.subject.reference.as_deref()?;
    if !report.needs.iter().any(|need| need.required) || Reference::parse(reference).is_err() {
        return None;
    }
    let mut words = vec!["webdis-verify".to_owned(), "verify".to_owned()];
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
    let options = [
        ("--digest", args.digest.clone()),
        ("--publisher", args.publisher.clone()),
        ("--key", path(&args.key)),
        ("--identity", args.identity.clone()),
        ("--issuer", args.issuer.clone()),
        ("--root-key", args.root_key.clone()),
        ("--repository-key", args.repository_key.clone()),
        ("--trusted-root", path(&args.trusted_root)),
        ("--attestation", args.attestation.clone()),
    ];
    for (name, value) in options {
        if let Some(value) = value {
            words.extend([name.to_owned(), quoted(&value)]);
        }
    }
    if args.ignore_tlog {
        words.push("--ignore-tlog".to_owned());
    }
    words.push(quoted(reference));
    Some(words.join(" "))
}

/// A word for a shell: as it is if nothing in it is special.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Options of the engine from those of the command line.
pub(crate) fn options(args: &PolicyArgs, image: Option<&str>) -> Result<Options> {
    let now = match &args.now {
        Some(text) => Time::parse(text)?,
        None => now()?,
    };
    let publisher = if let Some(path) = &args.key {
        let name =
            path.file_name().map_or_else(|| "key".to_owned(), |name| name.to_string_lossy().into_owned());
        Publisher::Key(name, bytes(path)?)
    } else if let (Some(identity), Some(issuer)) = (&args.identity, &args.issuer) {
        Publisher::Identity(identity.clone(), issuer.clone())
    } else if let (Some(root), Some(repository)) = (&args.root_key, &args.repository_key) {
        Publisher::ContentTrust(root.clone(), repository.clone())
    } else {
        match &args.publisher {
            None => Publisher::Default,
            // A built-in name is never a file: one in the working directory
            // must not replace the publisher.
            Some(name) if !Profile::is_built_in(name) && Path::new(name).is_file() => {
                Publisher::Profile(bytes(Path::new(name))?)
            }
            Some(name) => Publisher::Named(name.clone()),
        }
    };
    Ok(Options {
        image: image.map(str::to_owned),
        digest: args.digest.clone(),
        publisher,
        trusted_root: args.trusted_root.as_deref().map(bytes).transpose()?,
        attestation: args.attestation.clone(),
        ignore_tlog: args.ignore_tlog,
        now,
        include_bytes: false,
        notary: None,
    })
}

/// The clock of this computer; the engine itself has none.
pub(crate) fn now() -> Result<Time> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since
        .and_then(|since| Time::from_unix(since.as_secs()))
        .ok_or_else(|| Error::new(crate::args::codes::CLOCK))
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| unreadable(path, &error))
}

/// Reads one argument: standard input, a file, or a directory and what is
/// below it in the order of names.
fn read(path: &Path, given: &mut Vec<Given>) -> Result<()> {
    limits::within("files in one check", given.len(), limits::ITEMS)?;
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let limit = u64::try_from(limits::PASTE_BYTES).unwrap_or(u64::MAX);
        io::stdin()
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(path, &error))?;
        given.push(Given { name: "standard input".to_owned(), origin: Origin::Paste, bytes });
        return Ok(());
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        return paths.iter().try_for_each(|path| read(path, given));
    }
    let name = path.to_string_lossy().into_owned();
    let mut file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut head = Vec::new();
    let wrong = |error: io::Error| unreadable(path, &error);
    file.by_ref().take(ARCHIVE_HEAD).read_to_end(&mut head).map_err(wrong)?;
    if is_archive(&head) {
        given.extend(unpack(&head, &mut file, path).map_err(|error| error.in_place(name))?);
        return Ok(());
    }
    // At most one byte past the limit, so that the limit is what speaks.
    let limit = u64::try_from(limits::PASTE_BYTES).unwrap_or(u64::MAX);
    file.take(limit.saturating_add(1)).read_to_end(&mut head).map_err(wrong)?;
    given.push(Given { name, origin: Origin::File, bytes: head });
    Ok(())
}

/// Bytes that show whether a file is an archive: a tar header.
const ARCHIVE_HEAD: u64 = 512;

/// Streams an archive: members are hashed as they pass, and only documents
/// are kept.
fn unpack(head: &[u8], file: &mut fs::File, path: &Path) -> Result<Vec<Given>> {
    let mut archive = Archive::new();
    archive.push(head)?;
    let mut piece = vec![0; 1 << 20];
    loop {
        let length = file.read(&mut piece).map_err(|error| unreadable(path, &error))?;
        match piece.get(..length) {
            Some(bytes) if !bytes.is_empty() => archive.push(bytes)?,
            _ => break,
        }
    }
    let documents = archive.finish()?;
    archive.compare(&documents)?;
    Ok(documents)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(crate::args::codes::FILE).in_place(path.to_string_lossy()).found(error.to_string())
}
