//! From what people paste and drop to documents with known bytes.

pub mod archive;
mod assert;
mod blocks;
mod claim;
pub mod codes;
mod fact;
mod inspect;
mod item;
mod nested;
mod recognise;
mod recover;
mod scan;
mod secret;
mod shape;
mod terminal;
mod tidy;
mod trust_text;

pub use claim::{Claim, ClaimSource};
pub use fact::{About, DigestKind, Fact, Knows, Role, Witness};
pub use inspect::{Inspected, inspected};
pub use item::{Given, Item, Kind, Origin};
pub use recognise::recognise;
pub use recover::{Recovered, recover, recover_within, trimmed};
pub use trust_text::{TrustRow, TrustSigner, TrustText, trust_text};
