//! A digest in a text is heard: whatever stands around it on its line, in whichever
//! tool's table or JSON it is, an image that nobody signed is not proven, and the
//! same words about the signed one take nothing away. Texts have the shape of public
//! reports: issues of cosign, docker, podman, skopeo, kyverno and forums.

use serde_json::{Value, json};
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case, links};
use crate::common::image::{Image, bundle, digest, image};
use crate::common::tar::tar;

pub(crate) const REPO: &str = "registry.example/team/app";

/// The signed image, with everything but what the user holds.
pub(crate) fn signed(name: &str) -> Case {
    let own = image("own", "1");
    let case = case(name).file(bundle(&own.index)).file(&own.index).file(&own.manifests[0]);
    case.file(&own.manifests[1])
}

/// Fills a template: `@I@` the index, `@A@` its first manifest, `@C@` that one's
/// config, each 64 digits; `@I12@` and so on the first twelve; `@R@` the repository.
pub(crate) fn fill(template: &str, image: &Image) -> String {
    let mut text = template.replace("@R@", REPO);
    for (mark, bytes) in [("I", &image.index), ("A", &image.manifests[0]), ("C", &image.configs[0])] {
        let hex = digest(bytes).trim_start_matches("sha256:").to_owned();
        text = text.replace(&format!("@{mark}@"), &hex).replace(&format!("@{mark}12@"), &hex[..12]);
    }
    text
}

/// Of the signed image it is proven, of another it is not; with and without a name.
#[track_caller]
pub(crate) fn is_heard(name: &str, template: &str) {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    for asked in [None, Some(format!("{REPO}:1.0"))] {
        let with = |text: String| {
            let case = signed(name).paste(text);
            match &asked {
                Some(asked) => case.image(asked),
                None => case,
            }
        };
        let report = with(fill(template, &own)).run();
        assert_eq!(
            report.outcome,
            Outcome::Proven,
            "{name}, {asked:?}: {}\n{}",
            report.headline,
            links(&report)
        );
        let report = with(fill(template, &evil)).run();
        assert_ne!(
            report.outcome,
            Outcome::Proven,
            "{name}, {asked:?}: {}\n{}",
            report.headline,
            links(&report)
        );
    }
}

#[test]
fn what_stands_around_a_digest_hides_it_from_nobody() {
    let around = [
        "%  # same as in registry",
        "> %",
        "> > %",
        "* %",
        "- %",
        "| app | % |",
        "`%`",
        "\u{201c}%\u{201d}",
        "The digest is %.",
        "DIGEST=%",
        "\u{1b}[32m%\u{1b}[0m",
        "INFO[0043] Pushed %",
        "time=\"2026-11-20T04:00:03Z\" level=info msg=\"pulled %\"",
        "[2026-11-20] %",
        "user@host:~$ docker pull %",
        "$ docker run --rm %",
        "PS C:\\> docker pull %",
        "docker pull %\n$ cosign verify --key cosign.pub %",
        "%%",
        "&quot;%&quot;",
        "<td>%</td>",
        "{\"status\":\"Digest: %\"}",
        "{\"level\":\"info\",\"msg\":\"pulled %\"}",
    ];
    for form in ["@R@@sha256:@I@", "@R@:1.0@sha256:@I@"] {
        for around in around {
            // The last one of two marks is the shell's sign for a missing line end.
            let line = match around {
                "%%" => format!("{form}%"),
                _ => around.replace('%', form),
            };
            is_heard(&line, &line);
        }
    }
    is_heard("a name before it", "registry.example/team/app:1.0 sha256:@I@\n");
}

