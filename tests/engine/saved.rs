//! What `docker save` and its relatives write of a signed image: each in the
//! form of its program, as documented, and as an attacker would have it.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Link;
use webdis_verify::report::Report;

use crate::case::{Case, case, links};
use crate::common::image::{bundle, child, digest, index, linux};
use crate::common::tar::{gzip, tar};

const REF: &str = "registry.example/app:1.0";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const LAYOUT: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

type Members = Vec<(String, Vec<u8>)>;

/// A release for two machines, as the registry has it.
struct Release {
    layers: [Vec<u8>; 2],
    config: Vec<u8>,
    manifest: Vec<u8>,
    index: Vec<u8>,
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

fn release(content: &str) -> Release {
    let layer = |n: u8| tar::<&str, Vec<u8>>(&[("usr/file", format!("{content} {n}").into_bytes())]);
    let layers = [layer(1), layer(2)];
    let packed = layers.clone().map(|layer| gzip(&layer));
    let gz = format!("{OCI_LAYER}+gzip");
    let own = config("amd64", &layers);
    let own_manifest = manifest(&own, &packed, &gz);
    let other = manifest(&config("arm64", &layers), &packed, &gz);
    let index =
        index(&[child(&own_manifest, linux("amd64", None)), child(&other, linux("arm64", Some("v8")))]);
    Release { layers, config: own, manifest: own_manifest, index }
}

fn list(config: &str, layers: &[String]) -> (String, Vec<u8>) {
    let list = json!([{"Config": config, "RepoTags": [REF], "Layers": layers}]);
    ("manifest.json".to_owned(), list.to_string().into_bytes())
}

fn roots(media: &str, root: &[u8]) -> [(String, Vec<u8>); 2] {
    let root = json!({"mediaType": media, "digest": digest(root), "size": root.len(),
        "annotations": {"io.containerd.image.name": REF, "org.opencontainers.image.ref.name": "1.0"}});
    let index = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [root]}).to_string();
    [("oci-layout".to_owned(), LAYOUT.as_bytes().to_vec()), ("index.json".to_owned(), index.into_bytes())]
}

impl Release {
    /// Docker before 25: layers unpacked below a folder each, the config under
    /// its name, `repositories`.
    fn docker_20(&self) -> Members {
        let folder = |layer: &Vec<u8>| format!("{}/layer.tar", hex(&[layer.as_slice(), b"id"].concat()));
        let mut all: Members = self.layers.iter().map(|layer| (folder(layer), layer.clone())).collect();
        let paths: Vec<String> = self.layers.iter().map(folder).collect();
        let config = format!("{}.json", hex(&self.config));
        all.extend([(config.clone(), self.config.clone()), list(&config, &paths)]);
        all.push(("repositories".to_owned(), b"{\"registry.example/app\":{\"1.0\":\"0\"}}".to_vec()));
        all
    }

    /// Docker from 25 on, classic store: an OCI layout whose manifest the
    /// daemon made, over uncompressed layers.
    fn docker_25(&self) -> Members {
        let made = manifest(&self.config, &self.layers, OCI_LAYER);
        let paths: Vec<String> = self.layers.iter().map(|layer| blob(layer).0).collect();
        let mut all: Members = self.layers.iter().map(|layer| blob(layer)).collect();
        all.extend([blob(&self.config), blob(&made), list(&blob(&self.config).0, &paths)]);
        all.extend(roots(OCI_MANIFEST, &made));
        all
    }

    /// containerd's store, `ctr images export`, `nerdctl save`: what the
    /// registry had, one platform of it.
    fn containerd(&self) -> Members {
        let packed = self.layers.clone().map(|layer| gzip(&layer));
        let paths: Vec<String> = packed.iter().map(|layer| blob(layer).0).collect();
        let mut all: Members = packed.iter().map(|layer| blob(layer)).collect();
        all.extend([blob(&self.config), blob(&self.manifest), blob(&self.index)]);
        all.push(list(&blob(&self.config).0, &paths));
        all.extend(roots(OCI_INDEX, &self.index));
        all
    }

