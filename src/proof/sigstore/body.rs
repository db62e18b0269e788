//! Rekor v1: does the logged body record this key, signature and digest?
//!
//! The check most often forgotten (CVE-2022-36056, CVE-2026-22703): a valid
//! entry about something else proves nothing about this signature.

use super::codes;
use super::entry::{Entry, KindVersion};
use super::proto;
use super::signed::Signed;
use crate::base::digest::{ClaimedDigest, shorten};
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::json::{self, Object};
use crate::model::key::PublicKey;

/// Checks the entry's body against the signature and returns the body and
/// its kind.
pub(super) fn consistent<'e>(entry: &'e Entry, signed: &Signed) -> Result<(&'e [u8], KindVersion)> {
    let body = entry.body.as_deref().ok_or_else(|| malformed("canonicalizedBody", "present", "absent"))?;
    let node = json::parse(body).map_err(|error| error.in_place("log entry body"))?;
    let object = node.object("log entry body")?;
    object.known(&["apiVersion", "kind", "spec"])?;
    let found = KindVersion {
        kind: object.need_text("kind")?.to_owned(),
        version: object.need_text("apiVersion")?.to_owned(),
    };
    if let Some(said) = entry.kind.as_ref().filter(|said| **said != found) {
        return Err(Error::new(codes::LOG_BODY_KIND)
            .expected(shorten(&said.to_string()))
            .found(shorten(&found.to_string())));
    }
    let spec = object.need_object("spec")?;
    match (found.kind.as_str(), found.version.as_str()) {
        ("hashedrekord", "0.0.1") => hashedrekord(&spec, signed)?,
        ("rekord", "0.0.1") => rekord(&spec, signed)?,
        ("dsse", "0.0.1") => dsse(&spec, signed)?,
        ("intoto", "0.0.2") => intoto_v002(&spec, signed)?,
        ("intoto", "0.0.1") => intoto_v001(&spec, signed)?,
        _ => return Err(Error::new(codes::LOG_KIND).found(shorten(&found.to_string()))),
    }
    Ok((body, found))
}

fn malformed(place: &str, expected: &str, found: &str) -> Error {
    Error::new(codes::LOG_ENTRY_MALFORMED).in_place(place).expected(expected).found(shorten(found))
}

/// `hashedrekord` 0.0.1: data.hash, signature.content, signature.publicKey.
fn hashedrekord(spec: &Object<'_, '_>, signed: &Signed) -> Result<()> {
    spec.known(&["data", "signature"])?;
    let data = spec.need_object("data")?;
    data.known(&["hash"])?;
    let signature = spec.need_object("signature")?;
    signature.known(&["content", "publicKey"])?;
    same_signature(&proto::need_bytes(&signature, "content")?, signed)?;
    let key = signature.need_object("publicKey")?;
    key.known(&["content"])?;
    same_key(&proto::need_bytes(&key, "content")?, signed)?;
    same_digest(&data, "hash", |claim| claim == signed.digest())
}

/// `rekord` 0.0.1, the kind before `hashedrekord`; only its x509 format.
fn rekord(spec: &Object<'_, '_>, signed: &Signed) -> Result<()> {
    let signature = spec.need_object("signature")?;
    signature.known(&["content", "publicKey", "format"])?;
    let format = signature.need_text("format")?;
    if format != "x509" {
        return Err(Error::new(codes::LOG_KIND).found(format!("rekord with {}", shorten(format))));
    }
    hashedrekord(spec, signed)
}

/// `dsse` 0.0.1: payloadHash and exactly one signature with its verifier.
/// The envelope hash depends on how the envelope was printed and is not used.
fn dsse(spec: &Object<'_, '_>, signed: &Signed) -> Result<()> {
    spec.known(&["envelopeHash", "payloadHash", "signatures"])?;
    let parts = signed.envelope().ok_or_else(|| Error::new(codes::LOG_BODY_DIGEST))?;
    let signatures = spec.need_array("signatures")?;
    let [signature] = signatures else {
        return Err(malformed("signatures", "one signature", &signatures.len().to_string()));
    };
    let signature = signature.object("signatures")?;
    signature.known(&["signature", "verifier"])?;
    same_signature(&proto::need_bytes(&signature, "signature")?, signed)?;
    same_key(&proto::need_bytes(&signature, "verifier")?, signed)?;
    same_digest(spec, "payloadHash", |claim| claim.matches(&parts.payload))
}

