//! regctl: `artifact list` prints the image under `Subject:` and what is
//! attached to it under `Referrers:`; `artifact tree` prints it under `Ref:`, with its
//! platforms under `Children:`. Referrers are artifacts about the image, not images.

use super::{Command, Kind, Lines, Output, at_digest};
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::model::oci::Platform;

/// `Subject: NAME@DIGEST`, then referrers of several lines each.
pub(super) fn artifacts(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let value = |line: &'_ str, label: &str| line.strip_prefix(label).map(str::trim).map(str::to_owned);
    let subject = value(lines.first()?, "Subject:")?;
    let (name, digest) = at_digest(&subject)?;
    lines.second().filter(|line| line.trim_end() == "Referrers:")?;
    let mut facts =
        Facts::new("regctl artifact list", Knows::Name).about(command.reference.as_deref().or(Some(name)));
    facts.top(DigestKind::IndexOrManifest, digest);
    let labels =
        ["Subject:", "Referrers:", "Name:", "Digest:", "MediaType:", "ArtifactType:", "Annotations:"];
    let end = lines.run(|_, line| {
        // A referrer is named by its digest; another name is another output's.
        if line.starts_with("Name:") && !line.contains('@') {
            return false;
        }
        if let Some(digest) = value(line, "Digest:") {
            facts.part(DigestKind::Artifact, &digest, None);
        }
        labels.iter().any(|label| line.starts_with(label))
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(Some(name)))
}

/// `Ref: NAME`, `Digest: DIGEST`, then `Children:` and `Referrers:` in a tree.
pub(super) fn tree(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let name = lines.first()?.strip_prefix("Ref:")?.trim();
    let digest = lines.second()?.strip_prefix("Digest:")?.trim();
    let mut facts = Facts::new("regctl artifact tree", Knows::Name).about(Some(name));
    facts.top(DigestKind::IndexOrManifest, digest);
    let end = lines.run(|at, line| {
        if let Some(entry) = line.strip_prefix("- ") {
            let digest = entry.split([' ', ']']).next().unwrap_or_default().trim_end_matches(':');
            // Only images have a platform here.
            let platform = entry.split_once('[').and_then(|(_, rest)| rest.split(']').next());
            match platform.and_then(Platform::parse) {
                Some(platform) => facts.part(DigestKind::IndexOrManifest, digest, Some(platform)),
                None => facts.part(DigestKind::Artifact, digest, None),
            }
            return true;
        }
        let head = at < 4 && (line.starts_with("Ref:") || line.starts_with("Digest:"));
        head || line == "Children:" || line == "Referrers:"
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(Some(name)))
}
