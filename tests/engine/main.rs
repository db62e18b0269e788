//! The engine through its front door: evidence in, report out. Every proof
//! has a twin that fails by one change.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;
#[allow(unused_imports)]
#[path = "../notary_signer/mod.rs"]
mod notary_signer;

mod agreement;
mod case;
mod held;
mod image;
mod needs;
mod properties;
mod registries;
mod said;
mod signatures;
mod sizes;
mod subject;
