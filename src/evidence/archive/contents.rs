//! What an archive holds, member by member: documents with their bytes, blobs
//! as they were measured, links to either.

use super::found::Paths;
use super::reading::{LISTS, Reading, clean};
use super::tar::{Entry, Members};
use super::{Measure, Pending, codes, is_archive, is_blob_path, is_text, safe_name, unread_format};
use crate::base::digest::{Digest, shorten};
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::{self, Map, Set};
use crate::evidence::measured::Measured;
use crate::evidence::{Given, Origin};

/// Bytes of a member after which it is known whether it may be a document.
const ENOUGH: usize = 512;
/// Names of tar files that may be layers.
const LAYER_NAMES: [&str; 5] = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.zstd"];
/// Which version of its format an image has, as Docker and containers/image write it.
const VERSION: &str = "version";
/// Folders that only a root file system has at its top.
const ROOT_FOLDERS: [&str; 6] = ["etc", "usr", "bin", "sbin", "lib", "lib64"];
/// Files that Docker and Podman put into containers: `docker export` writes one's files.
const CONTAINERS: [&str; 2] = [".dockerenv", "run/.containerenv"];
/// A file that takes one of a lower layer away (OCI image-spec, layer.md).
const WHITEOUT: &str = ".wh.";

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Contents {
    count: usize,
    documents: Vec<Given>,
    kept: usize,
    /// What a terminal or an editor saved, and the bytes of it that are kept.
    texts: Vec<Given>,
    written: usize,
    blobs: Vec<Blob>,
    links: Vec<(String, String)>,
    /// Names of members that are neither documents nor blobs: nothing is known of them.
    passed: Set<String>,
    current: Option<Current>,
    /// Digests by name: one name for two things is no archive of ours.
    names: Map<String, Digest>,
    doubled: Option<String>,
    reading: Reading,
    /// The folder that is looked at, with its slash; empty for the top.
    base: String,
    paths: Paths,
    /// Files that only image archives have.
    image: bool,
    /// A folder of blobs by digest.
    layout: bool,
    root: bool,
    /// Archives in one that is none of an image, by their first bytes.
    nested: Vec<Given>,
    /// The files of a container.
    container: Option<&'static str>,
}

#[derive(Debug)]
struct Blob {
    name: String,
    size: u64,
    offset: u64,
    measured: Option<Measured>,
}

#[derive(Debug)]
struct Current {
    name: String,
    length: usize,
    blob: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    /// It may be a document: its bytes.
    Kept(Vec<u8>),
    /// It is too large for a document: its first bytes.
    Large(Vec<u8>),
    Measured(Box<Measure>),
    /// It is a text, and too long to be read.
    Long(usize),
    Passed,
}

/// Names as `tar -C folder .` writes them begin with `./`.
fn plain(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}

fn is_blob_name(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    let hex = file.len() == 64 && file.bytes().all(|b| b.is_ascii_hexdigit());
    hex || is_blob_path(name) || LAYER_NAMES.iter().any(|end| file.ends_with(end))
}

impl Members for Contents {
    fn begin(&mut self, entry: &Entry<'_>) -> Result<bool> {
        let Entry { name, size, offset, delegates, .. } = *entry;
        self.seen(name)?;
        self.reading.member(entry);
        let name = plain(name);
        let blob = is_blob_name(name);
        let length = usize::try_from(size).unwrap_or(usize::MAX);
        let large = length > limits::MANIFEST_BYTES;
        let state = if blob && large && delegates {
            self.keep(Blob { name: name.to_owned(), size, offset, measured: None })?;
            State::Passed
        } else if !large {
            State::Kept(Vec::new())
        } else if blob {
            State::Measured(Box::default())
        } else if delegates && self.root {
            self.passed.insert(name.to_owned());
            State::Passed
        } else {
            State::Large(Vec::new())
        };
        let wanted = !matches!(state, State::Passed);
        self.current = Some(Current { name: name.to_owned(), length, blob, state });
        Ok(wanted)
    }

    fn empty(&mut self, entry: &Entry<'_>) -> Result<()> {
        self.reading.member(entry);
        self.seen(entry.name)
    }

