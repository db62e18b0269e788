//! A sentence with its code and arguments, so that it can be translated.

use crate::base::list::CollectVec as _;
use crate::base::order::Map as BTreeMap;

use serde::Serialize;

use crate::base::code::{Code, fill};
use crate::base::error::Error;
use crate::base::words::shown;

/// A sentence of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The stable code.
    pub code: &'static str,
    /// The sentence in English.
    pub text: String,
    /// The next step in English; empty if there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next: String,
    /// Values of the placeholders.
    pub args: BTreeMap<String, String>,
}

impl Message {
    /// A sentence with its arguments filled in.
    #[must_use]
    pub fn new(code: Code, args: &[(&str, &str)]) -> Self {
        let words: Vec<_> = args.iter().map(|(name, value)| (*name, shown(name, value))).collect_vec();
        let mut text = fill(code.template(), &words);
        // The name of a program stays as it is; words begin a sentence.
        if code.template().starts_with('{') && text.starts_with("the ") {
            text.replace_range(..1, "T");
        }
        Self {
            code: code.name(),
            text,
            next: fill(code.next_step(), &words),
            args: args.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }
}

impl From<&Error> for Message {
    fn from(error: &Error) -> Self {
        let args = error.args();
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect_vec();
        Self::new(error.code(), &args)
    }
}
