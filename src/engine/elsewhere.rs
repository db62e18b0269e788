//! The same tag in the publisher's other repositories (docs/VERDICT.md,
//! section 5).
//!
//! What two witnesses say of one of them is compared as at home. Where the user
//! named no image, what is held may be any of them: one that nothing connects
//! with the proven image leaves open whether that is the one meant.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::engine::link::Link;
use crate::evidence::DigestKind;
use crate::model::reference::Reference;

use super::cosign::Chain;
use super::facts::{DOCUMENT, Facts, Middle, Relation, STATEMENTS, Statement, Voice};
use super::store::{Doc, Store};
use super::subject::Subject;
use super::{Case, path, procedure, siblings, witnesses};

/// What is said of the same tag in the publisher's other repositories: the
/// procedure of two registries compares those with each other, so a witness
/// there that differs from another is a conflict too.
pub(super) fn conflicts(
    facts: &Facts,
    store: &Store,
    image: &Reference,
    repositories: &[String],
) -> Vec<Link> {
    let mut links = Vec::new();
    for repository in repositories.iter().filter(|name| **name != image.name()) {
        let said: Vec<&Statement> = facts
            .all
            .iter()
            .filter(|s| s.is_top() && s.about.repository.as_ref() == Some(repository))
            .filter(|s| s.about.tag.as_deref() == image.tag_or_latest() && s.voice != Voice::Text)
            .collect_vec();
        let Some(first) = said.first() else { continue };
        let base = Subject::of_statement(first);
        let middle = Middle::of(facts, store, first);
        let others = said.iter().filter(|s| middle.relate(s) == Relation::Different);
        for other in others.take(STATEMENTS) {
            let id = format!("elsewhere-said-{}", links.len() + 1);
            links.push(witnesses::conflict(&id, other, &base, false));
        }
    }
    links
}

