//! JSON of no known format that names the image and holds digests: a bill of materials, what
//! a filter left of an inspection, the answer of an interface nobody told us of; and a list
//! of an archive (`manifest.json` of `docker save`) without its archive. The image that the user holds may stand in it, and which of its digests that is nobody knows: one
//! that is of the proven image is enough, and where none is, what is held is not known
//! (docs/VERDICT.md, section 3).

use core::str;

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::order::Set;
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
    let others = items.filter_map(|item| match read(&tree, question, item)? {
        Form::OfImage => None,
        Form::Other(digest) => Some((digest, item.name.as_str())),
    });
    // The order of what was given decides nothing.
    let (found, from) = others.min()?;
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
/// name it, or holds no digest.
pub(super) fn read(tree: &Tree<'_>, question: &Question<'_>, item: &Item) -> Option<Form> {
    let image = question.image.filter(|_| is_unread(item))?;
    // What was heard of the image is held against it elsewhere.
    let is_other = |about: &About| about.repository.as_ref().is_some_and(|name| *name != image.name());
    let heard = item.facts.iter().map(|fact| &fact.about).chain(item.cut.iter().map(|cut| &cut.about));
    if !{ heard }.all(is_other) {
        return None;
    }
    // Of a long one nothing is kept.
    let long = question.given.iter().find(|given| given.name == item.name && !item.is_whole());
    let text = plain(str::from_utf8(long.map_or(&item.bytes, |given| &given.bytes)).ok()?);
    let text = match item.kind {
        Kind::Text => &near(&text, image),
        _ if names(&text, image) => &text,
        _ => return None,
    };
    // Those that a reader knew are held against the image elsewhere.
    let parts = tree.store.items.iter().filter(|other| other.name == item.name);
    let known: Set<&ClaimedDigest> = parts.flat_map(|item| &item.facts).map(|fact| &fact.digest).collect();
    let mut other = None;
    for digest in digests(text) {
        // What lies in a folder beside its list is held against that list.
        let lies_there = item.kind == Kind::ArchiveInfo && tree.store.item(&digest).is_some();
        if tree.has_part(&digest) || lies_there {
            return Some(Form::OfImage);
        }
        if !known.contains(&digest) {
            other = other.filter(|least| *least <= digest).or(Some(digest));
        }
    }
    other.map(Form::Other)
}

/// The text without what JSON and addresses write around a name.
fn plain(text: &str) -> String {
    text.replace('\\', "").replace("%2F", "/").replace("%2f", "/").replace("%3A", ":").replace("%3a", ":")
}

/// The lines that name the image and those next below, up to an empty one. What stands
/// alone on its line is the ID of a container that was started, or of nobody knows what.
fn near(text: &str, image: &Reference) -> String {
    let (mut out, mut left) = (String::new(), 0);
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            left = 0;
        } else if names(line, image) {
            left = BELOW + 1;
        }
        if left > 0 {
            left -= 1;
            if line.len() > 64 {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// How many lines below an image's name may say its digest.
const BELOW: usize = 2;

/// Whether the repository stands in the text, with the asked tag or with none beside it.
fn names(text: &str, image: &Reference) -> bool {
    let path = image.repository().trim_start_matches("library/");
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
fn digests(text: &str) -> impl Iterator<Item = ClaimedDigest> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let digits = words.scan("", |before, word| Some((core::mem::replace(before, word), word)));
    let digits = digits
        .filter(|(_, word)| word.len() == 64)
        .filter(|(before, _)| !OTHERS.iter().any(|other| before.eq_ignore_ascii_case(other)));
    digits.filter_map(|(_, word)| ClaimedDigest::parse(&format!("sha256:{}", word.to_ascii_lowercase())).ok())
}

/// What stands before the ID of a container.
const OTHERS: [&str; 6] = ["id", "container", "containerid", "containerd", "docker", "podman"];

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// JSON of no known format names the image, and no digest in it is of the image.
        FORM_UNREAD = "form-unread", NotChecked,
            "Could not check what you hold: {from} names {image} in a form that is not read, and its digests ({found}) are none of the image proven, {expected}.",
            "Give what shows the image in a known form (docker image inspect IMAGE, docker images --digests --no-trunc), or leave {from} out.";
    }
}
