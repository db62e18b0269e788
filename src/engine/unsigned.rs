//! No signature leads to the subject: why not, most specific reason first.
//!
//! docs/VERDICT.md, section 5. Only a signature that is *for* the subject can
//! contradict: one that names it, or that lies where its signatures are kept.
//! What belongs to other images says nothing about this one.

use crate::base::code::Class;
use crate::base::digest::{Algorithm, ClaimedDigest};
use crate::base::error::Error;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::Set as BTreeSet;
use crate::engine::link::{Link, Place};
use crate::engine::lookup::{self, Answer, Lookup, read_in_full};
use crate::engine::policy::Policy;
use crate::evidence::Kind;
use crate::model::oci::{Document, Manifest};
use crate::model::publisher::{PinnedKey, codes as publisher_codes};
use crate::model::reference::Reference;
use crate::proof::cosign::codes::SIGNED_ANOTHER_IMAGE;

use super::cosign::Chain;
use super::path::Above;
use super::signatures::{Failed, Made, Signatures, Signed, Verified};
use super::store::Store;
use super::subject::Subject;
use super::{Case, Question, codes, image};

/// The link that says why there is no signature.
const ID: &str = "signature";

/// The chain that ends before the subject.
pub(super) fn without_signature(case: &Case<'_>, subject: &Subject) -> Chain {
    let Case { question, store, .. } = *case;
    let mut links = pinned_links(question.policy);
    links.push(reason(case, subject));
    links
        .push_all(image::bytes_link(store, "bytes", subject.digest()).map(|link| link.placed(Place::Branch)));
    Chain { links, ..Chain::default() }
}

/// A link for each pinned key.
pub(super) fn pinned_links(policy: &Policy) -> Vec<Link> {
    let link = |(n, key): (usize, &PinnedKey)| {
        let fingerprint = key.key().fingerprint().hex();
        let args = [("name", key.name()), ("fingerprint", fingerprint.as_str())];
        Link::proven(&format!("key-{}", n + 1), publisher_codes::KEY_PINNED, &args, key)
    };
    policy.keys.iter().enumerate().map(link).collect_vec()
}

fn reason(case: &Case<'_>, subject: &Subject) -> Link {
    let Case { question, store, signatures, .. } = *case;
    let digest = subject.digest().to_string();
    let policy = question.policy;
    if subject.digest().algorithm() != Algorithm::Sha256 {
        return Link::failed(ID, &Error::new(codes::ALGORITHM).found(subject.digest().algorithm().name()));
    }
    if let Some((identity, issuer)) = &policy.identity {
        let demanded = format!("{identity}, {issuer}");
        return Link::failed(ID, &Error::new(publisher_codes::IDENTITY_UNSUPPORTED).found(demanded));
    }
    if !policy.has_root_of_trust() {
        let image = question.image.map_or(digest, |image| image.text().to_owned());
        return Link::open(ID, publisher_codes::PUBLISHER_UNKNOWN, &[("image", &image)]);
    }
    if let Some(link) = artifact(store, subject) {
        return link;
    }
    let below = signed_below(store, signatures, subject);
    if below > 0 {
        let kind = image::kind_of(store, subject.digest());
        let args = [("kind", kind), ("digest", &digest), ("count", &below.to_string())];
        return Link::open(ID, codes::ONLY_CHILDREN_SIGNED, &args);
    }
    if let Some(verified) = bound_to_another(store, signatures, subject) {
        let other = verified.signed.subjects().into_iter().next().map(|d| d.to_string()).unwrap_or_default();
        return Link::failed(ID, &Error::new(SIGNED_ANOTHER_IMAGE).expected(digest).found(other));
    }
    failed(case, subject)
        .or_else(|| only_an_id(signatures, subject))
        .or_else(|| may_be_listed(case, subject))
        .or_else(|| reprinted(store, signatures, subject))
        .unwrap_or_else(|| looked(case, subject))
}

