//! What was given and says nothing: each by its name, so that an empty pipe or
//! a wrong file is not taken for an answer about the image.

use std::collections::BTreeSet;

use webdis_verify::evidence::codes::UNRECOGNISED;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;

use crate::check;

/// So many are named.
const NAMED: usize = 3;

/// What was given as a file or text, before the session takes it.
#[derive(Debug, Default)]
pub(crate) struct Own(Vec<(String, bool)>);

impl Own {
    pub(crate) fn of(given: &[Given]) -> Self {
        let own = given.iter().filter(|given| matches!(given.origin, Origin::File | Origin::Paste));
        Self(own.map(|given| (given.name.clone(), given.bytes.trim_ascii().is_empty())).collect())
    }

    /// A sentence for each that says nothing.
    pub(crate) fn unread(&self, report: &Report) -> Vec<String> {
        let silent = self.silent(report);
        let (named, rest) = silent.split_at(silent.len().min(NAMED));
        let mut said: Vec<String> = named
            .iter()
            .map(|(name, empty)| {
                format!("{name} {}", if *empty { "is empty." } else { "was not recognised." })
            })
            .collect();
        if !rest.is_empty() {
            said.push(format!("{} more were empty or not recognised.", rest.len()));
        }
        if let Some((option, kind)) = check::instead_of_evidence(report) {
            let what = if kind == "public-key" { "a public key" } else { "a trusted root" };
            let among = report.items.iter().filter(|item| item.kind == kind).take(NAMED);
            said.extend(among.map(|item| {
                format!("{} is {what}: if it is to be trusted, give it with {option}.", item.name)
            }));
        }
        said
    }

    /// Whether this one says nothing.
    pub(crate) fn is_silent(&self, name: &str, report: &Report) -> bool {
        self.silent(report).iter().any(|(silent, _)| silent == name)
    }

    fn silent(&self, report: &Report) -> Vec<&(String, bool)> {
        let unknown = |item: &&webdis_verify::report::Item| {
            item.notes.iter().any(|note| note.code == UNRECOGNISED.name())
        };
        let read: BTreeSet<&str> =
            report.items.iter().filter(|item| !unknown(item)).map(|item| item.name.as_str()).collect();
        self.0.iter().filter(|(name, _)| !read.contains(name.as_str())).collect()
    }
}
