//! `webdis-verify recover`: bytes on standard output, words on standard error.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn run(digest: &str, text: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_webdis-verify"))
        .args(["recover", "--digest", digest, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that stops early does not read everything.
    let _ = child.stdin.take().unwrap().write_all(text);
    child.wait_with_output().unwrap()
}

#[test]
fn original_bytes_or_a_status_that_says_why_not() {
    let text = b"{\n  \"schemaVersion\": 2,\n  \"layers\": []\n}\n";
    let digest = webdis_verify::Digest::of(b"{\"schemaVersion\":2,\"layers\":[]}").to_string();
    let found = run(&digest, text);
    assert_eq!(found.status.code(), Some(0));
    assert_eq!(found.stdout, b"{\"schemaVersion\":2,\"layers\":[]}");
    assert!(String::from_utf8(found.stderr).unwrap().contains("Restored from page text: no white space."));

    let other = run(&digest, b"{\"schemaVersion\":3,\"layers\":[]}");
    assert_eq!((other.status.code(), other.stdout.len()), (Some(4), 0));
    assert!(String::from_utf8(other.stderr).unwrap().contains("[unrecoverable]"));

    assert_eq!(run("sha256:12", text).status.code(), Some(2));
    let long = run(&digest, &vec![b' '; (4 << 20) + 10]);
    assert_eq!(long.status.code(), Some(4));
    assert!(String::from_utf8(long.stderr).unwrap().contains("[limit-exceeded]"));
}
