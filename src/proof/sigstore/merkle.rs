//! Merkle tree hashes and inclusion proofs (RFC 9162, section 2.1).

use super::codes;
use crate::base::digest::Digest;
use crate::base::error::{Error, Result};

/// Hash of a leaf: SHA-256 over `00` and the entry.
pub(super) fn leaf(entry: &[u8]) -> Digest {
    Digest::of(&[&[0], entry].concat())
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    *Digest::of(&[[1].as_slice(), left, right].concat()).as_bytes()
}

/// The root that a leaf, its index and a path of hashes lead to
/// (RFC 9162, section 2.1.3.2). The number of hashes must be exact.
pub(super) fn root(leaf: Digest, index: u64, size: u64, path: &[[u8; 32]]) -> Result<[u8; 32]> {
    if index >= size {
        return Err(Error::new(codes::PROOF_INDEX).expected(size.to_string()).found(index.to_string()));
    }
    let wrong_length = || {
        let expected = path_length(index, size);
        Error::new(codes::PROOF_LENGTH).expected(expected.to_string()).found(path.len().to_string())
    };
    let (mut fn_, mut sn) = (index, size - 1);
    let mut hash = *leaf.as_bytes();
    for sibling in path {
        if sn == 0 {
            return Err(wrong_length());
        }
        if fn_ & 1 == 1 || fn_ == sn {
            hash = node(sibling, &hash);
            while fn_ & 1 == 0 && fn_ != 0 {
                fn_ >>= 1;
                sn >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        fn_ >>= 1;
        sn >>= 1;
    }
    if sn == 0 { Ok(hash) } else { Err(wrong_length()) }
}

/// Number of hashes in the path of a leaf (RFC 9162, section 2.1.3.1).
const fn path_length(index: u64, size: u64) -> u32 {
    let (mut fn_, mut sn, mut length) = (index, size.saturating_sub(1), 0);
    while sn > 0 {
        if fn_ & 1 == 1 || fn_ < sn {
            length += 1;
        }
        fn_ >>= 1;
        sn >>= 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tree hash and path by the recursive definitions of RFC 9162, 2.1.1
    /// and 2.1.3.1, to hold the iterative verification against.
    fn tree(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node(&tree(left), &tree(right))
            }
        }
    }

    fn path(index: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
        if leaves.len() < 2 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        let (mut rest, sibling) = if index < left.len() {
            (path(index, left), tree(right))
        } else {
            (path(index - left.len(), right), tree(left))
        };
        rest.push(sibling);
        rest
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_included_and_nothing_else() {
        let leaves: Vec<_> = (0_u8..34).map(|i| *leaf(&[i]).as_bytes()).collect();
        for size in 1..=leaves.len() {
            let expected = tree(&leaves[..size]);
            for index in 0..size {
                let hashes = path(index, &leaves[..size]);
                let (i, n) = (index as u64, size as u64);
                let of = |i, n, hashes: &[_]| root(leaf(&[index as u8]), i, n, hashes);
                assert_eq!(of(i, n, &hashes).unwrap(), expected);
                assert_eq!(path_length(i, n) as usize, hashes.len());
                assert_eq!(of(n, n, &hashes).unwrap_err().code(), codes::PROOF_INDEX);
                let longer = [hashes.as_slice(), &[[0; 32]]].concat();
                assert_eq!(of(i, n, &longer).unwrap_err().code(), codes::PROOF_LENGTH);
                if let Some((_, shorter)) = hashes.split_last() {
                    assert_eq!(of(i, n, shorter).unwrap_err().code(), codes::PROOF_LENGTH);
                }
                for other in (0..n).filter(|other| *other != i) {
                    assert!(
                        of(other, n, &hashes).is_ok_and(|r| r != expected) || of(other, n, &hashes).is_err()
                    );
                }
            }
        }
    }

    #[test]
    fn the_empty_tree_has_no_entries() {
        assert_eq!(root(leaf(b""), 0, 0, &[]).unwrap_err().code(), codes::PROOF_INDEX);
        assert_eq!(root(leaf(b""), u64::MAX - 1, u64::MAX, &[]).unwrap_err().code(), codes::PROOF_LENGTH);
    }
}
