//! Reading files and saying why not, for commands that take single files.

use std::io::{Read as _, stdin};
use std::path::Path;
use std::process::ExitCode;

use webdis_verify::Error;
use webdis_verify::base::code::Class;
use webdis_verify::base::limits;

use crate::terminal::say;

/// Exit status for bad usage or malformed input.
pub(crate) const USAGE: u8 = 2;

/// Reads a file, or standard input for `-`; at most one byte past the limit,
/// so that the limit is what speaks.
pub(crate) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let most = u64::try_from(limits::PASTE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Says that a file cannot be read.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> ExitCode {
    crate::refuse(&crate::check::unreadable(path, error))
}

/// Says what is wrong and what to do, and ends with the status.
pub(crate) fn fail(error: &Error, status: u8) -> ExitCode {
    say(&format!("webdis-verify: {error}"));
    let next = error.next_step();
    if !next.is_empty() {
        say(&format!("  {next}"));
    }
    ExitCode::from(status)
}

/// The exit status of a failed check: 1 contradicted, 3 unsigned, 4 not
/// checked.
pub(crate) fn status(error: &Error) -> u8 {
    match error.class() {
        Class::Contradicted => 1,
        Class::Unsigned => 3,
        Class::NotChecked | Class::Consistent | Class::Fact | Class::Caveat => 4,
    }
}
