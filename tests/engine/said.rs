//! One product at two registries, by what the user's tools print: words that
//! are compared, and never a proof.

use serde_json::{Value, json};
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;
use webdis_verify::report::Report;

use crate::case::{Case, case, count, has, links};
use crate::common::image::{config, digest, manifest};
use crate::common::vectors;
use crate::registries::metadata;
use crate::subject::pull;

const HUB: &str = "example/webdis:0.1.18";
const ECR: &str = "public.ecr.aws/example/webdis:0.1.18";
const SAID: [&str; 5] =
    ["same-id-said", "other-id-said", "id-kinds-differ", "same-digest-said", "other-digest-said"];

/// One image of `docker image inspect`.
fn image(reference: &str, id: &str, repo_digest: Option<&str>, containerd: bool) -> Value {
    let name = reference.rsplit_once(':').unwrap().0;
    let digests: Vec<_> = repo_digest.iter().map(|digest| format!("{name}@{digest}")).collect();
    let mut value = json!({
        "Id": id, "RepoTags": [reference], "RepoDigests": digests, "Architecture": "amd64", "Os": "linux",
        "RootFS": {"Type": "layers", "Layers": [digest(b"layer")]}
    });
    if containerd {
        let kind = "application/vnd.docker.distribution.manifest.v2+json";
        value["Descriptor"] = json!({"mediaType": kind, "digest": id, "size": 7});
    }
    value
}

fn array(images: &[Value]) -> String {
    serde_json::to_string_pretty(images).unwrap()
}

fn grep(reference: &str, id: &str) -> String {
    format!("$ docker image inspect {reference} | grep -w Id\n        \"Id\": \"{id}\",\n")
}

fn of(text: &[u8]) -> String {
    digest(text)
}

/// The codes of this comparison, all beside the chain, none proven.
#[track_caller]
fn said(report: &Report) -> Vec<&'static str> {
    let found: Vec<_> = report.links.iter().filter(|link| SAID.contains(&link.code())).collect();
    for link in &found {
        let (place, outcome) = (link.place(), link.outcome());
        assert_eq!((place, outcome), (Place::Branch, Outcome::NotChecked), "{}", links(report));
    }
    found.iter().map(|link| link.code()).collect()
}

/// The texts of both registries compare as `expected`, in one paste and in
/// two, and prove nothing.
#[track_caller]
fn compares(name: &str, hub: &str, ecr: &str, expected: &[&str]) {
    for (form, case) in [
        ("one paste", case(name).paste(format!("{hub}\n{ecr}"))),
        ("two pastes", case(name).paste(hub).paste(ecr)),
    ] {
        let report = case.run();
        println!("{name:<44} {form:<10} {:<12} {:?}", report.outcome.name(), said(&report));
        assert_eq!(said(&report), expected, "{name}, {form}\n{}", links(&report));
        assert_ne!(report.outcome, Outcome::Proven, "{name}");
    }
}

#[test]
fn two_inspected_images_are_compared_by_digest_and_by_id() {
    let (d, e, x, y) = (of(b"manifest"), of(b"other manifest"), of(b"config"), of(b"other config"));
    let one = |image: Value| array(&[image]);
    let classic = |name, id: &str, digest: &str| one(image(name, id, Some(digest), false));
    let hub = classic(HUB, &x, &d);
    let both = ["same-digest-said", "same-id-said"];
    compares("the same", &hub, &classic(ECR, &x, &d), &both);
    compares("another Id", &hub, &classic(ECR, &y, &d), &["same-digest-said", "other-id-said"]);
    compares("another digest", &hub, &classic(ECR, &x, &e), &["other-digest-said", "same-id-said"]);
    compares("all other", &hub, &classic(ECR, &y, &e), &["other-digest-said", "other-id-said"]);
    let without = |name, id: &str| one(image(name, id, None, false));
    compares("no RepoDigests", &without(HUB, &x), &without(ECR, &x), &["same-id-said"]);
    compares("no RepoDigests, another Id", &without(HUB, &x), &without(ECR, &y), &["other-id-said"]);
    // Another tag, another product, the same registry: nothing to compare.
    compares(
        "another tag",
        &hub,
        &classic("public.ecr.aws/example/webdis:0.1.17", &y, &e),
        &["other-digest-said"; 0],
    );
    compares("another product", &hub, &classic("public.ecr.aws/example/redis:0.1.18", &x, &d), &[]);
    compares("one registry twice", &hub, &classic(HUB, &y, &e), &[]);
    // One array of two images, and one image that both registries name.
    let array_of = |ecr| case("one array").paste(array(&[image(HUB, &x, Some(&d), false), ecr])).run();
    assert_eq!(said(&array_of(image(ECR, &x, Some(&d), false))), both);
    let other = array_of(image(ECR, &y, Some(&e), false));
    assert_eq!(said(&other), ["other-digest-said", "other-id-said"]);
    let mut shared = image(HUB, &x, Some(&d), false);
    shared["RepoTags"] = json!([HUB, ECR]);
    shared["RepoDigests"] =
        json!([format!("example/webdis@{d}"), format!("public.ecr.aws/example/webdis@{d}")]);
    assert_eq!(said(&case("one image, both names").paste(array(&[shared.clone()])).run()), both);
    shared["RepoTags"] = json!([HUB]);
    shared["RepoDigests"] = json!([format!("example/webdis@{d}")]);
    assert_eq!(said(&case("one image, one name").paste(array(&[shared])).run()), [""; 0]);
}

