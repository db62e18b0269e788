//! Saved Content Trust metadata on the command line: however it is given, the
//! verdict is the same; whatever is wrong with it has its own exit status.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::common::notary_tools::Folder;
use crate::common::tar::gzip;
use crate::common::{own_vectors, vectors};
use serde_json::Value;

type Files = BTreeMap<String, Vec<u8>>;

/// A set of metadata, what it is of, and the keys that its own first root
/// names: stand-ins for a publisher's documentation.
struct Set {
    name: &'static str,
    gun: &'static str,
    tag: &'static str,
    now: &'static str,
    /// The folder as it lies on disk.
    files: Files,
    root: String,
    repository: String,
}

const DEBIAN: &str = "buskill-debian/docker.io/library/debian/metadata";

fn load(folder: &Path, prefix: &str, files: &mut Files) {
    for (name, bytes) in vectors::files(folder) {
        if name.ends_with(".json") && !name.starts_with("inspect") {
            files.insert(format!("{prefix}{name}"), bytes);
        }
    }
    let below = folder.join("targets");
    if below.is_dir() {
        load(&below, "targets/", files);
    }
}

fn set(vectors: &Path, folder: &'static str, tag: &'static str) -> Set {
    let mut files = Files::new();
    load(&vectors.join(folder), "", &mut files);
    let id = |file: &str, role: &str| {
        let root: Value = serde_json::from_slice(&files[file]).unwrap();
        root["signed"]["roles"][role]["keyids"][0].as_str().unwrap().to_owned()
    };
    let first = if files.contains_key("1.root.json") { "1.root.json" } else { "root.json" };
    let (gun, now) = match folder {
        DEBIAN => ("docker.io/library/debian", "2020-10-01T00:00:00Z"),
        _ if folder.starts_with("trust/") => ("docker.io/example/webdis", made()),
        _ => ("docker.io/example/webdis", "2026-11-21T12:00:00Z"),
    };
    let (root, repository) = (id(first, "root"), id("root.json", "targets"));
    Set { name: folder, gun, tag, now, files, root, repository }
}

/// When the project's own vectors were made.
fn made() -> &'static str {
    static MADE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    MADE.get_or_init(|| own_vectors::Facts::load().now().to_owned())
}

#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: i32,
    code: String,
    digest: String,
    caveats: Vec<String>,
    needs: String,
}

impl Set {
    fn ask(&self, evidence: &[&str], stdin: &[u8]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
        command.args(["check", "--format", "json", "--now", self.now]);
        command.args(["--image", &format!("{}:{}", self.gun, self.tag)]);
        command.args(["--root-key", &self.root, "--repository-key", &self.repository]).args(evidence);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(stdin).unwrap();
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let caveats = report["caveats"].as_array().unwrap();
        Answer {
            status: output.status.code().unwrap(),
            code: report["code"].as_str().unwrap().to_owned(),
            digest: report["subject"]["digest"].as_str().unwrap_or_default().to_owned(),
            caveats: caveats.iter().map(|c| c["code"].as_str().unwrap().to_owned()).collect(),
            needs: report["needs"].to_string(),
        }
    }

    fn folder(&self, folder: &Folder) -> Answer {
        let place = folder.path().join("metadata");
        drop(std::fs::remove_dir_all(&place));
        for (name, bytes) in &self.files {
            folder.write(&format!("metadata/{name}"), bytes);
        }
        self.ask(&[&place.to_string_lossy()], &[])
    }

    fn archive(&self, folder: &Folder, name: &str, bytes: &[u8]) -> Answer {
        self.ask(&[&folder.write(name, bytes).to_string_lossy()], &[])
    }

    fn without(mut self, names: &[&str]) -> Self {
        self.files.retain(|name, _| !names.contains(&name.as_str()));
        self
    }
}

/// A tar of plain files below `metadata/`.
fn tar(files: &Files) -> Vec<u8> {
    let members: Vec<_> = files.iter().map(|(name, bytes)| (format!("metadata/{name}"), bytes)).collect();
    crate::common::tar::tar(&members)
}

/// A zip of deflated files below `metadata/`.
fn zip(files: &Files) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let name = format!("metadata/{name}");
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        let packed = encoder.finish().unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let at = u32::try_from(out.len()).unwrap();
        let mut common = [20, 0, 0, 0, 8, 0, 0, 0, 0, 0].to_vec();
        common.extend(crc.sum().to_le_bytes());
        common.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        common.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        out.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), &packed].concat());
        let place = [vec![0; 10], at.to_le_bytes().to_vec()].concat();
        directory.extend([b"PK\x01\x02\x14\0".as_slice(), &common, &place, name.as_bytes()].concat());
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let (size, at) = (u32::try_from(directory.len()).unwrap(), u32::try_from(out.len()).unwrap());
    out.extend(directory);
    out.extend(
        [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &size.to_le_bytes(), &at.to_le_bytes(), &[0, 0]]
            .concat(),
    );
    out
}

