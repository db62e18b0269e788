//! The bundles of `tests/vectors` through `webdis-verify verify-bundle`, by
//! path and by digest, as the Sigstore conformance suite asks; and key files
//! through `webdis-verify key`.

use std::process::{Command, Output};

use serde_json::json;
use webdis_verify::Digest;

use crate::common::own_vectors::{Facts, files, path};
use crate::common::stand_in::{Base, FILE, Plan, key, statement};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_webdis-verify")).args(arguments).output().unwrap()
}

fn file(name: &str) -> String {
    path(name).to_str().unwrap().to_owned()
}

/// Exit status, and the code in square brackets.
fn verify(bundle: &str, root: &str, key: &str, artifact: &str) -> (i32, String) {
    let (bundle, root, key) =
        (file(bundle), file(&format!("keys/{root}.json")), file(&format!("keys/{key}.pub")));
    let output =
        run(&["verify-bundle", "--bundle", &bundle, "--trusted-root", &root, "--key", &key, artifact]);
    let said = String::from_utf8(output.stderr).unwrap();
    let code = said.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(code, _)| code);
    // The report is on standard output, and there only when it is proven.
    assert_eq!(output.status.success(), !output.stdout.is_empty(), "{bundle}: {said}");
    (output.status.code().unwrap(), code.to_owned())
}

#[test]
fn every_logged_bundle_is_proven_of_its_own_artifact_alone() {
    let facts = Facts::load();
    let mut proven = 0;
    for (image, root) in [("app", "trusted_root"), ("dsse", "trusted_root"), ("private", "private_root")] {
        for what in ["index", "linux-amd64", "linux-arm64"] {
            let (bundle, id) = (format!("images/{image}/{what}.bundle.json"), format!("{image}/{what}"));
            let bytes = file(&format!("images/{image}/{what}.json"));
            for artifact in [bytes.as_str(), facts.digest(&id)] {
                assert_eq!(verify(&bundle, root, "cosign", artifact).0, 0, "{id} {artifact}");
                let another_key = verify(&bundle, root, "other", artifact);
                assert_eq!(another_key.0, 1, "{id} {artifact}: {another_key:?}");
                proven += 1;
            }
            for artifact in [file("images/unsigned/index.json").as_str(), facts.digest("unsigned/index")] {
                let another = verify(&bundle, root, "cosign", artifact);
                assert_eq!(another.0, 1, "{id} {artifact}: {another:?}");
            }
            let wrong_root = if root == "trusted_root" { "private_root" } else { "trusted_root" };
            let unknown = verify(&bundle, wrong_root, "cosign", &bytes);
            assert_eq!(unknown, (4, "log-unknown".to_owned()), "{id}");
        }
    }
    assert_eq!(proven, 18);
}

#[test]
fn changed_and_unlogged_bundles_are_not_proven() {
    let index = file("images/app/index.json");
    assert_ne!(verify("images/app/index.bundle-changed.json", "trusted_root", "cosign", &index).0, 0);
    let unlogged = file("images/unlogged/index.json");
    assert_ne!(verify("images/unlogged/index.bundle.json", "trusted_root", "cosign", &unlogged).0, 0);
    let changed = file("images/app/index-changed.json");
    assert_eq!(verify("images/app/index.bundle.json", "trusted_root", "cosign", &changed).0, 1);
}

/// cosign 3 compares SHA-512, too; here it is not computed, which is no lie about the file.
#[test]
fn a_statement_by_another_algorithm_is_no_lie_about_a_file() {
    let folder = std::env::temp_dir().join(format!("webdis-verify-algorithms-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let artifact = file("artifact", FILE);
    let own = json!({"sha256": Digest::of(FILE).hex()});
    let other = json!({"sha256": Digest::of(b"other").hex()});
    let (longer, both) = (
        json!({"sha512": "0".repeat(128)}),
        json!({"sha512": "0".repeat(128), "sha256": Digest::of(FILE).hex()}),
    );
    for (digests, wanted) in [
        (vec![&longer], (4, "digest-algorithm-unsupported")),
        (vec![&other, &longer], (4, "digest-algorithm-unsupported")),
        // The twins: a digest that can be compared decides.
        (vec![&other], (1, "signed-another-file")),
        (vec![&own], (0, "")),
        (vec![&longer, &own], (0, "")),
        (vec![&both], (0, "")),
    ] {
        let subjects: Vec<_> = digests.iter().map(|digest| json!({"name": "f", "digest": digest})).collect();
        let mut plan = Plan::new(Base::DsseV1);
        plan.payload = statement(&json!(subjects), "https://slsa.dev/provenance/v1");
        let bundle = file("bundle.json", plan.build().to_string().as_bytes());
        let root = file("root.json", plan.trusted_root().as_bytes());
        let key = file("key.pub", key().pem().as_bytes());
        let by_digest = Digest::of(FILE).to_string();
        for artifact in [&artifact, &by_digest] {
            let output = run(&[
                "verify-bundle",
                "--bundle",
                &bundle,
                "--trusted-root",
                &root,
                "--key",
                &key,
                artifact,
            ]);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(wanted.0), "{said}");
            assert!(said.contains(wanted.1), "{said}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn public_keys_are_named_and_other_files_are_not() {
    for (name, bytes) in files("keys") {
        let output = run(&["key", &file(&format!("keys/{name}"))]);
        let is_key = name.ends_with(".pub");
        assert_eq!(output.status.code(), Some(if is_key { 0 } else { 2 }), "{name}");
        assert_eq!(output.stdout.is_empty(), !is_key, "{name}");
        assert!(!bytes.windows(12).any(|window| window == b"PRIVATE KEY-"), "{name}");
    }
}
