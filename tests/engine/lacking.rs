//! What is missing, by what the texts say instead: an ID cut short, an empty list,
//! a tag alone, a release of the time before any was signed. Only words: nothing of
//! it is more than *not checked*, and beside what says more it says nothing.

use webdis_verify::base::digest::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::model::key::PublicKey;
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher, check};

use crate::case::{NOW, invariants};
use crate::common::stand_in;

fn ask(texts: &[&str]) -> Report {
    let give =
        |text: &&str| Given { name: "paste".into(), origin: Origin::Paste, bytes: text.as_bytes().to_vec() };
    let given: Vec<_> = texts.iter().map(give).collect();
    let report = check(&given, &Options::at(Time::parse(NOW).unwrap())).unwrap();
    invariants(texts.first().unwrap_or(&""), &report);
    println!("{:?} {} {}", texts, report.outcome.name(), report.code);
    report
}

fn pull(tag: &str) -> String {
    let digest = Digest::of(tag.as_bytes());
    format!(
        "$ docker pull nicolas/webdis:{tag}\n{tag}: Pulling from nicolas/webdis\nDigest: {digest}\n\
         Status: Downloaded newer image for nicolas/webdis:{tag}\ndocker.io/nicolas/webdis:{tag}\n"
    )
}

fn table(tag: &str) -> String {
    format!(
        "REPOSITORY       TAG       IMAGE ID       CREATED       SIZE\n\
         nicolas/webdis   {tag}    ecc0f8f64573   3 years ago   20MB\n"
    )
}

const SERVICES: &str = "services:\n  web:\n    image: nicolas/webdis:0.1.24\n    ports: [7379]\n";

#[test]
fn what_names_no_digest_is_explained() {
    let ids = "$ docker images -q nicolas/webdis:0.1.24\necc0f8f64573\n";
    let empty = "$ docker inspect --format '{{.RepoDigests}}' nicolas/webdis:0.1.24\n[]\n";
    let build = "FROM --platform=linux/amd64 nicolas/webdis:0.1.24 AS web\nRUN ls\n";
    let pod = "spec:\n  containers:\n  - image: \"nicolas/webdis:0.1.24\"\n    name: web\n";
    for (text, code) in [
        (&*table("0.1.24"), "image-id-cut"),
        (&*table("0.1.19"), "image-id-cut"),
        (ids, "image-id-cut"),
        (empty, "repo-digests-empty"),
        ("[]", "repo-digests-empty"),
        (SERVICES, "named-by-tag"),
        (build, "named-by-tag"),
        (pod, "named-by-tag"),
        ("nicolas/webdis:0.1.24", "image-named"),
        ("nicolas/webdis", "image-without-tag"),
        ("https://hub.docker.com/r/nicolas/webdis", "image-without-tag"),
        ("ghcr.io/team/app", "image-without-tag"),
        ("and/or", "subject-unclear"),
        ("ecc0f8f64573", "digest-beginning"),
        ("deadbeefcafe", "subject-unclear"),
        ("nicolas/webdis:0.1.5", "release-before-signing"),
        ("nicolas/webdis:v0.1.11", "release-before-signing"),
        ("public.ecr.aws/nicolas/webdis:0.1.5", "release-before-signing"),
        (&*pull("0.1.5"), "release-before-signing"),
        // The twins: each is one change away.
        ("nicolas/webdis:0.1.12", "notary-metadata-needed"),
        ("nicolas/webdi:0.1.19", "image-named-unknown"),
        ("webdis:0.1.19", "image-named-unknown"),
        ("nicolas/other:0.1.5", "image-named-unknown"),
        ("nicolas/webdis:latest", "image-named"),
        ("[1]", "subject-unclear"),
        ("services:\n  web:\n    image: redis\n", "subject-unclear"),
        ("The image: is not here\nFROM the start: nothing\n", "subject-unclear"),
    ] {
        let report = ask(&[text]);
        assert_eq!((report.outcome, report.code), (Outcome::NotChecked, code), "{text}");
    }
    assert!(ask(&["webdis:0.1.19"]).next.contains("docker.io/nicolas/webdis"));
    assert!(ask(&[SERVICES]).next.contains("imagetools inspect nicolas/webdis:0.1.24"));
}

