//! Which image is meant.

use std::collections::BTreeSet;

use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::evidence::{Claim, ClaimSource, Item, Origin};
use crate::model::oci::Document;
use crate::model::reference::Reference;

use super::codes;
use super::compare::registry_of;
use super::store::{Doc, Store};

/// How the subject became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// The user gave the digest.
    Asked,
    /// A text or the registry says the tag means this digest.
    Tag,
    /// It is the image whose bytes were given.
    Given,
    /// A command's output names it.
    Held,
    /// It is what the verified signature names.
    Signed,
    /// Verified Content Trust metadata says that the tag means it.
    SignedTag,
}

impl Known {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Asked => "as you gave it",
            Self::Tag => "what the tag is said to mean",
            Self::Given => "of the bytes you gave",
            Self::Held => "from the output you gave",
            Self::Signed => "named by the signature",
            Self::SignedTag => "what the tag was signed for",
        }
    }
}

/// The image a check is about.
#[derive(Clone, Debug)]
pub(super) struct SubjectImage {
    pub(super) digest: ClaimedDigest,
    pub(super) known: Known,
}

/// What the caller asked for.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) image: Option<&'a Reference>,
    pub(super) digest: Option<&'a ClaimedDigest>,
    /// What verified Content Trust metadata says the tag means.
    pub(super) signed_tag: Option<ClaimedDigest>,
    /// What a pasted trust text says the tag means.
    pub(super) shown_tag: Option<ClaimedDigest>,
}

/// Decides which image is meant; `signed` are digests that verified
/// signatures name.
///
/// # Errors
/// [`codes::SUBJECT_UNCLEAR`] or [`codes::SUBJECT_AMBIGUOUS`].
pub(super) fn choose(
    asked: &Asked<'_>,
    store: &Store,
    signed: &BTreeSet<ClaimedDigest>,
) -> Result<SubjectImage> {
    let known = |digest: &ClaimedDigest, known| Ok(SubjectImage { digest: digest.clone(), known });
    if let Some(digest) = asked.digest.or_else(|| asked.image.and_then(Reference::digest)) {
        return known(digest, Known::Asked);
    }
    if let Some(digest) = asked.image.and_then(|image| tag_claim(&store.items, image)) {
        return known(&digest, Known::Tag);
    }
    if let Some(digest) = &asked.signed_tag {
        return known(digest, Known::SignedTag);
    }
    let tops = store.top_images();
    let digests: Vec<ClaimedDigest> = tops.iter().map(|doc| doc.document.digest().to_claim()).collect();
    match digests.as_slice() {
        [] => {}
        [only] => return known(only, Known::Given),
        several => {
            // Several images: the one from the repository asked about, else
            // the one that something else singles out.
            if let Some(image) = asked.image {
                let from = |doc: &&&Doc| registry_of(store.items.get(doc.item)) == Some(image.name());
                let mut from_there = tops.iter().filter(from);
                if let (Some(only), None) = (from_there.next(), from_there.next()) {
                    return known(&only.document.digest().to_claim(), Known::Given);
                }
            }
            let held: BTreeSet<ClaimedDigest> =
                held(&store.items).map(|claim| claim.digest.clone()).collect();
            for singled_out in [signed, &held] {
                let mut matching = several.iter().filter(|digest| singled_out.contains(digest));
                if let (Some(only), None) = (matching.next(), matching.next()) {
                    return known(only, Known::Given);
                }
            }
            let indexes: Vec<_> =
                tops.iter().filter(|doc| matches!(doc.document, Document::Index(_))).collect();
            if let [only] = indexes.as_slice() {
                return known(&only.document.digest().to_claim(), Known::Given);
            }
            return Err(Error::new(codes::SUBJECT_AMBIGUOUS).found(several.len().to_string()));
        }
    }
    if let Some(digest) = &asked.shown_tag {
        return known(digest, Known::Tag);
    }
    let held: BTreeSet<ClaimedDigest> = held(&store.items).map(|claim| claim.digest.clone()).collect();
    if let (Some(only), 1) = (held.first(), held.len()) {
        return known(only, Known::Held);
    }
    let mut tops = signed.iter().filter(|digest| held.is_empty() || held.contains(*digest));
    match (tops.next(), tops.next()) {
        (Some(only), None) => known(only, Known::Signed),
        (Some(_), Some(_)) => Err(Error::new(codes::SUBJECT_AMBIGUOUS).found(signed.len().to_string())),
        (None, _) if held.len() > 1 => {
            Err(Error::new(codes::SUBJECT_AMBIGUOUS).found(held.len().to_string()))
        }
        (None, _) => Err(Error::new(codes::SUBJECT_UNCLEAR)),
    }
}

/// Claims about what the user's computer or terminal holds.
pub(super) fn held(items: &[Item]) -> impl Iterator<Item = &Claim> {
    items.iter().flat_map(|item| &item.claims).filter(|claim| {
        matches!(
            claim.source,
            ClaimSource::Pull
                | ClaimSource::RepoDigest
                | ClaimSource::ContainerdId
                | ClaimSource::Bare
                | ClaimSource::Tool
                | ClaimSource::Sum
        )
    })
}

/// What some text, or the registry, says the tag means.
fn tag_claim(items: &[Item], image: &Reference) -> Option<ClaimedDigest> {
    let tag = image.tag_or_latest()?;
    let same = |text: &str| {
        Reference::parse(text).is_ok_and(|r| r.name() == image.name() && r.tag_or_latest() == Some(tag))
    };
    let claims = || items.iter().flat_map(|item| &item.claims);
    let named = |source: ClaimSource| {
        let about = |claim: &&Claim| claim.source == source && claim.reference.as_deref().is_some_and(same);
        claims().find(about).map(|claim| claim.digest.clone())
    };
    let fetched = || {
        let host = image.host();
        let (scheme, api, repository) = (host.scheme(), host.api(), image.repository());
        let tagged = format!("{scheme}://{api}/v2/{repository}/manifests/{tag}");
        let by_tag = |item: &&Item| matches!(&item.origin, Origin::Fetched(address) if *address == tagged);
        items.iter().find(by_tag).map(|item| item.digest.to_claim())
    };
    fetched()
        .or_else(|| named(ClaimSource::Pull))
        .or_else(|| named(ClaimSource::Header))
        .or_else(|| named(ClaimSource::Tool))
}
