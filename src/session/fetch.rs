//! One fetch of a session: a plan, and what the engine still needs of it.
//!
//! The engine stays the judge. It is asked again with more evidence until it
//! needs nothing that a registry has; what kept the plan from fetching is
//! said in the report.

use super::check::Check;
use super::registry::codes;
use super::registry::plan::{Options, Plan};
use super::registry::request::{Reply, Request, RequestId};
use crate::base::error::Error;
use crate::base::list::PushAll as _;
use crate::base::message::Message;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::engine::tag_answer::Route;
use crate::evidence::Given;
use crate::model::reference::Reference;
use crate::report::Report;
use crate::report::commands::commands;

/// Most times the engine is asked. Each round needs new evidence; index,
/// manifest, config and signature of a child take four.
const ROUNDS: usize = 8;
/// Most failed requests that are told apart from the headline's.
const FAILURES: usize = 8;

/// What becomes of the evidence after a round.
pub(super) enum Step {
    /// It stays.
    Keep,
    /// All beyond this many things goes: it was asked for without need, and
    /// did not prove anything.
    Drop(usize),
}

/// What is being fetched, or was.
#[derive(Debug)]
pub(super) struct Fetch {
    number: usize,
    plan: Plan,
    of_image: bool,
    sent: Vec<RequestId>,
    round: usize,
    settled: bool,
    /// How much evidence there was before the Notary server was asked for
    /// more.
    undecided: Option<usize>,
    /// The Notary server knows what the tag means, whatever signatures say.
    released: bool,
    refused: Option<Error>,
}

impl Fetch {
    /// Of the image asked about.
    pub(super) fn of_image(number: usize, image: Reference, check: &Check, route: Route) -> Self {
        let (notary, content_trust) = (check.notary(), check.may_ask_notary());
        let all = Self::new(number, image, true, Options { notary, content_trust, ..options(check, route) });
        Self { released: check.must_ask_notary(), ..all }
    }

    /// Of an image to compare that one with.
    pub(super) fn beside(number: usize, image: Reference, check: &Check, route: Route) -> Self {
        Self::new(number, image, false, options(check, route))
    }

    fn new(number: usize, image: Reference, of_image: bool, options: Options) -> Self {
        let mut plan = Plan::new(image, options).numbered(number);
        plan.want_subject();
        let (sent, round, settled) = (Vec::new(), 0, false);
        Self { number, plan, of_image, sent, round, settled, undecided: None, released: false, refused: None }
    }

    pub(super) const fn number(&self) -> usize {
        self.number
    }

