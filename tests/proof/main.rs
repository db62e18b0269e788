//! Signatures, log entries and Content Trust metadata: who signed which digest.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod conformance;
mod cosign_vectors;
mod dct_collections;
mod dct_hostile;
mod dct_rivals;
mod dct_vectors;
mod hostile_signatures;
mod mutations;
mod notary_oracle;
mod own_bundles;
mod own_vectors;
