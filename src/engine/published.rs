//! The chain from a digest that the publisher documented: bytes that hash to
//! it are what was published. Documentation, not a signature: it is never
//! mixed up with one, and a signature is preferred to it.

use crate::base::error::Error;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::evidence::DigestKind;
use crate::model::publisher::{ContentTrust, Published, Scheme};
use crate::model::reference::Reference;

use super::cosign::Chain;
use super::facts::kind_of;
use super::path;
use super::provenance;
use super::store::Store;
use super::subject::{Step, Subject};
use super::{Question, codes, image, procedure};

/// The chain, if the profile documents the subject's release or digest.
pub(super) fn follow(question: &Question<'_>, store: &Store, subject: &Subject) -> Option<Chain> {
    let policy = question.policy;
    let tag = question.image.and_then(Reference::tag);
    if question.image.is_some_and(|image| !policy.repositories.contains(&image.name())) {
        return None;
    }
    let of_tag = |published: &&Published| tag.is_none_or(|tag| tag == published.tag());
    let documented: Vec<&Published> = policy.published.iter().filter(of_tag).collect_vec();
    let route = documented.iter().find_map(|published| {
        let steps = path::find(store, published.digest(), subject.digest())?;
        // The bytes themselves, not a text that names them.
        store.item(published.digest())?;
        Some((*published, steps))
    });
    if let Some((published, steps)) = route {
        return Some(reached(store, subject, published, &steps));
    }
    // A release of Content Trust may have other manifests at another registry.
    let repacked = |pins: &ContentTrust| {
        let release = tag.and_then(|tag| policy.release(tag));
        release.is_some_and(|release| release.scheme == Scheme::ContentTrust)
            && question.image.is_some_and(|image| image.name() != pins.gun)
    };
    if policy.content_trust.as_ref().is_some_and(repacked) {
        return None;
    }
    let release = tag.and_then(|tag| policy.release(tag));
    let several = release.is_some_and(|release| release.multi_platform);
    // None is documented where none differs.
    tag.filter(|_| !documented.is_empty())?;
    differs(store, question, subject, &documented, several)
}

/// What the publisher documented of the tag, beside a signature: the signature of an older
/// release says nothing of tags, the documentation does.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn contradicts(question: &Question<'_>, store: &Store, subject: &Subject) -> Vec<Link> {
    let other = follow(question, store, subject).filter(|chain| chain.published.is_none());
    other.map(|chain| chain.links).unwrap_or_default()
}

/// The way from what is documented down to the subject.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn reached(store: &Store, subject: &Subject, published: &Published, steps: &[path::Step]) -> Chain {
    let digest = published.digest().to_string();
    let place = published.place();
    let args = [("tag", published.tag()), ("digest", digest.as_str()), ("place", place.as_str())];
    let mut chain = Chain { published: Some(published.tag().to_owned()), ..Chain::default() };
    chain.links.push(Link::proven("published", codes::PUBLISHED, &args, published));
    let mut parent = "published".to_owned();
    if let Some(bytes) = image::bytes_link(store, "bytes", published.digest()) {
        chain.links.push(bytes.under("published"));
        parent = "bytes".to_owned();
    }
    chain.descend(store, published, steps, subject.digest(), parent);
    chain.caveats.push(Message::new(codes::DOCUMENTATION, &[("place", &place)]));
    chain.shows.push(Message::new(codes::SHOWS_PUBLISHED, &args));
    chain
}

/// The tag is documented, and what it is said to mean is none of its digests.
/// `several`: the release has more than one platform.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn differs(
    store: &Store,
    question: &Question<'_>,
    subject: &Subject,
    documented: &[&Published],
    several: bool,
) -> Option<Chain> {
    let newest = documented.last()?;
    if documented.iter().any(|p| p.digest() == subject.digest()) {
        return None;
    }
    // Bytes that were printed for another repository are not what the tag means here.
    let printed = provenance::registry_of(store.item(subject.digest()));
    let guessed =
        subject.step != Step::Named && printed.is_some() && printed != question.image.map(Reference::name);
    // What stands at the top of the release: not a part, and not an ID.
    let top = match kind_of(store, &subject.statement) {
        DigestKind::Index => !guessed,
        // One platform's is a part of a release that has several.
        DigestKind::Manifest => !several && subject.step == Step::Named,
        DigestKind::IndexOrManifest => subject.step == Step::Named,
        _ => false,
    };
    let place = newest.place();
    // What a tool printed anew may be the documented bytes in another layout.
    let original = store.doc(subject.digest()).is_none_or(|doc| doc.original);
    let code = match subject.step {
        Step::Bytes if !original => codes::BYTES_DIFFER,
        // A text alone names the tag: the bytes may be another release's.
        Step::Bytes | Step::Text if !question.asked => codes::DIGEST_NOT_DOCUMENTED,
        _ => codes::PUBLISHED_DIFFERS,
    };
    let error = Error::new(code).expected(newest.digest().to_string()).found(subject.digest().to_string());
    let image = question.image.map(Reference::name).unwrap_or_default();
    let more = [("tag", newest.tag()), ("place", place.as_str()), ("image", image.as_str())];
    top.then(|| Chain {
        links: vec![Link::failed_with("published", &error, &more).placed(Place::Chain)],
        ..Chain::default()
    })
}

