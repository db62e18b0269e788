//! Tags by the digest they name: what a registry's page does not show.

use crate::base::list::CollectVec as _;
use crate::base::order;
use crate::base::order::Map as BTreeMap;
use std::cmp::Ordering;

use serde::Serialize;

use super::plan::Resolved;
use crate::base::digest::Digest;
use crate::evidence::Given;

/// Tags that name the same digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// `sha256:…`, as the registry resolves the tags.
    pub digest: String,
    /// The tags, latest version first.
    pub tags: Vec<String>,
    /// The platforms of an index with the digests of their manifests, where
    /// the index was read.
    pub platforms: Vec<Platform>,
}

/// One platform of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Platform {
    /// `os/architecture[/variant]`
    pub platform: String,
    /// `sha256:…`
    pub digest: String,
}

/// Whether a tag is one that tools keep signatures, attestations or lists of
/// referrers under: `sha256-<hex>`, with or without an ending.
#[must_use]
pub fn is_bookkeeping(tag: &str) -> bool {
    let Some((algorithm, rest)) = tag.split_once('-') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha512" => 128,
        _ => return false,
    };
    let Some((hex, ending)) = rest.split_at_checked(length) else { return false };
    hex.bytes().all(|b| b.is_ascii_hexdigit()) && (ending.is_empty() || ending.starts_with(['.', '-']))
}

/// The tags for people, latest versions first, at most `limit`; and how many
/// were left out.
#[must_use]
pub fn latest(tags: &[String], limit: usize) -> (Vec<String>, usize) {
    let mut names: Vec<String> = tags.iter().filter(|tag| !is_bookkeeping(tag)).cloned().collect_vec();
    order::sort_by(&mut names, |a, b| compare(b, a));
    let left_out = names.len().saturating_sub(limit);
    names.truncate(limit);
    (names, left_out)
}

/// The tags among `names` that the registry did not resolve, in that order.
#[must_use]
pub fn missing(names: &[String], resolved: &[Resolved]) -> Vec<String> {
    names.iter().filter(|name| resolved.iter().all(|entry| entry.tag != **name)).cloned().collect_vec()
}

/// Groups resolved tags, groups with the latest version first.
#[must_use]
pub fn group(resolved: &[Resolved]) -> Vec<Group> {
    let mut by_digest: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in resolved.iter().filter(|entry| !is_bookkeeping(&entry.tag)) {
        by_digest.change(entry.digest.to_string(), |tags| {
            if !tags.contains(&entry.tag) {
                tags.push(entry.tag.clone());
            }
        });
    }
    let mut groups: Vec<Group> = by_digest
        .into_iter()
        .map(|(digest, mut tags)| {
            order::sort_by(&mut tags, |a, b| compare(b, a));
            Group { digest, tags, platforms: Vec::new() }
        })
        .collect_vec();
    let rank = |group: &Group| group.tags.iter().find(|tag| is_version(tag)).cloned();
    order::sort_by(&mut groups, |a, b| match (rank(a), rank(b)) {
        (Some(a), Some(b)) => compare(&b, &a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.tags.cmp(&b.tags),
    });
    groups
}

/// Fills in the platforms of groups whose index is among `given`: the bytes
/// are hashed, and count for the digest they have.
pub fn add_platforms(groups: &mut [Group], given: &[Given]) {
    for document in given {
        let digest = Digest::of(&document.bytes).to_string();
        if let Some(group) = groups.iter_mut().find(|group| group.digest == digest) {
            group.platforms = super::documents::platforms(&document.bytes)
                .into_iter()
                .map(|(platform, digest)| Platform { platform, digest })
                .collect_vec();
        }
    }
}

fn is_version(tag: &str) -> bool {
    tag.strip_prefix('v').unwrap_or(tag).starts_with(|c: char| c.is_ascii_digit())
}

/// Compares tags as versions: runs of digits by value, the rest as text; what
/// has an ending like `-rc1` comes before what has none.
#[must_use]
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (parts(a).into_iter(), parts(b).into_iter());
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return a.cmp(b),
            (None, Some(Part::Text(text))) if text.starts_with('-') => Ordering::Greater,
            (Some(Part::Text(text)), None) if text.starts_with('-') => Ordering::Less,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(Part::Number(x)), Some(Part::Number(y))) => x.len().cmp(&y.len()).then_with(|| x.cmp(y)),
            (Some(Part::Text(x)), Some(Part::Text(y))) => x.cmp(y),
            (Some(Part::Number(_)), Some(Part::Text(_))) => Ordering::Greater,
            (Some(Part::Text(_)), Some(Part::Number(_))) => Ordering::Less,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

enum Part<'t> {
    /// Digits without leading zeros.
    Number(&'t str),
    Text(&'t str),
}

fn parts(tag: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut rest = tag.strip_prefix('v').unwrap_or(tag);
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.push(if digit { Part::Number(part.trim_start_matches('0')) } else { Part::Text(part) });
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_people_expect() {
        let mut tags = ["0.1.9", "latest", "0.1.24", "v0.1.23", "0.1.24-rc1", "0.1.10", "0.1", "0.1.24.1"];
        tags.sort_unstable_by(|a, b| compare(b, a));
        assert_eq!(tags, ["0.1.24.1", "0.1.24", "0.1.24-rc1", "v0.1.23", "0.1.10", "0.1.9", "0.1", "latest"]);
    }

    #[test]
    fn tags_of_one_digest_stand_together_and_signatures_are_hidden() {
        let digest = |text: &str| Digest::of(text.as_bytes()).to_claim();
        let hex = digest("new").hex();
        let entry = |tag: &str, text: &str| Resolved { tag: tag.to_owned(), digest: digest(text) };
        let groups = group(&[
            entry("latest", "new"),
            entry("0.1.9", "old"),
            entry("edge", "edge"),
            entry("0.1.24", "new"),
            entry(&format!("sha256-{hex}"), "x"),
            entry(&format!("sha256-{hex}.sig"), "x"),
            entry(&format!("sha256-{hex}.att"), "x"),
            entry("sha256-short", "edge"),
        ]);
        let tags: Vec<_> = groups.iter().map(|group| group.tags.join(" ")).collect();
        assert_eq!(tags, ["0.1.24 latest", "0.1.9", "sha256-short edge"]);
    }
}
