//! The examples of the page: `www/examples/index.js` is what
//! `tools/make-examples.mjs` makes of `examples.json` and the files beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use webdis_verify::key::PublicKey;

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
        assert!(["proven", "contradicted", "unsigned", "not-checked"].contains(&outcome));
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
