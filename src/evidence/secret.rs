//! Tokens, passwords and private keys in what people paste. They are cut out
//! before anything is stored, and the user is told.

use std::sync::OnceLock;

use super::codes;
use super::marks::{Marks, Seen, any, meet};
use super::terminal;
use crate::base::affix;
use crate::base::json::{Node, Object, Value};
use crate::base::limits;
use crate::base::list::PushAll as _;
use crate::base::message::Message;

/// What stands in the place of a secret.
pub(super) const REMOVED: &str = "[removed]";
/// Member names whose string values are credentials.
const MEMBERS: &str = "token|access_token|refresh_token|id_token|identitytoken|registrytoken|password|auth|Secret|\
    client_secret";
/// Names before `=` in commands and addresses.
const ASSIGNED: &str = "token|password|passwd|secret|secret_access_key|api_key|apikey|access_token|x-amz-signature|\
    x-amz-security-token";
/// Beginnings of well-known kinds of tokens.
const PREFIXES: &str =
    "ghp_|gho_|ghs_|ghu_|github_pat_|dckr_pat_|dckr_oat_|glpat-|xoxb-|AWS4-HMAC-SHA256 Credential=";
/// Options of docker login, curl and others that take a credential.
const OPTIONS: [&str; 5] = ["--password ", "--password=", "-u ", "--user ", "--registry-token "];

/// The remark on an item something was cut out of.
pub(super) fn note(what: &str) -> Message {
    Message::new(codes::SECRET_REMOVED, &[("what", what)])
}

/// Whether an object of no other kind holds credentials, at any depth.
pub(super) fn in_members(o: &Object<'_, '_>) -> bool {
    members(o, &mut |_| true)
}

/// Whether a value holds credentials, at any depth.
pub(super) fn in_value(node: &Node<'_>) -> bool {
    values(node, &mut |_| true)
}

/// Shows the credentials of an object, until one is enough.
fn members(o: &Object<'_, '_>, found: &mut dyn FnMut(&Node<'_>) -> bool) -> bool {
    o.members().iter().any(|member| {
        let name: &str = &member.name.value;
        let named = affix::is_one(name, MEMBERS) || name == "d" && o.get("kty").is_some();
        match &member.node.value {
            Value::String(text) if named && !matches!(&*text.value, "" | REMOVED) => found(&member.node),
            _ => values(&member.node, found),
        }
    })
}

/// Shows those of a value.
fn values(node: &Node<'_>, found: &mut dyn FnMut(&Node<'_>) -> bool) -> bool {
    match &node.value {
        Value::Array(items) => items.iter().any(|item| values(item, found)),
        Value::Object(_) => node.object("").is_ok_and(|o| members(&o, found)),
        Value::String(text) => {
            (text.value.contains("PRIVATE KEY-----") || is_jwt(&text.value)) && found(node)
        }
        _ => false,
    }
}

/// A document without the credentials in it, where it shows a digest: what it says of an image
/// is to be heard.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn without(node: &Node<'_>, text: &str) -> Option<String> {
    let mut spans = Vec::new();
    values(node, &mut |found| {
        spans.push(found.span.clone());
        false
    });
    let (mut out, mut at) = (String::new(), node.span.start);
    for span in spans {
        out.push_str(text.get(at..span.start)?);
        out.push('"');
        out.push_str(REMOVED);
        out.push('"');
        at = span.end;
    }
    out.push_str(text.get(at..node.span.end)?);
    terminal::shows_digest(&out).then_some(out)
}

fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ")
        && text.len() > 40
        && text.matches('.').count() >= 2
        && !text.contains(char::is_whitespace)
}

/// A span to cut out.
type Span = (usize, usize);

/// What a credential stands behind, or begins with.
struct Needle {
    /// In lower case.
    word: String,
    /// Where its last letters were seen it is looked for.
    seen: Seen,
    what: &'static str,
    /// The credential, from where the word begins and ends.
    value: fn(&str, usize, usize) -> Option<Span>,
}

/// All needles, made when first needed, and the search for their ends.
fn needles() -> &'static (Marks, Vec<Needle>) {
    static NEEDLES: OnceLock<(Marks, Vec<Needle>)> = OnceLock::new();
    NEEDLES.get_or_init(|| {
        let (mut marks, mut needles, mut known) = (Marks::new(), Vec::new(), Vec::<(String, Seen)>::new());
        let mut add = |word: String, what, value| {
            let word = word.to_ascii_lowercase();
            let last = word.get(word.len().saturating_sub(LAST)..).unwrap_or(&word).to_owned();
            let seen = match known.iter().find(|(other, _)| *other == last) {
                Some((_, seen)) => *seen,
                None => marks.add(&last).unwrap_or_default(),
            };
            known.push((last, seen));
            needles.push(Needle { word, seen, what, value });
        };
        for header in ["authorization:", "cookie:", "x-registry-auth:"] {
            add(header.to_owned(), "a bearer token or password", header_value);
        }
        for name in affix::each(MEMBERS) {
            add(format!("\"{name}\""), "a token", member_value);
        }
        for name in affix::each(ASSIGNED) {
            add(format!("{name}="), "a token or password", assigned_value);
        }
        for option in OPTIONS {
            add(option.to_owned(), "a password", option_value);
        }
        add("://".to_owned(), "a password in an address", address_credentials);
        add("eyJ".to_owned(), "a bearer token", jwt);
        for prefix in affix::each(PREFIXES) {
            add(prefix.to_owned(), "an access token", prefixed);
        }
        (marks, needles)
    })
}

