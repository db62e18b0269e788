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

#[test]
fn a_mistake_is_told_with_what_was_meant() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("root.json"), own_vectors::read("keys/trusted_root.json")).unwrap();
    fs::write(folder.join("hello.txt"), "hello\n").unwrap();
    let digest = format!("sha256:{}", "a".repeat(64));
    for (arguments, part) in [
        (
            vec!["key", "root.json"],
            "root.json: This is not a public key: it is a trusted root, for --trusted-root",
        ),
        (vec!["key", "hello.txt"], "hello.txt: This is not a public key: no PEM block is in it."),
        (vec!["key", "nothere"], "webdis-verify: nothere: The file cannot be read. [file-unreadable]"),
        (vec!["recover", "--digest", &digest, "nothere"], "webdis-verify: nothere: The file cannot be read."),
        (vec!["nicolas/webdis:0.1.24"], "Did you mean: webdis-verify verify nicolas/webdis:0.1.24\n"),
        (vec!["hello.txt"], "Did you mean: webdis-verify check hello.txt\n"),
        (vec!["serve", "--page", "nothere"], "webdis-verify: --page nothere: no index.html is in it.\n"),
        (vec!["verify", "docker", "pull", "a b"], "This is not an image reference"),
        (vec!["verify", "docker", "pull", "nothere", "x"], "pull: The file cannot be read."),
    ] {
        let (status, said) = said(&folder, &arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {said}");
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(part.trim()) && (!part.ends_with('\n') || said.contains(part)), "{said}");
    }
    // The twins: what is no image, and a command that is only misspelt.
    for arguments in [["chek"], ["hello"]] {
        assert!(!said(&folder, &arguments).1.contains("Did you mean"));
    }
    let (status, said) = said(&folder, &["compare", "127.0.0.1:1/a", "127.0.0.1:1/b"]);
    assert_eq!(status, Some(4), "{said}");
    assert!(said.contains("[image-unfetched]") && !said.contains("names no image"), "{said}");
}

/// A command with the image in it, as copied from a page, is the image.
#[test]
fn a_pull_command_is_a_reference() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let run = |arguments: &[&str]| answer(folder, arguments, b"");
    let (status, said) = run(&["verify", "docker", "pull", "127.0.0.1:1/a:2"]);
    assert_eq!((status, said), run(&["verify", "127.0.0.1:1/a:2"]));
    assert_eq!(status, Some(4));
}

#[test]
fn no_line_is_longer_than_the_terminal() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lines");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("hello.txt"), "hello\n").unwrap();
    fs::write(folder.join("index.json"), own_vectors::read("images/app/index.json")).unwrap();
    let missing = "a-name-that-is-long-enough-to-break-the-line-of-a-message-about-it.json";
    let help = |command| vec![command, "--help"];
    let mut cases =
        vec![vec!["--help"], vec!["key", missing], vec!["check", missing], vec!["verify", "not a ref !!"]];
    cases.extend(
        ["check", "compare", "guide", "key", "recover", "serve", "tags", "verify", "verify-bundle"].map(help),
    );
    cases.extend(["trust", "single", "multi", "cosign"].map(|path| vec!["guide", path]));
    for more in [["--verbose"].as_slice(), &["--format", "tree"], &[]] {
        cases.push([&["check", "hello.txt", "index.json"], more].concat());
    }
    for columns in [None, Some(60)] {
        for arguments in &cases {
            let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
            command.env_remove("COLUMNS").current_dir(&folder).args(arguments);
            if let Some(columns) = columns {
                command.env("COLUMNS", columns.to_string());
            }
            let output = command.output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            // Commands, digests and names are left whole.
            let whole = |line: &str| {
                let line = line.trim_start();
                ["$ ", "echo '$ ", "Usage: ", "run ", "add "].iter().any(|begin| line.starts_with(begin))
                    || line.split_whitespace().count() <= 2
            };
            let most = columns.unwrap_or(80);
            let long: Vec<&str> =
                said.lines().filter(|line| line.chars().count() > most && !whole(line)).collect();
            assert!(long.is_empty(), "{arguments:?}, {most}: {long:#?}");
        }
    }
}

/// A next step is a command for the image that was asked about, in every form.
#[test]
fn next_steps_name_the_image() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("named");
    fs::create_dir_all(&folder).unwrap();
    let digest = "a".repeat(64);
    let pull = format!(
        "$ docker pull nicolas/webdis:0.1.24\n0.1.24: Pulling from nicolas/webdis\nDigest: sha256:{digest}\nStatus: Image is up to date for nicolas/webdis:0.1.24\nnicolas/webdis:0.1.24\n"
    );
    for format in ["text", "json", "tree"] {
        for more in [["--color", "never"].as_slice(), &["--verbose"]] {
            let arguments = [&["check", "-", "--format", format], more].concat();
            let (_, said) = answer(&folder, &arguments, pull.as_bytes());
            assert!(!said.contains("IMAGE"), "{said}");
            let named = said.contains("cosign download signature docker.io/nicolas/webdis:0.1.24`");
            assert!(named || format == "tree", "{said}");
        }
    }
    // The twin: of an image that nobody names there is no name.
    let (_, said) = answer(&folder, &["check", "-"], format!("sha256:{digest}\n").as_bytes());
    assert!(said.contains("cosign download signature IMAGE"), "{said}");
}
