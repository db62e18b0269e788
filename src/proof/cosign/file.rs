//! Bundles over files (`cosign sign-blob`), and statements about files.

use super::codes;
use super::statement::Statement;
use super::verify::{key_hint, name_key};
use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::proof::{Anchor, Evidence, Proof};
use crate::model::key::PublicKey;
use crate::proof::sigstore::{Bundle, Content, Entry, LogEvidence, Signed, TrustedRoot, log};

/// Proof that the chosen key signed a file, or a statement about it.
#[derive(Clone, Debug)]
pub struct SignedFile {
    signed: Signed,
    digest: ClaimedDigest,
    predicate_type: Option<String>,
    entries: Vec<Result<Entry>>,
}

impl SignedFile {
    /// The file's digest.
    #[must_use]
    pub const fn digest(&self) -> &ClaimedDigest {
        &self.digest
    }

    /// What the log entries come to.
    #[must_use]
    pub fn log_evidence(&self, root: &TrustedRoot) -> LogEvidence {
        log::evidence(&self.signed, &self.entries, root)
    }
}

impl crate::base::proof::sealed::Sealed for SignedFile {}

impl Anchor for SignedFile {
    fn stated(&self) -> &ClaimedDigest {
        self.digest()
    }
}

impl Proof for SignedFile {
    fn evidence(&self) -> Evidence {
        let digest = self.digest.to_string();
        let mut evidence = self.signed.evidence();
        evidence.expected = Some(digest.clone());
        evidence.found = Some(digest);
        match &self.predicate_type {
            Some(kind) => {
                evidence.facts.push(("predicateType".to_owned(), kind.clone()));
                evidence.rule.push_str(
                    "; digest.sha256 of a subject of the signed statement equals the file's digest",
                );
            }
            None => evidence.rule.push_str("; the bytes are the file"),
        }
        evidence
    }
}

/// Verifies a bundle over the file of a digest: its signature over the file, or over a
/// statement that names the digest.
///
/// # Errors
/// `identity-not-supported-yet` for certificates, the codes of
/// [`crate::model::key`], [`codes::SIGNED_ANOTHER_FILE`], those of statements, and
/// `digest-algorithm-unsupported` where a subject has no SHA-256 digest and none is the file's.
pub fn verify_file(bundle: &Bundle, digest: &ClaimedDigest, key: &PublicKey) -> Result<SignedFile> {
    let hint = key_hint(bundle)?;
    let another =
        |found: String| Err(Error::new(codes::SIGNED_ANOTHER_FILE).expected(digest.to_string()).found(found));
    let (signed, predicate_type) = match bundle.content() {
        Content::Message(message) => {
            if let Some(claimed) = message.digest.as_ref().filter(|claimed| *claimed != digest) {
                return another(claimed.to_string());
            }
            let signed = Signed::over_digest(key, digest, &message.signature);
            (signed.map_err(|error| name_key(error, key, hint))?, None)
        }
        Content::Dsse(envelope) => {
            let signed = Signed::over_envelope(key, envelope).map_err(|error| name_key(error, key, hint))?;
            let statement = Statement::parse(envelope.payload())?;
            let found: Vec<_> = statement.subjects.iter().filter_map(|s| s.digest.as_ref()).collect_vec();
            if !found.contains(&digest) {
                if let Some(error) = statement.not_comparable() {
                    return Err(error);
                }
                return another(found.first().map_or_else(|| "no digest".to_owned(), ToString::to_string));
            }
            (signed, Some(statement.predicate_type))
        }
    };
    let entries = bundle.entries().iter().cloned().map(Ok).collect_vec();
    Ok(SignedFile { signed, digest: digest.clone(), predicate_type, entries })
}
