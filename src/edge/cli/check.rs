//! `webdis-verify check`: evidence from files and standard input.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use webdis_verify::Error;
use webdis_verify::Result;
use webdis_verify::base::message::Message;
use webdis_verify::base::time::Time;
use webdis_verify::engine::need::{Need, NeedKind};
use webdis_verify::engine::procedure::codes::{DIGEST_OPEN, ID_OPEN};
use webdis_verify::evidence::codes::TAG_ALONE;
use webdis_verify::model::publisher::Profile;
use webdis_verify::model::reference::Reference;
use webdis_verify::proof::sigstore::codes::LOG_UNKNOWN;
use webdis_verify::report::{Item, Report};
use webdis_verify::session::Session;
use webdis_verify::session::check::{Options, Publisher};

use crate::args::{CheckArgs, Format, PolicyArgs};
use crate::read;
use crate::refuse;
use crate::render;
use crate::short::Next;
use crate::unread::Own;

pub(crate) fn run(args: &CheckArgs) -> ExitCode {
    let given = match read::all(&args.files) {
        Ok(given) => given,
        Err(error) => return refuse(&error),
    };
    let options = options(&args.policy, args.image.as_deref());
    let mut session = match options.and_then(|options| Session::new(&options)) {
        Ok(session) => session,
        Err(error) => return refuse(&error),
    };
    let own = Own::of(&given);
    for given in given {
        session.add(given);
    }
    let report = named(session.check());
    let next = Next {
        run: again(&args.policy, &args.files, &report),
        add: offline(&args.policy, args.image.as_deref(), &args.files, &own, &report),
        unread: own.unread(&report),
    };
    render::print(&report, &args.policy, &next);
    ExitCode::from(report.outcome.exit_code())
}

/// The report with the name of the image in the commands of its next steps.
pub(crate) fn named(mut report: Report) -> Report {
    let asked = report.subject.reference.as_deref().and_then(|text| Reference::parse_loose(text).ok());
    let Some(asked) = asked else { return report };
    let notes = report.items.iter_mut().flat_map(|item| &mut item.notes);
    let messages = report.caveats.iter_mut().chain(&mut report.not_shown).chain(notes);
    let steps = messages.map(|message| &mut message.next).chain([&mut report.next]);
    steps.for_each(|step| *step = step.replace("IMAGE", asked.text()));
    report.links.iter_mut().for_each(|link| link.name_image(asked.text()));
    report
}

/// Files that stand in that command.
const HELD: usize = 8;

/// The command that fetches what a check of a reference still needs, with the
/// same policy.
fn again(args: &PolicyArgs, files: &[PathBuf], report: &Report) -> Option<String> {
    // What stands open may be the same release in another repository; a file of tags
    // names its images only in the answer.
    let open = [DIGEST_OPEN, ID_OPEN, TAG_ALONE].iter().any(|code| report.code == code.name());
    let elsewhere = report.args.get("image").filter(|_| open).map(String::as_str);
    let reference = elsewhere.or(report.subject.reference.as_deref())?;
    if !lacks(report) || Reference::parse(reference).is_err() {
        return None;
    }
    let mut words = with_policy("verify", args);
    // Fetching finds no key: the user has to choose one.
    if report.needs.iter().any(|need| matches!(need.kind, NeedKind::Publisher)) {
        words.extend(["--key".to_owned(), "PUBLISHER.pub".to_owned()]);
    }
    let held = held(report).filter(|_| elsewhere.is_none() && args.digest.is_none());
    words.push(quoted(&match held.filter(|_| !reference.contains('@')) {
        Some(digest) => format!("{reference}@{digest}"),
        None => reference.to_owned(),
    }));
    // What the computer holds is compared with what is fetched.
    let of_held = ["held-", "digest-cut", "digest-unread", "subject-conflict"];
    if elsewhere.is_some() && report.code != TAG_ALONE.name()
        || of_held.iter().any(|code| report.code.starts_with(code))
    {
        words.extend(files.iter().take(HELD).map(|file| quoted(&file.to_string_lossy())));
    }
    Some(words.join(" "))
}

/// The command that takes what is missing from a file: the same again for `check`,
/// offline for `verify`. What says nothing is not given again.
pub(crate) fn offline(
    args: &PolicyArgs,
    image: Option<&str>,
    files: &[PathBuf],
    own: &Own,
    report: &Report,
) -> Option<String> {
    if !lacks(report) {
        return None;
    }
    let mut words = with_policy("check", args);
    words.extend(image.into_iter().flat_map(|image| ["--image".to_owned(), quoted(image)]));
    let instead = instead_of_evidence(report);
    words.extend(instead.map(|(option, _)| format!("{option} FILE")));
    let said = |file: &&PathBuf| {
        let name = if file.as_os_str() == "-" { read::STDIN.into() } else { file.to_string_lossy() };
        let is_it = |item: &Item| item.name == name && instead.is_some_and(|(_, kind)| item.kind == kind);
        !own.is_silent(&name, report) && !report.items.iter().any(is_it)
    };
    let files: Vec<&PathBuf> = files.iter().filter(said).collect();
    let given = files.iter().map(|file| quoted(&file.to_string_lossy()));
    if files.len() <= HELD {
        words.extend(given)
    } else {
        words.push("\u{2026}".to_owned())
    }
    if instead.is_none() || files.is_empty() {
        words.push("FILE".to_owned());
    }
    Some(words.join(" "))
}

