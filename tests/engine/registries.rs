//! One product in two registries: the copy without signatures is held
//! against the signed image, platform by platform.

use serde_json::json;
use webdis_verify::Digest;
use webdis_verify::base::digest::sha512;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;
use webdis_verify::session::check::Publisher;

use crate::case::{Case, case, has};
use crate::common::image::{Image, bundle, child, config, digest, image, index, linux, manifest};
use crate::common::notary_signer::{Repo, b64};
use crate::held::inspect;

const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const HUB: &str = "https://registry-1.docker.io/v2/example/webdis/manifests/";
const ECR: &str = "https://public.ecr.aws/v2/example/webdis/manifests/";
const ASKED: &str = "public.ecr.aws/example/webdis:3.0";

fn give(mut case: Case, base: &str, image: &Image) -> Case {
    case = case.fetched(
        &format!("{base}{}", if base == ECR { "3.0".to_owned() } else { digest(&image.index) }),
        &image.index,
    );
    for bytes in image.manifests.iter().chain(&image.configs) {
        case = case.fetched(&format!("{base}{}", digest(bytes)), bytes);
    }
    case
}

fn pair(name: &str) -> (Case, Image, Image) {
    let (hub, ecr) = (image("a", "hub"), image("a", "ecr"));
    let case = give(case(name).image(ASKED).file(bundle(&hub.index)), HUB, &hub);
    (case, hub, ecr)
}

#[test]
fn an_unsigned_copy_with_the_same_configs_is_the_signed_image() {
    let (hub_given, _, ecr) = pair("the same configs");
    let report = give(hub_given, ECR, &ecr).proven("same-as-signed");
    // What the signature shows, it shows of the other registry's bytes.
    let shown: Vec<&str> = report.shows.iter().map(|message| message.code).collect();
    assert!(shown.contains(&"shows-copy") && !shown.contains(&"shows-key"), "{shown:?}");
    assert_eq!(report.subject.digest.as_deref(), Some(&*digest(&ecr.index)));
    assert_eq!(
        report.links.iter().filter(|l| l.code() == "same-config" && l.place() == Place::Chain).count(),
        2
    );
    assert!(report.caveats.iter().any(|c| c.code == "layers-not-compared"));
}

#[test]
fn a_second_image_of_the_signed_repository_is_no_copy() {
    let (hub, other) = (image("a", "hub"), image("a", "ecr"));
    let signed = give(case("the same configs, one repository").file(bundle(&hub.index)), HUB, &hub);
    let beside = |base: &str, asked: &str| {
        let case = signed.clone().image(asked).fetched(&format!("{base}3.0"), &other.index);
        other
            .manifests
            .iter()
            .fold(case, |case, bytes| case.fetched(&format!("{base}{}", digest(bytes)), bytes))
    };
    let report = beside(HUB, "docker.io/example/webdis:3.0").not_checked("signature-needed");
    assert!(!report.links.iter().any(|link| link.code() == "same-config"));
    beside(ECR, ASKED).named("the same configs, two repositories").proven("same-as-signed");
}

/// Two signed images are at hand, and only one of them is what the tag means: what the copy
/// is held against must not be the one that was given first.
#[test]
fn the_order_of_signed_images_decides_nothing() {
    let (hub, older) = (image("a", "hub"), image("b", "older"));
    let signed = |copy: &Image, first: bool| {
        let with_older = |case: Case| {
            let all = [&older.index].into_iter().chain(&older.manifests).chain(&older.configs);
            all.fold(case.file(bundle(&older.index)), Case::file)
        };
        let case = case(if first { "the older one first" } else { "the older one last" }).image(ASKED);
        let case = if first { with_older(case) } else { case };
        let case = give(give(case.file(bundle(&hub.index)), HUB, &hub), ECR, copy);
        if first { case } else { with_older(case) }
    };
    for first in [true, false] {
        signed(&image("a", "ecr"), first).proven("same-as-signed");
        signed(&image("b", "ecr"), first).contradicted("config-differs");
        signed(&image("c", "ecr"), first).contradicted("config-differs");
    }
}

#[test]
fn one_other_config_contradicts() {
    let (hub_given, _, ecr) = pair("one config differs");
    let evil = manifest(&config("arm64", "evil"), "ecr");
    let index =
        index(&[child(&ecr.manifests[0], linux("amd64", None)), child(&evil, linux("arm64", Some("v8")))]);
    let copy = Image { index, manifests: [ecr.manifests[0].clone(), evil], configs: ecr.configs };
    give(hub_given, ECR, &copy).contradicted("config-differs");
}

