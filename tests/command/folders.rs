//! An image in a folder is read as strictly as one in an archive: an OCI
//! layout, an archive that was unpacked, a `dir:` of containers/image.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use webdis_verify::Digest;

use crate::common::image::bundle;
use crate::common::release::{Members, REF, Release, release};
use crate::common::stand_in::{self, Base, Plan};
use crate::common::tar::gzip;

struct Folder(PathBuf);

impl Folder {
    /// The documents of the signed release, and its signature, beside `held`.
    fn new(name: &str) -> Self {
        let own = release("own");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("folders").join(name);
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).unwrap();
        for (file, bytes) in [
            ("test.pub", stand_in::key().pem().into_bytes()),
            ("root.json", Plan::new(Base::DsseV1).trusted_root().into_bytes()),
            ("bundle.json", bundle(&own.index)),
            ("signed-index.json", own.index),
            ("signed-manifest.json", own.manifest),
            ("signed-config.json", own.config),
        ] {
            fs::write(folder.join(file), bytes).unwrap();
        }
        Self(folder)
    }

    fn write(&self, members: &Members) -> PathBuf {
        let held = self.0.join("held");
        drop(fs::remove_dir_all(&held));
        for (name, bytes) in members {
            let file = held.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        held
    }

    /// Exit status, and all that was said of the folder `held`.
    fn check(&self) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
        command.current_dir(&self.0).args(["check", "--now", "2026-11-21T12:00:00Z"]);
        command.args(["--trusted-root", "root.json", "--key", "test.pub", "--image", REF, "--verbose"]);
        command.args(["bundle.json", "signed-index.json", "signed-manifest.json", "signed-config.json"]);
        let output = command.arg("held").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap(), said.into_owned())
    }

    fn proven(&self, what: &str) {
        let (status, said) = self.check();
        assert_eq!(status, 0, "{what}: {said}");
    }

    fn refused(&self, what: &str) {
        let (status, said) = self.check();
        assert_eq!(status, 2, "{what}: {said}");
        assert!(said.contains("archive-"), "{what}: {said}");
    }
}

fn hex(bytes: &[u8]) -> String {
    Digest::of(bytes).hex()
}

/// `skopeo copy … dir:` of one platform.
fn directory(release: &Release) -> Members {
    let blobs = release.layers.iter().map(|layer| gzip(layer)).chain([release.config.clone()]);
    let mut all: Members = blobs.map(|bytes| (hex(&bytes), bytes)).collect();
    all.push(("manifest.json".to_owned(), release.manifest.clone()));
    all.push(("version".to_owned(), b"Directory Transport Version: 1.1\n".to_vec()));
    all
}

#[test]
fn the_manifest_of_a_directory_is_what_is_held() {
    let folder = Folder::new("directory");
    let (own, evil) = (release("own"), release("evil"));
    folder.write(&directory(&own));
    folder.proven("its own");
    let all: Members = [
        vec![
            ("manifest.json".to_owned(), own.index.clone()),
            (format!("{}.manifest.json", hex(&own.manifest)), own.manifest.clone()),
        ],
        directory(&own).into_iter().filter(|(name, _)| name != "manifest.json").collect(),
    ]
    .concat();
    folder.write(&all);
    folder.proven("all platforms");
    // The twin: another image, though everything signed lies beside it.
    let other = directory(&evil);
    folder.write(&other);
    let (status, said) = folder.check();
    assert_eq!(status, 4, "{said}");
    // So it is without the file that marks it: its blobs do.
    let bare: Members = other.into_iter().filter(|(name, _)| name != "version").collect();
    folder.write(&bare);
    assert_eq!(folder.check().0, 4);
    // A blob under another's digest.
    let mut wrong = directory(&own);
    wrong[0].1.clone_from(&gzip(&evil.layers[0]));
    folder.write(&wrong);
    let (status, said) = folder.check();
    assert!(status == 1 && said.contains("archive-blob-differs"), "{said}");
    let mut wrong = all;
    wrong[1].1.clone_from(&evil.manifest);
    folder.write(&wrong);
    let (status, said) = folder.check();
    assert!(status == 1 && said.contains("archive-blob-differs"), "{said}");
}

