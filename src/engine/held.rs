//! The digests the user holds, matched to what was checked.
//!
//! `docker pull` prints the digest of an index or manifest. `docker inspect`
//! prints as `Id` a config digest in the classic image store, but an index or
//! manifest digest in the containerd store. Digests of different kinds are
//! *not comparable*, which is something else than different.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::proof::{Evidence, Proof, sealed};
use crate::engine::link::{Link, Place};
use crate::evidence::{Claim, ClaimSource};
use crate::model::oci::{Document, Index};
use crate::model::reference::Reference;

use super::codes;
use super::path;
use super::store::Store;

/// Proof that a held digest is one the checked documents name.
#[derive(Debug)]
struct HeldMatches {
    digest: ClaimedDigest,
    source: &'static str,
}

impl sealed::Sealed for HeldMatches {}

impl Proof for HeldMatches {
    fn evidence(&self) -> Evidence {
        Evidence {
            expected: Some(self.digest.to_string()),
            found: Some(self.digest.to_string()),
            rule: "Both digests are the same text; the checked documents name it".to_owned(),
            facts: vec![("printed by".to_owned(), self.source.to_owned())],
            ..Evidence::default()
        }
    }
}

/// Compares what the user holds with the tree below `top`. `name` is the
/// subject's repository, if known (`single`: of a release for one platform): claims about other repositories are set
/// aside.
pub(super) fn links(
    store: &Store,
    top: &ClaimedDigest,
    subject: &ClaimedDigest,
    name: Option<&Reference>,
    single: bool,
) -> Vec<Link> {
    let mut tree = Tree::below(store, top);
    // What a manifest is part of is not known from it.
    let part =
        matches!(store.doc(top).map(|doc| &doc.document), Some(Document::Manifest(_) | Document::Config(_)));
    tree.top_known = !part || single;
    // A subject that is no part of it: the same product at another registry.
    if !tree.parts.contains_key(subject) {
        tree.add(store, subject, "image", 0);
    }
    let mut links = Vec::new();
    let claims = || store.items.iter().flat_map(|item| &item.claims);
    let about = about(&tree, claims(), name);
    let mut seen = BTreeSet::new();
    for claim in claims() {
        if !is_held(claim.source) || !seen.insert((claim.source.name(), claim.digest.clone())) {
            continue;
        }
        let id = format!("held-{}", links.len() + 1);
        links.push(tree.compare(&id, claim, subject, &about));
    }
    links
}

/// What the subject is called: as the user asked, else as the texts do whose
/// digests are part of it.
fn about<'a>(
    tree: &Tree,
    claims: impl Iterator<Item = &'a Claim>,
    asked: Option<&Reference>,
) -> Vec<Reference> {
    if let Some(asked) = asked {
        return vec![asked.clone()];
    }
    let part = |claim: &&Claim| is_held(claim.source) && tree.parts.contains_key(&claim.digest);
    let names: BTreeSet<_> = claims.filter(part).filter_map(|claim| claim.reference.as_deref()).collect();
    names.into_iter().filter_map(|name| Reference::parse(name).ok()).collect()
}

/// Whether a text is about another repository, or another tag of this one.
fn is_elsewhere(text: &str, about: &[Reference]) -> bool {
    let Ok(other) = Reference::parse(text) else { return false };
    let differs = |name: &Reference| {
        name.name() != other.name() || (other.tag().is_some() && other.tag() != name.tag())
    };
    !about.is_empty() && about.iter().all(differs)
}

const fn is_held(source: ClaimSource) -> bool {
    matches!(
        source,
        ClaimSource::Pull | ClaimSource::RepoDigest | ClaimSource::ImageId | ClaimSource::ContainerdId
    )
}

const fn words(source: ClaimSource) -> &'static str {
    match source {
        ClaimSource::Pull => "that docker pull printed",
        ClaimSource::RepoDigest => "in RepoDigests",
        ClaimSource::ImageId | ClaimSource::ContainerdId => "that docker inspect prints as Id",
        _ => "in what you gave",
    }
}

/// What is known below a digest.
#[derive(Debug)]
struct Tree {
    /// Digests below (or equal to) the top one, each with its kind in words.
    parts: BTreeMap<ClaimedDigest, String>,
    /// Nothing can stand above the top digest.
    top_known: bool,
    /// All children of every index are known.
    manifests_known: bool,
    /// All configs of every manifest are known.
    configs_known: bool,
}

impl Tree {
    fn below(store: &Store, top: &ClaimedDigest) -> Self {
        let mut tree =
            Self { parts: BTreeMap::new(), top_known: true, manifests_known: true, configs_known: true };
        tree.add(store, top, "image", 0);
        tree
    }

    fn add(&mut self, store: &Store, digest: &ClaimedDigest, label: &str, depth: usize) {
        if depth > crate::base::limits::CHAIN_STEPS
            || self.parts.len() > 2 * crate::base::limits::INDEX_DESCRIPTORS
        {
            self.configs_known = false;
            return;
        }
        let doc = store.doc(digest).map(|doc| &doc.document);
        let kind = match doc {
            Some(Document::Index(index)) => index.name().to_owned(),
            _ if label == "image" => "image".to_owned(),
            _ => format!("manifest for {label}"),
        };
        self.parts.entry(digest.clone()).or_insert(kind);
        match doc {
            Some(Document::Index(index)) => {
                for child in &index.manifests {
                    if child.platform.as_ref().is_some_and(crate::model::oci::Platform::is_unknown) {
                        continue;
                    }
                    self.add(store, &child.digest, &Index::label(child), depth + 1);
                }
            }
            Some(Document::Manifest(manifest)) => {
                let kind = format!("config of {label}");
                self.parts.entry(manifest.config.digest.clone()).or_insert(kind);
            }
            Some(Document::Config(_)) => {}
            None => {
                self.configs_known = false;
                // Below an index, a child is a manifest; at the top it may be
                // an index with children of its own.
                self.manifests_known &= depth > 0;
            }
        }
    }

    fn compare(&self, id: &str, claim: &Claim, subject: &ClaimedDigest, about: &[Reference]) -> Link {
        let source = words(claim.source);
        if let Some(kind) = self.parts.get(&claim.digest) {
            let proof = HeldMatches { digest: claim.digest.clone(), source: claim.source.name() };
            let digest = claim.digest.to_string();
            let args = [("source", source), ("kind", kind.as_str()), ("digest", digest.as_str())];
            return Link::proven(id, codes::HELD_MATCHES, &args, &proof).placed(Place::Branch);
        }
        let elsewhere = claim.reference.as_deref().is_some_and(|text| is_elsewhere(text, about));
        let known = match claim.source {
            ClaimSource::ImageId => self.configs_known,
            _ => self.manifests_known && self.top_known,
        };
        let found = claim.digest.to_string();
        if known && !elsewhere {
            let error = Error::new(codes::HELD_DIFFERS).expected(subject.to_string()).found(found);
            return Link::failed_with(id, &error, &[("source", source)]);
        }
        let error = Error::new(codes::HELD_NOT_COMPARABLE).found(found);
        Link::failed_with(id, &error, &[("source", source)]).placed(Place::Aside)
    }
}

/// Digests the tree names that are not at hand: what could be added.
pub(super) fn missing(store: &Store, top: &ClaimedDigest) -> Vec<ClaimedDigest> {
    path::children(store, top).into_iter().filter(|child| store.item(child).is_none()).collect()
}
