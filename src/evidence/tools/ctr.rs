//! containerd's own clients: `ctr images ls`, and the progress lines of
//! `ctr images pull` and `nerdctl pull`:
//!
//! ```text
//! docker.io/library/redis:7:                           resolved       |++++++|
//! index-sha256:5f1f…:                                   done           |++++++|
//! manifest-sha256:0e6a…:                                done           |++++++|
//! config-sha256:b348…:                                  done           |++++++|
//! ```
//!
//! and the tree of `ctr images inspect`, below the image's name:
//!
//! ```text
//! └── application/vnd.oci.image.index.v1+json @sha256:5f1f… (1609 bytes)
//!     ├── application/vnd.oci.image.manifest.v1+json @sha256:0e6a… (480 bytes)
//! ```

use super::{Command, Kind, Lines, Output};
use crate::base::list::CollectVec as _;
use crate::evidence::fact::{DigestKind, Facts, Knows, kind_of_image, kind_of_media_type};
use crate::evidence::terminal::as_reference;

/// How the kinds are called; the top comes first.
const KINDS: [(&str, DigestKind); 4] = [
    ("index-sha256:", DigestKind::Index),
    ("manifest-sha256:", DigestKind::Manifest),
    ("config-sha256:", DigestKind::Config),
    ("layer-sha256:", DigestKind::Layer),
];

pub(super) fn progress(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let starts = first.contains(": ") && first.contains("resolved ")
        || KINDS.iter().any(|(name, _)| first.starts_with(name));
    if !starts {
        return None;
    }
    let tool = if command.program() == "nerdctl" { "nerdctl pull" } else { "ctr images pull" };
    let mut image = command.reference.clone();
    let mut found = Vec::new();
    let end = lines.run(|_, line| {
        let named = KINDS.iter().find(|(name, _)| line.starts_with(name));
        if let Some((_, kind)) = named {
            let digest = line.split_once('-').map_or("", |(_, rest)| rest);
            found.push((*kind, digest.split([':', ' ']).take(2).collect_vec().join(":")));
        } else if let Some((name, _)) = line.split_once(": ").filter(|(_, rest)| rest.contains("resolved")) {
            image = Some(name.to_owned());
        } else {
            return line.starts_with("elapsed:")
                || line.starts_with("unpacking ")
                || line.starts_with("done:");
        }
        true
    });
    let mut facts = Facts::new(tool, Knows::NameAndComputer).about(image.as_deref());
    let has_index = found.iter().any(|(kind, _)| *kind == DigestKind::Index);
    for (kind, digest) in &found {
        match kind {
            DigestKind::Index => facts.top(*kind, digest),
            DigestKind::Manifest if !has_index => facts.top(*kind, digest),
            _ => facts.part(*kind, digest, None),
        }
    }
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(image))
}

/// What containerd keeps of an image; the name above it is the command's.
pub(super) fn tree(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let descriptor = |line: &str| {
        let line = line.trim_start_matches(['│', '├', '└', '─', ' ', '\u{a0}']);
        let (media_type, rest) = line.split_once(" @")?;
        let digest = rest.split(' ').next().filter(|digest| digest.starts_with("sha"))?;
        Some((kind_of_media_type(media_type), digest.to_owned()))
    };
    let (kind, digest) = descriptor(lines.first()?)?;
    let mut facts = Facts::new("ctr images inspect", Knows::Computer).about(command.reference.as_deref());
    facts.top(kind, &digest);
    let end = lines.run(|row, line| {
        let part = descriptor(line).filter(|_| row > 0);
        part.into_iter().for_each(|(kind, digest)| facts.part(kind, &digest, None));
        row == 0 || line.starts_with(['│', '├', '└'])
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()))
}

/// `REF TYPE DIGEST SIZE PLATFORMS LABELS`.
pub(super) fn table(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let mut header = lines.first()?.split_whitespace();
    if header.next() != Some("REF") || header.next() != Some("TYPE") {
        return None;
    }
    rows(lines, true)
}

/// The same without its header, as `grep` leaves it.
pub(super) fn headless(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let words: Vec<_> = lines.first()?.split_whitespace().take(3).collect_vec();
    let [name, media_type, digest] = words.as_slice() else { return None };
    let row = media_type.starts_with("application/vnd.") && digest.starts_with("sha");
    if row && as_reference(name).is_some() { rows(lines, false) } else { None }
}

fn rows(lines: Lines<'_>, headed: bool) -> Option<Output> {
    let mut facts = Facts::new("ctr images ls", Knows::Computer);
    let mut header_seen = !headed;
    let end = lines.run(|_, line| {
        if !header_seen {
            header_seen = true;
            return true;
        }
        let words: Vec<_> = line.split_whitespace().take(3).collect_vec();
        let [name, media_type, digest] = words.as_slice() else { return false };
        // Kubernetes keeps an image under three names: by tag, by digest, by its config.
        let config = name.starts_with("sha256:");
        let same = facts.last().is_some_and(|fact| fact.digest.to_string() == **digest);
        if !(config && same) {
            facts.next_image(Some(name));
        }
        let kind = kind_of_image(media_type);
        facts.top(kind, digest);
        if config {
            facts.part(DigestKind::Config, name, None);
        }
        digest.starts_with("sha")
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()))
}
