//! Maps, sets and sorting, ordered by key, whose work is compiled once.
//!
//! The standard library makes a B-tree and a sort for every type that is put
//! into one, which is a tenth of what a browser downloads. Here one tree holds
//! positions only and asks for comparisons; the types stay outside of it.
//! Every operation on one key takes logarithmic time, as in a B-tree.

mod set;
mod sort;

use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;

use serde::{Serialize, Serializer};

use crate::base::list::CollectVec as _;

pub use set::Set;
use sort::arrange;
pub(crate) use sort::sorted;
pub use sort::{sort_by, sort_by_key};

/// No position.
const NONE: u32 = u32::MAX;

/// An AA tree (Andersson, 1993) of the positions `0..len`, in the order that
/// the comparisons of its owner give them.
#[derive(Clone, Debug)]
struct Tree {
    root: u32,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    left: u32,
    right: u32,
    level: u8,
}

/// A position, or that there is none.
fn at(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Tree {
    const fn new() -> Self {
        Self { root: NONE, nodes: Vec::new() }
    }

    fn node(&self, position: u32) -> Node {
        self.nodes.get(at(position)).copied().unwrap_or(Node { left: NONE, right: NONE, level: 0 })
    }

    fn set(&mut self, position: u32, node: Node) {
        if let Some(slot) = self.nodes.get_mut(at(position)) {
            *slot = node;
        }
    }

    /// The position that compares equal. `compare` says how what is looked
    /// for stands to what is at a position.
    fn find(&self, compare: &mut dyn FnMut(usize) -> Ordering) -> Option<usize> {
        let mut here = self.root;
        while here != NONE {
            let node = self.node(here);
            match compare(at(here)) {
                Ordering::Equal => return Some(at(here)),
                Ordering::Less => here = node.left,
                Ordering::Greater => here = node.right,
            }
        }
        None
    }

    /// Takes in the next position, unless one compares equal: which that is.
    fn add(&mut self, compare: &mut dyn FnMut(usize) -> Ordering) -> Option<usize> {
        let mut known = None;
        self.root = self.insert(self.root, &mut known, compare);
        known
    }

    fn insert(
        &mut self,
        here: u32,
        known: &mut Option<usize>,
        compare: &mut dyn FnMut(usize) -> Ordering,
    ) -> u32 {
        if here == NONE {
            let new = u32::try_from(self.nodes.len()).unwrap_or(NONE);
            self.nodes.push(Node { left: NONE, right: NONE, level: 1 });
            return new;
        }
        let node = self.node(here);
        let changed = match compare(at(here)) {
            Ordering::Equal => {
                *known = Some(at(here));
                return here;
            }
            Ordering::Less => Node { left: self.insert(node.left, known, compare), ..node },
            Ordering::Greater => Node { right: self.insert(node.right, known, compare), ..node },
        };
        self.set(here, changed);
        let here = self.skew(here);
        self.split(here)
    }

    /// A left link on the same level becomes a right link.
    fn skew(&mut self, here: u32) -> u32 {
        let node = self.node(here);
        let left = self.node(node.left);
        if node.left == NONE || left.level != node.level {
            return here;
        }
        self.set(here, Node { left: left.right, ..node });
        self.set(node.left, Node { right: here, ..left });
        node.left
    }

    /// Two right links on the same level: the middle one rises.
    fn split(&mut self, here: u32) -> u32 {
        let node = self.node(here);
        let right = self.node(node.right);
        if node.right == NONE || right.right == NONE || self.node(right.right).level != node.level {
            return here;
        }
        self.set(here, Node { right: right.left, ..node });
        self.set(node.right, Node { left: here, level: right.level + 1, ..right });
        node.right
    }

    /// The first position in order.
    fn first(&self) -> Option<usize> {
        let (mut first, mut here) = (None, self.root);
        while here != NONE {
            first = Some(at(here));
            here = self.node(here).left;
        }
        first
    }

    /// All positions in order.
    fn order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut above = Vec::new();
        let mut here = self.root;
        while here != NONE || !above.is_empty() {
            while here != NONE {
                above.push(here);
                here = self.node(here).left;
            }
            if let Some(top) = above.pop() {
                order.push(at(top));
                here = self.node(top).right;
            }
        }
        order
    }
}

