//! The examples of the page: `www/examples/index.js` is what
//! `tools/make-examples.mjs` makes of `examples.json` and the files beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use webdis_verify::model::key::PublicKey;
use webdis_verify::proof::cosign::{self, Annotations, SignedImage};
use webdis_verify::proof::sigstore::{Bundle, LogEvidence, TrustedRoot};
use webdis_verify::{ClaimedDigest, Digest};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/examples")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The JSON value that `const NAME = …;` binds in index.js.
fn bound(js: &str, start: &str) -> Value {
    let from = js.find(start).expect(start) + start.len();
    let rest = &js[from..];
    let to = rest.find(";\n").expect("end of the value");
    serde_json::from_str(&rest[..to]).expect("strict JSON")
}

#[test]
fn the_module_says_what_the_files_say() {
    let js = read("index.js");
    let files = bound(&js, "const files = ");
    let source: Value = serde_json::from_str(&read("examples.json")).unwrap();
    assert_eq!(bound(&js, "const list = "), source["examples"]);
    assert_eq!(bound(&js, "export const sections = "), source["sections"]);
    let files = files.as_object().unwrap();
    assert!(files.len() > 20);
    for (name, text) in files {
        assert_eq!(
            text.as_str().unwrap(),
            read(name),
            "{name} changed: node tools/make-examples.mjs --index-only"
        );
    }
}

#[test]
fn every_example_is_whole() {
    let source: Value = serde_json::from_str(&read("examples.json")).unwrap();
    let sections: BTreeSet<_> =
        source["sections"].as_array().unwrap().iter().map(|s| s["id"].clone().to_string()).collect();
    let mut ids = BTreeSet::new();
    for example in source["examples"].as_array().unwrap() {
        assert!(ids.insert(example["id"].to_string()), "twice: {}", example["id"]);
        assert!(sections.contains(&example["section"].to_string()));
        assert!(!example["inputs"].as_array().unwrap().is_empty());
        for input in example["inputs"].as_array().unwrap() {
            assert!(matches!(input["origin"].as_str(), Some("paste" | "file")));
            assert!(!read(input["file"].as_str().unwrap()).is_empty());
        }
        let outcome = example["expect"]["outcome"].as_str().unwrap();
        assert!(["proven", "consistent", "contradicted", "unsigned", "not-checked"].contains(&outcome));
    }
}

#[test]
fn only_public_keys_are_kept() {
    for name in ["demo.pub", "demo/other.pub"] {
        PublicKey::parse(read(name).as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    let mut folders = vec![folder()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).unwrap();
                assert!(!bytes.windows(12).any(|w| w == b"PRIVATE KEY-"), "{}", path.display());
            }
        }
    }
}

const SUBJECTS: [&str; 3] = ["index", "linux-amd64", "linux-arm64"];

fn key(name: &str) -> PublicKey {
    PublicKey::parse(read(name).as_bytes()).unwrap()
}

fn root() -> TrustedRoot {
    TrustedRoot::parse(read("demo/trusted_root.json").as_bytes()).unwrap()
}

fn digest(name: &str) -> ClaimedDigest {
    Digest::of(read(name).as_bytes()).to_claim()
}

fn bundle(folder: &str, subject: &str, key: &PublicKey) -> webdis_verify::Result<SignedImage> {
    let bundle = Bundle::parse(read(&format!("demo/{folder}/{subject}.bundle.json")).as_bytes())?;
    cosign::verify_bundle(&bundle, key, cosign::SIGN_V1)
}

fn sig(subject: &str, payload: &str, key: &PublicKey) -> webdis_verify::Result<SignedImage> {
    let manifest: Value =
        serde_json::from_str(&read(&format!("demo/legacy/{subject}.signature-manifest.json"))).unwrap();
    let annotations = Annotations::parse(manifest["layers"][0]["annotations"].to_string().as_bytes())?;
    cosign::verify_payload(read(&format!("demo/legacy/{payload}")).as_bytes(), &annotations, key)
}

#[test]
fn every_demo_subject_is_signed_and_logged_by_the_demo_key_alone() {
    let (demo, other, root) = (key("demo.pub"), key("demo/other.pub"), root());
    for subject in SUBJECTS {
        let payload = format!("{subject}.payload.json");
        for (folder, signed, stranger) in [
            ("bundle", bundle("bundle", subject, &demo).unwrap(), bundle("bundle", subject, &other)),
            ("legacy", sig(subject, &payload, &demo).unwrap(), sig(subject, &payload, &other)),
        ] {
            signed.names(&digest(&format!("demo/{folder}/{subject}.json"))).unwrap();
            signed.names(&digest("demo/unsigned/index.json")).expect_err("another image");
            assert!(matches!(signed.log_evidence(&root), LogEvidence::Proven(_)), "{folder}/{subject}");
            stranger.expect_err("another key");
        }
        let unlogged = bundle("unlogged", subject, &demo).unwrap();
        unlogged.names(&digest(&format!("demo/unlogged/{subject}.json"))).unwrap();
        assert!(matches!(unlogged.log_evidence(&root), LogEvidence::Absent));
    }
}

#[test]
fn the_changed_bytes_are_refused() {
    let demo = key("demo.pub");
    sig("index", "payload-changed.json", &demo).expect_err("one byte of the payload changed");
    bundle("bundle", "index", &demo)
        .unwrap()
        .names(&digest("demo/bundle/index-changed.json"))
        .expect_err("one byte of the index changed");
}

#[cfg(feature = "cli")]
#[test]
fn every_example_has_the_outcome_it_announces() {
    let source: Value = serde_json::from_str(&read("examples.json")).unwrap();
    let mut wrong = Vec::new();
    for example in source["examples"].as_array().unwrap() {
        let options = &example["options"];
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
        command.current_dir(folder()).args(["check", "--format", "json"]);
        for (option, flag) in [
            ("image", "--image"),
            ("digest", "--digest"),
            ("publisher", "--publisher"),
            ("key", "--key"),
            ("trustedRoot", "--trusted-root"),
        ] {
            if let Some(value) = options[option].as_str() {
                command.args([flag, value]);
            }
        }
        if options["ignoreTlog"] == true {
            command.arg("--ignore-tlog");
        }
        for input in example["inputs"].as_array().unwrap() {
            command.arg(input["file"].as_str().unwrap());
        }
        let output = command.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}: {}", example["id"], String::from_utf8_lossy(&output.stderr)));
        println!("{}: {} ({})", example["id"], report["outcome"], report["code"]);
        if report["outcome"] != example["expect"]["outcome"] {
            wrong.push(format!(
                "{}: {} instead of {}",
                example["id"], report["outcome"], example["expect"]["outcome"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
