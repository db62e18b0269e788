//! Public keys of transparency logs: ECDSA P-256 and Ed25519.

use ed25519_dalek::{Signature, VerifyingKey};

use crate::base::digest::Digest;
use crate::model::key::PublicKey;

/// DER of an Ed25519 SubjectPublicKeyInfo up to the key (RFC 8410).
const ED25519_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A log's key.
#[derive(Clone, Debug)]
pub(super) enum LogKey {
    P256(PublicKey),
    Ed25519(VerifyingKey),
}

impl LogKey {
    /// Reads a DER SubjectPublicKeyInfo whose kind is the one announced;
    /// else says why not.
    pub(super) fn parse(details: &str, spki: &[u8]) -> Result<Self, String> {
        match details {
            "PKIX_ECDSA_P256_SHA_256" => {
                PublicKey::from_der(spki).map(Self::P256).map_err(|error| error.sentence())
            }
            "PKIX_ED25519" => spki
                .strip_prefix(&ED25519_PREFIX)
                .and_then(|raw| <&[u8; 32]>::try_from(raw).ok())
                .and_then(|raw| VerifyingKey::from_bytes(raw).ok())
                .filter(|key| !key.is_weak())
                .map(Self::Ed25519)
                .ok_or_else(|| "a malformed Ed25519 key".to_owned()),
            other => Err(format!("a key of kind {}", crate::base::digest::shorten(other))),
        }
    }

    /// The key as DER SubjectPublicKeyInfo.
    pub(super) fn to_spki(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => key.der().to_vec(),
            Self::Ed25519(key) => [ED25519_PREFIX.as_slice(), key.as_bytes()].concat(),
        }
    }

    /// Whether `id` is an id that Rekor derives from this key: SHA-256 of the
    /// DER form, or of `origin LF 0x01 key` for the checkpoints of Rekor v2
    /// (C2SP signed-note, "Key ID").
    pub(super) fn has_id(&self, id: &[u8; 32], origin: &str) -> bool {
        match self {
            Self::P256(key) => key.fingerprint().as_bytes() == id,
            Self::Ed25519(key) => {
                let note = [origin.as_bytes(), b"\n\x01", key.as_bytes()].concat();
                Digest::of(&note).as_bytes() == id || Digest::of(&self.to_spki()).as_bytes() == id
            }
        }
    }

    /// Whether the key made the signature: ASN.1 DER over SHA-256 for P-256,
    /// 64 bytes for Ed25519 (RFC 8032, no small-order components).
    pub(super) fn signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => key.verify_der(bytes, signature).is_ok(),
            Self::Ed25519(key) => Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(bytes, &signature).is_ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};

    fn spki(key: &[u8]) -> Vec<u8> {
        [ED25519_PREFIX.as_slice(), key].concat()
    }

    #[test]
    fn a_log_has_a_strong_key_of_a_known_kind() {
        let signer = SigningKey::from_bytes(&[4; 32]);
        let good = spki(signer.verifying_key().as_bytes());
        let key = LogKey::parse("PKIX_ED25519", &good).unwrap();
        assert_eq!(key.to_spki(), good);
        assert!(key.signed(b"text", &signer.sign(b"text").to_bytes()));
        assert!(!key.signed(b"other", &signer.sign(b"text").to_bytes()));
        assert!(!key.signed(b"text", &signer.sign(b"text").to_bytes()[..63]));
        // A point of small order, under which one signature fits many texts.
        let mut weak = [0; 32];
        weak[0] = 1;
        for wrong in [spki(&weak), spki(&[4; 31]), good[1..].to_vec(), [good.as_slice(), &[0]].concat()] {
            assert!(LogKey::parse("PKIX_ED25519", &wrong).is_err(), "{wrong:x?}");
        }
        assert!(LogKey::parse("PKIX_ECDSA_P256_SHA_256", &good).is_err());
        assert!(LogKey::parse("PKIX_RSA_PKCS1V15_2048_SHA256", &good).is_err());
    }

    #[test]
    fn an_id_is_the_one_of_the_key_and_its_origin() {
        let signer = SigningKey::from_bytes(&[4; 32]);
        let public = *signer.verifying_key().as_bytes();
        let key = LogKey::parse("PKIX_ED25519", &spki(&public)).unwrap();
        let note = Digest::of(&[b"log.example\n\x01".as_slice(), &public].concat());
        assert!(key.has_id(note.as_bytes(), "log.example"));
        assert!(!key.has_id(note.as_bytes(), "other.example"));
        assert!(key.has_id(Digest::of(&spki(&public)).as_bytes(), "log.example"));
        assert!(!key.has_id(Digest::of(&public).as_bytes(), "log.example"));
    }
}
