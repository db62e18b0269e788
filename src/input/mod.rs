//! From what people paste and drop to documents with known bytes.

mod claim;
pub mod codes;
mod item;
pub mod looked;
mod nested;
mod recover;
mod scan;
mod tidy;

pub use claim::{Claim, ClaimSource};
pub use item::{Given, Item, Kind, Origin};
pub use recover::{Recovered, recover, trimmed};