/// `intoto` 0.0.2: the signature is base64 of its base64 text.
fn intoto_v002(spec: &Object<'_, '_>, signed: &Signed) -> Result<()> {
    let parts = signed.envelope().ok_or_else(|| Error::new(codes::LOG_BODY_DIGEST))?;
    let content = spec.need_object("content")?;
    content.known(&["envelope", "hash", "payloadHash"])?;
    let envelope = content.need_object("envelope")?;
    envelope.known(&["payloadType", "signatures", "payload"])?;
    let signatures = envelope.need_array("signatures")?;
    let [signature] = signatures else {
        return Err(malformed("signatures", "one signature", &signatures.len().to_string()));
    };
    let signature = signature.object("signatures")?;
    signature.known(&["sig", "publicKey", "keyid"])?;
    let text = proto::need_bytes(&signature, "sig")?;
    let text =
        core::str::from_utf8(&text).map_err(|_| malformed("sig", "base64 of base64", "other bytes"))?;
    same_signature(&base64::decode(text)?, signed)?;
    same_key(&proto::need_bytes(&signature, "publicKey")?, signed)?;
    same_digest(&content, "payloadHash", |claim| claim.matches(&parts.payload))
}

/// `intoto` 0.0.1: the hash of the whole envelope, and the key. The envelope
/// holds the signature.
fn intoto_v001(spec: &Object<'_, '_>, signed: &Signed) -> Result<()> {
    spec.known(&["content", "publicKey"])?;
    let whole = signed.envelope().and_then(|parts| parts.whole).ok_or_else(|| {
        Error::new(codes::LOG_KIND)
            .found("intoto 0.0.1, which records the bytes of an envelope that is not here")
    })?;
    same_key(&proto::need_bytes(spec, "publicKey")?, signed)?;
    let content = spec.need_object("content")?;
    content.known(&["hash", "payloadHash", "envelope"])?;
    same_digest(&content, "hash", |claim| claim.matches(&whole))
}

fn same_signature(logged: &[u8], signed: &Signed) -> Result<()> {
    if logged == signed.signature() {
        return Ok(());
    }
    Err(Error::new(codes::LOG_BODY_SIGNATURE)
        .expected(base64::encode(signed.signature()))
        .found(shorten(&base64::encode(logged))))
}

/// The logged verifier must be a public key, not a certificate, and the one
/// that signed.
fn same_key(pem: &[u8], signed: &Signed) -> Result<()> {
    let wrong = |found: String| {
        Err(Error::new(codes::LOG_BODY_KEY).expected(signed.key().fingerprint().to_string()).found(found))
    };
    match PublicKey::parse(pem) {
        Ok(key) if key == *signed.key() => Ok(()),
        Ok(key) => wrong(key.fingerprint().to_string()),
        Err(error) => wrong(error.sentence()),
    }
}

/// A member `{"algorithm": "sha256", "value": hex}`.
fn same_digest(object: &Object<'_, '_>, name: &str, same: impl Fn(&ClaimedDigest) -> bool) -> Result<()> {
    let hash = object.need_object(name)?;
    hash.known(&["algorithm", "value"])?;
    let algorithm = hash.need_text("algorithm")?;
    if algorithm != "sha256" {
        return Err(Error::new(codes::LOG_BODY_DIGEST).expected("sha256").found(shorten(algorithm)));
    }
    let value = hash.need_text("value")?;
    let claim = ClaimedDigest::parse_sha256_hex(value)
        .map_err(|_| malformed(name, "64 lower-case hexadecimal digits", value))?;
    if same(&claim) {
        return Ok(());
    }
    Err(Error::new(codes::LOG_BODY_DIGEST).found(claim.to_string()))
}

/// The digest and the signature that an entry's `hashedrekord` body records:
/// claims, for restoring what `cosign verify` printed.
pub(crate) fn recorded(entry: &Entry) -> Result<(ClaimedDigest, Vec<u8>)> {
    let body = entry.body.as_deref().unwrap_or_default();
    let node = json::parse(body).map_err(|error| error.in_place("log entry body"))?;
    let object = node.object("log entry body")?;
    let kind = object.need_text("kind")?;
    if !matches!(kind, "hashedrekord" | "rekord") {
        return Err(Error::new(codes::LOG_KIND).found(shorten(kind)));
    }
    let spec = object.need_object("spec")?;
    let hash = spec.need_object("data")?.need_object("hash")?.need_text("value")?;
    let claim = ClaimedDigest::parse_sha256_hex(hash)
        .map_err(|_| malformed("hash", "64 lower-case hexadecimal digits", hash))?;
    Ok((claim, proto::need_bytes(&spec.need_object("signature")?, "content")?))
}
