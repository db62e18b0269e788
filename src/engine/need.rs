//! What is still missing, as typed requests a driver can fulfil.

use serde::Serialize;

/// A request for a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// What is asked for.
    #[serde(flatten)]
    pub kind: NeedKind,
    /// Registry and repository to ask, `registry/repository`, where known.
    pub repository: Option<String>,
    /// Whether the verdict waits for it (else it would only add detail).
    pub required: bool,
    /// For people: what to paste or add, in English.
    pub hint: String,
    /// A command whose output fulfils the need.
    pub command: Option<String>,
}

/// Kinds of documents a check can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
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
