//! Outputs that print parts of the asked tag and not its digest: another image's
//! parts are never proven, and the signed image's raise no alarm.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;

use crate::case::{Case, case, has, links};
use crate::common::image::{Image, bundle, child, digest, image, index, linux, manifest};
use crate::heard::REPO;
use crate::subject::pull;

/// Signature and index: what is asked for is the tag.
fn listed(name: &str, own: &Image) -> Case {
    case(name).file(bundle(&own.index)).file(&own.index).image(&format!("{REPO}:1.0"))
}

fn layer(bytes: &[u8]) -> String {
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    value["layers"][0]["digest"].as_str().unwrap().to_owned()
}

/// What `grep digest` leaves of a list.
fn digests(all: &[String]) -> String {
    all.iter().map(|digest| format!("      \"digest\": \"{digest}\",\n")).collect()
}

fn children(image: &Image) -> [String; 2] {
    [digest(&image.manifests[0]), digest(&image.manifests[1])]
}

/// The commands that print a list of children, with what remains of it.
fn lists(image: &Image) -> Vec<(&'static str, String)> {
    let [one, two] = children(image);
    let told = |command: &str, text: &str| format!("$ {}\n{text}", command.replace("@R@", REPO));
    vec![
        (
            "grep digest",
            told("docker manifest inspect @R@:1.0 | grep '\"digest\"'", &digests(&children(image))),
        ),
        (
            "grep digest and architecture",
            told(
                "docker manifest inspect @R@:1.0 | grep -E 'digest|architecture'",
                &format!(
                    "         \"digest\": \"{one}\",\n            \"architecture\": \"amd64\",\n         \"digest\": \"{two}\",\n            \"architecture\": \"arm64\",\n"
                ),
            ),
        ),
        ("crane", told("crane manifest @R@:1.0 | grep digest", &digests(&children(image)))),
        (
            "imagetools",
            told("docker buildx imagetools inspect --raw @R@:1.0 | grep digest", &digests(&children(image))),
        ),
        ("skopeo", told("skopeo inspect --raw docker://@R@:1.0 | grep digest", &digests(&children(image)))),
        (
            "regctl",
            told("regctl manifest get --format raw-body @R@:1.0 | grep digest", &digests(&children(image))),
        ),
        ("oras", told("oras manifest fetch @R@:1.0 | grep digest", &digests(&children(image)))),
        (
            "jq with platforms",
            told(
                "docker manifest inspect @R@:1.0 | jq -r '.manifests[] | .platform.architecture + \" \" + .digest'",
                &format!("amd64 {one}\narm64 {two}\n"),
            ),
        ),
        (
            "one entry by jq",
            told(
                "docker manifest inspect @R@:1.0 | jq '.manifests[0]'",
                &serde_json::to_string_pretty(&child(&image.manifests[0], linux("amd64", None))).unwrap(),
            ),
        ),
        (
            "verbose",
            told(
                "docker manifest inspect -v @R@:1.0 | jq '.[].Descriptor'",
                &serde_json::to_string_pretty(&child(&image.manifests[1], linux("arm64", Some("v8"))))
                    .unwrap(),
            ),
        ),
        (
            "digests by jq",
            told("crane manifest @R@:1.0 | jq -r '.manifests[].digest'", &format!("{one}\n{two}\n")),
        ),
        (
            "words by awk",
            told(
                "docker manifest inspect @R@:1.0 | awk '/digest/{print $2}'",
                &format!("\"{one}\",\n\"{two}\",\n"),
            ),
        ),
        (
            "a list by jq",
            told(
                "docker manifest inspect @R@:1.0 | jq '[.manifests[].digest]'",
                &json!([one, two]).to_string(),
            ),
        ),
        ("without the command", digests(&children(image))),
    ]
}

