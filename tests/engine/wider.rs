//! A list around the signed index that names another image beside it, and content that
//! a descriptor carries in itself: what runs may be the other one.

use serde_json::{Value, json};
use webdis_verify::base::encoding::base64;
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, links};
use crate::common::image::{Image, child, digest, image, index};
use crate::common::tar::tar;
use crate::heard::{REPO, signed};
use crate::subject::pull;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

fn listed(bytes: &[u8]) -> Value {
    let mut entry = child(bytes, None);
    entry["mediaType"] = json!(INDEX);
    entry
}

fn attestation() -> Value {
    child(b"{}", Some(json!({"os": "unknown", "architecture": "unknown"})))
}

#[track_caller]
fn is_not_proven(case: &Case) {
    let report = case.run();
    assert_eq!(report.outcome, Outcome::NotChecked, "{}\n{}", report.headline, links(&report));
}

/// Whoever says that the tag or the computer has such a list: the signed index in it
/// proves nothing of the other image.
#[test]
fn a_list_around_the_signed_one_with_another_image_is_not_proven() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let tag = format!("{REPO}:1.0");
    let both = index(&[listed(&own.index), listed(&evil.index)]);
    let deeper = index(&[listed(&index(&[listed(&own.index)])), listed(&evil.manifests[0])]);
    let mixed = index(&[listed(&both)]);
    for (list, more) in
        [(&both, None), (&deeper, Some(index(&[listed(&own.index)]))), (&mixed, Some(both.clone()))]
    {
        let pulled = |image: &[u8]| pull(&tag, &digest(image));
        let with = signed("wider").image(&tag).file(list);
        let with = more.iter().fold(with, |case, bytes| case.file(bytes));
        is_not_proven(&with.clone().paste(pulled(list)));
        is_not_proven(&with.clone().paste(pulled(list)).digest(&digest(&own.index)));
        is_not_proven(&with.clone().paste(format!(
            "$ crane digest {tag}\n{}\n{}",
            digest(list),
            pulled(&own.index)
        )));
        // A list that nobody says is the image is in nobody's way.
        with.paste(pulled(&own.index)).proven("signed-as");
    }
    // The twin: with the signed one alone, and what attests to it.
    let alone = index(&[listed(&own.index), attestation()]);
    let with = signed("alone").image(&tag).file(&alone).digest(&digest(&own.index));
    with.paste(pull(&tag, &digest(&alone))).proven("signed-as");
}

fn layout(entry: &Value, images: &[&Image]) -> Vec<u8> {
    let blob = |bytes: &Vec<u8>| (format!("blobs/sha256/{}", &digest(bytes)[7..]), bytes.clone());
    let mut files = vec![
        ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
        ("index.json".to_owned(), index(std::slice::from_ref(entry))),
    ];
    for image in images {
        let all = [&image.index].into_iter().chain(&image.manifests).chain(&image.configs);
        files.extend(all.map(blob));
    }
    tar(&files)
}

/// A loader that is asked for a name takes what has it: a signed image beside it without
/// that name is not what runs.
#[test]
fn a_root_with_the_asked_name_is_what_was_asked_for() {
    let own = image("own", "1");
    let tag = format!("{REPO}:1.0");
    let artifact = serde_json::to_vec(&json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest(b"{}"), "size": 2},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest(b"l"), "size": 1}]
    }))
    .unwrap();
    let of = |name: Option<&str>| {
        let mut entry = child(&artifact, None);
        if let Some(name) = name {
            entry["annotations"] = json!({"io.containerd.image.name": name});
        }
        let mut files = vec![
            ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
            ("index.json".to_owned(), index(&[entry, listed(&own.index)])),
            (format!("blobs/sha256/{}", &digest(&artifact)[7..]), artifact.clone()),
            (format!("blobs/sha256/{}", &digest(&own.index)[7..]), own.index.clone()),
        ];
        for bytes in own.manifests.iter().chain(&own.configs) {
            files.push((format!("blobs/sha256/{}", &digest(bytes)[7..]), bytes.clone()));
        }
        signed("an artifact's name").image(&tag).file(tar(&files)).run()
    };
    let report = of(Some(&tag));
    assert_eq!(report.outcome, Outcome::NotChecked, "{}\n{}", report.headline, links(&report));
    // The twin: an artifact beside the image, without a name or with its own.
    for name in [None, Some("registry.example/team/app:1.0-sbom")] {
        let report = of(name);
        assert_eq!(report.outcome, Outcome::Proven, "{name:?} {}\n{}", report.headline, links(&report));
    }
}

/// Some readers take `data` without asking for the bytes.
#[test]
fn content_in_a_descriptor_is_held_against_its_digest() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let named = |data: &[u8]| {
        let mut entry = listed(&own.index);
        entry["data"] = json!(base64::encode(data));
        entry["annotations"] = json!({"io.containerd.image.name": format!("{REPO}:1.0")});
        entry
    };
    let saved = |data: &[u8]| {
        let case = crate::case::case("data").image(&format!("{REPO}:1.0"));
        case.file(crate::common::image::bundle(&own.index)).file(layout(&named(data), &[&own, &evil])).run()
    };
    let report = saved(&own.index);
    assert_eq!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
    let report = saved(&evil.index);
    assert_ne!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
}
