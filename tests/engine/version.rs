//! The version that an image carries in a label, where the profile says that
//! the publisher's images do: an older signed image under a newer tag is
//! noticed (docs/VERDICT.md, section 4).

use serde_json::{Value, json};
use webdis_verify::session::check::Publisher;

use crate::case::{Case, case, links};
use crate::common::image::{bundle, child, config, index, linux, manifest};
use crate::common::stand_in;

const APP: &str = "registry.example/app";
const LABEL: &str = "org.opencontainers.image.version";

/// Images carry their version from 2.0.0 on.
fn asked(name: &str, tag: &str) -> Case {
    unasked(name).image(&format!("{APP}:{tag}"))
}

/// The same, where the user names no image.
fn unasked(name: &str) -> Case {
    let profile = json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": [APP], "log": "required", "versionLabels": "2.0.0",
        "keys": [{"name": "example", "pem": stand_in::key().pem(), "fingerprint": stand_in::key().fingerprint().hex()}]
    });
    case(name).options(|o| o.publisher = Publisher::Profile(profile.to_string().into_bytes()))
}

/// A signed image of one platform whose config has labels.
fn signed(case: Case, labels: Value) -> Case {
    let mut config: Value = serde_json::from_slice(&config("amd64", "a")).unwrap();
    config["config"]["Labels"] = labels;
    let config = config.to_string().into_bytes();
    let manifest = manifest(&config, "a");
    let index = index(&[child(&manifest, linux("amd64", None))]);
    case.file(bundle(&index)).file(index).file(manifest).file(config)
}

#[test]
fn another_version_under_the_asked_tag_contradicts() {
    let version = |text: &str| json!({LABEL: text});
    let report = signed(asked("its own version", "2.1.0"), version("2.1.0")).proven("signed");
    assert!(report.links.iter().any(|link| link.code() == "version-agrees"), "{}", links(&report));
    signed(asked("an older image under a newer tag", "2.1.0"), version("2.0.9"))
        .contradicted("version-differs");
    signed(asked("a newer image under an older tag", "2.1.0"), version("2.2.0"))
        .contradicted("version-differs");
    // Honest: releases before the first with labels, tags and labels that are no version,
    // another label, none.
    signed(asked("before the first", "1.9.0"), version("1.8.0")).proven("signed");
    signed(asked("a tag that is no version", "latest"), version("2.0.9")).proven("signed");
    signed(asked("a label that is no version", "2.1.0"), version("main")).proven("signed");
    signed(asked("another label", "2.1.0"), json!({"org.opencontainers.image.title": "2.0.9"}))
        .proven("signed");
    signed(asked("no label", "2.1.0"), json!({})).proven("signed");
    // A tag with fewer numbers means the newest of them.
    for (tag, label) in [("2.1", "2.1.7"), ("v2.1-alpine", "2.1.7"), ("2.1.0.0", "2.1.0")] {
        signed(asked(tag, tag), version(label)).proven("signed");
    }
    for (tag, label) in [("2.1", "2.0.9"), ("2.1.7", "2.1"), ("2.1.0.1", "2.1.0")] {
        signed(asked(tag, tag), version(label)).contradicted("version-differs");
    }
}

/// A failed command, a list of containers, a line of instructions: the evidence may be
/// another release's, and nobody said that it is not.
#[test]
fn a_tag_in_a_text_is_no_lie_about_another_release() {
    let version = |text: &str| json!({LABEL: text});
    let texts = [
        format!(
            "$ docker pull {APP}:2.1.0\nError response from daemon: manifest for {APP}:2.1.0 not found: manifest unknown\n"
        ),
        format!(
            "$ docker ps\nCONTAINER ID   IMAGE                        COMMAND   CREATED      STATUS      PORTS   NAMES\n\
             0d2ce311a483   {APP}:2.1.0   \"/app\"    2 days ago   Up 2 days           app\n"
        ),
        format!("$ docker run --rm -d {APP}:2.1.0\n"),
    ];
    for text in texts {
        let pasted = |label: &str| signed(unasked(&text).paste(&text), version(label));
        pasted("2.1.0").proven("signed");
        // Nothing is proven of the release that was named.
        pasted("2.0.9").not_checked("several-releases");
        // The user gave the digest: that is what is asked about.
        let own = signed(unasked(&text), version("2.0.9")).run();
        let digest = own.subject.digest.unwrap().to_string();
        let by_digest = unasked(&text).digest(&digest).paste(&text);
        signed(by_digest, version("2.0.9")).proven("signed");
    }
    // The tag of a mirror may be its own.
    let mirror = unasked("a mirror").image("mirror.example/app:2.1.0");
    signed(mirror, version("2.0.9")).not_checked("several-releases");
}

/// Where a program puts the tag beside the digest, it is the tag's.
#[test]
fn a_tag_beside_an_older_digest_contradicts() {
    let old = signed(unasked("an older image"), json!({LABEL: "2.0.9"}));
    let digest = old.run().subject.digest.unwrap().to_string();
    let pulled = |tag: &str| {
        format!(
            "{tag}: Pulling from app\nDigest: {digest}\nStatus: Downloaded newer image for {APP}:{tag}\n{APP}:{tag}\n"
        )
    };
    let pasted = |tag: &str| signed(unasked(tag).paste(pulled(tag)), json!({LABEL: "2.0.9"}));
    pasted("2.0.9").proven("signed-as");
    pasted("2.1.0").contradicted("version-differs");
}

/// Lists that name each other's lists many times over: each document is read once.
#[test]
fn labels_below_many_lists_are_read_once() {
    let mut lists = vec![index(&[child(&manifest(&config("amd64", "a"), "a"), linux("amd64", None))])];
    for _ in 0..4 {
        let last = lists.last().unwrap();
        lists.push(index(&vec![child(last, linux("amd64", None)); 150]));
    }
    let asked = asked("many lists", "2.1.0").file(bundle(lists.last().unwrap()));
    lists.iter().fold(asked, |case, list| case.file(list)).proven("signed");
}
