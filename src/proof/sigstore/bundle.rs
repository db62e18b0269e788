//! The Sigstore bundle, versions 0.1 to 0.3, in protobuf-JSON.
//!
//! <https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto>

use super::codes;
use super::dsse::Envelope;
use super::entry::Entry;
use super::proto;
use crate::base::digest::{ClaimedDigest, shorten};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Object};
use crate::base::limits;

/// The media type cosign 3 writes.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// Versions of the bundle format, which differ in the log evidence demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 0.1: a log entry has a signed entry timestamp.
    V01,
    /// 0.2: a log entry has an inclusion proof with a checkpoint.
    V02,
    /// 0.3: as 0.2; a certificate stands alone, without a chain.
    V03,
}

/// A bundle: signature, verification material, log entries. All of it is
/// claims until a key or a log's key has verified it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    material: Material,
    entries: Vec<Entry>,
    content: Content,
}

/// What the signature is to be verified with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Material {
    /// A key that the verifier has; the hint only says which one.
    Key {
        /// Base64 of the SHA-256 of the DER key, as cosign writes it.
        hint: Option<String>,
    },
    /// X.509 certificates, DER, leaf first.
    Certificate(Vec<Vec<u8>>),
}

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A signature over a file.
    Message(MessageSignature),
    /// A signed in-toto statement.
    Dsse(Envelope),
}

/// A signature over a file that is not in the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSignature {
    /// The file's digest, as claimed.
    pub digest: Option<ClaimedDigest>,
    /// ASN.1 DER.
    pub signature: Vec<u8>,
}

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    /// The codes of JSON, base64 and of [`super::codes`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let node = json::parse(bytes)?;
        let object = node.object("")?;
        let version = version(object.need_text("mediaType")?)?;
        proto::only(&object, &["mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"])?;
        let verification = object.need_object("verificationMaterial")?;
        let (material, entries) = material(&verification, version)?;
        let message = proto::some_object(&object, "messageSignature")?;
        let envelope = proto::some_object(&object, "dsseEnvelope")?;
        let content = match (message, envelope) {
            (Some(message), None) => Content::Message(MessageSignature::read(&message)?),
            (None, Some(envelope)) => Content::Dsse(Envelope::read(&envelope)?),
            (message, _) => {
                let found = if message.is_some() { "both" } else { "neither" };
                return Err(malformed("content", "one of messageSignature and dsseEnvelope", found));
            }
        };
        Ok(Self { material, entries, content })
    }

    /// What the signature is to be verified with.
    #[must_use]
    pub const fn material(&self) -> &Material {
        &self.material
    }

    /// The log entries, as claimed.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was signed.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }
}

fn malformed(place: &str, expected: &str, found: impl Into<String>) -> Error {
    Error::new(codes::BUNDLE_MALFORMED).in_place(place).expected(expected).found(found)
}

fn version(media_type: &str) -> Result<Version> {
    Ok(match media_type {
        "application/vnd.dev.sigstore.bundle+json;version=0.1" => Version::V01,
        "application/vnd.dev.sigstore.bundle+json;version=0.2" => Version::V02,
        "application/vnd.dev.sigstore.bundle+json;version=0.3" | MEDIA_TYPE => Version::V03,
        other if is_patch_of_v03(other) => Version::V03,
        other => return Err(Error::new(codes::BUNDLE_VERSION).expected(MEDIA_TYPE).found(shorten(other))),
    })
}

/// `application/vnd.dev.sigstore.bundle.v0.3.N+json`.
fn is_patch_of_v03(media_type: &str) -> bool {
    media_type
        .strip_prefix("application/vnd.dev.sigstore.bundle.v0.3.")
        .and_then(|rest| rest.strip_suffix("+json"))
        .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()))
}

