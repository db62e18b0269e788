//! Digests that might be wanted: every run of 64 hexadecimal digits that
//! stands anywhere in the evidence, also inside base64, and what is a SHA-256
//! hash in base64, as TUF metadata writes it.
//!
//! A hint only says which hash would be worth finding when bytes are
//! restored. The hash decides, so a hostile hint can do nothing.

use crate::base::order::Set as BTreeSet;

use crate::base::digest::ClaimedDigest;
use crate::base::encoding::base64;
use crate::base::limits;
use crate::evidence::{Item, Knows, Role};
use crate::model::reference::Reference;

use super::Question;

/// Shortest base64 run worth decoding: it must hold a 64-digit run.
const BASE64_RUN: usize = 88;
/// Longest base64 run that is decoded: longer than any document it may hold.
const BASE64_LONGEST: usize = 2 * limits::MANIFEST_BYTES;
/// Length of 32 bytes in base64.
const BASE64_HASH: usize = 44;
/// How deep base64 is nested in real evidence (envelope, payload).
const DEPTH: usize = 2;

/// Collects hints from all items; at most [`limits::HINTS`].
pub(super) fn collect(items: &[Item]) -> BTreeSet<ClaimedDigest> {
    let mut hints = BTreeSet::new();
    for fact in items.iter().flat_map(|item| &item.facts) {
        hints.insert(fact.digest.clone());
    }
    for item in items {
        scan(&item.bytes, DEPTH, &mut hints);
    }
    hints
}

/// Digests that the user asks for, or that a witness gives as an image.
pub(super) fn meant(question: &Question<'_>, items: &[Item]) -> BTreeSet<ClaimedDigest> {
    let said = items.iter().flat_map(|item| &item.facts);
    let said = said.filter(|fact| fact.role == Role::Top && fact.witness.knows != Knows::Text);
    let told = question.tag_answers.iter().filter_map(|told| told.answer.as_ref().ok());
    let asked = question.digest.into_iter().chain(question.image.and_then(Reference::digest));
    said.map(|fact| &fact.digest).chain(told).chain(asked).cloned().collect()
}

fn scan(bytes: &[u8], depth: usize, hints: &mut BTreeSet<ClaimedDigest>) {
    let digits = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    for run in bytes.split(|b| !digits(b)).filter(|run| run.len() == 64) {
        if hints.len() >= limits::HINTS {
            return;
        }
        let text = core::str::from_utf8(run).unwrap_or_default();
        hints.extend(ClaimedDigest::parse_sha256_hex(text));
    }
    if depth == 0 {
        return;
    }
    let alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let worth = |run: &&[u8]| run.len() == BASE64_HASH || (BASE64_RUN..=BASE64_LONGEST).contains(&run.len());
    for run in bytes.split(|b| !alphabet(b)).filter(worth) {
        let decoded = core::str::from_utf8(run).ok().and_then(|text| base64::decode(text).ok());
        let Some(decoded) = decoded else { continue };
        if let Ok(hash) = <[u8; 32]>::try_from(decoded.as_slice()) {
            if hints.len() < limits::HINTS {
                hints.insert(ClaimedDigest::from_sha256_bytes(hash));
            }
        } else {
            scan(&decoded, depth - 1, hints);
        }
    }
}
