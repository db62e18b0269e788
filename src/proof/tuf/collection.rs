//! Looking a tag up in verified metadata, as `docker pull` does.

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};

use super::codes;
use super::hashes::FileMeta;
use crate::base::digest::{ClaimedDigest, Matched, shorten};
use crate::base::error::{Error, Result};
use crate::base::message::Message;
use crate::base::proof::{Anchor, Evidence, Proof};

/// The tags of one verified targets role.
#[derive(Clone, Debug)]
pub(super) struct SignedTags {
    pub(super) role: String,
    /// Prefixes of the tags it may sign; `None` for all.
    pub(super) paths: Option<Vec<String>>,
    pub(super) entries: BTreeMap<String, Result<FileMeta>>,
    pub(super) key_ids: Vec<String>,
}

impl SignedTags {
    fn may_sign(&self, tag: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.iter().any(|prefix| tag.starts_with(prefix.as_str())))
    }

    /// The usable entry of a tag: hashes, length and digest.
    fn entry(&self, tag: &str) -> Result<Option<(&FileMeta, ClaimedDigest)>> {
        let Some(entry) = self.entries.get(tag) else {
            return Ok(None);
        };
        if !self.may_sign(tag) {
            return Err(Error::new(codes::TAG_OUTSIDE_PATHS).in_place(&self.role).found(shorten(tag)));
        }
        let meta = entry.as_ref().map_err(Clone::clone)?;
        Ok(Some((meta, meta.sha256(tag)?)))
    }
}

/// All tags of one repository whose metadata was verified from the pins.
/// Only [`super::verify()`] makes one.
#[derive(Clone, Debug)]
pub struct Collection {
    pub(super) gun: String,
    pub(super) targets: SignedTags,
    pub(super) releases: Option<SignedTags>,
    pub(super) others: Vec<SignedTags>,
    /// Whether every role was read and nothing newer can have been signed:
    /// only then does a tag that is absent here stand unsigned.
    pub(super) complete: bool,
    pub(super) caveats: Vec<Message>,
}

impl Collection {
    /// Qualifications of everything in it: not fresh, rotated.
    #[must_use]
    pub fn caveats(&self) -> &[Message] {
        &self.caveats
    }

    /// Whether nothing newer can have been signed.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        !self.caveats.iter().any(|caveat| caveat.code == codes::NOT_FRESH.name())
    }

    /// Looks a tag up: exact text, `targets/releases` before `targets`; other
    /// delegations never release a tag.
    ///
    /// # Errors
    /// [`codes::TAG_AMBIGUOUS`], [`codes::TAG_OUTSIDE_PATHS`],
    /// [`codes::TAG_NOT_RELEASED`] and [`codes::TAG_NOT_SIGNED`], if this is
    /// all that is signed; else [`codes::TAG_NOT_IN_COPY`]; or
    /// [`codes::HASH_FORM`] for an entry without usable sha256.
    pub fn release(&self, tag: &str) -> Result<Release> {
        let direct = self.targets.entry(tag)?;
        let released = match &self.releases {
            None => None,
            Some(releases) => match releases.entry(tag) {
                Ok(entry) => entry.map(|entry| (releases, entry)),
                // A delegate without the right to a tag does not stand in the
                // way of who has it.
                Err(error) if error.code() == codes::TAG_OUTSIDE_PATHS && direct.is_some() => None,
                Err(error) => return Err(error),
            },
        };
        let (role, (meta, digest)) = match (released, direct) {
            (Some((role, (meta, digest))), Some((other, other_digest))) => {
                if digest != other_digest || meta.length() != other.length() {
                    return Err(Error::new(codes::TAG_AMBIGUOUS)
                        .in_place(shorten(tag))
                        .expected(format!("{digest} ({} bytes)", meta.length()))
                        .found(format!("{other_digest} ({} bytes)", other.length())));
                }
                (role, (meta, digest))
            }
            (Some(found), None) => found,
            (None, Some(entry)) => (&self.targets, entry),
            (None, None) => return Err(self.not_released(tag)),
        };
        let also = self.others.iter().filter(|other| {
            other.entry(tag).is_ok_and(|entry| entry.is_some_and(|(_, theirs)| theirs == digest))
        });
        Ok(Release {
            gun: self.gun.clone(),
            tag: tag.to_owned(),
            role: role.role.clone(),
            key_ids: role.key_ids.clone(),
            also_signed_in: also.map(|other| other.role.clone()).collect_vec(),
            meta: meta.clone(),
            digest,
        })
    }

    fn not_released(&self, tag: &str) -> Error {
        if !self.complete {
            return Error::new(codes::TAG_NOT_IN_COPY).found(shorten(tag));
        }
        match self.others.iter().find(|other| other.entries.contains_key(tag)) {
            Some(other) => {
                Error::new(codes::TAG_NOT_RELEASED).in_place(other.role.clone()).found(shorten(tag))
            }
            None => Error::new(codes::TAG_NOT_SIGNED).found(shorten(tag)),
        }
    }

    /// Every tag that stands in `targets` or `targets/releases`, sorted by
    /// bytes, with what looking it up gives.
    #[must_use]
    pub fn tags(&self) -> Vec<(String, Result<Release>)> {
        let released = self.releases.iter().flat_map(|releases| releases.entries.keys());
        let names: BTreeSet<&String> = self.targets.entries.keys().chain(released).collect();
        names.into_iter().map(|tag| (tag.clone(), self.release(tag))).collect_vec()
    }
}

