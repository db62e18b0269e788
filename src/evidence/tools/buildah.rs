//! `buildah inspect` of an image: the config's digest as ID, and the digest of this
//! platform's manifest.

use super::{Command, Node, Object, objects, text};
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows};

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    o.get("FromImageID").is_some() && o.get("FromImageDigest").is_some()
}

pub(super) fn facts(node: &Node<'_>, _: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("buildah inspect", Knows::Computer);
    for o in objects(node) {
        facts.next_image(text(&o, "FromImage"));
        facts.top(DigestKind::Config, text(&o, "FromImageID").unwrap_or_default());
        facts.part(DigestKind::Manifest, text(&o, "FromImageDigest").unwrap_or_default(), None);
    }
    facts.done()
}
