//! From links to one outcome: the weakest link of the chain decides.

use super::path::Step;
use crate::base::digest::ClaimedDigest;
use crate::base::outcome::Outcome;
use crate::base::proof::Anchor;
use crate::engine::link::{Link, Place};

/// Witness that a chain runs from a root of trust down to the subject. Without
/// one, no set of links is a proof of anything.
#[derive(Debug)]
pub(super) struct Reached(());

impl Reached {
    /// Exists only where the steps begin at the digest that the anchor states,
    /// each goes on where the one before ended, and the last ends at the subject.
    pub(super) fn by(anchor: &dyn Anchor, steps: &[Step], subject: &ClaimedDigest) -> Option<Self> {
        let mut at = anchor.stated();
        for step in steps {
            if !at.matches(&step.parent()) {
                return None;
            }
            at = step.child();
        }
        (at == subject).then_some(Self(()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::digest::Digest;
    use crate::base::proof::{Evidence, Proof, sealed};
    use crate::model::oci::{self, Document, Index};

    struct Says(ClaimedDigest);
    impl sealed::Sealed for Says {}
    impl Proof for Says {
        fn evidence(&self) -> Evidence {
            Evidence::default()
        }
    }
    impl Anchor for Says {
        fn stated(&self) -> &ClaimedDigest {
            &self.0
        }
    }

    fn index(child: &ClaimedDigest) -> Index {
        let text = format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{child}","size":1}}]}}"#
        );
        match oci::read(text.as_bytes()).unwrap() {
            Document::Index(index) => index,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_subject_is_reached_only_by_steps_that_follow_one_another() {
        let claim = |text: &[u8]| Digest::of(text).to_claim();
        let (leaf, stranger) = (claim(b"leaf"), claim(b"stranger"));
        let lower = index(&leaf);
        let upper = index(&lower.digest().to_claim());
        let step = |index: &Index, child: &ClaimedDigest| Step::Listed(index.lists(child).unwrap());
        let down = || step(&lower, &leaf);
        let top = || step(&upper, &lower.digest().to_claim());
        let reached = |from: &ClaimedDigest, steps: &[Step], to: &ClaimedDigest| {
            Reached::by(&Says(from.clone()), steps, to).is_some()
        };
        let root = upper.digest().to_claim();
        assert!(reached(&root, &[top(), down()], &leaf));
        assert!(reached(&leaf, &[], &leaf));
        // Another beginning, another end, a step left out, the wrong order.
        assert!(!reached(&stranger, &[top(), down()], &leaf));
        assert!(!reached(&root, &[top(), down()], &stranger));
        assert!(!reached(&root, &[down()], &leaf));
        assert!(!reached(&root, &[top()], &leaf));
        assert!(!reached(&root, &[down(), top()], &leaf));
        assert!(!reached(&stranger, &[], &leaf));
    }
}
