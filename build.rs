//! For the feature `page`: lists the files of the built page, so that the
//! program can carry them. Without the feature it does nothing, so that the
//! page's own wasm, which is built from this crate, does not need the page.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_PAGE").is_some()
        && let Err(sentence) = table()
    {
        println!("cargo::error={sentence}");
    }
}

/// Writes `OUT_DIR/page.rs`, an expression: path below the page's folder and
/// bytes of each file, in order of the paths.
fn table() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed=WEBDIS_VERIFY_PAGE");
    let folder = |name| env::var_os(name).map(PathBuf::from).ok_or(format!("cargo did not set {name}"));
    let named = env::var_os("WEBDIS_VERIFY_PAGE").map_or_else(|| "dist".into(), PathBuf::from);
    let page = folder("CARGO_MANIFEST_DIR")?.join(named);
    println!("cargo::rerun-if-changed={}", page.display());
    if !page.join("index.html").is_file() {
        return Err(format!(
            "the feature `page` puts the built page into the program, and there is none at {}: \
             run `cargo xtask program`, which builds both, or name its folder with WEBDIS_VERIFY_PAGE",
            page.display()
        ));
    }
    let mut files = Vec::new();
    collect(&page, &mut files).map_err(|e| format!("{} could not be read ({e})", page.display()))?;
    let mut entries = Vec::new();
    for file in &files {
        let below = file.strip_prefix(&page).ok().and_then(Path::to_str);
        let (below, whole) =
            below.zip(file.to_str()).ok_or(format!("{} has a name that is not text", file.display()))?;
        entries.push(format!("({:?}, include_bytes!({whole:?}).as_slice()),\n", below.replace('\\', "/")));
    }
    entries.sort();
    let out = folder("OUT_DIR")?.join("page.rs");
    fs::write(&out, format!("&[\n{}]\n", entries.concat()))
        .map_err(|e| format!("{} could not be written ({e})", out.display()))
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}
