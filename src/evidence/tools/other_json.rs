//! JSON of no known format, or what jq left of one. Where an object names an image
//! and a digest, the text says so of that image: `REPO@sha256:…` in any string, a
//! digest or ID beside a name. A digest in the outermost object is what was asked
//! for; any other is a part of nobody knows what.

use super::{
    Command, Node, Object, at_digest, mentions, named_values, objects, platform_of, text as member, texts,
    word,
};
use crate::base::affix;
use crate::base::json::{Member, Value};
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows, kind_of_media_type};
use crate::evidence::terminal::hex64;

/// How deep it is looked into.
const DEPTH: usize = 8;

/// Members with the digest of an index or manifest.
const DIGESTS: &str =
    "digest|imagedigest|image_digest|manifest_digest|containerimage.digest|version|versioninfo|sha256";
/// Members with a store's ID.
const IDS: &str = "id|imageid|image_id";
/// Members with a sentence.
const PROSE: &str = "status|stream|message|msg|log";
/// Members with the name of an image.
const NAMES: &str = "IMAGE_URL|image.name|ImageName|imageName|userInput|image|package|reference|name|Image";
/// Members with a list of names, of which the first counts.
const LISTS: &str = "RepoTags|repoTags|Names|names";

pub(super) fn facts(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut walk = Walk { facts: Facts::new("text", Knows::Text), prose: Vec::new() };
    let items = node.array("").unwrap_or_else(|_| core::slice::from_ref(node));
    named_values::state(&named_values::pairs(items), &mut walk.facts);
    for o in objects(node) {
        walk.facts.next_image(command.reference.as_deref());
        walk.facts.subject().tag = walk.facts.subject().tag.take().or_else(|| command.tag.clone());
        walk.object(&o, Named::Outermost, DEPTH);
    }
    // Digests and nothing else: layers too stand so, where no command asked for more.
    if let (Some((kind, _)), [only]) = (command.prints, items) {
        walk.facts.next_image(command.reference.as_deref());
        walk.facts.subject().tag = walk.facts.subject().tag.take().or_else(|| command.tag.clone());
        walk.facts.top(kind, only.text("").unwrap_or_default());
    }
    let mut facts = walk.facts.done();
    if facts.is_empty() {
        facts = listed(items, command);
    }
    let more = facts.last().map_or(0, |fact| fact.image + 1);
    facts.push_all(walk.prose.into_iter().map(|fact| Fact { image: fact.image + more, ..fact }));
    facts
}

/// A list of digests: the layers that skopeo or an inspection shows, else what a filter
/// left of a document, else lines like any other.
fn listed(items: &[Node<'_>], command: &Command) -> Vec<Fact> {
    let digests: Vec<&str> = items.iter().map_while(|item| item.text("").ok()).collect_vec();
    let all = digests.len() == items.len() && digests.iter().all(|text| text.starts_with("sha256:"));
    if !all {
        return Vec::new();
    }
    let inspects = command.words.contains("inspect");
    let layers = match command.program() {
        "skopeo" if inspects && command.prints_document().is_none() => {
            Some((DigestKind::Layer, "skopeo inspect", Knows::Name))
        }
        "docker" if inspects && command.prints_document().is_none() => {
            Some((DigestKind::DiffId, "docker image inspect", Knows::Computer))
        }
        "podman" if inspects => Some((DigestKind::DiffId, "podman image inspect", Knows::Computer)),
        "nerdctl" if inspects => Some((DigestKind::DiffId, "nerdctl image inspect", Knows::Computer)),
        _ => None,
    };
    if let Some((kind, tool, knows)) = layers {
        let mut facts = Facts::new(tool, knows).about(command.reference.as_deref());
        digests.iter().for_each(|digest| facts.part(kind, digest, None));
        return facts.done();
    }
    let mut facts = Facts::new("text", Knows::Text);
    for digest in digests {
        facts.next_image(None);
        facts.top(DigestKind::Unknown, digest);
    }
    let mut facts = facts.done();
    super::bare::parts(&mut facts, command);
    facts
}

/// What is known of the image that an object speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// It has a name, of its own or of the object around it.
    Here,
    /// It has none, and is the whole document.
    Outermost,
    /// It has none.
    Nowhere,
}

struct Walk {
    facts: Facts,
    prose: Vec<Fact>,
}

impl Walk {
    fn object(&mut self, o: &Object<'_, '_>, around: Named, depth: usize) {
        let own = name(o);
        let named = if own.is_some() { Named::Here } else { around };
        if own.is_some() {
            self.facts.next_image(own.as_deref());
        }
        let tag = || texts(o, "tags").first().map(|tag| (*tag).to_owned());
        if self.facts.subject().tag.is_none() {
            self.facts.subject().tag = tag();
        }
        let about = self.facts.subject().clone();
        for member in o.members() {
            self.member(o, member, named, depth);
            self.facts.subject().clone_from(&about);
        }
    }

