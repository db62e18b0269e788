//! What names another image in passing, beside a good signature: a checking tool's word about
//! no tag, a statement that nobody signed, a text that pins the asked tag, a registry's answer
//! for one platform. Each of the signed image leaves the proof, each of another one opens it.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case};
use crate::common::image::{Image, bundle, digest, image};
use crate::registries::metadata;
use crate::which_image::layout;

const NAME: &str = "registry.example/team/app";
const REF: &str = "registry.example/team/app:1.0";

fn images() -> (Image, Image) {
    (image("a", "1"), image("b", "2"))
}

/// The signature, with the signed index's bytes, asked for by name.
fn signed(name: &str) -> Case {
    let a = image("a", "1");
    case(name).file(&a.index).file(bundle(&a.index)).image(REF)
}

#[track_caller]
fn not_proven(given: &Case) {
    let report = given.run();
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", report.headline);
}

fn record(of: &[u8]) -> String {
    json!([{"critical": {"identity": {"docker-reference": NAME}, "image": {"docker-manifest-digest": digest(of)},
        "type": "cosign container image signature"}, "optional": null}])
    .to_string()
}

/// `cosign verify REF > FILE`, and notation's line, which names no tag.
#[test]
fn a_checking_tool_s_word_about_no_tag_is_heard() {
    let (good, evil) = images();
    let notation = |of: &[u8]| format!("Successfully verified signature for {NAME}@{}\n", digest(of));
    let header = format!(
        "Verification for {REF} --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n"
    );
    for said in [&record as &dyn Fn(&[u8]) -> String, &notation] {
        signed("the image's").file(said(&good.index)).proven("signed");
        for given in [signed("another's"), signed("with its header").paste(&header)] {
            not_proven(&given.file(said(&evil.index)));
        }
        // One that was verified for the image, or a pull of it, says what is held.
        let pull = crate::subject::pull(REF, &digest(&good.index));
        signed("and a pull").file(said(&evil.index)).paste(pull).proven("signed-as");
    }
    signed("both").file(record(&evil.index)).file(record(&good.index)).proven("signed");
    let name = "docker.io/example/webdis";
    let released = |of: &[u8]| {
        let said = format!("Successfully verified signature for {name}@{}\n", digest(of));
        metadata(case("metadata"), "0.1.20", &good.index).image(&format!("{name}:0.1.20")).file(said)
    };
    released(&good.index).proven("released");
    released(&evil.index).not_checked("held-not-connected");
}

#[test]
fn a_statement_that_nobody_signed_names_what_may_be_held() {
    let (good, evil) = images();
    let statement = |name: &str, of: &[u8]| {
        json!({"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
            "subject": [{"name": name, "digest": {"sha256": &digest(of)[7..]}}], "predicate": {}})
        .to_string()
    };
    signed("the image's").file(statement(REF, &good.index)).proven("signed");
    signed("another's").file(statement(REF, &evil.index)).not_checked("form-unread");
    signed("without a tag").file(statement(NAME, &evil.index)).not_checked("form-unread");
    signed("another release's").file(statement(&REF.replace("1.0", "1.1"), &evil.index)).proven("signed");
    signed("of another image")
        .file(statement("registry.example/team/other:1.0", &evil.index))
        .proven("signed");
    // What somebody signed of another image is that image's.
    signed("signed").file(bundle(&evil.index)).proven("signed");
}

/// Neither the user nor the signature names an image, and no document is there to ask about.
#[test]
fn a_signature_alone_is_no_answer_to_what_a_text_names() {
    let (good, evil) = images();
    for form in [
        |hex: &str| json!({"image": REF, "of": {"value": hex}}).to_string(),
        |hex: &str| format!("I run {REF} (digest {hex}).\n"),
        |hex: &str| {
            format!("<pre>Digest&#58; sha256&#58;{hex}\nStatus&#58; Newer image for {NAME}&#58;1.0</pre>\n")
        },
    ] {
        let given =
            |of: &[u8]| case("nobody names it").file(bundle(&good.index)).file(form(&digest(of)[7..]));
        assert_eq!(given(&good.index).run().outcome, Outcome::Proven);
        not_proven(&given(&evil.index));
    }
    let nameless = json!({"commit": &digest(&evil.index)[7..], "at": "2026/11/27"}).to_string();
    case("no image's").file(bundle(&good.index)).file(nameless).proven("signed");
}

/// A compose file pins what will run; what the computer holds now is another thing.
#[test]
fn a_text_that_pins_the_asked_tag_is_heard() {
    let (good, evil) = images();
    let inspected = json!([{"Id": digest(&good.configs[0]), "RepoTags": [REF],
        "RepoDigests": [format!("{NAME}@{}", digest(&good.index))], "Architecture": "amd64", "Os": "linux"}])
    .to_string();
    let given = |pin: String| case("a pin").image(REF).file(&inspected).file(bundle(&good.index)).file(pin);
    given(format!("{REF}@{}\n", digest(&good.index))).proven("signed");
    given(format!("{REF}@{}\n", digest(&evil.index))).not_checked("held-not-connected");
    given(format!("{}@{}\n", REF.replace("1.0", "1.1"), digest(&evil.index))).proven("signed");
}

/// The signed index is at hand, and has another manifest for the platform.
#[test]
fn a_registry_s_answer_for_one_platform_is_held_against_the_list() {
    let (good, evil) = images();
    let crane = |of: &[u8]| format!("$ crane digest --platform linux/amd64 {REF}\n{}\n", digest(of));
    let held = |of: &[u8]| {
        let archive = layout(&good, None);
        case("one platform").image(REF).file(archive).file(bundle(&good.index)).paste(crane(of))
    };
    held(&good.manifests[0]).proven("signed");
    held(&evil.manifests[0]).not_checked("held-not-connected");
}

/// A filter prints one value for each image it is asked for: what stands below is another
/// output, and says nothing of what the computer holds.
#[test]
fn a_digest_below_a_filter_s_output_is_no_second_value() {
    let (good, evil) = images();
    let crane = format!("$ crane digest {REF}\n{}\n", digest(&good.index));
    for filter in [".[].Id", ".[0].Id"] {
        let asked = |id: &str| {
            format!("$ docker image inspect {REF} | jq -r '{filter}'\n{id}\n\n{}\n", digest(&good.index))
        };
        let given = |id: &str| signed(filter).paste(format!("{crane}\n{}", asked(id)));
        not_proven(&given(&digest(&evil.configs[0])));
        let parts = good.manifests.iter().chain(&good.configs);
        parts.fold(given(&digest(&good.configs[0])), |case, part| case.file(part)).proven("signed-as");
    }
}

/// `podman ps` prints the image's ID where it is asked for it.
#[test]
fn an_image_s_id_in_a_list_of_containers_is_heard() {
    let (good, evil) = images();
    let listed = |of: &[u8], member: &str| {
        format!("$ podman ps --format \"{{{{.{member}}}}}  {{{{.Image}}}}\"\n{}  {REF}\n", &digest(of)[7..19])
    };
    let given = |text: String| {
        let parts = good.manifests.iter().chain(&good.configs);
        parts.fold(signed("a list").paste(text), |case, part| case.file(part))
    };
    given(listed(&good.configs[0], "ImageID")).proven("signed");
    given(listed(&evil.configs[0], "ImageID")).not_checked("digest-cut");
    given(listed(&evil.configs[0], "ID")).proven("signed");
}
