//! Docker Content Trust metadata of real repositories and of the shared
//! variants, held against what is known of each.

use std::path::Path;

use crate::common::vectors;
use webdis_verify::Time;
use webdis_verify::base::json;
use webdis_verify::proof::tuf::{Form, NamedFile, Pins, RoleReport, Verdict, Verification, codes, verify};

struct Set(Vec<(String, Vec<u8>)>);

impl Set {
    /// All metadata files below a folder, by their path in it.
    fn load(folder: &Path) -> Self {
        fn walk(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                let path = format!("{prefix}{name}");
                if entry.path().is_dir() {
                    walk(&entry.path(), &format!("{path}/"), files);
                } else if name.ends_with(".json") && name != "case.json" && !name.starts_with("inspect") {
                    files.push((path, std::fs::read(entry.path()).unwrap()));
                }
            }
        }
        let mut files = Vec::new();
        walk(folder, "", &mut files);
        files.sort();
        Self(files)
    }

    fn nameless(&self) -> Self {
        Self(self.0.iter().rev().map(|(_, bytes)| ("paste".to_owned(), bytes.clone())).collect())
    }

    fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(other, _)| other != name).cloned().collect())
    }

    fn get(&self, name: &str) -> &[u8] {
        &self.0.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("no {name}")).1
    }

    fn verify(&self, gun: &str, pins: &Pins, now: &str) -> Verification {
        let files: Vec<_> = self.0.iter().map(|(name, bytes)| NamedFile { name, bytes }).collect();
        verify(&files, gun, pins, Time::parse(now).unwrap())
    }

    /// The ids this set's own root names: stand-ins for a publisher's
    /// documentation, which real third-party sets come without.
    fn own_pins(&self) -> Pins {
        let ids = |role: &str| -> Vec<String> {
            let node = json::parse(self.get("root.json")).unwrap();
            let signed = node.object("").unwrap().need_object("signed").unwrap();
            let role = signed.need_object("roles").unwrap().need_object(role).unwrap();
            role.need_array("keyids").unwrap().iter().map(|id| id.text("").unwrap().to_owned()).collect()
        };
        Pins { root: ids("root"), repository: ids("targets"), signers: Vec::new() }
    }
}

fn describe(result: &Verification) -> String {
    let cause = result.cause().map(|cause| format!(" {cause}")).unwrap_or_default();
    let aside: Vec<_> = result.aside().iter().map(|a| format!("{}: {}", a.name, a.reason.code())).collect();
    format!("{}{cause} {aside:?}", result.verdict().name())
}

const TODAY: &str = "2026-11-21T12:00:00Z";

