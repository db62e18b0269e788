//! `webdis-verify recover --digest D FILE`: the original bytes of a printed
//! text, on standard output; what was repaired, on standard error.

use std::io::{Read, Write, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use webdis_verify::ClaimedDigest;
use webdis_verify::base::code::Class;
use webdis_verify::base::limits;
use webdis_verify::base::order::Set;
use webdis_verify::evidence::recover;

use crate::file::fail;
use crate::terminal::say;

/// Bad usage or malformed input.
const USAGE: u8 = 2;
/// Nothing could be concluded.
const NOT_CHECKED: u8 = 4;

/// Runs the command. `file` may be `-` for standard input.
///
/// Exit status: 0 with the bytes on standard output, 2 for a malformed
/// digest or a file that cannot be read, 4 if no form of the text has the
/// digest.
pub(crate) fn run(digest: &str, file: &Path) -> ExitCode {
    let wanted = if digest.contains(':') {
        ClaimedDigest::parse(digest)
    } else {
        ClaimedDigest::parse_sha256_hex(digest)
    };
    let wanted = match wanted {
        Ok(wanted) => Set::from([wanted]),
        Err(error) => return fail(&error, USAGE),
    };
    let text = match read(file) {
        Ok(text) => text,
        Err(error) => return crate::file::unreadable(file, &error),
    };
    match recover(&text, &wanted) {
        Ok(found) => {
            for repair in &found.repairs {
                say(&repair.text);
            }
            say(&format!("{} bytes, {}", found.bytes.len(), found.digest));
            match stdout().write_all(&found.bytes).and_then(|()| stdout().flush()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    say(&format!("standard output: {error}"));
                    ExitCode::from(USAGE)
                }
            }
        }
        Err(error) => {
            let class = error.class();
            fail(&error, if class == Class::NotChecked { NOT_CHECKED } else { USAGE })
        }
    }
}

/// Reads one byte past the limit at most, so that the limit is what speaks.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let most = u64::try_from(limits::RECOVERY_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut text = Vec::new();
    if file == Path::new("-") {
        stdin().lock().take(most).read_to_end(&mut text)?;
    } else {
        std::fs::File::open(file)?.take(most).read_to_end(&mut text)?;
    }
    Ok(text)
}
