//! The command line.

mod recover;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Is this container image what its publisher signed?
#[derive(Debug, Parser)]
#[command(name = "webdis-verify", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the original bytes of a printed text to standard output
    Recover {
        /// The digest the bytes must have
        #[arg(long)]
        digest: String,
        /// The text; - for standard input
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Recover { digest, file } => recover::run(&digest, &file),
    }
}
