//! Giving a world's inputs to the verifier: as files, as pastes, joined.

use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, check};

use super::Random;
use super::world::Input;

/// What must not depend on how things were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) outcome: String,
    pub(super) code: String,
    pub(super) subject: Option<String>,
}

impl core::fmt::Display for Answer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let subject = self.subject.as_deref().map_or("nothing", |digest| &digest[..19]);
        write!(f, "{} {} about {subject}", self.outcome, self.code)
    }
}

/// How things are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Each as a file of its own.
    Files,
    /// Texts as pastes of their own, the others as files.
    Pastes,
    /// Texts that lie side by side are joined to one paste or not, by chance.
    Joined(u64),
}

/// Inputs in a form.
pub(super) fn give(inputs: &[Input], form: Form) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    let mut random = Random::new(if let Form::Joined(seed) = form { seed } else { 0 });
    let mut open = false;
    for input in inputs {
        match given.last_mut() {
            Some(last) if open && input.is_text() && matches!(form, Form::Joined(_)) && random.chance(50) => {
                last.bytes.extend(b"\n");
                last.bytes.extend(&input.bytes);
            }
            _ => {
                open = input.is_text() && form != Form::Files;
                let number = format!("paste {}", given.len() + 1);
                let (name, origin) =
                    if open { (number, Origin::Paste) } else { (input.name.clone(), Origin::File) };
                given.push(Given { name, origin, bytes: input.bytes.clone() });
            }
        }
    }
    given
}

/// The answer to inputs in a form.
pub(super) fn run(inputs: &[Input], options: &Options, form: Form) -> Answer {
    Answer::of(&check(&give(inputs, form), options).unwrap())
}

impl Answer {
    /// What a report answers.
    pub(super) fn of(report: &Report) -> Self {
        Self {
            outcome: report.outcome.name().to_owned(),
            code: report.code.to_owned(),
            subject: report.subject.digest.clone(),
        }
    }
}
