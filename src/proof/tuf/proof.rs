//! What became of each role, and of the whole set.

use super::codes;
use super::file::{File, Form};
use super::signature::Signed;
use crate::base::code::Class;
use crate::base::encoding::base64;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::base::proof::{Evidence, Proof};
use crate::base::time::Time;

/// Proof that a role's file is signed by keys that may sign for it, traced
/// to the pinned root key, and is the one the metadata above it lists.
#[derive(Clone, Debug)]
pub struct RoleProof {
    role: String,
    signed: Signed,
    form: Option<Form>,
    version: u64,
    expires: Time,
    bytes_digest: String,
    size: usize,
    canonical: Vec<u8>,
}

impl RoleProof {
    pub(super) fn new(role: &str, file: &File, signed: Signed, form: Option<Form>) -> Self {
        Self {
            role: role.to_owned(),
            signed,
            form,
            version: file.body().version,
            expires: file.body().expires,
            bytes_digest: file.digests().0.to_string(),
            size: file.bytes().len(),
            canonical: file.canonical().to_vec(),
        }
    }

    /// Ids of the keys whose signatures count.
    #[must_use]
    pub fn key_ids(&self) -> &[String] {
        self.signed.key_ids()
    }

    /// Version of the file.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The layout that agreed with the hash listed above it; `None` if no
    /// verified file lists it (the timestamp, or a set without snapshot).
    #[must_use]
    pub const fn form(&self) -> Option<Form> {
        self.form
    }
}

impl crate::base::proof::sealed::Sealed for RoleProof {}

impl Proof for RoleProof {
    fn evidence(&self) -> Evidence {
        let mut facts = vec![
            ("role".to_owned(), self.role.clone()),
            ("version".to_owned(), self.version.to_string()),
            ("expires".to_owned(), self.expires.to_string()),
            ("signed".to_owned(), self.signed.canonical().to_string()),
        ];
        for (id, made) in self.key_ids().iter().zip(self.signed.made()) {
            facts.push(("key".to_owned(), id.clone()));
            facts.push(("publicKey".to_owned(), base64::encode(&made.key)));
            facts.push(("signature".to_owned(), base64::encode(&made.signature)));
        }
        if let Some(form) = self.form {
            facts.push(("listed".to_owned(), form.digest().to_string()));
        }
        Evidence {
            digest: Some(self.bytes_digest.clone()),
            size: Some(self.size),
            rule:
                "ECDSA P-256 with SHA-256 over the canonical JSON of `signed`, by as many different keys as \
                   the role demands (Notary v1, TUF); SHA-256, SHA-512 and length as listed one level up"
                    .to_owned(),
            facts,
            bytes: Some(base64::encode(&self.canonical)),
            ..Evidence::default()
        }
    }
}

/// What became of one role.
#[derive(Clone, Debug)]
pub enum RoleOutcome {
    /// Shown from the pinned root key.
    Proven(Box<RoleProof>),
    /// Examined and refused, or not examinable; the error's class says which.
    Failed(Error),
    /// The file was not given.
    Missing {
        /// Whether the verdict waits for it.
        required: bool,
    },
    /// A delegation that has signed nothing.
    Unpublished,
}

/// One role and what became of it.
#[derive(Clone, Debug)]
pub struct RoleReport {
    pub(super) role: String,
    pub(super) outcome: RoleOutcome,
    pub(super) caveats: Vec<Message>,
}

impl RoleReport {
    pub(super) fn new(role: &str, outcome: RoleOutcome) -> Self {
        Self { role: role.to_owned(), outcome, caveats: Vec::new() }
    }

    /// `root`, `timestamp`, `snapshot`, `targets` or a delegation's name.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// What became of it.
    #[must_use]
    pub const fn outcome(&self) -> &RoleOutcome {
        &self.outcome
    }

    /// Its qualifications: expiry, rotation.
    #[must_use]
    pub fn caveats(&self) -> &[Message] {
        &self.caveats
    }

    /// The proof, if it holds.
    #[must_use]
    pub const fn proof(&self) -> Option<&RoleProof> {
        match &self.outcome {
            RoleOutcome::Proven(proof) => Some(proof),
            _ => None,
        }
    }

    /// Whether the verdict depends on it: the four roles and the delegation
    /// that `docker pull` reads.
    #[must_use]
    pub fn on_chain(&self) -> bool {
        super::CHAIN.contains(&self.role.as_str())
    }
}

/// What is known of a set of metadata.
///
/// An alarm (*contradicted*) is raised by [`Verdict::KeysDiffer`] and
/// [`Verdict::Rejected`] only. Files of other repositories, of other moments,
/// and files that neither a pin nor a root linked to it vouches for never
/// raise one: they are set aside, or something is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is signed, listed and in its time.
    Fresh,
    /// What it proves is authentic, but nothing shows that it is the newest.
    /// Without a verified snapshot only the repository's own targets file
    /// proves tags. No alarm.
    AuthenticNotFresh,
    /// The root of trust, or its certificate, is past its end. No alarm: time
    /// passed, and that is all.
    RootExpired,
    /// An alarm: the root that the pinned key signed names another repository
    /// or signer's key than the documented one; or a root with signed tags of
    /// its own stands under this repository's name, and neither carries the
    /// pinned key nor says that this introduced it. Without tags it says
    /// nothing of any image.
    KeysDiffer,
    /// An alarm: a file claims a key of this repository and does not verify
    /// (altered after signing, signed by the key of another role, by too few),
    /// no other at hand does, or a verified file lists bytes that are here and
    /// do not hold. Also a file that is named as a role's and breaks a rule
    /// that Notary keeps.
    Rejected,
    /// A key type is not supported. No alarm.
    Unsupported,
    /// A file is missing: it was not given, or what was given is of another
    /// moment ([`codes::OTHER_MOMENT`]), of another repository, or a
    /// stranger's. No alarm.
    Incomplete,
}

impl Verdict {
    /// The stable kebab-case name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::AuthenticNotFresh => "authentic-not-fresh",
            Self::RootExpired => "root-expired",
            Self::KeysDiffer => "keys-differ",
            Self::Rejected => "rejected",
            Self::Unsupported => "unsupported",
            Self::Incomplete => "incomplete",
        }
    }

    pub(super) fn of(error: &Error) -> Self {
        let code = error.code();
        if code == codes::ROOT_EXPIRED {
            Self::RootExpired
        } else if [codes::ROOT_KEY_DIFFERS, codes::REPOSITORY_KEY_DIFFERS, codes::SIGNER_KEY_DIFFERS]
            .contains(&code)
        {
            Self::KeysDiffer
        } else if error.class() == Class::Contradicted {
            Self::Rejected
        } else if code == codes::KEY_UNSUPPORTED {
            Self::Unsupported
        } else {
            Self::Incomplete
        }
    }

    /// Which of two failures decides; the higher.
    pub(super) const fn gravity(self) -> u8 {
        match self {
            Self::Rejected => 6,
            Self::KeysDiffer => 5,
            Self::RootExpired => 4,
            Self::Unsupported => 3,
            Self::Incomplete => 2,
            Self::AuthenticNotFresh => 1,
            Self::Fresh => 0,
        }
    }
}