/// The option that takes what is missing, and the kind of file: a key or a trusted
/// root is no evidence, and among the files it would be read as one more of them.
pub(crate) fn instead_of_evidence(report: &Report) -> Option<(&'static str, &'static str)> {
    if report.code == LOG_UNKNOWN.name() {
        return Some(("--trusted-root", "trusted-root"));
    }
    let key = |need: &Need| need.required && need.kind == NeedKind::Publisher;
    report.needs.iter().any(key).then_some(("--key", "public-key"))
}

fn lacks(report: &Report) -> bool {
    report.needs.iter().any(|need| need.required)
}

/// A command of this program, with the policy of this check.
fn with_policy(command: &str, args: &PolicyArgs) -> Vec<String> {
    let mut words = vec!["webdis-verify".to_owned(), command.to_owned()];
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
    let options = [
        ("--digest", args.digest.clone()),
        ("--publisher", args.publisher.clone()),
        ("--key", path(&args.key)),
        ("--identity", args.identity.clone()),
        ("--issuer", args.issuer.clone()),
        ("--root-key", args.root_key.clone()),
        ("--repository-key", args.repository_key.clone()),
        ("--trusted-root", path(&args.trusted_root)),
        ("--attestation", args.attestation.clone()),
    ];
    for (name, value) in options {
        if let Some(value) = value {
            words.extend([name.to_owned(), quoted(&value)]);
        }
    }
    if args.ignore_tlog {
        words.push("--ignore-tlog".to_owned());
    }
    words
}

/// The digest that the check was about, where a registry can be asked for it: what
/// its tag means now may be another.
fn held(report: &Report) -> Option<&str> {
    // A registry has no manifest of an image ID.
    let digest = report.subject.digest.as_deref().filter(|_| report.subject.kind != "config")?;
    // Bytes that nobody named may have been printed anew.
    let bare = |criterion: &Message| criterion.args.get("source").is_some_and(|source| source == "document");
    if report.criteria.iter().any(bare) {
        return None;
    }
    let asks = |need: &Need| match &need.kind {
        NeedKind::Manifest { digest: of }
        | NeedKind::Signature { digest: of }
        | NeedKind::LogEvidence { digest: of } => of == digest,
        _ => false,
    };
    report.needs.iter().any(asks).then_some(digest)
}

/// A word for a shell: as it is if nothing in it is special.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Options of the engine from those of the command line.
pub(crate) fn options(args: &PolicyArgs, image: Option<&str>) -> Result<Options> {
    let now = match &args.now {
        Some(text) => Time::parse(text)?,
        None => now()?,
    };
    let publisher = if let Some(path) = &args.key {
        let name =
            path.file_name().map_or_else(|| "key".to_owned(), |name| name.to_string_lossy().into_owned());
        Publisher::Key(name, bytes(path)?)
    } else if let (Some(identity), Some(issuer)) = (&args.identity, &args.issuer) {
        Publisher::Identity(identity.clone(), issuer.clone())
    } else if let (Some(root), Some(repository)) = (&args.root_key, &args.repository_key) {
        Publisher::ContentTrust(root.clone(), repository.clone())
    } else {
        match &args.publisher {
            None => Publisher::Default,
            // A built-in name is never a file: one in the working directory
            // must not replace the publisher.
            Some(name) if !Profile::is_built_in(name) && Path::new(name).is_file() => {
                Publisher::Profile(bytes(Path::new(name))?)
            }
            Some(name) => Publisher::Named(name.clone()),
        }
    };
    Ok(Options {
        image: image.map(str::to_owned),
        digest: args.digest.clone(),
        publisher,
        trusted_root: args.trusted_root.as_deref().map(bytes).transpose()?,
        attestation: args.attestation.clone(),
        ignore_tlog: args.ignore_tlog,
        now,
        include_bytes: args.format == Format::JsonEvidence,
        notary: None,
    })
}

/// The clock of this computer; the engine itself has none.
pub(crate) fn now() -> Result<Time> {
    time_of(SystemTime::now())
}

fn time_of(clock: SystemTime) -> Result<Time> {
    let since = clock.duration_since(UNIX_EPOCH).ok();
    since
        .and_then(|since| Time::from_unix(since.as_secs()))
        .ok_or_else(|| Error::new(crate::args::codes::CLOCK))
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| unreadable(path, &error))
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(crate::args::codes::FILE).in_place(path.to_string_lossy()).found(error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use core::time::Duration;

    #[test]
    fn a_clock_that_cannot_be_right_is_said() {
        assert_eq!(time_of(UNIX_EPOCH + Duration::from_secs(1)).unwrap().unix(), 1);
        for wrong in [UNIX_EPOCH - Duration::from_secs(1), UNIX_EPOCH + Duration::from_secs(1 << 40)] {
            assert_eq!(time_of(wrong).unwrap_err().code(), crate::args::codes::CLOCK);
        }
    }
}