/// Another image's list beside the signed index is not proven; the signed one's is.
#[test]
fn the_parts_of_another_image_are_not_proven() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    for ((name, honest), (_, other)) in lists(&own).into_iter().zip(lists(&evil)) {
        listed(name, &own).paste(&honest).proven("signed");
        let report = listed(name, &own).paste(&other).run();
        assert_eq!(report.outcome, Outcome::NotChecked, "{name}: {}\n{}", report.headline, links(&report));
        // One paste with both says both.
        let both = listed(name, &own).paste(format!("{honest}\n{other}")).run();
        assert_eq!(both.outcome, Outcome::NotChecked, "{name}: {}\n{}", both.headline, links(&both));
        // Of another tag it says nothing of this one.
        if name != "without the command" {
            listed(name, &own).paste(other.replace(":1.0", ":0.9")).proven("signed");
        }
        // A pull says what is held, and a registry that lists others is still heard.
        let held = listed(name, &own).paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)));
        held.clone().paste(&honest).proven("signed-as");
        let report = held.paste(&other).run();
        let heard = name == "without the command" || report.outcome == Outcome::NotChecked;
        assert!(heard, "{name}: {}\n{}", report.headline, links(&report));
        assert_ne!(report.outcome, Outcome::Contradicted, "{name}: {}", report.headline);
    }
}

/// Cut lists, attestations and lists in lists are the signed image's.
#[test]
fn a_list_cut_short_is_no_other_image() {
    let own = image("own", "1");
    let [one, two] = children(&own);
    let command = format!("$ docker manifest inspect {REPO}:1.0 | grep digest");
    let report = listed("one by head", &own)
        .paste(format!("{command} | head -1\n{}", digests(std::slice::from_ref(&two))));
    has(&report.proven("signed"), "held-matches", Place::Branch, Outcome::Proven);
    // BuildKit lists attestations for a platform that does not exist.
    let attestation = manifest(b"{}", "attestation");
    let both = index(&[
        child(&own.manifests[0], linux("amd64", None)),
        child(&attestation, Some(json!({"architecture": "unknown", "os": "unknown"}))),
    ]);
    let attested = case("attested").file(bundle(&both)).file(&both).image(&format!("{REPO}:1.0"));
    let all = digests(&[one.clone(), digest(&attestation)]);
    attested.clone().paste(format!("{command}\n{all}")).proven("signed");
    let of_platforms = |unknown: &str| {
        format!(
            "{command} -E 'digest|architecture'\n\"digest\": \"{one}\",\n\"architecture\": \"amd64\",\n\"digest\": \"{unknown}\",\n\"architecture\": \"unknown\",\n"
        )
    };
    attested.clone().paste(of_platforms(&digest(&attestation))).proven("signed");
    // Another build's attestation is no image.
    attested.paste(of_platforms(&digest(b"another"))).proven("signed");
    // An index in an index: its children may stand in a list that is not at hand.
    let mut inner = child(&own.index, None);
    inner["mediaType"] = json!("application/vnd.oci.image.index.v1+json");
    let outer = index(&[inner, child(&manifest(b"{}", "s390x"), linux("s390x", None))]);
    let nested = case("nested").file(bundle(&outer)).file(&outer).image(&format!("{REPO}:1.0"));
    let top = pull(&format!("{REPO}:1.0"), &digest(&outer));
    nested.clone().paste(format!("{command}\n{}", digests(&[digest(&own.index)]))).proven("signed");
    let rows = format!(
        "$ docker manifest inspect {REPO}:1.0 | grep -E 'digest|arch'\n\"digest\": \"{one}\",\n\"architecture\": \"amd64\",\n"
    );
    nested.clone().paste(&rows).not_checked("held-not-connected");
    nested.clone().paste(&rows).paste(&top).proven("signed-as");
    nested.file(&own.index).paste(&rows).proven("signed");
}

