//! Zip (APPNOTE.TXT 6.3), for a saved folder of Notary metadata: members
//! stored or deflated, found through the central directory. Small files
//! only, so the archive is held until its end is seen. What programs read
//! differently (encryption, other methods, zip64) is refused by name.

use zlib_rs::crc32::crc32;
use zlib_rs::{Inflate, InflateFlush, Status};

use super::contents::Contents;
use super::tar::{Entry, Members};
use super::{codes, damaged};
use crate::base::error::{Error, Result};
use crate::base::limits;

const END: [u8; 4] = *b"PK\x05\x06";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";

/// A zip file under way.
#[derive(Debug, Default)]
pub(super) struct Reader {
    bytes: Vec<u8>,
    contents: Contents,
}

fn u16_at(bytes: &[u8], at: usize) -> Result<usize> {
    let field = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>());
    field.map(|b| usize::from(u16::from_le_bytes(*b))).ok_or_else(|| damaged("a record cut off"))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<usize> {
    let field = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    let value = field.map(|b| u32::from_le_bytes(*b)).ok_or_else(|| damaged("a record cut off"))?;
    usize::try_from(value).map_err(|_| damaged("a size past all bounds"))
}

impl Reader {
    pub(super) const fn contents(&self) -> &Contents {
        &self.contents
    }

    pub(super) const fn contents_mut(&mut self) -> &mut Contents {
        &mut self.contents
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<()> {
        limits::within("a zip file", self.bytes.len() + bytes.len(), limits::PASTE_BYTES)?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<()> {
        let bytes = core::mem::take(&mut self.bytes);
        let end = bytes.windows(4).rposition(|w| w == END).ok_or_else(|| damaged("no table of contents"))?;
        let record = bytes.get(end..).unwrap_or_default();
        let (count, start) = (u16_at(record, 10)?, u32_at(record, 16)?);
        if count == 0xffff || start == 0xffff_ffff {
            return Err(Error::new(codes::ARCHIVE_MEMBER).found("a zip64 table of contents"));
        }
        let mut budget = limits::PASTE_BYTES;
        let mut at = start;
        for _ in 0..count {
            at = self.member(&bytes, at, &mut budget)?;
        }
        self.contents.check()
    }

    /// Reads the member whose central record is at `at`; returns where the
    /// next record is.
    fn member(&mut self, bytes: &[u8], at: usize, budget: &mut usize) -> Result<usize> {
        let record = bytes.get(at..).unwrap_or_default();
        if !record.starts_with(&CENTRAL) {
            return Err(damaged("a wrong table of contents"));
        }
        let (flags, method) = (u16_at(record, 8)?, u16_at(record, 10)?);
        let (sum, packed, size) = (u32_at(record, 16)?, u32_at(record, 20)?, u32_at(record, 24)?);
        let (name, extra, comment) = (u16_at(record, 28)?, u16_at(record, 30)?, u16_at(record, 32)?);
        let local = u32_at(record, 42)?;
        let label = record.get(46..46 + name).ok_or_else(|| damaged("a name cut off"))?;
        let label = core::str::from_utf8(label).map_err(|_| damaged("a name that is not UTF-8"))?;
        let next = at + 46 + name + extra + comment;
        if label.ends_with('/') {
            return Ok(next);
        }
        if flags & 1 != 0 {
            return Err(Error::new(codes::ARCHIVE_MEMBER).found("an encrypted file"));
        }
        limits::within("bytes in a zip file", size, *budget)?;
        *budget -= size;
        let header = bytes.get(local..).unwrap_or_default();
        if !header.starts_with(&LOCAL) || header.get(30..30 + name) != Some(label.as_bytes()) {
            return Err(damaged("a member that differs from the table of contents"));
        }
        let data = 30 + u16_at(header, 26)? + u16_at(header, 28)?;
        let data =
            header.get(data..).and_then(|d| d.get(..packed)).ok_or_else(|| damaged("a member cut off"))?;
        let plain = match method {
            0 => data.to_vec(),
            8 => inflate(data, size)?,
            other => {
                return Err(Error::new(codes::ARCHIVE_MEMBER).found(format!("compression method {other}")));
            }
        };
        if plain.len() != size || usize::try_from(crc32(0, &plain)).ok() != Some(sum) {
            return Err(damaged("a member with a wrong length or checksum"));
        }
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        let entry = Entry { name: label, size, offset: 0, mode: 0, kind: b'0', delegates: false };
        self.contents.begin(&entry)?;
        self.contents.data(&plain)?;
        self.contents.end()?;
        Ok(next)
    }
}

/// Inflates no more than promised.
fn inflate(data: &[u8], size: usize) -> Result<Vec<u8>> {
    let mut plain = vec![0; size];
    let mut stream = Inflate::new(false, 15);
    match stream.decompress(data, &mut plain, InflateFlush::Finish) {
        Ok(Status::StreamEnd) if usize::try_from(stream.total_out()) == Ok(size) => Ok(plain),
        _ => Err(damaged("compressed data that does not inflate")),
    }
}
