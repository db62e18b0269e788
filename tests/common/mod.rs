//! What the integration tests share: where the vectors are, and the checks
//! themselves as plain functions over bytes, so that they can run natively
//! and in wasm alike.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod cosign_case;
pub mod hostile;
pub mod hostile_log;
pub mod image;
#[allow(unused_imports)]
pub mod notary_signer;
#[cfg(not(target_arch = "wasm32"))]
pub mod notary_tools;
#[cfg(not(target_arch = "wasm32"))]
pub mod own_vectors;
#[cfg(not(target_arch = "wasm32"))]
pub mod registry;
pub mod release;
pub mod stand_in;
pub mod tar;

#[cfg(not(target_arch = "wasm32"))]
pub mod vectors;
#[cfg(not(target_arch = "wasm32"))]
pub mod work;
