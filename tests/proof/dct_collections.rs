//! What a set of Content Trust files is a set of: one repository, one moment,
//! one line of roots. Each rule with its twin.

use serde_json::json;
use webdis_verify::proof::tuf::{Pins, Verdict, Verification, codes};

use crate::common::notary_signer::{Cert, GUN, MANIFEST, Repo, add_key, b64, bare_id, id_of, p384};

pub(crate) type Files = Vec<(String, Vec<u8>)>;

const OTHER: &str = "docker.io/example/other";

/// Another repository of the same delegate, with keys of its own otherwise.
fn other() -> Repo {
    let mut repo = Repo::of(OTHER, ["root-b", "targets-b", "snapshot-b", "timestamp-b"], "alice");
    repo.at("targets/releases")["targets"]["6.6"] = json!({"hashes": {"sha256": b64(&[6; 32])}, "length": 6});
    repo.at("targets/releases")["targets"]["2.0"] = json!({"hashes": {"sha256": b64(&[6; 32])}, "length": 6});
    repo
}

fn below(folder: &str, files: Files) -> Files {
    files.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)).collect()
}

fn nameless(files: &Files) -> Files {
    files.iter().enumerate().map(|(n, (_, bytes))| (format!("paste {n}"), bytes.clone())).collect()
}

pub(crate) fn pick(files: &Files, names: &[&str]) -> Files {
    files.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect()
}

fn without(files: &Files, names: &[&str]) -> Files {
    files.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
}

pub(crate) fn code(result: &Verification, tag: &str) -> &'static str {
    match result.collection().map(|collection| collection.release(tag)) {
        Some(Ok(release)) => {
            assert!(release.check(MANIFEST).is_ok(), "{tag}");
            "proven"
        }
        Some(Err(error)) => error.code().name(),
        None => result.cause().map_or("none", |cause| cause.code().name()),
    }
}

/// Both orders, and every file twice, give one answer.
pub(crate) fn verified(repo: &Repo, files: &Files) -> Verification {
    let result = repo.verify_files(files);
    let mut reversed = files.clone();
    reversed.reverse();
    let mut doubled = files.clone();
    doubled.extend(files.iter().cloned());
    for again in [reversed, doubled] {
        let again = repo.verify_files(&again);
        assert_eq!(again.verdict(), result.verdict(), "{:?} {:?}", again.cause(), result.cause());
        assert_eq!(again.cause().map(|e| e.code()), result.cause().map(|e| e.code()));
        for tag in ["1.0", "2.0", "6.6", "9.9"] {
            assert_eq!(code(&again, tag), code(&result, tag), "{tag}");
        }
    }
    result
}

#[test]
fn only_a_verified_snapshot_binds_a_delegation() {
    let repo = Repo::new();
    let ours = repo.files();
    let theirs = other().files();
    let foreign = pick(&theirs, &["targets/releases.json"]);
    let bare = pick(&ours, &["root.json", "targets.json"]);
    for stamp in [vec![], pick(&ours, &["timestamp.json"])] {
        for named in [true, false] {
            let mix = [bare.clone(), foreign.clone(), stamp.clone()].concat();
            let result = verified(&repo, &if named { mix } else { nameless(&mix) });
            assert_eq!(result.verdict(), Verdict::AuthenticNotFresh, "{:?}", result.cause());
            assert_eq!(code(&result, "1.0"), "proven");
            assert_eq!(code(&result, "6.6"), "notary-tag-not-in-copy");
            assert_eq!(code(&result, "2.0"), "notary-tag-not-in-copy");
            assert!(result.missing().iter().any(|file| file.role == "snapshot" && file.required));
            assert!(result.aside().iter().any(|aside| aside.reason.code() == codes::UNBOUND));
        }
    }
    // The twin: its own file proves nothing either without the snapshot, and
    // everything with it.
    let own = pick(&ours, &["root.json", "targets.json", "targets/releases.json"]);
    assert_eq!(code(&verified(&repo, &own), "2.0"), "notary-tag-not-in-copy");
    let bound = verified(&repo, &[own, pick(&ours, &["snapshot.json"])].concat());
    assert_eq!((code(&bound, "2.0"), bound.verdict()), ("proven", Verdict::AuthenticNotFresh));
    // A snapshot that a stranger signed binds nothing.
    let strange = [bare, foreign, pick(&theirs, &["snapshot.json", "timestamp.json"])].concat();
    assert_eq!(code(&verified(&repo, &strange), "6.6"), "notary-tag-not-in-copy");
}

