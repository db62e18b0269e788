//! Repositories with one rule broken each, and the code that must be given.

use serde_json::{Value, json};
use webdis_verify::proof::tuf::Signer;

use super::{
    Case, Cert, Repo, add_key, b64, bare, bare_id, flip, id_of, key_object, p384, repository_key, signature,
};

/// Cases that must not give a collection: name, code, change.
pub(crate) const REFUSED: &[Case] = &[
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
    ("root signed under another repository's certificate", "notary-signed-by-others", |r| {
        let other = Cert { name: "docker.io/example/other".into(), key: "b", ..Cert::good() }.object();
        let id = id_of(&other);
        r.pins.root.push(id.clone());
        add_key(r.at("root"), "root", &id, other);
        r.signers.insert("root", vec![(id, "b")]);
    }),
    ("certificate past its end", "notary-root-expired", |r| {
        r.certificate(Cert { after: "260101000000Z", ..Cert::good() }.object())
    }),
    ("certificate not yet valid", "notary-certificate-early", |r| {
        r.certificate(Cert { before: "480101000000Z", ..Cert::good() }.object())
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
    ("authority, then leaf", "notary-certificate-form", |r| {
        let ca = Cert { authority: true, ..Cert::good() };
        r.certificate(key_object("ecdsa-x509", format!("{}{}", ca.pem(), Cert::good().pem()).as_bytes()));
    }),
    ("delegate in an authority's certificate, signed by a stranger", "notary-signature", |r| {
        let cert = Cert { key: "alice", authority: true, ..Cert::good() }.object();
        let id = id_of(&cert);
        super::accepted::delegate(r, cert);
        r.signers.insert("targets/releases", vec![(id, "m")]);
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
    ("certificate block of another kind", "notary-certificate-form", |r| {
        let pem = Cert::good().pem().replace("CERTIFICATE", "PUBLIC KEY");
        r.certificate(key_object("ecdsa-x509", pem.as_bytes()));
    }),
    ("certificate with two common names", "notary-certificate-form", |r| {
        r.certificate(
            Cert { attributes: &[(&[0x55, 4, 3], "docker.io/example/other")], ..Cert::good() }.object(),
        )
    }),
    ("certificate with letters in a date", "notary-certificate-form", |r| {
        r.certificate(Cert { before: "21010100000xZ", ..Cert::good() }.object())
    }),
    ("certificate with a date without its zone", "notary-certificate-form", |r| {
        r.certificate(Cert { before: "210101000000", ..Cert::good() }.object())
    }),
    ("certificate with dates of another type", "notary-certificate-form", |r| {
        r.certificate(Cert { dates: 0x0c, ..Cert::good() }.object())
    }),
    ("certificate that ended in 1950", "notary-certificate-form", |r| {
        r.certificate(Cert { after: "500101000000Z", ..Cert::good() }.object())
    }),
    ("certificate with basic constraints twice", "notary-certificate-form", |r| {
        r.certificate(Cert { constraints: &[&[], &[]], ..Cert::good() }.object())
    }),
    ("bare key as root key", "notary-root-not-certificate", |r| r.certificate(bare("root"))),
    ("root expired", "notary-root-expired", |r| r.at("root")["expires"] = json!("2026-01-01T00:00:00Z")),
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
    ("P-384 key", "notary-key-unsupported", |r| repository_key(r, p384())),
    // Of another moment, as far as one can see: no alarm.
    ("P-384 key and another hash", "notary-key-unsupported", |r| {
        repository_key(r, p384());
        r.late.push(("targets", Box::new(|t| flip(t, "\"1.0\"", "\"1.1\""))));
    }),
    ("malformed key", "key-malformed", |r| repository_key(r, key_object("ecdsa", &[0x30, 1, 2]))),
    ("an unsupported key twice for a threshold of three", "notary-threshold", |r| {
        let (key, id) = (p384(), id_of(&p384()));
        add_key(r.at("root"), "targets", &id, key);
        r.at("root")["roles"]["targets"]["threshold"] = json!(3);
        let signers = r.signers.get_mut("targets").unwrap();
        signers.extend([(id.clone(), "m"), (id, "m")]);
    }),
    ("a bad signature of the documented key beside another's", "notary-signature", |r| {
        add_key(r.at("root"), "targets", &bare_id("b"), bare("b"));
        r.signers.insert("targets", vec![(bare_id("b"), "b"), (bare_id("targets"), "m")]);
    }),
    ("a snapshot under the name of targets", "notary-wrong-type", |r| {
        r.absent.push("targets");
        let files = Repo::new().files();
        let (_, bytes) = files.into_iter().find(|(name, _)| name == "snapshot.json").unwrap();
        r.extra.push(("targets.json".into(), String::from_utf8(bytes).unwrap()));
    }),
    ("snapshot with a wrong length of the root", "notary-length-mismatch", |r| {
        r.meta.push(("snapshot", Box::new(|s| s["meta"]["root"]["length"] = json!(1))))
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
    ("an integer beyond 2^53 changed after signing", "json-number", |r| {
        r.at("targets")["targets"]["1.0"]["custom"] = json!(9_007_199_254_740_992_u64);
        r.text.push(("targets", Box::new(|t| flip(t, "9007199254740992", "9007199254740993"))));
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
    ("snapshot with another root hash", "notary-other-moment", |r| {
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
    ("timestamp of another snapshot", "notary-other-moment", |r| {
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
    ("two targets files of one version", "notary-two-files", |r| {
        r.absent = vec!["snapshot", "timestamp"];
        let mut other = Repo::new();
        other.at("targets")["targets"] = json!({});
        let (_, bytes) = other.files().into_iter().find(|(n, _)| n == "targets.json").unwrap();
        r.extra.push(("b/targets.json".into(), String::from_utf8(bytes).unwrap()));
    }),
];
