//! Images of our own, and signatures over them.

use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::proof::cosign::SIGN_V1;

use crate::common::stand_in::{Base, Plan, annotations, simple_payload, statement, subject};

/// An index of two platforms with its manifests and configs, as bytes.
#[derive(Clone)]
pub(crate) struct Image {
    pub(crate) index: Vec<u8>,
    pub(crate) manifests: [Vec<u8>; 2],
    pub(crate) configs: [Vec<u8>; 2],
}

pub(crate) fn config(architecture: &str, content: &str) -> Vec<u8> {
    let diff_id = Digest::of(content.as_bytes()).to_string();
    json!({"architecture": architecture, "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [diff_id]}})
        .to_string()
        .into_bytes()
}

/// A manifest; `build` stands for what differs between two compressions.
pub(crate) fn manifest(config: &[u8], build: &str) -> Vec<u8> {
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": Digest::of(config).to_string(), "size": config.len()},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": Digest::of(build.as_bytes()).to_string(), "size": 7}]
    })
    .to_string()
    .into_bytes()
}

pub(crate) fn child(bytes: &[u8], platform: Option<Value>) -> Value {
    let mut child = json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": Digest::of(bytes).to_string(), "size": bytes.len()
    });
    if let Some(platform) = platform {
        child["platform"] = platform;
    }
    child
}

pub(crate) fn linux(architecture: &str, variant: Option<&str>) -> Option<Value> {
    let mut platform = json!({"architecture": architecture, "os": "linux"});
    if let Some(variant) = variant {
        platform["variant"] = json!(variant);
    }
    Some(platform)
}

pub(crate) fn index(children: &[Value]) -> Vec<u8> {
    json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": children})
        .to_string()
        .into_bytes()
}

/// The configs are those of `content`, the manifests those of `build`.
pub(crate) fn image(content: &str, build: &str) -> Image {
    let configs = [config("amd64", content), config("arm64", content)];
    let manifests = [manifest(&configs[0], build), manifest(&configs[1], build)];
    let index = index(&[
        child(&manifests[0], linux("amd64", None)),
        child(&manifests[1], linux("arm64", Some("v8"))),
    ]);
    Image { index, manifests, configs }
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}

/// As a tool prints it: the same values, other bytes.
pub(crate) fn printed(bytes: &[u8]) -> Vec<u8> {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    // serde_json sorts members; the originals here are sorted too, so add a
    // member order that no writer has.
    let text = serde_json::to_string_pretty(&value).unwrap();
    text.replacen("\"schemaVersion\": 2", "\"schemaVersion\":   2", 1).into_bytes()
}

pub(crate) fn plan(bytes: &[u8]) -> Plan {
    Plan { payload: statement(&subject(&Digest::of(bytes)), SIGN_V1), ..Plan::new(Base::DsseV1) }
}

pub(crate) fn bundle(bytes: &[u8]) -> Vec<u8> {
    plan(bytes).build().to_string().into_bytes()
}

/// A signature by somebody else's key.
pub(crate) fn stranger(bytes: &[u8]) -> Vec<u8> {
    Plan { foreign_signer: true, ..plan(bytes) }.build().to_string().into_bytes()
}

/// Payload and annotations of a simple-signing signature.
pub(crate) fn simple(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let plan = Plan { payload: simple_payload(&digest(bytes)), ..Plan::new(Base::Legacy) };
    (plan.payload.clone().into_bytes(), annotations(&plan.build()).into_bytes())
}

/// A `.sig` manifest over simple-signing layers.
pub(crate) fn sig_manifest(layers: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let layer = |(payload, annotations): &(Vec<u8>, Vec<u8>)| {
        json!({
            "mediaType": "application/vnd.dev.cosign.simplesigning.v1+json",
            "digest": digest(payload), "size": payload.len(),
            "annotations": serde_json::from_slice::<Value>(annotations).unwrap()
        })
    };
    json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(b"{}"), "size": 2},
        "layers": layers.iter().map(layer).collect::<Vec<_>>()
    })
    .to_string()
    .into_bytes()
}

pub(crate) fn without_log(bundle: &[u8]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(bundle).unwrap();
    value["verificationMaterial"].as_object_mut().unwrap().remove("tlogEntries");
    value.to_string().into_bytes()
}
