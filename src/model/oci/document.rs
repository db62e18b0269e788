//! Which of the documents these bytes are; exactly one, or none.

use super::{Config, Index, Manifest, MediaType, codes};
use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Object};
use crate::base::limits;

/// A document of an image.
#[derive(Clone, Debug)]
pub enum Document {
    /// Index or manifest list.
    Index(Index),
    /// Manifest.
    Manifest(Box<Manifest>),
    /// Config.
    Config(Config),
}

impl Document {
    /// Digest of the bytes it was parsed from.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        match self {
            Self::Index(index) => index.digest(),
            Self::Manifest(manifest) => manifest.digest(),
            Self::Config(config) => config.digest(),
        }
    }

    /// Digests that the document names: the images of an index, the config of
    /// a manifest. Layers are left out; nothing is followed into them.
    pub fn children(&self) -> impl Iterator<Item = &ClaimedDigest> {
        let (listed, config) = match self {
            Self::Index(index) => (index.manifests.as_slice(), None),
            Self::Manifest(manifest) => (Default::default(), Some(&manifest.config)),
            Self::Config(_) => (Default::default(), None),
        };
        listed.iter().chain(config).map(|child| &child.digest)
    }

    /// How many descriptors and digests of layers it holds.
    #[must_use]
    pub const fn descriptors(&self) -> usize {
        match self {
            Self::Index(index) => index.manifests.len(),
            Self::Manifest(manifest) => manifest.layers.len() + 1,
            Self::Config(config) => config.diff_ids.len(),
        }
    }

    /// `index`, `manifest` or `config`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Index(_) => "index",
            Self::Manifest(_) => "manifest",
            Self::Config(_) => "config",
        }
    }
}

/// Hashes bytes, then reads them as the one document they are.
///
/// # Errors
/// The codes of [`super::codes`] and of [`json::codes`].
pub fn read(bytes: &[u8]) -> Result<Document> {
    let digest = Digest::of(bytes);
    limits::within("a manifest or index", bytes.len(), limits::MANIFEST_BYTES)?;
    let node = json::parse(bytes)?;
    let object = node.object("document").map_err(|_| Error::new(codes::NOT_OCI))?;
    object.known(&["schemaVersion", "mediaType", "manifests", "config", "layers", "rootfs", "fsLayers"])?;
    let media_type = object.text("mediaType")?.map(MediaType::parse);
    let has = |name: &str| object.get(name).is_some();
    if has("fsLayers") || schema_version(&object) == Some(1) || media_type == Some(MediaType::Schema1) {
        return Err(Error::new(codes::SCHEMA1));
    }
    if has("manifests") {
        unambiguous(&object, "an index", &["layers", "config", "rootfs"])?;
        agrees(media_type, "an index", MediaType::is_index)?;
        version_2(&object)?;
        return Index::read(&object, digest, bytes.len()).map(Document::Index);
    }
    if has("layers") {
        unambiguous(&object, "a manifest", &["rootfs"])?;
        agrees(media_type, "a manifest", MediaType::is_manifest)?;
        version_2(&object)?;
        return Manifest::read(&object, digest, bytes.len())
            .map(|manifest| Document::Manifest(Box::new(manifest)));
    }
    if has("rootfs") && has("architecture") {
        return Config::read(&object, digest).map(Document::Config);
    }
    Err(Error::new(codes::NOT_OCI))
}

fn unambiguous(object: &Object<'_, '_>, kind: &str, foreign: &[&str]) -> Result<()> {
    match foreign.iter().find(|name| object.get(name).is_some()) {
        None => Ok(()),
        Some(name) => Err(Error::new(codes::AMBIGUOUS_DOCUMENT)
            .expected(kind)
            .found(format!("a document with the member {name}"))),
    }
}

/// A document without `mediaType` is what its members say (OCI image-spec
/// 1.1: the member should be there, and often is not).
fn agrees(media_type: Option<MediaType>, kind: &str, right: fn(MediaType) -> bool) -> Result<()> {
    match media_type {
        Some(found) if !right(found) => {
            Err(Error::new(codes::MEDIA_TYPE).expected(kind).found(format!("{found:?}")))
        }
        _ => Ok(()),
    }
}

fn schema_version(object: &Object<'_, '_>) -> Option<u64> {
    object.need_u64("schemaVersion").ok()
}

fn version_2(object: &Object<'_, '_>) -> Result<()> {
    match object.need_u64("schemaVersion")? {
        2 => Ok(()),
        other => Err(Error::new(codes::SCHEMA_VERSION).expected("2").found(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::oci::Platform;

    const INDEX: &str = r#"{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}"#;

    #[test]
    fn an_index_lists_its_children_and_their_bytes_match() {
        let Document::Index(index) = read(INDEX.as_bytes()).unwrap() else { panic!("not an index") };
        let (platform, child) = index.platforms().next().unwrap();
        assert_eq!(platform.to_string(), "linux/arm64/v8");
        assert!(platform.same_machine(&Platform::parse("linux/arm64").unwrap()));
        assert!(!platform.same_machine(&Platform::parse("linux/arm/v8").unwrap()));
        let (amd64, windows) =
            (Platform::parse("linux/amd64").unwrap(), Platform::parse("windows/amd64").unwrap());
        assert!(amd64.same_machine(&Platform::parse("linux/amd64/v1").unwrap()));
        assert!(!amd64.same_machine(&Platform::parse("linux/amd64/v3").unwrap()));
        let of = |platform: &Platform| Platform { os_version: Some("10.0".to_owned()), ..platform.clone() };
        assert!(amd64.same_machine(&of(&amd64)) && !windows.same_machine(&of(&windows)));
        assert!(child.check(b"{}").is_ok());
        assert!(child.check(b"{} ").is_err());
        assert!(index.lists(&Digest::of(b"{}").to_claim()).is_some());
        assert!(index.lists(&Digest::of(b"[]").to_claim()).is_none());
    }

    #[test]
    fn documents_with_two_readings_are_refused() {
        for (change, code) in [
            (("\"schemaVersion\":2", "\"schemaVersion\":2,\"layers\":[]"), codes::AMBIGUOUS_DOCUMENT),
            (("\"schemaVersion\":2", "\"schemaVersion\":2,\"config\":{}"), codes::AMBIGUOUS_DOCUMENT),
            (
                (
                    "{\"schemaVersion\":2",
                    "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"schemaVersion\":2",
                ),
                codes::MEDIA_TYPE,
            ),
            (("\"schemaVersion\":2", "\"schemaVersion\":1"), codes::SCHEMA1),
            (("\"schemaVersion\":2", "\"schemaVersion\":3"), codes::SCHEMA_VERSION),
            (("\"schemaVersion\":2", "\"schemaVersion\":2,\"Layers\":[]"), json::codes::CASE_VARIANT),
            (("\"size\":2", "\"size\":-2"), json::codes::NUMBER),
            (("\"manifests\"", "\"children\""), codes::NOT_OCI),
        ] {
            let text = INDEX.replacen(change.0, change.1, 1);
            assert_eq!(read(text.as_bytes()).unwrap_err().code(), code, "{text}");
        }
    }
}
