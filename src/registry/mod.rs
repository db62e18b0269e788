//! From a reference to evidence: which request comes next, and who sends it.
//!
//! Nothing a registry or a proxy says is believed. What it sends is hashed
//! and handed to the engine as [`Given`](crate::input::Given) bytes, exactly
//! as if somebody had pasted them; a tag is resolved on the registry's word,
//! which the report says.
//!
//! | module | what it settles |
//! |---|---|
//! | [`plan`] | which request comes next (pure); [`request`], [`url`], [`challenge`], [`redirect`] |
//! | [`tags`] | tags by the digest they name |
//! | [`proxy`] | what the proxy lets through (pure) |
//! | [`address`] | which addresses are public |
//! | `native`, `web` | the drivers: ureq, fetch |
//! | [`verify`] | fetch, check, fetch what is missing |
//! | [`known`] | public registries: API host, token address, blob hosts |
//! | [`commands`] | the same steps for a terminal |

pub mod address;
pub mod challenge;
pub mod codes;
pub mod commands;
mod documents;
#[cfg(feature = "cli")]
mod http1;
mod job;
pub mod known;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod native;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod page;
pub mod plan;
pub mod proxy;
pub mod redirect;
pub mod request;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod serve;
mod status;
pub mod tags;
mod token;
pub mod url;
pub mod verify;
#[cfg(all(feature = "web", target_arch = "wasm32"))]
pub mod web;

pub use commands::{commands, script};
