//! What programs print while they copy and push between registries: `crane copy` and
//! `push`, `cosign copy`, `docker buildx imagetools create`, `oras copy`. The digest that
//! a name got is the image; what was copied below it is a part.
//!
//! ```text
//! 2026/11/26 03:29:32 example.com/team/app@sha256:9830…: digest: sha256:9830… size: 401
//! 2026/11/26 03:29:32 example.com/team/app:1.0: digest: sha256:5848… size: 607
//! ```

use super::{Command, Kind, Lines, Output, at_digest};
use crate::base::affix::each;
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::evidence::terminal::{as_reference, digests};

/// How the lines begin.
pub(super) const BEGINS: &str = "20|#|Copying |Exists |Copied |Downloading |Processing |Skipped |Uploading |Uploaded |\
    Downloaded |Fetching |Fetched ";

/// What a line says.
enum Said<'l> {
    /// A name got a digest.
    Named(&'l str, &'l str),
    /// These digests were copied on the way, or nothing but first digits.
    Parts(&'l str),
}

fn line<'l>(line: &'l str, command: &Command) -> Option<Said<'l>> {
    // A blob that is one digit and a blank is no reference: `2026/11/26 03:29:32 `.
    if let Some(rest) = stamped(line) {
        if let Some((name, after)) = rest.split_once(": digest: ") {
            let digest = after.split(' ').next().unwrap_or_default();
            let tagged = at_digest(name).is_none() && as_reference(name).is_some();
            return Some(if tagged { Said::Named(name, digest) } else { Said::Parts(line) });
        }
        let steps =
            ["existing blob: ", "pushed blob: ", "mounted blob: ", "existing manifest: ", "Copying from "];
        return steps.iter().any(|step| rest.starts_with(step)).then_some(Said::Parts(rest));
    }
    if is_step(line) && line.len() > SHORTEST.len() {
        let (_, rest) = line.split_once(" pushing ").or_else(|| line.split_once(" copying "))?;
        let digest = rest.split(' ').next().unwrap_or_default();
        return match rest.split_once(" to ").map(|(_, name)| name.split(' ').next().unwrap_or_default()) {
            Some(name) if line.contains(" pushing ") && digest.starts_with("sha256:") => {
                Some(Said::Named(name, digest))
            }
            _ => Some(Said::Parts(line)),
        };
    }
    if let Some(rest) = line.strip_prefix("Copying ").filter(|_| command.program() != "podman") {
        let (from, _) = rest.split_once(" to ")?;
        return at_digest(from).map(|_| Said::Parts(line));
    }
    None
}

/// What a step that copies is longer than.
const SHORTEST: &str = "#1 copying ";

/// `#1 …`: a step of BuildKit's, and no prompt.
fn is_step(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// oras shows twelve digits and a media type.
fn is_short(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let hex = words.next().is_some_and(|w| w.len() == 12 && w.bytes().all(|b| b.is_ascii_hexdigit()));
    let typed = words.next().is_some_and(|word| word.contains('/') || word.contains('.'));
    hex && typed && each(BEGINS).any(|begin| begin.trim_end() == verb)
}

/// What follows a time as Go's log writes it.
fn stamped(line: &str) -> Option<&str> {
    let rest = line.get(20..)?;
    let time = line.as_bytes();
    let marks = [(4, b'/'), (7, b'/'), (10, b' '), (13, b':'), (16, b':'), (19, b' ')];
    marks.iter().all(|(at, mark)| time.get(*at) == Some(mark)).then_some(rest)
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    if is_short(first) {
        return Some(Output::new(Kind::ToolOutput, lines.run(|_, line| is_short(line)), vec![]));
    }
    line(first, command)?;
    let tool = match command.program() {
        "cosign" => "cosign copy",
        _ if first.starts_with('#') => "docker buildx imagetools create",
        _ => "crane copy",
    };
    let mut facts = Facts::new(tool, Knows::Name);
    let mut names = Vec::new();
    let end = lines.run(|_, text| {
        match line(text, command) {
            Some(Said::Named(name, digest)) => {
                facts.next_image(Some(name));
                facts.top(DigestKind::IndexOrManifest, digest);
                names.push(name.to_owned());
            }
            Some(Said::Parts(text)) => {
                digests(text).for_each(|(_, d)| facts.part(DigestKind::Unknown, &d.to_string(), None));
            }
            None => return is_step(text) && first.starts_with('#'),
        }
        true
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(super::only(names)))
}
