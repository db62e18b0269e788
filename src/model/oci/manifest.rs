//! Image manifest: one config and its layers. Signature manifests and
//! referrers have the same form.

use super::descriptor::{Descriptor, annotations};
use super::{MediaType, codes};
use crate::base::digest::Digest;
use crate::base::error::{Error, Result};
use crate::base::json::Object;
use crate::base::limits;
use crate::base::proof::{Evidence, Proof, sealed};

/// An OCI or Docker schema 2 manifest, with the digest of the bytes it was
/// parsed from.
#[derive(Clone, Debug)]
pub struct Manifest {
    pub(super) digest: Digest,
    pub(super) size: usize,
    /// The config; its digest is the classic image ID.
    pub config: Descriptor,
    /// Layers, bottom first.
    pub layers: Vec<Descriptor>,
    /// The image this document refers to, in a referrer.
    pub subject: Option<Descriptor>,
    /// Annotations of the manifest itself.
    pub annotations: Vec<(String, String)>,
}

/// Proof that a manifest, whose bytes were hashed, names a config.
#[derive(Clone, Debug)]
pub struct NamesConfig {
    manifest: Digest,
    size: usize,
    config: Descriptor,
}

impl NamesConfig {
    /// Digest of the manifest that names it.
    #[must_use]
    pub const fn manifest(&self) -> Digest {
        self.manifest
    }

    /// What the manifest says of the config.
    #[must_use]
    pub const fn config(&self) -> &Descriptor {
        &self.config
    }
}

impl sealed::Sealed for NamesConfig {}

impl Proof for NamesConfig {
    fn evidence(&self) -> Evidence {
        Evidence {
            digest: Some(self.manifest.to_string()),
            size: Some(self.size),
            rule: "The manifest bytes, already hashed, hold this config descriptor (OCI image-spec, manifest.md)".to_owned(),
            facts: vec![
                ("config digest".to_owned(), self.config.digest.to_string()),
                ("config size".to_owned(), self.config.size.to_string()),
            ],
            ..Evidence::default()
        }
    }
}

/// Prefix of the media types of Sigstore bundles in a referrer's layer.
const BUNDLE_LAYER: &str = "application/vnd.dev.sigstore.bundle";
/// Media type of a cosign simple signing payload in a `.sig` manifest.
const SIMPLE_SIGNING_LAYER: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// Media type of a DSSE envelope in an `.att` manifest.
const ENVELOPE_LAYER: &str = "application/vnd.dsse.envelope.v1+json";

fn is_signature(layer: &Descriptor) -> bool {
    layer.media_type.starts_with(BUNDLE_LAYER)
        || layer.media_type == SIMPLE_SIGNING_LAYER
        || layer.media_type == ENVELOPE_LAYER
}

impl Manifest {
    pub(super) fn read(object: &Object<'_, '_>, digest: Digest, size: usize) -> Result<Self> {
        object.known(&[
            "schemaVersion",
            "mediaType",
            "config",
            "layers",
            "subject",
            "annotations",
            "artifactType",
        ])?;
        let layers = Descriptor::list(object, "layers", "layers in a manifest", limits::MANIFEST_LAYERS)?;
        object.text("artifactType")?;
        let media_type = object.text("mediaType")?.map(MediaType::parse);
        if media_type == Some(MediaType::Schema1) {
            return Err(Error::new(codes::SCHEMA1));
        }
        Ok(Self {
            digest,
            size,
            config: Descriptor::read(object.need("config")?, "config")?,
            layers,
            subject: Descriptor::subject(object)?,
            annotations: annotations(object)?,
        })
    }

    /// Digest of the bytes this was parsed from.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Whether the layers are signatures or attestations, not file systems.
    #[must_use]
    pub fn carries_signatures(&self) -> bool {
        self.layers.iter().any(is_signature)
    }

    /// Whether this is an image and not something attached to one: signatures
    /// alone, or a document about a subject without the config of an image. A
    /// subject or a signature among its layers does not keep an image from
    /// running, so it does not keep it from being checked.
    #[must_use]
    pub fn is_image(&self) -> bool {
        let signatures = !self.layers.is_empty() && self.layers.iter().all(is_signature);
        let attached = self.subject.is_some() && !MediaType::parse(&self.config.media_type).is_config();
        !signatures && !attached
    }

    /// Shows which config the manifest names.
    #[must_use]
    pub fn names_config(&self) -> NamesConfig {
        NamesConfig { manifest: self.digest, size: self.size, config: self.config.clone() }
    }
}
