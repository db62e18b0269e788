//! Bytes that passed without being kept: their length and digests.

use crate::base::digest::Digest;

/// A blob that was read to its end and not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// What they unpack to.
    pub unpacked: Unpacked,
}

/// What a blob unpacks to, in the same pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpacked {
    /// It begins like no compression: it is what it is.
    Plain,
    /// Gzip or zstd that was unpacked to its end.
    Whole {
        /// SHA-256 of what came out: the `diff_id`, if it is a layer.
        digest: Digest,
        /// Length of what came out.
        size: u64,
    },
    /// It begins like gzip or zstd and was not unpacked to its end.
    Not(Trouble),
}

/// Why a compressed blob was not unpacked to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is damaged, cut off, or something follows it.
    Damaged,
    /// It swells past [`crate::base::limits::UNPACKED_RATIO`] or another limit.
    Limit,
}

impl Trouble {
    /// The stable kebab-case name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Limit => "limit",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Damaged, Self::Limit].into_iter().find(|trouble| trouble.name() == name)
    }
}

impl Measured {
    /// Digest of the uncompressed bytes, where they are known.
    #[must_use]
    pub const fn diff_id(&self) -> Option<Digest> {
        match &self.unpacked {
            Unpacked::Plain => Some(self.digest),
            Unpacked::Whole { digest, .. } => Some(*digest),
            Unpacked::Not(_) => None,
        }
    }
}
