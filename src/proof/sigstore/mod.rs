//! Sigstore: bundles, envelopes, and what a transparency log shows.
//!
//! [`Bundle`] is the container of cosign 3. [`Signed`] is the proof that a
//! chosen key made a signature. [`log`] shows from a [`TrustedRoot`] that a
//! log recorded exactly this key, signature and digest: Rekor v1 by a signed
//! entry timestamp or an inclusion proof, Rekor v2 by an inclusion proof.
//!
//! Certificates and RFC 3161 timestamps are not examined here: material that
//! needs them ends in [`codes::IDENTITY`].

mod body;
pub mod bundle;
mod checkpoint;
pub mod codes;
pub mod dsse;
mod entry;
pub mod log;
mod log_key;
mod merkle;
mod proto;
mod rekor_v1;
mod rekor_v2;
mod signed;
mod trusted_root;

pub(crate) use body::recorded;
pub use bundle::{Bundle, Content, Material, MessageSignature};
pub use dsse::Envelope;
pub use entry::{Entry, InclusionProof, KindVersion};
pub use log::{Inclusion, LogEvidence, LogProof};
pub use signed::Signed;
pub use trusted_root::{Log, PUBLIC_GOOD_DATE, PUBLIC_GOOD_SHA256, TrustedRoot, Window};
