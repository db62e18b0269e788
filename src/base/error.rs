//! One error type: a stable code with both sides of the disagreement.

use core::fmt;

use crate::base::code::{Class, Code, fill};

/// Shorthand for results with this crate's [`Error`].
pub type Result<T> = core::result::Result<T, Error>;

/// Why a check failed or could not be made.
///
/// Holds what was expected and what was found, where in the input (a byte
/// offset), and the code that carries the sentence and the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: Code,
    expected: Option<String>,
    found: Option<String>,
    position: Option<usize>,
    place: Option<String>,
}

impl Error {
    /// An error with nothing but its code.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, expected: None, found: None, position: None, place: None }
    }

    /// Says what would have been right.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Says what was there instead.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Says where: a byte offset into the input.
    #[must_use]
    pub const fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self
    }

    /// Says where by name: a member path (`critical.image`), a file, a role.
    /// The outermost caller's name is put in front.
    #[must_use]
    pub fn in_place(mut self, place: impl Into<String>) -> Self {
        let place = place.into();
        self.place = Some(match self.place {
            Some(inner) => format!("{place}: {inner}"),
            None => place,
        });
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What the error means for a verdict.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.code.class()
    }

    /// What would have been right, if there is one such thing.
    #[must_use]
    pub fn expected_text(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// What was there instead.
    #[must_use]
    pub fn found_text(&self) -> Option<&str> {
        self.found.as_deref()
    }

    /// Byte offset into the input.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        self.position
    }

    /// Where by name.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// The arguments of the code's sentence.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let mut args = Vec::new();
        let mut push = |name, value: Option<String>| args.extend(value.map(|v| (name, v)));
        push("expected", self.expected.clone());
        push("found", self.found.clone());
        push("position", self.position.map(|p| p.to_string()));
        push("place", self.place.clone());
        args
    }

    /// The sentence for people, in English.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.filled(self.code.template())
    }

    /// The next step for people, in English; may be empty.
    #[must_use]
    pub fn next_step(&self) -> String {
        self.filled(self.code.next_step())
    }

    fn filled(&self, template: &str) -> String {
        let args = self.args();
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(template, &args)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        let sentence = self.sentence();
        write!(f, "{sentence} [{}]", self.code)?;
        // What the sentence says is not said twice.
        let more = |value: &Option<String>| value.clone().filter(|value| !sentence.contains(value.as_str()));
        match (more(&self.expected), more(&self.found)) {
            (Some(expected), Some(found)) => write!(f, " expected {expected}, found {found}")?,
            (Some(expected), None) => write!(f, " expected {expected}")?,
            (None, Some(found)) => write!(f, " found {found}")?,
            (None, None) => {}
        }
        match self.position {
            Some(position) => write!(f, " at byte {position}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