/// All files one after the other as they are pasted: without names.
fn paste<'f>(files: impl Iterator<Item = &'f Vec<u8>>, indented: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for bytes in files {
        if indented {
            let value: Value = serde_json::from_slice(bytes).unwrap();
            out.extend(serde_json::to_vec_pretty(&value).unwrap());
        } else {
            out.extend(bytes);
        }
        out.push(b'\n');
    }
    out
}

#[test]
#[ignore = "needs ../shared"]
fn however_it_is_given_the_verdict_is_the_same() {
    let vectors = vectors::folder("dct");
    given_in_every_way(
        "content-trust-cli",
        &vectors,
        &[
            (DEBIAN, "buster"),
            ("generated/s1-admin-tag", "0.1.19"),
            ("generated/s2-delegated", "0.1.20"),
            ("generated/s3-targets-key-rotated", "0.1.21"),
            ("generated/s5-root-key-rotated", "0.1.19"),
        ],
    );
}

/// The same with the project's own sets, which are always there.
#[test]
fn own_sets_have_one_verdict_however_they_are_given() {
    given_in_every_way(
        "own-content-trust-cli",
        &own_vectors::path(""),
        &[
            ("trust/s1-admin-tag", "0.1.19"),
            ("trust/s2-delegated", "0.1.20"),
            ("trust/s4-snapshot-key-rotated", "0.1.21"),
            ("trust/s5-root-key-rotated", "0.1.19"),
        ],
    );
}

fn given_in_every_way(place: &str, vectors: &Path, sets: &[(&'static str, &'static str)]) {
    let folder = Folder::new(place);
    println!("| set | given as | exit | code | caveats |\n|---|---|---|---|---|");
    for (name, tag) in sets.iter().copied() {
        let set = set(vectors, name, tag);
        let first = set.folder(&folder);
        assert_eq!((first.status, first.code.as_str()), (0, "released"), "{name}: {first:?}");
        let mut answers = vec![
            ("a zip", set.archive(&folder, "saved.zip", &zip(&set.files))),
            ("a tar", set.archive(&folder, "saved.tar", &tar(&set.files))),
            ("a tar.gz", set.archive(&folder, "saved.tar.gz", &gzip(&tar(&set.files)))),
            ("a paste", set.ask(&["-"], &paste(set.files.values(), false))),
            ("a paste in reverse", set.ask(&["-"], &paste(set.files.values().rev(), false))),
            ("a paste, indented", set.ask(&["-"], &paste(set.files.values(), true))),
            ("a paste, indented, in reverse", set.ask(&["-"], &paste(set.files.values().rev(), true))),
        ];
        let mut turned: Vec<_> = set.files.values().collect();
        turned.rotate_left(2);
        answers.push(("a paste, turned", set.ask(&["-"], &paste(turned.into_iter(), true))));
        println!(
            "| {name} | the folder | {} | {} | {} |",
            first.status,
            first.code,
            first.caveats.join(", ")
        );
        for (how, answer) in &answers {
            println!(
                "| {name} | {how} | {} | {} | {} |",
                answer.status,
                answer.code,
                answer.caveats.join(", ")
            );
        }
        for (how, answer) in &answers {
            assert_eq!(answer, &first, "{name}: {how}");
        }
        // The twin: one byte of targets.json, in every form.
        let mut changed = self::set(vectors, name, tag);
        let targets = changed.files.get_mut("targets.json").unwrap();
        let at = targets.windows(9).position(|w| w == b"\"version\"").unwrap();
        targets[at + 10] ^= 1;
        for (how, answer) in [
            ("the folder", changed.folder(&folder)),
            ("a zip", changed.archive(&folder, "changed.zip", &zip(&changed.files))),
            ("a tar", changed.archive(&folder, "changed.tar", &tar(&changed.files))),
            ("a paste, indented", changed.ask(&["-"], &paste(changed.files.values().rev(), true))),
        ] {
            assert_ne!(answer.status, 0, "{name} changed, {how}");
            println!("| {name}, one bit changed | {how} | {} | {} | |", answer.status, answer.code);
        }
    }
}

#[test]
#[ignore = "needs ../shared"]
fn each_outcome_has_its_exit_status() {
    let vectors = vectors::folder("dct");
    let plain = || set(&vectors, DEBIAN, "buster");
    let stages = ["generated/s2-delegated", "generated/s5-root-key-rotated", "generated/s9-tag-in-two-roles"];
    outcomes("content-trust-outcomes", &vectors, &plain, ["2021-03-01T00:00:00Z", TODAY], stages);
}

