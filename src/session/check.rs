//! The front door: options as text, evidence as bytes, a report.
//!
//! Page, element, command line and tests all come through here, so that a
//! pasted check and a fetched check cannot differ.

use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::outcome::Outcome;
use crate::base::time::Time;
use crate::engine::lookup::Lookup;
use crate::engine::need::NeedKind;
use crate::engine::policy::Policy;
use crate::engine::tag_answer::TagAnswer;
use crate::engine::{self, Question};
use crate::evidence;
use crate::evidence::Given;
use crate::evidence::archive::pack::pack;
use crate::model::publisher::{LogPolicy, Profile};
use crate::model::reference::{Host, Reference};
use crate::model::registry_table;
use crate::proof::sigstore::TrustedRoot;
use crate::proof::tuf::{self, NamedFile};
use crate::report::Report;
use crate::report::commands::commands;

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
    /// Notary v1 server to ask instead of the publisher's: `HOST[:PORT]` or
    /// its base address.
    pub notary: Option<String>,
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
            notary: None,
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
    /// The user named no publisher: the image, asked or named, chooses.
    default_publisher: bool,
    notary: Option<Host>,
}

impl Check {
    /// Reads options.
    ///
    /// # Errors
    /// The first option that is malformed.
    pub fn new(options: &Options) -> Result<Self> {
        let image = options.image.as_deref().map(Reference::parse_loose).transpose()?;
        let digest = options.digest.as_deref().map(ClaimedDigest::parse).transpose()?;
        one_digest(image.as_ref(), digest.as_ref())?;
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
        let notary = options.notary.as_deref().map(Host::of_server).transpose()?;
        let default_publisher = matches!(options.publisher, Publisher::Default);
        let (now, include_bytes) = (options.now, options.include_bytes);
        Ok(Self { image, digest, policy, now, include_bytes, default_publisher, notary })
    }

    /// The Notary server to ask about the image: the one of the options, else
    /// the publisher's, else Docker Hub's for images there. `None` unless the
    /// publisher's Content Trust keys for this image are pinned: without them
    /// no answer would prove anything.
    #[must_use]
    pub fn notary(&self) -> Option<Host> {
        let image = self.image.as_ref()?;
        let server = &self.policy.content_trust_of(image)?.server;
        let default = || Host::parse(registry_table::NOTARY).ok().filter(|_| image.host().is_docker_hub());
        self.notary.clone().or_else(|| server.clone()).or_else(default)
    }

    /// Whether that server is worth asking where cosign signatures do not
    /// decide. Not for a tag that is not Content Trust's by the profile: that
    /// is the older scheme, and what it says of a tag may be outdated.
    #[must_use]
    pub fn may_ask_notary(&self) -> bool {
        let tag = self.image.as_ref().and_then(|image| image.tag_or_latest());
        self.notary().is_some() && tag.is_none_or(|tag| self.policy.is_of_content_trust(tag))
    }

    /// Whether it is to be asked whatever cosign signatures say: by the publisher's list of
    /// releases this very tag is Content Trust's, which knows what the tag means. An older
    /// image's cosign signature does not.
    #[must_use]
    pub fn must_ask_notary(&self) -> bool {
        let tagged = self.image.as_ref().is_some_and(|image| image.tag_or_latest().is_some());
        tagged && !self.policy.releases.is_empty() && self.may_ask_notary()
    }

    /// The image to fetch: a digest given beside the tag says which one.
    #[must_use]
    pub fn asked(&self) -> Option<Reference> {
        let image = self.image.as_ref()?;
        Some(match (&self.digest, image.digest()) {
            (Some(digest), None) => image.with_digest(digest.clone()),
            _ => image.clone(),
        })
    }

    /// Answers for the evidence at hand. `lookups` says where a driver looked
    /// for signatures.
    #[must_use]
    pub fn run(&self, given: &[Given], lookups: &[Lookup]) -> Report {
        self.run_with(given, lookups, &[])
    }

