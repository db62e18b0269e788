//! Attacks on the whole check: good signatures by the pinned key, and bytes
//! beside them that an attacker chose.

use crate::common::stand_in::{self, Base, Plan};
use crate::common::work::cost;
use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::Time;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher, check};

const IMAGE_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

fn options() -> Options {
    let key = Publisher::Key("publisher.pub".to_owned(), stand_in::key().pem().into_bytes());
    let trusted_root = Some(Plan::new(Base::DsseV1).trusted_root().into_bytes());
    Options { publisher: key, trusted_root, ..Options::at(Time::from_unix(1_780_000_000).unwrap()) }
}

fn file(name: &str, text: &str) -> Given {
    Given { name: name.to_owned(), origin: Origin::File, bytes: text.as_bytes().to_vec() }
}

fn fetched(address: &str, text: &str) -> Given {
    Given { origin: Origin::Fetched(address.to_owned()), ..file(address, text) }
}

/// The publisher's logged signature of an image.
fn signature(image: &str) -> Given {
    let subject = stand_in::subject(&Digest::of(image.as_bytes()));
    let payload = stand_in::statement(&subject, webdis_verify::proof::cosign::SIGN_V1);
    file("bundle.json", &Plan { payload, ..Plan::new(Base::DsseV1) }.build().to_string())
}

/// The publisher's logged signature of a file that is not an image.
fn file_signature() -> Given {
    file("file.bundle", &Plan::new(Base::FileV1).build().to_string())
}

fn descriptor(media_type: &str, bytes: &str) -> Value {
    json!({"mediaType": media_type, "digest": Digest::of(bytes.as_bytes()).to_string(), "size": bytes.len()})
}

fn manifest(config_type: &str, config: &str, layer: &str) -> Value {
    json!({"schemaVersion": 2, "mediaType": MANIFEST,
        "config": descriptor(config_type, config), "layers": [descriptor(LAYER, layer)]})
}

fn index(children: &[(&str, Option<Value>)]) -> String {
    let child = |(bytes, platform): &(&str, Option<Value>)| {
        let mut child = descriptor(MANIFEST, bytes);
        if let Some(platform) = platform {
            child["platform"] = platform.clone();
        }
        child
    };
    json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": children.iter().map(child).collect::<Vec<_>>()})
        .to_string()
}

fn amd64() -> Option<Value> {
    Some(json!({"os": "linux", "architecture": "amd64"}))
}

fn digest_of(text: &str) -> String {
    Digest::of(text.as_bytes()).to_string()
}

fn run(given: &[Given], options: &Options) -> Report {
    check(given, options).unwrap()
}

/// The publisher's index with one image.
fn genuine() -> (String, String) {
    let image = manifest(IMAGE_CONFIG, CONFIG, "the layer").to_string();
    (index(&[(&image, amd64())]), image)
}

/// A config of an image with one layer.
const CONFIG: &str = r#"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:90a2c1b5ed95b3ad6e1b4ca2e1f2eb1a8b8d8c0c5b0c87cb1f8d0a5d0f6d7c11"]}}"#;

#[test]
fn the_genuine_image_is_proven() {
    let (index, image) = genuine();
    let given = [file("index.json", &index), file("image.json", &image), signature(&index)];
    let report = run(&given, &options());
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "signed"), "{}", report.headline);
    let through = Options { digest: Some(digest_of(&image)), ..options() };
    assert_eq!(run(&given, &through).code, "signed-through-index");
}

/// An index without the signed platforms has nothing to compare: it is not
/// "the same images".
#[test]
fn an_index_that_names_no_platform_is_not_the_signed_one() {
    let (signed, image) = genuine();
    let evil = manifest(IMAGE_CONFIG, "the config of a back door", "evil").to_string();
    let unknown = Some(json!({"os": "unknown", "architecture": "unknown"}));
    for children in [
        vec![(evil.as_str(), None)],
        vec![(evil.as_str(), unknown)],
        vec![(evil.as_str(), None), (image.as_str(), amd64())],
        vec![(image.as_str(), amd64()), (evil.as_str(), None)],
    ] {
        let other = index(&children);
        let given = [
            file("index.json", &signed),
            file("image.json", &image),
            signature(&signed),
            file("other.json", &other),
            file("evil.json", &evil),
        ];
        let report = run(&given, &Options { digest: Some(digest_of(&other)), ..options() });
        assert_ne!(report.outcome, Outcome::Proven, "{other}: {}", report.headline);
    }
    // The twin: same child, other order of members.
    let other = index(&[(&image, Some(json!({"architecture": "amd64", "os": "linux", "variant": null})))]);
    let mut given = vec![
        file("index.json", &signed),
        file("image.json", &image),
        signature(&signed),
        file("o.json", &other),
    ];
    let report = run(&given, &Options { digest: Some(digest_of(&other)), ..options() });
    assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "config-needed"), "{}", report.headline);
    given.push(file("config.json", CONFIG));
    let report = run(&given, &Options { digest: Some(digest_of(&other)), ..options() });
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "same-as-signed"), "{}", report.headline);
}

