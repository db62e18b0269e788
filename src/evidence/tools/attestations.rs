//! What checks attestations by identity: `gh attestation verify` and `slsa-verifier`,
//! a checking tool's own word by roots this program does not have; and `rekor-cli
//! get`, an entry of the log, whose hash is of what was signed and of no image.

use super::{Command, Kind, Lines, Object, Output, asked, at_digest, elements, object, text as member, word};
use crate::base::affix;
use crate::base::list::PushAll as _;
use crate::evidence::fact::{DigestKind, Facts, Knows};

/// `Loaded digest sha256:… for oci://REF`.
pub(super) fn github(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let (digest, image) = lines.first()?.strip_prefix("Loaded digest ")?.split_once(" for ")?;
    let image = image.strip_prefix("oci://").unwrap_or(image);
    let mut facts = Facts::new("gh attestation verify", Knows::Name).about(Some(image));
    facts.top(DigestKind::IndexOrManifest, digest);
    let words = ["Loaded ", "The following ", "- ", "\u{2713} ", "\u{2717} "];
    let end = lines.run(|_, line| words.iter().any(|word| line.starts_with(word)));
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(Some(image)))
}

/// The same with `--format json`: an object for each attestation.
pub(super) fn is_verified(o: &Object<'_, '_>) -> bool {
    object(o, "verificationResult").is_some_and(|result| object(&result, "statement").is_some())
}

pub(super) fn verified(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let statement = object(o, "verificationResult").and_then(|result| object(&result, "statement"));
    for subject in statement.iter().flat_map(|s| elements(s, "subject")) {
        facts.next_image(member(&subject, "name").or(command.reference.as_deref()));
        let digest = object(&subject, "digest");
        let sha256 = digest.as_ref().and_then(|digest| member(digest, "sha256"));
        facts.top(DigestKind::IndexOrManifest, sha256.unwrap_or_default());
    }
}

/// `Verified build using builder …`, `Verifying artifact REF@sha256:…: PASSED`.
pub(super) fn slsa(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let begins =
        ["Verified build using builder", "Verifying artifact ", "Verifying image ", "PASSED: ", "FAILED: "];
    let of_it = |line: &str| begins.iter().any(|begin| line.starts_with(begin));
    of_it(lines.first()?).then_some(())?;
    let mut facts = Facts::new("slsa-verifier", Knows::Text);
    let end = lines.run(|_, line| {
        let named =
            line.strip_prefix("Verifying artifact ").or_else(|| line.strip_prefix("Verifying image "));
        if let Some((name, rest)) = named.and_then(at_digest) {
            facts.next_image(Some(name));
            facts.top(DigestKind::IndexOrManifest, rest.split(": ").next().unwrap_or_default());
        }
        of_it(line)
    });
    let mut facts = facts.done();
    if facts.is_empty() {
        facts.push_all(asked(command, 0));
    }
    Some(Output::new(Kind::ToolOutput, end, facts))
}

/// The entry: its body is indented JSON.
pub(super) fn rekor(lines: Lines<'_>, _: &Command) -> Option<Output> {
    lines.first()?.strip_prefix("LogID: ")?;
    let names = ["LogID: ", "Index: ", "IntegratedTime: ", "UUID: ", "Attestation: "];
    let mut body = false;
    let end = lines.run(|_, line| {
        body |= line.starts_with("Body: ");
        body && affix::begins(line, b"\"{}[]B") || names.iter().any(|name| line.starts_with(name))
    });
    Some(Output::new(Kind::ToolOutput, end, Vec::new()))
}

const BODIES: [&str; 4] = ["HashedRekordObj", "IntotoObj", "DSSEObj", "RekordObj"];

pub(super) fn is_body(o: &Object<'_, '_>) -> bool {
    o.members().len() == 1 && BODIES.iter().any(|name| object(o, name).is_some())
}

pub(super) fn body(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    let body = BODIES.iter().find_map(|name| object(o, name));
    let hash = body.and_then(|body| object(&object(&body, "data")?, "hash"));
    let sha256 = hash.filter(|hash| member(hash, "algorithm") == Some("sha256"));
    if let Some(hash) = sha256 {
        facts.part(DigestKind::Artifact, word(&hash, "value"), None);
    }
}
