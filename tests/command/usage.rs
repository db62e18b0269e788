//! What a command says where it cannot begin or end its work.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::stand_in;

fn said(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_bundle_is_not_verified_against_nothing() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("usage");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("test.pub"), stand_in::key().pem()).unwrap();
    fs::write(folder.join("bundle.json"), "{}").unwrap();
    let digest = format!("sha256:{}", "a".repeat(64));
    let bundle = ["verify-bundle", "--bundle", "bundle.json"];
    for (more, code) in [
        (vec![digest.as_str()], "[no-key-or-identity]"),
        (vec!["--key", "test.pub", "--staging", &digest], "[staging-without-root]"),
    ] {
        let (status, said) = said(&folder, &[&bundle[..], &more].concat());
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(code), "{said}");
    }
    // The twin: with a key and its log, only what is in the bundle is wrong.
    let (_, said) = said(&folder, &[&bundle[..], &["--key", "test.pub", &digest]].concat());
    assert!(!said.contains("[no-key") && !said.contains("[staging"), "{said}");
}