#[test]
fn a_file_of_the_delegate_for_another_repository_never_stands_in() {
    let repo = Repo::new();
    let ours = repo.files();
    let foreign = pick(&other().files(), &["targets/releases.json"]);
    // Beside our own it changes nothing, by whatever name.
    for name in ["targets/releases.json", "x/targets/releases.json", "paste 1"] {
        let beside = [ours.clone(), vec![(name.to_owned(), foreign[0].1.clone())]].concat();
        let result = verified(&repo, &beside);
        assert_eq!((result.verdict(), code(&result, "2.0")), (Verdict::Fresh, "proven"), "{name}");
        assert_eq!(code(&result, "6.6"), "notary-tag-not-signed", "{name}");
    }
    // In the place of ours it is of another moment, as far as one can see.
    let instead = [without(&ours, &["targets/releases.json"]), foreign].concat();
    let result = verified(&repo, &instead);
    assert_eq!((result.verdict(), code(&result, "6.6")), (Verdict::Incomplete, "notary-other-moment"));
}

#[test]
fn other_repositories_in_the_folder_change_nothing() {
    let repo = Repo::new();
    let ours = below("tuf/docker.io/example/webdis/metadata", repo.files());
    for version in [1, 2, 9] {
        let mut other = other();
        for role in ["root", "targets", "targets/releases", "snapshot", "timestamp"] {
            other.at(role)["version"] = json!(version);
        }
        let theirs = below("tuf/docker.io/example/other/metadata", other.files());
        for all in
            [[ours.clone(), theirs.clone()].concat(), nameless(&[ours.clone(), theirs.clone()].concat())]
        {
            let result = verified(&repo, &all);
            assert_eq!(result.verdict(), Verdict::Fresh, "{version} {:?}", result.cause());
            assert_eq!((code(&result, "1.0"), code(&result, "2.0")), ("proven", "proven"));
            assert_eq!(code(&result, "6.6"), "notary-tag-not-signed");
        }
        // A damaged file of theirs is theirs.
        let mut damaged = theirs.clone();
        for (_, bytes) in damaged.iter_mut().filter(|(name, _)| !name.ends_with("root.json")) {
            bytes.truncate(40);
        }
        assert_eq!(verified(&repo, &[ours.clone(), damaged].concat()).verdict(), Verdict::Fresh);
        // Alone it is no evidence about this one.
        let alone = verified(&repo, &theirs);
        assert_eq!(alone.verdict(), Verdict::Incomplete);
        assert_eq!(alone.cause().unwrap().code(), codes::CERTIFICATE_NAME);
    }
    // The twin: a stranger's whole repository under this very name is no other
    // repository.
    let impostor = Repo::of(GUN, ["root-b", "targets-b", "snapshot-b", "timestamp-b"], "mallory");
    let result = verified(&repo, &impostor.files());
    assert_eq!(result.verdict(), Verdict::KeysDiffer);
    assert_eq!(verified(&repo, &[ours, below("x", impostor.files())].concat()).verdict(), Verdict::Fresh);
    // Its root alone is nobody's.
    let alone = verified(&repo, &pick(&impostor.files(), &["root.json"]));
    assert_eq!((alone.verdict(), code(&alone, "1.0")), (Verdict::Incomplete, "notary-root-unlinked"));
}