    /// The same, where a driver also asked registries what the tag means.
    #[must_use]
    pub fn run_with(&self, given: &[Given], lookups: &[Lookup], tag_answers: &[TagAnswer]) -> Report {
        let items = evidence::recognise(given);
        let names = match self.image {
            Some(_) => engine::Names::default(),
            None => engine::names(&items, &self.policy),
        };
        let of_product = names.of_product(&self.policy).filter(|_| self.digest.is_none());
        let image = self.image.as_ref().or(names.image.as_ref()).or(of_product.as_ref());
        // The texts name another publisher's images: none is known for them.
        let own = |name: &String| self.policy.repositories.contains(name);
        let stranger =
            self.default_publisher && !names.repositories.is_empty() && !names.repositories.iter().any(own);
        let none = stranger.then(|| self.policy.without_publisher());
        let mut question = Question {
            given,
            image,
            asked: self.image.is_some(),
            digest: self.digest.as_ref(),
            policy: none.as_ref().unwrap_or(&self.policy),
            now: self.now,
            lookups,
            tag_answers,
            include_bytes: self.include_bytes,
        };
        let mut report = engine::check(&question, items);
        // Nobody said that the built-in publisher is meant: another's image is no lie.
        let assumed = self.default_publisher && image.is_none() && !names.repositories.iter().any(own);
        let unknown = assumed && report.code == engine::codes::SIGNED_BY_ANOTHER_KEY.name();
        let nobody = unknown.then(|| self.policy.without_publisher());
        if let Some(nobody) = &nobody {
            question.policy = nobody;
            report = engine::check(&question, evidence::recognise(given));
        }
        // A digest of the one repository that is named: no tag, but a place to ask.
        // Nobody can be asked for an ID: which image it is, is what is missing.
        let unnamed = report.needs.iter().any(|need| need.kind == NeedKind::Subject);
        let pinned = report.subject.digest.clone().filter(|_| report.outcome != Outcome::Proven && !unnamed);
        let pinned =
            pinned.zip(names.only()).and_then(|(d, name)| Reference::parse(&format!("{name}@{d}")).ok());
        let pinned = pinned.filter(|_| image.is_none());
        if let Some(pinned) = &pinned {
            report.subject.reference = Some(pinned.to_string());
        }
        if let Some(image) = image.or(pinned.as_ref()) {
            let server = self.policy.content_trust.as_ref().and_then(|trust| trust.server.as_ref());
            report.commands = commands(image, &report.needs, self.notary.as_ref().or(server));
        }
        report
    }
}

/// Two digests that differ are two questions.
fn one_digest(image: Option<&Reference>, digest: Option<&ClaimedDigest>) -> Result<()> {
    match (image.and_then(Reference::digest), digest) {
        (Some(named), Some(asked)) if named != asked => {
            Err(Error::new(codes::TWO_DIGESTS).expected(named.to_string()).found(asked.to_string()))
        }
        _ => Ok(()),
    }
}

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// `--digest` and the digest in the reference differ.
        TWO_DIGESTS = "two-digests-asked", NotChecked,
            "Two different digests are asked about: {expected} in the reference, and {found}.",
            "Give one of them.";
    }
}

/// Metadata in a zip file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// File name: `content-trust-nicolas-webdis.zip`.
    pub name: String,
    /// The zip file.
    pub bytes: Vec<u8>,
}

/// The Notary metadata among the evidence as a zip file that can be given
/// again, named after `image`. `None` if there is none.
///
/// # Errors
/// Those of [`pack`].
pub fn save_metadata(given: &[Given], image: Option<&Reference>) -> Result<Option<Saved>> {
    let items = evidence::recognise(given);
    let metadata = items.iter().filter(|item| item.kind.is_notary_metadata());
    let files: Vec<_> = metadata.map(|item| NamedFile { name: &item.name, bytes: &item.bytes }).collect_vec();
    let gun = image.map_or_else(|| "metadata".to_owned(), Reference::gun);
    let Some(layout) = tuf::layout(&files, &gun) else { return Ok(None) };
    Ok(Some(Saved { name: format!("{}.zip", layout.name), bytes: pack(&layout.files)? }))
}

