//! A bare descriptor, as `oras manifest fetch --descriptor`, `oras push --format
//! json` and templates print it: `{"mediaType", "digest", "size"}`. Also: which
//! manifests are of no image.

use super::{Command, Node, Object, object, platform_of, text, word};
use crate::base::message::Message;
use crate::evidence::fact::{DigestKind, Facts, Knows, kind_of_media_type};
use crate::evidence::{About, codes};
use crate::model::oci::MediaType;

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let named = text(o, "mediaType").is_some() && text(o, "digest").is_some() && o.get("size").is_some();
    named && ["manifests", "layers", "config", "data"].iter().all(|name| o.get(name).is_none())
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let (tool, filtered) = match command.program() {
        "docker" if command.words.contains("imagetools") => ("imagetools", true),
        "docker" => ("docker manifest inspect", true),
        "crane" => ("crane manifest", true),
        "skopeo" => ("skopeo inspect", true),
        "curl" => ("curl", true),
        "regctl" => ("regctl", false),
        "" => ("oras", true),
        _ => ("oras", false),
    };
    facts.witness(tool, Knows::Name);
    *facts.subject() = About::of_text(command.reference.as_deref());
    let digest = word(o, "digest");
    let artifact = text(o, "artifactType").is_some_and(|kind| !MediaType::parse(kind).is_config());
    let kind = match artifact {
        true => DigestKind::Artifact,
        false => kind_of_media_type(word(o, "mediaType")),
    };
    match kind {
        // These print lists: a filter left one of their entries.
        DigestKind::Index | DigestKind::Manifest if !(filtered && platform_of(o).is_some()) => {
            facts.top(kind, digest);
            if let Some(fact) = facts.last() {
                fact.about.platform = platform_of(o);
            }
        }
        _ => facts.part(kind, digest, platform_of(o)),
    }
}

/// A remark on a manifest whose config is not an image's: a chart, an SBOM, a
/// WebAssembly module. Its digests are not those of an image.
pub(super) fn artifact(node: &Node<'_>) -> Option<Message> {
    let o = node.object("").ok()?;
    let config = object(&o, "config")?;
    let media_type = text(&config, "mediaType")?;
    if MediaType::parse(media_type).is_config() {
        return None;
    }
    let named = match media_type {
        "application/vnd.oci.empty.v1+json" => text(&o, "artifactType").unwrap_or(media_type),
        other => other,
    };
    Some(Message::new(codes::ARTIFACT, &[("found", &crate::base::digest::shorten(named))]))
}