/// Config and layers stand in a manifest: without its bytes nobody knows whose they
/// are, with them they are told apart.
#[test]
fn what_stands_in_a_manifest_needs_its_bytes() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let of = |image: &Image| {
        format!(
            "$ docker manifest inspect -v {REPO}:1.0 | grep -A3 config\n\"config\": {{\n\"mediaType\": \"application/vnd.oci.image.config.v1+json\",\n\"size\": 7,\n\"digest\": \"{}\"\n",
            digest(&image.configs[1])
        )
    };
    let of_layers = |image: &Image| {
        format!(
            "$ crane manifest --platform linux/amd64 {REPO}:1.0 | grep digest\n{}",
            digests(&[digest(&image.configs[0]), layer(&image.manifests[0])])
        )
    };
    let held = pull(&format!("{REPO}:1.0"), &digest(&own.index));
    for (name, text) in [("config", &of as &dyn Fn(&Image) -> String), ("layers", &of_layers)] {
        for image in [&own, &evil] {
            listed(name, &own).paste(text(image)).not_checked("held-not-connected");
            listed(name, &own).paste(text(image)).paste(&held).proven("signed-as");
        }
        let whole = listed(name, &own).file(&own.manifests[0]).file(&own.manifests[1]);
        whole.clone().paste(text(&own)).proven("signed");
        whole.clone().paste(text(&evil)).not_checked("held-not-listed");
        whole.paste(text(&evil)).paste(&held).not_checked("held-not-listed");
    }
}

/// An image without an index has config and layers for parts.
#[test]
fn the_parts_of_a_single_manifest_are_compared() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let single = |name: &str| {
        case(name).file(bundle(&own.manifests[0])).file(&own.manifests[0]).image(&format!("{REPO}:1.0"))
    };
    let parts = |image: &Image| {
        format!(
            "$ docker manifest inspect {REPO}:1.0 | grep digest\n{}",
            digests(&[digest(&image.configs[0]), layer(&image.manifests[0])])
        )
    };
    let held = pull(&format!("{REPO}:1.0"), &digest(&own.manifests[0]));
    single("its parts").paste(parts(&own)).proven("signed");
    single("another's parts").paste(parts(&evil)).not_checked("held-not-listed");
    single("another's parts, and a pull").paste(parts(&evil)).paste(&held).not_checked("held-not-listed");
    // An index lists it: its siblings are none of its parts, and no rivals.
    let list =
        |all: &[String]| format!("$ docker manifest inspect {REPO}:1.0 | grep digest\n{}", digests(all));
    single("its index's list").paste(list(&children(&own))).proven("signed");
    single("another's list").paste(list(&children(&evil))).not_checked("held-not-listed");
}

/// Lists of what is attached to an image, and of the same image elsewhere.
#[test]
fn what_is_no_part_is_no_rival() {
    let own = image("own", "1");
    let signature = digests(&[digest(b"a signature"), digest(b"an SBOM")]);
    for command in [
        format!("oras discover {REPO}:1.0 --format json | grep digest"),
        format!("cosign download attestation {REPO}:1.0 | grep digest"),
        format!("regctl artifact list {REPO}:1.0 --format raw | grep digest"),
    ] {
        listed(&command, &own).paste(format!("$ {command}\n{signature}")).proven("signed");
    }
    let [one, two] = children(&own);
    let elsewhere = format!(
        "$ docker manifest inspect mirror.example/team/app:1.0 | grep digest\n{}",
        digests(&[digest(b"repacked"), digest(b"repacked too")])
    );
    listed("the list of a mirror", &own).paste(&elsewhere).proven("signed");
    let same = format!(
        "$ docker manifest inspect mirror.example/team/app:1.0 | grep digest\n{}",
        digests(&[two, one])
    );
    listed("the same list at a mirror", &own).paste(same).proven("signed");
}

/// A command that prints the document of the asked tag says what the tag means.
#[test]
fn another_index_under_the_asked_tag_is_said() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let held = |name: &str| listed(name, &own).paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)));
    let told = |command: &str, bytes: &[u8]| [format!("$ {command}\n").as_bytes(), bytes, b"\n"].concat();
    for command in
        ["crane manifest @R@:1.0", "docker manifest inspect @R@:1.0", "skopeo inspect --raw docker://@R@:1.0"]
    {
        let command = command.replace("@R@", REPO);
        for bytes in
            [evil.index.clone(), crate::common::image::printed(&evil.index), evil.manifests[0].clone()]
        {
            held(&command).paste(told(&command, &bytes)).not_checked("bytes-differ");
            let report = listed(&command, &own).paste(told(&command, &bytes)).run();
            assert_eq!(report.outcome, Outcome::NotChecked, "{command}: {}", report.headline);
            // Another tag, and another repository.
            held(&command).paste(told(&command.replace(":1.0", ":0.9"), &bytes)).proven("signed-as");
            let other = command.replace(REPO, "other.example/thing/else");
            held(&command).paste(told(&other, &bytes)).proven("signed-as");
        }
        // The same document in any form, and what it lists.
        let value: serde_json::Value = serde_json::from_slice(&own.index).unwrap();
        let mut turned = value.clone();
        turned["manifests"].as_array_mut().unwrap().reverse();
        for bytes in [
            own.index.clone(),
            crate::common::image::printed(&own.index),
            serde_json::to_vec_pretty(&turned).unwrap(),
            own.manifests[0].clone(),
            crate::common::image::printed(&own.manifests[1]),
        ] {
            held(&command).paste(told(&command, &bytes)).proven("signed-as");
        }
    }
}

