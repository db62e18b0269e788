//! ECDSA P-256 public keys: which key is this, and did it sign?
//!
//! A key is accepted in exactly one form, an uncompressed
//! SubjectPublicKeyInfo of 91 bytes (RFC 5480), as DER or as one PEM block
//! labelled `PUBLIC KEY`. Everything else is named and refused.

use core::fmt;

use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};

use crate::base::digest::{self, Algorithm, ClaimedDigest, Digest};
use crate::base::encoding::{base64, der, pem};
use crate::base::error::{Error, Result};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// A key of a kind this program does not verify with.
        KEY_UNSUPPORTED = "key-unsupported", NotChecked,
            "This key is {found}; only ECDSA P-256 is supported.",
            "Ask the publisher for an ECDSA P-256 key, the kind cosign makes by default.";
        /// A private key where a public one belongs.
        KEY_PRIVATE = "key-private", NotChecked,
            "This is a private key. It was not used, kept or shown.",
            "Remove it from wherever you copied it to, and give the public key.";
        /// A certificate where a key belongs.
        KEY_CERTIFICATE = "key-certificate", NotChecked,
            "This is a certificate, not a public key.",
            "Give the publisher's public key, or check by identity and issuer instead.";
        /// Text or bytes that are not a key at all.
        KEY_MALFORMED = "key-malformed", NotChecked,
            "This is not a public key: {found}.",
            "Give one PEM block that begins with -----BEGIN PUBLIC KEY-----.";
        /// Coordinates that are not a point of the curve.
        KEY_POINT = "key-point", NotChecked,
            "The key is damaged: its point is not on the P-256 curve.",
            "Get the key from its publisher again.";
        /// A signature value that is not strict DER or is out of range.
        SIGNATURE_MALFORMED = "signature-malformed", NotChecked,
            "The signature is not a well-formed ECDSA value.",
            "Fetch the signature again from where the publisher put it.";
        /// A well-formed signature that this key did not make over these bytes.
        SIGNATURE_INVALID = "signature-invalid", Contradicted,
            "This key did not sign these bytes.",
            "Check that you have the publisher's key and the complete signature.";
    }
}

/// DER of a P-256 SubjectPublicKeyInfo up to the point (RFC 5480).
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// An ECDSA P-256 public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    spki: Vec<u8>,
}

/// Proof that a key signed bytes. Only [`PublicKey::verify_der`] and
/// [`PublicKey::verify_raw`] make one.
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    fingerprint: Digest,
    signed: Digest,
}

impl VerifiedSignature {
    /// SHA-256 of the DER SubjectPublicKeyInfo that verified.
    #[must_use]
    pub const fn fingerprint(&self) -> Digest {
        self.fingerprint
    }

    /// SHA-256 of the signed bytes.
    #[must_use]
    pub const fn signed(&self) -> Digest {
        self.signed
    }
}

/// Proof that a key signed the bytes that have a given SHA-256 digest, for
/// bytes that are not at hand. Only [`PublicKey::verify_prehash`] makes one.
#[derive(Clone, Debug)]
pub struct VerifiedPrehash {
    fingerprint: Digest,
    signed: ClaimedDigest,
}

impl VerifiedPrehash {
    /// SHA-256 of the DER SubjectPublicKeyInfo that verified.
    #[must_use]
    pub const fn fingerprint(&self) -> Digest {
        self.fingerprint
    }

    /// The digest of the signed bytes, as it was given.
    #[must_use]
    pub const fn signed(&self) -> &ClaimedDigest {
        &self.signed
    }
}

impl PublicKey {
    /// Reads a key file: one PEM block, or DER.
    ///
    /// # Errors
    /// The codes of [`codes`], naming what was given instead.
    pub fn parse(file: &[u8]) -> Result<Self> {
        if file.first() == Some(&der::SEQUENCE) {
            return Self::from_der(file);
        }
        let malformed = |found: &str| Error::new(codes::KEY_MALFORMED).found(found);
        let text = core::str::from_utf8(file).map_err(|_| malformed("bytes that are neither PEM nor DER"))?;
        if text.contains("PRIVATE KEY-----") {
            return Err(Error::new(codes::KEY_PRIVATE));
        }
        let block = pem::parse_one(text)
            .map_err(|error| malformed(error.found_text().unwrap_or("text that is not PEM")))?;
        match block.label.as_str() {
            "PUBLIC KEY" => Self::from_der(&block.contents),
            "CERTIFICATE" | "TRUSTED CERTIFICATE" => Err(Error::new(codes::KEY_CERTIFICATE)),
            "RSA PUBLIC KEY" => Err(Error::new(codes::KEY_UNSUPPORTED).found("RSA")),
            other => Err(malformed(&format!("a PEM block of {other}"))),
        }
    }