#[test]
fn ids_of_different_kinds_are_not_comparable() {
    let (d, e, x, y) = (of(b"manifest"), of(b"other manifest"), of(b"config"), of(b"other config"));
    let one = |image: Value| array(&[image]);
    // An Id of the containerd store is a manifest's digest, and compared as one.
    let classic = one(image(HUB, &x, None, false));
    compares("config and manifest", &classic, &one(image(ECR, &d, None, true)), &[]);
    let containerd = one(image(HUB, &d, None, true));
    compares("manifest and manifest", &containerd, &one(image(ECR, &d, None, true)), &["same-digest-said"]);
    compares("two manifests", &containerd, &one(image(ECR, &e, None, true)), &["other-digest-said"]);
    // Another machine's image has another config.
    let mut arm = image(ECR, &y, None, false);
    arm["Architecture"] = json!("arm64");
    compares("two platforms", &classic, &one(arm), &["id-kinds-differ"]);
    // grep hides the store, unless another text gives it away.
    compares("grep", &grep(HUB, &x), &grep(ECR, &x), &["same-id-said"]);
    compares("grep, another Id", &grep(HUB, &x), &grep(ECR, &y), &["other-id-said"]);
    let pulled = format!("{}{}", pull(ECR, &d), grep(ECR, &d));
    compares("grep, a pulled digest as Id", &classic, &pulled, &["other-id-said"]);
}

#[test]
fn pulls_and_lists_are_compared_too() {
    let (d, e, x, y) = (of(b"manifest"), of(b"other manifest"), of(b"config"), of(b"other config"));
    let pulls = |ecr: &str| {
        compares(
            "docker pull",
            &pull(HUB, &d),
            &pull(ECR, ecr),
            &[if ecr == d { "same-digest-said" } else { "other-digest-said" }],
        )
    };
    pulls(&d);
    pulls(&e);
    let list = |digest: &str, id: &str| {
        let row = |name: &str, digest: &str, id: &str| {
            format!("{name}   0.1.18   {digest}   {id}   4 years ago   11MB\n")
        };
        let head = "REPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n";
        format!("{head}{}{}", row("example/webdis", &d, &x), row("public.ecr.aws/example/webdis", digest, id))
    };
    let run = |digest, id| said(&case("docker images").paste(list(digest, id)).run());
    assert_eq!(run(&d, &x), ["same-digest-said", "same-id-said"]);
    assert_eq!(run(&e, &y), ["other-digest-said", "other-id-said"]);
}

/// With signed metadata the words stand beside the proof, and give way to it
/// where the bytes are at hand.
#[test]
fn bytes_say_more_than_words() {
    let config_of = |content: &str| config("amd64", content);
    let signed_bytes = manifest(&config_of("a"), "hub");
    let (d, id) = (digest(&signed_bytes), digest(&config_of("a")));
    let signed =
        |name: &str| metadata(case(name), "0.1.18", &signed_bytes).image(&format!("docker.io/{HUB}"));
    let texts = |case: Case, digest: &str, id_there: &str| {
        case.paste(array(&[image(HUB, &id, Some(&d), false), image(ECR, id_there, Some(digest), false)]))
    };
    let report = texts(signed("words beside a proof"), &d, &id).proven("released");
    assert_eq!(said(&report), ["same-digest-said", "same-id-said"]);
    let hashed = texts(signed("the manifest is given"), &d, &id).file(&signed_bytes).proven("released");
    assert_eq!(said(&hashed), [""; 0], "{}", links(&hashed));
    assert_eq!(count(&hashed, "held-matches", Place::Branch, Outcome::Proven), 2);
    // Words that differ do not touch what was proven of the signed one, and
    // are no proof of the other.
    let (e, other) = (of(b"other manifest"), of(b"other config"));
    let report = texts(signed("the copy is another"), &e, &other).proven("released");
    assert_eq!(said(&report), ["other-digest-said", "other-id-said"]);
    let asked = texts(signed("the copy is asked"), &e, &other).image(ECR).digest(&e).run();
    assert_eq!((asked.outcome, asked.code), (Outcome::Contradicted, "notary-tag-of-another-image"));
    let asked = texts(signed("the same copy is asked"), &d, &id).image(ECR).digest(&d);
    has(&asked.proven("released"), "same-id-said", Place::Branch, Outcome::NotChecked);
}