    pub(super) const fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) const fn is_of_image(&self) -> bool {
        self.of_image
    }

    /// Whether there is nothing more to fetch.
    pub(super) const fn is_settled(&self) -> bool {
        self.settled
    }

    /// Whether replies are still to come.
    pub(super) fn is_waiting(&self) -> bool {
        !self.sent.is_empty()
    }

    pub(super) fn requests(&mut self) -> Vec<Request> {
        let requests = self.plan.next_requests();
        self.sent.push_all(requests.iter().map(|request| request.id));
        requests
    }

    pub(super) fn feed(&mut self, id: RequestId, reply: Reply) {
        self.sent.retain(|sent| *sent != id);
        self.plan.feed(id, reply);
    }

    pub(super) fn cancel(&mut self) {
        self.plan.cancel();
    }

    pub(super) fn arrived(&mut self) -> Vec<Given> {
        self.plan.take_evidence()
    }

    /// Wants what the engine needs. `report` is its answer for everything
    /// that arrived, `length` how many things that is.
    pub(super) fn step(&mut self, report: &Report, length: usize) -> Step {
        self.round += 1;
        if !self.of_image {
            self.settled = true;
            return Step::Keep;
        }
        let mut more = false;
        for need in &report.needs {
            more |= self.plan.want(need);
        }
        if more && self.round < ROUNDS {
            return Step::Keep;
        }
        if self.released && report.outcome == Outcome::Proven && self.plan.want_trust() {
            return Step::Keep;
        }
        let open = matches!(report.outcome, Outcome::Unsigned | Outcome::NotChecked);
        let may_ask = open && self.undecided.is_none() && self.plan.may_ask_notary();
        if may_ask && !self.plan.subject_failed() && self.plan.want_trust() {
            self.undecided = Some(length);
            return Step::Keep;
        }
        self.settled = true;
        // Asked for without need, metadata may prove; it weighs nothing else.
        match self.undecided.filter(|_| report.outcome != Outcome::Proven) {
            Some(length) => Step::Drop(length),
            None => Step::Keep,
        }
    }

    pub(super) fn refuse(&mut self, error: Error) {
        self.refused = Some(error);
    }

    /// Why nobody was reached: then nothing that came back is a registry's word.
    pub(super) const fn refused(&self) -> Option<&Error> {
        self.refused.as_ref()
    }

    /// Why the image could not be fetched.
    pub(super) fn error(&self) -> Option<&Error> {
        self.plan.subject_error()
    }

    /// What ends the chain of a report with this outcome.
    pub(super) fn reason(&self, outcome: Outcome) -> Option<&Error> {
        match &self.refused {
            // What the user gave is decided without anybody.
            Some(refused) => Some(refused).filter(|_| outcome == Outcome::NotChecked),
            None => self.error(),
        }
    }
}

fn options(check: &Check, route: Route) -> Options {
    Options { attestations: check.policy.attestation.is_some(), route, ..Options::default() }
}

/// Adds what only the plan knows: why something could not be fetched, and the
/// commands that print it. An outcome is only ever weakened: for a `reason`
/// why the image itself could not be fetched, nothing was checked. What else
/// failed stands beside the chain, each sentence once.
pub(super) fn amend(mut report: Report, fetch: &Fetch, reason: Option<&Error>) -> Report {
    let plan = fetch.plan();
    if report.outcome != Outcome::Proven || reason.is_some() {
        let mut lines = commands(plan.reference(), &report.needs, plan.notary());
        lines.retain(|line| report.commands.iter().all(|known| known.command != line.command));
        report.commands.push_all(lines);
    }
    if report.outcome != Outcome::Proven
        && fetch.refused().is_none()
        && let Some((server, error)) = plan.notary_failure()
    {
        let args = [("place", server.as_str()), ("found", error.code().name())];
        let link = Link::open("fetch-metadata", codes::NO_METADATA, &args);
        report.links.push(link.placed(Place::Branch));
    }
    if let Some(error) = reason {
        // Without the bytes the tag led to, a signature that arrived may be
        // of any image: a replayed older one must not answer for this tag.
        not_fetched(&mut report, error);
    }
    if let Some(refused) = fetch.refused() {
        if reason.is_none() {
            report.links.push(Link::failed("fetch-1", refused).placed(Place::Branch));
        }
        return report;
    }
    let mut told = 0;
    for failure in plan.failures().iter().filter(|failure| failure.required) {
        let sentence = failure.error.sentence();
        let within = format!("({sentence})");
        let known = |link: &Link| link.claim() == sentence || link.claim().contains(&within);
        if told < FAILURES && !report.links.iter().any(known) {
            told += 1;
            let link = Link::failed(&format!("fetch-{told}"), &failure.error);
            report.links.push(link.placed(Place::Branch));
        }
    }
    report
}

/// Nothing was checked, for this reason, which ends the chain.
fn not_fetched(report: &mut Report, error: &Error) {
    let message = Message::from(error);
    report.outcome = Outcome::NotChecked;
    report.shows.clear();
    report.caveats.clear();
    report.links.retain(|link| link.id() != "fetch");
    report.links.push(Link::failed("fetch", error));
    report.code = message.code;
    report.headline = message.text;
    report.next = message.next;
    report.args = message.args;
}
