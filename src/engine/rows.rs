//! The rows of a list that a program prints of the user's computer: those without a
//! name or a tag beside those that have one.

use crate::base::order::Set as BTreeSet;
use crate::evidence::{Fact, Item, Knows, Role};

/// The images of an output that have a name there, each with the program that lists it,
/// and whether a tag stands beside the name.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn named(item: &Item) -> BTreeSet<(&'static str, usize, bool)> {
    let named = item.facts.iter().filter(|fact| fact.role == Role::Top && fact.about.repository.is_some());
    named.map(|fact| (fact.witness.tool, fact.image, fact.about.tag.is_some())).collect()
}

/// Whether a computer lists an image without a name beside others that have one, or
/// without a tag (`<none>`) beside others that have one: it lies about there, and is not
/// the one that was asked for by name. A name that another program printed is none of
/// its list.
pub(super) fn is_nameless(fact: &Fact, named: &BTreeSet<(&'static str, usize, bool)>) -> bool {
    let tool = fact.witness.tool;
    let lists = |tagged: bool| named.iter().any(|(other, _, tag)| *other == tool && (*tag || !tagged));
    let is = |tag| named.contains(&(tool, fact.image, tag));
    fact.witness.knows == Knows::Computer
        && match fact.about.repository {
            None => lists(false) && !is(true) && !is(false),
            Some(_) => fact.about.tag.is_none() && lists(true) && !is(true),
        }
}
