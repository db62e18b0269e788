//! Running other programs, and saying so.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

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

/// A command that runs at the top of the project.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The program that cargo built with a profile.
pub(crate) fn program(profile: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join(profile).join(format!("webdis-verify{}", std::env::consts::EXE_SUFFIX))
}

/// Runs to the end, output shown; an error if it fails.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    say(what);
    let begun = Instant::now();
    let status = command
        .status()
        .map_err(|e| format!("{} could not be started ({e}).", command.get_program().to_string_lossy()))?;
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

/// The full path of a program on the search path.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
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
