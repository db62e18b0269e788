//! `helm pull`, `helm push`, `helm install oci://…`: a chart is an artifact.
//!
//! ```text
//! Pulled: ghcr.io/team/charts/app:1.0
//! Digest: sha256:5848…
//! ```

use super::{Command, Kind, Lines, Output};
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn text(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let first = lines.first()?;
    let named = first.strip_prefix("Pulled: ").or_else(|| first.strip_prefix("Pushed: "))?;
    let digest = lines.second()?.strip_prefix("Digest: ")?;
    let mut facts = Facts::new("helm", Knows::Name).about(Some(named));
    facts.top(DigestKind::Artifact, digest);
    let end = lines.run(|i, line| i == 0 || line.starts_with("Digest: "));
    let mut output = Output::new(Kind::ToolOutput, end, facts.done());
    output.image = Some(named.to_owned());
    Some(output)
}
