//! `docker image inspect`: what the user's daemon says it holds, image by
//! image. Only the daemon's word; nothing in it is signed.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Result;
use crate::base::json::{self, Object, Value};
use crate::base::list::CollectVec as _;

/// One image of a `docker image inspect` output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// `Id`: in the classic image store the digest of the config, in the
    /// containerd image store that of a manifest or index.
    pub id: Option<ClaimedDigest>,
    /// Whether a `Descriptor` stands in it, which only the containerd image
    /// store prints.
    pub containerd: bool,
    /// `RepoTags`, as printed.
    pub repo_tags: Vec<String>,
    /// `RepoDigests`: repository as printed, digest of a manifest or index.
    pub repo_digests: Vec<(String, ClaimedDigest)>,
    /// `Os/Architecture`, with the variant if there is one.
    pub platform: Option<String>,
}

/// Reads the output: an array of images, or one image. What is no digest is
/// left out.
///
/// # Errors
/// The codes of [`crate::base::json::codes`], for text that is not such JSON.
pub fn inspected(text: &[u8]) -> Result<Vec<Inspected>> {
    let text = String::from_utf8_lossy(text);
    let node = json::parse(text.trim().as_bytes())?;
    match &node.value {
        Value::Array(items) => items.iter().map(|item| Ok(image(&item.object("")?))).collect(),
        _ => Ok(vec![image(&node.object("")?)]),
    }
}

fn image(o: &Object<'_, '_>) -> Inspected {
    let text = |name: &str| o.get(name).and_then(|node| node.text("").ok()).filter(|text| !text.is_empty());
    let list = |name: &str| {
        let items = o.get(name).and_then(|node| node.array("").ok()).unwrap_or_default();
        items.iter().filter_map(|item| item.text("").ok())
    };
    let at_digest = |entry: &str| {
        let (name, digest) = entry.split_once('@')?;
        Some((name.to_owned(), ClaimedDigest::parse(digest).ok()?))
    };
    let parts = text("Os").zip(text("Architecture"));
    let platform = parts.map(|(os, architecture)| match text("Variant") {
        Some(variant) => format!("{os}/{architecture}/{variant}"),
        None => format!("{os}/{architecture}"),
    });
    Inspected {
        id: text("Id").and_then(|id| ClaimedDigest::parse(id).ok()),
        containerd: o.get("Descriptor").is_some_and(|node| node.object("").is_ok()),
        repo_tags: list("RepoTags").map(str::to_owned).collect_vec(),
        repo_digests: list("RepoDigests").filter_map(at_digest).collect_vec(),
        platform,
    }
}