#[test]
fn a_missing_manifest_is_asked_for() {
    let (hub_given, _, ecr) = pair("a manifest is missing");
    let partly = hub_given
        .fetched(&format!("{ECR}3.0"), &ecr.index)
        .fetched(&format!("{ECR}{}", digest(&ecr.manifests[0])), &ecr.manifests[0]);
    let report = partly.not_checked("manifest-needed");
    let asked = report.needs.iter().any(|need| {
        need.required && serde_json::to_string(need).unwrap().contains(&digest(&ecr.manifests[1]))
    });
    assert!(asked, "{:?}", report.needs);
    partly.named("and given").fetched(ECR, &ecr.manifests[1]).proven("same-as-signed");
}

#[test]
fn platforms_may_be_fewer_but_never_others() {
    let (hub_given, hub, ecr) = pair("the copy has fewer platforms");
    let copy = |children: &[serde_json::Value]| Image { index: index(children), ..ecr.clone() };
    let amd64 = child(&ecr.manifests[0], linux("amd64", None));
    let report = give(hub_given.clone(), ECR, &copy(std::slice::from_ref(&amd64))).proven("same-as-signed");
    has(&report, "platforms-partial", Place::Branch, Outcome::NotChecked);
    // arm64 and arm64/v8 are one machine; arm/v7 is another.
    let arm64 = child(&ecr.manifests[1], linux("arm64", None));
    give(hub_given.clone().named("arm64 is arm64/v8"), ECR, &copy(&[amd64.clone(), arm64]))
        .proven("same-as-signed");
    let armv7 = child(&ecr.manifests[1], linux("arm", Some("v7")));
    give(hub_given.clone().named("a platform that was not signed"), ECR, &copy(&[amd64.clone(), armv7]))
        .not_checked("platform-not-signed");
    // A child without a platform might be chosen too.
    let evil = manifest(&config("amd64", "evil"), "ecr");
    let nameless = give(
        hub_given.clone().named("a child without platform"),
        ECR,
        &copy(&[amd64.clone(), child(&evil, None)]),
    );
    assert_ne!(nameless.file(&evil).run().outcome, Outcome::Proven);
    let half = Some(json!({"os": "linux", "architecture": "unknown"}));
    let half = give(
        hub_given.clone().named("a half unknown platform"),
        ECR,
        &copy(&[amd64.clone(), child(&evil, half)]),
    );
    assert_ne!(half.file(&evil).run().outcome, Outcome::Proven);
    let twice = give(
        hub_given.clone().named("one platform twice"),
        ECR,
        &copy(&[amd64.clone(), child(&evil, linux("amd64", None))]),
    );
    twice.file(&evil).contradicted("config-differs");
    // Attestations are no image.
    let unknown = Some(json!({"os": "unknown", "architecture": "unknown"}));
    give(hub_given.clone().named("with an attestation"), ECR, &copy(&[amd64, child(b"{}", unknown.clone())]))
        .proven("same-as-signed");
    let none = give(hub_given.named("nothing but an attestation"), ECR, &copy(&[child(b"{}", unknown)]));
    assert_ne!(none.run().outcome, Outcome::Proven);
    drop(hub);
}

#[test]
fn an_unsigned_pair_proves_nothing() {
    let (hub, ecr) = (image("a", "hub"), image("a", "ecr"));
    let pair = give(give(case("neither is signed").image(ASKED), HUB, &hub), ECR, &ecr);
    pair.not_checked("signature-needed");
    pair.file(crate::common::image::stranger(&hub.index))
        .named("signed by a stranger")
        .not_checked("signature-needed");
}

#[test]
fn the_copy_s_own_digests_match_what_is_held() {
    let (hub_given, _, ecr) = pair("held: digests of the copy");
    let both = give(hub_given, ECR, &ecr);
    let here = vec![format!("public.ecr.aws/example/webdis@{}", digest(&ecr.index))];
    let report = both.clone().paste(inspect(&digest(&ecr.configs[0]), &here, false)).proven("same-as-signed");
    has(&report, "held-matches", Place::Branch, Outcome::Proven);
    let other = vec![format!("public.ecr.aws/example/webdis@{}", digest(b"other"))];
    both.named("held: a digest of neither")
        .paste(inspect(&digest(&ecr.configs[0]), &other, false))
        .contradicted("held-differs");
}

