//! Archives, read as they stream in: `docker save`, OCI image layouts,
//! `docker buildx -o type=oci`, and zip files of saved Notary metadata.
//!
//! Nothing is unpacked to a disk and no archive is held whole, except a zip
//! file, whose table of contents stands at its end. Every member is hashed
//! while it passes; only those that can be documents are kept.

mod crc;
mod gzip;
mod named;
pub mod pack;
mod tar;
mod zip;

use super::{Given, Origin, codes};
use crate::base::digest::{Digest, Hasher};
use crate::base::error::{Error, Result};
use crate::base::limits;

/// A member that passed: what a descriptor elsewhere may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path in the archive. Never used as a path here.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Digest of its bytes.
    pub digest: Digest,
    /// Whether it is among the documents.
    pub kept: bool,
    /// Whether it begins like gzip (RFC 1952) or zstd (RFC 8878).
    pub compressed: bool,
}

/// An archive that is fed in pieces of any size.
#[derive(Debug, Default)]
pub struct Archive {
    format: Format,
    /// First bytes, until the format is known.
    head: Vec<u8>,
    fed: u64,
}

#[derive(Debug, Default)]
enum Format {
    #[default]
    Unknown,
    Tar(Box<tar::Reader>),
    Gzip(Box<gzip::Reader>),
    Zip(Box<zip::Reader>),
}

/// Bytes needed to know a format: a tar header.
const HEAD: usize = 512;
/// Bytes that show a compression.
const MAGIC: usize = 4;

/// Whether bytes begin like an archive [`Archive`] reads.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08") || bytes.starts_with(b"PK\x03\x04") || tar::is_header(bytes)
}

impl Archive {
    /// An archive of which nothing was read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next piece.
    ///
    /// # Errors
    /// The `ARCHIVE_` codes of [`codes`], and the limit code for too many
    /// members, a zip file past [`limits::PASTE_BYTES`], or a gzip stream
    /// that swells out of proportion. After an error nothing more is read.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.fed = self.fed.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !matches!(self.format, Format::Unknown) {
            return self.feed(bytes);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < HEAD {
            return Ok(());
        }
        self.begin()
    }

    fn begin(&mut self) -> Result<()> {
        let head = core::mem::take(&mut self.head);
        self.format = if head.starts_with(b"\x1f\x8b\x08") {
            Format::Gzip(Box::default())
        } else if head.starts_with(b"PK\x03\x04") {
            Format::Zip(Box::default())
        } else if tar::is_header(&head) {
            Format::Tar(Box::default())
        } else {
            return Err(Error::new(codes::ARCHIVE_FORMAT).found("other first bytes"));
        };
        self.feed(&head)
    }

    fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.format {
            Format::Unknown => Ok(()),
            Format::Tar(reader) => reader.push(bytes),
            Format::Gzip(reader) => reader.push(bytes),
            Format::Zip(reader) => reader.push(bytes),
        }
    }

    /// Ends the archive and hands over the documents in it, each with its
    /// exact bytes. [`Self::members`] then lists every member.
    ///
    /// # Errors
    /// [`codes::ARCHIVE_DAMAGED`] when the archive ends in the middle, and
    /// the errors of [`Self::push`].
    pub fn finish(&mut self) -> Result<Vec<Given>> {
        if matches!(self.format, Format::Unknown) {
            self.begin()?;
        }
        match &mut self.format {
            Format::Unknown => Err(Error::new(codes::ARCHIVE_FORMAT).found("nothing")),
            Format::Tar(reader) => reader.finish(),
            Format::Gzip(reader) => reader.finish(),
            Format::Zip(reader) => reader.finish(),
        }
    }

    /// Holds every member to its name and place; `documents` are those that
    /// [`Self::finish`] gave.
    ///
    /// # Errors
    /// [`codes::BLOB_MISNAMED`] and [`codes::LAYER_DIFFERS`], alarms: the
    /// archive does not hold what it names.
    pub fn compare(&self, documents: &[Given]) -> Result<()> {
        named::check(self.members(), documents)
    }

    /// Members read so far, in order.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.format {
            Format::Unknown => &[],
            Format::Tar(reader) => reader.contents().members(),
            Format::Gzip(reader) => reader.contents().members(),
            Format::Zip(reader) => reader.contents().members(),
        }
    }

    /// Bytes fed so far, for progress.
    #[must_use]
    pub const fn fed(&self) -> u64 {
        self.fed
    }
}

/// What an archive held: all members by digest, documents with their bytes.
#[derive(Debug, Default)]
struct Contents {
    members: Vec<Member>,
    documents: Vec<Given>,
    kept: usize,
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    name: String,
    size: u64,
    hasher: Hasher,
    /// The first bytes: what begins like an archive.
    magic: Vec<u8>,
    /// The bytes, as long as the member may be a document.
    bytes: Option<Vec<u8>>,
}

