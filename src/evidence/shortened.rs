//! What people leave out before they post: `...`, `xxxx`, `<TRIM>` in the place of
//! long values, and base64 that was cut. The evidence is incomplete then, which
//! says nothing about the image.

use super::{Kind, codes};
use crate::base::affix;
use crate::base::encoding::base64;
use crate::base::json::{Node, Value};
use crate::base::message::Message;

/// Members that hold base64 in the documents of signatures.
const BASE64: &str = "body|SignedEntryTimestamp|signedEntryTimestamp|Base64Signature|Payload|payload|sig|signature|\
    dev.cosignproject.cosign/signature|canonicalizedBody|rawBytes|signedTimestamp|rootHash|Raw";

/// A remark if a document of signatures, or a digest in any document, was
/// shortened.
pub(super) fn note(kind: Kind, node: &Node<'_>) -> Option<Message> {
    let signs = matches!(
        kind,
        Kind::CosignVerify
            | Kind::CosignDownload
            | Kind::Bundle
            | Kind::Envelope
            | Kind::RekorBundle
            | Kind::RekorEntry
            | Kind::Annotations
            | Kind::SignatureLayer
            | Kind::SignatureManifest
            | Kind::NotaryRoot
            | Kind::NotaryTargets
            | Kind::NotarySnapshot
            | Kind::NotaryTimestamp
    );
    let member = place(node, "", signs)?;
    Some(Message::new(codes::SHORTENED, &[("place", &crate::base::digest::shorten(member))]))
}

/// A remark on a text that cannot be read as JSON where somebody wrote `...`.
pub(super) fn at(text: &str, position: Option<usize>) -> Option<Message> {
    let (before, rest) = text.split_at_checked(position?)?;
    let before = before.trim_end();
    // It stands there, or as a string before the place where a member was expected.
    let ends = [r#"...""#, "…\""].iter().any(|end| before.ends_with(end));
    let elided = ends || is_elision(rest) || rest.starts_with("[...");
    elided.then(|| Message::new(codes::SHORTENED, &[("place", "...")]))
}

/// Whether a line of text names a digest that was shortened.
pub(super) fn in_text(line: &str) -> bool {
    line.match_indices("sha256:").any(|(at, mark)| {
        let rest = line.get(at + mark.len()..).unwrap_or_default();
        let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).take(64).count();
        let after = rest.get(digits..).unwrap_or_default();
        digits < 64 && digits > 3 && (after.starts_with("...") || after.starts_with('…'))
    })
}

/// The member that was shortened.
fn place<'n>(node: &'n Node<'_>, name: &'n str, signs: bool) -> Option<&'n str> {
    match &node.value {
        Value::Array(items) => items.iter().find_map(|item| match &item.value {
            Value::String(text) if is_elision(&text.value) => Some(name),
            _ => place(item, name, signs),
        }),
        Value::Object(members) => {
            members.iter().find_map(|member| place(&member.node, &member.name.value, signs))
        }
        Value::String(text) => {
            let digest = name.eq_ignore_ascii_case("digest") || name == "docker-manifest-digest";
            let encoded = affix::is_one(name, BASE64);
            let cut = (digest || signs && encoded) && is_placeholder(&text.value);
            let broken = signs && encoded && !text.value.is_empty() && base64::decode(&text.value).is_err();
            (cut || broken).then_some(name)
        }
        _ => None,
    }
}

/// Whether somebody left out something here: `...`, `... layers omitted ...`.
fn is_elision(text: &str) -> bool {
    text.starts_with("...") || text.starts_with('…')
}

/// Whether a value is what people write in the place of a longer one.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let crossed = value.len() >= 4 && value.bytes().all(|b| matches!(b, b'x' | b'X' | b'*' | b'.'));
    let dots = value.contains("...") || value.contains('…');
    let marked = value.starts_with(['<', '[']) && value.ends_with(['>', ']']);
    let word = ["REDACTED", "TRUNCATED", "TRIMMED", "snip"].iter().any(|word| value.contains(word));
    crossed || dots || marked || word
}
