//! Rules of what surrounds the sources: lock files, and tests that are left
//! out.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(super) fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            files(&path, ending, into);
        } else if path.to_string_lossy().ends_with(ending) {
            into.push(path);
        }
    }
}

/// What a lock file of npm has that another machine could not install, or
/// would install unchecked.
fn complaints(lock: &str) -> Vec<String> {
    let lock: serde_json::Value = serde_json::from_str(lock).unwrap();
    let mut found = Vec::new();
    for (name, package) in lock["packages"].as_object().unwrap() {
        let resolved = package["resolved"].as_str().unwrap_or("https://registry.npmjs.org/");
        if !resolved.starts_with("https://registry.npmjs.org/") {
            found.push(format!("{name} comes from {resolved}"));
        }
        if !name.is_empty() && !package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-"))
        {
            found.push(format!("{name} has no hash"));
        }
    }
    found
}

#[test]
fn npm_packages_come_from_the_public_registry_by_their_hash() {
    for name in ["package-lock.json", "tests/browser/workerd/package-lock.json"] {
        let found = complaints(&fs::read_to_string(root().join(name)).unwrap());
        assert_eq!(found, Vec::<String>::new(), "{name}");
    }
    let elsewhere =
        r#"{"packages":{"":{},"a":{"resolved":"http://10.0.0.1/a.tgz","integrity":"sha512-x"},"b":{}}}"#;
    assert_eq!(complaints(elsewhere), ["a comes from http://10.0.0.1/a.tgz", "b has no hash"]);
}

#[test]
fn a_test_is_left_out_for_one_reason_only() {
    let mut all = Vec::new();
    for folder in ["src", "tests", "xtask"] {
        files(&root().join(folder), ".rs", &mut all);
    }
    let attribute = concat!("#[", "ignore");
    let mut left_out = 0;
    for path in &all {
        for line in
            fs::read_to_string(path).unwrap().lines().filter(|line| line.trim().starts_with(attribute))
        {
            assert_eq!(line.trim(), format!("{attribute} = \"needs ../shared\"]"), "{}", path.display());
            left_out += 1;
        }
    }
    assert!(left_out > 0, "the tests were not found");
}

#[test]
fn what_is_left_out_reads_what_is_beside_the_project() {
    let mut all = Vec::new();
    files(&root().join("tests"), ".rs", &mut all);
    let beside = concat!("join(\"../", "shared");
    let readers: Vec<_> =
        all.iter().filter(|path| fs::read_to_string(path).unwrap().contains(beside)).collect();
    assert_eq!(readers, [&root().join("tests/common/vectors.rs")], "one place looks beside the project");
}
