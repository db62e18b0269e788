//! One line of `cosign download signature`, as cosign prints signatures of
//! the first form (cosign `pkg/oci`, `SignedPayload`).

use super::annotations::Annotations;
use crate::base::encoding::base64;
use crate::base::error::Result;
use crate::base::json::{Node, Object};
use crate::base::limits;
use crate::proof::sigstore::Entry;

/// Payload and annotations of a line: `Base64Signature` and base64 `Payload`,
/// perhaps `Cert`, `Chain`, `Bundle` and `RFC3161Timestamp`.
///
/// # Errors
/// Those of JSON and base64, and the limit on payloads.
pub fn read_download(line: &Node<'_>) -> Result<(Vec<u8>, Annotations)> {
    let object = line.object("signature")?;
    object.known(&["Base64Signature", "Payload", "Cert", "Chain", "Bundle", "RFC3161Timestamp"])?;
    let payload = object.need_text("Payload")?;
    limits::within("a payload in base64", payload.len(), 2 * limits::PAYLOAD_BYTES)?;
    let annotations = Annotations {
        signature: object.text("Base64Signature")?.filter(|text| !text.is_empty()).map(str::to_owned),
        certificate: present(&object, "Cert"),
        entry: object.get_some("Bundle").map(Entry::from_annotation),
    };
    Ok((base64::decode(payload)?, annotations))
}

/// A member of any type that is there and not empty: certificates and
/// timestamps are only noticed here.
fn present(object: &Object<'_, '_>, name: &str) -> Option<String> {
    let node = object.get_some(name)?;
    let empty = node.text(name).is_ok_and(str::is_empty);
    (!empty).then(|| name.to_owned())
}
