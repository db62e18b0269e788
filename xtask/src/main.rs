//! `cargo xtask`: build, serve and test webdis-verify with one command each.
//!
//! It has no dependencies, so that it starts at once on a new machine. What
//! a step needs is listed in one place (`needs.rs`), looked for, then fetched
//! through its ordinary package client, with a line that says so; if it cannot
//! be had, the command ends with one sentence that says what to do.

mod apt;
mod bench;
mod needs;
mod node;
mod serve;
mod shell;
mod site;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

/// The result of a step. The error is one sentence for the person at the
/// terminal.
type Result<T> = std::result::Result<T, String>;

const USAGE: &str = "usage: cargo xtask COMMAND

  serve [OPTIONS]         build the page, serve it with its registry proxy at
                          127.0.0.1:8080; options of webdis-verify serve, such
                          as --listen ADDR, --allow localhost:5000
  test [STEP [WORD]...]   run everything, or the steps named, in turn:
STEPS
  build                   build the page into dist/
  dist                    that, and the npm package as a tarball in target/npm
  program                 build the command line with the page inside, as one
                          file: target/release/webdis-verify
  size [--by-module]      sizes of the wasm and the page against their budgets,
                          or what the bytes of the wasm are for
  bench [first|archive|lighthouse]
                          times to a verdict: from paste in Chromium, from a
                          reference beside cosign; from navigation, beside a
                          page with WebCrypto alone; or how fast archives are
                          read; or what Lighthouse says of the page, both themes
  help                    print this

With CI=true in the environment every tool is installed, and one that cannot
be had is a failure; otherwise the tests that need it are left out, and named
at the end.";

/// The usage, with a line for each step of the tests.
fn usage() -> String {
    let steps: Vec<String> =
        test::STEPS.iter().map(|step| format!("    {:<9} {}", step.name, step.about)).collect();
    USAGE.replace("STEPS", &steps.join("\n"))
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["serve", options @ ..] => serve::run(options),
        ["test", steps @ ..] => test::run_steps(steps),
        ["build"] => site::build().map(|dist| println!("Built {}.", dist.display())),
        ["dist"] => site::build_all().map(|file| println!("Built dist/ and {}.", file.display())),
        ["program"] => site::build_program().map(|file| println!("Built {}.", file.display())),
        ["size"] => bench::size(),
        ["size", "--by-module"] => bench::by_module(),
        ["bench"] => bench::bench(),
        ["bench", "first"] => bench::first(),
        ["bench", "archive"] => bench::archive(),
        ["bench", "lighthouse"] => bench::lighthouse(),
        ["help" | "--help" | "-h", ..] => {
            println!("{}", usage());
            Ok(())
        }
        _ => {
            eprintln!("{}", usage());
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\nxtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