impl Contents {
    fn members(&self) -> &[Member] {
        &self.members
    }

    /// Begins a member of a known size.
    fn begin(&mut self, name: &str, size: u64) -> Result<()> {
        limits::within("members of an archive", self.members.len() + 1, limits::ARCHIVE_ENTRIES)?;
        safe_name(name)?;
        let document = usize::try_from(size).is_ok_and(|size| {
            size <= limits::MANIFEST_BYTES && self.kept.saturating_add(size) <= limits::PASTE_BYTES
        }) && self.documents.len() < limits::ITEMS;
        self.current = Some(Current {
            name: name.to_owned(),
            size,
            hasher: Hasher::new(),
            magic: Vec::new(),
            bytes: document.then(Vec::new),
        });
        Ok(())
    }

    /// The next bytes of the member.
    fn data(&mut self, bytes: &[u8]) {
        let Some(current) = &mut self.current else { return };
        current.hasher.update(bytes);
        let left = MAGIC.saturating_sub(current.magic.len());
        current.magic.extend(bytes.iter().take(left));
        if let Some(kept) = &mut current.bytes {
            let fresh = kept.len() < HEAD;
            kept.extend_from_slice(bytes);
            if fresh && !may_be_document(kept) {
                current.bytes = None;
            }
        }
    }

    /// Ends the member.
    fn end(&mut self) {
        let Some(current) = self.current.take() else { return };
        let Current { name, size, hasher, magic, bytes } = current;
        let bytes = bytes.filter(|bytes| core::str::from_utf8(bytes).is_ok());
        let kept = bytes.is_some();
        let compressed = magic.starts_with(b"\x1f\x8b") || magic.starts_with(b"\x28\xb5\x2f\xfd");
        self.members.push(Member { name: name.clone(), size, digest: hasher.finish(), kept, compressed });
        if let Some(bytes) = bytes {
            self.kept += bytes.len();
            self.documents.push(Given { name, origin: Origin::Archive, bytes });
        }
    }

    fn take(&mut self) -> Vec<Given> {
        core::mem::take(&mut self.documents)
    }
}

/// JSON or PEM, by its first character.
fn may_be_document(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    matches!(text.first(), None | Some(b'{' | b'['))
        || text.starts_with(b"-----")
        || b"-----".starts_with(text)
}

/// Refuses names that lead out of the archive. They are only labels here,
/// but whoever unpacks the same archive elsewhere should know.
fn safe_name(name: &str) -> Result<()> {
    let windows = name.as_bytes().get(1) == Some(&b':');
    let unsafe_part = name.split(['/', '\\']).any(|part| part == "..");
    if name.starts_with(['/', '\\']) || windows || unsafe_part || name.contains('\0') {
        return Err(Error::new(codes::ARCHIVE_PATH).found(crate::base::digest::shorten(name)));
    }
    Ok(())
}

