//! What an image archive names: the roots of an OCI layout and the images of
//! a `docker save`. They are witnesses like any other (docs/VERDICT.md,
//! section 3): the archive's root is what is asked about, and a blob that
//! merely lies beside it is not.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::json;
use crate::base::order;
use crate::evidence::{About, DigestKind, Item, Kind, codes};
use crate::model::oci::{Descriptor, Document, MediaType};
use crate::model::reference::Reference;

use super::facts::{Statement, Voice, about};
use super::path;
use super::saved;
use super::store::Store;

/// OCI image-spec, annotations.md: the name of a root in `index.json`.
const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// containerd's full name of a root.
const CONTAINERD_NAME: &str = "io.containerd.image.name";
/// What `cosign save` marks its roots with: `…/image`, `…/sigs`, `…/atts`.
const COSIGN_KIND: &str = "kind";

/// Whether an item is the `index.json` of an OCI layout: a list of roots, and
/// no image. `siblings` are the folders that hold an `oci-layout` file.
pub(super) fn is_layout_index(item: &Item, layouts: &[&str]) -> bool {
    item.kind == Kind::Index && folder_of(&item.name, "index.json").is_some_and(|f| layouts.contains(&f))
}

/// Folders with the file that marks an OCI layout (image-layout.md).
pub(super) fn layouts(items: &[Item]) -> Vec<&str> {
    items.iter().filter_map(|item| folder_of(&item.name, "oci-layout")).collect()
}

/// The folder of a path that ends in this file name.
pub(super) fn folder_of<'n>(name: &'n str, file: &str) -> Option<&'n str> {
    let folder = name.strip_suffix(file)?;
    (folder.is_empty() || folder.ends_with(['/', '\\'])).then_some(folder)
}

/// The roots that archives and layouts name. An only root is meant whatever it
/// is called there: `docker tag` is enough to call it something else.
pub(super) fn roots(store: &Store, asked: Option<&Reference>) -> Vec<Statement> {
    let mut roots = named_roots(store);
    let leads =
        |from: &ClaimedDigest, to: &ClaimedDigest| from == to || path::find(store, from, to).is_some();
    let one = roots.first().is_some_and(|first| {
        roots.iter().all(|root| leads(&first.digest, &root.digest) || leads(&root.digest, &first.digest))
    });
    if one && !roots.iter().any(|root| root.may_be_about(asked)) {
        for root in &mut roots {
            root.about = About { platform: root.about.platform.take(), ..About::default() };
        }
    }
    roots
}

/// The config of a manifest that an archive names, where that is at hand.
pub(super) fn config_of(store: &Store, said: &Statement) -> Option<Statement> {
    let Document::Manifest(manifest) = &store.doc(&said.digest)?.document else { return None };
    let archive = said.voice == Voice::Archive && MediaType::parse(&manifest.config.media_type).is_config();
    let digest = manifest.config.digest.clone();
    archive.then(|| Statement { digest, kind: DigestKind::Config, ..said.clone() })
}

fn named_roots(store: &Store) -> Vec<Statement> {
    let mut roots = Vec::new();
    for item in &store.items {
        if store.is_layout_index(item) {
            roots.extend(of_layout(item));
        } else if item.kind == Kind::ArchiveInfo && folder_of(&item.name, "manifest.json").is_some() {
            roots.extend(of_docker_save(&item.bytes));
        }
    }
    roots
}

fn of_layout(item: &Item) -> Vec<Statement> {
    let Ok(Document::Index(index)) = crate::model::oci::read(&item.bytes) else { return Vec::new() };
    index.manifests.iter().filter(|root| is_image(root)).map(root).collect()
}

fn is_image(root: &Descriptor) -> bool {
    let kind = annotation(root, COSIGN_KIND).unwrap_or_default();
    let media = MediaType::parse(&root.media_type);
    root.artifact_type.is_none()
        && !kind.ends_with("/sigs")
        && !kind.ends_with("/atts")
        && (media.is_index() || media.is_manifest())
}

fn annotation<'d>(root: &'d Descriptor, name: &str) -> Option<&'d str> {
    root.annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn root(root: &Descriptor) -> Statement {
    let full = annotation(root, CONTAINERD_NAME).or_else(|| annotation(root, REF_NAME));
    // A ref.name may be a bare tag: it then says nothing of the repository.
    let named = full.filter(|name| name.contains([':', '/'])).and_then(|name| Reference::parse(name).ok());
    let tag = || full.filter(|name| crate::model::reference::is_tag(name)).map(str::to_owned);
    let about = named.as_ref().map_or_else(|| About { tag: tag(), ..About::default() }, about);
    let index = MediaType::parse(&root.media_type).is_index();
    let kind = if index { DigestKind::Index } else { DigestKind::Manifest };
    let about = About { platform: root.platform.clone(), ..about };
    Statement { digest: root.digest.clone(), kind, about, voice: Voice::Archive, tool: "archive".to_owned() }
}

/// `manifest.json` of `docker save`: for each image its config, as
/// `blobs/sha256/HEX` or `HEX.json`, and its names.
fn of_docker_save(bytes: &[u8]) -> Vec<Statement> {
    let Ok(node) = json::parse(bytes) else { return Vec::new() };
    let mut roots = Vec::new();
    for image in node.array("").unwrap_or_default() {
        let Ok(object) = image.object("") else { continue };
        let config = object.text("Config").ok().flatten().unwrap_or_default();
        let hex = config.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
        let Ok(digest) = ClaimedDigest::parse_sha256_hex(hex) else { continue };
        let names = object.get_some("RepoTags").and_then(|node| node.array("").ok()).unwrap_or_default();
        let names: Vec<_> =
            names.iter().filter_map(|name| Reference::parse(name.text("").ok()?).ok()).collect();
        let statement = |about| Statement {
            digest: digest.clone(),
            kind: DigestKind::Config,
            about,
            voice: Voice::Archive,
            tool: "docker save".to_owned(),
        };
        if names.is_empty() {
            roots.push(statement(About::default()));
        }
        roots.extend(names.iter().map(|name| statement(about(name))));
    }
    roots
}

/// Blobs that lie under a name that is not their digest, and layers that are
/// not the config's: whoever loads the archive by names gets other bytes than
/// the ones that were checked.
pub(super) fn misnamed(store: &Store) -> Vec<Error> {
    let wrong = |item: &Item| {
        let (folder, hex) = item.name.rsplit_once('/')?;
        (folder == "blobs/sha256" || folder.ends_with("/blobs/sha256")).then_some(())?;
        let named = ClaimedDigest::parse_sha256_hex(hex).ok()?;
        let whole = item.parent.is_none() && item.repairs.is_empty();
        (whole && named != item.digest.to_claim()).then(|| {
            Error::new(codes::BLOB_MISNAMED).expected(named.to_string()).found(item.digest.to_string())
        })
    };
    let found = store.items.iter().filter_map(wrong).chain(saved::differing(store));
    let mut found: Vec<Error> = found.collect();
    // The order of what was given decides nothing.
    let key = |error: &Error| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (error.code().name(), text(error.expected_text()), text(error.found_text()))
    };
    order::sort_by_key(&mut found, key);
    found.dedup_by_key(|error| key(error));
    found
}
