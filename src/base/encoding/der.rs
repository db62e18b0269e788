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

#[cfg(test)]
mod tests {
    use super::*;

    /// An element with a length in the long form.
    fn long(length: &[u8], contents: usize) -> Vec<u8> {
        [&[SEQUENCE, 0x80 | length.len() as u8], length, &vec![7; contents]].concat()
    }

    #[test]
    fn a_length_has_one_form() {
        for (bytes, contents) in [
            (vec![SEQUENCE, 0], 0),
            (vec![SEQUENCE, 1, 7], 1),
            (long(&[0x80], 128), 128),
            (long(&[1, 0], 256), 256),
        ] {
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.element(SEQUENCE).unwrap(), vec![7; contents]);
            reader.finish().unwrap();
        }
        let too_short = long(&[0x81], 128);
        for bytes in [
            &[][..],
            &[SEQUENCE],
            &[SEQUENCE, 1],
            // Indefinite, not minimal, with a zero before it, of five bytes.
            &[SEQUENCE, 0x80, 0, 0],
            &long(&[0x7f], 127),
            &long(&[0, 0x80], 128),
            &[SEQUENCE, 0x85, 0, 0, 0, 0, 1, 7],
            &too_short,
            // A tag of several bytes.
            &[0x3f, 0x21, 0],
        ] {
            assert_eq!(Reader::new(bytes).any().unwrap_err().code(), codes::DER, "{bytes:x?}");
        }
    }

    #[test]
    fn an_element_is_read_for_its_tag_and_to_its_end() {
        let bytes = [SEQUENCE, 1, 7, OID, 1, 8];
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.peek(), Some(SEQUENCE));
        assert_eq!(reader.element(OID).unwrap_err().code(), codes::DER);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.whole(SEQUENCE).unwrap(), [SEQUENCE, 1, 7]);
        assert_eq!(reader.finish().unwrap_err().code(), codes::DER);
        assert_eq!(reader.element(OID).unwrap(), [8]);
        assert!(reader.is_empty());
        reader.finish().unwrap();
    }
}
