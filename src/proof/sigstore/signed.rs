//! Proof that the chosen key made a signature, with everything a log entry
//! must agree with.

use super::dsse::Envelope;
use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::encoding::base64;
use crate::base::error::Result;
use crate::base::proof::{Evidence, Proof};
use crate::model::key::PublicKey;

/// Proof that a key signed bytes, or the bytes of a digest. There is no
/// constructor but verification.
#[derive(Clone, Debug)]
pub struct Signed {
    key: PublicKey,
    signature: Vec<u8>,
    digest: ClaimedDigest,
    bytes: Option<Vec<u8>>,
    envelope: Option<EnvelopeParts>,
}

/// The parts of an envelope that some log entries record.
#[derive(Clone, Debug)]
pub(super) struct EnvelopeParts {
    pub(super) payload: Digest,
    pub(super) whole: Option<Digest>,
}

impl Signed {
    /// Verifies a signature over bytes.
    ///
    /// # Errors
    /// The codes of [`crate::model::key`].
    pub fn over_bytes(key: &PublicKey, bytes: &[u8], signature: &[u8]) -> Result<Self> {
        let verified = key.verify_der(bytes, signature)?;
        Ok(Self {
            key: key.clone(),
            signature: signature.to_vec(),
            digest: verified.signed().to_claim(),
            bytes: Some(bytes.to_vec()),
            envelope: None,
        })
    }

    /// Verifies a signature over the bytes that have a digest.
    ///
    /// # Errors
    /// The codes of [`crate::model::key`].
    pub fn over_digest(key: &PublicKey, digest: &ClaimedDigest, signature: &[u8]) -> Result<Self> {
        let verified = key.verify_prehash(digest, signature)?;
        Ok(Self {
            key: key.clone(),
            signature: signature.to_vec(),
            digest: verified.signed().clone(),
            bytes: None,
            envelope: None,
        })
    }

    /// Verifies the signature of an envelope over its pre-authentication
    /// encoding.
    ///
    /// # Errors
    /// The codes of [`crate::model::key`].
    pub fn over_envelope(key: &PublicKey, envelope: &Envelope) -> Result<Self> {
        let parts = EnvelopeParts {
            payload: Digest::of(envelope.payload()),
            whole: envelope.bytes().map(Digest::of),
        };
        let signed = Self::over_bytes(key, &envelope.pae(), envelope.signature())?;
        Ok(Self { envelope: Some(parts), ..signed })
    }

    /// The key that signed.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The signature: ASN.1 DER.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// SHA-256 of the signed bytes.
    #[must_use]
    pub const fn digest(&self) -> &ClaimedDigest {
        &self.digest
    }

    pub(super) const fn envelope(&self) -> Option<&EnvelopeParts> {
        self.envelope.as_ref()
    }
}

impl crate::base::proof::sealed::Sealed for Signed {}

impl Proof for Signed {
    fn evidence(&self) -> Evidence {
        Evidence {
            digest: Some(self.digest.to_string()),
            size: self.bytes.as_ref().map(Vec::len),
            expected: None,
            found: None,
            rule: "ECDSA on P-256 with SHA-256 over exactly these bytes, signature in ASN.1 DER (FIPS 186-5; RFC 3279, section 2.2.3)".to_owned(),
            facts: vec![
                ("key".to_owned(), self.key.fingerprint().to_string()),
                ("signature".to_owned(), base64::encode(&self.signature)),
            ],
            bytes: self.bytes.as_deref().map(base64::encode),
        }
    }
}
