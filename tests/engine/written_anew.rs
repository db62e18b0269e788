//! A Docker schema 2 image that a tool saved as OCI: `skopeo copy docker://… oci:…`
//! writes its config anew.

use serde_json::{Value, json};
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case, links};
use crate::common::image::{bundle, digest};
use crate::common::release::{Members, REF};
use crate::common::tar::{gzip, tar};
use crate::subject::pull;

const DOCKER: &str = "application/vnd.docker.distribution.manifest";
const CONTAINER: &str = "application/vnd.docker.container.image.v1+json";
const OCI: &str = "application/vnd.oci.image";

/// A schema 2 image for one machine below its list.
struct Published {
    layers: [Vec<u8>; 2],
    config: Vec<u8>,
    manifest: Vec<u8>,
    list: Vec<u8>,
}

fn text(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn layer(content: &str) -> Vec<u8> {
    tar::<&str, &[u8]>(&[("usr/file", content.as_bytes())])
}

/// The config as Docker writes it, and as Go writes OCI's type.
fn configs(layers: &[Vec<u8>; 2]) -> (Value, Value) {
    let ids =
        json!({"type": "layers", "diff_ids": layers.iter().map(|layer| digest(layer)).collect::<Vec<_>>()});
    let docker = json!({
        "architecture": "amd64", "os": "linux", "created": "2024-01-02T03:04:05.120000000Z",
        "container": "abc", "docker_version": "20.10.7", "container_config": {"Cmd": ["x"]},
        "config": {"Hostname": "", "Env": ["PATH=/bin", "A=<b>"], "Cmd": null, "Image": "x", "Volumes": null,
            "Entrypoint": ["/bin/app"], "OnBuild": null, "Labels": {"a": "1"}, "ExposedPorts": {"80/tcp": {}}},
        "history": [{"created": "2024-01-02T03:04:05.1Z", "created_by": "ADD"}, {"created_by": "ENV", "empty_layer": true}],
        "rootfs": ids
    });
    let oci = json!({
        "architecture": "amd64", "os": "linux", "created": "2024-01-02T03:04:05.12Z",
        "config": {"Env": ["PATH=/bin", "A=<b>"], "Entrypoint": ["/bin/app"], "Labels": {"a": "1"}, "ExposedPorts": {"80/tcp": {}}},
        "history": [{"created": "2024-01-02T03:04:05.1Z", "created_by": "ADD"}, {"created_by": "ENV", "empty_layer": true}],
        "rootfs": ids
    });
    (docker, oci)
}

fn described(media: &str, bytes: &[u8]) -> Value {
    json!({"mediaType": media, "digest": digest(bytes), "size": bytes.len()})
}

fn published() -> Published {
    let layers = [layer("one"), layer("two")];
    let config = text(&configs(&layers).0);
    let packed =
        |layer: &Vec<u8>| described("application/vnd.docker.image.rootfs.diff.tar.gzip", &gzip(layer));
    let manifest = text(&json!({"schemaVersion": 2, "mediaType": format!("{DOCKER}.v2+json"),
        "config": described(CONTAINER, &config), "layers": layers.iter().map(packed).collect::<Vec<_>>()}));
    let mut child = described(&format!("{DOCKER}.v2+json"), &manifest);
    child["platform"] = json!({"architecture": "amd64", "os": "linux"});
    let list = text(
        &json!({"schemaVersion": 2, "mediaType": format!("{DOCKER}.list.v2+json"), "manifests": [child]}),
    );
    Published { layers, config, manifest, list }
}

/// A layout of one image, whose layers are packed by `pack`.
fn layout(config: &[u8], layers: &[Vec<u8>], pack: fn(&[u8]) -> Vec<u8>) -> Members {
    let packed: Vec<Vec<u8>> = layers.iter().map(|layer| pack(layer)).collect();
    let kind = format!("{OCI}.layer.v1.tar+gzip");
    let manifest = text(&json!({"schemaVersion": 2, "mediaType": format!("{OCI}.manifest.v1+json"),
        "config": described(&format!("{OCI}.config.v1+json"), config),
        "layers": packed.iter().map(|layer| described(&kind, layer)).collect::<Vec<_>>()}));
    let mut root = described(&format!("{OCI}.manifest.v1+json"), &manifest);
    root["annotations"] = json!({"org.opencontainers.image.ref.name": REF});
    let mut all = vec![
        ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
        ("index.json".to_owned(), text(&json!({"schemaVersion": 2, "manifests": [root]}))),
    ];
    let blobs = packed.iter().map(Vec::as_slice).chain([config, &manifest]);
    all.extend(blobs.map(|bytes| (digest(bytes).replace("sha256:", "blobs/sha256/"), bytes.to_vec())));
    all
}

fn repacked(layer: &[u8]) -> Vec<u8> {
    [gzip(&layer[..512]), gzip(&layer[512..])].concat()
}

/// The archive beside what was signed, as people meet it: with the registry's word, a
/// pull, the digest, or the documents alone; the list or its manifest signed.
fn beside(archive: &Members) -> Vec<Case> {
    let image = published();
    let mut all = Vec::new();
    for signed in [&image.list, &image.manifest] {
        let base = case("written anew").file(&image.manifest).file(&image.config).file(bundle(signed));
        let base = base.file(signed).file(tar(archive));
        let asked = base.clone().image(REF);
        all.extend([
            asked.clone().paste(pull(REF, &digest(signed))).named("beside a pull"),
            asked
                .clone()
                .paste(format!("$ crane digest {REF}\n{}\n", digest(signed)))
                .named("beside a registry's word"),
            asked.clone().fetched(&format!("{}:1.0", "registry.example/app"), signed).named("fetched"),
            asked.clone().digest(&digest(signed)).named("beside a digest"),
            asked.named("documents alone"),
            base.named("nothing asked"),
        ]);
    }
    all
}

/// A value of the config changed.
fn changed(change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut config = configs(&published().layers).1;
    change(&mut config);
    text(&config)
}

#[test]
fn a_config_that_a_tool_wrote_anew_is_no_alarm_and_no_proof() {
    let image = published();
    let anew = changed(|_| {});
    for (name, pack) in [("as they were", gzip as fn(&[u8]) -> Vec<u8>), ("packed anew", repacked)] {
        for case in beside(&layout(&anew, &image.layers, pack)) {
            let report = case.run();
            let told = format!("layers {name}, {}\n{}", report.headline, links(&report));
            assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "config-written-anew"), "{told}");
        }
    }
    // Its own bytes are what was signed.
    for case in beside(&layout(&image.config, &image.layers, gzip)) {
        let report = case.run();
        assert_eq!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
    }
}

