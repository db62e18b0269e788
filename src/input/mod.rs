//! From what people paste and drop to documents with known bytes.

mod claim;
mod item;
pub mod looked;

pub use claim::{Claim, ClaimSource};
pub use item::{Given, Item, Kind, Origin};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Nothing in this text or file is of a known kind.
        UNRECOGNISED = "unrecognised", NotChecked,
            "This was not recognised.",
            "Paste the output of one of the commands under Examples, or drop the file itself.";
    }
}