    fn member(&mut self, o: &Object<'_, '_>, member: &Member<'_>, named: Named, depth: usize) {
        let key: &str = &member.name.value;
        match &member.node.value {
            Value::String(text) => self.text(o, key, &text.value, named),
            Value::Object(_) if key == "digest" && named == Named::Here => {
                let sum = member.node.object("").ok().and_then(|o| self::member(&o, "sha256"));
                self.facts.top(DigestKind::IndexOrManifest, sum.unwrap_or_default());
            }
            Value::Object(_) if depth > 0 => {
                let pairs = named_values::pairs(core::slice::from_ref(&member.node));
                named_values::state(&pairs, &mut self.facts);
                let inner = if named == Named::Here { named } else { Named::Nowhere };
                member.node.object("").iter().for_each(|o| self.object(o, inner, depth - 1));
            }
            Value::Array(items) if depth > 0 => {
                named_values::state(&named_values::pairs(items), &mut self.facts);
                for item in items {
                    match &item.value {
                        Value::String(text) => self.pinned(&text.value),
                        _ => item.object("").iter().for_each(|o| self.object(o, Named::Nowhere, depth - 1)),
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, o: &Object<'_, '_>, key: &str, text: &str, named: Named) {
        let is = |names| affix::each(names).any(|name| key.eq_ignore_ascii_case(name));
        let kind = kind_of_media_type(word(o, "mediaType"));
        let image = matches!(kind, DigestKind::Index | DigestKind::Manifest | DigestKind::Unknown);
        if let Some(about) = mentions::tagged(key).filter(|_| text.starts_with("sha")) {
            // A lock file: names with their digests.
            let before = core::mem::replace(self.facts.subject(), about);
            self.facts.top(DigestKind::IndexOrManifest, text);
            *self.facts.subject() = before;
        } else if is(DIGESTS) && (text.starts_with("sha") || named == Named::Here && hex64(text)) {
            match named {
                Named::Here if kind == DigestKind::Unknown => {
                    self.facts.top(DigestKind::IndexOrManifest, text);
                }
                Named::Here | Named::Outermost if image => self.facts.top(kind, text),
                _ => self.facts.part(kind, text, platform_of(o)),
            }
        } else if is(IDS) && text.starts_with("sha") {
            match named {
                Named::Here => self.facts.top(DigestKind::ImageId, text),
                _ => self.facts.part(DigestKind::ImageId, text, None),
            }
        } else if is(PROSE) {
            self.prose.push_all(super::mentioned(text));
        } else if named_values::pair(o).is_none_or(|(_, value)| value != text) {
            // Values beside names are read together.
            self.pinned(text);
        }
    }

    /// `REPO@sha256:…`, and nothing else.
    fn pinned(&mut self, text: &str) {
        if text.len() > 600 {
            return;
        }
        let Some((name, digest)) = at_digest(text) else { return };
        let before = self.facts.subject().clone();
        let about = About::of_text(Some(name));
        if about.repository.is_some() {
            let tag = before.tag.clone().filter(|_| about.repository == before.repository);
            *self.facts.subject() = About { tag: about.tag.clone().or(tag), ..about };
            self.facts.top(DigestKind::IndexOrManifest, digest);
        }
        *self.facts.subject() = before;
    }
}

/// The name of the image that an object speaks of.
pub(super) fn name(o: &Object<'_, '_>) -> Option<String> {
    for (repository, tag) in [("Repository", "Tag"), ("repository", "tag")] {
        if let (Some(repository), Some(tag)) = (member(o, repository), member(o, tag)) {
            return Some(format!("{repository}:{tag}"));
        }
    }
    let is_name = |text: &&str| {
        let plain = text.len() < 300 && !text.contains([' ', '@']) && !text.starts_with("sha");
        plain && text.contains(['/', ':']) && About::of_text(Some(text)).repository.is_some()
    };
    let one = affix::each(NAMES).find_map(|name| member(o, name).filter(is_name));
    let first = || affix::each(LISTS).find_map(|list| texts(o, list).into_iter().find(|text| is_name(text)));
    let found = one.or_else(first)?;
    // `package` and `tags` stand side by side.
    let tagged = found.rsplit('/').next().is_some_and(|last| last.contains(':'));
    let tag = texts(o, "tags").into_iter().next().filter(|_| !tagged);
    Some(tag.map_or_else(|| found.to_owned(), |tag| format!("{found}:{tag}")))
}