/// The digest is that of a signature or of something else attached to an
/// image: the question is about the image it belongs to.
fn artifact(store: &Store, subject: &Subject) -> Option<Link> {
    let Document::Manifest(manifest) = &store.doc(subject.digest())?.document else { return None };
    if manifest.is_image() {
        return None;
    }
    let image = belongs_to(store, manifest).map_or_else(String::new, |digest| digest.to_string());
    let error = Error::new(codes::NOT_AN_IMAGE).expected(image).found(subject.digest().to_string());
    Some(Link::failed(ID, &error))
}

fn belongs_to(store: &Store, manifest: &Manifest) -> Option<ClaimedDigest> {
    let named = manifest.subject.as_ref().map(|subject| subject.digest.clone());
    named.or_else(|| {
        let payloads = manifest.layers.iter().filter_map(|layer| store.item(&layer.digest));
        payloads
            .filter_map(|item| crate::proof::cosign::Payload::parse(&item.bytes).ok())
            .map(|p| p.digest)
            .next()
    })
}

/// A pinned key's signature of another image, found where the subject's
/// signatures are kept. It contradicts only if what it signed cannot list the
/// subject: its bytes are at hand, or the subject is an index itself.
fn bound_to_another<'s>(
    store: &Store,
    signatures: &'s Signatures,
    subject: &Subject,
) -> Option<&'s Verified> {
    let is_index = store.index(subject.digest()).is_some();
    signatures.verified.iter().find(|verified| {
        let known = |signed: &ClaimedDigest| is_index || store.doc(signed).is_some();
        verified.bound.as_ref() == Some(subject.digest())
            && !matches!(verified.signed, Signed::File(_))
            && !verified.signed.subjects().is_empty()
            && verified.signed.subjects().iter().all(known)
    })
}

/// All that is known of what the user holds is an ID, and nothing at hand
/// connects it with what was signed. The honest and the evil world look alike.
fn only_an_id(signatures: &Signatures, subject: &Subject) -> Option<Link> {
    let signed = signatures.verified.iter().flat_map(|v| v.signed.subjects()).min();
    let signed = signed.filter(|_| subject.is_id())?;
    let error = Error::new(codes::HELD_NOT_CONNECTED)
        .expected(signed.to_string())
        .found(subject.digest().to_string());
    Some(Link::failed_with(ID, &error, &[("tool", &subject.statement.tool)]))
}

/// What was signed may be an index that lists the subject: its bytes are not
/// at hand, and the subject may be a part.
fn may_be_listed(case: &Case<'_>, subject: &Subject) -> Option<Link> {
    let Case { question, store, signatures, .. } = *case;
    if question.has_one_platform() || store.index(subject.digest()).is_some() {
        return None;
    }
    let images = signatures.verified.iter().filter(|v| !matches!(v.signed, Signed::File(_)));
    let signed =
        images.flat_map(|v| v.signed.subjects()).filter(|signed| store.item(signed).is_none()).min()?;
    let error = Error::new(codes::SIGNED_INDEX_NEEDED)
        .expected(signed.to_string())
        .found(subject.digest().to_string());
    Some(Link::failed(ID, &error))
}

/// Bytes that a tool may have printed anew, beside a signature for others.
fn reprinted(store: &Store, signatures: &Signatures, subject: &Subject) -> Option<Link> {
    let doc = store.doc(subject.digest()).filter(|doc| !doc.original)?;
    let signed = signatures.verified.iter().flat_map(|v| v.signed.subjects()).min()?;
    let found = doc.document.digest().to_string();
    Some(Link::failed(ID, &Error::new(codes::BYTES_DIFFER).expected(signed.to_string()).found(found)))
}

