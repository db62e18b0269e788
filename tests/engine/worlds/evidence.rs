//! What can be given beside the question: the publisher's signatures and
//! metadata, archives, what an attacker can make of them, strangers' junk.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};
use webdis_verify::proof::tuf::Pins;

use super::image::{Layer, Tree, descriptor, sum};
use crate::common::image::{bundle, sig_manifest, stranger};
use crate::common::notary_signer::{Cert, Repo, b64, id_of};
use crate::common::stand_in::{Base, Plan, annotations, other_key, simple_payload};
use crate::common::tar::tar;

/// A file or a text: its name, and its bytes.
pub(super) type Named = (String, Vec<u8>);

/// The publisher's signature of `bytes` in one of its forms, each as what a
/// person would have: one thing or several.
pub(super) fn signature(bytes: &[u8], repository: &str, form: usize) -> Vec<Named> {
    if form == 0 {
        return vec![("bundle.json".to_owned(), bundle(bytes))];
    }
    let payload = simple_payload(&sum(bytes)).replace("example.invalid/image", repository);
    let built = Plan { payload: payload.clone(), ..Plan::new(Base::Legacy) }.build();
    let annotations = annotations(&built).into_bytes();
    match form {
        1 => vec![
            ("payload.json".to_owned(), payload.into_bytes()),
            ("annotations.json".to_owned(), annotations),
        ],
        2 => {
            let layer = [(payload.clone().into_bytes(), annotations)];
            vec![
                ("sig-manifest.json".to_owned(), sig_manifest(&layer)),
                ("payload.json".to_owned(), payload.into_bytes()),
            ]
        }
        _ => {
            let mut printed: Value = serde_json::from_str(&payload).unwrap();
            printed["optional"] = json!({"Bundle": built["bundle"]});
            let text = format!(
                "\nVerification for {repository} --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n  - Existence of the claims in the transparency log was verified offline\n  - The signatures were verified against the specified public key\n\n{}\n",
                json!([printed])
            );
            vec![("cosign-verify.txt".to_owned(), text.into_bytes())]
        }
    }
}

fn repository(gun: &str) -> Repo {
    Repo::of(gun, ["root", "targets", "snapshot", "timestamp"], "alice")
}

/// The keys that the publisher documents.
pub(super) fn pins(gun: &str) -> Pins {
    repository(gun).pins
}

/// Content Trust metadata in which each tag means the bytes beside it; `old`
/// is a copy of an earlier moment, and the root key was changed `rotated` times.
pub(super) fn metadata(
    gun: &str,
    tags: &[(&str, &[u8])],
    delegated: bool,
    old: bool,
    rotated: usize,
) -> Vec<Named> {
    let mut repo = repository(gun);
    let entries = entries(tags);
    let (full, empty) =
        if delegated { ("targets/releases", "targets") } else { ("targets", "targets/releases") };
    repo.at(full)["targets"] = entries.clone();
    repo.at(empty)["targets"] = json!({});
    repo.at("targets/alice")["targets"] = if delegated { entries } else { json!({}) };
    if old {
        for role in ["targets", "targets/releases", "targets/alice", "snapshot", "timestamp"] {
            repo.at(role)["version"] = json!(1);
        }
        repo.at("timestamp")["expires"] = json!("2026-01-15T00:00:00Z");
    }
    let mut roots = Vec::new();
    for version in 0..rotated {
        let root = repo.files().into_iter().find(|(name, _)| name == "root.json").unwrap();
        roots.push((format!("{}.root.json", version + 1), root.1));
        rotate(&mut repo, gun, version);
    }
    roots.extend(repo.files());
    roots
}

const ROOT_KEYS: [&str; 3] = ["root", "root-2", "root-3"];

/// A root with the next key, introduced by the one before.
fn rotate(repo: &mut Repo, gun: &str, version: usize) {
    let pins = repo.pins.clone();
    let certificate = |key| Cert { name: gun.to_owned(), key, ..Cert::good() }.object();
    let (before, key) = (ROOT_KEYS[version], ROOT_KEYS[version + 1]);
    repo.certificate(certificate(key));
    repo.at("root")["version"] = json!(version + 2);
    let signs = [key, before].map(|key| (id_of(&certificate(key)), key));
    repo.signers.insert("root", signs.to_vec());
    repo.pins = pins;
}

fn entries(tags: &[(&str, &[u8])]) -> Value {
    let entry = |bytes: &[u8]| {
        let digest = webdis_verify::Digest::of(bytes);
        json!({"hashes": {"sha256": b64(digest.as_bytes())}, "length": bytes.len()})
    };
    Value::Object(tags.iter().map(|(tag, bytes)| ((*tag).to_owned(), entry(bytes))).collect())
}

/// What the same delegate released in another repository, under the same tag.
pub(super) fn other_release(tag: &str, bytes: &[u8]) -> Named {
    let keys = ["root-d", "targets-d", "snapshot-d", "timestamp-d"];
    let mut repo = Repo::of("docker.io/alice/other", keys, "alice");
    repo.at("targets/releases")["targets"] = entries(&[(tag, bytes)]);
    repo.files().into_iter().find(|(name, _)| name == "targets/releases.json").unwrap()
}

/// A collection whose root a retired key signed: the thief has it, and makes
/// the other keys himself.
pub(super) fn stolen(gun: &str, tag: &str, bytes: &[u8]) -> Vec<Named> {
    let mut repo = Repo::of(gun, ["root", "targets-e", "snapshot-e", "timestamp-e"], "mallory");
    repo.at("root")["version"] = json!(9);
    repo.at("targets")["targets"] = entries(&[(tag, bytes)]);
    repo.files().into_iter().map(|(name, bytes)| (format!("stolen/{name}"), bytes)).collect()
}

