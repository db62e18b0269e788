//! What names another tag of the asked repository is no evidence about this one, in whatever
//! output the tag stands; and what names the asked one is, whatever else is held.

use webdis_verify::base::outcome::Outcome;

use crate::case::links;
use crate::common::image::{Image, bundle, digest, image};
use crate::heard::{REPO, fill, is_heard, signed};
use crate::subject::pull;

const CRANE: &str = "$ crane digest @R@:1.0\nsha256:@I@\n";

/// Of the older release, called `@T@` in it.
const OF_ANOTHER: [&str; 7] = [
    "$ docker image inspect @R@:@T@ | grep sha256\n        \"Id\": \"sha256:@C@\",\n            \"@R@@sha256:@I@\"\n",
    "$ podman images --format json\n[{\"Id\":\"@C@\",\"RepoTags\":null,\"RepoDigests\":[\"@R@@sha256:@I@\"],\"Names\":[\"@R@:@T@\"]}]\n",
    "$ cosign triangulate @R@:@T@\n@R@:sha256-@I@.sig\n",
    "$ docker pull @R@:@T@@sha256:@I@\n@R@@sha256:@I@: Pulling from team/app\nDigest: sha256:@I@\nStatus: Downloaded newer image for @R@@sha256:@I@\n@R@@sha256:@I@\n",
    "$ docker pull -a @R@\n@T@: Pulling from team/app\nDigest: sha256:@I@\nStatus: Downloaded newer image for @R@\n@R@\n",
    "$ gcloud artifacts docker images list @R@ --include-tags\nIMAGE  DIGEST  TAGS  CREATE_TIME  UPDATE_TIME  SIZE\n@R@  sha256:@I@  @T@,old  2026-04-04T17:20:00  2026-04-04T17:20:00  12078773\n",
    "$ docker image inspect @R@:@T@ | grep -A2 RepoDigests\n        \"RepoDigests\": [\n            \"@R@@sha256:@I@\"\n        ],\n",
];

#[test]
fn what_names_another_tag_is_no_evidence_on_this_one() {
    let (own, old) = (image("own", "1"), image("old", "2"));
    for text in OF_ANOTHER {
        let of = |tag: &str| fill(&text.replace("@T@", tag), &old);
        let case = signed(text).paste(fill(CRANE, &own)).image(&format!("{REPO}:1.0"));
        let report = case.clone().paste(of("0.9")).run();
        // What the computer has of another tag may leave open what is held; it is no lie.
        let outcome = [Outcome::Proven, Outcome::NotChecked].contains(&report.outcome);
        assert!(outcome, "{text}: {}\n{}", report.headline, links(&report));
        // The asked tag's own raises no alarm either.
        let report = case.clone().paste(fill(&text.replace("@T@", "1.0"), &own)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{text}: {}\n{}", report.headline, links(&report));
        // The twin: under the asked tag it is another image.
        let report = case.paste(of("1.0")).run();
        let lies = [Outcome::Contradicted, Outcome::NotChecked].contains(&report.outcome);
        assert!(lies, "{text}: {}\n{}", report.headline, links(&report));
    }
}

/// A platform that is held by its digest is no answer to what the asked tag is shown to be.
#[test]
fn what_the_asked_tag_is_shown_to_be_counts_beside_one_platform() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let child = pull(&format!("{REPO}@{}", digest(&own.manifests[0])), &digest(&own.manifests[0]));
    for text in
        ["$ docker image inspect -f '{{.Id}}' @R@:1.0\nsha256:@C@\n", "$ crane digest @R@:1.0\nsha256:@I@\n"]
    {
        let case = signed(text).image(&format!("{REPO}:1.0"));
        let case = own.configs.iter().fold(case, |case, config| case.file(config));
        let case = case.paste(&child);
        let report = case.clone().paste(fill(text, &own)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{text}: {}\n{}", report.headline, links(&report));
        let report = case.paste(fill(text, &evil)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{text}: {}\n{}", report.headline, links(&report));
    }
}

/// A digest that a document or a table shows the beginning of.
#[test]
fn what_is_cut_in_an_output_tells_images_apart() {
    for text in [
        "$ docker image inspect @R@:1.0\n[{\"Id\":\"sha256:@C12@\",\"RepoTags\":[\"@R@:1.0\"],\"RepoDigests\":[\"@R@@sha256:@I12@\"]}]\n",
        "    Image:          @R@:1.0\n    Image ID:       docker-pullable://@R@@sha256:@I12@\n",
        "$ docker images --digests            \u{2502} htop\nREPOSITORY TAG DIGEST\n@R@ 1.0 sha256:@I12@\u{2502} htop\n",
    ] {
        is_heard(text, text);
    }
}

/// A node shows an image without a registry's name by its ID, in whatever form it is asked.
#[test]
fn an_id_of_a_node_is_no_manifest() {
    let own = image("own", "1");
    let text = "$ kubectl get pod app -o jsonpath='{.status.containerStatuses[0].imageID}'\nsha256:@C@\n";
    let case = signed("node").paste(fill(CRANE, &own)).image(&format!("{REPO}:1.0"));
    case.clone().paste(fill(text, &own)).proven("signed-as");
    // Where no manifest is at hand that names it, it is no lie of the registry.
    let case = crate::case::case("index alone").file(bundle(&own.index)).file(&own.index);
    let case = case.paste(fill(CRANE, &own)).paste(fill(text, &own)).image(&format!("{REPO}:1.0"));
    assert_eq!(case.run().outcome, Outcome::NotChecked);
}

/// What a filter leaves of `docker manifest inspect` are parts of the list, and no computer's.
#[test]
fn what_a_filter_left_of_a_list_is_no_inspection() {
    let own = image("own", "1");
    let text = "$ crane digest @R@:1.0\nsha256:@I@\n$ docker manifest inspect -v @R@:1.0 | jq -r '.[].Descriptor.digest'\nsha256:@A@\n";
    for asked in [true, false] {
        let case = signed("filter").paste(fill(text, &own));
        let case = if asked { case.image(&format!("{REPO}:1.0")) } else { case };
        assert_eq!(case.run().outcome, Outcome::Proven, "{asked}");
    }
}

/// What a tag meant before, as quay's history has it, is no word about what it means.
#[test]
fn a_tag_s_history_is_no_other_meaning() {
    let (own, old) = (image("own", "1"), image("old", "2"));
    let name = "quay.io/team/app:1.0";
    let entry = |image: &Image, end: &str| {
        format!(
            "{{\"name\":\"1.0\",\"manifest_digest\":\"{}\",\"is_manifest_list\":true{end}}}",
            digest(&image.index)
        )
    };
    let api = "$ curl -s 'https://quay.io/api/v1/repository/team/app/tag/?specificTag=1.0'";
    for (end, proven) in [(",\"end_ts\":1750000000", true), ("", false)] {
        for turned in [false, true] {
            let mut tags = [entry(&own, ""), entry(&old, end)];
            if turned {
                tags.reverse();
            }
            let text =
                format!("{api}\n{{\"tags\":[{}],\"page\":1,\"has_additional\":false}}\n", tags.join(","));
            let case = crate::case::case("quay").file(bundle(&own.index)).file(&own.index).image(name);
            let report = case.paste(pull(name, &digest(&own.index))).paste(text).run();
            assert_eq!(report.outcome == Outcome::Proven, proven, "{end} {turned}: {}", links(&report));
        }
    }
}
