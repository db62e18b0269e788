//! A signature says nothing of tags: an older one stays good, and anybody can show it for a
//! newer tag. What says more than a signature is heard beside it: the publisher's documentation,
//! the name that was signed, a document that a registry gave for the tag in whatever form.

use serde_json::{Value, json};
use webdis_verify::base::error::Error;
use webdis_verify::engine::tag_answer::TagAnswer;
use webdis_verify::session::check::Publisher;
use webdis_verify::session::registry::codes::SCHEMA1;

use crate::case::{Case, case};
use crate::common::image::{Image, bundle, digest, image, plan};
use crate::common::stand_in;
use crate::registries::metadata;
use crate::subject::pull;
use crate::which_image::layout;

const NAME: &str = "registry.example/team/app";
const REF: &str = "registry.example/team/app:1.4.2";

/// A publisher with a key who documented two releases.
fn documented(name: &str, releases: &[(&str, &[u8])]) -> Case {
    documented_by(name, releases).image(REF)
}

/// The same, where the user names no image.
fn documented_by(name: &str, releases: &[(&str, &[u8])]) -> Case {
    let published: Vec<Value> = releases
        .iter()
        .map(|(tag, bytes)| json!({"tag": tag, "digest": digest(bytes), "file": "README.md", "commit": "1".repeat(40), "date": "2026-01-01"}))
        .collect();
    let profile = json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": [NAME], "log": "required", "published": published,
        "keys": [{"name": "example", "pem": stand_in::key().pem(), "fingerprint": stand_in::key().fingerprint().hex()}]
    });
    case(name).options(|o| o.publisher = Publisher::Profile(profile.to_string().into_bytes()))
}

#[test]
fn documentation_is_heard_beside_a_signature() {
    let (old, new) = (image("old", "1"), image("new", "2"));
    let asked = |name: &str| documented(name, &[("1.4.1", &old.index), ("1.4.2", &new.index)]);
    let pulled = |name: &str, of: &[u8]| asked(name).paste(pull(REF, &digest(of))).file(bundle(of));
    pulled("its own", &new.index).proven("signed-as");
    pulled("an older release's", &old.index).contradicted("published-differs");
    asked("by its bytes").file(&old.index).file(bundle(&old.index)).contradicted("published-differs");
    asked("its own bytes").file(&new.index).file(bundle(&new.index)).proven("signed");
    // A tag that a text alone names may be another release's than the evidence.
    let told = documented_by("a line of instructions", &[("1.4.1", &old.index), ("1.4.2", &new.index)]);
    let told = told.paste(format!("$ docker run --rm -d {REF}\n"));
    told.file(&old.index).file(bundle(&old.index)).not_checked("digest-not-documented");
    // One platform of the documented index is no other image.
    let child = asked("a platform").file(&new.index).file(bundle(&new.index)).file(&new.manifests[0]);
    child.proven("signed");
    // Nothing is documented of another tag.
    let other = documented("another tag", &[("1.4.1", &new.index)]);
    other.paste(pull(REF, &digest(&old.index))).file(bundle(&old.index)).proven("signed-as");
}

#[test]
fn a_name_that_was_signed_is_no_other_name() {
    let a = image("a", "1");
    let named = |name: &str| {
        let mut plan = plan(&a.index);
        let mut statement: Value = serde_json::from_str(&plan.payload).unwrap();
        statement["subject"][0]["name"] = json!(name);
        plan.payload = statement.to_string();
        case(name).image(REF).paste(pull(REF, &digest(&a.index))).file(plan.build().to_string())
    };
    for own in [NAME, REF, "", "app", "pkg:oci/app", "sha256:0123"] {
        named(own).proven("signed-as");
    }
    for other in ["evil.example/other/product", "registry.example/team/app:9.9"] {
        let report = named(other).proven("signed");
        assert!(report.caveats.iter().any(|c| c.code == "signed-name-differs"), "{other}");
    }
}

