//! Where signatures were looked for, and what was answered.
//!
//! *Unsigned* is a statement about places that answered. A place that could
//! not be read (no network, 401, 429, 500) is not a place without signatures,
//! so each look is kept with its own result.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::base::digest::ClaimedDigest;
use crate::base::message::Message;

/// A place where cosign keeps signatures (formats: distribution-spec,
/// "Listing referrers" and "Referrers tag schema"; cosign SIGNATURE_SPEC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The referrers API: `/v2/NAME/referrers/sha256:HEX`.
    Referrers,
    /// The tag that stands in for it: `sha256-HEX`.
    ReferrersTag,
    /// cosign's own tag for signatures: `sha256-HEX.sig`.
    SignatureTag,
    /// cosign's own tag for attestations: `sha256-HEX.att`. Lookup at too,
    /// but an image without attestations is not an unsigned one.
    AttestationTag,
}

impl Place {
    /// The places that must have answered before an image is called unsigned.
    pub const SIGNATURES: [Self; 3] = [Self::Referrers, Self::ReferrersTag, Self::SignatureTag];

    /// The name for people, with the subject's digest filled in.
    #[must_use]
    pub fn describe(self, subject: &ClaimedDigest) -> String {
        let (algorithm, hex) = (subject.algorithm().name(), subject.hex());
        match self {
            Self::Referrers => format!("referrers of {algorithm}:{hex}"),
            Self::ReferrersTag => format!("tag {algorithm}-{hex}"),
            Self::SignatureTag => format!("tag {algorithm}-{hex}.sig"),
            Self::AttestationTag => format!("tag {algorithm}-{hex}.att"),
        }
    }
}

/// What a place answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// So many things: signatures, which are among the evidence, and what is
    /// no signature that this program reads (another scheme's, an SBOM).
    Found {
        /// How many.
        count: usize,
        /// Their artifact types, each once, as far as they say: `kinds` without
        /// a type of cosign's means that what is there is not verified here.
        kinds: Vec<String>,
    },
    /// There is nothing there.
    Absent,
    /// The registry has no such service; the tag that stands in for it says.
    Unsupported,
    /// No answer, or one that could not be read in full.
    Failed {
        /// Why.
        cause: Message,
    },
}

/// One look at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// `registry/repository`.
    pub repository: String,
    /// The digest whose signatures were looked for.
    pub subject: ClaimedDigest,
    /// Where.
    pub place: Place,
    /// What came back.
    pub answer: Answer,
}

/// One object, with the members of the answer. What serde derives for that is three times the
/// wasm.
impl Serialize for Lookup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("repository", &self.repository)?;
        map.serialize_entry("subject", &self.subject.to_string())?;
        map.serialize_entry("place", &self.place)?;
        let answer = match &self.answer {
            Answer::Found { .. } => "found",
            Answer::Absent => "absent",
            Answer::Unsupported => "unsupported",
            Answer::Failed { .. } => "failed",
        };
        map.serialize_entry("answer", answer)?;
        match &self.answer {
            Answer::Found { count, kinds } => {
                map.serialize_entry("count", count)?;
                map.serialize_entry("kinds", kinds)?;
            }
            Answer::Failed { cause } => map.serialize_entry("cause", cause)?,
            Answer::Absent | Answer::Unsupported => {}
        }
        map.end()
    }
}

/// Whether every place of one repository that can hold signatures of
/// `subject` answered that there are none. Only then is the image unsigned
/// there.
#[must_use]
pub fn nothing_there(looks: &[Lookup], repository: &str, subject: &ClaimedDigest) -> bool {
    let about = |look: &&Lookup| look.repository == repository && look.subject == *subject;
    let empty = |look: &Lookup| matches!(look.answer, Answer::Absent | Answer::Unsupported);
    // The tag has to have answered "absent": "unsupported" defers to it.
    Place::SIGNATURES.iter().all(|place| {
        let mut answers = looks.iter().filter(about).filter(|look| look.place == *place).peekable();
        answers.peek().is_some()
            && answers
                .all(|look| empty(look) && (*place == Place::Referrers || look.answer == Answer::Absent))
    })
}

/// Whether every place of one repository that can hold signatures of
/// `subject` was read in full, whatever was there. If so, and no evidence is a
/// signature of the subject, there is none.
#[must_use]
pub fn read_in_full(looks: &[Lookup], repository: &str, subject: &ClaimedDigest) -> bool {
    let about = |look: &&Lookup| look.repository == repository && look.subject == *subject;
    Place::SIGNATURES.iter().all(|place| {
        let mut answers = looks.iter().filter(about).filter(|look| look.place == *place).peekable();
        answers.peek().is_some()
            && answers.all(|look| match look.answer {
                Answer::Found { .. } | Answer::Absent => true,
                Answer::Unsupported => *place == Place::Referrers,
                Answer::Failed { .. } => false,
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::digest::Digest;
    use crate::base::error::Error;

    fn look(place: Place, answer: Answer) -> Lookup {
        Lookup { repository: "r/a".to_owned(), subject: Digest::of(b"x").to_claim(), place, answer }
    }

    #[test]
    fn unsigned_needs_every_place_to_answer() {
        let failed = || Answer::Failed { cause: (&Error::new(crate::base::limits::codes::LIMIT)).into() };
        let base = [Answer::Absent, Answer::Absent, Answer::Absent];
        let looks = |answers: &[Answer]| -> Vec<Lookup> {
            Place::SIGNATURES
                .iter()
                .zip(answers)
                .map(|(place, answer)| look(*place, answer.clone()))
                .collect()
        };
        let nothing = |looks: &[Lookup]| nothing_there(looks, "r/a", &Digest::of(b"x").to_claim());
        assert!(nothing(&looks(&base)));
        assert!(nothing(&looks(&[Answer::Unsupported, Answer::Absent, Answer::Absent])));
        assert!(!nothing(&looks(&[Answer::Absent, Answer::Unsupported, Answer::Absent])));
        assert!(!nothing(&[]));
        for at in 0..3 {
            let mut answers = base.clone();
            answers[at] = failed();
            assert!(!nothing(&looks(&answers)));
            answers[at] = Answer::Found { count: 1, kinds: Vec::new() };
            assert!(!nothing(&looks(&answers)));
            let mut missing = looks(&base);
            missing.remove(at);
            assert!(!nothing(&missing));
            // A place that answered twice, once with trouble.
            let mut twice = looks(&base);
            twice.push(look(Place::SIGNATURES[at], failed()));
            assert!(!nothing(&twice));
        }
        let found = [Answer::Found { count: 1, kinds: Vec::new() }, Answer::Absent, Answer::Absent];
        assert!(read_in_full(&looks(&found), "r/a", &Digest::of(b"x").to_claim()));
        assert!(!read_in_full(
            &looks(&[failed(), Answer::Absent, Answer::Absent]),
            "r/a",
            &Digest::of(b"x").to_claim()
        ));
        assert!(!read_in_full(&looks(&found)[1..], "r/a", &Digest::of(b"x").to_claim()));
        assert!(!nothing_there(&looks(&base), "r/b", &Digest::of(b"x").to_claim()));
        assert!(!nothing_there(&looks(&base), "r/a", &Digest::of(b"y").to_claim()));
    }
}
