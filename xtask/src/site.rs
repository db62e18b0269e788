//! `dist/`: the site, the single file and the script to embed.

use std::path::PathBuf;

use crate::shell::{command, root, run};
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
