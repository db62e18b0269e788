//! A text that stands whole in a JSON string, with its quotation marks or without, or in
//! base64: a member that `jq` printed, a body of a web interface, a variable.

use crate::base::encoding::base64;
use crate::base::json::{self, Value};
use crate::evidence::terminal::shows_digest;

/// How many times one stands in another.
const DEPTH: usize = 3;
/// Shorter base64 is a digest, a token or a word.
const LETTERS: usize = 88;

/// The text itself; nothing if it is not encoded, or one word.
pub(super) fn text(text: &str) -> Option<String> {
    let (mut out, mut inner): (Option<String>, Option<String>) = (None, None);
    for _ in 0..DEPTH {
        let whole = inner.as_deref().unwrap_or(text).trim();
        let Some(next) = string(whole).or_else(|| in_base64(whole)) else { break };
        // What is no text may hold one.
        if is_text(&next) {
            out = Some(next.clone());
        }
        inner = Some(next);
    }
    out
}

/// Whether it says more than a word: a document, or lines. A key in base64 is read as one
/// where it stands.
fn is_text(text: &str) -> bool {
    let shown = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{1b}');
    let text = text.trim();
    (text.starts_with(['{', '[', '"']) || text.contains('\n') || text.contains(' ') && shows_digest(text))
        && !text.starts_with("-----BEGIN")
        && text.chars().all(shown)
}

/// A JSON string, or what stands between its quotation marks.
fn string(text: &str) -> Option<String> {
    let quoted = text.len() > 2 && text.starts_with('"') && text.ends_with('"');
    let bare = ["{\\\"", "{\\n", "[{\\\"", "[\\n", "[\\\""].iter().any(|begin| text.starts_with(begin));
    let literal = match (quoted, bare) {
        (true, _) => text.to_owned(),
        (false, true) => format!("\"{text}\""),
        (false, false) => return None,
    };
    match json::parse(literal.as_bytes()).ok()?.value {
        Value::String(value) => Some(value.value.into_owned()),
        _ => None,
    }
}

/// Base64 of either alphabet, in lines or in one, also behind `data:…;base64,`.
pub(super) fn in_base64(text: &str) -> Option<String> {
    let text = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once(";base64,")?.1,
        None => text,
    };
    let known = |b: u8| b.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&b);
    if text.len() < LETTERS || !text.bytes().all(known) {
        return None;
    }
    let mut letters: String = text.chars().filter(|c| !matches!(c, '\r' | '\n' | '=')).collect();
    letters = letters.replace('-', "+").replace('_', "/");
    while !letters.len().is_multiple_of(4) {
        letters.push('=');
    }
    String::from_utf8(base64::decode(&letters).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_a_string_is_that_text() {
        let plain = "$ docker pull a:1\nDigest: sha256:0\n\u{e9}";
        let quoted = serde_json::to_string(plain).unwrap();
        assert_eq!(text(&quoted).unwrap(), plain);
        assert_eq!(text(&serde_json::to_string(&quoted).unwrap()).unwrap(), plain);
        assert_eq!(text("{\\\"a\\\": 1}\n").unwrap(), "{\"a\": 1}");
        let long = plain.repeat(4);
        let encoded = base64::encode(long.as_bytes());
        assert_eq!(text(&encoded).unwrap(), long);
        let lines = encoded.as_bytes().chunks(76).map(|line| core::str::from_utf8(line).unwrap());
        assert_eq!(text(&lines.collect::<Vec<_>>().join("\r\n")).unwrap(), long);
        let address = format!("data:text/plain;base64,{}", encoded.trim_end_matches('='));
        assert_eq!(text(&address).unwrap(), long);
    }

    #[test]
    fn a_word_is_no_text() {
        let signature = base64::encode(&[7; 72]);
        let pem = base64::encode(
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".repeat(2).as_bytes(),
        );
        for word in [
            "\"sha256:0\"",
            "\"a\"",
            "\"",
            "\"a\" and \"b\"",
            "{\"a\":\"\\n\"}",
            "plain\ntext",
            &signature,
            &pem,
            "",
        ] {
            assert_eq!(text(word), None, "{word}");
        }
    }
}
