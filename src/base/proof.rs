//! Proofs: values that exist only because a check succeeded.
//!
//! Each is made in the module that makes the check and has no other
//! constructor. [`Proof`] is sealed to this crate, so that a caller cannot
//! invent one. What it can do is read:
//!
//! ```
//! use webdis_verify::base::proof::Proof;
//! fn rule(proof: &dyn Proof) -> String { proof.evidence().rule }
//! ```
//!
//! ```compile_fail
//! struct Mine;
//! impl webdis_verify::base::proof::Proof for Mine {
//!     fn evidence(&self) -> webdis_verify::base::proof::Evidence { unimplemented!() }
//! }
//! ```

use serde::Serialize;

use crate::base::digest::{ClaimedDigest, Matched};

pub(crate) mod sealed {
    /// Only types of this crate are proofs.
    pub trait Sealed {}
}

/// A value whose existence shows that a check succeeded.
pub trait Proof: sealed::Sealed {
    /// What was examined, for people who want to see it.
    fn evidence(&self) -> Evidence;
}

/// A proof that a root of trust states a digest: where a chain to an image may
/// begin. That bytes match, or that a parent lists a child, is a proof too,
/// but says nothing about who wants it so.
pub trait Anchor: Proof {
    /// The digest stated.
    fn stated(&self) -> &ClaimedDigest;
}

/// What was examined in a link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// Digest of the bytes examined; names one of the report's items where
    /// the item is at hand.
    pub digest: Option<String>,
    /// Length of the bytes examined.
    pub size: Option<usize>,
    /// The value demanded.
    pub expected: Option<String>,
    /// The value found.
    pub found: Option<String>,
    /// The rule that was applied, with its specification.
    pub rule: String,
    /// Named facts: key fingerprint, log index, time, role.
    pub facts: Vec<(String, String)>,
    /// Bytes that were signed or hashed and are not an item of their own
    /// (a DSSE pre-authentication encoding, canonical JSON), base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

impl sealed::Sealed for Matched<'_> {}

impl Proof for Matched<'_> {
    fn evidence(&self) -> Evidence {
        let digest = self.digest().to_string();
        Evidence {
            digest: Some(digest.clone()),
            size: Some(self.bytes().len()),
            expected: Some(digest.clone()),
            found: Some(digest),
            rule: "SHA-256 over exactly these bytes (OCI image-spec, descriptor.md, Digests)".to_owned(),
            ..Evidence::default()
        }
    }
}
