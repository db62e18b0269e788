//! What stands beside the chain: children and their own signatures, other
//! signatures, digests the user holds, evidence that counts for nothing.

use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::error::Error;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::order::Set as BTreeSet;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::evidence::{Item, Kind};
use crate::model::oci::{Descriptor, Document, Index, Platform};
use crate::model::publisher::LogPolicy;
use crate::model::reference::Reference;
use crate::proof::sigstore::LogEvidence;

use super::assemble::name_agrees;
use super::cosign::Chain;
use super::provenance::registry_of;
use super::signatures::{Failed, Signatures, Verified};
use super::store::{Doc, Store};
use super::subject::{Step, Subject};
use super::unanswered::is_fetched;
use super::{
    Case, Question, codes, compare, elsewhere, foreign, image, path, published, registries, unread,
    unread_form, wider, witnesses,
};

/// Adds to a finished chain what stands beside it.
pub(super) fn add(case: &Case<'_>, subject: &Subject, chain: &mut Chain) {
    let Case { question, store, signatures, facts, .. } = *case;
    let end = chain.links.iter().rev().find(|link| link.place() == Place::Chain);
    let end = end.map(|link| link.id().to_owned()).unwrap_or_default();
    let top = chain.top.clone().unwrap_or_else(|| subject.digest().clone());
    chain.links.push_all(image::branches(store, subject.digest(), &end, &chain.steps));
    chain.links.push_all(other_signatures(question, store, signatures, subject));
    chain.links.push_all(failed_links(store, signatures));
    other_images(case, subject, &end, chain);
    let lines = witnesses::links(case, subject, chain, &top);
    chain.links.push_all(lines);
    witnesses::another_record(case, subject, chain);
    if chain.outcome() == Outcome::Proven {
        let unread = unread::pulls(case, subject, chain);
        chain.links.push_all(unread);
        chain.links.push_all(wider::list(question, facts, store, &top));
        if store.items.iter().any(|item| !item.cut.is_empty()) {
            chain.links.push_all(unread::cut(case, subject, &top));
        }
        chain.links.push_all(disguised(case, subject));
        chain.links.push_all(unread::answered(question));
        if chain.tag.is_none() && !question.policy.published.is_empty() {
            chain.links.push_all(published::contradicts(question, store, subject));
        }
        if store.items.iter().any(|item| item.kind == Kind::Report) {
            chain.links.push_all(unread::kept(case, subject, chain));
        }
        let may_tell = |item| unread_form::may_tell(item, question.image) || foreign::members(item).is_some();
        if store.items.iter().any(may_tell) {
            unread_form::add(case, subject, chain);
        }
    }
    if chain.reached.is_some()
        && let Some(index) = store.index(subject.digest())
    {
        let platforms: Vec<String> =
            index.platforms().map(|(platform, _)| platform.to_string()).collect_vec();
        let args = [("count", &*platforms.len().to_string()), ("platforms", &*platforms.join(", "))];
        chain.shows.push(Message::new(codes::SHOWS_PLATFORMS, &args));
    }
    chain.links.push_all(registries::signed_elsewhere(question, store, signatures, subject.digest(), chain));
    let said = registries::add(question, facts, subject.digest(), chain);
    let Some(image) = question.image else { return };
    chain.links.push_all(elsewhere::conflicts(facts, store, image, &question.policy.repositories));
    chain.named_by = witnesses::naming(facts, store, subject, image);
    if !name_agrees(question.policy, image, chain) {
        let found = chain.signed_name.clone().unwrap_or_default();
        let args = [("found", found.as_str()), ("image", image.text())];
        chain.caveats.push(Message::new(codes::SIGNED_NAME, &args));
    }
    if image.digest().is_none() && chain.tag.is_none() {
        let caveat = said.unwrap_or_else(|| {
            let top = chain.top.as_ref().filter(|_| chain.at_config).unwrap_or(subject.digest());
            tag_caveat(image, top, &witnesses::speaking(facts, store, subject, image))
        });
        chain.caveats.push(caveat);
    }
}

