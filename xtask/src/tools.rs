//! Tools that a step needs: found, else fetched, else named.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::shell::{command, in_ci, output, read, root, run, say, which, write};

/// How to compile for wasm32.
pub(crate) enum WasmCompiler {
    /// The running toolchain has the target.
    Rustup,
    /// Debian's compiler builds the standard library from its source.
    Debian {
        /// The linker, borrowed from the running toolchain.
        linker: PathBuf,
    },
}

/// Finds or installs a compiler for wasm32-unknown-unknown.
pub(crate) fn wasm_compiler() -> Result<WasmCompiler> {
    let sysroot =
        output("rustc", &["--print", "sysroot"]).ok_or("rustc is not there; install it from rustup.rs.")?;
    let sysroot = PathBuf::from(sysroot);
    let has_target = || sysroot.join("lib/rustlib/wasm32-unknown-unknown/lib").is_dir();
    if has_target() {
        return Ok(WasmCompiler::Rustup);
    }
    if which("rustup").is_some() {
        let added = run(
            "Adding the target wasm32-unknown-unknown with rustup",
            command("rustup").args(["target", "add", "wasm32-unknown-unknown"]),
        );
        if added.is_ok() && has_target() {
            return Ok(WasmCompiler::Rustup);
        }
        say("rustup could not add it; trying Debian's compiler");
    }
    let linker = find_linker(&sysroot);
    let debian =
        || Path::new("/usr/bin/rustc").is_file() && Path::new("/usr/bin/cargo").is_file() && debian_source();
    if !debian() {
        apt(&["rustc-web", "cargo-web", "rust-web-src"])?;
    }
    match linker {
        Some(linker) if debian() => Ok(WasmCompiler::Debian { linker }),
        _ => Err(
            "The wasm32 standard library cannot be had: neither `rustup target add wasm32-unknown-unknown` \
                  nor Debian's rustc-web, cargo-web and rust-web-src worked."
                .to_owned(),
        ),
    }
}

/// Whether Debian's compiler has the source of the standard library.
fn debian_source() -> bool {
    output("/usr/bin/rustc", &["--print", "sysroot"])
        .is_some_and(|s| Path::new(&s).join("lib/rustlib/src/rust/library/std").is_dir())
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
    let lock = read(&root().join("package-lock.json"))?;
    let stamp = root().join("node_modules/.xtask-lock");
    if std::fs::read(&stamp).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    run(
        "Installing the npm packages of package-lock.json (build and test tools, about 160 MB)",
        command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]),
    )
    .map_err(|_| "The npm packages cannot be had: `npm ci` failed (see above).".to_owned())?;
    write(&stamp, lock)
}

/// A Chromium that can be driven without a screen.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    apt(&["chromium"])?;
    find_chromium()
        .ok_or_else(|| "Chromium was installed but is not on the search path; set CHROMIUM to it.".to_owned())
}

fn find_chromium() -> Option<PathBuf> {
    let named = ["CHROMIUM", "CHROME_PATH"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
    let known = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let mac = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    named.chain(known.into_iter().filter_map(which)).chain([mac]).find(|path| path.is_file())
}

/// The real Docker Content Trust programs, and openssl for their TLS.
pub(crate) fn notary() -> Result<()> {
    let absent = || {
        ["notary", "notary-server", "notary-signer", "openssl"].into_iter().find(|name| which(name).is_none())
    };
    if absent().is_some() {
        apt(&["notary", "openssl"])?;
    }
    match absent() {
        Some(name) => Err(format!("{name} was installed but is not on the search path.")),
        None => Ok(()),
    }
}

/// Installs Debian packages, as root or through sudo.
fn apt(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand =
        format!("{list} could not be installed; install it with your package manager and run this again.");
    if which("apt-get").is_none() {
        return Err(by_hand);
    }
    let is_root = output("id", &["-u"]).is_some_and(|id| id == "0");
    // Without a terminal sudo must not wait for a password.
    let asks = !in_ci() && std::io::stdin().is_terminal();
    let prefix: &[&str] = match (is_root, which("sudo").is_some(), asks) {
        (true, _, _) => &[],
        (false, true, true) => &["sudo"],
        (false, true, false) => &["sudo", "-n"],
        (false, false, _) => return Err(by_hand),
    };
    let apt_get = |what: &str, args: &[&str]| {
        let line = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"], args].concat();
        let (program, rest) = line.split_first().ok_or_else(|| by_hand.clone())?;
        run(what, command(program).args(rest)).map_err(|_| by_hand.clone())
    };
    // An outdated list is worth a try, so a failed update is not the end.
    if apt_get("Asking apt for its lists of packages", &["update"]).is_err() {
        say("apt-get update failed; trying with the lists there are");
    }
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    apt_get(&format!("Installing {list} with apt"), &install)
}
