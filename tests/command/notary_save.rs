//! Content Trust metadata that was fetched is saved, and the saved file
//! verifies without any server; what was changed in it does not.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::notary_signer::{Cert, MANIFEST, NOW, Repo};
use crate::common::notary_tools::{Folder, Static, free_port};
use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::Time;
use webdis_verify::evidence::archive::Archive;
use webdis_verify::evidence::archive::pack::pack;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher, check, save_metadata};

const TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

/// A registry and Notary server in one, a signed repository, its profile.
struct Stage {
    folder: Folder,
    server: Static,
    repo: Repo,
    image: String,
}

/// An image manifest, which the tags 1.0 and 2.0 of the repository mean.
fn manifest() -> Vec<u8> {
    let config = json!({"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2,
        "digest": Digest::of(b"{}").to_string()});
    json!({"schemaVersion": 2, "mediaType": TYPE, "config": config, "layers": []}).to_string().into_bytes()
}

impl Stage {
    fn new(name: &str) -> Self {
        let server = Static::start();
        let image = format!("127.0.0.1:{}/example/webdis", server.port);
        let mut repo = Repo::new();
        repo.gun = image.clone();
        repo.certificate(Cert { name: image.clone(), ..Cert::good() }.object());
        let bytes = manifest();
        let hash = crate::common::notary_signer::b64(Digest::of(&bytes).as_bytes());
        let entry = json!({"hashes": {"sha256": hash}, "length": bytes.len()});
        repo.at("targets")["targets"]["1.0"] = entry.clone();
        repo.at("targets/releases")["targets"]["2.0"] = entry;
        let stage = Self { folder: Folder::new(name), server, repo, image };
        for (name, bytes) in stage.repo.files() {
            stage.server.put(&stage.path(&name), "application/json", &bytes);
        }
        for tag in ["1.0", "2.0", "7.0", &Digest::of(&bytes).to_string()] {
            stage.server.put(&format!("/v2/example/webdis/manifests/{tag}"), TYPE, &bytes);
        }
        stage
    }

    fn path(&self, file: &str) -> String {
        format!("/v2/{}/_trust/tuf/{file}", self.image)
    }

    /// A profile: `cosign` adds a key and no word on releases, so that
    /// Content Trust is what remains where no signature is found.
    fn profile(&self, server: &str, cosign: bool) -> Vec<u8> {
        let pins = &self.repo.pins;
        let mut profile = json!({"schema": "https://webdis-verify.dev/profile/v1", "id": "test",
            "publisher": "Test", "repositories": [self.image], "contentTrust": {"gun": self.image,
            "server": server, "root": pins.root, "repository": pins.repository}});
        if cosign {
            let built_in: Value = serde_json::from_str(include_str!("../../profiles/webdis.json")).unwrap();
            profile["keys"] = built_in["keys"].clone();
        }
        profile.to_string().into_bytes()
    }

    /// The command line's answer: exit status, report, stderr.
    fn ask(&self, arguments: &[&str], profile: &[u8]) -> (i32, Value, String) {
        let profile = self.folder.write("profile.json", profile);
        let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
        command.args(arguments).arg("--publisher").arg(profile).args(["--now", NOW, "--format", "json"]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.code().unwrap(), report, said)
    }

    fn own(&self) -> String {
        format!("http://127.0.0.1:{}", self.server.port)
    }

    /// Verifies a tag and saves the metadata.
    fn saved(&self) -> PathBuf {
        let zip = self.folder.path().join("saved.zip");
        let (status, report, said) = self.ask(
            &["verify", "--save", zip.to_str().unwrap(), &format!("{}:2.0", self.image)],
            &self.profile(&self.own(), false),
        );
        assert_eq!((status, &report["code"]), (0, &json!("released")), "{said} {report:#}");
        assert!(said.contains("Saved the Content Trust metadata"), "{said}");
        zip
    }

    /// The verdict on a saved file alone, with nobody to ask.
    fn reopen(&self, zip: &Path, tag: &str) -> (i32, Value) {
        let image = format!("{}:{tag}", self.image);
        let profile = self.profile("https://notary.invalid", false);
        let (status, report, _) = self.ask(&["check", "--image", &image, zip.to_str().unwrap()], &profile);
        (status, report)
    }
}

fn members(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = Archive::new();
    archive.push(zip).unwrap();
    archive.finish().unwrap().into_iter().map(|given| (given.name, given.bytes)).collect()
}

