//! Everything that must hold, in the order in which it is quick to fail.

use std::path::PathBuf;

use crate::shell::{cargo, command, in_ci, output, root, run, say};
use crate::tools::{chromium, node_modules, notary};
use crate::{Result, bench, site, wasm};

/// What a step was not able to run, if anything.
type Skipped = Option<String>;
type Step = (&'static str, fn() -> Result<Skipped>);

const STEPS: &[Step] = &[
    ("lint", lint),
    ("native", native),
    ("cli", cli),
    ("size", size),
    ("browser", browser),
    ("interop", interop),
];

/// Runs the steps named, or all of them.
pub(crate) fn run_steps(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|(step, _)| step != *name)) {
        return Err(format!("There is no test step {unknown:?}; there are: {}.", names_of(STEPS)));
    }
    let (mut failed, mut skipped) = (Vec::new(), Vec::new());
    for (name, step) in STEPS.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        say(&format!("== {name}"));
        match step() {
            Ok(what) => skipped.extend(what.map(|what| format!("{name}: {what}"))),
            Err(sentence) => {
                say(&sentence);
                failed.push(format!("{name}: {sentence}"));
            }
        }
    }
    for what in &skipped {
        say(&format!("SKIPPED {what}"));
    }
    if !failed.is_empty() {
        return Err(failed.join("\n       "));
    }
    say(if skipped.is_empty() { "All tests passed." } else { "All tests that could run passed." });
    Ok(())
}

fn names_of(steps: &[Step]) -> String {
    steps.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Formatting, clippy without warnings, types of the JavaScript interface.
fn lint() -> Result<Skipped> {
    let mut skipped = Vec::new();
    if output("cargo", &["fmt", "--version"]).is_some() {
        run("Formatting", cargo().args(["fmt", "--all", "--check"]))?;
    } else {
        skipped.push(missing("rustfmt is not there (`rustup component add rustfmt`).".to_owned())?);
    }
    if output("cargo", &["clippy", "--version"]).is_some() {
        let packages =
            ["--locked", "--package", "webdis-verify", "--package", "xtask", "--package", "wasm-suite"];
        let mut shipped = cargo();
        shipped.arg("clippy").args(packages).args(["--lib", "--bins", "--", "--deny", "warnings"]);
        run("Clippy on what is shipped", &mut shipped)?;
        // Tests may unwrap: a panic is how they fail.
        let mut tests = cargo();
        tests.arg("clippy").args(packages).args(["--tests", "--", "--deny", "warnings"]);
        for lint in
            ["unwrap_used", "expect_used", "panic", "indexing_slicing", "as_conversions", "type_complexity"]
        {
            tests.arg(format!("--allow=clippy::{lint}"));
        }
        run("Clippy on the tests", tests.arg("--allow=missing_docs"))?;
    } else {
        skipped.push(missing("clippy is not there (`rustup component add clippy`).".to_owned())?);
    }
    node_modules()?;
    let tsc = ["node_modules/typescript/bin/tsc", "--project", "tests/types"];
    run("TypeScript types", command("node").args(tsc))?;
    Ok((!skipped.is_empty()).then(|| skipped.join(" ")))
}

/// The Rust tests on this machine. Where the real notary programs are absent,
/// the tests that ask them skip, and say so; in CI they must be there.
fn native() -> Result<Skipped> {
    if in_ci() {
        notary()?;
    }
    let packages = ["--package", "webdis-verify", "--package", "xtask", "--package", "wasm-suite"];
    run("Rust tests", cargo().args(["test", "--locked"]).args(packages))?;
    Ok(None)
}

/// The command line from outside: its reports against the published schema.
fn cli() -> Result<Skipped> {
    node_modules()?;
    let mut node = command("node");
    run("The command line", node.args(["--test", "--test-reporter=spec"]).args(node_tests("tests/cli")?))?;
    Ok(None)
}

/// The vectors through the wasm and the page, in Chromium.
fn browser() -> Result<Skipped> {
    site::build()?;
    let suite = wasm::build(&wasm::SUITE)?;
    let chromium = match chromium() {
        Ok(path) => path,
        Err(sentence) => return missing(sentence).map(Some),
    };
    run(
        "The program that serves the registry proxy",
        cargo().args(["build", "--locked", "--package", "webdis-verify", "--bin", "webdis-verify"]),
    )?;
    let files = node_tests("tests/browser")?;
    let mut node = command("node");
    node.arg("--test").args(["--test-concurrency=1", "--test-reporter=spec"]).args(files);
    node.env("CHROMIUM", chromium).env("WASM_SUITE", suite);
    run("Tests in Chromium", &mut node)?;
    Ok(None)
}

/// Real registries and the real cosign on loopback (docs/interop.md). In CI the
/// tools are built with Go; elsewhere the step waits until somebody built them.
fn interop() -> Result<Skipped> {
    let suite = "tests/interop/run.mjs";
    if !in_ci() && output("node", &[suite, "--ready"]).is_none() {
        let how = format!("the real cosign is not built (`node {suite} --build`, docs/interop.md).");
        return Ok(Some(how));
    }
    run("The command line", cargo().args(["build", "--locked", "--package", "webdis-verify"]))?;
    run("Verdicts beside cosign's", command("node").arg(suite))?;
    Ok(None)
}

/// The files of Node tests in a folder, in order.
fn node_tests(folder: &str) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join(folder))
        .map_err(|e| format!("{folder} could not be read ({e})."))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    Ok(files)
}

/// The sizes against their budgets.
fn size() -> Result<Skipped> {
    bench::size().map(|()| None)
}

/// A tool that cannot be had: a failure in CI, a skip elsewhere.
fn missing(sentence: String) -> Result<String> {
    if in_ci() { Err(sentence) } else { Ok(sentence) }
}
