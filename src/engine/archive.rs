//! What an image archive names: the roots of an OCI layout and the images of
//! a `docker save`. They are witnesses like any other (docs/VERDICT.md,
//! section 3): the archive's root is what is asked about, and a blob that
//! merely lies beside it is not.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::json;
use crate::evidence::archive::passed::{self, Row};
use crate::evidence::{About, DigestKind, Item, Kind, codes as evidence};
use crate::model::oci::{Descriptor, Document, MediaType};
use crate::model::reference::Reference;

use super::codes;
use super::facts::{Statement, Voice, about};
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
fn folder_of<'n>(name: &'n str, file: &str) -> Option<&'n str> {
    let folder = name.strip_suffix(file)?;
    (folder.is_empty() || folder.ends_with(['/', '\\'])).then_some(folder)
}

/// The roots that archives and layouts name.
pub(super) fn roots(store: &Store) -> Vec<Statement> {
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

/// `manifest.json` of `docker save`: for each image its config and its names.
fn of_docker_save(bytes: &[u8]) -> Vec<Statement> {
    let Ok(node) = json::parse(bytes) else { return Vec::new() };
    let mut roots = Vec::new();
    for image in node.array("").unwrap_or_default() {
        let Ok(object) = image.object("") else { continue };
        let Some(digest) = config_of(&object) else { continue };
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

/// Blobs that are not what the archive says of them: whoever loads it by names
/// gets other bytes than the ones that were checked. Each against the name it
/// lies under, and a layer of `docker save` against its config's diff ID.
pub(super) fn misnamed(store: &Store) -> Vec<Error> {
    let differs = |named: &ClaimedDigest, found: String| {
        Error::new(evidence::BLOB_MISNAMED).expected(named.to_string()).found(found)
    };
    let wrong = |item: &Item| {
        let named = passed::named(&item.name)?;
        let whole = item.parent.is_none() && item.repairs.is_empty();
        (whole && named != item.digest.to_claim()).then(|| differs(&named, item.digest.to_string()))
    };
    let mut errors: Vec<Error> = store.items.iter().filter_map(wrong).collect();
    let members: Vec<Row> = store
        .items
        .iter()
        .filter(|item| item.kind == Kind::ArchiveInfo)
        .flat_map(|item| passed::read(&item.bytes))
        .collect();
    let promised = members.iter().filter_map(|row| Some((passed::named(&row.name)?, row)));
    errors.extend(promised.map(|(named, row)| differs(&named, row.digest.to_string())));
    errors.extend(saved_images(store).flat_map(|image| image.layers(store, &members)));
    errors
}

/// An image of `docker save`: its config, and where its layers lie.
struct Saved {
    config: ClaimedDigest,
    layers: Vec<String>,
}

fn saved_images(store: &Store) -> impl Iterator<Item = Saved> {
    let of_save =
        |item: &&Item| item.kind == Kind::ArchiveInfo && folder_of(&item.name, "manifest.json").is_some();
    store.items.iter().filter(of_save).filter_map(|item| json::parse(&item.bytes).ok()).flat_map(|node| {
        let image = |node: &json::Node<'_>| {
            let object = node.object("").ok()?;
            let layers = object.get_some("Layers").and_then(|node| node.array("").ok()).unwrap_or_default();
            let layers = layers.iter().filter_map(|node| Some(node.text("").ok()?.to_owned())).collect();
            Some(Saved { config: config_of(&object)?, layers })
        };
        node.array("").unwrap_or_default().iter().filter_map(image).collect::<Vec<_>>()
    })
}

/// The config of an image in `manifest.json`: `blobs/sha256/HEX` or `HEX.json`.
fn config_of(object: &json::Object<'_, '_>) -> Option<ClaimedDigest> {
    let config = object.text("Config").ok().flatten()?;
    let hex = config.rsplit('/').next()?.trim_end_matches(".json");
    ClaimedDigest::parse_sha256_hex(hex).ok()
}

impl Saved {
    /// Layers that are not those of the config. One that is compressed is
    /// compared with what a manifest of the same config lists.
    fn layers(&self, store: &Store, members: &[Row]) -> Vec<Error> {
        let Some(Document::Config(config)) = store.doc(&self.config).map(|doc| &doc.document) else {
            return Vec::new();
        };
        let mut errors = Vec::new();
        for (n, path) in self.layers.iter().enumerate() {
            let Some(diff_id) = config.diff_ids.get(n) else { continue };
            // The archive may lie in a folder of another.
            let at = |name: &str| {
                name.strip_suffix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            };
            let mut found: Vec<(ClaimedDigest, bool)> =
                members.iter().filter(|row| at(&row.name)).map(|row| (row.digest.clone(), row.tar)).collect();
            found.extend(passed::named(path).map(|digest| (digest, false)));
            let listed = |digest: &ClaimedDigest| {
                store.parents(&self.config).any(|doc| match &doc.document {
                    Document::Manifest(manifest) => {
                        manifest.layers.get(n).is_some_and(|layer| layer.digest == *digest)
                    }
                    _ => false,
                })
            };
            let other = found.iter().filter(|(digest, _)| digest != diff_id && !listed(digest));
            errors.extend(other.map(|(digest, tar)| {
                let code = if *tar { evidence::BLOB_MISNAMED } else { codes::HELD_NOT_CONNECTED };
                Error::new(code).expected(diff_id.to_string()).found(digest.to_string())
            }));
        }
        errors
    }
}
