//! Every code that a report may have besides its verdict is in one, made of evidence
//! that the repository holds, and in the part of the report it belongs to.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::engine::lookup::{Answer, Lookup, Place as Where};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Check, Publisher, check};

use crate::case::{Case, case};
use crate::common::image::{bundle, digest, image};
use crate::common::own_vectors::{Facts, checks};
use crate::common::stand_in::{Base, FILE, Plan};
use crate::common::tar::tar;
use crate::heard::{fill, signed};
use crate::registries::metadata;
use crate::signatures::attached;
use crate::stories::{ECR, MULTI, STORIES, ask, printed_list, shown, signed as documented, single};
use crate::worlds;

/// Part and code of everything a report says.
fn said(report: &Report) -> Vec<(&'static str, &str)> {
    let mut all: Vec<_> = report.criteria.iter().map(|m| ("criterion", m.code)).collect();
    all.extend(report.shows.iter().map(|m| ("shows", m.code)));
    all.extend(report.not_shown.iter().map(|m| ("not shown", m.code)));
    all.extend(report.needs.iter().map(|need| ("need", need.code)));
    all.extend(report.commands.iter().map(|command| ("command", command.code)));
    all.extend(report.caveats.iter().map(|m| ("caveat", m.code)));
    for item in &report.items {
        all.extend(item.repairs.iter().map(|m| ("repair", m.code)));
        all.extend(item.notes.iter().map(|m| ("note", m.code)));
    }
    for link in &report.links {
        all.push(("link", link.code()));
        all.extend(link.caveats().iter().map(|m| ("caveat", m.code)));
    }
    all
}

/// What real tools left, and generated worlds, have these.
const OFTEN: &[(&str, &[&str])] = &[
    ("caveat", &["legacy-format", "said-by-text", "unanchored"]),
    (
        "command",
        &[
            "command-cosign",
            "command-crane",
            "command-curl",
            "command-imagetools",
            "command-oras",
            "command-skopeo",
            "command-trust-folder",
        ],
    ),
    (
        "criterion",
        &[
            "criterion-content-trust",
            "criterion-digest",
            "criterion-image",
            "criterion-key",
            "criterion-log",
            "criterion-no-log",
        ],
    ),
    (
        "link",
        &[
            "evidence-set-aside",
            "held-not-comparable",
            "no-key",
            "notary-metadata-needed",
            "notary-not-delegated",
            "notary-not-reached",
            "notary-not-vouched-for",
            "notary-other-repository",
            "notary-role-signed",
            "oci-child-matches",
            "statement-signed",
        ],
    ),
    (
        "need",
        &[
            "need-bytes",
            "need-compared-config",
            "need-compared-manifest",
            "need-image",
            "need-log-entry",
            "need-metadata",
            "need-payload",
            "need-platform",
            "need-signatures",
            "need-signed-list",
        ],
    ),
    ("not shown", &["not-shown-key", "not-shown-local", "not-shown-page", "not-shown-safe", "not-shown-tag"]),
    ("note", &["bytes-unconfirmed", "digest-syntax", "made-up-manifest"]),
    ("repair", &["repair-base64-member", "repair-layout", "repair-member-order"]),
    ("shows", &["shows-key", "shows-log", "shows-platforms", "shows-tag"]),
];