/// Content Trust metadata that signs a tag for these bytes.
pub(crate) fn metadata(mut case: Case, tag: &str, bytes: &[u8]) -> Case {
    let mut repo = Repo::new();
    let hashes = json!({"sha256": b64(Digest::of(bytes).as_bytes()), "sha512": b64(&sha512(bytes))});
    repo.at("targets/releases")["targets"][tag] = json!({"hashes": hashes, "length": bytes.len()});
    let pins = repo.pins.clone();
    let profile = json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": ["docker.io/example/webdis", "public.ecr.aws/example/webdis"],
        "contentTrust": {"gun": "docker.io/example/webdis", "root": pins.root, "repository": pins.repository},
        "releases": [{"from": "0.1.12", "to": "0.1.18", "scheme": "content-trust", "platforms": "single"},
            {"from": "0.1.19", "scheme": "content-trust", "platforms": "multi"}]
    });
    case = case.options(|o| o.publisher = Publisher::Profile(profile.to_string().into_bytes()));
    for (name, bytes) in repo.files() {
        case = case.file(bytes);
        case.given.last_mut().unwrap().name = name;
    }
    case
}

#[test]
fn single_platform_releases_by_content_trust() {
    let (config, other) = (config("amd64", "a"), config("amd64", "b"));
    let (hub, ecr) = (manifest(&config, "hub"), manifest(&config, "ecr"));
    let signed =
        metadata(case("single platform, Hub"), "0.1.18", &hub).fetched(&format!("{HUB}0.1.18"), &hub);
    let asked = "docker.io/example/webdis:0.1.18";
    signed.clone().image(asked).proven("released");
    signed.clone().named("single platform, Hub by digest").digest(&digest(&hub)).proven("released");
    let report = signed
        .clone()
        .named("single platform, by Id")
        .image(asked)
        .paste(inspect(&digest(&config), &[], false))
        .proven("released");
    has(&report, "held-matches", Place::Branch, Outcome::Proven);
    signed
        .clone()
        .named("single platform, another Id")
        .image(asked)
        .paste(inspect(&digest(&other), &[], false).replace("registry.example/app:1.0", asked))
        .contradicted("held-differs");
    signed
        .clone()
        .named("single platform, another RepoDigest")
        .image(asked)
        .paste(inspect(&digest(&config), &[format!("example/webdis@{}", digest(b"x"))], false))
        .not_checked("held-not-connected");
    signed
        .clone()
        .named("another digest under the tag")
        .image(asked)
        .digest(&digest(&ecr))
        .contradicted("notary-tag-of-another-image");
    let copy = |bytes: &[u8]| {
        let copy = signed.clone().image("public.ecr.aws/example/webdis:0.1.18");
        copy.fetched(&format!("{ECR}0.1.18"), bytes).file(&config)
    };
    copy(&ecr).named("single platform, ECR").proven("same-as-signed");
    let evil = copy(&manifest(&other, "ecr")).named("single platform, ECR with another config").run();
    assert_ne!(evil.outcome, Outcome::Proven);
}

