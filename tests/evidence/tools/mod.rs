//! What each tool's output states, case by case: `NAME.txt` in this folder holds
//! the text, a line `=== facts`, and the facts that are to come out. `A` to `F`
//! between at signs stand for digests: `@A@` is 64 times `a`. A case is written
//! anew with `UPDATE=1`, and then read by a human.

use std::fmt::Write as _;
use std::path::PathBuf;

use webdis_verify::evidence::{Given, Item, Knows, Origin, Role, recognise};

const MARK: &str = "=== facts\n";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/tools")
}

fn letter(text: &str) -> String {
    ('A'..='F').fold(text.to_owned(), |text, c| {
        text.replace(&format!("@{c}@"), &c.to_ascii_lowercase().to_string().repeat(64))
    })
}

/// A case's text as items.
pub(crate) fn read(text: &str, origin: Origin) -> Vec<Item> {
    recognise(&[Given { name: "case".to_owned(), origin, bytes: letter(text).into_bytes() }])
}

/// Items as lines: kind, image and remarks, then a line per fact.
pub(crate) fn described(items: &[Item]) -> String {
    let mut out = String::new();
    for item in items {
        let image = item.printed_for.as_deref().unwrap_or("-");
        let notes: Vec<_> = item.notes.iter().map(|note| note.code).collect();
        writeln!(out, "{} | {image} | {}", item.kind.name(), notes.join(" ")).unwrap();
        for fact in &item.facts {
            let hex = fact.digest.hex();
            let short = match hex.bytes().all(|b| b == hex.as_bytes()[0]) {
                true => hex[..1].to_uppercase(),
                false => hex[..8].to_owned(),
            };
            let about = &fact.about;
            let name = about.repository.as_deref().unwrap_or("-");
            let tag = about.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
            let platform = about.platform.as_ref().map(|p| format!(" {p}")).unwrap_or_default();
            let file = about.file.as_ref().map(|file| format!(" file {file}")).unwrap_or_default();
            let knows = match fact.witness.knows {
                Knows::NameAndComputer => "name+computer",
                Knows::Name => "name",
                Knows::Computer => "computer",
                Knows::Checked => "checked",
                Knows::Text => "text",
            };
            let role = if fact.role == Role::Top { "top" } else { "part" };
            writeln!(
                out,
                "  {short} {} {role} #{} {name}{tag}{platform}{file} by {} ({knows})",
                fact.kind.name(),
                fact.image,
                fact.witness.tool
            )
            .unwrap();
        }
    }
    out
}

