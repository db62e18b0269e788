//! `dist/`: the site, the single file and the script to embed.

use std::path::PathBuf;

use crate::shell::{cargo, command, program, root, run};
use crate::tools::node_modules;
use crate::{Result, wasm};

/// Builds everything that is published; returns the folder.
pub(crate) fn build() -> Result<PathBuf> {
    let core = wasm::build(&wasm::CORE)?;
    node_modules()?;
    let dist = root().join("dist");
    let mut bundle = command("node");
    bundle.arg("xtask/js/bundle.mjs").arg(&core).arg(&dist);
    run("Putting the page together in dist/", &mut bundle)?;
    Ok(dist)
}

/// The command line with the page inside, as one file to install or to copy.
/// The page goes first: its wasm is built from the same crate.
pub(crate) fn build_program() -> Result<PathBuf> {
    let dist = build()?;
    let mut build = cargo();
    build.args(["build", "--locked", "--release", "--package", "webdis-verify", "--features", "page"]);
    run("Building the program with the page inside", build.env("WEBDIS_VERIFY_PAGE", dist))?;
    Ok(program("release"))
}