/// Why the signatures that are for the subject count for nothing; `None` if
/// there are none.
fn failed(case: &Case<'_>, subject: &Subject) -> Option<Link> {
    let Case { question, store, signatures, .. } = *case;
    let above = Above::of(store, subject.digest());
    let is_for = |failed: &&Failed| {
        failed.bound.as_ref() == Some(subject.digest())
            || failed.names.iter().any(|named| above.path(store, named).is_some())
    };
    let about: Vec<&Failed> = signatures.failed.iter().filter(is_for).collect_vec();
    let unclear =
        || signatures.failed.iter().filter(|failed| failed.names.is_empty() && failed.bound.is_none());
    let link = why(question.policy, signatures, &about, unclear().collect_vec().as_slice())?;
    if link.code() == codes::PAYLOAD_NEEDED.name()
        && let Some(other) = another_payload(store, signatures)
    {
        return Some(other);
    }
    // The publisher's own signature may lie where nobody could read.
    let by_another = link.code() == codes::SIGNED_BY_ANOTHER_KEY.name();
    let unread =
        || unread(&looks(case, subject.digest()), |place| lookup::Place::SIGNATURES.contains(&place));
    Some(by_another.then(unread).flatten().unwrap_or(link))
}

/// A payload was given, and no signature at hand was made over it.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn another_payload(store: &Store, signatures: &Signatures) -> Option<Link> {
    let payload = store.items.iter().find(|item| item.kind == Kind::Payload)?;
    let error = Error::new(codes::PAYLOAD_OF_ANOTHER).expected(signatures.missing.first()?.to_string());
    Some(Link::failed(ID, &error.found(payload.digest.to_string())))
}

/// The places of one digest where a driver looked, at home: what another registry holds
/// says nothing of the one asked about.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn looks(case: &Case<'_>, digest: &ClaimedDigest) -> Vec<Lookup> {
    let home = case.question.image.map(Reference::name);
    let about =
        |look: &&Lookup| look.subject == *digest && home.as_ref().is_none_or(|home| *home == look.repository);
    case.question.lookups.iter().filter(about).cloned().collect_vec()
}

/// That one of these places could not be read.
fn unread(looks: &[Lookup], is: impl Fn(lookup::Place) -> bool) -> Option<Link> {
    let cause = looks.iter().filter(|look| is(look.place)).find_map(|look| match &look.answer {
        Answer::Failed { cause } => Some(cause.text.clone()),
        _ => None,
    });
    cause.map(|cause| Link::failed(ID, &Error::new(codes::PLACES_UNREAD).found(cause)))
}

/// The same, where nothing says which image is meant.
pub(super) fn failed_without_subject(policy: &Policy, signatures: &Signatures) -> Option<Link> {
    let unclear: Vec<&Failed> =
        signatures.failed.iter().filter(|failed| failed.made != Made::Another).collect_vec();
    why(policy, signatures, &[], &unclear)
}

fn why(policy: &Policy, signatures: &Signatures, about: &[&Failed], unclear: &[&Failed]) -> Option<Link> {
    let names = || policy.keys.iter().map(PinnedKey::name).collect_vec().join(", ");
    if about.iter().any(|f| f.made == Made::Pinned && f.by_another_key()) {
        return Some(Link::failed(ID, &Error::new(codes::SIGNATURE_ALTERED).expected(names())));
    }
    // Made with the pinned key, for this image, and false in another way.
    let proven_false = |f: &&&Failed| f.made == Made::Verified && f.error.class() == Class::Contradicted;
    if let Some(failed) = about.iter().find(proven_false) {
        return Some(Link::failed(ID, &failed.error));
    }
    // A signature that could not be judged may be the publisher's.
    let mut both = about.iter().chain(unclear);
    if let Some(failed) = both.find(|failed| !failed.by_another_key()) {
        let link = Link::failed(ID, &failed.error);
        let as_it_is = link.outcome() != crate::base::outcome::Outcome::Contradicted
            || failed.error.code() == crate::proof::cosign::codes::SIGNED_ANOTHER_FILE;
        return Some(if as_it_is {
            link
        } else {
            Link::failed(ID, &Error::new(codes::EVIDENCE_DAMAGED).found(failed.error.sentence()))
        });
    }
    if !signatures.missing.is_empty() && signatures.verified.is_empty() {
        return Some(Link::open(ID, codes::PAYLOAD_NEEDED, &[]));
    }
    // Who attests something does not sign the image in the publisher's place.
    let signs = about.iter().filter(|failed| !failed.aside).count();
    if signs > 0 {
        let error = Error::new(codes::SIGNED_BY_ANOTHER_KEY).expected(names());
        return Some(Link::failed_with(ID, &error, &[("count", &signs.to_string())]));
    }
    None
}

