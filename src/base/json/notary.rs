//! Canonical JSON as Notary v1 writes it: the form its signatures cover.
//!
//! No white space; members sorted by the UTF-8 bytes of their decoded names;
//! only `"` and `\` are escaped, everything else is raw UTF-8; numbers are
//! integers (docker/go, `canonical/json`). Notary reads numbers as 64-bit
//! floats, so integers past 2^53-1 collide there; here they are refused.

use super::value::{Node, Number, Value};
use super::{MAX_INTEGER, codes};
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::order;

/// The canonical form of a value.
///
/// # Errors
/// [`codes::NUMBER`] for a number that is not a plain integer of magnitude
/// at most [`MAX_INTEGER`]; `-0` is refused too.
pub fn canonical(node: &Node<'_>) -> Result<String> {
    let mut out = String::new();
    write(node, &mut out)?;
    Ok(out)
}

/// Writes a string as canonical JSON does.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

/// The escapes Go's encoder applies when it embeds canonical JSON in a file:
/// `<`, `>`, `&`, U+2028 and U+2029. They occur in strings only.
#[must_use]
pub fn go_escapes(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
    out
}

fn write(node: &Node<'_>, out: &mut String) -> Result<()> {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(integer(*number, node.span.start)?),
        Value::String(text) => write_string(&text.value, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect_vec();
            order::sort_by(&mut members, |a, b| a.name.value.cmp(&b.name.value));
            out.push('{');
            for (i, member) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_string(&member.name.value, out);
                out.push(':');
                write(&member.node, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn integer<'a>(number: Number<'a>, at: usize) -> Result<&'a str> {
    match number.as_i64() {
        Some(value) if value.unsigned_abs() <= MAX_INTEGER => Ok(number.text()),
        _ => Err(Error::new(codes::NUMBER)
            .expected(format!("an integer from -{MAX_INTEGER} to {MAX_INTEGER}"))
            .found(shorten(number.text()))
            .at(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::parse;

    fn of(text: &str) -> Result<String> {
        canonical(&parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn members_are_sorted_by_utf8_and_escapes_vanish() {
        let text = "{ \"\u{10000}\": 1, \"\u{ffff}\" : [true , null,false], \"a\\u0062\\/\\n\" : \"\\\"\\\\<\\u2028\" }";
        assert_eq!(
            of(text).unwrap(),
            "{\"ab/\n\":\"\\\"\\\\<\u{2028}\",\"\u{ffff}\":[true,null,false],\"\u{10000}\":1}"
        );
    }

    #[test]
    fn only_exact_integers_have_a_form() {
        for good in ["0", "-1", "9007199254740991", "-9007199254740991"] {
            assert_eq!(of(good).unwrap(), good);
        }
        for bad in
            ["-0", "1.0", "1e2", "0.5", "9007199254740992", "-9007199254740992", "99999999999999999999"]
        {
            assert_eq!(of(bad).unwrap_err().code(), codes::NUMBER, "{bad}");
        }
    }

    #[test]
    fn go_escapes_what_html_minds() {
        assert_eq!(go_escapes("\"<a>&\u{2028}\""), r#""\u003ca\u003e\u0026\u2028""#);
    }
}
