//! A merge sort of positions, compiled once for all types.

use core::cmp::Ordering;

use crate::base::list::CollectVec as _;

/// The positions `0..count` in the order of comparisons; equal ones as they
/// stood. (The standard library's sort is compiled anew for each type, and
/// panics when comparisons contradict each other.)
pub(crate) fn sorted(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect_vec();
    merge_sort(&mut order, &mut Vec::with_capacity(count), compare);
    order
}

fn merge_sort(
    order: &mut [usize],
    merged: &mut Vec<usize>,
    compare: &mut dyn FnMut(usize, usize) -> Ordering,
) {
    let (left, right) = order.split_at_mut(order.len() / 2);
    if left.is_empty() {
        return;
    }
    merge_sort(left, merged, compare);
    merge_sort(right, merged, compare);
    let (mut left, mut right) = (&*left, &*right);
    merged.clear();
    while let (Some((a, after_a)), Some((b, after_b))) = (left.split_first(), right.split_first()) {
        if compare(*a, *b) == Ordering::Greater {
            merged.push(*b);
            right = after_b;
        } else {
            merged.push(*a);
            left = after_a;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    order.iter_mut().zip(merged).for_each(|(place, next)| *place = *next);
}

/// Brings what stands at `order`'s positions to `0..`, by swaps: each cycle once.
pub(super) fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut here = start;
        while let Some(from) = order.get_mut(here).map(|from| core::mem::replace(from, here)) {
            if from == start || from == here {
                break;
            }
            swap(here, from);
            here = from;
        }
    }
}

/// Sorts, and keeps equal ones as they stood.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = sorted(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Sorts by a key, which is made once for each, and keeps equal ones as they stood.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect_vec();
    let order = sorted(keys.len(), &mut |a, b| keys.get(a).cmp(&keys.get(b)));
    arrange(order, &mut |a, b| items.swap(a, b));
}
