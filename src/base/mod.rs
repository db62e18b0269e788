//! What everything else stands on, and what knows nothing of images: errors
//! and their codes, digests, time, limits, encodings, strict JSON, proofs.

pub(crate) mod affix;
pub mod code;
pub mod digest;
pub mod encoding;
pub mod error;
pub mod json;
pub mod limits;
pub(crate) mod list;
pub mod message;
pub mod order;
pub mod outcome;
pub mod proof;
pub mod time;
pub mod words;
