//! What the command line prints, word for word: `tests/cli/golden/NAME.txt`.
//! With `UPDATE_GOLDEN=1` the files are written anew; read them before they
//! are committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::stand_in::{self, Base, IMAGE, Plan, annotations};

const NOW: &str = "2026-11-21T12:00:00Z";

/// A folder of its own, with what every case needs.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rendering").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("test.pub"), stand_in::key().pem()).unwrap();
    fs::write(folder.join("root.json"), Plan::new(Base::DsseV1).trusted_root()).unwrap();
    folder
}

fn print(folder: &Path, format: &str, files: &[(&str, &[u8])], more: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    command.env_remove("COLUMNS").current_dir(folder).args([
        "check",
        "--now",
        NOW,
        "--key",
        "test.pub",
        "--trusted-root",
        "root.json",
    ]);
    command.args(["--format", format]).args(more);
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
        command.arg(name);
    }
    let output = command.output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

fn bundle(plan: &Plan) -> Vec<u8> {
    plan.build().to_string().into_bytes()
}

/// Words that promise more than a signature shows.
fn assert_modest(name: &str, text: &str) {
    let lower = text.to_lowercase();
    for word in
        ["safe", "trusted image", "official", "secure", "\u{2705}", "\u{2714}", "\u{1f6e1}", "\u{1f512}"]
    {
        assert!(!lower.contains(word), "{name} says {word}");
    }
    if let Some(at) = lower.find("verified") {
        panic!("{name} says verified: {}", &lower[at.saturating_sub(30)..at + 8]);
    }
}

#[test]
fn text_and_tree_say_what_they_said_before() {
    let good = Plan::new(Base::DsseV1);
    let index = webdis_verify::Digest::of(IMAGE).to_string();
    let other = webdis_verify::Digest::of(b"other").to_string();
    let stranger = Plan { foreign_signer: true, ..Plan::new(Base::DsseV1) };
    let mut unlogged = good.build();
    unlogged["verificationMaterial"].as_object_mut().unwrap().remove("tlogEntries");
    let legacy = Plan::new(Base::Legacy);
    let loose = annotations(&legacy.build()).into_bytes();
    let cases: Vec<(&str, Vec<(&str, Vec<u8>)>, Vec<&str>, i32)> = vec![
        ("proven", vec![("bundle.json", bundle(&good))], vec!["--digest", &index], 0),
        (
            "simple-signing",
            vec![("payload.json", legacy.payload.clone().into_bytes()), ("annotations.json", loose)],
            vec!["--digest", &index],
            0,
        ),
        ("another-image", vec![("bundle.json", bundle(&good))], vec!["--digest", &other], 4),
        ("another-key", vec![("bundle.json", bundle(&stranger))], vec!["--digest", &index], 1),
        ("log-absent", vec![("bundle.json", unlogged.to_string().into_bytes())], vec!["--digest", &index], 4),
        ("nothing", vec![("hello.txt", b"hello\n".to_vec())], vec![], 4),
    ];
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    for (name, files, more, status) in &cases {
        let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        for format in ["text", "tree"] {
            let (text, code) = print(&folder(name), format, &files, more);
            assert_eq!(code, Some(*status), "{name}: {text}");
            assert_modest(name, &text.replace("safe) ", ""));
            let path = golden.join(format!("{name}.{format}.txt"));
            if update {
                fs::write(&path, &text).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(text, expected, "{}: UPDATE_GOLDEN=1 writes it anew", path.display());
        }
    }
}

/// A release gets its own steps, whatever path was asked for.
#[test]
fn a_guide_is_for_its_releases() {
    let (trust, single, multi) = ("0.1.12 to 0.1.23", "0.1.12 to 0.1.18", "0.1.19 to 0.1.23");
    let (cosign, before) = ("0.1.24 and newer", " is older than 0.1.12");
    for (path, image, begins) in [
        ("trust", "nicolas/webdis:0.1.20", trust),
        ("trust", "nicolas/webdis:0.1.24", cosign),
        ("trust", "nicolas/webdis:0.1.11", before),
        ("single", "public.ecr.aws/nicolas/webdis:0.1.17.1", single),
        ("single", "public.ecr.aws/nicolas/webdis:0.1.19", multi),
        ("single", "example/app:7", single),
        ("multi", "docker.io/nicolas/webdis:0.1.23", multi),
        ("multi", "nicolas/webdis:0.1.18", single),
        ("multi", "nicolas/webdis:0.1.30", cosign),
        ("multi", "nicolas/webdis:latest", multi),
        ("cosign", "nicolas/webdis:0.1.24", cosign),
        ("cosign", "nicolas/webdis:0.1.19", trust),
        ("cosign", "nicolas/webdis:0.1.5", before),
        // Of other images nobody says how they are signed.
        ("trust", "example/app:0.1.5", trust),
    ] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_webdis-verify")).args(["guide", path, image]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{path} {image}");
        let text = String::from_utf8(output.stdout).unwrap();
        let head = if begins == before { format!("{image}{before}") } else { begins.to_owned() };
        assert!(text.starts_with(&head), "{path} {image}: {text}");
        let tag = image.rsplit_once(':').unwrap().1;
        let own = begins != before && tag != "latest";
        assert_eq!(text.contains(&format!(":{tag}\n")), own, "{path} {image}: {text}");
        let paths = [("trust", trust), ("single", single), ("multi", multi), ("cosign", cosign)];
        let other = begins != before && !paths.contains(&(path, begins));
        assert_eq!(!output.stderr.is_empty(), other || tag == "latest", "{path} {image}");
    }
}

