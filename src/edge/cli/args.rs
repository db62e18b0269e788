//! Commands and options. Their names are an interface: keep them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Check that a container image is what its author published.
#[derive(Debug, Parser)]
#[command(name = "webdis-verify", version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check files and pasted texts, offline.
    Check(CheckArgs),
    /// Compare two images, archives or references, down to the first file that differs.
    Compare(crate::compare::CompareArgs),
    /// Older releases step by step: what to print, and how to check it.
    Guide(crate::guide::GuideArgs),
    /// Say which key a file holds.
    Key(KeyArgs),
    /// Write the original bytes of a printed text to standard output.
    Recover(RecoverArgs),
    /// Serve the page and the registry proxy.
    Serve(crate::serve::ServeArgs),
    /// List a repository's tags by the digest they name.
    Tags(crate::tags::TagsArgs),
    /// Fetch an image's evidence from its registry, and check it.
    Verify(crate::verify::VerifyArgs),
    /// Verify a bundle over a file: the command line protocol of the Sigstore
    /// conformance suite.
    VerifyBundle(crate::verify_bundle::VerifyBundleArgs),
}

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// The key file; `-` is standard input.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RecoverArgs {
    /// The digest the bytes must have.
    #[arg(long)]
    pub(crate) digest: String,
    /// The text; `-` is standard input.
    pub(crate) file: PathBuf,
}

/// What is demanded; the same for `check` and `verify`.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    /// Digest of the image, sha256:…
    #[arg(long)]
    pub(crate) digest: Option<String>,
    /// Built-in publisher (webdis) or a profile file.
    #[arg(long, value_name = "NAME|FILE", conflicts_with_all = ["key", "identity", "root_key"])]
    pub(crate) publisher: Option<String>,
    /// The publisher's public key, a file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["identity", "root_key"])]
    pub(crate) key: Option<PathBuf>,
    /// Certificate identity, with --issuer.
    #[arg(long, value_name = "S", requires = "issuer", conflicts_with = "root_key")]
    pub(crate) identity: Option<String>,
    /// OIDC issuer of the identity.
    #[arg(long, value_name = "URL", requires = "identity")]
    pub(crate) issuer: Option<String>,
    /// Content Trust root key id, with --repository-key.
    #[arg(long, value_name = "ID", requires = "repository_key")]
    pub(crate) root_key: Option<String>,
    /// Content Trust repository key id, with --root-key.
    #[arg(long, value_name = "ID", requires = "root_key")]
    pub(crate) repository_key: Option<String>,
    /// Sigstore trusted root instead of the embedded one.
    #[arg(long, value_name = "FILE")]
    pub(crate) trusted_root: Option<PathBuf>,
    /// Demand an attestation of this predicate type instead of a signature.
    #[arg(long, value_name = "TYPE")]
    pub(crate) attestation: Option<String>,
    /// Do without the transparency log: a signature made in secret with a
    /// stolen key would pass.
    #[arg(long)]
    pub(crate) ignore_tlog: bool,
    /// Judge validity at this time instead of now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<String>,
    /// Form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) screen: crate::screen::ScreenArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Image the evidence is about.
    #[arg(long, value_name = "REF")]
    pub(crate) image: Option<String>,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Files, directories, archives; `-` is standard input, read as a paste.
    #[arg(required = true, value_name = "FILE|-")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The chain and, last, its verdict; whole with --verbose.
    Text,
    /// The whole report, docs/report.schema.json.
    Json,
    /// The same with the evidence in it, which can be checked anew from it.
    JsonEvidence,
    /// The chain as a tree.
    Tree,
}

/// Codes of the command line itself.
pub(crate) mod codes {
    webdis_verify::codes! {
        /// A file that cannot be read.
        FILE = "file-unreadable", NotChecked,
            "The file cannot be read.",
            "Check the path and your permission to read it.";
        /// A file that cannot be written, or is there already.
        UNWRITTEN = "file-unwritten", NotChecked,
            "The file was not written.",
            "Name a file that is not there yet, in a folder that you may write to.";
        /// What names no image.
        NO_IMAGE = "no-image", NotChecked,
            "This names no image, or several ({found}).",
            "Give an archive of one image, an OCI layout, or a reference.";
        /// An image whose registry did not give it.
        UNFETCHED = "image-unfetched", NotChecked,
            "This image could not be fetched. {found}",
            "Try again later, or give an archive of it.";
        /// An archive whose bytes are not what its own documents say.
        ARCHIVE_BROKEN = "archive-broken", NotChecked,
            "This archive is not what its own documents say. {found}",
            "Save the image again, or ask `check` what is wrong.";
        /// A clock outside the years 1970 to 9999.
        CLOCK = "clock-unusable", NotChecked,
            "The clock of this computer cannot be right.",
            "Set the clock, or give --now.";
    }
}
