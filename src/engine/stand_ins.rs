//! Manifests of an archive that stand in for a signed one: made anew, with its config.
//! Nobody signed what they list, so each layer is held against the config's diff ID at
//! its place (OCI image-spec, config.md, `rootfs.diff_ids`): whoever loads the archive
//! unpacks those.

use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::error::Error;
use crate::base::order::{Map, Set};
use crate::evidence::measured::Measured;
use crate::evidence::{Origin, codes as evidence_codes};
use crate::model::oci::{Document, Manifest, MediaType};
use crate::model::reference::Reference;

use super::archive;
use super::path::{children, find};
use super::store::Store;

/// Layers of such manifests that are not the config's, or that nothing could check.
/// `top` is what was signed, else the image in question.
pub(super) fn wrong(store: &Store, asked: Option<&Reference>, top: &ClaimedDigest) -> Vec<Error> {
    let mut blobs: Map<ClaimedDigest, &Measured> = Map::new();
    for item in &store.items {
        if let Origin::Measured(measured) = &item.origin {
            blobs.insert(measured.digest().to_claim(), measured);
        }
    }
    let mut held: Set<ClaimedDigest> = Set::new();
    for root in archive::roots(store, asked).into_iter().filter(|root| root.may_be_about(asked)) {
        held.extend(children(store, &root.digest));
        held.insert(root.digest);
    }
    let mut wrong = Vec::new();
    for digest in &held {
        let Some(Document::Manifest(manifest)) = store.doc(digest).map(|doc| &doc.document) else { continue };
        let config = &manifest.config.digest;
        if find(store, top, digest).is_none() && find(store, top, config).is_some() {
            of_manifest(store, top, &blobs, manifest, &mut wrong);
        }
    }
    wrong
}

fn of_manifest(
    store: &Store,
    top: &ClaimedDigest,
    blobs: &Map<ClaimedDigest, &Measured>,
    manifest: &Manifest,
    wrong: &mut Vec<Error>,
) {
    let ids = match store.doc(&manifest.config.digest).map(|doc| &doc.document) {
        Some(Document::Config(config)) => Some(&config.diff_ids),
        _ => None,
    };
    let count = manifest.layers.len();
    if let Some(ids) = ids.filter(|ids| ids.len() != count) {
        let error = Error::new(evidence_codes::LAYER_DIFFERS);
        wrong.push(error.expected(format!("{} layers", ids.len())).found(format!("{count} layers")));
        return;
    }
    // What the signed image lists needs no unpacking.
    let signed: Set<&ClaimedDigest> = store
        .parents(&manifest.config.digest)
        .filter(|doc| find(store, top, &doc.document.digest().to_claim()).is_some())
        .filter_map(|doc| match &doc.document {
            Document::Manifest(signed) => Some(signed.layers.iter().map(|layer| &layer.digest)),
            _ => None,
        })
        .flatten()
        .collect();
    for (n, layer) in manifest.layers.iter().enumerate() {
        let id = ids.and_then(|ids| ids.get(n));
        let blob = blobs.get(&layer.digest);
        // One that is not there is not loaded, unless from an address of its own.
        if blob.is_none() && !MediaType::is_foreign(&layer.media_type) {
            continue;
        }
        let found = blob.and_then(|measured| measured.diff_id()).map(Digest::to_claim);
        match (id, found) {
            (Some(id), Some(found)) if *id == found => {}
            (Some(id), Some(found)) => {
                let error = Error::new(evidence_codes::LAYER_DIFFERS);
                wrong.push(error.expected(id.to_string()).found(found.to_string()));
            }
            _ if signed.contains(&layer.digest) => {}
            _ => wrong.push(Error::new(evidence_codes::LAYER_UNKNOWN).expected(layer.digest.to_string())),
        }
    }
}
