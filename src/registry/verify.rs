//! From a reference to a verdict: fetch, check, fetch what is missing.
//!
//! The engine stays the judge. This module repeats its question with more
//! evidence until it needs nothing that a registry has, and says in the
//! report what kept it from fetching.

use super::commands;
use super::plan::Plan;
use crate::input::{Given, looked::Looked};
use crate::reference::Reference;
use crate::report::{Message, Outcome, Report};

/// Most times the engine is asked. Each round needs new evidence; index,
/// manifest, config and signature of a child take four.
const ROUNDS: usize = 8;

/// Asks the engine with evidence, places looked at, and the reference pinned
/// to the digest its tag was resolved to.
pub type Check<'c> = dyn FnMut(&[Given], &[Looked], Option<&Reference>) -> Report + 'c;

/// Runs plan and engine in turn. `fetch` carries out what the plan wants (a
/// driver); `check` is the engine.
pub fn verify(
    plan: &mut Plan,
    mut given: Vec<Given>,
    fetch: &mut dyn FnMut(&mut Plan),
    check: &mut Check<'_>,
) -> Report {
    plan.want_subject();
    let mut round = 0;
    loop {
        fetch(plan);
        given.extend(plan.take_evidence());
        let report = check(&given, &plan.looked(), plan.pinned().as_ref());
        round += 1;
        let mut more = false;
        for need in &report.needs {
            more |= plan.want(need);
        }
        if !more || round >= ROUNDS {
            return finish(report, plan);
        }
    }
}

/// Adds what only the driver knows: why something could not be fetched, the
/// commands that print it, and that a tag is the registry's word. Never makes
/// an outcome better, and worse only in words: *not checked* gets its cause.
#[must_use]
pub fn finish(mut report: Report, plan: &Plan) -> Report {
    if report.outcome != Outcome::Proven {
        let needs = if report.needs.is_empty() { &[] } else { report.needs.as_slice() };
        let mut lines = commands(plan.reference(), needs);
        lines.retain(|line| report.commands.iter().all(|known| known.command != line.command));
        report.commands.extend(lines);
    }
    let Some(failure) = plan.failures().first() else { return report };
    if report.outcome == Outcome::NotChecked && plan.subject_failed() {
        let message = Message::from(&failure.error);
        report.code = message.code;
        report.headline.clone_from(&message.text);
        report.next.clone_from(&message.next);
        report.args.clone_from(&message.args);
    }
    for failure in plan.failures() {
        let message = Message::from(&failure.error);
        if report.outcome != Outcome::Proven && !report.caveats.contains(&message) {
            report.caveats.push(message);
        }
    }
    report
}
