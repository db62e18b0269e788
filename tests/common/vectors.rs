//! Reading vectors from disk. They are not part of the project: without them
//! a test says so and passes, unless it runs in CI.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of the vectors, or `None` (said loudly) if it is not there.
pub fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(name);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "vectors are demanded in CI: {}", path.display());
    eprintln!("SKIPPED: no vectors at {}", path.display());
    None
}

pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files directly inside a folder, by name.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            files.insert(entry.file_name().into_string().unwrap(), read(&entry.path()));
        }
    }
    files
}

pub fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&read(path)).unwrap()
}