/// `crane manifest REF`, of what a registry gives for the tag and is read as no image.
#[test]
fn what_a_registry_gave_for_the_tag_is_heard_in_any_form() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let old = json!({"schemaVersion": 1, "name": "team/app", "tag": "1.4.2", "architecture": "amd64",
        "fsLayers": [{"blobSum": digest(b"layer")}], "history": [{"v1Compatibility": "{}"}]});
    let mut list: Value = serde_json::from_slice(&b.index).unwrap();
    list["schemaVersion"] = json!(1);
    let mut called: Value = serde_json::from_slice(&b.manifests[0]).unwrap();
    called["layers"][0]["mediaType"] = json!("application/vnd.dev.sigstore.bundle.v0.3+json");
    let typed = json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(&b.manifests[0]),
        "size": b.manifests[0].len(), "artifactType": "application/vnd.example.thing"});
    let referrers = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [typed]});
    let mut empty = referrers.clone();
    empty["manifests"] = json!([]);
    let mut attached: Value = serde_json::from_slice(&b.manifests[0]).unwrap();
    attached["subject"] = json!({"mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest(&a.index), "size": a.index.len()});
    attached["config"]["mediaType"] = json!("application/vnd.example.thing");
    let all = [
        ("schema 1", old.clone()),
        ("a list", list),
        ("layers", called),
        ("referrers", referrers.clone()),
        ("nothing", empty),
        ("attached", attached),
    ];
    for (name, given) in all {
        let printed = |tag: &str| format!("$ crane manifest {NAME}:{tag}\n{given}\n");
        let signed = || case(name).image(REF).file(&a.index).file(bundle(&a.index));
        signed().paste(printed("1.4.2")).not_checked("bytes-differ");
        signed().paste(pull(REF, &digest(&a.index))).paste(printed("1.4.2")).not_checked("bytes-differ");
        // Another tag's, and a signature's own manifest, say nothing of this one.
        signed().paste(printed("1.4.1")).proven("signed");
        signed().paste(printed(&format!("sha256-{}.sig", &digest(&a.index)[7..]))).proven("signed");
    }
    // A list of what is attached is what some commands are asked for.
    for command in ["oras discover --format json", "regctl artifact list --format body"] {
        let listed = case(command).image(REF).file(&a.index).file(bundle(&a.index));
        listed.paste(format!("$ {command} {REF}\n{referrers}\n")).proven("signed");
    }
    // Where only a signature says which image is meant, it may be another one.
    case("schema 1 alone").file(old.to_string()).file(bundle(&a.index)).not_checked("bytes-differ");
    case("no document").file(bundle(&a.index)).proven("signed");
}

/// The same bytes once more, before or after, with or without a command above them.
#[test]
fn what_was_printed_for_the_tag_is_that_in_every_order() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let printed = |name: &str, of: &[u8]| {
        format!("$ crane manifest {name}\n{}\n", String::from_utf8_lossy(of)).into_bytes()
    };
    let here = printed(REF, &b.index);
    for other in [b.index.clone(), printed("quay.example/team/app:1.4.2", &b.index)] {
        let signed = || case("twice").image(REF).paste(pull(REF, &digest(&a.index))).file(bundle(&a.index));
        signed().file(&other).file(&here).not_checked("bytes-differ");
        signed().file(&here).file(&other).not_checked("bytes-differ");
        signed().file(&other).proven("signed-as");
    }
}

/// `crane manifest --platform` beside another platform's image: all of one signed index.
#[test]
fn a_document_of_one_platform_is_no_lie_about_another() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let printed = |of: &[u8]| {
        format!("$ crane manifest --platform linux/arm64 {REF}\n{}\n", String::from_utf8_lossy(of))
    };
    let given = |of: &[u8], held: &[u8]| {
        let held = format!("$ podman pull -q {REF}\n{}\n", &digest(held)[7..]);
        let parts = a.manifests.iter().chain(&a.configs);
        let case = case("one platform").image(REF).file(printed(of)).paste(held);
        parts.fold(case.file(&a.index).file(bundle(&a.index)), |case, part| case.file(part))
    };
    given(&a.manifests[1], &a.configs[0]).proven("signed-through-index");
    for (of, held) in [(&b.manifests[1], &a.configs[0]), (&a.manifests[1], &b.configs[0])] {
        assert_ne!(given(of, held).run().outcome.name(), "proven");
    }
}

/// The registry said what the tag means, and gave a document that is not read.
#[test]
fn an_answer_that_is_not_read_is_an_answer() {
    let a = image("a", "1");
    let error = Error::new(SCHEMA1).in_place("https://registry.example/v2/team/app/manifests/1.4.2");
    let cause = |unread: bool| TagAnswer {
        repository: NAME.to_owned(),
        tag: "1.4.2".to_owned(),
        proxy: false,
        unread,
        answer: Err((&error).into()),
    };
    let signed = || case("told").image(REF).file(&a.index).file(bundle(&a.index));
    signed().told(&[cause(true)]).not_checked("registry-schema1");
    signed().told(&[cause(false)]).proven("signed");
    let other = TagAnswer { tag: "1.4.1".to_owned(), ..cause(true) };
    signed().told(&[other]).proven("signed");
}

