//! Which layers of an image a driver may fetch and measure.

use crate::base::digest::ClaimedDigest;
use crate::base::list::CollectVec as _;
use crate::base::order::{Map, Set};
use crate::evidence::Given;
use crate::model::oci::{self, Descriptor, Document, Index, MediaType};

/// A layer to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Digest of its bytes, as the manifest says.
    pub digest: ClaimedDigest,
    /// Its length in bytes, as the manifest says.
    pub size: u64,
}

/// Layers of one platform of an image whose documents are at hand, each once;
/// for `None` of all platforms. What must not be handed out by a registry is
/// left out.
pub(super) fn of(given: &[Given], image: &ClaimedDigest, platform: Option<&str>) -> Vec<Layer> {
    let read = |given: &Given| oci::read(&given.bytes).ok();
    let documents: Map<ClaimedDigest, Document> =
        given.iter().filter_map(read).map(|document| (document.digest().to_claim(), document)).collect();
    let manifests: Vec<ClaimedDigest> = match documents.get(image) {
        Some(Document::Index(index)) => {
            let wanted = |child: &&Descriptor| platform.is_none_or(|wanted| Index::label(child) == wanted);
            index.manifests.iter().filter(wanted).map(|child| child.digest.clone()).collect()
        }
        _ => vec![image.clone()],
    };
    let mut seen = Set::default();
    let mut layers = Vec::new();
    for manifest in manifests {
        let Some(Document::Manifest(manifest)) = documents.get(&manifest) else { continue };
        for layer in manifest.layers.iter().filter(|layer| !MediaType::is_foreign(&layer.media_type)) {
            if manifest.is_image() && seen.insert(layer.digest.clone()) {
                layers.push(Layer { digest: layer.digest.clone(), size: layer.size });
            }
        }
    }
    layers
}

/// Platforms of an image whose documents are at hand.
pub(super) fn platforms(given: &[Given], image: &ClaimedDigest) -> Vec<String> {
    let read = |given: &Given| oci::read(&given.bytes).ok();
    let index = given.iter().filter_map(read).find(|document| image.matches(&document.digest()));
    match index {
        Some(Document::Index(index)) => {
            index.platforms().map(|(platform, _)| platform.to_string()).collect_vec()
        }
        _ => Vec::new(),
    }
}