/// Only a config of an image fixes the layers; the empty one of an artifact
/// fixes nothing.
#[test]
fn equal_configs_that_are_none_prove_nothing() {
    let pair = |config_type: &str, config: &str| {
        let signed = manifest(config_type, config, "the layer").to_string();
        let other = manifest(config_type, config, "packed anew").to_string();
        let config = file("config.json", config);
        let given = [file("a.json", &signed), signature(&signed), file("b.json", &other), config];
        run(&given, &Options { digest: Some(digest_of(&other)), ..options() })
    };
    let without_layers = r#"{"architecture":"amd64","os":"linux","config":{}}"#;
    for (config_type, config) in [
        ("application/vnd.oci.empty.v1+json", "{}"),
        ("application/vnd.oci.empty.v1+json", CONFIG),
        (IMAGE_CONFIG, "{}"),
        (IMAGE_CONFIG, without_layers),
    ] {
        let report = pair(config_type, config);
        assert_eq!(report.outcome, Outcome::NotChecked, "{config}: {}", report.headline);
    }
    let report = pair(IMAGE_CONFIG, CONFIG);
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "same-as-signed"), "{}", report.headline);
}

/// The config says which layers are the image's: a manifest with others, or
/// with a config of another size or type, is not the same image.
#[test]
fn an_equal_config_with_other_layers_is_not_the_same_image() {
    type Change = fn(&mut Value);
    let pair = |change: Change, of_signed: bool| {
        let mut signed = manifest(IMAGE_CONFIG, CONFIG, "the layer");
        let mut other = manifest(IMAGE_CONFIG, CONFIG, "packed anew");
        change(if of_signed { &mut signed } else { &mut other });
        let (signed, other) = (signed.to_string(), other.to_string());
        let config = file("config.json", CONFIG);
        let given = [file("a.json", &signed), signature(&signed), file("b.json", &other), config];
        run(&given, &Options { digest: Some(digest_of(&other)), ..options() })
    };
    let changes: [(&str, Change); 5] = [
        ("another size", |m| m["config"]["size"] = json!(CONFIG.len() + 1)),
        ("another type", |m| m["config"]["mediaType"] = json!("application/vnd.oci.empty.v1+json")),
        ("a layer more", |m| m["layers"].as_array_mut().unwrap().push(descriptor(LAYER, "evil"))),
        ("no layer", |m| m["layers"] = json!([])),
        ("a layer that is no file system", |m| m["layers"][0]["mediaType"] = json!("text/plain")),
    ];
    let differ = |report: &Report| report.links.iter().any(|link| link.code() == "layers-differ");
    for (name, change) in changes {
        for of_signed in [false, true] {
            let report = pair(change, of_signed);
            assert_ne!(report.outcome, Outcome::Proven, "{name} {of_signed}: {}", report.headline);
            assert!(name != "a layer more" || differ(&report), "{of_signed}");
        }
    }
    let report = pair(|_| {}, false);
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "same-as-signed"), "{}", report.headline);
    assert!(!differ(&report));
}

