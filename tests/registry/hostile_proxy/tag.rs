//! Where a tag leads. It is the registry's word: the verdict is about the
//! image whose bytes arrive, and says so.

use super::case::{Ask, Case, at, case, each};
use super::wire::{Call, Wire, headers, names, status};
use super::world::World;
use crate::common::image::{child, index, linux};
use crate::common::registry::INDEX;
use webdis_verify::base::digest::Digest;

const PROVEN: [&str; 3] = each("proven");

const EMPTY: &[u8] =
    br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;

/// The tag, by HEAD and GET, is this index; and so is its digest.
fn under_tag(bytes: fn(&World) -> Vec<u8>) -> impl Fn(&Call, &World) -> Option<Wire> + Send + Sync {
    move |call, world| {
        let bytes = bytes(world);
        let hit = call.path.ends_with("manifests/1") || call.path.ends_with(&Digest::of(&bytes).to_string());
        (hit && call.path.contains("/manifests/")).then(|| world.document(INDEX, &bytes))
    }
}

/// The index with one platform more.
fn added(w: &World) -> Vec<u8> {
    index(&[
        child(&w.image.manifests[0], linux("amd64", None)),
        child(&w.image.manifests[1], linux("arm64", Some("v8"))),
        child(&w.stranger.manifests[0], linux("s390x", None)),
    ])
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        at(
            "HEAD",
            "resolves the tag to a digest nobody has",
            each("not-checked registry-not-found"),
            "0+0+0+0",
            |_, _| names(&Digest::of(b"another").to_string()),
        ),
        at(
            "HEAD",
            "resolves the tag to sha512",
            each("not-checked registry-not-found"),
            "0+0+0+0",
            |_, _| names(&format!("sha512:{}", "0".repeat(128))),
        ),
        at("HEAD", "resolves the tag to junk", PROVEN, "1+2+2+2", |_, _| names("sha256:../../x")),
        at("HEAD", "answers 405 to HEAD", PROVEN, "1+2+2+2", |_, _| status("405 Method Not Allowed")),
        // An older release is signed all the same: the bytes prove it, and
        // that the tag names it is the registry's word.
        case(
            "replays an older, signed image under the tag",
            PROVEN,
            "1+2+2+2",
            under_tag(|w| w.older.index.clone()),
        ),
        case(
            "replays an older, signed image, asked by digest",
            PROVEN,
            "1+2+2+2",
            under_tag(|w| w.older.index.clone()),
        )
        .asking(Ask::Digest),
        case(
            "resolves to the true digest, serves an older image",
            each("not-checked registry-other-bytes"),
            "0+0+0+2",
            |call, world| {
                (call.method == "GET"
                    && call.path.ends_with(&world.subject.to_string())
                    && call.path.contains("/manifests/"))
                .then(|| world.document(INDEX, &world.older.index))
            },
        ),
        case(
            "serves a stranger's image under the tag",
            each("contradicted signed-by-another-key"),
            "1+2+2+0",
            under_tag(|w| w.stranger.index.clone()),
        ),
        case(
            "serves an empty index under the tag",
            each("unsigned no-signature-found"),
            "0+0+0+0",
            under_tag(|_| EMPTY.to_vec()),
        ),
        case(
            "serves a platform's manifest under the tag",
            each("unsigned no-signature-found"),
            "0+1+1+0",
            under_tag(|w| w.image.manifests[0].clone()),
        ),
        case(
            "serves an unsigned index of the same platforms",
            each("unsigned no-signature-found"),
            "0+2+2+0",
            under_tag(|w| {
                let text = String::from_utf8(w.index()).unwrap();
                text.replacen('{', "{ ", 1).into_bytes()
            }),
        ),
        case(
            "adds a platform to the index under the tag",
            each("unsigned no-signature-found"),
            "0+2+2+0",
            under_tag(added),
        ),
        case(
            "adds a platform; each platform is signed",
            each("not-checked only-children-signed"),
            "0+2+2+0",
            under_tag(added),
        )
        .recursive(),
        case(
            "serves a signed platform under the tag",
            PROVEN,
            "0+1+1+2",
            under_tag(|w| w.image.manifests[0].clone()),
        )
        .recursive(),
        at("tag", "converts the tag to schema 1", each("not-checked registry-schema1"), "0+0+0+0", |_, _| {
            let kind = "application/vnd.docker.distribution.manifest.v1+prettyjws";
            let digest = Digest::of(b"unsigned form").to_string();
            let headers = headers(&[("Content-Type", kind), ("Docker-Content-Digest", &digest)]);
            Wire::Whole("200 OK", headers, br#"{"schemaVersion":1,"fsLayers":[]}"#.to_vec())
        }),
        case(
            "serves a tag under a digest header that is not its own",
            each("not-checked registry-digest-header"),
            "0+0+0+0",
            |call, world| match (call.method.as_str(), call.path.as_str()) {
                ("HEAD", _) => Some(Wire::Whole("200 OK", Vec::new(), Vec::new())),
                (_, "/v2/o/n/manifests/1") => {
                    let lie = Digest::of(b"another").to_string();
                    Some(Wire::Whole("200 OK", headers(&[("Docker-Content-Digest", &lie)]), world.index()))
                }
                _ => None,
            },
        ),
        case(
            "answers HEAD without a digest and GET with an older image",
            PROVEN,
            "1+2+2+2",
            |call, world| match (call.method.as_str(), call.path.as_str()) {
                ("HEAD", _) => Some(Wire::Whole("200 OK", Vec::new(), Vec::new())),
                (_, "/v2/o/n/manifests/1") => Some(world.document(INDEX, &world.older.index)),
                _ => None,
            },
        ),
    ]
}
