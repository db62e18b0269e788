//! Key files as people have them: with a byte order mark, in UTF-16, indented,
//! inside YAML or JSON, in base64, or pasted from a terminal.

use crate::base::order::Map as BTreeMap;
use std::borrow::Cow;

use super::{Given, Kind, Origin, normalize, recognise};
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::model::key::{PublicKey, codes};

/// How base64 of a PEM block begins: `-----BEGIN`.
const BASE64_PEM: &str = "LS0tLS1CRUdJT";
/// Longest text that is looked through for a key.
const BYTES: usize = 64 << 10;

/// Reads the one public key in a file, whatever stands around it. A file that is
/// nothing but a key is read by [`PublicKey::parse`].
///
/// # Errors
/// Those of [`PublicKey::parse`] about the file as it is; a file with several
/// keys is [`codes::KEY_MALFORMED`].
pub fn key_file(file: &[u8]) -> Result<PublicKey> {
    PublicKey::parse(file).or_else(|strict| {
        // What stands around a private key is not looked at.
        if strict.code() == codes::KEY_PRIVATE || file.len() > BYTES {
            Err(strict)
        } else {
            within(file, strict)
        }
    })
}

/// Reads the one key that something stands around. `strict` is why the file as it
/// is holds none.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn within(file: &[u8], strict: Error) -> Result<PublicKey> {
    let Some((text, _)) = normalize::normalize(file) else { return Err(strict) };
    // A PEM block inside a JSON string has its line breaks escaped.
    let text: Cow<'_, str> = match text.contains("-----BEGIN") && text.contains("\\n") {
        true => text.replace("\\r", "").replace("\\n", "\n").replace("\"-----B", "\n-----B").into(),
        false => text,
    };
    let given = Given { name: String::new(), origin: Origin::Paste, bytes: text.as_bytes().to_vec() };
    let items = recognise(&[given]);
    if items.iter().any(|item| item.kind == Kind::Secret) {
        return Err(Error::new(codes::KEY_PRIVATE));
    }
    let blocks = items.iter().filter(|item| item.kind == Kind::PublicKey);
    let mut keys = BTreeMap::new();
    for block in blocks {
        let key = PublicKey::parse(&block.bytes)?;
        keys.insert(key.fingerprint(), key);
    }
    match keys.len() {
        0 => Err(strict),
        1 => keys.into_values().next().ok_or(strict),
        _ => Err(Error::new(codes::KEY_MALFORMED).found("several different keys in one file")),
    }
}

/// The PEM block of a public key that a text holds in base64, as Kubernetes
/// secrets and policy files do.
pub(super) fn in_base64(text: &str) -> Option<String> {
    let at = text.get(..text.len().min(BYTES)).unwrap_or_default().find(BASE64_PEM)?;
    decoded(text.get(at..)?)
}

/// The PEM block at the beginning of a text, in base64 over lines.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn decoded(text: &str) -> Option<String> {
    let mut encoded = String::new();
    for line in text.lines().map(str::trim) {
        let end =
            line.find(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c))).unwrap_or(line.len());
        encoded.push_str(line.get(..end)?);
        if end < line.len() || encoded.ends_with('=') || encoded.len() > 4096 {
            break;
        }
    }
    let pem = String::from_utf8(base64::decode(&encoded).ok()?).ok()?;
    PublicKey::parse(pem.as_bytes()).is_ok().then_some(pem)
}

/// The public key that a text holds in one line, in a variable or in a string: its line
/// breaks are blanks, `\\n` or quoted; or its DER in base64 without a header.
pub(super) fn in_line(text: &str) -> Option<String> {
    if text.len() > BYTES {
        return None;
    }
    let (begin, end) = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----");
    let body = match text.split_once(begin) {
        Some((_, rest)) => rest.split_once(end)?.0,
        None => Some(text.trim()).filter(|text| text.len() == DER_BASE64)?,
    };
    let body = body.replace("\\r", "").replace("\\n", "");
    let body: String = body.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect();
    let pem = format!("{begin}\n{body}\n{end}\n");
    PublicKey::parse(pem.as_bytes()).ok().map(|key| key.pem())
}

/// Letters of a P-256 key's DER in base64.
const DER_BASE64: usize = 124;
