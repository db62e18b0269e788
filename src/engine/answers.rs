//! Bytes that were fetched for a tag: the registry's answer to what it means, by a driver
//! or by the command that stands above a document (docs/VERDICT.md, section 3).

use crate::evidence::{About, DigestKind, Item, Origin};
use crate::model::reference::{Reference, is_tag};

use super::facts::{DOCUMENT, Statement, Voice, about};
use super::provenance::fetched_from;
use super::store::Store;

/// Bytes fetched under a tag: the registry's answer to what it means.
pub(super) fn fetched(item: &Item) -> Option<Statement> {
    let Origin::Fetched(address) = &item.origin else { return None };
    let (repository, tag) = fetched_from(address).filter(|(_, tag)| is_tag(tag))?;
    // A tag that holds signatures names no image.
    if tag.starts_with("sha256-") {
        return None;
    }
    let about = About { repository: Some(repository), tag: Some(tag.to_owned()), ..About::default() };
    Some(Statement {
        digest: item.digest.to_claim(),
        kind: DigestKind::IndexOrManifest,
        about,
        voice: Voice::Registry,
        tool: "registry".to_owned(),
    })
}

/// A document below a command line that asked for a tag, if these are its
/// original bytes: the tool fetched it from the registry.
pub(super) fn printed(store: &Store) -> impl Iterator<Item = Statement> {
    store.images().filter(|doc| doc.original).filter_map(|doc| {
        // Not the platforms of a verbose listing: the tag means their index.
        let item = store.items.get(doc.item).filter(|item| item.parent.is_none())?;
        let reference = Reference::parse(item.printed_for.as_deref()?).ok()?;
        reference.tag().filter(|tag| !tag.starts_with("sha256-"))?;
        Some(Statement {
            digest: doc.document.digest().to_claim(),
            kind: if item.platform.is_some() { DigestKind::Manifest } else { DigestKind::IndexOrManifest },
            about: About { platform: item.platform.clone(), ..about(&reference) },
            voice: Voice::Registry,
            tool: DOCUMENT.to_owned(),
        })
    })
}
