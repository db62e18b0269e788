//! Zip (APPNOTE.TXT 6.3), for a saved folder of Notary metadata: members
//! stored or deflated, found through the central directory. Small files
//! only, so the archive is held until its end is seen. Some programs read the
//! table at the end, others the headers before each member: both must say the
//! same, of members that lie one behind the other from the first byte on to the
//! table. What programs read differently (encryption, other methods, zip64) is
//! refused by name.

use zlib_rs::crc32::crc32;
use zlib_rs::{Inflate, InflateFlush, Status};

use super::contents::Contents;
use super::reading::ambiguous;
use super::tar::{Entry, Members};
use super::{codes, damaged};
use crate::base::error::{Error, Result};
use crate::base::limits;

const END: [u8; 4] = *b"PK\x05\x06";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// What a zip64 table of contents is found by (section 4.3.15).
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
/// Before sizes that follow their member (section 4.3.9).
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// Length of the record at the end, without its comment.
const END_LENGTH: usize = 22;

/// Flags (section 4.4.4): encrypted; sizes follow the member.
const ENCRYPTED: usize = 1;
const STREAMED: usize = 8;
/// Extra fields (section 4.5): zip64, another name in Unicode.
const ZIP64: usize = 1;
const UNICODE_PATH: usize = 0x7075;

/// A zip file under way.
#[derive(Debug, Default)]
pub(super) struct Reader {
    bytes: Vec<u8>,
    contents: Contents,
}

/// What both headers of a member say.
struct Header<'b> {
    flags: usize,
    method: usize,
    sum: usize,
    packed: usize,
    size: usize,
    name: &'b [u8],
    extra: &'b [u8],
    /// The length of the header, with name and extra fields.
    length: usize,
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

/// A part of the archive; its end is checked against the length.
fn part(bytes: &[u8], from: usize, length: usize) -> Result<&[u8]> {
    bytes
        .get(from..)
        .and_then(|rest| rest.get(..length))
        .ok_or_else(|| damaged("a record that reaches past the end"))
}

impl<'b> Header<'b> {
    /// `at` is where the fields begin that both headers have (version needed
    /// or flags), `fixed` the length before the name.
    fn read(record: &'b [u8], at: usize, fixed: usize) -> Result<Self> {
        let field = |place: usize| u16_at(record, at + place);
        let (name, extra) = (field(20)?, field(22)?);
        Ok(Self {
            flags: field(0)?,
            method: field(2)?,
            sum: u32_at(record, at + 8)?,
            packed: u32_at(record, at + 12)?,
            size: u32_at(record, at + 16)?,
            name: part(record, fixed, name)?,
            extra: part(record, fixed + name, extra)?,
            length: fixed + name + extra,
        })
    }

    fn of_table(record: &'b [u8]) -> Result<Self> {
        Self::read(record, 8, 46)
    }

    fn of_member(record: &'b [u8]) -> Result<Self> {
        if !record.starts_with(&LOCAL) {
            return Err(ambiguous("a member where the table of contents says", "something else"));
        }
        Self::read(record, 6, 30)
    }