/// The same with the project's own sets, which are always there.
#[test]
fn each_outcome_of_own_sets_has_its_exit_status() {
    let vectors = own_vectors::path("");
    let plain = || set(&vectors, "trust/s1-admin-tag", "0.1.19");
    let stages = ["trust/s2-delegated", "trust/s5-root-key-rotated", "trust/s9-tag-in-two-roles"];
    let later = ["2028-01-01T00:00:00Z", "2038-01-01T00:00:00Z"];
    outcomes("own-content-trust-outcomes", &vectors, &plain, later, stages);
}

const TODAY: &str = "2026-11-21T12:00:00Z";

/// `late` is after the timestamp's end, and after the root's.
fn outcomes(
    place: &str,
    vectors: &Path,
    plain: &dyn Fn() -> Set,
    late: [&'static str; 2],
    [s2, s5, s9]: [&'static str; 3],
) {
    let folder = Folder::new(place);
    let stage = |stage, tag| set(vectors, stage, tag);
    let numbered = ["1.root.json", "2.root.json", "3.root.json"];
    let rows: Vec<(&str, Set, i32, &str, &str)> = vec![
        ("fresh", plain(), 0, "released", ""),
        ("timestamp expired", Set { now: late[0], ..plain() }, 0, "released", "not-fresh"),
        ("no timestamp", plain().without(&["timestamp.json"]), 0, "released", "not-fresh"),
        (
            "neither snapshot nor timestamp",
            plain().without(&["timestamp.json", "snapshot.json"]),
            0,
            "released",
            "not-fresh",
        ),
        ("root expired", Set { now: late[1], ..plain() }, 4, "notary-root-expired", ""),
        ("another root key", Set { root: "0".repeat(64), ..plain() }, 1, "notary-root-key-differs", ""),
        (
            "another repository key",
            Set { repository: "0".repeat(64), ..plain() },
            1,
            "notary-repository-key-differs",
            "",
        ),
        (
            "another repository",
            Set { gun: "docker.io/library/alpine", ..plain() },
            4,
            "notary-certificate-name",
            "",
        ),
        ("a tag never signed", Set { tag: "never", ..plain() }, 3, "notary-tag-not-signed", ""),
        ("a tag in another case", Set { tag: "Buster", ..plain() }, 3, "notary-tag-not-signed", ""),
        ("rotated", stage(s5, "0.1.19"), 0, "released", "rotated-since-documented"),
        (
            "rotated, a root missing",
            stage(s5, "0.1.19").without(&["3.root.json"]),
            4,
            "notary-root-gap",
            "3.root",
        ),
        (
            "rotated, only the newest root",
            stage(s5, "0.1.19").without(&numbered),
            4,
            "notary-root-unlinked",
            "3.root",
        ),
        ("ambiguous", stage(s9, "0.1.21"), 1, "notary-tag-ambiguous", ""),
        ("beside the ambiguous one", stage(s9, "0.1.19"), 0, "released", ""),
        ("no root", plain().without(&["root.json", "1.root.json"]), 4, "notary-role-missing", "root"),
        ("no targets", plain().without(&["targets.json"]), 4, "notary-role-missing", "targets"),
        (
            "no delegation",
            stage(s2, "0.1.20").without(&["targets/releases.json"]),
            4,
            "notary-role-missing",
            "targets/releases",
        ),
        (
            "only the timestamp",
            plain().without(&["root.json", "1.root.json", "targets.json", "snapshot.json"]),
            4,
            "notary-role-missing",
            "root",
        ),
    ];
    println!("| what | exit | code | caveats | needs |\n|---|---|---|---|---|");
    let mut wrong = Vec::new();
    for (what, set, status, code, note) in rows {
        // Where the missing root rotated the snapshot key too, see KNOWN in tests/proof/own_vectors.rs.
        if what == "rotated, a root missing" && set.name.starts_with("trust/") {
            continue;
        }
        let answer = set.folder(&folder);
        println!(
            "| {what} ({}) | {} | {} | {} | {} |",
            set.name,
            answer.status,
            answer.code,
            answer.caveats.join(", "),
            answer.needs
        );
        let noted = match (status, note) {
            (_, "") => !answer.caveats.iter().any(|c| c == "not-fresh"),
            (0, _) => answer.caveats.iter().any(|c| c == note),
            _ => answer.needs.contains(&format!("\"{note}\"")),
        };
        if (answer.status, answer.code.as_str()) != (status, code) || !noted {
            wrong.push(format!("{what}: {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
