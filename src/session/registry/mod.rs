//! From a reference to evidence: which request comes next, and who sends it.
//!
//! Nothing a registry or a proxy says is believed. What it sends is hashed
//! and handed to the engine as [`Given`](crate::evidence::Given) bytes, exactly
//! as if somebody had pasted them; a tag is resolved on the registry's word,
//! which the report says.
//!
//! | module | what it settles |
//! |---|---|
//! | [`plan`] | which request comes next (pure); [`request`], [`url`], [`challenge`], [`redirect`] |
//! | [`tags`] | tags by the digest they name |
//! | [`proxy`] | what the proxy lets through (pure) |

pub mod challenge;
pub mod codes;
mod documents;
mod job;
pub mod links;
pub mod plan;
pub mod proxy;
pub mod redirect;
pub mod request;
pub mod status;
pub mod tags;
mod token;
pub mod url;
