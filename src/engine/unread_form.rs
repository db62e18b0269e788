//! What names the image and holds digests that no reader heard: a bill of materials, what
//! a filter left of an inspection, the answer of an interface nobody told us of, a known
//! output with the image in an unknown place; and a list of an archive without its archive
//! (`manifest.json`, `index.json`); members that a document has and its format has not
//! (`foreign`). The image that the user holds may stand in it, and which
//! of its digests that is nobody knows: one that is of the proven image is enough, and where
//! none is, what is held is not known (docs/VERDICT.md, section 3).

use core::str;
use std::borrow::Cow;

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::base::order::{Map, Set};
use crate::engine::link::Link;
use crate::evidence::{About, Fact, Item, Kind, Knows, Origin};
use crate::model::reference::{Reference, is_tag};

use super::cosign::Chain;
use super::foreign;
use super::subject::{Step, Subject};
use super::tree::Tree;
use super::unanswered::is_fetched;
use super::unread::is_held;
use super::words_of_text::{Named, digests, first_name, names, names_in_parts, near, path, plain};
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
    // Prose takes nothing away where a program says what is held; what a command printed does.
    let held = is_held(case, subject);
    let passed = |item: &Item| held && is_prose(item) && item.printed_for.is_none();
    let mut items = store.items.iter().filter(|item| is_unread(item) && !passed(item)).peekable();
    let mut documents =
        store.items.iter().filter_map(|item| Some((item, foreign::members(item)?))).peekable();
    let (mut others, mut besides): (Option<Shown<'c>>, Option<Shown<'c>>) = (None, None);
    if items.peek().is_none() && documents.peek().is_none() {
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
    for (item, members) in documents.filter(|(item, _)| !tree.has(&item.digest.to_claim())) {
        add(of_text(&tree, (question, named), (Kind::Json, &members), &|_| false), &item.name, &item.bytes);
    }
    for given in question.given {
        if let Some(kind) = long.get(given.name.as_str()) {
            let form = of_text(&tree, (question, named), (*kind, &given.bytes), &|_| false);
            add(form, &given.name, &given.bytes);
        }
    }
    (others, besides)
}

/// Whether it is the user's, and not of those that are verified or held against the image as
/// what they are. Of what a reader knows, what it says of the image is heard; where it says
/// nothing of it, its digests may stand where the reader does not look.
pub(super) fn is_unread(item: &Item) -> bool {
    let read = match item.kind {
        // The `repositories` of `docker save` name layers.
        Kind::ArchiveInfo => item.origin == Origin::Archive || item.name.ends_with("repositories"),
        // The list of an archive without its archive says which image is called so.
        Kind::Index => !has_names(&item.bytes),
        kind => READ.contains(&kind),
    };
    !read && !is_fetched(&item.origin)
}

/// Whether a list says what its images are called.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn has_names(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok_and(|text| text.contains("io.containerd.image.name"))
}

/// Kinds of documents, signatures and metadata, of what shows keys or an error, and of what has
/// items of its own in it.
const READ: [Kind; 33] = [
    Kind::Schema1,
    Kind::Profile,
    Kind::Manifest,
    Kind::SignatureManifest,
    Kind::Config,
    Kind::Payload,
    Kind::Annotations,
    Kind::CosignVerify,
    Kind::CosignDownload,
    Kind::CosignHeader,
    Kind::Bundle,
    Kind::Envelope,
    Kind::RekorEntry,
    Kind::RekorBundle,
    Kind::SignatureLayer,
    Kind::TrustedRoot,
    Kind::Certificate,
    Kind::PublicKey,
    Kind::NotaryRoot,
    Kind::NotaryTargets,
    Kind::NotarySnapshot,
    Kind::NotaryTimestamp,
    Kind::NotaryList,
    Kind::TrustInspect,
    Kind::TrustPretty,
    Kind::TrustCleaned,
    Kind::HttpHeaders,
    Kind::RegistryError,
    Kind::ErrorText,
    Kind::Report,
    Kind::Container,
    Kind::Blob,
    Kind::Secret,
];

/// What an unread text says of the image that is asked about; `None` where it does not
/// name it, or holds no digest that may be an image's.
pub(super) fn read(tree: &Tree<'_>, question: &Question<'_>, item: &Item) -> Option<Form> {
    read_as(tree, (question, Named::asked(question)?), item)
}

/// Whether a thing may say something of the image that nobody heard: what was heard of it is
/// held against it elsewhere.
pub(super) fn may_tell(item: &Item, image: Option<&Reference>) -> bool {
    let is_own = |about: &About| {
        let own = |name: &String| image.is_none_or(|image| *name == image.name());
        about.repository.as_ref().is_some_and(own)
    };
    // A document's digest that nobody calls anything is read as a text's.
    let prose = is_prose(item);
    let facts = item.facts.iter().filter(|fact| prose || fact.witness.knows != Knows::Text);
    let mut heard = facts.map(|fact| &fact.about).chain(item.cut.iter().map(|cut| &cut.about));
    is_unread(item) && !heard.any(is_own)
}

/// Whether it is in lines, and no document.
fn is_prose(item: &Item) -> bool {
    item.kind == Kind::Text || !matches!(item.bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn read_as(tree: &Tree<'_>, (question, named): (&Question<'_>, Named<'_>), item: &Item) -> Option<Form> {
    let Named { image, .. } = Some(named).filter(|named| may_tell(item, named.image) && item.is_whole())?;
    if tree.has(&item.digest.to_claim()) {
        return None;
    }
    // What was heard of another image is that one's. What was heard of nobody may be of either.
    // A name without a registry is read as Docker Hub's, and may be of any.
    let hub = image.map(|image| format!("docker.io/{}", image.repository()));
    let of_another = |fact: &&Fact| {
        let tags = fact.about.tag.as_deref().filter(|tag| is_tag(tag)).zip(named.tag);
        fact.about.repository.is_some() && fact.about.repository != hub
            || tags.is_some_and(|(said, asked)| said != asked)
    };
    let about_others = item.facts.iter().filter(of_another);
    let facts: Set<&ClaimedDigest> = about_others.map(|fact| &fact.digest).collect();
    let kind = if is_prose(item) { Kind::Text } else { item.kind };
    // What lies in an archive beside its list is held against that list.
    let listed = item.kind == Kind::Index && item.origin == Origin::Archive;
    let said = |digest: &ClaimedDigest| facts.contains(digest) || listed && tree.store.item(digest).is_some();
    // What a filter left of an output is about what the command was.
    let filtered = item.kind == Kind::Fragments || item.kind == Kind::Json && item.facts.is_empty();
    let command = item.printed_for.as_deref().and_then(|typed| typed.split('@').next()).filter(|_| filtered);
    match command.filter(|command| names(command, named)) {
        Some(command) => {
            let whole = [command.as_bytes(), b" ", &item.bytes].concat();
            of_text(tree, (question, named), (Kind::Json, &whole), &said)
        }
        None => of_text(tree, (question, named), (kind, &item.bytes), &said),
    }
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