/// Broken in groups, by line ends, in capitals, by signs that nobody sees.
#[test]
fn a_broken_digest_is_the_same_one() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let changes: [fn(&str) -> String; 6] = [
        |hex| hex.to_uppercase(),
        |hex| {
            hex.as_bytes()
                .chunks(4)
                .map(|four| std::str::from_utf8(four).unwrap())
                .collect::<Vec<_>>()
                .join(" ")
        },
        |hex| format!("{}\n      {}", &hex[..30], &hex[30..]),
        |hex| format!("{}\\\n{}", &hex[..30], &hex[30..]),
        |hex| format!("{}\u{200b}{}", &hex[..30], &hex[30..]),
        |hex| format!("{}\u{ad}{}", &hex[..30], &hex[30..]),
    ];
    for change in changes {
        let text = |image: &Image| format!("I have {REPO}@sha256:{}\n", change(&digest(&image.index)[7..]));
        signed(&text(&own)).paste(text(&own)).proven("signed");
        let report = signed("broken").paste(text(&evil)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{}", text(&evil));
    }
}

fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

#[test]
fn what_other_programs_list_as_json_is_heard() {
    let index = "application/vnd.oci.image.index.v1+json";
    let sha = |mark: &str| format!("sha256:@{mark}@");
    let pinned = |mark: &str| format!("@R@@sha256:@{mark}@");
    for (name, text) in [
        (
            "docker images --format json",
            lines(&[
                json!({"Containers": "N/A", "Digest": sha("I"), "ID": "@C12@", "Repository": "@R@", "Tag": "1.0"}),
            ]),
        ),
        (
            "docker images --no-trunc --format json",
            lines(&[json!({"Digest": "<none>", "ID": sha("C"), "Repository": "@R@", "Tag": "1.0"})]),
        ),
        (
            "docker compose images --format json",
            lines(&[json!([{"ID": sha("C"), "ContainerName": "app-1", "Repository": "@R@", "Tag": "1.0"}])]),
        ),
        (
            "podman ps --format json",
            lines(&[json!([{"Id": "0f", "Image": "@R@:1.0", "ImageID": "@C@", "Names": ["app"]}])]),
        ),
        ("a lock file", lines(&[json!({"images": {"@R@:1.0": sha("I")}})])),
        (
            "the ID in a report",
            lines(&[json!({"runs": [{"properties": {"imageName": "@R@:1.0", "imageID": sha("C")}}]})]),
        ),
        (
            "the Docker API",
            lines(&[
                json!({"status": "Pulling from team/app", "id": "1.0"}),
                json!({"status": "Digest: sha256:@I@"}),
            ]),
        ),
        ("docker load by the API", lines(&[json!({"stream": "Loaded image ID: sha256:@C@\n"})])),
        (
            "crictl inspecti | jq .status",
            lines(&[json!({"id": sha("C"), "repoTags": ["@R@:1.0"], "repoDigests": [pinned("I")]})]),
        ),
        (
            "trivy | jq .Metadata",
            lines(&[json!({"ImageID": sha("C"), "RepoTags": ["@R@:1.0"], "RepoDigests": [pinned("I")]})]),
        ),
        (
            "syft | jq .source",
            lines(&[
                json!({"type": "image", "metadata": {"userInput": "@R@:1.0", "imageID": sha("C"), "repoDigests": [pinned("I")]}}),
            ]),
        ),
        (
            "gcloud artifacts docker images list",
            lines(&[
                json!([{"metadata": {"mediaType": index}, "package": "@R@", "tags": ["1.0"], "version": sha("I")}]),
            ]),
        ),
        (
            "gcloud artifacts docker images describe",
            lines(&[json!({"image_summary": {"digest": sha("I"), "fully_qualified_digest": pinned("I")}})]),
        ),
        ("az acr repository show", lines(&[json!({"digest": sha("I"), "name": "1.0", "signed": false})])),
        (
            "az acr manifest list-metadata",
            lines(&[json!([{"digest": sha("I"), "mediaType": index, "tags": ["1.0"]}])]),
        ),
        (
            "kubectl get node",
            lines(&[json!({"kind": "Node", "status": {"images": [{"names": [pinned("I"), "@R@:1.0"]}]}})]),
        ),
        (
            "docker buildx bake --metadata-file",
            lines(&[json!({"app": {"containerimage.digest": sha("I"), "image.name": "@R@:1.0"}})]),
        ),
        (
            "notation inspect",
            lines(&[
                json!({"reference": pinned("I"), "signatures": [{"digest": format!("sha256:{}", "6".repeat(64))}]}),
            ]),
        ),
        (
            "gh attestation verify",
            lines(&[
                json!([{"verificationResult": {"statement": {"subject": [{"name": "@R@", "digest": {"sha256": "@I@"}}]}}}]),
            ]),
        ),
        (
            "aws ecr list-images",
            lines(&[
                json!({"imageIds": [{"imageDigest": sha("I"), "imageTag": "1.0"}, {"imageDigest": sha("A")},
                {"imageDigest": format!("sha256:{}", "7".repeat(64)), "imageTag": "sha256-@I@.sig"}]}),
            ]),
        ),
    ] {
        is_heard(name, &text);
    }
}