#[test]
fn what_was_fetched_is_saved_byte_for_byte_and_verifies_offline() {
    let stage = Stage::new("notary-save");
    let zip = stage.saved();
    let mut expected: Vec<_> = stage.repo.files();
    expected.sort();
    let mut found = members(&std::fs::read(&zip).unwrap());
    found.sort();
    let folder = format!("{}/metadata/", stage.image.replace(':', "_"));
    let names: Vec<_> = found.iter().map(|(name, _)| name.strip_prefix(&folder).unwrap()).collect();
    println!("saved: {names:?}");
    assert_eq!(names, expected.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
    assert!(expected.iter().zip(&found).all(|((_, a), (_, b))| a == b));
    for tag in ["1.0", "2.0"] {
        let (status, report) = stage.reopen(&zip, tag);
        assert_eq!((status, &report["code"]), (0, &json!("released")), "{report:#}");
        assert_eq!(report["subject"]["digest"], Digest::of(&manifest()).to_string());
    }
    // A tag that nobody signed stays unsigned.
    assert_eq!(stage.reopen(&zip, "7.0").0, 3);
    // No file is overwritten.
    let before = std::fs::read(&zip).unwrap();
    let again = ["verify", "--save", zip.to_str().unwrap(), &format!("{}:1.0", stage.image)];
    let (status, report, said) = stage.ask(&again, &stage.profile(&stage.own(), false));
    assert_eq!((status, report), (2, Value::Null), "{said}");
    assert!(said.contains("[file-unwritten]"), "{said}");
    assert_eq!(std::fs::read(&zip).unwrap(), before);
}

#[test]
fn a_changed_byte_in_the_saved_file_is_found() {
    let stage = Stage::new("notary-save-changed");
    let zip = stage.saved();
    let whole = members(&std::fs::read(&zip).unwrap());
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        let (name, bytes) = &mut changed[at];
        let place = bytes.windows(6).position(|w| w == b"\"2049-").unwrap();
        bytes[place + 4] = b'8';
        let (name, packed): (_, Vec<_>) =
            (name.clone(), changed.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect());
        let path = stage.folder.write("changed.zip", pack(&packed).unwrap());
        let (status, report) = stage.reopen(&path, "2.0");
        println!("{name}: {status} {}", report["code"]);
        let alice = name.ends_with("targets/alice.json");
        assert_eq!(status, if alice { 0 } else { 1 }, "{name}: {report:#}");
        assert!(!alice || report["links"].to_string().contains("contradicted"), "{report:#}");
    }
    // Changed without a new checksum, the archive is not read at all.
    let mut raw = std::fs::read(&zip).unwrap();
    let place = raw.windows(6).position(|w| w == b"\"2049-").unwrap();
    raw[place + 4] = b'8';
    let path = stage.folder.write("raw.zip", raw);
    let (status, report) = stage.reopen(&path, "2.0");
    assert_ne!(status, 0, "{report:#}");
}

#[test]
fn a_notary_server_that_is_down_changes_no_cosign_verdict() {
    let stage = Stage::new("notary-save-down");
    let image = format!("{}:2.0", stage.image);
    let digest = format!("{}@{}", stage.image, Digest::of(&manifest()));
    // Found through Content Trust where no cosign signature is.
    for asked in [&image, &digest] {
        let (status, report, said) = stage.ask(&["verify", asked], &stage.profile(&stage.own(), true));
        assert_eq!((status, &report["code"]), (0, &json!("released")), "{said} {report:#}");
    }
    let down = format!("127.0.0.1:{}", free_port());
    // A manifest asked for by its digest may be a part of something that is signed.
    for (asked, alone) in [(&image, 3), (&digest, 4)] {
        let arguments = ["verify", "--notary", &down, asked];
        let (status, report, _) = stage.ask(&arguments, &stage.profile(&stage.own(), true));
        println!("{asked}: {status} {} {}", report["code"], report["caveats"]);
        assert_eq!(status, alone, "as cosign says, and no alarm: {report:#}");
        assert!(report["links"].to_string().contains("registry-no-metadata"), "{report:#}");
    }
    // Where nothing but Content Trust is pinned: not checked.
    let arguments = ["verify", "--notary", &down, &image];
    let (status, report, _) = stage.ask(&arguments, &stage.profile(&stage.own(), false));
    assert_eq!(status, 4, "{report:#}");
    // There is nothing to save, and no file is written.
    let zip = stage.folder.path().join("none.zip");
    let arguments = ["verify", "--notary", &down, "--save", zip.to_str().unwrap(), &image];
    let (status, _, said) = stage.ask(&arguments, &stage.profile(&stage.own(), false));
    assert_eq!(status, 4);
    assert!(said.contains("No Content Trust metadata"), "{said}");
    assert!(!zip.exists());
}

