//! Members that a document has and its format has not. A document is verified, or held against
//! the image, as what it is; what somebody wrote beside that is nobody's word, and may name
//! the image with another digest. It is read as JSON of no known form is (`unread_form`).

use crate::base::affix;
use crate::base::json;
use crate::evidence::{Item, Kind};

use super::unanswered::is_fetched;

/// The members that a format has, as far as a digest or a name of an image may stand in them;
/// nothing where it is read otherwise.
const fn of_format(kind: Kind) -> &'static str {
    match kind {
        Kind::Manifest | Kind::SignatureManifest => "config|layers|subject|annotations",
        Kind::Index => "manifests|subject|annotations",
        Kind::Config => "rootfs|history|config|container_config|container|parent|id",
        Kind::Payload => "critical|optional",
        Kind::CosignDownload => "Payload|Bundle|Cert|Chain",
        Kind::Annotations => "dev.sigstore.cosign/bundle",
        Kind::Bundle => "verificationMaterial|messageSignature|dsseEnvelope|rekorBundle",
        Kind::RekorBundle => "Payload",
        Kind::RekorEntry => "body|logID|verification|attestation",
        Kind::Envelope => "payload|signatures",
        kind if kind.is_notary_metadata() => "signed|signatures",
        _ => "",
    }
}

/// The members of no format, as they are written, a line each; nothing if no digest is in them.
pub(super) fn members(item: &Item) -> Option<Vec<u8>> {
    let known = of_format(item.kind);
    if known.is_empty() || !item.is_whole() || is_fetched(&item.origin) {
        return None;
    }
    let node = json::parse(&item.bytes).ok()?;
    let object = node.object("").ok()?;
    let mut out = Vec::new();
    for member in object.members().iter().filter(|member| !affix::is_one(&member.name.value, known)) {
        out.extend_from_slice(member.name.raw.as_bytes());
        out.push(b' ');
        out.extend_from_slice(item.bytes.get(member.node.span.clone()).unwrap_or_default());
        out.push(b'\n');
    }
    let digest = |run: &[u8]| run.len() == 64 && run.iter().all(u8::is_ascii_hexdigit);
    out.split(|byte| !byte.is_ascii_alphanumeric()).any(digest).then_some(out)
}
