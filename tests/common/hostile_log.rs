//! Log evidence with one rule broken each.

use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::base::encoding::base64;

use super::hostile::{
    Change, Hostile, at, bytes, entry, flip, note, other_body, other_signature, proof, remove, table, text,
};
use super::stand_in::{self, Base, FILE, Plan};

/// Every rule of the log broken once.
pub fn all() -> Vec<Hostile> {
    [logged(), promises(), proofs(), second_log(), roots()].into_iter().flatten().collect()
}

/// The log honestly recorded something, but not this.
fn logged() -> Vec<Hostile> {
    table! {
        Legacy Plan "another signature was logged" => "log-body-signature", |p| p.body = |b| other_signature(at(b, "/spec/signature/content"));
        Legacy Plan "another key was logged" => "log-body-key", |p| p.body = |b| *at(b, "/spec/signature/publicKey/content") = json!(base64::encode(stand_in::other_key().pem().as_bytes()));
        Legacy Plan "a certificate was logged" => "log-body-key", |p| p.body = |b| *at(b, "/spec/signature/publicKey/content") = json!(base64::encode(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
        Legacy Plan "another digest was logged" => "log-body-digest", |p| p.body = |b| *at(b, "/spec/data/hash/value") = json!(Digest::of(b"other").hex());
        Legacy Plan "a digest of another algorithm was logged" => "log-body-digest", |p| p.body = |b| *at(b, "/spec/data/hash/algorithm") = json!("sha512");
        Legacy Plan "a malformed digest was logged" => "log-entry-malformed", |p| p.body = |b| text(at(b, "/spec/data/hash/value"), str::to_uppercase);
        Legacy Plan "an unknown kind was logged" => "log-kind-unsupported", |p| p.body = |b| b["kind"] = json!("rpm");
        Legacy Plan "an unknown version was logged" => "log-kind-unsupported", |p| p.body = |b| b["apiVersion"] = json!("0.0.9");
        Legacy Plan "no digest was logged" => "json-missing-member", |p| p.body = |b| remove(b, "/spec/data", "hash");
        Legacy Plan "rekord of another format was logged" => "log-kind-unsupported", |p| p.body = |b| {
            b["kind"] = json!("rekord");
            at(b, "/spec/signature")["format"] = json!("pgp");
        };
        Legacy Plan "rekord: another digest was logged" => "log-body-digest", |p| p.body = |b| {
            b["kind"] = json!("rekord");
            at(b, "/spec/signature")["format"] = json!("x509");
            *at(b, "/spec/data/hash/value") = json!(Digest::of(b"other").hex());
        };
        Envelope Plan "another envelope was logged" => "log-body-digest", |p| p.body = |b| *at(b, "/spec/content/hash/value") = json!(Digest::of(b"other").hex());
        Envelope Plan "another key of the envelope was logged" => "log-body-key", |p| p.body = |b| *at(b, "/spec/publicKey") = json!(base64::encode(stand_in::other_key().pem().as_bytes()));
        DsseV1 Plan "the kind for bare envelopes was logged for a bundle" => "log-kind-unsupported", |p| p.body = |b| {
            *b = json!({"apiVersion": "0.0.1", "kind": "intoto", "spec": {"content": {"hash": {"algorithm": "sha256", "value": Digest::of(b"").hex()}}, "publicKey": "AAAA"}});
        };
        FileV1 Plan "another signature of the file was logged" => "log-body-signature", |p| p.body = |b| other_signature(at(b, "/spec/signature/content"));
        FileV1 Plan "another file was logged" => "log-body-digest", |p| p.body = |b| *at(b, "/spec/data/hash/value") = json!(Digest::of(b"other").hex());
        DsseV1 Plan "another signature of the statement was logged" => "log-body-signature", |p| p.body = |b| other_signature(at(b, "/spec/signatures/0/signature"));
        DsseV1 Plan "another key of the statement was logged" => "log-body-key", |p| p.body = |b| *at(b, "/spec/signatures/0/verifier") = json!(base64::encode(stand_in::other_key().pem().as_bytes()));
        DsseV1 Plan "another statement was logged" => "log-body-digest", |p| p.body = |b| *at(b, "/spec/payloadHash/value") = json!(Digest::of(b"other").hex());
        DsseV1 Plan "two signatures of the statement were logged" => "log-entry-malformed", |p| p.body = |b| {
            let one = b["spec"]["signatures"][0].clone();
            b["spec"]["signatures"] = json!([one, one]);
        };
        DsseV1 Plan "no signature of the statement was logged" => "log-entry-malformed", |p| p.body = |b| b["spec"]["signatures"] = json!([]);
        FileV1 Plan "the kind for statements was logged for a file" => "log-body-digest", |p| p.body = |b| {
            b["kind"] = json!("dsse");
            b["spec"] = json!({"signatures": [], "payloadHash": {"algorithm": "sha256", "value": Digest::of(FILE).hex()}});
        };
        IntotoV1 Plan "intoto: another signature was logged" => "log-body-signature", |p| p.body = |b| *at(b, "/spec/content/envelope/signatures/0/sig") = json!(base64::encode(b"AAAA"));
        IntotoV1 Plan "intoto: the signature was logged once encoded" => "base64", |p| p.body = |b| *at(b, "/spec/content/envelope/signatures/0/sig") = json!(base64::encode(b"\x30\x06"));
        IntotoV1 Plan "intoto: another key was logged" => "log-body-key", |p| p.body = |b| *at(b, "/spec/content/envelope/signatures/0/publicKey") = json!(base64::encode(stand_in::other_key().pem().as_bytes()));
        IntotoV1 Plan "intoto: another statement was logged" => "log-body-digest", |p| p.body = |b| *at(b, "/spec/content/payloadHash/value") = json!(Digest::of(b"other").hex());
    }
}

fn promises() -> Vec<Hostile> {
    table! {
        Legacy Plan "promise by another log" => "log-set-invalid", |p| p.foreign_set = true;
        Legacy Parts "promise altered" => "log-set-invalid", |v| flip(at(v, "/bundle/SignedEntryTimestamp"));
        Legacy Parts "another time" => "log-set-invalid", |v| *at(v, "/bundle/Payload/integratedTime") = json!(1_779_000_001);
        Legacy Parts "another index" => "log-set-invalid", |v| *at(v, "/bundle/Payload/logIndex") = json!(4712);
        Legacy Parts "log that nobody listed" => "log-unknown", |v| *at(v, "/bundle/Payload/logID") = json!("00".repeat(32));
        Legacy Parts "log id in upper case" => "log-entry-malformed", |v| text(at(v, "/bundle/Payload/logID"), str::to_uppercase);
        Legacy Parts "body of another entry" => "log-body-signature", |v| *at(v, "/bundle/Payload/body") = other_body();
        Legacy Parts "negative index" => "json-number", |v| *at(v, "/bundle/Payload/logIndex") = json!(-1);
        Legacy Parts "index past exact integers" => "json-number", |v| *at(v, "/bundle/Payload/logIndex") = json!(1_u64 << 53);
        Legacy Plan "time before the log's key" => "log-key-window", |p| p.time = 1_767_225_599;
        Legacy Plan "time after the log's key" => "log-key-window", |p| p.root = |r| r.replace("\"start\"", "\"end\":\"2026-05-16T00:00:00Z\",\"start\"");
        DsseV1 Plan "bundle: promise by another log" => "log-set-invalid", |p| p.foreign_set = true;
        DsseV1 Parts "bundle: promise altered" => "log-set-invalid", |v| flip(at(entry(v), "/inclusionPromise/signedEntryTimestamp"));
        DsseV1 Parts "bundle: another time" => "log-set-invalid", |v| entry(v)["integratedTime"] = json!("1779000001");
        DsseV1 Parts "bundle: another index" => "log-set-invalid", |v| entry(v)["logIndex"] = json!("900007");
        DsseV1 Parts "bundle: negative index" => "json-number", |v| entry(v)["logIndex"] = json!("-1");
        DsseV1 Parts "bundle: index with a leading zero" => "json-number", |v| entry(v)["logIndex"] = json!("0900006");
        DsseV1 Plan "bundle: time before the log's key" => "log-key-window", |p| p.time = 1_767_225_599;
        DsseV1 Parts "bundle: body of another entry" => "log-body-kind", |v| entry(v)["canonicalizedBody"] = other_body();
        DsseV1 Parts "bundle: kind that the body is not" => "log-body-kind", |v| entry(v)["kindVersion"]["kind"] = json!("intoto");
        DsseV1 Parts "bundle: version that the body is not" => "log-body-kind", |v| entry(v)["kindVersion"]["version"] = json!("0.0.2");
        DsseV1 Parts "bundle: index that is no number" => "json-number", |v| entry(v)["logIndex"] = json!("");
        DsseV1 Parts "bundle: empty promise" => "json-missing-member", |v| entry(v)["inclusionPromise"]["signedEntryTimestamp"] = json!("");
        DsseV1 Parts "bundle: empty body" => "log-entry-malformed", |v| entry(v)["canonicalizedBody"] = json!("");
        Legacy Text "empty log entry" => "log-evidence-absent", |t| {
            let mut v: Value = serde_json::from_str(&t).unwrap();
            v["dev.sigstore.cosign/bundle"] = json!("");
            v.to_string()
        };
        DsseV1 Parts "bundle: no body" => "log-entry-malformed", |v| remove(entry(v), "", "canonicalizedBody");
        DsseV1 Parts "bundle: log that nobody listed" => "log-unknown", |v| entry(v)["logId"]["keyId"] = json!(base64::encode(&[0; 32]));
        DsseV1 Parts "bundle: log id of 31 bytes" => "log-entry-malformed", |v| entry(v)["logId"]["keyId"] = json!(base64::encode(&[0; 31]));
        DsseV1 Parts "bundle: no log entry" => "log-evidence-absent", |v| v["verificationMaterial"]["tlogEntries"] = json!([]);
        DsseV1 Parts "bundle of version 0.1 without promise" => "bundle-without-log-evidence", |v| {
            v["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
            remove(entry(v), "", "inclusionPromise");
        };
        DsseV1 Parts "a wrong entry beside the right one" => "log-set-invalid", |v| {
            let mut wrong = entry(v).clone();
            flip(at(&mut wrong, "/inclusionPromise/signedEntryTimestamp"));
            at(v, "/verificationMaterial/tlogEntries").as_array_mut().unwrap().push(wrong);
        };
    }
}

fn proofs() -> Vec<Hostile> {
    table! {
        DsseV1 Parts "no proof" => "bundle-without-log-evidence", |v| remove(entry(v), "", "inclusionProof");
        DsseV1 Parts "no checkpoint" => "bundle-without-log-evidence", |v| remove(proof(v), "", "checkpoint");
        DsseV1 Parts "empty checkpoint" => "bundle-without-log-evidence", |v| note(v, |_| String::new());
        DsseV1 Plan "checkpoint of an empty tree" => "proof-checkpoint", |p| p.checkpoint = |t| t.replace("\n13\n", "\n0\n");
        DsseV1 Parts "proof of the first leaf" => "proof-root", |v| proof(v)["logIndex"] = json!("0");
        DsseV1 Parts "proof of another leaf" => "proof-root", |v| proof(v)["logIndex"] = json!("7");
        DsseV1 Parts "leaf outside the tree" => "proof-index", |v| proof(v)["logIndex"] = json!("13");
        DsseV1 Parts "size other than the checkpoint's" => "proof-checkpoint", |v| proof(v)["treeSize"] = json!("14");
        DsseV1 Parts "root other than the checkpoint's" => "proof-checkpoint", |v| flip(at(proof(v), "/rootHash"));
        DsseV1 Parts "no root" => "proof-checkpoint", |v| remove(proof(v), "", "rootHash");
        DsseV1 Parts "hash altered" => "proof-root", |v| flip(at(proof(v), "/hashes/0"));
        DsseV1 Parts "hash missing" => "proof-length", |v| { at(proof(v), "/hashes").as_array_mut().unwrap().pop(); };
        DsseV1 Parts "hash too many" => "proof-length", |v| at(proof(v), "/hashes").as_array_mut().unwrap().push(json!(base64::encode(&[0; 32])));
        DsseV1 Parts "hash of 31 bytes" => "log-entry-malformed", |v| bytes(at(proof(v), "/hashes/0"), |b| { b.pop(); });
        DsseV1 Parts "hashes swapped" => "proof-root", |v| at(proof(v), "/hashes").as_array_mut().unwrap().swap(0, 1);
        DsseV1 Parts "64 hashes" => "limit-exceeded", |v| proof(v)["hashes"] = json!(vec![base64::encode(&[0; 32]); 64]);
        DsseV1 Plan "checkpoint by another key" => "checkpoint-signature", |p| p.foreign_checkpoint = true;
        DsseV1 Parts "checkpoint of another size" => "checkpoint-signature", |v| note(v, |n| n.replacen("\n13\n", "\n14\n", 1));
        DsseV1 Parts "checkpoint with another hint" => "checkpoint-not-signed-by-log", |v| note(v, |n| {
            let (head, line) = n.trim_end().rsplit_once(' ').unwrap();
            let mut bytes = base64::decode(line).unwrap();
            bytes[0] ^= 1;
            format!("{head} {}\n", base64::encode(&bytes))
        });
        DsseV1 Parts "checkpoint signed under another name" => "checkpoint-not-signed-by-log", |v| note(v, |n| n.replace("\u{2014} rekor.", "\u{2014} rekor2."));
        DsseV1 Plan "checkpoint of another origin" => "checkpoint-origin", |p| p.checkpoint = |t| t.replace("rekor.", "other.");
        DsseV1 Plan "checkpoint without a tree id" => "checkpoint-origin", |p| p.checkpoint = |t| t.replace(" - 77", "");
        DsseV1 Plan "checkpoint of an origin that only begins so" => "checkpoint-origin", |p| p.checkpoint = |t| t.replace(".invalid - 77", ".invalid.example - 77");
        DsseV1 Plan "checkpoint without size" => "checkpoint-malformed", |p| p.checkpoint = |t| t.replace("\n13\n", "\n");
        DsseV1 Plan "checkpoint with a signed size" => "checkpoint-malformed", |p| p.checkpoint = |t| t.replace("\n13\n", "\n+13\n");
        DsseV1 Plan "checkpoint with a leading zero" => "checkpoint-malformed", |p| p.checkpoint = |t| t.replace("\n13\n", "\n013\n");
        DsseV1 Plan "checkpoint with an empty origin" => "checkpoint-malformed", |p| p.checkpoint = |t| format!("\n{t}");
        DsseV1 Plan "checkpoint with a short root" => "checkpoint-malformed", |p| p.checkpoint = |t| t.lines().take(2).collect::<Vec<_>>().join("\n") + "\nAAAA\n";
        DsseV1 Parts "checkpoint without its last line feed" => "checkpoint-malformed", |v| note(v, |n| n.trim_end().to_owned());
        DsseV1 Parts "checkpoint without signatures" => "checkpoint-malformed", |v| note(v, |n| n.split_once("\n\n").unwrap().0.to_owned() + "\n\n");
        DsseV1 Parts "checkpoint with CRLF" => "checkpoint-malformed", |v| note(v, |n| n.replace('\n', "\r\n"));
        DsseV1 Parts "checkpoint with a hyphen for the dash" => "checkpoint-malformed", |v| note(v, |n| n.replace('\u{2014}', "-"));
        DsseV1 Parts "checkpoint of 65 lines" => "limit-exceeded", |v| note(v, |n| n.to_owned() + &"\u{2014} witness.invalid AAAAAAAA\n".repeat(65));
        DsseV1 Parts "a second signature by the log that fails" => "checkpoint-signature", |v| note(v, |n| {
            let line = n.lines().last().unwrap();
            let (head, value) = line.rsplit_once(' ').unwrap();
            let mut bytes = base64::decode(value).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            format!("{n}{head} {}\n", base64::encode(&bytes))
        });
    }
}

fn second_log() -> Vec<Hostile> {
    table! {
        DsseV2 Plan "v2: another key was logged" => "log-body-rebuilt", |p| p.body = |b| *at(b, "/spec/hashedRekordV002/signature/verifier/publicKey/rawBytes") = json!(base64::encode(stand_in::other_key().der()));
        DsseV2 Plan "v2: another signature was logged" => "log-body-rebuilt", |p| p.body = |b| other_signature(at(b, "/spec/hashedRekordV002/signature/content"));
        DsseV2 Plan "v2: another digest was logged" => "log-body-rebuilt", |p| p.body = |b| flip(at(b, "/spec/hashedRekordV002/data/digest"));
        FileV2 Plan "v2: another file was logged" => "log-body-rebuilt", |p| p.body = |b| flip(at(b, "/spec/hashedRekordV002/data/digest"));
        DsseV2 Parts "v2: another body" => "log-body-rebuilt", |v| entry(v)["canonicalizedBody"] = other_body();
        DsseV2 Parts "v2: an entry about another signature, body left out" => "proof-root", |v| {
            *v = Plan { body: |b| other_signature(at(b, "/spec/hashedRekordV002/signature/content")), ..Plan::new(Base::DsseV2) }.build();
            remove(entry(v), "", "canonicalizedBody");
        };
        DsseV2 Parts "v2: another index" => "proof-checkpoint", |v| entry(v)["logIndex"] = json!("7");
        DsseV2 Parts "v2: both indexes moved" => "proof-root", |v| { entry(v)["logIndex"] = json!("7"); proof(v)["logIndex"] = json!("7"); };
        DsseV2 Parts "v2: size other than the checkpoint's" => "proof-checkpoint", |v| proof(v)["treeSize"] = json!("14");
        DsseV2 Parts "v2: hash altered" => "proof-root", |v| flip(at(proof(v), "/hashes/1"));
        DsseV2 Plan "v2: checkpoint by another key" => "checkpoint-signature", |p| p.foreign_checkpoint = true;
        DsseV2 Plan "v2: checkpoint of another origin" => "checkpoint-origin", |p| p.checkpoint = |t| t.replace("log.", "other.");
        DsseV2 Plan "v2: checkpoint in the form of v1" => "checkpoint-origin", |p| p.checkpoint = |t| t.replace("8080\n", "8080 - 77\n");
        DsseV2 Parts "v2: no proof" => "bundle-without-log-evidence", |v| remove(entry(v), "", "inclusionProof");
        DsseV2 Parts "v2: a promise alone, in a bundle of version 0.1" => "log-entry-without-evidence", |v| {
            v["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
            entry(v)["inclusionPromise"] = json!({"signedEntryTimestamp": "AAAA"});
            remove(entry(v), "", "inclusionProof");
        };
        DsseV2 Parts "v2: entry of v1 claimed" => "log-body-kind", |v| entry(v)["kindVersion"]["version"] = json!("0.0.1");
        DsseV2 Plan "v2: log key retired, no verified time" => "log-time-unknown", |p| p.root = |r| r.replace("\"start\"", "\"end\":\"2027-01-01T00:00:00Z\",\"start\"");
    }
}

fn roots() -> Vec<Hostile> {
    table! {
        DsseV1 Plan "root without start of the log's key" => "log-unusable", |p| p.root = |r| r.replace("\"start\"", "\"end\"");
        DsseV1 Plan "root with another key under the log's id" => "log-unusable", |p| p.root = |r| {
            let mut root: Value = serde_json::from_str(&r).unwrap();
            *at(&mut root, "/tlogs/0/publicKey/rawBytes") = json!(base64::encode(stand_in::other_key().der()));
            root.to_string()
        };
        DsseV1 Plan "root with a log hash that is not SHA-256" => "log-unusable", |p| p.root = |r| r.replace("SHA2_256", "SHA2_384");
        DsseV1 Plan "root without the log" => "log-unknown", |p| p.root = |r| {
            let mut root: Value = serde_json::from_str(&r).unwrap();
            root["tlogs"] = json!([]);
            root.to_string()
        };
        DsseV1 Plan "root with the log twice" => "trusted-root-malformed", |p| p.root = |r| {
            let mut root: Value = serde_json::from_str(&r).unwrap();
            root["tlogs"][1] = root["tlogs"][0].clone();
            root.to_string()
        };
        DsseV1 Plan "root that is none" => "trusted-root-malformed", |p| p.root = |r| r.replace("trustedroot", "bundle");
    }
}
