//! Docker Content Trust (Notary v1): which digest did the publisher sign for
//! a tag?
//!
//! Five or more JSON files, saved from a Notary server, are checked without
//! any server from the key ids that the publisher documents ([`Pins`]):
//!
//! | file | signed by | says |
//! |---|---|---|
//! | root.json | the pinned root key | the keys of the other roles |
//! | timestamp.json | the timestamp key | hash and length of snapshot.json |
//! | snapshot.json | the snapshot key | hash and length of all the others |
//! | targets.json | the pinned repository key | tags, and who else may sign tags |
//! | targets/NAME.json | that delegate | tags; `releases` is what Docker pulls |
//!
//! [`verify()`] gives a [`Verification`]: each role with its own outcome, a
//! [`Verdict`], and, if the set is authentic, a [`Collection`] to look tags
//! up in. Signatures cover [canonical JSON](crate::base::json::notary).
//! TUF specification 0.9; theupdateframework/notary 0.7.0.

mod body;
mod certificate;
mod choose;
pub mod codes;
mod collection;
mod delegations;
mod file;
mod gather;
mod hashes;
mod key;
mod missing_root;
mod moment;
mod proof;
mod role_matching;
mod root;
mod save;
mod signature;
pub mod trust_text;
mod verification;
mod verify;

pub use body::{Body, Content, Delegation, Kind, Role};
pub use certificate::Certificate;
pub use collection::{Collection, Release, ReleasedManifest};
pub use file::{File, Form, SignatureEntry};
pub use hashes::FileMeta;
pub use key::Key;
pub use proof::{RoleOutcome, RoleProof, RoleReport, Verdict};
pub use role_matching::role_of_name;
pub use save::{Layout, layout};
pub use signature::Signed;
pub use verification::{Aside, MissingFile, Verification};
pub use verify::verify;

/// The roles on which a verdict depends, in the order of the chain.
const CHAIN: [&str; 5] = ["root", "timestamp", "snapshot", "targets", RELEASES];
/// The delegation that Docker's tools release tags in.
const RELEASES: &str = "targets/releases";

/// A file as it was given.
#[derive(Clone, Copy, Debug)]
pub struct NamedFile<'a> {
    /// File name or path, with its folders where they are known: they tell
    /// one repository's files from another's. Anything that is no path
    /// (`paste 1`) tells nothing and does no harm.
    pub name: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// The publisher's documented keys: 64 lower-case hexadecimal digits each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// Root key ids: the hash over the certificate entry, as `docker trust
    /// inspect` shows it. At least one is needed to verify anything.
    pub root: Vec<String>,
    /// Repository key ids. Empty: any repository key the root names.
    pub repository: Vec<String>,
    /// Signers by name with their canonical key ids. Empty: any signer the
    /// repository key delegates to.
    pub signers: Vec<Signer>,
}

/// A documented signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// As in `targets/NAME`.
    pub name: String,
    /// Canonical key id.
    pub key_id: String,
}
