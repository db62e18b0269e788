//! JSON as Go's `encoding/json` writes it, to restore what cosign hashed.

use crate::base::json::{Node, Value};
use crate::base::list::CollectVec as _;
use crate::base::order;

/// How Go writes U+0008 and U+000C: escapes of two characters since Go 1.22.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Controls {
    Short,
    Long,
}

/// Writes a string with Go's HTML-safe escapes.
pub(super) fn quote(text: &str, controls: Controls, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' if controls == Controls::Short => out.push_str("\\b"),
            '\u{c}' if controls == Controls::Short => out.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// Writes a value compactly; members of objects (Go maps) are sorted by name.
pub(super) fn write(node: &Node<'_>, controls: Controls, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number.text()),
        Value::String(text) => quote(&text.value, controls, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, controls, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let members: Vec<_> = members.iter().map(|m| (&*m.name.value, &m.node)).collect_vec();
            write_members(members, controls, out);
        }
    }
}

/// Writes an object of the given members, sorted by name.
pub(super) fn write_members(mut members: Vec<(&str, &Node<'_>)>, controls: Controls, out: &mut String) {
    order::sort_by_key(&mut members, |(name, _)| *name);
    out.push('{');
    for (i, (name, node)) in members.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        quote(name, controls, out);
        out.push(':');
        write(node, controls, out);
    }
    out.push('}');
}
