//! What a program says of a digest that it was asked for by itself is not said of the tag:
//! an older image stands beside the one that is meant, and alone it is what is held.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case, links};
use crate::common::image::{Image, bundle, digest, image};
use crate::heard::{REPO, fill, signed};

/// Outputs of commands that name `@R@@sha256:@I@`, without a word about a tag.
const ASKED: [&str; 5] = [
    "$ crane digest @R@@sha256:@I@\nsha256:@I@\n",
    "$ docker inspect -f '{{.Id}}' @R@@sha256:@I@\nsha256:@C@\n",
    "$ docker image inspect --format '{{index .RepoDigests 0}}' @R@@sha256:@I@\n@R@@sha256:@I@\n",
    "$ docker buildx imagetools inspect @R@@sha256:@I@\nName:      @R@@sha256:@I@\nMediaType: application/vnd.oci.image.index.v1+json\nDigest:    sha256:@I@\n",
    "$ skopeo inspect --format '{{.Digest}}' docker://@R@@sha256:@I@\nsha256:@I@\n",
];

fn asked(name: &str) -> Case {
    signed(name).image(&format!("{REPO}:1.0"))
}

fn pull(of: &Image) -> String {
    let digest = digest(&of.index);
    format!(
        "$ docker pull {REPO}:1.0\n1.0: Pulling from team/app\nDigest: {digest}\nStatus: Downloaded newer image for {REPO}:1.0\n{REPO}:1.0\n"
    )
}

#[test]
fn an_older_image_asked_for_by_its_digest_is_no_lie_about_the_tag() {
    let (own, old) = (image("own", "1"), image("old", "2"));
    for template in ASKED {
        let text = fill(template, &old);
        // The tag was pulled, and is the signed image; the older one stands beside it.
        for both in [format!("{text}{}", pull(&own)), format!("{}{text}", pull(&own))] {
            asked(template).paste(both).proven("signed-as");
        }
        // Alone it may be what is held: no proof, and no lie.
        let alone = asked(template).paste(&text).run();
        assert_eq!(alone.outcome, Outcome::NotChecked, "{template}: {}\n{}", alone.headline, links(&alone));
        // A pull of the older image under the tag is one, whatever stands beside it.
        let evil = asked(template).paste(format!("{}{}", pull(&old), fill(template, &own))).run();
        assert_ne!(evil.outcome, Outcome::Proven, "{template}: {}", evil.headline);
        // The signed image asked for by its digest is it.
        asked(template).paste(fill(template, &own)).proven("signed");
    }
}

/// `docker image inspect REF@DIGEST` lists the tags that this image has.
#[test]
fn an_image_inspected_by_digest_has_the_tags_of_its_list() {
    let (own, old) = (image("own", "1"), image("old", "2"));
    let inspect = |of: &Image, tag: &str| {
        let (index, id) = (digest(&of.index), digest(&of.configs[0]));
        let list = json!([{"Id": id, "RepoTags": [format!("{REPO}:{tag}")], "RepoDigests": [format!("{REPO}@{index}")],
            "Os": "linux", "Architecture": "amd64", "RootFS": {"Type": "layers", "Layers": []}}]);
        format!("$ docker image inspect {REPO}@{index}\n{}\n", serde_json::to_string_pretty(&list).unwrap())
    };
    let pulled = |text: &str| asked(text).paste(format!("{text}{}", pull(&own)));
    pulled(&inspect(&old, "0.9")).proven("signed-as");
    asked("the signed one").paste(inspect(&own, "1.0")).proven("signed");
    // Under the asked tag it is another image.
    let evil = asked("another one").paste(inspect(&old, "1.0")).run();
    assert_ne!(evil.outcome, Outcome::Proven, "{}", evil.headline);
}

/// What follows an output is not its last line.
#[test]
fn what_stands_below_a_pull_keeps_its_own_name() {
    let (own, old) = (image("own", "1"), image("old", "2"));
    let page = |of: &Image, tag: &str| {
        format!(
            "team/app:{tag}\n\nMulti-platform\n\nIndex digest\n\n{}\n\nCopy\nOS/ARCH\n\nlinux/amd64\nCompressed size\n\n6.51 MB\n",
            digest(&of.index)
        )
    };
    let hub = |of: &Image, tag: &str| {
        let digest = digest(&of.index);
        format!(
            "$ docker pull team/app:{tag}\n{tag}: Pulling from team/app\nDigest: {digest}\nStatus: Downloaded newer image for team/app:{tag}\ndocker.io/team/app:{tag}\n"
        )
    };
    let signed = |name: &str| signed(name).image("team/app:1.0");
    signed("an older page").paste(hub(&own, "1.0") + &page(&old, "0.9")).proven("signed-as");
    signed("its page").paste(hub(&own, "1.0") + &page(&own, "1.0")).proven("signed-as");
    let evil = signed("another digest").paste(hub(&own, "1.0") + &page(&old, "1.0")).run();
    assert_ne!(evil.outcome, Outcome::Proven, "{}", evil.headline);
    // podman's last line is the ID of what it pulled, and not of the tag that is asked about.
    let podman = |of: &Image, tag: &str| {
        let id = digest(&of.configs[0]);
        format!(
            "$ podman pull {REPO}:{tag}\nTrying to pull {REPO}:{tag}...\nGetting image source signatures\nCopying config {id} \nWriting manifest to image destination\n{}\n",
            &id[7..]
        )
    };
    let both = asked("two releases").paste(podman(&old, "0.9") + &pull(&own));
    both.proven("signed-as");
    asked("podman's own").paste(podman(&own, "1.0")).proven("signed-through-index");
    let evil = asked("another image").paste(podman(&old, "1.0")).run();
    assert_ne!(evil.outcome, Outcome::Proven, "{}", evil.headline);
}

