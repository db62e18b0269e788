//! Bytes that passed without being kept: their length and digests.

#[cfg(any(all(target_arch = "wasm32", any(feature = "web", feature = "archive")), test))]
use crate::base::digest::ClaimedDigest;
use crate::base::digest::Digest;

/// A blob that was read to its end and not kept. Only
/// [`Measure::finish`](crate::evidence::archive::Measure::finish), which read
/// it, makes one; digests of two files cannot be put together into a layer:
///
/// ```compile_fail
/// use webdis_verify::Digest;
/// use webdis_verify::evidence::measured::{Measured, Unpacked};
///
/// let unpacked = Unpacked::Whole { digest: Digest::of(b"what was signed"), size: 15 };
/// let forged = Measured { size: 4, digest: Digest::of(b"evil"), unpacked };
/// ```
///
/// Nor is one changed afterwards:
///
/// ```compile_fail
/// use webdis_verify::Digest;
/// use webdis_verify::evidence::archive::Measure;
///
/// let mut measured = Measure::new().finish();
/// measured.digest = Digest::of(b"what was signed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    size: u64,
    digest: Digest,
    unpacked: Unpacked,
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
    /// It begins like a compression and was not unpacked to its end.
    Not(Trouble),
}

/// Why a compressed blob was not unpacked to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is damaged, cut off, or something follows it.
    Damaged,
    /// It swells past [`crate::base::limits::UNPACKED_RATIO`] or another limit.
    Limit,
    /// It is bzip2 or xz, which `docker load` and containers/image unpack and this
    /// verifier does not.
    Unread,
}

impl Trouble {
    /// The stable kebab-case name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Limit => "limit",
            Self::Unread => "unread",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Damaged, Self::Limit, Self::Unread].into_iter().find(|trouble| trouble.name() == name)
    }
}

/// What one part of the page measured, as it tells another: digests in
/// hexadecimal. Natively all of the program is one, and there is no such thing.
#[cfg(any(all(target_arch = "wasm32", any(feature = "web", feature = "archive")), test))]
#[derive(Clone, Debug, Default)]
pub struct Measurement {
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub digest: String,
    /// SHA-256 of what they unpack to, and its length.
    pub unpacked: Option<(String, u64)>,
    /// Why they were not unpacked to their end: [`Trouble::name`].
    pub trouble: Option<String>,
}

#[cfg(any(all(target_arch = "wasm32", any(feature = "web", feature = "archive")), test))]
impl Measurement {
    /// The same as values. `None` where a word is malformed. The crate alone
    /// calls it, where a worker of the page answered.
    pub(crate) fn measured(&self) -> Option<Measured> {
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
    /// What was read to its end, where it is read.
    #[cfg(feature = "archive")]
    pub(super) const fn new(size: u64, digest: Digest, unpacked: Unpacked) -> Self {
        Self { size, digest, unpacked }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256 of the bytes.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// What they unpack to.
    #[must_use]
    pub const fn unpacked(&self) -> &Unpacked {
        &self.unpacked
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_worker_tells_is_well_formed_or_nothing() {
        let hex = Digest::of(b"layer").hex();
        let told = |digest: &str, unpacked: Option<(&str, u64)>, trouble: Option<&str>| {
            let unpacked = unpacked.map(|(text, size)| (text.to_owned(), size));
            Measurement { size: 5, digest: digest.to_owned(), unpacked, trouble: trouble.map(str::to_owned) }
                .measured()
        };
        let plain = told(&hex, None, None).unwrap();
        assert_eq!((plain.digest(), plain.diff_id()), (Digest::of(b"layer"), Some(Digest::of(b"layer"))));
        assert_eq!(told(&hex, Some((&hex, 9)), None).unwrap().diff_id(), Some(Digest::of(b"layer")));
        assert_eq!(told(&hex, None, Some("limit")).unwrap().diff_id(), None);
        for (digest, unpacked, trouble) in [
            ("", None, None),
            (&*hex.to_uppercase(), None, None),
            (&*format!("sha256:{hex}"), None, None),
            (&*hex, Some(("0", 1)), None),
            (&*hex, None, Some("other")),
            (&*hex, Some((&*hex, 9)), Some("limit")),
        ] {
            assert_eq!(told(digest, unpacked, trouble), None, "{digest} {unpacked:?} {trouble:?}");
        }
    }
}