/// What the places said, if a driver looked; else what is needed.
fn looked(case: &Case<'_>, subject: &Subject) -> Link {
    let Case { question, store, .. } = *case;
    let digest = subject.digest().to_string();
    let here = looked_at(case, subject.digest());
    let Some(link) = here else {
        let code = if subject.is_id() { codes::IMAGE_ID_ALONE } else { codes::SIGNATURE_NEEDED };
        return Link::open(ID, code, &[("digest", &digest)]);
    };
    if link.code() != codes::NO_SIGNATURE_FOUND.name() || is_whole(question, store, subject) {
        return link;
    }
    // One platform of a list has no signature of its own: the list's counts.
    let lists = store.parents(subject.digest()).map(|list| list.document.digest().to_claim());
    let mut above = lists
        .filter(|list| question.tag_answers.iter().any(|told| told.answer.as_ref() == Ok(list)))
        .filter_map(|list| looked_at(case, &list));
    let empty = |link: &Link| link.code() == codes::NO_SIGNATURE_FOUND.name();
    match above.next() {
        Some(first) if empty(&first) => above.find(|link| !empty(link)).unwrap_or(link),
        Some(first) => first,
        None => {
            let name = question.image.map(Reference::name).unwrap_or_default();
            let args = [("digest", digest.as_str()), ("repository", name.as_str())];
            Link::open(ID, codes::LIST_MAY_BE_SIGNED, &args)
        }
    }
}

/// Whether the digest is what a tag means, or an index: nothing above it is signed in
/// its place.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn is_whole(question: &Question<'_>, store: &Store, subject: &Subject) -> bool {
    let named = question.tag_answers.iter().any(|told| told.answer.as_ref() == Ok(subject.digest()));
    let index = store.index(subject.digest()).is_some();
    named || index || question.has_one_platform()
}

/// What the places of one digest said, if a driver read them.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn looked_at(case: &Case<'_>, digest: &ClaimedDigest) -> Option<Link> {
    let looks = looks(case, digest);
    let repositories: BTreeSet<_> = looks.iter().map(|look| look.repository.clone()).collect();
    if let Some(unread) = unread(&looks, |_| true) {
        return Some(unread);
    }
    let signatures = case.signatures;
    let read =
        looks.first().is_some_and(|look| repositories.iter().all(|r| read_in_full(&looks, r, &look.subject)));
    let names = repositories.into_iter().collect::<Vec<_>>().join(", ");
    let digest = digest.to_string();
    let args = [("repository", names.as_str()), ("digest", digest.as_str())];
    let something =
        looks.iter().any(|look| matches!(&look.answer, Answer::Found { count, .. } if *count > 0));
    if read && something {
        return Some(Link::open(ID, codes::OTHER_SIGNATURES, &args));
    }
    (read && signatures.missing.is_empty()).then(|| Link::open(ID, codes::NO_SIGNATURE_FOUND, &args))
}

/// How many images listed by the subject carry a verified signature.
fn signed_below(store: &Store, signatures: &Signatures, subject: &Subject) -> usize {
    let Some(index) = store.index(subject.digest()) else { return 0 };
    let signed = signatures.signed_digests();
    index.manifests.iter().filter(|child| signed.contains(&child.digest)).count()
}
