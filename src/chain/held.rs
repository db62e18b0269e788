//! The digests the user holds, matched to what was checked.
//!
//! `docker pull` prints the digest of an index or manifest. `docker inspect`
//! prints as `Id` a config digest in the classic image store, but an index or
//! manifest digest in the containerd store. Digests of different kinds are
//! *not comparable*, which is something else than different.

use crate::digest::ClaimedDigest;
use crate::error::Error;
use crate::input::{Claim, ClaimSource};
use crate::oci::{Document, Index};
use crate::reference::Reference;
use crate::report::{Evidence, Link, Place, Proof, proof::sealed};

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

/// A digest below (or equal to) a top digest, with its kind in words.
#[derive(Debug)]
struct Part {
    digest: ClaimedDigest,
    kind: String,
}

/// Compares what the user holds with the tree below `top`. `name` is the
/// subject's repository, if known: claims about other repositories are left
/// to others.
pub(super) fn links(
    store: &Store,
    top: &ClaimedDigest,
    subject: &ClaimedDigest,
    name: Option<&Reference>,
) -> Vec<Link> {
    let tree = Tree::below(store, top);
    let mut links = Vec::new();
    let claims = store.items.iter().flat_map(|item| &item.claims);
    let mut seen = std::collections::BTreeSet::new();
    for claim in claims {
        if !is_held(claim.source) || !seen.insert((claim.source.name(), claim.digest.clone())) {
            continue;
        }
        let id = format!("held-{}", links.len() + 1);
        links.push(tree.compare(&id, claim, subject, name));
    }
    links
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
    parts: Vec<Part>,
    /// All children of every index are known.
    manifests_known: bool,
    /// All configs of every manifest are known.
    configs_known: bool,
}

impl Tree {
    fn below(store: &Store, top: &ClaimedDigest) -> Self {
        let mut tree = Self { parts: Vec::new(), manifests_known: true, configs_known: true };
        tree.add(store, top, "image", 0);
        tree
    }

    fn add(&mut self, store: &Store, digest: &ClaimedDigest, label: &str, depth: usize) {
        if depth > crate::limits::CHAIN_STEPS || self.parts.len() > 2 * crate::limits::INDEX_DESCRIPTORS {
            self.configs_known = false;
            return;
        }
        let doc = store.doc(digest).map(|doc| &doc.document);
        let kind = match doc {
            Some(Document::Index(index)) => index.name().to_owned(),
            _ if label == "image" => "image".to_owned(),
            _ => format!("manifest for {label}"),
        };
        self.parts.push(Part { digest: digest.clone(), kind });
        match doc {
            Some(Document::Index(index)) => {
                for child in &index.manifests {
                    if child.platform.as_ref().is_some_and(crate::oci::Platform::is_unknown) {
                        continue;
                    }
                    self.add(store, &child.digest, &Index::label(child), depth + 1);
                }
            }
            Some(Document::Manifest(manifest)) => {
                let kind = format!("config of {label}");
                self.parts.push(Part { digest: manifest.config.digest.clone(), kind });
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

    fn compare(&self, id: &str, claim: &Claim, subject: &ClaimedDigest, name: Option<&Reference>) -> Link {
        let source = words(claim.source);
        if let Some(part) = self.parts.iter().find(|part| part.digest == claim.digest) {
            let proof = HeldMatches { digest: claim.digest.clone(), source: claim.source.name() };
            let digest = claim.digest.to_string();
            let args = [("source", source), ("kind", part.kind.as_str()), ("digest", digest.as_str())];
            return Link::proven(id, codes::HELD_MATCHES, &args, &proof).placed(Place::Branch);
        }
        let elsewhere = match (name, claim.reference.as_deref().map(Reference::parse)) {
            (Some(name), Some(Ok(other))) => {
                name.name() != other.name() || (other.tag().is_some() && other.tag() != name.tag())
            }
            _ => false,
        };
        let known = match claim.source {
            ClaimSource::ImageId => self.configs_known,
            _ => self.manifests_known,
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
