//! `webdis-verify verify-bundle`: the command line protocol of the Sigstore
//! conformance suite.
//!
//! <https://github.com/sigstore/sigstore-conformance/blob/main/docs/cli_protocol.md>

use std::fs::File;
use std::io::{Read as _, Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use webdis_verify::ClaimedDigest;
use webdis_verify::Error;
use webdis_verify::Result;
use webdis_verify::base::digest::Hasher;
use webdis_verify::model::key::PublicKey;
use webdis_verify::proof::cosign;
use webdis_verify::proof::sigstore::{self, Bundle, LogEvidence, LogProof, TrustedRoot};

use super::file;

#[derive(Debug, Args)]
pub(crate) struct VerifyBundleArgs {
    /// Use the Sigstore staging instance; give its trusted root with --trusted-root
    #[arg(long)]
    staging: bool,
    /// The bundle
    #[arg(long, value_name = "FILE")]
    bundle: PathBuf,
    /// The identity in the certificate
    #[arg(long, value_name = "IDENTITY", requires = "certificate_oidc_issuer", conflicts_with = "key")]
    certificate_identity: Option<String>,
    /// The issuer of the identity
    #[arg(long, value_name = "URL", requires = "certificate_identity", conflicts_with = "key")]
    certificate_oidc_issuer: Option<String>,
    /// The public key, PEM
    #[arg(long, value_name = "PATH_TO_KEY")]
    key: Option<PathBuf>,
    /// The trusted root, instead of the embedded one
    #[arg(long, value_name = "FILE")]
    trusted_root: Option<PathBuf>,
    /// The artifact, or its digest: sha256: and 64 hexadecimal digits
    #[arg(value_name = "FILE_OR_DIGEST")]
    artifact: String,
}

/// Runs the command. Exit status 0 if the bundle is proven, with the log;
/// else that of the outcome.
pub(crate) fn run(args: &VerifyBundleArgs) -> ExitCode {
    let Some(key) = &args.key else {
        if args.certificate_identity.is_some() {
            let error = Error::new(sigstore::codes::IDENTITY);
            return file::fail(&error, file::status(&error));
        }
        return file::fail(&Error::new(codes::NO_CRITERION), file::USAGE);
    };
    let mut files = Vec::new();
    for path in [Some(&args.bundle), Some(key), args.trusted_root.as_ref()].into_iter().flatten() {
        match file::read(path) {
            Ok(bytes) => files.push(bytes),
            Err(error) => return file::unreadable(path, &error),
        }
    }
    let mut files = files.into_iter();
    let (bundle, key) = (files.next().unwrap_or_default(), files.next().unwrap_or_default());
    let root = match files.next() {
        Some(root) => TrustedRoot::parse(&root),
        None if args.staging => Err(Error::new(codes::STAGING)),
        None => TrustedRoot::public_good(),
    };
    let (key, root) = match (PublicKey::parse(&key), root) {
        (Ok(key), Ok(root)) => (key, root),
        (Err(error), _) | (_, Err(error)) => return file::fail(&error, file::USAGE),
    };
    let digest = match digest(&args.artifact) {
        Ok(digest) => digest,
        Err(error) => return file::unreadable(Path::new(&args.artifact), &error),
    };
    match Bundle::parse(&bundle).and_then(|bundle| check(&bundle, &digest, &key, &root)) {
        Ok(log) => report(&digest, &key, &log),
        Err(error) => file::fail(&error, file::status(&error)),
    }
}

/// The artifact's digest: given, or of the file. A path on disk wins, as the
/// protocol demands. Files of any length are hashed as a stream: signatures
/// over a file need no more than its digest.
fn digest(text: &str) -> std::io::Result<ClaimedDigest> {
    let path = Path::new(text);
    if !path.exists()
        && let Some(digits) = text.strip_prefix("sha256:")
        && let Ok(digest) = ClaimedDigest::parse_sha256_hex(&digits.to_ascii_lowercase())
    {
        return Ok(digest);
    }
    let mut reader = File::open(path)?;
    let mut hasher = Hasher::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        let length = reader.read(&mut chunk)?;
        if length == 0 {
            return Ok(hasher.finish().to_claim());
        }
        hasher.update(chunk.get(..length).unwrap_or_default());
    }
}

fn check(
    bundle: &Bundle,
    digest: &ClaimedDigest,
    key: &PublicKey,
    root: &TrustedRoot,
) -> Result<Box<LogProof>> {
    match cosign::verify_file(bundle, digest, key)?.log_evidence(root) {
        LogEvidence::Proven(log) => Ok(log),
        LogEvidence::Failed(error) => Err(error),
        LogEvidence::Absent => Err(Error::new(sigstore::codes::LOG_ABSENT)),
    }
}

fn report(digest: &ClaimedDigest, key: &PublicKey, log: &LogProof) -> ExitCode {
    let time = log.integrated_time().map_or_else(String::new, |time| format!(", {time}"));
    let text = format!(
        "proven: {digest} was signed by the key {}\nlogged: {} entry {}{time}\n",
        key.fingerprint(),
        log.log_url(),
        log.index()
    );
    match stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => file::unreadable(Path::new("standard output"), &error),
    }
}

/// Codes of this command.
pub(crate) mod codes {
    webdis_verify::codes! {
        /// Neither a key nor an identity was given.
        NO_CRITERION = "no-key-or-identity", NotChecked,
            "Neither a key nor an identity says whose signature is wanted.",
            "Give --key FILE, or --certificate-identity and --certificate-oidc-issuer.";
        /// The staging instance without its trusted root.
        STAGING = "staging-without-root", NotChecked,
            "The trusted root of the staging instance is not built in.",
            "Give it with --trusted-root FILE.";
    }
}
