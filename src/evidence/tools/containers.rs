//! `docker ps`, `podman ps`, `nerdctl ps`, `crictl ps`, `docker compose ps`: the first
//! column is a container's ID or name and of no image; the second is what the image
//! was called when the container was made.

use super::{Command, Kind, Lines, Output, at_digest};
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let header = lines.first()?;
    let second = header.trim_start_matches("CONTAINER ID").trim_start_matches("CONTAINER");
    let second = second.strip_prefix("NAME").unwrap_or(second).trim_start();
    let of_compose = header.starts_with("NAME") && header.contains("SERVICE");
    if !(header.starts_with("CONTAINER") || of_compose) || !second.starts_with("IMAGE ") {
        return None;
    }
    let tool = match command.program() {
        "podman" => "podman ps",
        "nerdctl" => "nerdctl ps",
        "crictl" => "crictl ps",
        _ if of_compose => "docker compose ps",
        _ => "docker ps",
    };
    let mut facts = Facts::new(tool, Knows::Computer);
    let mut names = Vec::new();
    let end = lines.run(|row, line| {
        let mut words = line.split_whitespace();
        let id = words.next().unwrap_or_default();
        let hex = id.trim_end_matches(['.', '\u{2026}']);
        let is_id = hex.len() >= 12 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(image) = words.next().filter(|_| row == 0 || is_id || of_compose) else { return false };
        if row == 0 {
            return true;
        }
        match at_digest(image) {
            Some((name, digest)) => {
                facts.next_image(Some(name));
                facts.top(DigestKind::IndexOrManifest, digest);
            }
            // An image that has lost its name is shown as its ID.
            None if image.len() >= 64 => {
                facts.next_image(None);
                facts.top(DigestKind::ImageId, image);
            }
            None => {}
        }
        if image.contains([':', '/', '@']) {
            names.push(image.to_owned());
        }
        true
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(super::only(names)))
}