#[test]
fn what_programs_print_in_lines_is_heard() {
    for (name, text) in [
        (
            "a template with names",
            "$ docker images --format '{{.Repository}}:{{.Tag}} {{.Digest}}'\n@R@:1.0 sha256:@I@\n",
        ),
        (
            "a template with the ID",
            "$ docker inspect -f '{{.Id}} {{.RepoDigests}}' @R@:1.0\nsha256:@C@ [@R@@sha256:@I@]\n",
        ),
        (
            "a sum behind a nested command",
            "$ curl -s -H \"Authorization: Bearer $(curl \"https://auth.docker.io/token?scope=repository:team/app:pull\" | jq -r .token)\" \"https://registry.example/v2/team/app/manifests/1.0\" | sha256sum\n@I@  -\n",
        ),
        (
            "grep on docker inspect",
            "$ docker inspect @R@:1.0 | grep -i digest -A2\n        \"RepoDigests\": [\n            \"@R@@sha256:@I@\"  # same as in registry\n        ],\n",
        ),
        (
            "cosign 1.x",
            "Verification for @R@@sha256:@I@ --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n{\"critical\":{\"identity\":{\"docker-reference\":\"@R@\"},\"image\":{\"docker-manifest-digest\":\"sha256:@I@\"},\"type\":\"cosign container image signature\"},\"optional\":null}\n",
        ),
        ("flux", "Applied revision: 1.0@sha256:@I@\n"),
        ("a sum with another sign", "@R@:1.0 sha256=@I@\n"),
        ("a sum in columns", "@R@:1.0\tsha256\t@I@\n"),
        ("a part of a lock file", "$ grep app images.lock\n  \"@R@:1.0\": \"sha256:@I@\",\n"),
        (
            "a page of Docker Hub",
            "https://hub.docker.com/layers/team/app/1.0/images/sha256-@A@?context=explore\n",
        ),
    ] {
        // Hub's page is about a repository there.
        match name {
            "a page of Docker Hub" => {
                let text = |image: &Image| fill(text, image);
                signed(name).paste(text(&image("own", "1"))).run();
                let report = signed(name).paste(text(&image("evil", "2"))).run();
                assert_ne!(report.outcome, Outcome::Proven, "{name}: {}", report.headline);
            }
            _ => is_heard(name, text),
        }
    }
}

/// A digest that was pasted below a command is no second line of its output.
#[test]
fn a_command_prints_so_many_lines_as_it_was_asked_for() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let tag = format!("{REPO}:1.0");
    for command in [
        "docker inspect --format '{{.Image}}' app".to_owned(),
        format!("docker image inspect -f '{{{{.Id}}}}' {REPO}:1.0"),
        format!("docker images -q --no-trunc {REPO}:1.0"),
        format!("podman inspect --type image --format \"{{{{.Id}}}}\" {REPO}:1.0"),
    ] {
        let text = |first: &Image| format!("$ {command}\n@C@\n").replace("@C@", &digest(&first.configs[0]));
        let below = |text: String| format!("{text}{}\n", digest(&own.index));
        let report = signed(&command).image(&tag).paste(below(text(&own))).run();
        assert_eq!(report.outcome, Outcome::Proven, "{command}: {}", report.headline);
        let report = signed(&command).image(&tag).paste(below(text(&evil))).run();
        assert_ne!(report.outcome, Outcome::Proven, "{command}: {}", report.headline);
    }
}

