//! Repositories that are authentic: what only looks odd, and tags that are
//! not signed.

use serde_json::{Value, json};
use webdis_verify::proof::tuf::{Signer, Verdict};

use super::{Cert, Lookup, Odd, Repo, add_key, b64, bare, bare_id, id_of, key_object};

/// Delegates to the test's signer by a certificate instead of the bare key.
pub(crate) fn delegate(r: &mut Repo, cert: Value) {
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
}

/// Changes that must leave a set authentic: name, verdict, change.
pub(crate) const ACCEPTED: &[Odd] = &[
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
    ("certificate with dates of four digits, an organisation and no version", Verdict::Fresh, |r| {
        let dates = Cert { dates: 0x18, before: "20210101000000Z", after: "20490101000000Z", ..Cert::good() };
        let attributes: &[(&[u8], &str)] = &[(&[0x55, 4, 10], "docker.io/example/other")];
        r.certificate(Cert { attributes, versioned: false, ..dates }.object());
    }),
    ("certificate that began in 1950", Verdict::Fresh, |r| {
        r.certificate(Cert { before: "500101000000Z", ..Cert::good() }.object())
    }),
    ("certificate that says it is no authority's", Verdict::Fresh, |r| {
        r.certificate(Cert { constraints: &[&[1, 1, 0]], ..Cert::good() }.object())
    }),
    ("another root key, of another repository, that did not sign", Verdict::Fresh, |r| {
        let other = Cert { name: "docker.io/example/other".into(), key: "b", ..Cert::good() }.object();
        r.pins.root.push(id_of(&other));
        add_key(r.at("root"), "root", &id_of(&other), other);
    }),
    ("another pinned root key, past its end, that did not sign", Verdict::Fresh, |r| {
        let other = Cert { after: "260101000000Z", key: "b", ..Cert::good() }.object();
        r.pins.root.push(id_of(&other));
        add_key(r.at("root"), "root", &id_of(&other), other);
    }),
    ("a signer with digits and dashes", Verdict::Fresh, |r| {
        r.at("targets")["delegations"]["roles"][0]["name"] = json!("targets/ci-2_x")
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
        for role in super::ROLES {
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
        delegate(r, Cert { key: "alice", ..Cert::good() }.object());
    }),
    ("delegate in an authority's certificate", Verdict::Fresh, |r| {
        delegate(r, Cert { key: "alice", authority: true, ..Cert::good() }.object());
    }),
    ("timestamp expired", Verdict::AuthenticNotFresh, |r| {
        r.at("timestamp")["expires"] = json!("2026-01-01T00:00:00Z")
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
    ("another signer's file broken", Verdict::Fresh, |r| {
        drop(r.signers.insert("targets/alice", vec![(bare_id("m"), "m")]))
    }),
    ("junk beside", Verdict::Fresh, |r| r.extra.push(("junk.json".into(), "{".into()))),
];

/// One tag that must not be found in an authentic set: name, tag, code, change.
pub(crate) const LOOKUPS: &[Lookup] = &[
    ("unknown", "9.9", "notary-tag-not-signed", |_, _| {}),
    ("trailing blank", "1.0 ", "notary-tag-not-signed", |_, _| {}),
    ("another case", "V1", "notary-tag-not-signed", |r, e| r.at("targets")["targets"]["v1"] = e),
    ("never released", "3.0", "notary-tag-not-released", |r, e| r.at("targets/alice")["targets"]["3.0"] = e),
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
