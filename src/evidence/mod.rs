//! From what people paste and drop to documents with known bytes.

mod answer;
pub mod archive;
mod carried;
mod classify;
pub mod codes;
mod command;
mod embedded;
mod fact;
mod fold;
mod gates;
mod inner;
mod item;
mod json_scan;
mod kept_report;
mod key_file;
mod lines;
mod marks;
pub mod measured;
mod normalize;
mod read_text;
mod recognise;
mod recover;
mod secret;
mod shell;
mod shortened;
mod strings;
mod terminal;
mod tools;
mod trust_text;

pub use fact::{About, COMMAND_LINE, COSIGN_RECORD, DigestKind, Fact, Knows, Role, Witness};
pub use item::{Cut, Given, Item, Kind, Origin};
pub use key_file::key_file;
pub use recognise::recognise;
pub use recover::{Recovered, is_sorted, recover, recover_within, signed_forms, trimmed};
pub use trust_text::{TrustRow, TrustSigner, TrustText, trust_text};
