//! Does a trusted log show that this signature was made public?

use super::body;
use super::checkpoint::{Checkpoint, Origin};
use super::codes;
use super::entry::{Entry, InclusionProof, KindVersion};
use super::merkle;
use super::rekor_v1;
use super::rekor_v2;
use super::signed::Signed;
use super::trusted_root::{Log, TrustedRoot};
use crate::base::code::Class;
use crate::base::encoding::{base64, hex};
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;
use crate::base::proof::{Evidence, Proof};
use crate::base::time::Time;

/// What the log entries of one signature come to.
#[derive(Clone, Debug)]
pub enum LogEvidence {
    /// There are none.
    Absent,
    /// A trusted log recorded the signature.
    Proven(Box<LogProof>),
    /// None shows it: unknown log (*not checked*), or wrong (*contradicted*).
    Failed(Error),
}

/// Proof that a trusted log recorded exactly this key, signature and digest.
#[derive(Clone, Debug)]
pub struct LogProof {
    url: String,
    id: String,
    index: u64,
    kind: KindVersion,
    promise: Option<Time>,
    inclusion: Option<Inclusion>,
    leaf: Vec<u8>,
    key: Vec<u8>,
    entry_signature: Option<Vec<u8>>,
}

/// An inclusion proof that was verified up to a checkpoint of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    origin: String,
    index: u64,
    size: u64,
    root: [u8; 32],
    path: Vec<[u8; 32]>,
    checkpoint: String,
    signature: Vec<u8>,
}

impl LogProof {
    /// Address of the log, from the trusted root.
    #[must_use]
    pub fn log_url(&self) -> &str {
        &self.url
    }

    /// The log's index of the entry.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// When the log took the entry; only from a verified signed entry
    /// timestamp (CVE-2024-55655).
    #[must_use]
    pub const fn integrated_time(&self) -> Option<Time> {
        self.promise
    }
}

impl crate::base::proof::sealed::Sealed for LogProof {}

impl Proof for LogProof {
    fn evidence(&self) -> Evidence {
        let mut facts = vec![
            ("log".to_owned(), self.url.clone()),
            ("logId".to_owned(), self.id.clone()),
            ("logIndex".to_owned(), self.index.to_string()),
            ("kind".to_owned(), self.kind.to_string()),
            ("logKey".to_owned(), base64::encode(&self.key)),
        ];
        let mut rules = vec!["the logged body records this key, signature and digest"];
        if let Some(time) = self.promise {
            facts.push(("integratedTime".to_owned(), time.to_string()));
            let signature = self.entry_signature.as_deref().unwrap_or_default();
            facts.push(("entrySignature".to_owned(), base64::encode(signature)));
            rules.push(
                "the log's signature over the canonical JSON (RFC 8785) of body, time, log id and index",
            );
        }
        if let Some(inclusion) = &self.inclusion {
            facts.push(("origin".to_owned(), inclusion.origin.clone()));
            facts.push(("leafIndex".to_owned(), inclusion.index.to_string()));
            facts.push(("treeSize".to_owned(), inclusion.size.to_string()));
            facts.push(("rootHash".to_owned(), hex::encode(&inclusion.root)));
            let path: Vec<String> = inclusion.path.iter().map(|hash| hex::encode(hash)).collect_vec();
            facts.push(("path".to_owned(), path.join(" ")));
            facts.push(("checkpoint".to_owned(), inclusion.checkpoint.clone()));
            facts.push(("checkpointSignature".to_owned(), base64::encode(&inclusion.signature)));
            rules.push("the inclusion proof (RFC 9162, section 2.1.3.2) leads to the root of a checkpoint the log signed (C2SP tlog-checkpoint)");
        }
        Evidence {
            digest: Some(merkle::leaf(&self.leaf).to_string()),
            size: Some(self.leaf.len()),
            expected: None,
            found: None,
            rule: rules.join("; "),
            facts,
            bytes: Some(base64::encode(&self.leaf)),
        }
    }
}

/// Checks one entry against a signature.
///
/// # Errors
/// *Not checked* for unknown or unusable logs and unknown kinds;
/// *contradicted* for evidence that is there and does not hold.
pub fn check(signed: &Signed, entry: &Entry, root: &TrustedRoot) -> Result<LogProof> {
    let log = root.log(&entry.log_id).ok_or_else(|| Error::new(codes::LOG_UNKNOWN).found(entry.log_id()))?;
    let key = log.key()?.to_spki();
    let is_v2 =
        entry.kind.as_ref().is_some_and(|kind| kind.kind == "hashedrekord" && kind.version == "0.0.2");
    let (leaf, kind, promise, inclusion) =
        if is_v2 { v2(signed, entry, log)? } else { v1(signed, entry, log)? };
    if promise.is_none() {
        if inclusion.is_none() {
            return Err(Error::new(codes::LOG_NO_EVIDENCE));
        }
        if let Some(end) = log.window().end {
            return Err(Error::new(codes::LOG_TIME_UNKNOWN).expected(format!("a time before {end}")));
        }
    }
    Ok(LogProof {
        url: log.url().to_owned(),
        id: log.id(),
        index: entry.log_index,
        kind,
        promise,
        inclusion,
        leaf,
        key,
        entry_signature: entry.set.clone(),
    })
}