#[test]
fn a_config_that_says_something_else_is_another_image() {
    let layers = published().layers;
    let evil = [layers[0].clone(), layer("evil")];
    for (name, config, layers) in [
        ("entrypoint", changed(|config| config["config"]["Entrypoint"] = json!(["/bin/evil"])), &layers),
        ("environment", changed(|config| config["config"]["Env"] = json!(["PATH=/evil"])), &layers),
        ("a command", changed(|config| config["config"]["Cmd"] = json!(["evil"])), &layers),
        ("another case", changed(|config| config["config"]["ENTRYPOINT"] = json!(["/bin/evil"])), &layers),
        ("another machine", changed(|config| config["architecture"] = json!("arm64")), &layers),
        ("another layer", text(&configs(&evil).1), &evil),
        ("a layer that the config does not list", changed(|_| {}), &evil),
    ] {
        for case in beside(&layout(&config, layers, gzip)) {
            let report = case.run();
            let told = format!("{name}: {}\n{}", report.headline, links(&report));
            assert_ne!(report.outcome, Outcome::Proven, "{told}");
            assert_ne!(report.code, "config-written-anew", "{told}");
            println!("{name:<40} {:<14} {}", report.outcome.name(), report.code);
        }
        // What the tag means is known, and the archive has another.
        let stray = name == "a layer that the config does not list";
        let code = if stray { "archive-layer-differs" } else { "held-differs" };
        beside(&layout(&config, layers, gzip))[1].contradicted(code);
    }
}

/// What more a config says, some program may read.
#[test]
fn a_config_that_says_more_is_not_checked() {
    let layers = published().layers;
    for config in [
        changed(|config| config["config"]["Hooks"] = json!(["x"])),
        changed(|config| config["container_config"] = json!({"Cmd": ["y"]})),
        changed(|config| config["config"]["Healthcheck"] = json!({"Test": ["CMD", "x"]})),
    ] {
        for case in beside(&layout(&config, &layers, gzip)) {
            let report = case.run();
            let told = format!("{}\n{}", report.headline, links(&report));
            assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "config-unclear"), "{told}");
        }
    }
}

/// Where one of the two configs is not at hand, nobody knows.
#[test]
fn a_config_that_is_not_at_hand_may_have_been_written_anew() {
    let image = published();
    let anew = changed(|_| {});
    let archive = layout(&anew, &image.layers, gzip);
    let base = case("no config").file(&image.manifest).file(&image.list).file(bundle(&image.list)).image(REF);
    let asked = base.paste(format!("$ crane digest {REF}\n{}\n", digest(&image.list)));
    let beside = |archive: &Members| asked.clone().file(tar(archive));
    beside(&archive).not_checked("config-unclear");
    let less: Members =
        archive.into_iter().filter(|(name, _)| !name.ends_with(&digest(&anew)[7..])).collect();
    beside(&less).not_checked("config-unclear");
    // The twin: as many layers as it has.
    let other = layout(
        &changed(|config| config["rootfs"]["diff_ids"] = json!([digest(b"x")])),
        &image.layers[..1],
        gzip,
    );
    beside(&other).contradicted("held-differs");
}
