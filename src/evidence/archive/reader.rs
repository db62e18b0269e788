//! An archive fed in pieces of any size.

use super::contents::Contents;
use super::head::{HEAD, is_packed, is_tar_header};
use super::reading::ambiguous;
use super::unpack::Unpacker;
use super::{Pending, tar, zip};
use crate::base::digest::Hasher;
use crate::base::error::{Error, Result};
use crate::evidence::measured::{Measured, Unpacked};
use crate::evidence::{Given, codes};

/// First bytes of a zip file, and of bzip2 and xz, which loaders unpack.
const PACKED: [&[u8]; 3] = [b"PK\x03\x04", b"BZh", b"\xfd7zXZ\0"];

/// An archive that is fed in pieces of any size.
#[derive(Debug, Default)]
pub struct Archive {
    /// File name; empty if it has none.
    name: String,
    format: Format,
    /// First bytes, until the format is known.
    head: Vec<u8>,
    fed: u64,
    /// The file itself as a blob, as long as it may be one.
    whole: Option<Whole>,
    failed: Option<Error>,
    /// Whether a driver measures large members itself.
    delegates: bool,
}

#[derive(Debug, Default)]
enum Format {
    #[default]
    Unknown,
    Tar(Box<tar::Reader<Contents>>),
    Packed(Box<Unpacker>, Box<tar::Reader<Contents>>),
    Zip(Box<zip::Reader>),
}

/// Digests of the file and of what it unpacks to.
#[derive(Debug, Default)]
struct Whole {
    file: Hasher,
    inside: Option<Hasher>,
}

