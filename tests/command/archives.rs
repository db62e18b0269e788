//! What a file is called decides nothing, and an archive that does not hold
//! what it names is refused as it streams in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use webdis_verify::Digest;

use crate::common::image::{bundle, manifest};
use crate::common::stand_in::{self, Base, Plan};
use crate::common::tar::tar;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archives").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("test.pub"), stand_in::key().pem()).unwrap();
    fs::write(folder.join("root.json"), Plan::new(Base::DsseV1).trusted_root()).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    command.current_dir(folder).args(["check", "--now", "2026-11-21T12:00:00Z"]);
    command.args(["--trusted-root", "root.json"]).args(arguments).output().unwrap()
}

/// A profile that pins the test key, so that a stranger's images are proven.
fn profile() -> String {
    serde_json::json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "webdis", "publisher": "A stranger",
        "repositories": ["docker.io/example/app"],
        "keys": [{"name": "test.pub", "fingerprint": stand_in::key().fingerprint().hex(), "pem": stand_in::key().pem()}],
        "releases": [{"from": "0.0.1", "scheme": "cosign", "platforms": "multi"}]
    })
    .to_string()
}

#[test]
fn a_file_named_webdis_replaces_no_built_in_publisher() {
    let folder = folder("webdis");
    let config = br#"{"architecture":"amd64","os":"linux"}"#;
    let image = manifest(config, "1");
    fs::write(folder.join("image.json"), &image).unwrap();
    fs::write(folder.join("bundle.json"), bundle(&image)).unwrap();
    fs::write(folder.join("webdis"), profile()).unwrap();
    let of = |publisher: &str| {
        let asked = ["--publisher", publisher, "--image", "example/app:1.0", "image.json", "bundle.json"];
        check(&folder, &asked)
    };
    let named = of("webdis");
    assert_ne!(named.status.code(), Some(0), "{}", String::from_utf8_lossy(&named.stdout));
    // The twin: a path says that a file is meant.
    let path = of("./webdis");
    let said = String::from_utf8_lossy(&path.stdout).into_owned() + &String::from_utf8_lossy(&path.stderr);
    assert_eq!(path.status.code(), Some(0), "{said}");
}

/// A tar file of `docker save` with one layer.
fn saved(config: &[u8], layer: &[u8]) -> Vec<u8> {
    let name = format!("{}.json", Digest::of(config).hex());
    let list =
        serde_json::json!([{"Config": name, "RepoTags": ["example/app:1.0"], "Layers": ["l/layer.tar"]}]);
    tar::<&str, &[u8]>(&[
        (name.as_str(), config),
        ("l/layer.tar", layer),
        ("manifest.json", list.to_string().as_bytes()),
    ])
}

#[test]
fn a_saved_image_with_another_layer_is_refused() {
    let folder = folder("saved");
    let (layer, evil) = ([7; 3000], [8; 3000]);
    let config = serde_json::json!({"architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [Digest::of(&layer).to_string()]}})
    .to_string()
    .into_bytes();
    let image = manifest(&config, "1");
    fs::write(folder.join("image.json"), &image).unwrap();
    fs::write(folder.join("bundle.json"), bundle(&image)).unwrap();
    fs::write(folder.join("good.tar"), saved(&config, &layer)).unwrap();
    fs::write(folder.join("evil.tar"), saved(&config, &evil)).unwrap();
    let of = |archive: &str| {
        let asked = ["--key", "test.pub", "--image", "example/app:1.0", archive, "image.json", "bundle.json"];
        check(&folder, &asked)
    };
    let good = of("good.tar");
    assert_eq!(good.status.code(), Some(0), "{}", String::from_utf8_lossy(&good.stdout));
    let bad = of("evil.tar");
    let said = String::from_utf8_lossy(&bad.stderr).into_owned();
    assert_eq!(bad.status.code(), Some(2), "{said}");
    assert!(said.contains("archive-layer-differs"), "{said}");
    for digest in [Digest::of(&layer), Digest::of(&evil)] {
        assert!(said.contains(&digest.to_string()), "{said}");
    }
}
