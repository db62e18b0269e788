//! Reading protobuf-JSON strictly: `null` is absent, 64-bit integers may be
//! strings, bytes are standard base64, unknown members are refused.
//!
//! <https://protobuf.dev/programming-guides/json/>

use super::codes;
use crate::base::code::Code;
use crate::base::digest::shorten;
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::json::{Node, Object, Value};

/// Refuses members other than `names`, case variants first.
pub(super) fn only(object: &Object<'_, '_>, names: &[&str]) -> Result<()> {
    object.known(names)?;
    for member in object.members() {
        let name: &str = &member.name.value;
        if !names.contains(&name) {
            return Err(Error::new(codes::BUNDLE_MEMBER)
                .in_place(object.path(&shorten(name)))
                .at(member.node.span.start));
        }
    }
    Ok(())
}

/// An integer that is a plain number or a string of one.
pub(super) fn integer(node: &Node<'_>, place: &str) -> Result<u64> {
    let Value::String(text) = &node.value else {
        return node.u64(place);
    };
    let digits: &str = &text.value;
    let plain = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    plain.then(|| digits.parse().ok()).flatten().ok_or_else(|| {
        Error::new(crate::base::json::codes::NUMBER)
            .in_place(place)
            .expected("a non-negative integer")
            .found(shorten(digits))
            .at(node.span.start)
    })
}

/// A member that is an integer; absent or `null` is zero.
pub(super) fn integer_or_zero(object: &Object<'_, '_>, name: &str) -> Result<u64> {
    object.get_some(name).map_or(Ok(0), |node| integer(node, &object.path(name)))
}

/// Bytes in base64.
pub(super) fn bytes(node: &Node<'_>, place: &str) -> Result<Vec<u8>> {
    base64::decode(node.text(place)?).map_err(|error| error.in_place(place).at(node.span.start))
}

/// A member that is bytes; absent or `null` is none.
pub(super) fn some_bytes(object: &Object<'_, '_>, name: &str) -> Result<Option<Vec<u8>>> {
    object.get_some(name).map(|node| bytes(node, &object.path(name))).transpose()
}

/// A member that must be bytes, at least one.
pub(super) fn need_bytes(object: &Object<'_, '_>, name: &str) -> Result<Vec<u8>> {
    some_bytes(object, name)?.filter(|bytes| !bytes.is_empty()).ok_or_else(|| missing(object, name))
}

/// A member that must be 32 bytes.
pub(super) fn need_hash(object: &Object<'_, '_>, name: &str, code: Code) -> Result<[u8; 32]> {
    let bytes = need_bytes(object, name)?;
    hash(&bytes).ok_or_else(|| {
        let found = format!("{} bytes", bytes.len());
        Error::new(code).in_place(object.path(name)).expected("32 bytes").found(found)
    })
}

/// 32 bytes as an array.
pub(super) fn hash(bytes: &[u8]) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}

/// A member that may be absent or `null`, else must be an object.
pub(super) fn some_object<'n, 'a>(object: &Object<'n, 'a>, name: &str) -> Result<Option<Object<'n, 'a>>> {
    object.get_some(name).map(|node| node.object(&object.path(name))).transpose()
}

/// A member that may be absent or `null`, else must be an array.
pub(super) fn some_array<'n, 'a>(object: &Object<'n, 'a>, name: &str) -> Result<&'n [Node<'a>]> {
    object.get_some(name).map_or(Ok(&[]), |node| node.array(&object.path(name)))
}

/// The error for a member that must be there.
pub(super) fn missing(object: &Object<'_, '_>, name: &str) -> Error {
    Error::new(crate::base::json::codes::MISSING).in_place(object.path(name))
}
