//! The annotations of a simple-signing layer.

use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::json::{self, Node};
use crate::base::limits;
use crate::proof::sigstore::Entry;

use super::codes;

const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const BUNDLE: &str = "dev.sigstore.cosign/bundle";
const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";

/// What a signature layer carries beside its payload: all text, all claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    pub(super) signature: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) entry: Option<Result<Entry>>,
}

impl Annotations {
    /// Reads a bare annotations object.
    ///
    /// # Errors
    /// The codes of JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        limits::within("annotations", bytes.len(), limits::MANIFEST_BYTES)?;
        Self::from_node(&json::parse(bytes)?)
    }

    /// Reads the annotations of a layer.
    ///
    /// # Errors
    /// The codes of JSON.
    pub fn from_node(node: &Node<'_>) -> Result<Self> {
        let object = node.object("annotations")?;
        object.known(&[SIGNATURE, CERTIFICATE, CHAIN, BUNDLE, TIMESTAMP])?;
        for member in object.members() {
            member.node.text(&object.path(&member.name.value))?;
        }
        let text = |name| Ok(object.text(name)?.filter(|text| !text.is_empty()).map(str::to_owned));
        let entry = object.text(BUNDLE)?.filter(|text| !text.is_empty());
        Ok(Self {
            signature: text(SIGNATURE)?,
            certificate: text(CERTIFICATE)?,
            // A malformed log entry is the log's failure, not the signature's.
            entry: entry.map(Entry::parse_annotation),
        })
    }

    /// The annotations that a record of `cosign verify` stands for.
    pub(super) fn rebuilt(signature: &[u8], entry: Entry) -> Self {
        Self { signature: Some(base64::encode(signature)), entry: Some(Ok(entry)), ..Self::default() }
    }

    /// Whether a certificate is there: a signature by an identity.
    #[must_use]
    pub const fn has_certificate(&self) -> bool {
        self.certificate.is_some()
    }

    /// The log entry, as claimed.
    #[must_use]
    pub const fn entry(&self) -> Option<&Result<Entry>> {
        self.entry.as_ref()
    }

    /// The signature's bytes.
    ///
    /// # Errors
    /// [`codes::SIGNATURE_MISSING`], or that it is not base64.
    pub fn signature(&self) -> Result<Vec<u8>> {
        let text = self.signature.as_deref().ok_or_else(|| Error::new(codes::SIGNATURE_MISSING))?;
        base64::decode(text).map_err(|error| error.in_place(SIGNATURE))
    }
}
