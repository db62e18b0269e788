//! A release with real layers, and what `docker save` and its relatives write
//! of it.

use serde_json::json;

use crate::common::image::{child, digest, index, linux};
use crate::common::tar::{gzip, tar};

pub(crate) const REF: &str = "registry.example/app:1.0";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const LAYOUT: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

pub(crate) type Members = Vec<(String, Vec<u8>)>;

/// A release for two machines, as the registry has it.
pub(crate) struct Release {
    /// What its archives call it.
    pub(crate) name: String,
    /// Uncompressed.
    pub(crate) layers: [Vec<u8>; 2],
    pub(crate) config: Vec<u8>,
    pub(crate) manifest: Vec<u8>,
    /// The manifest for the other machine.
    pub(crate) other: Vec<u8>,
    pub(crate) index: Vec<u8>,
}

fn hex(bytes: &[u8]) -> String {
    digest(bytes).trim_start_matches("sha256:").to_owned()
}

fn blob(bytes: &[u8]) -> (String, Vec<u8>) {
    (format!("blobs/sha256/{}", hex(bytes)), bytes.to_vec())
}

fn config(machine: &str, layers: &[Vec<u8>]) -> Vec<u8> {
    let ids: Vec<String> = layers.iter().map(|layer| digest(layer)).collect();
    json!({"architecture": machine, "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": ids}})
        .to_string()
        .into_bytes()
}

fn manifest(config: &[u8], layers: &[Vec<u8>], layer_type: &str) -> Vec<u8> {
    let layer =
        |bytes: &Vec<u8>| json!({"mediaType": layer_type, "digest": digest(bytes), "size": bytes.len()});
    json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": config.len()},
        "layers": layers.iter().map(layer).collect::<Vec<_>>()})
    .to_string()
    .into_bytes()
}

/// The release of `content` under [`REF`].
pub(crate) fn release(content: &str) -> Release {
    let layer = |n: u8| tar::<&str, Vec<u8>>(&[("usr/file", format!("{content} {n}").into_bytes())]);
    let layers = [layer(1), layer(2)];
    let packed = layers.clone().map(|layer| gzip(&layer));
    let gz = format!("{OCI_LAYER}+gzip");
    let own = config("amd64", &layers);
    let own_manifest = manifest(&own, &packed, &gz);
    let foreign = [layer(3), layer(4)];
    let other = manifest(&config("arm64", &foreign), &foreign.clone().map(|layer| gzip(&layer)), &gz);
    let index =
        index(&[child(&own_manifest, linux("amd64", None)), child(&other, linux("arm64", Some("v8")))]);
    Release { name: REF.to_owned(), layers, config: own, manifest: own_manifest, other, index }
}

fn list(name: &str, config: &str, layers: &[String]) -> (String, Vec<u8>) {
    let list = json!([{"Config": config, "RepoTags": [name], "Layers": layers}]);
    ("manifest.json".to_owned(), list.to_string().into_bytes())
}

