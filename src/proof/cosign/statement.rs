//! The in-toto statement: which subjects, with which predicate.
//!
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>

use crate::base::order::Map as BTreeMap;

use super::codes;
use crate::base::digest::{ClaimedDigest, codes as digest_codes, shorten};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Node, Value};
use crate::base::limits;

/// Predicate type of an image signature by cosign 3.
pub const SIGN_V1: &str = "https://sigstore.dev/cosign/sign/v1";

/// Types of statement that are accepted.
const TYPES: [&str; 2] = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

/// A parsed statement: claims, until a key has verified its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// What kind of thing it says.
    pub predicate_type: String,
}

/// A subject of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its name. Never picks the image.
    pub name: Option<String>,
    /// Its SHA-256 digest; none if only other algorithms are given.
    pub digest: Option<ClaimedDigest>,
    /// The algorithm of a digest that is given in the place of a SHA-256 one.
    pub other: Option<String>,
    /// The signer's annotations (`cosign sign -a`), as text.
    pub annotations: BTreeMap<String, String>,
}

impl Statement {
    /// Reads a statement.
    ///
    /// # Errors
    /// The codes of JSON and [`codes::STATEMENT_MALFORMED`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        limits::within("a payload", bytes.len(), limits::PAYLOAD_BYTES)?;
        let node = json::parse(bytes).map_err(|error| error.in_place("statement"))?;
        let object = node.object("statement")?;
        object.known(&["_type", "subject", "predicateType", "predicate"])?;
        let kind = object.need_text("_type")?;
        if !TYPES.contains(&kind) {
            return Err(malformed("_type", "in-toto Statement v1 or v0.1", &shorten(kind)));
        }
        let predicate_type = object.need_text("predicateType")?.to_owned();
        let nodes = object.need_array("subject")?;
        limits::within("subjects", nodes.len(), limits::STATEMENT_SUBJECTS)?;
        if nodes.is_empty() {
            return Err(malformed("subject", "at least one", "none"));
        }
        let subjects: Vec<_> = nodes
            .iter()
            .enumerate()
            .map(|(i, node)| subject(node, &format!("subject[{i}]")))
            .collect::<Result<_>>()?;
        if predicate_type == SIGN_V1 {
            if let Some(i) = subjects.iter().position(|subject| subject.digest.is_none()) {
                return Err(malformed(&format!("subject[{i}].digest"), "a sha256 digest", "none"));
            }
            if let Some(predicate) = object.get_some("predicate") {
                predicate.object("predicate")?;
            }
        }
        Ok(Self { subjects, predicate_type })
    }

    /// Why a digest that no subject has may still be meant: one of them is named by
    /// other algorithms only, or by none.
    // Not for a first verdict: not part of what is downloaded for one.
    #[inline(never)]
    pub(super) fn not_comparable(&self) -> Option<Error> {
        let subject = self.subjects.iter().find(|subject| subject.digest.is_none())?;
        Some(match &subject.other {
            Some(name) => Error::new(digest_codes::DIGEST_ALGORITHM).found(shorten(name)),
            None => malformed("subject.digest", "a digest", "none"),
        })
    }
}

fn malformed(place: &str, expected: &str, found: &str) -> Error {
    Error::new(codes::STATEMENT_MALFORMED).in_place(place).expected(expected).found(found)
}

fn subject(node: &Node<'_>, place: &str) -> Result<Subject> {
    let object = node.object(place)?;
    object.known(&["name", "digest", "annotations", "uri"])?;
    let digests = object.need_object("digest")?;
    digests.known(&["sha256"])?;
    limits::within("digests of a subject", digests.members().len(), limits::SUBJECT_DIGESTS)?;
    for member in digests.members() {
        member.node.text(&digests.path(&shorten(&member.name.value)))?;
    }
    let digest = match digests.text("sha256")? {
        Some(text) => Some(ClaimedDigest::parse_sha256_hex(text).map_err(|_| {
            malformed(&digests.path("sha256"), "64 lower-case hexadecimal digits", &shorten(text))
        })?),
        None => None,
    };
    let other = digests.members().first().filter(|_| digest.is_none());
    let other = other.map(|member| member.name.value.clone().into_owned());
    let mut annotations = BTreeMap::new();
    if let Some(node) = object.get_some("annotations") {
        for member in node.object(&object.path("annotations"))?.members() {
            let text = match &member.node.value {
                Value::String(text) => text.value.clone().into_owned(),
                other => format!("({})", other.kind()),
            };
            annotations.insert(member.name.value.clone().into_owned(), text);
        }
    }
    Ok(Subject { name: object.text("name")?.map(str::to_owned), digest, other, annotations })
}
