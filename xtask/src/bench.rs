//! Sizes and times, measured by Node and Chromium.

use crate::shell::{cargo, command, run};
use crate::tools::chromium;
use crate::{Result, site, wasm};

/// Prints what the bytes of the wasm are for.
pub(crate) fn by_module() -> Result<()> {
    let out = wasm::build(&wasm::CORE)?;
    let parts = wasm::NAMED.map(|name| out.join(name));
    run("Sizes by module", command("node").arg("xtask/js/modules.mjs").args(parts))
}

/// Prints the sizes; an error when one is past its budget.
pub(crate) fn size() -> Result<()> {
    let dist = site::build()?;
    run("Sizes in bytes", command("node").arg("xtask/js/size.mjs").arg(dist))
        .map_err(|_| "A size is past its budget.".to_owned())
}

/// Prints the time from navigation to a first verdict, beside that of a page
/// with WebCrypto alone, and the requests it waits for.
pub(crate) fn first() -> Result<()> {
    site::build()?;
    let chromium = chromium()?;
    run("First verdicts in Chromium", command("node").arg("benches/first.mjs").env("CHROMIUM", chromium))
}

/// Prints what Lighthouse says of the page in both themes; an error where an
/// aim is missed.
pub(crate) fn lighthouse() -> Result<()> {
    site::build()?;
    let chromium = chromium()?;
    run("Lighthouse", command("node").arg("benches/lighthouse.mjs").env("CHROMIUM", chromium))
}

/// Prints how fast archives are read, beside other programs and the browser's
/// own means.
pub(crate) fn archive() -> Result<()> {
    site::build()?;
    let chromium = chromium()?;
    run("The command line", cargo().args(["build", "--locked", "--release", "--package", "webdis-verify"]))?;
    run("Archives", command("node").arg("benches/archive.mjs").env("CHROMIUM", chromium))
}

/// Prints the times from paste to verdict, and from reference to verdict
/// beside cosign's.
pub(crate) fn bench() -> Result<()> {
    site::build()?;
    let chromium = chromium()?;
    run("Times in Chromium", command("node").arg("benches/paste.mjs").env("CHROMIUM", chromium))?;
    run("The command line", cargo().args(["build", "--locked", "--release", "--package", "webdis-verify"]))?;
    run("Times beside cosign's", command("node").arg("benches/verify.mjs"))
}
