//! A digest alone on its line, or in a reference, or in the name of a cosign tag,
//! or `[REPO@sha256:…]` as a Go template prints repository digests. What it is of
//! is what the command above asked for; without one nobody knows.

use super::{Command, Kind, Lines, Output, at_digest, tag_lists};
use crate::base::digest::ClaimedDigest;
use crate::base::list::CollectVec as _;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows, Role, Witness};
use crate::evidence::terminal::as_reference;
use crate::model::oci::Platform;

const TEXT: Witness = Witness { tool: "text", knows: Knows::Text };

/// The digest that a tag of cosign's holds the signatures of: `sha256-HEX.sig`,
/// `.att`, `.sbom`, and the referrers tag `sha256-HEX`.
pub(super) fn subject_of_tag(tag: &str) -> Option<ClaimedDigest> {
    let hex = tag.strip_prefix("sha256-")?.split('.').next()?;
    ClaimedDigest::parse_sha256_hex(hex).ok()
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    if command.is_of_containers() {
        let id = |line: &str| ClaimedDigest::parse_sha256_hex(line).is_ok();
        let ids = || Output::new(Kind::ToolOutput, lines.run(|_, line| id(line)), vec![]);
        return lines.first().is_some_and(id).then(ids);
    }
    let mut facts = Facts::new("text", Knows::Text);
    let mut rows = 0_usize;
    let end = lines.run(|_, line| {
        let found = row(line.trim_end_matches('%').trim_matches(['\'', '"', ',']), command, &mut facts, rows);
        rows += 1;
        found
    });
    let mut facts = facts.done();
    parts(&mut facts, command);
    (!facts.is_empty()).then(|| Output::new(Kind::DigestText, end, facts))
}

/// Several digests that a filter left of a document are parts of the image asked for;
/// one may be its own.
pub(super) fn parts(facts: &mut [Fact], command: &Command) {
    let unknown = |fact: &Fact| fact.kind == DigestKind::Unknown && fact.witness == TEXT;
    let Some(tool) = command.prints_document().filter(|_| facts.len() > 1 && facts.iter().all(unknown))
    else {
        return;
    };
    let about = About { platform: command.platform.clone(), ..About::of_text(command.reference.as_deref()) };
    for fact in facts {
        fact.role = Role::Part;
        fact.witness = Witness { tool, knows: Knows::Name };
        fact.about.clone_from(&about);
        fact.image = 0;
    }
}

/// `SHA256:…`, `sha256=…`, `sha256 …`: a digest as somebody else writes it.
fn spelt(line: &str) -> Option<String> {
    if line.len() == 64 && line.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')) {
        return Some(format!("sha256:{}", line.to_ascii_lowercase()));
    }
    let (name, rest) =
        line.split_at_checked("sha256".len()).filter(|_| line.len() == "sha256:".len() + 64)?;
    let digits = rest.strip_prefix([':', '=', ' '])?.to_ascii_lowercase();
    let named = name.eq_ignore_ascii_case("sha256") && digits.bytes().all(|b| b.is_ascii_hexdigit());
    named.then(|| format!("sha256:{digits}"))
}

/// Whether a row is of another output than the command's: of a program that prints one
/// line for each image it is asked for, more than those; and a name below what a
/// registry says of the image asked for.
fn is_of_another(line: &str, command: &Command, row: usize) -> bool {
    let of_registry = command.prints.is_some_and(|(_, witness)| witness.knows == Knows::Name);
    row > 0 && (row >= command.lines() || of_registry && line.contains('@'))
}

