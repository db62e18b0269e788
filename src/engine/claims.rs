//! What a signature says of itself before anything is verified: whose it is,
//! which image it is for, where it was found. Used only to sort and to word
//! failures: nothing here proves anything.

use std::rc::Rc;

use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::encoding::base64;
use crate::base::error::Error;
use crate::base::list::CollectVec as _;
use crate::base::order::Map as BTreeMap;
use crate::evidence::{Kind, Origin};
use crate::model::oci::Document;
use crate::model::publisher::PinnedKey;
use crate::proof::cosign::{self, Annotations, Payload, SIGN_V1, Statement};
use crate::proof::sigstore::{Content, Entry, Envelope, Material};

use super::provenance::fetched_from;
use super::signatures::{Made, What};
use super::store::Store;

/// Whose signature it says it is.
pub(super) fn made(what: &What<'_>, keys: &[PinnedKey]) -> Made {
    let pinned = keys.iter().any(|pinned| match what {
        What::Bundle(bundle) => {
            let hinted = matches!(bundle.material(), Material::Key { hint: Some(hint) } if *hint == pinned.key().hint());
            hinted || bundle.entries().iter().any(|entry| logs(entry, pinned))
        }
        What::Simple(_, annotations)
        | What::Rebuilt(_, annotations)
        | What::Envelope(_, annotations)
        | What::Loose(annotations) => logged(annotations, pinned),
        What::Broken(_) => false,
    });
    if pinned { Made::Pinned } else { Made::Another }
}

/// Whose signature a failed one is: what these codes complain of is read only after a
/// pinned key has verified the signature over it.
pub(super) fn maker(error: &Error, what: &What<'_>, keys: &[PinnedKey]) -> Made {
    let verified = [
        cosign::codes::PAYLOAD_TYPE,
        cosign::codes::PAYLOAD_MALFORMED,
        cosign::codes::STATEMENT_MALFORMED,
        cosign::codes::ATTESTATION,
    ];
    if verified.contains(&error.code()) { Made::Verified } else { made(what, keys) }
}

fn logged(annotations: &Annotations, pinned: &PinnedKey) -> bool {
    matches!(annotations.entry(), Some(Ok(entry)) if logs(entry, pinned))
}

/// A log entry holds the base64 text of the signer's PEM key.
fn logs(entry: &Entry, pinned: &PinnedKey) -> bool {
    let wanted = base64::encode(pinned.key().pem().as_bytes());
    let body = entry.body().unwrap_or_default();
    body.windows(wanted.len()).any(|window| window == wanted.as_bytes())
}

/// The digests it claims to be for. Bare annotations may be for any payload at hand.
pub(super) fn names(
    what: &What<'_>,
    of_payloads: impl FnOnce() -> Rc<[ClaimedDigest]>,
) -> Rc<[ClaimedDigest]> {
    let names: Vec<ClaimedDigest> = match what {
        What::Bundle(bundle) => match bundle.content() {
            Content::Dsse(envelope) => of_statement(envelope.payload()),
            Content::Message(message) => message.digest.clone().into_iter().collect_vec(),
        },
        What::Envelope(bytes, _) => {
            Envelope::parse(bytes).map(|e| of_statement(e.payload())).unwrap_or_default()
        }
        What::Simple(payload, _) => of_payload(payload),
        What::Rebuilt(payload, _) => of_payload(payload),
        What::Loose(_) => return of_payloads(),
        What::Broken(_) => Vec::new(),
    };
    names.into()
}

/// The digests that the payloads at hand name.
pub(super) fn of_payloads(store: &Store) -> Rc<[ClaimedDigest]> {
    let payloads = store.items.iter().filter(|item| item.kind == Kind::Payload);
    payloads.flat_map(|item| of_payload(&item.bytes)).collect()
}

/// Whether it is a statement, by its own word, of another predicate type than the one
/// demanded; without one a signature is.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn is_of_another_type(what: &What<'_>, demanded: Option<&str>) -> bool {
    let differs = |payload: &[u8]| {
        Statement::parse(payload).is_ok_and(|s| s.predicate_type != demanded.unwrap_or(SIGN_V1))
    };
    match what {
        What::Bundle(bundle) => match bundle.content() {
            Content::Dsse(envelope) => differs(envelope.payload()),
            Content::Message(_) => false,
        },
        What::Envelope(bytes, _) => Envelope::parse(bytes).is_ok_and(|e| differs(e.payload())),
        What::Simple(..) | What::Rebuilt(..) | What::Loose(_) | What::Broken(_) => false,
    }
}

/// The digests that a payload or envelope names.
pub(super) fn of_text(bytes: &[u8]) -> Vec<ClaimedDigest> {
    let named = of_payload(bytes);
    if !named.is_empty() {
        return named;
    }
    Envelope::parse(bytes).map(|envelope| of_statement(envelope.payload())).unwrap_or_default()
}

fn of_payload(bytes: &[u8]) -> Vec<ClaimedDigest> {
    Payload::parse(bytes).map(|payload| vec![payload.digest]).unwrap_or_default()
}

fn of_statement(bytes: &[u8]) -> Vec<ClaimedDigest> {
    let statement = Statement::parse(bytes);
    statement.map(|s| s.subjects.into_iter().filter_map(|s| s.digest).collect_vec()).unwrap_or_default()
}

/// For each blob that a signature manifest holds, the image it is attached
/// to: by its `subject`, or by the tag under which it was fetched.
pub(super) fn places(store: &Store) -> BTreeMap<ClaimedDigest, ClaimedDigest> {
    let mut places = BTreeMap::new();
    for doc in &store.docs {
        let Document::Manifest(manifest) = &doc.document else { continue };
        let Some(image) = manifest
            .subject
            .as_ref()
            .map(|subject| subject.digest.clone())
            .or_else(|| of_tag(store, doc.item))
            .filter(|_| manifest.carries_signatures())
        else {
            continue;
        };
        places.insert(doc.document.digest().to_claim(), image.clone());
        for layer in &manifest.layers {
            places.insert(layer.digest.clone(), image.clone());
        }
    }
    places
}

/// The tags `sha256-HEX` and `sha256-HEX.sig` hold signatures of that digest.
fn of_tag(store: &Store, item: usize) -> Option<ClaimedDigest> {
    let Origin::Fetched(address) = &store.items.get(item)?.origin else { return None };
    let (_, tag) = fetched_from(address)?;
    let hex = tag.strip_prefix("sha256-")?.split('.').next()?;
    ClaimedDigest::parse_sha256_hex(hex).ok()
}

/// The image that the place where an item was found belongs to.
pub(super) fn bound(
    store: &Store,
    places: &BTreeMap<ClaimedDigest, ClaimedDigest>,
    item: usize,
) -> Option<ClaimedDigest> {
    let digest = store.items.get(item)?.digest.to_claim();
    places.get(&digest).cloned().or_else(|| of_tag(store, item))
}

/// An order that does not depend on how the evidence was given.
pub(super) fn order(store: &Store, item: usize) -> Option<Digest> {
    store.items.get(item).map(|item| item.digest)
}