#[test]
fn metadata_that_proves_nothing_leaves_the_cosign_verdict_alone() {
    let stage = Stage::new("notary-save-other");
    let image = format!("{}:7.0", stage.image);
    // 7.0 is signed by nobody; the metadata is authentic and says so.
    let (status, report, _) = stage.ask(&["verify", &image], &stage.profile(&stage.own(), true));
    assert_eq!((status, &report["code"]), (3, &json!("no-signature-found")), "{report:#}");
    // A repository of somebody else at the same server.
    let mut other = Repo::new();
    other.gun = stage.image.clone();
    other.certificate(Cert { name: stage.image.clone(), after: "480101000000Z", ..Cert::good() }.object());
    for (name, bytes) in other.files() {
        stage.server.put(&stage.path(&name), "application/json", &bytes);
    }
    let image = format!("{}:2.0", stage.image);
    let (status, report, _) = stage.ask(&["verify", &image], &stage.profile(&stage.own(), true));
    assert_eq!((status, &report["code"]), (3, &json!("no-signature-found")), "{report:#}");
    let (status, report, _) = stage.ask(&["verify", &image], &stage.profile(&stage.own(), false));
    assert_eq!((status, &report["code"]), (1, &json!("notary-root-key-differs")), "{report:#}");
}

/// The verdict of the library on evidence.
fn judge(repo: &Repo, given: &[Given], tag: &str) -> Report {
    let options = Options {
        image: Some(format!("{}:{tag}", repo.gun)),
        publisher: Publisher::ContentTrust(repo.pins.root[0].clone(), repo.pins.repository[0].clone()),
        ..Options::at(Time::parse(NOW).unwrap())
    };
    check(given, &options).unwrap()
}

fn summary(report: &Report) -> (String, String, Vec<&'static str>) {
    let caveats = report.caveats.iter().map(|caveat| caveat.code).collect();
    (report.outcome.name().to_owned(), report.code.to_owned(), caveats)
}

/// Saves evidence, opens the file again: the verdict must be the same one.
fn round(name: &str, repo: &Repo, given: &[Given]) -> String {
    let saved = save_metadata(given, None).unwrap().unwrap();
    let again = [Given { name: saved.name, origin: Origin::File, bytes: saved.bytes }];
    let (before, after) = (summary(&judge(repo, given, "2.0")), summary(&judge(repo, &again, "2.0")));
    assert_eq!(before, after, "{name}");
    before.0
}

#[test]
fn saving_and_opening_again_never_changes_the_verdict() {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    let accepted = crate::common::notary_signer::ACCEPTED.iter().map(|(name, _, change)| (*name, *change));
    let refused = crate::common::notary_signer::REFUSED.iter().map(|(name, _, change)| (*name, *change));
    for (name, change) in accepted.chain(refused) {
        let mut repo = Repo::new();
        change(&mut repo);
        if repo.pins.root.is_empty() || repo.pins.repository.is_empty() {
            continue;
        }
        let files = repo.files();
        let file = |(name, bytes): &(String, Vec<u8>)| Given {
            name: name.clone(),
            origin: Origin::File,
            bytes: bytes.clone(),
        };
        let given: Vec<_> = files.iter().map(file).collect();
        *counts.entry(round(name, &repo, &given)).or_default() += 1;
    }
    for (name, _, _, change) in crate::common::notary_signer::LOOKUPS {
        let mut repo = Repo::new();
        change(&mut repo, crate::common::notary_signer::other_entry());
        let file = |(name, bytes)| Given { name, origin: Origin::File, bytes };
        let given: Vec<_> = repo.files().into_iter().map(file).collect();
        round(name, &repo, &given);
    }
    println!("{counts:?}");
    assert!(counts["proven"] >= 20 && counts["contradicted"] >= 50, "{counts:?}");
}

#[test]
fn pasted_metadata_is_saved_under_the_names_of_its_roles() {
    let repo = Repo::new();
    let given: Vec<_> = repo
        .files()
        .into_iter()
        .enumerate()
        .map(|(n, (_, bytes))| Given { name: format!("paste {n}"), origin: Origin::Paste, bytes })
        .collect();
    assert_eq!(round("pasted", &repo, &given), "proven");
    let saved = save_metadata(&given, None).unwrap().unwrap();
    let names: Vec<_> = members(&saved.bytes).into_iter().map(|(name, _)| name).collect();
    let wanted = ["root", "snapshot", "targets", "targets/alice", "targets/releases", "timestamp"];
    let mut wanted: Vec<_> =
        wanted.iter().map(|role| format!("docker.io/library/metadata/metadata/{role}.json")).collect();
    wanted.sort();
    assert_eq!(names, wanted.iter().map(|w| w.replace("docker.io/library/", "")).collect::<Vec<_>>());
    // What is no metadata is not saved.
    let manifest = Given { name: "manifest.json".into(), origin: Origin::File, bytes: MANIFEST.to_vec() };
    assert_eq!(save_metadata(&[manifest], None).unwrap(), None);
}
