//! From a reference to a verdict: fetch, check, fetch what is missing.
//!
//! The engine stays the judge. This module repeats its question with more
//! evidence until it needs nothing that a registry has, and says in the
//! report what kept it from fetching.

use super::codes;
use super::plan::Plan;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};
use crate::engine::lookup::Looked;
use crate::engine::tag_answer::Told;
use crate::evidence::Given;
use crate::report::Report;
use crate::report::commands::commands;

/// Most times the engine is asked. Each round needs new evidence; index,
/// manifest, config and signature of a child take four.
const ROUNDS: usize = 8;

/// Asks the engine with evidence, places looked at, and what registries told.
pub type Check<'c> = dyn FnMut(&[Given], &[Looked], &[Told]) -> Report + 'c;

/// Runs plan and engine in turn. `fetch` carries out what the plan wants (a
/// driver); `check` is the engine.
pub fn verify(
    plan: &mut Plan,
    given: Vec<Given>,
    fetch: &mut dyn FnMut(&mut Plan),
    check: &mut Check<'_>,
) -> Report {
    let mut rounds = Rounds::start(plan, given);
    loop {
        fetch(plan);
        if let Some(report) = rounds.step(plan, check) {
            return report;
        }
    }
}

/// The rounds of one verification, for drivers that wait in their own way.
#[derive(Debug)]
pub struct Rounds {
    given: Vec<Given>,
    round: usize,
    /// The answer before the Notary server was asked for a better one, and
    /// how much evidence there was then.
    undecided: Option<(Report, usize)>,
}

impl Rounds {
    /// Wants the image asked about. `given` is what the user gave besides.
    #[must_use]
    pub fn start(plan: &mut Plan, given: Vec<Given>) -> Self {
        plan.want_subject();
        Self { given, round: 0, undecided: None }
    }

    /// All evidence so far.
    #[must_use]
    pub fn into_given(self) -> Vec<Given> {
        self.given
    }

    /// Asks the engine, and wants what it needs. The report, if there is
    /// nothing more to fetch.
    pub fn step(&mut self, plan: &mut Plan, check: &mut Check<'_>) -> Option<Report> {
        self.given.extend(plan.take_evidence());
        let report = check(&self.given, &plan.looked(), plan.told().as_slice());
        self.round += 1;
        let mut more = false;
        for need in &report.needs {
            more |= plan.want(need);
        }
        if more && self.round < ROUNDS {
            return None;
        }
        let open = matches!(report.outcome, Outcome::Unsigned | Outcome::NotChecked);
        let may_ask = open && self.undecided.is_none() && plan.may_ask_notary() && !plan.subject_failed();
        if may_ask && plan.want_trust() {
            self.undecided = Some((report, self.given.len()));
            return None;
        }
        // Asked for without need, metadata may prove; it weighs nothing else.
        let report = match self.undecided.take().filter(|_| report.outcome != Outcome::Proven) {
            Some((before, length)) => {
                self.given.truncate(length);
                before
            }
            None => report,
        };
        Some(finish(report, plan))
    }
}

/// Most failed requests that are told apart from the headline's.
const FAILURES: usize = 8;

/// Adds what only the driver knows: why something could not be fetched, and
/// the commands that print it. An outcome is only ever weakened: if the image
/// itself could not be fetched, nothing was checked. What else failed stands
/// beside the chain, each sentence once.
#[must_use]
pub fn finish(mut report: Report, plan: &Plan) -> Report {
    if report.outcome != Outcome::Proven || plan.subject_failed() {
        let mut lines = commands(plan.reference(), &report.needs);
        lines.retain(|line| report.commands.iter().all(|known| known.command != line.command));
        report.commands.extend(lines);
    }
    if report.outcome != Outcome::Proven
        && let Some((server, error)) = plan.notary_failure()
    {
        let args = [("place", server.as_str()), ("found", error.code().name())];
        let link = Link::open("fetch-metadata", codes::NO_METADATA, &args);
        report.links.push(link.placed(Place::Branch));
    }
    if let Some(error) = plan.subject_error() {
        // Without the bytes the tag led to, a signature that arrived may be
        // of any image: a replayed older one must not answer for this tag.
        not_fetched(&mut report, error);
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
pub fn not_fetched(report: &mut Report, error: &Error) {
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
