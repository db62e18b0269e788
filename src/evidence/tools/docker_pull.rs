//! `docker pull`, also as `nerdctl compose` and others print it:
//!
//! ```text
//! 0.1.19: Pulling from nicolas/webdis
//! Digest: sha256:5de5…
//! Status: Image is up to date for nicolas/webdis:0.1.19
//! docker.io/nicolas/webdis:0.1.19
//! ```
//!
//! With Content Trust the image is pulled by its digest, and `Tagging … as …` names the tag.

use super::{Command, Kind, Lines, Output};
use crate::base::affix;
use crate::base::digest::ClaimedDigest;
use crate::base::list::PushAll as _;
use crate::base::message::Message;
use crate::evidence::codes;
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::evidence::terminal::as_reference;
use crate::model::reference::Reference;

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let digest_line = first.starts_with("Digest: sha256:") || first.starts_with("Digest: sha512:");
    // A shortened one is no digest.
    if digest_line && ClaimedDigest::parse(affix::after(first, "Digest: ")).is_err() {
        return None;
    }
    let starts = first.contains(": Pulling from ") || first.starts_with("Using default tag: ") || digest_line;
    if !starts {
        return None;
    }
    let (mut digest, mut reference, mut exact) = (None, None::<String>, None::<String>);
    let (mut status, mut pulling) = (false, false);
    let end = lines.run(|_, line| {
        let layer = line
            .split_once(": ")
            .is_some_and(|(id, _)| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()));
        // A second pull is an output of its own.
        if let (Some(found), None) = (line.strip_prefix("Digest: "), digest) {
            digest = Some(found);
        } else if let (Some((_, found)), false) =
            (line.strip_prefix("Status: ").and_then(|rest| affix::split_last(rest, " for ")), status)
        {
            exact = Some(found.to_owned());
            status = true;
        } else if let (Some((tag, repository)), None, false) =
            (line.split_once(": Pulling from "), digest, pulling)
        {
            reference = Some(match tag.contains(':') {
                true => format!("{repository}@{tag}"),
                false => format!("{repository}:{tag}"),
            });
            pulling = true;
        } else if let Some((_, tagged)) =
            line.strip_prefix("Tagging ").filter(|_| status).and_then(|rest| affix::split_last(rest, " as "))
        {
            // With Content Trust it pulls by digest, and gives the image its tag then.
            exact = Some(tagged.to_owned());
        } else if status && as_reference(line).is_some_and(|_| is_last(line, exact.as_deref())) {
            exact = Some(line.to_owned());
            return true;
        } else {
            return layer && digest.is_none() || line.starts_with("Using default tag: ") && !pulling;
        }
        true
    });
    // The registry does not stand in `Pulling from`; the status, the last line and
    // the command have it.
    let asked = command.reference.as_deref().filter(|asked| fits(asked, reference.as_deref()));
    // A lone `Digest:` line is of no program that verifies, nor of one that prints a digest
    // alone, but where a template or a filter of the command writes it so.
    let alone = command.prints.is_some() || command.words.contains(" verify");
    let other = digest_line && alone && !command.whole.contains("Digest: ");
    let asked = asked.filter(|_| !other);
    let about = exact.as_deref().or(asked).or(reference.as_deref()).map(|about| {
        let parse = |text: &str| Reference::parse(text).ok();
        let Some(named) = parse(about).filter(|named| named.tag().is_none()) else { return about.to_owned() };
        let same = |other: &Reference| other.name() == named.name() && other.digest() == named.digest();
        // What is pulled by its digest is called by it alone; the command has the tag. With
        // `--all-tags` the first line has it.
        let tag_of = |text: Option<&str>| text.and_then(parse).and_then(|r| r.tag().map(str::to_owned));
        let tag = match named.digest() {
            Some(_) => {
                tag_of(command.reference.as_deref().filter(|asked| parse(asked).is_some_and(|r| same(&r))))
            }
            None => tag_of(reference.as_deref()),
        };
        let digest = named.digest().map(|digest| format!("@{digest}")).unwrap_or_default();
        tag.map_or_else(|| about.to_owned(), |tag| format!("{}:{tag}{digest}", named.name()))
    });
    let about = about.as_deref();
    let tool = match command.program() {
        "nerdctl" => "nerdctl pull",
        "podman" => "podman pull",
        _ => "docker pull",
    };
    let mut facts = Facts::new(tool, Knows::NameAndComputer).about(about);
    facts.top(DigestKind::IndexOrManifest, digest.unwrap_or_default());
    let unread = digest.filter(|digest| ClaimedDigest::parse(digest).is_err());
    let mut output = Output::new(Kind::DockerPull, end, facts.done());
    output.notes.push_all(unread.map(|digest| {
        Message::new(codes::DIGEST_UNREAD, &[("found", &crate::base::digest::shorten(digest))])
    }));
    output.image = about.map(str::to_owned);
    Some(output)
}

/// Whether a reference is the last line of the pull, and not what follows it: it names
/// the tag of the status, and a digest only where one was pulled.
fn is_last(line: &str, pulled: Option<&str>) -> bool {
    let parse = |text: &str| Reference::parse(text).ok();
    let same = pulled.and_then(parse).zip(parse(line)).is_some_and(|(pulled, last)| {
        let tag = pulled.tag_or_latest() == last.tag_or_latest();
        pulled.name() == last.name() && tag && pulled.digest() == last.digest()
    });
    line.contains('/') && same
}

/// Whether `Pulling from` can be about the reference of the command.
fn fits(asked: &str, pulled: Option<&str>) -> bool {
    let (Ok(asked), Some(pulled)) = (Reference::parse(asked), pulled) else { return true };
    Reference::parse(pulled).is_ok_and(|pulled| pulled.repository() == asked.repository())
}
