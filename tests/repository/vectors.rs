//! `tests/vectors` is small, and names neither a machine nor a secret.

use std::fs;
use std::path::{Path, PathBuf};

/// All vectors together, in bytes.
const MOST: u64 = 1_572_864;

fn below(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { below(&path, into) } else { into.push(path) }
    }
}

fn vectors() -> Vec<PathBuf> {
    let mut files = Vec::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors"), &mut files);
    assert!(files.len() > 300, "the vectors were not found");
    files
}

/// What must not stand in a vector.
fn found_in(bytes: &[u8]) -> Option<&'static str> {
    let words = ["PRIVATE KEY-", "/tmp/", "/root/", "/home/", "Authorization", "Bearer "];
    words.into_iter().find(|word| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
}

#[test]
fn the_vectors_are_small() {
    let size: u64 = vectors().iter().map(|path| path.metadata().unwrap().len()).sum();
    assert!(size <= MOST, "{size} bytes");
}

#[test]
fn the_vectors_name_no_machine_and_no_secret() {
    for path in vectors() {
        let found = found_in(&fs::read(&path).unwrap());
        assert_eq!(found, None, "{}", path.display());
    }
    assert_eq!(found_in(b"saved in /home/someone"), Some("/home/"));
}
