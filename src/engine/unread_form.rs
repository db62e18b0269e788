//! JSON of no known format that names the image and holds digests: a bill of materials, what
//! a filter left of an inspection, the answer of an interface nobody told us of; and a list
//! of an archive (`manifest.json` of `docker save`) without its archive. The image that the user holds may stand in it, and which of its digests that is nobody knows: one
//! that is of the proven image is enough, and where none is, what is held is not known
//! (docs/VERDICT.md, section 3).

use core::str;
use std::borrow::Cow;

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::order::{Map, Set};
use crate::engine::link::Link;
use crate::evidence::{About, Item, Kind, Origin};
use crate::model::reference::{Reference, is_tag};

use super::cosign::Chain;
use super::subject::Subject;
use super::tree::Tree;
use super::unanswered::is_fetched;
use super::unread::is_held;
use super::{Case, Question};

/// What such a text says of an image.
pub(super) enum Form {
    /// One of its digests is of the image.
    OfImage,
    /// None is: this is the least of them.
    Other(ClaimedDigest),
}

/// The first text of the user in which another image than the proven one may stand.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn link(case: &Case<'_>, subject: &Subject, chain: &Chain) -> Option<Link> {
    let Case { question, store, .. } = *case;
    let image = question.image?;
    // Prose takes nothing away where a program says what is held.
    let held = is_held(case, subject);
    let mut items =
        store.items.iter().filter(|item| is_unread(item) && !(held && item.kind == Kind::Text)).peekable();
    items.peek()?;
    let tree = Tree::of(store, subject, chain);
    let mut others: Option<(ClaimedDigest, &str)> = None;
    // The order of what was given decides nothing.
    let mut add = |form: Option<Form>, from| {
        if let Some(Form::Other(digest)) = form {
            let new = (digest, from);
            others = others.take().filter(|least| *least <= new).or(Some(new));
        }
    };
    // Of a long one nothing is kept: the text or file that it stands in is read, once.
    let mut long: Map<&str, Kind> = Map::new();
    for item in items {
        if item.is_whole() {
            add(read(&tree, question, item), item.name.as_str());
        } else if item.kind != Kind::Text || !long.contains_key(item.name.as_str()) {
            long.insert(&item.name, item.kind);
        }
    }
    for given in question.given {
        if let Some(kind) = long.get(given.name.as_str()) {
            add(of_text(&tree, question, (*kind, &given.bytes), &|_| false), &given.name);
        }
    }
    let (found, from) = others?;
    let expected = subject.digest().to_string();
    let error = Error::new(codes::FORM_UNREAD).expected(expected).found(found.to_string());
    Some(Link::failed_with("form", &error, &[("image", image.text()), ("from", from)]))
}

/// Whether it is the user's, and in no form that a reader knows.
pub(super) fn is_unread(item: &Item) -> bool {
    let alone = item.kind == Kind::ArchiveInfo && item.origin != Origin::Archive;
    (matches!(item.kind, Kind::Json | Kind::Text) || alone) && !is_fetched(&item.origin)
}

/// What an unread text says of the image that is asked about; `None` where it does not
/// name it, or holds no digest that may be an image's.
pub(super) fn read(tree: &Tree<'_>, question: &Question<'_>, item: &Item) -> Option<Form> {
    let image = question.image.filter(|_| is_unread(item) && item.is_whole())?;
    // What was heard of the image is held against it elsewhere, and what was heard of
    // another is that one's.
    let is_other = |about: &About| about.repository.as_ref().is_some_and(|name| *name != image.name());
    let heard = item.facts.iter().map(|fact| &fact.about).chain(item.cut.iter().map(|cut| &cut.about));
    if !{ heard }.all(is_other) {
        return None;
    }
    let facts: Set<&ClaimedDigest> = item.facts.iter().map(|fact| &fact.digest).collect();
    of_text(tree, question, (item.kind, &item.bytes), &|digest| facts.contains(digest))
}

