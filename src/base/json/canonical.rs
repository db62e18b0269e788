//! JSON Canonicalization Scheme (RFC 8785): the one text of a value.
//!
//! Rekor v1 signs it (the signed entry timestamp), Rekor v2 hashes it (the
//! leaf). Numbers are plain integers up to 2^53 - 1, the range in which
//! RFC 8785 writes integers as they are; others do not occur in these
//! documents and are refused rather than approximated.

use super::codes;
use super::value::{Node, Value};
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::order;

/// Largest integer that every JSON reader holds exactly (RFC 7493).
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A value to be written in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Canonical {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer of at most [`MAX_INTEGER`] in magnitude.
    Integer(i64),
    /// A string.
    Text(String),
    /// An array.
    Array(Vec<Self>),
    /// An object; members are sorted when written.
    Object(Vec<(String, Self)>),
}

impl Canonical {
    /// A string.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A non-negative integer.
    ///
    /// # Errors
    /// [`codes::NUMBER`] past [`MAX_INTEGER`].
    pub fn integer(number: u64) -> Result<Self> {
        i64::try_from(number).ok().filter(|_| number <= MAX_INTEGER).map(Self::Integer).ok_or_else(|| {
            Error::new(codes::NUMBER).expected("an integer below 2^53").found(number.to_string())
        })
    }

    /// An object of the given members.
    #[must_use]
    pub fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect_vec())
    }

    /// A parsed value.
    ///
    /// # Errors
    /// [`codes::NUMBER`] for fractions, exponents and integers past
    /// [`MAX_INTEGER`].
    pub fn of(node: &Node<'_>) -> Result<Self> {
        Ok(match &node.value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => {
                let integer = number.as_i64().filter(|n| n.unsigned_abs() <= MAX_INTEGER);
                Self::Integer(integer.ok_or_else(|| {
                    Error::new(codes::NUMBER)
                        .expected("an integer below 2^53")
                        .found(shorten(number.text()))
                        .at(node.span.start)
                })?)
            }
            Value::String(text) => Self::Text(text.value.clone().into_owned()),
            Value::Array(items) => Self::Array(items.iter().map(Self::of).collect::<Result<_>>()?),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|member| Ok((member.name.value.clone().into_owned(), Self::of(&member.node)?)))
                    .collect::<Result<_>>()?,
            ),
        })
    }

    /// The canonical text, UTF-8.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out);
        out
    }

    fn write_to(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Integer(number) => out.push_str(&number.to_string()),
            Self::Text(text) => quote(text, out),
            Self::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write_to(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect_vec();
                order::sort_by(&mut sorted, |(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
                out.push('{');
                for (i, (name, value)) in sorted.into_iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    quote(name, out);
                    out.push(':');
                    value.write_to(out);
                }
                out.push('}');
            }
        }
    }
}

/// A string as ECMAScript's `JSON.stringify` writes it (RFC 8785, 3.2.2.2).
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Result<String> {
        Ok(Canonical::of(&super::super::parse(text.as_bytes())?)?.write())
    }

    #[test]
    fn members_are_sorted_by_utf16_and_escapes_are_minimal() {
        // RFC 8785, 3.2.3: the sorting example.
        let given = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let text = canonical(given).unwrap();
        let places: Vec<_> = order.iter().map(|word| text.find(word).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
        // RFC 8785, 3.2.2: the string of the sample.
        assert_eq!(
            canonical(r#"[ "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/" , [ ], {"b" : null, "a":true} ]"#)
                .unwrap(),
            "[\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",[],{\"a\":true,\"b\":null}]"
        );
    }

    #[test]
    fn numbers_that_readers_disagree_on_are_refused() {
        assert_eq!(canonical("[0,-1,9007199254740991]").unwrap(), "[0,-1,9007199254740991]");
        for text in ["9007199254740992", "1.5", "1e2", "-0", "-9007199254740992"] {
            assert_eq!(canonical(text).unwrap_err().code(), codes::NUMBER, "{text}");
        }
    }
}
