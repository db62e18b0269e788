//! The simple-signing payload: which image, in whose words.
//!
//! <https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md>.
//! Read strictly where cosign is lax: no duplicates or case variants, nothing
//! after the object, the type must be the one of cosign.

use crate::base::order::Map as BTreeMap;

use super::codes;
use crate::base::digest::{Algorithm, ClaimedDigest, shorten};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Node, Object, Value};
use crate::base::limits;

/// `critical.type` of an image signature.
pub const PAYLOAD_TYPE: &str = "cosign container image signature";

/// A parsed payload: claims, until a key has verified its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The image's digest.
    pub digest: ClaimedDigest,
    /// The name under which it was signed. Copies in other registries keep
    /// it; it never picks the image.
    pub docker_reference: String,
    /// `optional.creator`: the program that signed.
    pub creator: Option<String>,
    /// `optional.timestamp`: seconds since 1970, as the signer's clock said.
    pub timestamp: Option<u64>,
    /// The signer's annotations (`cosign sign -a`), as text.
    pub annotations: BTreeMap<String, String>,
}

impl Payload {
    /// Reads a payload.
    ///
    /// # Errors
    /// The codes of JSON, [`codes::PAYLOAD_TYPE`], [`codes::PAYLOAD_MALFORMED`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        limits::within("a payload", bytes.len(), limits::PAYLOAD_BYTES)?;
        let node = json::parse(bytes).map_err(|error| error.in_place("payload"))?;
        let object = node.object("payload")?;
        object.known(&["critical", "optional"])?;
        only(&object, &["critical", "optional"])?;
        let critical = object.need_object("critical")?;
        critical.known(&["identity", "image", "type"])?;
        only(&critical, &["identity", "image", "type"])?;
        let kind = critical.need_text("type")?;
        if kind != PAYLOAD_TYPE {
            return Err(Error::new(codes::PAYLOAD_TYPE).expected(PAYLOAD_TYPE).found(shorten(kind)));
        }
        let identity = critical.need_object("identity")?;
        identity.known(&["docker-reference"])?;
        only(&identity, &["docker-reference"])?;
        let image = critical.need_object("image")?;
        image.known(&["docker-manifest-digest"])?;
        only(&image, &["docker-manifest-digest"])?;
        let text = image.need_text("docker-manifest-digest")?;
        let digest = ClaimedDigest::parse(text)
            .ok()
            .filter(|digest| digest.algorithm() == Algorithm::Sha256)
            .ok_or_else(|| {
                Error::new(codes::PAYLOAD_MALFORMED)
                    .in_place(image.path("docker-manifest-digest"))
                    .expected("sha256: and 64 lower-case hexadecimal digits")
                    .found(shorten(text))
            })?;
        let (creator, timestamp, annotations) = optional(object.get_some("optional"))?;
        Ok(Self {
            digest,
            docker_reference: identity.need_text("docker-reference")?.to_owned(),
            creator,
            timestamp,
            annotations,
        })
    }
}

/// `critical` may hold nothing that this program does not understand
/// (containers/image, "atomic-signature", section 2.1).
fn only(object: &Object<'_, '_>, names: &[&str]) -> Result<()> {
    match object.members().iter().find(|member| !names.contains(&&*member.name.value)) {
        None => Ok(()),
        Some(member) => Err(Error::new(codes::PAYLOAD_MALFORMED)
            .in_place(object.path(&shorten(&member.name.value)))
            .expected("absent")
            .found("present")
            .at(member.node.span.start)),
    }
}

type Optional = (Option<String>, Option<u64>, BTreeMap<String, String>);

fn optional(node: Option<&Node<'_>>) -> Result<Optional> {
    let Some(node) = node else {
        return Ok(Optional::default());
    };
    let members = node.object("optional")?.members();
    if members.is_empty() { Ok(Optional::default()) } else { Ok(optional_members(members)) }
}

/// What the signer added.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn optional_members(members: &[json::Member<'_>]) -> Optional {
    let mut found = Optional::default();
    for member in members {
        let name: &str = &member.name.value;
        match (name, &member.node.value) {
            ("creator", Value::String(text)) => found.0 = Some(text.value.clone().into_owned()),
            ("timestamp", Value::Number(number)) => found.1 = number.as_u64(),
            (_, Value::String(text)) => {
                found.2.insert(name.to_owned(), text.value.clone().into_owned());
            }
            (_, other) => {
                found.2.insert(name.to_owned(), format!("({})", other.kind()));
            }
        }
    }
    found
}
