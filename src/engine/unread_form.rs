//! JSON of no known format that names the image and holds digests: a bill of materials, what
//! a filter left of an inspection, the answer of an interface nobody told us of; and a list
//! of an archive (`manifest.json` of `docker save`) without its archive. The image that the user holds may stand in it, and which of its digests that is nobody knows: one
//! that is of the proven image is enough, and where none is, what is held is not known
//! (docs/VERDICT.md, section 3).

use core::str;
use std::borrow::Cow;

use crate::base::affix;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::base::order::{Map, Set};
use crate::engine::link::Link;
use crate::evidence::{About, Fact, Item, Kind, Origin};
use crate::model::reference::{Reference, is_tag};

use super::cosign::Chain;
use super::subject::{Step, Subject};
use super::tree::Tree;
use super::unanswered::is_fetched;
use super::unread::is_held;
use super::{Case, Question};

/// What such a text says of an image.
pub(super) enum Form {
    /// One of its digests is of the image. A second one beside it that is not, in a line
    /// or in a short document: which of the two is meant nobody knows.
    OfImage(Option<ClaimedDigest>),
    /// None is: this is the least of them.
    Other(ClaimedDigest),
}

/// Adds the first text of the user in which another image than the proven one may stand.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn add(case: &Case<'_>, subject: &Subject, chain: &mut Chain) {
    // Where nobody names the image, the signature says whose it is, and of no tag. Where that
    // says nothing either, and no document is there to ask about, any image that a text names
    // may be meant.
    let signed = chain.signed_name.as_deref().and_then(|name| Reference::parse(name).ok());
    let named = Named::asked(case.question).unwrap_or(Named { image: signed.as_ref(), tag: None });
    if named.image.is_none() && subject.step != Step::Signed {
        return;
    }
    let (other, beside) = others(case, named, subject, chain);
    let image = |bytes| named.image.map_or_else(|| first_name(bytes), |image| image.text().to_owned());
    if let Some((found, from, bytes)) = other {
        let expected = subject.digest().to_string();
        let error = Error::new(codes::FORM_UNREAD).expected(expected).found(found.to_string());
        chain.links.push(Link::failed_with("form", &error, &[("image", &image(bytes)), ("from", from)]));
    } else if let Some((found, from, bytes)) = beside {
        let args = [("from", from), ("image", &*image(bytes)), ("found", &*found.to_string())];
        chain.caveats.push(Message::new(codes::FORM_NAMES_ANOTHER, &args));
    }
}

/// The image that a text may name: its repository, with the tag that is asked for or with any;
/// or any image.
#[derive(Clone, Copy)]
struct Named<'i> {
    image: Option<&'i Reference>,
    tag: Option<&'i str>,
}

impl<'i> Named<'i> {
    fn asked(question: &Question<'i>) -> Option<Self> {
        question.image.map(|image| Self { image: Some(image), tag: image.tag_or_latest() })
    }
}

/// A digest, and the text that it stands in, by its name and its bytes.
type Shown<'c> = (ClaimedDigest, &'c str, &'c [u8]);

/// The least digest of a text that holds none of the image, and of one that does.
fn others<'c>(
    case: &Case<'c>,
    named: Named<'_>,
    subject: &Subject,
    chain: &Chain,
) -> (Option<Shown<'c>>, Option<Shown<'c>>) {
    let Case { question, store, .. } = *case;
    // Prose takes nothing away where a program says what is held.
    let held = is_held(case, subject);
    let mut items =
        store.items.iter().filter(|item| is_unread(item) && !(held && item.kind == Kind::Text)).peekable();
    let (mut others, mut besides): (Option<Shown<'c>>, Option<Shown<'c>>) = (None, None);
    if items.peek().is_none() {
        return (others, besides);
    }
    let tree = Tree::of(store, subject, chain);
    // The order of what was given decides nothing.
    let mut add = |form: Option<Form>, from, bytes| {
        let (least, digest) = match form {
            Some(Form::Other(digest)) => (&mut others, digest),
            Some(Form::OfImage(Some(digest))) => (&mut besides, digest),
            _ => return,
        };
        let new = (digest, from, bytes);
        *least = least.take().filter(|least| *least <= new).or(Some(new));
    };
    // Of a long one nothing is kept: the text or file that it stands in is read, once.
    let mut long: Map<&str, Kind> = Map::new();
    for item in items {
        if item.is_whole() {
            add(read_as(&tree, (question, named), item), item.name.as_str(), &item.bytes);
        } else if item.kind != Kind::Text || !long.contains_key(item.name.as_str()) {
            long.insert(&item.name, item.kind);
        }
    }
    for given in question.given {
        if let Some(kind) = long.get(given.name.as_str()) {
            let form = of_text(&tree, (question, named), (*kind, &given.bytes), &|_| false);
            add(form, &given.name, &given.bytes);
        }
    }
    (others, besides)
}

/// Whether it is the user's, and in no form that a reader knows.
pub(super) fn is_unread(item: &Item) -> bool {
    let alone = item.kind == Kind::ArchiveInfo && item.origin != Origin::Archive;
    (matches!(item.kind, Kind::Json | Kind::Text | Kind::Statement) || alone) && !is_fetched(&item.origin)
}

