//! Evidence with one rule broken each, and what must be said about it.

use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::Error;
use webdis_verify::Result;
use webdis_verify::base::encoding::base64;
use webdis_verify::proof::cosign::{self, Annotations, SIGN_V1};
use webdis_verify::proof::sigstore::{Bundle, LogEvidence, TrustedRoot};

use super::hostile_log;
use super::stand_in::{self, Base, FILE, IMAGE, PROVENANCE, Plan, statement, subject};

/// One change, made at the moment at which an attacker could make it.
pub enum Change {
    /// Before anything is signed or logged: all signatures hold.
    Plan(fn(&mut Plan)),
    /// After: in the finished bundle or annotations.
    Parts(fn(&mut Value)),
    /// In the finished text.
    Text(fn(String) -> String),
}

pub struct Hostile {
    pub name: &'static str,
    pub base: Base,
    pub change: Change,
    /// The code that must be given.
    pub code: &'static str,
}

/// Judges evidence as the page would with a key and the log demanded.
pub fn judge(base: Base, change: &Change) -> Result<()> {
    let mut plan = Plan::new(base);
    if let Change::Plan(change) = change {
        change(&mut plan);
    }
    let mut parts = plan.build();
    if let Change::Parts(change) = change {
        change(&mut parts);
    }
    let annotated = matches!(base, Base::Legacy | Base::Envelope);
    let mut text = if annotated { stand_in::annotations(&parts) } else { parts.to_string() };
    if let Change::Text(change) = change {
        text = change(text);
    }
    let root = TrustedRoot::parse(plan.trusted_root().as_bytes())?;
    let key = stand_in::key();
    let evidence = if base == Base::Legacy {
        let annotations = Annotations::parse(text.as_bytes())?;
        let image = cosign::verify_payload(plan.payload.as_bytes(), &annotations, &key)?;
        image.names(&Digest::of(IMAGE).to_claim())?;
        image.log_evidence(&root)
    } else if base == Base::Envelope {
        let annotations = Annotations::parse(text.as_bytes())?;
        let envelope = parts["envelope"].as_str().unwrap();
        let image = cosign::verify_envelope(envelope.as_bytes(), &annotations, &key, PROVENANCE)?;
        image.names(&Digest::of(IMAGE).to_claim())?;
        image.log_evidence(&root)
    } else {
        let bundle = Bundle::parse(text.as_bytes())?;
        if plan.is_file() {
            let file = cosign::verify_file(&bundle, &Digest::of(FILE).to_claim(), &key);
            file?.log_evidence(&root)
        } else {
            let image = cosign::verify_bundle(&bundle, &key, SIGN_V1)?;
            image.names(&Digest::of(IMAGE).to_claim())?;
            image.log_evidence(&root)
        }
    };
    match evidence {
        LogEvidence::Proven(_) => Ok(()),
        LogEvidence::Failed(error) => Err(error),
        LogEvidence::Absent => Err(Error::new(webdis_verify::proof::sigstore::codes::LOG_ABSENT)),
    }
}

