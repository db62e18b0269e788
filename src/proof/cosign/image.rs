//! Proofs about images: this key signed a statement, and the statement names
//! this digest.

use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::Map as BTreeMap;

use super::codes;
use super::payload::Payload;
use super::statement::Statement;
use crate::base::digest::{ClaimedDigest, Digest};
use crate::base::encoding::base64;
use crate::base::error::{Error, Result};
use crate::base::proof::{Anchor, Evidence, Proof};
use crate::proof::sigstore::{Entry, LogEvidence, Signed, TrustedRoot, log};

/// How an image signature is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Simple signing: payload and layer annotations (up to cosign 2).
    Simple,
    /// A bundle with a statement (cosign 3).
    Bundle,
    /// A bare envelope with a statement (attestation up to cosign 2).
    Envelope,
}

impl Form {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Simple => "simple-signing",
            Self::Bundle => "bundle",
            Self::Envelope => "envelope",
        }
    }
}

/// Proof that the chosen key signed a well-formed image signature. Which
/// image is a second question: [`names`](Self::names).
#[derive(Clone, Debug)]
pub struct SignedImage {
    signed: Signed,
    form: Form,
    payload: Vec<u8>,
    claims: Claims,
    entries: Vec<Result<Entry>>,
}

#[derive(Clone, Debug)]
enum Claims {
    Simple(Payload),
    Statement(Statement),
}

impl SignedImage {
    pub(super) fn simple(
        signed: Signed,
        payload: &[u8],
        claims: Payload,
        entry: Option<Result<Entry>>,
    ) -> Self {
        Self {
            signed,
            form: Form::Simple,
            payload: payload.to_vec(),
            claims: Claims::Simple(claims),
            entries: entry.into_iter().collect_vec(),
        }
    }

    pub(super) fn statement(
        signed: Signed,
        form: Form,
        payload: &[u8],
        claims: Statement,
        entries: Vec<Result<Entry>>,
    ) -> Self {
        Self { signed, form, payload: payload.to_vec(), claims: Claims::Statement(claims), entries }
    }

    /// How it is packed.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The digests the signer named.
    #[must_use]
    pub fn subjects(&self) -> Vec<ClaimedDigest> {
        match &self.claims {
            Claims::Simple(payload) => vec![payload.digest.clone()],
            Claims::Statement(statement) => {
                statement.subjects.iter().filter_map(|subject| subject.digest.clone()).collect_vec()
            }
        }
    }

    /// The name under which the image was signed (simple signing): a
    /// claim of the signer, to be shown, never to pick an image.
    #[must_use]
    pub fn docker_reference(&self) -> Option<&str> {
        match &self.claims {
            Claims::Simple(payload) => Some(&payload.docker_reference),
            Claims::Statement(_) => None,
        }
    }

    /// That name, or the one that a statement has for a digest: most have none, or any text.
    pub(crate) fn name_of(&self, digest: &ClaimedDigest) -> Option<&str> {
        match &self.claims {
            Claims::Simple(payload) => Some(&payload.docker_reference),
            Claims::Statement(statement) => {
                let mut of = statement.subjects.iter().filter(|s| s.digest.as_ref() == Some(digest));
                of.find_map(|subject| subject.name.as_deref())
            }
        }
    }

    /// The signer's annotations (`cosign sign -a`).
    #[must_use]
    pub fn annotations(&self) -> BTreeMap<String, String> {
        match &self.claims {
            Claims::Simple(payload) => payload.annotations.clone(),
            Claims::Statement(statement) => {
                statement.subjects.first().map(|subject| subject.annotations.clone()).unwrap_or_default()
            }
        }
    }

    /// The program that signed, as it says (simple signing only).
    #[must_use]
    pub fn creator(&self) -> Option<&str> {
        match &self.claims {
            Claims::Simple(payload) => payload.creator.as_deref(),
            Claims::Statement(_) => None,
        }
    }

    /// The signer's clock, seconds since 1970 (simple signing only).
    #[must_use]
    pub const fn timestamp(&self) -> Option<u64> {
        match &self.claims {
            Claims::Simple(payload) => payload.timestamp,
            Claims::Statement(_) => None,
        }
    }

