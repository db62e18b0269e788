//! Is this container image what its publisher signed?
//!
//! Untrusted bytes come in (pasted, dropped, fetched). They are hashed, then
//! recognised, then held against a root of trust the user pinned. Out comes a
//! [`report::Report`] in which every link says what it proves.
//!
//! The rooms are the argument, from the ground up; imports point one way,
//! from later rooms to earlier ones:
//!
//! | room | what it settles |
//! |---|---|
//! | [`base`] | which bytes (digests), one reading of a text (strict JSON), errors, codes, limits, time |
//! | [`model`] | which image, in which registry, whose key, who may sign what |
//! | [`proof`] | who signed which digest: cosign, Sigstore logs, TUF. The only makers of a proof |
//! | [`evidence`] | what a paste, file or archive is; the original bytes of a re-printed text |
//! | [`engine`] | the links from the root of trust to the image in the user's hand |
//! | [`report`] | the answer, in words and in JSON; the catalogue of all codes |
//! | [`session`] | evidence and look-ups over time: the check, the registry plan |
//! | [`edge`] | the browser, the network, the command line |
//!
//! Nothing outside of [`edge`] does I/O; time is an argument.

pub mod base;
pub mod edge;
pub mod engine;
pub mod evidence;
pub mod model;
pub mod proof;
pub mod report;
pub mod session;

pub use base::code::Code;
pub use base::digest::{ClaimedDigest, Digest};
pub use base::error::{Error, Result};
pub use base::time::Time;
pub use model::reference::Reference;
