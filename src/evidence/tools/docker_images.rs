//! `docker images`, `docker compose images`, `podman images`, `nerdctl images` and
//! `crictl images`, with
//! `--digests` and `--no-trunc`. A row is an image: its digest, where the table
//! has one, is what the registry called it when it was pulled; its ID is that of
//! the store. Where both are equal, the store is containerd's and the ID is an
//! index or manifest.

use super::{Command, Kind, Lines, Output};
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let header = lines.first()?;
    let compose = header.starts_with("CONTAINER ") && header.contains("REPOSITORY");
    let by_name = header.starts_with("REPOSITORY ") || compose;
    if !(by_name || header.starts_with("IMAGE ")) || !header.contains("ID") {
        return None;
    }
    let columns = columns(header);
    let has = |name: &str| columns.iter().position(|column| *column == name);
    let (repository, tag) = (has("REPOSITORY").or(has("IMAGE"))?, has("TAG"));
    let (digest, id) = (has("DIGEST"), has("IMAGE ID").or(has("ID"))?);
    let (tool, id_kind) = match (command.program(), header.contains("PLATFORM")) {
        _ if compose => ("docker compose images", DigestKind::ImageId),
        ("buildah", _) => ("buildah images", DigestKind::Config),
        ("podman", _) => ("podman images", DigestKind::Config),
        ("crictl", _) => ("crictl images", DigestKind::Config),
        ("nerdctl", _) | (_, true) => ("nerdctl images", DigestKind::ImageId),
        _ if !by_name && tag.is_some() => ("crictl images", DigestKind::Config),
        _ => ("docker images", DigestKind::ImageId),
    };
    let mut facts = Facts::new(tool, Knows::Computer);
    let mut header_seen = false;
    let end = lines.run(|_, line| {
        if !header_seen {
            header_seen = true;
            return true;
        }
        let words: Vec<&str> = line.split_whitespace().take(id + 2).collect();
        let word = |at: usize| words.get(at).copied().filter(|word| *word != "<none>");
        // What follows the table has as many words, but no ID among them.
        let Some(name) = words.get(repository).filter(|_| words.get(id).is_some_and(|id| is_id(id))) else {
            return false;
        };
        let reference = match (*name, tag.and_then(word)) {
            ("<none>", _) => None,
            (name, Some(tag)) => Some(format!("{name}:{tag}")),
            (name, None) => Some(name.to_owned()),
        };
        facts.next_image(reference.as_deref());
        let (digest, id) = (digest.and_then(word).unwrap_or_default(), word(id).unwrap_or_default());
        facts.top(DigestKind::IndexOrManifest, digest);
        let same = digest.strip_prefix("sha256:").is_some_and(|hex| hex == id.trim_start_matches("sha256:"));
        facts.top(if same { DigestKind::IndexOrManifest } else { id_kind }, id);
        true
    });
    Some(Output::new(Kind::DockerImages, end, facts.done()))
}

/// Whether a word can stand in the column of IDs.
fn is_id(word: &str) -> bool {
    let hex = word.trim_start_matches("sha256:").trim_end_matches(['.', '…']);
    word == "<none>" || !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The columns: words of the header, of which `IMAGE ID` and the like are one.
fn columns(header: &str) -> Vec<&str> {
    let parts = header.split("  ").map(str::trim).filter(|column| !column.is_empty());
    let parts: Vec<_> = parts.collect();
    match parts.len() {
        // Columns that one blank separates: a paste that lost its alignment.
        0..=2 => {
            let words = header.replace("IMAGE ID", "IMAGE_ID");
            let known = ["CONTAINER", "PLATFORM", "REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "IMAGE"];
            let name = |word: &str| known.iter().copied().find(|name| *name == word.replace('_', " "));
            words.split_whitespace().filter_map(name).collect()
        }
        _ => parts,
    }
}
