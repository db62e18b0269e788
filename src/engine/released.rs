//! Which signed tag is meant, and whether it leads to what is asked about (docs/VERDICT.md,
//! section 7).

use crate::base::code::Class;
use crate::base::digest::{ClaimedDigest, shorten};
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::order;
use crate::evidence::{DigestKind, Fact, Knows};
use crate::model::oci::Document;
use crate::proof::tuf::{self, Collection, Release};

use super::archive;
use super::facts::{Voice, configs_known};
use super::path::{self, Above, Step};
use super::store::Store;
use super::subject::Subject;
use super::{Question, codes as engine_codes};

/// The release of the asked tag, or the one whose digest leads to the subject.
pub(super) fn release(
    collection: &Collection,
    question: &Question<'_>,
    store: &Store,
    asked: &Subject,
) -> Result<(Release, Vec<Step>)> {
    let subject = asked.digest();
    if let Some(tag) = tag_of(question, store, collection, asked) {
        let release = collection.release(&tag).map_err(|error| or_older(error, &tag, store))?;
        let steps = path::find(store, release.digest(), subject).ok_or_else(|| {
            if may_list(question, store, release.digest(), asked) {
                return Error::new(engine_codes::SIGNED_INDEX_NEEDED)
                    .expected(release.digest().to_string())
                    .found(subject.to_string());
            }
            // What nobody put beside the tag is no lie about it, nor is what only
            // texts call so in another repository than the one that signed, nor a copy
            // that may be older than the tag.
            let copied = question.image.is_none() && asked.statement.voice == Voice::Archive;
            let named = question.asked || asked.is_said_of_a_tag() && is_in_signed(question, asked);
            let code = match (named && !copied, collection.is_fresh()) {
                (false, _) => codes::TAG_OF_ANOTHER,
                (true, false) => codes::TAG_MAY_HAVE_MOVED,
                (true, true) => codes::TAG_SIGNED_FOR_ANOTHER,
            };
            Error::new(code).expected(subject.to_string()).found(release.digest().to_string())
        })?;
        return Ok((release, steps));
    }
    let releases = collection
        .tags()
        .into_iter()
        .filter_map(|(tag, release)| release.ok().filter(|_| question.policy.is_of_content_trust(&tag)));
    let above = Above::of(store, subject);
    let mut routes: Vec<_> =
        releases.filter_map(|r| above.path(store, r.digest()).map(|steps| (r, steps))).collect_vec();
    order::sort_by_key(&mut routes, |(_, steps)| steps.len());
    routes
        .into_iter()
        .next()
        .ok_or_else(|| Error::new(codes::DIGEST_NOT_RELEASED).expected(subject.to_string()))
}

/// The tag that the image was asked for by. A name without one asks for `latest` where a
/// witness says that; where nobody names an image, it is what the image was called in the
/// repository that signs, if that tag is signed there: for this image, or for another.
fn tag_of(
    question: &Question<'_>,
    store: &Store,
    collection: &Collection,
    asked: &Subject,
) -> Option<String> {
    let said = &asked.statement;
    if let Some(image) = question.image {
        let latest = || said.about.tag.as_deref().filter(|_| said.is_of_tag(image) && said.voice.names());
        let tag = image.tag().or_else(|| latest().filter(|_| question.digest.is_none()));
        return tag.map(str::to_owned);
    }
    let gun = question.policy.content_trust.as_ref()?.gun.as_str();
    let names = match said.voice {
        Voice::Archive => archive::names_of(store, said),
        voice if voice.names() && question.digest.is_none() => vec![said.about.clone()],
        _ => Vec::new(),
    };
    let own = names.into_iter().filter(|about| about.repository.as_deref() == Some(gun));
    let released = |tag: String| Some((collection.release(&tag).ok()?, tag));
    let mut signed = own.filter_map(|about| about.tag).filter_map(released).collect_vec();
    let leads = |release: &Release| path::find(store, release.digest(), asked.digest()).is_some();
    order::sort_by_key(&mut signed, |(release, _)| !leads(release));
    signed.into_iter().next().map(|(_, tag)| tag)
}