/// A JSONPath without a loop prints one line: a reference that was pasted below it is what
/// it is alone, and no container's image.
#[test]
fn a_json_path_prints_one_line() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let name = |image: &Image| format!("{REPO}@{}", digest(&image.index));
    let path = |path: &str| format!("$ kubectl get pods -o jsonpath='{path}'\n");
    let one = path("{.status.containerStatuses[0].imageID}");
    let joined =
        |first: &str, below: &str| signed("joined").paste(format!("{one}{first}\n\n{below}\n")).run();
    let apart = |first: &str, below: &str| {
        signed("apart").paste(format!("{one}{first}\n")).paste(format!("{below}\n")).run()
    };
    for (first, below, proven) in [(&own, &evil, false), (&own, &own, true), (&evil, &own, false)] {
        let (first, below) = (name(first), name(below));
        let (joined, apart) = (joined(&first, &below), apart(&first, &below));
        assert_eq!((joined.outcome, joined.code), (apart.outcome, apart.code), "{first} {below}");
        assert_eq!(joined.outcome == Outcome::Proven, proven, "{first} {below}: {}", joined.headline);
    }
    // With a loop each line is one more container.
    let many = path("{range .items[*]}{.status.containerStatuses[0].imageID}{\"\\n\"}{end}");
    let report = signed("a loop").paste(format!("{many}{}\n{}\n", name(&own), name(&evil))).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// What two programs printed as JSON is two outputs, also where only the first one's
/// command is there; so are two arrays.
#[test]
fn a_command_is_of_its_own_json_only() {
    let (own, copy) = (image("own", "1"), image("copy", "2"));
    let tag = format!("{REPO}:1.0");
    let inspected = |image: &Image, name: &str| {
        let id = digest(&image.index);
        json!([{"Id": id, "RepoTags": [format!("{name}:1.0")], "RepoDigests": [format!("{name}@{id}")],
            "Descriptor": {"digest": id, "mediaType": "application/vnd.oci.image.index.v1+json"}}])
    };
    let first = format!("$ docker image inspect {tag}\n{}\n", inspected(&own, REPO));
    let second = inspected(&copy, "mirror.example/app");
    signed("two arrays").image(&tag).paste(format!("{first}{second}\n")).proven("signed");
    let discovered = json!({"reference": format!("{REPO}@{}", digest(&copy.index)), "digest": digest(&copy.index),
        "mediaType": "application/vnd.oci.image.index.v1+json", "size": 491, "referrers": []});
    let status = json!({"status": {"id": digest(&own.configs[0]), "repoTags": [tag],
        "repoDigests": [format!("{REPO}@{}", digest(&own.index))]}, "info": {}});
    let crictl = format!("$ crictl inspecti {tag}\n{status}\n");
    let [apart, joined] = [
        signed("apart").paste(&crictl).paste(discovered.to_string()).run(),
        signed("joined").paste(format!("{crictl}{discovered}\n")).run(),
    ];
    assert_eq!((apart.outcome, apart.code), (joined.outcome, joined.code), "{}", joined.headline);
}

