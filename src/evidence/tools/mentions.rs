//! Digests in prose and in messages of no known kind. They say what to look for; what they are of, nobody said.

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows};
use crate::evidence::terminal::{broken_digests, digests};
use crate::model::reference::Reference;

/// Digests anywhere in a text, each once, in one pass. `image: REPO@sha256:…` and
/// `FROM REPO@sha256:…` name the repository.
pub(crate) fn mentioned(text: &str) -> Vec<Fact> {
    let mut facts = mentions(text, digests(text));
    facts.extend(on_hub(text));
    if facts.is_empty() { mentions(text, broken_digests(text)) } else { facts }
}

fn mentions(text: &str, found: impl Iterator<Item = (usize, ClaimedDigest)>) -> Vec<Fact> {
    let mut facts = Facts::new("text", Knows::Text);
    let mut seen = crate::base::order::Set::new();
    // The same one again and again is no news, and is not counted for ever.
    for (at, digest) in found.take(16 * limits::FACTS) {
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

/// The page of an image on Docker Hub:
/// `https://hub.docker.com/layers/OWNER/NAME/TAG/images/sha256-HEX`.
fn on_hub(text: &str) -> Vec<Fact> {
    let mut facts = Facts::new("hub.docker.com", Knows::Text);
    for (at, mark) in text.match_indices("hub.docker.com/layers/").take(limits::FACTS) {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        let path = rest.split([' ', '\n', '\t', '?', '#', '"', ')', '>']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').take(6).collect();
        let [owner, name, tag, "images", page] = parts.as_slice() else { continue };
        let owner = if *owner == "_" { "library" } else { owner };
        facts.next_image(Some(&format!("docker.io/{owner}/{name}:{tag}")));
        facts.top(DigestKind::Manifest, page.strip_prefix("sha256-").unwrap_or_default());
    }
    facts.done()
}
