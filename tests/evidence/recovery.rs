//! Text to bytes: what real programs printed, and the bytes registries serve.

use crate::common::vectors;
use webdis_verify::ClaimedDigest;
use webdis_verify::Digest;
use webdis_verify::base::code::Class;
use webdis_verify::base::order::Set;
use webdis_verify::evidence::{codes, recover, trimmed};

fn wanted(digests: &[&str]) -> Set<ClaimedDigest> {
    digests.iter().map(|d| ClaimedDigest::parse(d).unwrap()).collect()
}

fn file(folder: &str, name: &str) -> Vec<u8> {
    vectors::read(&vectors::folder("dct").join(folder).join(name))
}

/// One line of the table; checks the digest against the registry's bytes.
fn restore(folder: &str, name: &str, digest: &str) {
    let text = file(folder, name);
    let found = recover(&text, &wanted(&[digest])).unwrap_or_else(|e| panic!("{folder}/{name}: {e}"));
    assert_eq!(Digest::of(&found.bytes).to_string(), digest);
    assert_eq!(found.digest.to_string(), digest);
    let repairs: Vec<_> = found.repairs.iter().map(|r| r.text.as_str()).collect();
    let repairs = if repairs.is_empty() { "as it is".to_owned() } else { repairs.join(" ") };
    println!("{folder}/{name} | {repairs} | {digest}");
    // The negative twin: one other digit in the text, and nothing is found.
    let at = text.iter().rposition(u8::is_ascii_digit).unwrap();
    let mut other = text.clone();
    other[at] = if other[at] == b'7' { b'8' } else { b'7' };
    // A digit outside what is hashed (a tool's own members) may change freely.
    if let Ok(again) = recover(&other, &wanted(&[digest])) {
        assert!(name.contains("verbose"), "{name} matched after a change");
        assert_eq!(again.bytes, found.bytes);
    }
}

fn refuse(folder: &str, name: &str, digest: &str) {
    let text = file(folder, name);
    let error = recover(&text, &wanted(&[digest])).unwrap_err();
    assert_eq!(error.code(), codes::UNRECOVERABLE, "{name}");
    assert_eq!(error.class(), Class::NotChecked);
    println!("{folder}/{name} | {} | {digest}", error.code());
}

#[test]
#[ignore = "needs ../shared"]
fn seed_texts_give_the_bytes_that_were_signed() {
    let webdis = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
    let fedora_config = "sha256:b3048463dcefbe4920ef2ae1af43171c9695e2077f315b2bc12ed0f6f67c86c7";
    restore("seed", "webdis-0.1.19-hub-manifest-list.json", webdis);
    restore("seed", "webdis-0.1.19-hub-manifest-list-indent-lost.txt", webdis);
    restore("seed", "fedora-config.json", fedora_config);
    restore("seed", "fedora-config-jq.txt", fedora_config);
    restore(
        "seed",
        "fedora-list-jq.txt",
        "sha256:aa889c59fc048b597dcfab40898ee3fcaad9ed61caf12bcfef44493ee670e9df",
    );
    restore(
        "seed",
        "fedora-manifest.json",
        "sha256:fdf235fa167d2aa5d820fba274ec1d2edeb0534bd32d28d602a19b31bad79b80",
    );
    restore(
        "seed",
        "amazoncorretto-manifest-2sp.txt",
        "sha256:717ba3e944ebbbbc0f1e0a37a1099cd2c6154549398ac96f9a1bc5c47ee18d7a",
    );
}

/// Every text in `pasted` against the registry's bytes of the same document.
#[test]
#[ignore = "needs ../shared"]
fn real_terminal_output_gives_the_registry_s_bytes() {
    let root = vectors::folder("dct");
    let mut names: Vec<String> = std::fs::read_dir(root.join("pasted"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let digest = |name: &str| Digest::of(&file("pasted", name)).to_string();
    for name in names {
        let stem = name.trim_end_matches(".txt").trim_end_matches(".json");
        if let Some(tag) = stem.strip_prefix("docker-manifest-inspect-verbose-") {
            restore("pasted", &name, &digest(&format!("registry-bytes-{tag}.json")));
            let amd64 = if tag.contains("0.1.19") { "0.1.19-amd64" } else { "0.1.24-amd64" };
            restore("pasted", &name, &digest(&format!("registry-bytes-{amd64}.json")));
        } else if let Some(tag) = stem.strip_prefix("docker-manifest-inspect-") {
            restore("pasted", &name, &digest(&format!("registry-bytes-{tag}.json")));
        } else if let Some(tag) = stem.strip_prefix("skopeo-raw-").or(stem.strip_prefix("registry-bytes-")) {
            restore("pasted", &name, &digest(&format!("registry-bytes-{tag}.json")));
        } else if let Some(tag) = stem.strip_prefix("skopeo-config-raw-") {
            restore("pasted", &name, &digest(&format!("skopeo-config-raw-{tag}.txt")));
        } else if let Some(tag) = stem.strip_prefix("skopeo-config-") {
            refuse("pasted", &name, &digest(&format!("skopeo-config-raw-{tag}.txt")));
        } else if let Some(tag) = stem.strip_prefix("skopeo-inspect-") {
            refuse("pasted", &name, &digest(&format!("registry-bytes-{tag}.json")));
        } else {
            panic!("{name}: no expectation");
        }
    }
}

#[test]
#[ignore = "needs ../shared"]
fn texts_that_lost_members_are_not_checked() {
    // What the corretto list's original looked like is not known; its own digest is.
    refuse(
        "seed",
        "amazoncorretto-list-jq-S.txt",
        "sha256:38455efd51e100ce0cdcc481036749395363671ed71406b21ad78b69b22b2c37",
    );
    for name in ["docker-pull-0.1.19-hub.txt", "trust-inspect-pretty-0.1.19.txt", "nicolasff.pub"] {
        refuse("seed", name, "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667");
    }
}

#[test]
fn without_a_digest_only_the_trailing_newline_goes() {
    let found = trimmed(b"{ \"a\": 1 }\r\n\n");
    assert_eq!(found.bytes, b"{ \"a\": 1 }");
    let codes: Vec<_> = found.repairs.iter().map(|r| r.code).collect();
    assert_eq!(codes, [codes::REPAIR_TRAILING.name(), codes::LAYOUT_UNCONFIRMED.name()]);
    assert_eq!(trimmed(b"{}").repairs.len(), 1);
}