/// 64 digits without a mark are a container's ID as often as an image's digest, and
/// a marked sum without a name is any file's.
#[test]
fn what_is_no_digest_of_an_image_takes_no_proof_away() {
    let other = digest(b"another thing").trim_start_matches("sha256:").to_owned();
    for text in [
        format!("$ docker run -d {REPO}:1.0\n{other}\n"),
        format!("Started container containerID=\"containerd://{other}\" image=\"{REPO}:1.0\"\n"),
        format!("go.zip sha256={other}\nthen {REPO}:1.0\n"),
        format!("Applied revision: main@sha1:{}\n", &other[..40]),
    ] {
        signed(&text).image(&format!("{REPO}:1.0")).paste(&text).proven("signed");
    }
}

/// Tables show the first digits of an ID: they fit the signed image, or nobody knows.
#[test]
fn an_id_cut_short_tells_images_apart() {
    let table = "REPOSITORY                  TAG       IMAGE ID       CREATED       SIZE\nother.example/thing         3.1       0123456789ab   2 days ago    9MB\n@R@   1.0       @C12@   2 weeks ago   12MB\n";
    for (name, text) in [
        ("docker images", table.to_owned()),
        ("docker images of containerd", table.replace("@C12@", "@I12@")),
        (
            "docker images of Docker 29",
            "IMAGE                           ID             DISK USAGE   CONTENT SIZE   EXTRA\n@R@:1.0   @I12@       12.1MB         4.2MB\n".to_owned(),
        ),
        (
            "docker images --tree",
            "IMAGE                           ID             DISK USAGE   CONTENT SIZE   EXTRA\n@R@:1.0   @I12@       12.1MB         4.2MB\n\u{251c}\u{2500} linux/amd64                 @A12@       12MB   4MB   U\n".to_owned(),
        ),
        (
            "docker compose images",
            "CONTAINER           REPOSITORY                  TAG       PLATFORM      IMAGE ID       SIZE      CREATED\napp-1               @R@   1.0       linux/amd64   @C12@   31.4MB    2 weeks ago\n".to_owned(),
        ),
        (
            "crictl images --digests",
            "# crictl images --digests\nIMAGE                       TAG                 DIGEST              IMAGE ID            SIZE\n@R@   1.0                 @I12@        @C12@        32.7MB\n".to_owned(),
        ),
        ("docker images -q", "$ docker images -q @R@:1.0\n@C12@\n".to_owned()),
        (
            "docker scout",
            "  Target            \u{2502}  @R@:1.0\n    digest          \u{2502}  @I12@\n    platform        \u{2502} linux/amd64\n".to_owned(),
        ),
    ] {
        is_heard(name, &text);
    }
    // Where a pull says what the computer holds, the digits of an ID add nothing.
    let own = image("own", "1");
    let known = case("a pull beside it").file(bundle(&own.index)).file(&own.index);
    let pull = crate::subject::pull(&format!("{REPO}:1.0"), &digest(&own.index));
    known.paste(format!("{pull}\n{}", fill(table, &own))).proven("signed-as");
}

/// A log of what was copied names the parts of the list at hand.
#[test]
fn parts_of_a_list_at_hand_ask_about_the_list() {
    let own = image("own", "1");
    let log = format!(
        "Copying image {} (1/2)\nCopying image {} (2/2)\n",
        digest(&own.manifests[0]),
        digest(&own.manifests[1])
    );
    let report = signed("skopeo copy --all").paste(&log).proven("signed");
    assert_eq!(report.subject.digest.as_deref(), Some(&*digest(&own.index)));
    // The twin: one that the list does not name.
    let evil = log.replace(&digest(&own.manifests[1]), &digest(&image("evil", "2").manifests[1]));
    let report = signed("another copy").paste(evil).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// A registry's answer about the asked tag that names no repository may be of it.
#[test]
fn an_answer_about_the_asked_tag_without_a_name_is_held_against_it() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let answer = |image: &Image, tag: &str| {
        json!([{"name": digest(&image.index), "metadata": {"package_type": "container", "container": {"tags": [tag]}}}])
            .to_string()
    };
    let asked = signed("GitHub's answer").image(&format!("{REPO}:1.0"));
    asked.clone().paste(answer(&own, "1.0")).proven("signed");
    asked.clone().paste(answer(&evil, "1.0")).not_checked("signature-needed");
    let pulled = asked.clone().paste(crate::subject::pull(&format!("{REPO}:1.0"), &digest(&own.index)));
    pulled.clone().paste(answer(&evil, "0.9")).proven("signed-as");
    pulled.paste(answer(&evil, "1.0")).contradicted("held-differs");
    asked.paste(answer(&evil, "0.9")).proven("signed");
}

