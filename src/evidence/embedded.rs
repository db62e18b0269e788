//! Documents inside documents: members that hold exact bytes, in base64 or as a
//! JSON string.

use crate::base::encoding::base64;
use crate::base::json::{Node, Object, Value};
use crate::base::list::CollectVec as _;

/// The exact bytes that a value carries, with the member's name: `Raw` in each
/// entry of `docker manifest inspect -v`, `Payload` in a line of `cosign download
/// signature`, `imageManifest` in each image of `aws ecr batch-get-image`.
pub(super) fn encoded(node: &Node<'_>) -> Vec<(&'static str, Vec<u8>)> {
    match &node.value {
        Value::Array(items) => items.iter().filter_map(|item| one(&item.object("").ok()?)).collect_vec(),
        Value::Object(_) => {
            let Ok(object) = node.object("") else { return vec![] };
            let images = object.get("images").and_then(|images| images.array("").ok()).unwrap_or_default();
            let images = images.iter().filter_map(|image| one(&image.object("").ok()?));
            one(&object).into_iter().chain(images).collect_vec()
        }
        _ => vec![],
    }
}

fn one(object: &Object<'_, '_>) -> Option<(&'static str, Vec<u8>)> {
    let has = |name: &str| object.get(name).is_some();
    if has("imageId") {
        let text = object.text("imageManifest").ok()??;
        return Some(("imageManifest", text.as_bytes().to_vec()));
    }
    let name = match (has("Raw"), has("Base64Signature")) {
        (true, _) if has("Descriptor") => "Raw",
        (false, true) => "Payload",
        _ => return None,
    };
    Some((name, base64::decode(object.text(name).ok()??).ok()?))
}
