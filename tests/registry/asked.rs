//! The user asks for a tag by its digest, and the registry has another under
//! it: the bytes are proven, never under that tag's name.

use std::collections::BTreeMap;

use webdis_verify::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher};
use webdis_verify::session::registry::request::{Exchange as _, Reply, Request};
use webdis_verify::session::{Route, Session};

use crate::common::image::{Image, bundle, digest, image, stranger};
use crate::common::registry::{BUNDLE, INDEX, MANIFEST, Registry, descriptor};
use crate::common::stand_in::{self, Base};

/// A registry with signed images, of which `tagged` is `o/n:1`.
pub(crate) fn registry(tagged: &Image, all: &[&Image]) -> Registry {
    let mut registry = Registry::default();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    for one in all {
        for (manifest, config) in one.manifests.iter().zip(&one.configs) {
            registry.manifest(None, MANIFEST, &text(manifest));
            registry.blob(&text(config));
        }
        registry.manifest(None, INDEX, &text(&one.index));
        attach(&mut registry, INDEX, &one.index, &bundle(&one.index));
    }
    registry.manifest(Some("1"), INDEX, &text(&tagged.index));
    registry
}

/// A bundle in the list of what refers to a document.
fn attach(registry: &mut Registry, kind: &str, subject: &[u8], bundle: &[u8]) {
    let named = descriptor(kind, &Digest::of(subject), subject.len(), "");
    let layer = registry.blob(core::str::from_utf8(bundle).unwrap());
    let layer = descriptor(BUNDLE, &layer, bundle.len(), "");
    let empty = registry.blob("{}");
    let config = descriptor("application/vnd.oci.empty.v1+json", &empty, 2, "");
    let referrer = format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","artifactType":"{BUNDLE}","config":{config},"layers":[{layer}],"subject":{named}}}"#
    );
    let found = registry.manifest(None, MANIFEST, &referrer);
    let entry = descriptor(MANIFEST, &found, referrer.len(), &format!(r#","artifactType":"{BUNDLE}""#));
    let list = format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{entry}]}}"#);
    registry.put(&format!("/v2/o/n/referrers/{}", digest(subject)), INDEX, list.as_bytes());
}

fn ask(registry: &Registry, image: &str, digest: Option<String>) -> Report {
    let mut session = Session::new(&Options {
        image: Some(image.to_owned()),
        digest,
        publisher: Publisher::Key("test.pub".to_owned(), stand_in::key().pem().into()),
        trusted_root: Some(stand_in::Plan::new(Base::DsseV1).trusted_root().into_bytes()),
        ..Options::at(Time::parse("2026-11-21T12:00:00Z").unwrap())
    })
    .unwrap();
    session.fetch(Route::Direct).unwrap();
    let mut sent = BTreeMap::new();
    loop {
        let requests: Vec<Request> = session.next_requests();
        if requests.is_empty() {
            return session.check();
        }
        for request in requests {
            *sent.entry(request.url.path().to_owned()).or_insert(0) += 1;
            assert!(sent.values().sum::<usize>() < 500, "the session does not end");
            let reply: Reply = Ok(registry.answer(&request));
            session.feed(request.id, reply);
        }
    }
}

/// An unsigned image, or one platform's manifest, in a registry of its own.
fn unsigned(tag: &str, kind: &str, bytes: &[u8], below: &Image) -> Registry {
    let mut registry = Registry { referrers: true, ..Registry::default() };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    for (manifest, config) in below.manifests.iter().zip(&below.configs) {
        registry.manifest(None, MANIFEST, &text(manifest));
        registry.blob(&text(config));
    }
    registry.manifest(Some(tag), kind, &text(bytes));
    registry
}

/// Who pulls one platform by its digest holds a part of what is signed.
#[test]
fn one_platform_of_a_signed_list_is_not_unsigned() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let of = |report: Report| (report.outcome.name(), report.code);
    let signed = registry(&a, &[&a, &b]);
    let child = digest(&a.manifests[1]);
    let report = ask(&signed, &format!("r.example/o/n:1@{child}"), None);
    assert_eq!(report.outcome, Outcome::Proven, "{} {}", report.code, report.headline);
    assert_eq!(report.subject.digest, Some(child.clone()));
    assert_eq!(of(ask(&signed, "r.example/o/n:1", Some(child.clone()))), of(report));
    // Nothing leads from a manifest to its list: without a tag, or after the tag moved on.
    let alone = ("not-checked", "list-may-be-signed");
    // Another image's platform beside the tag of the signed list is not signed by it.
    let stranger = digest(&b.manifests[1]);
    assert_eq!(of(ask(&signed, &format!("r.example/o/n:1@{stranger}"), None)), alone);
    assert_eq!(of(ask(&signed, "r.example/o/n:1", Some(stranger))), alone);
    assert_eq!(of(ask(&signed, &format!("r.example/o/n@{child}"), None)), alone);
    let moved = registry(&b, &[&a, &b]);
    assert_eq!(of(ask(&moved, &format!("r.example/o/n:1@{child}"), None)), alone);
    assert_eq!(of(ask(&moved, &format!("r.example/o/n:2@{child}"), None)), alone, "no such tag");
    // The twins: the tag means that manifest, or a list without a signature.
    let none = ("unsigned", "no-signature-found");
    let single = unsigned("1", MANIFEST, &a.manifests[0], &a);
    let manifest = digest(&a.manifests[0]);
    assert_eq!(of(ask(&single, "r.example/o/n:1", None)), none);
    assert_eq!(of(ask(&single, &format!("r.example/o/n:1@{manifest}"), None)), none);
    assert_eq!(of(ask(&single, &format!("r.example/o/n@{manifest}"), None)), alone);
    let listed = unsigned("1", INDEX, &a.index, &a);
    assert_eq!(of(ask(&listed, "r.example/o/n:1", None)), none);
    assert_eq!(of(ask(&listed, &format!("r.example/o/n@{}", digest(&a.index)), None)), none);
    assert_eq!(of(ask(&listed, &format!("r.example/o/n:1@{child}"), None)), none);
}

