//! The way from a signed digest down to the digest asked about.

use std::collections::BTreeSet;

use crate::digest::ClaimedDigest;
use crate::limits;
use crate::oci::{Descriptor, Document, Listed, NamesConfig};

use super::store::Store;

/// One step down: each is a proof that hashed parent bytes name the child.
#[derive(Debug)]
pub(super) enum Step {
    /// An index lists a manifest (or another index).
    Listed(Listed),
    /// A manifest names its config.
    Config(NamesConfig),
}

impl Step {
    /// What the parent says of the child.
    pub(super) const fn descriptor(&self) -> &Descriptor {
        match self {
            Self::Listed(listed) => listed.child(),
            Self::Config(names) => names.config(),
        }
    }

    /// The digest stepped to.
    pub(super) const fn child(&self) -> &ClaimedDigest {
        &self.descriptor().digest
    }
}

/// The shortest way, breadth first; an empty one if both are the same digest.
/// Only documents whose bytes are at hand are stepped through.
pub(super) fn find(store: &Store, from: &ClaimedDigest, to: &ClaimedDigest) -> Option<Vec<Step>> {
    let mut seen = BTreeSet::from([from.clone()]);
    let mut frontier: Vec<Vec<ClaimedDigest>> = vec![vec![from.clone()]];
    for _ in 0..=limits::CHAIN_STEPS {
        if let Some(route) = frontier.iter().find(|route| route.last() == Some(to)) {
            return steps(store, route);
        }
        let mut next = Vec::new();
        for route in frontier {
            for child in children(store, route.last()?) {
                if seen.insert(child.clone()) {
                    let mut longer = route.clone();
                    longer.push(child);
                    next.push(longer);
                }
            }
        }
        frontier = next;
    }
    None
}

/// Digests that a document at hand names as its children.
pub(super) fn children(store: &Store, parent: &ClaimedDigest) -> Vec<ClaimedDigest> {
    match store.doc(parent).map(|doc| &doc.document) {
        Some(Document::Index(index)) => index.manifests.iter().map(|child| child.digest.clone()).collect(),
        Some(Document::Manifest(manifest)) => vec![manifest.config.digest.clone()],
        Some(Document::Config(_)) | None => Vec::new(),
    }
}

fn steps(store: &Store, route: &[ClaimedDigest]) -> Option<Vec<Step>> {
    route
        .windows(2)
        .map(|pair| match pair {
            [parent, child] => step(store, parent, child),
            _ => None,
        })
        .collect()
}

fn step(store: &Store, parent: &ClaimedDigest, child: &ClaimedDigest) -> Option<Step> {
    match &store.doc(parent)?.document {
        Document::Index(index) => index.lists(child).map(Step::Listed),
        Document::Manifest(manifest) if manifest.config.digest == *child => {
            Some(Step::Config(manifest.names_config()))
        }
        _ => None,
    }
}