/// `docker trust inspect` of the same.
pub(super) fn trust_inspect(name: &str, pins: &Pins, tag: &str, bytes: &[u8]) -> Named {
    let keys = |ids: &[String]| -> Vec<Value> { ids.iter().map(|id| json!({"ID": id})).collect() };
    let text = json!([{"Name": name,
        "SignedTags": [{"SignedTag": tag, "Digest": &sum(bytes)[7..], "Signers": ["Repo Admin"]}],
        "Signers": [],
        "AdministrativeKeys": [{"Name": "Root", "Keys": keys(&pins.root)},
            {"Name": "Repository", "Keys": keys(&pins.repository)}]}]);
    ("trust-inspect.txt".to_owned(), serde_json::to_vec_pretty(&text).unwrap())
}

/// A member of a layout for a blob, under its own name or another's.
fn blob(bytes: &[u8]) -> Named {
    (format!("blobs/sha256/{}", &sum(bytes)[7..]), bytes.to_vec())
}

fn blobs(tree: &Tree) -> Vec<Named> {
    let mut out: Vec<Named> = tree.index.iter().map(|index| blob(index)).collect();
    for platform in &tree.platforms {
        out.push(blob(&platform.manifest));
        out.push(blob(&platform.config));
        out.extend(platform.layers.iter().map(|layer| blob(&layer.gzip)));
    }
    out
}

/// An OCI layout as one file, with stray blobs; `swap` puts bytes under the
/// name of others.
pub(super) fn layout(tree: &Tree, name: &str, stray: &[Tree], swap: Option<(&[u8], &[u8])>) -> Named {
    let mut root = descriptor(tree.top_type(), tree.top());
    let tag = name.rsplit(':').next().unwrap();
    root["annotations"] = json!({"io.containerd.image.name": name, "org.opencontainers.image.ref.name": tag});
    let index = json!({"schemaVersion": 2, "mediaType": super::image::INDEX, "manifests": [root]});
    let mut members = vec![
        ("oci-layout".to_owned(), b"{\"imageLayoutVersion\":\"1.0.0\"}".to_vec()),
        ("index.json".to_owned(), index.to_string().into_bytes()),
    ];
    members.extend(blobs(tree));
    members.extend(stray.iter().flat_map(blobs));
    if let Some((of, by)) = swap {
        let name = blob(of).0;
        members.iter_mut().filter(|(other, _)| *other == name).for_each(|(_, bytes)| *bytes = by.to_vec());
    }
    members.sort();
    members.dedup_by(|a, b| a.0 == b.0);
    ("layout.tar".to_owned(), tar(&members))
}

/// `docker save` of one platform, with the layers given and stray documents.
pub(super) fn saved(config: &[u8], layers: &[Layer], name: &str, stray: &[Tree]) -> Named {
    let id = &sum(config)[7..];
    let paths: Vec<String> = layers.iter().map(|l| format!("{}/layer.tar", &sum(&l.gzip)[7..])).collect();
    let manifest = json!([{"Config": format!("{id}.json"), "RepoTags": [name], "Layers": paths}]);
    let mut members = vec![
        (format!("{id}.json"), config.to_vec()),
        ("manifest.json".to_owned(), manifest.to_string().into_bytes()),
    ];
    members.extend(paths.iter().zip(layers).map(|(path, layer)| (path.clone(), layer.tar.clone())));
    members.extend(stray.iter().flat_map(blobs));
    ("app.tar".to_owned(), tar(&members))
}

/// Strangers' things, none of which is about the image.
pub(super) fn junk(gun: &str) -> Vec<Named> {
    static MADE: Mutex<BTreeMap<String, Vec<Named>>> = Mutex::new(BTreeMap::new());
    MADE.lock().unwrap().entry(gun.to_owned()).or_insert_with(|| strangers(gun)).clone()
}

fn strangers(gun: &str) -> Vec<Named> {
    let own = Tree::new("a stranger's", &["amd64", "arm64"], true, 1);
    let theirs = Repo::of(gun, ["root-b", "targets-b", "snapshot-b", "timestamp-b"], "mallory").files();
    let other =
        Repo::of("docker.io/library/redis", ["root-c", "targets-c", "snapshot-c", "timestamp-c"], "bob");
    let file = |name: &str, from: &[Named]| {
        let (_, bytes) = from.iter().find(|(other, _)| other == name).unwrap();
        (format!("junk/{name}"), bytes.clone())
    };
    let mut out = vec![
        ("junk-index.json".to_owned(), own.top().to_vec()),
        ("junk-manifest.json".to_owned(), own.platforms[0].manifest.clone()),
        ("junk-config.json".to_owned(), own.platforms[1].config.clone()),
        ("junk-bundle.json".to_owned(), stranger(own.top())),
        ("junk-sum.txt".to_owned(), format!("{}  release.tar.gz\n", &sum(b"a file")[7..]).into_bytes()),
        ("junk-notes.txt".to_owned(), b"The image is fine, said the stranger.\nTrust me.\n".to_vec()),
        ("junk-key.pem".to_owned(), other_key().pem().into()),
        ("junk.json".to_owned(), b"{\"hello\": [1, 2, 3]}".to_vec()),
        file("timestamp.json", &theirs),
        file("root.json", &theirs),
    ];
    for (name, bytes) in other.files() {
        out.push((format!("tuf/docker.io/library/redis/metadata/{name}"), bytes));
    }
    out
}
