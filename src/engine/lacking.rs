//! Nothing says which image is meant, or nothing signed is at hand: what the
//! texts say instead is the answer. Only words: the outcome stays what it was.

use crate::base::code::Code;
use crate::base::message::Message;
use crate::engine::link::{Link, Place};
use crate::evidence::codes::{DIGEST_SHORT, REPORT_BARE, TAG_ALONE, UNRECOGNISED};
use crate::evidence::{DigestKind, Item, Kind};
use crate::model::publisher::{Profile, Release, Version};
use crate::model::reference::Reference;

use super::Question;
use super::codes as engine;
use super::cosign::Chain;
use super::store::Store;

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Only the first digits of an image ID are shown.
        IMAGE_ID_CUT = "image-id-cut", NotChecked,
            "Could not check: {tool} shows {found}, the first digits of an image ID. What is signed is the image's digest in its registry.",
            "Add what this prints: docker images --digests --no-trunc";
        /// An image that the computer knows no registry's digest of.
        DIGESTS_EMPTY = "repo-digests-empty", NotChecked,
            "Could not check: an empty list, [], names no digest. An image that was built or loaded on this computer has such RepoDigests.",
            "Pull the image from its registry, or add what docker save writes.";
        /// Only a name was given, and nobody is known who signs it.
        NAMED_UNKNOWN = "image-named-unknown", NotChecked,
            "You mean {image}. No publisher is known for that name, and nothing you gave says which digest it is.",
            "Check the spelling: {known} is a known one. For an image of somebody else, give the publisher's key.";
        /// A repository was named, and nothing of an image in it.
        RELEASE_UNNAMED = "image-without-tag", NotChecked,
            "You mean {image}, and nothing you gave says which image of it.",
            "Name one as in docker pull, for example {image}:1.0";
        /// A release of the time before the publisher signed any.
        BEFORE_SIGNING = "release-before-signing", NotChecked,
            "Could not check: {publisher} signs its releases from {from} on, and {image} is older. There is no signature of it to look for.",
            "Use a release that is signed: {from} or newer.";
    }
}

/// Where no image was found: what the texts say, in the place of a link that only
/// misses something.
pub(super) fn say(question: &Question<'_>, store: &Store, chain: &mut Chain) {
    let known = |note: &Message| note.code == UNRECOGNISED.name();
    let words = |kind| matches!(kind, Kind::Text | Kind::Reference);
    let bare = |item: &Item| words(item.kind) && item.cut.is_empty() && item.notes.iter().all(known);
    let unknown = question.image.is_some() && !question.policy.has_root_of_trust();
    if unknown || !store.items.iter().all(bare) {
        return of_texts(question, store, chain);
    }
    // Nothing but the name.
    let unclear = chain.links.iter_mut().find(|link| link.code() == engine::SUBJECT_UNCLEAR.name());
    let Some(place) = unclear else { return };
    if let Some(image) = question.image {
        *place = Link::open("subject", engine::IMAGE_NAMED, &[("image", image.text())]);
    } else if let Some(name) = repository(question, store) {
        *place = Link::open("subject", codes::RELEASE_UNNAMED, &[("image", &name)]);
    }
}

/// The repository that the only text names: the publisher's, or one with its registry.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn repository(question: &Question<'_>, store: &Store) -> Option<String> {
    let [item] = store.items.as_slice() else { return None };
    let text = str::from_utf8(&item.bytes).ok().filter(|_| item.kind == Kind::Reference)?;
    let name = Reference::parse_loose(text.trim()).ok()?.name();
    (text.contains('.') || question.policy.repositories.contains(&name)).then_some(name)
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn of_texts(question: &Question<'_>, store: &Store, chain: &mut Chain) {
    let missing = [engine::SUBJECT_UNCLEAR, engine::METADATA_NEEDED];
    let Some(at) = missing.iter().find_map(|code| position(*code, chain)) else { return };
    let Some(place) = chain.links.get_mut(at) else { return };
    let unclear = place.code() == engine::SUBJECT_UNCLEAR.name();
    let named = || question.image.map(|image| named(question, image));
    let any = |is: &dyn Fn(&Item) -> bool| store.items.iter().any(is);
    let shows = any(&|item| !item.cut.is_empty() || item.kind == Kind::Json).then(|| shown(store)).flatten();
    let tells = any(&|item| matches!(item.kind, Kind::ErrorText | Kind::RegistryError | Kind::Report));
    let said = || tells.then(|| told(store)).flatten().or_else(named).or_else(|| hinted(store));
    match shows.or_else(|| said().filter(|_| unclear)) {
        Some(link) if unclear => *place = link,
        Some(link) => chain.links.insert(at, link),
        None => {}
    }
}

