//! `docker push`, and the one line that it and `docker manifest push` end with:
//!
//! ```text
//! The push refers to repository [docker.io/team/app]
//! 1.0: digest: sha256:5848… size: 1234
//! ```

use super::{Command, Kind, Lines, Output};
use crate::evidence::fact::{DigestKind, Facts, Knows};

const REFERS: &str = "The push refers to repository [";

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    if !(first.starts_with(REFERS) || pushed(first).is_some()) {
        return None;
    }
    let mut repository = command.reference.clone();
    let mut facts = Facts::new("docker push", Knows::Name);
    let end = lines.run(|_, line| {
        let layer = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit());
        if let Some(name) = line.strip_prefix(REFERS).and_then(|rest| rest.strip_suffix(']')) {
            repository = Some(name.to_owned());
        } else if let Some((tag, digest)) = pushed(line) {
            facts.next_image(repository.as_deref());
            facts.subject().tag = Some(tag.to_owned());
            facts.top(DigestKind::IndexOrManifest, digest);
        } else {
            return line.split_once(": ").is_some_and(|(id, _)| layer(id))
                || line.starts_with("Using default tag: ");
        }
        true
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(repository))
}

fn pushed(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.split_once(": digest: sha256:")?;
    let digest = line.get(line.len() - rest.len() - "sha256:".len()..)?.split(' ').next()?;
    (!tag.contains(' ')).then_some((tag, digest))
}
