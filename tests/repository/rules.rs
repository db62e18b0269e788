//! `docs/RULES.md` leads to files and tests that are there, and that a bare
//! clone runs.

use std::fs;
use std::path::Path;

use super::kit::files;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names in backticks of a cell.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// What a table names that is not there: a file, or a test that always runs.
fn missing(rules: &str, sources: &[String]) -> Vec<String> {
    let runs = |test: &str| {
        let declared = format!("fn {test}()");
        sources.iter().any(|text| {
            text.split_once(&declared).is_some_and(|(before, _)| {
                let attributes = before.rsplit("\n\n").next().unwrap_or_default();
                attributes.contains("#[test]") && !attributes.contains("needs ../shared")
            })
        })
    };
    let mut found = Vec::new();
    for row in rules.lines().filter(|line| line.starts_with("| ") && line.contains("`src/")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let [_, file, tests] = cells[..] else { panic!("{row}") };
        found.extend(names(file).into_iter().filter(|n| !root().join(n).is_file()).map(str::to_owned));
        found.extend(names(tests).into_iter().filter(|test| !runs(test)).map(str::to_owned));
    }
    found
}

#[test]
fn each_rule_has_its_file_and_its_test() {
    let mut all = Vec::new();
    for folder in ["src", "tests"] {
        files(&root().join(folder), ".rs", &mut all);
    }
    let sources: Vec<String> = all.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let rules = fs::read_to_string(root().join("docs/RULES.md")).unwrap();
    assert!(rules.matches("`src/").count() > 30, "the table was not read");
    assert_eq!(missing(&rules, &sources), Vec::<String>::new());
    // A file, and tests, that are not there or do not always run.
    let wrong = "| A | `src/no.rs` | `nowhere` |\n| B | `src/lib.rs` | `left_out` |";
    let left_out = "\n#[test]\n#[ignore = \"needs ../shared\"]\nfn left_out() {}".to_owned();
    assert_eq!(missing(wrong, &[left_out]), ["src/no.rs", "nowhere", "left_out"]);
}