/// The first link of the chain with a code.
fn position(code: Code, chain: &Chain) -> Option<usize> {
    chain.links.iter().position(|link| link.place() == Place::Chain && link.code() == code.name())
}

/// Only a name was given.
fn named(question: &Question<'_>, image: &Reference) -> Link {
    match question.policy.has_root_of_trust() {
        true => Link::open("subject", engine::IMAGE_NAMED, &[("image", image.text())]),
        false => unknown(image),
    }
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn unknown(image: &Reference) -> Link {
    let built_in = Profile::webdis().ok().and_then(|profile| profile.repositories.first().cloned());
    let args = [("image", image.text()), ("known", built_in.as_deref().unwrap_or_default())];
    Link::open("subject", codes::NAMED_UNKNOWN, &args)
}

/// What a tool printed of an image in a form that names none.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn shown(store: &Store) -> Option<Link> {
    let of_image = |kind| matches!(kind, DigestKind::ImageId | DigestKind::Config);
    let mut cuts = store.items.iter().flat_map(|item| &item.cut);
    if let Some(cut) = cuts.find(|cut| !cut.part && of_image(cut.kind)) {
        return Some(Link::open(
            "subject",
            codes::IMAGE_ID_CUT,
            &[("tool", cut.tool), ("found", &cut.digits)],
        ));
    }
    let empty = |item: &Item| item.kind == Kind::Json && item.bytes.trim_ascii() == b"[]";
    store.items.iter().any(empty).then(|| Link::open("subject", codes::DIGESTS_EMPTY, &[]))
}

/// A digest of which only the first digits stand there, or a file of tags.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn hinted(store: &Store) -> Option<Link> {
    let noted = |code: Code| {
        let notes = store.items.iter().flat_map(|item| &item.notes);
        notes.filter(move |note| note.code == code.name())
    };
    let cut = noted(DIGEST_SHORT).min_by_key(|note| note.args.get("found"));
    Some(Link::told("subject", cut.or_else(|| noted(TAG_ALONE).next())?))
}

/// An error that a tool printed, or a report without its evidence.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn told(store: &Store) -> Option<Link> {
    let errors = store.items.iter().filter(|item| matches!(item.kind, Kind::ErrorText | Kind::RegistryError));
    let bare = |item: &&Item| item.notes.iter().any(|note| note.code == REPORT_BARE.name());
    let reports = store.items.iter().filter(|item| item.kind == Kind::Report).filter(bare);
    let told = errors.chain(reports).flat_map(|item| &item.notes).min_by_key(|note| note.code);
    told.map(|note| Link::told("error", note))
}

/// Says of a release that is older than the first signed one that it is.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn before_signing(question: &Question<'_>, chain: &mut Chain) {
    let nothing = [engine::SIGNATURE_NEEDED, engine::IMAGE_NAMED, engine::IMAGE_ID_ALONE];
    let Some(at) = nothing.iter().find_map(|code| position(*code, chain)) else { return };
    let (policy, Some(image)) = (question.policy, question.image) else { return };
    let Some(from) = policy.releases.iter().map(Release::from).min() else { return };
    let older = image.tag().and_then(Version::of_tag).is_some_and(|version| version < *from);
    if older && policy.repositories.contains(&image.name()) {
        let from = from.to_string();
        let args = [("publisher", &*policy.publisher), ("from", &from), ("image", image.text())];
        let link = Link::open("release", codes::BEFORE_SIGNING, &args);
        // There is none to add.
        match chain.links.get_mut(at).filter(|missing| missing.code() == engine::SIGNATURE_NEEDED.name()) {
            Some(missing) => *missing = link,
            None => chain.links.insert(at, link),
        }
    }
}
