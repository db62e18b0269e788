//! Index and manifest list: one image, several platforms.

use super::descriptor::{Descriptor, annotations};
use super::{MediaType, Platform};
use crate::base::digest::{ClaimedDigest, Digest, shorten};
use crate::base::error::Result;
use crate::base::json::Object;
use crate::base::limits;
use crate::base::proof::{Evidence, Proof, sealed};

/// An OCI image index or a Docker manifest list, with the digest of the bytes
/// it was parsed from.
#[derive(Clone, Debug)]
pub struct Index {
    pub(super) digest: Digest,
    pub(super) size: usize,
    pub(super) media_type: Option<MediaType>,
    /// Children in their order.
    pub manifests: Vec<Descriptor>,
    /// Annotations of the index itself.
    pub annotations: Vec<(String, String)>,
}

/// Proof that an index, whose bytes were hashed, lists a child.
#[derive(Clone, Debug)]
pub struct Listed {
    index: Digest,
    size: usize,
    child: Descriptor,
    position: usize,
}

impl Listed {
    /// What the index says of the child.
    #[must_use]
    pub const fn child(&self) -> &Descriptor {
        &self.child
    }

    /// Digest of the listing index.
    #[must_use]
    pub const fn index(&self) -> Digest {
        self.index
    }
}

impl sealed::Sealed for Listed {}

impl Proof for Listed {
    fn evidence(&self) -> Evidence {
        Evidence {
            digest: Some(self.index.to_string()),
            size: Some(self.size),
            rule: "The index bytes, already hashed, hold this descriptor (OCI image-spec, image-index.md)"
                .to_owned(),
            facts: vec![
                ("position".to_owned(), format!("manifests[{}]", self.position)),
                ("child digest".to_owned(), self.child.digest.to_string()),
                ("child size".to_owned(), self.child.size.to_string()),
            ],
            ..Evidence::default()
        }
    }
}

impl Index {
    pub(super) fn read(object: &Object<'_, '_>, digest: Digest, size: usize) -> Result<Self> {
        object.known(&[
            "schemaVersion",
            "mediaType",
            "manifests",
            "subject",
            "annotations",
            "artifactType",
        ])?;
        Descriptor::subject(object)?;
        let most = limits::INDEX_DESCRIPTORS;
        Ok(Self {
            digest,
            size,
            media_type: object.text("mediaType")?.map(MediaType::parse),
            manifests: Descriptor::list(object, "manifests", "descriptors in an index", most)?,
            annotations: annotations(object)?,
        })
    }

    /// Digest of the bytes this was parsed from.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// `manifest list` for Docker's type, else `index`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.media_type {
            Some(MediaType::DockerList) => "manifest list",
            _ => "index",
        }
    }

    /// Children that are images for a platform (not attestations).
    pub fn platforms(&self) -> impl Iterator<Item = (&Platform, &Descriptor)> {
        self.manifests
            .iter()
            .filter_map(|child| child.platform.as_ref().map(|platform| (platform, child)))
            .filter(|(platform, _)| !platform.is_unknown())
    }

    /// Whether this is a list of referrers (distribution-spec, "Listing
    /// Referrers"), not an image: no child has a platform, each has an
    /// artifact type. An empty list is no image either.
    #[must_use]
    pub fn is_referrers_list(&self) -> bool {
        self.manifests.iter().all(|child| child.platform.is_none() && child.artifact_type.is_some())
    }

    /// Shows that the index lists a digest.
    #[must_use]
    pub fn lists(&self, digest: &ClaimedDigest) -> Option<Listed> {
        let (position, child) = self.manifests.iter().enumerate().find(|(_, c)| c.digest == *digest)?;
        Some(Listed { index: self.digest, size: self.size, child: child.clone(), position })
    }

    /// A label for a child: its platform, or what else it is.
    #[must_use]
    pub fn label(child: &Descriptor) -> String {
        match &child.platform {
            Some(platform) if platform.is_unknown() => "attestation".to_owned(),
            Some(platform) if !platform.is_unnamed() => shorten(&platform.to_string()),
            _ => "unspecified platform".to_owned(),
        }
    }
}
