//! What is still missing, as typed requests a driver can fulfil.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::base::code::Code;
use crate::base::message::Message;

/// A request for a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What is asked for.
    pub kind: NeedKind,
    /// Registry and repository to ask, `registry/repository`, where known.
    pub repository: Option<String>,
    /// Whether the verdict waits for it (else it would only add detail).
    pub required: bool,
    /// The stable code of what to paste or add.
    pub code: &'static str,
    /// That in English words.
    pub hint: String,
}

impl Need {
    /// A need of what `code` says; `repository` is where to ask.
    #[must_use]
    pub fn new(kind: NeedKind, code: Code, repository: Option<String>, required: bool) -> Self {
        let role = match &kind {
            NeedKind::Metadata { role } => role.as_str(),
            _ => "",
        };
        let says = Message::new(code, &[("role", role)]);
        Self { code: says.code, hint: says.text, kind, repository, required }
    }
}

/// One object, with the members of the kind. What serde derives for that is three times the wasm.
impl Serialize for Need {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, member) = match &self.kind {
            NeedKind::Tag { tag } => ("tag", Some(("tag", tag))),
            NeedKind::Manifest { digest } => ("manifest", Some(("digest", digest))),
            NeedKind::Blob { digest } => ("blob", Some(("digest", digest))),
            NeedKind::Signature { digest } => ("signature", Some(("digest", digest))),
            NeedKind::LogEvidence { digest } => ("log-evidence", Some(("digest", digest))),
            NeedKind::Metadata { role } => ("metadata", Some(("role", role))),
            NeedKind::Publisher => ("publisher", None),
            NeedKind::Subject => ("subject", None),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", kind)?;
        if let Some((name, value)) = member {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("repository", &self.repository)?;
        map.serialize_entry("required", &self.required)?;
        map.serialize_entry("code", self.code)?;
        map.serialize_entry("hint", &self.hint)?;
        map.end()
    }
}

/// Kinds of documents a check can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NeedKind {
    /// What a tag points to.
    Tag {
        /// The tag.
        tag: String,
    },
    /// A manifest or index of this digest.
    Manifest {
        /// `sha256:…`
        digest: String,
    },
    /// A blob (config, payload, bundle) of this digest.
    Blob {
        /// `sha256:…`
        digest: String,
    },
    /// Signatures of this digest, in any of the places cosign uses.
    Signature {
        /// `sha256:…`
        digest: String,
    },
    /// Transparency log evidence for the signature of this digest.
    LogEvidence {
        /// `sha256:…`
        digest: String,
    },
    /// A Notary v1 metadata file.
    Metadata {
        /// Role, for example `targets/releases`.
        role: String,
    },
    /// A public key, profile or identity to check against.
    Publisher,
    /// The image itself: nothing given says which one is meant.
    Subject,
}

/// What can be asked for, one code for each.
pub mod codes {
    crate::codes! {
        /// What signs for the publisher.
        PUBLISHER = "need-publisher", Fact,
            "The publisher's public key, or its profile.", "";
        /// A file of saved metadata.
        METADATA = "need-metadata", Fact,
            "The {role} file of the saved Content Trust metadata.", "";
        /// What a tag means.
        TAG = "need-tag", Fact,
            "What the tag points to: the index or manifest.", "";
        /// Which image is meant.
        IMAGE = "need-image", Fact,
            "The image: its digest, manifest or reference.", "";
        /// What a signature covers.
        PAYLOAD = "need-payload", Fact,
            "A signature's payload or bundle.", "";
        /// Who signed it.
        SIGNATURES = "need-signatures", Fact,
            "The signatures of this digest.", "";
        /// When it was signed.
        LOG_ENTRY = "need-log-entry", Fact,
            "Evidence that the signature is in the transparency log.", "";
        /// Configs of two images are compared.
        COMPARED_MANIFEST = "need-compared-manifest", Fact,
            "A manifest to compare configs with.", "";
        /// Layers of two images are compared.
        COMPARED_CONFIG = "need-compared-config", Fact,
            "A config: it lists the layers.", "";
        /// Content Trust signed a list.
        SIGNED_LIST = "need-signed-list", Fact,
            "The manifest list that was signed.", "";
        /// A signature of an index that is not at hand.
        SIGNED_INDEX = "need-signed-index", Fact,
            "What was signed: an index that may list your image.", "";
        /// The bytes behind a digest.
        BYTES = "need-bytes", Fact,
            "The bytes of the image's index or manifest.", "";
        /// A child of the index.
        PLATFORM = "need-platform", Fact,
            "The manifest for one platform.", "";
    }
}
