//! Documents inside documents: base64 members that hold exact bytes.

use crate::base::encoding::base64;
use crate::base::json::{Node, Value};

/// The exact bytes that a value carries in base64, with the member's name:
/// `Raw` in each entry of `docker manifest inspect -v`, `Payload` in a line
/// of `cosign download signature`.
pub(super) fn encoded(node: &Node<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let one = |node: &Node<'_>| {
        let object = node.object("").ok()?;
        let name = match (object.get("Raw"), object.get("Base64Signature")) {
            (Some(_), _) if object.get("Descriptor").is_some() => "Raw",
            (None, Some(_)) => "Payload",
            _ => return None,
        };
        Some((name, base64::decode(object.text(name).ok()??).ok()?))
    };
    match &node.value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        _ => one(node).into_iter().collect(),
    }
}
