//! A Notary v1 repository made in the test: keys, certificate, files, and a
//! hook at every step to break one rule at a time.

#![allow(dead_code)]

mod accepted;
mod refused;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use webdis_verify::Time;
use webdis_verify::base::digest::{Digest, sha512};
use webdis_verify::model::key::PublicKey;
use webdis_verify::proof::tuf::{NamedFile, Pins, Verdict, Verification, verify};

pub(crate) use accepted::{ACCEPTED, LOOKUPS};
pub(crate) use refused::REFUSED;

pub(crate) const GUN: &str = "docker.io/example/webdis";
pub(crate) const NOW: &str = "2026-11-21T12:00:00Z";
pub(crate) const MANIFEST: &[u8] = b"{\"schemaVersion\":2}";
pub(crate) const ROLES: [&str; 6] =
    ["root", "targets", "targets/releases", "targets/alice", "snapshot", "timestamp"];

const SPKI_PREFIX: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";

pub(crate) fn b64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The private key of a name: always the same, unlike any other's.
pub(crate) fn secret(name: &str) -> SigningKey {
    SigningKey::from_slice(Digest::of(name.as_bytes()).as_bytes()).unwrap()
}

pub(crate) fn spki(name: &str) -> Vec<u8> {
    let point = secret(name).verifying_key().to_sec1_point(false);
    let mut out = STANDARD.decode(SPKI_PREFIX).unwrap();
    out.extend(&point.as_bytes()[1..]);
    assert!(PublicKey::from_der(&out).is_ok());
    out
}

pub(crate) fn key_object(kind: &str, public: &[u8]) -> Value {
    json!({"keytype": kind, "keyval": {"private": null, "public": b64(public)}})
}

pub(crate) fn id_of(object: &Value) -> String {
    Digest::of(object.to_string().as_bytes()).hex()
}

pub(crate) fn bare(name: &str) -> Value {
    key_object("ecdsa", &spki(name))
}

pub(crate) fn bare_id(name: &str) -> String {
    id_of(&bare(name))
}

fn der(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut out = vec![tag];
    let [high, low] = u16::try_from(length).unwrap().to_be_bytes();
    match length {
        0..0x80 => out.push(low),
        0x80..0x100 => out.extend([0x81, low]),
        _ => out.extend([0x82, high, low]),
    }
    out.extend(contents);
    out
}

/// What a root certificate says.
#[derive(Clone)]
pub(crate) struct Cert {
    pub(crate) name: String,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) inner: Option<Vec<u8>>,
    pub(crate) authority: bool,
    pub(crate) key: &'static str,
    /// Tag of both dates.
    pub(crate) dates: u8,
    /// Attributes of the name before the common name: OID and text.
    pub(crate) attributes: &'static [(&'static [u8], &'static str)],
    /// Contents of each basic constraints extension.
    pub(crate) constraints: &'static [&'static [u8]],
    /// Whether it says its version: only the first version does not.
    pub(crate) versioned: bool,
}

