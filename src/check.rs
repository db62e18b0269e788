//! The front door: options as text, evidence as bytes, a report.
//!
//! Page, element, command line and tests all come through here, so that a
//! pasted check and a fetched check cannot differ.

use crate::chain::{self, Question};
use crate::digest::ClaimedDigest;
use crate::error::Result;
use crate::input::{Given, looked::Looked};
use crate::publisher::{LogPolicy, Policy, Profile};
use crate::reference::Reference;
use crate::registry::commands::commands;
use crate::report::Report;
use crate::sigstore::TrustedRoot;
use crate::time::Time;

/// Whose signature is demanded.
#[derive(Clone, Debug, Default)]
pub enum Publisher {
    /// The built-in one for its own images, else none.
    #[default]
    Default,
    /// The built-in one of this name (`webdis`).
    Named(String),
    /// A profile file.
    Profile(Vec<u8>),
    /// A public key file and its name.
    Key(String, Vec<u8>),
    /// An identity and its issuer.
    Identity(String, String),
    /// Content Trust key ids: root and repository.
    ContentTrust(String, String),
}

/// Options of a check, as a user gives them.
#[derive(Clone, Debug)]
pub struct Options {
    /// Image reference.
    pub image: Option<String>,
    /// Digest of the image.
    pub digest: Option<String>,
    /// Whose signature is demanded.
    pub publisher: Publisher,
    /// A Sigstore trusted root instead of the embedded one.
    pub trusted_root: Option<Vec<u8>>,
    /// Predicate type demanded instead of an image signature.
    pub attestation: Option<String>,
    /// Do without the transparency log.
    pub ignore_tlog: bool,
    /// The time to judge validity by.
    pub now: Time,
    /// Put the bytes of the items into the report.
    pub include_bytes: bool,
}

impl Options {
    /// No demands beyond the defaults, at a time.
    #[must_use]
    pub fn at(now: Time) -> Self {
        Self {
            image: None,
            digest: None,
            publisher: Publisher::Default,
            trusted_root: None,
            attestation: None,
            ignore_tlog: false,
            now,
            include_bytes: false,
        }
    }
}

/// Options that were read and found well formed.
#[derive(Clone, Debug)]
pub struct Check {
    /// The image asked about.
    pub image: Option<Reference>,
    /// The digest asked about.
    pub digest: Option<ClaimedDigest>,
    /// What is demanded.
    pub policy: Policy,
    /// The time to judge validity by.
    pub now: Time,
    /// Put the bytes of the items into the report.
    pub include_bytes: bool,
}

impl Check {
    /// Reads options.
    ///
    /// # Errors
    /// The first option that is malformed.
    pub fn new(options: &Options) -> Result<Self> {
        let image = options.image.as_deref().map(Reference::parse).transpose()?;
        let digest = options.digest.as_deref().map(ClaimedDigest::parse).transpose()?;
        let trusted_root = match &options.trusted_root {
            Some(file) => TrustedRoot::parse(file)?,
            None => TrustedRoot::public_good()?,
        };
        let mut policy = match &options.publisher {
            Publisher::Default => Policy::default_for(image.as_ref(), trusted_root)?,
            Publisher::Named(name) => Policy::of_profile(Profile::named(name)?, trusted_root),
            Publisher::Profile(file) => Policy::of_profile(Profile::parse(file)?, trusted_root),
            Publisher::Key(name, file) => Policy::of_key(name, file, trusted_root)?,
            Publisher::Identity(identity, issuer) => Policy::of_identity(identity, issuer, trusted_root),
            Publisher::ContentTrust(root, repository) => {
                Policy::of_content_trust(root, repository, image.as_ref(), trusted_root)?
            }
        };
        if options.ignore_tlog {
            policy.log = LogPolicy::Ignored;
        }
        policy.attestation.clone_from(&options.attestation);
        Ok(Self { image, digest, policy, now: options.now, include_bytes: options.include_bytes })
    }

    /// Answers for the evidence at hand. `looked` says where a driver looked
    /// for signatures.
    #[must_use]
    pub fn run(&self, given: &[Given], looked: &[Looked]) -> Report {
        let mut report = chain::check(&Question {
            given,
            image: self.image.as_ref(),
            digest: self.digest.as_ref(),
            policy: &self.policy,
            now: self.now,
            looked,
            include_bytes: self.include_bytes,
        });
        if let Some(image) = &self.image {
            report.commands = commands(image, &report.needs);
        }
        report
    }
}

/// Reads options and answers for the evidence at hand.
///
/// # Errors
/// The first option that is malformed.
pub fn check(given: &[Given], options: &Options) -> Result<Report> {
    Ok(Check::new(options)?.run(given, &[]))
}