/// Every verified signature, also the one on the chain, with the digest it is
/// for and where it was found.
fn other_signatures(
    question: &Question<'_>,
    store: &Store,
    signatures: &Signatures,
    subject: &Subject,
) -> Vec<Link> {
    let mut links = Vec::new();
    for (n, verified) in signatures.verified.iter().enumerate() {
        let Some(names) = verified.signed.subjects().into_iter().next() else { continue };
        let id = format!("signature-{}", n + 1);
        let digest = names.to_string();
        let from = store.items.get(verified.item).map_or("", |item| item.name.as_str());
        let related = path::find(store, subject.digest(), &names).is_some()
            || path::find(store, &names, subject.digest()).is_some();
        if !related {
            let note = Link::open(&id, codes::SET_ASIDE, &[("found", &digest), ("from", from)]);
            links.push(note.placed(Place::Aside));
        } else if let Some(link) = missing_log(question, verified, &id) {
            links.push(link.placed(Place::Branch));
        } else if let Ok(proof) = verified.signed.names(&names) {
            let args = [("digest", digest.as_str()), ("key", verified.key.name()), ("from", from)];
            let link = Link::proven(&id, codes::OWN_SIGNATURE, &args, proof.anchor());
            links.push(link.placed(Place::Branch));
        }
    }
    links
}

/// A signature beside the chain needs the log as much as the one on it.
pub(super) fn missing_log(question: &Question<'_>, verified: &Verified, id: &str) -> Option<Link> {
    match (&verified.log, question.policy.log) {
        (LogEvidence::Failed(error), LogPolicy::Required) => Some(Link::failed(id, error)),
        (LogEvidence::Absent, LogPolicy::Required) => Some(Link::open(id, codes::LOG_EVIDENCE_NEEDED, &[])),
        _ => None,
    }
}

/// Images at hand that are neither the subject nor part of it. The same
/// product at another registry is compared; any other is another image, and is
/// never held against the subject: bytes contradict a digest only where they
/// were given *as* that document. What is signed itself is no unsigned copy.
fn other_images(case: &Case<'_>, subject: &Subject, end: &str, chain: &mut Chain) {
    let Case { question, store, signatures, .. } = *case;
    let signed = signatures.signed_digests();
    let top = &chain.top.clone().unwrap_or_else(|| subject.digest().clone());
    let at_hand = store.item(subject.digest()).is_some();
    // Of several with the same bytes any may have been printed for the tag.
    let printed = store.docs.iter().filter(|doc| !doc.original && is_printed_for(store, doc, question.image));
    let printed: BTreeSet<_> = printed.map(|doc| doc.document.digest()).collect();
    let (mut count, mut compared) = (0_usize, 0);
    for doc in store.top_images() {
        let digest = doc.document.digest().to_claim();
        if path::find(store, top, &digest).is_some() || path::find(store, &digest, subject.digest()).is_some()
        {
            continue;
        }
        let printed = printed.contains(&doc.document.digest());
        // Printed anew, and in another order or form: the same list.
        if printed && lists_the_same(store, top, doc) {
            continue;
        }
        // What is said to be this tag, in the place that the subject may be from, is no copy of it.
        let here = printed && registry_of(store.item(top)).is_none();
        let copy = at_hand && !here && !signed.contains(&digest) && is_comparable(store, top, doc);
        if copy && compared < limits::COMPARED_IMAGES {
            compared += 1;
            let id = format!("copy-{compared}");
            chain.compare(compare::links(store, top, doc, end, &id), Place::Branch);
            continue;
        }
        let same = (at_hand || doc.original) && !printed;
        let aside = if same { codes::ANOTHER_IMAGE } else { codes::TEXT_SET_ASIDE };
        let code = if printed { codes::BYTES_DIFFER } else { aside };
        let error = Error::new(code).expected(subject.digest().to_string()).found(digest.to_string());
        count += 1;
        let link = Link::failed(&format!("image-{count}"), &error);
        // What a command line says the asked tag is, printed so that its bytes
        // are not known: it may be the subject, and it may be another image.
        chain.links.push(if printed { link } else { link.placed(Place::Aside) });
    }
}

/// Whether a document stands below a command line that asks for this tag.
fn is_printed_for(store: &Store, doc: &Doc, image: Option<&Reference>) -> bool {
    store.items.get(doc.item).is_some_and(|item| is_of_tag(item, image))
}

