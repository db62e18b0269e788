//! Configs of archives that a tool wrote anew when it converted an image
//! ([`crate::model::oci::likeness`]). Nobody signed such bytes, so they are never proven;
//! where they say what the signed config says, they are no other image either.

use crate::base::code::Code;
use crate::base::digest::ClaimedDigest;
use crate::base::list::CollectVec as _;
use crate::evidence::DigestKind;
use crate::model::oci::{Descriptor, Document, Likeness, MediaType, likeness};

use super::archive;
use super::facts::{Statement, Voice, kind_of};
use super::path::Around;
use super::store::Store;

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// An archive has the signed image in bytes that a tool wrote anew.
        CONFIG_WRITTEN_ANEW = "config-written-anew", NotChecked,
            "Could not check: a tool wrote the config anew. {found} has the layers and settings of {expected}, and nobody signed its bytes.",
            "Save the image in its own bytes: docker save, crane pull, or skopeo copy --preserve-digests.";
        /// A config that a tool may have written anew.
        CONFIG_UNCLEAR = "config-unclear", NotChecked,
            "Could not check: {found} may be the config of {expected} that a tool wrote anew, and what you gave does not say so.",
            "Save the image in its own bytes: docker save, crane pull, or skopeo copy --preserve-digests.";
    }
}

/// Most configs with the same layers that one is held against.
const TRIES: usize = 16;

/// What to say of two that differ by their digests, where one is an archive's and may be
/// the other, converted. `around` is what the subject is connected with.
pub(super) fn instead(
    store: &Store,
    subject: &Statement,
    around: &Around<'_>,
    said: &Statement,
) -> Option<Code> {
    // Of a list the image that is least alike decides.
    let worst = |tree: &Around<'_>, said: &Statement| {
        configs(store, said).iter().map(|config| among(store, tree, config)).max()
    };
    let found = if said.voice == Voice::Archive {
        worst(around, said)
    } else if subject.voice == Voice::Archive {
        worst(&Around::of(store, &said.digest), subject)
    } else {
        None
    };
    match found? {
        Likeness::Same => Some(codes::CONFIG_WRITTEN_ANEW),
        Likeness::Unclear => Some(codes::CONFIG_UNCLEAR),
        Likeness::Different => None,
    }
}

fn configs(store: &Store, said: &Statement) -> Vec<ClaimedDigest> {
    if kind_of(store, said) == DigestKind::Config {
        return vec![said.digest.clone()];
    }
    let configs = archive::configs_of(store, said).unwrap_or_default();
    configs.into_iter().map(|config| config.digest).collect_vec()
}

/// What a config is to those of a tree: the best of all.
pub(super) fn among(store: &Store, tree: &Around<'_>, config: &ClaimedDigest) -> Likeness {
    let other = named(store, config);
    let mut best = Likeness::Different;
    let mut tries = 0;
    for doc in tree.all_below().filter_map(|digest| store.doc(digest)) {
        let Document::Manifest(manifest) = &doc.document else { continue };
        let converted = other.iter().any(|other| may_be_converted(&manifest.config, other));
        let found = match &store.document(config) {
            Some(Document::Config(read)) => match store.document(&manifest.config.digest) {
                Some(Document::Config(ours)) if ours.diff_ids == read.diff_ids => {
                    tries += 1;
                    if tries > TRIES { Likeness::Unclear } else { of(store, &manifest.config.digest, config) }
                }
                None if converted && manifest.layers.len() == read.diff_ids.len() => Likeness::Unclear,
                _ => Likeness::Different,
            },
            // One that is refused is no conversion of an honest tool.
            None if converted && store.item(config).is_none() => Likeness::Unclear,
            _ => Likeness::Different,
        };
        best = best.min(found);
    }
    best
}

/// Compares two configs whose bytes may be at hand.
pub(super) fn of(store: &Store, ours: &ClaimedDigest, other: &ClaimedDigest) -> Likeness {
    match (store.doc(ours), store.doc(other)) {
        (Some(ours), Some(other)) => likeness(store.bytes(ours), store.bytes(other)),
        _ => Likeness::Different,
    }
}

/// Whether manifests name a Docker config and one of OCI, as a conversion leaves them.
pub(super) fn may_be_converted(ours: &Descriptor, other: &Descriptor) -> bool {
    let is = |of: &Descriptor, kind: MediaType| MediaType::parse(&of.media_type) == kind;
    is(ours, MediaType::DockerConfig) && is(other, MediaType::OciConfig)
}

/// How manifests at hand name a config.
fn named(store: &Store, config: &ClaimedDigest) -> Vec<Descriptor> {
    let of = |document: &Document| match document {
        Document::Manifest(manifest) => Some(manifest.config.clone()),
        _ => None,
    };
    store
        .parents(config)
        .filter_map(|doc| of(&doc.document))
        .filter(|named| named.digest == *config)
        .collect_vec()
}
