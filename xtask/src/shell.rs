//! Running other programs, and saying so.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// The top of the project.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Whether a missing tool is a failure.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|v| !v.is_empty() && v != "false" && v != "0")
}

/// One line about what happens now.
pub(crate) fn say(line: &str) {
    eprintln!("xtask: {line}");
}

/// A command that runs at the top of the project, without what `cargo run`
/// says of this program: build scripts look at it (ring's does), so a crate
/// would be compiled anew whenever cargo is called by hand and by `cargo xtask`
/// in turn.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_this_package(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command
}

/// Whether cargo sets it for the package it runs or builds.
fn is_of_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_BIN_NAME", "CARGO_CRATE_NAME"].contains(&name)
        || ["CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The program that cargo built with a profile.
pub(crate) fn program(profile: &str) -> PathBuf {
    target().join(profile).join(format!("webdis-verify{}", std::env::consts::EXE_SUFFIX))
}

/// How long a step may be silent about being at work.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs to the end, output shown; an error if it fails.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    say(what);
    let begun = Instant::now();
    let spawned = command.spawn();
    let program = command.get_program().to_string_lossy();
    let mut child = spawned.map_err(|e| format!("{program} could not be started ({e})."))?;
    let mut next = PATIENCE;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(e) => return Err(format!("This could not be waited for: {what} ({e}).")),
        }
        if begun.elapsed() >= next {
            say(&format!("... {} s: {what}", next.as_secs()));
            next += PATIENCE;
        }
    };
    if !status.success() {
        return Err(format!("This failed: {what} ({status})."));
    }
    let seconds = begun.elapsed().as_secs();
    if seconds >= 5 {
        say(&format!("... done in {seconds} s"));
    }
    Ok(())
}

/// Standard output of a program that succeeded; `None` if it is not there or
/// fails.
pub(crate) fn output(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let out = command(program).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// The full path of a program on the search path, or where Debian keeps its
/// servers.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Reads a file, naming it in the error.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| format!("{} could not be read ({e}).", path.display()))
}

/// Writes a file and the folders above it, naming it in the error.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, bytes))
        .map_err(|e| format!("{} could not be written ({e}).", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_does_not_inherit_this_package() {
        assert!(std::env::vars().any(|(name, _)| name == "CARGO_PKG_NAME"));
        let removed: Vec<String> = command("cargo")
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name.to_string_lossy().into_owned())
            .collect();
        assert!(removed.contains(&"CARGO_PKG_NAME".to_owned()), "{removed:?}");
        for kept in ["CARGO", "CARGO_HOME", "CARGO_TARGET_DIR", "PATH"] {
            assert!(!is_of_this_package(kept), "{kept}");
        }
    }
}
