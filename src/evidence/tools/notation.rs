//! `notation verify`: a checking tool's own word, by keys this program does not
//! have. `notation ls` prints the tree that `oras discover` prints.

use super::{Command, Kind, Lines, Output, at_digest};
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let marks = ["Successfully verified signature for ", "Successfully signed "];
    let named = marks.iter().find_map(|mark| first.strip_prefix(mark))?;
    let (name, digest) = at_digest(named)?;
    let knows = if first.starts_with("Successfully v") { Knows::Checked } else { Knows::Name };
    let mut facts = Facts::new("notation", knows).about(command.reference.as_deref().or(Some(name)));
    facts.top(DigestKind::IndexOrManifest, digest);
    let end = lines.run(|i, _| i == 0);
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(Some(name)))
}
