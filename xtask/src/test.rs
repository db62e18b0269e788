//! Everything that must hold, in the order in which it is quick to fail.

use std::time::{Duration, Instant};

use crate::needs::{self, Bringer, Tool, absent, announce, minutes, shared};
use crate::node::node_tests;
use crate::shell::{cargo, command, in_ci, output, run, say};
use crate::tools::chromium;
use crate::{Result, bench, site, wasm};

/// What a step was not able to run.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// Tools that are not there, and what is not tested therefore.
    pub(crate) out: Vec<String>,
    /// Tests that need the data beside the project, which is not there.
    pub(crate) shared: usize,
}

/// One step of the tests.
pub(crate) struct Step {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// What it shows, in one line.
    pub(crate) about: &'static str,
    /// Minutes on two quiet cores, once everything is installed and built.
    minutes: u64,
    /// What it needs.
    needs: fn() -> Vec<Tool>,
    /// Runs it, or what of it the words name.
    run: fn(&[&str]) -> Result<Left>,
    /// Whether words mean something to it.
    filter: bool,
}

/// The steps.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "lint",
        about: "formatting, clippy, and the linter and types of the JavaScript",
        minutes: 1,
        needs: needs::lint,
        run: lint,
        filter: false,
    },
    Step {
        name: "native",
        about: "the Rust tests, on this machine [WORD: tests with it in their name]",
        minutes: 2,
        needs: needs::native,
        run: native,
        filter: true,
    },
    Step {
        name: "cli",
        about: "the command line's reports against the published schema [WORD: a file of tests/cli]",
        minutes: 1,
        needs: needs::lint,
        run: cli,
        filter: true,
    },
    Step {
        name: "size",
        about: "sizes of the wasm and the page against their budgets",
        minutes: 1,
        needs: needs::page,
        run: size,
        filter: false,
    },
    Step {
        name: "browser",
        about: "page, engine and proxies in Chromium [WORD: a file of tests/browser]",
        minutes: 4,
        needs: needs::browser,
        run: browser,
        filter: true,
    },
    Step {
        name: "interop",
        about: "real registries, real signatures, verdicts beside cosign's [WORD: a registry; trust; container; copies]",
        minutes: 5,
        needs: needs::interop,
        run: interop,
        filter: true,
    },
];

/// The steps that the words of the command line name, each with its filters.
fn plan<'a>(words: &[&'a str]) -> Result<Vec<(&'static Step, Vec<&'a str>)>> {
    let mut plan: Vec<(&Step, Vec<&str>)> = Vec::new();
    for word in words {
        if let Some(step) = STEPS.iter().find(|step| step.name == *word) {
            plan.push((step, Vec::new()));
        } else if let Some((step, filters)) = plan.last_mut().filter(|(step, _)| step.filter) {
            let _: &Step = step;
            filters.push(word);
        } else {
            let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            return Err(format!("There is no test step {word:?}; there are: {}.", names.join(", ")));
        }
    }
    if plan.is_empty() {
        plan.extend(STEPS.iter().map(|step| (step, Vec::new())));
    }
    Ok(plan)
}

/// Runs the steps named, or all of them.
pub(crate) fn run_steps(words: &[&str]) -> Result<()> {
    let plan = plan(words)?;
    let begun = Instant::now();
    let names: Vec<&str> = plan.iter().map(|(step, _)| step.name).collect();
    let about: u64 = plan.iter().map(|(step, _)| step.minutes).sum();
    say(&format!("Testing {}: about {about} min once everything is built.", names.join(", ")));
    let missing = absent(&plan.iter().flat_map(|(step, _)| (step.needs)()).collect::<Vec<_>>());
    announce(&missing);
    let mut bringer = Bringer::start(missing);
    let (mut table, mut failed, mut left_out, mut need_shared) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (step, filters) in &plan {
        say(&format!("== {}", step.name));
        let started = Instant::now();
        let done = bringer.bring(&(step.needs)()).and_then(|without| {
            let mut left = (step.run)(filters)?;
            left.out.extend(without.into_iter().map(|tool| format!("without {tool}")));
            Ok(left)
        });
        let result = match done {
            Ok(left) => {
                need_shared += left.shared;
                let result = if left.out.is_empty() { "passed" } else { "passed in part" };
                left_out.extend(left.out.into_iter().map(|what| format!("{}: {what}", step.name)));
                result
            }
            Err(sentence) => {
                say(&sentence);
                failed.push(format!("{}: {sentence}", step.name));
                "FAILED"
            }
        };
        table.push((step.name, started.elapsed(), result));
    }
    for what in &left_out {
        say(&format!("LEFT OUT {what}"));
    }
    for (name, time, result) in table {
        say(&format!("{name:<8} {:>12}  {result}", minutes(time.as_secs())));
    }
    if need_shared > 0 {
        say(&format!("{need_shared} tests need ../shared, which is not here; all others ran."));
    }
    end(&failed, left_out.is_empty(), begun.elapsed())
}

/// The last line.
fn end(failed: &[String], whole: bool, time: Duration) -> Result<()> {
    let time = minutes(time.as_secs());
    if !failed.is_empty() {
        return Err(format!("Failed after {time}: {}", failed.join("\n       ")));
    }
    let what = if whole { "All tests passed" } else { "All tests that could run passed" };
    say(&format!("{what} in {time}."));
    Ok(())
}

/// The packages that are checked and tested natively.
const PACKAGES: [&str; 8] = [
    "--package",
    "webdis-verify",
    "--package",
    "xtask",
    "--package",
    "wasm-suite",
    "--package",
    "archive-wasm",
];

