//! What real tools printed (`tests/vectors/pastes`): what it is recognised
//! as, which digests it claims, and which of the registry's bytes it gives
//! back. `cases.json` says so for every output; each has its negative twin
//! here, the same text with one digit changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::own_vectors::{Facts, fits, json, read};
use serde_json::Value;
use webdis_verify::base::encoding::base64;
use webdis_verify::evidence::{DigestKind, Fact, Given, Item, Knows, Origin, Role, codes, recognise, recover};
use webdis_verify::{ClaimedDigest, Digest};

/// What is expected of the outputs whose names fit.
struct Rule {
    files: String,
    /// The kind of the first item.
    kind: String,
    /// Ids of documents whose bytes the text gives back.
    restores: BTreeSet<String>,
    /// `source id`; `source ?` is a digest that the registry does not have.
    claims: BTreeSet<String>,
}

fn rules() -> Vec<Rule> {
    let cases = json("cases.json");
    let one = |rule: &Value| {
        let list = |name: &str| {
            let list = rule[name].as_array().unwrap_or_else(|| panic!("{rule} has no {name}"));
            list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let text = |name: &str| rule[name].as_str().unwrap().to_owned();
        Rule { files: text("files"), kind: text("kind"), restores: list("restores"), claims: list("claims") }
    };
    cases["pastes"].as_array().unwrap().iter().map(one).collect()
}

/// Each output with the one rule it fits.
fn outputs(facts: &Facts) -> Vec<(String, String, Rule)> {
    let outputs = facts.outputs("pastes/");
    for rule in rules() {
        assert!(outputs.iter().any(|(name, _)| fits(&rule.files, name)), "{}: no such output", rule.files);
    }
    let one = |(name, command): (String, String)| {
        let mut fitting: Vec<_> = rules().into_iter().filter(|rule| fits(&rule.files, &name)).collect();
        assert_eq!(fitting.len(), 1, "{name}: rules that fit");
        (name, command, fitting.remove(0))
    };
    outputs.into_iter().filter(|(name, _)| !name.ends_with(".tar")).map(one).collect()
}

fn wanted<'a>(digests: impl IntoIterator<Item = &'a String>) -> BTreeSet<ClaimedDigest> {
    digests.into_iter().map(|digest| ClaimedDigest::parse(digest).unwrap()).collect()
}

fn pasted(bytes: &[u8]) -> Vec<Item> {
    recognise(&[Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: bytes.to_vec() }])
}

/// The facts as `source digest`, in the words of `cases.json`. Ids of layers
/// are not of images, and artifacts are none.
fn claims(items: &[Item]) -> BTreeSet<String> {
    let all = items.iter().flat_map(|item| &item.facts);
    all.filter_map(|fact| Some(format!("{} {}", source(fact)?, fact.digest))).collect()
}

fn source(fact: &Fact) -> Option<&'static str> {
    use DigestKind as K;
    let (top, tool) = (fact.role == Role::Top, fact.witness.tool);
    Some(match (fact.kind, fact.witness.knows) {
        (K::Artifact | K::DiffId, _) => return None,
        (K::Config | K::ImageId, _) if top => "image-id",
        (_, Knows::NameAndComputer) if top => "pull",
        (_, Knows::Checked) => "trust-text",
        (_, Knows::Computer) if top => "repo-digest",
        (_, Knows::Name) if tool == "curl" => "header",
        (K::Manifest, _) if tool == "docker manifest inspect" && fact.about.tag.is_some() => "descriptor",
        (_, Knows::Name) if top => "tool",
        (K::Manifest, Knows::Name) if tool == "imagetools" => "tool",
        (_, Knows::Text) if tool == "sha256sum" => "sum",
        (_, Knows::Text) if top => "bare",
        _ => "fragment",
    })
}

/// With ids for digests, to be read.
fn named(facts: &Facts, claims: &BTreeSet<String>) -> BTreeSet<String> {
    let ids: BTreeMap<_, _> = facts
        .get("/digests")
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, one)| (one["digest"].as_str().unwrap(), id.as_str()))
        .collect();
    let one = |claim: &String| {
        let (source, digest) = claim.split_once(' ').unwrap();
        format!("{source} {}", ids.get(digest).unwrap_or(&"?"))
    };
    claims.iter().map(one).collect()
}

