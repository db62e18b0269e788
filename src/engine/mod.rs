//! The engine: a pure function from evidence and policy to a report.
//!
//! The steps of [`check()`], in their order:
//!
//! 1. restore the original bytes of what was given (`hints`, `store`),
//! 2. verify every signature and the metadata with what is pinned
//!    (`signatures`, `content_trust`),
//! 3. gather what witnesses say of images, and decide which one is meant
//!    (`facts`, `subject`),
//! 4. follow what was signed down to it, by the strongest way (`path`,
//!    `cosign`, `content_trust`, `published`; `compare` where a signed
//!    image elsewhere has the same configs),
//! 5. compare all witnesses with it, and set beside it other signatures and
//!    registries (`siblings`, `witnesses`, `registries`, `version`),
//! 6. where nothing is signed, hold the publisher's documented procedure
//!    against what tools printed (`procedure`, `consistent`),
//! 7. hold blobs, layers and saved files against what names them (`archive`,
//!    `layers`, `saved`),
//! 8. conclude: the weakest link of the chain decides (`verdict`,
//!    `assemble`).
//!
//! docs/VERDICT.md is the semantics; what it calls the question is
//! [`Question`] without `given`.
//!
//! It does no I/O and has no clock. What is missing comes back as typed needs;
//! a driver fulfils them and calls again.

mod another;
mod answers;
mod archive;
mod assemble;
mod claims;
pub mod codes;
mod compare;
mod consistent;
mod content_trust;
mod cosign;
pub mod elsewhere;
mod facts;
pub mod findings;
mod foreign;
mod hints;
mod image;
mod key_shown;
pub mod lacking;
mod layers;
pub mod link;
pub mod lookup;
mod name;
pub mod need;
mod needs;
mod parts;
mod path;
pub mod policy;
mod printed_pairs;
pub mod procedure;
mod provenance;
mod published;
mod registries;
pub mod released;
mod room;
mod rows;
mod saved;
mod siblings;
mod signatures;
mod stand_ins;
mod store;
mod subject;
pub mod tag_answer;
mod texts;
mod tree;
pub mod unanswered;
mod unread;
pub mod unread_form;
mod unsigned;
mod verdict;
mod version;
mod wider;
mod witnesses;
mod words_of_text;
pub mod written_anew;

use self::content_trust::Trust;
use self::cosign::Chain;
use self::facts::{Facts, Voice};
use self::findings::Report;
use self::signatures::Signatures;
use self::store::{Doc, Store};
use self::subject::{Step, Subject};
use crate::base::code::Class;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::order;
use crate::base::outcome::Outcome;
use crate::base::time::Time;
use crate::engine::link::{Link, Place};
use crate::engine::lookup::Lookup;
use crate::engine::policy::Policy;
use crate::engine::tag_answer::TagAnswer;
use crate::evidence::{Given, Item, Origin};
use crate::model::reference::Reference;

pub use name::{Names, names};

/// Everything one check depends on.
#[derive(Debug)]
pub struct Question<'a> {
    /// Untrusted evidence, in any order.
    pub given: &'a [Given],
    /// The image asked about, as the user or the texts named it.
    pub image: Option<&'a Reference>,
    /// The user named it.
    pub asked: bool,
    /// The digest asked about.
    pub digest: Option<&'a ClaimedDigest>,
    /// What is demanded.
    pub policy: &'a Policy,
    /// The time to judge validity by.
    pub now: Time,
    /// Where a driver looked for signatures, and what it found.
    pub lookups: &'a [Lookup],
    /// What registries answered that a tag means.
    pub tag_answers: &'a [TagAnswer],
    /// Whether the report carries the bytes of the items.
    pub include_bytes: bool,
}

impl Question<'_> {
    /// Whether the publisher says that the asked release has a single platform.
    fn has_one_platform(&self) -> bool {
        let release = self.image.and_then(Reference::tag).and_then(|tag| self.policy.release(tag));
        release.is_some_and(|release| !release.multi_platform)
    }
}