impl Cert {
    pub(crate) fn good() -> Self {
        Self {
            name: GUN.to_owned(),
            before: "210101000000Z",
            after: "490101000000Z",
            algorithm: vec![0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
            inner: None,
            authority: false,
            key: "root",
            dates: 0x17,
            attributes: &[],
            constraints: &[],
            versioned: true,
        }
    }

    pub(crate) fn pem(&self) -> String {
        let algorithm = |oid: &[u8]| der(0x30, &der(0x06, oid));
        let attribute = |oid: &[u8], text: &str| {
            der(0x31, &der(0x30, &[der(0x06, oid), der(0x0c, text.as_bytes())].concat()))
        };
        let mut name: Vec<u8> = self.attributes.iter().flat_map(|(oid, text)| attribute(oid, text)).collect();
        name.extend(attribute(&[0x55, 4, 3], &self.name));
        let name = der(0x30, &name);
        let mut tbs = if self.versioned { der(0xa0, &[2, 1, 2]) } else { Vec::new() };
        tbs.extend(der(0x02, &[1]));
        tbs.extend(algorithm(self.inner.as_ref().unwrap_or(&self.algorithm)));
        tbs.extend(&name);
        tbs.extend(der(
            0x30,
            &[der(self.dates, self.before.as_bytes()), der(self.dates, self.after.as_bytes())].concat(),
        ));
        tbs.extend(&name);
        tbs.extend(spki(self.key));
        let authority: &[&[u8]] = if self.authority { &[&[1, 1, 0xff]] } else { &[] };
        let extension = |contents: &&[u8]| {
            let constraints = der(0x30, contents);
            der(0x30, &[der(0x06, &[0x55, 0x1d, 0x13]), der(0x04, &constraints)].concat())
        };
        let extensions: Vec<u8> = authority.iter().chain(self.constraints).flat_map(extension).collect();
        if !extensions.is_empty() {
            tbs.extend(der(0xa3, &der(0x30, &extensions)));
        }
        let certificate = [der(0x30, &tbs), algorithm(&self.algorithm), der(0x03, &[0, 1, 2, 3])].concat();
        let body = b64(&der(0x30, &certificate));
        let lines: Vec<&str> = body.as_bytes().chunks(64).map(|c| std::str::from_utf8(c).unwrap()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    pub(crate) fn object(&self) -> Value {
        key_object("ecdsa-x509", self.pem().as_bytes())
    }
}

/// Name, code, change.
pub(crate) type Case = (&'static str, &'static str, fn(&mut Repo));
/// Name, verdict, change.
pub(crate) type Odd = (&'static str, Verdict, fn(&mut Repo));
/// Name, tag, code, change; the change gets the entry of another image.
pub(crate) type Lookup = (&'static str, &'static str, &'static str, fn(&mut Repo, Value));

/// Replaces what must be there.
pub(crate) fn flip(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from), "{from} not in {text}");
    *text = text.replacen(from, to, 1);
}

/// A public key on P-384, which this program does not verify with.
pub(crate) fn p384() -> Value {
    let mut spki = vec![
        0x30, 0x76, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22, 3,
        0x62, 0, 4,
    ];
    spki.extend([9; 96]);
    key_object("ecdsa", &spki)
}

/// Puts another key in the place of the repository key and pins it.
pub(crate) fn repository_key(r: &mut Repo, key: Value) {
    let id = id_of(&key);
    r.at("root")["keys"][&id] = key;
    r.at("root")["roles"]["targets"]["keyids"] = json!([&id]);
    r.pins.repository = vec![id.clone()];
    r.signers.insert("targets", vec![(id, "targets")]);
}

pub(crate) fn signature(file: &mut Value) -> &mut Value {
    &mut file["signatures"][0]["sig"]
}

pub(crate) fn add_key(root: &mut Value, role: &str, id: &str, key: Value) {
    root["keys"][id] = key;
    root["roles"][role]["keyids"].as_array_mut().unwrap().push(json!(id));
}

/// The entry of another image.
pub(crate) fn other_entry() -> Value {
    json!({"hashes": {"sha256": b64(&[1; 32])}, "length": 5})
}

type Edit<T> = Box<dyn Fn(&mut T)>;

/// A repository about to be signed.
pub(crate) struct Repo {
    pub(crate) gun: String,
    pub(crate) now: String,
    pub(crate) pins: Pins,
    /// `signed` of each role; snapshot and timestamp get their hashes later.
    pub(crate) signed: BTreeMap<&'static str, Value>,
    /// Who signs: id and name of the private key.
    pub(crate) signers: BTreeMap<&'static str, Vec<(String, &'static str)>>,
    /// Last changes to snapshot and timestamp, after their hashes are in.
    pub(crate) meta: Vec<(&'static str, Edit<Value>)>,
    /// Changes to a signed file that the files above it take note of.
    pub(crate) file: Vec<(&'static str, Edit<Value>)>,
    /// The same on text.
    pub(crate) text: Vec<(&'static str, Edit<String>)>,
    /// Changes after everything was signed and hashed.
    pub(crate) late: Vec<(&'static str, Edit<String>)>,
    pub(crate) absent: Vec<&'static str>,
    pub(crate) extra: Vec<(String, String)>,
}

impl Repo {
    pub(crate) fn new() -> Self {
        Self::of(GUN, ["root", "targets", "snapshot", "timestamp"], "alice")
    }

    /// A repository with keys of its own: root, targets, snapshot, timestamp,
    /// and a delegate, who may sign for others too.
    pub(crate) fn of(gun: &str, own: [&'static str; 4], delegate: &'static str) -> Self {
        let [root_key, targets_key, snapshot_key, timestamp_key] = own;
        let certificate = Cert { name: gun.to_owned(), key: root_key, ..Cert::good() }.object();
        let root_id = id_of(&certificate);
        let alice = bare_id(delegate);
        let expires = "2049-01-01T00:00:00Z";
        let role = |id: &str| json!({"keyids": [id], "threshold": 1});
        let mut keys = serde_json::Map::new();
        keys.insert(root_id.clone(), certificate);
        for name in [targets_key, snapshot_key, timestamp_key] {
            keys.insert(bare_id(name), bare(name));
        }
        let root = json!({"_type": "Root", "consistent_snapshot": false, "expires": expires, "version": 1,
            "keys": keys, "roles": {"root": role(&root_id), "targets": role(&bare_id(targets_key)),
            "snapshot": role(&bare_id(snapshot_key)), "timestamp": role(&bare_id(timestamp_key))}});
        let delegation =
            |name: &str| json!({"keyids": [&alice], "name": name, "paths": [""], "threshold": 1});
        let entry = json!({"hashes": {"sha256": b64(Digest::of(MANIFEST).as_bytes()),
            "sha512": b64(&sha512(MANIFEST))}, "length": MANIFEST.len()});
        let targets = json!({"_type": "Targets", "expires": expires, "version": 3, "targets": {"1.0": &entry},
            "delegations": {"keys": {&alice: bare(delegate)},
            "roles": [delegation("targets/alice"), delegation("targets/releases")]}});
        let released = |version: u64| {
            json!({"_type": "Targets", "expires": expires, "version": version,
            "targets": {"2.0": &entry}, "delegations": {"keys": {}, "roles": []}})
        };
        let signed = BTreeMap::from([
            ("root", root),
            ("targets", targets),
            ("targets/releases", released(2)),
            ("targets/alice", released(4)),
            ("snapshot", json!({"_type": "Snapshot", "expires": expires, "version": 5, "meta": {}})),
            ("timestamp", json!({"_type": "Timestamp", "expires": expires, "version": 6, "meta": {}})),
        ]);
        let signers = BTreeMap::from([
            ("root", vec![(root_id.clone(), root_key)]),
            ("targets", vec![(bare_id(targets_key), targets_key)]),
            ("targets/releases", vec![(alice.clone(), delegate)]),
            ("targets/alice", vec![(alice.clone(), delegate)]),
            ("snapshot", vec![(bare_id(snapshot_key), snapshot_key)]),
            ("timestamp", vec![(bare_id(timestamp_key), timestamp_key)]),
        ]);
        Self {
            gun: gun.to_owned(),
            now: NOW.to_owned(),
            pins: Pins { root: vec![root_id], repository: vec![bare_id(targets_key)], signers: Vec::new() },
            signed,
            signers,
            meta: Vec::new(),
            file: Vec::new(),
            text: Vec::new(),
            late: Vec::new(),
            absent: Vec::new(),
            extra: Vec::new(),
        }
    }

    pub(crate) fn at(&mut self, role: &str) -> &mut Value {
        self.signed.get_mut(role).unwrap()
    }

    /// Puts another certificate in the place of the root key and pins it.
    pub(crate) fn certificate(&mut self, object: Value) {
        let id = id_of(&object);
        let root = self.at("root");
        root["keys"][&id] = object;
        root["roles"]["root"]["keyids"] = json!([&id]);
        self.signers.insert("root", vec![(id.clone(), "root")]);
        self.pins.root = vec![id];
    }

    fn sign(&self, role: &'static str, signed: &Value) -> String {
        let canonical = signed.to_string();
        let signature = |(id, name): &(String, &str)| {
            let signature: Signature = secret(name).sign(canonical.as_bytes());
            json!({"keyid": id, "method": "ecdsa", "sig": b64(&signature.to_bytes())})
        };
        let signatures: Vec<Value> = self.signers[role].iter().map(signature).collect();
        let mut file = json!({"signed": signed, "signatures": signatures});
        self.file.iter().filter(|(r, _)| *r == role).for_each(|(_, edit)| edit(&mut file));
        // Notary writes `signed` before `signatures`.
        let mut text = format!("{{\"signed\":{},\"signatures\":{}}}", file["signed"], file["signatures"]);
        self.text.iter().filter(|(r, _)| *r == role).for_each(|(_, edit)| edit(&mut text));
        text
    }

    /// The signed files by role.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        let entry = |text: &str| {
            json!({"hashes": {"sha256": b64(Digest::of(text.as_bytes()).as_bytes()),
                "sha512": b64(&sha512(text.as_bytes()))}, "length": text.len()})
        };
        for role in ROLES {
            let mut signed = self.signed[role].clone();
            match role {
                "snapshot" => {
                    for (below, text) in &texts {
                        signed["meta"][*below] = entry(text);
                    }
                }
                "timestamp" => signed["meta"]["snapshot"] = entry(&texts["snapshot"]),
                _ => {}
            }
            self.meta.iter().filter(|(r, _)| *r == role).for_each(|(_, edit)| edit(&mut signed));
            texts.insert(role, self.sign(role, &signed));
        }
        for (role, edit) in &self.late {
            edit(texts.get_mut(role).unwrap());
        }
        texts
            .into_iter()
            .filter(|(role, _)| !self.absent.contains(role))
            .map(|(role, text)| (format!("{role}.json"), text.into_bytes()))
            .chain(self.extra.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())))
            .collect()
    }

    pub(crate) fn verify(&self) -> Verification {
        self.verify_files(&self.files())
    }

    pub(crate) fn verify_files(&self, files: &[(String, Vec<u8>)]) -> Verification {
        let files: Vec<_> = files.iter().map(|(name, bytes)| NamedFile { name, bytes }).collect();
        verify(&files, &self.gun, &self.pins, Time::parse(&self.now).unwrap())
    }
}
