//! Tokens, passwords and private keys in what people paste. They are cut out
//! before anything is stored, and the user is told.

use super::codes;
use crate::json::{Node, Object, Value};
use crate::report::Message;

/// What stands in the place of a secret.
const REMOVED: &str = "[removed]";
/// Member names whose string values are credentials.
const MEMBERS: [&str; 10] = [
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "identitytoken",
    "registrytoken",
    "password",
    "auth",
    "Secret",
    "client_secret",
];
/// Names before `=` in commands and addresses.
const ASSIGNED: [&str; 10] = [
    "token",
    "password",
    "passwd",
    "secret",
    "secret_access_key",
    "api_key",
    "apikey",
    "access_token",
    "x-amz-signature",
    "x-amz-security-token",
];
/// Beginnings of well-known kinds of tokens.
const PREFIXES: [&str; 10] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "dckr_pat_",
    "dckr_oat_",
    "glpat-",
    "xoxb-",
    "AWS4-HMAC-SHA256 Credential=",
];
/// Options of docker login, curl and others that take a credential.
const OPTIONS: [&str; 5] = ["--password ", "--password=", "-u ", "--user ", "--registry-token "];

/// The remark on an item something was cut out of.
pub(super) fn note(what: &str) -> Message {
    Message::new(codes::SECRET_REMOVED, &[("what", what)])
}

/// Whether an object of no other kind holds credentials, at any depth.
pub(super) fn in_members(o: &Object<'_, '_>) -> bool {
    o.members().iter().any(|member| {
        let name: &str = &member.name.value;
        match &member.node.value {
            Value::String(text) => {
                let private =
                    name == "d" && o.get("kty").is_some() || text.value.contains("PRIVATE KEY-----");
                private || (MEMBERS.contains(&name) && !text.value.is_empty()) || is_jwt(&text.value)
            }
            _ => in_value(&member.node),
        }
    })
}

fn in_value(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Array(items) => items.iter().any(in_value),
        Value::Object(_) => node.object("").is_ok_and(|o| in_members(&o)),
        Value::String(text) => text.value.contains("PRIVATE KEY-----") || is_jwt(&text.value),
        _ => false,
    }
}

fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ")
        && text.len() > 40
        && text.matches('.').count() >= 2
        && !text.contains(char::is_whitespace)
}

/// The line without secrets and what was cut out; `None` if there are none.
pub(super) fn redact(line: &str) -> Option<(String, &'static str)> {
    let mut out = line.to_owned();
    let mut what = None;
    let mut cut = |out: &mut String, kind: &'static str, found: Option<(usize, usize)>| {
        if let Some((from, to)) = found {
            out.replace_range(from..to, REMOVED);
            what = Some(kind);
        }
    };
    for header in ["authorization:", "cookie:", "x-registry-auth:"] {
        let found = header_value(&out, header);
        cut(&mut out, "a bearer token or password", found);
    }
    for name in MEMBERS {
        let found = member_value(&out, name);
        cut(&mut out, "a token", found);
    }
    for name in ASSIGNED {
        let found = assigned_value(&out, name);
        cut(&mut out, "a token or password", found);
    }
    for option in OPTIONS {
        let found = find_ignoring_case(&out, option, 0)
            .filter(|at| *at == 0 || out.as_bytes().get(at - 1) == Some(&b' '))
            .and_then(|at| word(&out, at + option.len()))
            .filter(|(from, to)| is_literal(out.get(*from..*to).unwrap_or_default()));
        cut(&mut out, "a password", found);
    }
    let found = address_credentials(&out);
    cut(&mut out, "a password in an address", found);
    while let Some(found) = jwt(&out) {
        cut(&mut out, "a bearer token", Some(found));
    }
    for prefix in PREFIXES {
        let found =
            out.find(prefix).and_then(|at| word(&out, at)).filter(|(from, to)| to - from > prefix.len() + 8);
        cut(&mut out, "an access token", found);
    }
    what.map(|what| (out, what))
}

fn find_ignoring_case(text: &str, needle: &str, from: usize) -> Option<usize> {
    let (text, needle) = (text.as_bytes().get(from..)?, needle.as_bytes());
    text.windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle)).map(|at| at + from)
}

/// The run of characters at `from` that no blank or quote interrupts.
fn word(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let skipped = rest.len() - rest.trim_start_matches(['"', '\'', ' ']).len();
    let rest = rest.get(skipped..)?;
    let length = rest.find(|c: char| c.is_whitespace() || "\"'&;,)`".contains(c)).unwrap_or(rest.len());
    (length > 0).then_some((from + skipped, from + skipped + length))
}

/// Whether a value is written out, rather than a variable or a placeholder.
fn is_literal(value: &str) -> bool {
    !value.is_empty() && !value.starts_with(['$', '<', '[', '{', '*', '%'])
}

fn header_value(text: &str, header: &str) -> Option<(usize, usize)> {
    let at = find_ignoring_case(text, header, 0)? + header.len();
    let rest = text.get(at..)?;
    let end = at + rest.find(['"', '\'']).unwrap_or(rest.trim_end().len());
    let value = text.get(at..end)?;
    let credential = value.trim().rsplit(' ').next().unwrap_or_default();
    let from = end - value.len() + (value.len() - value.trim_start().len());
    (is_literal(credential)).then_some((from, end))
}

fn member_value(text: &str, name: &str) -> Option<(usize, usize)> {
    let key = format!("\"{name}\"");
    let after = text.find(&key)? + key.len();
    let rest = text.get(after..)?.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let from = text.len() - rest.len();
    let length = rest.find('"').unwrap_or(rest.len());
    (length > 0 && is_literal(rest)).then_some((from, from + length))
}

fn assigned_value(text: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = find_ignoring_case(text, name, from) {
        from = at + name.len();
        if text.as_bytes().get(from) == Some(&b'=') {
            let found = word(text, from + 1)?;
            return is_literal(text.get(found.0..found.1)?).then_some(found);
        }
    }
    None
}

fn address_credentials(text: &str) -> Option<(usize, usize)> {
    let from = text.find("://")? + 3;
    let (_, end) = word(text, from)?;
    let authority = text.get(from..end)?.split('/').next()?;
    let (credentials, _) = authority.rsplit_once('@')?;
    (credentials.contains(':') && credentials != REMOVED).then_some((from, from + credentials.len()))
}

fn jwt(text: &str) -> Option<(usize, usize)> {
    text.match_indices("eyJ").find_map(|(at, _)| {
        let rest = text.get(at..)?;
        let in_token = |c: char| c.is_ascii_alphanumeric() || "-_.=".contains(c);
        let length = rest.find(|c| !in_token(c)).unwrap_or(rest.len());
        is_jwt(rest.get(..length)?).then_some((at, at + length))
    })
}