#[test]
fn what_is_often_said_is_said_of_own_evidence() {
    let mut found = BTreeSet::new();
    let mut add = |report: &Report| {
        found.extend(said(report).into_iter().map(|(part, code)| (part, code.to_owned())));
    };
    checks(&Facts::load()).iter().for_each(|case| add(&check(&case.given, &case.options).unwrap()));
    worlds::reports(150, add);
    let all =
        OFTEN.iter().flat_map(|(part, codes)| codes.iter().map(move |code| (*part, (*code).to_owned())));
    let lost: Vec<_> = all.filter(|said| !found.contains(said)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// A publisher's procedure of which a line is missing leaves its conditions open.
#[test]
fn what_a_procedure_lacks_is_said() {
    let mut found = BTreeSet::new();
    let mut add = |report: &Report| found.extend(report.links.iter().map(|link| link.code().to_owned()));
    let image = format!("example/app:{MULTI}");
    for (_, story, tag, _) in STORIES {
        let text: String = story(0).iter().map(shown).collect();
        let lines: Vec<&str> = text.lines().collect();
        for missing in 0..lines.len() {
            let left = [&lines[..missing], &lines[missing + 1..]].concat().join("\n");
            let images = [None, Some(format!("example/app:{tag}")), Some(format!("{ECR}:{tag}"))];
            images.iter().for_each(|image| add(&ask(std::slice::from_ref(&left), image.as_deref(), &[])));
        }
        // The list again, and in it another manifest of one platform.
        let list = shown(&printed_list("hub", &image));
        let at = list.rfind("sha256:").unwrap() + "sha256:".len();
        let other = format!("{}{}{}", &list[..at], "0".repeat(64), &list[at + 64..]);
        add(&ask(&[text, other], Some(&image), &[]));
    }
    let outputs = single(0);
    let few = [&outputs[0], &outputs[1], &outputs[4]].map(shown).concat();
    add(&ask(&[few], None, &[]));
    for code in [
        "procedure-config-needed",
        "procedure-id-needed",
        "procedure-list-needed",
        "procedure-lists-differ",
        "procedure-not-listed",
        "procedure-platform-open",
        "procedure-sum-differs",
    ] {
        assert!(found.contains(code), "{code}");
    }
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn of_type(media_type: &str, bytes: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": digest(bytes), "size": bytes.len()})
}

fn manifest(config: &Value, layers: &[Value]) -> Vec<u8> {
    json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers})
        .to_string()
        .into_bytes()
}

/// An OCI layout of one image with two layers, one of which no registry keeps; and
/// its manifest.
fn foreign() -> (Vec<u8>, Vec<u8>) {
    let layer = tar(&[("file", b"a")]);
    let config = json!({"architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest(&layer), digest(b"base")]}});
    let config = config.to_string().into_bytes();
    let layers = [
        of_type("application/vnd.oci.image.layer.v1.tar", &layer),
        of_type("application/vnd.oci.image.layer.nondistributable.v1.tar", b"base"),
    ];
    let manifest = manifest(&of_type("application/vnd.oci.image.config.v1+json", &config), &layers);
    let index = json!({"schemaVersion": 2, "manifests": [of_type(MANIFEST, &manifest)]}).to_string();
    let blob = |bytes: &[u8]| format!("blobs/sha256/{}", Digest::of(bytes).hex());
    let layout = tar::<&str, &[u8]>(&[
        ("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#),
        ("index.json", index.as_bytes()),
        (&blob(&manifest), &manifest),
        (&blob(&config), &config),
        (&blob(&layer), &layer),
    ]);
    (layout, manifest)
}

/// A bundle whose log entry lost the proof that it is in the log.
fn without_proof(bundle: &[u8]) -> Vec<u8> {
    let mut bundle: Value = serde_json::from_slice(bundle).unwrap();
    bundle["verificationMaterial"]["tlogEntries"][0].as_object_mut().unwrap().remove("inclusionProof");
    bundle.to_string().into_bytes()
}

#[test]
fn what_is_seldom_said_is_said_where_it_belongs() {
    const TAG: &str = "registry.example/app:1.0";
    let (a, b) = (image("a", "1"), image("b", "1"));
    let good = || case("signed").file(&a.index).file(bundle(&a.index));
    let chart = manifest(
        &of_type("application/vnd.cncf.helm.config.v1+json", b"{}"),
        &[of_type("application/gzip", b"")],
    );
    let good_bundle = bundle(&a.index);
    let (kept, place) = (attached(&good_bundle), digest(&b.index).replace(':', "-"));
    let place = format!("https://registry.example/v2/app/manifests/{place}");
    let (layout, foreign) = foreign();
    let file = Plan::new(Base::FileV1).build().to_string();
    let looked = [Answer::Found { count: 1, kinds: Vec::new() }, Answer::Absent, Answer::Absent];
    let looked = Where::SIGNATURES.into_iter().zip(looked).map(|(place, answer)| Lookup {
        repository: "registry.example/app".to_owned(),
        subject: Digest::of(&a.index).to_claim(),
        place,
        answer,
    });
    let by = |publisher: Publisher| {
        move |options: &mut webdis_verify::session::check::Options| options.publisher = publisher
    };
    let identity = Publisher::Identity("a@example.com".to_owned(), "https://example.com".to_owned());
    let table = "REPOSITORY                  TAG       IMAGE ID       CREATED       SIZE\n@R@   1.0       @C12@   2 weeks ago   12MB\n";
    let released = metadata(case("released"), "0.1.18", &a.manifests[0]);
    let cases: Vec<(&str, &str, Case)> = vec![
        ("link", "notary-digest-not-released", released.digest(&digest(&b.manifests[0]))),
        ("link", "artifact-config-named", case("a chart").file(&chart).digest(&digest(&chart))),
        ("note", "artifact-not-image", case("a chart").file(&chart)),
        ("link", "subject-is-artifact", case("a signature").file(&kept).digest(&digest(&kept))),
        ("link", "bundle-over-file", case("a signed file").file(FILE).file(&file).image(TAG)),
        ("link", "file-needed", case("a file's bundle").file(&file)),
        (
            "criterion",
            "criterion-attestation",
            good().options(|options| options.attestation = Some("https://slsa.dev/provenance/v1".to_owned())),
        ),
        ("link", "digest-unsupported", good().digest(&format!("sha512:{}", "a".repeat(128)))),
        ("link", "identity-unsupported", good().options(by(identity))),
        ("need", "need-publisher", good().image(TAG).options(by(Publisher::Default))),
        (
            "need",
            "need-signed-index",
            case("another's").file(&b.index).fetched(&place, &kept).file(&good_bundle),
        ),
        ("link", "evidence-damaged", case("cut").file(&a.index).file(without_proof(&bundle(&a.index)))),
        ("link", "other-signatures", case("another kind").image(TAG).file(&a.index).looked(looked.collect())),
        ("link", "layer-foreign", case("foreign").file(layout).file(bundle(&foreign))),
        ("link", "digest-cut", signed("cut").image("registry.example/team/app:1.0").paste(fill(table, &b))),
    ];
    for (part, code, case) in cases {
        let report = case.run();
        let said = said(&report);
        assert!(said.contains(&(part, code)), "{code}: {} {}\n{said:?}", report.outcome.name(), report.code);
        // The twin: what is whole, signed and asked for in one way says none of it.
        assert!(!self::said(&good().run()).contains(&(part, code)), "{code}");
    }
}

/// What the author documented is shown as that, and only where it was documented.
#[test]
fn a_documented_digest_shows_where_it_stands() {
    let image = format!("example/app:{MULTI}");
    let list = shown(&printed_list("hub", &image));
    let digest = format!("sha256:{}", documented());
    for (place, published) in [(vec![(MULTI, digest.as_str())], true), (vec![], false)] {
        let report = ask(std::slice::from_ref(&list), Some(&image), &place);
        assert_eq!(said(&report).contains(&("shows", "shows-published")), published, "{}", report.code);
    }
}

/// Two digests are two questions.
#[test]
fn two_digests_are_not_asked_at_once() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let asked = |asked: &[u8]| {
        let named = format!("registry.example/app@{}", digest(&a.index));
        let case = case("two digests").image(&named).digest(&digest(asked));
        Check::new(&case.options).err().map(|error| error.code().name())
    };
    assert_eq!(asked(&b.index), Some("two-digests-asked"));
    assert_eq!(asked(&a.index), None);
}
