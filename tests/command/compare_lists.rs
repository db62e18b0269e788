//! `compare`: images for several machines, and archives that are not whole.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::common::image::{child, digest, index, linux};
use crate::common::release::{Members, Release, release};
use crate::common::tar::{gzip, tar};
use crate::compare::{folder, serve};
use crate::compare_images::{compare, data};
use crate::layers::routes;

/// A layout with a list of releases, each under a platform.
fn list(images: &[(&Release, Option<Value>)], said: &[&str]) -> Members {
    let mut children: Vec<Value> =
        images.iter().map(|(release, platform)| child(&release.manifest, platform.clone())).collect();
    let mut all = Members::new();
    let mut blob =
        |bytes: &[u8]| all.push((digest(bytes).replace("sha256:", "blobs/sha256/"), bytes.to_vec()));
    for said in said {
        let unknown = json!({"architecture": "unknown", "os": "unknown"});
        children.push(child(said.as_bytes(), Some(unknown)));
        blob(said.as_bytes());
    }
    let root = index(&children);
    for (release, _) in images {
        blob(&release.manifest);
        blob(&release.config);
        release.layers.iter().for_each(|layer| blob(&gzip(layer)));
    }
    blob(&root);
    let roots = json!({"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json",
        "digest": digest(&root), "size": root.len()}]});
    all.push(("index.json".to_owned(), roots.to_string().into_bytes()));
    all.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
    all.sort();
    all.dedup();
    all
}

/// Exit codes both ways, which are equal, and what the first said.
fn both(folder: &Path, one: &Members, other: &Members) -> (i32, String) {
    fs::write(folder.join("one.tar"), tar(one)).unwrap();
    fs::write(folder.join("other.tar"), tar(other)).unwrap();
    let (status, said) = compare(folder, "one.tar", "other.tar");
    assert_eq!(compare(folder, "other.tar", "one.tar").0, status, "{said}");
    for (one, other) in [("one.tar", "other.tar"), ("other.tar", "one.tar")] {
        assert_eq!(data(folder, one, other).0, status, "{said}");
    }
    (status.unwrap(), said)
}

/// Two lists are the same image if both have the same platforms; one image may be the
/// same as one of a list.
#[test]
fn a_platform_that_one_side_has_is_compared_too() {
    let folder = folder("platforms");
    let [own, arm, evil] = ["own", "arm", "evil"].map(release);
    let (amd64, v2, arm64) = (linux("amd64", None), linux("amd64", Some("v2")), linux("arm64", Some("v8")));
    let two = list(&[(&own, amd64.clone()), (&arm, arm64.clone())], &[]);
    let one = list(&[(&own, amd64.clone())], &[]);
    let with = |more: &Release, platform: &Option<Value>| {
        list(&[(&own, amd64.clone()), (&arm, arm64.clone()), (more, platform.clone())], &[])
    };
    for (name, other, exit, says) in [
        ("another variant", with(&evil, &v2), 1, "linux/amd64/v2: only in B"),
        ("another machine", with(&evil, &linux("s390x", None)), 1, "linux/s390x: only in B"),
        ("the same machine twice", with(&evil, &amd64), 1, "linux/amd64: only in B"),
        ("no machine", with(&evil, &None), 1, "linux/amd64: only in B"),
        ("one machine instead", list(&[(&own, amd64.clone()), (&arm, v2.clone())], &[]), 1, "Not the same"),
        (
            "another order",
            list(&[(&arm, arm64.clone()), (&own, amd64.clone())], &[]),
            0,
            "for every platform",
        ),
        (
            "arm64 without a variant",
            list(&[(&own, amd64.clone()), (&arm, linux("arm64", None))], &[]),
            0,
            "for every",
        ),
        ("one of them", one.clone(), 0, "B is the same as linux/amd64 of A, which has other platforms too."),
        ("one that is another", list(&[(&evil, amd64.clone())], &[]), 1, "Not the same"),
        ("one of another machine", list(&[(&evil, v2.clone())], &[]), 4, "Nothing was compared"),
    ] {
        let (status, said) = both(&folder, &two, &other);
        assert_eq!(status, exit, "{name}: {said}");
        assert!(said.contains(says), "{name}: {said}");
    }
    // Of one machine a list may have two: whoever runs it may take either.
    let (status, said) = both(&folder, &one, &list(&[(&own, amd64.clone()), (&evil, amd64.clone())], &[]));
    assert_eq!(status, 1, "{said}");
    let (status, said) = both(&folder, &own.docker_20(), &two);
    assert!(status == 0 && said.contains("A is the same as linux/amd64 of B"), "{said}");
    let (status, said) = both(&folder, &evil.docker_20(), &two);
    assert_eq!(status, 1, "{said}");
}

