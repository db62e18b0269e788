//! `skopeo inspect`: what a registry answers for a name. The digest of a list
//! stands beside the layers of one of its platforms. Of an image in the Docker
//! daemon (`docker-daemon:`) it is the digest of a manifest that skopeo made up; of
//! a folder (`dir:`, `oci:`) that of the manifest in it.

use super::{Command, Node, Object, objects, platform, text, texts, word};
use crate::base::message::Message;
use crate::evidence::codes;
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| o.get(name).is_some();
    has("Digest") && !has("Id") && (has("Layers") || has("RepoTags")) && (has("Name") || has("DockerVersion"))
}

/// Whether the digest is of a manifest that was made up locally.
fn is_local(o: &Object<'_, '_>) -> bool {
    text(o, "Name").is_none()
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let digest = word(o, "Digest");
    if is_local(o) && is_folder(command) {
        facts.witness("skopeo inspect dir:", Knows::Computer);
        facts.next_image(None);
        facts.top(DigestKind::IndexOrManifest, digest);
        return;
    }
    if is_local(o) {
        facts.witness("skopeo inspect docker-daemon:", Knows::Text);
        facts.next_image(None);
        facts.top(DigestKind::Unknown, digest);
        return;
    }
    let name = text(o, "Name");
    facts.next_image(name);
    // The name comes without its tag; the command has it.
    let typed = crate::evidence::About::of_text(command.reference.as_deref());
    if typed.repository.is_some() && typed.repository == facts.subject().repository {
        facts.subject().tag = typed.tag;
    }
    facts.top(DigestKind::IndexOrManifest, digest);
    let platform = platform(o, "Os", "Architecture", "Variant");
    for layer in texts(o, "Layers") {
        facts.part(DigestKind::Layer, layer, platform.clone());
    }
}

/// Whether the command reads a folder or an archive that holds the manifest as it is.
fn is_folder(command: &Command) -> bool {
    [" dir:", " oci:", " oci-archive:"].iter().any(|transport| command.typed.contains(transport))
}

pub(super) fn notes(node: &Node<'_>, command: &Command) -> Vec<Message> {
    let local = !is_folder(command) && objects(node).iter().any(is_local);
    if local { vec![Message::new(codes::MADE_UP_MANIFEST, &[])] } else { vec![] }
}
