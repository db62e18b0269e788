//! A signer and two transparency logs of our own, with real keys, real
//! signatures and real Merkle trees, to make evidence with one rule broken.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::base::encoding::{base64, hex};
use webdis_verify::model::key::PublicKey;
use webdis_verify::proof::sigstore::dsse::pae;

/// The predicate type of [`Base::Envelope`].
pub const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
/// The bytes of the image that is signed.
pub const IMAGE: &[u8] = b"{\"schemaVersion\":2}";
pub const FILE: &[u8] = b"a file\n";
pub const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const V1_HOST: &str = "rekor.stand-in.invalid";
const V2_HOST: &str = "log.stand-in.invalid:8080";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// A bundle with a statement, logged as `dsse` 0.0.1.
    DsseV1,
    /// The same, logged as `intoto` 0.0.2.
    IntotoV1,
    /// The same, logged in Rekor v2.
    DsseV2,
    /// A bundle over a file, logged as `hashedrekord` 0.0.1.
    FileV1,
    /// The same, logged in Rekor v2.
    FileV2,
    /// Simple signing with the Rekor bundle annotation.
    Legacy,
    /// A bare envelope (a legacy attestation), logged as `intoto` 0.0.1.
    Envelope,
}

/// Everything that is decided before something is signed.
#[derive(Clone)]
pub struct Plan {
    pub base: Base,
    pub payload: String,
    pub payload_type: &'static str,
    /// What is signed; `None` for what belongs there.
    pub signed: Option<Vec<u8>>,
    /// Whether another key signs than the one demanded.
    pub foreign_signer: bool,
    /// Changes the body that the log records, honestly.
    pub body: fn(&mut Value),
    pub time: u64,
    pub foreign_set: bool,
    pub foreign_checkpoint: bool,
    /// Changes the text the log signs as its checkpoint.
    pub checkpoint: fn(String) -> String,
    /// Changes the trusted root.
    pub root: fn(String) -> String,
}

fn signer(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn public(key: &SigningKey) -> PublicKey {
    let point = key.verifying_key().to_sec1_point(false);
    let head = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
    PublicKey::from_der(&[hex::decode_lower(head).unwrap().as_slice(), point.as_bytes()].concat()).unwrap()
}

fn sign(key: &SigningKey, bytes: &[u8]) -> Vec<u8> {
    let signature: Signature = key.sign(bytes);
    signature.to_der().as_bytes().to_vec()
}

pub fn key() -> PublicKey {
    public(&signer(1))
}

pub fn other_key() -> PublicKey {
    public(&signer(2))
}

fn log_v1() -> SigningKey {
    signer(3)
}

fn log_v2() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[4; 32])
}

fn v2_id() -> Digest {
    Digest::of(&[V2_HOST.as_bytes(), b"\n\x01", log_v2().verifying_key().as_bytes()].concat())
}

pub fn simple_payload(digest: &str) -> String {
    format!(
        r#"{{"critical":{{"identity":{{"docker-reference":"example.invalid/image"}},"image":{{"docker-manifest-digest":"{digest}"}},"type":"cosign container image signature"}},"optional":null}}"#
    )
}

pub fn statement(subjects: &Value, predicate_type: &str) -> String {
    format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1", "subject":{subjects}, "predicateType":"{predicate_type}", "predicate":{{}}}}"#
    )
}

pub fn subject(digest: &Digest) -> Value {
    json!([{"digest": {"sha256": digest.hex()}, "annotations": {"build": "7"}}])
}

impl Plan {
    pub fn new(base: Base) -> Self {
        let image = Digest::of(IMAGE);
        Self {
            base,
            payload: match base {
                Base::Legacy => simple_payload(&image.to_string()),
                Base::Envelope => statement(&subject(&image), PROVENANCE),
                _ => statement(&subject(&image), webdis_verify::proof::cosign::SIGN_V1),
            },
            payload_type: "application/vnd.in-toto+json",
            signed: None,
            foreign_signer: false,
            body: |_| {},
            time: 1_779_000_000,
            foreign_set: false,
            foreign_checkpoint: false,
            checkpoint: |text| text,
            root: |text| text,
        }
    }

    pub fn is_file(&self) -> bool {
        matches!(self.base, Base::FileV1 | Base::FileV2)
    }

    fn is_v2(&self) -> bool {
        matches!(self.base, Base::DsseV2 | Base::FileV2)
    }

