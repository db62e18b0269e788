//! Whether an archive holds what it names: whoever loads it takes blobs by
//! their names and layers by their place in `manifest.json`, so each must be
//! the one that was hashed. OCI image-layout.md, "Blobs"; for `docker save`,
//! the image spec v1.2 of Docker.
//!
//! Documents under wrong names are left to the engine, which has their bytes.
//! A compressed layer is held to its name only: what it unpacks to is compared
//! with the config by whoever loads it.

use super::Member;
use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::json;
use crate::evidence::{Given, codes};
use crate::model::oci::{self, Document};

/// Compares members with the names and places that they have.
///
/// # Errors
/// [`codes::BLOB_MISNAMED`] for a blob or config whose bytes are not those of
/// its name, [`codes::LAYER_DIFFERS`] for layers that are not the config's.
pub(super) fn check(members: &[Member], documents: &[Given]) -> Result<()> {
    for member in members.iter().filter(|member| !member.kept) {
        let name = plain(&member.name);
        let blob = name
            .rsplit_once('/')
            .filter(|(folder, _)| *folder == "blobs/sha256" || folder.ends_with("/blobs/sha256"));
        if let Some(named) = blob.and_then(|(_, hex)| ClaimedDigest::parse_sha256_hex(hex).ok()) {
            same(&named, member)?;
        }
    }
    let lists = documents.iter().filter(|document| plain(&document.name) == "manifest.json");
    lists.into_iter().try_for_each(|list| docker_save(&list.bytes, members, documents))
}

/// Names as `tar -C folder .` writes them begin with `./`.
fn plain(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}

fn same(named: &ClaimedDigest, member: &Member) -> Result<()> {
    if named.matches(&member.digest) {
        return Ok(());
    }
    Err(Error::new(codes::BLOB_MISNAMED).expected(named.to_string()).found(member.digest.to_string()))
}

/// The images of a `manifest.json`: `[{"Config": PATH, "Layers": [PATH…]}]`.
fn docker_save(bytes: &[u8], members: &[Member], documents: &[Given]) -> Result<()> {
    let Ok(node) = json::parse(bytes) else { return Ok(()) };
    for image in node.array("").unwrap_or_default() {
        let Ok(object) = image.object("") else { continue };
        let Some(config) = object.text("Config").ok().flatten() else { continue };
        let hex = config.rsplit('/').next().unwrap_or_default();
        let hex = hex.strip_prefix("sha256:").unwrap_or(hex).trim_end_matches(".json");
        if let Ok(named) = ClaimedDigest::parse_sha256_hex(hex) {
            members.iter().filter(|m| plain(&m.name) == plain(config)).try_for_each(|m| same(&named, m))?;
        }
        let layers = object.get_some("Layers").and_then(|node| node.array("").ok()).unwrap_or_default();
        let layers: Vec<&str> = layers.iter().filter_map(|node| node.text("").ok()).collect();
        for document in documents.iter().filter(|document| plain(&document.name) == plain(config)) {
            if let Ok(Document::Config(config)) = oci::read(&document.bytes) {
                layers_of(&config.diff_ids, &layers, members)?;
            }
        }
    }
    Ok(())
}

/// Holds each layer to the config's digest at its place.
fn layers_of(diff_ids: &[ClaimedDigest], layers: &[&str], members: &[Member]) -> Result<()> {
    let differs = |expected: &dyn ToString, found: &dyn ToString| {
        Err(Error::new(codes::LAYER_DIFFERS).expected(expected.to_string()).found(found.to_string()))
    };
    if layers.len() != diff_ids.len() {
        return differs(&format!("{} layers", diff_ids.len()), &format!("{} layers", layers.len()));
    }
    for (path, diff_id) in layers.iter().zip(diff_ids) {
        let mut here = members.iter().filter(|m| plain(&m.name) == plain(path)).peekable();
        // Old versions write a layer once and link to it.
        if here.peek().is_none() && !members.iter().any(|m| diff_id.matches(&m.digest)) {
            return differs(diff_id, &"no such layer");
        }
        for member in here {
            let file = path.rsplit('/').next().unwrap_or_default();
            let named = ClaimedDigest::parse_sha256_hex(file.trim_end_matches(".tar.gz"));
            match named {
                _ if diff_id.matches(&member.digest) => {}
                Ok(named) if member.compressed && named.matches(&member.digest) => {}
                _ => return differs(diff_id, &member.digest),
            }
        }
    }
    Ok(())
}
