//! Every rule of the Content Trust check broken once, on metadata signed in
//! the test; each must be refused for the right reason, and what only looks
//! odd must pass.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod notary_signer;

use notary_signer::{Cert, MANIFEST, Repo, b64, bare, bare_id, id_of, key_object, spki};
use serde_json::{Value, json};
use webdis_verify::tuf::{Signer, Verdict};

type Case = (&'static str, &'static str, fn(&mut Repo));
type Odd = (&'static str, Verdict, fn(&mut Repo));
type Lookup = (&'static str, &'static str, &'static str, fn(&mut Repo, Value));

fn flip(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from), "{from} not in {text}");
    *text = text.replacen(from, to, 1);
}

fn signature(file: &mut Value) -> &mut Value {
    &mut file["signatures"][0]["sig"]
}

fn add_key(root: &mut Value, role: &str, id: &str, key: Value) {
    root["keys"][id] = key;
    root["roles"][role]["keyids"].as_array_mut().unwrap().push(json!(id));
}

/// Cases that must not give a collection: name, code, change.
const REFUSED: &[Case] = &[
    ("root changed after signing", "notary-signature", |r| {
        r.file.push(("root", Box::new(|f| f["signed"]["version"] = json!(2))))
    }),
    ("targets changed after signing", "notary-signature", |r| {
        r.file.push(("targets", Box::new(|f| f["signed"]["version"] = json!(9))))
    }),
    ("releases changed after signing", "notary-signature", |r| {
        r.file.push(("targets/releases", Box::new(|f| f["signed"]["version"] = json!(9))))
    }),
    ("snapshot changed after signing", "notary-signature", |r| {
        r.file.push(("snapshot", Box::new(|f| f["signed"]["version"] = json!(9))))
    }),
    ("timestamp changed after signing", "notary-signature", |r| {
        r.file.push(("timestamp", Box::new(|f| f["signed"]["version"] = json!(9))))
    }),
    ("targets changed late", "notary-hash-mismatch", |r| {
        r.late.push(("targets", Box::new(|t| flip(t, "\"1.0\"", "\"1.1\""))))
    }),
    ("releases changed late", "notary-hash-mismatch", |r| {
        r.late.push(("targets/releases", Box::new(|t| flip(t, "\"2.0\"", "\"2.1\""))))
    }),
    ("snapshot changed late", "notary-hash-mismatch", |r| {
        r.late.push(("snapshot", Box::new(|t| flip(t, "\"version\":5", "\"version\":4"))))
    }),
    ("targets signed by a stranger", "notary-signed-by-others", |r| {
        drop(r.signers.insert("targets", vec![(bare_id("mallory"), "mallory")]))
    }),
    ("targets signed by a stranger under the right id", "notary-signature", |r| {
        drop(r.signers.insert("targets", vec![(bare_id("targets"), "mallory")]))
    }),
    ("releases signed by the repository key", "notary-signed-by-others", |r| {
        drop(r.signers.insert("targets/releases", vec![(bare_id("targets"), "targets")]))
    }),
    ("timestamp signed by the snapshot key", "notary-signed-by-others", |r| {
        drop(r.signers.insert("timestamp", vec![(bare_id("snapshot"), "snapshot")]))
    }),
    ("snapshot signed by the timestamp key", "notary-signed-by-others", |r| {
        drop(r.signers.insert("snapshot", vec![(bare_id("timestamp"), "timestamp")]))
    }),
    ("root signed by nobody pinned", "notary-signed-by-others", |r| {
        drop(r.signers.insert("root", vec![(bare_id("mallory"), "mallory")]))
    }),
    ("another root entirely", "notary-root-key-differs", |r| {
        let pins = r.pins.clone();
        r.certificate(Cert { after: "370101000000Z", ..Cert::good() }.object());
        r.pins = pins;
    }),
    ("another repository key", "notary-repository-key-differs", |r| r.pins.repository = vec!["0".repeat(64)]),
    ("no pins", "notary-no-pins", |r| r.pins.root.clear()),
    ("signed by a second repository key only", "notary-repository-key-differs", |r| {
        add_key(r.at("root"), "targets", &bare_id("m"), bare("m"));
        r.signers.insert("targets", vec![(bare_id("m"), "m")]);
    }),
    ("signer is not the documented one", "notary-signer-key-differs", |r| {
        r.pins.signers = vec![Signer { name: "alice".into(), key_id: bare_id("mallory") }]
    }),
    ("pinned id over another key", "notary-key-id", |r| {
        let id = r.pins.repository[0].clone();
        r.at("root")["keys"][&id] = bare("mallory");
        r.signers.insert("targets", vec![(id, "mallory")]);
    }),
    ("pinned root id over another certificate", "notary-key-id", |r| {
        let id = r.pins.root[0].clone();
        r.at("root")["keys"][&id] = Cert { key: "mallory", ..Cert::good() }.object();
        r.signers.insert("root", vec![(id, "mallory")]);
    }),
    ("delegate id over another key", "notary-key-id", |r| {
        r.at("targets")["delegations"]["keys"][&bare_id("alice")] = bare("mallory")
    }),
    ("certificate of another repository", "notary-certificate-name", |r| {
        r.certificate(Cert { name: "docker.io/example/other".into(), ..Cert::good() }.object())
    }),
    ("certificate of a longer name", "notary-certificate-name", |r| {
        r.certificate(Cert { name: "docker.io/example/webdis2".into(), ..Cert::good() }.object())
    }),
    ("certificate of a prefix without star", "notary-certificate-name", |r| {
        r.certificate(Cert { name: "docker.io/example/".into(), ..Cert::good() }.object())
    }),
    ("certificate with a foreign star", "notary-certificate-name", |r| {
        r.certificate(Cert { name: "docker.io/other/*".into(), ..Cert::good() }.object())
    }),
    ("certificate past its end", "notary-root-expired", |r| {
        r.certificate(Cert { after: "260101000000Z", ..Cert::good() }.object())
    }),
    ("certificate not yet valid", "notary-certificate-early", |r| {
        r.certificate(Cert { before: "280101000000Z", ..Cert::good() }.object())
    }),
    ("certificate that ends before it begins", "notary-certificate-form", |r| {
        r.certificate(Cert { before: "250101000000Z", after: "240101000000Z", ..Cert::good() }.object())
    }),
    ("certificate signed with SHA-1", "notary-certificate-weak", |r| {
        r.certificate(Cert { algorithm: vec![0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], ..Cert::good() }.object())
    }),
    ("certificate of two algorithms", "notary-certificate-form", |r| {
        r.certificate(Cert { inner: Some(vec![0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1]), ..Cert::good() }.object())
    }),
    ("certificate of an authority", "notary-certificate-form", |r| {
        r.certificate(Cert { authority: true, ..Cert::good() }.object())
    }),
    ("two leaf certificates", "notary-certificate-form", |r| {
        r.certificate(key_object("ecdsa-x509", Cert::good().pem().repeat(2).as_bytes()))
    }),
    ("certificate that is none", "notary-certificate-form", |r| {
        r.certificate(key_object(
            "ecdsa-x509",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ))
    }),
    ("bare key as root key", "notary-root-not-certificate", |r| r.certificate(bare("root"))),
    ("root expired", "notary-root-expired", |r| r.at("root")["expires"] = json!("2026-11-21T11:59:59Z")),
    ("no signatures", "notary-no-signatures", |r| {
        r.file.push(("targets", Box::new(|f| f["signatures"] = json!([]))))
    }),
    ("null signatures", "notary-no-signatures", |r| {
        r.file.push(("timestamp", Box::new(|f| f["signatures"] = Value::Null)))
    }),
    ("threshold not met", "notary-threshold", |r| {
        add_key(r.at("root"), "targets", &bare_id("b"), bare("b"));
        r.at("root")["roles"]["targets"]["threshold"] = json!(2);
    }),
    ("one key twice for a threshold of two", "notary-threshold", |r| {
        let cert = Cert { key: "targets", ..Cert::good() }.object();
        let id = id_of(&cert);
        add_key(r.at("root"), "targets", &id, cert);
        r.at("root")["roles"]["targets"]["threshold"] = json!(2);
        r.signers.get_mut("targets").unwrap().push((id, "targets"));
    }),
    ("one signature twice for a threshold of two", "notary-threshold", |r| {
        add_key(r.at("root"), "targets", &bare_id("b"), bare("b"));
        r.at("root")["roles"]["targets"]["threshold"] = json!(2);
        let again = r.signers["targets"][0].clone();
        r.signers.get_mut("targets").unwrap().push(again);
    }),
    ("threshold 0", "notary-threshold-value", |r| r.at("root")["roles"]["timestamp"]["threshold"] = json!(0)),
    ("threshold negative", "notary-threshold-value", |r| {
        r.at("root")["roles"]["snapshot"]["threshold"] = json!(-1)
    }),
    ("delegation threshold 0", "notary-threshold-value", |r| {
        r.at("targets")["delegations"]["roles"][1]["threshold"] = json!(0)
    }),
    ("role without its key", "notary-key-absent", |r| {
        r.at("root")["roles"]["targets"]["keyids"] = json!(["0000"])
    }),
    ("delegation without its key", "notary-key-absent", |r| {
        r.at("targets")["delegations"]["keys"] = json!({})
    }),
    ("root without a role", "notary-role-absent", |r| {
        drop(r.at("root")["roles"].as_object_mut().unwrap().remove("timestamp"))
    }),
    ("signature in DER", "signature-malformed", |r| {
        r.file.push((
            "targets",
            Box::new(|f| {
                *signature(f) =
                    json!(b64(&[&[0x30, 0x44, 2, 0x20][..], &[1; 32], &[2, 0x20], &[1; 32]].concat()))
            }),
        ))
    }),
    ("signature of 63 bytes", "signature-malformed", |r| {
        r.file.push(("targets", Box::new(|f| *signature(f) = json!(b64(&[1; 63])))))
    }),
    ("signature of 65 bytes", "signature-malformed", |r| {
        r.file.push(("targets", Box::new(|f| *signature(f) = json!(b64(&[1; 65])))))
    }),
    ("signature of zeros", "signature-malformed", |r| {
        r.file.push(("targets", Box::new(|f| *signature(f) = json!(b64(&[0; 64])))))
    }),
    ("signature over range", "signature-malformed", |r| {
        r.file.push(("targets", Box::new(|f| *signature(f) = json!(b64(&[0xff; 64])))))
    }),
    ("signature not base64", "base64", |r| {
        r.file.push(("targets", Box::new(|f| *signature(f) = json!("*"))))
    }),
    ("signature in hexadecimal", "signature-malformed", |r| {
        r.file.push(("targets", Box::new(|f| *signature(f) = json!("ab".repeat(64)))))
    }),
    ("method unknown", "notary-method", |r| {
        r.file.push(("targets", Box::new(|f| f["signatures"][0]["method"] = json!("ecdsa-sha2-nistp256"))))
    }),
    ("method of another key type", "notary-method", |r| {
        r.file.push(("targets", Box::new(|f| f["signatures"][0]["method"] = json!("eddsa"))))
    }),
    ("method empty", "notary-method", |r| {
        r.file.push(("timestamp", Box::new(|f| f["signatures"][0]["method"] = json!(""))))
    }),
    ("unsupported timestamp key", "notary-key-unsupported", |r| {
        let key = key_object("ed25519", &[7; 32]);
        let id = id_of(&key);
        let root = r.at("root");
        root["keys"][&id] = key;
        root["roles"]["timestamp"]["keyids"] = json!([&id]);
        r.signers.insert("timestamp", vec![(id, "timestamp")]);
    }),
    ("P-384 key", "notary-key-unsupported", |r| {
        let mut p384 = vec![
            0x30, 0x76, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22,
            3, 0x62, 0, 4,
        ];
        p384.extend([9; 96]);
        let key = key_object("ecdsa", &p384);
        let id = id_of(&key);
        r.at("root")["keys"][&id] = key;
        r.at("root")["roles"]["targets"]["keyids"] = json!([&id]);
        r.pins.repository = vec![id.clone()];
        r.signers.insert("targets", vec![(id, "targets")]);
    }),
    ("type in lower case", "notary-wrong-type", |r| r.at("targets")["_type"] = json!("targets")),
    ("type of another file", "notary-wrong-type", |r| {
        let snapshot = r.signed["targets/alice"].clone();
        *r.at("targets") = snapshot;
        r.at("targets")["_type"] = json!("Mirrors");
    }),
    ("a delegation's file as targets", "notary-signed-by-others", |r| {
        *r.at("targets") = r.signed["targets/alice"].clone();
        r.signers.insert("targets", r.signers["targets/alice"].clone());
    }),
    ("version 0", "notary-version", |r| r.at("targets")["version"] = json!(0)),
    ("version negative", "json-number", |r| r.at("targets")["version"] = json!(-3)),
    ("version absent", "json-missing-member", |r| {
        drop(r.at("snapshot").as_object_mut().unwrap().remove("version"))
    }),
    ("version a text", "json-type", |r| r.at("timestamp")["version"] = json!("6")),
    ("version a fraction", "json-number", |r| {
        r.text.push(("targets", Box::new(|t| flip(t, "\"version\":3", "\"version\":3.0"))))
    }),
    ("an integer beyond 2^53", "json-number", |r| {
        r.at("targets")["targets"]["1.0"]["custom"] = json!(9_007_199_254_740_993_u64)
    }),
    ("expires absent", "json-missing-member", |r| {
        drop(r.at("root").as_object_mut().unwrap().remove("expires"))
    }),
    ("expires with a blank", "notary-expires", |r| {
        r.at("targets")["expires"] = json!("2030-01-01 00:00:00Z")
    }),
    ("expires in lower case", "notary-expires", |r| {
        r.at("timestamp")["expires"] = json!("2030-01-01t00:00:00z")
    }),
    ("expires on no day", "notary-expires", |r| r.at("targets")["expires"] = json!("2030-02-30T00:00:00Z")),
    ("snapshot without root", "notary-snapshot-lacks", |r| {
        r.meta.push(("snapshot", Box::new(|s| drop(s["meta"].as_object_mut().unwrap().remove("root")))))
    }),
    ("snapshot without targets", "notary-snapshot-lacks", |r| {
        r.meta.push(("snapshot", Box::new(|s| drop(s["meta"].as_object_mut().unwrap().remove("targets")))))
    }),
    ("snapshot without sha256", "notary-hash-form", |r| {
        r.meta.push((
            "snapshot",
            Box::new(|s| drop(s["meta"]["targets"]["hashes"].as_object_mut().unwrap().remove("sha256"))),
        ))
    }),
    ("snapshot with a short hash", "notary-hash-form", |r| {
        r.meta.push(("snapshot", Box::new(|s| s["meta"]["root"]["hashes"]["sha256"] = json!(b64(&[1; 31])))))
    }),
    ("snapshot with a hexadecimal hash", "notary-hash-form", |r| {
        r.meta
            .push(("snapshot", Box::new(|s| s["meta"]["root"]["hashes"]["sha256"] = json!("ab".repeat(32)))))
    }),
    ("snapshot with another root hash", "notary-hash-mismatch", |r| {
        r.meta.push(("snapshot", Box::new(|s| s["meta"]["root"]["hashes"]["sha256"] = json!(b64(&[1; 32])))))
    }),
    ("snapshot with a wrong sha512", "notary-sha512-mismatch", |r| {
        r.meta
            .push(("snapshot", Box::new(|s| s["meta"]["targets"]["hashes"]["sha512"] = json!(b64(&[1; 64])))))
    }),
    ("snapshot with a wrong length", "notary-length-mismatch", |r| {
        r.meta.push(("snapshot", Box::new(|s| s["meta"]["targets"]["length"] = json!(1))))
    }),
    ("snapshot without the releases file", "notary-not-in-snapshot", |r| {
        r.meta.push((
            "snapshot",
            Box::new(|s| drop(s["meta"].as_object_mut().unwrap().remove("targets/releases"))),
        ))
    }),
    ("timestamp without snapshot", "json-missing-member", |r| {
        r.meta.push(("timestamp", Box::new(|s| s["meta"] = json!({}))))
    }),
    ("timestamp of another snapshot", "notary-hash-mismatch", |r| {
        r.meta.push((
            "timestamp",
            Box::new(|s| s["meta"]["snapshot"]["hashes"]["sha256"] = json!(b64(&[1; 32]))),
        ))
    }),
    ("timestamp without sha256", "notary-hash-form", |r| {
        r.meta.push((
            "timestamp",
            Box::new(|s| drop(s["meta"]["snapshot"]["hashes"].as_object_mut().unwrap().remove("sha256"))),
        ))
    }),
    ("timestamp with a wrong length", "notary-length-mismatch", |r| {
        r.meta.push(("timestamp", Box::new(|s| s["meta"]["snapshot"]["length"] = json!(2))))
    }),
    ("delegation without prefix", "notary-delegation-name", |r| {
        r.at("targets")["delegations"]["roles"][1]["name"] = json!("releases")
    }),
    ("delegation with dots", "notary-delegation-name", |r| {
        r.at("targets")["delegations"]["roles"][1]["name"] = json!("targets/../releases")
    }),
    ("delegation in capitals", "notary-delegation-name", |r| {
        r.at("targets")["delegations"]["roles"][1]["name"] = json!("targets/Releases")
    }),
    ("delegation with a trailing slash", "notary-delegation-name", |r| {
        r.at("targets")["delegations"]["roles"][1]["name"] = json!("targets/releases/")
    }),
    ("delegation of a long name", "notary-delegation-name", |r| {
        r.at("targets")["delegations"]["roles"][1]["name"] = json!(format!("targets/{}", "a".repeat(248)))
    }),
    ("delegation two levels down", "notary-delegation-child", |r| {
        r.at("targets")["delegations"]["roles"][1]["name"] = json!("targets/alice/x")
    }),
    ("delegation twice", "notary-delegation-twice", |r| {
        r.at("targets")["delegations"]["roles"][0]["name"] = json!("targets/releases")
    }),
    ("releases delegating to a sibling", "notary-delegation-child", |r| {
        let all = r.signed["targets"]["delegations"].clone();
        r.at("targets/releases")["delegations"] = all;
    }),
    ("a duplicate member", "json-duplicate-member", |r| {
        r.text.push(("targets", Box::new(|t| flip(t, "\"version\":3", "\"version\":2,\"version\":3"))))
    }),
    ("a duplicate by escape", "json-duplicate-member", |r| {
        r.text.push(("targets", Box::new(|t| flip(t, "\"version\":3", "\"versio\\u006e\":2,\"version\":3"))))
    }),
    ("a case variant", "json-case-variant", |r| r.at("targets")["Targets"] = json!({})),
    ("a case variant by the long s", "json-case-variant", |r| r.at("targets")["target\u{17f}"] = json!({})),
    ("a case variant by the Kelvin sign", "json-case-variant", |r| r.at("root")["\u{212a}eys"] = json!({})),
    ("a case variant beside the signature", "json-case-variant", |r| {
        r.text.push(("timestamp", Box::new(|t| flip(t, "{\"signed\"", "{\"Signatures\":[],\"signed\""))))
    }),
    ("a byte order mark", "json-byte-order-mark", |r| {
        r.text.push(("targets", Box::new(|t| t.insert(0, '\u{feff}'))))
    }),
    ("data after the value", "json-trailing-data", |r| r.text.push(("targets", Box::new(|t| t.push('x'))))),
    ("a lone surrogate", "json-lone-surrogate", |r| {
        r.text.push(("targets", Box::new(|t| flip(t, "\"1.0\"", "\"1\\ud8000\""))))
    }),
    ("not metadata", "notary-not-metadata", |r| {
        r.late.push(("targets", Box::new(|t| *t = "{\"signed\":{}}".into())))
    }),
    ("a list", "notary-not-metadata", |r| r.late.push(("root", Box::new(|t| *t = "[]".into())))),
    ("33 signatures", "limit-exceeded", |r| {
        r.file.push((
            "targets",
            Box::new(|f| {
                let one = f["signatures"][0].clone();
                f["signatures"] = json!(vec![one; 33]);
            }),
        ))
    }),
    ("root absent", "notary-file-missing", |r| r.absent.push("root")),
    ("targets absent", "notary-file-missing", |r| r.absent.push("targets")),
    ("releases absent", "notary-file-missing", |r| r.absent.push("targets/releases")),
    ("two targets files", "notary-two-files", |r| {
        r.absent = vec!["snapshot", "timestamp"];
        let mut other = Repo::new();
        other.at("targets")["version"] = json!(8);
        let (_, bytes) = other.files().into_iter().find(|(n, _)| n == "targets.json").unwrap();
        r.extra.push(("b/targets.json".into(), String::from_utf8(bytes).unwrap()));
    }),
];