    /// The trusted root that lists both logs.
    pub fn trusted_root(&self) -> String {
        let ed25519 = [
            hex::decode_lower("302a300506032b6570032100").unwrap().as_slice(),
            log_v2().verifying_key().as_bytes(),
        ]
        .concat();
        let v1 = public(&log_v1());
        let log = |url: String, details: &str, spki: &[u8], id: &Digest| {
            json!({
                "baseUrl": url,
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": base64::encode(spki),
                    "keyDetails": details,
                    "validFor": {"start": "2026-01-01T00:00:00Z"}
                },
                "logId": {"keyId": base64::encode(id.as_bytes())}
            })
        };
        let root = json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [
                log(format!("https://{V1_HOST}"), "PKIX_ECDSA_P256_SHA_256", v1.der(), &v1.fingerprint()),
                log(format!("http://{V2_HOST}/path"), "PKIX_ED25519", &ed25519, &v2_id())
            ],
            "certificateAuthorities": [], "ctlogs": [], "timestampAuthorities": []
        });
        (self.root)(root.to_string())
    }

    /// The evidence: a bundle, or for [`Base::Legacy`] and [`Base::Envelope`]
    /// an object of `signature` or `envelope`, and `bundle` (see [`annotations`]).
    pub fn build(&self) -> Value {
        let (signer, signer_key) =
            if self.foreign_signer { (signer(2), other_key()) } else { (signer(1), key()) };
        let payload = self.payload.as_bytes();
        let belongs = match self.base {
            Base::Legacy => payload.to_vec(),
            Base::FileV1 | Base::FileV2 => FILE.to_vec(),
            _ => pae(self.payload_type, payload),
        };
        let signature = sign(&signer, self.signed.as_deref().unwrap_or(&belongs));
        let digest = Digest::of(&belongs);
        let envelope = json!({
            "payload": base64::encode(payload),
            "payloadType": self.payload_type,
            "signatures": [{"sig": base64::encode(&signature)}]
        });
        let whole = Digest::of(envelope.to_string().as_bytes());
        let digest = if self.base == Base::Envelope { whole } else { digest };
        let body = self.logged(&signature, &signer_key, &digest, payload);
        if matches!(self.base, Base::Legacy | Base::Envelope) {
            let entry = json!({
                "body": base64::encode(body.to_string().as_bytes()),
                "integratedTime": self.time,
                "logIndex": 4711,
                "logID": public(&log_v1()).fingerprint().hex()
            });
            let set = base64::encode(&self.set(&entry));
            let log = json!({"SignedEntryTimestamp": set, "Payload": entry});
            return match self.base {
                Base::Legacy => json!({"signature": base64::encode(&signature), "bundle": log}),
                _ => json!({"envelope": envelope.to_string(), "signature": "", "bundle": log}),
            };
        }
        let mut bundle = json!({
            "mediaType": BUNDLE,
            "verificationMaterial": {
                "publicKey": {"hint": signer_key.hint()},
                "tlogEntries": [self.entry(&body)]
            }
        });
        if self.is_file() {
            bundle["messageSignature"] = json!({
                "messageDigest": {"algorithm": "SHA2_256", "digest": base64::encode(digest.as_bytes())},
                "signature": base64::encode(&signature)
            });
        } else {
            bundle["dsseEnvelope"] = envelope;
        }
        bundle
    }

    /// The body that the log records: key, signature, digest.
    fn logged(&self, signature: &[u8], key: &PublicKey, digest: &Digest, payload: &[u8]) -> Value {
        let (sig, pem) = (base64::encode(signature), base64::encode(key.pem().as_bytes()));
        let hash = |digest: &Digest| json!({"algorithm": "sha256", "value": digest.hex()});
        let mut body = match self.base {
            Base::Legacy | Base::FileV1 => json!({
                "apiVersion": "0.0.1", "kind": "hashedrekord",
                "spec": {
                    "data": {"hash": hash(digest)},
                    "signature": {"content": sig, "publicKey": {"content": pem}}
                }
            }),
            Base::DsseV1 => json!({
                "apiVersion": "0.0.1", "kind": "dsse",
                "spec": {
                    "envelopeHash": hash(&Digest::of(b"an envelope as somebody printed it")),
                    "payloadHash": hash(&Digest::of(payload)),
                    "signatures": [{"signature": sig, "verifier": pem}]
                }
            }),
            Base::IntotoV1 => json!({
                "apiVersion": "0.0.2", "kind": "intoto",
                "spec": {"content": {
                    "envelope": {
                        "payloadType": self.payload_type,
                        "signatures": [{"sig": base64::encode(sig.as_bytes()), "publicKey": pem}]
                    },
                    "hash": hash(&Digest::of(b"an envelope as somebody printed it")),
                    "payloadHash": hash(&Digest::of(payload))
                }}
            }),
            Base::Envelope => json!({
                "apiVersion": "0.0.1", "kind": "intoto",
                "spec": {"content": {"hash": hash(digest)}, "publicKey": pem}
            }),
            Base::DsseV2 | Base::FileV2 => json!({
                "apiVersion": "0.0.2", "kind": "hashedrekord",
                "spec": {"hashedRekordV002": {
                    "data": {"algorithm": "SHA2_256", "digest": base64::encode(digest.as_bytes())},
                    "signature": {
                        "content": sig,
                        "verifier": {
                            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                            "publicKey": {"rawBytes": base64::encode(key.der())}
                        }
                    }
                }}
            }),
        };
        (self.body)(&mut body);
        body
    }

    fn set(&self, entry: &Value) -> Vec<u8> {
        // serde_json writes members sorted and without spaces: for these
        // four it is the canonical form.
        let key = if self.foreign_set { signer(9) } else { log_v1() };
        sign(&key, entry.to_string().as_bytes())
    }

    /// The entry, sixth of a tree of thirteen.
    fn entry(&self, body: &Value) -> Value {
        let bytes = body.to_string();
        let leaf = |bytes: &[u8]| *Digest::of(&[&[0], bytes].concat()).as_bytes();
        let mut leaves: Vec<_> = (0_u8..13).map(|i| leaf(&[i])).collect();
        leaves[6] = leaf(bytes.as_bytes());
        let root = tree(&leaves);
        let hashes: Vec<_> = path(6, &leaves).iter().map(|hash| base64::encode(hash)).collect();
        let (host, origin) =
            if self.is_v2() { (V2_HOST, V2_HOST.to_owned()) } else { (V1_HOST, format!("{V1_HOST} - 77")) };
        let text = (self.checkpoint)(format!("{origin}\n13\n{}\n", base64::encode(&root)));
        let (id, signature) = if self.is_v2() {
            use ed25519_dalek::Signer as _;
            let key = if self.foreign_checkpoint {
                ed25519_dalek::SigningKey::from_bytes(&[9; 32])
            } else {
                log_v2()
            };
            (v2_id(), key.sign(text.as_bytes()).to_bytes().to_vec())
        } else {
            let key = if self.foreign_checkpoint { signer(9) } else { log_v1() };
            (public(&log_v1()).fingerprint(), sign(&key, text.as_bytes()))
        };
        let line = base64::encode(&[&id.as_bytes()[..4], &signature].concat());
        let note = format!(
            "{text}\n\u{2014} witness.invalid {}\n\u{2014} {host} {line}\n",
            base64::encode(&[5; 72])
        );
        let index = if self.is_v2() { 6 } else { 900_006 };
        let mut entry = json!({
            "logIndex": index.to_string(),
            "logId": {"keyId": base64::encode(id.as_bytes())},
            "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
            "inclusionProof": {
                "logIndex": "6", "rootHash": base64::encode(&root), "treeSize": "13",
                "hashes": hashes, "checkpoint": {"envelope": note}
            },
            "canonicalizedBody": base64::encode(bytes.as_bytes())
        });
        if !self.is_v2() {
            let set = self.set(&json!({
                "body": base64::encode(bytes.as_bytes()), "integratedTime": self.time,
                "logID": id.hex(), "logIndex": index
            }));
            entry["integratedTime"] = json!(self.time.to_string());
            entry["inclusionPromise"] = json!({"signedEntryTimestamp": base64::encode(&set)});
        }
        entry
    }
}

/// The layer annotations of a [`Base::Legacy`] or [`Base::Envelope`] build.
pub fn annotations(build: &Value) -> String {
    json!({
        "dev.cosignproject.cosign/signature": build["signature"],
        "dev.sigstore.cosign/bundle": build["bundle"].to_string()
    })
    .to_string()
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    *Digest::of(&[[1].as_slice(), left, right].concat()).as_bytes()
}

fn tree(leaves: &[[u8; 32]]) -> [u8; 32] {
    if let [one] = leaves {
        return *one;
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    node(&tree(left), &tree(right))
}

fn path(index: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut hashes, sibling) = if index < left.len() {
        (path(index, left), tree(right))
    } else {
        (path(index - left.len(), right), tree(left))
    };
    hashes.push(sibling);
    hashes
}
