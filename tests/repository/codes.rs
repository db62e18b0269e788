//! Every code that decides a verdict is named by a test that always runs.

use std::fs;
use std::path::{Path, PathBuf};

use super::kit::files;

/// Identifier and name of the codes of a source that contradict, or say that
/// something agrees or is unsigned.
fn declared(source: &str) -> Vec<(&str, &str)> {
    fn read(line: &str) -> Option<(&str, &str)> {
        let (ident, rest) = line.trim().split_once(" = \"")?;
        let (name, rest) = rest.split_once("\", ")?;
        let class = rest.split(',').next()?;
        ["Contradicted", "Consistent", "Unsigned"].contains(&class).then_some((ident, name))
    }
    source.lines().filter(|line| !line.trim().starts_with("//")).filter_map(read).collect()
}

fn is_named(tests: &str, (ident, name): (&str, &str)) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tests.contains(&format!("\"{name}\""))
        || tests
            .match_indices(&format!("codes::{ident}"))
            .any(|(at, found)| tests.get(at + found.len()..).is_some_and(|rest| !rest.starts_with(is_word)))
}

#[test]
fn each_code_that_decides_is_named_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let (mut sources, mut all) = (Vec::new(), Vec::new());
    files(&root.join("src"), ".rs", &mut sources);
    files(&root.join("tests"), ".rs", &mut all);
    let mut tests = read(&root.join("tests/vectors/cases.json"));
    for path in all.iter().filter(|path| !path.starts_with(root.join("tests/repository"))) {
        tests += &read(path);
    }
    let sources: Vec<String> = sources.iter().map(read).collect();
    for source in &sources {
        tests += source.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests);
    }
    let codes: Vec<_> = sources.iter().flat_map(|source| declared(source)).collect();
    assert!(codes.len() > 50, "{}", codes.len());
    let unnamed: Vec<_> = codes.iter().filter(|code| !is_named(&tests, **code)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
    // The twins: another class needs none; a longer name is another.
    assert_eq!(declared("  A = \"a-b\", Contradicted,\n  B = \"b\", Fact,"), [("A", "a-b")]);
    assert!(!is_named("\"a-b-c\" codes::A_B", ("A", "a-b")));
    assert!(is_named("codes::A)", ("A", "a-b")) && is_named("\"a-b\"", ("A", "a-b")));
}
