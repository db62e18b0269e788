//! `docker image inspect`, `docker inspect` of an image or a container, and the
//! same of podman and nerdctl: what the user's computer holds.
//!
//! `RepoDigests` are what registries called the image. `Id` is an image ID: the
//! digest of the config in the classic store and in podman's; that of an index
//! or manifest in the containerd store, which a `Descriptor` with the same
//! digest, or an equal repository digest, shows.

use super::{Command, Node, Object, at_digest, object, platform, text, texts, word};
use crate::base::json::Value;
use crate::base::list::CollectVec as _;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows, kind_of_media_type};

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| o.get(name).is_some();
    has("Id") && (has("RepoTags") || has("RepoDigests") || has("RootFS"))
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    facts.witness(tool(command), Knows::Computer);
    let platform = platform(o, "Os", "Architecture", "Variant");
    // `podman images --format json` has the names apart.
    let tags =
        Some(texts(o, "RepoTags")).filter(|tags| !tags.is_empty()).unwrap_or_else(|| texts(o, "Names"));
    let digests: Vec<_> = texts(o, "RepoDigests").into_iter().filter_map(at_digest).collect_vec();
    let typed = command.reference.as_deref();
    // One that was asked for by its digest has the names that its list says.
    let asked = About::of_text(typed);
    let by_digest = command.digest.is_some() && asked.tag.is_none() && !tags.is_empty();
    let named = asked.repository.is_some() && !by_digest;
    facts.next_image(if named { typed } else { tags.first().copied() });
    facts.subject().platform.clone_from(&platform);
    let id = word(o, "Id");
    let descriptor = object(o, "Descriptor").and_then(|descriptor| {
        let kind = kind_of_media_type(word(&descriptor, "mediaType"));
        Some((kind, text(&descriptor, "digest")?))
    });
    // podman prints its instance's digest besides those of the registries.
    let podman = text(o, "Digest");
    if podman.is_some() {
        facts.witness("podman image inspect", Knows::Computer);
    }
    let whole = facts.subject().clone();
    let tagged: Vec<_> = tags.iter().map(|tag| About::of_text(Some(tag))).collect_vec();
    for (name, digest) in &digests {
        let about = About::of_text(Some(name));
        let same = |other: &&About| other.repository == about.repository && other.tag.is_some();
        // The tag that was typed; else those that the list names of this repository.
        let own = tagged.iter().filter(same).take(16).map(|about| about.tag.clone());
        let mut names: Vec<_> =
            Some(&whole).filter(same).map_or_else(|| own.collect_vec(), |w| vec![w.tag.clone()]);
        if names.is_empty() {
            names.push(None);
        }
        // What podman calls the digest is the manifest of its platform, never the list.
        let instance = podman.is_some_and(|instance| instance == *digest);
        let kind = match &descriptor {
            Some((kind @ (DigestKind::Index | DigestKind::Manifest), known)) if known == digest => *kind,
            _ if instance => DigestKind::Manifest,
            _ => DigestKind::IndexOrManifest,
        };
        for tag in names {
            *facts.subject() = About { tag, platform: platform.clone(), ..about.clone() };
            match instance && digests.iter().any(|(_, other)| other != digest) {
                true => facts.part(DigestKind::Manifest, digest, platform.clone()),
                false => facts.top(kind, digest),
            }
        }
    }
    *facts.subject() = whole.clone();
    let by_registry = digests.iter().any(|(_, digest)| *digest == id);
    let kind = match &descriptor {
        Some((kind @ (DigestKind::Index | DigestKind::Manifest), digest)) if *digest == id => *kind,
        Some((_, digest)) if *digest == id => DigestKind::IndexOrManifest,
        _ if by_registry => DigestKind::IndexOrManifest,
        None if podman.is_some() => DigestKind::Config,
        _ => DigestKind::ImageId,
    };
    facts.top(kind, id);
    // It has all the names in the list.
    for about in tagged.into_iter().filter(|_| !named).skip(1).take(16) {
        *facts.subject() = About { platform: platform.clone(), ..about };
        facts.top(kind, id);
    }
    *facts.subject() = whole;
    if let Some((kind, digest)) = descriptor.filter(|(_, digest)| *digest != id) {
        facts.part(kind, digest, platform.clone());
    }
    if let Some(digest) = podman {
        facts.part(DigestKind::Manifest, digest, platform.clone());
    }
    for layer in object(o, "RootFS").map(|root| texts(&root, "Layers")).unwrap_or_default() {
        facts.part(DigestKind::DiffId, layer, platform.clone());
    }
}

fn tool(command: &Command) -> &'static str {
    match command.program() {
        "podman" => "podman image inspect",
        "nerdctl" => "nerdctl image inspect",
        _ => "docker image inspect",
    }
}

/// A container: `Image` is the ID of the image it runs.
pub(super) fn is_container(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| o.get(name).is_some();
    has("Id") && text(o, "Image").is_some() && (has("State") || has("HostConfig"))
}

pub(super) fn container(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    let config = object(o, "Config");
    facts.next_image(config.as_ref().and_then(|config| text(config, "Image")));
    facts.top(DigestKind::ImageId, word(o, "Image"));
    if let Some(descriptor) = object(o, "ImageManifestDescriptor") {
        facts.part(DigestKind::Manifest, word(&descriptor, "digest"), None);
    }
}

/// `{{json .RepoDigests}}`: an array of `repository@digest`.
pub(super) fn is_digest_list(node: &Node<'_>) -> bool {
    let Value::Array(items) = &node.value else { return false };
    let names = |item: &Node<'_>| item.text("").is_ok_and(|text| at_digest(text).is_some());
    !items.is_empty() && items.iter().all(names)
}

pub(super) fn digest_list(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut facts = Facts::new(tool(command), Knows::Computer);
    let typed = About::of_text(command.reference.as_deref());
    for (name, digest) in
        node.array("").unwrap_or_default().iter().filter_map(|n| at_digest(n.text("").ok()?))
    {
        let about = About::of_text(Some(name));
        let tag = typed.tag.clone().filter(|_| typed.repository == about.repository);
        *facts.subject() = About { tag, ..about };
        facts.top(DigestKind::IndexOrManifest, digest);
    }
    facts.done()
}
