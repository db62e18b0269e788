//! `webdis-verify key FILE`: which key is this? The file may hold more than the
//! key, as `check` and `--key` take it too.

use std::path::Path;
use std::process::ExitCode;

use webdis_verify::Error;
use webdis_verify::evidence::{Given, Kind, Origin, key_file, recognise};
use webdis_verify::model::key::PublicKey;
use webdis_verify::model::key::codes::KEY_MALFORMED;
use webdis_verify::model::publisher::Profile;

use crate::file;
use crate::terminal::{tell, tell_whole};

/// Runs the command. Exit status: 0 for one acceptable P-256 public key, 2
/// for anything else.
pub(crate) fn run(path: &Path) -> ExitCode {
    let bytes = match file::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return file::unreadable(path, &error),
    };
    let key = match key_file(&bytes) {
        Ok(key) => key,
        Err(error) => return crate::refuse(&none(path, bytes, error)),
    };
    tell("kind        ", "ECDSA P-256 public key");
    tell("publisher   ", &publisher(&key));
    for (name, value) in [
        ("fingerprint", key.fingerprint().to_string()),
        ("cosign hint", key.hint()),
        ("TUF key id ", key.tuf_key_id().hex()),
    ] {
        tell_whole(&format!("{name}  {value}"));
    }
    ExitCode::SUCCESS
}

/// Why there is no key in a file: what it is instead, where that is known.
fn none(path: &Path, bytes: Vec<u8>, error: Error) -> Error {
    let name = path.to_string_lossy();
    let is_pem = bytes.windows(PEM.len()).any(|part| part == PEM);
    if error.code() != KEY_MALFORMED || is_pem || bytes.is_empty() {
        return error.in_place(name);
    }
    let given = Given { name: name.clone().into_owned(), origin: Origin::File, bytes };
    let what = match recognise(&[given]).first().map(|item| item.kind) {
        None | Some(Kind::Text | Kind::Json | Kind::Blob) => "no PEM block is in it".to_owned(),
        Some(Kind::TrustedRoot) => "it is a trusted root, for --trusted-root".to_owned(),
        Some(kind) => format!("it is recognised as: {}", kind.name().replace('-', " ")),
    };
    Error::new(KEY_MALFORMED).in_place(name).found(what)
}

/// How a PEM block begins.
const PEM: &[u8] = b"-----BEGIN";

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
