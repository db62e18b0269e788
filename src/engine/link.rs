//! A link of the chain: one claim, and what became of it.

use crate::base::list::CollectVec as _;
use crate::base::order::Map as BTreeMap;

use serde::Serialize;

use crate::base::code::Code;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::base::outcome::Outcome;
use crate::base::proof::{Evidence, Proof};

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// On the chain from the root of trust to the subject: it decides.
    Chain,
    /// Beside the chain: other platforms, other signatures. It does not decide.
    Branch,
    /// Evidence that is not about the subject.
    Aside,
}

/// One claim and what became of it.
///
/// A proven link can only be made from a [`Proof`], a value that only the
/// code which made the check can construct. The fields are private so that no
/// caller turns another outcome into *proven*:
///
/// ```
/// use webdis_verify::base::outcome::Outcome;
/// use webdis_verify::engine::link::Link;
/// fn read(link: &Link) -> bool { link.outcome() == Outcome::Proven }
/// ```
///
/// ```compile_fail
/// use webdis_verify::base::outcome::Outcome;
/// use webdis_verify::engine::link::Link;
/// fn forge(link: &mut Link) { link.outcome = Outcome::Proven; }
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    id: String,
    parent: Option<String>,
    place: Place,
    claim: String,
    outcome: Outcome,
    code: &'static str,
    args: BTreeMap<String, String>,
    next: String,
    expected: Option<String>,
    found: Option<String>,
    evidence: Option<Evidence>,
    caveats: Vec<Message>,
}

impl Link {
    fn new(id: &str, code: Code, args: &[(&str, &str)], outcome: Outcome) -> Self {
        Self::of(id, Message::new(code, args), outcome)
    }

    fn of(id: &str, message: Message, outcome: Outcome) -> Self {
        Self {
            id: id.to_owned(),
            parent: None,
            place: Place::Chain,
            claim: message.text,
            outcome,
            code: message.code,
            args: message.args,
            next: message.next,
            expected: None,
            found: None,
            evidence: None,
            caveats: Vec::new(),
        }
    }

    /// A link shown by a proof.
    #[must_use]
    pub fn proven(id: &str, code: Code, args: &[(&str, &str)], proof: &dyn Proof) -> Self {
        let mut link = Self::new(id, code, args, Outcome::Proven);
        let evidence = proof.evidence();
        link.expected.clone_from(&evidence.expected);
        link.found.clone_from(&evidence.found);
        link.evidence = Some(evidence);
        link
    }

    /// A link that failed; the error's class decides how.
    #[must_use]
    pub fn failed(id: &str, error: &Error) -> Self {
        Self::failed_with(id, error, &[])
    }

    /// A link that failed, with more arguments for its sentence.
    #[must_use]
    pub fn failed_with(id: &str, error: &Error, more: &[(&str, &str)]) -> Self {
        let args = error.args();
        let mut args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect_vec();
        args.extend_from_slice(more);
        let mut link = Self::new(id, error.code(), &args, Outcome::of_failure(error.class()));
        link.expected = error.expected_text().map(str::to_owned);
        link.found = error.found_text().map(str::to_owned);
        link
    }

    /// A link about which nothing is known, for the reason the code gives.
    /// Never proven, whatever the code's class.
    #[must_use]
    pub fn open(id: &str, code: Code, args: &[(&str, &str)]) -> Self {
        Self::new(id, code, args, Outcome::of_failure(code.class()))
    }

    /// A link about which nothing is known, in the words of a message that
    /// recognition gave: an error that a tool printed.
    #[must_use]
    pub fn told(id: &str, message: &Message) -> Self {
        Self::of(id, message.clone(), Outcome::NotChecked)
    }

    /// The same link under another name.
    #[must_use]
    pub(super) fn named(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// Hangs the link below another one.
    #[must_use]
    pub fn under(mut self, parent: &str) -> Self {
        self.parent = Some(parent.to_owned());
        self
    }

    /// Puts the link beside the chain.
    #[must_use]
    pub const fn placed(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Takes *proven* from a link that holds by itself but hangs from nothing
    /// that was proven: an index does list its children, but that shows
    /// nothing while nobody is known to have published it. Other outcomes
    /// stay.
    #[must_use]
    pub fn unanchored(mut self) -> Self {
        if self.outcome == Outcome::Proven {
            self.outcome = Outcome::NotChecked;
            self.caveats.push(Message::new(crate::engine::codes::UNANCHORED, &[]));
        }
        self
    }

    /// Adds a qualification.
    #[must_use]
    pub fn caveat(mut self, caveat: Message) -> Self {
        self.caveats.push(caveat);
        self
    }

    /// Shows evidence on a link that is not proven.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = Some(evidence);
        self
    }

    /// The link's name in the report.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The link it hangs below.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.parent.as_deref()
    }

    /// Where it stands.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// What became of the claim.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The claim in English.
    #[must_use]
    pub fn claim(&self) -> &str {
        &self.claim
    }

    /// Values of the claim's placeholders.
    #[must_use]
    pub const fn args(&self) -> &BTreeMap<String, String> {
        &self.args
    }

    /// The next step in English; may be empty.
    #[must_use]
    pub fn next(&self) -> &str {
        &self.next
    }

    /// Puts the image's name in the place of `IMAGE`, in the command of the next step.
    pub fn name_image(&mut self, name: &str) {
        self.next = self.next.replace("IMAGE", name);
    }

    /// What was compared.
    #[must_use]
    pub fn compared(&self) -> (Option<&str>, Option<&str>) {
        (self.expected.as_deref(), self.found.as_deref())
    }

    /// What was examined.
    #[must_use]
    pub const fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }

    /// Its qualifications.
    #[must_use]
    pub fn caveats(&self) -> &[Message] {
        &self.caveats
    }
}
