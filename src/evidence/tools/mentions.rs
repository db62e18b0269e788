//! Digests in prose and in messages of no known kind. They say what to look for; what they are of, nobody said.

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::evidence::codes::TAG_ALONE;
use crate::evidence::fact::{About, DigestKind, Fact, Facts, Knows};
use crate::evidence::lines::lines_with;
use crate::evidence::terminal::{broken_digests, digests, hex64};
use crate::model::reference::{Reference, is_tag};

/// Digests anywhere in a text, each once, in one pass. `image: REPO@sha256:…` and
/// `FROM REPO@sha256:…` name the repository.
pub(crate) fn mentioned(text: &str) -> Vec<Fact> {
    // As Markdown and shells escape it.
    if text.contains("sha256\\:") {
        return mentioned(&text.replace("sha256\\:", "sha256:"));
    }
    let mut whole = digests(text);
    let mut facts = mentions(text, &mut || whole.next());
    facts.push_all(on_hub(text));
    if facts.is_empty() {
        let mut broken = broken_digests(text);
        facts = mentions(text, &mut || broken.next());
    }
    let more = facts.last().map_or(0, |fact| fact.image + 1);
    facts.push_all(beside_names(text).into_iter().map(|fact| Fact { image: fact.image + more, ..fact }));
    facts
}

/// `REPO:TAG sha256=…`: a sum whose colon somebody wrote
/// otherwise, on a line that names a tag. Without the name it is of any file.
fn beside_names(text: &str) -> Vec<Fact> {
    let mut facts = Facts::new("text", Knows::Text);
    let marked = |line: &&str| line.len() <= LINE && (line.contains("sha256") || line.contains("SHA256"));
    for line in lines_with(text, "256").filter(marked).take(limits::FACTS) {
        let words = || line.split(|c: char| !c.is_ascii_alphanumeric() && !"-._:/".contains(c));
        // A signature's tag (`sha256-….sig`) has digits of its own.
        let others = words().filter(|word| tagged(word).is_none());
        let sum = others.filter_map(|word| word.rsplit(['-', '/']).next()).find(|word| hex64(word));
        if let Some((sum, about)) = sum.zip(words().find_map(tagged)) {
            facts.next_image(None);
            *facts.subject() = about;
            facts.top(DigestKind::Unknown, sum);
        }
    }
    facts.done()
}

/// Longest line of a sum, in bytes.
const LINE: usize = 600;

fn mentions(text: &str, next: &mut dyn FnMut() -> Option<(usize, ClaimedDigest)>) -> Vec<Fact> {
    let mut facts = Facts::new("text", Knows::Text);
    let mut seen = crate::base::order::Set::new();
    // The same one again and again is no news, and is not counted for ever.
    for (at, digest) in core::iter::from_fn(next).take(16 * limits::FACTS) {
        // A Dockerfile's `ADD --checksum=` is about a file.
        let of_file = text.get(..at).is_some_and(|before| before.ends_with("--checksum="));
        if of_file || is_removed(text, at) || seen.len() >= limits::FACTS || !seen.insert(digest.clone()) {
            continue;
        }
        let before = text.get(..at).and_then(|before| before.strip_suffix('@')).unwrap_or_default();
        let from = before.len().saturating_sub(300);
        let from = (from..before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len());
        let near = before.get(from..).unwrap_or_default();
        let name =
            near.rsplit([' ', '\t', '\n', '"', '\'', '=', '(', '[', ',']).next().filter(|n| !n.is_empty());
        // Flux writes what it applied as `1.0@sha256:…`.
        let version = name.filter(|name| name.starts_with(|c: char| c.is_ascii_digit()) && is_tag(name));
        facts.next_image(name.filter(|_| version.is_none()));
        facts.subject().tag = facts.subject().tag.take().or_else(|| version.map(str::to_owned));
        let kind = match facts.subject() {
            About { repository: None, tag: None, .. } => DigestKind::Unknown,
            _ => DigestKind::IndexOrManifest,
        };
        facts.top(kind, &digest.to_string());
    }
    facts.done()
}

/// Whether a digest is of what was taken away: `Untagged: REPO@sha256:…`, `Deleted: sha256:…`.
fn is_removed(text: &str, at: usize) -> bool {
    let from = at.saturating_sub(LINE);
    let before = text.as_bytes().get(from..at).unwrap_or_default();
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_start();
    [b"Untagged: ".as_slice(), b"Deleted: ", b"deleted: ", b"untagged: "]
        .iter()
        .any(|word| line.starts_with(word))
}

/// The image that is a name with its tag, as lists of names with digests call it.
pub(super) fn tagged(name: &str) -> Option<About> {
    let plain = name.len() <= LINE && name.contains('/') && !name.contains([' ', '@']);
    let about = About::of_text(Some(name).filter(|_| plain));
    (about.repository.is_some() && about.tag.is_some()).then_some(about)
}

/// Images that a file of services or a Dockerfile names by their tags alone
/// (`image: REPO:TAG`, `FROM REPO:TAG AS NAME`), each once.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(crate) fn named_by_tag(text: &str) -> Option<Message> {
    let mut images: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| line.len() <= LINE) {
        let line = line.trim();
        let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
        let rest = line.strip_prefix("FROM").or_else(|| line.strip_prefix("image:"));
        let rest = rest.filter(|rest| rest.starts_with(char::is_whitespace));
        let named = rest.and_then(|rest| rest.split_whitespace().find(|word| !word.starts_with("--")));
        let named = named.map(|name| name.trim_matches(['"', '\'']));
        let known = |name: &&str| name.contains([':', '/']) && !images.iter().any(|image| image == *name);
        let Some(name) = named.filter(known).filter(|_| images.len() < NAMED) else { continue };
        if Reference::parse(name).is_ok_and(|reference| reference.digest().is_none()) {
            images.push(name.to_owned());
        }
    }
    let image = images.first()?;
    Some(Message::new(TAG_ALONE, &[("images", &*images.join(", ")), ("image", image)]))
}

/// Most images that are named so.
const NAMED: usize = 4;

/// The digest in a reference that stands alone.
pub(crate) fn pinned(reference: &Reference) -> Vec<Fact> {
    let mut facts = Facts::new("text", Knows::Text).about(Some(&reference.to_string()));
    if let Some(digest) = reference.digest() {
        facts.top(DigestKind::IndexOrManifest, &digest.to_string());
    }
    facts.done()
}

/// The page of an image on Docker Hub:
/// `https://hub.docker.com/layers/OWNER/NAME/TAG/images/sha256-HEX`.
fn on_hub(text: &str) -> Vec<Fact> {
    if text.contains(HUB) { on_pages(text) } else { Vec::new() }
}

/// How the address of such a page begins.
const HUB: &str = "hub.docker.com/layers/";

/// The images whose addresses are there.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn on_pages(text: &str) -> Vec<Fact> {
    let mut facts = Facts::new("hub.docker.com", Knows::Text);
    for (at, mark) in text.match_indices(HUB).take(limits::FACTS) {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        let path = rest.split([' ', '\n', '\t', '?', '#', '"', ')', '>']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').take(6).collect_vec();
        let [owner, name, tag, "images", page] = parts.as_slice() else { continue };
        let owner = if *owner == "_" { "library" } else { owner };
        facts.next_image(Some(&format!("docker.io/{owner}/{name}:{tag}")));
        facts.top(DigestKind::Manifest, page.strip_prefix("sha256-").unwrap_or_default());
    }
    facts.done()
}