    /// The statement's predicate type; none for simple signing.
    #[must_use]
    pub fn predicate_type(&self) -> Option<&str> {
        match &self.claims {
            Claims::Simple(_) => None,
            Claims::Statement(statement) => Some(&statement.predicate_type),
        }
    }

    /// What the log entries come to.
    #[must_use]
    pub fn log_evidence(&self, root: &TrustedRoot) -> LogEvidence {
        log::evidence(&self.signed, &self.entries, root)
    }

    /// The proof that the signed statement names exactly this digest, not what it is of.
    ///
    /// # Errors
    /// [`codes::SIGNED_ANOTHER_IMAGE`] with both digests; `digest-algorithm-unsupported`
    /// where a subject has no SHA-256 digest.
    pub fn names(&self, digest: &ClaimedDigest) -> Result<NamesDigest> {
        let subjects = self.subjects();
        if subjects.contains(digest) {
            return Ok(NamesDigest {
                digest: digest.clone(),
                signed: self.signed.digest().clone(),
                payload: self.payload.clone(),
                form: self.form,
            });
        }
        if let Claims::Statement(statement) = &self.claims
            && let Some(error) = statement.not_comparable()
        {
            return Err(error);
        }
        let found: Vec<_> = subjects.iter().take(3).map(ToString::to_string).collect_vec();
        let found = if found.is_empty() { "no digest".to_owned() } else { found.join(", ") };
        Err(Error::new(codes::SIGNED_ANOTHER_IMAGE).expected(digest.to_string()).found(found))
    }
}

impl crate::base::proof::sealed::Sealed for SignedImage {}

impl Proof for SignedImage {
    fn evidence(&self) -> Evidence {
        let mut evidence = self.signed.evidence();
        evidence.facts.push(("form".to_owned(), self.form.name().to_owned()));
        let mut push = |name: &str, value: Option<String>| {
            evidence.facts.push_all(value.map(|value| (name.to_owned(), value)));
        };
        push("predicateType", self.predicate_type().map(str::to_owned));
        push("dockerReference", self.docker_reference().map(str::to_owned));
        push("creator", self.creator().map(str::to_owned));
        push("timestamp", self.timestamp().map(|seconds| seconds.to_string()));
        for (name, value) in self.annotations() {
            push(&format!("annotation {name}"), Some(value));
        }
        let form = match self.form {
            Form::Simple => "the bytes are the payload (cosign SIGNATURE_SPEC.md)",
            Form::Bundle | Form::Envelope => {
                "the bytes are the pre-authentication encoding of the envelope (DSSE v1.0.2, protocol.md)"
            }
        };
        evidence.rule = format!("{}; {form}", evidence.rule);
        evidence
    }
}

/// Proof that a signed statement names one exact digest.
#[derive(Clone, Debug)]
pub struct NamesDigest {
    digest: ClaimedDigest,
    signed: ClaimedDigest,
    payload: Vec<u8>,
    form: Form,
}

impl NamesDigest {
    /// The digest.
    #[must_use]
    pub const fn digest(&self) -> &ClaimedDigest {
        &self.digest
    }
}

impl crate::base::proof::sealed::Sealed for NamesDigest {}

impl Anchor for NamesDigest {
    fn stated(&self) -> &ClaimedDigest {
        self.digest()
    }
}

impl Proof for NamesDigest {
    fn evidence(&self) -> Evidence {
        let digest = self.digest.to_string();
        let member = match self.form {
            Form::Simple => {
                "critical.image.docker-manifest-digest of the signed payload equals the digest (cosign SIGNATURE_SPEC.md)"
            }
            Form::Bundle | Form::Envelope => {
                "digest.sha256 of a subject of the signed statement equals the digest (in-toto Statement, subject)"
            }
        };
        Evidence {
            digest: Some(Digest::of(&self.payload).to_string()),
            size: Some(self.payload.len()),
            expected: Some(digest.clone()),
            found: Some(digest),
            rule: member.to_owned(),
            facts: vec![("signedBytes".to_owned(), self.signed.to_string())],
            bytes: Some(base64::encode(&self.payload)),
        }
    }
}
