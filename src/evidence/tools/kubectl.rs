//! kubectl: `Image ID:` of `describe pod`, `imageID:` of a pod's YAML or JSON.
//! It is what the node runs: `repository@digest` of a manifest or of the index above it, or,
//! for an image that no registry named, an image ID.

use super::{Command, Kind, Lines, Object, Output, at_digest, text as member, word};
use crate::base::json::Value;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows};

/// Lines of one pod at most.
const DEPTH: usize = 16;

fn state(facts: &mut Facts, image: Option<&str>, id: &str) {
    let id = id.trim_matches(['"', '\'']);
    let id = id.strip_prefix("docker-pullable://").or_else(|| id.strip_prefix("docker://")).unwrap_or(id);
    facts.next_image(None);
    match at_digest(id) {
        Some((name, digest)) => {
            let about = About::of_text(Some(name));
            let tag = image.map(|image| About::of_text(Some(image.trim_matches(['"', '\'']))));
            let tag = tag.filter(|tag| tag.repository == about.repository).and_then(|tag| tag.tag);
            *facts.subject() = About { tag, ..about };
            // CRI-O shows the digest of the platform it runs.
            facts.top(DigestKind::Manifest, digest);
        }
        None => {
            *facts.subject() = About::of_text(image);
            facts.top(DigestKind::ImageId, id);
        }
    }
}

pub(super) fn text(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let by_id = |key: &str| matches!(key, "Image ID" | "imageID");
    let (first, _) = field(lines.first()?)?;
    if !(by_id(first) || lines.second().and_then(field).is_some_and(|(key, _)| by_id(key))) {
        return None;
    }
    let mut facts = Facts::new("kubectl", Knows::Computer);
    let mut image = None;
    // `describe` begins its names with a capital, YAML does not: the other is another output.
    let described = first.starts_with('I');
    let end = lines.run(|_, line| match field(line).filter(|(key, _)| key.starts_with('I') == described) {
        Some((key, id)) if by_id(key) => {
            state(&mut facts, image.take(), id);
            true
        }
        Some((_, name)) => {
            image = Some(name);
            true
        }
        None => false,
    });
    only_named(&mut facts);
    Some(Output::new(Kind::ToolOutput, end, facts.done()))
}

/// A name of a container's image, or an ID, in a line.
fn field(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (key, value) = line.split_once(':')?;
    matches!(key, "Image" | "Image ID" | "image" | "imageID").then(|| (key, value.trim()))
}

/// An ID that no name stands beside may be the image of any container: beside
/// those that have one it says nothing about them.
fn only_named(facts: &mut Facts) {
    let is_named = |fact: &Fact| fact.about.repository.is_some();
    if facts.all().iter().any(is_named) {
        facts.all().retain(is_named);
    }
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let kind = word(o, "kind");
    member(o, "apiVersion").is_some() && matches!(kind, "Pod" | "PodList" | "List" | "Node" | "NodeList")
}

pub(super) fn read(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    walk(o, facts, DEPTH);
    only_named(facts);
}

fn walk(o: &Object<'_, '_>, facts: &mut Facts, depth: usize) {
    if let Some(id) = member(o, "imageID") {
        state(facts, member(o, "image"), id);
    }
    for member in if depth == 0 { &[] } else { o.members() } {
        match &member.node.value {
            Value::Object(_) => member.node.object("").iter().for_each(|o| walk(o, facts, depth - 1)),
            Value::Array(items) => {
                items.iter().filter_map(|item| item.object("").ok()).for_each(|o| walk(&o, facts, depth - 1));
            }
            _ => {}
        }
    }
}
