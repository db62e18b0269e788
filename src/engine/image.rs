//! Links from the signed digest down to the subject, and beside it: bytes,
//! children, configs.

use crate::base::digest::ClaimedDigest;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::words;
use crate::engine::link::{Link, Place};
use crate::evidence::Item;
use crate::model::oci::{Descriptor, Document, Index, Manifest, MediaType, codes as oci_codes};

use super::codes;
use super::path::Step;
use super::store::Store;

/// The bytes of a digest, if they are at hand: they hash to it.
pub(super) fn bytes_link(store: &Store, id: &str, digest: &ClaimedDigest) -> Option<Link> {
    let item = store.item(digest)?;
    let matched = digest.check(&item.bytes).ok()?;
    let kind = kind_of(store, digest);
    let args = [("kind", kind), ("digest", &matched.digest().to_string())];
    Some(Link::proven(id, codes::BYTES_MATCH, &args, &matched))
}

/// What a digest is, as far as the documents at hand say.
pub(super) fn kind_of(store: &Store, digest: &ClaimedDigest) -> &'static str {
    match store.document(digest) {
        Some(Document::Index(index)) if index.name() == "manifest list" => "manifest-list",
        Some(Document::Index(_)) => "index",
        Some(Document::Manifest(_)) => "manifest",
        Some(Document::Config(_)) => "config",
        None => "image",
    }
}

/// The platform at the end of a way down, if it leads through an index.
pub(super) fn platform_of(steps: &[Step]) -> Option<String> {
    steps.iter().rev().find_map(|step| match step {
        Step::Listed(listed) => Some(Index::label(listed.child())),
        Step::Config(_) => None,
    })
}

/// Links for the way down; each hangs below the one before.
pub(super) fn path_links(store: &Store, steps: &[Step], parent: String) -> Vec<Link> {
    if steps.is_empty() { Vec::new() } else { step_links(store, steps, parent) }
}

/// A link for each step, and for the bytes it leads to.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn step_links(store: &Store, steps: &[Step], mut parent: String) -> Vec<Link> {
    let mut links = Vec::new();
    let mut platform = words::THIS_PLATFORM.to_owned();
    for (depth, step) in steps.iter().enumerate() {
        let id = format!("step-{}", depth + 1);
        let child = step.child();
        let link = match step {
            Step::Listed(listed) => {
                platform = Index::label(listed.child());
                let args = [("digest", child.to_string()), ("platform", platform.clone())];
                Link::proven(&id, oci_codes::LISTED, &borrowed(&args), listed)
            }
            Step::Config(names) => {
                let args = [("digest", child.to_string()), ("platform", platform.clone())];
                Link::proven(&id, oci_codes::CONFIG_NAMED, &borrowed(&args), names)
            }
        };
        links.push(link.under(&parent));
        parent = id;
        if let Some(item) = store.item(child) {
            let bytes = format!("{parent}-bytes");
            let args = [("kind", kind_of(store, child)), ("digest", &child.to_string())];
            let link = match step.descriptor().check(&item.bytes) {
                Ok(proof) => Link::proven(&bytes, codes::BYTES_MATCH, &args, &proof),
                Err(error) => Link::failed(&bytes, &error),
            };
            links.push(link.under(&parent));
        }
    }
    links
}

/// Links beside the chain: what the subject names. `skip` are digests that
/// the chain already holds.
pub(super) fn branches(
    store: &Store,
    subject: &ClaimedDigest,
    parent: &str,
    skip: &[ClaimedDigest],
) -> Vec<Link> {
    let mut links = Vec::new();
    match store.document(subject) {
        Some(Document::Index(index)) => {
            for (i, child) in index.manifests.iter().enumerate().filter(|(_, c)| !skip.contains(&c.digest)) {
                links.push_all(child_links(store, index, child, &format!("child-{}", i + 1), parent));
            }
        }
        Some(Document::Manifest(manifest)) if !skip.contains(&manifest.config.digest) => {
            config_links(store, manifest, parent, &mut links);
        }
        _ => {}
    }
    links
}

/// Links for the config that a manifest names.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn config_links(store: &Store, manifest: &Manifest, parent: &str, links: &mut Vec<Link>) {
    let platform = config_platform(store, &manifest.config.digest);
    let args = [("digest", manifest.config.digest.to_string()), ("platform", platform)];
    let proof = manifest.names_config();
    let media = manifest.config.media_type.clone();
    let link = if MediaType::parse(&media).is_config() {
        Link::proven("config", oci_codes::CONFIG_NAMED, &borrowed(&args), &proof)
    } else {
        let args = [("digest", manifest.config.digest.to_string()), ("found", media)];
        Link::proven("config", codes::ARTIFACT_CONFIG, &borrowed(&args), &proof)
    };
    links.push(link.under(parent).placed(Place::Branch));
    links.push_all(config_bytes(store, &manifest.config, "config"));
}

fn child_links(store: &Store, index: &Index, child: &Descriptor, id: &str, parent: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let Some(listed) = index.lists(&child.digest) else { return links };
    let platform = Index::label(child);
    let digest = child.digest.to_string();
    let args = [("digest", digest.as_str()), ("platform", platform.as_str())];
    links.push(Link::proven(id, oci_codes::LISTED, &args, &listed).under(parent).placed(Place::Branch));
    if let Some(item) = store.item(&child.digest) {
        child_at_hand(store, child, item, &platform, id, &mut links);
    }
    links
}

/// Links for the bytes of a child, and the config it names.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn child_at_hand(
    store: &Store,
    child: &Descriptor,
    item: &Item,
    platform: &str,
    id: &str,
    links: &mut Vec<Link>,
) {
    let digest = child.digest.to_string();
    let bytes_id = format!("{id}-bytes");
    let kind = kind_of(store, &child.digest);
    let args = [("digest", digest.as_str()), ("platform", platform), ("kind", kind)];
    let link = match child.check(&item.bytes) {
        Ok(proof) => Link::proven(&bytes_id, oci_codes::CHILD_MATCHES, &args, &proof),
        Err(error) => Link::failed(&bytes_id, &error),
    };
    links.push(link.under(id).placed(Place::Branch));
    if let Some(manifest) = store.manifest(&child.digest) {
        let config_id = format!("{id}-config");
        let config = manifest.config.digest.to_string();
        let args = [("digest", config.as_str()), ("platform", platform)];
        let proof = manifest.names_config();
        let link = Link::proven(&config_id, oci_codes::CONFIG_NAMED, &args, &proof);
        links.push(link.under(id).placed(Place::Branch));
        links.push_all(config_bytes(store, &manifest.config, &config_id));
    }
}

fn config_bytes(store: &Store, config: &Descriptor, parent: &str) -> Option<Link> {
    let item = store.item(&config.digest)?;
    let id = format!("{parent}-bytes");
    let digest = config.digest.to_string();
    let platform = config_platform(store, &config.digest);
    let args = [("digest", digest.as_str()), ("platform", platform.as_str()), ("kind", "config")];
    let link = match config.check(&item.bytes) {
        Ok(proof) => Link::proven(&id, oci_codes::CHILD_MATCHES, &args, &proof),
        Err(error) => Link::failed(&id, &error),
    };
    Some(link.under(parent).placed(Place::Branch))
}

fn config_platform(store: &Store, digest: &ClaimedDigest) -> String {
    store.config(digest).map_or_else(|| words::THIS_PLATFORM.to_owned(), |config| config.platform.to_string())
}

fn borrowed<'a>(args: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    args.iter().map(|(name, value)| (*name, value.as_str())).collect_vec()
}
