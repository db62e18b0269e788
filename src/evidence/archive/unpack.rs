//! What a compressed stream unpacks to, piece by piece, within bounds.

use super::head::is_zstd;
use super::{gzip, zstd};
use crate::base::error::{Error, Result};
use crate::base::limits;

/// Takes what was unpacked.
pub(super) type Sink<'s> = &'s mut dyn FnMut(&[u8]) -> Result<()>;

/// How much may come out of a compressed stream: all of the first
/// [`limits::UNPACKED_FREE`] bytes, then [`limits::UNPACKED_RATIO`] times what
/// went in, and never more than [`limits::UNPACKED_BYTES`].
#[derive(Debug, Default)]
pub(super) struct Budget {
    fed: u64,
    out: u64,
}

impl Budget {
    /// So many bytes went in.
    pub(super) fn feed(&mut self, bytes: usize) {
        self.fed = self.fed.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// So many bytes came out.
    ///
    /// # Errors
    /// The limit code, past what is allowed.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<()> {
        self.out = self.out.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        let allowed = limits::UNPACKED_FREE.saturating_add(self.fed.saturating_mul(limits::UNPACKED_RATIO));
        let allowed = allowed.min(limits::UNPACKED_BYTES);
        if self.out <= allowed {
            return Ok(());
        }
        let limit = Error::new(limits::codes::LIMIT).in_place("bytes unpacked from a compressed file");
        Err(limit.expected(allowed.to_string()).found(self.out.to_string()))
    }

    /// Bytes that came out.
    pub(super) const fn out(&self) -> u64 {
        self.out
    }
}

/// A stream of one of the compressions that layers have (OCI image-spec,
/// layer.md; Docker schema 2 knows gzip only).
#[derive(Debug)]
pub(super) struct Unpacker {
    kind: Kind,
    budget: Budget,
}

#[derive(Debug)]
enum Kind {
    Gzip(Box<gzip::Inflater>),
    Zstd(Box<zstd::Decoder>),
}

/// Bytes that show a compression, also one that is not read.
pub(super) const MAGIC: usize = 10;

impl Unpacker {
    /// The one for a stream that begins so; `None` if it is not compressed.
    /// [`MAGIC`] bytes are enough.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let kind = if head.starts_with(b"\x1f\x8b") {
            Kind::Gzip(Box::default())
        } else if is_zstd(head) {
            Kind::Zstd(Box::default())
        } else {
            return None;
        };
        Some(Self { kind, budget: Budget::default() })
    }

    /// Unpacks the next piece.
    ///
    /// # Errors
    /// [`super::codes::ARCHIVE_DAMAGED`] for what does not unpack, the limit
    /// code for what swells out of proportion, and what `sink` answers.
    pub(super) fn push(&mut self, bytes: &[u8], sink: Sink<'_>) -> Result<()> {
        self.budget.feed(bytes.len());
        match &mut self.kind {
            Kind::Gzip(inflater) => inflater.push(bytes, &mut self.budget, sink),
            Kind::Zstd(decoder) => decoder.push(bytes, &mut self.budget, sink),
        }
    }

    /// Ends the stream; returns how many bytes came out.
    ///
    /// # Errors
    /// [`super::codes::ARCHIVE_DAMAGED`] where it ends early.
    pub(super) fn finish(&self) -> Result<u64> {
        match &self.kind {
            Kind::Gzip(inflater) => inflater.finish()?,
            Kind::Zstd(decoder) => decoder.finish()?,
        }
        Ok(self.budget.out())
    }
}