#[test]
fn files_that_nothing_vouches_for_are_set_aside() {
    let repo = Repo::new();
    let ours = repo.files();
    let mut stranger = Repo::of(GUN, ["root-b", "targets-b", "snapshot-b", "timestamp-b"], "mallory");
    for version in [1, 2, 50] {
        stranger.at("root")["version"] = json!(version);
        stranger.at("timestamp")["version"] = json!(version);
        let theirs = stranger.files();
        for name in ["root.json", "timestamp.json", "snapshot.json", "targets.json", "targets/releases.json"]
        {
            let one = pick(&theirs, &[name])[0].1.clone();
            for given in
                [name.to_owned(), format!("{version}.{name}"), format!("a/{name}"), "paste".to_owned()]
            {
                let result = verified(&repo, &[ours.clone(), vec![(given.clone(), one.clone())]].concat());
                assert_eq!(result.verdict(), Verdict::Fresh, "{given} {version} {:?}", result.cause());
                assert_eq!(result.aside().len(), 1, "{given}");
            }
            // In place of ours it is as if ours were missing.
            let rest = without(&ours, &[name]);
            let missing = verified(&repo, &rest);
            let instead = verified(&repo, &[rest, vec![(name.to_owned(), one)]].concat());
            assert_ne!(instead.verdict(), Verdict::Rejected, "{name} {:?}", instead.cause());
            assert_eq!(instead.collection().is_some(), missing.collection().is_some(), "{name}");
        }
    }
    // The twin: altered, not a stranger's.
    for (name, found) in [("timestamp.json", "notary-signature"), ("snapshot.json", "notary-hash-mismatch")] {
        let mut changed = ours.clone();
        let (_, bytes) = changed.iter_mut().find(|(other, _)| other == name).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace("\"version\":", "\"version\":1").into_bytes();
        let result = verified(&repo, &changed);
        assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Rejected, found));
    }
}

#[test]
fn files_of_two_moments_are_no_lie() {
    let repo = Repo::new();
    let first = repo.files();
    let mut later = Repo::new();
    for (role, version) in [("targets", 30), ("targets/releases", 20), ("snapshot", 50), ("timestamp", 60)] {
        later.at(role)["version"] = json!(version);
    }
    let second = later.files();
    for name in ["timestamp.json", "snapshot.json", "targets.json", "targets/releases.json"] {
        let mixed = [without(&first, &[name]), pick(&second, &[name])].concat();
        let result = verified(&repo, &mixed);
        assert_eq!(
            (result.verdict(), code(&result, "1.0")),
            (Verdict::Incomplete, "notary-other-moment"),
            "{name}"
        );
        // With the file that fits at hand too, the combination that verifies.
        let both = [first.clone(), below("new", pick(&second, &[name]))].concat();
        let result = verified(&repo, &both);
        assert_eq!((code(&result, "1.0"), code(&result, "2.0")), ("proven", "proven"), "{name}");
        let newer = ["timestamp.json", "snapshot.json"].contains(&name);
        assert_eq!(result.verdict() == Verdict::AuthenticNotFresh, newer, "{name}");
    }
    let all = verified(&repo, &[below("old", first.clone()), below("new", second.clone())].concat());
    assert_eq!(all.verdict(), Verdict::Fresh);
    assert_eq!(all.role("timestamp").unwrap().proof().unwrap().version(), 60);
    assert_eq!(all.role("targets/releases").unwrap().proof().unwrap().version(), 20);
    // Without a snapshot the newer of two targets files counts.
    let bare = |files: &Files| pick(files, &["root.json", "targets.json"]);
    let two = verified(&repo, &[below("old", bare(&first)), below("new", bare(&second))].concat());
    assert_eq!(two.role("targets").unwrap().proof().unwrap().version(), 30);
}

