//! Lines that a Go template or `jq -r` made of several values: `{{.Id}}
//! {{.RepoDigests}}`, `{{.Repository}}:{{.Tag}} {{.Digest}}`. The command line names the
//! fields, in their order; without it nobody says what a bare digest is of.

use super::{Command, Kind, Lines, Output, at_digest, bare};
use crate::base::digest::ClaimedDigest;
use crate::base::list::PushAll as _;
use crate::evidence::fact::{DigestKind, Facts, Knows, Witness};
use crate::evidence::terminal::as_reference;

/// Words of one line.
const WORDS: usize = 12;

/// A word of such a line.
enum Word<'l> {
    /// `repository@digest`.
    At(&'l str, &'l str),
    /// A digest or an ID of 64 digits.
    Digest(&'l str),
    /// A reference with a tag or a path.
    Name(&'l str),
    /// A tag, a platform, a short ID: what prose is not made of.
    Other(&'l str),
}

fn word(text: &str) -> Option<Word<'_>> {
    let text = text.trim_matches(['[', ']', '"', '\'', ',', '(', ')']);
    if let Some((name, digest)) = at_digest(text) {
        return ClaimedDigest::parse(digest).is_ok().then_some(Word::At(name, digest));
    }
    if ClaimedDigest::parse(text).is_ok() || ClaimedDigest::parse_sha256_hex(text).is_ok() {
        return Some(Word::Digest(text));
    }
    if bare::is_platform(text) {
        return Some(Word::Other(text));
    }
    let named = text.contains(['/', ':']) && !text.ends_with(':') && !text.contains("//");
    if named && text.len() < 300 && as_reference(text).is_some() {
        return Some(Word::Name(text));
    }
    let other = text.len() < 128 && text.bytes().any(|byte| byte.is_ascii_digit()) && !text.contains(':');
    (other || matches!(text, "latest" | "<none>")).then_some(Word::Other(text))
}

/// The words of a line, if all are known and one is a digest.
fn words(line: &str) -> Option<Vec<Word<'_>>> {
    if line.len() < 64 || line.len() > 2000 {
        return None;
    }
    let parts = line.split([' ', '\t']).filter(|part| !part.trim_matches(['[', ']', '|']).is_empty());
    let words: Vec<_> = parts.take(WORDS + 1).map(word).collect::<Option<_>>()?;
    // Digits alone before a name are a sum of that file.
    let digest = words.iter().any(|word| match word {
        Word::At(..) => true,
        Word::Digest(text) => text.starts_with("sha"),
        Word::Name(_) | Word::Other(_) => false,
    });
    let row = (2..=WORDS).contains(&words.len());
    (row && digest).then_some(words)
}

/// What a digest in a field is of.
fn kind(field: &str, program: &str) -> DigestKind {
    let last = field.rsplit('.').next().unwrap_or_default();
    match last {
        "Id" | "ID" | "id" | "Image" | "ImageID" if matches!(program, "podman" | "buildah" | "crictl") => {
            DigestKind::Config
        }
        "Id" | "ID" | "Image" | "ImageID" => DigestKind::ImageId,
        "Digest" | "ImageDigest" | "RepoDigests" => DigestKind::IndexOrManifest,
        _ => DigestKind::Unknown,
    }
}

/// What the command above can know.
fn witness(command: &Command) -> Witness {
    let (tool, knows) = match command.program() {
        "docker" if command.words.contains("imagetools") => ("imagetools", Knows::Name),
        "docker" if command.is("docker manifest") => ("docker manifest inspect", Knows::Name),
        "docker" if command.words.contains("images") || command.is("docker image ls") => {
            ("docker images", Knows::Computer)
        }
        "docker" if command.words.contains("inspect") => ("docker image inspect", Knows::Computer),
        "docker" if command.words.contains("ps") => ("docker ps", Knows::Computer),
        "podman" if !command.words.contains("manifest") => ("podman image inspect", Knows::Computer),
        "nerdctl" => ("nerdctl image inspect", Knows::Computer),
        "crictl" => ("crictl inspecti", Knows::Computer),
        "skopeo" if command.reference.is_some() => ("skopeo inspect", Knows::Name),
        _ => ("text", Knows::Text),
    };
    Witness { tool, knows }
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    words(lines.first()?)?;
    let witness = witness(command);
    let typed = command.reference.as_deref();
    let (fields, most) = (command.fields(), command.lines());
    let mut facts = Facts::new(witness.tool, witness.knows);
    let mut names = Vec::new();
    let end = lines.run(|row, line| {
        let Some(words) = words(line) else { return false };
        if row >= most {
            facts.witness("text", Knows::Text);
        }
        let whole = fields.len() == words.len();
        let mut name = words.iter().find_map(|word| match word {
            Word::Name(name) => Some((*name).to_owned()),
            _ => None,
        });
        let tagless = name.as_deref().is_some_and(|n| as_reference(n).is_some_and(|r| r.tag().is_none()));
        // A repository and its tag in columns of their own.
        let after = words.iter().skip_while(|word| !matches!(word, Word::Name(_))).nth(1);
        if let (true, Some(Word::Other(tag))) = (tagless, after) {
            let tagged = name.as_ref().map(|name| format!("{name}:{tag}"));
            name = tagged.filter(|text| as_reference(text).is_some()).or(name);
        }
        let own = name.as_deref().or_else(|| typed.filter(|_| row == 0));
        facts.next_image(own);
        let about = facts.subject().clone();
        names.push_all(name);
        for (at, word) in words.iter().enumerate() {
            match word {
                Word::At(name, digest) => {
                    *facts.subject() = bare::about(name, typed.or(Some(name)));
                    facts.top(DigestKind::IndexOrManifest, digest);
                    facts.subject().clone_from(&about);
                }
                Word::Digest(digest) => {
                    let field = fields.get(at).filter(|_| whole);
                    facts.top(field.map_or(DigestKind::Unknown, |f| kind(f, command.program())), digest);
                }
                Word::Name(_) | Word::Other(_) => {}
            }
        }
        true
    });
    Some(
        Output::new(Kind::DigestText, end, facts.done())
            .of(super::only(names).or_else(|| command.reference.clone())),
    )
}