/// What the publisher documented of a digest that was asked about, where nothing
/// signed and no bytes were given: it is the release's, another release's, or none.
/// It stands for what was only said to be missing.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn say(question: &Question<'_>, subject: &Subject, chain: &mut Chain) {
    let missing = [codes::METADATA_NEEDED.name(), codes::SIGNATURE_NEEDED.name()];
    let decides = |link: &&Link| link.place() == Place::Chain && link.outcome() != Outcome::Proven;
    if chain.links.iter().filter(decides).any(|link| !missing.contains(&link.code())) {
        return;
    }
    let Some(link) = documented(question, subject) else { return };
    let links = core::mem::take(&mut chain.links).into_iter();
    let beside = |link: Link| if missing.contains(&link.code()) { link.placed(Place::Branch) } else { link };
    chain.links = core::iter::once(link).chain(links.map(beside)).collect_vec();
}

fn documented(question: &Question<'_>, subject: &Subject) -> Option<Link> {
    let (policy, digest) = (question.policy, subject.digest());
    let image = question.image.map(Reference::name);
    let gun = policy.content_trust.as_ref().map(|trust| &trust.gun);
    let name = image.as_ref().or(gun).or_else(|| policy.repositories.first())?;
    if !policy.repositories.contains(name) {
        return None;
    }
    let tag = question.image.and_then(Reference::tag);
    let is_asked = |published: &&Published| tag.is_none_or(|tag| tag == published.tag());
    let mut known = policy.published.iter().filter(|published| published.digest() == digest);
    let pinned = format!("{name}@{digest}");
    let link = |published: &Published, code, expected: &str| {
        let place = published.place();
        let args = [("tag", published.tag()), ("place", &place), ("image", name), ("pinned", &pinned)];
        let error = Error::new(code).expected(expected).found(digest.to_string());
        Link::failed_with("published", &error, &args)
    };
    if let Some(published) = known.clone().find(is_asked) {
        return Some(link(published, codes::DIGEST_DOCUMENTED, &digest.to_string()));
    }
    let asked = policy.published.iter().rfind(is_asked).filter(|_| tag.is_some());
    // A tag that moves may mean a release's digest.
    let release = tag.and_then(|tag| policy.release(tag));
    if let Some(other) = known.next().filter(|_| release.is_some()) {
        return Some(link(other, codes::DIGEST_OF_ANOTHER_RELEASE, tag.unwrap_or_default()));
    }
    // Another registry may have other manifests of the same release.
    let asked = asked.filter(|_| gun.is_none_or(|gun| gun == name))?;
    Some(link(asked, codes::DIGEST_NOT_DOCUMENTED, &asked.digest().to_string()))
}

/// The documented digest that an answer rests on: it began the chain, or what
/// was given was held against it.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn answered<'p>(all: &'p [Published], links: &[Link]) -> Option<&'p Published> {
    let rests = [
        codes::PUBLISHED,
        codes::PUBLISHED_DIFFERS,
        codes::DIGEST_DOCUMENTED,
        codes::DIGEST_OF_ANOTHER_RELEASE,
        codes::DIGEST_NOT_DOCUMENTED,
        procedure::codes::DOCUMENTED_HOLDS,
    ];
    let on =
        |link: &&Link| link.place() == Place::Chain && rests.iter().any(|code| code.name() == link.code());
    let link = links.iter().find(on)?;
    let (expected, found) = link.compared();
    let named = [expected, link.args().get("digest").map(String::as_str), found];
    let of = |digest: &str| all.iter().find(|published| published.digest().to_string() == digest);
    named.into_iter().flatten().find_map(of)
}