    /// `skopeo copy docker-archive:`, `podman save`: layers under the digest of
    /// what they unpack to.
    fn skopeo(&self) -> Members {
        let paths: Vec<String> = self.layers.iter().map(|layer| format!("{}.tar", hex(layer))).collect();
        let mut all: Members = paths.iter().cloned().zip(self.layers.iter().cloned()).collect();
        let config = format!("{}.json", hex(&self.config));
        all.extend([(config.clone(), self.config.clone()), list(&config, &paths)]);
        all
    }

    /// `podman save --format oci-archive` of an image whose layers it packed
    /// anew: another manifest, the same config.
    fn repacked(&self) -> Members {
        let packed = self.layers.clone().map(|layer| [gzip(&layer[..512]), gzip(&layer[512..])].concat());
        let made = manifest(&self.config, &packed, &format!("{OCI_LAYER}+gzip"));
        let mut all: Members = packed.iter().map(|layer| blob(layer)).collect();
        all.extend([blob(&self.config), blob(&made)]);
        all.extend(roots(OCI_MANIFEST, &made));
        all
    }

    fn forms(&self) -> [(&'static str, Members); 5] {
        [
            ("docker 20", self.docker_20()),
            ("docker 25", self.docker_25()),
            ("containerd", self.containerd()),
            ("skopeo", self.skopeo()),
            ("repacked", self.repacked()),
        ]
    }

    /// What the registry has, and its signature.
    fn signed(&self, name: &str) -> Case {
        case(name)
            .file(&self.index)
            .file(&self.manifest)
            .file(&self.config)
            .file(bundle(&self.index))
            .image(REF)
    }
}

/// The lines of layers in a report, by code.
fn layers(report: &Report) -> Vec<&str> {
    let codes = report.links.iter().map(Link::code);
    codes.filter(|code| code.starts_with("layer-")).collect()
}

#[test]
fn whatever_saved_a_signed_image_it_is_that_image() {
    let release = release("own");
    let unpacked = ["layer-unpacked"; 2];
    let verified = ["layer-verified"; 2];
    let (without, made) = (Some("saved-without-manifest"), Some("saved-manifest-made"));
    let expected = [
        ("signed-through-index", unpacked, without),
        ("saved-as-signed", verified, made),
        ("signed-as", verified, None),
        ("signed-through-index", unpacked, without),
        ("saved-as-signed", verified, None),
    ];
    for ((name, members), (code, lines, note)) in release.forms().into_iter().zip(expected) {
        let report = release.signed(name).file(tar(&members)).proven(code);
        assert_eq!(layers(&report), lines, "{name}");
        let noted = report.links.iter().map(Link::code).find(|code| code.starts_with("saved-"));
        assert_eq!(noted, note, "{name}");
    }
}

#[test]
fn another_image_saved_under_the_name_is_never_proven() {
    let (own, evil) = (release("own"), release("evil"));
    for (name, members) in evil.forms() {
        let report = own.signed(name).file(tar(&members)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
    }
}

#[test]
fn another_layer_in_the_place_of_one_is_contradicted() {
    let (own, evil) = (release("own"), release("evil"));
    for ((name, members), (_, other)) in own.forms().into_iter().zip(evil.forms()) {
        let large =
            |(_, bytes): &&(String, Vec<u8>)| bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"usr/");
        let places: Vec<usize> = (0..members.len()).filter(|n| large(&&members[*n])).collect();
        assert_eq!(places.len(), 2, "{name}");
        for place in places {
            let mut changed = members.clone();
            changed[place].1 = other[place].1.clone();
            let report = own.signed(name).file(tar(&changed)).run();
            assert_eq!(report.outcome, Outcome::Contradicted, "{name}: {}", report.headline);
        }
        // The twin: a layer that is not there is said, and no alarm.
        let mut less = members.clone();
        less.retain(|(path, _)| *path != members[0].0);
        let report = own.signed(name).file(tar(&less)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}", report.headline);
        assert_eq!(layers(&report).iter().filter(|code| **code == "layer-absent").count(), 1, "{name}");
    }
}

#[test]
fn an_archive_alone_says_what_is_missing() {
    let release = release("own");
    for (name, members) in release.forms() {
        let report = case(name).file(tar(&members)).image(REF).run();
        assert_eq!(report.outcome, Outcome::NotChecked, "{name}");
        assert!(report.needs.iter().any(|need| need.required), "{name}");
        assert_eq!(layers(&report).len(), 2, "{name}");
    }
}