fn is_of_tag(item: &Item, image: Option<&Reference>) -> bool {
    let text = item.printed_for.as_deref().filter(|_| item.parent.is_none());
    let printed = text.and_then(|text| Reference::parse(text).ok());
    image.zip(printed).is_some_and(|(image, printed)| {
        printed.name() == image.name() && printed.tag().is_some() && printed.tag() == image.tag_or_latest()
    })
}

/// What a registry gave for the asked tag and is read as no image: the old schema 1, a
/// manifest whose layers are called signatures, or a list of what is attached. Whoever pulls
/// the tag may get an image. So may who holds a manifest of schema 1, or a config that nothing
/// at hand names, where nothing but a signature says which image is meant.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn disguised(case: &Case<'_>, subject: &Subject) -> Option<Link> {
    let Case { question, store, .. } = *case;
    let config =
        |item: &Item| item.kind == Kind::Config && store.parents(&item.digest.to_claim()).next().is_none();
    let meant = |item: &&Item| {
        let old = item.kind == Kind::Schema1;
        let alone = subject.step == Step::Signed && !is_fetched(&item.origin) && (old || config(item));
        alone || (old || item.kind == Kind::SignatureManifest) && is_of_tag(item, question.image)
    };
    let images = store.images().map(|doc| doc.document.digest()).collect::<BTreeSet<_>>();
    let no_image = |item: &&Item| {
        matches!(item.kind, Kind::Index | Kind::Manifest)
            && !images.contains(&item.digest)
            && item.digest.to_claim() != *subject.digest()
            && is_of_tag(item, question.image)
    };
    let item = store.items.iter().find(meant).or_else(|| store.items.iter().find(no_image))?;
    let code = if item.kind == Kind::Config { codes::HELD_NOT_CONNECTED } else { codes::BYTES_DIFFER };
    let (expected, found) = (subject.digest().to_string(), Digest::of(&item.bytes).to_string());
    let error = Error::new(code).expected(expected).found(found);
    Some(Link::failed_with("disguised", &error, &[("tool", &item.name)]))
}

/// Whether a printed index lists the images that the index at the top lists, and no other.
pub(super) fn lists_the_same(store: &Store, top: &ClaimedDigest, doc: &Doc) -> bool {
    let images = |document: &Document| match document {
        Document::Index(index) => {
            let attested = |child: &&Descriptor| child.platform.as_ref().is_some_and(Platform::is_unknown);
            let images = index.manifests.iter().filter(|child| !attested(child));
            Some(images.map(|child| (Index::label(child), child.digest.clone())).collect::<BTreeSet<_>>())
        }
        _ => None,
    };
    let ours = store.doc(top).and_then(|doc| images(&doc.document));
    ours.as_ref().is_some_and(|ours| !ours.is_empty()) && ours == images(&doc.document)
}

/// Whether two images are of one kind and share a platform with the same
/// config, or could once the missing manifests are there.
fn is_comparable(store: &Store, top: &ClaimedDigest, other: &Doc) -> bool {
    let ours = store.doc(top).map(|doc| doc.document.kind());
    ours == Some(other.document.kind())
        && registry_of(store.items.get(other.item)) != registry_of(store.item(top))
}

fn tag_caveat(image: &Reference, digest: &ClaimedDigest, named_by: &[String]) -> Message {
    let pinned = format!("{}@{digest}", image.name());
    let source = named_by.join(", ");
    let args = [("image", image.text()), ("pinned", pinned.as_str()), ("source", source.as_str())];
    let code = if named_by.is_empty() { codes::TAG_BY_YOUR_WORD } else { codes::TAG_IS_MUTABLE };
    Message::new(code, &args)
}

/// Signatures that count for nothing, each with its reason and its source.
pub(super) fn failed_links(store: &Store, signatures: &Signatures) -> Vec<Link> {
    let link = |(n, failed): (usize, &Failed)| {
        let from = store.items.get(failed.item).map_or("", |item| item.name.as_str());
        Link::failed_with(&format!("failed-{}", n + 1), &failed.error, &[("from", from)]).placed(Place::Aside)
    };
    signatures.failed.iter().enumerate().map(link).collect_vec()
}