/// Changes that must leave a set authentic: name, verdict, change.
const ACCEPTED: &[Odd] = &[
    ("as it is", Verdict::Fresh, |_| {}),
    ("wildcard certificate", Verdict::Fresh, |r| {
        r.certificate(Cert { name: "docker.io/example/*".into(), ..Cert::good() }.object())
    }),
    ("leaf, then authority", Verdict::Fresh, |r| {
        let ca = Cert { authority: true, ..Cert::good() };
        r.certificate(key_object("ecdsa-x509", format!("{}{}", Cert::good().pem(), ca.pem()).as_bytes()));
    }),
    ("certificate that begins within a day", Verdict::Fresh, |r| {
        r.certificate(Cert { before: "261122110000Z", ..Cert::good() }.object())
    }),
    ("two keys for a threshold of two", Verdict::Fresh, |r| {
        add_key(r.at("root"), "targets", &bare_id("b"), bare("b"));
        r.at("root")["roles"]["targets"]["threshold"] = json!(2);
        r.signers.get_mut("targets").unwrap().push((bare_id("b"), "b"));
    }),
    ("a stranger's signature beside the right one", Verdict::Fresh, |r| {
        r.signers.get_mut("targets").unwrap().insert(0, (bare_id("m"), "m"))
    }),
    ("a bad signature of the key before the good one", Verdict::Fresh, |r| {
        r.signers.get_mut("targets").unwrap().insert(0, (bare_id("targets"), "m"))
    }),
    ("method in capitals", Verdict::Fresh, |r| {
        r.file.push(("targets", Box::new(|f| f["signatures"][0]["method"] = json!("ECDSA"))))
    }),
    ("expires with offset and nanoseconds", Verdict::Fresh, |r| {
        r.at("targets")["expires"] = json!("2030-01-01T01:00:00.123456789+01:00")
    }),
    ("an unknown hash beside", Verdict::Fresh, |r| {
        r.meta.push(("snapshot", Box::new(|s| s["meta"]["root"]["hashes"]["blake2b"] = json!(b64(&[1; 9])))))
    }),
    ("re-indented after signing", Verdict::Fresh, |r| {
        for role in notary_signer::ROLES {
            r.late.push((
                role,
                Box::new(|t| {
                    *t = serde_json::to_string_pretty(&serde_json::from_str::<Value>(t).unwrap()).unwrap()
                }),
            ));
        }
    }),
    ("slashes escaped after signing", Verdict::Fresh, |r| {
        r.late.push(("targets", Box::new(|t| *t = t.replace('/', "\\/"))))
    }),
    ("indented by the server", Verdict::Fresh, |r| {
        r.text.push(("targets", Box::new(|t| *t = t.replace("\":", "\" : "))))
    }),
    ("documented signer", Verdict::Fresh, |r| {
        r.pins.signers = vec![Signer { name: "alice".into(), key_id: bare_id("alice") }]
    }),
    ("delegate in a certificate", Verdict::Fresh, |r| {
        let cert = Cert { key: "alice", ..Cert::good() }.object();
        let id = id_of(&cert);
        let d = &mut r.at("targets")["delegations"];
        d["keys"] = json!({&id: cert});
        for i in 0..2 {
            d["roles"][i]["keyids"] = json!([&id]);
        }
        for role in ["targets/alice", "targets/releases"] {
            r.signers.insert(role, vec![(id.clone(), "alice")]);
        }
        r.pins.signers = vec![Signer { name: "alice".into(), key_id: bare_id("alice") }];
    }),
    ("timestamp expired", Verdict::AuthenticNotFresh, |r| {
        r.at("timestamp")["expires"] = json!("2026-11-21T11:59:59Z")
    }),
    ("snapshot expired", Verdict::AuthenticNotFresh, |r| {
        r.at("snapshot")["expires"] = json!("2026-01-01T00:00:00Z")
    }),
    ("targets expired", Verdict::AuthenticNotFresh, |r| {
        r.at("targets")["expires"] = json!("2026-01-01T00:00:00Z")
    }),
    ("releases expired", Verdict::AuthenticNotFresh, |r| {
        r.at("targets/releases")["expires"] = json!("2026-01-01T00:00:00Z")
    }),
    ("timestamp absent", Verdict::AuthenticNotFresh, |r| r.absent.push("timestamp")),
    ("snapshot and timestamp absent", Verdict::AuthenticNotFresh, |r| {
        r.absent = vec!["snapshot", "timestamp"]
    }),
    ("another signer's file broken", Verdict::Fresh, |r| {
        drop(r.signers.insert("targets/alice", vec![(bare_id("m"), "m")]))
    }),
    ("junk beside", Verdict::Fresh, |r| r.extra.push(("junk.json".into(), "{".into()))),
];

