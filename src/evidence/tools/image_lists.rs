//! Lists of images and containers as JSON, an object for each row: `docker images`,
//! `docker ps`, `docker compose images` and `ps`, `nerdctl images`, `podman ps`,
//! `buildah images`.

use super::{Command, Node, Object, objects, text, texts};
use crate::base::affix;
use crate::base::list::CollectVec as _;
use crate::evidence::fact::{DigestKind, Facts, Knows};

/// A row of images: names and an ID, or a repository, a tag and an ID.
fn is_image(o: &Object<'_, '_>) -> bool {
    let buildah = o.get("names").is_some() && text(o, "id").is_some();
    buildah || text(o, "Repository").is_some() && text(o, "ID").is_some()
}

/// A row of containers: what the image was called, and no container's settings.
fn is_container(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| o.get(name).is_some();
    let row = text(o, "Image").is_some() && (has("ID") || has("Id")) && (has("Names") || has("Service"));
    row && !(has("Config") || has("HostConfig"))
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    is_image(o) || is_container(o)
}

/// What a row calls its image.
fn name(o: &Object<'_, '_>) -> Option<String> {
    let tag = text(o, "Tag").filter(|tag| *tag != "<none>");
    match (text(o, "Repository").filter(|name| *name != "<none>"), tag) {
        (Some(name), Some(tag)) => Some(format!("{name}:{tag}")),
        (name, _) => name
            .or_else(|| text(o, "Image"))
            .or_else(|| texts(o, "names").first().copied())
            .map(str::to_owned),
    }
}

/// The one image that all rows are of.
pub(super) fn image(node: &Node<'_>) -> Option<String> {
    let rows: Vec<_> = objects(node).into_iter().filter(is).collect_vec();
    super::only(rows.iter().filter_map(name).collect_vec())
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let buildah = o.get("names").is_some();
    let (tool, id_kind) = match command.program() {
        _ if buildah => ("buildah images", DigestKind::Config),
        "podman" => ("podman ps", DigestKind::Config),
        "nerdctl" => ("nerdctl images", DigestKind::ImageId),
        _ if is_container(o) => ("docker ps", DigestKind::ImageId),
        _ => ("docker images", DigestKind::ImageId),
    };
    facts.witness(tool, Knows::Computer);
    facts.next_image(name(o).as_deref());
    if let Some((_, digest)) = text(o, "Image").and_then(super::at_digest) {
        facts.top(DigestKind::IndexOrManifest, digest);
    }
    let digest = text(o, "Digest").or_else(|| text(o, "digest")).unwrap_or_default();
    facts.top(DigestKind::IndexOrManifest, digest);
    // The `ID` in a row of containers is the container's.
    let id = if is_container(o) { text(o, "ImageID") } else { text(o, "ID").or_else(|| text(o, "id")) };
    let id = id.unwrap_or_default();
    let same = !digest.is_empty() && affix::after(id, "sha256:") == affix::after(digest, "sha256:");
    facts.top(if same { DigestKind::IndexOrManifest } else { id_kind }, id);
}
