//! `verify`: fetches what a check of a reference needs, then checks it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use webdis_verify::Error;
use webdis_verify::check::{Check, Options as CheckOptions, save_metadata};
use webdis_verify::input::Given;
use webdis_verify::reference::{Host, Reference};
use webdis_verify::registry::plan::{Options, Plan};
use webdis_verify::registry::verify::Rounds;

use crate::args::PolicyArgs;
use crate::{check, fetch, refuse, render};

/// Options of `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Notary v1 server to ask about Content Trust, instead of the
    /// publisher's: HOST[:PORT] or https://HOST.
    #[arg(long, value_name = "SERVER")]
    pub(crate) notary: Option<String>,
    /// Save the Content Trust metadata that was fetched, for later checks
    /// without a server.
    #[arg(long, value_name = "FILE.zip")]
    pub(crate) save: Option<PathBuf>,
    /// Image to fetch and check, as in docker pull.
    #[arg(value_name = "REF")]
    pub(crate) image: String,
}

pub(crate) fn run(args: &VerifyArgs) -> ExitCode {
    match answer(args) {
        Ok(status) => status,
        Err(error) => refuse(&error),
    }
}

fn answer(args: &VerifyArgs) -> webdis_verify::Result<ExitCode> {
    let options = check::options(&args.policy, Some(&args.image))?;
    let check = Check::new(&CheckOptions { notary: args.notary.clone(), ..options })?;
    let reference = Reference::parse(&args.image)?;
    // A digest given beside the tag is the one to fetch.
    let reference = match (&check.digest, reference.digest()) {
        (Some(digest), None) => reference.with_digest(digest.clone()),
        _ => reference,
    };
    let attestations = args.policy.attestation.is_some();
    // Only a server that the user named may be on a private network.
    let named = args.notary.as_deref().map(Host::of_server).transpose()?;
    let client = fetch::client(&reference, named.as_ref());
    let (notary, content_trust) = (check.notary(), check.may_ask_notary());
    let mut plan = Plan::new(reference, Options { children: true, attestations, notary, content_trust });
    let mut rounds = Rounds::start(&mut plan, Vec::new());
    let report = loop {
        fetch::run(&client, &mut plan);
        if let Some(report) = rounds.step(&mut plan, &mut |given, looked| check.run(given, looked)) {
            break report;
        }
    };
    let progress = plan.progress();
    eprintln!("Fetched {} bytes in {} requests.", progress.bytes, progress.requests);
    if let Some(path) = &args.save {
        save(path, &rounds.into_given(), check.image.as_ref())?;
    }
    render::print(&report, args.policy.format);
    Ok(ExitCode::from(report.outcome.exit_code()))
}

/// Writes the metadata to a file that is not there yet. That there is none is
/// said, and changes no verdict.
fn save(path: &Path, given: &[Given], image: Option<&Reference>) -> webdis_verify::Result<()> {
    let Some(saved) = save_metadata(given, image)? else {
        eprintln!("No Content Trust metadata was fetched: {} was not written.", path.display());
        return Ok(());
    };
    let written = std::fs::File::create_new(path).and_then(|mut file| file.write_all(&saved.bytes));
    let unwritten = |error: std::io::Error| {
        Error::new(crate::args::codes::UNWRITTEN).in_place(path.to_string_lossy()).found(error.to_string())
    };
    written.map_err(unwritten)?;
    eprintln!("Saved the Content Trust metadata: {} ({} bytes).", path.display(), saved.bytes.len());
    Ok(())
}
