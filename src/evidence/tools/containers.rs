//! `docker ps`, `podman ps`, `nerdctl ps`, `crictl ps`, `docker compose ps`: the first
//! column is a container's ID or name and of no image; the second is what the image
//! was called when the container was made. `buildah containers` shows the image's ID before
//! its name.

use super::docker_images::{Images, Row};
use super::{Command, Kind, Lines, Output, at_digest};
use crate::base::affix;
use crate::evidence::fact::{About, DigestKind, Facts, Knows};
use crate::evidence::item::Cut;

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let header = lines.first()?;
    if header.contains(" IMAGE ID ") && header.contains(" IMAGE NAME ") {
        return Some(of_buildah(lines));
    }
    let second = affix::after(affix::after(header, "CONTAINER ID"), "CONTAINER");
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
    let (mut names, mut cut) = (Vec::new(), Vec::new());
    let asked = asked(command);
    let end = lines.run(|row, line| {
        let mut words = line.split_whitespace();
        let id = words.next().unwrap_or_default();
        let hex = id.trim_end_matches(['.', '\u{2026}']);
        let is_id = hex.len() >= 12 && is_hex(hex);
        let Some(image) = words.next().filter(|_| row == 0 || is_id || of_compose) else { return false };
        if row == 0 {
            return true;
        }
        let digits = affix::after(image, "sha256:");
        match at_digest(image) {
            Some((name, digest)) => {
                facts.next_image(Some(name));
                facts.top(DigestKind::IndexOrManifest, digest);
            }
            // An image that has lost its name is shown as its ID: the one asked for, or
            // one that was made from it.
            None if asked.is_some() && SHOWN.contains(&digits.len()) && is_hex(digits) => {
                let (digits, about) = (digits.to_owned(), About::of_text(asked));
                cut.push(Cut { digits, about, tool, kind: DigestKind::ImageId, part: false });
            }
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
    let output = Output { cut, ..Output::new(Kind::ToolOutput, end, facts.done()) };
    Some(output.of(super::only(names)))
}

/// `CONTAINER ID  BUILDER  IMAGE ID  IMAGE NAME  CONTAINER NAME`; who built one with another
/// program has no star in the second column.
fn of_buildah(lines: Lines<'_>) -> Output {
    let mut images = Images::of("buildah containers", DigestKind::Config);
    let end = lines.run(|row, line| {
        let mut words = line.split_whitespace().filter(|word| *word != "*");
        let mut next = || words.next().unwrap_or_default();
        let (container, id, image) = (next(), next(), next());
        if row == 0 || !is_hex(container) || !is_hex(id) {
            return row == 0;
        }
        images.add(Row { name: Some(image.to_owned()), digest: "", id });
        true
    });
    images.output(end)
}

/// Digits that a list of containers shows of an image's ID: few, or all with `--no-trunc`.
const SHOWN: [usize; 3] = [12, 13, 64];

fn is_hex(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The image whose containers were asked for.
fn asked(command: &Command) -> Option<&str> {
    let filter = command.typed.split_once("ancestor=").and_then(|(_, rest)| rest.split_whitespace().next());
    let image = || command.reference.as_deref().filter(|_| command.typed.contains("--image"));
    filter.map(|name| name.trim_matches(['"', '\''])).or_else(image)
}
