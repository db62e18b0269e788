//! What a signature may have been made over, where nothing says which belong
//! together, and how many pairs are tried.

use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::order;
use crate::evidence::{Item, Kind};

use super::store::{Hints, Store};
use super::{Question, claims};

/// How many texts, the likeliest, each signature is tried with whatever others
/// used up.
pub(super) const FREE: usize = 4;

/// What may have been signed, where nothing says which signature is over which.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub(super) store: &'a Store,
    pub(super) question: &'a Question<'a>,
    pub(super) files: &'a [ClaimedDigest],
    pub(super) payloads: &'a [&'a Item],
}

/// What bare annotations may have been made over, likelier ones first: payloads of
/// what is `meant`. What looks like something else may still be what was signed.
pub(super) fn payloads<'a>(store: &'a Store, meant: &Hints) -> Vec<&'a Item> {
    let likely = |item: &&Item| matches!(item.kind, Kind::Payload | Kind::Envelope);
    let perhaps = |item: &&Item| {
        matches!(item.kind, Kind::Statement | Kind::CosignVerify | Kind::Json | Kind::Text | Kind::Blob)
            && item.bytes.len() <= limits::PAYLOAD_BYTES
    };
    let mut all: Vec<_> =
        store.items.iter().filter(likely).chain(store.items.iter().filter(perhaps)).collect_vec();
    order::sort_by_key(&mut all, |item| {
        let known = likely(item);
        let wanted = known && claims::of_text(&item.bytes).iter().any(|digest| meant.contains(digest));
        (!wanted, !known)
    });
    all
}

/// How many more pairs of a signature and what it may be over are tried.
#[derive(Debug)]
pub(super) struct Tries(usize);

impl Default for Tries {
    fn default() -> Self {
        Self(limits::SIGNATURE_TRIES)
    }
}

impl Tries {
    pub(super) fn take(&mut self) -> Result<()> {
        let left = self.0.checked_sub(1);
        self.0 = left.ok_or_else(|| {
            let tries = limits::SIGNATURE_TRIES.to_string();
            Error::new(limits::codes::LIMIT)
                .in_place("texts tried as what was signed")
                .expected(tries)
                .found("more")
        })?;
        Ok(())
    }
}
