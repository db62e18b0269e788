//! Is this container image what its publisher signed?
//!
//! Untrusted bytes come in (pasted, dropped, fetched). They are hashed, then
//! recognised, then held against a root of trust the user pinned. Out comes a
//! [`Report`] in which every link says what it proves.
//!
//! ```
//! use webdis_verify::{Given, Options, Origin, Outcome, Publisher, Time, check};
//!
//! # fn main() -> webdis_verify::Result<()> {
//! let file = |name: &str, bytes: &[u8]| Given { name: name.into(), origin: Origin::File, bytes: bytes.into() };
//! let image = file("index.json", include_bytes!("../tests/vectors/images/app/index.json"));
//! let signature = file("bundle.json", include_bytes!("../tests/vectors/images/app/index.bundle.json"));
//! let mut options = Options::at(Time::parse("2026-11-25T21:50:47Z")?);
//! options.image = Some("localhost:5000/team/app:1.0".to_owned());
//! # options.trusted_root = Some(include_bytes!("../tests/vectors/keys/trusted_root.json").to_vec());
//!
//! let key = |file: &[u8]| Publisher::Key("cosign.pub".to_owned(), file.to_vec());
//! options.publisher = key(include_bytes!("../tests/vectors/keys/cosign.pub"));
//! let report = check(&[image.clone(), signature.clone()], &options)?;
//! assert_eq!((report.outcome, report.code), (Outcome::Proven, "signed"));
//!
//! // Without the signature nothing is proven, and the report says what is missing.
//! let report = check(&[image.clone()], &options)?;
//! assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "signature-needed"));
//! assert!(!report.needs.is_empty());
//!
//! // Somebody else's key.
//! options.publisher = key(include_bytes!("../tests/vectors/keys/other.pub"));
//! let report = check(&[image, signature], &options)?;
//! assert_eq!((report.outcome, report.code), (Outcome::Contradicted, "signed-by-another-key"));
//! # Ok(())
//! # }
//! ```
//!
//! [`Session`] does the same over time: evidence comes and goes, and it says
//! which requests to a registry would complete it.
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
pub use base::outcome::Outcome;
pub use base::time::Time;
pub use evidence::{Given, Origin};
pub use model::reference::Reference;
pub use report::Report;
pub use session::Session;
pub use session::check::{Options, Publisher, check};
