//! One record of `cosign verify` output: restored to what it was made from,
//! so that it can be verified again.
//!
//! Up to cosign 2 a record is the signed payload with the Rekor bundle added
//! under `optional`. The log entry's body holds the signature and the
//! payload's digest, which decides whether the restored bytes are right.

use super::annotations::Annotations;
use super::codes;
use super::go_json::{self, Controls};
use super::payload::PAYLOAD_TYPE;
use super::statement::SIGN_V1;
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::json::{Node, Object};
use crate::base::list::CollectVec as _;
use crate::proof::sigstore::{self, Entry};

/// Members that cosign adds to `optional` when it prints.
const ADDED: [&str; 2] = ["Bundle", "RFC3161Timestamp"];
/// Members that cosign adds for certificates.
const ADDED_IDENTITY: [&str; 2] = ["Issuer", "Subject"];

/// The payload and annotations of a record.
///
/// # Errors
/// *Not checked*: [`codes::RECORD_V3`], [`codes::RECORD_WITHOUT_BUNDLE`],
/// [`codes::RECORD_NOT_REBUILT`], `identity-not-supported-yet`; the codes of
/// JSON for records that are malformed.
pub fn rebuild_verified(record: &Node<'_>) -> Result<(Vec<u8>, Annotations)> {
    let object = record.object("record")?;
    object.known(&["critical", "optional"])?;
    let critical = object.need_object("critical")?;
    critical.known(&["identity", "image", "type"])?;
    let kind = critical.need_text("type")?;
    if kind == SIGN_V1 {
        return Err(Error::new(codes::RECORD_V3));
    }
    // Some releases printed a bundle's record with every value empty.
    if kind.is_empty() {
        return Err(Error::new(codes::RECORD_WITHOUT_BUNDLE));
    }
    if kind != PAYLOAD_TYPE {
        return Err(Error::new(codes::PAYLOAD_TYPE).expected(PAYLOAD_TYPE).found(shorten(kind)));
    }
    let Some(optional) = object.get_some("optional") else {
        return Err(Error::new(codes::RECORD_WITHOUT_BUNDLE));
    };
    let optional = optional.object("optional")?;
    if ADDED_IDENTITY.iter().all(|name| optional.get(name).is_some()) {
        return Err(Error::new(sigstore::codes::IDENTITY));
    }
    let bundle = optional.get_some("Bundle").ok_or_else(|| Error::new(codes::RECORD_WITHOUT_BUNDLE))?;
    let entry = Entry::from_annotation(bundle)?;
    let (digest, signature) = sigstore::recorded(&entry)?;
    for payload in candidates(&critical, &optional)? {
        if digest.check(payload.as_bytes()).is_ok() {
            return Ok((payload.into_bytes(), Annotations::rebuilt(&signature, entry)));
        }
    }
    Err(Error::new(codes::RECORD_NOT_REBUILT).expected(digest.to_string()))
}

/// The texts cosign may have signed: with Go's old and new escapes, and with
/// an empty `optional` written as `null` or as `{}`.
fn candidates(critical: &Object<'_, '_>, optional: &Object<'_, '_>) -> Result<Vec<String>> {
    let reference = critical.need_object("identity")?.need_text("docker-reference")?.to_owned();
    let image = critical.need_object("image")?.need_text("docker-manifest-digest")?.to_owned();
    let kind = critical.need_text("type")?;
    let kept: Vec<_> = optional
        .members()
        .iter()
        .map(|member| (&*member.name.value, &member.node))
        .filter(|(name, _)| !ADDED.contains(name))
        .collect_vec();
    let mut texts = Vec::new();
    for controls in [Controls::Short, Controls::Long] {
        let mut head = String::from(r#"{"critical":{"identity":{"docker-reference":"#);
        go_json::quote(&reference, controls, &mut head);
        head.push_str(r#"},"image":{"docker-manifest-digest":"#);
        go_json::quote(&image, controls, &mut head);
        head.push_str(r#"},"type":"#);
        go_json::quote(kind, controls, &mut head);
        head.push_str(r#"},"optional":"#);
        if kept.is_empty() {
            texts.push(format!("{head}null}}"));
            texts.push(format!("{head}{{}}}}"));
        } else {
            go_json::write_members(kept.clone(), controls, &mut head);
            texts.push(head + "}");
        }
    }
    Ok(texts)
}
