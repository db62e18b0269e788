//! Rules of the repository that the compiler does not know.

use std::fs;
use std::path::{Path, PathBuf};

/// Nothing under these may reach out of the engine.
const ENGINE: &[&str] = &["chain", "report", "oci", "cosign", "sigstore", "tuf", "input"];
/// What reaches out: the drivers, the edges, and what they are made of.
const OUTSIDE: &[&str] = &[
    "crate::registry",
    "crate::edge::wasm",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "gloo_net",
    "ureq",
    "tiny_http",
];
/// Longer than this a file holds more than one idea.
const MAX_LINES: usize = 450;

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    let name = |path: &Path| path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The code without comments and without what follows `#[cfg(test)]`, which by
/// convention stands last.
fn shipped(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = |line: &str| line.find("//").unwrap_or(line.len());
    text.lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .map(move |(i, line)| (i + 1, &line[..code(line)]))
}

fn is_test_file(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.contains("/tests/")
}

fn outside_of(name: &str, text: &str) -> Vec<String> {
    let module = name.split('/').next().unwrap().trim_end_matches(".rs");
    if !ENGINE.contains(&module) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in shipped(text) {
        for word in OUTSIDE.iter().filter(|word| line.contains(*word)) {
            found.push(format!("{name}:{number} uses {word}"));
        }
    }
    found
}

#[test]
fn the_engine_does_not_reach_out() {
    let found: Vec<String> = all_sources().iter().flat_map(|(name, text)| outside_of(name, text)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_reach_is_noticed_in_code_but_not_in_words() {
    assert_eq!(outside_of("chain/path.rs", "\nuse crate::registry::Plan;").len(), 1);
    assert_eq!(outside_of("oci.rs", "let w = web_sys::window();").len(), 1);
    assert!(outside_of("chain/path.rs", "// crate::registry is a driver").is_empty());
    assert!(outside_of("registry/web.rs", "use web_sys::Request;").is_empty());
}

#[test]
fn no_file_is_longer_than_one_idea() {
    for (name, text) in all_sources() {
        let lines = text.lines().count();
        assert!(lines <= MAX_LINES, "src/{name} has {lines} lines, more than {MAX_LINES}");
    }
}

#[test]
fn shipped_code_does_not_unwrap() {
    let words = [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", "unsafe "];
    for (name, text) in all_sources().iter().filter(|(name, _)| !is_test_file(name)) {
        for (number, line) in shipped(text) {
            for word in words {
                assert!(!line.contains(word), "src/{name}:{number} has {word}");
            }
        }
    }
}

#[test]
fn nothing_is_left_for_later() {
    for (name, text) in all_sources() {
        for (i, line) in text.lines().enumerate() {
            for word in ["TODO", "FIXME"] {
                assert!(!line.contains(word), "src/{name}:{} has {word}", i + 1);
            }
        }
    }
}

#[test]
fn the_glue_and_the_library_are_one_version() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let version = |file: &str, name: &str| {
        let text = fs::read_to_string(top.join(file)).unwrap();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
        line.split('"').find(|part| part.starts_with('=')).unwrap().to_owned()
    };
    let library = version("Cargo.toml", "wasm-bindgen =");
    assert_eq!(library, version("xtask/bindgen/Cargo.toml", "wasm-bindgen-cli-support ="));
    assert_eq!(library, version("tests/wasm-suite/Cargo.toml", "wasm-bindgen ="));
}

#[test]
fn the_npm_lock_names_no_registry_of_its_own() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("package-lock.json")).unwrap();
    for line in lock.lines().filter(|line| line.contains("\"resolved\"")) {
        assert!(line.contains("https://registry.npmjs.org/"), "{line}");
    }
}
