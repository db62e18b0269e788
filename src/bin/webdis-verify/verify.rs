//! `verify`: fetches what a check of a reference needs, then checks it.

use std::process::ExitCode;

use clap::Args;
use webdis_verify::check::Check;
use webdis_verify::reference::{Host, Reference};
use webdis_verify::registry::plan::{Options, Plan};
use webdis_verify::registry::verify::verify;

use crate::args::PolicyArgs;
use crate::{check, fetch, refuse, render};

/// Options of `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Notary v1 server to ask, instead of Docker Hub's.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) notary: Option<String>,
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
    let check = check::options(&args.policy, Some(&args.image)).and_then(|options| Check::new(&options))?;
    let reference = Reference::parse(&args.image)?;
    // A digest given beside the tag is the one to fetch.
    let reference = match (&check.digest, reference.digest()) {
        (Some(digest), None) => reference.with_digest(digest.clone()),
        _ => reference,
    };
    let notary = args.notary.as_deref().map(Host::parse).transpose()?;
    let attestations = args.policy.attestation.is_some();
    let client = fetch::client(&reference, notary.as_ref());
    let mut plan = Plan::new(reference, Options { children: true, attestations, notary });
    let report =
        verify(&mut plan, Vec::new(), &mut |plan| fetch::run(&client, plan), &mut |given, looked| {
            check.run(given, looked)
        });
    let progress = plan.progress();
    eprintln!("Fetched {} bytes in {} requests.", progress.bytes, progress.requests);
    render::print(&report, args.policy.format);
    Ok(ExitCode::from(report.outcome.exit_code()))
}
