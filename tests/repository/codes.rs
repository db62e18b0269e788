//! Every code is named by a test that always runs; one that decides a verdict, by one
//! in Rust.

use std::fs;
use std::path::{Path, PathBuf};

use super::kit::files;

/// A code of a source: identifier, name and class.
type Code<'s> = (&'s str, &'s str, &'s str);

fn declared(source: &str) -> Vec<Code<'_>> {
    fn read(line: &str) -> Option<Code<'_>> {
        let (ident, rest) = line.trim().split_once(" = \"")?;
        let (name, rest) = rest.split_once("\", ")?;
        let class = rest.split(',').next()?;
        ident.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_').then_some(())?;
        class.bytes().all(|b| b.is_ascii_alphabetic()).then_some((ident, name, class))
    }
    source.lines().filter(|line| !line.trim().starts_with("//")).filter_map(read).collect()
}

fn decides(class: &str) -> bool {
    ["Contradicted", "Consistent", "Unsigned"].contains(&class)
}

/// By its name alone, or as its program prints it.
fn is_named(tests: &str, (ident, name, class): Code<'_>) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tests.contains(&format!("\"{name}\""))
        || !decides(class)
            && (tests.contains(&format!("[{name}]")) || tests.contains(&format!("not-checked {name}\"")))
        || tests
            .match_indices(&format!("codes::{ident}"))
            .any(|(at, found)| tests.get(at + found.len()..).is_some_and(|rest| !rest.starts_with(is_word)))
}

#[test]
fn each_code_is_named_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let (mut sources, mut all, mut scripts) = (Vec::new(), Vec::new(), Vec::new());
    files(&root.join("src"), ".rs", &mut sources);
    files(&root.join("tests"), ".rs", &mut all);
    files(&root.join("tests/browser"), ".test.mjs", &mut scripts);
    let mut tests = read(&root.join("tests/vectors/cases.json"));
    for path in all.iter().filter(|path| !path.starts_with(root.join("tests/repository"))) {
        tests += &read(path);
    }
    let own = |path: &&PathBuf| path.ends_with("tests.rs");
    sources.iter().filter(own).for_each(|path| tests += &read(path));
    let sources: Vec<String> = sources.iter().map(read).collect();
    for source in &sources {
        tests += source.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests);
    }
    let scripts = scripts.iter().map(read).collect::<String>().replace('\'', "\"");
    let codes: Vec<_> = sources.iter().flat_map(|source| declared(source)).collect();
    assert!(codes.len() > 300, "{}", codes.len());
    let unnamed =
        |code: &&Code<'_>| !is_named(&tests, **code) && (decides(code.2) || !is_named(&scripts, **code));
    let unnamed: Vec<_> = codes.iter().filter(unnamed).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
    // The twins: a longer name is another; a verdict is named as one.
    let one = ("A", "a-b", "Contradicted");
    assert_eq!(declared("  A = \"a-b\", Contradicted,\n  let b = \"b\", Fact,"), [one]);
    assert!(!is_named("\"a-b-c\" codes::A_B [a-b] \"not-checked a-b\"", one));
    assert!(is_named("[a-b]", ("A", "a-b", "Fact")) && !is_named("[a-b-c]", ("A", "a-b", "Fact")));
    assert!(is_named("codes::A)", one) && is_named("\"a-b\"", one));
}
