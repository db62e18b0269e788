//! From a printed text back to the bytes that were hashed.
//!
//! Programs re-indent, re-order and re-escape what they print; the digest
//! that is wanted decides which form was the original, so trying forms is
//! safe: a wrong guess never matches. Tokens keep their text and no value is
//! ever computed. What cannot be rebuilt is *not checked*, never "tampered".

mod escape;
mod layout;
mod order;
mod search;
mod tree;

use crate::base::list::CollectVec as _;
use crate::base::order::Set as BTreeSet;

use search::Search;

use super::{codes, embedded, json_scan, normalize};
use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Node, Value};
use crate::base::limits;
use crate::base::message::Message;

/// Original bytes, their digest, and what was done to get them.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their digest, computed.
    pub digest: Digest,
    /// Every repair applied; empty if the text was the bytes already.
    pub repairs: Vec<Message>,
}

/// Most values of one text that are laid out anew.
const VALUES: usize = 64;

/// Looks for the bytes behind `text` that have one of the `wanted` digests.
///
/// Tried in this order: the text and its JSON values as they are, with line
/// ends, byte order mark and surroundings repaired; `Raw` and `Payload`
/// members decoded; then each value in every usual layout, with every
/// writer's escapes; indexes also in the member orders of Docker and of the
/// OCI types, with attestation annotations, and from the descriptors of a
/// verbose listing.
///
/// # Errors
/// [`codes::UNRECOVERABLE`] when no form matches, and
/// [`limits::codes::LIMIT`] past [`limits::RECOVERY_BYTES`]; both of class
/// *not checked*.
pub fn recover(text: &[u8], wanted: &BTreeSet<ClaimedDigest>) -> Result<Recovered> {
    recover_within(text, wanted, &mut (limits::RECOVERY_CANDIDATES * limits::RECOVERY_BYTES))
}

/// As [`recover`], within a budget of bytes hashed that several texts share.
/// What was hashed is taken off it; with none left, or without a wanted
/// digest, nothing is tried.
///
/// # Errors
/// Those of [`recover`].
pub fn recover_within(
    text: &[u8],
    wanted: &BTreeSet<ClaimedDigest>,
    budget: &mut usize,
) -> Result<Recovered> {
    limits::within("a text to restore", text.len(), limits::RECOVERY_BYTES)?;
    let mut search = Search::new(wanted, *budget);
    if wanted.is_empty() || *budget == 0 {
        return Err(Error::new(codes::UNRECOVERABLE).found("no form tried"));
    }
    if as_given(text, &mut search).is_some() {
        from_text(text, &mut search);
    }
    *budget = budget.saturating_sub(search.hashed);
    search.found.ok_or_else(|| {
        let error =
            Error::new(codes::UNRECOVERABLE).found(format!("nothing in {} ways to print it", search.tried));
        match wanted.first() {
            Some(only) if wanted.len() == 1 => error.expected(only.to_string()),
            _ => error,
        }
    })
}

/// Whether the members of every object stand in alphabetical order, as `jq -S`
/// prints them, and some object has enough of them for that to be no chance.
#[must_use]
pub fn is_sorted(text: &[u8]) -> bool {
    fn sorted(node: &Node<'_>, most: &mut usize) -> bool {
        match &node.value {
            Value::Object(members) => {
                *most = (*most).max(members.len());
                members.is_sorted_by(|one, other| one.name.value < other.name.value)
                    && members.iter().all(|member| sorted(&member.node, most))
            }
            Value::Array(items) => items.iter().all(|item| sorted(item, most)),
            _ => true,
        }
    }
    let mut most = 0;
    json::parse(text).is_ok_and(|node| sorted(&node, &mut most)) && most > 2
}

/// The bytes of a text for which no digest is known: its trailing line
/// breaks are left out, as terminals add one and registries do not store it.
/// The result says that the layout could not be confirmed.
#[must_use]
pub fn trimmed(text: &[u8]) -> Recovered {
    let bytes = without_trailing_newlines(text).to_vec();
    let mut repairs = vec![Message::new(codes::LAYOUT_UNCONFIRMED, &[])];
    if bytes.len() != text.len() {
        repairs.insert(0, Message::new(codes::REPAIR_TRAILING, &[]));
    }
    Recovered { digest: Digest::of(&bytes), bytes, repairs }
}

