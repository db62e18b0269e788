//! Pages of registries, as a browser copies their text: the image and the list of tags
//! on Docker Hub, the platforms on GitHub packages. A list of tags shows only the first
//! digits of each digest.

use super::{Command, Kind, Lines, Output, at_digest, bare};
use crate::base::message::Message;
use crate::evidence::command::{command, typed};
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::evidence::terminal::as_reference;
use crate::evidence::{About, codes};
use crate::model::oci::Platform;

/// How the first line of a page begins.
pub(super) const BEGINS: &str =
    "Index digest|Manifest digest|Digest\t|Digest OS/ARCH|linux/|windows/|unknown/";

/// What stands above a value on an image's page; of a digest, what it is of.
const LABELS: [(&str, Option<DigestKind>); 6] = [
    ("index digest", Some(DigestKind::Index)),
    ("manifest digest", Some(DigestKind::Manifest)),
    ("os/arch", None),
    ("compressed size", None),
    ("last pushed", None),
    ("type", None),
];

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    match first.split(['\t', ' ']).next() {
        Some("Digest") => first.contains("OS/ARCH").then(|| tags(lines)),
        Some(word) if bare::is_platform(word) => platforms(lines),
        _ => image(lines, command),
    }
}

/// `Digest OS/ARCH Last pull Compressed size`, and of each platform four lines. The name
/// stands above, in the command to pull it.
fn tags(lines: Lines<'_>) -> Output {
    let end = lines.run(|row, _| row == 0);
    let mut output = Output::new(Kind::ToolOutput, end, Vec::new());
    output.notes.push(Message::new(codes::SHORTENED, &[("place", "digest")]));
    output
}

/// `Index digest`, `OS/ARCH`, `Manifest digest`, each with its value below it.
fn image(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let label = |line: &str| LABELS.iter().find(|(label, _)| line.trim_end().eq_ignore_ascii_case(label));
    label(lines.first()?)?;
    let above = lines.before().find(|line| as_reference(line).is_some_and(|name| name.tag().is_some()));
    let name = command.reference.as_deref().or(above);
    let mut found: Vec<(DigestKind, &str)> = Vec::new();
    let mut platform = None;
    let mut last = None;
    let end = lines.run(|_, line| {
        match (label(line), last.take()) {
            (Some(label), _) => last = Some(*label),
            (None, Some((_, Some(kind)))) => found.push((kind, line)),
            (None, Some((name, None))) => {
                platform = Platform::parse(line).filter(|_| name == "os/arch").or(platform.take());
            }
            (None, None) => return line == "Copy",
        }
        true
    });
    let mut facts = Facts::new("Docker Hub", Knows::Name).about(name);
    let index = found.iter().any(|(kind, _)| *kind == DigestKind::Index);
    for (kind, digest) in found {
        match kind {
            DigestKind::Manifest if index => facts.part(kind, digest, platform.clone()),
            _ => facts.top(kind, digest),
        }
    }
    let facts = facts.done();
    let mut output = (!facts.is_empty()).then(|| Output::new(Kind::ToolOutput, end, facts))?;
    output.image = name.map(str::to_owned);
    Some(output)
}

/// A platform, and below it the command that pulls its manifest.
fn platforms(lines: Lines<'_>) -> Option<Output> {
    let pull = |line: &str| {
        let command = command(typed(line)?);
        let pulls = command.is("docker pull");
        pulls.then_some(command.reference.as_deref().and_then(at_digest).map(own)).flatten()
    };
    pull(lines.second()?)?;
    let mut facts = Facts::new("GitHub packages", Knows::Name);
    let mut name = None;
    let mut platform = None;
    let end = lines.run(|_, line| match pull(line) {
        Some((pulled, digest)) => {
            *facts.subject() = About::of_text(Some(&pulled));
            facts.part(DigestKind::Manifest, &digest, platform.take());
            name = Some(pulled);
            true
        }
        None => {
            platform = Platform::parse(line).filter(|_| bare::is_platform(line));
            platform.is_some()
        }
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(name))
}

fn own((name, digest): (&str, &str)) -> (String, String) {
    (name.to_owned(), digest.to_owned())
}