/// What was asked for one platform is no index, and no rival of one.
#[test]
fn a_platform_s_digest_is_no_rival_of_its_index() {
    let own = image("own", "1");
    let pull = crate::subject::pull(&format!("{REPO}:1.0"), &digest(&own.index));
    for option in ["--platform linux/amd64", "--platform=linux/amd64"] {
        let asked = format!("$ crane digest {option} {REPO}:1.0\n{}\n", digest(&own.manifests[0]));
        let only = case("without the index").paste(format!("{pull}\n{asked}"));
        assert_eq!(only.run().outcome, Outcome::NotChecked);
        signed("with it").paste(format!("{pull}\n{asked}")).proven("signed-as");
    }
    // The twin: without the option it is what the tag means.
    let asked = format!("$ crane digest {REPO}:1.0\n{}\n", digest(&own.manifests[0]));
    case("another digest").paste(format!("{pull}\n{asked}")).contradicted("held-differs");
}

/// Two saved images of one name: a loader takes one of them, and nobody knows which.
/// The twins: one image under two names, and two entries for one image.
#[test]
fn two_saved_images_of_one_name_are_a_conflict() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let (name, old) = (format!("{REPO}:1.0"), format!("{REPO}:0.9"));
    let config = |image: &Image| format!("{}.json", &digest(&image.configs[0])[7..]);
    // What a layer unpacks to is what the config was made of.
    let entry = |image: &Image, layer: &str, names: &[&str]| json!({"Config": config(image), "RepoTags": names, "Layers": [format!("{layer}/layer.tar")]});
    let saved = |list: &Value| {
        let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
        let archive = tar(&[
            file(&config(&own), &own.configs[0]),
            file("own/layer.tar", b"own"),
            file(&config(&evil), &evil.configs[0]),
            file("evil/layer.tar", b"evil"),
            file("manifest.json", list.to_string().as_bytes()),
        ]);
        signed("saved").image(&name).file(archive).run()
    };
    let (mine, other) = (entry(&own, "own", &[&name]), entry(&evil, "evil", &[&name]));
    for list in [json!([mine, other]), json!([other, mine]), json!([other])] {
        let report = saved(&list);
        assert_ne!(report.outcome, Outcome::Proven, "{list}: {}\n{}", report.headline, links(&report));
    }
    for list in [
        json!([entry(&own, "own", &[&name, &old])]),
        json!([entry(&own, "own", &[&old, &name])]),
        json!([mine, entry(&own, "own", &[&old])]),
        json!([mine, entry(&evil, "evil", &[&old])]),
        json!([entry(&evil, "evil", &[&old]), mine]),
    ] {
        let report = saved(&list);
        assert_eq!(report.outcome, Outcome::Proven, "{list}: {}\n{}", report.headline, links(&report));
    }
}

/// Words stand at the beginning of a sentence in their form; a program's name in its own.
#[test]
fn a_sentence_begins_as_one() {
    use webdis_verify::base::message::Message;
    use webdis_verify::engine::codes::HELD_MATCHES;
    for (tool, begins) in [
        ("text", "The text shows "),
        ("printed-manifest", "The printed manifest shows "),
        ("docker pull", "docker pull shows "),
    ] {
        let said = Message::new(HELD_MATCHES, &[("tool", tool), ("digest", "sha256:1"), ("kind", "index")]);
        assert!(said.text.starts_with(begins), "{}", said.text);
    }
}
