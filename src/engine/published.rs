//! The chain from a digest that the publisher documented: bytes that hash to
//! it are what was published. Documentation, not a signature: it is never
//! mixed up with one, and a signature is preferred to it.

use crate::base::error::Error;
use crate::base::message::Message;
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
use super::{Question, codes, image};

/// The chain, if the profile documents the subject's release or digest.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn follow(question: &Question<'_>, store: &Store, subject: &Subject) -> Option<Chain> {
    let policy = question.policy;
    let tag = question.image.and_then(Reference::tag);
    if question.image.is_some_and(|image| !policy.repositories.contains(&image.name())) {
        return None;
    }
    let of_tag = |published: &&Published| tag.is_none_or(|tag| tag == published.tag());
    let documented: Vec<&Published> = policy.published.iter().filter(of_tag).collect();
    let route = documented.iter().find_map(|published| {
        let steps = path::find(store, published.digest(), subject.digest())?;
        // The bytes themselves, not a text that names them.
        store.item(published.digest())?;
        Some((*published, steps))
    });
    if let Some((published, steps)) = route {
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
        chain.descend(store, published, &steps, subject.digest(), parent);
        chain.caveats.push(Message::new(codes::DOCUMENTATION, &[("place", &place)]));
        chain.shows.push(Message::new(codes::SHOWS_PUBLISHED, &args));
        return Some(chain);
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
    tag.and_then(|_| differs(store, question.image, subject, &documented, several))
}

/// The tag is documented, and what it is said to mean is none of its digests.
/// `several`: the release has more than one platform.
fn differs(
    store: &Store,
    image: Option<&Reference>,
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
    let guessed = subject.step != Step::Named && printed.is_some() && printed != image.map(Reference::name);
    // What stands at the top of the release: not a part, and not an ID.
    let top = match kind_of(store, &subject.statement) {
        DigestKind::Index => !guessed,
        // One platform's is a part of a release that has several.
        DigestKind::Manifest => !several && subject.step == Step::Named,
        DigestKind::IndexOrManifest => subject.step == Step::Named,
        _ => false,
    };
    let place = newest.place();
    let error = Error::new(codes::PUBLISHED_DIFFERS)
        .expected(newest.digest().to_string())
        .found(subject.digest().to_string());
    let more = [("tag", newest.tag()), ("place", place.as_str())];
    top.then(|| Chain {
        links: vec![Link::failed_with("published", &error, &more).placed(Place::Chain)],
        ..Chain::default()
    })
}
