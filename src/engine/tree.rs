//! What bytes at hand connect with the image that was proven: what is above it and below
//! it, and the layers of all that.

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::order::{self, Map as BTreeMap, Set as BTreeSet};
use crate::model::oci::Document;

use super::cosign::Chain;
use super::path::Around;
use super::store::Store;
use super::subject::Subject;

/// What bytes connect with the image that was proven.
pub(super) struct Tree<'a> {
    pub(super) store: &'a Store,
    around: Vec<Around<'a>>,
    also: &'a [ClaimedDigest],
    digits: Vec<String>,
    pub(super) layers: BTreeSet<ClaimedDigest>,
    diff_ids: BTreeSet<ClaimedDigest>,
    pub(super) docs: BTreeMap<usize, &'a Document>,
}

impl<'a> Tree<'a> {
    pub(super) fn of(store: &'a Store, subject: &'a Subject, chain: &'a Chain) -> Self {
        let middles = [Some(subject.digest()), chain.top.as_ref(), chain.same_as.as_ref()];
        let around: Vec<_> =
            middles.into_iter().flatten().map(|middle| Around::of(store, middle)).collect_vec();
        let mut digits: Vec<String> = around.iter().flat_map(Around::digits).collect_vec();
        order::sort_by(&mut digits, Ord::cmp);
        let (mut layers, mut diff_ids) = (BTreeSet::new(), BTreeSet::new());
        for digest in around.iter().flat_map(Around::all_below) {
            match store.document(digest) {
                Some(Document::Manifest(manifest)) => {
                    layers.extend(manifest.layers.iter().map(|layer| layer.digest.clone()));
                }
                Some(Document::Config(config)) => diff_ids.extend(config.diff_ids.iter().cloned()),
                _ => {}
            }
        }
        let mut docs = BTreeMap::new();
        for doc in &store.docs {
            docs.insert(doc.item, &doc.document);
        }
        Self { store, around, also: &subject.also, digits, layers, diff_ids, docs }
    }

    pub(super) fn has(&self, digest: &ClaimedDigest) -> bool {
        self.also.contains(digest) || self.around.iter().any(|around| around.connects(self.store, digest))
    }

    /// Whether it is the digest of a layer of the image, packed or unpacked.
    pub(super) fn has_layer(&self, digest: &ClaimedDigest) -> bool {
        self.layers.contains(digest) || self.diff_ids.contains(digest)
    }

    /// Whether a document is of the image, lists a part of it, or names a config of it.
    pub(super) fn has_document(&self, document: &Document) -> bool {
        let config = |manifest: &ClaimedDigest| {
            self.store.manifest(manifest).is_some_and(|manifest| self.has(&manifest.config.digest))
        };
        self.has(&document.digest().to_claim())
            || match document {
                Document::Index(index) => {
                    let mut children = index.manifests.iter().take(limits::REFERRERS);
                    children.any(|child| self.has(&child.digest) || config(&child.digest))
                }
                Document::Manifest(manifest) => self.has(&manifest.config.digest),
                Document::Config(_) => false,
            }
    }

    /// Whether the digest of a part of it, or of what lists it, begins so.
    pub(super) fn begins_with(&self, digits: &str) -> bool {
        let from = self.digits.partition_point(|known| known.as_str() < digits);
        self.digits.get(from).is_some_and(|known| known.starts_with(digits))
    }
}