/// Whether the subject was said to be in the repository whose metadata is pinned.
fn is_in_signed(question: &Question<'_>, asked: &Subject) -> bool {
    let gun = question.policy.content_trust.as_ref().map(|trust| trust.gun.as_str());
    gun.is_none_or(|gun| gun.is_empty() || asked.statement.about.repository.as_deref() == Some(gun))
}

/// A tag that a checking tool lists as signed is none that nobody signed: this copy is older.
pub(super) fn or_older(error: Error, tag: &str, store: &Store) -> Error {
    let mut facts = store.items.iter().flat_map(|item| &item.facts);
    let listed = |fact: &Fact| fact.witness.knows == Knows::Checked && fact.about.tag.as_deref() == Some(tag);
    if error.class() == Class::Unsigned && facts.any(listed) {
        return Error::new(tuf::codes::TAG_NOT_IN_COPY).found(shorten(tag));
    }
    error
}

/// Whether a name was given without a tag, and a witness shows another than `latest` there.
pub(super) fn names_another_tag(question: &Question<'_>, store: &Store) -> bool {
    let Some(image) = question.image.filter(|image| image.tag().is_none()) else { return false };
    let mut facts = store.items.iter().flat_map(|item| &item.facts);
    facts.any(|fact| {
        fact.about.repository.as_ref() == Some(&image.name())
            && fact.about.tag.as_deref().is_some_and(|tag| Some(tag) != image.tag_or_latest())
    })
}

/// Whether what was signed may lead to the subject: its bytes are not at hand,
/// the profile does not say that the release has a single platform, and the
/// subject's bytes, if at hand, are a manifest or config. An ID is no other
/// image as long as a config below what was signed is not known.
fn may_list(question: &Question<'_>, store: &Store, signed: &ClaimedDigest, asked: &Subject) -> bool {
    let (subject, kind) = (asked.digest(), asked.statement.kind);
    if matches!(kind, DigestKind::Config | DigestKind::ImageId) && !configs_known(store, signed) {
        return true;
    }
    let part = match store.document(subject) {
        Some(Document::Manifest(_) | Document::Config(_)) => true,
        Some(Document::Index(_)) => false,
        // Nothing is known of it, except where it was pulled by its tag.
        None => {
            let said = &asked.statement;
            let by_tag = said.about.tag.is_some() && said.voice != Voice::Computer;
            let top = by_tag && kind == DigestKind::IndexOrManifest || kind == DigestKind::Index;
            store.item(subject).is_none() && (question.digest.is_some() || !top)
        }
    };
    !question.has_one_platform() && part && store.item(signed).is_none()
}

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// The tag's signed digest is another one.
        TAG_SIGNED_FOR_ANOTHER = "notary-tag-of-another-image", Contradicted,
            "Does not match: the tag was signed for {found}, not for {expected}.",
            "Pull the image again by the signed digest, and compare.";
        /// The tag that the texts name is of another digest than the one at hand,
        /// which nobody put beside that tag of the signed repository.
        TAG_OF_ANOTHER = "notary-tag-not-of-this", NotChecked,
            "Could not check: the tag that your texts name was signed for {found} in its repository, and nothing you gave says that {expected} is that tag there.",
            "Say which image it is: give its name and tag.";
        /// Metadata that is not fresh signs the tag for another digest than the one at hand.
        TAG_MAY_HAVE_MOVED = "notary-tag-may-have-moved", NotChecked,
            "Could not check: this copy of the metadata may be old. It signs {found} for the tag, and you hold {expected}: the tag may have been signed again since, or what you hold is not the publisher's.",
            "Add newer metadata, or pull the image by the signed digest.";
        /// No tag leads to the digest.
        DIGEST_NOT_RELEASED = "notary-digest-not-released", NotChecked,
            "No tag in the signed metadata means {expected}.",
            "Give the tag, or metadata of the time when this image was released.";
    }
}