#[test]
fn every_output_states_what_it_is_known_to() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut files: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "txt")) {
        let case = std::fs::read_to_string(path).unwrap();
        let (text, expected) = case.split_once(MARK).unwrap_or((&case, ""));
        let found = described(&read(text, Origin::Paste));
        count += 1;
        if found != expected && std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, format!("{text}{MARK}{found}")).unwrap();
        } else if found != expected {
            wrong.push(format!("{}:\nexpected\n{expected}found\n{found}", path.display()));
        }
        // Windows' line ends change nothing.
        let windows = described(&read(&text.replace('\n', "\r\n"), Origin::Paste));
        assert_eq!(windows, found, "{}", path.display());
    }
    assert!(count > 30, "{count} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a line of facts says of a digest, without the digest and its image.
fn understood(fact: &webdis_verify::evidence::Fact) -> String {
    let knows = match fact.witness.knows {
        Knows::NameAndComputer => "what the tag means and what is held",
        Knows::Name => "what the registry says",
        Knows::Computer => "what is held",
        Knows::Checked => "what was checked",
        Knows::Text => "what the text says",
    };
    let role = if fact.role == Role::Top { "" } else { "part: " };
    format!("{role}{} ({knows})", fact.kind.name().replace('-', " "))
}

/// `docs/outputs.md`: every case as a row, made by `UPDATE=1` and held to the cases.
#[test]
fn the_table_of_outputs_is_current() {
    let mut files: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut table = String::from(
        "# Outputs that are understood\n\nEach row is a case of `tests/evidence/tools`, read by this program: the output as its tool prints it, \
         what it is taken for, and the kind of every digest in it with what its witness can know. A digest is compared \
         only with digests of kinds that can be equal ([VERDICT.md](VERDICT.md)). Made by \
         `UPDATE=1 cargo test --test evidence tools`; [how to add one](../src/evidence/tools/README.md).\n\n\
         | case | output | taken for | digests |\n|---|---|---|---|\n",
    );
    for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "txt")) {
        let case = std::fs::read_to_string(path).unwrap();
        let text = case.split_once(MARK).map_or(case.as_str(), |(text, _)| text);
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let (mut cut, _) = first.split_at(first.char_indices().nth(70).map_or(first.len(), |(at, _)| at));
        cut = cut.trim();
        let dots = if cut.len() < first.trim().len() { "\u{2026}" } else { "" };
        let items = read(text, Origin::Paste);
        let mut kinds: Vec<_> = items.iter().map(|item| item.kind.name()).collect();
        kinds.dedup();
        let mut digests: Vec<String> = items.iter().flat_map(|item| &item.facts).map(understood).collect();
        digests.sort();
        digests.dedup();
        let mut notes: Vec<_> = items.iter().flat_map(|item| &item.notes).map(|note| note.code).collect();
        notes.dedup();
        let said = match (digests.is_empty(), notes.as_slice()) {
            (true, []) => "none whole".to_owned(),
            (true, notes) => format!("none: {}", notes.join(", ")),
            (false, _) => digests.join("; "),
        };
        let name = path.file_stem().unwrap().to_str().unwrap();
        let cut = format!("{cut}{dots}").replace('|', "\\|");
        writeln!(table, "| {name} | `{cut}` | {} | {said} |", kinds.join(", ")).unwrap();
    }
    let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/outputs.md");
    let written = std::fs::read_to_string(&place).unwrap_or_default();
    if written != table && std::env::var_os("UPDATE").is_some() {
        std::fs::write(place, table).unwrap();
    } else {
        assert_eq!(written, table, "UPDATE=1 cargo test --test evidence tools");
    }
}

/// Outputs that say which image is held, each below every other one.
const BELOW: [&str; 6] = [
    "1.0: Pulling from other/image\nDigest: sha256:@Z@\nStatus: Image is up to date for other/image:1.0\n",
    "    image: other/image:1.0\n    imageID: docker.io/other/image@sha256:@Z@\n    lastState: {}\n",
    "REPOSITORY    TAG   DIGEST        IMAGE ID   CREATED   SIZE\nother/image   1.0   sha256:@Z@   abcdefabcdef   N/A   9kB\n",
    "Name:      docker.io/other/image:1.0\nMediaType: application/vnd.oci.image.index.v1+json\nDigest:    sha256:@Z@\n",
    "# docker inspect --format '{{index .RepoDigests 0}}' other/image:1.0\nother/image@sha256:@Z@\n",
    "HTTP/1.1 200 OK\ndocker-content-digest: sha256:@Z@\n",
];

/// An output ends where another begins: a witness below it in the same paste is heard.
#[test]
fn no_output_hides_the_one_below_it() {
    let digest = "9".repeat(64);
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let case = std::fs::read_to_string(&entry).unwrap();
        let text = case.split_once(MARK).map_or(case.as_str(), |(text, _)| text);
        for below in BELOW.map(|below| below.replace("@Z@", &digest)) {
            let joined = read(&format!("{text}\n{below}"), Origin::Paste);
            let mut facts = joined.iter().flat_map(|item| &item.facts);
            if !facts.any(|fact| fact.digest.hex() == digest && fact.role == Role::Top) {
                let first = below.lines().next().unwrap_or_default();
                wrong.push(format!("{}: {first}", entry.file_stem().unwrap().to_string_lossy()));
            }
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{} hidden\n{}", wrong.len(), wrong.join("\n"));
}
