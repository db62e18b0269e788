//! The rows of a list that a program prints of the user's computer: those without a
//! name or a tag beside those that have one.

use crate::base::order::Set as BTreeSet;
use crate::evidence::{Fact, Item, Knows, Role};

use super::Question;
use super::name::is_list;
use super::printed_pairs::is_one_product;

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

/// Whether an output lists the publisher's image among others: where nobody names one, that
/// is the one that is meant.
pub(super) fn lists_others(question: &Question<'_>, item: &Item) -> bool {
    let own = |fact: &Fact| {
        fact.about.repository.as_ref().is_some_and(|name| question.policy.repositories.contains(name))
    };
    is_list(item) && item.facts.iter().any(own)
}

/// Whether a row is of another product: its repository is none of the publisher's, and no mirror
/// of one.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn is_of_others(question: &Question<'_>, fact: &Fact) -> bool {
    let policy = question.policy;
    let product = |name: &String| policy.repositories.iter().any(|own| is_one_product(policy, own, name));
    fact.about.repository.as_ref().is_some_and(|name| !product(name))
}
