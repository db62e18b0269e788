//! The parsed form: values with the text they came from.

use std::borrow::Cow;
use std::ops::Range;

/// A value and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Byte range of the value in the parsed text.
    pub span: Range<usize>,
    /// The value.
    pub value: Value<'a>,
}

/// A JSON value. Members keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as text.
    Number(Number<'a>),
    /// A string, decoded and as text.
    String(Text<'a>),
    /// An array.
    Array(Vec<Node<'a>>),
    /// An object. No two members have the same decoded name.
    Object(Vec<Member<'a>>),
}

impl Value<'_> {
    /// The type's name for messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Its value.
    pub node: Node<'a>,
}

/// A string: what it says, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// As written, with quotes and escapes.
    pub raw: &'a str,
    /// Decoded.
    pub value: Cow<'a, str>,
}

/// A number as written. Grammar of RFC 8259, section 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number<'a>(pub(super) &'a str);

impl<'a> Number<'a> {
    /// As written.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.0
    }

    /// The value, if it is written as a plain non-negative integer that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.0.bytes().all(|b| b.is_ascii_digit()).then(|| self.0.parse().ok())?
    }

    /// The value, if it is written as a plain integer that fits. `-0` does not.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && self.0 != "-0";
        plain.then(|| self.0.parse().ok())?
    }
}
