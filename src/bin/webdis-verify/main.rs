//! The command line.

mod file;
mod key;
mod recover;
mod verify_bundle;

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
    /// Say which key a file holds
    Key {
        /// The key file; - for standard input
        file: PathBuf,
    },
    /// Write the original bytes of a printed text to standard output
    Recover {
        /// The digest the bytes must have
        #[arg(long)]
        digest: String,
        /// The text; - for standard input
        file: PathBuf,
    },
    /// Verify a bundle over a file: the command line protocol of the Sigstore conformance suite
    VerifyBundle(verify_bundle::VerifyBundleArgs),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Key { file } => key::run(&file),
        Command::Recover { digest, file } => recover::run(&digest, &file),
        Command::VerifyBundle(args) => verify_bundle::run(&args),
    }
}
