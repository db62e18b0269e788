//! Verifying image signatures with a key the user chose.

use super::annotations::Annotations;
use super::codes;
use super::image::{Form, SignedImage};
use super::payload::Payload;
use super::statement::Statement;
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::model::key::{self, PublicKey};
use crate::proof::sigstore::{self, Bundle, Content, Envelope, Material, Signed};

/// Verifies a simple-signing payload.
///
/// # Errors
/// `identity-not-supported-yet` if a certificate was attached; the codes of
/// [`crate::model::key`] if the key did not sign; the codes of this module if it
/// signed something else than an image signature.
pub fn verify_payload(payload: &[u8], annotations: &Annotations, key: &PublicKey) -> Result<SignedImage> {
    limits::within("a payload", payload.len(), limits::PAYLOAD_BYTES)?;
    if annotations.has_certificate() {
        return Err(Error::new(sigstore::codes::IDENTITY));
    }
    let signed = Signed::over_bytes(key, payload, &annotations.signature()?)?;
    let claims = Payload::parse(payload)?;
    Ok(SignedImage::simple(signed, payload, claims, annotations.entry.clone()))
}

/// Verifies a bundle over an in-toto statement of the type demanded
/// ([`SIGN_V1`](super::SIGN_V1) for image signatures).
///
/// # Errors
/// `identity-not-supported-yet` for certificates, [`codes::FILE_BUNDLE`] for
/// bundles over files, [`codes::ATTESTATION`] for statements of another type,
/// and as [`verify_payload`].
pub fn verify_bundle(bundle: &Bundle, key: &PublicKey, expected_predicate: &str) -> Result<SignedImage> {
    let hint = key_hint(bundle)?;
    let Content::Dsse(envelope) = bundle.content() else {
        return Err(Error::new(codes::FILE_BUNDLE));
    };
    let signed = Signed::over_envelope(key, envelope).map_err(|error| name_key(error, key, hint))?;
    let claims = demanded(envelope, expected_predicate)?;
    let entries = bundle.entries().iter().cloned().map(Ok).collect_vec();
    Ok(SignedImage::statement(signed, Form::Bundle, envelope.payload(), claims, entries))
}

/// Verifies a bare envelope with its layer annotations (a legacy `.att`).
///
/// # Errors
/// As [`verify_bundle`].
pub fn verify_envelope(
    envelope: &[u8],
    annotations: &Annotations,
    key: &PublicKey,
    expected_predicate: &str,
) -> Result<SignedImage> {
    if annotations.has_certificate() {
        return Err(Error::new(sigstore::codes::IDENTITY));
    }
    let envelope = Envelope::parse(envelope)?;
    let signed = Signed::over_envelope(key, &envelope)?;
    let claims = demanded(&envelope, expected_predicate)?;
    let entries = annotations.entry.clone().into_iter().collect_vec();
    Ok(SignedImage::statement(signed, Form::Envelope, envelope.payload(), claims, entries))
}

/// The hint of a bundle that is to be verified with a key.
pub(super) fn key_hint(bundle: &Bundle) -> Result<Option<&str>> {
    match bundle.material() {
        Material::Key { hint } => Ok(hint.as_deref()),
        Material::Certificate(_) => Err(Error::new(sigstore::codes::IDENTITY)),
    }
}

/// Adds to a failed signature which key its hint names. The hint decides
/// nothing: it is not signed.
pub(super) fn name_key(error: Error, key: &PublicKey, hint: Option<&str>) -> Error {
    match hint {
        Some(hint) if error.code() == key::codes::SIGNATURE_INVALID && hint != key.hint() => {
            error.expected(format!("key {}", key.hint())).found(format!("key {}", shorten(hint)))
        }
        _ => error,
    }
}

fn demanded(envelope: &Envelope, expected: &str) -> Result<Statement> {
    let statement = Statement::parse(envelope.payload())?;
    if statement.predicate_type == expected {
        return Ok(statement);
    }
    Err(Error::new(codes::ATTESTATION).expected(expected).found(shorten(&statement.predicate_type)))
}