/// Content Trust does not decide a tag that the profile gives to another scheme.
#[test]
fn metadata_decides_only_releases_that_are_signed_with_it() {
    let hub = image("a", "hub");
    let asked = "docker.io/example/webdis:0.1.19";
    let signed = give(metadata(case("by Content Trust"), "0.1.19", &hub.index).image(asked), HUB, &hub);
    signed.proven("released");
    let by_cosign = signed.named("by cosign").options(|o| {
        let Publisher::Profile(file) = &mut o.publisher else { panic!("no profile") };
        let text = String::from_utf8(file.clone()).unwrap();
        let multi = r#""platforms":"multi","scheme":"content-trust""#;
        assert!(text.contains(multi), "{text}");
        *file = text.replace(multi, r#""platforms":"multi","scheme":"cosign""#).into_bytes();
    });
    assert_ne!(by_cosign.run().outcome, Outcome::Proven);
}

/// A name without a tag is `latest`. Where all releases are Content Trust's, and to come, that
/// is, too; where they end, it may have moved on, and a missing row says nothing of it.
#[test]
fn a_name_without_a_tag_is_latest_to_metadata_too() {
    let hub = image("a", "hub");
    let asked = |tag: &str, name: &str, ends: bool| {
        let case = metadata(case(name), tag, &hub.index).options(|o| {
            let Publisher::Profile(file) = &mut o.publisher else { panic!("no profile") };
            let open = r#""from":"0.1.19""#;
            let text = String::from_utf8(file.clone()).unwrap();
            assert!(text.contains(open), "{text}");
            let to = if ends { r#""from":"0.1.19","to":"0.1.23""# } else { open };
            *file = text.replace(open, to).into_bytes();
        });
        let report = give(case.image(name), HUB, &hub).run();
        (report.outcome, report.code)
    };
    let (bare, latest) = ("docker.io/example/webdis", "docker.io/example/webdis:latest");
    for (tag, ends, outcome) in [
        ("0.1.19", false, Outcome::Unsigned),
        ("0.1.19", true, Outcome::NotChecked),
        ("latest", false, Outcome::Proven),
        ("latest", true, Outcome::NotChecked),
    ] {
        let said = asked(tag, latest, ends);
        assert_eq!(said.0, outcome, "{tag} {ends}: {}", said.1);
        // Where no tag is typed the bytes at hand may say which release they are.
        let of_bytes = (tag, ends) == ("0.1.19", false);
        assert_eq!(asked(tag, bare, ends), if of_bytes { (Outcome::Proven, "released") } else { said });
    }
    // The twin: a release of Content Trust that is not signed.
    assert_eq!(asked("0.1.19", &format!("{bare}:0.1.20"), true).0, Outcome::Unsigned);
}

#[test]
fn contradicting_metadata_asks_for_nothing_that_cannot_help() {
    let hub = manifest(&config("amd64", "a"), "hub");
    let asked = |name: &str| metadata(case(name), "0.1.18", &hub).image("docker.io/example/webdis:0.1.18");
    let kinds = |report: &webdis_verify::report::Report| -> Vec<String> {
        let kind = |need| serde_json::to_value(need).unwrap()["kind"].as_str().unwrap().to_owned();
        report.needs.iter().map(kind).collect()
    };
    let mut broken = asked("a changed byte");
    let targets = broken.given.iter_mut().find(|given| given.name == "targets.json").unwrap();
    let text = String::from_utf8(targets.bytes.clone()).unwrap();
    targets.bytes = text.replacen("\"version\":3", "\"version\":4", 1).into_bytes();
    assert_ne!(targets.bytes, text.as_bytes());
    let report = broken.run();
    assert_eq!(report.outcome, Outcome::Contradicted, "{}", report.headline);
    assert_eq!(kinds(&report), [""; 0], "{}", report.headline);
    // Where nothing contradicts, what the tag points to is still asked for.
    let mut partial = asked("a missing file");
    partial.given.retain(|given| given.name != "targets.json");
    let report = partial.run();
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", report.headline);
    assert!(kinds(&report).contains(&"tag".to_owned()), "{:?}", report.needs);
}

#[test]
fn platforms_of_a_release_by_content_trust() {
    let (hub, ecr) = (image("a", "hub"), image("a", "ecr"));
    let signed = give(metadata(case("multi platform, Hub"), "0.1.19", &hub.index), HUB, &hub);
    signed.clone().image("docker.io/example/webdis:0.1.19").proven("released");
    let child = signed
        .clone()
        .named("a platform of the release")
        .image("docker.io/example/webdis:0.1.19")
        .digest(&digest(&hub.manifests[1]));
    assert_eq!(child.run().outcome, Outcome::Proven);
    let copy = give(signed.clone(), ECR, &ecr);
    copy.clone()
        .named("multi platform, ECR")
        .image("public.ecr.aws/example/webdis:0.1.19")
        .digest(&digest(&ecr.index))
        .proven("same-as-signed");
    let no_list = metadata(case("the list is missing"), "0.1.19", &hub.index)
        .image("docker.io/example/webdis:0.1.19")
        .digest(&digest(&hub.manifests[1]))
        .file(&hub.manifests[1]);
    let report = no_list.not_checked("signed-index-needed");
    assert!(serde_json::to_string(&report.needs).unwrap().contains(&digest(&hub.index)));
    no_list.file(&hub.index).named("the list is given").run();
}

/// World 30000725: a release's metadata signs what its tag means in one repository. What a
/// tool prints of the same tag in another one that the publisher has may be a copy with
/// other bytes.
#[test]
fn metadata_of_one_repository_is_no_lie_about_another() {
    let (hub, copy) = (image("a", "hub"), image("a", "ecr"));
    let other = digest(&copy.index);
    for print in [
        |name: &str, digest: &str| format!("Name: {name}\nMediaType: {OCI_INDEX}\nDigest: {digest}\n"),
        |name: &str, digest: &str| {
            format!("$ docker pull {name}\nDigest: {digest}\nStatus: Image is up to date for {name}\n")
        },
    ] {
        let signed = metadata(case("a copy elsewhere"), "0.1.18", &hub.index);
        let beside = |name: &str| signed.clone().paste(print(name, &other));
        beside("public.ecr.aws/example/webdis:0.1.18").not_checked("notary-tag-not-of-this");
        beside("docker.io/example/webdis:0.1.18").contradicted("notary-tag-of-another-image");
    }
}
