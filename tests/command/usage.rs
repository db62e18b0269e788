//! What a command says where it cannot begin or end its work.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::{own_vectors, stand_in};

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

/// The answer to files and a standard input, and its exit status.
fn answer(folder: &Path, arguments: &[&str], input: &[u8]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    command.env_remove("COLUMNS").current_dir(folder).args(arguments);
    let mut run = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    run.stdin.take().unwrap().write_all(input).unwrap();
    let output = run.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn what_says_nothing_is_told_by_its_name() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("silent");
    fs::create_dir_all(folder.join("hollow")).unwrap();
    fs::write(folder.join("hello.txt"), "hello\n").unwrap();
    fs::write(folder.join("blank.txt"), " \n").unwrap();
    fs::write(folder.join("a b.json"), "{\"a\":1}").unwrap();
    let pull = format!("example/app@sha256:{}\n", "a".repeat(64));
    fs::write(folder.join("pull.txt"), &pull).unwrap();
    for (arguments, input, parts) in [
        (
            vec!["check", "-"],
            "",
            vec!["note     standard input is empty.\n", "  add  webdis-verify check FILE\n"],
        ),
        (vec!["check", "-"], "hello", vec!["note     standard input was not recognised.\n"]),
        (vec!["check", "hollow"], "", vec!["note     hollow is empty.\n"]),
        (
            vec!["check", "blank.txt", "hello.txt", "a b.json", "hollow"],
            "",
            vec![
                "note     blank.txt is empty.\n",
                "hello.txt was not",
                "a b.json was not",
                "note     1 more ",
            ],
        ),
        (
            vec!["check", "pull.txt", "hello.txt"],
            "",
            vec!["note     hello.txt was not recognised.\n", "check --key FILE pull.txt\n"],
        ),
    ] {
        let (status, said) = answer(&folder, &arguments, input.as_bytes());
        assert_eq!(status, Some(4), "{said}");
        parts.iter().for_each(|part| assert!(said.contains(part), "{arguments:?}: {part}: {said}"));
        let whole = [&arguments[..], &["--verbose"]].concat();
        let (_, whole) = answer(&folder, &whole, input.as_bytes());
        assert!(whole.contains(" is empty.") || whole.contains(" was not recognised."), "{whole}");
    }
    // The twin: what is read, whatever stands beside it in the same text.
    let (_, said) = answer(&folder, &["check", "-"], format!("hello\n\n{pull}\nbye\n").as_bytes());
    assert!(!said.contains("not recognised") && !said.contains("is empty"), "{said}");
}

#[test]
fn a_key_or_a_trusted_root_among_the_files_is_told_its_option() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("options");
    fs::create_dir_all(&folder).unwrap();
    for (name, from) in [
        ("index.json", "images/app/index.json"),
        ("bundle.json", "images/app/index.bundle.json"),
        ("cosign.pub", "keys/cosign.pub"),
        ("root.json", "keys/trusted_root.json"),
    ] {
        fs::write(folder.join(name), own_vectors::read(from)).unwrap();
    }
    let evidence = ["check", "index.json", "bundle.json"];
    for (more, parts) in [
        (
            vec!["cosign.pub"],
            ["cosign.pub is a public key: if it is", "check --key FILE index.json bundle.json\n"],
        ),
        (
            vec!["root.json", "--key", "cosign.pub"],
            [
                "root.json is a trusted root",
                "check --key cosign.pub --trusted-root FILE index.json bundle.json\n",
            ],
        ),
    ] {
        let (status, said) = answer(&folder, &[&evidence[..], &more].concat(), b"");
        assert_eq!(status, Some(4), "{said}");
        parts.iter().for_each(|part| assert!(said.contains(part), "{part}: {said}"));
    }
    let both = ["--key", "cosign.pub", "--trusted-root", "root.json"];
    let (status, said) = answer(&folder, &[&evidence[..], &both].concat(), b"");
    assert!(status == Some(0) && !said.contains("note "), "{said}");
}
