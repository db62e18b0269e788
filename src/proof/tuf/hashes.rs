//! What a signed file says about another file: its hashes and its length.

use super::codes;
use super::file::{File, Form};
use crate::base::digest::{ClaimedDigest, Digest, sha512, shorten};
use crate::base::encoding::{base64, hex};
use crate::base::error::{Error, Result};
use crate::base::json::Node;

/// `{"hashes":{"sha256":B64,…},"length":N}` with `custom` ignored. Hash
/// algorithms other than sha256 and sha512 are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMeta {
    sha256: Option<[u8; 32]>,
    sha512: Option<[u8; 64]>,
    length: u64,
}

impl FileMeta {
    /// Reads one entry of `meta` or `targets`; `place` names it in errors.
    ///
    /// # Errors
    /// [`codes::HASH_FORM`] for a hash of the wrong length, and the codes of
    /// [`crate::base::json::codes`] and [`crate::base::encoding::codes`].
    pub fn read(place: &str, node: &Node<'_>) -> Result<Self> {
        let place = shorten(place);
        let object = node.object(&place)?;
        object.known(&["hashes", "length", "custom"])?;
        let length = object.need_u64("length")?;
        let mut meta = Self { sha256: None, sha512: None, length };
        let Some(hashes) = object.get_some("hashes") else {
            return Ok(meta);
        };
        for member in hashes.object(&object.path("hashes"))?.members() {
            let name: &str = &member.name.value;
            let bytes = base64::decode(member.node.text(name)?).map_err(|e| e.in_place(place.clone()))?;
            let wrong = |expected: &str| {
                Error::new(codes::HASH_FORM)
                    .in_place(place.clone())
                    .expected(expected)
                    .found(format!("{} bytes", bytes.len()))
            };
            match name {
                "sha256" => {
                    meta.sha256 = Some(bytes.as_slice().try_into().map_err(|_| wrong("32 bytes of sha256"))?)
                }
                "sha512" => {
                    meta.sha512 = Some(bytes.as_slice().try_into().map_err(|_| wrong("64 bytes of sha512"))?)
                }
                _ => {}
            }
        }
        Ok(meta)
    }

    /// The length in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The SHA-256 claimed.
    ///
    /// # Errors
    /// [`codes::HASH_FORM`] when there is none.
    pub fn sha256(&self, place: &str) -> Result<ClaimedDigest> {
        self.sha256.map(ClaimedDigest::from_sha256_bytes).ok_or_else(|| {
            Error::new(codes::HASH_FORM).in_place(shorten(place)).expected("sha256").found("none")
        })
    }

    /// Holds bytes against the length and every known hash.
    ///
    /// # Errors
    /// [`codes::HASH`], [`codes::LENGTH`], [`codes::SHA512`] or
    /// [`codes::HASH_FORM`], without a place.
    pub fn check_bytes(&self, bytes: &[u8]) -> Result<Digest> {
        self.check(bytes, Digest::of(bytes))
    }

    fn check(&self, bytes: &[u8], digest: Digest) -> Result<Digest> {
        let expected = self.sha256("this file")?;
        if !expected.matches(&digest) {
            return Err(Error::new(codes::HASH).expected(expected.hex()).found(digest.hex()));
        }
        if u64::try_from(bytes.len()) != Ok(self.length) {
            return Err(Error::new(codes::LENGTH)
                .expected(self.length.to_string())
                .found(bytes.len().to_string()));
        }
        match self.sha512 {
            Some(expected) if expected != sha512(bytes) => Err(Error::new(codes::SHA512)
                .expected(hex::encode(&expected))
                .found(hex::encode(&sha512(bytes)))),
            _ => Ok(digest),
        }
    }

    /// Holds a metadata file against the entry: first as it was given, then
    /// in the layout Notary writes.
    ///
    /// # Errors
    /// As [`FileMeta::check_bytes`]; of the two the more telling one.
    pub(super) fn check_file(&self, file: &File) -> Result<Form> {
        let (as_given, recompacted) = file.digests();
        let given = match self.check(file.bytes(), as_given) {
            Ok(digest) => return Ok(Form::AsGiven(digest)),
            Err(error) => error,
        };
        match self.check(file.recompacted(), recompacted) {
            Ok(digest) => Ok(Form::Recompacted(digest)),
            Err(error) if error.code() != codes::HASH => Err(error),
            Err(_) => Err(given),
        }
    }
}