/// What an unread text says of the image that is asked about; `None` where it does not
/// name it, or holds no digest that may be an image's.
pub(super) fn read(tree: &Tree<'_>, question: &Question<'_>, item: &Item) -> Option<Form> {
    read_as(tree, (question, Named::asked(question)?), item)
}

fn read_as(tree: &Tree<'_>, (question, named): (&Question<'_>, Named<'_>), item: &Item) -> Option<Form> {
    let Named { image, .. } = Some(named).filter(|_| is_unread(item) && item.is_whole())?;
    // What was heard of the image is held against it elsewhere, and what was heard of
    // another is that one's. What was heard of nobody may be of either.
    let is_own = |about: &About| {
        let own = |name: &String| image.is_none_or(|image| *name == image.name());
        about.repository.as_ref().is_some_and(own)
    };
    let mut heard = item.facts.iter().map(|fact| &fact.about).chain(item.cut.iter().map(|cut| &cut.about));
    if heard.any(is_own) {
        return None;
    }
    // A name without a registry is read as Docker Hub's, and may be of any.
    let hub = image.map(|image| format!("docker.io/{}", image.repository()));
    let of_another = |fact: &&Fact| {
        let tags = fact.about.tag.as_deref().zip(named.tag);
        fact.about.repository.is_some() && fact.about.repository != hub
            || tags.is_some_and(|(said, asked)| said != asked)
    };
    let about_others = item.facts.iter().filter(of_another);
    let facts: Set<&ClaimedDigest> = about_others.map(|fact| &fact.digest).collect();
    of_text(tree, (question, named), (item.kind, &item.bytes), &|digest| facts.contains(digest))
}

fn of_text(
    tree: &Tree<'_>,
    (question, named): (&Question<'_>, Named<'_>),
    (kind, bytes): (Kind, &[u8]),
    is_said: &dyn Fn(&ClaimedDigest) -> bool,
) -> Option<Form> {
    let Named { image, .. } = named;
    let text = str::from_utf8(bytes).ok()?;
    let shown = |image| path(image).split('/').all(|part| text.contains(part));
    if !text.contains("\\u00") && !image.is_none_or(shown) {
        return None;
    }
    let text = plain(text);
    let text = match kind {
        Kind::Text => Cow::Owned(near(&text, named)),
        _ if names(&text, named) || names_in_parts(&text, named) => text,
        _ => return None,
    };
    let pinned = |digest: &ClaimedDigest| {
        question.policy.keys.iter().any(|k| k.key().fingerprint().hex() == digest.hex())
    };
    // The first of the others, and the least of all.
    let (mut few, mut least): (Set<ClaimedDigest>, Option<ClaimedDigest>) = (Set::new(), None);
    let mut of_image = false;
    for digest in digests(&text, kind == Kind::Text) {
        // What lies in a folder beside its list is held against that list.
        let lies_there = kind == Kind::ArchiveInfo && tree.store.item(&digest).is_some();
        if tree.has(&digest) || lies_there {
            of_image = true;
        // A layer is in many images, whatever else they hold.
        } else if !is_said(&digest) && !tree.has_layer(&digest) && !pinned(&digest) {
            if few.len() <= FEW {
                few.insert(digest.clone());
            }
            least = least.filter(|least| *least <= digest).or(Some(digest));
        }
        if of_image && few.len() > FEW {
            return Some(Form::OfImage(None));
        }
    }
    if of_image { Some(Form::OfImage(least)) } else { least.map(Form::Other) }
}

/// So many digests of others stand beside the image's where a text says how it changed; a
/// bill of materials has more.
const FEW: usize = 2;

/// The text without what JSON, addresses and pages write for and around a sign.
fn plain(text: &str) -> Cow<'_, str> {
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
fn near(text: &str, named: Named<'_>) -> String {
    let mut out = String::new();
    let mut before: Vec<&str> = Vec::new();
    let mut left = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            left = 0;
            before.clear();
            continue;
        }
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
fn path(image: &Reference) -> &str {
    affix::after(image.repository(), "library/")
}

/// Whether the repository stands in the text, with the asked tag or with none beside it.
fn names(text: &str, Named { image, tag: asked }: Named<'_>) -> bool {
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
fn names_in_parts(text: &str, Named { image, tag }: Named<'_>) -> bool {
    let has = |part: &str| text.contains(&format!("\"{part}\""));
    let Some(path) = image.map(path) else { return false };
    path.contains('/') && path.split('/').all(has) && tag.is_none_or(has)
}

/// The first word that is an image's name, with its registry or a tag.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn any_name(text: &str) -> Option<&str> {
    let between = |c: char| !c.is_ascii_alphanumeric() && !"./-_:".contains(c);
    let mut words = text.split(between).filter(|word| word.contains('/') && word.len() < 300);
    words.find(|word| {
        let (host, path) = word.split_once('/').unwrap_or_default();
        Reference::parse(word).is_ok() && (path.contains(':') || host.contains(['.', ':']))
    })
}

/// The same, of a whole text.
fn first_name(bytes: &[u8]) -> String {
    str::from_utf8(bytes).ok().and_then(|text| any_name(&plain(text)).map(str::to_owned)).unwrap_or_default()
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
        /// A text names the image with a digest of it and with one that is not.
        FORM_NAMES_ANOTHER = "form-names-another", Caveat,
            "{from} names {image} with a second digest, {found}, which is none of the image proven.",
            "If that is the one you run, give what shows it: docker images --digests --no-trunc.";
    }
}
