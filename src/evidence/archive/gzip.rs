//! Gzip (RFC 1952) around a tar, inflated as it streams in.

use std::io::{Error as IoError, Write};

use flate2::write::MultiGzDecoder;

use super::{Contents, Given, damaged, tar};
use crate::base::error::{Error, Result};
use crate::base::limits;

/// How many bytes may come out per byte that went in. Deflate itself stops
/// at 1,032; real layers stay below 20.
const RATIO: u64 = 200;
/// Allowed before the ratio counts: a small archive of one large empty file.
const FREE: u64 = 64 << 20;

/// A gzip stream under way.
#[derive(Debug)]
pub(super) struct Reader {
    inflater: MultiGzDecoder<Sink>,
    fed: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self { inflater: MultiGzDecoder::new(Sink::default()), fed: 0 }
    }
}

/// Where the inflated bytes go.
#[derive(Debug, Default)]
struct Sink {
    tar: tar::Reader,
    out: u64,
    allowed: u64,
    failed: Option<Error>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out = self.out.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let found = usize::try_from(self.out).unwrap_or(usize::MAX);
        let allowed = usize::try_from(self.allowed).unwrap_or(usize::MAX);
        let within = limits::within("bytes inflated from an archive", found, allowed);
        match within.and_then(|()| self.tar.push(bytes)) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                self.failed = Some(error);
                Err(IoError::other("refused"))
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Reader {
    pub(super) fn contents(&self) -> &Contents {
        self.inflater.get_ref().tar.contents()
    }

    /// What an error of the inflater stands for.
    fn why(&self) -> Error {
        let own = || damaged("compressed data that does not inflate");
        self.inflater.get_ref().failed.clone().unwrap_or_else(own)
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(error) = &self.inflater.get_ref().failed {
            return Err(error.clone());
        }
        self.fed = self.fed.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.inflater.get_mut().allowed = FREE.saturating_add(self.fed.saturating_mul(RATIO));
        self.inflater.write_all(bytes).map_err(|_| self.why())
    }

    pub(super) fn finish(&mut self) -> Result<Vec<Given>> {
        self.inflater.try_finish().map_err(|_| self.why())?;
        self.inflater.get_mut().tar.finish()
    }
}
