//! Docker Hub's API: `/v2/repositories/OWNER/NAME/tags/TAG`, or the list of them.
//! The repository stands in the address only, which the command line has.

use super::{Command, Node, Object, list, objects, platform, text};
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows, Role, kind_of_media_type};

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let tag = |o: &Object<'_, '_>| {
        let image = list(o, "images").first().and_then(|node| node.object("").ok());
        text(o, "name").is_some() && image.is_some_and(|image| image.get("architecture").is_some())
    };
    tag(o)
        || list(o, "results").first().and_then(|node| node.object("").ok()).is_some_and(|first| tag(&first))
}

pub(super) fn facts(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("Docker Hub", Knows::Name);
    let repository = About::of_text(command.reference.as_deref()).repository;
    for o in objects(node) {
        let listed = list(&o, "results").iter().filter_map(|node| node.object("").ok());
        let own = Some(&o).filter(|o| text(o, "name").is_some()).cloned();
        for tag in own.into_iter().chain(listed) {
            facts.next_image(None);
            facts.subject().repository.clone_from(&repository);
            facts.subject().tag = text(&tag, "name").map(str::to_owned);
            let kind = match kind_of_media_type(text(&tag, "media_type").unwrap_or_default()) {
                kind @ (DigestKind::Index | DigestKind::Manifest) => kind,
                _ => DigestKind::IndexOrManifest,
            };
            let digest = text(&tag, "digest").unwrap_or_default();
            facts.top(kind, digest);
            for image in list(&tag, "images").iter().filter_map(|node| node.object("").ok()) {
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
    facts.done()
}
