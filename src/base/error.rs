//! One error type: a stable code with both sides of the disagreement.

use core::fmt;

use crate::base::code::{Class, Code, fill};
use crate::base::list::{CollectVec as _, PushAll as _};

/// Shorthand for results with this crate's [`Error`].
pub type Result<T> = core::result::Result<T, Error>;

/// Why a check failed or could not be made.
///
/// Holds what was expected and what was found, where in the input (a byte
/// offset), and the code that carries the sentence and the next step.
///
/// One pointer wide: an error is passed on in many more places than it is made
/// in, and what carries it is copied there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    code: Code,
    expected: Option<String>,
    found: Option<String>,
    position: Option<usize>,
    place: Option<String>,
}

impl Error {
    /// An error with nothing but its code.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner { code, expected: None, found: None, position: None, place: None }))
    }

    /// Says what would have been right.
    #[must_use]
    pub fn expected(self, expected: impl Into<String>) -> Self {
        self.and_expected(expected.into())
    }

    #[cold]
    #[inline(never)]
    fn and_expected(mut self, expected: String) -> Self {
        self.0.expected = Some(expected);
        self
    }

    /// Says what was there instead.
    #[must_use]
    pub fn found(self, found: impl Into<String>) -> Self {
        self.and_found(found.into())
    }

    #[cold]
    #[inline(never)]
    fn and_found(mut self, found: String) -> Self {
        self.0.found = Some(found);
        self
    }

    /// Says where: a byte offset into the input.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn at(mut self, position: usize) -> Self {
        self.0.position = Some(position);
        self
    }

    /// Says where by name: a member path (`critical.image`), a file, a role.
    /// The outermost caller's name is put in front.
    #[must_use]
    pub fn in_place(self, place: impl Into<String>) -> Self {
        self.and_place(place.into())
    }

    #[cold]
    #[inline(never)]
    fn and_place(mut self, place: String) -> Self {
        self.0.place = Some(match self.0.place.take() {
            Some(inner) => format!("{place}: {inner}"),
            None => place,
        });
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What the error means for a verdict.
    #[must_use]
    pub fn class(&self) -> Class {
        self.0.code.class()
    }

    /// What would have been right, if there is one such thing.
    #[must_use]
    pub fn expected_text(&self) -> Option<&str> {
        self.0.expected.as_deref()
    }

    /// What was there instead.
    #[must_use]
    pub fn found_text(&self) -> Option<&str> {
        self.0.found.as_deref()
    }

    /// Byte offset into the input.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        self.0.position
    }

    /// Where by name.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// The arguments of the code's sentence.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let mut args = Vec::new();
        let mut push = |name, value: Option<String>| args.push_all(value.map(|v| (name, v)));
        push("expected", self.0.expected.clone());
        push("found", self.0.found.clone());
        push("position", self.0.position.map(|p| p.to_string()));
        push("place", self.0.place.clone());
        args
    }

    /// The sentence for people, in English.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.filled(self.0.code.template())
    }

    /// The next step for people, in English; may be empty.
    #[must_use]
    pub fn next_step(&self) -> String {
        self.filled(self.0.code.next_step())
    }

    fn filled(&self, template: &str) -> String {
        let args = self.args();
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect_vec();
        fill(template, &args)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(f, "{place}: ")?;
        }
        let sentence = self.sentence();
        write!(f, "{sentence} [{}]", self.0.code)?;
        // What the sentence says is not said twice.
        let more = |value: &Option<String>| value.clone().filter(|value| !sentence.contains(value.as_str()));
        match (more(&self.0.expected), more(&self.0.found)) {
            (Some(expected), Some(found)) => write!(f, " expected {expected}, found {found}")?,
            (Some(expected), None) => write!(f, " expected {expected}")?,
            (None, Some(found)) => write!(f, " found {found}")?,
            (None, None) => {}
        }
        match self.0.position {
            Some(position) => write!(f, " at byte {position}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
