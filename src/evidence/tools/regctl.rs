//! regctl: `artifact list` prints the image under `Subject:` and what is
//! attached to it under `Referrers:`. Those are artifacts about the image, not
//! images.

use super::{Command, Kind, Lines, Output, at_digest};
use crate::evidence::fact::{DigestKind, Facts, Knows};

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
        if let Some(digest) = value(line, "Digest:") {
            facts.part(DigestKind::Artifact, &digest, None);
        }
        labels.iter().any(|label| line.starts_with(label))
    });
    let mut output = Output::new(Kind::ToolOutput, end, facts.done());
    output.image = Some(name.to_owned());
    Some(output)
}
