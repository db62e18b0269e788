//! One entry of a transparency log as it travels with a signature.

use super::codes;
use super::proto;
use crate::base::digest::shorten;
use crate::base::encoding::{base64, hex};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Node, Object};
use crate::base::limits;

/// A log entry: claims, until [`super::log`] has checked them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(super) log_id: [u8; 32],
    pub(super) log_index: u64,
    pub(super) kind: Option<KindVersion>,
    pub(super) integrated_time: u64,
    pub(super) set: Option<Vec<u8>>,
    pub(super) proof: Option<InclusionProof>,
    pub(super) body: Option<Vec<u8>>,
}

/// Kind and version of an entry, for example `hashedrekord` `0.0.1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindVersion {
    /// `hashedrekord`, `dsse`, `intoto`, `rekord`.
    pub kind: String,
    /// `0.0.1`, `0.0.2`.
    pub version: String,
}

impl core::fmt::Display for KindVersion {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.kind, self.version)
    }
}

/// An inclusion proof with its checkpoint (RFC 9162, section 2.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    pub(super) index: u64,
    pub(super) root: Vec<u8>,
    pub(super) size: u64,
    pub(super) hashes: Vec<[u8; 32]>,
    pub(super) checkpoint: Option<String>,
}

impl Entry {
    /// Reads a `tlogEntries` element of a bundle.
    pub(super) fn read(object: &Object<'_, '_>) -> Result<Self> {
        proto::only(
            object,
            &[
                "logIndex",
                "logId",
                "kindVersion",
                "integratedTime",
                "inclusionPromise",
                "inclusionProof",
                "canonicalizedBody",
            ],
        )?;
        let log_id = object.need_object("logId")?;
        proto::only(&log_id, &["keyId"])?;
        let kind = object.need_object("kindVersion")?;
        proto::only(&kind, &["kind", "version"])?;
        let set = match proto::some_object(object, "inclusionPromise")? {
            Some(promise) => {
                proto::only(&promise, &["signedEntryTimestamp"])?;
                Some(proto::need_bytes(&promise, "signedEntryTimestamp")?)
            }
            None => None,
        };
        let body = proto::some_bytes(object, "canonicalizedBody")?.filter(|body| !body.is_empty());
        within_body(body.as_deref())?;
        Ok(Self {
            log_id: proto::need_hash(&log_id, "keyId", codes::LOG_ENTRY_MALFORMED)?,
            log_index: proto::integer_or_zero(object, "logIndex")?,
            kind: Some(KindVersion {
                kind: kind.need_text("kind")?.to_owned(),
                version: kind.need_text("version")?.to_owned(),
            }),
            integrated_time: proto::integer_or_zero(object, "integratedTime")?,
            set,
            proof: proto::some_object(object, "inclusionProof")?
                .map(|proof| InclusionProof::read(&proof))
                .transpose()?,
            body,
        })
    }

    /// Reads the `dev.sigstore.cosign/bundle` annotation of a legacy
    /// signature: `{"SignedEntryTimestamp","Payload":{body, integratedTime,
    /// logIndex, logID}}`.
    ///
    /// # Errors
    /// The codes of JSON, base64 and of this module.
    pub fn parse_annotation(text: &str) -> Result<Self> {
        Self::from_annotation(&json::parse(text.as_bytes())?)
    }

    /// Reads the same object where it stands inside another document: the
    /// `optional.Bundle` of `cosign verify` output.
    ///
    /// # Errors
    /// The codes of JSON, base64 and of this module.
    pub fn from_annotation(node: &Node<'_>) -> Result<Self> {
        let object = node.object("Bundle")?;
        object.known(&["SignedEntryTimestamp", "Payload"])?;
        let payload = object.need_object("Payload")?;
        payload.known(&["body", "integratedTime", "logIndex", "logID"])?;
        let log_id = payload.need_text("logID")?;
        let id = hex::decode_lower(log_id).and_then(|id| proto::hash(&id)).ok_or_else(|| {
            Error::new(codes::LOG_ENTRY_MALFORMED)
                .in_place("logID")
                .expected("64 lower-case hexadecimal digits")
                .found(shorten(log_id))
        })?;
        let body = proto::need_bytes(&payload, "body")?;
        within_body(Some(&body))?;
        Ok(Self {
            log_id: id,
            log_index: payload.need_u64("logIndex")?,
            kind: None,
            integrated_time: payload.need_u64("integratedTime")?,
            set: Some(proto::need_bytes(&object, "SignedEntryTimestamp")?),
            proof: None,
            body: Some(body),
        })
    }

    /// The log's id, as claimed: lower-case hexadecimal.
    #[must_use]
    pub fn log_id(&self) -> String {
        hex::encode(&self.log_id)
    }

    /// The entry's body, as claimed.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The body in the form in which it is signed.
    pub(super) fn body_base64(&self) -> Option<String> {
        self.body.as_deref().map(base64::encode)
    }
}

fn within_body(body: Option<&[u8]>) -> Result<()> {
    limits::within("a log entry body", body.map_or(0, <[u8]>::len), limits::LOG_BODY_BYTES)
}

impl InclusionProof {
    fn read(object: &Object<'_, '_>) -> Result<Self> {
        proto::only(object, &["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"])?;
        let nodes = proto::some_array(object, "hashes")?;
        limits::within("hashes of an inclusion proof", nodes.len(), limits::PROOF_HASHES)?;
        let place = object.path("hashes");
        let hashes = nodes
            .iter()
            .map(|node| {
                let bytes = proto::bytes(node, &place)?;
                proto::hash(&bytes).ok_or_else(|| {
                    Error::new(codes::LOG_ENTRY_MALFORMED)
                        .in_place(&place)
                        .expected("hashes of 32 bytes")
                        .found(format!("{} bytes", bytes.len()))
                })
            })
            .collect::<Result<_>>()?;
        let checkpoint = match proto::some_object(object, "checkpoint")? {
            Some(checkpoint) => {
                proto::only(&checkpoint, &["envelope"])?;
                checkpoint.text("envelope")?.filter(|text| !text.is_empty()).map(str::to_owned)
            }
            None => None,
        };
        Ok(Self {
            index: proto::integer_or_zero(object, "logIndex")?,
            root: proto::some_bytes(object, "rootHash")?.unwrap_or_default(),
            size: proto::integer_or_zero(object, "treeSize")?,
            hashes,
            checkpoint,
        })
    }
}
