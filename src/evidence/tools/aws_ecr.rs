//! `aws ecr describe-images`, `batch-get-image` and `list-images`, and the same
//! of `ecr-public`. The registry's host is in the answer only together with the
//! command's region; without it no repository is claimed, but the tag is. The manifest of `batch-get-image` is a document of its
//! own (see `embedded`).

use super::{Command, Node, Object, elements, list, object, text, texts, word};
use crate::base::list::PushAll as _;
use crate::evidence::command::ecr;
use crate::evidence::fact::{DigestKind, Facts, Knows, kind_of_image};

const LISTS: [&str; 3] = ["imageDetails", "images", "imageIds"];

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let known = |node: &Node<'_>| {
        node.object("").is_ok_and(|o| text(&o, "imageDigest").is_some() || object(&o, "imageId").is_some())
    };
    LISTS.iter().any(|name| list(o, name).first().is_some_and(known))
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    if command.is("aws ecr-public") {
        facts.witness("aws ecr-public", Knows::Name);
    }
    let has_tag = |entry: &Node<'_>| {
        let entry = entry.object("").ok();
        let id = entry.as_ref().and_then(|entry| object(entry, "imageId"));
        entry.is_some_and(|entry| {
            !texts(&entry, "imageTags").is_empty()
                || text(id.as_ref().unwrap_or(&entry), "imageTag").is_some()
        })
    };
    let tagged = LISTS.iter().flat_map(|name| list(o, name)).any(has_tag);
    for entry in LISTS.iter().flat_map(|name| elements(o, name)) {
        let id = object(&entry, "imageId");
        let id = id.as_ref().unwrap_or(&entry);
        let digest = word(id, "imageDigest");
        let kind = kind_of_image(word(&entry, "imageManifestMediaType"));
        let mut tags = texts(&entry, "imageTags");
        tags.push_all(text(id, "imageTag"));
        let (registry, repository) = (text(&entry, "registryId"), text(&entry, "repositoryName"));
        facts.next_image(ecr(&command.typed, registry, repository).as_deref());
        // Without a tag it is what an index lists, or an old image: nobody says.
        if tags.is_empty() {
            match tagged {
                true => facts.part(DigestKind::Unknown, digest, None),
                false => facts.top(kind, digest),
            }
        }
        for tag in tags {
            facts.subject().tag = Some(tag.to_owned());
            match super::bare::subject_of_tag(tag) {
                Some(_) => facts.part(DigestKind::Artifact, digest, None),
                None => facts.top(kind, digest),
            }
        }
    }
}
