//! `docker images`, `docker compose images`, `podman images`, `nerdctl images` and
//! `crictl images`, with
//! `--digests` and `--no-trunc`. A row is an image: its digest, where the table
//! has one, is what the registry called it when it was pulled; its ID is that of
//! the store. Where both are equal, the store is containerd's and the ID is an
//! index or manifest.

use super::{Command, Kind, Lines, Output};
use crate::base::affix;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::evidence::terminal::as_reference;
use crate::evidence::{About, Cut};
use crate::model::reference::is_tag;

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let header = lines.first()?;
    let compose = header.starts_with("CONTAINER ") && header.contains("REPOSITORY");
    let by_name = header.starts_with("REPOSITORY ") || compose;
    if !(by_name || header.starts_with("IMAGE ")) || !(header.contains("ID") || header.contains("DIGEST")) {
        return None;
    }
    let columns = columns(header);
    let has = |name: &str| columns.iter().position(|column| *column == name);
    let (repository, tag) = (has("REPOSITORY").or(has("IMAGE"))?, has("TAG"));
    let (digest, id) = (has("DIGEST").or(has(UNNAMED)), has("IMAGE ID").or(has("ID")));
    // A template may print the one without the other.
    let last = id.or(digest)?;
    let (tool, id_kind) = match (command.program(), header.contains("PLATFORM")) {
        _ if compose => ("docker compose images", DigestKind::ImageId),
        ("buildah", _) => ("buildah images", DigestKind::Config),
        ("podman", _) => PODMAN,
        ("", false) if lines.second().is_some_and(is_podman) => PODMAN,
        ("crictl", _) => ("crictl images", DigestKind::Config),
        ("nerdctl", _) | (_, true) => ("nerdctl images", DigestKind::ImageId),
        ("", _) if !by_name && tag.is_some() => ("crictl images", DigestKind::Config),
        _ => ("docker images", DigestKind::ImageId),
    };
    let mut images = Images::of(tool, id_kind);
    let mut header_seen = false;
    let end = lines.run(|_, line| {
        if !header_seen {
            header_seen = true;
            return true;
        }
        let words: Vec<&str> =
            line.split_whitespace().take(last.max(digest.unwrap_or_default()) + 2).collect_vec();
        let word = |at: usize| words.get(at).copied().filter(|word| *word != "<none>");
        // What follows the table has as many words, but no ID among them.
        let told = |at: Option<usize>, is: fn(&str) -> bool| {
            at.is_none_or(|at| words.get(at).is_some_and(|word| is(word)))
        };
        let whole = told(id, is_id) && (id.is_some() || told(digest, is_digest));
        let Some(name) = words.get(repository).filter(|_| whole) else { return false };
        let reference = match (*name, tag.and_then(word)) {
            ("<none>", _) => None,
            (name, Some(tag)) => Some(format!("{name}:{tag}")),
            (name, None) => Some(name.to_owned()),
        };
        let cell = |at: Option<usize>| at.and_then(word).unwrap_or_default();
        images.add(Row { name: reference, digest: cell(digest), id: cell(id) });
        true
    });
    Some(images.output(end))
}

/// Rows of such a table without their header, as `grep` leaves them: a repository and a
/// tag, in one word since docker 29, a digest, an ID, and the age or a size behind it.
pub(super) fn rows(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let (tool, id_kind) = match command.program() {
        "podman" => PODMAN,
        "" if lines.first().is_some_and(is_podman) => PODMAN,
        "crictl" => ("crictl images", DigestKind::Config),
        "nerdctl" => ("nerdctl images", DigestKind::ImageId),
        "" | "docker" => ("docker images", DigestKind::ImageId),
        _ => return None,
    };
    Row::of(lines.first()?)?;
    let mut images = Images::of(tool, id_kind);
    let end = lines.run(|_, line| Row::of(line).map(|row| images.add(row)).is_some());
    Some(images.output(end))
}

/// podman and the kind of its IDs.
const PODMAN: (&str, DigestKind) = ("podman images", DigestKind::Config);

/// Whether a row is podman's: it has a blank before the unit of a size, docker has none.
fn is_podman(row: &str) -> bool {
    [" B", " kB", " MB", " GB"].iter().any(|unit| row.ends_with(unit))
}

/// The images of a table.
pub(super) struct Images {
    tool: &'static str,
    id_kind: DigestKind,
    facts: Facts,
    names: Vec<String>,
    cut: Vec<Cut>,
}

impl Images {
    pub(super) fn of(tool: &'static str, id_kind: DigestKind) -> Self {
        let facts = Facts::new(tool, Knows::Computer);
        Self { tool, id_kind, facts, names: Vec::new(), cut: Vec::new() }
    }

