//! What is still missing, most important first.

use crate::base::code::Code;
use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::engine::link::{Link, Place};
use crate::engine::lookup::read_in_full;
use crate::engine::need::{Need, NeedKind, codes};
use crate::model::oci::Platform;

use super::cosign::Chain;
use super::store::Store;
use super::subject::{Step, Subject};
use super::{Case, Question, compare, path};
use crate::base::outcome::Outcome;

/// Of so many platforms below a list without a signature the signatures are looked for.
const PLATFORMS_ASKED: usize = 2;

/// Lists what would complete the check, or add detail to it.
pub(super) fn list(case: &Case<'_>, subject: Option<&Subject>, chain: &Chain) -> Vec<Need> {
    let Case { question, store, signatures, trust, .. } = *case;
    // Which image is meant is open: what the other repository has would say.
    if let Some((digest, repository)) = &chain.elsewhere {
        let kind = NeedKind::Manifest { digest: digest.to_string() };
        return vec![Need::new(kind, codes::BYTES, Some(repository.clone()), true)];
    }
    let repository = question.image.map(crate::model::reference::Reference::name);
    let mut needs = Vec::new();
    // The signed metadata lies under one name, wherever the image was pulled from.
    let collection = question.policy.content_trust.as_ref().map(|pins| pins.gun.clone());
    let mut push = |kind, required, code| {
        let signed = matches!(kind, NeedKind::Metadata { .. });
        let place = collection.as_ref().filter(|_| signed).or(repository.as_ref());
        needs.push(Need::new(kind, code, place.cloned(), required));
    };
    if !question.policy.has_root_of_trust() {
        push(NeedKind::Publisher, true, codes::PUBLISHER);
    }
    for (role, required) in chain.content_trust.then(|| trust.missing()).into_iter().flatten() {
        push(NeedKind::Metadata { role }, required, codes::METADATA);
    }
    if chain.content_trust && trust.contradicts() {
        return needs;
    }
    let proven = chain.outcome() == Outcome::Proven;
    // Nobody can be asked for an image by its ID.
    let known = |subject: &&Subject| !subject.is_id() || proven || store.item(subject.digest()).is_some();
    let Some(subject) = subject.filter(known) else {
        match question.image.and_then(|image| image.tag_or_latest()) {
            Some(tag) => push(NeedKind::Tag { tag: tag.to_owned() }, true, codes::TAG),
            None => push(NeedKind::Subject, true, codes::IMAGE),
        }
        return needs;
    };
    if let (Step::Signed, Some(tag)) = (subject.step, question.image.and_then(|i| i.tag_or_latest())) {
        push(NeedKind::Tag { tag: tag.to_owned() }, true, codes::TAG);
    }
    let digest = subject.digest().to_string();
    for payload in &signatures.missing {
        push(NeedKind::Blob { digest: payload.to_string() }, !proven, codes::PAYLOAD);
    }
    if !proven
        && !chain.content_trust
        && question.policy.has_root_of_trust()
        && !settled(question, subject.digest())
    {
        push(NeedKind::Signature { digest: digest.clone() }, true, codes::SIGNATURES);
    }
    if chain.outcome() == Outcome::Unsigned {
        unsigned_below(case, subject, &mut push);
    }
    let alone = chain.links.iter().any(|link| link.code() == super::codes::LIST_MAY_BE_SIGNED.name());
    if let Some(tag) = question.image.and_then(crate::model::reference::Reference::tag).filter(|_| alone) {
        push(NeedKind::Tag { tag: tag.to_owned() }, true, codes::TAG);
    }
    if alone {
        for list in store.parents(subject.digest()).take(limits::COMPARED_IMAGES) {
            let digest = list.document.digest().to_string();
            push(NeedKind::Signature { digest }, true, codes::SIGNATURES);
        }
    }
    let unlogged =
        |link: &Link| link.place() == Place::Chain && link.code() == super::codes::LOG_EVIDENCE_NEEDED.name();
    if chain.links.iter().any(unlogged) {
        push(NeedKind::LogEvidence { digest: digest.clone() }, true, codes::LOG_ENTRY);
    }
    if let Some(signed) = &chain.same_as {
        compared(store, [signed, subject.digest()], &mut push);
    }
    let unlisted = chain.links.iter().filter(|link| link.code() == super::codes::SIGNED_INDEX_NEEDED.name());
    for signed in unlisted.filter_map(|link| link.compared().0) {
        push(NeedKind::Manifest { digest: signed.to_owned() }, true, codes::SIGNED_LIST);
    }
    if chain.links.iter().any(|link| link.code() == crate::proof::cosign::codes::SIGNED_ANOTHER_IMAGE.name())
    {
        let unknown = signatures.signed_digests().into_iter().filter(|signed| store.item(signed).is_none());
        for signed in unknown.take(limits::COMPARED_IMAGES) {
            push(NeedKind::Manifest { digest: signed.to_string() }, true, codes::SIGNED_INDEX);
        }
    }
    if store.item(subject.digest()).is_none() {
        push(NeedKind::Manifest { digest }, false, codes::BYTES);
    }
    for child in missing_children(store, subject.digest()) {
        push(NeedKind::Manifest { digest: child.to_string() }, false, codes::PLATFORM);
    }
    needs
}

/// The publisher may have signed each platform's image, and not the list: a few are asked about.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn unsigned_below(case: &Case<'_>, subject: &Subject, push: &mut dyn FnMut(NeedKind, bool, Code)) {
    let Case { question, store, .. } = *case;
    let Some(index) = store.index(subject.digest()) else { return };
    let images = index.manifests.iter().filter(|c| !c.platform.as_ref().is_some_and(Platform::is_unknown));
    for child in images.take(PLATFORMS_ASKED).filter(|child| !settled(question, &child.digest)) {
        push(NeedKind::Signature { digest: child.digest.to_string() }, false, codes::SIGNATURES);
    }
}

/// What two images lack to be compared.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn compared(store: &Store, images: [&ClaimedDigest; 2], push: &mut dyn FnMut(NeedKind, bool, Code)) {
    for image in images {
        let (manifests, configs) = compare::missing(store, image);
        for manifest in manifests {
            push(NeedKind::Manifest { digest: manifest.to_string() }, true, codes::COMPARED_MANIFEST);
        }
        for config in configs {
            push(NeedKind::Blob { digest: config.to_string() }, true, codes::COMPARED_CONFIG);
        }
    }
}

/// Whether a driver already looked in every place.
fn settled(question: &Question<'_>, digest: &ClaimedDigest) -> bool {
    let first = question.lookups.iter().find(|look| look.subject == *digest);
    first.is_some_and(|look| read_in_full(question.lookups, &look.repository, &look.subject))
}

fn missing_children(store: &Store, subject: &ClaimedDigest) -> Vec<ClaimedDigest> {
    let Some(index) = store.index(subject) else { return Vec::new() };
    let image = |digest: &ClaimedDigest| {
        index
            .manifests
            .iter()
            .any(|c| c.digest == *digest && !c.platform.as_ref().is_some_and(Platform::is_unknown))
    };
    missing_below(store, subject).into_iter().filter(image).collect_vec()
}

/// Digests that a document names and that are not at hand.
fn missing_below(store: &Store, top: &ClaimedDigest) -> Vec<ClaimedDigest> {
    path::children(store, top).into_iter().filter(|child| store.item(child).is_none()).collect_vec()
}
