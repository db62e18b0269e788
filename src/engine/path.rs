//! The way from a signed digest down to the digest asked about.

use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::order;
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};
use crate::model::oci::{Descriptor, Document, Listed, NamesConfig};

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
    /// Digest of the parent's bytes.
    pub(super) const fn parent(&self) -> Digest {
        match self {
            Self::Listed(listed) => listed.index(),
            Self::Config(names) => names.manifest(),
        }
    }

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
    Above::of(store, to).path(store, from)
}

/// Everything from which a digest can be reached, found by walking up once:
/// each document that leads there, with the child to step to.
#[derive(Debug)]
pub(super) struct Above<'a> {
    to: &'a ClaimedDigest,
    next: BTreeMap<ClaimedDigest, ClaimedDigest>,
}

impl<'a> Above<'a> {
    /// Walks up from `to`, at most [`limits::CHAIN_STEPS`] steps.
    pub(super) fn of(store: &Store, to: &'a ClaimedDigest) -> Self {
        let mut next = BTreeMap::new();
        let mut frontier = vec![to.clone()];
        for _ in 0..limits::CHAIN_STEPS {
            let mut higher = Vec::new();
            for child in frontier {
                for parent in store.parents(&child) {
                    let parent = parent.document.digest().to_claim();
                    if parent != *to && !next.contains_key(&parent) {
                        next.insert(parent.clone(), child.clone());
                        higher.push(parent);
                    }
                }
            }
            frontier = higher;
        }
        Self { to, next }
    }

    /// The shortest way down from a digest, if it leads there.
    pub(super) fn path(&self, store: &Store, from: &ClaimedDigest) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        let mut at = from;
        while at != self.to {
            let child = self.next.get(at)?;
            steps.push(step(store, at, child)?);
            at = child;
        }
        Some(steps)
    }
}

/// Everything that bytes at hand connect with a digest, above it and below it,
/// found by walking once: many digests are held against one.
#[derive(Debug)]
pub(super) struct Around<'a> {
    above: Above<'a>,
    below: BTreeSet<ClaimedDigest>,
}

impl<'a> Around<'a> {
    /// Walks from `middle`, at most [`limits::CHAIN_STEPS`] steps either way.
    pub(super) fn of(store: &Store, middle: &'a ClaimedDigest) -> Self {
        let mut below = BTreeSet::new();
        let mut frontier = vec![middle.clone()];
        for _ in 0..limits::CHAIN_STEPS {
            let mut lower = Vec::new();
            for parent in frontier {
                let children: BTreeSet<_> = children(store, &parent).into_iter().collect();
                for child in children {
                    if step(store, &parent, &child).is_some() && below.insert(child.clone()) {
                        lower.push(child);
                    }
                }
            }
            frontier = lower;
        }
        Self { above: Above::of(store, middle), below }
    }

    /// Whether it is the middle one, or that leads to it.
    pub(super) fn leads_to(&self, digest: &ClaimedDigest) -> bool {
        digest == self.above.to || self.below.contains(digest)
    }

    /// The middle one and all that it leads to.
    pub(super) fn all_below(&self) -> impl Iterator<Item = &ClaimedDigest> {
        self.below.iter().chain([self.above.to])
    }

    /// The digits of the middle one and of all that bytes connect with it, in order.
    pub(super) fn digits(&self) -> Vec<String> {
        let above = self.above.next.iter().map(|(digest, _)| digest);
        let all = above.chain(self.below.iter()).chain([self.above.to]);
        let mut digits: Vec<String> = all.map(ClaimedDigest::hex).collect_vec();
        order::sort_by(&mut digits, Ord::cmp);
        digits
    }

    /// Whether a digest leads to the middle one, is it, or is led to by it.
    pub(super) fn connects(&self, store: &Store, other: &ClaimedDigest) -> bool {
        self.below.contains(other) || self.above.path(store, other).is_some()
    }
}

/// Digests that a document at hand names as its children.
pub(super) fn children(store: &Store, parent: &ClaimedDigest) -> Vec<ClaimedDigest> {
    store.doc(parent).map(|doc| doc.document.children().cloned().collect_vec()).unwrap_or_default()
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
