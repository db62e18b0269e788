//! Node's own test runner, on the files of a folder.

use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::needs::shared;
use crate::shell::{in_ci, read, root, run, target};
use crate::test::Left;

/// Why a test is not run that needs the data beside the project; the words of
/// `harness.mjs`.
const NEEDS_SHARED: &str = "needs ../shared";

/// Runs the `*.test.mjs` of a folder; with words, those files whose names have
/// one of them, or else those tests.
pub(crate) fn node_tests(folder: &str, words: &[&str], node: &mut Command) -> Result<Left> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join(folder))
        .map_err(|e| format!("{folder} could not be read ({e})."))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    node.args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"]);
    let named: Vec<PathBuf> = files
        .iter()
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            words.iter().any(|word| name.contains(word))
        })
        .cloned()
        .collect();
    if named.is_empty() {
        node.args(words.iter().map(|word| format!("--test-name-pattern={word}")));
    } else {
        files = named;
    }
    let tap = target().join("xtask").join(format!("{}.tap", folder.replace('/', "-")));
    std::fs::create_dir_all(tap.parent().unwrap_or(&tap))
        .map_err(|e| format!("target/xtask could not be made ({e})."))?;
    node.args(["--test-reporter=tap", "--test-reporter-destination"]).arg(&tap).args(files);
    run(&format!("The tests of {folder}"), node).map_err(|sentence| {
        let failed = read(&tap).map(|tap| failed(&String::from_utf8_lossy(&tap))).unwrap_or_default();
        [vec![sentence], failed].concat().join("\n         ")
    })?;
    let left = skipped(&String::from_utf8_lossy(&read(&tap)?));
    match left.out.first() {
        Some(first) if in_ci() => Err(format!("{} tests were skipped: {first}.", left.out.len())),
        _ if left.shared > 0 && shared() => Err("Tests skipped data that is there.".to_owned()),
        _ => Ok(left),
    }
}

/// The skipped tests of a run, in the Test Anything Protocol.
fn skipped(tap: &str) -> Left {
    let mut left = Left::default();
    for (test, why) in tap.lines().filter_map(|line| line.split_once(" # SKIP")) {
        if why.trim() == NEEDS_SHARED {
            left.shared += 1;
        } else {
            let name = test.split_once(" - ").map_or(test, |(_, name)| name);
            left.out.push(format!("{name}: {}", why.trim()));
        }
    }
    left
}

/// The failed tests of a run and the first lines of their errors: a log may be kept
/// from its end only, and the tests end long before it.
fn failed(tap: &str) -> Vec<String> {
    let mut lines = tap.lines().map(str::trim_start);
    let mut failed = Vec::new();
    while let Some(line) = lines.next() {
        let Some((_, name)) = line.strip_prefix("not ok ").and_then(|rest| rest.split_once(" - ")) else {
            continue;
        };
        let mut about =
            lines.by_ref().take_while(|line| *line != "...").skip_while(|l| !l.starts_with("error:"));
        let error = about.next().unwrap_or_default().trim_start_matches("error:").trim();
        let error = if error.starts_with('|') { about.next().unwrap_or_default() } else { error };
        about.for_each(drop);
        failed.push(format!("{name}: {}", error.trim_matches('\'')));
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_skipped_is_counted_and_named() {
        let tap = "ok 1 - a\n    ok 2 - b # SKIP needs ../shared\nok 3 - c # SKIP no nginx\n# skipped 2\n";
        let left = skipped(tap);
        assert_eq!((left.shared, left.out), (1, vec!["c: no nginx".to_owned()]));
    }
    #[test]
    fn what_failed_is_named_with_its_error() {
        let tap = "not ok 1 - a\n  ---\n  failureType: 'x'\n  error: |-\n    0 rows\n    \n  stack: |-\n    at\n  ...\nok 2 - b\nnot ok 3 - c\n  ---\n  error: 'Timeout'\n  ...\n";
        assert_eq!(failed(tap), ["a: 0 rows", "c: Timeout"]);
        assert!(failed("ok 1 - a\n# fail 0\n").is_empty());
    }
}
