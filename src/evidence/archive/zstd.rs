//! Zstandard (RFC 8878), unpacked as it streams in: frames one after the
//! other, block by block, so that no block of a few bytes that stands for
//! many is waited for in memory. Skippable frames (zstd:chunked, eStargz) are
//! passed over.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::damaged;
use super::head::{MAGIC, SKIPPABLE, is_skippable};
use super::unpack::{Budget, Sink};
use crate::base::error::{Error, Result};
use crate::base::limits;

/// Largest block (section 3.1.1.2.3).
const BLOCK: usize = 128 << 10;
/// Longest header of a frame: magic number, descriptor, window, dictionary,
/// content size.
const HEADER: usize = 18;
/// Bytes taken from the decoder at a time.
const PIECE: usize = 1 << 16;

/// A stream under way.
pub(super) struct Decoder {
    frames: FrameDecoder,
    /// What arrived of the header or block that is waited for.
    begun: Vec<u8>,
    part: Part,
    piece: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    /// Between two frames, or in a frame's header.
    Header,
    /// In a frame: whether a checksum follows its last block, and how much it
    /// said would come out of it.
    Block { checksum: bool, size: Option<u64>, out: u64 },
    /// In a skippable frame: bytes left.
    Skip(u64),
}

impl core::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decoder").field("part", &self.part).finish_non_exhaustive()
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self { frames: FrameDecoder::new(), begun: Vec::new(), part: Part::Header, piece: vec![0; PIECE] }
    }
}

/// A header that is all there.
#[derive(Debug, PartialEq)]
struct Header {
    length: usize,
    window: u64,
    checksum: bool,
    dictionary: bool,
    size: Option<u64>,
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// Reads a frame's header (section 3.1.1.1), if it is all there.
fn header(bytes: &[u8]) -> Option<Header> {
    let descriptor = *bytes.get(4)?;
    let single = descriptor & 0x20 != 0;
    let dictionary: usize = match descriptor & 3 {
        3 => 4,
        short => usize::from(short),
    };
    let content: usize = match (descriptor >> 6, single) {
        (0, true) => 1,
        (0, false) => 0,
        (1, _) => 2,
        (2, _) => 4,
        _ => 8,
    };
    let window_at = 5;
    let dictionary_at = window_at + usize::from(!single);
    let content_at = dictionary_at + dictionary;
    let length = content_at + content;
    let field = |from: usize, to: usize| bytes.get(from..to).map(little_endian);
    let size = field(content_at, length)?;
    // Two bytes count from 256 on.
    let size = (content > 0).then_some(if content == 2 { size + 256 } else { size });
    let window = if single {
        size.unwrap_or_default()
    } else {
        let byte = u64::from(*bytes.get(window_at)?);
        let base = 1_u64 << (10 + (byte >> 3));
        base + base / 8 * (byte & 7)
    };
    let dictionary = field(dictionary_at, content_at)? != 0;
    Some(Header { length, window, checksum: descriptor & 4 != 0, dictionary, size })
}

impl Decoder {
    /// Unpacks the next piece into `sink`.
    pub(super) fn push(&mut self, bytes: &[u8], budget: &mut Budget, sink: Sink<'_>) -> Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = match self.part {
                Part::Skip(left) => {
                    let take = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                    let left = left - u64::try_from(take).unwrap_or(left);
                    self.part = if left == 0 { Part::Header } else { Part::Skip(left) };
                    rest.get(take..).unwrap_or_default()
                }
                Part::Header => self.header(rest)?,
                Part::Block { .. } => self.block(rest, budget, sink)?,
            };
        }
        Ok(())
    }

    /// Moves bytes to what was begun until it has so many; what is left over.
    fn fill<'b>(&mut self, wanted: usize, bytes: &'b [u8]) -> &'b [u8] {
        let missing = wanted.saturating_sub(self.begun.len());
        let (own, rest) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
        self.begun.extend_from_slice(own);
        rest
    }

    fn header<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8]> {
        // Byte by byte: a header is short, and its length stands in it.
        let (first, rest) = bytes.split_at_checked(1).unwrap_or((bytes, &[]));
        self.begun.extend_from_slice(first);
        let length = self.begun.len();
        let is_begun = MAGIC.iter().zip(&self.begun).all(|(wanted, found)| wanted == found);
        if is_skippable(&self.begun) {
            if let Some(size) = self.begun.get(4..8) {
                let size = little_endian(size);
                self.part = if size == 0 { Part::Header } else { Part::Skip(size) };
                self.begun.clear();
            }
        } else if !is_begun && (length >= 4 || !is_skippable_so_far(&self.begun)) {
            return Err(damaged("something that is not zstd"));
        } else if let Some(header) = header(&self.begun).filter(|_| length > 4) {
            self.begin(&header)?;
        } else if length > HEADER {
            return Err(damaged("a zstd header without an end"));
        }
        Ok(rest)
    }

    fn begin(&mut self, header: &Header) -> Result<()> {
        if header.dictionary {
            return Err(damaged("zstd data that needs a dictionary"));
        }
        let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        limits::within("the window of zstd data", size(header.window), limits::ZSTD_WINDOW)?;
        self.frames.reset(self.begun.as_slice()).map_err(|_| wrong())?;
        self.begun.clear();
        self.part = Part::Block { checksum: header.checksum, size: header.size, out: 0 };
        Ok(())
    }

    fn block<'b>(&mut self, bytes: &'b [u8], budget: &mut Budget, sink: Sink<'_>) -> Result<&'b [u8]> {
        let Part::Block { checksum, size, mut out } = self.part else { return Ok(bytes) };
        let rest = self.fill(3, bytes);
        let Some(head) = self.begun.get(..3).map(little_endian) else { return Ok(rest) };
        let (last, kind, length) = (head & 1 == 1, head >> 1 & 3, head >> 3);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        // A block of one repeated byte holds that byte only.
        let (held, checksum) = (if kind == 1 { 1 } else { length }, last && checksum);
        if length > BLOCK || kind == 3 {
            return Err(damaged("a zstd block that cannot be"));
        }
        let wanted = 3 + held + if checksum { 4 } else { 0 };
        let rest = self.fill(wanted, rest);
        if self.begun.len() < wanted {
            return Ok(rest);
        }
        let strategy = BlockDecodingStrategy::UptoBlocks(1);
        self.frames.decode_blocks(self.begun.as_slice(), strategy).map_err(|_| wrong())?;
        self.begun.clear();
        while self.frames.can_collect() > 0 {
            let read = ruzstd::io::Read::read(&mut self.frames, &mut self.piece).map_err(|_| wrong())?;
            if read == 0 {
                break;
            }
            budget.spend(read)?;
            out = out.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            sink(self.piece.get(..read).unwrap_or_default())?;
        }
        if !last {
            self.part = Part::Block { checksum: self.has_checksum(), size, out };
            return Ok(rest);
        }
        let sum = self.frames.get_checksum_from_data();
        if size.is_some_and(|size| size != out)
            || checksum && (sum.is_none() || sum != self.frames.get_calculated_checksum())
        {
            return Err(damaged("compressed data with a wrong checksum or length"));
        }
        self.part = Part::Header;
        Ok(rest)
    }

    const fn has_checksum(&self) -> bool {
        matches!(self.part, Part::Block { checksum: true, .. })
    }

    /// Whether the stream is whole.
    pub(super) fn finish(&self) -> Result<()> {
        if self.part == Part::Header && self.begun.is_empty() {
            return Ok(());
        }
        Err(damaged("compressed data that ends early"))
    }
}

