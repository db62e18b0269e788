//! What a command printed is said of the image that it was asked for. A filter
//! leaves of a document what nobody foresees (YAML, CSV, objects of a few members, the
//! first digits alone), so every digest in it counts that no reader of an output has
//! put in its place: as a part of the asked tag (docs/VERDICT.md, section 3).

use super::command::Command;
use super::fact::{About, DigestKind, Fact, Knows, Role, Witness};
use super::item::Cut;
use super::terminal::digests;
use crate::base::affix;
use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::base::list::CollectVec as _;

/// Programs that print about the tag they are asked for, and what they can know.
const PROGRAMS: &[(&str, &str, Knows)] = &[
    ("docker manifest inspect", "docker manifest inspect", Knows::Name),
    ("docker buildx imagetools", "imagetools", Knows::Name),
    ("docker image inspect", "docker image inspect", Knows::Computer),
    ("docker inspect", "docker image inspect", Knows::Computer),
    ("docker images", "docker images", Knows::Computer),
    ("docker image ls", "docker images", Knows::Computer),
    ("docker pull", "docker pull", Knows::NameAndComputer),
    ("docker image pull", "docker pull", Knows::NameAndComputer),
    ("podman manifest inspect", "podman manifest inspect", Knows::Name),
    ("podman image inspect", "podman image inspect", Knows::Computer),
    ("podman inspect", "podman image inspect", Knows::Computer),
    ("podman images", "podman images", Knows::Computer),
    ("podman pull", "podman pull", Knows::Computer),
    ("nerdctl image inspect", "nerdctl image inspect", Knows::Computer),
    ("nerdctl inspect", "nerdctl image inspect", Knows::Computer),
    ("nerdctl images", "nerdctl images", Knows::Computer),
    ("buildah inspect", "buildah inspect", Knows::Computer),
    ("crictl inspecti", "crictl inspecti", Knows::Computer),
    ("crane copy", COPIES, Knows::Name),
    ("crane cp", COPIES, Knows::Name),
    ("oras copy", COPIES, Knows::Name),
    ("oras cp", COPIES, Knows::Name),
    ("skopeo copy", COPIES, Knows::Name),
    ("regctl image copy", COPIES, Knows::Name),
    ("crane digest", "crane digest", Knows::Name),
    ("crane manifest", "crane manifest", Knows::Name),
    ("crane config", "crane config", Knows::Name),
    ("skopeo inspect", "skopeo inspect", Knows::Name),
    ("regctl manifest", "regctl", Knows::Name),
    ("regctl image", "regctl", Knows::Name),
    ("oras manifest", "oras", Knows::Name),
    ("oras resolve", "oras resolve", Knows::Name),
    ("curl", "curl", Knows::Name),
    ("wget", "wget", Knows::Name),
];

/// What they print of what they copied is of its source, too.
const COPIES: &str = "copy";

/// Who answers, where a command asks for a tag; sums are of unknown bytes.
fn witness(command: &Command) -> Option<(Witness, &str)> {
    let tag = command.reference.is_some() && command.digest.is_none();
    let sums = ["sha256sum", "shasum", "dgst", "/tags/list", "/referrers/", "/token"];
    if !tag || sums.iter().any(|word| command.whole.contains(word)) { None } else { program(command) }
}

/// The program and what it asked for.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn program(command: &Command) -> Option<(Witness, &str)> {
    let row = PROGRAMS.iter().find(|(words, ..)| command.is(words));
    let (words, tool, knows) = row?;
    Some(match *tool {
        COPIES => (
            Witness { tool: words, knows: *knows },
            command.source.as_deref().or(command.reference.as_deref())?,
        ),
        _ => (Witness { tool, knows: *knows }, command.reference.as_deref()?),
    })
}

/// What a filter asked for: `.layers[].digest`, `.rootfs.diff_ids`.
fn kind(command: &Command) -> DigestKind {
    let asks = |words: &[&str]| words.iter().any(|word| command.whole.contains(word));
    if asks(&["diff_ids", "ootFS", "ootfs"])
        || command.is("crane config")
        || command.typed.contains(" --config ")
    {
        DigestKind::DiffId
    } else if asks(&["ayers"]) {
        DigestKind::Layer
    } else if asks(&[".config", "\"config\""]) {
        DigestKind::Config
    } else {
        DigestKind::Unknown
    }
}

