//! Rules of the repository that the compiler does not know.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod architecture;
mod codes;
mod kit;
mod rules;
mod vectors;
mod words;
