//! What a file is called decides nothing, and an archive that does not hold
//! what it names is contradicted as it streams in, whatever its size.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use webdis_verify::Digest;

use crate::common::image::{bundle, manifest};
use crate::common::stand_in::{self, Base, Plan};
use crate::common::tar::{gzip, tar};

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
    json!({
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

#[test]
fn a_text_too_long_to_be_read_may_hold_a_witness() {
    let folder = folder("long");
    let image = manifest(br#"{"architecture":"amd64","os":"linux"}"#, "1");
    fs::write(folder.join("image.json"), &image).unwrap();
    fs::write(folder.join("bundle.json"), bundle(&image)).unwrap();
    let with = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).unwrap();
        let asked = ["--key", "test.pub", "--image", "example/app:1.0", "image.json", "bundle.json", name];
        let output = check(&folder, &asked);
        fs::remove_file(folder.join(name)).unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let log = |mebibytes: usize| [vec![b'x'; mebibytes << 20], b"\n".to_vec()].concat();
    let (code, said) = with("build.log", &log(33));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, Some(4), "{said}");
    for part in
        ["a text or file: at most 33554432, found 34603009", "Give only the parts that concern the image"]
    {
        assert!(said.contains(part), "{said}");
    }
    // The twins: a shorter one, and what is no text.
    assert_eq!(with("build.log", &log(1)).0, Some(0));
    assert_eq!(with("disk.img", &vec![0; 33 << 20]).0, Some(0));
}

/// A tar file of `docker save` with one layer.
fn saved(config: &[u8], layer: &[u8]) -> Vec<u8> {
    let name = format!("{}.json", Digest::of(config).hex());
    let list = json!([{"Config": name, "RepoTags": ["example/app:1.0"], "Layers": ["l/layer.tar"]}]);
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
    let config = json!({"architecture": "amd64", "os": "linux", "config": {},
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
    let said = String::from_utf8_lossy(&bad.stdout).into_owned();
    assert_eq!(bad.status.code(), Some(1), "{said}");
    assert!(said.contains("the config demands the layer"), "{said}");
    for digest in [Digest::of(&layer), Digest::of(&evil)] {
        assert!(said.contains(&digest.to_string()), "{said}");
    }
}

/// A signed image of one gzip layer.
struct Image {
    layer: Vec<u8>,
    config: Vec<u8>,
    manifest: Vec<u8>,
}

fn image(content: &[u8]) -> Image {
    let tar = tar::<&str, &[u8]>(&[("etc/content", content)]);
    let layer = gzip(&tar);
    let config = json!({"architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [Digest::of(&tar).to_string()]}})
    .to_string()
    .into_bytes();
    let manifest = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": Digest::of(&config).to_string(), "size": config.len()},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
            "digest": Digest::of(&layer).to_string(), "size": layer.len()}]})
    .to_string()
    .into_bytes();
    Image { layer, config, manifest }
}

/// Exit status, and the codes of the links beside the chain.
fn report(output: &Output) -> (Option<i32>, String, Vec<String>) {
    let said = String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let links = report["links"].as_array().unwrap().iter().filter(|link| link["place"] != "chain");
    let codes = links.map(|link| text(&link["code"])).filter(|code| code.contains("layer")).collect();
    (output.status.code(), text(&report["code"]), codes)
}

#[test]
fn a_layer_beside_its_manifest_is_recognised_in_every_form() {
    let folder = folder("layer");
    let (own, other) = (image(b"own"), image(b"other"));
    fs::write(folder.join("manifest.json"), &own.manifest).unwrap();
    fs::write(folder.join("config.json"), &own.config).unwrap();
    fs::write(folder.join("bundle.json"), bundle(&own.manifest)).unwrap();
    fs::write(folder.join("layer.tar.gz"), &own.layer).unwrap();
    fs::write(folder.join("layer.tar"), tar::<&str, &[u8]>(&[("etc/content", b"own")])).unwrap();
    fs::write(folder.join("other.tar.gz"), &other.layer).unwrap();
    let of = |files: &[&str]| {
        let fixed = ["--format", "json", "--key", "test.pub", "manifest.json", "bundle.json"];
        report(&check(&folder, &[&fixed, files].concat()))
    };
    let signed =
        |codes: &[&str]| (Some(0), "signed".to_owned(), codes.iter().map(|c| (*c).to_owned()).collect());
    assert_eq!(of(&["config.json"]), signed(&[]));
    assert_eq!(of(&["config.json", "layer.tar.gz"]), signed(&["layer-verified"]));
    assert_eq!(of(&["config.json", "layer.tar"]), signed(&["layer-unpacked"]));
    assert_eq!(of(&["layer.tar.gz"]), signed(&["layer-hashed"]));
    assert_eq!(of(&["config.json", "other.tar.gz"]), signed(&["layer-unlisted"]));
    let short = |file| {
        let output =
            check(&folder, &["--key", "test.pub", "manifest.json", "config.json", "bundle.json", file]);
        String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // It is asked about by being given.
    assert!(short("other.tar.gz").contains("no manifest and no config you gave lists either"));
    assert!(!short("layer.tar.gz").contains("lists either"));
}

#[test]
fn a_config_that_demands_another_layer_is_contradicted() {
    let folder = folder("demands");
    let (own, other) = (image(b"own"), image(b"other"));
    // The manifest names the config of one image and the layer of another.
    let mut mixed: Value = serde_json::from_slice(&own.manifest).unwrap();
    mixed["layers"][0]["digest"] = Digest::of(&other.layer).to_string().into();
    mixed["layers"][0]["size"] = other.layer.len().into();
    let mixed = mixed.to_string();
    fs::write(folder.join("manifest.json"), &mixed).unwrap();
    fs::write(folder.join("config.json"), &own.config).unwrap();
    fs::write(folder.join("bundle.json"), bundle(mixed.as_bytes())).unwrap();
    fs::write(folder.join("layer.tar.gz"), &other.layer).unwrap();
    let files = ["manifest.json", "config.json", "bundle.json", "layer.tar.gz"];
    let output = check(&folder, &[&["--format", "json", "--key", "test.pub"], &files[..]].concat());
    let (status, code, _) = report(&output);
    assert_eq!((status, code.as_str()), (Some(1), "archive-layer-differs"));
}

/// `check -` with an archive on standard input, in so much memory.
fn piped(folder: &Path, kibibytes: u32, write: impl FnOnce(&mut dyn std::io::Write)) -> Output {
    let program = env!("CARGO_BIN_EXE_webdis-verify");
    let mut command = Command::new("sh");
    let line = format!(
        "ulimit -v {kibibytes}; exec {program} check --now 2026-11-21T12:00:00Z --trusted-root root.json --format json --key test.pub --image example/app:1.0 - manifest.json bundle.json"
    );
    command.current_dir(folder).args(["-c", &line]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    write(&mut child.stdin.take().unwrap());
    child.wait_with_output().unwrap()
}

/// The header of a tar member: POSIX ustar.
fn header(name: &str, size: usize) -> Vec<u8> {
    let mut member = tar::<&str, &[u8]>(&[(name, b"")]);
    member.truncate(512);
    member[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    member[148..156].fill(b' ');
    let sum: u32 = member.iter().map(|byte| u32::from(*byte)).sum();
    member[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    member
}

#[cfg(target_os = "linux")]
#[test]
fn an_archive_larger_than_memory_is_read_from_a_pipe() {
    const PIECES: usize = 600;
    let piece = vec![b'x'; 1 << 20];
    let folder = folder("large");
    let mut hasher = webdis_verify::base::digest::Hasher::new();
    (0..PIECES).for_each(|_| hasher.update(&piece));
    let config = json!({"architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [hasher.finish().to_string()]}})
    .to_string()
    .into_bytes();
    let image = manifest(&config, "1");
    fs::write(folder.join("manifest.json"), &image).unwrap();
    fs::write(folder.join("bundle.json"), bundle(&image)).unwrap();
    let name = format!("{}.json", Digest::of(&config).hex());
    let list =
        json!([{"Config": name, "RepoTags": ["example/app:1.0"], "Layers": ["l/layer.tar"]}]).to_string();
    let rest = tar::<&str, &[u8]>(&[(&name, &config), ("manifest.json", list.as_bytes())]);
    for (last, status, expected) in [(b'x', 0, "same"), (b'y', 1, "archive-layer-differs")] {
        let output = piped(&folder, 200_000, |input| {
            input.write_all(&header("l/layer.tar", PIECES << 20)).unwrap();
            (1..PIECES).for_each(|_| input.write_all(&piece).unwrap());
            let mut end = piece.clone();
            end[piece.len() - 1] = last;
            input.write_all(&end).unwrap();
            input.write_all(&rest).unwrap();
        });
        let (found, code, _) = report(&output);
        assert_eq!(found, Some(status), "{expected}: {code}");
    }
}

/// A proof is not about what else was given: its file is named with the answer.
#[test]
fn a_proof_names_the_other_image_beside_it() {
    let folder = folder("beside");
    let (own, other) = (crate::common::image::image("a", "1"), crate::common::image::image("b", "2"));
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    write("good.json", &own.index);
    write("bundle.json", &bundle(&own.index));
    write("other.json", &other.index);
    let digest = Digest::of(&own.index).to_string();
    let asked = ["--key", "test.pub", "--digest", &digest, "bundle.json", "good.json"];
    let alone = check(&folder, &asked);
    let beside = check(&folder, &[asked.as_slice(), &["other.json"]].concat());
    for (output, named) in [(alone, false), (beside, true)] {
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert_eq!(text.contains("(other.json)"), named, "{text}");
    }
}
