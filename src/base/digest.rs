//! Digests that were computed, and digests that somebody claims.
//!
//! A [`Digest`] exists only because bytes were hashed here. A
//! [`ClaimedDigest`] is text from outside. The two are different types: a
//! claim becomes knowledge only by [`ClaimedDigest::matches`].
//!
//! OCI image-spec, descriptor.md, "Digests".

use core::fmt;

use sha2::{Digest as _, Sha256, Sha512};

use crate::base::encoding::hex;
use crate::base::error::{Error, Result};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Text that is not `algorithm:hex` with the right length.
        DIGEST_SYNTAX = "digest-syntax", NotChecked,
            "This is not a digest: {found}.",
            "A digest reads sha256: followed by 64 lower-case hexadecimal digits.";
        /// A digest algorithm this program does not compute.
        DIGEST_ALGORITHM = "digest-algorithm-unsupported", NotChecked,
            "The digest algorithm {found} is not supported.",
            "Ask the publisher for a sha256 digest.";
        /// Bytes whose digest is not the one expected.
        DIGEST_MISMATCH = "digest-mismatch", Contradicted,
            "Does not match: these bytes hash to {found}, expected was {expected}.",
            "Fetch the document again. If it still differs, these are other bytes than the ones that were signed.";
        /// Bytes whose length is not the one in the descriptor.
        SIZE_MISMATCH = "size-mismatch", Contradicted,
            "Does not match: these bytes are {found} long, the descriptor says {expected}.",
            "Fetch the document again.";
    }
}

/// A SHA-256 digest that was computed over bytes, here.
///
/// There is no way to make one from text:
///
/// ```
/// let d = webdis_verify::Digest::of(b"bytes");
/// ```
///
/// ```compile_fail
/// let d = webdis_verify::Digest([0; 32]);
/// ```
///
/// Nor does any caller say what another program computed:
///
/// ```compile_fail
/// let d = webdis_verify::Digest::computed_elsewhere([0; 32]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Hashes bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A digest that this program computed in another of its parts: in the
    /// worker of the page that reads archives, over bytes that never come here.
    /// Only what that worker measured becomes one, and only in the browser
    /// ([`crate::evidence::measured::Measurement`]); what a document or a person says
    /// is a [`ClaimedDigest`].
    #[cfg(any(all(target_arch = "wasm32", any(feature = "web", feature = "archive")), test))]
    pub(crate) const fn computed_elsewhere(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits, without the algorithm.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(&self.0)
    }

    /// The same digest as a claim, for comparing texts with texts.
    #[must_use]
    pub fn to_claim(self) -> ClaimedDigest {
        ClaimedDigest { algorithm: Algorithm::Sha256, bytes: self.0.to_vec() }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// SHA-256 over a stream, for data that is never held whole.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// A hasher that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Feeds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes fed.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// SHA-512 of bytes, for formats that list a second hash (Notary v1).
#[must_use]
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    Sha512::digest(bytes).into()
}

/// Digest algorithms of the OCI specification that may be named in a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `sha256`, 64 hexadecimal digits.
    Sha256,
    /// `sha512`, 128 hexadecimal digits.
    Sha512,
}

impl Algorithm {
    /// The registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }
}