/// What every step of a check reads: the question, the documents, what was verified
/// of them, and what texts state.
#[derive(Clone, Copy)]
struct Case<'a> {
    question: &'a Question<'a>,
    store: &'a Store,
    signatures: &'a Signatures,
    trust: &'a Trust,
    facts: &'a Facts,
}

/// Answers a question about recognised evidence. Never fails: what cannot be
/// concluded is said in the report.
#[must_use]
pub fn check(question: &Question<'_>, items: Vec<Item>) -> Report {
    let meant = hints::meant(question, &items);
    let mut hints = hints::collect(&items);
    hints.extend(meant.iter().cloned());
    hints.extend(question.policy.published.iter().map(|published| published.digest().clone()));
    let store = Store::new(items, &hints, &meant);
    let signatures = signatures::collect(&store, question, &meant);
    let trust = content_trust::examine(question, &store);
    let facts = Facts::gather(question, &store, trust.signed_tag(question));
    let case = Case { question, store: &store, signatures: &signatures, trust: &trust, facts: &facts };
    let subject =
        subject::choose(question.digest, question.image, &facts, &store, &signatures.signed_digests());
    let stands_in = |subject: &Subject| {
        let from = provenance::registry_of(store.item(subject.digest()));
        let guessed = matches!(subject.step, Step::Text | Step::Bytes | Step::Signed);
        guessed
            && from != question.image.map(Reference::name)
            && procedure::names_parts_only(question, &store)
    };
    let subject = match subject {
        Ok(subject) if stands_in(&subject) => Err(Error::new(codes::SUBJECT_UNCLEAR)),
        other => other,
    };
    let (subject, mut chain) = match subject {
        Ok(subject) => case.best(subject),
        Err(error) => (None, case.of_either_scheme(Err(&error))),
    };
    if let Some(subject) = &subject {
        // Texts that name several images ask about one of them, as those that name one do.
        let several = || names(&store.items, question.policy).images.pop();
        let asked = match subject.step {
            Step::Signed => question.image.map(|image| image.text().to_owned()).or_else(several),
            _ => None,
        };
        if let Some(image) = &asked {
            // A signature says nothing about tags: an old one could be replayed.
            let digest = subject.digest().to_string();
            chain.links.push(Link::open(
                "tag",
                codes::TAG_UNRESOLVED,
                &[("image", image.as_str()), ("digest", &digest)],
            ));
        }
        siblings::add(&case, subject, &mut chain);
        chain.links.push_all(unread::beyond(&store, subject));
        chain.links.push_all(version::link(&case, subject, &chain));
    }
    if subject.is_none() {
        lacking::say(question, &store, &mut chain);
    }
    let unreleased =
        |image: &Reference| image.tag().is_some_and(|tag| question.policy.release(tag).is_none());
    if question.image.is_some_and(unreleased) && chain.outcome() == Outcome::NotChecked {
        lacking::before_signing(question, &mut chain);
    }
    procedure::several(question, &store, &mut chain);
    let documented = procedure::conclude(&case, &mut chain);
    if let Some(subject) = subject.as_ref().filter(|_| !documented) {
        consistent::conclude(&case, subject, &mut chain);
    }
    if let Some(subject) = subject.as_ref().filter(|_| chain.outcome() == Outcome::NotChecked) {
        published::say(question, subject, &mut chain);
    }
    if let Some(subject) = subject.as_ref()
        && !question.asked
        && question.digest.is_none()
        && matches!(chain.outcome(), Outcome::Proven | Outcome::Consistent)
    {
        elsewhere::add(&case, subject, &mut chain);
    }
    if let Some(subject) = subject.as_ref().filter(|_| question.asked && chain.outcome() == Outcome::Proven) {
        elsewhere::note(&case, subject, &mut chain);
    }
    if let Some(error) = subject.as_ref().and_then(|subject| store.refused(subject.digest())) {
        chain.links.push(Link::failed("document", error));
    }
    let lines = layers::links(&store, subject.as_ref().map(Subject::digest), &chain.links);
    chain.links.push_all(lines);
    chain.links.push_all(subject.as_ref().and_then(|subject| saved::note(&store, subject.digest(), &chain)));
    let mut wrong = archive::misnamed(&store);
    wrong.push_all(layers::unknown(&store, subject.as_ref().map(Subject::digest)));
    if let Some(top) = chain.top.as_ref().or(subject.as_ref().map(Subject::digest)) {
        let also = subject.as_ref().map(|subject| subject.also.as_slice()).unwrap_or_default();
        wrong.push_all(stand_ins::wrong(&store, question.image, top, also));
    }
    // The order of what was given decides nothing.
    let key = |error: &Error| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (error.code().name(), text(error.found_text()), text(error.expected_text()))
    };
    order::sort_by_key(&mut wrong, key);
    wrong.dedup_by_key(|error| key(error));
    // Of too many what contradicts is told.
    if wrong.len() > limits::LAYERS_WRONG {
        order::sort_by_key(&mut wrong, |error| error.class() != Class::Contradicted);
        wrong.truncate(limits::LAYERS_WRONG);
    }
    for (n, error) in wrong.iter().enumerate() {
        chain.links.push(Link::failed(&format!("blob-{}", n + 1), error));
    }
    key_shown::add(question, &store, &mut chain);
    let said = printed_pairs::links(question, &store, &chain);
    chain.links.push_all(said);
    if chain.outcome() == Outcome::Proven
        && let Some(subject) = &subject
        && unanswered::is_asked(question, &store)
    {
        let open = unanswered::link(&case, subject, &chain);
        chain.links.push_all(open);
    }
    if chain.outcome() != Outcome::Proven {
        let links = core::mem::take(&mut chain.links).into_iter();
        let below = |link: &Link| link.place() != Place::Chain && link.code() != codes::OWN_SIGNATURE.name();
        chain.links = links.map(|link| if below(&link) { link.unanchored() } else { link }).collect_vec();
    }
    assemble::report(&case, subject.as_ref(), chain)
}

