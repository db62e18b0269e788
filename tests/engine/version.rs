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
    let profile = json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": [APP], "log": "required", "versionLabels": "2.0.0",
        "keys": [{"name": "example", "pem": stand_in::key().pem(), "fingerprint": stand_in::key().fingerprint().hex()}]
    });
    case(name)
        .options(|o| o.publisher = Publisher::Profile(profile.to_string().into_bytes()))
        .image(&format!("{APP}:{tag}"))
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
