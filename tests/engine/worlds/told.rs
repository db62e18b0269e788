//! What every known tool prints (`tests/evidence/tools`), about a world's
//! image: the same texts, with its name, its tag and its digests.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use super::image::sum;
use super::print::Seen;

/// A case file: its text, and what each letter in it is a digest of.
pub(super) struct Told {
    pub(super) name: String,
    text: String,
    letters: BTreeMap<char, Letter>,
    /// Who says it: `computer`, `name`, `checked`, `text`.
    pub(super) knows: Knows,
}

/// What the user's own computer prints, a registry's answer, or any other text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knows {
    Computer,
    Name,
    Other,
}

struct Letter {
    kind: String,
    arch: Option<String>,
    /// It is about the image of the case.
    own: bool,
}

const NAME: &str = "example.com/team/app";

/// All cases that can be about any image.
pub(super) fn all() -> &'static [Told] {
    static ALL: OnceLock<Vec<Told>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/tools");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let files = files.iter().filter(|path| path.extension().is_some_and(|e| e == "txt"));
        files.filter_map(|path| read(path)).collect()
    })
}

/// `  A index top #0 NAME:TAG linux/amd64 by TOOL (KNOWS)`.
fn read(path: &Path) -> Option<Told> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let case = std::fs::read_to_string(path).unwrap();
    let (text, facts) = case.split_once("=== facts\n")?;
    let (mut letters, mut tops) = (BTreeMap::new(), BTreeMap::new());
    let mut knows = Knows::Other;
    for line in facts.lines().filter_map(|line| line.strip_prefix("  ")) {
        let mut words = line.split(' ');
        let letter = words.next()?.parse::<char>().ok()?;
        let (kind, role, group, about) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let next = words.next()?;
        let arch = next.split_once('/').and_then(|(_, rest)| rest.split('/').next()).map(str::to_owned);
        let own = about == NAME || about.starts_with(&format!("{NAME}:1.0"));
        // A second image of the same name, or of another tag, is not this one.
        let same = tops.entry((kind.to_owned(), about.to_owned())).or_insert(letter);
        if role == "top" && own && *same != letter {
            return None;
        }
        let _ = group;
        match line.rsplit_once('(')?.1 {
            // What names only parts of an image does not say which image is meant.
            _ if role != "top" => {}
            "computer)" | "name+computer)" if own => knows = Knows::Computer,
            "name)" if own && knows == Knows::Other => knows = Knows::Name,
            _ => {}
        }
        let known: &mut Letter =
            letters.entry(letter).or_insert(Letter { kind: kind.to_owned(), arch: arch.clone(), own });
        // The most telling of several facts about one digest.
        if known.kind == "unknown" {
            (known.kind, known.own) = (kind.to_owned(), own);
        }
        known.arch = known.arch.take().or(arch);
    }
    // A case about no image, or about bytes that nobody has, says nothing here.
    letters.values().any(|letter| letter.own).then(|| Told { name, text: text.to_owned(), letters, knows })
}

impl Told {
    /// The text about an image, if a tool could print it of one like that.
    pub(super) fn about(&self, seen: &Seen<'_>) -> Option<String> {
        let (host, name) = seen.repository.split_once('/')?;
        let host = if host == "docker.io" { "registry-1.docker.io" } else { host };
        let text =
            self.text.replace("https://example.com/v2/team/app/", &format!("https://{host}/v2/{name}/"));
        let mut text = tagged(&text.replace(NAME, seen.repository), seen.tag);
        // What is left of the case's name is about another image.
        if text.contains("example.com") {
            return None;
        }
        for (letter, meant) in &self.letters {
            let digest = match meant.own {
                true => meant.digest(seen)?,
                false => sum(format!("another {letter}").as_bytes()),
            };
            text = text.replace(&format!("@{letter}@"), &digest[7..]);
        }
        Some(text)
    }
}

/// The text with its tag, where that stands alone.
fn tagged(text: &str, tag: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("1.0") {
        let (before, after) = (&rest[..at], &rest[at + 3..]);
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let whole = !before.ends_with(inside) && !after.starts_with(inside) && !before.ends_with("HTTP/");
        out.push_str(before);
        out.push_str(if whole { tag } else { "1.0" });
        rest = after;
    }
    out + rest
}

impl Letter {
    fn digest(&self, seen: &Seen<'_>) -> Option<String> {
        let platform = match self.arch.as_deref() {
            None => seen.here(),
            Some(arch) => seen.tree.platforms.iter().find(|platform| platform.arch == arch)?,
        };
        Some(match self.kind.as_str() {
            "index" if seen.tree.index.is_none() => return None,
            "index-or-manifest" if self.arch.is_some() => sum(&platform.manifest),
            "index" | "index-or-manifest" | "unknown" => seen.tree.top_digest(),
            "manifest" if self.arch.is_none() && seen.tree.index.is_some() => return None,
            "manifest" => sum(&platform.manifest),
            "config" => sum(&platform.config),
            "image-id" => seen.id(),
            "layer" => sum(&platform.layers[0].gzip),
            "diff-id" => sum(&platform.layers[0].tar),
            _ => sum(b"an artifact"),
        })
    }
}
