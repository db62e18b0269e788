//! Forms in which programs name an image beside good evidence: of the signed one
//! they take nothing away, of another one nothing is proven.

use serde_json::{Value, json};
use webdis_verify::base::outcome::Outcome;

use crate::case::case;
use crate::common::image::{Image, bundle, digest, image};
use crate::common::tar::tar;
use crate::heard::{fill, is_heard, signed};

/// cosign before 1.0 printed its records in capitals, and often without the name.
#[test]
fn a_record_of_an_early_cosign_is_a_record() {
    let record = |name: &str, digest: &str| {
        format!(
            r#"{{"Critical":{{"Identity":{{"docker-reference":"{name}"}},"Image":{{"Docker-manifest-digest":"{digest}"}},"Type":"cosign container image signature"}},"Optional":null}}"#
        )
    };
    for (name, digest) in [("", "@I@"), ("", "sha256:@I@"), ("@R@", "sha256:@I@")] {
        let record = record(name, digest);
        for list in [record.clone(), format!("[{record}]")] {
            is_heard(&list, &format!("$ cosign verify -key cosign.pub @R@:1.0\n{list}\n"));
            // Nobody says for which tag: a record alone is about what nobody named.
            let own = signed(&list).paste(fill(&list, &image("own", "1")));
            own.proven("signed");
            let evil = signed(&list).paste(fill(&list, &image("evil", "2"))).run();
            assert_ne!(evil.outcome, Outcome::Proven, "{list}: {}", evil.headline);
        }
    }
    let small = record("@R@", "sha256:@I@").to_lowercase().replace("@r@", "@R@").replace("@i@", "@I@");
    is_heard("--output text", &format!("$ cosign verify --key cosign.pub @R@:1.0\n{small}\n"));
}

/// What a pipeline hands on: names with values, and the image's name beside its digest.
#[test]
fn values_beside_names_are_heard() {
    let digest = "sha256:@I@";
    for (name, text) in [
        (
            "Tekton's results",
            json!([{"name": "IMAGE_DIGEST", "value": digest}, {"name": "IMAGE_URL", "value": "@R@:1.0"}]),
        ),
        (
            "a task's results with line ends",
            json!({"taskResults": [{"name": "IMAGE_URL", "type": "string", "value": "@R@\n"},
                {"name": "IMAGE_DIGEST", "type": "string", "value": "sha256:@I@\n"}]}),
        ),
        (
            "results with what else was made",
            json!([{"name": "app_IMAGE_URL", "value": "@R@"}, {"name": "app_IMAGE_DIGEST", "value": digest},
                {"name": "SBOM_BLOB_URL", "value": format!("@R@@sha256:{}", "5".repeat(64))},
                {"name": "BASE_IMAGE_DIGEST", "value": format!("sha256:{}", "6".repeat(64))}]),
        ),
        ("a list of images", json!({"results": [{"name": "IMAGES", "value": "@R@:1.0@sha256:@I@"}]})),
        (
            "a stack's outputs",
            json!([{"OutputKey": "ImageDigest", "OutputValue": digest}, {"OutputKey": "ImageUri", "OutputValue": "@R@:1.0"}]),
        ),
        ("one result", json!({"name": "IMAGE_DIGEST", "value": digest})),
        ("terraform output", json!({"image": {"type": "string", "value": "@R@:1.0@sha256:@I@"}})),
        ("variables", json!({"IMAGE_DIGEST": digest, "IMAGE_URL": "@R@:1.0"})),
        ("a subject", json!([{"name": "@R@", "digest": {"sha256": "@I@"}}])),
    ] {
        is_heard(name, &text.to_string());
    }
}

/// Artifactory keeps manifests as files: their sums are the digests.
#[test]
fn sums_of_a_registrys_files_are_heard() {
    let path = "/team/app/1.0/list.manifest.json";
    for text in [
        json!({"repo": "docker-local", "path": path, "sha256": "@I@", "size": 856}),
        json!({"repo": "docker-local", "path": path, "checksums": {"sha1": "0", "md5": "1", "sha256": "@I@"},
            "originalChecksums": {"sha256": "@I@"}}),
        json!({"results": [{"repo": "docker-local", "path": "team/app/1.0", "name": "list.manifest.json", "sha256": "@I@"},
            {"repo": "docker-local", "path": "team/app/sha256:@A@", "name": "manifest.json", "sha256": "@A@"}]}),
        json!({"path": "/team/app/1.0/manifest.json", "sha256": "@A@"}),
    ] {
        is_heard(&text.to_string(), &text.to_string());
    }
}