fn row(line: &str, command: &Command, facts: &mut Facts, row: usize) -> bool {
    let spelt = spelt(line);
    let line = spelt.as_deref().unwrap_or(line);
    // Longer lines hold more than a reference.
    if is_of_another(line, command, row) || line.len() < 64 || line.len() > 600 {
        return false;
    }
    // Most lines that speak of digests are prose: nothing is parsed for them.
    if !line.starts_with('[') && line.bytes().any(|byte| matches!(byte, b' ' | b'\t')) {
        return false;
    }
    let is_digest = line.starts_with("sha") && ClaimedDigest::parse(line).is_ok()
        || line.len() == 64 && ClaimedDigest::parse_sha256_hex(line).is_ok();
    // One command prints one digest for each image; the first is the one asked for.
    let typed = command.reference.as_deref();
    if is_digest {
        let (kind, witness) = match command.prints {
            // What was asked for one platform is no index.
            Some((DigestKind::IndexOrManifest, witness))
                if command.platform.is_some() && witness.knows == Knows::Name && row == 0 =>
            {
                (DigestKind::Manifest, witness)
            }
            // A node shows an image without a registry's name by its ID.
            Some((_, witness)) if witness.tool == "kubectl" => (DigestKind::ImageId, witness),
            // Without an image the registry's word is about nothing.
            Some((_, witness))
                if witness.knows == Knows::Name && (typed.is_none() && command.tag.is_none() || row > 0) =>
            {
                (DigestKind::Unknown, TEXT)
            }
            Some(known) => known,
            None => (DigestKind::Unknown, TEXT),
        };
        facts.witness(witness.tool, witness.knows);
        facts.next_image(typed.filter(|_| row == 0 || witness.knows == Knows::Computer));
        if let Some(tag) = command.tag.as_ref().filter(|_| row == 0) {
            facts.subject().tag = Some(tag.clone());
        }
        if kind == DigestKind::Manifest {
            facts.subject().platform.clone_from(&command.platform);
        }
        facts.top(kind, line);
        return true;
    }
    if let Some(inner) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
        if !inner.contains("@sha256:") {
            return false;
        }
        let each = inner.split_whitespace().map(|word| at_digest(word.trim_matches(['"', ','])));
        let Some(each) = each.collect::<Option<Vec<_>>>() else { return false };
        // Only where all are digests, so that no line is read in vain.
        if each.is_empty() || each.iter().any(|(_, digest)| ClaimedDigest::parse(digest).is_err()) {
            return false;
        }
        facts.witness("docker image inspect", Knows::Computer);
        facts.next_image(None);
        for (name, digest) in &each {
            *facts.subject() = about(name, typed);
            facts.top(DigestKind::IndexOrManifest, digest);
        }
        return true;
    }
    let Some(reference) = as_reference(line) else { return false };
    let of_tag = reference.tag().and_then(subject_of_tag);
    // A list of tags says what has something attached, and not what a tag means; the
    // referrers tag stands in such lists only.
    let listed =
        tag_lists::lists(command) || reference.tag().is_some_and(|tag| tag.len() == "sha256-".len() + 64);
    if of_tag.is_some() && listed {
        return false;
    }
    let Some(digest) = reference.digest().cloned().or_else(|| of_tag.clone()) else { return false };
    // A program that prints IDs prints no repository's digest, and what a registry says
    // of the image asked for is one line: the next is of another output.
    let own = |witness: &Witness| row == 0 || witness.knows == Knows::Computer;
    let typed = typed.filter(|_| command.prints.is_none_or(|(_, witness)| own(&witness)));
    let witness = match command.prints {
        Some((DigestKind::IndexOrManifest, witness)) if own(&witness) => witness,
        _ if of_tag.is_some() => Witness { tool: "cosign triangulate", knows: Knows::Name },
        _ => TEXT,
    };
    facts.witness(witness.tool, witness.knows);
    facts.next_image(None);
    *facts.subject() = match of_tag {
        Some(_) => about(&reference.name(), typed),
        None => about(line, typed),
    };
    facts.top(DigestKind::IndexOrManifest, &digest.to_string());
    true
}

/// What a printed name is about: its own tag, or the typed one where it is the
/// same repository.
pub(super) fn about(name: &str, typed: Option<&str>) -> About {
    let printed = as_reference(name).map(|reference| About::of(&reference)).unwrap_or_default();
    let typed = About::of_text(typed);
    let tag = printed.tag.clone().or_else(|| typed.tag.filter(|_| typed.repository == printed.repository));
    About { tag, ..printed }
}

/// Systems that images are for.
const SYSTEMS: [&str; 8] =
    ["linux", "windows", "darwin", "freebsd", "netbsd", "android", "wasip1", "unknown"];
/// Machines that stand without their system where a filter left only those.
const MACHINES: [&str; 10] =
    ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "mips64le", "loong64", "unknown"];

/// Whether a word is a platform: `linux/amd64`, `amd64`.
pub(super) fn is_platform(word: &str) -> bool {
    let first = word.split('/').next().unwrap_or_default();
    word.contains('/') && SYSTEMS.contains(&first) || MACHINES.contains(&word)
}

/// `linux/amd64 sha256:…`, `sha256:… amd64`, `linux<tab>amd64<tab>sha256:…`, as a jq filter
/// or a template prints platforms.
fn platform_row(line: &str) -> Option<(Platform, ClaimedDigest)> {
    let mut words: Vec<&str> =
        line.split([' ', '\t', ':']).filter(|word| !word.is_empty()).take(6).collect_vec();
    let at = words.iter().position(|word| *word == "sha256")?;
    let digest = ClaimedDigest::parse_sha256_hex(words.get(at + 1)?).ok()?;
    words.drain(at..at + 2);
    let named = match words.as_slice() {
        [one] if is_platform(one) && one.contains('/') => (*one).to_owned(),
        [one] if is_platform(one) => format!("/{one}"),
        [system, machine] if SYSTEMS.contains(system) && MACHINES.contains(machine) => {
            format!("{system}/{machine}")
        }
        [system, machine, variant] if SYSTEMS.contains(system) && MACHINES.contains(machine) => {
            format!("{system}/{machine}/{variant}")
        }
        _ => return None,
    };
    let platform = match named.strip_prefix('/') {
        Some(machine) => Platform { architecture: machine.to_owned(), ..Platform::default() },
        None => Platform::parse(&named)?,
    };
    Some((platform, digest))
}

pub(super) fn platforms(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let read = platform_row;
    read(lines.first()?)?;
    let (tool, knows) = match (&command.reference, command.program()) {
        (Some(_), "docker") if command.words.contains("imagetools") => ("imagetools", Knows::Name),
        (Some(_), "docker") => ("docker manifest inspect", Knows::Name),
        (Some(_), "crane") => ("crane manifest", Knows::Name),
        (Some(_), "skopeo") => ("skopeo inspect", Knows::Name),
        _ => ("text", Knows::Text),
    };
    let mut facts = Facts::new(tool, knows).about(command.reference.as_deref());
    let end = lines.run(|_, line| match read(line) {
        Some((platform, digest)) => {
            facts.part(DigestKind::IndexOrManifest, &digest.to_string(), Some(platform));
            true
        }
        None => false,
    });
    Some(Output::new(Kind::DigestText, end, facts.done()))
}
