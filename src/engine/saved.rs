//! The images of a `docker save`, held against its blobs: whoever loads it
//! takes layers by their place in `manifest.json`, so each must be the one that
//! the config demands there. Docker's image specification v1.2; `ctr images
//! export`, `podman save` and BuildKit write the same list, also over
//! compressed layers.

use crate::base::affix;
use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::error::Error;
use crate::base::json;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::Map;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::evidence::{Item, Kind, Origin, codes as evidence_codes};
use crate::model::oci::{Descriptor, Document};

use super::archive::folder_of;
use super::codes;
use super::cosign::Chain;
use super::store::Store;

/// Most images of one `manifest.json` that are looked at.
const IMAGES: usize = 256;

/// One image of a list: paths in the archive.
#[derive(Debug)]
pub(super) struct Saved {
    pub(super) config: String,
    pub(super) layers: Vec<String>,
}

/// Items by the name they lie under.
pub(super) type Names<'s> = Map<&'s str, Vec<&'s Item>>;

pub(super) fn names(store: &Store) -> Names<'_> {
    let mut names = Names::new();
    for item in store.items.iter().filter(|item| item.parent.is_none()) {
        names.change(item.name.as_str(), |items| items.push(item));
    }
    names
}

/// All images that lists name.
pub(super) fn images(store: &Store) -> Vec<Saved> {
    let lists = store.items.iter().filter(|item| item.kind == Kind::ArchiveInfo);
    let lists = lists.filter_map(|item| Some((folder_of(&item.name, "manifest.json")?, item)));
    lists.flat_map(|(folder, item)| of_list(folder, &item.bytes)).collect_vec()
}

/// `[{"Config": PATH, "Layers": [PATH…]}]`.
fn of_list(folder: &str, bytes: &[u8]) -> Vec<Saved> {
    let Ok(node) = json::parse(bytes) else { return Vec::new() };
    let path = |text: &str| path(folder, text);
    let mut images = Vec::new();
    for image in node.array("").unwrap_or_default().iter().take(IMAGES) {
        let Ok(object) = image.object("") else { continue };
        let Some(config) = object.text("Config").ok().flatten() else { continue };
        let layers = object.get_some("Layers").and_then(|node| node.array("").ok()).unwrap_or_default();
        let layers = layers.iter().filter_map(|node| node.text("").ok()).map(path).collect_vec();
        images.push(Saved { config: path(config), layers });
    }
    images
}

/// The path of a member in what was given.
pub(super) fn path(folder: &str, text: &str) -> String {
    format!("{folder}{}", text.strip_prefix("./").unwrap_or(text))
}

/// The digest that a config lies under: `blobs/sha256/HEX`, `HEX.json`,
/// `sha256:HEX`.
pub(super) fn digest_of_path(path: &str) -> Option<ClaimedDigest> {
    let file = path.rsplit('/').next().unwrap_or_default();
    let hex = affix::before(affix::after(file, "sha256:"), ".json");
    ClaimedDigest::parse_sha256_hex(hex).ok()
}

/// Digest of an item's uncompressed bytes, where it is known.
pub(super) fn diff_id(item: &Item) -> Option<Digest> {
    match &item.origin {
        Origin::Measured(measured) => measured.diff_id(),
        // Nothing of it was read.
        Origin::Refused(_) => None,
        _ => Some(item.digest),
    }
}

/// What an archive cannot show, where it is what is asked about: a daemon keeps
/// images unpacked, and makes a manifest anew when it saves one, or none.
pub(super) fn note(store: &Store, subject: &ClaimedDigest, chain: &Chain) -> Option<Link> {
    let digest = subject.to_string();
    let from_archive = |item: &&Item| item.origin == Origin::Archive && subject.matches(&item.digest);
    let mut saved = store.items.iter().filter(from_archive);
    let code = match &store.doc(subject)?.document {
        Document::Config(_) => {
            let images = images(store);
            let listed = saved.any(|item| images.iter().any(|image| image.config == item.name));
            listed.then_some(codes::SAVED_WITHOUT_MANIFEST)
        }
        Document::Manifest(manifest) => {
            let unpacked = |layer: &Descriptor| layer.media_type.ends_with(".tar");
            let made = saved.next().is_some()
                && !manifest.layers.is_empty()
                && manifest.layers.iter().all(unpacked)
                && (chain.same_as.is_some() || chain.outcome() != Outcome::Proven);
            made.then_some(codes::SAVED_MANIFEST_MADE)
        }
        Document::Index(_) => None,
    }?;
    Some(Link::open("saved", code, &[("digest", &digest)]).placed(Place::Branch))
}

/// Configs and layers that are not the ones that lists and configs demand.
pub(super) fn differing(store: &Store) -> Vec<Error> {
    let names = names(store);
    let mut wrong = Vec::new();
    for image in images(store) {
        let configs = names.get(image.config.as_str()).map(Vec::as_slice).unwrap_or_default();
        wrong.push_all(configs.iter().filter_map(|item| misnamed(&image.config, item)));
        for item in configs {
            if let Some(config) = store.config(&item.digest.to_claim()) {
                layers(&config.diff_ids, &image.layers, &names, &mut wrong);
            }
        }
    }
    wrong
}

/// A config lies under its digest.
fn misnamed(path: &str, item: &Item) -> Option<Error> {
    let named = digest_of_path(path).filter(|named| !named.matches(&item.digest))?;
    Some(Error::new(evidence_codes::BLOB_MISNAMED).expected(named.to_string()).found(item.digest.to_string()))
}

/// Holds each layer to the config's digest at its place. One that is not there
/// is not loaded, so nothing is wrong with it.
fn layers(diff_ids: &[ClaimedDigest], paths: &[String], names: &Names<'_>, wrong: &mut Vec<Error>) {
    let differs = |expected: String, found: String| {
        Error::new(evidence_codes::LAYER_DIFFERS).expected(expected).found(found)
    };
    if paths.len() != diff_ids.len() {
        wrong.push(differs(format!("{} layers", diff_ids.len()), format!("{} layers", paths.len())));
        return;
    }
    for (path, expected) in paths.iter().zip(diff_ids) {
        for item in names.get(path.as_str()).into_iter().flatten() {
            if let Some(found) = diff_id(item).filter(|found| !expected.matches(found)) {
                wrong.push(differs(expected.to_string(), found.to_string()));
            }
        }
    }
}
