//! Giving a world's inputs to the verifier: as files, as pastes, joined.

use webdis_verify::evidence::{Given, Origin};
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

fn answer(given: &[Given], options: &Options) -> Answer {
    let report = check(given, options).unwrap();
    Answer {
        outcome: report.outcome.name().to_owned(),
        code: report.code.to_owned(),
        subject: report.subject.digest.clone(),
    }
}

fn file(input: &Input) -> Given {
    Given { name: input.name.clone(), origin: Origin::File, bytes: input.bytes.clone() }
}

/// Each as a file of its own.
pub(super) fn apart(inputs: &[Input], options: &Options) -> Answer {
    answer(&inputs.iter().map(file).collect::<Vec<_>>(), options)
}

/// Texts that lie side by side are joined to one paste or not, as it comes;
/// the others are files.
pub(super) fn joined(inputs: &[Input], options: &Options, random: &mut Random) -> Answer {
    let mut given: Vec<Given> = Vec::new();
    let mut open = false;
    for input in inputs {
        match given.last_mut() {
            Some(last) if open && input.is_text() && random.chance(50) => {
                last.bytes.extend(b"\n");
                last.bytes.extend(&input.bytes);
            }
            _ => {
                open = input.is_text();
                let paste = Given {
                    name: format!("paste {}", given.len() + 1),
                    origin: Origin::Paste,
                    ..file(input)
                };
                given.push(if open { paste } else { file(input) });
            }
        }
    }
    answer(&given, options)
}
