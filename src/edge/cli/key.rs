//! `webdis-verify key FILE`: which key is this? The file may hold more than the
//! key, as `check` and `--key` take it too.

use std::io::{Write as _, stdout};
use std::path::Path;
use std::process::ExitCode;

use webdis_verify::evidence::key_file;
use webdis_verify::model::key::PublicKey;
use webdis_verify::model::publisher::Profile;

use super::file;

/// Runs the command. Exit status: 0 for one acceptable P-256 public key, 2
/// for anything else.
pub(crate) fn run(path: &Path) -> ExitCode {
    let bytes = match file::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return file::unreadable(path, &error),
    };
    match key_file(&bytes) {
        Ok(key) => {
            let text = format!(
                "kind         ECDSA P-256 public key\n\
                 publisher    {}\n\
                 fingerprint  {}\n\
                 cosign hint  {}\n\
                 TUF key id   {}\n",
                publisher(&key),
                key.fingerprint(),
                key.hint(),
                key.tuf_key_id().hex()
            );
            match stdout().write_all(text.as_bytes()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => file::unreadable(Path::new("standard output"), &error),
            }
        }
        Err(error) => file::fail(&error, file::USAGE),
    }
}

/// Whose key this is, as far as the program knows by itself.
fn publisher(key: &PublicKey) -> String {
    let Ok(profile) = Profile::webdis() else { return UNKNOWN.to_owned() };
    let (publisher, places) = (&profile.publisher, profile.repositories.join(" and "));
    if profile.keys.iter().any(|pinned| pinned.key() == key) {
        return format!("{publisher}, built in, for {places}");
    }
    let trust = profile.content_trust.as_ref();
    let named = trust.and_then(|trust| Some((trust.key_name(key)?, &trust.gun)));
    match named {
        Some((name, gun)) => {
            format!("{publisher}, the documented Content Trust key {name}, for {gun}")
        }
        None => UNKNOWN.to_owned(),
    }
}

const UNKNOWN: &str = "not one that is built in";