    /// Whether programs that know more of the format read another member.
    fn plain(&self) -> Result<()> {
        let mut extra = self.extra;
        while !extra.is_empty() {
            let (kind, length) = (u16_at(extra, 0)?, u16_at(extra, 2)?);
            let data = part(extra, 4, length)?;
            if kind == ZIP64 {
                return Err(Error::new(codes::ARCHIVE_MEMBER).found("zip64 sizes"));
            }
            // A version byte and a checksum stand before it.
            if kind == UNICODE_PATH && data.get(5..) != Some(self.name) {
                return Err(ambiguous(&String::from_utf8_lossy(self.name), "another name in Unicode"));
            }
            extra = extra.get(4 + length..).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether the header before a member says what the table says.
    fn agrees(&self, table: &Self) -> Result<()> {
        // Where they follow the member, some are not said before it.
        let later = self.flags & STREAMED != 0;
        let said = |own: usize, other: usize| own == other || later && own == 0;
        let same = self.name == table.name
            && self.flags == table.flags
            && self.method == table.method
            && said(self.sum, table.sum)
            && said(self.packed, table.packed)
            && said(self.size, table.size);
        if same {
            return Ok(());
        }
        Err(ambiguous(&String::from_utf8_lossy(table.name), "another header before the member"))
    }

    /// The length of what stands behind a member's data: nothing, or its sizes
    /// again, with a mark before them or without.
    fn trailer(&self, after: &[u8]) -> Result<usize> {
        if self.flags & STREAMED == 0 {
            return Ok(0);
        }
        let marked = usize::from(after.starts_with(&DESCRIPTOR)) * DESCRIPTOR.len();
        let said = (u32_at(after, marked)?, u32_at(after, marked + 4)?, u32_at(after, marked + 8)?);
        if said == (self.sum, self.packed, self.size) {
            return Ok(marked + 12);
        }
        Err(ambiguous("the same sizes behind a member", "others"))
    }
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
        let (start, end, count) = table(&bytes)?;
        let mut budget = limits::PASTE_BYTES;
        let (mut at, mut data) = (start, 0);
        for _ in 0..count {
            let record = bytes.get(at..end).unwrap_or_default();
            if !record.starts_with(&CENTRAL) {
                return Err(damaged("a wrong table of contents"));
            }
            let header = Header::of_table(record)?;
            at += header.length + u16_at(record, 32)?;
            data = self.member(&bytes, record, &header, data, &mut budget)?;
        }
        if at != end {
            return Err(ambiguous("a table of contents of its length", "another end of it"));
        }
        if data != start {
            return Err(ambiguous("the table of contents behind the last member", "something between"));
        }
        self.contents.check()
    }

    /// Reads the member of a record in the table, which must begin at `from`;
    /// returns where the next one does.
    fn member(
        &mut self,
        bytes: &[u8],
        record: &[u8],
        table: &Header<'_>,
        from: usize,
        budget: &mut usize,
    ) -> Result<usize> {
        let label = core::str::from_utf8(table.name).map_err(|_| damaged("a name that is not UTF-8"))?;
        if u32_at(record, 42)? != from {
            return Err(ambiguous("members one behind the other", label));
        }
        let rest = bytes.get(from..).unwrap_or_default();
        let header = Header::of_member(rest)?;
        if table.flags & ENCRYPTED != 0 {
            return Err(Error::new(codes::ARCHIVE_MEMBER).found("an encrypted file"));
        }
        table.plain()?;
        header.plain()?;
        header.agrees(table)?;
        limits::within("bytes in a zip file", table.size, *budget)?;
        *budget -= table.size;
        let data = part(rest, header.length, table.packed)?;
        let behind = header.length + table.packed;
        let next = from + behind + table.trailer(rest.get(behind..).unwrap_or_default())?;
        let plain = match table.method {
            0 => data.to_vec(),
            8 => inflate(data, table.size)?,
            other => {
                return Err(Error::new(codes::ARCHIVE_MEMBER).found(format!("compression method {other}")));
            }
        };
        if plain.len() != table.size || usize::try_from(crc32(0, &plain)).ok() != Some(table.sum) {
            return Err(damaged("a member with a wrong length or checksum"));
        }
        let size = u64::try_from(table.size).unwrap_or(u64::MAX);
        let folder = label.ends_with('/');
        if folder && size > 0 {
            return Err(ambiguous("no contents of a folder", label));
        }
        let kind = if folder { b'5' } else { b'0' };
        let entry = Entry { name: label, size, offset: 0, mode: 0, kind, delegates: false };
        if folder {
            self.contents.empty(&entry)?;
        } else {
            self.contents.begin(&entry)?;
            self.contents.data(&plain)?;
            self.contents.end()?;
        }
        Ok(next)
    }
}

/// Where the table of contents begins and ends, and how many members it has.
/// The record that says so ends the file: in a comment that looks like another
/// one, programs find that.
fn table(bytes: &[u8]) -> Result<(usize, usize, usize)> {
    let is_end = |at: &usize| {
        let record = bytes.get(*at..).unwrap_or_default();
        u16_at(record, 20).is_ok_and(|comment| record.len() == END_LENGTH + comment)
    };
    let begins = |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(&END));
    let last = bytes.len().saturating_sub(END_LENGTH);
    let first = last.saturating_sub(usize::from(u16::MAX));
    let end = (first..=last).rev().filter(begins).find(is_end);
    let end = end.ok_or_else(|| damaged("no table of contents"))?;
    let record = bytes.get(end..).unwrap_or_default();
    let (disk, table_disk) = (u16_at(record, 4)?, u16_at(record, 6)?);
    let (here, count) = (u16_at(record, 8)?, u16_at(record, 10)?);
    let (length, start) = (u32_at(record, 12)?, u32_at(record, 16)?);
    let located = end.checked_sub(20).and_then(|at| bytes.get(at..)).is_some_and(|b| b.starts_with(&LOCATOR));
    if count == 0xffff || start == 0xffff_ffff || length == 0xffff_ffff || located {
        return Err(Error::new(codes::ARCHIVE_MEMBER).found("a zip64 table of contents"));
    }
    if (disk, table_disk) != (0, 0) || here != count {
        return Err(Error::new(codes::ARCHIVE_MEMBER).found("a zip file in several parts"));
    }
    let comment = record.get(END_LENGTH..).unwrap_or_default();
    if comment.windows(END.len()).any(|window| window == END) {
        return Err(ambiguous("one end of the table of contents", "another in its comment"));
    }
    if start.checked_add(length) != Some(end) {
        return Err(ambiguous("a table of contents before its end", "another place"));
    }
    Ok((start, end, count))
}

/// Inflates no more than promised.
fn inflate(data: &[u8], size: usize) -> Result<Vec<u8>> {
    let mut plain = vec![0; size];
    let mut stream = Inflate::new(false, 15);
    match stream.decompress(data, &mut plain, InflateFlush::Finish) {
        Ok(Status::StreamEnd)
            if usize::try_from(stream.total_out()) == Ok(size)
                && usize::try_from(stream.total_in()) == Ok(data.len()) =>
        {
            Ok(plain)
        }
        _ => Err(damaged("compressed data that does not inflate")),
    }
}

#[cfg(test)]
mod tests;
