//! `dist/`: the site, the single file and the script to embed.

use std::path::PathBuf;

use crate::shell::{cargo, command, program, root, run};
use crate::tools::node_modules;
use crate::{Result, wasm};

/// Builds everything that is published; returns the folder.
pub(crate) fn build() -> Result<PathBuf> {
    let core = wasm::build(&wasm::CORE)?;
    let archive = wasm::build(&wasm::ARCHIVE)?;
    node_modules()?;
    let dist = root().join("dist");
    let mut bundle = command("node");
    bundle.arg("xtask/js/bundle.mjs").arg(&core).arg(&dist).arg(&archive);
    run("Putting the page together in dist/", &mut bundle)?;
    Ok(dist)
}

/// Everything that is published, the npm package as a tarball too, and the
/// manifest of the site for WEBCAT; returns the tarball.
pub(crate) fn build_all() -> Result<PathBuf> {
    let dist = build()?;
    let core = wasm::build(&wasm::CORE)?;
    let archive = wasm::build(&wasm::ARCHIVE)?;
    let npm = root().join("target/npm");
    let folder = npm.join("webdis-verify");
    let mut package = command("node");
    package.arg("xtask/js/package.mjs").arg(&core).arg(&dist).arg(&folder).arg(&archive);
    run("Putting the npm package together", &mut package)?;
    let mut webcat = command("node");
    webcat.arg("xtask/js/webcat.mjs").arg(&dist).arg(root().join("target/webcat"));
    run("Writing the manifest that WEBCAT asks for", &mut webcat)?;
    let mut pack = command("npm");
    pack.args(["pack", "--silent", "--pack-destination", ".."]).current_dir(&folder);
    run("Packing it", &mut pack)?;
    let packed = packed(&npm)?;
    std::fs::rename(&packed, npm.join("webdis-verify.tgz"))
        .map_err(|e| format!("{} could not be renamed ({e}).", packed.display()))?;
    Ok(npm.join("webdis-verify.tgz"))
}

/// The tarball that npm named after the version.
fn packed(npm: &std::path::Path) -> Result<PathBuf> {
    std::fs::read_dir(npm)
        .map_err(|e| format!("{} could not be read ({e}).", npm.display()))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with(".tgz") && !path.ends_with("webdis-verify.tgz"))
        .ok_or_else(|| "npm pack left no tarball.".to_owned())
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