#[test]
fn each_broken_rule_is_refused_for_its_reason() {
    let mut wrong = Vec::new();
    for (name, code, change) in REFUSED {
        let mut repo = Repo::new();
        change(&mut repo);
        let result = repo.verify();
        let found = result.cause().map(|cause| cause.code().name());
        if found != Some(*code) || result.collection().is_some() {
            wrong.push(format!("{name}: expected {code}, found {found:?} ({})", result.verdict().name()));
        }
    }
    println!("{} hostile sets, {} wrong", REFUSED.len(), wrong.len());
    assert!(REFUSED.len() >= 60 && wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_only_looks_odd_passes() {
    for (name, verdict, change) in ACCEPTED {
        let mut repo = Repo::new();
        change(&mut repo);
        let result = repo.verify();
        assert_eq!(result.verdict(), *verdict, "{name}: {:?}", result.cause());
        let collection = result.collection().unwrap();
        for (tag, role) in [("1.0", "targets"), ("2.0", "targets/releases")] {
            let release = collection.release(tag).unwrap();
            assert_eq!((release.role(), release.tag()), (role, tag), "{name}");
            assert!(release.check(MANIFEST).is_ok(), "{name}");
            assert!(release.check(b"{\"schemaVersion\":1}").is_err(), "{name}");
        }
        assert_eq!(
            collection.caveats().is_empty(),
            *verdict == Verdict::Fresh && !name.contains("threshold")
        );
        // The twin under another pin never passes.
        repo.pins.root = vec![id_of(&key_object("ecdsa", &spki("other")))];
        assert_eq!(repo.verify().verdict(), Verdict::KeysDiffer, "{name}");
    }
}

#[test]
fn tags_resolve_as_docker_pull_resolves_them() {
    let entry = || json!({"hashes": {"sha256": b64(&[1; 32])}, "length": 5});
    let cases: &[Lookup] = &[
        ("unknown", "9.9", "notary-tag-not-signed", |_, _| {}),
        ("trailing blank", "1.0 ", "notary-tag-not-signed", |_, _| {}),
        ("another case", "V1", "notary-tag-not-signed", |r, e| r.at("targets")["targets"]["v1"] = e),
        ("never released", "3.0", "notary-tag-not-released", |r, e| {
            r.at("targets/alice")["targets"]["3.0"] = e
        }),
        ("ambiguous digest", "2.0", "notary-tag-ambiguous", |r, e| r.at("targets")["targets"]["2.0"] = e),
        ("ambiguous length", "2.0", "notary-tag-ambiguous", |r, _| {
            let mut e = r.signed["targets"]["targets"]["1.0"].clone();
            e["length"] = json!(1);
            r.at("targets")["targets"]["2.0"] = e;
        }),
        ("outside the paths", "2.0", "notary-tag-outside-paths", |r, _| {
            r.at("targets")["delegations"]["roles"][1]["paths"] = json!(["1."])
        }),
        ("no paths", "2.0", "notary-tag-outside-paths", |r, _| {
            r.at("targets")["delegations"]["roles"][1]["paths"] = json!([])
        }),
        ("null paths", "2.0", "notary-tag-outside-paths", |r, _| {
            r.at("targets")["delegations"]["roles"][1]["paths"] = Value::Null
        }),
        ("without sha256", "1.0", "notary-hash-form", |r, _| {
            drop(r.at("targets")["targets"]["1.0"]["hashes"].as_object_mut().unwrap().remove("sha256"))
        }),
        ("short sha256", "1.0", "notary-hash-form", |r, _| {
            r.at("targets")["targets"]["1.0"]["hashes"]["sha256"] = json!(b64(&[1; 31]))
        }),
        ("without hashes", "1.0", "notary-hash-form", |r, _| {
            drop(r.at("targets")["targets"]["1.0"].as_object_mut().unwrap().remove("hashes"))
        }),
    ];
    for (name, tag, code, change) in cases {
        let mut repo = Repo::new();
        change(&mut repo, entry());
        let result = repo.verify();
        assert_eq!(result.verdict(), Verdict::Fresh, "{name}: {:?}", result.cause());
        let error = result.collection().unwrap().release(tag).unwrap_err();
        assert_eq!(error.code().name(), *code, "{name}");
    }
    let mut repo = Repo::new();
    repo.at("targets")["targets"]["1.0"]["length"] = json!(MANIFEST.len() + 1);
    repo.at("targets/releases")["targets"]["2.0"]["hashes"]["sha512"] = json!(b64(&[1; 64]));
    let collection = repo.verify().into_collection().unwrap();
    let error = |tag: &str| collection.release(tag).unwrap().check(MANIFEST).unwrap_err().code().name();
    assert_eq!((error("1.0"), error("2.0")), ("notary-length-mismatch", "notary-sha512-mismatch"));
}

/// Flips of single bits that change nothing a signature or hash should cover.
fn harmless(file: &str, before: &[u8], after: &[u8], at: usize) -> Option<&'static str> {
    let same_but_case = before[at].eq_ignore_ascii_case(&after[at]);
    let method = br#""method":""#;
    let in_method = before[..=at]
        .windows(method.len())
        .rposition(|w| w == method)
        .is_some_and(|start| (start + method.len()..start + method.len() + 5).contains(&at));
    // Nothing lists the timestamp, and methods are compared without case.
    (file == "timestamp.json" && same_but_case && in_method).then_some("case of a method in timestamp.json")
}

#[test]
fn every_single_bit_counts() {
    let repo = Repo::new();
    let files = repo.files();
    assert_eq!(repo.verify_files(&files).verdict(), Verdict::Fresh);
    let mut named = std::collections::BTreeMap::new();
    let all = std::env::var_os("WEBDIS_EVERY_BIT").is_some();
    let (mut count, mut wrong) = (0_usize, Vec::new());
    for (i, (name, bytes)) in files.iter().enumerate() {
        // A signer outside the chain releases nothing; its bits are shown,
        // not decisive.
        if name == "targets/alice.json" {
            continue;
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                // Nothing lists the timestamp, so there every bit is tried;
                // elsewhere the case bit and one more, unless all are asked for.
                if name != "timestamp.json" && !all && bit != 5 && bit != at % 8 {
                    continue;
                }
                let mut changed = files.clone();
                changed[i].1[at] ^= 1 << bit;
                count += 1;
                if repo.verify_files(&changed).collection().is_none() {
                    continue;
                }
                match harmless(name, bytes, &changed[i].1, at) {
                    Some(reason) => *named.entry(reason).or_insert(0) += 1,
                    None => wrong.push(format!("{name} byte {at} bit {bit}")),
                }
            }
        }
    }
    println!("{count} flips; harmless by name: {named:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