fn of_text(
    tree: &Tree<'_>,
    question: &Question<'_>,
    (kind, bytes): (Kind, &[u8]),
    is_said: &dyn Fn(&ClaimedDigest) -> bool,
) -> Option<Form> {
    let image = question.image?;
    let text = str::from_utf8(bytes).ok()?;
    if !text.contains(path(image)) && !text.contains(['\\', '%']) {
        return None;
    }
    let text = plain(text);
    let text = match kind {
        Kind::Text => Cow::Owned(near(&text, image)),
        _ if names(&text, image) => text,
        _ => return None,
    };
    let pinned = |digest: &ClaimedDigest| {
        question.policy.keys.iter().any(|k| k.key().fingerprint().hex() == digest.hex())
    };
    let mut other = None;
    for digest in digests(&text, kind == Kind::Text) {
        // What lies in a folder beside its list is held against that list.
        let lies_there = kind == Kind::ArchiveInfo && tree.store.item(&digest).is_some();
        if tree.has(&digest) || lies_there {
            return Some(Form::OfImage);
        }
        // A layer is in many images, whatever else they hold.
        if !is_said(&digest) && !tree.has_layer(&digest) && !pinned(&digest) {
            other = other.filter(|least| *least <= digest).or(Some(digest));
        }
    }
    other.map(Form::Other)
}

/// The text without what JSON and addresses write around a name.
fn plain(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for (sign, plain) in [("\\", ""), ("%2F", "/"), ("%2f", "/"), ("%3A", ":"), ("%3a", ":")] {
        if text.contains(sign) {
            text = Cow::Owned(text.replace(sign, plain));
        }
    }
    text
}

/// The lines that name the image and those around them, up to an empty one. What stands
/// alone on its line is the ID of a container that was started, or of nobody knows what;
/// a Dockerfile's instruction and a line with a file's name are of files.
fn near(text: &str, image: &Reference) -> String {
    let mut out = String::new();
    let mut before: Vec<&str> = Vec::new();
    let mut left = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            left = 0;
            before.clear();
            continue;
        }
        if names(line, image) {
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
fn path(image: &Reference) -> &str {
    image.repository().trim_start_matches("library/")
}

/// Whether the repository stands in the text, with the asked tag or with none beside it.
fn names(text: &str, image: &Reference) -> bool {
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
            && tagged.zip(image.tag_or_latest()).is_none_or(|(tag, asked)| tag == asked)
    })
}

/// The words of 64 hexadecimal digits, with or without their algorithm before them.
fn digests(text: &str, in_lines: bool) -> impl Iterator<Item = ClaimedDigest> {
    text.split(move |c| in_lines && c == '\n').flat_map(of_row)
}

/// Those of a line, or of a whole document, that may be an image's: what speaks of a
/// container names its ID, and those of its parts.
fn of_row(text: &str) -> impl Iterator<Item = ClaimedDigest> {
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let container = text.len() > 64 && words().any(|word| word == "container");
    let digests = words().scan(["", ""], |before, word| {
        let [_, last] = *before;
        Some((core::mem::replace(before, [last, word]), word))
    });
    let images = digests.filter(|(_, word)| word.len() == 64).filter(move |([above, before], _)| {
        let is = |names: &[&str]| names.iter().any(|name| before.eq_ignore_ascii_case(name));
        let annotation = *above == "checksum" && *before == "config";
        !is(&OTHERS) && !annotation && (!container || is(&SAYS))
    });
    images.filter_map(|(_, word)| ClaimedDigest::parse(&format!("sha256:{}", word.to_ascii_lowercase())).ok())
}

/// What stands before the ID of a container, of its parts, and of what is no image.
const OTHERS: [&str; 13] = [
    "container",
    "containers",
    "containerid",
    "containerd",
    "cid",
    "execid",
    "networkid",
    "endpointid",
    "sandboxid",
    "podsandboxid",
    "fingerprint",
    "overlay2",
    "volumes",
];
/// What stands before a digest, where a container is spoken of too.
const SAYS: [&str; 8] = ["sha256", "256", "digest", "image", "imageid", "content", "checksumvalue", "hash"];

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// JSON of no known format names the image, and no digest in it is of the image.
        FORM_UNREAD = "form-unread", NotChecked,
            "Could not check what you hold: {from} names {image} in a form that is not read, and its digests ({found}) are none of the image proven, {expected}.",
            "Give what shows the image in a known form (docker image inspect IMAGE, docker images --digests --no-trunc), or leave {from} out.";
    }
}
