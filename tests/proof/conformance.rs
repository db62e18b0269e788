//! The bundle cases of the Sigstore conformance suite through
//! `webdis-verify verify-bundle`: each by path and by digest.

use std::path::Path;
use std::process::{Command, Output};

use crate::common::vectors;
use webdis_verify::Digest;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_webdis-verify")).arg("verify-bundle").args(arguments).output().unwrap()
}

#[test]
#[ignore = "needs ../shared"]
fn key_cases_are_as_expected_and_keyless_ones_are_not_checked() {
    let folder = vectors::folder("sigstore-conformance");
    let expected = vectors::json(&folder.join("expected.json"));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let other = text(&folder.join("bundle-verify/managed-key-happy-path/key.pub"));
    let (mut keyed, mut keyless) = (0, 0);
    for case in expected["cases"].as_array().unwrap() {
        let name = case["case"].as_str().unwrap();
        let case_folder = folder.join("bundle-verify").join(name);
        let or = |first: &str, second: &str| {
            let path = case_folder.join(first);
            if path.is_file() { path } else { folder.join(second) }
        };
        let artifact = or("artifact", "bundle-verify/a.txt");
        let digest = Digest::of(&vectors::read(&artifact)).to_string();
        let (bundle, root) = (
            text(&case_folder.join("bundle.sigstore.json")),
            text(&or("trusted_root.json", "trusted_root.prod.json")),
        );
        let key = case_folder.join("key.pub");
        let artifact = text(&artifact);
        for artifact in [&artifact, &digest] {
            let identity = [
                "--certificate-identity",
                expected["default_identity"].as_str().unwrap(),
                "--certificate-oidc-issuer",
                expected["default_issuer"].as_str().unwrap(),
            ];
            let tail = ["--bundle", &bundle, "--trusted-root", &root];
            let with_identity = || run(&[&tail[..], &identity[..], &[artifact]].concat());
            let with_key = |key: &str| run(&[&tail[..], &["--key", key, artifact]].concat());
            if case["key_based"].as_bool().unwrap() {
                // As the suite does it: without a key file, by identity.
                let output = if key.is_file() { with_key(&text(&key)) } else { with_identity() };
                let proven = output.status.success();
                let said = String::from_utf8_lossy(&output.stderr);
                println!("{name} {artifact}: exit {:?} {said}", output.status.code());
                assert_eq!(proven, case["expected"] == "pass", "{name}");
                assert_eq!(
                    proven,
                    !output.stdout.is_empty(),
                    "{name}: the report is on stdout, nothing else"
                );
                keyed += 1;
            } else {
                let output = with_identity();
                assert_eq!(output.status.code(), Some(4), "{name}");
                assert!(output.stdout.is_empty(), "{name}");
                // Nor does a key prove what was signed with a certificate.
                assert!(!with_key(&other).status.success(), "{name}");
                keyless += 1;
            }
        }
    }
    println!("key-based runs as expected: {keyed}; keyless runs refused as not checked: {keyless}");
    assert_eq!((keyed, keyless), (8, 132));
}

#[test]
#[ignore = "needs ../shared"]
fn a_log_that_the_root_does_not_list_is_not_checked() {
    let folder = vectors::folder("sigstore-conformance");
    let case = folder.join("bundle-verify/managed-key-and-trusted-root");
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (bundle, key) = (path(&case.join("bundle.sigstore.json")), path(&case.join("key.pub")));
    let artifact = path(&folder.join("bundle-verify/a.txt"));
    let output = run(&["--bundle", &bundle, "--key", &key, &artifact]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("[log-unknown]"));
    let output = run(&["--staging", "--bundle", &bundle, "--key", &key, &artifact]);
    assert_eq!(output.status.code(), Some(2));
    let output = run(&["--bundle", &bundle, &artifact]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
#[ignore = "needs ../shared"]
fn key_files_are_named_or_refused_with_status_two() {
    let folder = vectors::folder("cosign/key-files");
    for (name, bytes) in vectors::files(&folder) {
        let path = folder.join(&name);
        let output =
            Command::new(env!("CARGO_BIN_EXE_webdis-verify")).arg("key").arg(&path).output().unwrap();
        // Text around one key is how people paste it; the key is still one.
        let read = name.starts_with("ok-") || name == "garbage-before.pub";
        assert_eq!(output.status.code(), Some(if read { 0 } else { 2 }), "{name}");
        assert_eq!(output.stdout.is_empty(), !read, "{name}");
        // A private key is never echoed.
        let secret: Vec<_> = bytes.split(|b| *b == b'\n').filter(|line| line.len() > 40).collect();
        let said = [output.stdout, output.stderr].concat();
        assert!(!secret.iter().any(|line| said.windows(line.len()).any(|window| window == *line)), "{name}");
    }
}

#[test]
fn webdis_pub_has_its_documented_ids() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/webdis.pub");
    let output = Command::new(env!("CARGO_BIN_EXE_webdis-verify")).args(["key", path]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("sha256:c921084265695461eef46c6a5953b3dfc501c0f6f82f54ff05bdddb65670bc59"),
        "{text}"
    );
    assert!(text.contains("ySEIQmVpVGHu9GxqWVOz38UBwPb4L1T/Bb3dtlZwvFk="), "{text}");
}
