//! `docker history` and `podman history`: the first row is the image, by its ID; the
//! others are the steps that made it, most of them `<missing>`.

use super::{Command, Kind, Lines, Output};
use crate::base::affix;
use crate::base::list::PushAll as _;
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let header = lines.first()?;
    let podman = header.starts_with("ID ");
    if !(podman || header.starts_with("IMAGE ")) || !header.contains("CREATED BY") {
        return None;
    }
    let (tool, kind) = match podman {
        true => ("podman history", DigestKind::Config),
        false => ("docker history", DigestKind::ImageId),
    };
    let mut facts = Facts::new(tool, Knows::Computer).about(command.reference.as_deref());
    let mut cut = None;
    let end = lines.run(|row, line| {
        let id = line.split(' ').next().unwrap_or_default();
        let hex = affix::after(id, "sha256:");
        let is_id = hex.len() >= 10 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        if row == 1 {
            facts.top(kind, id);
            cut = super::docker_images::begins(hex, facts.subject().clone(), tool);
        }
        row == 0 || is_id || id == "<missing>"
    });
    let mut output = Output::new(Kind::ToolOutput, end, facts.done()).of(command.reference.clone());
    output.cut.push_all(cut);
    Some(output)
}
