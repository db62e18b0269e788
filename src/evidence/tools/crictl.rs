//! `crictl pull` (`Image is up to date for sha256:…`), `crictl inspecti` and
//! `crictl images` as JSON, as YAML, and in words (`-v`, `-o table`). The ID of the container runtime interface is the
//! digest of the config, in containerd and in CRI-O.

use super::{Command, Kind, Lines, Object, Output, at_digest, elements, object, texts, word};
use crate::base::affix;
use crate::base::list::PushAll as _;
use crate::evidence::fact::{DigestKind, Facts, Knows};

const DONE: &str = "Image is up to date for ";

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let found = lines.first()?.strip_prefix(DONE)?;
    let mut facts = Facts::new("crictl pull", Knows::NameAndComputer).about(command.reference.as_deref());
    match at_digest(found) {
        Some((name, digest)) => {
            if command.reference.is_none() {
                *facts.subject() = crate::evidence::About::of_text(Some(name));
            }
            facts.top(DigestKind::Manifest, digest);
        }
        None => facts.top(DigestKind::Config, found),
    }
    let end = lines.run(|index, line| index == 0 && line.starts_with(DONE));
    Some(Output::new(Kind::ToolOutput, end, facts.done()))
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let image = |o: &Object<'_, '_>| o.get("id").is_some() && o.get("repoDigests").is_some();
    let first = elements(o, "images").next();
    object(o, "status").as_ref().or(first.as_ref()).is_some_and(image)
}

pub(super) fn read(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    let listed = elements(o, "images");
    for image in object(o, "status").into_iter().chain(listed) {
        let id = word(&image, "id");
        state(facts, id, &texts(&image, "repoTags"), &texts(&image, "repoDigests"));
    }
}

/// One image: its repository digests, each about its own repository, and its ID.
fn state(facts: &mut Facts, id: &str, tags: &[&str], digests: &[&str]) {
    let name = tags.first().copied();
    facts.next_image(name.or_else(|| digests.first().and_then(|d| Some(at_digest(d)?.0))));
    for (name, digest) in digests.iter().filter_map(|entry| at_digest(entry)) {
        let tag = facts.subject().tag.clone();
        *facts.subject() = crate::evidence::About::of_text(Some(name));
        facts.subject().tag = tag;
        // CRI-O shows the digest of the platform it runs, containerd that of the index.
        facts.top(DigestKind::Manifest, digest);
    }
    facts.top(DigestKind::Config, id);
}

/// `ID: sha256:…` or `- id: sha256:…`, and the lines of that image below it. Whose ID it
/// is, only repository digests below it say.
pub(super) fn printed(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let mut facts = Facts::new("crictl", Knows::Computer);
    let (mut id, mut tags, mut digests) = ("", Vec::new(), Vec::new());
    let mut key = "";
    let end = lines.run(|_, line| {
        let item = line.strip_prefix("- ").unwrap_or(line);
        let (name, value) = match item.split_once(": ").or_else(|| Some((item.strip_suffix(':')?, ""))) {
            // An entry of the list that its member begins.
            Some(pair) if affix::is_one(pair.0, FIELDS) => pair,
            _ if line.starts_with("- ") => (key, item),
            _ => return false,
        };
        key = name;
        match name {
            "ID" | "id" => {
                state(&mut facts, id, &tags, &digests);
                (id, tags, digests) = (value, Vec::new(), Vec::new());
            }
            "RepoTags" | "repoTags" | "Tag" => tags.push_all((!value.is_empty()).then_some(value)),
            "RepoDigests" | "repoDigests" | "Digest" => {
                digests.push_all((!value.is_empty()).then_some(value))
            }
            _ => {}
        }
        true
    });
    state(&mut facts, id, &tags, &digests);
    let facts = facts.done();
    let known = facts.iter().any(|fact| fact.kind == DigestKind::Manifest);
    known.then(|| Output::new(Kind::ToolOutput, end, facts))
}

/// The members of an image that it prints.
const FIELDS: &str = "ID|id|pinned|RepoTags|repoTags|Tag|RepoDigests|repoDigests|Digest|Size|size|UID|Username|\
    username";