    pub(super) fn add(&mut self, Row { name, digest, id }: Row<'_>) {
        self.facts.next_image(name.as_deref());
        self.names.push_all(name);
        // podman and CRI-O may show that of the platform's manifest, as their `inspect` does.
        let platform = matches!(self.tool, "podman images" | "buildah images" | "crictl images");
        self.facts.top(if platform { DigestKind::Manifest } else { DigestKind::IndexOrManifest }, digest);
        let same = digest.strip_prefix("sha256:").is_some_and(|hex| hex == affix::after(id, "sha256:"));
        self.facts.top(if same { DigestKind::IndexOrManifest } else { self.id_kind }, id);
        if !is_whole(digest) && !is_whole(id) && self.cut.len() < limits::FACTS {
            let about = self.facts.subject().clone();
            let begun = |shown| begins(shown, about.clone(), self.tool);
            self.cut.push_all([digest, id].into_iter().filter_map(begun));
        }
    }

    pub(super) fn output(self, end: usize) -> Output {
        let output = Output::new(Kind::DockerImages, end, self.facts.done());
        Output { cut: self.cut, ..output.of(super::only(self.names)) }
    }
}

/// An image in a line.
pub(super) struct Row<'l> {
    pub(super) name: Option<String>,
    /// Empty where there is none.
    pub(super) digest: &'l str,
    pub(super) id: &'l str,
}

impl<'l> Row<'l> {
    fn of(line: &'l str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let first = words.next()?;
        let named = as_reference(first).filter(|name| name.digest().is_none());
        let mut next = words.next()?;
        let mut name = named.as_ref().map(|_| first.to_owned());
        if named.as_ref().is_none_or(|name| name.tag().is_none()) {
            let tag = Some(next).filter(|tag| *tag != "<none>");
            if named.is_none() && first != "<none>" || tag.is_some_and(|tag| !is_tag(tag)) {
                return None;
            }
            name = name.zip(tag).map(|(name, tag)| format!("{name}:{tag}"));
            next = words.next()?;
        }
        let mut after = words.clone();
        let behind = after.next()?;
        let digest = Some(next).filter(|word| is_digest(word) || is_short(word) && is_short(behind));
        let id = if digest.is_some() { words.next()? } else { next };
        let ends = is_short(id) || is_whole(id) && is_id(id);
        // Its age, or its size.
        let rest = words.take(COLUMNS).collect_vec();
        let told = rest.contains(&"ago") || rest.iter().any(|word| is_size(word));
        let digest = digest.filter(|digest| *digest != "<none>").unwrap_or_default();
        (ends && told).then_some(Self { name, digest, id })
    }
}

/// Words behind the ID that are looked at.
const COLUMNS: usize = 12;

/// The first digits of an ID, as these programs cut it.
fn is_short(word: &str) -> bool {
    matches!(word.len(), 12 | 13) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `12.1MB`; podman has a blank before the unit.
fn is_size(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    matches!(unit, "B" | "kB" | "KB" | "MB" | "GB" | "KiB" | "MiB" | "GiB")
}

/// How buildah 1.28 heads its column of digests.
const UNNAMED: &str = "<no value>";

/// Whether a word can stand in the column of digests.
fn is_digest(word: &str) -> bool {
    word == "<none>" || word.starts_with("sha256:")
}

fn is_whole(shown: &str) -> bool {
    affix::after(shown, "sha256:").len() >= 64
}

/// The digits that a table shows, if they are enough to tell images apart.
pub(super) fn begins(shown: &str, about: About, tool: &'static str) -> Option<Cut> {
    let digits = affix::after(shown, "sha256:").trim_end_matches(['.', '\u{2026}']);
    let enough = digits.len() >= 10 && digits.len() < 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    enough.then(|| Cut {
        digits: digits.to_ascii_lowercase(),
        about,
        tool,
        kind: DigestKind::ImageId,
        part: false,
    })
}

/// Whether a word can stand in the column of IDs.
fn is_id(word: &str) -> bool {
    let hex = affix::after(word, "sha256:").trim_end_matches(['.', '…']);
    word == "<none>" || !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The columns: words of the header, of which `IMAGE ID` and the like are one.
fn columns(header: &str) -> Vec<&str> {
    let parts = header.split("  ").map(str::trim).filter(|column| !column.is_empty());
    let parts: Vec<_> = parts.collect_vec();
    match parts.len() {
        // Columns that one blank separates: a paste that lost its alignment.
        0..=2 => {
            let words = header.replace("IMAGE ID", "IMAGE_ID");
            let known = ["CONTAINER", "PLATFORM", "REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "IMAGE"];
            let name = |word: &str| known.iter().copied().find(|name| *name == word.replace('_', " "));
            words.split_whitespace().filter_map(name).collect_vec()
        }
        _ => parts,
    }
}