impl Check {
    /// References to the same tag (or digest) in the publisher's other
    /// repositories.
    #[must_use]
    pub fn elsewhere(&self) -> Vec<Reference> {
        let Some(image) = &self.image else { return Vec::new() };
        let own = &self.policy.repositories;
        if !own.contains(&image.name()) {
            return Vec::new();
        }
        let others = own.iter().filter(|name| **name != image.name() && !self.policy.former.contains(name));
        others.filter_map(|name| Reference::parse(name).ok()).filter_map(|r| r.at(image).ok()).collect_vec()
    }
}

/// Reads options and answers for the evidence at hand.
///
/// # Errors
/// The first option that is malformed.
pub fn check(given: &[Given], options: &Options) -> Result<Report> {
    Ok(Check::new(options)?.run(given, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(image: &str, change: impl FnOnce(&mut Options)) -> (Option<String>, bool) {
        let mut options = Options::at(Time::from_unix(1_780_000_000).unwrap());
        options.image = Some(image.to_owned());
        change(&mut options);
        let check = Check::new(&options).unwrap();
        (check.notary().map(|host| host.to_string()), check.may_ask_notary())
    }

    #[test]
    fn a_notary_server_is_asked_only_about_images_with_pins() {
        let hub = || Some("notary.docker.io".to_owned());
        let other = |options: &mut Options| options.notary = Some("https://notary.example".to_owned());
        let (root, key) = ("1".repeat(64), "2".repeat(64));
        let pins = |o: &mut Options| o.publisher = Publisher::ContentTrust(root.clone(), key.clone());
        let digest = format!("nicolas/webdis@sha256:{}", "0".repeat(64));
        assert_eq!(asks("nicolas/webdis:0.1.19", |_| {}), (hub(), true));
        assert_eq!(asks(&digest, |_| {}), (hub(), true));
        assert_eq!(asks("nicolas/webdis:0.1.24", |_| {}), (hub(), false), "signed with cosign");
        assert_eq!(asks("nicolas/webdis:latest", |_| {}), (hub(), false), "moved on since");
        assert_eq!(asks("nicolas/webdis:0.1.19", other), (Some("notary.example".into()), true));
        assert_eq!(asks("public.ecr.aws/nicolas/webdis:0.1.19", other), (None, false), "another collection");
        assert_eq!(asks("debian:12", other), (None, false), "no pins");
        assert_eq!(asks("debian:12", pins), (hub(), true), "pinned by hand");
        assert_eq!(asks("r.example/a/b:1", pins), (None, false), "no server known");
    }

    #[test]
    fn latest_is_content_trusts_where_all_releases_are() {
        let profile = |releases: &str| {
            let text = format!(
                r#"{{"schema": "https://webdis-verify.dev/profile/v1", "id": "t", "publisher": "T",
                "repositories": ["docker.io/o/n"], "log": "ignored", "releases": [{releases}],
                "contentTrust": {{"gun": "docker.io/o/n", "server": "https://notary.example", "root": ["{0}"], "repository": ["{0}"]}}}}"#,
                "1".repeat(64)
            );
            move |o: &mut Options| o.publisher = Publisher::Profile(text.clone().into_bytes())
        };
        let range = |scheme: &str, from: &str, to: &str| {
            format!(r#"{{"from": "{from}"{to}, "scheme": "{scheme}", "platforms": "multi"}}"#)
        };
        let trust = |to: &str| range("content-trust", "1.0", to);
        let closed = r#", "to": "1.9""#;
        let both = [trust(closed), range("cosign", "2.0", "")].join(",");
        let asks = |tag: &str, releases: &str| asks(&format!("o/n:{tag}"), profile(releases)).1;
        for (tag, open, ends, moved) in
            [("latest", true, false, false), ("1.4", true, true, true), ("0.9", false, false, false)]
        {
            assert_eq!(asks(tag, &trust("")), open, "{tag}");
            assert_eq!(asks(tag, &trust(closed)), ends, "{tag}");
            assert_eq!(asks(tag, &both), moved, "{tag}");
            assert!(asks(tag, ""), "{tag}");
        }
    }
}
