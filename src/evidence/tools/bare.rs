//! A digest alone on its line, or in a reference, or in the name of a cosign tag,
//! or `[REPO@sha256:…]` as a Go template prints repository digests. What it is of
//! is what the command above asked for; without one nobody knows.

use super::{Command, Kind, Lines, Output, at_digest};
use crate::base::digest::ClaimedDigest;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Facts, Knows, Witness};
use crate::evidence::terminal::as_reference;
use crate::model::oci::Platform;
use crate::model::reference::Reference;

const TEXT: Witness = Witness { tool: "text", knows: Knows::Text };

/// The digest that a tag of cosign's holds the signatures of: `sha256-HEX.sig`,
/// `.att`, `.sbom`, and the referrers tag `sha256-HEX`.
pub(super) fn subject_of_tag(tag: &str) -> Option<ClaimedDigest> {
    let hex = tag.strip_prefix("sha256-")?.split('.').next()?;
    ClaimedDigest::parse_sha256_hex(hex).ok()
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let mut facts = Facts::new("text", Knows::Text);
    let mut rows = 0_usize;
    let end = lines.run(|_, line| {
        let found = row(line.trim_matches(['\'', '"', ',']), command, &mut facts, rows);
        rows += 1;
        found
    });
    let facts = facts.done();
    (!facts.is_empty()).then(|| Output::new(Kind::DigestText, end, facts))
}

fn row(line: &str, command: &Command, facts: &mut Facts, row: usize) -> bool {
    // Longer lines hold more than a reference.
    if line.len() < 64 || line.len() > 600 {
        return false;
    }
    // Most lines that speak of digests are prose: nothing is parsed for them.
    if !line.starts_with('[') && line.contains([' ', '\t']) {
        return false;
    }
    let is_digest = ClaimedDigest::parse(line).is_ok() || ClaimedDigest::parse_sha256_hex(line).is_ok();
    // One command prints one digest for each image; the first is the one asked for.
    let typed = command.reference.as_deref();
    if is_digest {
        let (kind, witness) = match command.prints {
            // Without an image the registry's word is about nothing.
            Some((_, witness)) if witness.knows == Knows::Name && (typed.is_none() || row > 0) => {
                (DigestKind::Unknown, TEXT)
            }
            Some(known) => known,
            None => (DigestKind::Unknown, TEXT),
        };
        facts.witness(witness.tool, witness.knows);
        facts.next_image(typed.filter(|_| row == 0 || witness.knows == Knows::Computer));
        facts.top(kind, line);
        return true;
    }
    if let Some(inner) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
        let each = inner.split_whitespace().map(|word| at_digest(word.trim_matches(['"', ','])));
        let Some(each) = each.collect::<Option<Vec<_>>>() else { return false };
        // Only where all are digests, so that no line is read in vain.
        if each.is_empty() || each.iter().any(|(_, digest)| ClaimedDigest::parse(digest).is_err()) {
            return false;
        }
        facts.witness("docker image inspect", Knows::Computer);
        facts.next_image(None);
        for (name, digest) in &each {
            *facts.subject() = about(name, typed);
            facts.top(DigestKind::IndexOrManifest, digest);
        }
        return true;
    }
    let Some(reference) = as_reference(line) else { return false };
    let of_tag = reference.tag().and_then(subject_of_tag);
    let Some(digest) = reference.digest().cloned().or_else(|| of_tag.clone()) else { return false };
    // A program that prints IDs prints no repository's digest.
    let witness = match command.prints {
        Some((DigestKind::IndexOrManifest, witness)) => witness,
        _ if of_tag.is_some() => Witness { tool: "cosign triangulate", knows: Knows::Name },
        _ => TEXT,
    };
    facts.witness(witness.tool, witness.knows);
    facts.next_image(None);
    *facts.subject() = match of_tag {
        Some(_) => About { tag: None, ..about(&reference.name(), typed) },
        None => about(line, typed),
    };
    facts.top(DigestKind::IndexOrManifest, &digest.to_string());
    true
}

/// What a printed name is about: its own tag, or the typed one where it is the
/// same repository.
fn about(name: &str, typed: Option<&str>) -> About {
    let printed = Reference::parse(name).map(|reference| About::of(&reference)).unwrap_or_default();
    let typed = About::of_text(typed);
    let tag = printed.tag.clone().or_else(|| typed.tag.filter(|_| typed.repository == printed.repository));
    About { tag, ..printed }
}

/// `linux/amd64 sha256:…`, as a jq filter prints platforms.
pub(super) fn platforms(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let read = |line: &str| {
        let (platform, digest) =
            line.split_once([' ', '\t']).filter(|(platform, _)| platform.contains('/'))?;
        let digest = ClaimedDigest::parse(digest.trim()).ok()?;
        Some((Platform::parse(platform)?, digest))
    };
    read(lines.first()?)?;
    let (tool, knows) = match (&command.reference, command.program()) {
        (Some(_), "docker") => ("docker manifest inspect", Knows::Name),
        (Some(_), "crane") => ("crane manifest", Knows::Name),
        (Some(_), "skopeo") => ("skopeo inspect", Knows::Name),
        _ => ("text", Knows::Text),
    };
    let mut facts = Facts::new(tool, knows).about(command.reference.as_deref());
    let end = lines.run(|_, line| match read(line) {
        Some((platform, digest)) => {
            facts.part(DigestKind::IndexOrManifest, &digest.to_string(), Some(platform));
            true
        }
        None => false,
    });
    Some(Output::new(Kind::DigestText, end, facts.done()))
}
