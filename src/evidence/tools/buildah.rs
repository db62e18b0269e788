//! `buildah inspect` of an image: the config's digest as ID, and the digest of this
//! platform's manifest.

use super::{Command, Object, text, word};
use crate::evidence::fact::{DigestKind, Facts};

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    o.get("FromImageID").is_some() && o.get("FromImageDigest").is_some()
}

pub(super) fn read(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    facts.next_image(text(o, "FromImage"));
    facts.top(DigestKind::Config, word(o, "FromImageID"));
    facts.part(DigestKind::Manifest, word(o, "FromImageDigest"), None);
}
