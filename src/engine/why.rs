//! No signature leads to the subject: why not, most specific reason first.

use std::collections::BTreeSet;

use crate::base::code::Class;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::engine::lookup::{Answer, Looked, read_in_full};
use crate::engine::policy::Policy;
use crate::model::oci::Document;
use crate::model::publisher::PinnedKey;
use crate::model::publisher::codes as publisher_codes;
use crate::model::reference::Reference;
use crate::proof::cosign::codes::SIGNED_ANOTHER_IMAGE;

use super::cosign::Chain;
use super::signatures::{Failed, Signatures, Signed};
use super::store::Store;
use super::subject::{Known, SubjectImage};
use super::{Question, codes, image};

/// The chain that ends before the subject.
pub(super) fn unsigned(
    question: &Question<'_>,
    store: &Store,
    signatures: &Signatures,
    subject: &SubjectImage,
) -> Chain {
    let mut links = pinned_links(question.policy);
    links.push(reason(question, store, signatures, subject, "signature"));
    links.extend(image::bytes_link(store, "bytes", &subject.digest).map(|link| link.placed(Place::Branch)));
    Chain { links, ..Chain::default() }
}

/// A link for each pinned key.
pub(super) fn pinned_links(policy: &Policy) -> Vec<Link> {
    let link = |(n, key): (usize, &PinnedKey)| {
        let fingerprint = key.key().fingerprint().hex();
        let args = [("name", key.name()), ("fingerprint", fingerprint.as_str())];
        Link::proven(&format!("key-{}", n + 1), publisher_codes::KEY_PINNED, &args, key)
    };
    policy.keys.iter().enumerate().map(link).collect()
}

fn reason(
    question: &Question<'_>,
    store: &Store,
    signatures: &Signatures,
    subject: &SubjectImage,
    id: &str,
) -> Link {
    let digest = subject.digest.to_string();
    let policy = question.policy;
    if let Some((identity, issuer)) = &policy.identity {
        let demanded = format!("{identity}, {issuer}");
        return Link::failed(id, &Error::new(publisher_codes::IDENTITY_UNSUPPORTED).found(demanded));
    }
    if !policy.has_root_of_trust() {
        let image = question.image.map_or(digest, |image| image.text().to_owned());
        return Link::open(id, publisher_codes::PUBLISHER_UNKNOWN, &[("image", &image)]);
    }
    let below = signed_below(store, signatures, subject);
    if below > 0 {
        let kind = image::kind_of(store, &subject.digest);
        let args = [("kind", kind), ("digest", &digest), ("count", &below.to_string())];
        return Link::open(id, codes::ONLY_CHILDREN_SIGNED, &args);
    }
    if let Some(signed) = may_be_listed(question, store, signatures, subject) {
        let error = Error::new(codes::SIGNED_INDEX_NEEDED).expected(signed.to_string()).found(digest);
        return Link::failed(id, &error);
    }
    if let Some(other) = signatures.verified.iter().find_map(|v| v.signed.subjects().into_iter().next()) {
        // Bytes that may have been printed anew are no evidence of anything.
        let original = store.doc(&subject.digest).is_none_or(|doc| doc.original);
        return if subject.known != Known::Given || original {
            Link::failed(id, &Error::new(SIGNED_ANOTHER_IMAGE).expected(digest).found(other.to_string()))
        } else {
            Link::failed(id, &Error::new(codes::BYTES_DIFFER).expected(other.to_string()).found(digest))
        };
    }
    failed(policy, signatures, id)
        .or_else(|| read_in_full_without(question, signatures, subject, id))
        .or_else(|| attested(signatures, id))
        .unwrap_or_else(|| looked(question, subject, id))
}

