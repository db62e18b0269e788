//! What shows the digest of one platform, beside what shows the digest of the tag: the index
//! that is not at hand may list it, so nothing contradicts. With the index at hand it is known.

use crate::case::case;
use crate::common::image::{bundle, digest, image};
use crate::registries::metadata;

const REF: &str = "docker.io/example/webdis:0.1.20";
const NAME: &str = "docker.io/example/webdis";

/// What a node of CRI-O, or podman, shows of an image.
const SHOWN: [fn(&str) -> String; 5] = [
    |digest| {
        format!("$ kubectl describe pod x\n    Image:          {REF}\n    Image ID:       {NAME}@{digest}\n")
    },
    |digest| {
        format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"status\":{{\"containerStatuses\":[{{\"image\":\"{REF}\",\"imageID\":\"{NAME}@{digest}\"}}]}}}}\n"
        )
    },
    |digest| {
        format!(
            "$ crictl inspecti {REF}\n{{\"status\":{{\"id\":\"sha256:{}\",\"repoTags\":[\"{REF}\"],\"repoDigests\":[\"{NAME}@{digest}\"]}}}}\n",
            "09".repeat(32)
        )
    },
    |digest| {
        format!(
            "$ kubectl get pod x -o jsonpath='{{.status.containerStatuses[0].imageID}}'\n{NAME}@{digest}\n"
        )
    },
    // podman's table by its sizes, without the command above it.
    |digest| {
        format!(
            "REPOSITORY                TAG     DIGEST                                                                   IMAGE ID      CREATED      SIZE\n{NAME}  0.1.20  {digest}  cccccccccccc  3 weeks ago  21 MB\n"
        )
    },
];

#[test]
fn a_platform_beside_the_registry_s_word_is_no_alarm() {
    let (signed, evil) = (image("a", "1"), image("b", "1"));
    let crane = format!("$ crane digest {REF}\n{}\n", digest(&signed.index));
    for (n, shown) in SHOWN.iter().enumerate() {
        let given = |of: &[u8]| {
            case("a platform").image(REF).paste(&crane).paste(shown(&digest(of))).file(bundle(&signed.index))
        };
        given(&signed.manifests[0]).not_checked("held-not-connected");
        given(&evil.manifests[0]).not_checked("held-not-connected");
        // The index says which of the two it is. An ID that nothing shows leaves the third open.
        if n != 2 && n != 4 {
            given(&signed.manifests[0]).file(&signed.index).proven("signed-as");
        }
        let known = given(&evil.manifests[0]).file(&signed.index).run();
        assert_ne!(known.outcome.name(), "proven");
    }
}

#[test]
fn a_platform_beside_content_trust_is_no_alarm() {
    let (signed, evil) = (image("a", "1"), image("b", "1"));
    let by_digest = |digest: &str| {
        format!(
            "$ docker pull {NAME}@{digest}\nDigest: {digest}\nStatus: Downloaded newer image for {NAME}@{digest}\n"
        )
    };
    let inspected = |digest: &str| {
        format!(
            "[{{\"Id\":\"sha256:{}\",\"RepoTags\":[\"{REF}\"],\"RepoDigests\":[\"{NAME}@{digest}\"],\"Architecture\":\"amd64\",\"Os\":\"linux\"}}]\n",
            "09".repeat(32)
        )
    };
    for shown in SHOWN.iter().chain([&(by_digest as fn(&str) -> String), &(inspected as fn(&str) -> String)])
    {
        let given = |of: &[u8]| {
            metadata(case("a platform"), "0.1.20", &signed.index).image(REF).paste(shown(&digest(of)))
        };
        given(&signed.manifests[0]).not_checked("signed-index-needed");
        given(&evil.manifests[0]).not_checked("signed-index-needed");
        given(&evil.manifests[0]).file(&signed.index).contradicted("notary-tag-of-another-image");
    }
    // What a pull by the tag shows is what the tag meant.
    let pulled = crate::subject::pull(REF, &digest(&evil.index));
    metadata(case("a pull"), "0.1.20", &signed.index)
        .image(REF)
        .paste(pulled)
        .contradicted("notary-tag-of-another-image");
}

#[test]
fn what_was_asked_for_one_platform_is_no_lie_about_another() {
    let (signed, evil) = (image("a", "1"), image("b", "1"));
    let crane = |of: &[u8]| format!("$ crane digest --platform linux/arm64 {REF}\n{}\n", digest(of));
    let id = |config: &[u8]| format!("$ podman pull -q {REF}\n{}\n", &digest(config)[7..]);
    let given = |asked: &[u8], held: &[u8]| {
        let case =
            case("two platforms").image(REF).paste(crane(asked)).paste(id(held)).file(bundle(&signed.index));
        case.file(&signed.manifests[0]).file(&signed.manifests[1])
    };
    given(&signed.manifests[1], &signed.configs[0]).not_checked("held-not-connected");
    given(&signed.manifests[1], &signed.configs[0]).file(&signed.index).proven("signed-through-index");
    let evil_held = given(&signed.manifests[1], &evil.configs[0]).file(&signed.index).run();
    assert_ne!(evil_held.outcome.name(), "proven");
    let evil_asked = given(&evil.manifests[1], &signed.configs[0]).file(&signed.index).run();
    assert_ne!(evil_asked.outcome.name(), "proven");
}
