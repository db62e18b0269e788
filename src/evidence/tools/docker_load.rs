//! `docker load`: `Loaded image ID: sha256:…`, `Loaded image: name:tag`. An ID
//! is the digest of a config in the classic image store, and of an index or
//! manifest in the containerd one; the line does not say which.

use super::{Command, Kind, Lines, Output};
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    if !lines.first()?.starts_with("Loaded image") {
        return None;
    }
    let (tool, kind) = match command.program() {
        "podman" => ("podman load", DigestKind::Config),
        "nerdctl" => ("nerdctl load", DigestKind::ImageId),
        _ => ("docker load", DigestKind::ImageId),
    };
    let mut facts = Facts::new(tool, Knows::Computer);
    let mut image = None;
    let end = lines.run(|_, line| {
        let id = line.strip_prefix("Loaded image ID: ");
        let name = line.strip_prefix("Loaded image: ").or_else(|| line.strip_prefix("Loaded image(s): "));
        facts.next_image(None);
        match (id, name) {
            (Some(id), _) => facts.top(kind, id),
            // podman prints the ID where there is no name.
            (None, Some(name)) => {
                facts.top(kind, name);
                image = Some(name.to_owned());
            }
            _ => return false,
        }
        true
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(image))
}