fn material(object: &Object<'_, '_>, version: Version) -> Result<(Material, Vec<Entry>)> {
    proto::only(
        object,
        &["publicKey", "x509CertificateChain", "certificate", "tlogEntries", "timestampVerificationData"],
    )?;
    let key = proto::some_object(object, "publicKey")?;
    let chain = proto::some_object(object, "x509CertificateChain")?;
    let certificate = proto::some_object(object, "certificate")?;
    let material = match (key, chain, certificate) {
        (Some(key), None, None) => {
            proto::only(&key, &["hint"])?;
            Material::Key { hint: key.text("hint")?.filter(|hint| !hint.is_empty()).map(str::to_owned) }
        }
        (key, chain, certificate) => Material::Certificate(certificates(key, chain, certificate)?),
    };
    let nodes = proto::some_array(object, "tlogEntries")?;
    limits::within("log entries", nodes.len(), limits::LOG_ENTRIES)?;
    let mut entries = Vec::new();
    for (i, node) in nodes.iter().enumerate() {
        let place = format!("tlogEntries[{i}]");
        let entry = Entry::read(&node.object(&place)?)?;
        demand(&entry, version).map_err(|error| error.in_place(&place))?;
        entries.push(entry);
    }
    timestamps(object)?;
    Ok((material, entries))
}

/// The certificates, where a bundle has no key hint alone.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn certificates(
    key: Option<Object<'_, '_>>,
    chain: Option<Object<'_, '_>>,
    certificate: Option<Object<'_, '_>>,
) -> Result<Vec<Vec<u8>>> {
    let wrong = |found: &str| Err(malformed("verificationMaterial", "a key hint or a certificate", found));
    match (key, chain, certificate) {
        (None, Some(chain), None) => {
            proto::only(&chain, &["certificates"])?;
            let certificates = proto::some_array(&chain, "certificates")?;
            if certificates.is_empty() {
                return Err(malformed("x509CertificateChain", "a certificate", "an empty list"));
            }
            limits::within("certificates", certificates.len(), limits::LOG_ENTRIES)?;
            let place = chain.path("certificates");
            certificates.iter().map(|node| read_certificate(&node.object(&place)?)).collect()
        }
        (None, None, Some(certificate)) => Ok(vec![read_certificate(&certificate)?]),
        (None, None, None) => wrong("neither"),
        _ => wrong("several of them"),
    }
}

fn read_certificate(object: &Object<'_, '_>) -> Result<Vec<u8>> {
    proto::only(object, &["rawBytes"])?;
    proto::need_bytes(object, "rawBytes")
}

/// The log evidence that a bundle version demands of each entry.
fn demand(entry: &Entry, version: Version) -> Result<()> {
    let missing = |what: &str| Err(Error::new(codes::BUNDLE_LOG_EVIDENCE).expected(what));
    match (version, &entry.set, &entry.proof) {
        (Version::V01, None, _) => missing("a signed entry timestamp"),
        (Version::V02 | Version::V03, _, None) => missing("an inclusion proof"),
        (Version::V02 | Version::V03, _, Some(proof)) if proof.checkpoint.is_none() => {
            missing("a checkpoint")
        }
        _ => Ok(()),
    }
}

/// RFC 3161 responses are not examined, only that each is one.
fn timestamps(object: &Object<'_, '_>) -> Result<()> {
    let Some(data) = proto::some_object(object, "timestampVerificationData")? else {
        return Ok(());
    };
    proto::only(&data, &["rfc3161Timestamps"])?;
    let nodes = proto::some_array(&data, "rfc3161Timestamps")?;
    limits::within("timestamps", nodes.len(), limits::TIMESTAMPS)?;
    let place = data.path("rfc3161Timestamps");
    for node in nodes {
        let object = node.object(&place)?;
        proto::only(&object, &["signedTimestamp"])?;
        proto::need_bytes(&object, "signedTimestamp")?;
    }
    Ok(())
}

impl MessageSignature {
    fn read(object: &Object<'_, '_>) -> Result<Self> {
        proto::only(object, &["messageDigest", "signature"])?;
        let digest = match proto::some_object(object, "messageDigest")? {
            Some(digest) => {
                proto::only(&digest, &["algorithm", "digest"])?;
                let algorithm = digest.need_text("algorithm")?;
                if algorithm != "SHA2_256" {
                    return Err(
                        Error::new(crate::base::digest::codes::DIGEST_ALGORITHM).found(shorten(algorithm))
                    );
                }
                let bytes = proto::need_hash(&digest, "digest", codes::BUNDLE_MALFORMED)?;
                Some(ClaimedDigest::from_sha256_bytes(bytes))
            }
            None => None,
        };
        Ok(Self { digest, signature: proto::need_bytes(object, "signature")? })
    }
}