/// What BuildKit says about images is no image; an image is never hidden as that.
#[test]
fn an_attestation_beside_images_makes_no_difference() {
    let folder = folder("attestations");
    let [own, arm, evil] = ["own", "arm", "evil"].map(release);
    let (amd64, arm64) = (linux("amd64", None), linux("arm64", Some("v8")));
    let images = [(&own, amd64.clone()), (&arm, arm64.clone())];
    let plain = list(&images, &[]);
    let said = list(&images, &["{\"schemaVersion\":2,\"a\":1}", "{\"schemaVersion\":2,\"b\":1}"]);
    let (status, text) = both(&folder, &said, &plain);
    assert_eq!(status, 0, "{text}");
    assert_eq!(
        text.matches("attestation: only in A (no image: it makes no difference)").count(),
        2,
        "{text}"
    );
    assert!(text.contains("The same content for every platform."), "{text}");
    let (status, text) = both(&folder, &said, &list(&images, &["{\"schemaVersion\":2,\"a\":2}"]));
    assert_eq!(status, 0, "{text}");
    let half = json!({"architecture": "amd64", "os": "unknown"});
    let hidden = list(&[images[0].clone(), images[1].clone(), (&evil, Some(half))], &[]);
    let (status, text) = both(&folder, &hidden, &plain);
    assert_eq!(status, 1, "{text}");
    let one = list(&images[..1], &["{\"schemaVersion\":2,\"a\":1}"]);
    let (status, text) = both(&folder, &one, &list(&images[..1], &[]));
    assert!(status == 0 && text.contains("The same content for every platform."), "{text}");
}

/// What an archive's documents demand and it does not hold is not compared.
#[test]
fn an_archive_that_is_not_whole_is_not_the_same() {
    let folder = folder("whole");
    let (own, arm) = (release("own"), release("arm"));
    let asked = format!("{}/o/n:1", serve(routes(&own)));
    let large = |(name, bytes): &(String, Vec<u8>)| {
        bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"usr/") || name.ends_with(".tar")
    };
    for (form, members) in own.forms() {
        fs::write(folder.join("whole.tar"), tar(&members)).unwrap();
        let layers: Vec<usize> = (0..members.len()).filter(|at| large(&members[*at])).collect();
        for missing in [&layers[..1], &layers[1..], &layers[..]] {
            let mut less = members.clone();
            for at in missing.iter().rev() {
                less.remove(*at);
            }
            fs::write(folder.join("less.tar"), tar(&less)).unwrap();
            for (one, other) in [
                ("less.tar", "whole.tar"),
                ("whole.tar", "less.tar"),
                ("less.tar", "less.tar"),
                ("less.tar", asked.as_str()),
            ] {
                let (status, said) = compare(&folder, one, other);
                assert_eq!(status, Some(4), "{form}, {missing:?}: {said}");
                assert!(said.contains("not at hand"), "{form}: {said}");
            }
        }
        for other in ["whole.tar", asked.as_str()] {
            let (status, said) = compare(&folder, "whole.tar", other);
            assert_eq!(status, Some(0), "{form}: {said}");
        }
    }
    // A platform that is left out as a whole is no part of what an archive holds.
    let both_held = list(&[(&own, linux("amd64", None)), (&arm, linux("arm64", None))], &[]);
    let of_arm: Vec<String> = arm.layers.iter().map(|layer| digest(&gzip(layer))).collect();
    let without = |more: &[String]| -> Members {
        let named = |name: &str| more.iter().any(|digest| name.ends_with(&digest[7..]));
        both_held.iter().filter(|(name, _)| !named(name)).cloned().collect()
    };
    let config = digest(&arm.config);
    for (name, less, exit) in [
        ("the other platform", without(&[of_arm.clone(), vec![config.clone()]].concat()), 0),
        ("its layers", without(&of_arm), 4),
        ("one layer", without(&of_arm[..1]), 4),
        ("its config", without(std::slice::from_ref(&config)), 4),
    ] {
        let (status, said) = both(&folder, &less, &both_held);
        assert_eq!(status, exit, "{name}: {said}");
    }
    // A layer that cannot be unpacked is only what its own digest says.
    let odd = |bytes: &[u8]| [b"\xfd7zXZ\0", bytes].concat();
    let packed = [gzip(&own.layers[0]), odd(&own.layers[1])];
    let (status, said) = both(&folder, &own.made(&packed), &own.docker_25());
    assert_eq!(status, 4, "{said}");
    let (status, said) = both(&folder, &own.made(&packed), &own.made(&packed));
    assert_eq!(status, 0, "{said}");
    let evil = release("evil");
    let other = evil.made(&[gzip(&evil.layers[0]), odd(&evil.layers[1])]);
    let (status, said) = both(&folder, &own.made(&packed), &other);
    assert_eq!(status, 1, "{said}");
}