/// A manifest that runs is an image, however it is dressed up: it is never
/// passed over in favour of what a signature names.
#[test]
fn an_image_cannot_hide_as_an_attachment() {
    let (signed, _) = genuine();
    let evil = manifest(IMAGE_CONFIG, "config", "evil");
    let mut with_subject = evil.clone();
    with_subject["subject"] = descriptor(INDEX, &signed);
    let mut with_layer = evil.clone();
    let bundle = descriptor("application/vnd.dev.sigstore.bundle.v0.3+json", "{}");
    with_layer["layers"].as_array_mut().unwrap().push(bundle);
    let mut with_signature = evil.clone();
    let simple = descriptor("application/vnd.dev.cosign.simplesigning.v1+json", "{}");
    with_signature["layers"].as_array_mut().unwrap().insert(0, simple);
    let mut index: Value = serde_json::from_str(&index(&[(&evil.to_string(), amd64())])).unwrap();
    index["subject"] = descriptor(INDEX, &signed);
    for evil in [evil, with_subject, with_layer, with_signature, index] {
        let evil = evil.to_string();
        let report = run(&[file("image.json", &evil), signature(&signed)], &options());
        assert_ne!(report.outcome, Outcome::Proven, "{evil}: {}", report.headline);
    }
    // The twin: a real attachment is no image, and in nobody's way.
    let attached = json!({"schemaVersion": 2, "mediaType": MANIFEST,
        "config": descriptor("application/vnd.oci.empty.v1+json", "{}"),
        "layers": [descriptor("application/vnd.dev.sigstore.bundle.v0.3+json", "a bundle")],
        "subject": descriptor(INDEX, &signed)});
    let report = run(&[file("attached.json", &attached.to_string()), signature(&signed)], &options());
    assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// A manifest that strict reading refuses is still what the user holds.
#[test]
fn an_image_that_cannot_be_read_is_not_passed_over() {
    let (signed, _) = genuine();
    let evil = manifest(IMAGE_CONFIG, "config", "evil").to_string();
    for evil in [
        evil.replacen("\"schemaVersion\":2", "\"schemaVersion\":2,\"schemaVersion\":2", 1),
        evil.replacen("\"schemaVersion\":2", "\"schemaVersion\":2,\"Layers\":[]", 1),
        evil.replacen("\"schemaVersion\":2", "\"schemaVersion\":2,\"manifests\":[]", 1),
    ] {
        for given in [file("image.json", &evil), Given { origin: Origin::Paste, ..file("paste 1", &evil) }] {
            let report = run(&[given, signature(&signed)], &options());
            assert_ne!(report.outcome, Outcome::Proven, "{evil}: {}", report.headline);
            assert_eq!(report.subject.digest.as_deref(), Some(&*digest_of(&evil)), "{}", report.headline);
        }
        // Not even where it is the very document that was signed.
        let report = run(&[file("image.json", &evil), signature(&evil)], &options());
        assert_ne!(report.outcome, Outcome::Proven, "{evil}: {}", report.headline);
    }
    let twin = run(&[file("image.json", &evil), signature(&evil)], &options());
    assert_eq!(twin.outcome, Outcome::Proven, "{}", twin.headline);
}

/// A signature over a file (`cosign sign-blob`) is no signature of an image.
#[test]
fn a_signed_file_is_not_a_signed_image() {
    let blob = String::from_utf8(stand_in::FILE.to_vec()).unwrap();
    let given = [file("file", &blob), file_signature()];
    let report = run(&given, &options());
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "signed-file"), "{}", report.headline);
    assert_eq!(report.subject.kind, "file");
    for asked in [
        Options { image: Some("docker.io/nicolas/webdis:0.1.24".to_owned()), ..options() },
        Options {
            image: Some("docker.io/nicolas/webdis:0.1.24".to_owned()),
            digest: Some(digest_of(&blob)),
            ..options()
        },
        Options { attestation: Some("https://slsa.dev/provenance/v1".to_owned()), ..options() },
    ] {
        let report = run(&given, &asked);
        assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
    }
    // The publisher signed the bytes of a manifest as a file: say so.
    let image = manifest(IMAGE_CONFIG, "config", "layer").to_string();
    let mut plan = Plan::new(Base::FileV1);
    plan.signed = Some(image.clone().into_bytes());
    plan.body = |body| {
        let image = manifest(IMAGE_CONFIG, "config", "layer").to_string();
        body["spec"]["data"]["hash"]["value"] = json!(Digest::of(image.as_bytes()).hex());
    };
    let mut bundle = plan.build();
    let hash = webdis_verify::base::encoding::base64::encode(Digest::of(image.as_bytes()).as_bytes());
    bundle["messageSignature"]["messageDigest"]["digest"] = json!(hash);
    let bundle = file("image.bundle", &bundle.to_string());
    for given in [vec![file("image.json", &image), bundle.clone()], vec![bundle]] {
        let report = run(&given, &Options { digest: Some(digest_of(&image)), ..options() });
        assert!(report.outcome != Outcome::Proven || report.subject.kind == "file", "{}", report.headline);
        assert!(report.outcome != Outcome::Proven || report.code == "signed-file", "{}", report.headline);
    }
}

