//! The publisher's documented procedure for releases of Content Trust, by the
//! words of the user's own tools: condition by condition, each with its two
//! values (docs/VERDICT.md, section 5).
//!
//! 1. the keys shown are the documented ones,
//! 2. the digest shown as signed is the one that the image has,
//! 3. where the image is at another registry as well: it is the same one there,
//!    by its digest, its Id, or platform by platform by config.
//!
//! Nothing of it is proof. A condition that does not hold is named; one that
//! nothing decides stays open, with the one command that decides it.

pub mod codes;
mod conditions;
mod links;
mod platforms;
mod words;

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::model::publisher::Scheme;

use self::conditions::Procedure;
use self::words::Words;
use super::codes as engine;
use super::content_trust::Trust;
use super::cosign::Chain;
use super::lacking::codes as lacking;
use super::name::Names;
use super::store::Store;
use super::{Case, Policy, Question};

/// Adds the procedure's conditions to a chain. Whether the release is one of this
/// procedure.
pub(super) fn conclude(case: &Case<'_>, chain: &mut Chain) -> bool {
    let Case { question, store, trust, facts, .. } = *case;
    let Some(procedure) = Procedure::of(question, store, trust, facts) else { return false };
    add(&procedure, question, trust, chain);
    true
}

/// Adds the conditions, and makes *consistent* of the chain where all that the
/// procedure asks for hold and nothing else stands in the way.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn add(procedure: &Procedure<'_>, question: &Question<'_>, trust: &Trust, chain: &mut Chain) {
    let conditions = procedure.conditions();
    let by_words = chain.outcome() == Outcome::NotChecked && trust.verification.is_none();
    let documented_keys = trust.texts_are_as_documented();
    let documented = trust.texts.is_empty() && conditions.iter().any(is_published);
    let nothing_signed = trust.texts.is_empty() && !conditions.is_empty();
    if !by_words || !(documented_keys || documented || nothing_signed) {
        // Nobody said which registry's image is meant: one that differs is the answer.
        let decides = |link: &Link| !question.asked && link.outcome() == Outcome::Contradicted;
        let beside = |link: Link| if decides(&link) { link } else { link.placed(Place::Branch) };
        let proven = chain.outcome() == Outcome::Proven;
        let news = |link: &Link| is_news(link) && !(proven && is_of_home(link, &procedure.home.0));
        chain.links.push_all(conditions.into_iter().filter(news).map(beside));
        return;
    }
    // What only says that signed files or an image are missing is answered.
    let answered = [
        crate::proof::tuf::trust_text::codes::TEXT_ONLY.name(),
        engine::METADATA_NEEDED.name(),
        engine::SUBJECT_UNCLEAR.name(),
        engine::SUBJECT_AMBIGUOUS.name(),
        engine::IMAGE_NAMED.name(),
        lacking::IMAGE_ID_CUT.name(),
        lacking::DIGESTS_EMPTY.name(),
    ];
    // A condition says it better than the bare witness.
    let held = |digest: &String| conditions.iter().any(|link| link.args().get("digest") == Some(digest));
    let again = |link: &Link| {
        link.code() == engine::HELD_MATCHES.name() && link.args().get("digest").is_some_and(held)
    };
    let links = core::mem::take(&mut chain.links)
        .into_iter()
        .filter(|link| link.code() != engine::SUBJECT_UNCLEAR.name() && !again(link));
    chain.links = links
        .map(|link| if answered.contains(&link.code()) { link.placed(Place::Branch) } else { link })
        .collect_vec();
    chain.links.push_all(keys(trust));
    chain.links.push_all(conditions);
    let decides = |link: &&Link| link.place() == Place::Chain;
    if chain.links.iter().filter(decides).all(|link| link.outcome() == Outcome::Consistent) {
        // One condition says it itself.
        let mut deciding = chain.links.iter().filter(decides);
        if deciding.next().is_some_and(is_published) && deciding.next().is_none() {
            return;
        }
        let count = chain.links.iter().filter(decides).count().to_string();
        chain.links.insert(0, Link::open("consistent", engine::CONSISTENT, &[("count", &count)]));
    }
}

/// Whether all conditions about another repository hold, and there are some: what
/// it has for the tag is the signed image, by the words of the user's tools.
pub(super) fn holds_at(case: &Case<'_>, repository: &str) -> bool {
    let Case { question, store, trust, facts, .. } = *case;
    let Some(procedure) = Procedure::of(question, store, trust, facts) else { return false };
    let conditions = procedure.conditions();
    let image = procedure.image(repository);
    let names = |(arg, value): (&String, &String)| match arg.as_str() {
        "repository" | "one" | "other" => value == repository,
        "image" => *value == image,
        _ => false,
    };
    let about = |link: &&Link| link.args().iter().any(names);
    let mut about = conditions.iter().filter(about).filter(|link| link.place() == Place::Chain).peekable();
    about.peek().is_some() && about.all(|link| link.outcome() == Outcome::Consistent)
}