/// The digest of what was signed, where it may be an index that lists the
/// subject: its bytes are not at hand, and those of the subject are, as a
/// manifest or config. An index that was not signed, a digest of which nothing
/// is known, and a release for a single platform contradict.
fn may_be_listed(
    question: &Question<'_>,
    store: &Store,
    signatures: &Signatures,
    subject: &SubjectImage,
) -> Option<ClaimedDigest> {
    let document = store.doc(&subject.digest).map(|doc| &doc.document);
    let tag = question.image.and_then(Reference::tag);
    let single = tag.and_then(|tag| question.policy.release(tag)).is_some_and(|r| !r.multi_platform);
    if single || !matches!(document, Some(Document::Manifest(_) | Document::Config(_))) {
        return None;
    }
    let images = signatures.verified.iter().filter(|v| !matches!(v.signed, Signed::File(_)));
    images.flat_map(|v| v.signed.subjects()).find(|signed| store.item(signed).is_none())
}

/// Attestations beside the signature are normal. Alone they are no signature:
/// if every place was read, the image is unsigned.
fn read_in_full_without(
    question: &Question<'_>,
    signatures: &Signatures,
    subject: &SubjectImage,
    id: &str,
) -> Option<Link> {
    let link = looked(question, subject, id);
    (attested(signatures, id).is_some() && link.outcome() == Outcome::Unsigned).then_some(link)
}

fn attested(signatures: &Signatures, id: &str) -> Option<Link> {
    signatures
        .failed
        .iter()
        .find(|failed| failed.is_attestation())
        .map(|failed| Link::failed(id, &failed.error))
}

/// Why the signatures at hand count for nothing; `None` if there are none.
pub(super) fn failed(policy: &Policy, signatures: &Signatures, id: &str) -> Option<Link> {
    let (another, other): (Vec<_>, Vec<_>) =
        signatures.failed.iter().partition(|f| Failed::by_another_key(f));
    let wrong = other.iter().find(|failed| failed.error.class() == Class::Contradicted);
    if let Some(failed) = wrong {
        return Some(Link::failed(id, &failed.error));
    }
    // A signature that could not be judged may be the publisher's.
    if let Some(failed) = other.iter().find(|failed| failed.is_undecided()) {
        return Some(Link::failed(id, &failed.error));
    }
    if !signatures.missing.is_empty() {
        return Some(Link::open(id, codes::PAYLOAD_NEEDED, &[]));
    }
    if !another.is_empty() {
        let names: Vec<_> = policy.keys.iter().map(PinnedKey::name).collect();
        let error = Error::new(codes::SIGNED_BY_ANOTHER_KEY).expected(names.join(", "));
        return Some(Link::failed_with(id, &error, &[("count", &another.len().to_string())]));
    }
    other.first().map(|failed| Link::failed(id, &failed.error))
}

/// What the places said, if a driver looked; else what is needed.
fn looked(question: &Question<'_>, subject: &SubjectImage, id: &str) -> Link {
    let digest = subject.digest.to_string();
    // What another registry holds says nothing of the one asked about.
    let home = question.image.map(Reference::name);
    let about = |look: &&Looked| {
        look.subject == subject.digest && home.as_ref().is_none_or(|home| *home == look.repository)
    };
    let looks: Vec<_> = question.looked.iter().filter(about).cloned().collect();
    let repositories: BTreeSet<_> = looks.iter().map(|look| look.repository.clone()).collect();
    let failed = looks.iter().find_map(|look| match &look.answer {
        Answer::Failed { cause } => Some(cause.text.clone()),
        _ => None,
    });
    if let Some(cause) = failed {
        return Link::failed(id, &Error::new(codes::PLACES_UNREAD).found(cause));
    }
    let empty =
        looks.first().is_some_and(|look| repositories.iter().all(|r| read_in_full(&looks, r, &look.subject)));
    if empty {
        let repositories = repositories.into_iter().collect::<Vec<_>>().join(", ");
        let args = [("repository", repositories.as_str()), ("digest", digest.as_str())];
        return Link::open(id, codes::NO_SIGNATURE_FOUND, &args);
    }
    Link::open(id, codes::SIGNATURE_NEEDED, &[("digest", &digest)])
}

/// How many images listed by the subject carry a verified signature.
fn signed_below(store: &Store, signatures: &Signatures, subject: &SubjectImage) -> usize {
    let Some(Document::Index(index)) = store.doc(&subject.digest).map(|doc| &doc.document) else { return 0 };
    let signed = signatures.signed_digests();
    index.manifests.iter().filter(|child| signed.contains(&child.digest)).count()
}
