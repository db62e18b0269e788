//! What of the user's own words could not be read: a pull whose digest was cut, a list
//! that shows the first digits of an ID, a text beyond a limit. What is held is not known
//! then, unless what is left fits the proof (docs/VERDICT.md, section 5).

use crate::base::digest::ClaimedDigest;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::engine::link::Link;
use crate::evidence::codes::{DIGEST_CUT, DIGEST_UNREAD, REPORT_BARE};
use crate::evidence::{Cut, DigestKind, Kind};
use crate::model::reference::Reference;

use super::cosign::Chain;
use super::facts::{Middle, STATEMENTS, Statement, configs_known};
use super::store::Store;
use super::subject::Subject;
use super::tree::Tree;
use super::{Case, Question};

/// Pulls of this image whose digest cannot be read: what the user holds is not
/// known then, unless as much of it as is left fits the proof.
pub(super) fn pulls(case: &Case<'_>, subject: &Subject, chain: &Chain) -> Vec<Link> {
    let Case { question, store, .. } = *case;
    let about = |text: &str| {
        let printed = Reference::parse(text).ok();
        question.image.zip(printed).is_none_or(|(image, printed)| {
            let tags = image.tag_or_latest().zip(printed.tag());
            image.name() == printed.name() && tags.is_none_or(|(asked, printed)| asked == printed)
        })
    };
    let proven = [subject.digest()].into_iter().chain(&chain.top).chain(&chain.steps);
    let proven: Vec<String> = proven.map(ClaimedDigest::hex).collect_vec();
    let fits = |left: &str| {
        let digits: String = left.chars().filter(char::is_ascii_hexdigit).collect();
        digits.len() >= DIGITS && proven.iter().any(|hex| hex.starts_with(&digits.to_ascii_lowercase()))
    };
    let pulls = store.items.iter().filter(|item| item.printed_for.as_deref().is_none_or(about));
    let notes = pulls.flat_map(|item| &item.notes).filter(|note| note.code == DIGEST_UNREAD.name());
    let left = |note: &Message| note.args.get("found").cloned().unwrap_or_default();
    let unread = notes.filter(|note| !fits(left(note).rsplit(':').next().unwrap_or_default()));
    let link = |(n, note): (usize, &Message)| Link::told(&format!("unread-{}", n + 1), note);
    unread.take(STATEMENTS).enumerate().map(link).collect_vec()
}

/// Whether something says that the user holds the subject, or a part of it.
pub(super) fn is_held(case: &Case<'_>, subject: &Subject) -> bool {
    let Case { question, store, facts, .. } = *case;
    let middle = Middle::of(facts, store, &subject.statement);
    let known =
        |s: &Statement| s.voice.holds() && s.may_be_about(question.image) && middle.connects(&s.digest);
    subject.statement.voice.holds() || facts.all.iter().any(known)
}

/// Images that the user's computer lists with the first digits of their IDs, where
/// nothing else says what it holds: one of them fits the proof, or nobody knows.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn cut(case: &Case<'_>, subject: &Subject, top: &ClaimedDigest) -> Option<Link> {
    let Case { question, store, facts, .. } = *case;
    let image = question.image;
    // An ID beside a pull is another image's only where all IDs of the pulled one are known.
    let ids = !is_held(case, subject) || configs_known(store, top);
    let middle = Middle::of(facts, store, &subject.statement);
    let shown = store.items.iter().flat_map(|item| &item.cut).filter(|cut| !cut.part);
    let shown = shown.filter(|cut| ids || cut.kind == DigestKind::IndexOrManifest);
    let about = |cut: &&Cut| {
        let about = cut.about.clone();
        Statement { about, ..subject.statement.clone() }.may_be_about(image)
    };
    let shown: Vec<&Cut> = shown.filter(about).collect_vec();
    let known = middle.digits();
    let fits = |cut: &&Cut| {
        let at = known.partition_point(|digits| *digits < cut.digits);
        known.get(at).is_some_and(|digits| digits.starts_with(&cut.digits))
    };
    // Two rows of one tag are two images that the computer had.
    let row = |cut: &Cut| cut.about.repository.clone().zip(cut.about.tag.clone());
    let rows: Vec<_> = shown.iter().filter(|cut| fits(cut)).filter_map(|cut| row(cut)).collect_vec();
    let other = shown.iter().find(|cut| !fits(cut) && row(cut).is_some_and(|row| rows.contains(&row)));
    let first = other.or_else(|| shown.first().filter(|_| !shown.iter().any(fits)))?;
    let args = [("tool", first.tool), ("found", first.digits.as_str())];
    Some(Link::told("held-cut", &Message::new(DIGEST_CUT, &args)))
}

/// Where reading stopped at a limit, or an archive was refused: a witness may stand
/// behind it, so nothing is proven of what the user holds.
pub(super) fn beyond(store: &Store, subject: &Subject) -> Option<Link> {
    let mut items = store.items.iter();
    let cut = items.find_map(|item| item.cut_short().or_else(|| item.refused_archive())).cloned();
    let told = cut.or_else(|| super::layers::unread(store, subject.digest()))?;
    Some(Link::told("not-read", &told))
}

/// A kept report about the asked image without all of its evidence, unless it is a word
/// about what was proven: what decided there is not at hand.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn kept(case: &Case<'_>, subject: &Subject, chain: &Chain) -> Option<Link> {
    let Case { question, store, .. } = *case;
    let tree = Tree::of(store, subject, chain);
    let about = |note: &Message| {
        let named = note.args.get("image").and_then(|name| Reference::parse(name).ok());
        question.image.zip(named).is_none_or(|(asked, named)| {
            let tags = asked.tag_or_latest().zip(named.tag_or_latest());
            asked.name() == named.name() && tags.is_none_or(|(asked, named)| asked == named)
        })
    };
    // One that has no evidence may be about what was proven, or about nothing.
    let says_other = |note: &&Message| {
        let other = |said: &String| ClaimedDigest::parse(said).is_ok_and(|digest| !tree.has(&digest));
        note.code == REPORT_BARE.name() && about(note) && note.args.get("digest").is_none_or(other)
    };
    let reports = store.items.iter().filter(|item| item.kind == Kind::Report);
    let note = reports.flat_map(|item| &item.notes).find(says_other)?;
    Some(Link::told("report", note))
}

/// A registry answered what the asked tag means with a document that is not read: who pulls
/// the tag may get that, whatever else is at hand.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn answered(question: &Question<'_>) -> Option<Link> {
    let image = question.image?;
    let mut told = question.tag_answers.iter().filter(|told| told.unread && told.repository == image.name());
    let told = told.find(|told| image.tag_or_latest() == Some(&told.tag))?;
    Some(Link::told("not-read-there", told.answer.as_ref().err()?))
}

/// Digits of a digest that tell images apart well enough to raise no doubt.
const DIGITS: usize = 12;
