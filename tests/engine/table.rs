//! Ways in which evidence once chose the image: each must not be proven, and
//! its honest twin must be.

use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;

use crate::case::{Case, case, has};
use crate::common::image::{Image, bundle, digest, image, manifest};
use crate::common::tar::{gzip, tar};
use crate::registries::metadata;
use crate::subject::pull;

const APP: &str = "registry.example/app";
const REF: &str = "registry.example/app:1.0";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn blob(bytes: &[u8]) -> String {
    format!("blobs/sha256/{}", Digest::of(bytes).hex())
}

#[track_caller]
fn never(case: &Case) {
    let report = case.run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// An OCI layout whose root is `root`, with the blobs of both images.
fn layout(root: &[u8], images: &[&Image]) -> Vec<u8> {
    let root = json!({"mediaType": INDEX, "digest": digest(root), "size": root.len(),
        "annotations": {"io.containerd.image.name": REF, "org.opencontainers.image.ref.name": "1.0"}});
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [root]}).to_string();
    let parts = images.iter().flat_map(|i| [&i.index].into_iter().chain(&i.manifests).chain(&i.configs));
    let blobs: Vec<(String, &[u8])> = parts.map(|bytes| (blob(bytes), bytes.as_slice())).collect();
    let mut members: Vec<(&str, &[u8])> =
        vec![("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#), ("index.json", index.as_bytes())];
    members.extend(blobs.iter().map(|(name, bytes)| (name.as_str(), *bytes)));
    tar(&members)
}

#[test]
fn the_root_of_an_archive_is_meant_and_not_what_lies_beside_it() {
    let (a, evil) = (image("a", "1"), image("evil", "2"));
    for asked in [None, Some(REF)] {
        let of = |name: &str, root: &[u8]| {
            let case = case(name).file(layout(root, &[&a, &evil])).file(bundle(&a.index));
            asked.map_or(case.clone(), |asked| case.image(asked))
        };
        let report = of("archive, its root is signed", &a.index).run();
        assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
        assert_eq!(report.subject.digest, Some(digest(&a.index)));
        let report = of("archive, its root is evil", &evil.index).run();
        assert_ne!(report.outcome, Outcome::Proven, "{asked:?} {}", report.headline);
    }
}

/// `docker save` of one image with one layer: what it holds as the layer, and
/// under which name.
fn saved(config: &[u8], path: &str, layer: &[u8]) -> Vec<u8> {
    let name = format!("{}.json", Digest::of(config).hex());
    let list = json!([{"Config": name, "RepoTags": [REF], "Layers": [path]}]).to_string();
    tar::<&str, &[u8]>(&[(&name, config), (path, layer), ("manifest.json", list.as_bytes())])
}

#[test]
fn the_layers_of_docker_save_are_the_ones_of_its_config() {
    let layer = [b"layer\0".as_slice(), &[7; 600]].concat();
    let evil = [b"evil!\0".as_slice(), &[7; 600]].concat();
    let config = json!({"architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest(&layer)]}})
    .to_string()
    .into_bytes();
    let signed = manifest(&config, "1");
    let of = |name: &str, archive: Vec<u8>| {
        case(name).file(archive).file(&signed).file(bundle(&signed)).image(REF)
    };
    let report = of("docker save", saved(&config, "l/layer.tar", &layer)).run();
    assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
    let differs = "archive-layer-differs";
    of("docker save, another layer", saved(&config, "l/layer.tar", &evil)).contradicted(differs);
    of("docker save, another layer as a blob", saved(&config, &blob(&evil), &evil)).contradicted(differs);
    let report = of("docker save, a blob", saved(&config, &blob(&layer), &layer)).run();
    assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
    // containerd's store keeps layers compressed, under the digest of that.
    for path in [blob(&gzip(&layer)), "l/layer.tar".to_owned()] {
        let report = of("docker save, compressed", saved(&config, &path, &gzip(&layer))).run();
        assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
        has(&report, "layer-verified", Place::Branch, Outcome::Proven);
    }
    of("docker save, compressed, another name", saved(&config, &blob(&layer), &gzip(&layer)))
        .contradicted("archive-blob-differs");
    of("docker save, compressed, another layer", saved(&config, &blob(&gzip(&evil)), &gzip(&evil)))
        .contradicted(differs);
    let damaged = [gzip(&layer), b"more".to_vec()].concat();
    of("docker save, damaged", saved(&config, "l/layer.tar", &damaged)).not_checked("archive-layer-unknown");
    // Another config under the good one's name.
    let other = String::from_utf8(config.clone()).unwrap().replace("amd64", "arm64");
    let name = format!("{}.json", Digest::of(&config).hex());
    let list = json!([{"Config": name, "RepoTags": [REF], "Layers": ["l/layer.tar"]}]).to_string();
    let archive = tar::<&str, &[u8]>(&[
        (&name, other.as_bytes()),
        ("l/layer.tar", &layer),
        ("manifest.json", list.as_bytes()),
    ]);
    of("docker save, another config", archive).contradicted("archive-blob-differs");
}

#[test]
fn a_blob_is_what_its_name_says() {
    let a = image("a", "1");
    let layer = [b"layer\0".as_slice(), &[7; 600]].concat();
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [
        {"mediaType": INDEX, "digest": digest(&a.index), "size": a.index.len(),
            "annotations": {"io.containerd.image.name": REF}}]})
    .to_string();
    let of = |name: &str, layer_name: &str, child_name: &str| {
        let archive = tar::<&str, &[u8]>(&[
            ("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#),
            ("index.json", index.as_bytes()),
            (&blob(&a.index), &a.index),
            (child_name, &a.manifests[0]),
            (layer_name, &layer),
        ]);
        case(name).file(archive).file(bundle(&a.index)).image(REF)
    };
    let (good, child) = (blob(&layer), blob(&a.manifests[0]));
    let report = of("blobs under their names", &good, &child).run();
    assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
    let wrong = blob(b"another");
    of("a layer under another name", &wrong, &child).contradicted("archive-blob-differs");
    of("a layer under another name, with ./", &format!("./{wrong}"), &child)
        .contradicted("archive-blob-differs");
    of("a manifest under another name", &good, &wrong).contradicted("archive-blob-differs");
}

#[test]
fn another_row_of_docker_images_says_nothing_of_this_one() {
    let (a, old) = (image("a", "1"), image("old", "0"));
    let row = |tag: &str, of: &Image| {
        format!("{APP}   {tag}   {}   {}   2 weeks ago   10MB\n", digest(&of.index), "0123456789ab")
    };
    let text = |now: &Image| {
        let head = "REPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n";
        format!("$ docker images --digests\n{head}{}{}", row("1.0", now), row("0.9", &old))
    };
    let of = |name: &str, now: &Image| {
        case(name).image(REF).paste(text(now)).file(&a.index).file(bundle(&a.index))
    };
    let report = of("docker images, another release's row too", &a).run();
    assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
    never(&of("docker images, this release's row is evil", &old));
}

/// What tools print that know which image it is.
fn shown(of: &Image) -> Vec<(&'static str, String)> {
    let (top, child, config) = (digest(&of.index), digest(&of.manifests[0]), digest(&of.configs[0]));
    let inspect = |names: Value| {
        json!([{"Id": config, "RepoTags": [REF], "RepoDigests": names, "Architecture": "amd64", "Os": "linux",
            "RootFS": {"Type": "layers", "Layers": []}}])
    };
    vec![
        ("docker pull", pull(REF, &top)),
        ("docker image inspect", inspect(json!([format!("{APP}@{top}")])).to_string()),
        ("an Id", format!("$ docker image inspect {REF} | grep Id\n        \"Id\": \"{config}\",\n")),
        (
            "kubectl describe pod",
            format!(
                "$ kubectl describe pod app\nContainers:\n  app:\n    Container ID:   containerd://{}\n    Image:          {REF}\n    Image ID:       {APP}@{top}\n    Port:           80/TCP\n",
                "4f".repeat(32)
            ),
        ),
        ("crictl pull", format!("$ sudo crictl pull {REF}\nImage is up to date for {config}\n")),
        (
            "crictl images -v",
            format!(
                "$ sudo crictl images -v\nID: {config}\nRepoTags: {REF}\nRepoDigests: {APP}@{top}\nSize: 12078773\n\n"
            ),
        ),
        (
            "nerdctl image inspect",
            format!("$ nerdctl image inspect {REF}\n{}\n", inspect(json!([format!("{APP}@{top}")]))),
        ),
        (
            "imagetools inspect",
            format!(
                "$ docker buildx imagetools inspect {REF}\nName:      {REF}\nMediaType: {INDEX}\nDigest:    {top}\n           \nManifests: \n  Name:      {REF}@{child}\n  MediaType: {MANIFEST}\n  Platform:  linux/amd64\n"
            ),
        ),
        (
            "curl -I",
            format!(
                "$ curl -sI https://registry.example/v2/app/manifests/1.0\nHTTP/1.1 200 OK\nContent-Type: {INDEX}\nDocker-Content-Digest: {top}\n\n"
            ),
        ),
        ("crane digest", format!("$ crane digest {REF}\n{top}\n")),
        (
            "docker images --digests",
            format!(
                "$ docker images --digests\nREPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n{APP}   1.0   {top}   {}   2 weeks ago   10MB\n",
                &config[7..19]
            ),
        ),
        (
            "skopeo inspect",
            format!("$ skopeo inspect docker://{REF} | grep Digest\n    \"Digest\": \"{top}\",\n"),
        ),
    ]
}

#[test]
fn what_a_tool_shows_is_meant_beside_a_good_bundle() {
    let (a, evil) = (image("a", "1"), image("evil", "2"));
    for ((tool, good), (_, bad)) in shown(&a).into_iter().zip(shown(&evil)) {
        let of = |text: &str| {
            let documents =
                case(tool).paste(text).file(&a.index).file(&a.manifests[0]).file(bundle(&a.index));
            [documents.clone(), documents.image(REF)]
        };
        for case in of(&good) {
            let report = case.run();
            assert_eq!(report.outcome, Outcome::Proven, "{tool}: {} {}", report.code, report.headline);
        }
        of(&bad).iter().for_each(never);
        // The evil bytes beside it change nothing.
        of(&bad).into_iter().for_each(|case| never(&case.file(&evil.index).file(&evil.manifests[0])));
    }
}

#[test]
fn the_order_of_two_pulls_decides_nothing() {
    let (a, evil) = (image("a", "1"), image("evil", "2"));
    let (good, bad) = (pull(REF, &digest(&a.index)), pull(REF, &digest(&evil.index)));
    for (first, second) in [(&good, &bad), (&bad, &good)] {
        let case = case("two pulls").image(REF).paste(first).paste(second);
        never(&case.file(&a.index).file(&evil.index).file(bundle(&a.index)));
    }
}

#[test]
fn what_a_tool_shows_is_meant_beside_honest_content_trust() {
    let (a, evil) = (image("a", "1"), image("evil", "2"));
    let rename = |text: String| {
        text.replace(REF, "docker.io/example/webdis:0.1.19")
            .replace(APP, "docker.io/example/webdis")
            .replace("   1.0   ", "   0.1.19   ")
            .replace(
                "registry.example/v2/app/manifests/1.0",
                "registry-1.docker.io/v2/example/webdis/manifests/0.1.19",
            )
    };
    let asked = "docker.io/example/webdis:0.1.19";
    for ((tool, good), (_, bad)) in shown(&a).into_iter().zip(shown(&evil)) {
        let of = |text: String| {
            let given = case(tool).image(asked).paste(rename(text)).file(&a.index).file(&a.manifests[0]);
            metadata(given, "0.1.19", &a.index)
        };
        let report = of(good).run();
        assert_eq!(report.outcome, Outcome::Proven, "{tool}: {} {}", report.code, report.headline);
        never(&of(bad));
    }
}
