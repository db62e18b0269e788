//! `compare`: two archives, or an archive and a registry, down to the first
//! file that differs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::release::{Release, release};
use crate::common::tar::tar;
use crate::compare::{folder, serve};
use crate::layers::routes;

fn compare(folder: &Path, one: &str, other: &str) -> (Option<i32>, String) {
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
}
