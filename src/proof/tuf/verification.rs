//! The result of a check: a verdict, each role, and what to add.

use super::codes;
use super::collection::Collection;
use super::proof::{RoleReport, Verdict};
use crate::base::error::{Error, Result};

/// A file that plays no part, and why.
#[derive(Clone, Debug)]
pub struct Aside {
    /// As it was given.
    pub name: String,
    /// What was wrong with it, or [`codes::NOT_DELEGATED`].
    pub reason: Error,
}

/// A metadata file to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingFile {
    /// The role, or `N.root` for an older root.
    pub role: String,
    /// Whether the verdict waits for it; else it would show freshness or add
    /// detail.
    pub required: bool,
}

/// The result of [`super::verify()`].
#[derive(Clone, Debug)]
pub struct Verification {
    pub(super) roles: Vec<RoleReport>,
    pub(super) aside: Vec<Aside>,
    pub(super) missing: Vec<MissingFile>,
    pub(super) verdict: Verdict,
    pub(super) cause: Option<Error>,
    pub(super) collection: Option<Collection>,
}

impl Verification {
    /// Each role in the order of the chain, then the other delegations.
    #[must_use]
    pub fn roles(&self) -> &[RoleReport] {
        &self.roles
    }

    /// The report of one role.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&RoleReport> {
        self.roles.iter().find(|report| report.role == name)
    }

    /// Files that play no part.
    #[must_use]
    pub fn aside(&self) -> &[Aside] {
        &self.aside
    }

    /// Files to add.
    #[must_use]
    pub fn missing(&self) -> &[MissingFile] {
        &self.missing
    }

    /// What is known of the set.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The error that decided, unless the set is authentic.
    #[must_use]
    pub const fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    /// The tags, if the set is authentic (fresh or not).
    #[must_use]
    pub const fn collection(&self) -> Option<&Collection> {
        self.collection.as_ref()
    }

    /// The tags, or the error that decided.
    ///
    /// # Errors
    /// [`Verification::cause`].
    pub fn into_collection(self) -> Result<Collection> {
        let cause = self.cause;
        self.collection.ok_or_else(|| cause.unwrap_or_else(|| Error::new(codes::NOT_REACHED)))
    }
}
