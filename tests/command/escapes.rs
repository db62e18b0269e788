//! Arguments and file names are untrusted text: nothing in them reaches the
//! terminal as a command to it, whatever the mistake is.

use std::process::Command;

/// Clears the screen, moves up, forges a line, turns text around.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}[1A\r\u{9b}31m\n[proven] all is well\u{202e}";

fn stderr(arguments: &[&str]) -> (Option<i32>, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_webdis-verify")).args(arguments).output().unwrap();
    (run.status.code(), String::from_utf8(run.stderr).unwrap())
}

#[test]
fn arguments_are_shown_escaped_whatever_is_wrong_with_them() {
    let option = format!("--{HOSTILE}");
    let value = format!("--format={HOSTILE}");
    for arguments in [
        vec!["check", HOSTILE],
        vec!["check", "--key", HOSTILE, "README.md"],
        vec!["check", "--digest", HOSTILE, "README.md"],
        vec!["check", "--image", HOSTILE, "README.md"],
        vec!["check", "--publisher", HOSTILE, "README.md"],
        vec!["check", "--now", HOSTILE, "README.md"],
        vec!["check", &value, "README.md"],
        vec!["check", "--format", HOSTILE, "README.md"],
        vec!["check", &option, "README.md"],
        vec!["verify", HOSTILE],
        vec!["verify", "localhost:1/a", "--notary", HOSTILE],
        vec!["tags", HOSTILE],
        vec!["key", HOSTILE],
        vec!["recover", "--digest", HOSTILE, "README.md"],
        vec![
            "recover",
            "--digest",
            "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            HOSTILE,
        ],
        vec!["guide", "trust", HOSTILE],
        vec!["guide", HOSTILE],
        vec!["serve", "--allow", HOSTILE],
        vec!["serve", "--listen", HOSTILE],
        vec!["serve", "--listen", "192.0.2.1:1", "--page", HOSTILE],
        vec![HOSTILE],
        vec!["verify-bundle", "--bundle", HOSTILE, "--key", HOSTILE, HOSTILE],
    ] {
        let (status, said) = stderr(&arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {said:?}");
        assert!(!said.is_empty(), "{arguments:?}");
        let raw = said.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(raw, None, "{arguments:?}: {said:?}");
        assert!(!said.lines().any(|line| line.starts_with("[proven]")), "{arguments:?}: {said}");
    }
}

#[test]
fn honest_arguments_are_shown_as_they_are() {
    let (status, said) = stderr(&["check", "no-such-file-é.json"]);
    assert!(status == Some(2) && said.contains("no-such-file-é.json"), "{said}");
    let (status, said) = stderr(&["check", "--format", "yaml", "x"]);
    assert!(status == Some(2) && said.contains("'yaml'") && said.lines().count() > 2, "{said}");
    let help = Command::new(env!("CARGO_BIN_EXE_webdis-verify")).arg("--help").output().unwrap();
    assert!(help.status.success() && help.stderr.is_empty());
    assert!(String::from_utf8(help.stdout).unwrap().contains("Usage: webdis-verify"));
}