#[test]
fn an_absent_tag_is_unsigned_only_in_the_newest_copy() {
    let mut repo = Repo::new();
    assert_eq!(code(&repo.verify(), "9.9"), "notary-tag-not-signed");
    repo.at("timestamp")["expires"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(code(&repo.verify(), "9.9"), "notary-tag-not-in-copy");
    repo.absent.push("timestamp");
    assert_eq!(code(&repo.verify(), "9.9"), "notary-tag-not-in-copy");
    assert_eq!(code(&repo.verify(), "2.0"), "proven");
}

/// A root of version `version` whose root key is `key`, signed by `signers`.
pub(crate) fn rooted(version: u64, key: &'static str, signers: &[&'static str]) -> Repo {
    let mut repo = Repo::new();
    let pins = repo.pins.clone();
    let certificate = |key| Cert { key, ..Cert::good() }.object();
    repo.certificate(certificate(key));
    repo.at("root")["version"] = json!(version);
    let sign = |key: &&'static str| (id_of(&certificate(key)), *key);
    repo.signers.insert("root", signers.iter().map(sign).collect());
    repo.pins = pins;
    repo
}

pub(crate) fn root_of(repo: &Repo, name: &str) -> Files {
    vec![(name.to_owned(), pick(&repo.files(), &["root.json"])[0].1.clone())]
}

#[test]
fn a_retired_root_key_signs_nothing_any_more() {
    let (one, two) = (rooted(1, "root", &["root"]), rooted(2, "root-2", &["root-2", "root"]));
    let older = [root_of(&one, "1.root.json"), root_of(&two, "2.root.json")].concat();
    // The honest twin: the third is introduced by the second's key.
    let three = rooted(3, "root-2", &["root-2"]);
    let good = verified(&three, &[older.clone(), three.files()].concat());
    assert_eq!((good.verdict(), code(&good, "1.0")), (Verdict::Fresh, "proven"), "{:?}", good.cause());
    for pinned in [true, false] {
        let mut back = rooted(3, "root", &["root"]);
        if !pinned {
            back.pins.repository.clear();
        }
        // The second root is at hand: what the first key signs after it is void.
        for roots in [older.clone(), root_of(&two, "2.root.json"), root_of(&two, "paste")] {
            let result = verified(&back, &[roots, back.files()].concat());
            assert!(result.collection().is_none(), "{:?}", result.cause());
            assert_ne!(code(&result, "1.0"), "proven");
        }
        // Nothing at hand retires it.
        assert_eq!(code(&verified(&back, &back.files()), "1.0"), "proven");
        assert_eq!(
            code(&verified(&back, &[root_of(&one, "1.root.json"), back.files()].concat()), "1.0"),
            "proven"
        );
    }
}

#[test]
fn a_pinned_key_introduces_a_later_root_only_while_it_rules() {
    let one = rooted(1, "root", &["root"]);
    let first = root_of(&one, "1.root.json");
    let later = |version| rooted(version, "root", &["root"]);
    // The same key goes on: the roots between are not needed, of several the lowest is next.
    let fifth = [first.clone(), root_of(&later(3), "3.root.json"), later(5).files()].concat();
    assert_eq!(code(&verified(&one, &fifth), "1.0"), "proven");
    // Another pinned key, which the first root does not list: alone, and with
    // the first root's key, which then may not leave out a version.
    for signers in [&["root-9"][..], &["root-9", "root"]] {
        let mut other = rooted(3, "root-9", signers);
        other.pins.root.push(id_of(&Cert { key: "root-9", ..Cert::good() }.object()));
        let result = verified(&other, &[first.clone(), other.files()].concat());
        assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Incomplete, "notary-root-gap"));
    }
    // One key, where the first root demands two.
    let second = Cert { key: "b", ..Cert::good() }.object();
    let mut strict = rooted(1, "root", &["root"]);
    add_key(strict.at("root"), "root", &id_of(&second), second.clone());
    strict.at("root")["roles"]["root"]["threshold"] = json!(2);
    strict.signers.get_mut("root").unwrap().push((id_of(&second), "b"));
    strict.pins.root.push(id_of(&second));
    assert_eq!(code(&verified(&strict, &strict.files()), "1.0"), "proven");
    let result = verified(&strict, &[root_of(&strict, "1.root.json"), later(3).files()].concat());
    assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Incomplete, "notary-root-gap"));
}