/// Proof that the publisher signed a digest and length for a tag. Only
/// [`Collection::release`] makes one.
#[derive(Clone, Debug)]
pub struct Release {
    gun: String,
    tag: String,
    role: String,
    key_ids: Vec<String>,
    also_signed_in: Vec<String>,
    meta: FileMeta,
    digest: ClaimedDigest,
}

impl Release {
    /// The tag, exactly as signed.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The digest signed: of the manifest, or of the index or manifest list
    /// for an image of several platforms.
    #[must_use]
    pub const fn digest(&self) -> &ClaimedDigest {
        &self.digest
    }

    /// The length in bytes of what the digest is of.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.meta.length()
    }

    /// `targets/releases` or `targets`.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// Other delegations that signed the same digest for the tag: the names
    /// that `docker trust inspect` shows as signers.
    #[must_use]
    pub fn also_signed_in(&self) -> &[String] {
        &self.also_signed_in
    }

    /// Holds a manifest's bytes against the signed digest and length.
    ///
    /// # Errors
    /// [`crate::base::digest::codes::DIGEST_MISMATCH`], [`codes::LENGTH`] or
    /// [`codes::SHA512`].
    pub fn check<'a>(&self, bytes: &'a [u8]) -> Result<ReleasedManifest<'a>> {
        let matched = self.digest.check(bytes)?;
        self.meta.check_bytes(bytes)?;
        Ok(ReleasedManifest { matched, tag: self.tag.clone() })
    }
}

impl crate::base::proof::sealed::Sealed for Release {}

impl Anchor for Release {
    fn stated(&self) -> &ClaimedDigest {
        self.digest()
    }
}

impl Proof for Release {
    fn evidence(&self) -> Evidence {
        let mut facts = vec![
            ("repository".to_owned(), self.gun.clone()),
            ("tag".to_owned(), self.tag.clone()),
            ("role".to_owned(), self.role.clone()),
            ("length".to_owned(), self.length().to_string()),
        ];
        facts.push_all(self.key_ids.iter().map(|id| ("key".to_owned(), id.clone())));
        facts.push_all(self.also_signed_in.iter().map(|role| ("also signed in".to_owned(), role.clone())));
        Evidence {
            expected: Some(self.digest.to_string()),
            rule:
                "The tag's entry in targets/releases, else in targets, as docker pull looks it up (Notary v1)"
                    .to_owned(),
            facts,
            ..Evidence::default()
        }
    }
}

/// Proof that bytes are the ones signed for a tag. Only [`Release::check`]
/// makes one.
#[derive(Clone, Debug)]
pub struct ReleasedManifest<'a> {
    matched: Matched<'a>,
    tag: String,
}

impl crate::base::proof::sealed::Sealed for ReleasedManifest<'_> {}

impl Proof for ReleasedManifest<'_> {
    fn evidence(&self) -> Evidence {
        let mut evidence = self.matched.evidence();
        evidence.facts.push(("tag".to_owned(), self.tag.clone()));
        evidence.rule = "SHA-256 and length as signed for the tag (Notary v1, targets entry)".to_owned();
        evidence
    }
}
