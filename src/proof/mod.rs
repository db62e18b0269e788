//! The only makers of a proof: bytes and pins go in, a value comes out that
//! exists because a signature, log entry or role was checked.

pub mod cosign;
pub mod sigstore;
pub mod tuf;
