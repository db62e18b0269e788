//! Rekor v2: the leaf is rebuilt from key, signature and digest.
//!
//! An entry is `hashedrekord` 0.0.2 in canonical JSON
//! (<https://github.com/sigstore/rekor-tiles>). Nothing of the entry's own
//! body is trusted.

use super::codes;
use super::entry::Entry;
use super::signed::Signed;
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::json::Canonical;

/// The bytes of the leaf that records this signature.
pub(super) fn leaf(signed: &Signed) -> Vec<u8> {
    let text = |text: &str| Canonical::text(text);
    let verifier = Canonical::object([
        ("keyDetails", text("PKIX_ECDSA_P256_SHA_256")),
        ("publicKey", Canonical::object([("rawBytes", text(&base64::encode(signed.key().der())))])),
    ]);
    let record = Canonical::object([
        (
            "data",
            Canonical::object([
                ("algorithm", text("SHA2_256")),
                ("digest", text(&base64::encode(signed.digest().as_bytes()))),
            ]),
        ),
        (
            "signature",
            Canonical::object([
                ("content", text(&base64::encode(signed.signature()))),
                ("verifier", verifier),
            ]),
        ),
    ]);
    Canonical::object([
        ("apiVersion", text("0.0.2")),
        ("kind", text("hashedrekord")),
        ("spec", Canonical::object([("hashedRekordV002", record)])),
    ])
    .write()
    .into_bytes()
}

/// The rebuilt leaf; a body that says something else is refused.
pub(super) fn consistent(entry: &Entry, signed: &Signed) -> Result<Vec<u8>> {
    let leaf = leaf(signed);
    match &entry.body {
        Some(body) if *body != leaf => Err(Error::new(codes::LOG_BODY_REBUILT)),
        _ => Ok(leaf),
    }
}