/// An error for a structure that is not as it must be.
fn damaged(found: &str) -> Error {
    Error::new(codes::ARCHIVE_DAMAGED).found(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
        let mut block = vec![0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..136].copy_from_slice(format!("{size:011o} ").as_bytes());
        block[148..156].copy_from_slice(b"        ");
        block[156] = kind;
        block[257..263].copy_from_slice(b"ustar\0");
        let sum: u64 = block.iter().map(|b| u64::from(*b)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }

    fn entry(name: &str, kind: u8, contents: &[u8]) -> Vec<u8> {
        let mut out = header(name, contents.len(), kind);
        out.extend_from_slice(contents);
        out.resize(out.len().next_multiple_of(512), 0);
        out
    }

    fn read(bytes: &[u8], piece: usize) -> Result<(Vec<Given>, Vec<Member>)> {
        let mut archive = Archive::new();
        for piece in bytes.chunks(piece) {
            archive.push(piece)?;
        }
        let documents = archive.finish()?;
        Ok((documents, archive.members().to_vec()))
    }

    fn sample() -> Vec<u8> {
        let long = "blobs/sha256/".to_owned() + &"a".repeat(120);
        let path = format!("path={long}.pax\n");
        let pax = format!("{} {path}", path.len() + 4);
        [
            entry("oci-layout", b'0', b"{\"imageLayoutVersion\":\"1.0.0\"}\n"),
            entry("dir/", b'5', b""),
            entry("layer", b'0', &[0x1f; 70_000]),
            entry("@LongLink", b'L', format!("{long}\0").as_bytes()),
            entry("short", b'0', b"[]"),
            entry("pax", b'x', pax.as_bytes()),
            entry("short", b'0', b"{}"),
            entry("link", b'2', b""),
            vec![0; 1024],
        ]
        .concat()
    }

    #[test]
    fn members_are_hashed_and_documents_kept_however_they_arrive() {
        let tar = sample();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(&tar).unwrap();
        let gzip = gzip.finish().unwrap();
        for piece in [1, 7, 512, 100_000] {
            for bytes in [&tar, &gzip] {
                let (documents, members) = read(bytes, piece).unwrap();
                let names: Vec<_> = documents.iter().map(|d| d.name.len()).collect();
                assert_eq!(names, [10, 133, 137], "piece of {piece}");
                assert_eq!(documents[0].bytes, b"{\"imageLayoutVersion\":\"1.0.0\"}\n");
                assert_eq!(members[1].digest, Digest::of(&[0x1f; 70_000]));
                assert!(!members[1].kept && members[0].kept);
            }
        }
    }

    #[test]
    fn what_is_not_as_it_should_be_is_refused_by_name() {
        let mut flipped = sample();
        flipped[3] ^= 1;
        let mut late = sample();
        late[512 * 2 + 3] ^= 1;
        let sparse = [entry("s", b'S', b""), vec![0; 1024]].concat();
        let pax = b"22 GNU.sparse.major=1\n";
        let pax_sparse = [entry("p", b'x', pax), entry("s", b'0', b"x"), vec![0; 1024]].concat();
        let up = [entry("a/../../b", b'0', b"{}"), vec![0; 1024]].concat();
        let huge = [header("h", 0o77_777_777_777, b'0'), vec![0; 1024]].concat();
        for (bytes, code) in [
            (flipped, codes::ARCHIVE_FORMAT),
            (late, codes::ARCHIVE_DAMAGED),
            (sparse, codes::ARCHIVE_MEMBER),
            (pax_sparse, codes::ARCHIVE_MEMBER),
            (up, codes::ARCHIVE_PATH),
            (huge, codes::ARCHIVE_DAMAGED),
            (sample()[..3000].to_vec(), codes::ARCHIVE_DAMAGED),
            (b"hello".to_vec(), codes::ARCHIVE_FORMAT),
            (vec![], codes::ARCHIVE_FORMAT),
        ] {
            let error = read(&bytes, 333).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert_eq!(error.class(), crate::base::code::Class::NotChecked);
        }
    }

    #[test]
    fn a_gzip_bomb_ends_at_the_limit() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&header("zeros", 200 << 20, b'0')).unwrap();
        for _ in 0..200 {
            gzip.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let bomb = gzip.finish().unwrap();
        assert_eq!(read(&bomb, 4096).unwrap_err().code(), limits::codes::LIMIT);
    }

    fn zip(method: u8, name: &str, contents: &[u8]) -> Vec<u8> {
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        deflate.write_all(contents).unwrap();
        let data = if method == 8 { deflate.finish().unwrap() } else { contents.to_vec() };
        let mut crc = flate2::Crc::new();
        crc.update(contents);
        let le = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        let short = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
        let sizes = [crc.sum().to_le_bytes(), le(data.len()), le(contents.len())].concat();
        let mut out = [b"PK\x03\x04\x14\0\0\0".as_slice(), &[method, 0, 0, 0, 0, 0]].concat();
        out.extend([sizes.as_slice(), &short(name.len()), &[0, 0], name.as_bytes(), &data].concat());
        let start = out.len();
        out.extend([b"PK\x01\x02\x14\0\x14\0\0\0".as_slice(), &[method, 0, 0, 0, 0, 0]].concat());
        out.extend([sizes.as_slice(), &short(name.len()), &[0; 16], name.as_bytes()].concat());
        let size = out.len() - start;
        out.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &le(size), &le(start), &[0, 0]].concat());
        out
    }

    #[test]
    fn zip_members_are_read_and_held_to_their_checksum() {
        let text = b"{\"signed\": 1}\n".repeat(50);
        for method in [0, 8] {
            let bytes = zip(method, "metadata/targets/releases.json", &text);
            let (documents, members) = read(&bytes, 10).unwrap();
            assert_eq!(documents[0].bytes, text);
            assert_eq!(members[0].digest, Digest::of(&text));
            let mut wrong = bytes.clone();
            wrong[14] ^= 1;
            wrong[bytes.len() - 22 - 30 - 46 + 16] ^= 1;
            assert_eq!(read(&wrong, 10).unwrap_err().code(), codes::ARCHIVE_DAMAGED);
        }
        assert_eq!(read(&zip(12, "a", &text), 10).unwrap_err().code(), codes::ARCHIVE_MEMBER);
        assert_eq!(read(&zip(8, "../a", &text), 10).unwrap_err().code(), codes::ARCHIVE_PATH);
    }
}
