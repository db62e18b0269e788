//! Typed access to parsed values, with errors that name the member.

use super::codes;
use super::value::{Member, Node, Value};
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};

impl<'a> Node<'a> {
    fn wrong_type<T>(&self, place: &str, expected: &str) -> Result<T> {
        Err(Error::new(codes::TYPE)
            .in_place(place)
            .expected(expected)
            .found(self.value.kind())
            .at(self.span.start))
    }

    /// The value as an object. `place` names it in errors.
    ///
    /// # Errors
    /// [`codes::TYPE`].
    pub fn object<'n>(&'n self, place: &str) -> Result<Object<'n, 'a>> {
        match &self.value {
            Value::Object(members) => Ok(Object { members, place: place.to_owned(), at: self.span.start }),
            _ => self.wrong_type(place, "an object"),
        }
    }

    /// The value as an array.
    ///
    /// # Errors
    /// [`codes::TYPE`].
    pub fn array(&self, place: &str) -> Result<&[Self]> {
        match &self.value {
            Value::Array(items) => Ok(items),
            _ => self.wrong_type(place, "an array"),
        }
    }

    /// The value as decoded text.
    ///
    /// # Errors
    /// [`codes::TYPE`].
    pub fn text(&self, place: &str) -> Result<&str> {
        match &self.value {
            Value::String(text) => Ok(&text.value),
            _ => self.wrong_type(place, "a string"),
        }
    }

    /// The value as an integer from 0 to 2^64-1, written plainly.
    ///
    /// # Errors
    /// [`codes::TYPE`] or [`codes::NUMBER`].
    pub fn u64(&self, place: &str) -> Result<u64> {
        let Value::Number(number) = &self.value else {
            return self.wrong_type(place, "a number");
        };
        number.as_u64().ok_or_else(|| {
            Error::new(codes::NUMBER)
                .in_place(place)
                .expected("a non-negative integer")
                .found(shorten(number.text()))
                .at(self.span.start)
        })
    }

    /// Whether this is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

/// An object with the name of its place, for errors.
#[derive(Clone, Debug)]
pub struct Object<'n, 'a> {
    members: &'n [Member<'a>],
    place: String,
    at: usize,
}

impl<'n, 'a> Object<'n, 'a> {
    /// The members in their order.
    #[must_use]
    pub const fn members(&self) -> &'n [Member<'a>] {
        self.members
    }

    /// The name of a member for messages: `place.name`.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// Refuses members that differ from one of `names` only by case. Go's
    /// decoder would take them for the known ones; it also takes the long s
    /// (U+017F) for s and the Kelvin sign (U+212A) for k.
    ///
    /// # Errors
    /// [`codes::CASE_VARIANT`].
    pub fn known(&self, names: &[&str]) -> Result<()> {
        for member in self.members {
            let name: &str = &member.name.value;
            if let Some(expected) = names.iter().find(|n| folds_to(name, n) && **n != name) {
                return Err(Error::new(codes::CASE_VARIANT)
                    .in_place(self.path(name))
                    .expected(*expected)
                    .found(shorten(name))
                    .at(member.node.span.start));
            }
        }
        Ok(())
    }

    /// The member of exactly this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'n Node<'a>> {
        self.members.iter().find(|member| member.name.value == name).map(|member| &member.node)
    }

    /// The member of exactly this name, unless it is `null`.
    #[must_use]
    pub fn get_some(&self, name: &str) -> Option<&'n Node<'a>> {
        self.get(name).filter(|node| !node.is_null())
    }

    /// The member of exactly this name.
    ///
    /// # Errors
    /// [`codes::MISSING`].
    pub fn need(&self, name: &str) -> Result<&'n Node<'a>> {
        self.get(name).ok_or_else(|| Error::new(codes::MISSING).in_place(self.path(name)).at(self.at))
    }

    /// A member that must be an object.
    ///
    /// # Errors
    /// [`codes::MISSING`] or [`codes::TYPE`].
    pub fn need_object(&self, name: &str) -> Result<Object<'n, 'a>> {
        self.need(name)?.object(&self.path(name))
    }

    /// A member that must be an array.
    ///
    /// # Errors
    /// [`codes::MISSING`] or [`codes::TYPE`].
    pub fn need_array(&self, name: &str) -> Result<&'n [Node<'a>]> {
        self.need(name)?.array(&self.path(name))
    }

    /// A member that must be a string.
    ///
    /// # Errors
    /// [`codes::MISSING`] or [`codes::TYPE`].
    pub fn need_text(&self, name: &str) -> Result<&'n str> {
        self.need(name)?.text(&self.path(name))
    }

    /// A member that must be a plain non-negative integer.
    ///
    /// # Errors
    /// [`codes::MISSING`], [`codes::TYPE`] or [`codes::NUMBER`].
    pub fn need_u64(&self, name: &str) -> Result<u64> {
        self.need(name)?.u64(&self.path(name))
    }

    /// A member that may be absent or `null`, else must be a string.
    ///
    /// # Errors
    /// [`codes::TYPE`].
    pub fn text(&self, name: &str) -> Result<Option<&'n str>> {
        self.get_some(name).map(|node| node.text(&self.path(name))).transpose()
    }
}

/// Whether Go's decoder takes `name` for the member `known` (ASCII).
fn folds_to(name: &str, known: &str) -> bool {
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    };
    name.chars().map(fold).eq(known.chars().map(fold))
}
