//! `curl -i`, `-I` and `-v` of a registry, or the one header that grep left:
//! `Docker-Content-Digest` of a manifest's address is what the registry says
//! that the name means.

use super::{Command, Kind, Lines, Output};
use crate::evidence::About;
use crate::evidence::fact::{COMMAND_LINE, DigestKind, Facts, Knows};
use crate::evidence::terminal::{is_noise, key_value};
use crate::model::reference::Reference;

const NAMES: [&str; 5] =
    ["docker-content-digest", "docker-distribution-api-version", "www-authenticate", "content-type", "etag"];

/// How the lines of a session begin.
pub(super) const BEGINS: &str = "<|>|* |*\t|HTTP/|docker-content-digest:|docker-distribution-api-version:|\
    www-authenticate:|content-type:|etag:";

fn header(line: &str) -> Option<(&str, &str)> {
    let read = key_value(line.strip_prefix(['<', '>']).map_or(line, str::trim_start));
    // What a pod's description begins with is no header.
    read.filter(|(key, _)| !matches!(*key, "image" | "imageID" | "Image"))
}

fn is_marked(line: &str) -> bool {
    ["< ", "> ", "* ", "*\t"].iter().any(|mark| line.starts_with(mark)) || line == "<" || line == ">"
}

fn is_status(line: &str) -> bool {
    line.starts_with("HTTP/1") || line.starts_with("HTTP/2") || line.starts_with("HTTP/3")
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let single =
        header(first).is_some_and(|(key, _)| NAMES.iter().any(|name| key.eq_ignore_ascii_case(name)));
    if !(is_marked(first) || is_status(first) || single) {
        return None;
    }
    let bare = is_status(first) || single;
    let (mut digest, mut host, mut path, mut media_type) = (None, None, None, None);
    let mut other = String::new();
    let mut next = 0;
    let end = lines.run(|at, line| {
        // A blank line ends the headers of an answer, and a digest its redirections.
        let apart = bare && at != next;
        next = at + 1;
        if apart && (!is_status(line) || digest.is_some()) {
            return false;
        }
        let header = header(line);
        let fits = is_marked(line) || is_status(line) || is_noise(line) || (bare && header.is_some());
        if let Some((key, value)) = header.filter(|_| fits) {
            match key.to_ascii_lowercase().as_str() {
                "docker-content-digest" => digest = Some(value),
                // Registries write the digest there, too.
                "etag" if digest.is_none() => {
                    digest = Some(value.trim_matches('"')).filter(|value| value.starts_with("sha256:"));
                }
                "content-type" => media_type = Some(value),
                "host" => host = Some(value),
                _ => {}
            }
        }
        // curl's progress meter may stand before it on the same line.
        // A search costs more than most lines are long.
        let request = ["> GET /v2/", "> HEAD /v2/"].iter().filter(|mark| mark.len() < line.len());
        let request = { request }.find_map(|mark| line.split_once(mark));
        if let Some((_, rest)) = request {
            path = rest.split(' ').next();
        } else if fits && line.contains("sha256:") && header.is_none_or(|(key, _)| key == "Digest") {
            other.push_str(line);
            other.push('\n');
        }
        fits
    });
    let requested = host.zip(path).map(|(host, path)| format!("https://{host}/v2/{path}"));
    let named = requested.as_deref().or(command.reference.as_deref());
    let mut reference = named.and_then(|named| Reference::parse_loose(named).ok());
    let of_blob = path.is_some_and(|path| path.contains("/blobs/"));
    let mut facts = Facts::new("curl", if of_blob { Knows::Text } else { Knows::Name });
    *facts.subject() = reference.as_ref().map(About::of).unwrap_or_default();
    let signature_tag = reference.as_ref().and_then(Reference::tag).and_then(super::bare::subject_of_tag);
    let kind = match crate::evidence::fact::kind_of_media_type(media_type.unwrap_or_default()) {
        _ if of_blob => DigestKind::Unknown,
        kind @ (DigestKind::Index | DigestKind::Manifest) => kind,
        _ => DigestKind::IndexOrManifest,
    };
    match signature_tag {
        // What a signature's tag means is no image: the one that it signs is meant.
        Some(signed) => {
            facts.subject().tag = None;
            facts.part(DigestKind::Artifact, digest.unwrap_or_default(), None);
            facts.witness(COMMAND_LINE, Knows::Text);
            facts.top(DigestKind::IndexOrManifest, &signed.to_string());
            reference = reference.and_then(|r| Reference::parse(&format!("{}@{signed}", r.name())).ok());
        }
        None => facts.top(kind, digest.unwrap_or_default()),
    }
    // What is no header may be the mark of a list or of a quotation.
    let facts = if facts.is_empty() { super::mentioned(&other) } else { facts.done() };
    Some(Output::new(Kind::HttpHeaders, end, facts).of(reference.map(|reference| reference.to_string())))
}
