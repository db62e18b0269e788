//! One blob as it passes: its digest and, where it is compressed, that of what
//! it unpacks to, in one pass and without keeping it.

use super::head::{HEAD, is_skippable, is_tar_header, is_unread};
use super::unpack::Unpacker;
use crate::base::digest::Hasher;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::evidence::measured::{Measured, Trouble, Unpacked};

/// A blob under way.
///
/// ```
/// use webdis_verify::Digest;
/// use webdis_verify::evidence::archive::Measure;
///
/// let mut measure = Measure::new();
/// measure.push(b"no ");
/// measure.push(b"layer");
/// let measured = measure.finish();
/// assert_eq!((measured.size(), measured.digest()), (8, Digest::of(b"no layer")));
/// assert_eq!(measured.diff_id(), Some(measured.digest()));
/// ```
#[derive(Debug, Default)]
pub struct Measure {
    hasher: Hasher,
    size: u64,
    /// First bytes, until it is known what they begin.
    head: Vec<u8>,
    inside: Inside,
}

#[derive(Debug, Default)]
enum Inside {
    #[default]
    Unknown,
    Plain,
    Packed(Box<Packed>),
    Not(Trouble),
}

#[derive(Debug)]
struct Packed {
    unpacker: Unpacker,
    hasher: Hasher,
}

fn trouble(error: &Error) -> Trouble {
    if error.code() == limits::codes::LIMIT { Trouble::Limit } else { Trouble::Damaged }
}

impl Measure {
    /// Of a blob of which nothing was read yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes. What is wrong inside does not end it: the digest
    /// is of all bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.size = self.size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if matches!(self.inside, Inside::Unknown) {
            self.head.extend_from_slice(bytes);
            if self.head.len() >= HEAD {
                self.begin();
            }
        } else {
            self.unpack(bytes);
        }
    }

    fn begin(&mut self) {
        let head = core::mem::take(&mut self.head);
        match Unpacker::of(&head) {
            // What is a tar for one program and packed for another has two readings.
            Some(_) if is_tar_header(&head) || is_skippable(&head) => {
                self.inside = Inside::Not(Trouble::Damaged);
            }
            Some(unpacker) => {
                self.inside = Inside::Packed(Box::new(Packed { unpacker, hasher: Hasher::new() }));
                self.unpack(&head);
            }
            None if is_unread(&head) => self.inside = Inside::Not(Trouble::Unread),
            None => self.inside = Inside::Plain,
        }
    }

    fn unpack(&mut self, bytes: &[u8]) {
        let Inside::Packed(packed) = &mut self.inside else { return };
        let Packed { unpacker, hasher } = &mut **packed;
        let unpacked: Result<()> = unpacker.push(bytes, &mut |bytes| {
            hasher.update(bytes);
            Ok(())
        });
        if let Err(error) = unpacked {
            self.inside = Inside::Not(trouble(&error));
        }
    }

    /// What it was.
    #[must_use]
    pub fn finish(mut self) -> Measured {
        if matches!(self.inside, Inside::Unknown) {
            self.begin();
        }
        let unpacked = match self.inside {
            Inside::Unknown | Inside::Plain => Unpacked::Plain,
            Inside::Not(trouble) => Unpacked::Not(trouble),
            Inside::Packed(packed) => match packed.unpacker.finish() {
                Ok(size) => Unpacked::Whole { digest: packed.hasher.finish(), size },
                Err(error) => Unpacked::Not(trouble(&error)),
            },
        };
        Measured::new(self.size, self.hasher.finish(), unpacked)
    }
}