type Checked = (Vec<u8>, KindVersion, Option<Time>, Option<Inclusion>);

fn v1(signed: &Signed, entry: &Entry, log: &Log) -> Result<Checked> {
    let (body, kind) = body::consistent(entry, signed)?;
    let promise = entry.set.as_deref().map(|set| rekor_v1::verify_set(entry, set, log)).transpose()?;
    let inclusion = match &entry.proof {
        // Bundles of version 0.1 may carry a proof without a checkpoint. It
        // proves nothing and is not counted; the signed timestamp is.
        Some(InclusionProof { checkpoint: None, .. }) | None => None,
        Some(proof) => Some(verify_proof(body, proof, log, Origin::HostAndTree)?),
    };
    Ok((body.to_vec(), kind, promise, inclusion))
}

fn v2(signed: &Signed, entry: &Entry, log: &Log) -> Result<Checked> {
    let leaf = rekor_v2::consistent(entry, signed)?;
    let kind = KindVersion { kind: "hashedrekord".to_owned(), version: "0.0.2".to_owned() };
    let Some(proof) = &entry.proof else {
        return Err(Error::new(codes::LOG_NO_EVIDENCE));
    };
    if proof.index != entry.log_index {
        return Err(Error::new(codes::PROOF_CHECKPOINT).in_place("the index of the entry"));
    }
    let inclusion = verify_proof(&leaf, proof, log, Origin::Host)?;
    Ok((leaf, kind, None, Some(inclusion)))
}

fn verify_proof(leaf: &[u8], proof: &InclusionProof, log: &Log, form: Origin) -> Result<Inclusion> {
    let note = proof.checkpoint.as_deref().ok_or_else(|| Error::new(codes::CHECKPOINT_UNSIGNED))?;
    let checkpoint = Checkpoint::verify(note, log, form)?;
    let disagree = |place: &str| Err(Error::new(codes::PROOF_CHECKPOINT).in_place(place));
    if proof.size != checkpoint.size() {
        return disagree("the size of the tree");
    }
    if proof.root != checkpoint.root() {
        return disagree("the root of the tree");
    }
    let root = merkle::root(merkle::leaf(leaf), proof.index, checkpoint.size(), &proof.hashes)?;
    if root != *checkpoint.root() {
        return Err(Error::new(codes::PROOF_ROOT)
            .expected(hex::encode(checkpoint.root()))
            .found(hex::encode(&root)));
    }
    Ok(Inclusion {
        origin: checkpoint.origin().to_owned(),
        index: proof.index,
        size: checkpoint.size(),
        root,
        path: proof.hashes.clone(),
        checkpoint: checkpoint.text().to_owned(),
        signature: checkpoint.signature().to_vec(),
    })
}

/// Checks every entry of a signature; each distinct entry once
/// (CVE-2026-49834).
fn check_all(signed: &Signed, entries: &[Result<Entry>], root: &TrustedRoot) -> Vec<Result<LogProof>> {
    let mut seen: Vec<&Entry> = Vec::new();
    let mut checks = Vec::new();
    for entry in entries {
        match entry {
            Err(error) => checks.push(Err(error.clone())),
            Ok(entry) if seen.contains(&entry) => {}
            Ok(entry) => {
                seen.push(entry);
                checks.push(check(signed, entry, root));
            }
        }
    }
    checks
}

/// What all entries of a signature come to: evidence that is wrong
/// contradicts, even beside evidence that holds; entries of unknown logs
/// beside one that holds do no harm.
#[must_use]
pub fn evidence(signed: &Signed, entries: &[Result<Entry>], root: &TrustedRoot) -> LogEvidence {
    let mut proven = None;
    let mut open = None;
    for check in check_all(signed, entries, root) {
        match check {
            Err(error) if error.class() == Class::Contradicted => return LogEvidence::Failed(error),
            Err(error) => open = open.or(Some(error)),
            Ok(proof) => proven = proven.or(Some(proof)),
        }
    }
    match (proven, open) {
        (Some(proof), _) => LogEvidence::Proven(Box::new(proof)),
        (None, Some(error)) => LogEvidence::Failed(error),
        (None, None) => LogEvidence::Absent,
    }
}