#[test]
fn the_guided_paths_say_what_they_said_before() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    for path in ["", "trust", "single", "multi", "cosign"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
        command.arg("guide");
        if !path.is_empty() {
            let tag = match path {
                "single" => "0.1.18",
                "cosign" => "0.1.24",
                _ => "0.1.19",
            };
            command.args([path, &format!("nicolas/webdis:{tag}"), "--now", NOW]);
        }
        let output = command.output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
        let text = String::from_utf8(output.stdout).unwrap();
        assert_modest(path, &text.replace("can be verified", ""));
        let file =
            golden.join(if path.is_empty() { "guide.txt".into() } else { format!("guide-{path}.txt") });
        if update {
            fs::write(&file, &text).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(text, expected, "{}: UPDATE_GOLDEN=1 writes it anew", file.display());
    }
}

#[test]
fn hostile_text_cannot_move_the_cursor_or_forge_a_line() {
    let forged = "\u{1b}[2J\u{202e}evil\u{2066}\u{200f}\u{feff}\r\n[proven] Signed\u{9b}1m\u{7}\u{2028}x";
    let escaped: String = forged.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    // In a signed name, in a file name, in JSON of no known kind.
    let legacy = Plan::new(Base::Legacy);
    let payload = legacy.payload.replace("example.invalid/image", &escaped);
    let plan = Plan { payload: payload.clone(), ..legacy };
    let files: [(&str, &[u8]); 3] = [
        ("payload.json", payload.as_bytes()),
        ("a\u{1b}[31m\n[proven] b.json", &annotations(&plan.build()).into_bytes()),
        ("text.txt", forged.as_bytes()),
    ];
    let index = webdis_verify::Digest::of(IMAGE).to_string();
    for format in ["text", "tree"] {
        for more in [vec!["--digest", &*index], vec!["--digest", &*index, "--attestation", forged]] {
            let (text, _) = print(&folder("hostile"), format, &files, &more);
            let bad = |c: &char| {
                (c.is_control() && *c != '\n')
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            };
            assert_eq!(text.chars().find(bad), None, "{text:?}");
            let verdicts = text.lines().filter(|line| line.starts_with("[proven] ")).count();
            let lines = usize::from(more.len() == 2);
            assert_eq!(verdicts, lines, "{format}: {text}");
        }
    }
}
