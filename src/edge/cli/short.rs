//! The answer on a terminal, read from the bottom: the verdict, one reason and
//! one next step stand last, above the prompt; the chain is short.

use std::io::{self, Write};

use webdis_verify::Code;
use webdis_verify::base::order::Map;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::words;
use webdis_verify::engine::codes::{ANOTHER_IMAGE, SET_ASIDE, SIGNATURE_NEEDED, TEXT_SET_ASIDE};
use webdis_verify::engine::lacking::codes::BEFORE_SIGNING;
use webdis_verify::engine::link::{Link, Place};
use webdis_verify::report::{Command, Report};

use crate::screen::Screen;
use crate::terminal::safe;

/// Digits of a digest that is only mentioned.
const DIGITS: usize = 8;
/// Values of a list that are named.
const NAMED: usize = 4;
/// Links of the chain, and beside it, that are shown.
const CHAIN: usize = 9;
const BESIDE: usize = 3;
/// Rows that chain and what is beside it may take: a terminal has 24, and the
/// verdict with its notes needs the rest.
const BODY: usize = 12;
/// Other images among what was given that are named beside a proof.
const OTHERS: usize = 2;
/// More rows for what the publisher's procedure leaves open.
const CONDITIONS: usize = 3;

/// What the command line adds to a report: the commands of the next step, and
/// what of the files and texts says nothing.
#[derive(Debug, Default)]
pub(crate) struct Next {
    /// Fetches what is missing.
    pub(crate) run: Option<String>,
    /// Takes it from a file.
    pub(crate) add: Option<String>,
    /// A sentence for each thing given that was empty or not recognised.
    pub(crate) unread: Vec<String>,
}

/// Prints the answer.
pub(crate) fn text(out: &mut impl Write, report: &Report, screen: Screen, next: &Next) -> io::Result<()> {
    let say = |text: &str| safe(&short(text));
    let label = |word: &str| screen.soft(&format!("{word:<8}"));
    let policy = policy(report);
    if !policy.is_empty() {
        screen.line(out, 0, &label("policy"), &say(&policy))?;
    }
    let mut hidden = 0;
    let chain = chain(report);
    let shown = chain.len().min(CHAIN);
    hidden += chain.len() - shown;
    let mut body = Vec::new();
    for group in chain.iter().take(shown) {
        if let Some(first) = group.first() {
            screen.line(&mut body, 2, &screen.mark(first.outcome()), &safe(&joined(group)))?;
        }
    }
    for (outcome, platforms) in platforms(report) {
        let (named, more) = list(&platforms);
        screen.line(&mut body, 2, &screen.mark(outcome), &safe(&format!("{named}{more}")))?;
    }
    let beside = beside(report);
    let mut said: Vec<Vec<u8>> = Vec::new();
    for (i, link) in beside.iter().enumerate() {
        let mut line = Vec::new();
        screen.line(&mut line, 2, &screen.mark(link.outcome()), &say(link.claim()))?;
        let rows = rows(&body) + rows(&line);
        let room = if link.id().starts_with("condition-") { BODY + CONDITIONS } else { BODY };
        // Said of another part in the same words.
        let repeated = said.contains(&line);
        said.push(line.clone());
        if !repeated && i < BESIDE && (rows <= room || link.outcome() == Outcome::Contradicted) {
            body.extend(line);
        } else {
            hidden += 1;
        }
    }
    out.write_all(&body)?;
    let aside: Vec<&Link> = report.links.iter().filter(|link| link.place() == Place::Aside).collect();
    // A proof is not about what else was given: that stands with it. So does a signature
    // of another image with the one that is missing.
    let told: &[Code] = match (report.outcome, report.code) {
        (Outcome::Proven, _) => &[ANOTHER_IMAGE, TEXT_SET_ASIDE],
        (_, code) if code == SIGNATURE_NEEDED.name() => &[SET_ASIDE],
        _ => &[],
    };
    let is_other = |link: &&&Link| told.iter().any(|code| code.name() == link.code());
    let others: Vec<&&Link> = aside.iter().filter(is_other).take(OTHERS).collect();
    hidden += aside.len() - others.len();
    let differing = differing(report);
    let shown_below = |digest: &&String| {
        report.next.contains(digest.as_str())
            || differing.is_some_and(|(expected, found)| [expected, found].contains(&digest.as_str()))
    };
    if let Some(digest) = report.subject.digest.as_ref().filter(|digest| !shown_below(digest)) {
        let kind = if report.subject.kind == "unknown" { "digest" } else { report.subject.kind };
        let platform = report.subject.platform.as_deref().map(|p| format!(", {p}")).unwrap_or_default();
        screen.line(out, 0, &label(kind), &safe(&format!("{digest}{platform}")))?;
    }
    for caveat in &report.caveats {
        screen.line(out, 0, &label("note"), &say(&caveat.text))?;
    }
    for link in others {
        let from = link.args().get("from").map(|from| format!(" ({from})"));
        let given = from.or_else(|| link.args().get("found").and_then(|found| named(report, found)));
        let claim = link.claim().trim_end_matches('.');
        screen.line(out, 0, &label("note"), &say(&format!("{claim}{}.", given.unwrap_or_default())))?;
    }
    for sentence in &next.unread {
        screen.line(out, 0, &label("note"), &say(sentence))?;
    }
    screen.line(out, 0, &screen.verdict(report.outcome), &say(&headline(report)))?;
    // Two digests that nothing connects are no pair of a wanted and a found one.
    let told = differing.filter(|_| !report.code.starts_with("held-not-"));
    if let Some((expected, found)) = told {
        screen.line(out, 2, &screen.soft("wanted"), &safe(expected))?;
        screen.line(out, 2, &screen.soft("found "), &safe(found))?;
    }
    if !report.next.is_empty() {
        screen.line(out, 2, &screen.soft("next"), &safe(&report.next))?;
    }
    // What was decided is not asked for again.
    let decided = matches!(report.outcome, Outcome::Proven | Outcome::Contradicted | Outcome::Unsigned)
        || report.code == BEFORE_SIGNING.name();
    let run = next.run.as_deref().or_else(|| command(report));
    for (label, command) in [("run ", run), ("add ", next.add.as_deref())] {
        if let Some(command) = command.filter(|_| !decided) {
            // What is copied stays in one line: a break in it would end the command.
            writeln!(out, "  {} {}", screen.soft(label), safe(command))?;
        }
    }
    let more = match hidden {
        0 => "--verbose, --format tree|json".to_owned(),
        n => format!("--verbose ({n} more), --format tree|json"),
    };
    screen.line(out, 2, &screen.soft("more"), &screen.soft(&more))
}

