//! `compare`: two archives, or an archive and a registry, down to the first
//! file that differs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::release::{Release, release};
use crate::common::tar::tar;
use crate::compare::{folder, serve};
use crate::layers::routes;

/// The comparison as data.
pub(crate) fn data(folder: &Path, one: &str, other: &str) -> (Option<i32>, serde_json::Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    let output =
        command.current_dir(folder).args(["compare", "--format", "json", one, other]).output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_comparison_is_data_too_and_says_what_it_does_not_know() {
    let folder = folder("data");
    let (own, other) = (release("own"), release("another"));
    fs::write(folder.join("own.tar"), tar(&own.docker_25())).unwrap();
    fs::write(folder.join("saved.tar"), tar(&own.docker_20())).unwrap();
    fs::write(folder.join("other.tar"), tar(&other.docker_20())).unwrap();
    let (status, same) = data(&folder, "own.tar", "own.tar");
    assert_eq!((status, same["outcome"].as_str()), (Some(0), Some("same")));
    assert_eq!((same["platforms"].as_array().unwrap().len(), &same["a"]), (0, &same["b"]));
    let (status, saved) = data(&folder, "own.tar", "saved.tar");
    assert_eq!((status, saved["outcome"].as_str()), (Some(0), Some("same")));
    let lines = saved["platforms"][0]["compared"].as_array().unwrap();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["not-compared", "same", "same", "same"]);
    let (status, differs) = data(&folder, "own.tar", "other.tar");
    assert_eq!((status, differs["outcome"].as_str()), (Some(1), Some("different")));
    let first = &differs["platforms"][0]["difference"];
    assert_eq!((first["kind"].as_str(), first["path"].as_str()), (Some("file"), Some("usr/file")));
    assert_eq!(first["a"]["mode"], "644");
    assert_ne!(first["a"]["digest"], first["b"]["digest"]);
    // Without the other's config nothing says whether they differ.
    let less = own.containerd();
    let config = webdis_verify::Digest::of(&own.config).hex();
    let less: Vec<_> =
        less.into_iter().filter(|(name, _)| !name.ends_with(&config) && name != "manifest.json").collect();
    fs::write(folder.join("less.tar"), tar(&less)).unwrap();
    fs::write(folder.join("repacked.tar"), tar(&own.forms()[4].1)).unwrap();
    let (status, open) = data(&folder, "less.tar", "repacked.tar");
    assert_eq!((status, open["outcome"].as_str()), (Some(4), Some("not-compared")), "{open}");
}

pub(crate) fn compare(folder: &Path, one: &str, other: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    let output = command.current_dir(folder).args(["compare", one, other]).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said)
}

#[test]
fn an_image_is_the_same_however_it_was_saved() {
    let folder = folder("same");
    let release = release("own");
    let asked = format!("{}/o/n:1", serve(routes(&release)));
    for (form, members) in release.forms() {
        fs::write(folder.join(format!("{form}.tar")), tar(&members)).unwrap();
    }
    for form in ["docker 20", "docker 25", "containerd", "skopeo", "repacked"] {
        for other in ["docker 25.tar", asked.as_str()] {
            let (status, said) = compare(&folder, &format!("{form}.tar"), other);
            assert_eq!(status, Some(0), "{form}, {other}: {said}");
        }
    }
}

#[test]
fn the_first_difference_is_a_file_of_a_layer() {
    let folder = folder("differs");
    let (own, other) = (release("own"), release("another"));
    let asked = format!("{}/o/n:1", serve(routes(&own)));
    for ((form, ours), (_, theirs)) in own.forms().into_iter().zip(other.forms()) {
        fs::write(folder.join("a.tar"), tar(&ours)).unwrap();
        fs::write(folder.join("b.tar"), tar(&theirs)).unwrap();
        for one in ["a.tar", asked.as_str()] {
            let (status, said) = compare(&folder, one, "b.tar");
            assert_eq!(status, Some(1), "{form}: {said}");
            for part in [
                "layer 1 of 2",
                "first difference: usr/file",
                "A type 0 mode 644 5 bytes sha256:",
                "B type 0 mode 644 9 bytes sha256:",
            ] {
                assert!(said.contains(part), "{form}: {part}: {said}");
            }
        }
    }
}

#[test]
fn what_names_no_image_is_not_compared() {
    let folder = folder("none");
    fs::write(folder.join("a.tar"), tar::<&str, &[u8]>(&[("notes.txt", b"nothing")])).unwrap();
    let release: Release = release("own");
    fs::write(folder.join("b.tar"), tar(&release.docker_25())).unwrap();
    let (status, said) = compare(&folder, "a.tar", "b.tar");
    assert_eq!(status, Some(4), "{said}");
    assert!(said.contains("[no-image]"), "{said}");
    // What is no file is no repository either.
    for name in ["missing.tar", "./missing"] {
        let (status, said) = compare(&folder, name, "b.tar");
        assert_eq!(status, Some(4), "{said}");
        assert!(said.contains("[file-unreadable]"), "{said}");
    }
}

#[test]
fn a_config_and_a_manifest_do_not_differ() {
    let folder = folder("kinds");
    let release = release("own");
    fs::write(folder.join("saved.tar"), tar(&release.docker_20())).unwrap();
    fs::write(folder.join("whole.tar"), tar(&release.containerd())).unwrap();
    let (status, said) = compare(&folder, "saved.tar", "whole.tar");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("not alike  A config sha256:") && said.contains("B index sha256:"), "{said}");
    assert!(!said.contains("differ "), "{said}");
    fs::write(folder.join("made.tar"), tar(&release.docker_25())).unwrap();
    fs::write(folder.join("repacked.tar"), tar(&release.forms()[4].1)).unwrap();
    let (status, said) = compare(&folder, "made.tar", "repacked.tar");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("differ     A manifest sha256:"), "{said}");
}

/// What an archive's documents say is compared, so it must be true of its bytes.
#[test]
fn an_archive_that_is_not_what_it_says_is_not_compared() {
    let folder = folder("broken");
    let (own, evil) = (release("own"), release("evil"));
    fs::write(folder.join("own.tar"), tar(&own.docker_25())).unwrap();
    for ((form, mut members), (_, other)) in own.forms().into_iter().zip(evil.forms()) {
        let large =
            |(_, bytes): &(String, Vec<u8>)| bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"usr/");
        let at = members.iter().position(large).unwrap();
        members[at].1 = other[at].1.clone();
        fs::write(folder.join("broken.tar"), tar(&members)).unwrap();
        for (one, two) in [("broken.tar", "own.tar"), ("own.tar", "broken.tar"), ("broken.tar", "broken.tar")]
        {
            let (status, said) = compare(&folder, one, two);
            assert_eq!(status, Some(4), "{form}: {said}");
            assert!(said.contains("[archive-broken]"), "{form}: {said}");
        }
    }
}