#[test]
fn links_and_names_of_another_case_are_refused_in_a_folder_too() {
    let folder = Folder::new("links");
    let (own, evil) = (release("own"), release("evil"));
    let forms = [("layout", own.containerd()), ("saved", own.docker_20()), ("directory", directory(&own))];
    for (form, members) in forms {
        folder.write(&members);
        folder.proven(form);
        let list = if form == "layout" { "index.json" } else { "manifest.json" };
        let held = folder.write(&members);
        fs::rename(held.join(list), held.join("other.json")).unwrap();
        symlink("other.json", held.join(list)).unwrap();
        folder.refused(&format!("{form}: a link as list"));
        let held = folder.write(&members);
        symlink("..", held.join("x")).unwrap();
        folder.refused(&format!("{form}: a link out"));
        let held = folder.write(&members);
        let name = list.to_uppercase();
        // A disk that knows no case has one of them only.
        if !held.join(&name).exists() {
            fs::write(held.join(name), &evil.index).unwrap();
            folder.refused(&format!("{form}: another case"));
        }
    }
    // The twin: Docker before 25 links a layer that it saved already.
    let members = own.docker_20();
    let held = folder.write(&members);
    fs::create_dir(held.join("other")).unwrap();
    symlink(format!("../{}", members[0].0), held.join("other/layer.tar")).unwrap();
    folder.proven("a link to a layer");
}

#[test]
fn a_folder_of_evidence_may_have_links_and_any_names() {
    let folder = Folder::new("evidence");
    let own = release("own");
    let held = folder.write(&vec![
        ("a/manifest.json".to_owned(), own.manifest.clone()),
        ("a/Manifest-2.json".to_owned(), own.manifest.clone()),
        ("b/index.json".to_owned(), own.index.clone()),
        ("b/deeper/layout/oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
    ]);
    symlink("manifest.json", held.join("a/latest.json")).unwrap();
    symlink("../a", held.join("b/a")).unwrap();
    // Links in a circle are followed once.
    for n in 0..20 {
        symlink("../..", held.join(format!("b/up-{n}"))).unwrap();
    }
    let layout = held.join("b/deeper/layout");
    let image = folder.0.join("held");
    assert_eq!(image, held);
    for (name, bytes) in own.containerd() {
        let file = layout.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    folder.proven("links beside an image");
}

/// A layer that loaders unpack and this verifier does not is no document and no alarm.
#[test]
fn a_layer_that_is_not_read_leaves_a_folder_open() {
    let folder = Folder::new("unread");
    let own = release("own");
    let xz = |bytes: &[u8]| [b"\xfd7zXZ\0\0\x04", bytes].concat();
    let mut listed = own.docker_20();
    listed[1].1 = xz(&own.layers[1]);
    let made = own.made(&[gzip(&own.layers[0]), xz(&own.layers[1])]);
    for held in [&listed, &made] {
        folder.write(held);
        let (status, said) = folder.check();
        assert_eq!(status, 4, "{said}");
        assert!(said.contains("archive-layer-unread"), "{said}");
    }
    folder.write(&own.docker_20());
    folder.proven("the same, unpacked");
}

/// In a folder every file is read, so a layer may be called anything.
#[test]
fn a_layer_of_a_folder_is_read_whatever_it_is_called() {
    let folder = Folder::new("called");
    let (own, evil) = (release("own"), release("evil"));
    for name in ["layer", "x/layer.bin", "x/LAYER.TAR"] {
        for (second, status) in [(&own.layers[1], 0), (&evil.layers[1], 1), (&gzip(&evil.layers[1]), 1)] {
            let mut members = own.docker_20();
            let before = members[1].0.clone();
            members[1] = (name.to_owned(), second.clone());
            let list = members.iter_mut().find(|(name, _)| name == "manifest.json").unwrap();
            list.1 = String::from_utf8(list.1.clone()).unwrap().replace(&before, name).into_bytes();
            folder.write(&members);
            let (found, said) = folder.check();
            assert_eq!(found, status, "{name}: {said}");
        }
    }
}
