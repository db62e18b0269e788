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
    run(&format!("The tests of {folder}"), node)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_skipped_is_counted_and_named() {
        let tap = "ok 1 - a\n    ok 2 - b # SKIP needs ../shared\nok 3 - c # SKIP no nginx\n# skipped 2\n";
        let left = skipped(tap);
        assert_eq!((left.shared, left.out), (1, vec!["c: no nginx".to_owned()]));
    }
}