/// A publisher may sign each platform's image and not their list: that is not nothing.
#[test]
fn a_list_whose_platforms_are_signed_is_not_unsigned() {
    let a = image("a", "1");
    let of = |registry: &Registry| {
        let report = ask(registry, "r.example/o/n:1", None);
        (report.outcome.name(), report.code)
    };
    let none = ("unsigned", "no-signature-found");
    for platforms in [&a.manifests[..], &a.manifests[..1], &a.manifests[1..]] {
        let mut registry = unsigned("1", INDEX, &a.index, &a);
        for manifest in platforms {
            attach(&mut registry, MANIFEST, manifest, &bundle(manifest));
        }
        assert_eq!(of(&registry), ("not-checked", "only-children-signed"));
    }
    // The twins: a stranger's signature below, another image's, and a place that fails.
    for bundle in [stranger(&a.manifests[0]), bundle(b"another".as_slice())] {
        let mut registry = unsigned("1", INDEX, &a.index, &a);
        attach(&mut registry, MANIFEST, &a.manifests[0], &bundle);
        assert_eq!(of(&registry), none);
    }
    let mut registry = unsigned("1", INDEX, &a.index, &a);
    registry.put(&format!("/v2/o/n/referrers/{}", digest(&a.manifests[0])), "text/html", b"<html>");
    assert_eq!(of(&registry), none);
}

/// What is attested is not unsigned, whoever attests it; it is not signed either.
#[test]
fn an_attestation_alone_is_no_alarm() {
    let a = image("a", "1");
    let hex = Digest::of(&a.index).hex();
    for foreign in [false, true] {
        let mut plan = stand_in::Plan::new(Base::Envelope);
        plan.payload =
            stand_in::statement(&stand_in::subject(&Digest::of(&a.index)), "https://slsa.dev/provenance/v1");
        plan.foreign_signer = foreign;
        let built = plan.build();
        let envelope = built["envelope"].as_str().unwrap().to_owned();
        let annotations = stand_in::annotations(&built);
        let mut registry = unsigned("1", INDEX, &a.index, &a);
        let blob = registry.blob(&envelope);
        let extra = format!(r#","annotations":{annotations}"#);
        let layer = descriptor("application/vnd.dsse.envelope.v1+json", &blob, envelope.len(), &extra);
        let config = registry.blob("{}");
        let config = descriptor("application/vnd.oci.image.config.v1+json", &config, 2, "");
        let kept =
            format!(r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{config},"layers":[{layer}]}}"#);
        registry.manifest(Some(&format!("sha256-{hex}.att")), MANIFEST, &kept);
        let report = ask(&registry, "r.example/o/n:1", None);
        assert_eq!(report.outcome, Outcome::NotChecked, "{foreign}: {} {}", report.code, report.headline);
        assert_eq!(report.code, if foreign { "other-signatures" } else { "attestation-not-signature" });
    }
    // The twins: nothing there, and a place that was not read.
    let mut registry = unsigned("1", INDEX, &a.index, &a);
    assert_eq!(ask(&registry, "r.example/o/n:1", None).outcome, Outcome::Unsigned);
    registry.put(&format!("/v2/o/n/manifests/sha256-{hex}.att"), "text/html", b"<html>");
    assert_eq!(ask(&registry, "r.example/o/n:1", None).code, "signature-places-unread");
}

#[test]
fn a_digest_is_not_proven_under_a_tag_that_is_another() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let honest = registry(&a, &[&a, &b]);
    let other = registry(&b, &[&a, &b]);
    let asked = Some(digest(&a.index));
    let report = ask(&honest, "r.example/o/n:1", asked.clone());
    assert_eq!(report.outcome, Outcome::Proven, "{} {}", report.code, report.headline);
    assert_eq!(report.subject.digest, asked);
    let report = ask(&other, "r.example/o/n:1", asked.clone());
    // The bytes are signed; that the tag means them is only the user's word.
    assert_eq!((report.outcome, report.code), (Outcome::Proven, "signed"), "{}", report.headline);
    assert!(!report.headline.contains("o/n:1"), "{}", report.headline);
    let caveats: Vec<_> = report.caveats.iter().map(|caveat| caveat.code).collect();
    assert_eq!(caveats, ["tag-by-your-word"]);
    // Without the digest the registry's tag is meant, and is the other image.
    let report = ask(&other, "r.example/o/n:1", None);
    assert_eq!(report.subject.digest, Some(digest(&b.index)), "{}", report.headline);
    // The digest alone is signed, and says nothing of the tag.
    let report = ask(&other, &format!("r.example/o/n@{}", digest(&a.index)), None);
    assert_eq!(report.outcome, Outcome::Proven, "{} {}", report.code, report.headline);
}
