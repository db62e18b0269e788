//! Lists from iterators, compiled to less.
//!
//! The standard library reads the first item of an iterator apart, to reserve
//! memory by what is left; and an iterator of iterators asked for one item
//! keeps where it stands in both. That is compiled for every iterator that is
//! collected: 2 % of what a browser downloads. Here the iterator runs by itself
//! and pushes. For long lists of bytes the standard library's are faster.

/// Collects what an iterator yields into a [`Vec`].
pub(crate) trait CollectVec: Iterator + Sized {
    /// All items, in their order.
    fn collect_vec(self) -> Vec<Self::Item> {
        let mut items = Vec::new();
        self.for_each(|item| items.push(item));
        items
    }
}

impl<I: Iterator> CollectVec for I {}

/// Adds what an iterator yields to a [`Vec`].
pub(crate) trait PushAll<T> {
    /// Pushes all items, in their order.
    fn push_all(&mut self, items: impl IntoIterator<Item = T>);
}

impl<T> PushAll<T> for Vec<T> {
    fn push_all(&mut self, items: impl IntoIterator<Item = T>) {
        items.into_iter().for_each(|item| self.push(item));
    }
}
