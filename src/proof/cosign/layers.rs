//! The layers of a signature or attestation manifest.

use super::annotations::Annotations;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Result;
use crate::base::json::{self, Node};
use crate::base::limits;
use crate::base::list::PushAll as _;

/// Media type of a simple-signing payload.
pub const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// Media type of a bare envelope (legacy attestation).
pub const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";

/// A layer that carries a signature or an attestation.
#[derive(Clone, Debug)]
pub struct Layer {
    /// What its bytes are.
    pub kind: LayerKind,
    /// Digest of its bytes, as the manifest claims.
    pub digest: ClaimedDigest,
    /// Length of its bytes, as the manifest claims.
    pub size: u64,
    /// What it carries beside them.
    pub annotations: Annotations,
}

/// What the bytes of a signature layer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// A simple-signing payload.
    Payload,
    /// A DSSE envelope.
    Envelope,
    /// A Sigstore bundle.
    Bundle,
}

/// The signature layers of a manifest; layers of other media types are
/// skipped, as the specification of cosign demands.
///
/// # Errors
/// The codes of JSON and digests, and [`limits::codes::LIMIT`].
pub fn signature_layers(manifest: &[u8]) -> Result<Vec<Layer>> {
    limits::within("a manifest", manifest.len(), limits::MANIFEST_BYTES)?;
    let node = json::parse(manifest)?;
    let object = node.object("")?;
    object.known(&[
        "layers",
        "manifests",
        "mediaType",
        "schemaVersion",
        "config",
        "annotations",
        "subject",
    ])?;
    let layers = object.need_array("layers")?;
    limits::within("signatures", layers.len(), limits::MANIFEST_LAYERS)?;
    let mut found = Vec::new();
    for (i, node) in layers.iter().enumerate() {
        found.push_all(layer(node, &format!("layers[{i}]"))?);
    }
    Ok(found)
}

fn layer(node: &Node<'_>, place: &str) -> Result<Option<Layer>> {
    let object = node.object(place)?;
    object.known(&["mediaType", "digest", "size", "annotations"])?;
    let kind = match object.need_text("mediaType")? {
        SIMPLE_SIGNING => LayerKind::Payload,
        ENVELOPE => LayerKind::Envelope,
        other if other.starts_with("application/vnd.dev.sigstore.bundle") => LayerKind::Bundle,
        _ => return Ok(None),
    };
    let annotations = match object.get_some("annotations") {
        Some(annotations) => Annotations::from_node(annotations).map_err(|error| error.in_place(place))?,
        None => Annotations::default(),
    };
    Ok(Some(Layer {
        kind,
        digest: ClaimedDigest::parse(object.need_text("digest")?).map_err(|error| error.in_place(place))?,
        size: object.need_u64("size")?,
        annotations,
    }))
}
