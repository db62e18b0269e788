//! Digests that the user's computer holds.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;

use crate::case::{Case, case, has};
use crate::common::image::{bundle, digest, image};
use crate::subject::pull;

pub(crate) fn inspect(id: &str, repo_digests: &[String], containerd: bool) -> String {
    let mut value = json!([{
        "Id": id, "RepoTags": ["registry.example/app:1.0"], "RepoDigests": repo_digests,
        "Architecture": "arm64", "Variant": "v8", "Os": "linux", "Size": 7,
        "RootFS": {"Type": "layers", "Layers": [digest(b"layer")]}
    }]);
    if containerd {
        value[0]["Descriptor"] =
            json!({"mediaType": "application/vnd.oci.image.index.v1+json", "digest": id, "size": 7});
    }
    serde_json::to_string_pretty(&value).unwrap()
}

fn signed(name: &str) -> Case {
    let a = image("a", "1");
    case(name)
        .file(&a.index)
        .file(&a.manifests[0])
        .file(&a.manifests[1])
        .file(bundle(&a.index))
        .digest(&digest(&a.index))
}

#[test]
fn each_kind_of_held_digest_is_matched_in_its_place() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let of = |name: &str, bytes: &[u8]| vec![format!("{name}@{}", digest(bytes))];
    let app = "registry.example/app";
    for (name, text) in [
        ("RepoDigests", inspect(&digest(&a.configs[1]), &of(app, &a.index), false)),
        ("classic Id", inspect(&digest(&a.configs[1]), &[], false)),
        ("containerd Id", inspect(&digest(&a.index), &of(app, &a.index), true)),
        ("containerd Id of a child", inspect(&digest(&a.manifests[1]), &of(app, &a.manifests[1]), true)),
    ] {
        let report = signed(name).paste(&text).proven("signed");
        has(&report, "held-matches", Place::Branch, Outcome::Proven);
        assert!(
            !report.links.iter().any(|l| l.code().starts_with("held-d") || l.code().starts_with("held-n"))
        );
    }
    for (name, text) in [
        ("RepoDigests of another", inspect(&digest(&a.configs[1]), &of(app, &b.index), false)),
        ("classic Id of another", inspect(&digest(&b.configs[1]), &of(app, &a.index), false)),
        ("containerd Id of another", inspect(&digest(&b.index), &of(app, &a.index), true)),
    ] {
        // Two of the user's own witnesses: nobody can say which is right.
        signed(name).image("registry.example/app:1.0").paste(&text).not_checked("subject-conflict");
    }
}

#[test]
fn digests_of_different_kinds_are_not_comparable() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let report = case("classic Id, manifests not given")
        .file(&a.index)
        .file(bundle(&a.index))
        .paste(inspect(&digest(&a.configs[1]), &[], false))
        .not_checked("held-not-connected");
    assert!(report.needs.iter().any(|need| need.required), "{:?}", report.needs);
    let report = case("RepoDigest of a child, index not given")
        .digest(&digest(&a.index))
        .file(bundle(&a.index))
        .paste(pull("registry.example/app:1.0", &digest(&a.manifests[0])))
        .not_checked("held-not-connected");
    assert_eq!(report.subject.digest.as_deref(), Some(&*digest(&a.index)));
    let report = case("index pulled, its child asked")
        .digest(&digest(&a.manifests[0]))
        .file(&a.manifests[0])
        .file(bundle(&a.manifests[0]))
        .paste(pull("registry.example/app:1.0", &digest(&a.index)))
        .not_checked("held-not-connected");
    assert_eq!(report.subject.digest.as_deref(), Some(&*digest(&a.manifests[0])));
    signed("pull of another")
        .paste(pull("registry.example/app:1.0", &digest(&b.index)))
        .not_checked("subject-conflict");
}

#[test]
fn other_repositories_are_set_aside() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let both = [
        format!("registry.example/app@{}", digest(&a.index)),
        format!("mirror.example/app@{}", digest(&b.index)),
    ];
    for (name, asked) in [
        ("two repositories, none asked", None),
        ("two repositories, one asked", Some("registry.example/app:1.0")),
    ] {
        let mut case = signed(name).paste(inspect(&digest(&a.configs[1]), &both, false));
        if let Some(asked) = asked {
            case = case.image(asked);
        }
        let report = case.run();
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}", report.headline);
        has(&report, "held-matches", Place::Branch, Outcome::Proven);
    }
    // The same text, asked for the mirror: the user's own computer says that
    // both digests are names of this one image.
    signed("two repositories, the other asked")
        .image("mirror.example/app:1.0")
        .paste(inspect(&digest(&a.configs[1]), &both, false))
        .proven("signed");
}
