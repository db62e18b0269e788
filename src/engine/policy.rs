//! What one check demands, settled before any evidence is read.

use crate::base::error::{Error, Result};
use crate::model::publisher::Release;
use crate::model::publisher::codes;
use crate::model::publisher::{ContentTrust, LogPolicy, Profile, key_id};
use crate::model::publisher::{PinnedKey, Source};
use crate::model::publisher::{Published, Scheme, Version};
use crate::model::reference::Reference;
use crate::proof::sigstore::TrustedRoot;

/// What one check demands.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Display name of the publisher; empty if none is known.
    pub publisher: String,
    /// Where the demands come from.
    pub source: Source,
    /// Keys of which one must have signed.
    pub keys: Vec<PinnedKey>,
    /// The log's part.
    pub log: LogPolicy,
    /// Keys of the transparency logs.
    pub trusted_root: TrustedRoot,
    /// Predicate type demanded instead of an image signature.
    pub attestation: Option<String>,
    /// Pins for Docker Content Trust.
    pub content_trust: Option<ContentTrust>,
    /// Repositories that hold the same product.
    pub repositories: Vec<String>,
    /// Those of them that the publisher used earlier: nobody is asked there.
    pub former: Vec<String>,
    /// Release ranges.
    pub releases: Vec<Release>,
    /// Digests that the publisher documented.
    pub published: Vec<Published>,
    /// From which release on the images carry their version as a label.
    pub version_labels: Option<Version>,
    /// Identity and issuer, if the user demanded them.
    pub identity: Option<(String, String)>,
}

impl Policy {
    fn empty(trusted_root: TrustedRoot) -> Self {
        Self {
            publisher: String::new(),
            source: Source::Option,
            keys: Vec::new(),
            log: LogPolicy::Required,
            trusted_root,
            attestation: None,
            content_trust: None,
            repositories: Vec::new(),
            former: Vec::new(),
            releases: Vec::new(),
            published: Vec::new(),
            version_labels: None,
            identity: None,
        }
    }

    /// What a profile demands.
    #[must_use]
    pub fn of_profile(profile: Profile, trusted_root: TrustedRoot) -> Self {
        Self {
            publisher: profile.publisher,
            source: profile.source,
            keys: profile.keys,
            log: profile.log,
            content_trust: profile.content_trust,
            repositories: [profile.repositories, profile.former.clone()].concat(),
            former: profile.former,
            releases: profile.releases,
            published: profile.published,
            version_labels: profile.version_labels,
            ..Self::empty(trusted_root)
        }
    }

    /// A bare key the user handed in; `name` is its file name.
    ///
    /// # Errors
    /// Those of [`crate::evidence::key_file`].
    pub fn of_key(name: &str, file: &[u8], trusted_root: TrustedRoot) -> Result<Self> {
        let key = crate::evidence::key_file(file)?;
        let key = PinnedKey::new(name, key.pem().as_bytes(), Source::Option)?;
        Ok(Self { keys: vec![key], ..Self::empty(trusted_root) })
    }

    /// Bare Content Trust pins for an image's collection.
    ///
    /// # Errors
    /// [`codes::PROFILE`] for ids that are not 64 hexadecimal digits, or when
    /// no image says which collection is meant.
    pub fn of_content_trust(
        root: &str,
        repository: &str,
        image: Option<&Reference>,
        trusted_root: TrustedRoot,
    ) -> Result<Self> {
        let image =
            image.ok_or_else(|| Error::new(codes::PROFILE).found("Content Trust keys without an image"))?;
        let content_trust = ContentTrust {
            gun: image.gun(),
            server: None,
            root: vec![key_id(root)?],
            repository: vec![key_id(repository)?],
            signers: Vec::new(),
        };
        Ok(Self { content_trust: Some(content_trust), ..Self::empty(trusted_root) })
    }

    /// An identity and its issuer.
    #[must_use]
    pub fn of_identity(identity: &str, issuer: &str, trusted_root: TrustedRoot) -> Self {
        Self { identity: Some((identity.to_owned(), issuer.to_owned())), ..Self::empty(trusted_root) }
    }

    /// The policy when the user named no publisher: the built-in one for its
    /// own images and for evidence without a name, none for other images.
    ///
    /// # Errors
    /// None in a released program.
    pub fn default_for(image: Option<&Reference>, trusted_root: TrustedRoot) -> Result<Self> {
        let profile = Profile::webdis()?;
        if image.is_none_or(|image| profile.owns(image)) {
            return Ok(Self::of_profile(profile, trusted_root));
        }
        Ok(Self::empty(trusted_root))
    }

    /// The same demands without a publisher: for images of somebody else.
    #[must_use]
    pub fn without_publisher(&self) -> Self {
        Self {
            log: self.log,
            attestation: self.attestation.clone(),
            ..Self::empty(self.trusted_root.clone())
        }
    }

    /// Whether anything at all is demanded.
    #[must_use]
    pub fn has_root_of_trust(&self) -> bool {
        !self.keys.is_empty()
            || self.content_trust.is_some()
            || self.identity.is_some()
            || !self.published.is_empty()
    }

    /// The Content Trust pins, if they are for this image's collection.
    #[must_use]
    pub fn content_trust_of(&self, image: &Reference) -> Option<&ContentTrust> {
        self.content_trust.as_ref().filter(|pins| pins.gun == image.gun())
    }

    /// The release range a tag falls in.
    #[must_use]
    pub fn release(&self, tag: &str) -> Option<&Release> {
        let version = crate::model::publisher::Version::of_tag(tag)?;
        self.releases.iter().find(|release| release.contains(&version))
    }

    /// Whether a tag is Content Trust's to decide: the profile gives its release to that
    /// scheme or lists no releases. A tag that is no version, as `latest` is, is its where all
    /// releases are, and to come: else it may have moved on to another scheme.
    #[must_use]
    pub fn is_of_content_trust(&self, tag: &str) -> bool {
        let signed_so = |release: &Release| release.scheme == Scheme::ContentTrust;
        match self.release(tag) {
            Some(release) => signed_so(release),
            None if self.releases.is_empty() => true,
            None => {
                crate::model::publisher::Version::of_tag(tag).is_none()
                    && self.releases.iter().all(signed_so)
                    && self.releases.iter().any(Release::is_open)
            }
        }
    }
}
