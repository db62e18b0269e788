//! A parsed text whose members can be moved, added and left out, while every
//! token keeps the text it was written in.

use std::borrow::Cow;

use super::escape::Traits;
use crate::base::json::{Node, Value};
use crate::base::list::CollectVec as _;
use crate::base::order;

/// A value made of token texts.
#[derive(Clone, Debug)]
pub(super) enum Tree<'a> {
    /// A number or word.
    Token(&'a str),
    /// A string with its quotes.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Tree<'a>>),
    /// An object; names with their quotes.
    Map(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    /// The tokens of a parsed value.
    pub(super) fn of(node: &Node<'a>) -> Self {
        match &node.value {
            Value::Null => Self::Token("null"),
            Value::Bool(true) => Self::Token("true"),
            Value::Bool(false) => Self::Token("false"),
            Value::Number(number) => Self::Token(number.text()),
            Value::String(text) => Self::Text(Cow::Borrowed(text.raw)),
            Value::Array(items) => Self::List(items.iter().map(Self::of).collect_vec()),
            Value::Object(members) => Self::Map(
                members.iter().map(|m| (Cow::Borrowed(m.name.raw), Self::of(&m.node))).collect_vec(),
            ),
        }
    }

    /// Plain text as a string token; `text` must need no escapes.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Cow::Owned(quoted(text)))
    }

    /// Which characters the strings have.
    pub(super) fn traits(&self) -> Traits {
        let mut traits = Traits::default();
        self.visit(&mut |raw| traits.add(raw));
        traits
    }

    fn visit(&self, each: &mut impl FnMut(&str)) {
        match self {
            Self::Token(_) => {}
            Self::Text(raw) => each(raw),
            Self::List(items) => items.iter().for_each(|item| item.visit(each)),
            Self::Map(members) => {
                for (name, item) in members {
                    each(name);
                    item.visit(each);
                }
            }
        }
    }

    /// The members, if this is an object.
    pub(super) const fn members(&self) -> Option<&Vec<(Cow<'a, str>, Self)>> {
        match self {
            Self::Map(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The member of this plain name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.members()?.iter().find(|(n, _)| is(n, name)).map(|(_, item)| item)
    }

    /// Whether this is the string `text`.
    pub(super) fn says(&self, text: &str) -> bool {
        matches!(self, Self::Text(raw) if is(raw, text))
    }

    /// The same object with its members in the order of `names`; others keep
    /// their order and come last.
    pub(super) fn ordered(members: &mut [(Cow<'a, str>, Self)], names: &[&str]) {
        order::sort_by_key(members, |(raw, _)| names.iter().position(|n| is(raw, n)).unwrap_or(names.len()));
    }

    /// Sorts the members of every object by name.
    pub(super) fn sort(&mut self) {
        match self {
            Self::Token(_) | Self::Text(_) => {}
            Self::List(items) => items.iter_mut().for_each(Self::sort),
            Self::Map(members) => {
                order::sort_by(members, |(a, _), (b, _)| a.cmp(b));
                members.iter_mut().for_each(|(_, item)| item.sort());
            }
        }
    }
}

/// `text` between quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Whether a string token is plainly `text`.
pub(super) fn is(raw: &str, text: &str) -> bool {
    raw.strip_prefix('"').and_then(|r| r.strip_suffix('"')) == Some(text)
}
