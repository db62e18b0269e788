//! `key FILE`: which key a file holds, and whose it is.

use std::fs;
use std::process::Command;

use crate::common::stand_in;

fn key(path: &std::path::Path) -> (Option<i32>, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_webdis-verify")).arg("key").arg(path).output().unwrap();
    (run.status.code(), String::from_utf8(run.stdout).unwrap())
}

#[test]
fn the_built_in_publisher_is_named_by_its_own_key_only() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (status, said) = key(&root.join("webdis.pub"));
    assert_eq!(status, Some(0));
    assert!(said.contains("publisher    Webdis, built in") && said.contains("c9210842"), "{said}");

    let other = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("another.pub");
    fs::write(&other, stand_in::key().pem()).unwrap();
    let (status, said) = key(&other);
    assert_eq!(status, Some(0));
    assert!(said.contains("not one that is built in") && !said.contains("Webdis"), "{said}");
}

/// The publisher's file with the signer's key: `role:` stands in it.
#[test]
#[ignore = "needs ../shared"]
fn the_documented_signer_is_named_by_its_own_key_only() {
    let signer = crate::common::vectors::folder("dct").join("seed/nicolasff.pub");
    let (status, said) = key(&signer);
    assert_eq!(status, Some(0));
    let named =
        "publisher    Webdis, the documented Content Trust key nicolasff, for docker.io/nicolas/webdis";
    // It is wrapped at the width of the terminal.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&said).contains(&words(named)), "{said}");
}