/// What the user's computer or a registry shows under a name that ends as the asked one
/// does, and another digest: a mirror, a fork, the publisher's other repository. The
/// proof is of the asked name, and who runs the other one is told so.
pub(super) fn note(case: &Case<'_>, subject: &Subject, chain: &mut Chain) {
    let Some(image) = case.question.image else { return };
    let name = image.name();
    if case.facts.all.iter().any(|s| s.about.repository.as_ref().is_some_and(|other| *other != name)) {
        other_name(case, subject, image, chain);
    }
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn other_name(case: &Case<'_>, subject: &Subject, image: &Reference, chain: &mut Chain) {
    let Case { store, facts, .. } = *case;
    let last = |name: &str| name.rsplit('/').next().map(str::to_owned);
    let (name, own) = (image.name(), last(&image.name()));
    let middle = Middle::of(facts, store, &subject.statement);
    let another = |s: &&Statement| {
        let named = s.about.repository.as_deref().filter(|other| *other != name);
        named.is_some_and(|other| last(other) == own)
            && s.about.tag.as_deref().zip(image.tag_or_latest()).is_none_or(|(one, other)| one == other)
            && (s.voice.holds() || s.voice == Voice::Registry)
            && witnesses::is_heard(s)
            && matches!(middle.relate(s), Relation::Open | Relation::Different)
            && !is_compared(chain, &s.digest)
    };
    let others = facts.all.iter().filter(another);
    // The order of what was given decides nothing.
    let least = others.min_by_key(|s| (s.about.repository.clone(), s.digest.clone(), s.tool.clone()));
    let Some(other) = least else { return };
    let (found, digest) = (other.about.repository.clone().unwrap_or_default(), other.digest.to_string());
    let args = [("tool", &*other.tool), ("found", &*found), ("digest", &*digest), ("image", image.text())];
    chain.caveats.push(Message::new(codes::ANOTHER_NAME, &args));
}

/// Whether a digest is of a copy that was found to be the same.
fn is_compared(chain: &Chain, digest: &ClaimedDigest) -> bool {
    chain.compared.iter().any(|compared| compared.same && compared.other.as_ref() == Some(digest))
        || chain.same_as.as_ref() == Some(digest)
}

/// What the user's computer or a registry shows of the proven release in another of
/// the publisher's repositories, and nothing connects with what was proven. Nobody
/// said which of the two is meant.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn add(case: &Case<'_>, subject: &Subject, chain: &mut Chain) {
    let Case { question, store, facts, .. } = *case;
    let named = question.image.map(super::facts::about);
    let home = named.unwrap_or_else(|| subject.statement.about.clone());
    let (Some(repository), Some(_)) = (&home.repository, &home.tag) else { return };
    let middle = Middle::of(facts, store, &subject.statement);
    let own = |name: &String| name != repository && question.policy.repositories.contains(name);
    let another = |s: &&Statement| {
        let there = s.about.repository.as_ref().is_some_and(own) && s.about.tag == home.tag;
        there && (s.voice.holds() || s.voice == Voice::Registry)
    };
    let unconnected = facts.all.iter().filter(another).filter(|s| witnesses::is_heard(s)).filter(|s| {
        let (_, relation) = witnesses::related(&middle, store, subject, s);
        matches!(relation, Relation::Open | Relation::Different) && !is_compared(chain, &s.digest)
    });
    let settled =
        |s: &&Statement| s.about.repository.as_deref().is_some_and(|name| procedure::holds_at(case, name));
    let printed = printed(store, subject, chain, |name, tag| own(name) && Some(tag) == home.tag.as_deref());
    let unconnected = unconnected.chain(&printed);
    let open: Vec<&Statement> = unconnected.filter(|s| !settled(s)).take(STATEMENTS).collect_vec();
    let place = |said: &Statement| said.about.repository.clone().unwrap_or_default();
    let needed = open.first().map(|said| (said.digest.clone(), place(said)));
    for (n, said) in open.into_iter().enumerate() {
        let name = place(said);
        let image = format!("{name}:{}", said.about.tag.as_deref().unwrap_or_default());
        let (expected, found) = (subject.digest().to_string(), said.digest.to_string());
        let args = [("tool", &*said.tool), ("repository", &*name), ("image", &*image), ("digest", &*found)];
        let code = if said.is_top() { procedure::codes::DIGEST_OPEN } else { procedure::codes::ID_OPEN };
        let error = Error::new(code).expected(expected).found(found.clone());
        chain.links.push(Link::failed_with(&format!("elsewhere-held-{}", n + 1), &error, &args));
    }
    chain.elsewhere = needed;
}

/// The images that commands printed whole for the release there, as what a registry says of it.
fn printed(
    store: &Store,
    subject: &Subject,
    chain: &Chain,
    is_there: impl Fn(&String, &str) -> bool,
) -> Vec<Statement> {
    let top = chain.top.as_ref().unwrap_or(subject.digest());
    let statement = |doc: &Doc| {
        let digest = doc.document.digest().to_claim();
        let text = store.items.get(doc.item)?.printed_for.as_deref()?;
        let about = super::facts::about(&Reference::parse(text).ok()?);
        let there = about
            .repository
            .as_ref()
            .zip(about.tag.as_deref())
            .is_some_and(|(name, tag)| is_there(name, tag));
        let leads = |from, to| path::find(store, from, to).is_some();
        let connected = leads(top, &digest) || leads(&digest, subject.digest());
        let same = connected || is_compared(chain, &digest) || siblings::lists_the_same(store, top, doc);
        let (kind, voice, tool) = (DigestKind::IndexOrManifest, Voice::Registry, DOCUMENT.to_owned());
        (there && !same).then_some(Statement { digest, kind, about, voice, tool })
    };
    store.top_images().into_iter().filter(|doc| !doc.original).filter_map(statement).collect_vec()
}

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// What was given shows another digest under another name of the same ending.
        ANOTHER_NAME = "another-name", Caveat,
            "{tool} shows {digest} under another name, {found}. That is no part of this answer, which is about {image}.",
            "Ask about {found} to check that one.";
    }
}
