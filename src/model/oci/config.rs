//! Image configuration: platform and the digests of uncompressed layers.

use super::Platform;
use crate::base::digest::{ClaimedDigest, Digest, shorten};
use crate::base::error::Result;
use crate::base::json::Object;
use crate::base::limits;
use crate::base::list::CollectVec as _;

/// An image config, with the digest of the bytes it was parsed from, which
/// is the image ID in Docker's classic image store.
#[derive(Clone, Debug)]
pub struct Config {
    digest: Digest,
    /// The platform the image is for.
    pub platform: Platform,
    /// `rootfs.diff_ids`: digests of the uncompressed layers, bottom first.
    pub diff_ids: Vec<ClaimedDigest>,
    /// `config.Labels`, in their order. Inherited from base images too.
    pub labels: Vec<(String, String)>,
    /// `created`, as text.
    pub created: Option<String>,
}

impl Config {
    pub(super) fn read(object: &Object<'_, '_>, digest: Digest) -> Result<Self> {
        object.known(&["architecture", "os", "variant", "os.version", "rootfs"])?;
        let rootfs = object.need_object("rootfs")?;
        rootfs.known(&["type", "diff_ids"])?;
        let mut diff_ids = Vec::new();
        if rootfs.get_some("diff_ids").is_some() {
            let nodes = rootfs.need_array("diff_ids")?;
            limits::within("layers in a config", nodes.len(), limits::MANIFEST_LAYERS)?;
            for node in nodes {
                diff_ids.push(ClaimedDigest::parse(node.text("rootfs.diff_ids")?)?);
            }
        }
        let text = |name: &str| -> Result<Option<String>> { Ok(object.text(name)?.map(shorten)) };
        let platform = Platform {
            os: text("os")?.unwrap_or_default(),
            architecture: text("architecture")?.unwrap_or_default(),
            variant: text("variant")?.filter(|v| !v.is_empty()),
            os_version: text("os.version")?,
        };
        Ok(Self { digest, platform, diff_ids, labels: labels(object), created: text("created")? })
    }

    /// Digest of the bytes this was parsed from.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}

/// Labels are strings; what is none, a runtime refuses, and no claim is lost.
fn labels(object: &Object<'_, '_>) -> Vec<(String, String)> {
    let config = object.get_some("config").and_then(|node| node.object("config").ok());
    let labels = config.and_then(|config| config.get_some("Labels").and_then(|n| n.object("Labels").ok()));
    let members = labels.as_ref().map(|labels| labels.members()).unwrap_or_default();
    let pair = |m: &crate::base::json::Member<'_>| {
        Some((m.name.value.to_string(), m.node.text("").ok()?.to_owned()))
    };
    members.iter().filter_map(pair).collect_vec()
}
