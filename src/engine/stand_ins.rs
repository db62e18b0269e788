//! Manifests of an archive that stand in for a signed one: made anew, with its config.
//! Nobody signed what they list, so each layer is held against the config's diff ID at
//! its place (OCI image-spec, config.md, `rootfs.diff_ids`): whoever loads the archive
//! unpacks those.

use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::error::Error;
use crate::base::order::Set;
use crate::evidence::codes as evidence_codes;
use crate::model::oci::{Likeness, Manifest};
use crate::model::reference::Reference;

use super::archive;
use super::layers::{Blobs, unpacked_by_nobody};
use super::path::Around;
use super::store::Store;
use super::written_anew;

/// Layers of such manifests that are not the config's, or that nothing could check.
/// `top` is what was signed, else the image in question; `also` are its other digests, as the
/// user's tools say.
pub(super) fn wrong(
    store: &Store,
    asked: Option<&Reference>,
    top: &ClaimedDigest,
    also: &[ClaimedDigest],
) -> Vec<Error> {
    let mut held: Set<ClaimedDigest> = Set::new();
    for root in archive::roots(store, asked).into_iter().filter(|root| root.may_be_about(asked)) {
        held.extend(Around::of(store, &root.digest).all_below().cloned());
    }
    if held.is_empty() { Vec::new() } else { wrong_among(store, &held, top, also) }
}

/// What is wrong with the manifests among those that archives hold.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn wrong_among(
    store: &Store,
    held: &Set<ClaimedDigest>,
    top: &ClaimedDigest,
    also: &[ClaimedDigest],
) -> Vec<Error> {
    let around = Around::of(store, top);
    let blobs = Blobs::of(store);
    // Configs with the layers of signed manifests: those need no unpacking.
    let mut signed: Set<(&ClaimedDigest, &ClaimedDigest)> = Set::new();
    for manifest in around.all_below().filter_map(|digest| store.manifest(digest)) {
        signed.extend(manifest.layers.iter().map(|layer| (&manifest.config.digest, &layer.digest)));
    }
    let mut wrong = Vec::new();
    for manifest in
        held.iter().filter(|digest| !around.leads_to(digest)).filter_map(|digest| store.manifest(digest))
    {
        let config = &manifest.config.digest;
        let connected = around.leads_to(config) || also.contains(config);
        if connected || written_anew::among(store, &around, config) != Likeness::Different {
            of_manifest(store, &signed, &blobs, manifest, &mut wrong);
        }
    }
    wrong
}

fn of_manifest(
    store: &Store,
    signed: &Set<(&ClaimedDigest, &ClaimedDigest)>,
    blobs: &Blobs<'_>,
    manifest: &Manifest,
    wrong: &mut Vec<Error>,
) {
    let ids = store.config(&manifest.config.digest).map(|config| &config.diff_ids);
    let count = manifest.layers.len();
    if let Some(ids) = ids.filter(|ids| ids.len() != count) {
        let error = Error::new(evidence_codes::LAYER_DIFFERS);
        wrong.push(error.expected(format!("{} layers", ids.len())).found(format!("{count} layers")));
        return;
    }
    for (n, layer) in manifest.layers.iter().enumerate() {
        let id = ids.and_then(|ids| ids.get(n));
        // One that is not there is loaded all the same: from an address of its own, under
        // another algorithm's name, or because the store has it. Unpacked it is what it is called.
        if id == Some(&layer.digest) && !blobs.by_digest.contains_key(&layer.digest) {
            continue;
        }
        let found =
            blobs.by_digest.get(&layer.digest).and_then(|measured| measured.diff_id()).map(Digest::to_claim);
        match (id, found) {
            (Some(id), Some(found)) if *id == found => {}
            (Some(id), Some(found)) => {
                let error = Error::new(evidence_codes::LAYER_DIFFERS);
                wrong.push(error.expected(id.to_string()).found(found.to_string()));
            }
            _ if signed.contains(&(&manifest.config.digest, &layer.digest)) => {}
            _ => wrong.push(unpacked_by_nobody(blobs, &layer.digest)),
        }
    }
}