fn is_skippable_so_far(begun: &[u8]) -> bool {
    matches!(begun, [0x50..=0x5f, rest @ ..] if SKIPPABLE.starts_with(rest))
}

fn wrong() -> Error {
    damaged("compressed data that does not unpack")
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn read(bytes: &[u8], piece: usize) -> Result<Vec<u8>> {
        let (mut decoder, mut budget, mut out) = (Decoder::default(), Budget::default(), Vec::new());
        for part in bytes.chunks(piece) {
            budget.feed(part.len());
            decoder.push(part, &mut budget, &mut |bytes| {
                out.extend_from_slice(bytes);
                Ok(())
            })?;
        }
        decoder.finish()?;
        Ok(out)
    }

    #[test]
    fn frames_are_unpacked_however_they_arrive() {
        let text: Vec<u8> = (0..300_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        let packed = compress_to_vec(text.as_slice(), CompressionLevel::Fastest);
        let skip = [&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"any"].concat();
        for (whole, expected) in [
            (packed.clone(), text.clone()),
            ([skip.as_slice(), &packed, &skip].concat(), text.clone()),
            ([packed.as_slice(), &packed].concat(), [text.as_slice(), &text].concat()),
        ] {
            for piece in [1, 1000, 1 << 20] {
                assert!(read(&whole, piece).unwrap() == expected);
                for cut in [1, 5, whole.len() - 3] {
                    read(&whole[..whole.len() - cut], piece).expect_err("cut off");
                }
            }
            read(&[whole.as_slice(), b"more"].concat(), 9).expect_err("something after it");
        }
        for at in [0, 1, 4] {
            let mut changed = packed.clone();
            changed[at] ^= 0x40;
            read(&changed, 4096).expect_err("a changed byte");
        }
        let mut changed = packed.clone();
        changed[packed.len() - 1] ^= 1;
        read(&changed, 4096).expect_err("a changed checksum");
    }

    /// A frame of blocks that each stand for 128 KiB in four bytes.
    fn bomb(blocks: usize) -> Vec<u8> {
        let block = (u32::try_from(BLOCK).unwrap() << 3 | 1 << 1).to_le_bytes();
        let mut out = [&MAGIC[..], &[0, 0x48]].concat();
        for n in 0..blocks {
            let last = u8::from(n + 1 == blocks);
            out.extend([block[0] | last, block[1], block[2], 0]);
        }
        out
    }

    #[test]
    fn a_bomb_ends_at_the_limit_and_a_file_of_zeros_does_not() {
        let error = read(&bomb(3000), 1 << 20).unwrap_err();
        assert_eq!(error.code(), limits::codes::LIMIT);
        assert_eq!(read(&bomb(100), 1 << 20).unwrap().len(), 100 * BLOCK);
    }

    #[test]
    fn windows_past_the_limit_and_dictionaries_are_refused() {
        let huge = [&MAGIC[..], &[0, 0xf0], &[1, 0, 0]].concat();
        assert_eq!(read(&huge, 3).unwrap_err().code(), limits::codes::LIMIT);
        let single = [&MAGIC[..], &[0xe0], &[0xff; 8], &[1, 0, 0]].concat();
        assert_eq!(read(&single, 3).unwrap_err().code(), limits::codes::LIMIT);
        let dictionary = [&MAGIC[..], &[1, 0x48, 7], &[1, 0, 0]].concat();
        read(&dictionary, 3).expect_err("a dictionary");
    }
}
