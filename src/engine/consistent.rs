//! Nothing signed was given, and everything that was given agrees: the user's
//! own tools say that it was checked, with the documented keys, and name the
//! digest that the user's computer holds (docs/VERDICT.md, section 5). It is
//! as trustworthy as the computer that printed it, and never a proof.

use crate::base::list::CollectVec as _;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};

use super::Case;
use super::codes;
use super::cosign::Chain;
use super::facts::{Middle, Voice};
use super::subject::Subject;

/// Makes *consistent* of a chain that only lacks the signed files.
pub(super) fn conclude(case: &Case<'_>, subject: &Subject, chain: &mut Chain) {
    if chain.outcome() == Outcome::NotChecked && case.trust.texts_are_as_documented() {
        by_agreement(case, subject, chain);
    }
}

/// Where a tool checked what is held or shown, and nothing else is open.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn by_agreement(case: &Case<'_>, subject: &Subject, chain: &mut Chain) {
    let Case { question, store, facts, .. } = *case;
    let about = |s: &&super::facts::Statement| s.may_be_about(question.image) && s.is_top();
    let middle = Middle::of(facts, store, &subject.statement);
    let agrees = |s: &&super::facts::Statement| middle.connects(&s.digest);
    // What was signed, as a tool says, is what the computer or registry shows.
    let checked = facts.all.iter().filter(about).filter(|s| s.voice == Voice::Checked).any(|s| agrees(&s));
    let held =
        facts.all.iter().filter(about).filter(|s| s.voice.holds() || s.voice.names()).any(|s| agrees(&s));
    let subject_speaks = subject.statement.voice.holds() || subject.statement.voice.names();
    if !checked || !(held || subject_speaks) {
        return;
    }
    let decides = |link: &Link| link.place() == Place::Chain && link.outcome() == Outcome::NotChecked;
    let only_text = |link: &Link| {
        let code = link.code();
        code == crate::proof::tuf::trust_text::codes::TEXT_ONLY.name()
    };
    if chain.links.iter().any(|link| decides(link) && !only_text(link)) {
        return;
    }
    let agreed = [
        codes::TEXT_AGREES.name(),
        codes::HELD_MATCHES.name(),
        codes::HELD_TOGETHER.name(),
        codes::REGISTRIES_AGREE.name(),
        codes::SAME_CONFIG.name(),
        codes::SAME_ID_SAID.name(),
        codes::SAME_DIGEST_SAID.name(),
    ];
    let points = chain.links.iter().filter(|link| agreed.contains(&link.code())).count().saturating_add(1);
    let links = core::mem::take(&mut chain.links).into_iter();
    chain.links =
        links.map(|link| if decides(&link) { link.placed(Place::Branch) } else { link }).collect_vec();
    let count = points.to_string();
    chain.links.insert(0, Link::open("consistent", codes::CONSISTENT, &[("count", &count)]));
}
