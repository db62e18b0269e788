//! Places in known and half-known outputs where no reader looks: a document with a password in
//! it, a list of tags with more in it, a log's other members, the source of a page. What stands
//! there of the image that was asked for is read all the same.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;

use crate::case::links;
use crate::common::image::{Image, digest, image};
use crate::common::tar::tar;
use crate::heard::{REPO, fill, signed};

/// Beside the image that was asked for: of the signed one it is proven, of another it is not.
#[track_caller]
fn is_read(name: &str, template: &str) {
    let asked = |of: &Image| signed(name).image(&format!("{REPO}:1.0")).paste(fill(template, of)).run();
    let own = asked(&image("own", "1"));
    assert_eq!(own.outcome, Outcome::Proven, "{name}: {}\n{}", own.headline, links(&own));
    let evil = asked(&image("evil", "2"));
    assert_ne!(evil.outcome, Outcome::Proven, "{name}: {}\n{}", evil.headline, links(&evil));
}

/// What anybody can write into an image, a label, hides none of its digests.
#[test]
fn a_secret_hides_nothing_of_the_image() {
    let jwt = format!("eyJ{}.{}.{}", "a".repeat(20), "b".repeat(20), "c".repeat(20));
    let container = |labels: serde_json::Value, cmd: &str| {
        json!([{"Id": "7".repeat(64), "Image": "sha256:@C@", "State": {"Status": "running"}, "Name": "/web",
            "Config": {"Image": "@R@:1.0", "Cmd": [cmd], "Labels": labels}}])
    };
    for (name, document) in [
        ("a label", container(json!({"token": "x"}), "serve")),
        ("a command", container(json!({}), &jwt)),
        ("a private key", container(json!({"key": "-----BEGIN PRIVATE KEY-----"}), "serve")),
        ("a file of values", json!({"image": "@R@:1.0", "digest": "sha256:@I@", "auth": {"password": "x"}})),
    ] {
        is_read(name, &format!("$ docker inspect web\n{document:#}\n"));
        // The secret itself is kept nowhere.
        let given = fill(&document.to_string(), &image("own", "1"));
        let report = signed(name).options(|o| o.include_bytes = true).paste(given).run();
        let kept = serde_json::to_string(&report.items).unwrap();
        assert!(!kept.contains(&jwt) && !kept.contains("PRIVATE KEY"), "{name}");
        assert!(report.items.iter().any(|item| item.kind == "secret"), "{name}");
    }
}

/// Documents that have the shape of others, with more in them.
#[test]
fn a_document_of_another_shape_is_read_for_the_image() {
    for (name, document) in [
        (
            "a registry's tags with their manifests",
            json!({"name": "team/app", "tags": ["1.0"], "manifest": {"sha256:@I@": {"tag": ["1.0"], "of": "@R@"}}}),
        ),
        ("an artifact", json!({"name": "@R@@sha256:@I@", "uri": "@R@", "tags": ["1.0"]})),
        (
            "a count of findings",
            json!({"image": "@R@:1.0", "digest": "sha256:@I@", "critical": 0, "high": 1}),
        ),
        ("a file of locks", json!({"schemaVersion": 1, "image": "@R@:1.0", "sum": "@I@"})),
        (
            "an image, then a container",
            json!([{"Id": format!("sha256:{}", "5".repeat(64)), "RepoTags": ["busybox:1"], "RepoDigests": [], "RootFS": {}},
                {"Id": "7".repeat(64), "Image": "sha256:@C@", "State": {}, "Config": {"Image": "@R@:1.0"}}]),
        ),
        (
            "what CRI-O runs",
            json!({"status": {"id": "7".repeat(64), "metadata": {"name": "container"},
                "image": {"image": "@R@:1.0"}, "imageRef": "@C@"}}),
        ),
        ("a container's image", json!({"container": "web", "image": "@R@:1.0", "image_id": "@C@"})),
    ] {
        is_read(name, &document.to_string());
    }
}

/// Members that a document has and its format has not.
#[test]
fn members_of_no_format_are_read_for_the_image() {
    let word = json!("AAAA");
    for (name, document) in [
        (
            "a config",
            json!({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}),
        ),
        ("a payload", json!({"critical": {"image": {"docker-manifest-digest": ""}}, "optional": null})),
        ("an envelope", json!({"payloadType": "x", "payload": word, "signatures": [{"sig": word}]})),
        ("an entry of a log", json!({"logID": "a", "body": word, "integratedTime": 1, "logIndex": 2})),
        ("metadata", json!({"signed": {"_type": "Targets", "targets": {}}, "signatures": []})),
    ] {
        let mut more = document.as_object().unwrap().clone();
        more.insert("image".to_owned(), json!("@R@:1.0"));
        more.insert("runs".to_owned(), json!({"digest": "sha256:@I@"}));
        is_read(name, &serde_json::Value::from(more).to_string());
    }
}