    fn unusual(&mut self, expected: &'static str, found: &str) {
        self.reading.unusual(expected, found);
    }

    fn link(&mut self, entry: &Entry<'_>, _: &str, target: Option<String>) -> Result<()> {
        let name = entry.name;
        self.seen(name)?;
        self.reading.link(entry, target.as_deref());
        if let Some(target) =
            target.filter(|_| is_blob_name(plain(name)) && self.links.len() < limits::ARCHIVE_BLOBS)
        {
            self.links.push((plain(name).to_owned(), plain(&target).to_owned()));
        } else {
            self.passed.insert(plain(name).to_owned());
        }
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) -> Result<()> {
        let root = self.root;
        let looked = !root && !self.image;
        let Some(Current { state, blob, length, .. }) = &mut self.current else { return Ok(()) };
        match state {
            State::Passed | State::Long(_) => {}
            State::Measured(measure) => measure.push(bytes),
            State::Kept(kept) => {
                let fresh = kept.len() < ENOUGH;
                kept.extend_from_slice(bytes);
                if fresh && kept.len() >= ENOUGH && !may_be_document(kept) && !may_be_text(kept, *blob, root)
                {
                    *state = measured(kept, *blob, looked);
                }
            }
            State::Large(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= ENOUGH && !may_be_text(head, *blob, root) {
                    *state = measured(head, *blob, looked);
                } else if head.len() >= ENOUGH {
                    *state = State::Long(*length);
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let Some(Current { name, blob, state, .. }) = self.current.take() else { return Ok(()) };
        let state = match state {
            State::Kept(bytes) if may_be_document(&bytes) && core::str::from_utf8(&bytes).is_ok() => {
                self.named(&name, Digest::of(&bytes));
                self.kept += bytes.len();
                self.documents.push(Given { name, origin: Origin::Archive, bytes });
                return if self.kept > limits::PASTE_BYTES { self.lighten() } else { Ok(()) };
            }
            State::Kept(bytes) if may_be_text(&bytes, blob, self.root) => {
                let most = limits::PASTE_BYTES.saturating_sub(self.written);
                return self.text(name, bytes.len(), most, bytes);
            }
            State::Long(size) => return self.text(name, size, limits::MANIFEST_BYTES, Vec::new()),
            State::Kept(bytes) | State::Large(bytes) => measured(&bytes, blob, !self.root && !self.image),
            other => other,
        };
        if !blob {
            self.passed.insert(name.clone());
        }
        if let State::Measured(measure) = state {
            let measured = measure.finish();
            if !blob {
                if self.nested.len() < limits::ARCHIVE_BLOBS {
                    self.nested.push(Given::measured(&name, measured));
                }
                return Ok(());
            }
            self.named(&name, measured.digest());
            self.keep(Blob { name, size: measured.size(), offset: 0, measured: Some(measured) })?;
        }
        Ok(())
    }

    fn check(&mut self) -> Result<()> {
        if let Some(name) = &self.doubled {
            return Err(Error::new(codes::ARCHIVE_DUPLICATE).found(shorten(name)));
        }
        let mut reading = core::mem::take(&mut self.reading);
        reading.sort();
        let blobs = self.blobs.iter().map(|blob| (&*blob.name, blob.measured.is_some()));
        self.paths = Paths::of(self.documents.iter().map(|given| &*given.name), blobs);
        // What is in a layer is read by no loader of images.
        if self.image || reading.old_images() {
            reading.check(self)?;
        }
        let mut looked = 0_usize;
        for folder in reading.folders() {
            self.base = format!("{folder}/");
            let list =
                self.document("manifest.json").is_some_and(|list| list.trim_ascii_start().starts_with(b"["));
            if list || self.document("oci-layout").is_some() {
                let below = reading.below(&folder);
                // Images in images are looked through again and again.
                looked = looked.saturating_add(below.names_size());
                limits::within("bytes of names below folders", looked, limits::ARCHIVE_NAMES)?;
                below.check(self)?;
            }
        }
        self.base.clear();
        Ok(())
    }
}

impl Contents {
    /// The bytes of a document.
    pub(super) fn document(&self, path: &str) -> Option<&[u8]> {
        let at = self.paths.at(&self.base, path).document?;
        self.documents.get(at).map(|given| given.bytes.as_slice())
    }

    /// How many members of this path were read to their end.
    pub(super) fn read(&self, path: &str) -> usize {
        self.paths.at(&self.base, path).read
    }

    /// Whether a blob lies there that is no document.
    pub(super) fn blob(&self, path: &str) -> bool {
        self.paths.at(&self.base, path).blob
    }

    /// Whether nothing is known of a member but its name.
    pub(super) fn passed(&self, path: &str) -> bool {
        self.passed.contains(&format!("{}{path}", self.base))
    }

    /// Takes a member that was read already; the bytes of none are asked for.
    pub(super) fn held(&mut self, entry: &Entry<'_>, given: Option<&Given>) -> Result<()> {
        self.seen(entry.name)?;
        self.reading.member(entry);
        let name = plain(entry.name).to_owned();
        match given.map(|given| (&given.origin, &given.bytes)) {
            Some((Origin::Measured(measured), _)) => {
                let measured = Some((**measured).clone());
                self.keep(Blob { name, size: 0, offset: 0, measured })
            }
            Some((_, bytes))
                if bytes.len() <= limits::MANIFEST_BYTES
                    && may_be_document(bytes)
                    && core::str::from_utf8(bytes).is_ok() =>
            {
                self.documents.push(Given { name, origin: Origin::Archive, bytes: bytes.clone() });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Counts a member of any kind, and learns from its name.
    fn seen(&mut self, name: &str) -> Result<()> {
        self.count += 1;
        limits::within("members of an archive", self.count, limits::ARCHIVE_ENTRIES)?;
        safe_name(name)?;
        // As whoever unpacks it may find it, whatever it is called here.
        let path = clean(name).0.to_ascii_lowercase();
        self.layout |= is_blob_path(&path) || path == "oci-layout";
        self.image |= self.layout || LISTS.contains(&path.as_str());
        let name = plain(name);
        let top = name.split('/').next().unwrap_or_default();
        let file = name.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        self.container = self.container.or_else(|| CONTAINERS.into_iter().find(|file| *file == name));
        self.root |= ROOT_FOLDERS.contains(&top) || file.starts_with(WHITEOUT);
        Ok(())
    }

    /// Gives up the bytes of the largest documents, which are lists of parts of
    /// programs and the like: what names an image is small. Of a blob it is
    /// still known what it is.
    fn lighten(&mut self) -> Result<()> {
        let sizes = self.documents.iter().enumerate().map(|(at, given)| (given.bytes.len(), at));
        let mut largest: Vec<_> = sizes.collect_vec();
        order::sort_by(&mut largest, |a, b| b.cmp(a));
        for (size, at) in largest {
            if self.kept <= limits::PASTE_BYTES - limits::PASTE_BYTES / 4 {
                break;
            }
            let Some(given) = self.documents.get_mut(at) else { continue };
            if LISTS.contains(&given.name.as_str()) {
                continue;
            }
            self.kept -= size;
            let Given { name, bytes, .. } = core::mem::replace(
                given,
                Given { name: String::new(), origin: Origin::Archive, bytes: vec![] },
            );
            if let State::Measured(measure) = measured(&bytes, is_blob_name(&name), false) {
                self.keep(Blob { name, size: 0, offset: 0, measured: Some(measure.finish()) })?;
            }
        }
        self.documents.retain(|given| !given.name.is_empty());
        Ok(())
    }

    /// Takes a text. One that is too long is named: a witness may stand in it.
    fn text(&mut self, name: String, size: usize, most: usize, bytes: Vec<u8>) -> Result<()> {
        let file = name.rsplit('/').next().unwrap_or_default();
        if self.image && file.eq_ignore_ascii_case(VERSION) {
            return Ok(());
        }
        self.passed.insert(name.clone());
        self.written += bytes.len();
        self.texts.push(match limits::within(limits::TEXT_NAME, size, most) {
            Ok(()) => Given { name, origin: Origin::Archive, bytes },
            Err(error) => Given::refused(&name, error),
        });
        Ok(())
    }

    fn keep(&mut self, blob: Blob) -> Result<()> {
        limits::within("blobs of an archive", self.blobs.len() + 1, limits::ARCHIVE_BLOBS)?;
        self.blobs.push(blob);
        Ok(())
    }

    fn named(&mut self, name: &str, digest: Digest) {
        match self.names.get(name) {
            Some(before) if *before != digest => self.doubled = Some(name.to_owned()),
            Some(_) => {}
            None => drop(self.names.insert(name.to_owned(), digest)),
        }
    }

    /// Blobs that somebody else measures.
    pub(super) fn pending(&self) -> Vec<Pending> {
        let open = self.blobs.iter().enumerate().filter(|(_, blob)| blob.measured.is_none());
        open.map(|(number, blob)| Pending { number, offset: blob.offset, size: blob.size }).collect_vec()
    }

    /// What somebody else measured.
    pub(super) fn deliver(&mut self, number: usize, measured: Measured) {
        let Some(blob) = self.blobs.get_mut(number) else { return };
        if blob.size == measured.size() {
            let (name, digest) = (blob.name.clone(), measured.digest());
            blob.measured = Some(measured);
            self.named(&name, digest);
        }
    }

    /// Whether it holds what only archives of images hold.
    pub(super) const fn is_image(&self) -> bool {
        self.image
    }

    /// Whether it holds blobs by their digest.
    pub(super) const fn is_layout(&self) -> bool {
        self.layout
    }

    /// Everything, of an image with names below a folder; of another archive those that
    /// stand in it have such names. What a root file system holds is no evidence: it is a
    /// layer, or a container's.
    pub(super) fn take(&mut self, folder: &str) -> Vec<Given> {
        if let Some(file) = self.container.filter(|_| !self.image) {
            return vec![Given::measured(&format!("{folder}{file}"), Measure::new().finish())];
        }
        if self.root && !self.image {
            return Vec::new();
        }
        let mut given = core::mem::take(&mut self.documents);
        given.append(&mut self.texts);
        if self.image {
            let links = core::mem::take(&mut self.links);
            let resolve = |(name, target): (String, String)| {
                let blob = self.blobs.iter().find(|blob| blob.name == target)?;
                Some(Given::measured(&name, blob.measured.clone()?))
            };
            let links: Vec<Given> = links.into_iter().filter_map(resolve).collect_vec();
            let blobs = core::mem::take(&mut self.blobs).into_iter();
            given.push_all(blobs.filter_map(|blob| Some(Given::measured(&blob.name, blob.measured?))));
            given.push_all(links);
            for given in &mut given {
                given.name.insert_str(0, folder);
            }
        } else {
            let blobs = core::mem::take(&mut self.blobs).into_iter();
            let mut inside = core::mem::take(&mut self.nested);
            inside.push_all(blobs.filter_map(|blob| Some(Given::measured(&blob.name, blob.measured?))));
            inside.iter_mut().for_each(|given| given.name.insert_str(0, folder));
            given.push_all(inside);
        }
        given
    }
}

/// What becomes of bytes that are no document: an archive is one whatever it is called.
/// It is looked for outside of images and layers.
fn measured(bytes: &[u8], blob: bool, looked: bool) -> State {
    if !(blob || looked && (is_archive(bytes) || unread_format(bytes).is_some())) {
        return State::Passed;
    }
    let mut measure = Measure::new();
    measure.push(bytes);
    State::Measured(Box::new(measure))
}

/// What tools printed, or somebody wrote: what the user holds may stand in it.
fn may_be_text(bytes: &[u8], blob: bool, root: bool) -> bool {
    !blob && !root && is_text(bytes.get(..ENOUGH).unwrap_or(bytes))
}

/// JSON or PEM, by its first character.
fn may_be_document(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    matches!(text.first(), None | Some(b'{' | b'['))
        || text.starts_with(b"-----")
        || b"-----".starts_with(text)
}
