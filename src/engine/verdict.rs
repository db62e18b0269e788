//! From links to one outcome: the weakest link of the chain decides.

use crate::base::outcome::Outcome;
use crate::engine::link::{Link, Place};

/// Witness that the chain runs from a pinned root down to the subject. Made
/// only where a verified statement was followed to the subject's digest;
/// without one, no set of links is a proof of anything.
#[derive(Debug)]
pub(super) struct Reached(());

impl Reached {
    /// Only the modules that follow a verified statement call this, with the
    /// proof that the statement names the digest the path begins at.
    pub(super) const fn by(_names: &dyn crate::base::proof::Proof) -> Self {
        Self(())
    }
}

/// The weakest link of the chain; the first one among equals.
pub(super) fn weakest(links: &[Link]) -> Option<&Link> {
    let chain = links.iter().filter(|link| link.place() == Place::Chain);
    chain.reduce(
        |weakest, link| {
            if link.outcome().weakness() > weakest.outcome().weakness() { link } else { weakest }
        },
    )
}

/// The outcome of a set of links.
pub(super) fn conclude(links: &[Link], reached: Option<&Reached>) -> Outcome {
    match (weakest(links).map(Link::outcome), reached) {
        (Some(Outcome::Proven), Some(Reached(()))) => Outcome::Proven,
        (Some(Outcome::Proven) | None, _) => Outcome::NotChecked,
        (Some(other), _) => other,
    }
}

/// Whether one list of links is a better answer than another, among
/// alternatives: stronger outcomes win.
pub(super) fn stronger(one: Outcome, other: Outcome) -> bool {
    one.weakness() < other.weakness()
}
