//! Is this container image what its publisher signed?
//!
//! Untrusted bytes come in (pasted, dropped, fetched). They are hashed, then
//! recognised, then held against a root of trust the user pinned. Out comes a
//! [`report::Report`] in which every link says what it proves.
//!
//! The modules are the argument, top to bottom:
//!
//! | module | what it settles |
//! |---|---|
//! | [`digest`] | which bytes: computed digests against claimed ones |
//! | [`json`] | one reading of a text, and no other |
//! | [`input`] | what a paste, file or archive is; the original bytes of a re-printed text |
//! | [`oci`] | what an image is made of: index, manifest, config |
//! | [`reference`] | which image, in which registry |
//! | [`key`] | which key |
//! | [`sigstore`], [`cosign`] | who signed which digest, and whether a log saw it |
//! | [`tuf`] | the same for Docker Content Trust (Notary v1) |
//! | [`publisher`] | who may sign what |
//! | [`chain`] | the links from the root of trust to the image in the user's hand |
//! | [`report`] | the answer, in words and in JSON |
//!
//! Nothing here does I/O except the drivers under `registry` and the edge in
//! `wasm`; time is an argument.

pub mod chain;
pub mod check;
pub mod code;
pub mod cosign;
pub mod digest;
pub mod encoding;
pub mod error;
pub mod input;
pub mod json;
pub mod key;
pub mod limits;
pub mod oci;
pub mod publisher;
pub mod reference;
pub mod registry;
pub mod report;
pub mod sigstore;
pub mod time;
pub mod tuf;
pub mod wasm;

pub use code::Code;
pub use digest::{ClaimedDigest, Digest};
pub use error::{Error, Result};
pub use reference::Reference;
pub use time::Time;