impl Archive {
    /// An archive of which nothing was read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for a file with a name. What an image archive holds is then
    /// named after it, and what is none may itself be a layer: it is measured
    /// as a whole.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), whole: Some(Whole::default()), ..Self::default() }
    }

    /// The same for a file in which a driver can move: large members are left
    /// to it, see [`Self::skippable`] and [`Self::pending`].
    #[must_use]
    pub fn delegating(name: &str) -> Self {
        Self { name: name.to_owned(), delegates: true, ..Self::default() }
    }

    /// Reads the next piece.
    ///
    /// # Errors
    /// The `ARCHIVE_` codes of [`codes`], and the limit code for too many
    /// members, a zip file past [`crate::base::limits::PASTE_BYTES`], or a
    /// compressed file that swells out of proportion. After an error nothing
    /// more is read.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.fed = self.fed.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if let Some(whole) = &mut self.whole {
            whole.file.update(bytes);
        }
        let taken = if matches!(self.format, Format::Unknown) {
            self.head.extend_from_slice(bytes);
            if self.head.len() < HEAD { Ok(()) } else { self.begin() }
        } else {
            self.feed(bytes)
        };
        taken.inspect_err(|error| self.failed = Some(error.clone()))
    }

    fn begin(&mut self) -> Result<()> {
        let head = core::mem::take(&mut self.head);
        let other = is_packed(&head) || PACKED.iter().any(|magic| head.starts_with(magic));
        if other && is_tar_header(&head) {
            return Err(ambiguous("first bytes of one format", "those of two"));
        }
        self.format = if is_packed(&head) {
            let unpacker = Unpacker::of(&head).ok_or_else(|| Error::new(codes::ARCHIVE_FORMAT))?;
            if let Some(whole) = &mut self.whole {
                whole.inside = Some(Hasher::new());
            }
            Format::Packed(Box::new(unpacker), Box::default())
        } else if head.starts_with(b"PK\x03\x04") {
            Format::Zip(Box::default())
        } else if is_tar_header(&head) {
            Format::Tar(Box::new(tar::Reader::new(self.delegates)))
        } else {
            return Err(Error::new(codes::ARCHIVE_FORMAT).found("other first bytes"));
        };
        self.feed(&head)
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        let whole = &mut self.whole;
        match &mut self.format {
            Format::Unknown => {}
            Format::Tar(reader) => reader.push(bytes)?,
            Format::Packed(unpacker, reader) => unpacker.push(bytes, &mut |bytes| {
                if let Some(inside) = whole.as_mut().and_then(|whole| whole.inside.as_mut()) {
                    inside.update(bytes);
                }
                reader.push(bytes)
            })?,
            Format::Zip(reader) => reader.push(bytes)?,
        }
        if self.contents().is_some_and(Contents::is_layout) {
            self.whole = None;
        }
        Ok(())
    }

    const fn contents(&self) -> Option<&Contents> {
        match &self.format {
            Format::Unknown => None,
            Format::Tar(reader) | Format::Packed(_, reader) => Some(reader.members()),
            Format::Zip(reader) => Some(reader.contents()),
        }
    }

    /// How many of the next bytes the driver may leave out, with
    /// [`Self::skip`]: they belong to a member that is passed over.
    #[must_use]
    pub fn skippable(&self) -> u64 {
        match &self.format {
            Format::Tar(reader) if self.delegates && self.failed.is_none() => reader.skippable(),
            _ => 0,
        }
    }

    /// Passes over so many bytes, at most [`Self::skippable`].
    pub fn skip(&mut self, bytes: u64) {
        if let Format::Tar(reader) = &mut self.format {
            self.fed = self.fed.saturating_add(bytes);
            reader.skip(bytes);
        }
    }

    /// Members that the driver must measure before [`Self::finish`].
    #[must_use]
    pub fn pending(&self) -> Vec<Pending> {
        self.contents().map(Contents::pending).unwrap_or_default()
    }

    /// What the driver measured. One that it does not deliver is not among
    /// what [`Self::finish`] gives.
    pub fn deliver(&mut self, number: usize, measured: Measured) {
        match &mut self.format {
            Format::Tar(reader) => reader.members_mut().deliver(number, measured),
            Format::Unknown | Format::Packed(..) | Format::Zip(_) => {}
        }
    }

    /// The same, as another worker of the page told it; what is malformed is
    /// not delivered.
    #[cfg(target_arch = "wasm32")]
    pub fn deliver_measurement(
        &mut self,
        number: usize,
        measurement: &crate::evidence::measured::Measurement,
    ) {
        if let Some(measured) = measurement.measured() {
            self.deliver(number, measured);
        }
    }

    /// Whether the driver must still measure the file as a whole, because it
    /// may be a layer. Known once everything was read.
    #[must_use]
    pub fn may_be_blob(&self) -> bool {
        !self.contents().is_some_and(Contents::is_image)
    }

    /// Ends the archive and hands over what it holds: documents with their
    /// exact bytes, and blobs as they were measured.
    ///
    /// # Errors
    /// [`codes::ARCHIVE_DAMAGED`] when the archive ends in the middle,
    /// [`codes::ARCHIVE_DUPLICATE`] where it gives one name to two things, and
    /// the errors of [`Self::push`].
    pub fn finish(&mut self) -> Result<Vec<Given>> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if matches!(self.format, Format::Unknown) {
            if self.head.is_empty() {
                return Err(Error::new(codes::ARCHIVE_FORMAT).found("nothing"));
            }
            self.begin()?;
        }
        let unpacked = match &mut self.format {
            Format::Unknown => return Err(Error::new(codes::ARCHIVE_FORMAT).found("nothing")),
            Format::Tar(reader) => reader.finish().map(|()| 0)?,
            Format::Packed(unpacker, reader) => {
                let size = unpacker.finish()?;
                reader.finish()?;
                size
            }
            Format::Zip(reader) => reader.finish().map(|()| 0)?,
        };
        let contents = match &mut self.format {
            Format::Unknown => return Ok(Vec::new()),
            Format::Tar(reader) | Format::Packed(_, reader) => reader.members_mut(),
            Format::Zip(reader) => reader.contents_mut(),
        };
        let image = contents.is_image();
        let folder = if !self.name.is_empty() { format!("{}/", self.name) } else { String::new() };
        let mut given = contents.take(&folder);
        if let Some(whole) = self.whole.take().filter(|_| !image) {
            let unpacked = whole.inside.map_or(Unpacked::Plain, |inside| Unpacked::Whole {
                digest: inside.finish(),
                size: unpacked,
            });
            let measured = Measured::new(self.fed, whole.file.finish(), unpacked);
            given.push(Given::measured(&self.name, measured));
        }
        Ok(given)
    }

    /// Bytes read or passed over so far, for progress.
    #[must_use]
    pub const fn fed(&self) -> u64 {
        self.fed
    }
}