#[test]
#[ignore = "needs ../shared"]
fn real_sets_verify_in_their_time_and_are_judged_today() {
    let vectors = vectors::folder("dct");
    let trust_data = "connaisseur/test/testdata/notaryv1/trust_data";
    let rows = [
        // folder, repository, a moment inside its life, tags, verdict today
        (
            "buskill-debian/docker.io/library/debian/metadata",
            "docker.io/library/debian",
            "2020-10-01T00:00:00Z",
            791,
            Verdict::RootExpired,
        ),
        (
            "moby-ee-tests/docker.io/library/alpine",
            "docker.io/library/alpine",
            "2018-08-01T00:00:00Z",
            13,
            Verdict::RootExpired,
        ),
        (
            "connaisseur-2020/alice-image",
            "docker.io/phbelitz/alice-image",
            "2019-10-20T00:00:00Z",
            1,
            Verdict::AuthenticNotFresh,
        ),
        (
            "connaisseur-2020/sample-image",
            "docker.io/phbelitz/sample-image",
            "2019-11-01T00:00:00Z",
            2,
            Verdict::AuthenticNotFresh,
        ),
        (
            "connaisseur-2020/sample-loose",
            "docker.io/phbelitz/sample",
            "2020-01-20T00:00:00Z",
            2,
            Verdict::AuthenticNotFresh,
        ),
        (
            "connaisseur-2020/sample2-loose",
            "docker.io/phbelitz/sample-san-sama",
            "2020-04-15T00:00:00Z",
            1,
            Verdict::AuthenticNotFresh,
        ),
        (
            &format!("{trust_data}/alice-image"),
            "docker.io/phbelitz/alice-image",
            "2019-10-20T00:00:00Z",
            1,
            Verdict::AuthenticNotFresh,
        ),
        (
            &format!("{trust_data}/sample-image"),
            "docker.io/phbelitz/sample-image",
            "2019-11-01T00:00:00Z",
            2,
            Verdict::AuthenticNotFresh,
        ),
    ];
    let mut wrong = Vec::new();
    for (folder, gun, then, tags, today) in rows {
        let set = Set::load(&vectors.join(folder));
        let pins = set.own_pins();
        let fresh = set.verify(gun, &pins, then);
        let found =
            fresh.collection().map(|c| c.tags().iter().filter(|(_, release)| release.is_ok()).count());
        let late = set.verify(gun, &pins, TODAY);
        println!("{folder:<60} {then} {} tags={found:?} | today {}", describe(&fresh), describe(&late));
        if (fresh.verdict(), found, late.verdict()) != (Verdict::Fresh, Some(tags), today) {
            wrong.push(folder.to_owned());
        }
        // The negative twins: another repository, another root, no root.
        let other = set.verify("docker.io/library/other", &pins, then);
        assert_eq!(other.cause().unwrap().code(), codes::CERTIFICATE_NAME, "{folder}");
        let unpinned = set.verify(gun, &Pins { root: vec!["0".repeat(64)], ..pins.clone() }, then);
        assert_eq!(unpinned.verdict(), Verdict::KeysDiffer, "{folder}");
        assert_eq!(set.verify(gun, &Pins::default(), then).cause().unwrap().code(), codes::NO_PINS);
        // Pasted without names, in another order.
        let pasted = set.nameless().verify(gun, &pins, then);
        assert!(
            pasted.collection().is_some() || pasted.verdict() == Verdict::Incomplete,
            "{folder} {}",
            describe(&pasted)
        );
        println!("{:<60} nameless: {}", "", describe(&pasted));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[ignore = "needs ../shared"]
fn generated_stages_follow_rotations() {
    let vectors = vectors::folder("dct");
    let generated = vectors.join("generated");
    let gun = "localhost:14443/example/webdis";
    let first = Set::load(&generated.join("s0-init")).own_pins();
    let rotated = Set::load(&generated.join("s3-targets-key-rotated")).own_pins();
    let new_repository = Pins { repository: rotated.repository.clone(), ..first.clone() };
    let guess = |stage: &str| Set::load(&generated.join(stage));
    let gun = certificate_name(&guess("s0-init")).unwrap_or_else(|| gun.to_owned());
    println!("repository {gun}");
    let rows = [
        ("s0-init", &first, Verdict::Fresh, 0),
        ("s1-admin-tag", &first, Verdict::Fresh, 1),
        ("s2-delegated", &first, Verdict::Fresh, 3),
        ("s3-targets-key-rotated", &first, Verdict::KeysDiffer, 0),
        ("s3-targets-key-rotated", &new_repository, Verdict::Fresh, 3),
        ("s5-root-key-rotated", &first, Verdict::KeysDiffer, 0),
        ("s5-root-key-rotated", &new_repository, Verdict::Fresh, 3),
        ("s9-tag-in-two-roles", &new_repository, Verdict::Fresh, 2),
    ];
    for (stage, pins, verdict, tags) in rows {
        let set = guess(stage);
        let result = set.verify(&gun, pins, TODAY);
        let names: Vec<_> = result.collection().map(|c| c.tags()).unwrap_or_default();
        let shown: Vec<_> = names
            .iter()
            .map(|(tag, r)| format!("{tag}={}", r.as_ref().map_or_else(|e| e.code().name(), |r| r.role())))
            .collect();
        println!("{stage:<28} {} {shown:?}", describe(&result));
        assert_eq!((result.verdict(), names.len()), (verdict, tags), "{stage}");
    }
    let s5 = guess("s5-root-key-rotated");
    let result = s5.verify(&gun, &new_repository, TODAY);
    assert!(result.role("root").unwrap().caveats().iter().any(|m| m.code == "rotated-since-documented"));
    let gap = s5.without("3.root.json").verify(&gun, &new_repository, TODAY);
    assert_eq!(gap.cause().unwrap().code(), codes::ROOT_GAP);
    assert_eq!(gap.missing()[0].role, "3.root");
    let alone = ["1", "2", "3"].iter().fold(s5, |set, n| set.without(&format!("{n}.root.json")));
    assert_eq!(alone.verify(&gun, &new_repository, TODAY).cause().unwrap().code(), codes::ROOT_UNLINKED);
    let s9 = guess("s9-tag-in-two-roles").verify(&gun, &new_repository, TODAY).into_collection().unwrap();
    assert_eq!(s9.release("0.1.21").unwrap_err().code(), codes::TAG_AMBIGUOUS);
    assert_eq!(s9.release("0.1.20").unwrap_err().code(), codes::TAG_NOT_SIGNED);
    let s2 = guess("s2-delegated").verify(&gun, &first, TODAY).into_collection().unwrap();
    let manifest = std::fs::read(generated.join("manifests/0.1.20.json")).unwrap();
    let released = s2.release("0.1.20").unwrap();
    assert!(released.check(&manifest).is_ok());
    assert!(released.check(&[manifest.as_slice(), b"\n"].concat()).is_err());
}

/// The name in the root certificate of a set.
fn certificate_name(set: &Set) -> Option<String> {
    let file = webdis_verify::proof::tuf::File::read("root.json", set.get("root.json")).unwrap();
    match &file.body().content {
        webdis_verify::proof::tuf::Content::Root { keys, .. } => {
            keys.values().find_map(|key| key.certificate().map(|c| c.common_name().to_owned()))
        }
        _ => None,
    }
}

/// Variants whose encoding is damaged: not checked, never accepted.
const MALFORMED: [&str; 12] = [
    "31-sig-der",
    "32-sig-63-bytes",
    "33-sig-r0",
    "46-wrong-type",
    "49-version-missing",
    "64-duplicate-json-key",
    "66-case-variant-key",
    "67-float-version",
    "69-integer-above-2p53",
    "70-trailing-garbage",
    "78-lone-surrogate",
    "82-expires-missing",
];

/// Whether what was given had another layout than what is listed.
fn recompacted(role: &RoleReport) -> bool {
    matches!(role.proof().and_then(|proof| proof.form()), Some(Form::Recompacted(_)))
}

/// Refused without an alarm: another repository's set, and authentic files of
/// two moments.
const SET_ASIDE: [&str; 4] = [
    "09-root-cert-other-gun",
    "14-mix-timestamp-new-snapshot-old",
    "15-releases-not-in-snapshot",
    "17-root-hash-in-snapshot-wrong",
];

#[test]
#[ignore = "needs ../shared"]
fn variants_are_judged_as_listed() {
    let vectors = vectors::folder("dct");
    let folder = vectors.join("variants");
    let text = std::fs::read(folder.join("cases.json")).unwrap();
    let cases = json::parse(&text).unwrap();
    let oracle_text = std::fs::read(folder.join("oracle-notary-0.7.0.json")).unwrap();
    let oracle = json::parse(&oracle_text).unwrap();
    let manifest = std::fs::read(vectors.join("seed/webdis-0.1.19-hub-manifest-list.json")).unwrap();
    let manifest = manifest.strip_suffix(b"\n").unwrap_or(&manifest);
    let (mut count, mut lax, mut wrong) = (0, Vec::new(), Vec::new());
    for case in cases.array("").unwrap() {
        let case = case.object("").unwrap();
        let name = case.need_text("name").unwrap();
        let pin = |member: &str| {
            let replaced = case.text(&format!("{member}_override")).unwrap();
            vec![replaced.unwrap_or_else(|| case.need_text(member).unwrap()).to_owned()]
        };
        let pins = Pins { root: pin("pin_root"), repository: pin("pin_targets"), signers: Vec::new() };
        let set = Set::load(&folder.join(name));
        let result = set.verify(case.need_text("gun").unwrap(), &pins, TODAY);
        let expect = case.need_text("expect").unwrap();
        let good = result.verdict() == Verdict::Fresh;
        let optional = case.get("optional").is_some();
        let mut right = match expect {
            "accept" if optional => result.verdict() == Verdict::Unsupported,
            "accept" => good,
            "accept-paste" => good && result.roles().iter().any(recompacted),
            "accept-chain" => good && result.role("root").unwrap().caveats().len() == 1,
            "accept-partial" | "ambiguous" => good,
            "reject" if SET_ASIDE.contains(&name) => result.verdict() == Verdict::Incomplete,
            // A text that cannot be read may be a cut copy, and is no lie.
            "accept-or-reject" | "reject" if MALFORMED.contains(&name) => {
                result.verdict() == Verdict::Incomplete
            }
            "accept-or-reject" | "reject" => {
                [Verdict::Rejected, Verdict::KeysDiffer, Verdict::Unsupported].contains(&result.verdict())
            }
            "expired" => [Verdict::AuthenticNotFresh, Verdict::RootExpired].contains(&result.verdict()),
            other => panic!("{name}: unknown expectation {other}"),
        };
        let tags = |member: &str| -> Vec<String> {
            let list = case.get(member).map(|node| node.array("").unwrap()).unwrap_or_default();
            list.iter().map(|tag| tag.text("").unwrap().to_owned()).collect()
        };
        if let Some(collection) = result.collection() {
            right &= tags("tags_present").iter().all(|tag| collection.release(tag).is_ok());
            right &= tags("tags_absent").iter().all(|tag| collection.release(tag).is_err());
            for tag in tags("tags_length_bad") {
                let error = collection.release(&tag).unwrap().check(manifest).unwrap_err();
                right &= error.code() == codes::LENGTH;
            }
            if expect == "ambiguous" {
                right &= collection.release("0.1.21").unwrap_err().code() == codes::TAG_AMBIGUOUS;
            }
            if name == "00-valid" {
                right &= collection.release("0.1.19").unwrap().check(manifest).is_ok();
            }
        }
        let said = oracle.array("").unwrap().iter().map(|node| node.object("").unwrap());
        let said = said.into_iter().find(|row| row.need_text("name").unwrap() == name);
        let accepted = said.is_some_and(|row| row.need_u64("notary_rc").is_ok_and(|rc| rc == 0));
        let refused = result.collection().is_none();
        if accepted && refused {
            lax.push(name.to_owned());
        }
        println!(
            "{} {name:<42} {expect:<16} notary={} {}",
            if right { "ok   " } else { "WRONG" },
            if accepted { "accepts" } else { "refuses" },
            describe(&result)
        );
        count += 1;
        if !right {
            wrong.push(name.to_owned());
        }
    }
    println!("{count} variants; the notary client accepts and this verifier refuses: {lax:#?}");
    let listed = ["03-", "06-", "15-", "26-", "42-", "43-", "64-", "66-", "69-"];
    assert!(lax.iter().map(|name| &name[..3]).eq(listed), "{lax:?}");
    assert!(count >= 66 && wrong.is_empty(), "{wrong:#?}");
}