    /// Reads a DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// The codes of [`codes`], naming what was given instead.
    pub fn from_der(spki: &[u8]) -> Result<Self> {
        let Some(point) = spki.strip_prefix(&SPKI_PREFIX) else {
            return Err(explain(spki));
        };
        if point.len() != 65 {
            return Err(Error::new(codes::KEY_MALFORMED).found("a key of the wrong length"));
        }
        let key = VerifyingKey::from_sec1_bytes(point).map_err(|_| Error::new(codes::KEY_POINT))?;
        Ok(Self { key, spki: spki.to_vec() })
    }

    /// DER SubjectPublicKeyInfo, 91 bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.spki
    }

    /// PEM text, as `cosign generate-key-pair` and OpenSSL write it.
    #[must_use]
    pub fn pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.spki)
    }

    /// SHA-256 of the DER form, the fingerprint that publishers print.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        Digest::of(&self.spki)
    }

    /// What cosign 3 writes as `publicKey.hint`: base64 of the fingerprint.
    #[must_use]
    pub fn hint(&self) -> String {
        base64::encode(self.fingerprint().as_bytes())
    }

    /// The key id in Notary v1 metadata: SHA-256 of the canonical JSON of the
    /// key object (keytype `ecdsa`, private part `null`).
    #[must_use]
    pub fn tuf_key_id(&self) -> Digest {
        let object = format!(
            r#"{{"keytype":"ecdsa","keyval":{{"private":null,"public":"{}"}}}}"#,
            base64::encode(&self.spki)
        );
        Digest::of(object.as_bytes())
    }

    /// Verifies an ASN.1 DER signature (RFC 3279, section 2.2.3) with SHA-256.
    /// High `s` is valid, as it is for Go and OpenSSL.
    ///
    /// # Errors
    /// [`codes::SIGNATURE_MALFORMED`] or [`codes::SIGNATURE_INVALID`].
    pub fn verify_der(&self, signed: &[u8], signature: &[u8]) -> Result<VerifiedSignature> {
        let signature = Signature::from_der(signature).map_err(|_| Error::new(codes::SIGNATURE_MALFORMED))?;
        self.verify(signed, &signature)
    }

    /// Verifies an ASN.1 DER signature over bytes of which only the SHA-256
    /// digest is known: the caller vouches for the digest, not for the bytes.
    ///
    /// # Errors
    /// [`codes::SIGNATURE_MALFORMED`], [`codes::SIGNATURE_INVALID`], or
    /// `digest-algorithm-unsupported` for a digest that is not SHA-256.
    pub fn verify_prehash(&self, signed: &ClaimedDigest, signature: &[u8]) -> Result<VerifiedPrehash> {
        if signed.algorithm() != Algorithm::Sha256 {
            return Err(Error::new(digest::codes::DIGEST_ALGORITHM).found(signed.algorithm().name()));
        }
        let signature = Signature::from_der(signature).map_err(|_| Error::new(codes::SIGNATURE_MALFORMED))?;
        match self.key.verify_prehash(signed.as_bytes(), &signature) {
            Ok(()) => Ok(VerifiedPrehash { fingerprint: self.fingerprint(), signed: signed.clone() }),
            Err(_) => Err(Error::new(codes::SIGNATURE_INVALID)),
        }
    }

    /// Verifies a signature of 64 bytes `r || s` (Notary v1) with SHA-256.
    ///
    /// # Errors
    /// [`codes::SIGNATURE_MALFORMED`] or [`codes::SIGNATURE_INVALID`].
    pub fn verify_raw(&self, signed: &[u8], signature: &[u8]) -> Result<VerifiedSignature> {
        let signature =
            Signature::from_slice(signature).map_err(|_| Error::new(codes::SIGNATURE_MALFORMED))?;
        self.verify(signed, &signature)
    }

    fn verify(&self, signed: &[u8], signature: &Signature) -> Result<VerifiedSignature> {
        match self.key.verify(signed, signature) {
            Ok(()) => Ok(VerifiedSignature { fingerprint: self.fingerprint(), signed: Digest::of(signed) }),
            Err(_) => Err(Error::new(codes::SIGNATURE_INVALID)),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

/// Names the kind of a SubjectPublicKeyInfo that is not the accepted one.
fn explain(spki: &[u8]) -> Error {
    let Ok((algorithm, curve)) = algorithm(spki) else {
        return Error::new(codes::KEY_MALFORMED).found("DER that is not a SubjectPublicKeyInfo");
    };
    let kind = match (algorithm, curve) {
        ([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, ..], _) => "RSA",
        ([0x2b, 0x65, 0x70], _) => "Ed25519",
        ([0x2b, 0x65, 0x71], _) => "Ed448",
        ([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], curve) => match curve {
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] => {
                return Error::new(codes::KEY_MALFORMED)
                    .found("a P-256 key that is not 65 bytes of uncompressed point, with nothing after it");
            }
            [0x2b, 0x81, 0x04, 0x00, 0x22] => "ECDSA P-384",
            [0x2b, 0x81, 0x04, 0x00, 0x23] => "ECDSA P-521",
            [0x2b, 0x81, 0x04, 0x00, 0x0a] => "ECDSA secp256k1",
            _ => "ECDSA on another curve",
        },
        _ => "of an unknown kind",
    };
    Error::new(codes::KEY_UNSUPPORTED).found(kind)
}

/// Algorithm and curve identifiers of a SubjectPublicKeyInfo, as OID contents.
fn algorithm(spki: &[u8]) -> Result<(&[u8], &[u8])> {
    let mut file = der::Reader::new(spki);
    let mut spki = der::Reader::new(file.element(der::SEQUENCE)?);
    let mut identifier = der::Reader::new(spki.element(der::SEQUENCE)?);
    let algorithm = identifier.element(der::OID)?;
    let curve = match identifier.peek() {
        Some(der::OID) => identifier.element(der::OID)?,
        _ => &[],
    };
    spki.element(der::BIT_STRING)?;
    Ok((algorithm, curve))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEBDIS: &[u8] = include_bytes!("../../webdis.pub");

    #[test]
    fn webdis_pub_is_the_documented_key() {
        let key = PublicKey::parse(WEBDIS).unwrap();
        assert_eq!(
            key.fingerprint().hex(),
            "c921084265695461eef46c6a5953b3dfc501c0f6f82f54ff05bdddb65670bc59"
        );
        assert_eq!(key.hint(), "ySEIQmVpVGHu9GxqWVOz38UBwPb4L1T/Bb3dtlZwvFk=");
        assert_eq!(key.pem().as_bytes(), WEBDIS);
        assert_eq!(PublicKey::from_der(key.der()).unwrap(), key);
    }

    #[test]
    fn what_is_no_public_key_of_this_kind_is_named() {
        let of = |label: &str| pem::write(label, PublicKey::parse(WEBDIS).unwrap().der());
        for (label, code) in [
            ("EC PRIVATE KEY", codes::KEY_PRIVATE),
            ("ENCRYPTED SIGSTORE PRIVATE KEY", codes::KEY_PRIVATE),
            ("CERTIFICATE", codes::KEY_CERTIFICATE),
            ("RSA PUBLIC KEY", codes::KEY_UNSUPPORTED),
            ("PGP SIGNATURE", codes::KEY_MALFORMED),
        ] {
            assert_eq!(PublicKey::parse(of(label).as_bytes()).unwrap_err().code(), code, "{label}");
        }
        assert!(PublicKey::parse(of("PUBLIC KEY").as_bytes()).is_ok());
    }

    #[test]
    fn another_point_is_refused_not_accepted() {
        let key = PublicKey::parse(WEBDIS).unwrap();
        let mut der = key.der().to_vec();
        *der.last_mut().unwrap() ^= 1;
        assert_eq!(PublicKey::from_der(&der).unwrap_err().code(), codes::KEY_POINT);
        der.push(0);
        assert!(PublicKey::from_der(&der).is_err());
    }
}