fn roots(name: &str, media: &str, root: &[u8]) -> [(String, Vec<u8>); 2] {
    let root = json!({"mediaType": media, "digest": digest(root), "size": root.len(),
        "annotations": {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": "1.0"}});
    let index = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [root]}).to_string();
    [("oci-layout".to_owned(), LAYOUT.as_bytes().to_vec()), ("index.json".to_owned(), index.into_bytes())]
}

impl Release {
    /// Docker before 25: layers unpacked below a folder each, the config under
    /// its name, `repositories`.
    pub(crate) fn docker_20(&self) -> Members {
        let folder = |layer: &Vec<u8>| format!("{}/layer.tar", hex(&[layer.as_slice(), b"id"].concat()));
        let mut all: Members = self.layers.iter().map(|layer| (folder(layer), layer.clone())).collect();
        let paths: Vec<String> = self.layers.iter().map(folder).collect();
        let config = format!("{}.json", hex(&self.config));
        all.extend([(config.clone(), self.config.clone()), list(&self.name, &config, &paths)]);
        all.push(("repositories".to_owned(), b"{\"registry.example/app\":{\"1.0\":\"0\"}}".to_vec()));
        all
    }

    /// Docker from 25 on, classic store: an OCI layout whose manifest the
    /// daemon made, over uncompressed layers.
    pub(crate) fn docker_25(&self) -> Members {
        let made = manifest(&self.config, &self.layers, OCI_LAYER);
        let paths: Vec<String> = self.layers.iter().map(|layer| blob(layer).0).collect();
        let mut all: Members = self.layers.iter().map(|layer| blob(layer)).collect();
        all.extend([blob(&self.config), blob(&made), list(&self.name, &blob(&self.config).0, &paths)]);
        all.extend(roots(&self.name, OCI_MANIFEST, &made));
        all
    }

    /// containerd's store, `ctr images export`, `nerdctl save`: what the
    /// registry had, one platform of it.
    pub(crate) fn containerd(&self) -> Members {
        self.containerd_of(&self.layers.clone().map(|layer| gzip(&layer)))
    }

    /// The same of layers that are packed so.
    pub(crate) fn containerd_of(&self, packed: &[Vec<u8>; 2]) -> Members {
        let paths: Vec<String> = packed.iter().map(|layer| blob(layer).0).collect();
        let mut all: Members = packed.iter().map(|layer| blob(layer)).collect();
        all.extend([blob(&self.config), blob(&self.manifest), blob(&self.index)]);
        all.push(list(&self.name, &blob(&self.config).0, &paths));
        all.extend(roots(&self.name, OCI_INDEX, &self.index));
        all
    }

    /// `skopeo copy docker-archive:`, `podman save`: layers under the digest of
    /// what they unpack to.
    fn skopeo(&self) -> Members {
        let paths: Vec<String> = self.layers.iter().map(|layer| format!("{}.tar", hex(layer))).collect();
        let mut all: Members = paths.iter().cloned().zip(self.layers.iter().cloned()).collect();
        let config = format!("{}.json", hex(&self.config));
        all.extend([(config.clone(), self.config.clone()), list(&self.name, &config, &paths)]);
        all
    }

    /// `podman save --format oci-archive` of an image whose layers it packed
    /// anew: another manifest, the same config.
    fn repacked(&self) -> Members {
        self.made(&self.layers.clone().map(|layer| [gzip(&layer[..512]), gzip(&layer[512..])].concat()))
    }

    /// A layout whose manifest somebody made over layers that are packed so.
    pub(crate) fn made(&self, packed: &[Vec<u8>; 2]) -> Members {
        let made = manifest(&self.config, packed, &format!("{OCI_LAYER}+gzip"));
        let mut all: Members = packed.iter().map(|layer| blob(layer)).collect();
        all.extend([blob(&self.config), blob(&made)]);
        all.extend(roots(&self.name, OCI_MANIFEST, &made));
        all
    }

    /// A release whose own manifest lists layers that are packed so.
    pub(crate) fn with_layers(&self, packed: &[Vec<u8>; 2]) -> Self {
        let (name, layers, config, other) =
            (self.name.clone(), self.layers.clone(), self.config.clone(), self.other.clone());
        let manifest = manifest(&config, packed, &format!("{OCI_LAYER}+gzip"));
        let index =
            index(&[child(&manifest, linux("amd64", None)), child(&other, linux("arm64", Some("v8")))]);
        Self { name, layers, config, manifest, other, index }
    }

    pub(crate) fn forms(&self) -> [(&'static str, Members); 5] {
        [
            ("docker 20", self.docker_20()),
            ("docker 25", self.docker_25()),
            ("containerd", self.containerd()),
            ("skopeo", self.skopeo()),
            ("repacked", self.repacked()),
        ]
    }
}