/// Formatting, clippy without warnings, the JavaScript and its interface.
fn lint(_: &[&str]) -> Result<Left> {
    let mut left = Left::default();
    if output("cargo", &["fmt", "--version"]).is_some() {
        run("Formatting", cargo().args(["fmt", "--all", "--check"]))?;
    } else {
        left.out.push(missing("rustfmt is not there (`rustup component add rustfmt`).".to_owned())?);
    }
    if output("cargo", &["clippy", "--version"]).is_some() {
        let mut shipped = cargo();
        shipped
            .args(["clippy", "--locked"])
            .args(PACKAGES)
            .args(["--lib", "--bins", "--", "--deny", "warnings"]);
        run("Clippy on what is shipped", &mut shipped)?;
        // Tests may unwrap: a panic is how they fail.
        let mut tests = cargo();
        tests.args(["clippy", "--locked"]).args(PACKAGES).args(["--tests", "--", "--deny", "warnings"]);
        for lint in
            ["unwrap_used", "expect_used", "panic", "indexing_slicing", "as_conversions", "type_complexity"]
        {
            tests.arg(format!("--allow=clippy::{lint}"));
        }
        run("Clippy on the tests", tests.arg("--allow=missing_docs"))?;
    } else {
        left.out.push(missing("clippy is not there (`rustup component add clippy`).".to_owned())?);
    }
    // Linter and formatter of the JavaScript, as biome.json says.
    let biome = ["node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "--error-on-warnings"];
    run("JavaScript", command("node").args(biome))?;
    let tsc = ["node_modules/typescript/bin/tsc", "--project", "tests/types"];
    run("TypeScript types", command("node").args(tsc))?;
    Ok(left)
}

/// The Rust tests on this machine. Those on the data beside the project are
/// marked `#[ignore = "needs ../shared"]`: demanded where it is, else counted.
fn native(words: &[&str]) -> Result<Left> {
    let test = |more: &[&str]| {
        let mut test = cargo();
        test.args(["test", "--locked", "--no-fail-fast"]).args(PACKAGES).arg("--").args(words).args(more);
        test
    };
    if shared() {
        run("Rust tests", &mut test(&["--include-ignored"]))?;
        return Ok(Left::default());
    }
    run("Rust tests", &mut test(&[]))?;
    let listed =
        test(&["--list", "--ignored"]).output().map_err(|e| format!("cargo did not start ({e})."))?;
    let shared = String::from_utf8_lossy(&listed.stdout).lines().filter(|l| l.ends_with(": test")).count();
    Ok(Left { shared, ..Left::default() })
}

fn build_program() -> Result<()> {
    let args = ["build", "--locked", "--package", "webdis-verify", "--bin", "webdis-verify"];
    run("The command line", cargo().args(args))
}

/// The command line from outside: its reports against the published schema.
fn cli(words: &[&str]) -> Result<Left> {
    build_program()?;
    node_tests("tests/cli", words, &mut command("node"))
}

/// The vectors through the wasm and the page, in Chromium.
fn browser(words: &[&str]) -> Result<Left> {
    site::build()?;
    let suite = wasm::build(&wasm::SUITE)?;
    build_program()?;
    if words.is_empty() || words.contains(&"worlds") {
        let worlds = ["test", "--locked", "--test", "engine", "worlds::kept"];
        run("Worlds for Chromium, with their answers", cargo().args(worlds))?;
    }
    let mut node = command("node");
    node.env("CHROMIUM", chromium()?).env("WASM_SUITE", suite);
    node_tests("tests/browser", words, node.arg("--test-concurrency=1"))
}

/// Real registries and the real cosign on loopback (docs/interop.md). Where
/// the tools are not built it waits until somebody built them.
fn interop(words: &[&str]) -> Result<Left> {
    let suite = "tests/interop/run.mjs";
    if !in_ci() && output("node", &["tests/interop/build.mjs", "--ready"]).is_none() {
        let how = "nothing ran: the tools are not built (`node tests/interop/build.mjs`, docs/interop.md)";
        return Ok(Left { out: vec![how.to_owned()], ..Left::default() });
    }
    build_program()?;
    run("Verdicts beside cosign's", command("node").arg(suite).args(words))?;
    Ok(Left::default())
}

/// The sizes against their budgets.
fn size(_: &[&str]) -> Result<Left> {
    bench::size().map(|()| Left::default())
}

/// A tool that cannot be had: a failure in CI, left out elsewhere.
fn missing(sentence: String) -> Result<String> {
    if in_ci() { Err(sentence) } else { Ok(sentence) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(words: &[&str]) -> Result<Vec<(&'static str, usize)>> {
        plan(words).map(|plan| plan.iter().map(|(step, filters)| (step.name, filters.len())).collect())
    }

    #[test]
    fn words_after_a_step_choose_in_it() {
        assert_eq!(named(&[]).unwrap().len(), STEPS.len());
        assert_eq!(named(&["browser", "fetch", "words", "lint"]), Ok(vec![("browser", 2), ("lint", 0)]));
        assert!(named(&["fetch"]).unwrap_err().contains("lint, native, cli, size, browser, interop"));
        assert!(named(&["lint", "fetch"]).is_err(), "the linter takes everything");
    }

    #[test]
    fn the_last_line_says_how_it_went() {
        assert_eq!(end(&[], true, Duration::ZERO), Ok(()));
        let failed = end(&["lint: no".to_owned()], true, Duration::from_secs(61)).unwrap_err();
        assert_eq!(failed, "Failed after 1 min 01 s: lint: no");
    }
}
