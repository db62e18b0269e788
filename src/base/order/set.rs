//! A set: the tree of a map, and items where a map has entries.

use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;

use super::{Tree, arrange};

/// A set in order.
#[derive(Clone)]
pub struct Set<T> {
    pub(super) tree: Tree,
    items: Vec<T>,
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Set<T> {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { tree: Tree::new(), items: Vec::new() }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All in order.
    pub fn iter(&self) -> std::vec::IntoIter<&T> {
        let mut items: Vec<_> = self.items.iter().collect();
        arrange(self.tree.order(), &mut |a, b| items.swap(a, b));
        items.into_iter()
    }

    /// The first in order.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.items.get(self.tree.first()?)
    }
}

impl<T: Ord> Set<T> {
    /// Whether it is there.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        let items = &self.items;
        let found = self
            .tree
            .find(&mut |at| items.get(at).map_or(Ordering::Greater, |other| item.cmp(other.borrow())));
        found.is_some()
    }

    /// Takes it in; whether it was not there.
    pub fn insert(&mut self, item: T) -> bool {
        let items = &self.items;
        let known = self.tree.add(&mut |at| items.get(at).map_or(Ordering::Greater, |other| item.cmp(other)));
        if known.is_none() {
            self.items.push(item);
        }
        known.is_none()
    }

    /// Whether nothing is in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        !self.items.iter().any(|item| other.contains(item))
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| {
            self.insert(item);
        });
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::new();
        items.into_iter().for_each(|item| {
            set.insert(item);
        });
        set
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for Set<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        let mut items = self.items;
        arrange(self.tree.order(), &mut |a, b| items.swap(a, b));
        items.into_iter()
    }
}

impl<'s, T> IntoIterator for &'s Set<T> {
    type Item = &'s T;
    type IntoIter = std::vec::IntoIter<&'s T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for Set<T> {}

impl<T: Ord> PartialOrd for Set<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> Ord for Set<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
