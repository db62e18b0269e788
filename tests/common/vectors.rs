//! Reading the vectors beside the project: real data of third parties, which
//! are not part of it. A test on them is marked `#[ignore = "needs ../shared"]`;
//! `cargo xtask test` demands it where they are, and counts it where not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file or folder of `../shared`, which must be there.
pub fn shared(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    assert!(path.exists(), "{} is not there: leave out `--include-ignored`", path.display());
    path
}

/// A folder of the vectors where they are: what a test with vectors of its own
/// runs on as well.
pub fn beside(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join("vectors").join(name);
    path.exists().then_some(path)
}

/// A folder of the vectors.
pub fn folder(name: &str) -> PathBuf {
    shared("vectors").join(name)
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
