//! Names and digests in a text that no reader knows: whether it names the image that is asked
//! about, and which of its words may be an image's digest.

use std::borrow::Cow;

use crate::base::affix;
use crate::base::digest::ClaimedDigest;
use crate::model::reference::{Reference, is_tag};

use super::Question;

/// The image that a text may name: its repository, with the tag that is asked for or with any;
/// or any image.
#[derive(Clone, Copy)]
pub(super) struct Named<'i> {
    pub(super) image: Option<&'i Reference>,
    pub(super) tag: Option<&'i str>,
}

impl<'i> Named<'i> {
    pub(super) fn asked(question: &Question<'i>) -> Option<Self> {
        question.image.map(|image| Self { image: Some(image), tag: image.tag_or_latest() })
    }
}

/// The text without what JSON, addresses and pages write for and around a sign.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains("\\u00") {
        text = Cow::Owned(unescaped(&text));
    }
    let signs = [
        ("\\n", "\n"),
        ("\\", ""),
        ("%2F", "/"),
        ("%2f", "/"),
        ("%3A", ":"),
        ("%3a", ":"),
        ("&shy;", ""),
        ("<wbr>", ""),
    ];
    for (sign, plain) in signs {
        if text.contains(sign) {
            text = Cow::Owned(text.replace(sign, plain));
        }
    }
    text
}

/// The text with the ASCII signs that JSON may escape: `\u002f`.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u00");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.split_at_checked(2);
        let sign = digits.and_then(|(hex, rest)| Some((u8::from_str_radix(hex, 16).ok()?, rest)));
        match sign.filter(|(sign, _)| sign.is_ascii_graphic()) {
            Some((sign, rest)) => {
                out.push(char::from(sign));
                out.push_str(rest);
            }
            None => out.push_str(part),
        }
    }
    out
}

/// The lines that name the image and those around them, up to an empty one. What stands
/// alone on its line is the ID of a container that was started, or of nobody knows what;
/// a Dockerfile's instruction and a line with a file's name are of files.
pub(super) fn near(text: &str, named: Named<'_>) -> String {
    let mut out = String::new();
    let mut before: Vec<&str> = Vec::new();
    let (mut left, mut containers) = (0, false);
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            left = 0;
            before.clear();
            continue;
        }
        // The first word of a row is the ID of a container, up to the next command.
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let row = first.len() == 64 && first.bytes().all(|byte| byte.is_ascii_hexdigit());
        let line = if containers && row { rest.trim_start() } else { line };
        containers = containers && !line.starts_with("$ ") || line.starts_with("CONTAINER ID");
        if names(line, named) {
            left = AROUND + 1;
            before.drain(..).for_each(|line| add_line(&mut out, line));
        }
        if left > 0 {
            left -= 1;
            add_line(&mut out, line);
        } else {
            before.push(line);
            if before.len() > AROUND {
                before.remove(0);
            }
        }
    }
    out
}

fn add_line(out: &mut String, line: &str) {
    let of_files = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        ["ENV", "ARG", "RUN", "ADD", "COPY"].contains(&word)
            || [".tar", ".tgz", ".zip"].iter().any(|end| line.contains(end))
    };
    if line.len() > 64 && !of_files(line) {
        out.push_str(line);
        out.push('\n');
    }
}

/// How many lines around an image's name may say its digest.
const AROUND: usize = 3;

/// The repository as people write it.
pub(super) fn path(image: &Reference) -> &str {
    affix::after(image.repository(), "library/")
}

/// Whether the repository stands in the text, with the asked tag or with none beside it.
pub(super) fn names(text: &str, Named { image, tag: asked }: Named<'_>) -> bool {
    let Some(image) = image else { return any_name(text).is_some() };
    let path = path(image);
    let part = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text.match_indices(path).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let whole = [image.registry(), "library"]
            .iter()
            .any(|above| before.strip_suffix('/').is_some_and(|before| before.ends_with(above)));
        let after = text.get(at + path.len()..).unwrap_or_default();
        let tag = after.strip_prefix(':').map(|tag| tag.split(|c| !part(c)).next().unwrap_or_default());
        let tagged = tag.filter(|tag| is_tag(tag));
        // A name of one word is any word, unless its registry or a tag stands beside it.
        !before.ends_with(part)
            && !after.starts_with(|c| part(c) || c == '/')
            && (path.contains('/') || whole || tagged.is_some())
            && tagged.zip(asked).is_none_or(|(tag, asked)| tag == asked)
    })
}

/// Whether a document has the parts of the name and the tag as strings of their own:
/// `"namespace": "team", "name": "app", "tag": "1.0"`.
pub(super) fn names_in_parts(text: &str, Named { image, tag }: Named<'_>) -> bool {
    let has = |part: &str| text.contains(&format!("\"{part}\""));
    let Some(path) = image.map(path) else { return false };
    path.contains('/') && path.split('/').all(has) && tag.is_none_or(has)
}

/// The first word that is an image's name, with its registry or a tag.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn any_name(text: &str) -> Option<&str> {
    let between = |c: char| !c.is_ascii_alphanumeric() && !"./-_:".contains(c);
    let mut words = text.split(between).filter(|word| word.contains('/') && word.len() < 300);
    words.find(|word| {
        let (host, path) = word.split_once('/').unwrap_or_default();
        Reference::parse(word).is_ok() && (path.contains(':') || host.contains(['.', ':']))
    })
}

/// The same, of a whole text.
pub(super) fn first_name(bytes: &[u8]) -> String {
    core::str::from_utf8(bytes)
        .ok()
        .and_then(|text| any_name(&plain(text)).map(str::to_owned))
        .unwrap_or_default()
}

/// The words of 64 hexadecimal digits, with or without their algorithm before them.
pub(super) fn digests(text: &str, in_lines: bool) -> impl Iterator<Item = ClaimedDigest> {
    text.split(move |c| in_lines && c == '\n').flat_map(of_row)
}

/// Those of a line, or of a whole document, that may be an image's: what speaks of a
/// container names its ID, and those of its parts.
fn of_row(text: &str) -> impl Iterator<Item = ClaimedDigest> {
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let has = |name: &str| words().any(|word| word == name);
    let container = text.len() > 64 && (has("container") || has("Names") && has("Command"));
    let digests = words().scan(["", ""], |before, word| {
        let [_, last] = *before;
        Some((core::mem::replace(before, [last, word]), word))
    });
    let images = digests.filter(|(_, word)| word.len() == 64).filter(move |([above, before], _)| {
        let is = |names| affix::each(names).any(|name| before.eq_ignore_ascii_case(name));
        let annotation = *above == "checksum" && *before == "config";
        let image = *above == "image" && *before == "id";
        !is(OTHERS) && !annotation && (!container || image || is(SAYS))
    });
    images.filter_map(|(_, word)| ClaimedDigest::parse(&format!("sha256:{}", word.to_ascii_lowercase())).ok())
}

/// What stands before the ID of a container, of its parts, and of what is no image.
const OTHERS: &str = "container|containers|containerid|containerd|cid|execid|networkid|endpointid|sandboxid|\
    podsandboxid|fingerprint|overlay2|volumes";
/// What stands before a digest, where a container is spoken of too.
const SAYS: &str = "imageref|sha256|256|digest|image|imageid|content|checksumvalue|hash";
