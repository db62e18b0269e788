//! Rules of the repository that the compiler does not know.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up: each may use itself and those before it.
const ROOMS: &[&str] = &["base", "model", "proof", "evidence", "engine", "report", "session", "edge"];
/// What reaches out into the world; only the last room may.
const OUTSIDE: &[&str] =
    &["web_sys", "js_sys", "wasm_bindgen", "gloo_net", "ureq", "TcpStream", "TcpListener", "std::fs"];
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

/// Uses of later rooms, and of the world.
fn wrong_ways(name: &str, text: &str) -> Vec<String> {
    let room = name.split('/').next().unwrap().trim_end_matches(".rs");
    let Some(own) = ROOMS.iter().position(|r| *r == room) else { return Vec::new() };
    let mut found = Vec::new();
    for (number, line) in shipped(text) {
        for later in ROOMS.iter().skip(own + 1).filter(|later| line.contains(&format!("crate::{later}"))) {
            found.push(format!("{name}:{number} uses crate::{later}"));
        }
        for word in OUTSIDE.iter().filter(|word| room != "edge" && line.contains(*word)) {
            found.push(format!("{name}:{number} uses {word}"));
        }
    }
    found
}

#[test]
fn imports_point_one_way() {
    let sources = all_sources();
    let found: Vec<String> = sources.iter().flat_map(|(name, text)| wrong_ways(name, text)).collect();
    assert_eq!(found, Vec::<String>::new());
    for room in ROOMS {
        assert!(sources.iter().any(|(name, _)| name.starts_with(&format!("{room}/"))), "no room {room}");
    }
}

#[test]
fn a_wrong_way_is_noticed_in_code_but_not_in_words() {
    assert_eq!(wrong_ways("engine/path.rs", "\nuse crate::session::registry::Plan;").len(), 1);
    assert_eq!(wrong_ways("model/oci.rs", "let w = web_sys::window();").len(), 1);
    assert!(wrong_ways("engine/path.rs", "// crate::session is a driver").is_empty());
    assert!(wrong_ways("edge/web.rs", "use web_sys::Request; use crate::base::Error;").is_empty());
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

/// The standard library's are compiled anew for each type, in what a browser
/// downloads.
#[test]
fn maps_and_sorts_are_those_of_base_order() {
    for (name, text) in all_sources() {
        let downloaded =
            !["base/order.rs", "edge/cli/", "edge/native/"].iter().any(|own| name.starts_with(own));
        for (number, line) in shipped(&text).filter(|_| downloaded && !is_test_file(&name)) {
            for word in ["collections::BTree", ".sort_"] {
                assert!(!line.contains(word), "src/{name}:{number} has {word}; crate::base::order has one");
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
