//! The lists of an archive of an image, read as strictly as all loaders do
//! together: Go's decoder takes the last of two members of one name, a name in
//! any case, and only the first value of a file.

use super::contents::Contents;
use super::reading::{Reading, ambiguous, clean};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Node, Object, Value};

/// Members of an image in `manifest.json` (Docker's image specification v1.2).
const SAVED: [&str; 5] = ["Config", "RepoTags", "Layers", "Parent", "LayerSources"];
/// Members of an index (OCI image-spec, image-index.md).
const INDEX: [&str; 6] =
    ["schemaVersion", "mediaType", "artifactType", "manifests", "subject", "annotations"];
/// Members of a descriptor (descriptor.md).
const DESCRIPTOR: [&str; 8] =
    ["mediaType", "digest", "size", "urls", "annotations", "data", "artifactType", "platform"];
/// Media types of an index.
const INDEX_TYPES: [&str; 2] =
    ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

pub(super) fn check(reading: &Reading, kept: &Contents) -> Result<()> {
    let list = kept.document("manifest.json");
    if list.is_none() && (reading.old_images() || reading.has("repositories")) {
        return Err(ambiguous("manifest.json", "an image as Docker saved it before 1.10"));
    }
    if let Some(bytes) = list {
        saved(bytes, reading, kept)?;
    }
    let marker = kept.document("oci-layout");
    if let Some(bytes) = marker {
        let node = parse("oci-layout", bytes)?;
        let layout = node.object("oci-layout").map_err(differently)?;
        only(&layout, &["imageLayoutVersion"])?;
        let version = layout.need_text("imageLayoutVersion").map_err(differently)?;
        if version != "1.0.0" {
            return Err(ambiguous("imageLayoutVersion 1.0.0", version));
        }
    }
    let Some(bytes) = kept.document("index.json") else { return Ok(()) };
    match marker {
        Some(_) => roots(bytes),
        None if reading.has_below("blobs/") => {
            Err(ambiguous("oci-layout", "index.json and blobs without it"))
        }
        // Somebody's documents from a registry: nothing loads them.
        None => parse("index.json", bytes).map(|_| ()),
    }
}

/// `index.json` of an OCI layout.
fn roots(bytes: &[u8]) -> Result<()> {
    let node = parse("index.json", bytes)?;
    let index = node.object("index.json").map_err(differently)?;
    only(&index, &INDEX)?;
    let version = index.need_u64("schemaVersion").map_err(differently)?;
    if version != 2 {
        return Err(ambiguous("schemaVersion 2", &version.to_string()));
    }
    let kind = index.text("mediaType").map_err(differently)?.filter(|kind| !INDEX_TYPES.contains(kind));
    if let Some(kind) = kind {
        return Err(ambiguous("the media type of an index", kind));
    }
    for root in index.need_array("manifests").map_err(differently)? {
        only(&root.object("index.json.manifests").map_err(differently)?, &DESCRIPTOR)?;
    }
    Ok(())
}

/// Refuses members that the format does not have: some program may read them.
fn only(object: &Object<'_, '_>, names: &[&str]) -> Result<()> {
    object.known(names).map_err(differently)?;
    match object.members().iter().find(|member| !names.contains(&&*member.name.value)) {
        Some(other) => Err(ambiguous("the members of its format", &object.path(&other.name.value))),
        None => Ok(()),
    }
}

fn parse<'b>(place: &str, bytes: &'b [u8]) -> Result<Node<'b>> {
    json::parse(bytes).map_err(|error| differently(error.in_place(place)))
}

/// What was strange in a list, as expected and found.
// It stands in `map_err`.
#[expect(clippy::needless_pass_by_value, reason = "map_err gives it away")]
fn differently(error: Error) -> Error {
    let place = error.place().unwrap_or_default().to_owned();
    let found = error.found_text().unwrap_or(error.code().name());
    ambiguous(
        error.expected_text().unwrap_or("JSON that all programs read alike"),
        &format!("{place}: {found}"),
    )
}

/// `[{"Config": PATH, "RepoTags": [NAME…], "Layers": [PATH…]}]`. An object is a
/// manifest that somebody put there, which nothing loads.
fn saved(bytes: &[u8], reading: &Reading, kept: &Contents) -> Result<()> {
    let node = parse("manifest.json", bytes)?;
    if matches!(node.value, Value::Object(_)) {
        return Ok(());
    }
    for image in node.array("manifest.json").map_err(differently)? {
        let image = image.object("manifest.json").map_err(differently)?;
        only(&image, &SAVED)?;
        image.need("RepoTags").and_then(|_| image.need("Layers")).map_err(differently)?;
        let config = image.need_text("Config").map_err(differently)?;
        path(config)?;
        if kept.read(plain(config)) == 0 {
            return Err(ambiguous("the config that manifest.json names", config));
        }
        let Some(layers) = image.get_some("Layers") else { continue };
        for layer in layers.array("Layers").map_err(differently)? {
            let layer = layer.text("Layers").map_err(differently)?;
            path(layer)?;
            if reading.has_folded(plain(layer)) && !reading.has(plain(layer)) {
                return Err(ambiguous("a layer of this very name", layer));
            }
            // Members that are called otherwise are no layers, and are passed over.
            if kept.passed(plain(layer)) {
                return Err(ambiguous("a layer that is called FOLDER/layer.tar, or by its digest", layer));
            }
        }
    }
    Ok(())
}

fn plain(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}

fn path(name: &str) -> Result<()> {
    let (path, written) = clean(name);
    if written && !path.is_empty() && !path.split('/').any(|part| part == "..") {
        return Ok(());
    }
    Err(ambiguous("paths that all programs spell alike", name))
}