pub fn at<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Value {
    value.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

pub fn entry(value: &mut Value) -> &mut Value {
    at(value, "/verificationMaterial/tlogEntries/0")
}

pub fn proof(value: &mut Value) -> &mut Value {
    at(value, "/verificationMaterial/tlogEntries/0/inclusionProof")
}

/// Changes the bytes that a base64 text stands for.
pub fn bytes(value: &mut Value, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = base64::decode(value.as_str().unwrap()).unwrap();
    change(&mut bytes);
    *value = json!(base64::encode(&bytes));
}

pub fn flip(value: &mut Value) {
    bytes(value, |bytes| *bytes.last_mut().unwrap() ^= 1);
}

pub fn text(value: &mut Value, change: impl Fn(&str) -> String) {
    *value = json!(change(value.as_str().unwrap()));
}

pub fn note(value: &mut Value, change: impl Fn(&str) -> String) {
    text(at(proof(value), "/checkpoint/envelope"), change);
}

pub fn remove(value: &mut Value, pointer: &str, name: &str) {
    at(value, pointer).as_object_mut().unwrap().remove(name).unwrap_or_else(|| panic!("no {name}"));
}

/// Another well-formed signature, by nobody in particular.
pub fn other_signature(value: &mut Value) {
    let other = Plan { foreign_signer: true, ..Plan::new(Base::Legacy) }.build();
    *value = other["signature"].clone();
}

/// The body of a logged file signature, as another entry would hold it.
pub fn other_body() -> Value {
    Plan::new(Base::FileV1).build()["verificationMaterial"]["tlogEntries"][0]["canonicalizedBody"].clone()
}

macro_rules! table {
    ($( $base:ident $kind:ident $name:literal => $code:literal, $change:expr; )+) => {
        vec![$( Hostile { name: $name, base: Base::$base, change: Change::$kind($change), code: $code } ),+]
    };
}

pub(crate) use table;

/// Every rule broken once.
pub fn all() -> Vec<Hostile> {
    [signatures(), containers(), statements(), payloads(), hostile_log::all()].into_iter().flatten().collect()
}

fn signatures() -> Vec<Hostile> {
    table! {
        DsseV1 Plan "signed by another key" => "signature-invalid", |p| p.foreign_signer = true;
        FileV1 Plan "file signed by another key" => "signature-invalid", |p| p.foreign_signer = true;
        Legacy Plan "payload signed by another key" => "signature-invalid", |p| p.foreign_signer = true;
        DsseV1 Plan "signature over the payload, not its encoding" => "signature-invalid", |p| p.signed = Some(p.payload.clone().into_bytes());
        DsseV1 Plan "signature over the encoding of the base64 text" => "signature-invalid", |p| {
            p.signed = Some(webdis_verify::proof::sigstore::dsse::pae(p.payload_type, base64::encode(p.payload.as_bytes()).as_bytes()));
        };
        DsseV1 Plan "signature over an encoding with a wrong length" => "signature-invalid", |p| {
            p.signed = Some(format!("DSSEv1 {} {} 7 {}", p.payload_type.len(), p.payload_type, p.payload).into_bytes());
        };
        DsseV1 Parts "signature with a byte after it" => "signature-malformed", |v| bytes(at(v, "/dsseEnvelope/signatures/0/sig"), |b| b.push(0));
        DsseV1 Parts "signature cut short" => "signature-malformed", |v| bytes(at(v, "/dsseEnvelope/signatures/0/sig"), |b| { b.pop(); });
        DsseV1 Parts "signature with a long-form length" => "signature-malformed", |v| bytes(at(v, "/dsseEnvelope/signatures/0/sig"), |b| { b.insert(1, 0x81); });
        DsseV1 Parts "signature with an indefinite length" => "signature-malformed", |v| bytes(at(v, "/dsseEnvelope/signatures/0/sig"), |b| { b[1] = 0x80; b.extend([0, 0]); });
        DsseV1 Parts "signature with a padded integer" => "signature-malformed", |v| bytes(at(v, "/dsseEnvelope/signatures/0/sig"), |b| { b[1] += 1; b[3] += 1; b.insert(4, 0); });
        DsseV1 Parts "signature as r and s alone" => "signature-malformed", |v| *at(v, "/dsseEnvelope/signatures/0/sig") = json!(base64::encode(&[7; 64]));
        DsseV1 Parts "signature with r zero" => "signature-malformed", |v| *at(v, "/dsseEnvelope/signatures/0/sig") = json!(base64::encode(&[0x30, 6, 2, 1, 0, 2, 1, 1]));
        DsseV1 Parts "signature of ones" => "signature-invalid", |v| *at(v, "/dsseEnvelope/signatures/0/sig") = json!(base64::encode(&[0x30, 6, 2, 1, 1, 2, 1, 1]));
        DsseV1 Parts "another signature" => "signature-invalid", |v| other_signature(at(v, "/dsseEnvelope/signatures/0/sig"));
        FileV1 Parts "digest of another file" => "signed-another-file", |v| flip(at(v, "/messageSignature/messageDigest/digest"));
        FileV1 Parts "digest of another algorithm" => "digest-algorithm-unsupported", |v| *at(v, "/messageSignature/messageDigest/algorithm") = json!("SHA2_512");
        FileV1 Parts "digest of 31 bytes" => "bundle-malformed", |v| bytes(at(v, "/messageSignature/messageDigest/digest"), |b| { b.pop(); });
        Legacy Parts "no signature" => "cosign-signature-missing", |v| *at(v, "/signature") = json!("");
        Legacy Parts "signature in URL-safe base64" => "base64", |v| *at(v, "/signature") = json!("MEUCIQD__w==");
    }
}

fn containers() -> Vec<Hostile> {
    table! {
        DsseV1 Parts "media type of another version" => "bundle-version-unsupported", |v| v["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.4");
        DsseV1 Parts "media type with a parameter more" => "bundle-version-unsupported", |v| v["mediaType"] = json!("application/vnd.dev.sigstore.bundle.v0.3+json;x=1");
        DsseV1 Parts "media type of a version without its last number" => "bundle-version-unsupported", |v| v["mediaType"] = json!("application/vnd.dev.sigstore.bundle.v0.3.+json");
        DsseV1 Parts "media type of a version with a letter" => "bundle-version-unsupported", |v| v["mediaType"] = json!("application/vnd.dev.sigstore.bundle.v0.3.x+json");
        DsseV1 Parts "timestamp with an unknown member" => "bundle-unknown-member", |v| {
            v["verificationMaterial"]["timestampVerificationData"] = json!({"rfc3161Timestamps": [{"signedTimestamp": "AAAA", "x": 1}]});
        };
        DsseV1 Parts "media type missing" => "json-missing-member", |v| remove(v, "", "mediaType");
        DsseV1 Parts "both contents" => "bundle-malformed", |v| v["messageSignature"] = json!({"signature": "AAAA"});
        DsseV1 Parts "no content" => "bundle-malformed", |v| remove(v, "", "dsseEnvelope");
        DsseV1 Parts "key and certificate" => "bundle-malformed", |v| v["verificationMaterial"]["certificate"] = json!({"rawBytes": "AAAA"});
        DsseV1 Parts "neither key nor certificate" => "bundle-malformed", |v| remove(v, "/verificationMaterial", "publicKey");
        DsseV1 Parts "certificate instead of key" => "identity-not-supported-yet", |v| {
            remove(v, "/verificationMaterial", "publicKey");
            v["verificationMaterial"]["certificate"] = json!({"rawBytes": "AAAA"});
        };
        DsseV1 Parts "certificate chain instead of key" => "identity-not-supported-yet", |v| {
            remove(v, "/verificationMaterial", "publicKey");
            v["verificationMaterial"]["x509CertificateChain"] = json!({"certificates": [{"rawBytes": "AAAA"}]});
        };
        DsseV1 Parts "empty certificate chain" => "bundle-malformed", |v| {
            remove(v, "/verificationMaterial", "publicKey");
            v["verificationMaterial"]["x509CertificateChain"] = json!({"certificates": []});
        };
        DsseV1 Parts "unknown member" => "bundle-unknown-member", |v| v["extra"] = json!(1);
        DsseV1 Parts "member in another case" => "json-case-variant", |v| v["MediaType"] = json!("x");
        DsseV1 Parts "envelope without signatures" => "dsse-signatures", |v| v["dsseEnvelope"]["signatures"] = json!([]);
        DsseV1 Parts "envelope with two signatures" => "dsse-signatures", |v| {
            let one = v["dsseEnvelope"]["signatures"][0].clone();
            v["dsseEnvelope"]["signatures"] = json!([one, one]);
        };
        DsseV1 Plan "payload of another type" => "dsse-payload-type", |p| p.payload_type = "application/json";
        DsseV1 Parts "33 log entries" => "limit-exceeded", |v| {
            let one = entry(v).clone();
            v["verificationMaterial"]["tlogEntries"] = Value::Array(vec![one; 33]);
        };
        DsseV1 Parts "33 timestamps" => "limit-exceeded", |v| {
            let one = json!({"signedTimestamp": "AAAA"});
            v["verificationMaterial"]["timestampVerificationData"] = json!({"rfc3161Timestamps": vec![one; 33]});
        };
        DsseV1 Text "member twice" => "json-duplicate-member", |t| t.replacen('{', "{\"mediaType\":\"x\",", 1);
        DsseV1 Text "data after the bundle" => "json-trailing-data", |t| t + "{}";
        DsseV1 Text "byte order mark" => "json-byte-order-mark", |t| format!("\u{feff}{t}");
        DsseV1 Text "cut short" => "json-truncated", |t| t[..t.len() - 1].to_owned();
        DsseV1 Text "line break inside base64" => "base64", |t| t.replacen("\"payload\":\"ey", "\"payload\":\"e\\ny", 1);
        DsseV1 Parts "base64 without padding" => "base64", |v| text(at(v, "/verificationMaterial/tlogEntries/0/logId/keyId"), |t| t.trim_end_matches('=').to_owned());
        Legacy Parts "annotation that is no string" => "json-type", |v| v["signature"] = json!(7);
        Legacy Text "certificate beside the signature" => "identity-not-supported-yet", |t| t.replacen('{', "{\"dev.sigstore.cosign/certificate\":\"x\",", 1);
    }
}

fn statements() -> Vec<Hostile> {
    table! {
        DsseV1 Plan "attestation as signature" => "attestation-not-signature", |p| p.payload = statement(&subject(&Digest::of(IMAGE)), "https://slsa.dev/provenance/v1");
        DsseV1 Plan "another image" => "signed-another-image", |p| p.payload = statement(&subject(&Digest::of(b"other")), SIGN_V1);
        Envelope Plan "attestation of another image" => "signed-another-image", |p| p.payload = statement(&subject(&Digest::of(b"other")), PROVENANCE);
        Envelope Plan "attestation of a digest by another algorithm" => "digest-algorithm-unsupported", |p| p.payload = statement(&json!([{"digest": {"sha512": "00"}}]), PROVENANCE);
        Envelope Plan "attestation of another image and of a digest by another algorithm" => "digest-algorithm-unsupported", |p| {
            p.payload = statement(&json!([subject(&Digest::of(b"other"))[0], {"digest": {"sha512": "00"}}]), PROVENANCE);
        };
        Envelope Plan "attestation of nothing" => "statement-malformed", |p| p.payload = statement(&json!([{"digest": {}}]), PROVENANCE);
        Envelope Plan "attestation of another predicate type" => "attestation-not-signature", |p| p.payload = statement(&subject(&Digest::of(IMAGE)), SIGN_V1);
        Envelope Plan "attestation signed by another key" => "signature-invalid", |p| p.foreign_signer = true;
        Envelope Parts "envelope printed anew" => "log-body-digest", |v| text(at(v, "/envelope"), |t| t.replacen('{', "{ ", 1));
        Envelope Text "certificate beside the attestation" => "identity-not-supported-yet", |t| t.replacen('{', "{\"dev.sigstore.cosign/certificate\":\"x\",", 1);
        DsseV1 Plan "no subject" => "statement-malformed", |p| p.payload = statement(&json!([]), SIGN_V1);
        DsseV1 Plan "subject that is null" => "json-type", |p| p.payload = statement(&json!([null]), SIGN_V1);
        DsseV1 Plan "subject without digest" => "json-missing-member", |p| p.payload = statement(&json!([{"name": Digest::of(IMAGE).to_string()}]), SIGN_V1);
        DsseV1 Plan "subject with sha512 only" => "statement-malformed", |p| p.payload = statement(&json!([{"digest": {"sha512": "00"}}]), SIGN_V1);
        DsseV1 Plan "digest in upper case" => "statement-malformed", |p| p.payload = statement(&json!([{"digest": {"sha256": Digest::of(IMAGE).hex().to_uppercase()}}]), SIGN_V1);
        DsseV1 Plan "digest with its algorithm" => "statement-malformed", |p| p.payload = statement(&json!([{"digest": {"sha256": Digest::of(IMAGE).to_string()}}]), SIGN_V1);
        DsseV1 Plan "digest under another spelling" => "json-case-variant", |p| p.payload = statement(&json!([{"digest": {"SHA256": Digest::of(IMAGE).hex()}}]), SIGN_V1);
        DsseV1 Plan "statement of another type" => "statement-malformed", |p| p.payload = p.payload.replace("Statement/v1", "Statement/v2");
        DsseV1 Plan "statement with subjects twice" => "json-duplicate-member", |p| p.payload = p.payload.replacen('{', "{\"subject\":[],", 1);
        DsseV1 Plan "statement with a predicate that is no object" => "json-type", |p| p.payload = p.payload.replace("\"predicate\":{}", "\"predicate\":[]");
        DsseV1 Plan "statement that is not JSON" => "json-syntax", |p| p.payload = "a statement".to_owned();
        DsseV1 Plan "1,025 subjects" => "limit-exceeded", |p| p.payload = statement(&Value::Array(vec![subject(&Digest::of(IMAGE))[0].clone(); 1_025]), SIGN_V1);
        DsseV1 Plan "33 digests in a subject" => "limit-exceeded", |p| {
            let digests: serde_json::Map<_, _> = (0..33).map(|i| (format!("d{i}"), json!("00"))).collect();
            p.payload = statement(&json!([{"digest": digests}]), SIGN_V1);
        };
    }
}

fn payloads() -> Vec<Hostile> {
    table! {
        Legacy Plan "payload of another image" => "signed-another-image", |p| p.payload = stand_in::simple_payload(&Digest::of(b"other").to_string());
        Legacy Plan "payload of another type" => "payload-type", |p| p.payload = p.payload.replace("cosign container", "atomic container");
        Legacy Plan "payload without type" => "json-missing-member", |p| p.payload = p.payload.replace(",\"type\":\"cosign container image signature\"", "");
        Legacy Plan "payload with a critical member unknown" => "payload-malformed", |p| p.payload = p.payload.replace("\"critical\":{", "\"critical\":{\"x\":1,");
        Legacy Plan "payload with two digests" => "json-duplicate-member", |p| p.payload = p.payload.replace("\"image\":{", "\"image\":{\"docker-manifest-digest\":\"x\",");
        Legacy Plan "payload with a digest in two spellings" => "json-case-variant", |p| p.payload = p.payload.replace("\"image\":{", "\"image\":{\"Docker-Manifest-Digest\":\"x\",");
        Legacy Plan "payload with a digest in upper case" => "payload-malformed", |p| p.payload = stand_in::simple_payload(&Digest::of(IMAGE).to_string().to_uppercase().replace("SHA256", "sha256"));
        Legacy Plan "payload with a digest of another algorithm" => "payload-malformed", |p| p.payload = stand_in::simple_payload(&format!("sha512:{}", "0".repeat(128)));
        Legacy Plan "payload with the digest only in its name" => "signed-another-image", |p| {
            let other = stand_in::simple_payload(&Digest::of(b"other").to_string());
            p.payload = other.replace("example.invalid/image", &format!("example.invalid/image@{}", Digest::of(IMAGE)));
        };
        Legacy Plan "payload with data after it" => "json-trailing-data", |p| p.payload.push_str("{}");
        Legacy Plan "payload nested too deep" => "limit-exceeded", |p| p.payload = p.payload.replace("null}", &format!("{{\"a\":{}{}}}}}", "[".repeat(99), "]".repeat(99)));
        Legacy Plan "payload past the limit" => "limit-exceeded", |p| p.payload = p.payload.replace("null}", &format!("{{\"a\":\"{}\"}}}}", "x".repeat(1 << 20)));
        Legacy Plan "statement as payload" => "payload-malformed", |p| p.payload = statement(&subject(&Digest::of(IMAGE)), SIGN_V1);
    }
}

/// Valid twins: what must be accepted, the unusual included.
pub fn valid() -> Vec<Hostile> {
    table! {
        DsseV1 Plan "statement, Rekor v1" => "", |_| {};
        IntotoV1 Plan "statement, Rekor v1 intoto" => "", |_| {};
        DsseV2 Plan "statement, Rekor v2" => "", |_| {};
        FileV1 Plan "file, Rekor v1" => "", |_| {};
        FileV2 Plan "file, Rekor v2" => "", |_| {};
        Legacy Plan "simple signing, Rekor v1" => "", |_| {};
        Legacy Plan "simple signing, logged as rekord" => "", |p| p.body = |b| {
            b["kind"] = json!("rekord");
            at(b, "/spec/signature")["format"] = json!("x509");
        };
        Envelope Plan "attestation, Rekor v1 intoto of version 0.0.1" => "", |_| {};
        DsseV1 Plan "checkpoint of tree 0" => "", |p| p.checkpoint = |t| t.replace(" - 77", " - 0");
        DsseV1 Parts "bundle of version 0.3.1" => "", |v| v["mediaType"] = json!("application/vnd.dev.sigstore.bundle.v0.3.1+json");
        DsseV1 Parts "a timestamp, which is not examined" => "", |v| {
            v["verificationMaterial"]["timestampVerificationData"] = json!({"rfc3161Timestamps": [{"signedTimestamp": "AAAA"}]});
        };
        DsseV1 Parts "an empty hint" => "", |v| v["verificationMaterial"]["publicKey"]["hint"] = json!("");
        DsseV1 Plan "statement of version 0.1" => "", |p| p.payload = p.payload.replace("Statement/v1", "Statement/v0.1");
        Envelope Plan "attestation of the image and of a digest by another algorithm" => "", |p| {
            p.payload = statement(&json!([{"digest": {"sha512": "00"}}, subject(&Digest::of(IMAGE))[0]]), PROVENANCE);
        };
        DsseV1 Plan "second subject is the image" => "", |p| p.payload = statement(&json!([subject(&Digest::of(b"other"))[0], subject(&Digest::of(IMAGE))[0]]), SIGN_V1);
        DsseV1 Plan "time is the first of the log's key" => "", |p| p.time = 1_767_225_600;
        DsseV1 Plan "time is the last of the log's key" => "", |p| p.root = |r| r.replace("\"start\"", "\"end\":\"2026-05-17T06:40:00Z\",\"start\"");
        Legacy Plan "annotations" => "", |p| p.payload = p.payload.replace("null}", "{\"creator\":\"x\",\"timestamp\":7,\"k\":\"v\"}}");
        DsseV1 Parts "bundle of version 0.2" => "", |v| v["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.2");
        DsseV1 Parts "bundle of version 0.1 with a promise only" => "", |v| {
            v["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
            remove(entry(v), "", "inclusionProof");
        };
        DsseV1 Parts "proof without promise" => "", |v| { remove(entry(v), "", "inclusionPromise"); remove(entry(v), "", "integratedTime"); };
        DsseV1 Parts "numbers for strings of numbers" => "", |v| { entry(v)["logIndex"] = json!(900_006); proof(v)["treeSize"] = json!(13); };
        DsseV1 Parts "null for absent" => "", |v| { v["messageSignature"] = Value::Null; v["verificationMaterial"]["certificate"] = Value::Null; };
        DsseV1 Parts "no hint" => "", |v| v["verificationMaterial"]["publicKey"] = json!({});
        DsseV1 Parts "a hint that names another key" => "", |v| v["verificationMaterial"]["publicKey"]["hint"] = json!("AAAA");
        DsseV1 Parts "the same entry twice" => "", |v| {
            let one = entry(v).clone();
            at(v, "/verificationMaterial/tlogEntries").as_array_mut().unwrap().push(one);
        };
        DsseV1 Parts "an entry of an unknown log beside the right one" => "", |v| {
            let mut other = entry(v).clone();
            other["logId"]["keyId"] = json!(base64::encode(&[0; 32]));
            at(v, "/verificationMaterial/tlogEntries").as_array_mut().unwrap().push(other);
        };
        DsseV1 Parts "32 entries" => "", |v| {
            let one = entry(v).clone();
            v["verificationMaterial"]["tlogEntries"] = Value::Array(vec![one; 32]);
        };
        DsseV2 Parts "Rekor v2 without a body" => "", |v| remove(entry(v), "", "canonicalizedBody");
        DsseV1 Plan "1,024 subjects" => "", |p| p.payload = statement(&Value::Array(vec![subject(&Digest::of(IMAGE))[0].clone(); 1_024]), SIGN_V1);
        DsseV1 Text "white space around" => "", |t| format!("\n {t}\r\n");
    }
}
