//! What a text picked up on its way: a JSON string, base64, a mail or a recording of a
//! terminal around it, the source of a web page, line numbers, quote marks, no-break blanks,
//! line breaks of a terminal. Each is taken away only where the whole text shows it, so that
//! a text that never had it stays as it is; or where a whole document begins behind it.

mod among;
mod encoded;
mod log;
mod mail;
mod page;
mod prefix;
mod recording;
mod wrap;

use std::borrow::Cow;

use super::codes;
use crate::base::code::Code;
use crate::base::message::Message;

type Change = fn(&str) -> Option<String>;

/// In the order in which the outermost goes first.
const CHANGES: &[(Change, Code)] = &[
    (encoded::text, codes::REPAIR_ENCODED),
    (mail::text, codes::REPAIR_ENCODED),
    (recording::text, codes::REPAIR_ENCODED),
    (log::objects, codes::REPAIR_PREFIXES),
    (page::text, codes::REPAIR_PAGE),
    (page::plain_signs, codes::REPAIR_TYPOGRAPHY),
    (page::plain_blanks, codes::REPAIR_TYPOGRAPHY),
    (prefix::removed, codes::REPAIR_PREFIXES),
    (among::text, codes::REPAIR_ENCODED),
    (wrap::joined, codes::REPAIR_LINES),
];

/// A long text as it was before a mail or a page held it; its lines are left as they are.
pub(super) fn opened<'t>(text: &'t str, repairs: &mut Vec<Message>) -> Cow<'t, str> {
    let changed = mail::text(text).map(|text| (text, codes::REPAIR_ENCODED));
    let page = || if text.trim_start().starts_with('<') { page::text(text) } else { None };
    let changed = changed.or_else(|| Some((page()?, codes::REPAIR_PAGE)));
    let Some((changed, code)) = changed else { return Cow::Borrowed(text) };
    repairs.push(Message::new(code, &[]));
    Cow::Owned(changed)
}

/// The text as it was before, and what was taken away.
pub(super) fn unpacked<'t>(text: &'t str, repairs: &mut Vec<Message>) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(text);
    for (change, code) in CHANGES {
        if let Some(changed) = change(&text) {
            repairs.push(Message::new(*code, &[]));
            text = Cow::Owned(changed);
        }
    }
    text
}
