//! What every known tool prints (`tests/evidence/tools`), about a world's
//! image: the same texts, with its name, its tag and its digests.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use webdis_verify::evidence::{Given, Origin, recognise};

use super::image::sum;
use super::print::Seen;

/// A case file: its text, and what each letter in it is a digest of.
pub(super) struct Told {
    pub(super) name: String,
    text: String,
    letters: BTreeMap<char, Letter>,
    /// Who says it: `computer`, `name`, `checked`, `text`.
    pub(super) knows: Knows,
    repository: Option<String>,
    tag: Option<String>,
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

/// Repository and tag of what a fact is about: `-`, `NAME`, `NAME:TAG`, `-:TAG`.
fn named(about: &str) -> (Option<&str>, Option<&str>) {
    let cut = about.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
    let (name, tag) = cut.map_or((about, None), |(name, tag)| (name, Some(tag)));
    (Some(name).filter(|name| *name != "-"), tag)
}

/// `  A index top #0 NAME:TAG linux/amd64 by TOOL (KNOWS)`.
fn read(path: &Path) -> Option<Told> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let case = std::fs::read_to_string(path).unwrap();
    let (text, facts) = case.split_once("=== facts\n")?;
    let facts = || facts.lines().filter_map(|line| line.strip_prefix("  "));
    // The image of the case is the first one that a fact is about.
    let abouts = || facts().filter(|line| line.contains(" top ")).filter_map(|line| line.split(' ').nth(4));
    let image = abouts().find(|about| named(about).0.is_some()).or_else(|| abouts().next())?;
    let (repository, tag) = named(image);
    let (mut letters, mut tops) = (BTreeMap::new(), BTreeMap::new());
    let mut knows = Knows::Other;
    for line in facts() {
        let mut words = line.split(' ');
        let letter = words.next()?.parse::<char>().ok()?;
        let (kind, role, _, about) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let next = words.next()?;
        let arch = next.split_once('/').and_then(|(_, rest)| rest.split('/').next()).map(str::to_owned);
        let (said, of) = named(about);
        let own =
            said == repository && (of.is_none() || tag.is_none() || of == tag) && !line.contains(" file ");
        // A second image of the same name, or of another tag, is not this one.
        let same = tops.entry((kind.to_owned(), about.to_owned())).or_insert(letter);
        if role == "top" && own && (*same != letter || kind == "artifact") {
            return None;
        }
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
    let told = Told {
        name,
        text: text.to_owned(),
        letters,
        knows,
        repository: repository.map(str::to_owned),
        // No fact may say the tag that stands behind the name.
        tag: tag.or_else(|| tag_behind(text, repository?)).map(str::to_owned),
    };
    told.letters.values().any(|letter| letter.own).then_some(told)
}

/// The tag behind the first name of the image that has one.
fn tag_behind<'t>(text: &'t str, repository: &str) -> Option<&'t str> {
    let after = text.split(&format!("{repository}:")).nth(1)?;
    let tag = after.split(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c)).next()?;
    Some(tag).filter(|tag| !tag.is_empty())
}

impl Told {
    /// The text about an image, if a tool could print it of one like that.
    pub(super) fn about(&self, seen: &Seen<'_>) -> Option<String> {
        let mut text = match &self.repository {
            Some(repository) => renamed(&self.text, repository, seen.repository)?,
            None => self.text.clone(),
        };
        if let Some(tag) = &self.tag {
            text = tagged(&text, tag, seen.tag);
        }
        for (letter, meant) in &self.letters {
            let digest = match meant.own {
                true => meant.digest(seen, self.knows)?,
                false => sum(format!("another {letter}").as_bytes()),
            };
            text = text.replace(&format!("@{letter}@"), &digest[7..]);
        }
        self.says(&text, seen).then_some(text)
    }

    /// Whether the text, as it now is, is read as being about that image: some
    /// formats are of one registry only.
    fn says(&self, text: &str, seen: &Seen<'_>) -> bool {
        let given = Given { name: "told".to_owned(), origin: Origin::Paste, bytes: text.as_bytes().to_vec() };
        let items = recognise(&[given]);
        let mut names =
            items.iter().flat_map(|item| &item.facts).map(|fact| fact.about.repository.as_deref());
        self.repository.is_none() || names.any(|name| name == Some(seen.repository))
    }
}

/// The text about another repository: as an address, with its host, as docker shows
/// names of Docker Hub, and as a path alone.
fn renamed(text: &str, from: &str, to: &str) -> Option<String> {
    let ((host, path), (new_host, new_path)) = (from.split_once('/')?, to.split_once('/')?);
    let api =
        |host: &str| if host == "docker.io" { "registry-1.docker.io".to_owned() } else { host.to_owned() };
    let mut text = text.replace(
        &format!("https://{}/v2/{path}/", api(host)),
        &format!("https://{}/v2/{new_path}/", api(new_host)),
    );
    text = text.replace(&format!("Pulling from {path}"), "Pulling from \u{1}");
    text = text.replace(from, "\u{2}");
    // A name of one word stands in too many places.
    let short = path.strip_prefix("library/").unwrap_or(path);
    if host == "docker.io" && path.contains('/') && !path.starts_with("library/") {
        text = alone(&text, path, "\u{3}");
    } else if host == "docker.io" {
        text = text.replace(&format!(" {short}:"), " \u{3}:").replace(&format!("\"{short}:"), "\"\u{3}:");
    }
    let familiar = to.strip_prefix("docker.io/").unwrap_or(to);
    Some(text.replace('\u{1}', new_path).replace('\u{2}', to).replace('\u{3}', familiar))
}

/// The text with a name in it replaced, where that is no part of another.
fn alone(text: &str, from: &str, to: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let inside = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
        out.push_str(before);
        out.push_str(if before.ends_with(inside) || after.starts_with(inside) { from } else { to });
        rest = after;
    }
    out + rest
}

/// The text with its tag, where that stands behind a name or alone.
fn tagged(text: &str, from: &str, to: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let alone = from.contains('.') || before.ends_with(':');
        let whole =
            alone && !before.ends_with(inside) && !after.starts_with(inside) && !before.ends_with("HTTP/");
        out.push_str(before);
        out.push_str(if whole { to } else { from });
        rest = after;
    }
    out + rest
}

impl Letter {
    /// A computer may show the platform it runs; what else shows a manifest for a tag has no
    /// index above it.
    fn digest(&self, seen: &Seen<'_>, knows: Knows) -> Option<String> {
        let platform = match self.arch.as_deref() {
            None => seen.here(),
            Some(arch) => seen.tree.platforms.iter().find(|platform| platform.arch == arch)?,
        };
        Some(match self.kind.as_str() {
            "index" if seen.tree.index.is_none() => return None,
            "index-or-manifest" if self.arch.is_some() => sum(&platform.manifest),
            "index" | "index-or-manifest" | "unknown" => seen.tree.top_digest(),
            "manifest" if self.arch.is_none() && seen.tree.index.is_some() && knows != Knows::Computer => {
                return None;
            }
            "manifest" => sum(&platform.manifest),
            "config" => sum(&platform.config),
            "image-id" => seen.id(),
            "layer" => sum(&platform.layers[0].gzip),
            "diff-id" => sum(&platform.layers[0].tar),
            _ => sum(b"an artifact"),
        })
    }
}