/// Letters of a needle that are searched for.
const LAST: usize = 4;

/// The line without secrets and what was cut out; `None` if there are none.
pub(super) fn redact(line: &str) -> Option<(String, &'static str)> {
    let (marks, needles) = needles();
    let (_, seen) = marks.line(line.as_bytes());
    if any(seen) { without_secrets(line, needles, seen) } else { None }
}

/// The line without its secrets, of which one is known to be there.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn without_secrets(line: &str, needles: &[Needle], seen: Seen) -> Option<(String, &'static str)> {
    let mut out = line.to_owned();
    // For searching: lower case of ASCII letters keeps every offset.
    let mut lower = line.to_ascii_lowercase();
    let mut what = None;
    for needle in needles.iter().filter(|needle| meet(seen, needle.seen)) {
        let (mut from, mut kept) = (0, 0);
        let mut rebuilt = String::new();
        while let Some(found) = lower.get(from..).and_then(|rest| rest.find(&needle.word)) {
            let at = from + found;
            from = at + needle.word.len();
            if let Some((start, end)) = (needle.value)(&out, at, from).filter(|(start, _)| *start >= kept) {
                rebuilt.push_str(out.get(kept..start).unwrap_or_default());
                rebuilt.push_str(REMOVED);
                (from, kept) = (end, end);
                what = Some(needle.what);
            }
        }
        if kept > 0 {
            rebuilt.push_str(out.get(kept..).unwrap_or_default());
            out = rebuilt;
            lower = out.to_ascii_lowercase();
        }
    }
    what.map(|what| (out, what))
}

/// The run of characters at `from` that no blank or quote interrupts.
fn word(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let skipped = rest.len() - rest.trim_start_matches(['"', '\'', ' ']).len();
    let rest = rest.get(skipped..).filter(|rest| is_literal(rest))?;
    let length = rest.find(|c: char| c.is_whitespace() || "\"'&;,)`".contains(c)).unwrap_or(rest.len());
    (length > 0).then_some((from + skipped, from + skipped + length))
}

/// Whether a value is written out, rather than a variable or a placeholder.
fn is_literal(value: &str) -> bool {
    !value.is_empty() && !affix::begins(value, b"$<[{*%")
}

// What follows a mark that begins at `at` and ends at `after`.

fn header_value(text: &str, _at: usize, after: usize) -> Option<Span> {
    let rest = text.get(after..)?;
    let end = after + rest.find(['"', '\'']).unwrap_or(rest.trim_end().len());
    let value = text.get(after..end)?;
    let credential = value.trim().rsplit(' ').next().unwrap_or_default();
    is_literal(credential).then_some((end - value.trim_start().len(), end))
}

fn member_value(text: &str, _at: usize, after: usize) -> Option<Span> {
    let rest = text.get(after..)?.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let from = text.len() - rest.len();
    let length = rest.find('"').unwrap_or(rest.len());
    (length > 0 && is_literal(rest)).then_some((from, from + length))
}

fn assigned_value(text: &str, _at: usize, after: usize) -> Option<Span> {
    literal(text, word(text, after)?)
}

fn option_value(text: &str, at: usize, after: usize) -> Option<Span> {
    let starts_word = at == 0 || text.as_bytes().get(at - 1) == Some(&b' ');
    literal(text, starts_word.then(|| word(text, after)).flatten()?)
}

fn literal(text: &str, span: Span) -> Option<Span> {
    is_literal(text.get(span.0..span.1)?).then_some(span)
}

fn address_credentials(text: &str, _at: usize, after: usize) -> Option<Span> {
    let rest = text.get(after..)?;
    let end = rest.find(|c: char| c.is_whitespace() || "/\"'&;,)`".contains(c)).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let (credentials, _) = authority.rsplit_once('@')?;
    (credentials.contains(':') && credentials != REMOVED).then_some((after, after + credentials.len()))
}

fn jwt(text: &str, at: usize, _after: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let in_token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    // Only where a token begins: else each part of a long one is read again.
    if text.get(..at)?.chars().next_back().is_some_and(in_token) {
        return None;
    }
    let length = rest.find(|c| !in_token(c)).unwrap_or(rest.len());
    is_jwt(rest.get(..length)?).then_some((at, at + length))
}

fn prefixed(text: &str, at: usize, after: usize) -> Option<Span> {
    word(text, at).filter(|(_, end)| *end > after + 8)
}

/// The beginning of a text, without secrets and blank line ends; says what was cut
/// out, and whether the text was longer.
pub(super) fn clean(text: &str, room: usize, notes: &mut Vec<Message>) -> String {
    let mut out = String::new();
    for line in text.lines().map(str::trim_end) {
        if out.len() + line.len() > room {
            let found = limits::within("the kept part of a text", text.len(), room);
            notes.push_all(found.err().as_ref().map(Message::from));
            break;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        match redact(line) {
            Some((line, what)) => {
                out.push_str(&line);
                let note = note(what);
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
            None => out.push_str(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_end_of_every_needle_is_searched_for() {
        assert!(super::needles().1.iter().all(|needle| super::any(needle.seen)));
    }
}