/// One image has several names on a computer: another thing that names one of them says which
/// is meant.
#[test]
fn other_names_of_the_named_image_are_no_other_images() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let inspect = |of: &Image, command: &str| {
        let (index, id) = (digest(&of.index), digest(&of.configs[0]));
        let list = json!([{"Id": id, "RepoTags": ["mirror.example/app:prod", format!("{REPO}:1.0"), format!("{REPO}:1.0-amd64")],
            "RepoDigests": [format!("{REPO}@{index}")], "Os": "linux", "Architecture": "amd64",
            "RootFS": {"Type": "layers", "Layers": []}}]);
        format!("{command}{}\n", serde_json::to_string_pretty(&list).unwrap())
    };
    let typed = format!("$ docker image inspect {REPO}:1.0\n");
    signed("the command").paste(inspect(&own, &typed)).proven("signed");
    for (name, text) in
        [("a pull", inspect(&own, "") + &pull(&own)), ("a pull before", pull(&own) + &inspect(&own, ""))]
    {
        signed(name).paste(text).proven("signed-as");
    }
    for text in [inspect(&evil, &typed), inspect(&evil, "") + &pull(&own)] {
        let report = signed("another image").paste(&text).run();
        assert_ne!(report.outcome, Outcome::Proven, "{text}: {}", report.headline);
    }
}

/// With Content Trust docker pulls by the signed digest, and gives the image its tag then.
#[test]
fn a_pull_with_content_trust_names_its_tag() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let trusted = |of: &Image| {
        let digest = digest(&of.index);
        format!(
            "$ docker pull {REPO}:1.0\nPull (1 of 1): {REPO}:1.0@{digest}\n{REPO}@{digest}: Pulling from team/app\nDigest: {digest}\nStatus: Downloaded newer image for {REPO}@{digest}\nTagging {REPO}@{digest} as {REPO}:1.0\n{REPO}:1.0\n"
        )
    };
    asked("a trusted pull").paste(trusted(&own)).proven("signed-as");
    let report = asked("another image").paste(trusted(&evil)).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// What was taken away, and a blob that was asked for, is no image that is held.
#[test]
fn what_was_removed_or_is_a_blob_is_not_held() {
    let (own, old) = (image("own", "1"), image("old", "2"));
    let removed = format!(
        "$ docker rmi {REPO}:0.9\nUntagged: {REPO}:0.9\nUntagged: {REPO}@{}\nDeleted: {}\n",
        digest(&old.index),
        digest(&old.configs[0])
    );
    asked("removed").paste(pull(&own) + &removed).proven("signed-as");
    asked("removed, then pulled").paste(removed.clone() + &pull(&own)).proven("signed-as");
    let blob = format!("$ crane blob {REPO}@{}\n{{\"size\": 1}}\n", digest(&old.configs[0]));
    asked("a blob").paste(pull(&own) + &blob).proven("signed-as");
    let report = asked("another image").paste(removed + &pull(&old)).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// The file that an image was built from names others.
#[test]
fn a_dockerfile_below_an_output_names_its_own_images() {
    let (own, other) = (image("own", "1"), image("other", "2"));
    let shown = |of: &Image| {
        format!(
            "$ crane manifest {REPO}:1.0\n{}\nFROM alpine:3.20@{}\nCOPY . /app\n",
            String::from_utf8_lossy(&of.index),
            digest(b"a base")
        )
    };
    asked("its own list").paste(shown(&own)).proven("signed-as");
    let from = shown(&own).replace("alpine:3.20", REPO);
    let report = asked("from another digest of it").paste(from).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
    let report = asked("another list").paste(shown(&other)).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// Beside a list that was printed for the tag, what the computer holds or a tool checked by
/// another digest is still what may be held.
#[test]
fn a_printed_list_does_not_say_what_is_held() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let list = format!("$ crane manifest {REPO}:1.0\n{}\n", String::from_utf8_lossy(&own.index));
    let record = "$ cosign verify --key k @R@@sha256:@I@ | jq . | grep digest\n    \"docker-manifest-digest\": \"sha256:@I@\"\n";
    for template in [ASKED[1], ASKED[2], record] {
        let held = |of: &Image| asked(template).paste(format!("{list}{}", fill(template, of))).run();
        let report = held(&own);
        assert_eq!(report.outcome, Outcome::Proven, "{template}: {}\n{}", report.headline, links(&report));
        let report = held(&evil);
        assert_eq!(
            report.outcome,
            Outcome::NotChecked,
            "{template}: {}\n{}",
            report.headline,
            links(&report)
        );
    }
}

/// `cosign verify --recursive` checks an image and its platforms under the tag of the first.
#[test]
fn digests_that_cosign_checked_below_one_tag_are_no_alarm() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let checked = |of: &Image| {
        let all = [&of.index, &of.manifests[0], &of.manifests[1]].map(|bytes| digest(bytes));
        let lines = all.map(|digest| format!("    \"docker-manifest-digest\": \"{digest}\"\n")).concat();
        format!("$ cosign verify --recursive --key k {REPO}:1.0 | jq . | grep digest\n{lines}")
    };
    asked("its platforms").paste(checked(&own) + &pull(&own)).proven("signed-as");
    // Only the signature and the pull are at hand: nothing leads from one digest to the others.
    let bare = case("no list").image(&format!("{REPO}:1.0")).file(bundle(&own.index));
    let report = bare.paste(checked(&own) + &pull(&own)).run();
    assert_ne!(report.outcome, Outcome::Contradicted, "{}\n{}", report.headline, links(&report));
    let report = asked("another image's").paste(checked(&evil)).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
}
