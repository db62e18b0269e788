//! `helm pull`, `helm push`: a chart is an artifact. What `helm template` or `install`
//! fetched is no image in question: those stand in what it prints below.
//!
//! ```text
//! Pulled: ghcr.io/team/charts/app:1.0
//! Digest: sha256:5848…
//! ```

use super::{Command, Kind, Lines, Output};
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let named = first.strip_prefix("Pulled: ").or_else(|| first.strip_prefix("Pushed: "))?;
    let digest = lines.second()?.strip_prefix("Digest: ")?;
    let mut facts = Facts::new("helm", Knows::Name).about(Some(named));
    let end = lines.run(|i, line| i == 0 || line.starts_with("Digest: "));
    let asks = command.program() != "helm" || command.is("helm pull") || command.is("helm push");
    match asks {
        true => facts.top(DigestKind::Artifact, digest),
        false => facts.part(DigestKind::Artifact, digest, None),
    }
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(asks.then(|| named.to_owned())))
}
