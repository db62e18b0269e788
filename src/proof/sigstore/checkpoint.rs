//! Checkpoints: what a log signs about its tree.
//!
//! A checkpoint is a signed note (<https://c2sp.org/signed-note>) with
//! origin, size and root hash (<https://c2sp.org/tlog-checkpoint>).

use super::codes;
use super::proto;
use super::trusted_root::Log;
use crate::base::digest::shorten;
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::limits;

/// Which origin line a log writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Rekor v1: `host - tree id`.
    HostAndTree,
    /// Rekor v2: `host`.
    Host,
}

/// Proof that a log signed a tree size and a root hash.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    origin: String,
    size: u64,
    root: [u8; 32],
    text: String,
    signature: Vec<u8>,
}

impl Checkpoint {
    /// The signed text, its last line feed included.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The log's signature on the text, without the key hint.
    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    pub(super) const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// Reads a note and verifies the log's signature on it. Signatures by
    /// others (witnesses) are not looked at.
    pub(super) fn verify(note: &str, log: &Log, form: Origin) -> Result<Self> {
        let wrong = |place: &str, expected: &str| {
            Error::new(codes::CHECKPOINT_MALFORMED).in_place(place).expected(expected)
        };
        limits::within("lines of a checkpoint", note.lines().count(), limits::CHECKPOINT_LINES)?;
        if note.chars().any(|c| c.is_control() && c != '\n') {
            return Err(wrong("the note", "text without control characters"));
        }
        let split =
            note.find("\n\n").ok_or_else(|| wrong("the note", "text, a blank line and signatures"))?;
        let (text, signatures) = note.split_at(split + 1);
        let signatures = signatures.strip_prefix('\n').unwrap_or_default();
        let mut lines = text.lines();
        let origin =
            lines.next().filter(|line| !line.is_empty()).ok_or_else(|| wrong("line 1", "the origin"))?;
        let size = lines.next().and_then(decimal).ok_or_else(|| wrong("line 2", "the tree size"))?;
        let root = lines
            .next()
            .and_then(|line| base64::decode(line).ok())
            .and_then(|bytes| proto::hash(&bytes))
            .ok_or_else(|| wrong("line 3", "the root hash"))?;
        if !is_origin(origin, log.origin(), form) {
            return Err(Error::new(codes::CHECKPOINT_ORIGIN).expected(log.origin()).found(shorten(origin)));
        }
        if !signatures.ends_with('\n') {
            return Err(wrong("the last line", "ended by a line feed"));
        }
        let key = log.key()?;
        let mut signed = None;
        for line in signatures.lines() {
            let (name, value) = line
                .strip_prefix("\u{2014} ")
                .and_then(|rest| rest.split_once(' '))
                .ok_or_else(|| wrong("a signature", "a dash, a name and base64"))?;
            let value = base64::decode(value).map_err(|_| wrong("a signature", "base64"))?;
            let (hint, signature) =
                value.split_at_checked(4).ok_or_else(|| wrong("a signature", "a key hint of four bytes"))?;
            if name != log.origin() || hint != log.hint() {
                continue;
            }
            if !key.signed(text.as_bytes(), signature) {
                return Err(Error::new(codes::CHECKPOINT_SIGNATURE));
            }
            signed = Some(signature.to_vec());
        }
        let signature =
            signed.ok_or_else(|| Error::new(codes::CHECKPOINT_UNSIGNED).expected(log.origin()))?;
        Ok(Self { origin: origin.to_owned(), size, root, text: text.to_owned(), signature })
    }
}

fn is_origin(line: &str, host: &str, form: Origin) -> bool {
    match form {
        Origin::Host => line == host,
        Origin::HostAndTree => {
            line.strip_prefix(host).and_then(|rest| rest.strip_prefix(" - ")).and_then(decimal).is_some()
        }
    }
}

/// A decimal number without leading zeros or signs.
fn decimal(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    plain.then(|| digits.parse().ok())?
}