/// Words that a log or a page puts together, or takes away.
#[test]
fn what_a_log_or_a_page_takes_away_is_read() {
    for (name, text) in [
        (
            "a row of a page",
            "<div><table><tr><td>@R@:1.0</td><td>@C@</td><td>2 days ago</td></tr></table></div>\n",
        ),
        (
            "a log with numbers of lines",
            "<div>\n<div><a>1</a><span>1.0: Pulling from @R@</span></div><div><a>2</a><span>Digest: sha256:@I@</span></div><div><a>3</a><span>Status: Downloaded newer image for @R@:1.0</span></div></div>\n",
        ),
        (
            "a member beside the message",
            "{\"level\":\"info\",\"msg\":\"starting\"}\n{\"level\":\"info\",\"msg\":\"started\",\"image\":\"@R@:1.0\",\"imageRef\":\"@C@\"}\n",
        ),
        (
            "a bracket before each line",
            "[web sha256:@I@] image @R@:1.0 is up to date\n[web sha256:@I@] image @R@:1.0 runs\n",
        ),
        (
            "a filter of what cosign checked",
            "$ cosign verify --key k @R@:1.0 | jq . | grep digest\n    \"docker-manifest-digest\": \"sha256:@I@\"\n",
        ),
        (
            "an ID and a name without a tag",
            "$ podman images --no-trunc --format '{{.ID}} {{.Repository}}'\n@C@  @R@\n",
        ),
        (
            "images of containers",
            "$ buildah containers --notruncate\nCONTAINER ID   BUILDER   IMAGE ID   IMAGE NAME   CONTAINER NAME\n4444444444444444444444444444444444444444444444444444444444444444   *   @C@   @R@:1.0   app-working\n",
        ),
        ("an ID that was given a name", "$ podman tag @C@ @R@:1.0\n"),
    ] {
        is_read(name, text);
    }
}

/// What an unknown command printed about the image counts beside a pull; prose does not.
#[test]
fn what_an_unknown_command_printed_counts_beside_a_pull() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let asked = signed("a pull").image(&format!("{REPO}:1.0"));
    let pulled = asked.paste(crate::subject::pull(&format!("{REPO}:1.0"), &digest(&own.index)));
    let printed = "$ docker some show @R@:1.0\n@R@:1.0 was resolved to sha256:@I@\n";
    pulled.clone().paste(fill(printed, &own)).proven("signed-as");
    let report = pulled.clone().paste(fill(printed, &evil)).run();
    assert_eq!(report.code, "form-unread", "{}\n{}", report.headline, links(&report));
    let prose = printed.replace("$ docker some show @R@:1.0\n", "");
    pulled.paste(fill(&prose, &evil)).proven("signed-as");
}

/// `index.json` of an archive, without the archive.
#[test]
fn a_list_of_an_archive_alone_says_which_image_is_called_so() {
    let list = |of: &Image| {
        json!({"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json",
            "digest": digest(&of.index), "size": of.index.len(),
            "annotations": {"io.containerd.image.name": format!("{REPO}:1.0")}}]})
        .to_string()
    };
    let pull = |of: &Image| {
        let digest = digest(&of.index);
        format!(
            "1.0: Pulling from team/app\nDigest: {digest}\nStatus: Downloaded newer image for {REPO}:1.0\n{REPO}:1.0\n"
        )
    };
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let beside = |list: String| signed("a list").image(&format!("{REPO}:1.0")).paste(pull(&own)).file(list);
    beside(list(&own)).proven("signed-as");
    let report = beside(list(&evil)).run();
    assert_eq!(report.outcome, Outcome::NotChecked, "{}\n{}", report.headline, links(&report));
    // The same in an archive that has nothing else.
    let archived =
        |of: &Image| beside(list(&own)).file(tar(&[("index.json".to_owned(), list(of).into_bytes())]));
    archived(&own).proven("signed-as");
    let report = archived(&evil).run();
    assert_eq!(report.outcome, Outcome::NotChecked, "{}\n{}", report.headline, links(&report));
}

/// Honest things of the same shapes say nothing of the image.
#[test]
fn what_has_no_digest_of_the_image_says_nothing() {
    for (name, text) in [
        ("tags", json!({"name": "team/app", "tags": ["1.0", "0.9"]}).to_string()),
        (
            "another repository's tags",
            json!({"name": "team/app-debug", "tags": ["1.0"], "manifest": {}}).to_string(),
        ),
        ("a config of a client", json!({"auths": {"registry.example": {"auth": "dTpw"}}}).to_string()),
        ("a count of findings", json!({"image": format!("{REPO}:1.0"), "critical": 0}).to_string()),
        ("a file's sum", format!("{}  app.tar\n", "6".repeat(64))),
        (
            "containers with whole IDs",
            format!(
                "$ docker ps --no-trunc\nCONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n{}   {REPO}:1.0   \"/app\"   2 days ago   Up 2 days   80/tcp   web\n",
                "4".repeat(64)
            ),
        ),
        (
            "a container in JSON",
            json!({"Command": "\"/app\"", "ID": "4".repeat(64), "Image": format!("{REPO}:1.0"), "Names": "web", "State": "running"})
                .to_string(),
        ),
        ("a row of a page", format!("<div><td>{REPO}:1.0</td><td>2 days ago</td></div>\n")),
        (
            "a config with members of its builder",
            json!({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{}", "3".repeat(64))]},
                "config": {"Labels": {"org.opencontainers.image.ref.name": format!("{REPO}:1.0")}},
                "moby.buildkit.buildinfo.v1": "AAAA", "parent": format!("sha256:{}", "2".repeat(64))})
                .to_string(),
        ),
    ] {
        let report = signed(name).image(&format!("{REPO}:1.0")).paste(&text).run();
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
    }
}
