//! `crictl pull` (`Image is up to date for sha256:…`), `crictl inspecti` and
//! `crictl images -o json`. The ID of the container runtime interface is the
//! digest of the config, in containerd and in CRI-O.

use super::{
    Command, Kind, Lines, Node, Object, Output, at_digest, list, object, objects, text as member, texts,
};
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows};

const DONE: &str = "Image is up to date for ";

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let found = lines.first()?.strip_prefix(DONE)?;
    let mut facts = Facts::new("crictl pull", Knows::NameAndComputer).about(command.reference.as_deref());
    match at_digest(found) {
        Some((name, digest)) => {
            if command.reference.is_none() {
                *facts.subject() = crate::evidence::About::of_text(Some(name));
            }
            facts.top(DigestKind::IndexOrManifest, digest);
        }
        None => facts.top(DigestKind::Config, found),
    }
    let end = lines.run(|index, line| index == 0 && line.starts_with(DONE));
    Some(Output::new(Kind::ToolOutput, end, facts.done()))
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let image = |o: &Object<'_, '_>| o.get("id").is_some() && o.get("repoDigests").is_some();
    let first = list(o, "images").first().and_then(|node| node.object("").ok());
    object(o, "status").as_ref().or(first.as_ref()).is_some_and(image)
}

pub(super) fn facts(node: &Node<'_>, _: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("crictl", Knows::Computer);
    for o in objects(node) {
        let listed = list(&o, "images").iter().filter_map(|node| node.object("").ok());
        for image in object(&o, "status").into_iter().chain(listed) {
            let digests = texts(&image, "repoDigests");
            let name = texts(&image, "repoTags").first().copied();
            facts.next_image(name.or_else(|| digests.first().and_then(|d| Some(at_digest(d)?.0))));
            for entry in digests {
                if let Some((name, digest)) = at_digest(entry) {
                    let tag = facts.subject().tag.clone();
                    *facts.subject() = crate::evidence::About::of_text(Some(name));
                    facts.subject().tag = tag;
                    facts.top(DigestKind::IndexOrManifest, digest);
                }
            }
            facts.top(DigestKind::Config, member(&image, "id").unwrap_or_default());
        }
    }
    facts.done()
}
