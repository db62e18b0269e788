//! Every rule of the Content Trust check broken once, on metadata signed in
//! the test; each must be refused for the right reason, and what only looks
//! odd must pass.

use crate::common::notary_signer::{
    ACCEPTED, LOOKUPS, MANIFEST, REFUSED, Repo, b64, bare_id, id_of, key_object, other_entry, spki,
};
use serde_json::json;
use std::collections::BTreeSet;
use webdis_verify::proof::tuf::{RoleOutcome, Signer, Verdict};

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
    let mut said = BTreeSet::new();
    for (name, verdict, change) in ACCEPTED {
        let mut repo = Repo::new();
        change(&mut repo);
        let result = repo.verify();
        said.extend(result.roles().iter().flat_map(|role| role.caveats()).map(|caveat| caveat.code));
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
    // What is odd is said.
    assert!(said.contains("notary-other-repository-key"), "{said:?}");
}

#[test]
fn tags_resolve_as_docker_pull_resolves_them() {
    for (name, tag, code, change) in LOOKUPS {
        let mut repo = Repo::new();
        change(&mut repo, other_entry());
        let result = repo.verify();
        assert_eq!(result.verdict(), Verdict::Fresh, "{name}: {:?}", result.cause());
        let error = result.collection().unwrap().release(tag).unwrap_err();
        assert_eq!(error.code().name(), *code, "{name}");
    }
    // Who may not sign a tag does not stand in the way of who may.
    let mut repo = Repo::new();
    let entry = repo.at("targets")["targets"]["1.0"].clone();
    repo.at("targets")["targets"]["2.0"] = entry;
    let role = |repo: &Repo| repo.verify().collection().unwrap().release("2.0").unwrap().role().to_owned();
    assert_eq!(role(&repo), "targets/releases");
    repo.at("targets")["delegations"]["roles"][1]["paths"] = json!(["1."]);
    assert_eq!(role(&repo), "targets");
    let mut repo = Repo::new();
    let also =
        |repo: &Repo| repo.verify().collection().unwrap().release("2.0").unwrap().also_signed_in().to_vec();
    assert_eq!(also(&repo), ["targets/alice"]);
    repo.at("targets/alice")["targets"]["2.0"] = other_entry();
    assert!(also(&repo).is_empty());
    let mut repo = Repo::new();
    repo.at("targets")["targets"]["1.0"]["length"] = json!(MANIFEST.len() + 1);
    repo.at("targets/releases")["targets"]["2.0"]["hashes"]["sha512"] = json!(b64(&[1; 64]));
    let collection = repo.verify().into_collection().unwrap();
    let error = |tag: &str| collection.release(tag).unwrap().check(MANIFEST).unwrap_err().code().name();
    assert_eq!((error("1.0"), error("2.0")), ("notary-length-mismatch", "notary-sha512-mismatch"));
}

#[test]
fn a_documented_signer_signs_under_its_own_name_only() {
    let signer = |name: &str, key: &str| Signer { name: name.into(), key_id: bare_id(key) };
    let alice = |signers: Vec<Signer>| {
        let mut repo = Repo::new();
        repo.pins.signers = signers;
        let result = repo.verify();
        // Any documented signer's key releases.
        assert_eq!(result.verdict(), Verdict::Fresh, "{:?}", result.cause());
        match result.role("targets/alice").unwrap().outcome() {
            RoleOutcome::Failed(error) => {
                (error.code().name(), error.expected_text().unwrap_or("").to_owned())
            }
            other => ("proven", format!("{}", matches!(other, RoleOutcome::Proven(_)))),
        }
    };
    assert_eq!(alice(vec![signer("alice", "alice"), signer("bob", "m")]), ("proven", "true".into()));
    let differs = "notary-signer-key-differs";
    assert_eq!(alice(vec![signer("alice", "m"), signer("bob", "alice")]), (differs, bare_id("m")));
    assert_eq!(alice(vec![signer("bob", "alice")]), (differs, "no such signer".into()));
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

#[test]
fn the_last_second_of_validity_counts() {
    for (role, after) in [
        ("root", Verdict::RootExpired),
        ("targets", Verdict::AuthenticNotFresh),
        ("targets/releases", Verdict::AuthenticNotFresh),
        ("snapshot", Verdict::AuthenticNotFresh),
        ("timestamp", Verdict::AuthenticNotFresh),
    ] {
        let mut repo = Repo::new();
        repo.at(role)["expires"] = json!("2026-11-21T12:00:00Z");
        assert_eq!(repo.verify().verdict(), Verdict::Fresh, "{role} at its end");
        repo.at(role)["expires"] = json!("2026-11-21T11:59:59Z");
        assert_eq!(repo.verify().verdict(), after, "{role} a second past its end");
    }
}
