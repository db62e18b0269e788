//! What a person sees: rows of a terminal with 80 columns, colours, marks.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const NOW: &str = "2026-11-21T12:00:00Z";
/// A terminal as it opens.
const ROWS: usize = 24;
const COLUMNS: usize = 80;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www/examples")
}

fn examples() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("examples.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    all["examples"].as_array().unwrap().clone()
}

fn command(example: &Value) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    command.current_dir(folder()).env_remove("COLUMNS").env_remove("NO_COLOR");
    command.args(["check", "--now", NOW]);
    for (option, value) in example["options"].as_object().unwrap() {
        match (option.as_str(), value.as_str()) {
            ("trustedRoot", Some(file)) => command.args(["--trusted-root", file]),
            ("ignoreTlog", _) => command.arg("--ignore-tlog"),
            (name, Some(value)) => command.args([format!("--{name}"), value.to_owned()]),
            (name, None) => panic!("{name}"),
        };
    }
    command.args(example["inputs"].as_array().unwrap().iter().map(|input| input["file"].as_str().unwrap()));
    command
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Rows that a text takes on the screen.
fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(COLUMNS).max(1)).sum()
}

#[test]
fn every_example_fits_a_terminal_and_ends_with_its_verdict() {
    let examples = examples();
    assert!(examples.len() >= 10, "{}", examples.len());
    for example in &examples {
        let id = example["id"].as_str().unwrap();
        let text = printed(&command(example).output().unwrap());
        assert!(rows(&text) <= ROWS, "{id}: {} rows\n{text}", rows(&text));
        // Only what is copied as it is may be longer than a line.
        for line in text.lines().filter(|line| line.chars().count() > COLUMNS) {
            let command = line.starts_with("  run  ") || line.starts_with("  add  ");
            assert!(command || !line.trim().contains(' '), "{id}: {line}");
        }
        let lines: Vec<&str> = text.lines().collect();
        let verdict = lines.iter().rposition(|line| line.starts_with('[')).unwrap();
        let above = &lines[..verdict];
        assert!(!above.iter().any(|line| line.starts_with('[')), "{id} has two verdicts:\n{text}");
        for (word, most) in [("next", 1), ("run", 1), ("more", 1)] {
            let steps =
                lines.iter().filter(|line| line.trim_start().starts_with(&format!("{word} "))).count();
            assert!(steps <= most, "{id}: {text}");
        }
        let outcome = example["expect"]["outcome"].as_str().unwrap();
        if outcome == "proven" {
            assert!(lines[verdict].starts_with("[proven] "), "{id}: {text}");
        } else {
            assert!(!lines[verdict].contains("[proven]"), "{id}: {text}");
        }
    }
}

#[test]
fn nothing_is_printed_twice() {
    for example in &examples() {
        let text = printed(&command(example).output().unwrap());
        let mut seen = HashSet::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            assert!(seen.insert(line), "{}: {line}\n{text}", example["id"]);
        }
        // A digest stands whole in one place, and in the commands that ask for it.
        let mut whole = HashSet::new();
        let told: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with("  run  ") && !line.starts_with("  add  "))
            .collect();
        let told = told.join("\n");
        let words = told.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() == 64);
        let repeated = words.filter(|word| !whole.insert(*word)).count();
        assert_eq!(repeated, 0, "{}: {text}", example["id"]);
    }
}

#[test]
fn verbose_says_what_the_short_form_leaves_out() {
    let example = &examples()[5];
    let short = printed(&command(example).output().unwrap());
    let whole = printed(&command(example).arg("--verbose").output().unwrap());
    assert!(short.contains("--verbose"), "{short}");
    for part in ["Policy", "Given", "Shows", "Does not show", "[key-pinned]", "bugs or malware"] {
        assert!(whole.contains(part), "{part}: {whole}");
        assert!(!short.contains(part), "{part}: {short}");
    }
    let verdict = whole.lines().rfind(|line| line.starts_with('[')).unwrap();
    assert!(verdict.starts_with("[proven] Signed with demo.pub"), "{whole}");
}

#[test]
fn colour_and_marks_are_for_terminals_or_on_request() {
    let example = &examples()[5];
    let plain = printed(&command(example).output().unwrap());
    assert!(!plain.contains('\u{1b}') && !plain.contains('\u{2713}'), "{plain:?}");
    let asked = printed(&command(example).args(["--color", "always"]).output().unwrap());
    assert!(asked.contains("\u{1b}[32m") && asked.contains("\u{2713} PROVEN"), "{asked:?}");
    // Asked for by the option: the more special wish.
    let both = printed(&command(example).args(["--color", "always"]).env("NO_COLOR", "1").output().unwrap());
    assert_eq!(both, asked);
    let never = printed(&command(example).args(["--color", "never"]).output().unwrap());
    assert_eq!(never, plain);
    let json = printed(&command(example).args(["--color", "always", "--format", "json"]).output().unwrap());
    assert!(!json.contains('\u{1b}') && serde_json::from_str::<Value>(&json).is_ok());
}

#[test]
fn the_width_is_the_one_of_the_screen() {
    let example = &examples()[5];
    let width = |columns: &str| {
        let text = printed(&command(example).env("COLUMNS", columns).output().unwrap());
        text.lines().filter(|line| line.trim().contains(' ')).map(|line| line.chars().count()).max().unwrap()
    };
    // The line with the digest, which is never broken.
    assert!(width("60") <= 81, "{}", width("60"));
    assert!(width("100") > 85 && width("100") <= 100, "{}", width("100"));
    let text = printed(&command(example).env("COLUMNS", "60").output().unwrap());
    let wide = text.lines().filter(|line| line.chars().count() > 60 && !line.contains("7b2f87c9d32b"));
    assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn the_command_that_is_the_next_step_keeps_the_policy() {
    let all = examples();
    let unsigned = all.iter().find(|example| example["id"] == "refused-unsigned").unwrap();
    let text = printed(&command(unsigned).output().unwrap());
    let run = text.split("  run  ").nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "webdis-verify verify --key demo.pub --trusted-root demo/trusted_root.json \
                    localhost:5000/demo/unsigned:1.0";
    assert!(run.starts_with(expected), "{run}");
    // Refused: what to do is a sentence, not another attempt.
    let refused = all.iter().find(|example| example["id"] == "refused-other-key").unwrap();
    let text = printed(&command(refused).output().unwrap());
    assert!(!text.contains("  run  "), "{text}");
}
