//! Conditions as links of the chain.

use crate::base::code::Code;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::limits;
use crate::base::outcome::Outcome;
use crate::engine::link::Link;

/// Conditions in their order, each once.
#[derive(Default)]
pub(super) struct Links {
    pub(super) list: Vec<Link>,
    /// How many hold.
    pub(super) held: usize,
}

impl Links {
    pub(super) fn push(&mut self, link: Link) {
        if self.list.len() < limits::WORDS {
            self.list.push(link.named(&format!("condition-{}", self.list.len() + 1)));
        }
    }

    pub(super) fn holds(&mut self, code: Code, args: &[(&str, &str)], [expected, found]: [&str; 2]) {
        self.held += 1;
        let error = Error::new(code).expected(expected).found(found);
        self.push(Link::failed_with("", &error, args));
    }

    pub(super) fn open(&mut self, code: Code, args: &[(&str, &str)]) {
        self.push(Link::open("", code, args));
    }

    pub(super) fn differs(&mut self, code: Code, args: &[(&str, &str)], [expected, found]: [&str; 2]) {
        let error = Error::new(code).expected(expected).found(found);
        self.push(Link::failed_with("", &error, args));
    }

    pub(super) fn different(
        &mut self,
        code: Code,
        args: &[(&str, &str)],
        [expected, found]: [&ClaimedDigest; 2],
    ) {
        self.differs(code, args, [&expected.to_string(), &found.to_string()]);
    }

    /// Whether something does not hold or could not be compared.
    pub(super) fn decided(&self) -> bool {
        self.list.iter().any(|link| link.outcome() != Outcome::Consistent)
    }
}
