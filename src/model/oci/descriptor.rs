//! A descriptor: what a parent says of a child (OCI descriptor.md).

use super::codes;
use super::platform::Platform;
use crate::base::digest::{ClaimedDigest, Digest, codes as digest_codes, shorten};
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::json::{Node, Object, Value};
use crate::base::limits;
use crate::base::proof::{Evidence, Proof, sealed};

/// What a parent says of a child: type, size, digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// Media type of the child, as text; empty if not given.
    pub media_type: String,
    /// Digest of the child's bytes.
    pub digest: ClaimedDigest,
    /// Length of the child in bytes.
    pub size: u64,
    /// Platform of the child, in an index.
    pub platform: Option<Platform>,
    /// Artifact type, in a referrers index.
    pub artifact_type: Option<String>,
    /// Annotations in their order. Not signed apart from the parent's bytes.
    pub annotations: Vec<(String, String)>,
}

/// Proof that bytes have the digest and the size a descriptor names.
#[derive(Clone, Debug)]
pub struct DescriptorMatch {
    digest: Digest,
    size: usize,
}

impl sealed::Sealed for DescriptorMatch {}

impl Proof for DescriptorMatch {
    fn evidence(&self) -> Evidence {
        Evidence {
            digest: Some(self.digest.to_string()),
            size: Some(self.size),
            expected: Some(self.digest.to_string()),
            found: Some(self.digest.to_string()),
            rule: "The parent's descriptor names the SHA-256 digest and the size of exactly these bytes (OCI image-spec, descriptor.md)".to_owned(),
            ..Evidence::default()
        }
    }
}

impl Descriptor {
    pub(super) fn read(node: &Node<'_>, place: &str) -> Result<Self> {
        let object = node.object(place)?;
        object.known(&[
            "mediaType",
            "digest",
            "size",
            "platform",
            "annotations",
            "urls",
            "data",
            "artifactType",
        ])?;
        let digest = ClaimedDigest::parse(object.need_text("digest")?)
            .map_err(|e| e.in_place(object.path("digest")))?;
        embedded(&object, &digest)?;
        let platform = match object.get_some("platform") {
            Some(node) => Some(Platform::read(&node.object(&object.path("platform"))?)?),
            None => None,
        };
        Ok(Self {
            media_type: object.text("mediaType")?.map(shorten).unwrap_or_default(),
            digest,
            size: object.need_u64("size")?,
            platform,
            artifact_type: object.text("artifactType")?.map(shorten),
            annotations: annotations(&object)?,
        })
    }

    /// The descriptors of the list `name`, at most `most`, which are called `what`.
    pub(super) fn list(object: &Object<'_, '_>, name: &str, what: &str, most: usize) -> Result<Vec<Self>> {
        let nodes = object.need_array(name)?;
        limits::within(what, nodes.len(), most)?;
        nodes.iter().enumerate().map(|(i, node)| Self::read(node, &format!("{name}[{i}]"))).collect()
    }

    /// What a referrer refers to.
    pub(super) fn subject(object: &Object<'_, '_>) -> Result<Option<Self>> {
        object.get_some("subject").map(|node| Self::read(node, "subject")).transpose()
    }

    /// Whether these bytes are the ones meant: digest first, then size.
    ///
    /// # Errors
    /// A mismatch of digest or size with both values.
    pub fn check(&self, bytes: &[u8]) -> Result<DescriptorMatch> {
        let matched = self.digest.check(bytes)?;
        if u64::try_from(bytes.len()) != Ok(self.size) {
            return Err(Error::new(digest_codes::SIZE_MISMATCH)
                .expected(format!("{} bytes", self.size))
                .found(format!("{} bytes", bytes.len())));
        }
        Ok(DescriptorMatch { digest: matched.digest(), size: bytes.len() })
    }
}

/// Holds the content that a descriptor carries in itself (`data`) against its digest:
/// some readers take it without asking for the bytes (OCI descriptor.md, "Embedded
/// Content").
fn embedded(object: &Object<'_, '_>, digest: &ClaimedDigest) -> Result<()> {
    let Some(data) = object.text("data")? else { return Ok(()) };
    let bytes = base64::decode(data).map_err(|error| error.in_place(object.path("data")))?;
    let found = Digest::of(&bytes).to_claim();
    if digest.to_string().starts_with("sha256:") && found != *digest {
        let error = Error::new(codes::AMBIGUOUS_DOCUMENT).expected(digest.to_string());
        return Err(error.found(found.to_string()).in_place(object.path("data")));
    }
    Ok(())
}

/// The `annotations` member: strings only.
pub(super) fn annotations(object: &Object<'_, '_>) -> Result<Vec<(String, String)>> {
    let Some(node) = object.get_some("annotations") else {
        return Ok(Vec::new());
    };
    let annotations = node.object(&object.path("annotations"))?;
    let mut out = Vec::new();
    for member in annotations.members() {
        if let Value::String(text) = &member.node.value {
            out.push((member.name.value.to_string(), text.value.to_string()));
        } else {
            let _type_error = member.node.text(&annotations.path(&member.name.value))?;
        }
    }
    Ok(out)
}
