//! The rows of a list that a program prints of the user's computer: those without a
//! name or a tag beside those that have one.

use crate::base::order::Set as BTreeSet;
use crate::evidence::{Fact, Item, Knows, Role};

use super::Question;
use super::name::{is_list, is_of_pod, pods};
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

/// The outputs that list the publisher's image among others: where nobody names one, that is
/// the one that is meant. What a cluster says of the containers of a pod is a list, too.
pub(super) fn lists_of_publisher(question: &Question<'_>, items: &[Item]) -> BTreeSet<usize> {
    let policy = question.policy;
    let own =
        |fact: &Fact| fact.about.repository.as_ref().is_some_and(|name| policy.repositories.contains(name));
    let has_own = |item: &Item| item.facts.iter().any(own);
    let pods = pods(items);
    let of_pods = |item: &Item| is_of_pod(item) && pods.contains(&*item.name);
    let pods_of_own: BTreeSet<&str> =
        items.iter().filter(|item| of_pods(item) && has_own(item)).map(|item| &*item.name).collect();
    let of_publisher =
        |item: &Item| is_list(item) && has_own(item) || of_pods(item) && pods_of_own.contains(&*item.name);
    items.iter().enumerate().filter(|(_, item)| of_publisher(item)).map(|(at, _)| at).collect()
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