#[test]
fn every_output_has_its_kind_and_claims() {
    let facts = Facts::load();
    let mut wrong = Vec::new();
    for (name, command, rule) in outputs(&facts) {
        let text = read(&name);
        let items = pasted(&text);
        let kind = items.first().map_or("nothing", |item| item.kind.name());
        let found = named(&facts, &claims(&items));
        let by_id = |claim: &String| match claim.split_once(' ').unwrap() {
            (_, "?") => claim.clone(),
            (source, id) => named(&facts, &BTreeSet::from([format!("{source} {}", facts.digest(id))]))
                .pop_first()
                .unwrap(),
        };
        let expected: BTreeSet<_> = rule.claims.iter().map(by_id).collect();
        println!("{name} | {kind} | {found:?}");
        if (kind, &found) != (rule.kind.as_str(), &expected) {
            wrong.push(format!("{name}: {kind} {found:?}, expected {} {expected:?}", rule.kind));
        }
        // As a terminal shows it, after its command and before the next prompt.
        let session = [b"$ ", command.as_bytes(), b"\n", &text, b"\n$ "].concat();
        // The command may say what kind of digest it is; it is still that digest.
        let digests = |claims: BTreeSet<String>| -> BTreeSet<_> {
            claims.iter().map(|claim| claim.split_once(' ').unwrap().1.to_owned()).collect()
        };
        let more = digests(named(&facts, &claims(&pasted(&session))));
        if !digests(found.clone()).is_subset(&more) {
            wrong.push(format!("{name}: after its command {more:?}, alone {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_output_gives_back_the_registry_s_bytes_or_nothing() {
    let facts = Facts::load();
    let known = facts.known();
    let (mut restored, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for (name, _, rule) in outputs(&facts) {
        let text = read(&name);
        let digests: BTreeSet<_> = rule.restores.iter().map(|id| facts.digest(id).to_owned()).collect();
        for id in &rule.restores {
            let digest = facts.digest(id);
            match recover(&text, &wanted([&digest.to_owned()])) {
                Ok(found) => {
                    assert_eq!(found.bytes, facts.bytes(id), "{name}: {id}");
                    assert_eq!(Digest::of(&found.bytes).to_string(), digest, "{name}: {id}");
                    restored += 1;
                    twin(&name, &text, &found.bytes, digest);
                }
                Err(error) => wrong.push(format!("{name}: {id}: {error}")),
            }
        }
        match recover(&text, &wanted(known.difference(&digests))) {
            Ok(found) => wrong.push(format!(
                "{name} gives {} too",
                named(&facts, &BTreeSet::from([format!("bytes {}", found.digest)])).pop_first().unwrap()
            )),
            Err(error) => {
                assert_eq!(error.code(), codes::UNRECOVERABLE, "{name}");
                refused += 1;
            }
        }
    }
    println!("{restored} documents given back, {refused} texts give nothing else");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(restored >= 40, "{restored}");
}

/// One other digit inside the document, and its digest is found no more.
fn twin(name: &str, text: &[u8], bytes: &[u8], digest: &str) {
    let mut other = text.to_vec();
    let encoded = base64::encode(bytes);
    if let Some(at) = text.windows(encoded.len()).position(|w| w == encoded.as_bytes()) {
        other[at + encoded.len() / 2] = if other[at + encoded.len() / 2] == b'A' { b'B' } else { b'A' };
    }
    // A digest of a layer or child is spelt the same in every layout.
    let at = bytes.windows(7).rposition(|w| w == b"sha256:").unwrap_or_else(|| panic!("{name}: no digest"));
    let inner = &bytes[at..at + 71];
    for start in 0..other.len() - 70 {
        if &text[start..start + 71] == inner {
            other[start + 70] = if inner[70] == b'0' { b'1' } else { b'0' };
        }
    }
    assert_ne!(other, text, "{name}: nothing was changed");
    match recover(&other, &wanted([&digest.to_owned()])) {
        Ok(_) => panic!("{name} gives {digest} after a change"),
        Err(error) => assert_eq!(error.code(), codes::UNRECOVERABLE, "{name}"),
    }
}

#[test]
fn files_have_their_kinds_and_keep_their_bytes() {
    let mut seen = BTreeMap::new();
    for folder in ["images", "trust", "keys"] {
        for (path, bytes) in crate::common::own_vectors::files(folder) {
            let name = path.rsplit('/').next().unwrap();
            let kind = match name {
                _ if name.contains("changed") || name.starts_with("inspect") => continue,
                _ if name.ends_with("-config.json") => "config",
                _ if name.ends_with(".bundle.json") => "bundle",
                _ if name.ends_with(".referrers.json") => "index",
                _ if name.ends_with(".signature-manifest.json") => "signature-manifest",
                _ if name.ends_with(".payload.json") => "payload",
                _ if name.ends_with(".annotations.json") => "annotations",
                _ if name.starts_with("linux-") => "manifest",
                "index.json" => "index",
                _ if folder == "images" => panic!("{path}"),
                _ if name.ends_with("root.json") && folder == "trust" => "notary-root",
                "targets.json" | "releases.json" | "alice.json" | "bob.json" | "mallory.json" => {
                    "notary-targets"
                }
                "snapshot.json" => "notary-snapshot",
                "timestamp.json" => "notary-timestamp",
                "notary-list.txt" if !path.starts_with("s0") => "notary-list",
                _ if name.ends_with("_root.json") => "trusted-root",
                _ if name.ends_with(".pub") => "public-key",
                _ => continue,
            };
            let file = Given { name: name.to_owned(), origin: Origin::File, bytes: bytes.clone() };
            let items = recognise(&[file]);
            let first = items.first().unwrap_or_else(|| panic!("{path}: nothing"));
            assert_eq!(first.kind.name(), kind, "{folder}/{path}");
            if name.ends_with(".json") {
                assert_eq!(first.bytes, bytes, "{folder}/{path}");
            }
            *seen.entry(kind).or_insert(0) += 1;
        }
    }
    println!("{seen:?}");
    assert!(seen.len() >= 14, "{seen:?}");
}
