//! The files of a layer, for people who ask what differs: path, kind, mode,
//! size, digest. Nothing of them is kept.

use super::tar::{Entry, Members, Reader};
use super::unpack::{MAGIC, Unpacker};
use crate::base::digest::{Digest, Hasher};
use crate::base::error::Result;
use crate::base::limits;
use crate::base::order::Map;

/// A file of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The type flag of the tar header: `0` a file, `5` a folder, `2` a link.
    pub kind: char,
    /// Permissions.
    pub mode: u64,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes of a file.
    pub digest: Option<Digest>,
    /// Where a link leads to.
    pub link: Option<String>,
}

/// Files by path.
pub type Files = Map<String, File>;

/// A layer under way: a file of its own, or a member of an archive.
#[derive(Debug, Default)]
pub struct Layer {
    head: Vec<u8>,
    unpacker: Option<Option<Unpacker>>,
    inside: Inside,
}

#[derive(Debug)]
enum Inside {
    Files(Box<Reader<Found>>),
    Member(Box<Reader<Member>>),
}

impl Default for Inside {
    fn default() -> Self {
        Self::Files(Box::default())
    }
}

impl Layer {
    /// A layer in a file of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The layer that an archive holds under this path.
    #[must_use]
    pub fn in_archive(path: &str) -> Self {
        let mut reader: Reader<Member> = Reader::default();
        path.clone_into(&mut reader.members_mut().path);
        Self { inside: Inside::Member(Box::new(reader)), ..Self::default() }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// The `ARCHIVE_` codes, and limits.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if self.unpacker.is_some() {
            return self.feed(bytes);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < MAGIC { Ok(()) } else { self.begin() }
    }

    fn begin(&mut self) -> Result<()> {
        let head = core::mem::take(&mut self.head);
        self.unpacker = Some(Unpacker::of(&head));
        self.feed(&head)
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        let inside = &mut self.inside;
        let mut take = |bytes: &[u8]| match inside {
            Inside::Files(reader) => reader.push(bytes),
            Inside::Member(reader) => reader.push(bytes),
        };
        match &mut self.unpacker {
            Some(Some(unpacker)) => unpacker.push(bytes, &mut take),
            _ => take(bytes),
        }
    }

    /// Its files by path; none where the archive does not hold it.
    ///
    /// # Errors
    /// [`super::codes::ARCHIVE_DAMAGED`] where it ends early.
    pub fn finish(mut self) -> Result<Files> {
        if self.unpacker.is_none() {
            self.begin()?;
        }
        if let Some(Some(unpacker)) = &self.unpacker {
            unpacker.finish()?;
        }
        match self.inside {
            Inside::Files(mut reader) => {
                reader.finish()?;
                Ok(core::mem::take(&mut reader.members_mut().files))
            }
            Inside::Member(mut reader) => {
                reader.finish()?;
                core::mem::take(&mut reader.members_mut().layer)
                    .map_or_else(|| Ok(Files::new()), |layer| layer.finish())
            }
        }
    }
}

/// Members of a layer.
#[derive(Debug, Default)]
struct Found {
    files: Files,
    current: Option<(String, File, Hasher)>,
}

fn plain(name: &str) -> String {
    name.strip_prefix("./").unwrap_or(name).trim_end_matches('/').to_owned()
}

fn file(entry: &Entry<'_>) -> File {
    // Old archives write a zero byte for a file.
    let kind = if entry.kind == 0 { '0' } else { char::from(entry.kind) };
    File { kind, mode: entry.mode, size: entry.size, digest: None, link: None }
}

impl Found {
    fn keep(&mut self, name: String, file: File) -> Result<()> {
        limits::within("members of an archive", self.files.len() + 1, limits::ARCHIVE_ENTRIES)?;
        self.files.insert(name, file);
        Ok(())
    }
}

impl Members for Found {
    fn begin(&mut self, entry: &Entry<'_>) -> Result<bool> {
        self.current = Some((plain(entry.name), file(entry), Hasher::new()));
        Ok(true)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some((.., hasher)) = &mut self.current {
            hasher.update(bytes);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let Some((name, file, hasher)) = self.current.take() else { return Ok(()) };
        self.keep(name, File { digest: Some(hasher.finish()), ..file })
    }

    fn link(&mut self, entry: &Entry<'_>, target: &str, _: Option<String>) -> Result<()> {
        self.keep(plain(entry.name), File { link: Some(target.to_owned()), ..file(entry) })
    }

    fn empty(&mut self, entry: &Entry<'_>) -> Result<()> {
        self.keep(plain(entry.name), File { size: 0, ..file(entry) })
    }

    fn check(&mut self) -> Result<()> {
        Ok(())
    }
}

/// One member of an archive, read as a layer.
#[derive(Debug, Default)]
struct Member {
    path: String,
    layer: Option<Box<Layer>>,
    inside: bool,
}

impl Members for Member {
    fn begin(&mut self, entry: &Entry<'_>) -> Result<bool> {
        self.inside = self.layer.is_none() && plain(entry.name) == self.path;
        if self.inside {
            self.layer = Some(Box::default());
        }
        Ok(self.inside)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.layer {
            Some(layer) if self.inside => layer.push(bytes),
            _ => Ok(()),
        }
    }

    fn end(&mut self) -> Result<()> {
        self.inside = false;
        Ok(())
    }

    fn link(&mut self, _: &Entry<'_>, _: &str, _: Option<String>) -> Result<()> {
        Ok(())
    }

    fn empty(&mut self, _: &Entry<'_>) -> Result<()> {
        Ok(())
    }

    fn check(&mut self) -> Result<()> {
        Ok(())
    }
}
