//! The command line. It talks like this:
//!
//! - stdout carries the report and nothing else; progress and hints go to
//!   stderr;
//! - exit status: 0 proven, 1 contradicted, 2 bad usage or malformed input,
//!   3 unsigned, 4 not checked or incomplete;
//! - errors name what was expected and found, a stable code, and a next step.

mod args;
mod check;
mod compare;
mod comparison;
mod fetch;
mod file;
mod guide;
mod key;
mod layers;
mod page;
mod progress;
mod read;
mod recover;
mod render;
mod screen;
mod serve;
mod short;
mod side;
mod tags;
mod terminal;
mod unread;
mod verify;
mod verify_bundle;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _};
use webdis_verify::model::reference::Reference;

use terminal::say;

fn main() -> ExitCode {
    let screen = screen::Screen::of_stdout(screen::When::Never);
    let mut cli = args::Cli::command().term_width(screen.width());
    let parsed = cli.try_get_matches_from_mut(std::env::args_os());
    let command = match parsed.and_then(|found| args::Cli::from_arg_matches(&found)) {
        Ok(cli) => cli.command,
        Err(error) => return usage(&error),
    };
    match command {
        args::Command::Check(args) => check::run(&args),
        args::Command::Compare(args) => compare::run(&args),
        args::Command::Guide(args) => guide::run(&args),
        args::Command::Key(args) => key::run(&args.file),
        args::Command::Recover(args) => recover::run(&args.digest, &args.file),
        args::Command::Serve(args) => serve::run(&args),
        args::Command::Tags(args) => tags::run(&args),
        args::Command::Verify(args) => verify::run(&args),
        args::Command::VerifyBundle(args) => verify_bundle::run(&args),
    }
}

/// Help and version as they are; of a mistake, what it quotes is escaped.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _closed_pipe = error.print();
        return ExitCode::SUCCESS;
    }
    let arguments: Vec<String> =
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    terminal::say_quoting(&error.render().to_string(), arguments.iter().cloned());
    // What was meant, where an image or a file stands in the place of the command.
    let named = arguments.get(1).filter(|_| error.kind() == ErrorKind::InvalidSubcommand);
    if let Some(named) = named {
        let command = if std::path::Path::new(named).exists() { Some("check") } else { image(named) };
        if let Some(command) = command {
            say(&format!("Did you mean: webdis-verify {command} {named}"));
        }
    }
    ExitCode::from(2)
}

/// The command for an image, if this is a reference with a tag, digest or path.
fn image(named: &str) -> Option<&'static str> {
    let whole = named.contains([':', '/', '@']) && Reference::parse(named).is_ok();
    whole.then_some("verify")
}

/// Reports bad usage or malformed input: exit status 2.
fn refuse(error: &webdis_verify::Error) -> ExitCode {
    file::fail(error, file::USAGE)
}
