//! `docker trust inspect` in its three forms and `notary list`: a checking
//! tool's own word about signed names. Each signed tag is an image.

use super::{Command, Kind, Lines, Node, Output};
use crate::base::affix;
use crate::base::list::CollectVec as _;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows};
use crate::evidence::terminal::{hex64, key_value};
use crate::evidence::trust_text::{self, TrustText};

/// `docker trust inspect`, JSON.
pub(super) fn facts(node: &Node<'_>) -> Vec<Fact> {
    trust_text::of_json(node).map(|reports| rows("docker trust inspect", &reports)).unwrap_or_default()
}

fn rows(tool: &'static str, reports: &[TrustText]) -> Vec<Fact> {
    let mut facts = Facts::new(tool, Knows::Checked);
    for report in reports {
        for row in &report.rows {
            if let Some(digest) = &row.digest {
                facts.next_image(report.tagged(&row.tag).as_deref());
                if facts.subject().tag.is_none() {
                    facts.subject().tag = Some(row.tag.clone());
                }
                facts.top(DigestKind::IndexOrManifest, &digest.to_string());
            }
        }
    }
    facts.done()
}

fn output(kind: Kind, lines: Lines<'_>, end: usize) -> Option<Output> {
    let tool = if kind == Kind::NotaryList { "notary list" } else { "docker trust inspect" };
    let reports = trust_text::trust_text(lines.until(end).as_bytes()).ok()?;
    Some(
        Output::new(kind, end, rows(tool, &reports))
            .of(reports.iter().map(|report| report.reference.clone()).find(|name| !name.is_empty())),
    )
}

/// Cleaned with grep and sed, as in the Webdis page.
pub(super) fn cleaned(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let is = |line: Option<&str>, name: &str| {
        line.filter(|line| line.starts_with(name)).and_then(key_value).is_some_and(|(key, _)| key == name)
    };
    let named = || is(lines.second(), "SignedTags") && is(lines.first(), "Name");
    if !(is(lines.first(), "SignedTags") || named()) {
        return None;
    }
    let keys = ["Name", "SignedTags", "SignedTag", "Digest", "Signers", "Keys", "ID", "AdministrativeKeys"];
    let mut in_signers = false;
    let end = lines.run(|_, line| match key_value(line) {
        Some((key, _)) => {
            in_signers = key == "Signers";
            keys.contains(&key)
        }
        None => in_signers && !line.starts_with(['$', '{', '[']),
    });
    output(Kind::TrustCleaned, lines, end)
}

/// How the parts of the pretty form begin.
pub(super) const HEADINGS: &str = "SIGNED|Signatures for |No signatures for |List of signers and their keys|\
    Administrative keys for |Repository Key:|Root Key:";

/// `--pretty`, aligned or not.
pub(super) fn pretty(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let heading = |line: &str| {
        let table = line.starts_with("SIGNED");
        table && line.split_whitespace().take(3).eq(["SIGNED", "TAG", "DIGEST"])
            || !table && affix::begins_one(line, HEADINGS)
    };
    if !heading(lines.first()?) {
        return None;
    }
    let ids = |words: &[&str]| {
        !words.is_empty()
            && words.iter().all(|w| {
                let id = w.trim_end_matches(',');
                (12..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit())
            })
    };
    let (mut in_signers, mut broken) = (false, false);
    let end = lines.run(|_, line| {
        let is_key = broken && hex64(line);
        broken = matches!(line, "Root Key:" | "Repository Key:");
        if is_key {
            return true;
        }
        if heading(line) {
            in_signers = line.starts_with("List of signers");
            return true;
        }
        let words: Vec<&str> = line.split_whitespace().take(256).collect_vec();
        if words == ["SIGNER", "KEYS"] {
            in_signers = true;
            return true;
        }
        match words.as_slice() {
            [_, keys @ ..] if in_signers => ids(keys),
            // A malformed digest stays in its row, so that it can be refused.
            [_, digest, _, ..] => trust_text::is_row(digest, line),
            [_, digest] => hex64(digest),
            _ => false,
        }
    });
    output(Kind::TrustPretty, lines, end)
}

/// `NAME DIGEST SIZE (BYTES) ROLE`.
pub(super) fn notary_list(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let first = lines.first()?;
    if !first.starts_with("NAME") || !first.ends_with("ROLE") || !first.contains("DIGEST") {
        return None;
    }
    let mut header_seen = false;
    let end = lines.run(|_, line| {
        if !header_seen {
            header_seen = true;
            return true;
        }
        line.bytes().all(|b| b == b'-' || b == b' ') || line.split_whitespace().nth(1).is_some_and(hex64)
    });
    output(Kind::NotaryList, lines, end)
}
