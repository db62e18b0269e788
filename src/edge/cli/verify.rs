//! `verify`: fetches what a check of a reference needs, then checks it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use webdis_verify::Error;
use webdis_verify::model::reference::{Host, Reference, codes as reference_codes};
use webdis_verify::session::check::{Check, Options};
use webdis_verify::session::{Route, Session};

use crate::args::PolicyArgs;
use crate::check;
use crate::fetch;
use crate::layers;
use crate::read;
use crate::refuse;
use crate::render;
use crate::short::Next;
use crate::terminal::say;
use crate::unread::Own;

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
    /// Ask other registries too what the tag means, and whether they hold a
    /// signature: REF, or without one the publisher's other repositories.
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) compare: Vec<String>,
    /// Fetch the layers too and hash them, of one platform or of `all`; without
    /// one this machine's. Nothing of them is kept.
    #[arg(long, value_name = "PLATFORM", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) layers: Option<String>,
    /// Image to fetch and check, as in docker pull.
    #[arg(value_name = "REF")]
    pub(crate) image: String,
    /// What you hold, to be compared with it: archives, files, folders, pasted
    /// texts; `-` is standard input. What is not of this image, or says nothing
    /// of any, is not proven.
    #[arg(value_name = "FILE|-")]
    pub(crate) files: Vec<PathBuf>,
}

pub(crate) fn run(args: &VerifyArgs) -> ExitCode {
    match answer(args) {
        Ok(status) => status,
        Err(error) => refuse(&error),
    }
}

fn answer(args: &VerifyArgs) -> webdis_verify::Result<ExitCode> {
    let (image, files) = named(args);
    let options = check::options(&args.policy, Some(&image))?;
    let mut session = Session::new(&Options { notary: args.notary.clone(), ..options })?;
    let reference = session.options().asked().map_or_else(|| Reference::parse_loose(&image), Ok)?;
    // Only servers that the user named may be on a private network.
    let server = args.notary.as_deref().map(Host::of_server).transpose()?;
    let others = others(args, session.options(), &reference)?;
    let named: Vec<&Host> = server.iter().chain(others.iter().map(Reference::host)).collect();
    let client = fetch::client(&reference, &named);
    let given = read::all(files)?;
    let own = Own::of(&given);
    for given in given {
        session.add(given);
    }
    session.fetch(Route::Direct)?;
    fetch::run(&client, &mut session);
    if let Some(platform) = &args.layers {
        layers::fetch(&client, &mut session, platform);
    }
    if session.plan().is_some_and(|plan| !plan.subject_failed()) {
        for other in others {
            session.compare(other, Route::Direct);
            fetch::run(&client, &mut session);
        }
    }
    let (requests, bytes) = session.traffic();
    say(&format!("Requests: {requests}; bytes fetched: {bytes}."));
    if let Some(path) = &args.save {
        save(path, &session)?;
    }
    let report = check::named(session.check());
    let add = check::offline(&args.policy, Some(&image), files, &own, &report);
    render::print(&report, &args.policy, &Next { run: None, add, unread: own.unread(&report) });
    Ok(ExitCode::from(report.outcome.exit_code()))
}

/// The image and the files beside it. `docker pull IMAGE` is a name with its command, as
/// the page takes it too.
fn named(args: &VerifyArgs) -> (String, &[PathBuf]) {
    let pulled = match args.files.split_first() {
        Some((pull, [image])) if PULLS.contains(&args.image.as_str()) && pull.as_os_str() == "pull" => image,
        _ => return (args.image.clone(), &args.files),
    };
    (pulled.to_string_lossy().into_owned(), &[])
}

/// Programs that pull images.
const PULLS: [&str; 3] = ["docker", "nerdctl", "podman"];

/// Writes the metadata to a file that is not there yet. That there is none is
/// said, and changes no verdict.
fn save(path: &Path, session: &Session) -> webdis_verify::Result<()> {
    let Some(saved) = session.metadata()? else {
        say(&format!("No Content Trust metadata was fetched: {} was not written.", path.display()));
        return Ok(());
    };
    let written = std::fs::File::create_new(path).and_then(|mut file| file.write_all(&saved.bytes));
    let unwritten = |error: std::io::Error| {
        Error::new(crate::args::codes::UNWRITTEN).in_place(path.to_string_lossy()).found(error.to_string())
    };
    written.map_err(unwritten)?;
    say(&format!("Saved the Content Trust metadata: {} ({} bytes).", path.display(), saved.bytes.len()));
    Ok(())
}

/// What `--compare` means: references to the same tag or digest elsewhere.
fn others(args: &VerifyArgs, check: &Check, image: &Reference) -> webdis_verify::Result<Vec<Reference>> {
    let mut others: Vec<Reference> = Vec::new();
    for text in &args.compare {
        if text.is_empty() {
            let known = check.elsewhere();
            if known.is_empty() {
                say(&format!("The publisher's profile names no other repository of {}.", image.name()));
            }
            others.extend(known);
            continue;
        }
        let other = Reference::parse_loose(text)?;
        let bare = other.tag().is_none() && other.digest().is_none();
        let other = if bare { other.at(image)? } else { other };
        let same = match (image.digest(), other.digest()) {
            (None, None) => image.tag_or_latest() == other.tag_or_latest(),
            (one, two) => one == two,
        };
        if !same {
            let expected = format!("the tag or digest of {}", image.text());
            return Err(Error::new(reference_codes::REFERENCE_SYNTAX).expected(expected).found(text.clone()));
        }
        others.push(other);
    }
    Ok(others)
}