/// The seed's own procedure for 0.1.18: two pulls, two Ids, and the trust
/// text of the Hub's image.
#[test]
#[ignore = "needs ../shared"]
fn the_seed_s_single_platform_release() {
    let folder = vectors::folder("dct");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let facts: Value = serde_json::from_str(&read("webdis-seed-facts.json")).unwrap();
    let release = &facts["releases"]["0.1.18"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (d, id) = (text(&release["hub"]["manifest_digest"]), text(&release["hub"]["image_id"]));
    let ecr = (text(&release["ecr"]["manifest_digest"]), text(&release["ecr"]["image_id"]));
    let pulls = [read("seed/docker-pull-0.1.18-hub.txt"), read("seed/docker-pull-0.1.18-ecr.txt")];
    let ids = [grep("nicolas/webdis:0.1.18", &id), grep("public.ecr.aws/nicolas/webdis:0.1.18", &ecr.1)];
    let key = |name: &str| text(&facts["keys"][name]["id"]);
    let trust = |digest: &str, root: &str| {
        let digest = digest.trim_start_matches("sha256:");
        json!([{
            "Name": "nicolas/webdis:0.1.18",
            "SignedTags": [{"SignedTag": "0.1.18", "Digest": digest, "Signers": ["nicolasff"]}],
            "Signers": [{"Name": "nicolasff", "Keys": [{"ID": key("signer")}]}],
            "AdministrativeKeys": [
                {"Name": "Root", "Keys": [{"ID": root}]},
                {"Name": "Repository", "Keys": [{"ID": key("repository")}]}
            ]
        }])
        .to_string()
    };
    let good = trust(&d, &key("root"));
    let asked = |name: &str, image: &str, texts: &[&str]| {
        let case = case(name).options(|o| {
            o.publisher = webdis_verify::session::check::Publisher::Default;
            o.trusted_root = None;
        });
        texts.iter().fold(case.image(image), |case, text| case.paste(text))
    };
    for image in ["nicolas/webdis:0.1.18", "public.ecr.aws/nicolas/webdis:0.1.18"] {
        // What is signed at Docker Hub has the same digest and Id at the other registry.
        let all = [&*pulls[0], &pulls[1], &ids[0], &ids[1], &good];
        let report = asked("0.1.18, everything", image, &all).is(Outcome::Consistent, "consistent");
        assert_eq!(said(&report), ["same-digest-said", "same-id-said"]);
        assert_eq!(report.subject.digest.as_deref(), Some(&*d));
        assert_eq!(count(&report, "trust-text-agrees", Place::Branch, Outcome::Consistent), 3);
        // In one paste, as a terminal shows it.
        let report =
            asked("0.1.18, one paste", image, &[&all.join("\n")]).is(Outcome::Consistent, "consistent");
        assert_eq!(said(&report), ["same-digest-said", "same-id-said"]);
        let evil = trust(&d, &"a".repeat(64));
        let texts = [&*pulls[0], &pulls[1], &ids[0], &ids[1], &evil];
        asked("0.1.18, another root key", image, &texts).contradicted("trust-text-key-differs");
        let elsewhere = trust(&of(b"other"), &key("root"));
        let texts = [&*pulls[0], &pulls[1], &ids[0], &ids[1], &elsewhere];
        asked("0.1.18, another digest signed", image, &texts).contradicted("held-differs");
    }
    // The copy was pulled with another digest, or printed another Id.
    let other = pulls[1].replace(&d, &of(b"other"));
    assert_ne!(other, pulls[1]);
    let image = "public.ecr.aws/nicolas/webdis:0.1.18";
    let report = asked("0.1.18, another copy", image, &[&pulls[0], &other, &good])
        .not_checked("procedure-digest-other");
    assert_eq!(said(&report), ["other-digest-said"]);
    let evil = grep(image, &of(b"other"));
    let report = asked("0.1.18, another Id", image, &[&pulls[0], &pulls[1], &ids[0], &evil, &good])
        .contradicted("procedure-id-differs");
    assert_eq!(said(&report), ["same-digest-said", "other-id-said"]);
}