/// The forms in which a text may have been signed, where no digest decides
/// but a signature does: without trailing line breaks, without a byte order
/// mark and with plain line ends, and its first JSON value as it stands and
/// without white space, as Go writes a payload. The text itself is not among
/// them. A wrong guess is as safe as a wrong digest: no signature fits it.
#[must_use]
pub fn signed_forms(text: &[u8]) -> Vec<Vec<u8>> {
    let mut forms: Vec<Vec<u8>> = Vec::new();
    let mut push = |form: &[u8]| {
        if form != text && !form.is_empty() && !forms.iter().any(|seen| seen == form) {
            forms.push(form.to_vec());
        }
    };
    push(without_trailing_newlines(text));
    let Some((normal, _)) = normalize::normalize(text) else { return forms };
    let lines = unix_lines(normal.as_bytes());
    push(&lines);
    push(without_trailing_newlines(&lines));
    let mended = normalize::mend(&normal);
    let whole = mended.as_deref().unwrap_or(&normal);
    let value = json_scan::parts(whole).find_map(|part| match part {
        json_scan::Part::Json(node) | json_scan::Part::Inner(node) => Some(node),
        _ => None,
    });
    if let Some(node) = value {
        push(whole.get(node.span.clone()).unwrap_or_default().as_bytes());
        let mut compact = Vec::new();
        let limit = limits::PAYLOAD_BYTES;
        layout::Layout::Compact.write(&tree::Tree::of(&node), escape::Form::KEEP, &mut compact, limit);
        push(&compact);
    }
    forms
}

fn without_trailing_newlines(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|b| !b"\r\n".contains(b)).map_or(0, |last| last + 1);
    text.get(..end).unwrap_or_default()
}

/// The text as a whole, whatever it is.
fn as_given(text: &[u8], search: &mut Search<'_>) -> Option<()> {
    search.raw(text, &[])?;
    let no_mark = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let marked = if no_mark.len() == text.len() { vec![] } else { vec![codes::REPAIR_BOM] };
    let plain = unix_lines(no_mark);
    for (bytes, line_ends) in [(no_mark, false), (plain.as_slice(), true)] {
        if line_ends && bytes == no_mark {
            continue;
        }
        let mut repairs = marked.clone();
        if line_ends {
            repairs.push(codes::REPAIR_CRLF);
        }
        search.raw(bytes, &repairs)?;
        repairs.push(codes::REPAIR_TRAILING);
        let cut = without_trailing_newlines(bytes);
        search.raw_and_newline(cut, &repairs)?;
        repairs.pop();
        repairs.push(codes::REPAIR_TRIMMED);
        search.raw_and_newline(cut.trim_ascii(), &repairs)?;
    }
    Some(())
}

fn unix_lines(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (i, byte) in text.iter().enumerate() {
        if *byte != b'\r' || text.get(i + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

/// The JSON values in the text.
fn from_text(given: &[u8], search: &mut Search<'_>) -> Option<()> {
    let (text, tidied) = normalize::normalize(given)?;
    let mended = normalize::mend(&text);
    let joined = normalize::join_wrapped(&text);
    let mut texts = vec![(text.as_ref(), tidied.clone())];
    for (other, code) in [(&mended, codes::REPAIR_TYPOGRAPHY), (&joined, codes::REPAIR_WRAPPED)] {
        if let Some(other) = other {
            let mut repairs = tidied.clone();
            repairs.push(Message::new(code, &[]));
            texts.push((other, repairs));
        }
    }
    for (text, repairs) in texts {
        values_of(text, &repairs, search)?;
    }
    Some(())
}

fn values_of(text: &str, repairs: &[Message], search: &mut Search<'_>) -> Option<()> {
    let values: Vec<_> = json_scan::parts(text)
        .filter_map(|part| match part {
            json_scan::Part::Json(node) | json_scan::Part::Inner(node) => Some(node),
            _ => None,
        })
        .take(VALUES)
        .collect_vec();
    let mut decoded = Vec::new();
    for node in &values {
        let slice = text.get(node.span.clone()).unwrap_or_default();
        let mut cut = repairs.to_vec();
        if slice.len() != text.trim().len() {
            cut.push(Message::new(codes::REPAIR_CUT, &[]));
        }
        search.value(slice.as_bytes(), &cut)?;
        for (member, bytes) in embedded::encoded(node).into_iter().take(limits::INDEX_DESCRIPTORS) {
            let mut from = cut.clone();
            from.push(Message::new(codes::REPAIR_MEMBER, &[("member", member)]));
            search.value(&bytes, &from)?;
            decoded.push((bytes, from));
        }
    }
    for node in &values {
        search.layouts(node, repairs)?;
    }
    // A base64 member holds exact bytes; it is laid out anew only if nothing else fits.
    for (bytes, repairs) in decoded.into_iter().take(VALUES) {
        if let Ok(node) = crate::base::json::parse(&bytes) {
            search.layouts(&node, &repairs)?;
        }
    }
    Some(())
}