/// A digest somebody wrote down: in a descriptor, a header, a terminal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimedDigest {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl ClaimedDigest {
    /// Reads `algorithm:hex`, lower case, exact length.
    ///
    /// # Errors
    /// [`codes::DIGEST_SYNTAX`] or [`codes::DIGEST_ALGORITHM`].
    pub fn parse(text: &str) -> Result<Self> {
        let syntax = || Error::new(codes::DIGEST_SYNTAX).found(shorten(text));
        let (algorithm, digits) = text.split_once(':').ok_or_else(syntax)?;
        let (algorithm, length) = match algorithm {
            "sha256" => (Algorithm::Sha256, 32),
            "sha512" => (Algorithm::Sha512, 64),
            other
                if !other.is_empty()
                    && other
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+._-".contains(&b)) =>
            {
                return Err(Error::new(codes::DIGEST_ALGORITHM).found(shorten(other)));
            }
            _ => return Err(syntax()),
        };
        let bytes = hex::decode_lower(digits).filter(|b| b.len() == length).ok_or_else(syntax)?;
        Ok(Self { algorithm, bytes })
    }

    /// Reads 64 bare lower-case hexadecimal digits as SHA-256.
    ///
    /// # Errors
    /// [`codes::DIGEST_SYNTAX`].
    pub fn parse_sha256_hex(digits: &str) -> Result<Self> {
        let bytes = hex::decode_lower(digits)
            .filter(|b| b.len() == 32)
            .ok_or_else(|| Error::new(codes::DIGEST_SYNTAX).found(shorten(digits)))?;
        Ok(Self { algorithm: Algorithm::Sha256, bytes })
    }

    /// A claim made of 32 raw SHA-256 bytes (Notary v1 writes them in base64).
    #[must_use]
    pub fn from_sha256_bytes(bytes: [u8; 32]) -> Self {
        Self { algorithm: Algorithm::Sha256, bytes: bytes.to_vec() }
    }

    /// The algorithm named.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Lower-case hexadecimal digits, without the algorithm.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(&self.bytes)
    }

    /// The claimed bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether a computed digest is the claimed one.
    #[must_use]
    pub fn matches(&self, computed: &Digest) -> bool {
        self.algorithm == Algorithm::Sha256 && self.bytes == computed.0
    }

    /// Hashes `bytes` and keeps them if the digest is the claimed one.
    ///
    /// # Errors
    /// [`codes::DIGEST_MISMATCH`] with both digests, or
    /// [`codes::DIGEST_ALGORITHM`] for sha512.
    pub fn check<'a>(&self, bytes: &'a [u8]) -> Result<Matched<'a>> {
        if self.algorithm != Algorithm::Sha256 {
            return Err(Error::new(codes::DIGEST_ALGORITHM).found(self.algorithm.name()));
        }
        let digest = Digest::of(bytes);
        if self.matches(&digest) {
            return Ok(Matched { bytes, digest });
        }
        Err(Error::new(codes::DIGEST_MISMATCH).expected(self.to_string()).found(digest.to_string()))
    }
}

impl fmt::Display for ClaimedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.hex())
    }
}

impl fmt::Debug for ClaimedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "claimed {self}")
    }
}

/// Proof that bytes hash to a claimed digest. Only [`ClaimedDigest::check`]
/// makes one.
#[derive(Clone, Copy, Debug)]
pub struct Matched<'a> {
    bytes: &'a [u8],
    digest: Digest,
}

impl<'a> Matched<'a> {
    /// The bytes that were hashed.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Their digest.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}

/// At most 100 characters of untrusted text, for messages.
#[must_use]
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_object_has_the_digest_everybody_knows() {
        let digest = Digest::of(b"{}");
        assert_eq!(
            digest.to_string(),
            "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
        let claim = ClaimedDigest::parse(&digest.to_string()).unwrap();
        assert_eq!(claim.check(b"{}").unwrap().digest(), digest);
        let error = claim.check(b"{}\n").unwrap_err();
        assert_eq!(error.code(), codes::DIGEST_MISMATCH);
    }

    #[test]
    fn near_misses_are_refused() {
        let hex = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        for text in [
            hex.to_owned(),
            format!("sha256:{}", hex.to_uppercase()),
            format!("sha256:{}", &hex[1..]),
            format!("sha256:{hex}0"),
            format!("SHA256:{hex}"),
            format!("sha512:{hex}"),
            format!("sha256: {hex}"),
            format!("sha256:{hex}\n"),
            format!("sha384:{hex}"),
            String::new(),
        ] {
            assert!(ClaimedDigest::parse(&text).is_err(), "{text:?}");
        }
    }
}