/// Nobody named an image, and the texts name several releases: that is why
/// nothing is concluded.
pub(super) fn several(question: &Question<'_>, store: &Store, chain: &mut Chain) {
    if question.image.is_some() || question.digest.is_some() || chain.outcome() != Outcome::NotChecked {
        return;
    }
    let names = super::name::names(&store.items, question.policy);
    let own = |name: &String| question.policy.repositories.contains(name);
    if names.tags.len() >= 2 && names.repositories.iter().any(own) {
        ask_for_one(question.policy, &names, chain);
    }
}

/// The images that are named, of which one is to be asked for.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn ask_for_one(policy: &Policy, names: &Names, chain: &mut Chain) {
    let own = |name: &String| policy.repositories.contains(name);
    // One product's releases are named once, whatever the registry; the newest are last.
    let mut images: Vec<&String> = Vec::new();
    let tag = |image: &str| {
        let (name, tag) = image.rsplit_once(':')?;
        own(&name.to_owned()).then(|| tag.to_owned())
    };
    for image in &names.images {
        if images.iter().all(|known| tag(image).is_none() || tag(known) != tag(image)) {
            images.push(image);
        }
    }
    let shown: Vec<&str> = images.iter().rev().take(4).rev().map(|image| image.as_str()).collect_vec();
    let more = if images.len() > shown.len() { ", \u{2026}" } else { "" };
    let args = [("images", &*format!("{}{more}", shown.join(", "))), ("image", shown.last().unwrap_or(&""))];
    let answered = [
        crate::proof::tuf::trust_text::codes::TEXT_ONLY.name(),
        engine::SUBJECT_UNCLEAR.name(),
        engine::SUBJECT_AMBIGUOUS.name(),
    ];
    let links = core::mem::take(&mut chain.links).into_iter();
    chain.links = links
        .map(|link| if answered.contains(&link.code()) { link.placed(Place::Branch) } else { link })
        .collect_vec();
    chain.links.insert(0, Link::open("subject", engine::SEVERAL_RELEASES, &args));
}

/// The first condition, of all keys shown; each has its own line beside it.
fn keys(trust: &Trust) -> Option<Link> {
    let mut shown: Vec<String> = Vec::new();
    let mut places: Vec<&str> = Vec::new();
    for agreement in trust.texts.iter().flat_map(|text| &text.agreements) {
        if !places.contains(&agreement.place.as_str()) {
            places.push(&agreement.place);
            shown.push(format!("{} {}", agreement.place, agreement.shown));
        }
    }
    let shown = shown.join(", ");
    (!shown.is_empty()).then(|| Link::open("condition-keys", codes::KEYS_HOLD, &[("keys", &shown)]))
}

/// Whether texts about the asked repository name parts of the image only: then
/// no other document or digest is that image.
pub(super) fn names_parts_only(question: &Question<'_>, store: &Store) -> bool {
    let (Some(image), Some(pins)) = (question.image, &question.policy.content_trust) else { return false };
    let (Some(tag), name) = (image.tag(), image.name()) else { return false };
    let multi =
        question.policy.release(tag).is_some_and(|r| r.scheme == Scheme::ContentTrust && r.multi_platform);
    if !multi || name == pins.gun {
        return false;
    }
    let words = Words::read(store, &name, tag);
    words.tops.is_empty() && words.sums.is_empty() && !words.is_empty()
}

fn is_published(link: &Link) -> bool {
    link.code() == codes::DOCUMENTED_HOLDS.name()
}

/// Beside a chain that decides for itself, conditions that nobody asked for are
/// not worth a line.
fn is_news(link: &Link) -> bool {
    link.outcome() != Outcome::NotChecked
        || link.code() == codes::SUM_DIFFERS.name()
        || link.code() == codes::NOT_LISTED.name()
}

/// What a chain that was proven says better.
fn is_of_home(link: &Link, home: &str) -> bool {
    let about = link.args().get("repository").is_none_or(|name| name == home);
    let digest = [codes::DIGEST_HOLDS, codes::DOCUMENTED_HOLDS, codes::PUBLISHED_HOLDS, codes::LISTED_HOLDS];
    about && digest.iter().any(|code| code.name() == link.code())
}