/// What a tool saved has lists and manifests of its own: the configs in it are compared with
/// what a registry, a pull or metadata says. Layers that are not there are anybody's
/// (`saved.rs` has the twins with theirs).
#[test]
fn an_archive_with_a_list_made_anew_is_no_lie_about_the_tag() {
    let (a, other) = (image("a", "1"), image("a", "2"));
    let (b, name) = (image("b", "3"), "docker.io/example/webdis:0.1.20");
    assert_eq!(a.configs, other.configs, "the same image, saved anew");
    let parts = |case: Case| {
        a.manifests.iter().chain(&a.configs).fold(case.file(&a.index), |case, part| case.file(part))
    };
    let crane = |tag: &str| format!("$ crane digest {tag}\n{}\n", digest(&a.index));
    let saved = |of: &Image| case("saved").image(REF).file(layout(of, Some(REF))).file(bundle(&a.index));
    for said in [crane(REF), pull(REF, &digest(&a.index))] {
        parts(saved(&other)).paste(&said).not_checked("archive-layer-unknown");
        assert_ne!(parts(saved(&b)).paste(&said).run().outcome.name(), "proven");
    }
    assert_eq!(saved(&other).paste(crane(REF)).run().outcome.name(), "not-checked");
    parts(saved(&b)).paste(crane(REF)).contradicted("held-differs");
    // Content Trust signs a list; docker saves one manifest of its own.
    let single = |of: &Image| {
        let one = Image { index: of.manifests[0].clone(), ..of.clone() };
        metadata(case("saved"), "0.1.20", &a.index).image(name).file(layout(&one, Some(name)))
    };
    parts(single(&other)).not_checked("archive-layer-unknown");
    assert_eq!(single(&other).file(&a.index).run().outcome.name(), "not-checked");
    assert_ne!(parts(single(&b)).run().outcome.name(), "proven");
}

/// Where only a signature says which image is meant, a config may be what is held: it is of
/// the signed image where a manifest at hand names it.
#[test]
fn a_config_that_nothing_names_may_be_another_image_s() {
    let (good, evil) = (image("good", "1"), image("evil", "1"));
    let alone = |config: &[u8]| case("a config").file(config).file(bundle(&good.index));
    for config in [&evil.configs[0], &good.configs[0]] {
        alone(config).not_checked("held-not-connected");
    }
    let whole = alone(&good.configs[0]).file(&good.index).file(&good.manifests[0]);
    whole.clone().proven("signed");
    whole.file(&good.manifests[1]).file(&good.configs[1]).proven("signed");
    // Whoever says the digest, or gives the document, has said which is meant.
    alone(&evil.configs[0]).digest(&digest(&good.index)).proven("signed");
    alone(&evil.configs[0]).file(&good.index).proven("signed");
}

/// Nor about what cosign checked: a list that a tool packed or converted anew is compared by the
/// configs of its images, and where one is not at hand nothing is known to differ.
#[test]
fn an_archive_with_a_list_made_anew_is_no_lie_about_what_cosign_checked() {
    let (a, other, b) = (image("a", "1"), image("a", "2"), image("b", "3"));
    let record = json!([{"critical": {"identity": {"docker-reference": "registry.example/app"},
        "image": {"docker-manifest-digest": digest(&a.index)}, "type": "cosign container image signature"}, "optional": null}]);
    let checked = format!(
        "$ cosign verify --key k {REF}\n\nVerification for {REF} --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n\n{record}\n"
    );
    let saved = |of: &Image| {
        case("saved").image(REF).file(layout(of, Some(REF))).file(bundle(&a.index)).paste(&checked)
    };
    let parts = |case: Case| {
        a.manifests.iter().chain(&a.configs).fold(case.file(&a.index), |case, part| case.file(part))
    };
    saved(&other).not_checked("cosign-record-without-bundle");
    parts(saved(&other)).not_checked("archive-layer-unknown");
    assert_ne!(parts(saved(&b)).run().outcome.name(), "proven");
}