#[test]
fn a_root_that_is_none_retires_no_key() {
    let back = rooted(3, "root", &["root"]);
    // Its own key did not sign it.
    let half = rooted(2, "root-2", &["root"]);
    assert_eq!(
        code(&verified(&back, &[root_of(&half, "2.root.json"), back.files()].concat()), "1.0"),
        "proven"
    );
}

#[test]
fn the_newest_linked_root_rules() {
    let one = rooted(1, "root", &["root"]);
    let two = rooted(2, "root-2", &["root-2", "root"]);
    let both = [root_of(&one, "1.root.json"), two.files()].concat();
    let result = verified(&two, &both);
    assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Fresh, "proven"));
    assert!(result.role("root").unwrap().caveats().iter().any(|m| m.code == "rotated-since-documented"));
    // Files that list the first root, with the second at hand: two moments.
    let mixed = [root_of(&two, "2.root.json"), one.files()].concat();
    assert_eq!(code(&verified(&one, &mixed), "1.0"), "notary-other-moment");
    // The second without the first: a question, whatever the order.
    assert_eq!(code(&verified(&two, &two.files()), "1.0"), "notary-root-unlinked");
    // The third alone: the second, which is not at hand, may link it to the first.
    let third = rooted(3, "root-3", &["root-3", "root-2"]);
    assert_eq!(code(&verified(&third, &third.files()), "1.0"), "notary-root-unlinked");
    let impostor = rooted(2, "root-3", &["root-3", "mallory"]);
    assert_eq!(code(&verified(&impostor, &impostor.files()), "1.0"), "notary-root-key-differs");
    // Not introduced by the first key, and yet what the snapshot lists.
    let alone = rooted(2, "root-2", &["root-2"]);
    let result = verified(&alone, &[root_of(&one, "1.root.json"), alone.files()].concat());
    assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Rejected, "notary-root-not-cross-signed"));
    // The next root is introduced, and its own key is of a kind not verified
    // here: nothing older rules any more.
    let mut unreadable = rooted(2, "root", &["root"]);
    let strange = id_of(&p384());
    unreadable.at("root")["keys"][&strange] = p384();
    unreadable.at("root")["roles"]["root"]["keyids"] = json!([&strange]);
    unreadable.signers.get_mut("root").unwrap().push((strange, "m"));
    let result = verified(&one, &[root_of(&unreadable, "2.root.json"), one.files()].concat());
    assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Unsupported, "notary-key-unsupported"));
    // A stranger's second root links nothing to the third.
    let unrelated = rooted(2, "mallory", &["mallory"]);
    let result = verified(&third, &[root_of(&unrelated, "2.root.json"), third.files()].concat());
    assert_eq!(code(&result, "1.0"), "notary-root-unlinked");
    // Two second roots, both introduced.
    let mut twin = rooted(2, "root-2", &["root-2", "root"]);
    twin.at("root")["expires"] = json!("2048-01-01T00:00:00Z");
    let result = verified(&two, &[both.clone(), root_of(&twin, "x/2.root.json")].concat());
    assert_eq!(code(&result, "1.0"), "notary-two-files");
    // A root that only claims the pinned key among its own.
    let mut claims = rooted(1, "root", &["mallory"]);
    claims.pins = Pins { repository: vec![bare_id("targets")], ..claims.pins };
    let result = verified(&claims, &claims.files());
    assert_eq!((result.verdict(), code(&result, "1.0")), (Verdict::Rejected, "notary-signed-by-others"));
    assert_eq!(
        verified(&one, &[root_of(&claims, "x/root.json"), one.files()].concat()).verdict(),
        Verdict::Fresh
    );
}