#[test]
fn beside_what_says_more_it_says_nothing() {
    let pinned = SERVICES.replace(":0.1.24", &format!("@{}", Digest::of(b"0.1.24")));
    let known = ask(&[&pull("0.1.24")]).code;
    assert_eq!(known, "signature-needed");
    for beside in ["[]", SERVICES, &table("0.1.24"), &pinned] {
        assert_eq!(ask(&[&pull("0.1.24"), beside]).code, known, "{beside}");
        assert_eq!(ask(&[beside, &pull("0.1.24")]).code, known, "{beside}");
    }
    assert_eq!(ask(&[&pinned]).code, known);
    // Another image's file of services asks about nothing.
    let other = SERVICES.replace("nicolas/webdis", "example/other");
    assert_eq!(ask(&[&pull("0.1.24"), &other]).code, known);
}

/// What answered is what the policy shows: a documented digest, and no key.
#[test]
fn the_policy_shown_is_the_one_that_answered() {
    let documented = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
    let demanded = |report: &Report| report.criteria.iter().map(|m| m.code).collect::<Vec<_>>();
    let by_text = ask(&[&pull("0.1.19").replace(&Digest::of(b"0.1.19").to_string(), documented)]);
    assert_eq!(by_text.outcome, Outcome::Consistent);
    assert!(demanded(&by_text).contains(&"criterion-published"), "{:?}", demanded(&by_text));
    let other = ask(&[&pull("0.1.19")]);
    assert!(!demanded(&other).contains(&"criterion-key"), "{:?}", demanded(&other));
    let by_key = demanded(&ask(&[&pull("0.1.24")]));
    assert!(by_key.contains(&"criterion-key") && !by_key.contains(&"criterion-published"), "{by_key:?}");
}

/// A file of the documented signer's key is called that, by its own id alone.
#[test]
fn a_signer_s_key_file_is_known_by_its_id() {
    let (key, own) = (stand_in::key(), include_str!("../../webdis.pub"));
    let ask = |signer: &str, repository: &str| {
        let profile = serde_json::json!({
            "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
            "repositories": ["docker.io/example/app"], "log": "required",
            "keys": [{"name": "webdis.pub", "pem": own, "fingerprint": PublicKey::parse(own.as_bytes()).unwrap().fingerprint().hex()}],
            "contentTrust": {
                "gun": "docker.io/example/app", "root": ["0".repeat(64)], "repository": [repository],
                "signers": [{"name": "alice", "id": signer}]
            },
        });
        let options = Options {
            publisher: Publisher::Profile(profile.to_string().into_bytes()),
            ..Options::at(Time::parse(NOW).unwrap())
        };
        let given = Given { name: "a.pub".into(), origin: Origin::File, bytes: key.pem().into_bytes() };
        let report = check(&[given], &options).unwrap();
        invariants("a signer's key", &report);
        (report.outcome, report.code, report.args.get("name").cloned().unwrap_or_default())
    };
    let (id, other) = (key.tuf_key_id().hex(), "1".repeat(64));
    let trust = |name: &str| (Outcome::Consistent, "key-given-trust", name.to_owned());
    assert_eq!(ask(&id, &other), trust("alice"));
    assert_eq!(ask(&other, &id), trust("docker.io/example/app"));
    let another = (Outcome::NotChecked, "key-given-another", "webdis.pub".to_owned());
    assert_eq!(ask(&other, &other), another);
    assert_eq!(ask(&key.fingerprint().hex(), &other), another, "an id is no fingerprint");
}
