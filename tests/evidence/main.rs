//! What pastes, files and archives are recognised as, and the bytes restored from them.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod carried;
#[cfg(feature = "cli")]
mod corpus;
mod errors;
mod properties;
mod recognise;
#[cfg(feature = "cli")]
mod recover_command;
mod recovery;
mod repairs;
mod slow;
mod tools;
