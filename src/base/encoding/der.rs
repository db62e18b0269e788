//! A cursor over DER (X.690), for the few structures this crate reads by
//! hand: key kinds, and the subject and validity of a Notary certificate.

use super::codes;
use crate::base::error::{Error, Result};

/// Tag of a SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// Tag of an OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// Tag of a BIT STRING.
pub const BIT_STRING: u8 = 0x03;

/// Reads elements one after the other; every length is checked.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Begins at the first byte.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all bytes were read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Tag of the next element, without reading it.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Reads any element: its tag and contents.
    ///
    /// # Errors
    /// [`codes::DER`] for truncated, indefinite or non-minimal lengths and
    /// for multi-byte tags.
    pub fn any(&mut self) -> Result<(u8, &'a [u8])> {
        self.read().ok_or_else(|| Error::new(codes::DER))
    }

    /// Reads an element of the given tag and returns its contents.
    ///
    /// # Errors
    /// [`codes::DER`] when it is malformed or has another tag.
    pub fn element(&mut self, tag: u8) -> Result<&'a [u8]> {
        match self.any()? {
            (found, contents) if found == tag => Ok(contents),
            (found, _) => Err(Error::new(codes::DER)
                .expected(format!("tag {tag:#04x}"))
                .found(format!("tag {found:#04x}"))),
        }
    }

    /// Reads an element of the given tag and returns it whole, with its tag
    /// and length.
    ///
    /// # Errors
    /// As [`Reader::element`].
    pub fn whole(&mut self, tag: u8) -> Result<&'a [u8]> {
        let before = self.rest;
        self.element(tag)?;
        let length = before.len().saturating_sub(self.rest.len());
        before.get(..length).ok_or_else(|| Error::new(codes::DER))
    }

    /// Asserts that nothing is left.
    ///
    /// # Errors
    /// [`codes::DER`] when bytes follow.
    pub fn finish(self) -> Result<()> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(Error::new(codes::DER).expected("the end").found(format!("{} more bytes", self.rest.len())))
    }

    fn read(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let count = usize::from(first & 0x7f);
            if count == 0 || count > 4 {
                return None;
            }
            let (bytes, rest) = rest.split_at_checked(count)?;
            let length =
                bytes.iter().try_fold(0_usize, |n, b| n.checked_mul(256)?.checked_add(usize::from(*b)))?;
            let minimal = length >= 0x80 && bytes.first() != Some(&0);
            (minimal.then_some(length)?, rest)
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((tag, contents))
    }
}
