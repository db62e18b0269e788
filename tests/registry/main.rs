//! The registry plan, the drivers and the proxies, before servers that lie.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod asked;
mod given;
mod hostile_proxy;
mod plan;
mod proxy_lists;
mod proxy_serve;
mod session;
mod verdict;