/// Without a tag a registry is asked for `latest`.
#[test]
fn a_command_without_a_tag_asks_for_latest() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let asked = case("latest").file(bundle(&own.index)).file(&own.index).image(REPO);
    let held = asked.paste(pull(&format!("{REPO}:latest"), &digest(&own.index)));
    let told = |image: &Image| format!("$ crane digest {REPO}\n{}\n", digest(&image.index));
    held.clone().paste(told(&own)).proven("signed-as");
    held.clone().paste(told(&evil)).contradicted("held-differs");
    held.paste(told(&evil).replace(REPO, &format!("{REPO}:0.9"))).proven("signed-as");
    let tagged = listed("a tag", &own).paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)));
    tagged.paste(told(&evil)).proven("signed-as");
}

/// Layers and configs that stand in lists and documents of their own.
#[test]
fn layers_and_configs_of_another_image_are_not_proven() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let diff_ids = |image: &Image| {
        let config: serde_json::Value = serde_json::from_slice(&image.configs[0]).unwrap();
        config["rootfs"]["diff_ids"].to_string()
    };
    let texts = |image: &Image| {
        [
            format!(
                "$ skopeo inspect docker://{REPO}:1.0 | jq -c .Layers\n{}\n",
                json!([layer(&image.manifests[0])])
            ),
            format!("$ docker image inspect {REPO}:1.0 | jq -c '.[0].RootFS.Layers'\n{}\n", diff_ids(image)),
            format!("$ crane config {REPO}:1.0\n{}\n", String::from_utf8_lossy(&image.configs[0])),
        ]
    };
    let whole = [&own.manifests[0], &own.manifests[1], &own.configs[0], &own.configs[1]];
    for (mine, other) in texts(&own).into_iter().zip(texts(&evil)) {
        let at_hand = whole.iter().fold(listed(&mine, &own), |case, bytes| case.file(bytes));
        at_hand.clone().paste(&mine).proven("signed");
        at_hand.clone().paste(&other).not_checked("held-not-listed");
        at_hand.paste(other.replace(":1.0", ":0.9")).proven("signed");
        listed(&other, &own).paste(&other).not_checked("held-not-connected");
        // Nothing names them yet; a pull says what is held.
        let held = listed(&mine, &own).paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)));
        held.paste(&mine).proven("signed-as");
    }
}

/// The image asked about may be the same as the signed one under another digest: its
/// own list is compared then.
#[test]
fn parts_of_a_copy_are_those_of_the_copy() {
    let (own, ecr, evil) = (image("a", "hub"), image("a", "ecr"), image("evil", "2"));
    let asked = format!("{REPO}:1.0");
    let raw = format!("$ docker buildx imagetools inspect --raw {asked}\n");
    let copy = || {
        let case = case("a copy").image(&asked).file(bundle(&own.index));
        let case = case.paste([raw.as_bytes(), &ecr.index].concat()).file(&own.index);
        let all = [&own.manifests, &own.configs, &ecr.manifests].into_iter().flatten();
        all.fold(case, |case, bytes| case.file(bytes))
    };
    let grep = |image: &Image| {
        format!("$ docker manifest inspect {asked} | grep digest\n{}", digests(&children(image)))
    };
    copy().proven("same-as-signed");
    copy().paste(grep(&ecr)).proven("same-as-signed");
    copy().paste(grep(&own)).proven("same-as-signed");
    copy().paste(grep(&evil)).not_checked("held-not-listed");
}