/// A map in the order of its keys.
#[derive(Clone)]
pub struct Map<K, V> {
    tree: Tree,
    entries: Vec<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { tree: Tree::new(), entries: Vec::new() }
    }

    /// How many keys there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys and values in the order of the keys.
    pub fn iter(&self) -> std::vec::IntoIter<(&K, &V)> {
        let mut entries: Vec<_> = self.entries.iter().map(|(key, value)| (key, value)).collect_vec();
        arrange(self.tree.order(), &mut |a, b| entries.swap(a, b));
        entries.into_iter()
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    fn into_entries(self) -> Vec<(K, V)> {
        let mut entries = self.entries;
        arrange(self.tree.order(), &mut |a, b| entries.swap(a, b));
        entries
    }

    /// The values in the order of their keys.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_entries().into_iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V> Map<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        let entries = &self.entries;
        self.tree.find(&mut |position| {
            entries.get(position).map_or(Ordering::Greater, |(other, _)| key.cmp(other.borrow()))
        })
    }

    /// Whether a key is there.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_some()
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(self.find(key)?).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let position = self.find(key)?;
        self.entries.get_mut(position).map(|(_, value)| value)
    }

    /// Sets the value of a key; the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let entries = &self.entries;
        let known = self.tree.add(&mut |position| {
            entries.get(position).map_or(Ordering::Greater, |(other, _)| key.cmp(other))
        });
        match known.and_then(|position| self.entries.get_mut(position)) {
            Some((_, known)) => Some(core::mem::replace(known, value)),
            None => {
                self.entries.push((key, value));
                None
            }
        }
    }

    /// Changes the value of a key, which begins as the default.
    pub fn change(&mut self, key: K, change: impl FnOnce(&mut V))
    where
        V: Default,
    {
        if let Some(known) = self.get_mut(&key) {
            return change(known);
        }
        let mut value = V::default();
        change(&mut value);
        self.insert(key, value);
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| {
            self.insert(key, value);
        });
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        entries.into_iter().for_each(|(key, value)| {
            map.insert(key, value);
        });
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_entries().into_iter()
    }
}

impl<'m, K, V> IntoIterator for &'m Map<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = std::vec::IntoIter<(&'m K, &'m V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Numbers that look random, the same at every run.
    fn numbers(count: u32, below: u32) -> impl Iterator<Item = u32> {
        (1..=count).scan(7_u32, move |state, _| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*state >> 8) % below)
        })
    }

    #[test]
    fn it_holds_what_a_b_tree_holds() {
        for (count, below) in [(0, 1), (1, 1), (500, 50), (5_000, 1_000_000)] {
            let entries = || numbers(count, below).zip(numbers(count, 9));
            let (own, theirs) = (Map::from_iter(entries()), BTreeMap::from_iter(entries()));
            assert!(own.iter().eq(theirs.iter()) && own.len() == theirs.len());
            assert!(own.clone().into_iter().eq(theirs.clone()) && own.keys().rev().eq(theirs.keys().rev()));
            assert!((0..below.min(2_000)).all(|key| own.get(&key) == theirs.get(&key)));
            let (own, theirs) =
                (Set::from_iter(numbers(count, below)), BTreeSet::from_iter(numbers(count, below)));
            assert!(own.iter().eq(&theirs) && own.first() == theirs.first());
        }
    }

    #[test]
    fn sorting_keeps_equal_ones_as_they_stood() {
        let mut own: Vec<_> = numbers(3_000, 40).enumerate().collect();
        let mut theirs = own.clone();
        sort_by_key(&mut own, |(_, key)| *key);
        theirs.sort_by_key(|(_, key)| *key);
        assert_eq!(own, theirs);
    }

    #[test]
    fn sorting_ends_where_comparisons_contradict_each_other() {
        let beats = |a: &u32, b: &u32| if (a + 1) % 3 == b % 3 { Ordering::Greater } else { Ordering::Less };
        let mut own: Vec<_> = numbers(3_000, 40).collect();
        let mut theirs = own.clone();
        sort_by(&mut own, beats);
        own.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(own, theirs, "all are still there");
    }

    #[test]
    fn in_order_and_in_reverse_it_stays_flat() {
        for up in [true, false] {
            let numbers = 0..100_000_u32;
            let map: Set<u32> = if up { numbers.collect() } else { numbers.rev().collect() };
            let deepest = map.tree.nodes.iter().map(|node| node.level).max();
            assert!(deepest.is_some_and(|level| level <= 18), "{deepest:?}");
            assert!(map.iter().is_sorted());
        }
    }
}
