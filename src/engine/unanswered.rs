//! What the user handed over beside a name, where all the evidence of the proof was
//! fetched: it asks "is this what I hold?". Where nothing of it could be held against the
//! image, that is not answered, and a proof of the name alone is no answer to it
//! (docs/VERDICT.md, section 3).
//!
//! One thing that could is enough: what else stands beside it changes nothing.

use core::slice;

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::engine::link::Link;
use crate::evidence::codes::DIGEST_SHORT;
use crate::evidence::{DigestKind, Item, Kind, Origin, Role};
use crate::model::reference::Reference;

use super::cosign::Chain;
use super::key_shown;
use super::store::Store;
use super::subject::Subject;
use super::tree::Tree;
use super::{Case, Question, codes as engine_codes, hints, unread_form};

/// Whether something was fetched for a name, beside what was given.
pub(super) fn is_asked(question: &Question<'_>, store: &Store) -> bool {
    let asks = question.asked || question.digest.is_some();
    asks && store.items.iter().any(|item| is_fetched(&item.origin))
}

pub(super) const fn is_fetched(origin: &Origin) -> bool {
    matches!(origin, Origin::Fetched(_))
}

/// Why a proof of what was fetched does not answer for what was given.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn link(case: &Case<'_>, subject: &Subject, chain: &Chain) -> Option<Link> {
    let Case { question, store, .. } = *case;
    let own = |name: &str| question.given.iter().any(|g| g.name == name && !is_fetched(&g.origin));
    let items =
        || store.items.iter().enumerate().filter(|(_, item)| !is_fetched(&item.origin) && own(&item.name));
    let tree = Tree::of(store, subject, chain);
    let mut counted = Vec::new();
    for (at, item) in items() {
        match judge(&tree, case, at, item) {
            Part::Held => return None,
            Part::Aside => {}
            Part::Nothing => counted.push((at, item)),
        }
    }
    let empty = |name: &str| !items().any(|(_, item)| item.name == name);
    if counted.is_empty() && !question.given.iter().any(|g| !is_fetched(&g.origin) && empty(&g.name)) {
        return None;
    }
    let expected = subject.digest().to_string();
    // The order of what was given decides nothing.
    let shown = counted.iter().filter_map(|(at, item)| Some((shown(&tree, *at, item)?, item.name.as_str())));
    let shown = shown.min();
    if let Some((found, name)) = shown {
        let error = Error::new(engine_codes::HELD_NOT_CONNECTED).expected(expected).found(found.to_string());
        return Some(Link::failed_with("given", &error, &[("tool", name)]));
    }
    let notes =
        counted.iter().flat_map(|(_, item)| &item.notes).filter(|note| note.code == DIGEST_SHORT.name());
    if let Some(cut) = notes.min_by_key(|note| note.args.get("found")) {
        return Some(Link::told("given", cut));
    }
    Some(Link::open("given", codes::GIVEN_SAYS_NOTHING, &[("digest", &expected)]))
}

/// What an item comes to.
enum Part {
    /// It is of the image, or of what signs it.
    Held,
    /// It is no answer to what is held: the question again, a key to check against.
    Aside,
    /// Nothing in it could be held against the image.
    Nothing,
}

fn judge(tree: &Tree<'_>, case: &Case<'_>, at: usize, item: &Item) -> Part {
    let Case { question, store, signatures, trust, .. } = *case;
    let digest = item.digest.to_claim();
    if let Origin::Measured(_) = &item.origin {
        let own = item.name.ends_with(&format!("/blobs/sha256/{}", digest.hex()));
        return match tree.layers.contains(&digest) {
            // A layer that was fetched to be hashed.
            true if own => Part::Aside,
            true => Part::Held,
            false => Part::Nothing,
        };
    }
    let stated = |digest: &ClaimedDigest, kind: DigestKind| {
        !matches!(kind, DigestKind::Layer | DigestKind::DiffId) && tree.has(digest)
    };
    let said = item
        .facts
        .iter()
        .any(|fact| stated(&fact.digest, fact.kind) || key_shown::is_of_key(question.policy, fact));
    let cut = item.cut.iter().any(|cut| tree.begins_with(&cut.digits));
    let of_tree = tree.docs.get(&at).is_some_and(|document| tree.has_document(document));
    let signs = is_of_signatures(item.kind)
        && (signatures
            .verified
            .iter()
            .any(|v| v.item == at && v.signed.subjects().iter().any(|d| tree.has(d)))
            || hints::collect(slice::from_ref(item)).iter().any(|hint| tree.has(hint) || kept(store, hint)));
    let released =
        item.kind.is_notary_metadata() && question.policy.content_trust.is_some() && trust.concerns();
    let of_image = said || cut || of_tree || signs || released || tree.has(&digest);
    let form = || unread_form::read(tree, question, item);
    if of_image || tree.layers.contains(&digest) || matches!(form(), Some(unread_form::Form::OfImage(_))) {
        return Part::Held;
    }
    let asked = |text: &str| {
        let named = Reference::parse_loose(text).ok();
        question.image.zip(named).is_some_and(|(image, named)| named.name() == image.name())
    };
    let again = item.facts.is_empty() && item.printed_for.as_deref().is_some_and(asked);
    let judges = [Kind::PublicKey, Kind::TrustedRoot, Kind::Profile, Kind::Certificate, Kind::ArchiveInfo];
    if again || judges.contains(&item.kind) { Part::Aside } else { Part::Nothing }
}

/// Whether a digest is of something that was fetched: a payload, a signature.
fn kept(store: &Store, digest: &ClaimedDigest) -> bool {
    store.item(digest).is_some_and(|item| is_fetched(&item.origin))
}

const fn is_of_signatures(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::SignatureManifest
            | Kind::SignatureLayer
            | Kind::Payload
            | Kind::Annotations
            | Kind::CosignVerify
            | Kind::CosignDownload
            | Kind::Bundle
            | Kind::Envelope
            | Kind::Statement
            | Kind::RekorEntry
            | Kind::RekorBundle
            | Kind::NotaryTargets
    )
}

/// The digest that an item is of, or that it shows.
fn shown(tree: &Tree<'_>, at: usize, item: &Item) -> Option<ClaimedDigest> {
    if let Some(document) = tree.docs.get(&at) {
        return Some(document.digest().to_claim());
    }
    item.facts.iter().filter(|fact| fact.role == Role::Top).map(|fact| fact.digest.clone()).min()
}

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// What was given beside a name says nothing that could be compared.
        GIVEN_SAYS_NOTHING = "given-says-nothing", NotChecked,
            "Could not check what you hold: nothing in what you gave says which image it is. The image that was fetched, {digest}, is signed.",
            "Give what shows it (docker image inspect IMAGE, docker images --digests --no-trunc, docker save IMAGE), or leave it out to ask about the name alone.";
    }
}
