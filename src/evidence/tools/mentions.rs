//! Digests in prose, in messages of no known kind and in JSON of no known kind.
//! They say what to look for; what they are of, nobody said.

use super::{Command, Node, Object, objects, platform_of, text as member};
use crate::base::json::Value;
use crate::base::limits;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows, kind_of_media_type};
use crate::evidence::terminal::digests;
use crate::model::reference::Reference;

/// How deep JSON of no known kind is looked into.
const DEPTH: usize = 8;

/// Digests anywhere in a text, each once, in one pass. `image: REPO@sha256:…` and
/// `FROM REPO@sha256:…` name the repository.
pub(crate) fn mentioned(text: &str) -> Vec<Fact> {
    let mut facts = Facts::new("text", Knows::Text);
    let mut seen = crate::base::order::Set::new();
    // The same one again and again is no news, and is not counted for ever.
    for (at, digest) in digests(text).take(16 * limits::FACTS) {
        if seen.len() >= limits::FACTS || !seen.insert(digest.clone()) {
            continue;
        }
        let before = text.get(..at).and_then(|before| before.strip_suffix('@')).unwrap_or_default();
        let from = before.len().saturating_sub(300);
        let from = (from..before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len());
        let near = before.get(from..).unwrap_or_default();
        let name =
            near.rsplit([' ', '\t', '\n', '"', '\'', '=', '(', '[', ',']).next().filter(|n| !n.is_empty());
        facts.next_image(name);
        let kind = match facts.subject().repository {
            Some(_) => DigestKind::IndexOrManifest,
            None => DigestKind::Unknown,
        };
        facts.top(kind, &digest.to_string());
    }
    facts.done()
}

/// The digest in a reference that stands alone.
pub(crate) fn pinned(reference: &Reference) -> Vec<Fact> {
    let mut facts = Facts::new("text", Knows::Text).about(Some(&reference.to_string()));
    if let Some(digest) = reference.digest() {
        facts.top(DigestKind::IndexOrManifest, &digest.to_string());
    }
    facts.done()
}

/// Digest members of a document of no known kind (what jq left of one).
pub(super) fn members(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("text", Knows::Text).about(command.reference.as_deref());
    objects(node).iter().for_each(|o| walk(o, &mut facts, DEPTH));
    facts.done()
}

fn walk(o: &Object<'_, '_>, facts: &mut Facts, depth: usize) {
    let media_type = member(o, "mediaType").unwrap_or_default();
    for member in o.members() {
        let name: &str = &member.name.value;
        match &member.node.value {
            Value::String(text) if name.eq_ignore_ascii_case("digest") => {
                facts.part(kind_of_media_type(media_type), &text.value, platform_of(o));
            }
            Value::String(text) if name == "Id" => facts.part(DigestKind::ImageId, &text.value, None),
            Value::Object(_) if depth > 0 => {
                member.node.object("").iter().for_each(|o| walk(o, facts, depth - 1));
            }
            Value::Array(items) if depth > 0 => {
                items.iter().filter_map(|i| i.object("").ok()).for_each(|o| walk(&o, facts, depth - 1));
            }
            _ => {}
        }
    }
}
