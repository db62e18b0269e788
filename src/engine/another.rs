//! Whether a witness whose digest is not the subject's contradicts it, or may speak of
//! another image: nobody said then that the two are one (docs/VERDICT.md, section 3).

use crate::evidence::About;
use crate::model::reference::Reference;

use super::Case;
use super::archive::{self, Called};
use super::facts::{Middle, Statement, Voice};
use super::subject::{Step, Subject};

/// Whether a digest that is not the subject's may be of another image than the one
/// that is meant: nobody said that they are one, so it contradicts nothing.
/// `reached`: something else that the user holds is the subject.
pub(super) fn may_be(
    case: &Case<'_>,
    subject: &Subject,
    home: Option<&About>,
    (said, reached): (&Statement, bool),
) -> bool {
    let Case { question, store, .. } = *case;
    let (nameless, meant) = (said.about.repository.is_none(), &subject.statement);
    if !question.asked {
        // Where some names an image and some does not, they may be two.
        let beside = match nameless {
            true => home.is_some(),
            false => meant.about.repository.is_none(),
        };
        // So may a release that a tag names and what nothing says the tag of.
        let beside = beside || said.about.tag.is_some() != meant.about.tag.is_some();
        // What the user asks about without a name need not be what others speak of.
        if beside || subject.step == Step::Asked && !said.voice.holds() {
            return true;
        }
    }
    let called = |of: &Statement| match of.voice {
        Voice::Archive => archive::called(store, question.image, of),
        _ => Called::Asked,
    };
    if called(meant) == Called::Otherwise {
        return true;
    }
    // A digest that was typed may be another release's.
    if case.facts.is_asked_by_digest(said) {
        return question.image.is_some_and(|image| image.digest().is_none());
    }
    match said.voice {
        // A row without a name in a list of images or containers, or one that lost its
        // tag to another.
        Voice::Computer => {
            let lost = |image: &Reference| said.about.tag.is_none() && image.digest().is_none();
            let listed = said.tool.ends_with(" images") || nameless && said.tool.ends_with(" ps");
            listed && question.image.is_some_and(|image| nameless || lost(image))
        }
        // The last lines of a pull that was copied in part.
        Voice::Pull => nameless,
        // An archive of another release, or one without a name beside what is held.
        Voice::Archive => match called(said) {
            Called::Asked => false,
            Called::Otherwise => true,
            Called::Nothing => reached || is_listed(case, meant),
        },
        // A checking tool's word without a tag may be about another release, and
        // cosign prints a record for each platform too.
        Voice::Checked => said.about.tag.is_none() || said.is_record() && is_one_of_several(case, said),
        // A registry's answer to a question that nobody sees, or about a tag that nobody
        // put beside what is meant.
        Voice::Registry => match (&said.about.tag, &meant.about.tag) {
            (Some(said), Some(meant)) => said != meant,
            (Some(_), None) => true,
            (None, _) => nameless,
        },
        _ => false,
    }
}

/// Whether it is one of several records of an image below one header, which names the tag
/// of the first alone (`cosign verify --recursive`).
fn is_one_of_several(case: &Case<'_>, said: &Statement) -> bool {
    let below = |other: &Statement| {
        let own = other.about.repository == said.about.repository && other.about.tag.is_none();
        other.is_record() && own && other.digest != said.digest
    };
    case.facts.all.iter().any(below)
}

/// Whether the user's computer lists the asked image with the first digits of what is
/// meant, or of a part of it.
fn is_listed(case: &Case<'_>, meant: &Statement) -> bool {
    let Case { question, store, facts, .. } = *case;
    let Some(image) = question.image else { return false };
    let digits = Middle::of(facts, store, meant).digits();
    let name = image.name();
    let rows = store.items.iter().flat_map(|item| &item.cut).filter(|cut| !cut.part);
    let mut rows = rows.filter(|cut| {
        let tag = cut.about.tag.as_deref().zip(image.tag_or_latest());
        cut.about.repository.as_deref() == Some(&*name) && tag.is_some_and(|(row, asked)| row == asked)
    });
    rows.any(|cut| digits.iter().any(|hex| hex.starts_with(&cut.digits)))
}

/// Whether a registry's answer says nothing of the image it is about.
pub(super) fn is_nameless_answer(said: &Statement) -> bool {
    said.voice == Voice::Registry && said.about.repository.is_none() && said.about.tag.is_none()
}

/// Whether the user's computer shows under one name both the image that the registry or
/// the publisher names and another one, in outputs of two moments: a tag moves. Which of
/// them is there now no text says, also not by its order: what was printed last may be
/// anybody's.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn is_divided(case: &Case<'_>, subject: &Subject, said: &Statement) -> bool {
    let Case { store, facts, .. } = *case;
    let shows = |s: &Statement| matches!(s.voice, Voice::Pull | Voice::Computer);
    let expects = |s: &Statement| s.voice.is_remote() || s.voice == Voice::Checked;
    // What the registry or the publisher says, and what of the computer differs from it.
    let (expected, found) = match (&subject.statement, said) {
        (one, other) if expects(one) && shows(other) => (one, other),
        (one, other) if shows(one) && expects(other) => (other, one),
        _ => return false,
    };
    let middle = Middle::of(facts, store, expected);
    let together = facts.same_image(&found.digest);
    // One output that shows both is wrong about one of them.
    let two = found.is_top() || !together.is_empty();
    let apart = two && !together.iter().any(|digest| middle.connects(digest));
    let same = |s: &Statement| s.about.repository.is_some() && !s.is_elsewhere(&found.about);
    apart && facts.all.iter().any(|s| shows(s) && same(s) && s.is_top() && middle.connects(&s.digest))
}
