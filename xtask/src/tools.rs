//! Tools that a step needs: found, else fetched, else named.

use std::path::{Path, PathBuf};

use crate::Result;
use crate::apt;
use crate::shell::{command, output, read, root, run, say, target, which, write};

/// How to compile for wasm32.
pub(crate) enum WasmCompiler {
    /// The running toolchain, which builds the standard library from its
    /// source: 3 % of what is downloaded is saved.
    Source,
    /// The running toolchain has the target, and no source.
    Target,
    /// Debian's compiler, which builds the standard library from its source.
    Debian {
        /// The linker, borrowed from the running toolchain.
        linker: PathBuf,
    },
}

/// Where a toolchain has the source of the standard library.
const SOURCE: &str = "lib/rustlib/src/rust/library/std";
/// Where it has it compiled for wasm32.
const TARGET: &str = "lib/rustlib/wasm32-unknown-unknown/lib";

/// Whether there is one already.
pub(crate) fn has_wasm_compiler() -> bool {
    let sysroot = output("rustc", &["--print", "sysroot"]).map(PathBuf::from);
    let compiled = |s: &Path| which("rustup").is_none() && s.join(TARGET).is_dir();
    sysroot.is_some_and(|s| s.join(SOURCE).is_dir() || compiled(&s)) || debian_source()
}

/// Finds or installs a compiler for wasm32-unknown-unknown.
pub(crate) fn wasm_compiler() -> Result<WasmCompiler> {
    let sysroot =
        output("rustc", &["--print", "sysroot"]).ok_or("rustc is not there; install it from rustup.rs.")?;
    let sysroot = PathBuf::from(sysroot);
    let has = |part| sysroot.join(part).is_dir();
    if !has(SOURCE) && which("rustup").is_some() {
        let source = run(
            "Adding the source of the standard library with rustup",
            command("rustup").args(["component", "add", "rust-src"]),
        );
        if source.is_err() && !has(TARGET) {
            say("rustup could not add it; trying the compiled one");
            let target = ["target", "add", "wasm32-unknown-unknown"];
            drop(run("Adding the target wasm32-unknown-unknown with rustup", command("rustup").args(target)));
        }
    }
    if has(SOURCE) {
        return Ok(WasmCompiler::Source);
    }
    if has(TARGET) {
        say("without the source of the standard library (rust-src) the wasm is larger");
        return Ok(WasmCompiler::Target);
    }
    let linker = find_linker(&sysroot);
    let debian =
        || Path::new("/usr/bin/rustc").is_file() && Path::new("/usr/bin/cargo").is_file() && debian_source();
    if !debian() {
        apt::install(&["rustc-web", "cargo-web", "rust-web-src"])?;
    }
    match linker {
        Some(linker) if debian() => Ok(WasmCompiler::Debian { linker }),
        _ => Err("The wasm32 standard library cannot be had: neither `rustup component add rust-src` \
                  nor Debian's rustc-web, cargo-web and rust-web-src worked."
            .to_owned()),
    }
}

/// Whether Debian's compiler has the source of the standard library.
fn debian_source() -> bool {
    output("/usr/bin/rustc", &["--print", "sysroot"]).is_some_and(|s| Path::new(&s).join(SOURCE).is_dir())
}

fn find_linker(sysroot: &Path) -> Option<PathBuf> {
    let hosts = std::fs::read_dir(sysroot.join("lib/rustlib")).ok()?;
    let bundled = hosts.flatten().map(|host| host.path().join("bin/rust-lld")).find(|lld| lld.is_file());
    bundled.or_else(|| which("wasm-ld")).or_else(|| which("rust-lld"))
}

/// Node and the packages of the lock file.
pub(crate) fn node_modules() -> Result<()> {
    let version = output("node", &["--version"]).ok_or(
        "Node is not there: install Node 18 or later with npm (nodejs.org, or your package manager).",
    )?;
    let major: u32 =
        version.trim_start_matches('v').split('.').next().and_then(|v| v.parse().ok()).unwrap_or(0);
    if major < 18 {
        return Err(format!("Node {version} is too old: version 18 or later is needed."));
    }
    if has_node_modules() {
        return Ok(());
    }
    npm(&root(), "Installing the npm packages of package-lock.json (build and test tools, about 200 MB)")?;
    write(&root().join(STAMP), read(&root().join("package-lock.json"))?)
}

/// Keeps the lock file that `node_modules` was installed by.
const STAMP: &str = "node_modules/.xtask-lock";

/// Whether the packages of this lock file are installed.
pub(crate) fn has_node_modules() -> bool {
    let read = |name| std::fs::read(root().join(name)).ok();
    read(STAMP).is_some_and(|stamp| read("package-lock.json") == Some(stamp))
}

fn npm(folder: &Path, what: &str) -> Result<()> {
    let args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(what, command("npm").current_dir(folder).args(args))
        .map_err(|_| "The npm packages cannot be had: `npm ci` failed (see above).".to_owned())
}

/// Where workerd is installed, outside `node_modules`: no part of the build
/// needs it.
const WORKERD: &str = "tests/browser/workerd";

/// Whether workerd is there, or was never made for this machine.
pub(crate) fn has_workerd() -> bool {
    !cfg!(target_os = "linux") || root().join(WORKERD).join("node_modules/.package-lock.json").is_file()
}

/// Installs workerd.
pub(crate) fn workerd() -> Result<()> {
    npm(&root().join(WORKERD), "Installing workerd with npm (155 MB)")
}

/// The program that runs wasm-bindgen, once it is built.
pub(crate) fn bindgen() -> PathBuf {
    target().join("tool").join(format!("xtask-bindgen{}", std::env::consts::EXE_SUFFIX))
}

/// A Chromium that can be driven without a screen.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    apt::install(&["chromium"])?;
    find_chromium()
        .ok_or_else(|| "Chromium was installed but is not on the search path; set CHROMIUM to it.".to_owned())
}

/// A Chromium that is there.
pub(crate) fn find_chromium() -> Option<PathBuf> {
    let named = ["CHROMIUM", "CHROME_PATH"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
    let known = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let mac = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    named.chain(known.into_iter().filter_map(which)).chain([mac]).find(|path| path.is_file())
}

/// Where `tests/interop/build.mjs` keeps a pinned tool; `None` if it is not
/// pinned.
pub(crate) fn built_with_go(name: &str) -> Option<PathBuf> {
    let pinned = std::fs::read_to_string(root().join("tests/interop/tools.json")).ok()?;
    let (_, about) = pinned.split_once(&format!("\"{name}\": {{"))?;
    let (_, version) = about.split_once("\"version\": \"")?;
    let (version, _) = version.split_once('"')?;
    let set = |variable| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))?;
    Some(cache.join("webdis-verify/tools").join(format!("{name}@{version}")))
}
