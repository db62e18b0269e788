//! Web APIs of registries that list tags with their digests: quay.io
//! (`/api/v1/repository/…/tag/`), GitHub packages (`gh api …/versions`), GitLab
//! (`/registry/repositories/…/tags/TAG`), Harbor (`…/artifacts`) and Artifactory (a
//! file of its storage, or its search). What a tag means is the registry's word;
//! GitLab's `revision` is the config.

use super::{Command, Object, elements, object, platform_of, text, texts, word};
use crate::base::json::Value;
use crate::base::list::CollectVec as _;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Facts, kind_of_media_type};

pub(super) fn is_quay(o: &Object<'_, '_>) -> bool {
    elements(o, "tags").next().is_some_and(|tag| text(&tag, "manifest_digest").is_some())
}

pub(super) fn quay(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let repository = About::of_text(command.reference.as_deref()).repository;
    // What a tag meant before has an end; one that only expires is no history.
    let ended = |tag: &Object<'_, '_>| tag.get_some("end_ts").is_some();
    let name = |tag: &Object<'_, '_>| text(tag, "name").map(str::to_owned);
    let all = elements(o, "tags").collect_vec();
    let now = |named: &Option<String>| all.iter().any(|tag| !ended(tag) && name(tag) == *named);
    for tag in all.iter().filter(|tag| !(ended(tag) && now(&name(tag)))) {
        facts.next_image(None);
        facts.subject().repository.clone_from(&repository);
        facts.subject().tag = name(tag);
        let kind = match tag.get("is_manifest_list").map(|node| &node.value) {
            Some(Value::Bool(true)) => DigestKind::Index,
            Some(Value::Bool(false)) => DigestKind::Manifest,
            _ => DigestKind::IndexOrManifest,
        };
        facts.top(kind, word(tag, "manifest_digest"));
    }
}

pub(super) fn is_github(o: &Object<'_, '_>) -> bool {
    let container = object(o, "metadata").is_some_and(|metadata| {
        text(&metadata, "package_type") == Some("container") && metadata.get("container").is_some()
    });
    container && text(o, "name").is_some()
}

/// A version without a tag is what an index lists, or an artifact: nobody says.
pub(super) fn github(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let page = text(o, "package_html_url").or(command.reference.as_deref());
    let container = object(o, "metadata").and_then(|metadata| object(&metadata, "container"));
    let tags = container.map(|container| texts(&container, "tags")).unwrap_or_default();
    let digest = word(o, "name");
    for tag in &tags {
        facts.next_image(page);
        facts.subject().tag = Some((*tag).to_owned());
        facts.top(DigestKind::IndexOrManifest, digest);
    }
    if tags.is_empty() {
        facts.next_image(page);
        facts.part(DigestKind::Unknown, digest, None);
    }
}

pub(super) fn is_gitlab(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| text(o, name).is_some();
    has("location") && has("digest") && has("path") && has("name")
}

pub(super) fn gitlab(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    facts.next_image(text(o, "location"));
    facts.top(DigestKind::IndexOrManifest, word(o, "digest"));
    facts.part(DigestKind::Config, word(o, "revision"), None);
}

pub(super) fn is_harbor(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| text(o, name).is_some();
    has("manifest_media_type") && has("digest") && (has("repository_name") || has("type"))
}

pub(super) fn harbor(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let repository = About::of_text(command.reference.as_deref()).repository;
    let kind = match text(o, "type") {
        None | Some("IMAGE") => kind_of_media_type(word(o, "manifest_media_type")),
        Some(_) => DigestKind::Artifact,
    };
    let names: Vec<_> = elements(o, "tags").map(|tag| text(&tag, "name")).collect_vec();
    let digest = word(o, "digest");
    for tag in if names.is_empty() { vec![None] } else { names } {
        facts.next_image(None);
        facts.subject().repository.clone_from(&repository);
        facts.subject().tag = tag.map(str::to_owned);
        facts.top(kind, digest);
    }
    for child in elements(o, "references") {
        let digest = word(&child, "child_digest");
        facts.part(DigestKind::Manifest, digest, platform_of(&child));
    }
}

/// The file that Artifactory keeps a manifest in: `PATH/TAG/manifest.json`, of a list
/// `list.manifest.json`; its search has folder and name apart.
fn manifest_file(o: &Object<'_, '_>) -> Option<String> {
    let (path, name) = (text(o, "path")?, text(o, "name"));
    let is = |path: &str| matches!(path.rsplit('/').next(), Some("manifest.json" | "list.manifest.json"));
    match name.filter(|_| !is(path)) {
        Some(name) => Some(format!("{path}/{name}")).filter(|path| is(path)),
        None => Some(path.to_owned()).filter(|path| is(path)),
    }
}

/// Its sums, beside the path or below it.
fn sums<'n>(o: &Object<'n, '_>) -> impl Iterator<Item = &'n str> {
    let below = ["checksums", "originalChecksums"].into_iter();
    text(o, "sha256").into_iter().chain(below.filter_map(|name| {
        let checksums = o.get(name)?.object("").ok()?;
        text(&checksums, "sha256")
    }))
}

pub(super) fn is_artifactory(o: &Object<'_, '_>) -> bool {
    let is = |o: &Object<'_, '_>| manifest_file(o).is_some() && sums(o).next().is_some();
    is(o) || elements(o, "results").any(|o| is(&o))
}

/// The host is not in the answer, so no repository is claimed; the tag is.
pub(super) fn artifactory(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    for o in core::iter::once(o.clone()).chain(elements(o, "results")) {
        let Some(path) = manifest_file(&o) else { continue };
        let mut parts = path.rsplit('/');
        let index = parts.next() == Some("list.manifest.json");
        let folder = parts.next().filter(|folder| !folder.starts_with("sha256"));
        facts.next_image(None);
        facts.subject().tag = folder.map(str::to_owned);
        let kind = if index { DigestKind::Index } else { DigestKind::IndexOrManifest };
        for sum in sums(&o) {
            match folder {
                Some(_) => facts.top(kind, sum),
                // What an index lists, or an image that was asked for by its digest.
                None => facts.part(kind, sum, None),
            }
        }
    }
}