impl Case<'_> {
    /// The strongest chain to the subject, under whichever of its digests: the
    /// user's computer may know an image by a repository's digest and by its ID.
    fn best(&self, subject: Subject) -> (Option<Subject>, Chain) {
        let Self { question, store, facts, .. } = *self;
        let chain = self.strongest(&subject);
        if chain.outcome() == Outcome::Proven {
            return (Some(subject), chain);
        }
        // An ID in the signed tree is the image where its manifest at hand names it, or
        // where only the list that has it says what the registry calls it.
        let listed = facts.only_listed(subject.digest());
        let around = path::Around::of(store, subject.digest());
        let stands = |id: &&ClaimedDigest| listed || around.connects(store, id);
        // Its other name in the registry: the index of podman's manifest, as long as
        // nothing but that list and no bytes say what the subject is.
        let unseen = listed && store.item(subject.digest()).is_none();
        let in_tree = |id: &ClaimedDigest| store.parents(id).next().is_some();
        for digest in subject.also.iter().filter(|id| unseen || in_tree(id)).filter(stands) {
            let other = subject.as_digest(digest);
            let by_it = self.strongest(&other);
            if by_it.outcome() == Outcome::Proven && (by_it.at_config || unseen) {
                return (Some(other), by_it);
            }
        }
        // A signature is preferred to documentation; a false one is not excused.
        match published::follow(question, store, &subject) {
            Some(documented) if chain.outcome() != Outcome::Contradicted => (Some(subject), documented),
            _ => (Some(subject), chain),
        }
    }

    /// The strongest chain to the subject: by signature, by Content Trust, or
    /// through a signed image at another registry that names the same configs.
    fn strongest(&self, subject: &Subject) -> Chain {
        let Self { store, signatures, trust, .. } = *self;
        let direct = self.of_either_scheme(Ok(subject));
        if direct.outcome() == Outcome::Proven {
            return direct;
        }
        let Some(doc) =
            store.top_images().into_iter().find(|doc| subject.digest().matches(&doc.document.digest()))
        else {
            return direct;
        };
        let mut named = signatures.signed_digests();
        named.extend(trust.released());
        // Another image of the same repository is another image, not a copy.
        let home = provenance::registry_of(store.items.get(doc.item));
        let beside = |other: &Doc| {
            home.is_some() && provenance::registry_of(store.items.get(other.item)) == home
                || other.item == doc.item
        };
        let others = store.top_images().into_iter().filter(|other| !beside(other));
        let mut signed: Vec<_> = others.map(|other| other.document.digest().to_claim()).collect_vec();
        signed.retain(|digest| named.contains(digest));
        // What the same tag means comes first; then the order of inputs decides nothing.
        order::sort_by_key(&mut signed, |digest| (!self.is_of_tag(subject, digest), digest.clone()));
        let copies = signed.iter().take(limits::SIGNATURES).filter_map(|digest| {
            let mut chain = self.of_either_scheme(Ok(&Subject::stand_in(digest)));
            if chain.outcome() != Outcome::Proven {
                return None;
            }
            let end = chain.links.iter().rev().find(|link| link.place() == Place::Chain);
            let end = end.map(|link| link.id().to_owned()).unwrap_or_default();
            chain.compare(compare::links(store, digest, doc, &end, "registry"), Place::Chain);
            chain.same_as = Some(digest.clone());
            // What a signature or a tag shows, it shows of the other digest.
            let of_signed = [codes::SHOWS_KEY.name(), codes::SHOWS_TAG.name()];
            chain.shows.retain(|shown| !of_signed.contains(&shown.code));
            chain.shows.push(Message::new(codes::SHOWS_COPY, &[("signed", &digest.to_string())]));
            let outcome = chain.outcome();
            // Another image than one that was signed is no lie, unless that one is what
            // the same tag means.
            let counts = outcome != Outcome::Contradicted || self.is_of_tag(subject, digest);
            counts.then_some((outcome, chain))
        });
        // One that must be this image and differs is not excused by another that does not.
        let rank = |outcome| match outcome {
            Outcome::Contradicted => 0,
            Outcome::Proven => 1,
            _ => 2,
        };
        copies.min_by_key(|(outcome, _)| rank(*outcome)).map_or(direct, |(_, chain)| chain)
    }

    /// Whether somebody says that the tag of the subject means this digest, or a
    /// driver fetched it: it asks other registries for the same tag only.
    fn is_of_tag(&self, subject: &Subject, digest: &ClaimedDigest) -> bool {
        let Self { question, store, facts, .. } = *self;
        if store.item(digest).is_some_and(|item| matches!(item.origin, Origin::Fetched(_))) {
            return true;
        }
        let asked = question.image.and_then(Reference::tag_or_latest);
        let Some(tag) = subject.statement.about.tag.as_deref().or(asked) else { return false };
        let says = |s: &facts::Statement| s.digest == *digest && s.about.tag.as_deref() == Some(tag);
        facts.all.iter().any(|statement| statement.voice != Voice::Text && says(statement))
    }

    /// The stronger of the two schemes; where neither proves, the one that the
    /// evidence is about.
    fn of_either_scheme(&self, subject: core::result::Result<&Subject, &Error>) -> Chain {
        let Self { question, store, signatures, trust, .. } = *self;
        let cosign = match subject {
            Ok(subject) => cosign::follow(self, subject),
            Err(error) => cosign::unclear(question.policy, store, signatures, error),
        };
        if !trust.concerns() {
            return cosign;
        }
        let trusted = trust.follow(question, store, subject);
        let about_cosign = !signatures.verified.is_empty() || !signatures.failed.is_empty();
        if about_cosign && !verdict::stronger(trusted.outcome(), cosign.outcome()) {
            return cosign;
        }
        trusted
    }
}
