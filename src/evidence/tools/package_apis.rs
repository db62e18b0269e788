//! Web APIs of registries that list tags with their digests: quay.io
//! (`/api/v1/repository/…/tag/`), GitHub packages (`gh api …/versions`), GitLab
//! (`/registry/repositories/…/tags/TAG`), Harbor (`…/artifacts`) and Artifactory (a
//! file of its storage, or its search). What a tag means is the registry's word;
//! GitLab's `revision` is the config.

use super::{Command, Node, Object, list, object, objects, platform_of, text, texts};
use crate::base::json::Value;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows, kind_of_media_type};

fn elements<'n, 'a>(o: &Object<'n, 'a>, name: &str) -> impl Iterator<Item = Object<'n, 'a>> {
    list(o, name).iter().filter_map(|node| node.object("").ok())
}

pub(super) fn is_quay(o: &Object<'_, '_>) -> bool {
    elements(o, "tags").next().is_some_and(|tag| text(&tag, "manifest_digest").is_some())
}

pub(super) fn quay(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("quay.io", Knows::Name);
    let repository = About::of_text(command.reference.as_deref()).repository;
    for tag in objects(node).iter().flat_map(|o| elements(o, "tags")) {
        facts.next_image(None);
        facts.subject().repository.clone_from(&repository);
        facts.subject().tag = text(&tag, "name").map(str::to_owned);
        let kind = match tag.get("is_manifest_list").map(|node| &node.value) {
            Some(Value::Bool(true)) => DigestKind::Index,
            Some(Value::Bool(false)) => DigestKind::Manifest,
            _ => DigestKind::IndexOrManifest,
        };
        facts.top(kind, text(&tag, "manifest_digest").unwrap_or_default());
    }
    facts.done()
}

pub(super) fn is_github(o: &Object<'_, '_>) -> bool {
    let container = object(o, "metadata").is_some_and(|metadata| {
        text(&metadata, "package_type") == Some("container") && metadata.get("container").is_some()
    });
    container && text(o, "name").is_some()
}

/// A version without a tag is what an index lists, or an artifact: nobody says.
pub(super) fn github(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("GitHub packages", Knows::Name);
    for version in objects(node) {
        let page = text(&version, "package_html_url").or(command.reference.as_deref());
        let container = object(&version, "metadata").and_then(|metadata| object(&metadata, "container"));
        let tags = container.map(|container| texts(&container, "tags")).unwrap_or_default();
        let digest = text(&version, "name").unwrap_or_default();
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
    facts.done()
}

pub(super) fn is_gitlab(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| text(o, name).is_some();
    has("location") && has("digest") && has("path") && has("name")
}

pub(super) fn gitlab(node: &Node<'_>, _: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("GitLab", Knows::Name);
    for tag in objects(node) {
        facts.next_image(text(&tag, "location"));
        facts.top(DigestKind::IndexOrManifest, text(&tag, "digest").unwrap_or_default());
        facts.part(DigestKind::Config, text(&tag, "revision").unwrap_or_default(), None);
    }
    facts.done()
}

pub(super) fn is_harbor(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| text(o, name).is_some();
    has("manifest_media_type") && has("digest") && (has("repository_name") || has("type"))
}

pub(super) fn harbor(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("Harbor", Knows::Name);
    let repository = About::of_text(command.reference.as_deref()).repository;
    for artifact in objects(node) {
        let kind = match text(&artifact, "type") {
            None | Some("IMAGE") => {
                kind_of_media_type(text(&artifact, "manifest_media_type").unwrap_or_default())
            }
            Some(_) => DigestKind::Artifact,
        };
        let names: Vec<_> = elements(&artifact, "tags").map(|tag| text(&tag, "name")).collect();
        let digest = text(&artifact, "digest").unwrap_or_default();
        for tag in if names.is_empty() { vec![None] } else { names } {
            facts.next_image(None);
            facts.subject().repository.clone_from(&repository);
            facts.subject().tag = tag.map(str::to_owned);
            facts.top(kind, digest);
        }
        for child in elements(&artifact, "references") {
            let digest = text(&child, "child_digest").unwrap_or_default();
            facts.part(DigestKind::Manifest, digest, platform_of(&child));
        }
    }
    facts.done()
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
pub(super) fn artifactory(node: &Node<'_>, _: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("Artifactory", Knows::Name);
    let mut file = |o: &Object<'_, '_>| {
        let Some(path) = manifest_file(o) else { return };
        let mut parts = path.rsplit('/');
        let index = parts.next() == Some("list.manifest.json");
        let folder = parts.next().filter(|folder| !folder.starts_with("sha256"));
        facts.next_image(None);
        facts.subject().tag = folder.map(str::to_owned);
        let kind = if index { DigestKind::Index } else { DigestKind::IndexOrManifest };
        for sum in sums(o) {
            match folder {
                Some(_) => facts.top(kind, sum),
                // What an index lists, or an image that was asked for by its digest.
                None => facts.part(kind, sum, None),
            }
        }
    };
    for o in objects(node) {
        file(&o);
        elements(&o, "results").for_each(|o| file(&o));
    }
    facts.done()
}
