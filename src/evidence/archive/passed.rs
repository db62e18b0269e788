//! What passed in an image archive without being kept, as a document of its
//! own: layers, and blobs that lie under another blob's name. The engine holds
//! each against what the archive's documents say of it.
//!
//! ```json
//! {"archiveMembers": [{"name": "abc/layer.tar", "digest": "sha256:…", "tar": true}]}
//! ```

use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::json::{self, Canonical};
use crate::evidence::{Given, Origin};

/// The member that holds the list, and what it is recognised by.
pub(crate) const LIST: &str = "archiveMembers";

/// A member that was hashed and not kept.
#[derive(Debug)]
pub(super) struct Passed {
    pub(super) name: String,
    pub(super) digest: Digest,
    /// Whether it begins like a tar file: a layer that is not compressed.
    pub(super) tar: bool,
}

/// The digest that the name of a blob promises: `blobs/sha256/HEX`.
pub(crate) fn named(name: &str) -> Option<ClaimedDigest> {
    let (folder, hex) = name.rsplit_once('/')?;
    (folder == "blobs/sha256" || folder.ends_with("/blobs/sha256")).then_some(())?;
    ClaimedDigest::parse_sha256_hex(hex).ok()
}

/// The list as a document of the archive.
pub(super) fn listing(passed: &[Passed]) -> Given {
    let row = |member: &Passed| {
        Canonical::object([
            ("name", Canonical::text(&member.name)),
            ("digest", Canonical::text(member.digest.to_string())),
            ("tar", Canonical::Bool(member.tar)),
        ])
    };
    let rows = Canonical::Array(passed.iter().map(row).collect());
    let bytes = Canonical::object([(LIST, rows)]).write().into_bytes();
    Given { name: "archive members".to_owned(), origin: Origin::Archive, bytes }
}

/// A row of the list.
#[derive(Debug)]
pub(crate) struct Row {
    /// Where the member lies in the archive.
    pub(crate) name: String,
    pub(crate) digest: ClaimedDigest,
    /// Whether it begins like a tar file.
    pub(crate) tar: bool,
}

/// Reads such a list.
pub(crate) fn read(bytes: &[u8]) -> Vec<Row> {
    let Ok(node) = json::parse(bytes) else { return Vec::new() };
    let rows = node.object("").ok().and_then(|object| object.get(LIST)?.array("").ok()).unwrap_or_default();
    let row = |node: &json::Node<'_>| {
        let object = node.object("").ok()?;
        let digest = ClaimedDigest::parse(object.text("digest").ok()??).ok()?;
        let tar = matches!(object.get("tar").map(|node| &node.value), Some(json::Value::Bool(true)));
        Some(Row { name: object.text("name").ok()??.to_owned(), digest, tar })
    };
    rows.iter().filter_map(row).collect()
}
