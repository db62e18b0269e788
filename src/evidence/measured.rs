//! Bytes that passed without being kept: their length and digests.

use crate::base::digest::{ClaimedDigest, Digest};

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

/// What one part of the program measured, as it tells another: digests in
/// hexadecimal.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub digest: String,
    /// SHA-256 of what they unpack to, and its length.
    pub unpacked: Option<(String, u64)>,
    /// Why they were not unpacked to their end: [`Trouble::name`].
    pub trouble: Option<String>,
}

impl Told {
    /// The same as values. `None` where a word is malformed.
    #[must_use]
    pub fn measured(&self) -> Option<Measured> {
        let digest = |text: &str| {
            let claim = ClaimedDigest::parse_sha256_hex(text).ok()?;
            Some(Digest::computed_elsewhere(claim.as_bytes().try_into().ok()?))
        };
        let unpacked = match (&self.unpacked, &self.trouble) {
            (Some((text, size)), None) => Unpacked::Whole { digest: digest(text)?, size: *size },
            (None, Some(name)) => Unpacked::Not(Trouble::named(name)?),
            (None, None) => Unpacked::Plain,
            (Some(_), Some(_)) => return None,
        };
        Some(Measured { size: self.size, digest: digest(&self.digest)?, unpacked })
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
