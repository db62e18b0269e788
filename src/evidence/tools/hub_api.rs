//! Docker Hub's API: `/v2/repositories/OWNER/NAME/tags/TAG`, or the list of them.
//! The repository stands in the address only, which the command line has.

use super::{Command, Object, elements, platform, text, word};
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Facts, Role, kind_of_image};

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let tag = |o: &Object<'_, '_>| {
        let image = elements(o, "images").next();
        text(o, "name").is_some() && image.is_some_and(|image| image.get("architecture").is_some())
    };
    tag(o) || elements(o, "results").next().is_some_and(|first| tag(&first))
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let repository = About::of_text(command.reference.as_deref()).repository;
    let listed = elements(o, "results");
    let own = Some(o).filter(|o| text(o, "name").is_some()).cloned();
    for tag in own.into_iter().chain(listed) {
        facts.next_image(None);
        facts.subject().repository.clone_from(&repository);
        facts.subject().tag = text(&tag, "name").map(str::to_owned);
        let kind = kind_of_image(word(&tag, "media_type"));
        let digest = word(&tag, "digest");
        facts.top(kind, digest);
        for image in elements(&tag, "images") {
            let platform = platform(&image, "os", "architecture", "variant");
            match text(&image, "digest") {
                // A tag of one platform: the image is its manifest.
                Some(same) if same == digest => {
                    let top = facts.last().filter(|fact| fact.role == Role::Top);
                    top.into_iter().for_each(|fact| fact.about.platform.clone_from(&platform));
                }
                other => facts.part(DigestKind::Manifest, other.unwrap_or_default(), platform),
            }
        }
    }
}