/// aws names a repository without its registry: the tag says which image it is.
#[test]
fn what_aws_prints_alone_is_of_the_tag_in_its_command() {
    let asked = "$ aws ecr describe-images --repository-name team/app --image-ids imageTag=1.0";
    let batch = "$ aws ecr batch-get-image --repository-name team/app --image-ids imageTag=1.0";
    for text in [
        format!("{asked} --query 'imageDetails[0].imageDigest' --output text\nsha256:@I@\n"),
        format!("{batch} --query 'images[].imageId.imageDigest' --output text\nsha256:@I@\n"),
        format!("{asked} --query 'imageDetails[0].imageDigest'\n\"sha256:@I@\"\n"),
        format!("{asked} --query 'imageDetails[].imageDigest'\n[\n    \"sha256:@I@\"\n]\n"),
        format!(
            "{asked} --query 'imageDetails[0]'\n{{\"repositoryName\": \"team/app\", \"imageDigest\": \"sha256:@I@\"}}\n"
        ),
        format!("{asked} | grep imageDigest\n            \"imageDigest\": \"sha256:@I@\",\n"),
        format!(
            "{asked} --output text --query 'imageDetails[].[imageDigest,imageTags[0]]'\nsha256:@I@\t1.0\n"
        ),
    ] {
        is_heard(&text, &text);
        // Another tag's is no word about this one.
        let other = fill(&text.replace("imageTag=1.0", "imageTag=0.9"), &image("evil", "2"));
        if !text.contains("\t1.0") && !text.contains("[\n") {
            signed(&other).paste(&other).image("registry.example/team/app:1.0").proven("signed");
        }
    }
}

/// Who reads a root by the size that its list says gets other bytes.
#[test]
fn a_root_of_another_size_is_not_what_its_list_says() {
    let own = image("own", "1");
    let kind = "application/vnd.oci.image.index.v1+json";
    let with = |size: usize| {
        let root = json!({"mediaType": kind, "digest": digest(&own.index), "size": size});
        let list = json!({"schemaVersion": 2, "mediaType": kind, "manifests": [root]}).to_string();
        let archive = tar(&[
            ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
            ("index.json".to_owned(), list.into_bytes()),
            (format!("blobs/sha256/{}", &digest(&own.index)[7..]), own.index.clone()),
        ]);
        case("a root's size").file(bundle(&own.index)).file(archive)
    };
    with(own.index.len()).proven("signed");
    // A copy that a program printed is longer, and no part of the archive.
    let value: Value = serde_json::from_slice(&own.index).unwrap();
    let printed = serde_json::to_string_pretty(&value).unwrap();
    with(own.index.len()).paste(&printed).proven("signed");
    for size in [0, own.index.len() - 1, own.index.len() + 1] {
        with(size).contradicted("size-mismatch");
    }
}

/// Who runs the image of a mirror or a fork is told that the proof is of the asked name.
#[test]
fn a_pull_under_another_name_is_told() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let beside = |name: &str, pulled: &Image| {
        let text = format!(
            "$ docker pull {name}\n1.0: Pulling from app\nDigest: {}\nStatus: Downloaded newer image for {name}\n{name}\n",
            digest(&pulled.index)
        );
        let case = case(name).file(&a.index).file(bundle(&a.index)).image("registry.example/team/app:1.0");
        let report = case.paste(text).proven("signed");
        report.caveats.iter().filter(|caveat| caveat.code == "another-name").count()
    };
    assert_eq!(beside("mirror.example/team/app:1.0", &b), 1, "a mirror");
    assert_eq!(beside("registry.example/other/app:1.0", &b), 1, "a fork");
    // The same image, another tag, another product.
    assert_eq!(beside("mirror.example/team/app:1.0", &a), 0);
    assert_eq!(beside("mirror.example/team/app:0.9", &b), 0);
    assert_eq!(beside("mirror.example/team/apple:1.0", &b), 0);
}

/// Containers of other images, and of images that were made from the asked one, are
/// listed by their IDs.
#[test]
fn a_container_of_a_nameless_image_is_no_alarm() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let name = "registry.example/team/app:1.0";
    let id = digest(&b.configs[0]);
    let tools = format!(
        "$ docker buildx imagetools inspect {name}\nName:      {name}\nMediaType: application/vnd.oci.image.index.v1+json\nDigest:    {}\n",
        digest(&a.index)
    );
    for (asked, shown) in [("", &*id), (&*format!(" --filter ancestor={name}"), &*id), ("", &id[7..])] {
        let list = format!(
            "$ docker ps --no-trunc{asked}\nCONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n{}   {shown}   \"/app\"   2 hours ago   Up 2 hours   web\n",
            "4f".repeat(32)
        );
        let case = case(asked).file(&a.index).file(&a.manifests[0]).file(bundle(&a.index)).image(name);
        let report = case.paste(&tools).paste(list).run();
        // Nothing else says what is held.
        assert_eq!(report.outcome, Outcome::NotChecked, "{asked}: {}", report.headline);
    }
}
