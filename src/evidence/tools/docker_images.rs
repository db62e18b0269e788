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
    let table = Table::of(header);
    let has = |name: &str| table.columns.iter().position(|(column, _)| *column == name);
    let (repository, tag) = (has("REPOSITORY").or(has("IMAGE"))?, has("TAG"));
    let (digest, id) = (has("DIGEST").or(has(UNNAMED)), has("IMAGE ID").or(has("ID")));
    // A template may print the one without the other.
    id.or(digest)?;
    let by_name = has("REPOSITORY").is_some();
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
    let end = lines.run(|row, line| {
        if row == 0 {
            return true;
        }
        let cells = table.cells(line);
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).copied().unwrap_or_default();
        let word = |at| Some(cell(at)).filter(|cell| *cell != "<none>");
        // What follows the table has as many words, but no ID among them.
        let whole = match id {
            Some(_) => is_id(cell(id)),
            None => is_digest(cell(digest)),
        };
        let name = cell(Some(repository));
        if !whole || name.is_empty() || name.contains(' ') {
            return false;
        }
        let reference = match (name, tag.and_then(|tag| word(Some(tag)))) {
            ("<none>", _) => None,
            (name, Some(tag)) => Some(format!("{name}:{tag}")),
            (name, None) => Some(name.to_owned()),
        };
        let shown = |at| word(at).unwrap_or_default();
        images.add(Row { name: reference, digest: shown(digest), id: shown(id) });
        true
    });
    Some(images.output(end))
}

/// A header: its columns, and the character that each begins at.
struct Table<'h> {
    columns: Vec<(&'h str, usize)>,
    /// Whether they stand apart: by more than one blank.
    aligned: bool,
}

/// Columns whose cells are one word each; `CREATED` and the sizes are several.
const WORDS: &str = "CONTAINER|PLATFORM|REPOSITORY|TAG|DIGEST|<no value>|IMAGE ID|IMAGE|ID";

impl<'h> Table<'h> {
    fn of(header: &'h str) -> Self {
        let mut at = 0;
        let mut columns = Vec::new();
        for part in header.split("  ") {
            let name = part.trim_start();
            let start = at + part.chars().count() - name.chars().count();
            at += part.chars().count() + 2;
            if !name.is_empty() {
                columns.push((name.trim_end(), start));
            }
        }
        let aligned =
            columns.len() > 2 || columns.len() == 2 && !columns.iter().any(|(name, _)| is_several(name));
        if !aligned {
            // Columns that one blank separates: a paste that lost its alignment.
            let mut rest = header.trim_start();
            columns.clear();
            while !rest.is_empty() {
                let known = affix::each(WORDS).find(|name| rest.starts_with(name));
                let end = known.map_or_else(|| rest.find(' ').unwrap_or(rest.len()), str::len);
                let Some((name, behind)) = rest.split_at_checked(end) else { break };
                columns.push((name, 0));
                rest = behind.trim_start();
            }
        }
        Self { columns, aligned }
    }

    /// The cells of a row, where the columns begin; by its words where the alignment is lost.
    fn cells<'l>(&self, line: &'l str) -> Vec<&'l str> {
        if let Some(cells) = self.in_place(line).filter(|_| self.aligned) {
            return cells;
        }
        let mut words = cells_of_words(line);
        if words.len() != self.columns.len() {
            // Behind another cell of several words nobody knows which word is whose.
            let single = |(name, _): &&(&str, usize)| affix::is_one(name, WORDS);
            words.truncate(self.columns.iter().take_while(single).count());
        }
        words
    }

    fn in_place<'l>(&self, line: &'l str) -> Option<Vec<&'l str>> {
        let mut cells = Vec::new();
        let mut rest = line;
        let mut behind = self.columns.iter().skip(1).map(|(_, start)| *start);
        let mut from = self.columns.first()?.1;
        loop {
            let next = behind.next();
            let end = match next {
                Some(start) => rest.char_indices().nth(start.checked_sub(from)?).map(|(at, _)| at),
                None => None,
            };
            let (cell, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            let fits = end.is_none() || cell.ends_with(' ');
            if !fits || cell.starts_with(' ') && !cell.trim().is_empty() {
                return None;
            }
            cells.push(cell.trim());
            rest = after;
            let Some(start) = next else { return Some(cells) };
            from = start;
        }
    }
}

/// The words of a row; an age (`2 days ago`, `About an hour ago`) is one.
fn cells_of_words(line: &str) -> Vec<&str> {
    let mut cells: Vec<(usize, &str)> = Vec::new();
    let mut end = 0;
    for word in line.split_whitespace() {
        // Words are found in their order.
        let Some(at) = line.get(end..).and_then(|rest| rest.find(word)).map(|at| end + at) else { break };
        end = at + word.len();
        let mut start = at;
        if word == "ago" {
            while let Some((before, cell)) = cells.pop() {
                start = before;
                // A number begins it, `About` or `Less than`.
                if affix::begins(cell, b"0123456789AL") {
                    break;
                }
            }
        }
        cells.push_all(line.get(start..end).map(|cell| (start, cell)));
    }
    cells.into_iter().map(|(_, cell)| cell).collect_vec()
}

fn is_several(column: &str) -> bool {
    !affix::is_one(column, WORDS) && column.contains(' ')
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
    affix::is_one(unit, "B|kB|KB|MB|GB|KiB|MiB|GiB")
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
    let digits = affix::after(shown, "sha256:").trim_end_matches(['.', '\u{2026}', '\u{2502}']);
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
