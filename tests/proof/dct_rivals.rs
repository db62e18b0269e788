//! Roots that may rule beside the one that does, and strangers' files in any number: what a
//! stolen key or a flood writes hides nothing of what is at hand. Each rule with its twin.

use serde_json::Value;
use webdis_verify::proof::tuf::Verdict;

use crate::common::notary_signer::Repo;
use crate::dct_collections::{Files, code, pick, root_of, rooted, verified};

#[test]
fn a_root_key_that_a_root_of_the_same_version_retired_signs_nothing() {
    let two = rooted(2, "root-2", &["root-2", "root"]);
    let back = rooted(2, "root", &["root"]);
    let first = root_of(&rooted(1, "root", &["root"]), "1.root.json");
    for older in [Files::new(), first] {
        let result = verified(&back, &[older, root_of(&two, "2.root.json"), back.files()].concat());
        assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Incomplete, "notary-two-files"));
    }
    // The twin: a stranger's root of that version, which the pinned key did not sign.
    let strange = rooted(2, "root-2", &["root-2"]);
    let result = verified(&back, &[root_of(&strange, "2.root.json"), back.files()].concat());
    assert_eq!(code(&result, "1.0"), "proven", "{:?}", result.cause());
}

#[test]
fn a_later_root_that_the_ruling_key_signed_is_not_passed_over() {
    let one = rooted(1, "root", &["root"]);
    let beside = |later: &Repo| verified(&one, &[root_of(later, "3.root.json"), one.files()].concat());
    let result = beside(&rooted(3, "root-3", &["root-3", "root"]));
    assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Incomplete, "notary-root-gap"));
    // The twins: signed by a stranger alone, and not by its own key.
    for signers in [&["root-3"][..], &["root"]] {
        let result = beside(&rooted(3, "root-3", signers));
        assert_eq!(code(&result, "1.0"), "proven", "{signers:?} {:?}", result.cause());
    }
}

/// Copies of a file that say they end at another time, under signatures that do not fit.
fn junk(file: &Files, count: u64, version: Option<u64>) -> Files {
    let copy = |n: u64| {
        let mut copy: Value = serde_json::from_slice(&file[0].1).unwrap();
        let time = format!("2048-01-01T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60);
        copy["signed"]["expires"] = time.into();
        if let Some(version) = version {
            copy["signed"]["version"] = version.into();
        }
        (format!("junk-{n}.json"), copy.to_string().into_bytes())
    };
    (0..count).map(copy).collect()
}

#[test]
fn junk_in_any_number_hides_no_file() {
    let (one, two) = (rooted(1, "root", &["root"]), rooted(2, "root-2", &["root-2", "root"]));
    let older = [root_of(&one, "1.root.json"), root_of(&two, "2.root.json")].concat();
    let back = rooted(3, "root", &["root"]);
    let repo = Repo::new();
    for count in [1, 127, 130, 300] {
        // The root that retires the key is found among strangers' of its version.
        let roots = junk(&pick(&back.files(), &["root.json"]), count, Some(2));
        let result = verified(&back, &[older.clone(), roots, back.files()].concat());
        assert!(result.collection().is_none(), "{count} {:?}", result.cause());
        // An honest set stays proven beside files that claim its keys.
        for name in ["root.json", "timestamp.json", "snapshot.json", "targets.json"] {
            let files = [junk(&pick(&repo.files(), &[name]), count, None), repo.files()].concat();
            let result = verified(&repo, &files);
            assert_eq!(
                (result.verdict(), code(&result, "1.0")),
                (Verdict::Fresh, "proven"),
                "{count} {name}"
            );
        }
    }
}

#[test]
fn more_claimed_signatures_than_are_verified_meet_a_limit() {
    let repo = Repo::new();
    for name in ["root.json", "timestamp.json"] {
        let files = [junk(&pick(&repo.files(), &[name]), 1100, None), repo.files()].concat();
        let result = repo.verify_files(&files);
        assert_eq!(
            (result.verdict(), code(&result, "1.0")),
            (Verdict::Incomplete, "limit-exceeded"),
            "{name}"
        );
    }
    // Strangers' files that claim no key of this repository are not counted.
    let other =
        Repo::of("docker.io/example/other", ["root-b", "targets-b", "snapshot-b", "timestamp-b"], "bob");
    let strange = junk(&pick(&other.files(), &["timestamp.json"]), 1100, None);
    let result = repo.verify_files(&[strange, repo.files()].concat());
    assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Fresh, "proven"));
}