/// The verdict's sentence without what its word says already. It begins with a capital letter,
/// unless with a name of something.
pub(crate) fn headline(report: &Report) -> String {
    let bare = report.headline.strip_prefix("Could not check: ");
    let Some(bare) = bare.filter(|_| report.outcome == Outcome::NotChecked) else {
        return report.headline.clone();
    };
    let named = report.args.values().any(|value| !value.is_empty() && bare.starts_with(value.as_str()));
    let mut letters = bare.chars();
    match letters.next().filter(|_| !named) {
        Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
        None => bare.to_owned(),
    }
}

/// What was given with this digest, by its name.
fn named(report: &Report, digest: &str) -> Option<String> {
    let item = report.items.iter().find(|item| item.digest == digest)?;
    Some(format!(" ({})", item.name))
}

fn rows(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte == b'\n').count()
}

/// What was demanded, but for the image itself, which stands with the verdict.
fn policy(report: &Report) -> String {
    let about_the_image = |args: &Map<String, String>| {
        let is =
            |name: &str, value: &Option<String>| args.get(name).is_some_and(|a| Some(a) == value.as_ref());
        is("image", &report.subject.reference) || is("digest", &report.subject.digest)
    };
    let parts = report.criteria.iter().filter(|m| !about_the_image(&m.args)).map(|m| {
        match (m.args.get("name"), m.args.get("fingerprint")) {
            (Some(name), Some(fingerprint)) => format!("key {name} {fingerprint}"),
            _ => m.text.trim_end_matches('.').to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join(" \u{b7} ")
}

/// The chain, without the key that the policy names and the sentence that the
/// verdict says; links that differ by platform only stand together.
fn chain(report: &Report) -> Vec<Vec<&Link>> {
    let pinned = |link: &Link| {
        let held = link.args().get("fingerprint");
        held.is_some_and(|held| report.publisher.keys.iter().any(|key| key.fingerprint == *held))
    };
    let mut groups: Vec<Vec<&Link>> = Vec::new();
    let links = report.links.iter().filter(|link| link.place() == Place::Chain);
    for link in links.filter(|link| !pinned(link) && link.code() != report.code) {
        let alike = |other: &&Link| {
            other.code() == link.code()
                && other.outcome() == link.outcome()
                && link.args().contains_key("platform")
        };
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(alike) => group.push(link),
            _ => groups.push(vec![link]),
        }
    }
    groups
}

/// One sentence for links of one code: their values are listed.
fn joined(group: &[&Link]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let mut claim = first.claim().to_owned();
    for (name, value) in first.args() {
        let mut values: Vec<&str> =
            group.iter().filter_map(|link| link.args().get(name).map(String::as_str)).collect();
        values.dedup();
        if values.len() > 1 && !value.is_empty() {
            let (named, more) = list(&values);
            claim = claim.replace(value.as_str(), &format!("{named}{more}"));
        }
    }
    short(&claim)
}

fn list(values: &[&str]) -> (String, String) {
    let named = values.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let rest = values.len().saturating_sub(NAMED);
    (named, if rest > 0 { format!(" and {rest} more") } else { String::new() })
}

/// Platforms beside the chain, by the weakest of what is known of each. What
/// hangs from nothing proven is left out: its platforms say nothing yet.
fn platforms(report: &Report) -> Vec<(Outcome, Vec<&str>)> {
    let mut known: Vec<(&str, Outcome)> = Vec::new();
    let said = |link: &&Link| link.place() == Place::Branch && link.outcome() != Outcome::Consistent;
    for link in report.links.iter().filter(said) {
        let named = |platform: &&String| *platform != words::THIS_PLATFORM;
        let Some(platform) = link.args().get("platform").filter(named) else { continue };
        match known.iter_mut().find(|(name, _)| name == platform) {
            Some((_, worst)) if worst.weakness() < link.outcome().weakness() => *worst = link.outcome(),
            Some(_) => {}
            None => known.push((platform, link.outcome())),
        }
    }
    let mut groups: Vec<(Outcome, Vec<&str>)> = Vec::new();
    for (platform, outcome) in known.into_iter().filter(|(_, outcome)| *outcome != Outcome::NotChecked) {
        match groups.iter_mut().find(|(other, _)| *other == outcome) {
            Some((_, platforms)) => platforms.push(platform),
            None => groups.push((outcome, vec![platform])),
        }
    }
    groups
}

/// What else stands beside the chain; what does not match goes first. A link
/// that only repeats values of the chain says nothing new.
fn beside(report: &Report) -> Vec<&Link> {
    let mut said: Vec<&str> = report.subject.digest.iter().map(String::as_str).collect();
    said.push(report.subject.kind);
    let chain = report.links.iter().filter(|link| link.place() == Place::Chain);
    said.extend(chain.flat_map(|link| link.args().values().map(String::as_str)));
    said.extend(report.items.iter().map(|item| item.name.as_str()));
    said.extend(report.args.values().map(String::as_str));
    let keys = report.links.iter().any(|link| link.id() == "condition-keys");
    let new = |link: &&Link| {
        // Each key by itself, where one line names them all.
        if keys && link.code() == "trust-text-agrees" {
            return false;
        }
        matches!(link.outcome(), Outcome::Contradicted | Outcome::Consistent)
            || link.args().values().any(|value| !said.contains(&value.as_str()))
    };
    let mut links: Vec<&Link> = report
        .links
        .iter()
        .filter(|link| link.code() != report.code)
        .filter(new)
        .filter(|link| match link.place() {
            Place::Chain => false,
            Place::Branch => {
                matches!(link.outcome(), Outcome::Contradicted | Outcome::Consistent)
                    || link.id().starts_with("condition-")
                    || !link.args().contains_key("platform")
            }
            Place::Aside => link.outcome() == Outcome::Contradicted,
        })
        .collect();
    links.sort_by_key(|link| match link.outcome() {
        Outcome::Contradicted => 0,
        _ if link.id().starts_with("condition-") => 1,
        _ => 2,
    });
    links
}

/// The two values of the link that decided, whole, unless they are equal.
fn differing(report: &Report) -> Option<(&str, &str)> {
    let decided = report.links.iter().find(|link| {
        link.place() == Place::Chain && link.code() == report.code && link.outcome() == report.outcome
    })?;
    let (expected, found) = decided.compared();
    let (expected, found) = (expected?, found?);
    (report.outcome != Outcome::Proven && expected != found).then_some((expected, found))
}

/// The one command that is the next step, of one line.
fn command(report: &Report) -> Option<&str> {
    report.commands.iter().map(|Command { command, .. }| command.as_str()).find(|c| !c.contains('\n'))
}

/// Digests cut to a few digits, as in `sha256:1f0c5d1c…`. Two that begin alike
/// stay whole: such a pair can be made.
pub(crate) fn short(text: &str) -> String {
    let found: Vec<&str> =
        hex(text).into_iter().map(|(start, end)| text.get(start..end).unwrap_or("")).collect();
    let twin =
        |one: &str| found.iter().any(|other| *other != one && other.get(..DIGITS) == one.get(..DIGITS));
    let mut out = String::new();
    let mut at = 0;
    for (start, end) in hex(text) {
        let whole = text.get(start..end).unwrap_or("");
        out.push_str(text.get(at..start).unwrap_or(""));
        if twin(whole) {
            out.push_str(whole);
        } else {
            out.push_str(whole.get(..DIGITS).unwrap_or(""));
            out.push('\u{2026}');
        }
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out.replace("\u{2026}.", "\u{2026}")
}

/// Where 64 or 128 hexadecimal digits stand alone.
fn hex(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut word: Option<(usize, bool)> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() {
            let (start, digits) = word.unwrap_or((at, true));
            word = Some((start, digits && c.is_ascii_hexdigit()));
        } else if let Some((start, true)) = word.take().filter(|(start, _)| matches!(at - start, 64 | 128)) {
            found.push((start, at));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_cut_unless_two_begin_alike() {
        let (a, b) = ("1f0c5d1c".repeat(8), "5de58646".repeat(8));
        assert_eq!(short(&format!("sha256:{a}, not {b}.")), "sha256:1f0c5d1c\u{2026}, not 5de58646\u{2026}");
        let twin = format!("1f0c5d1c{}", "0".repeat(56));
        let text = format!("sha256:{a} and sha256:{twin}");
        assert_eq!(short(&text), text);
        assert_eq!(short("entry 900006 of abc"), "entry 900006 of abc");
        assert_eq!(short(&format!("{a}0")), format!("{a}0"));
    }
}