/// A good signature of an old release does not become the answer about a tag
/// that nothing ties to it.
#[test]
fn a_replayed_signature_is_not_the_image_asked_for() {
    let (old, _) = genuine();
    let asked = Options { image: Some("docker.io/nicolas/webdis:9.9.9".to_owned()), ..options() };
    let report = run(&[signature(&old)], &asked);
    assert_ne!(report.code, "signed-as", "{}", report.headline);
    // The twin: a text of the user's says what the tag means.
    let pulled = format!(
        "9.9.9: Pulling from nicolas/webdis\nDigest: {}\nStatus: Image is up to date for nicolas/webdis:9.9.9\ndocker.io/nicolas/webdis:9.9.9\n",
        digest_of(&old)
    );
    let pulled = Given { origin: Origin::Paste, ..file("paste 1", &pulled) };
    let report = run(&[pulled, signature(&old)], &asked);
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "signed-as"), "{}", report.headline);
}

/// Another registry's answer for the same repository and tag is not the
/// answer of the registry asked about.
#[test]
fn a_tag_of_another_registry_is_not_the_tag_asked_for() {
    let (signed, _) = genuine();
    let evil = manifest(IMAGE_CONFIG, "config", "evil").to_string();
    let asked = Options { image: Some("registry.example/nicolas/webdis:1".to_owned()), ..options() };
    let given = [
        fetched("https://mirror.example/v2/nicolas/webdis/manifests/1", &signed),
        fetched("https://registry.example/v2/nicolas/webdis/manifests/1", &evil),
        signature(&signed),
    ];
    let report = run(&given, &asked);
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
    // The twin: the registry asked about answers with the signed image.
    let given = [
        fetched("https://registry.example/v2/nicolas/webdis/manifests/1", &signed),
        fetched("https://mirror.example/v2/nicolas/webdis/manifests/1", &evil),
        signature(&signed),
    ];
    let report = run(&given, &asked);
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "signed-as"), "{}", report.headline);
}

/// A file is held against its bundle as it is: text and archives too. A text
/// that was pasted may have lost its newline, which is no tampering.
#[test]
fn a_file_keeps_its_bytes_for_its_bundle() {
    let blob = String::from_utf8(stand_in::FILE.to_vec()).unwrap();
    for (given, outcome) in [
        (file("file", &blob), Outcome::Proven),
        (Given { origin: Origin::Paste, ..file("paste 1", &blob.replace('\n', " \n")) }, Outcome::NotChecked),
        (Given { bytes: vec![0xff, 0, 1], ..file("file", "") }, Outcome::Contradicted),
    ] {
        let report = run(&[given, file_signature()], &options());
        assert_eq!(report.outcome, outcome, "{}", report.headline);
    }
}

/// The index says how long its child is; bytes of that digest and another
/// length are not what a registry client accepts.
#[test]
fn a_child_of_another_size_is_not_followed_in_silence() {
    let image = manifest(IMAGE_CONFIG, "config", "layer").to_string();
    let mut signed: Value = serde_json::from_str(&index(&[(&image, amd64())])).unwrap();
    signed["manifests"][0]["size"] = json!(image.len() + 1);
    let signed = signed.to_string();
    let given = [file("index.json", &signed), file("image.json", &image), signature(&signed)];
    let report = run(&given, &Options { digest: Some(digest_of(&image)), ..options() });
    assert_eq!((report.outcome, report.code), (Outcome::Contradicted, "size-mismatch"));
}

/// Thousands of documents that name one another: work grows with them, not with
/// their pairs.
#[test]
fn a_forest_of_documents_takes_no_forest_of_time() {
    let forest = |trees: usize| {
        let (signed, _) = genuine();
        let mut given = vec![signature(&signed)];
        let images: Vec<String> =
            (0..trees).map(|n| manifest(IMAGE_CONFIG, &n.to_string(), "layer").to_string()).collect();
        let children: Vec<_> = images.iter().map(|image| (image.as_str(), amd64())).collect();
        for n in 0..10 {
            given.push(file(&format!("index-{n}"), &format!("{}{}", index(&children), " ".repeat(n))));
        }
        given.extend(images.iter().map(|image| file("image", image)));
        cost(|| run(&given, &options())).1.as_secs_f64()
    };
    let (small, large) = (forest(100), forest(400));
    assert!(large < 2.0 || large < small * 9.0, "{small:.2} s, then {large:.2} s");
}