/// Adds to an output's facts what else is in it; the digits of those cut short.
pub(super) fn hear(text: &str, command: &Command, facts: &mut Vec<Fact>) -> Vec<Cut> {
    match witness(command) {
        Some((witness, asked)) => answered(text, command, witness, asked, facts),
        None => Vec::new(),
    }
}

/// The same of a command that asked for a tag.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn answered(text: &str, command: &Command, witness: Witness, asked: &str, facts: &mut Vec<Fact>) -> Vec<Cut> {
    let mut about = About { platform: command.platform.clone(), ..About::of_text(Some(asked)) };
    // Without a tag `latest` is asked for; a list has all.
    if about.repository.is_some() && !witness.tool.ends_with("images") {
        about.tag = about.tag.or_else(|| Some("latest".to_owned()));
    }
    let copied = witness.tool.ends_with(" copy") || witness.tool.ends_with(" cp");
    // What prints one digest has answered, and what stands below is another output.
    let answered = command.prints.is_some() && facts.iter().any(|fact| fact.witness.knows != Knows::Text);
    if about.tag.is_none() || answered {
        return Vec::new();
    }
    // A Dockerfile below the output has names of its own.
    let name = about.repository.as_deref().and_then(|name| name.split_once('/')).map_or("", |(_, path)| path);
    let own = affix::after(name, "library/");
    let others = text.lines().filter(|line| !line.starts_with("FROM ") || line.contains(own));
    let text = &*others.flat_map(|line| [line, "\n"]).collect::<String>();
    // What nobody said more of is a part, too.
    let placed = |fact: &Fact| {
        fact.witness.knows != Knows::Text && (fact.kind != DigestKind::Unknown || fact.role == Role::Part)
    };
    let known = |digest: &ClaimedDigest, facts: &[Fact]| {
        facts.iter().any(|f| !copied && f.digest == *digest && placed(f))
    };
    let image = facts.last().map_or(0, |fact| fact.image + 1);
    let bare = words(text).filter_map(|word| ClaimedDigest::parse_sha256_hex(word).ok());
    let marked = digests(text).map(|(_, digest)| digest);
    for digest in marked.chain(bare).take(limits::FACTS) {
        if facts.len() < limits::FACTS && !known(&digest, facts) {
            let about = about.clone();
            facts.push(Fact { digest, kind: kind(command), role: Role::Part, about, witness, image });
        }
    }
    let said = |digits: &str| facts.iter().any(|fact| fact.digest.hex().starts_with(digits));
    let kind = if copied { DigestKind::Layer } else { kind(command) };
    let cut = cut(text, witness.knows == Knows::Name).take(limits::FACTS);
    let cut = cut.filter(|digits| !said(digits));
    cut.map(|digits| Cut { digits, about: about.clone(), tool: witness.tool, kind, part: true }).collect_vec()
}

/// Words, without the signs around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "\"',;|()[]{}<>=".contains(c)).filter(|word| word.len() >= FEW)
}

/// Digits that tell images apart.
const FEW: usize = 6;
/// Digits that are an ID's also without `sha256:` before them.
const ENOUGH: usize = 10;
/// Digits of a commit, which labels and annotations name.
const COMMIT: usize = 40;

/// The first digits of digests: behind `sha256:`, or alone as no number and no word is.
fn cut(text: &str, bare: bool) -> impl Iterator<Item = String> {
    words(text).filter_map(move |word| {
        let (digits, marked) = match affix::split_last(word, "sha256:") {
            Some((_, digits)) => (digits, true),
            None => (word, false),
        };
        let digits = digits.trim_end_matches(['.', '\u{2026}']);
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let both =
            digits.bytes().any(|b| b.is_ascii_digit()) && digits.bytes().any(|b| b.is_ascii_lowercase());
        let alone = bare && digits.len() >= ENOUGH && digits.len() != COMMIT && both;
        let enough = (FEW..64).contains(&digits.len()) && hex;
        (enough && (marked || alone)).then(|| digits.to_ascii_lowercase())
    })
}
