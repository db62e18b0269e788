//! Gzip (RFC 1952), inflated as it streams in: one member after the other,
//! each held to its checksum and length.

use zlib_rs::{Inflate, InflateFlush, Status, crc32::crc32};

use super::damaged;
use super::unpack::{Budget, Sink};
use crate::base::error::Result;

/// Longest header: file name and comment of a member have no other bound.
const HEADER: usize = 1 << 17;
/// Bytes inflated at a time.
const PIECE: usize = 1 << 16;
/// Largest window of deflate (RFC 1951), as its binary logarithm.
const WINDOW: u8 = 15;

/// Flags of a header (section 2.3.1).
const HEADER_SUM: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;
const RESERVED: u8 = 0xe0;

/// A gzip stream under way.
pub(super) struct Inflater {
    part: Part,
    inflate: Inflate,
    piece: Vec<u8>,
    /// CRC-32 of what came out of this member.
    sum: u32,
    /// Bytes that came out of this member, modulo 2^32.
    length: u32,
}

/// Where in a member the stream is.
#[derive(Debug)]
enum Part {
    /// What arrived of the header; empty between two members.
    Header(Vec<u8>),
    Body,
    /// What arrived of checksum and length.
    Trailer(Vec<u8>),
}

impl core::fmt::Debug for Inflater {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Inflater").field("part", &self.part).finish_non_exhaustive()
    }
}

impl Default for Inflater {
    fn default() -> Self {
        Self {
            part: Part::Header(Vec::new()),
            inflate: Inflate::new(false, WINDOW),
            piece: vec![0; PIECE],
            sum: 0,
            length: 0,
        }
    }
}

/// How long the header is that these bytes begin with, if it is all there.
fn header_length(bytes: &[u8]) -> Result<Option<usize>> {
    let Some([0x1f, 0x8b, method, flags, ..]) = bytes.first_chunk::<10>() else {
        let begins = [0x1f, 0x8b].iter().zip(bytes).all(|(wanted, found)| wanted == found);
        return if begins && bytes.len() < 10 {
            Ok(None)
        } else {
            Err(damaged("something that is not gzip"))
        };
    };
    if *method != 8 || flags & RESERVED != 0 {
        return Err(damaged("a kind of gzip that is not known"));
    }
    let mut at = 10;
    if flags & EXTRA != 0 {
        let Some(size) = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()) else { return Ok(None) };
        at += 2 + usize::from(u16::from_le_bytes(*size));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0));
            let Some(end) = end else { return Ok(None) };
            at += end + 1;
        }
    }
    at += if flags & HEADER_SUM != 0 { 2 } else { 0 };
    Ok((bytes.len() >= at).then_some(at))
}

impl Inflater {
    /// Inflates the next piece into `sink`.
    pub(super) fn push(&mut self, bytes: &[u8], budget: &mut Budget, sink: Sink<'_>) -> Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match &mut self.part {
                Part::Header(begun) => {
                    let before = begun.len();
                    let room = HEADER.saturating_sub(before);
                    begun.extend_from_slice(rest.get(..room).unwrap_or(rest));
                    match header_length(begun)? {
                        Some(length) => {
                            rest = rest.get(length.saturating_sub(before)..).unwrap_or_default();
                            self.begin();
                        }
                        None if room < rest.len() => return Err(damaged("a header without an end")),
                        None => return Ok(()),
                    }
                }
                Part::Body => {
                    let read = self.inflate(rest, budget, sink)?;
                    rest = rest.get(read..).unwrap_or_default();
                }
                Part::Trailer(begun) => {
                    let room = 8_usize.saturating_sub(begun.len());
                    let (own, more) = rest.split_at_checked(room).unwrap_or((rest, &[]));
                    begun.extend_from_slice(own);
                    rest = more;
                    if let Some(trailer) = begun.first_chunk::<8>() {
                        let whole = u64::from_le_bytes(*trailer);
                        if whole != u64::from(self.length) << 32 | u64::from(self.sum) {
                            return Err(damaged("compressed data with a wrong checksum or length"));
                        }
                        self.part = Part::Header(Vec::new());
                    }
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self) {
        self.part = Part::Body;
        self.inflate.reset(false);
        (self.sum, self.length) = (0, 0);
    }

    /// Inflates a piece; returns how much of the input that took. Called again
    /// until the input is used up or the member ends.
    fn inflate(&mut self, bytes: &[u8], budget: &mut Budget, sink: Sink<'_>) -> Result<usize> {
        let mut read = 0;
        loop {
            let input = bytes.get(read..).unwrap_or_default();
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(input, &mut self.piece, InflateFlush::NoFlush);
            let moved = |now: u64, before: u64| usize::try_from(now - before).unwrap_or(usize::MAX);
            let (taken, written) =
                (moved(self.inflate.total_in(), before_in), moved(self.inflate.total_out(), before_out));
            read += taken;
            let inflated = self.piece.get(..written).unwrap_or_default();
            budget.spend(written)?;
            self.length = self.length.wrapping_add(u32::try_from(written).unwrap_or_default());
            self.sum = crc32(self.sum, inflated);
            sink(inflated)?;
            // What came out before the damage was handed on, so that the answer is
            // the same in whatever pieces it arrives.
            match status.map_err(|_| damaged("compressed data that does not inflate"))? {
                Status::StreamEnd => {
                    self.part = Part::Trailer(Vec::new());
                    return Ok(read);
                }
                // Nothing went in and nothing came out: more is needed.
                _ if taken == 0 && written == 0 => return Ok(bytes.len()),
                Status::Ok | Status::BufError => {}
            }
        }
    }

    /// Whether the stream is whole.
    pub(super) fn finish(&self) -> Result<()> {
        match &self.part {
            Part::Header(begun) if begun.is_empty() => Ok(()),
            _ => Err(damaged("compressed data that ends early")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    }

    fn read(bytes: &[u8], piece: usize) -> Result<u64> {
        let (mut inflater, mut budget, mut out) = (Inflater::default(), Budget::default(), 0);
        for part in bytes.chunks(piece) {
            budget.feed(part.len());
            inflater.push(part, &mut budget, &mut |bytes| {
                out += u64::try_from(bytes.len()).unwrap();
                Ok(())
            })?;
        }
        inflater.finish()?;
        Ok(out)
    }

    #[test]
    fn members_headers_and_trailers_are_read_as_gzip_has_them() {
        let empty_tar = vec![0; 1024];
        let plain = packed(&empty_tar);
        // Extra field, name, comment and header checksum.
        let mut described = vec![0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, b'a', b'b'];
        described.extend(b"name\0comment\0\x12\x34");
        described.extend(&plain[10..]);
        let two = [packed(&empty_tar[..512]), packed(&empty_tar[512..])].concat();
        for whole in [&plain, &described, &two] {
            for piece in [1, 3, 4096] {
                assert_eq!(read(whole, piece).unwrap(), 1024);
                for cut in [1, 4, 9, whole.len() - 1] {
                    read(&whole[..whole.len() - cut], piece).expect_err("cut off");
                }
            }
            for at in [0, 1, 2, whole.len() - 1, whole.len() - 5] {
                let mut changed = whole.to_vec();
                changed[at] ^= 1;
                read(&changed, 7).expect_err("a changed byte");
            }
            read(&[whole.as_slice(), b"more"].concat(), 5).expect_err("something after it");
        }
        read(&[&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3], &vec![b'n'; 200_000][..]].concat(), 4096)
            .expect_err("a name without an end");
    }
}
