//! What nobody can crowd out: a witness among many, the document it names, its
//! signature; and what no list of the user's computer can tie together.

use serde_json::json;
use webdis_verify::base::limits;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;

use crate::case::{Case, case, has};
use crate::common::image::{Image, bundle, child, digest, image, index, linux, manifest, printed, simple};
use crate::common::tar::tar;
use crate::subject::pull;

const APP: &str = "registry.example/app:1.0";

fn signed(name: &str) -> Case {
    let a = image("a", "1");
    case(name).file(&a.index).file(&a.manifests[0]).file(&a.manifests[1]).file(bundle(&a.index)).image(APP)
}

/// Many programs that name the image and its parts, as an attacker may write them.
fn crowd() -> String {
    let a = image("a", "1");
    let mut out = String::new();
    let known = [&a.index, &a.manifests[0], &a.manifests[1], &a.configs[0], &a.configs[1]].map(|b| digest(b));
    for tool in ["docker", "podman", "nerdctl", "buildah"] {
        for known in &known {
            out += &format!("$ {tool} images --format '{{{{.Digest}}}}' {APP}\n{known}\n\n");
            out += &format!("$ {tool} images -q --no-trunc {APP}\n{known}\n\n");
        }
    }
    for tool in
        ["crane digest", "oras resolve", "regctl image digest", "skopeo inspect --format '{{.Digest}}'"]
    {
        for known in &known {
            out += &format!("$ {tool} {APP}\n{known}\n\n");
        }
    }
    for n in 0..200_u32 {
        let other = digest(&n.to_le_bytes());
        out += &format!("$ crane digest registry.example/app:other{n}\n{other}\n\n");
    }
    out
}

#[test]
fn a_crowd_of_witnesses_hides_none() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    for turned in [false, true] {
        let told = |digest: &str| {
            let (one, two) = (pull(APP, digest), crowd());
            let (one, two) = if turned { (two, one) } else { (one, two) };
            signed("a crowd").paste(one).paste(two)
        };
        let evil = told(&digest(&b.index)).run();
        assert_ne!(evil.outcome, Outcome::Proven, "{}", evil.headline);
        let honest = told(&digest(&a.index)).run();
        assert_ne!(honest.outcome, Outcome::Contradicted, "{}", honest.headline);
    }
    // Many that agree are no hindrance, and not all are told.
    let many: String = (0..200)
        .map(|n| format!("$ crane digest mirror{n}.example/app:1.0\n{}\n\n", digest(&a.index)))
        .collect();
    signed("many that agree").paste(pull(APP, &digest(&a.index))).paste(many).proven("signed-as");
}

#[test]
fn behind_a_limit_nothing_is_proven_in_any_order() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let sum = |n: u32| format!("$ sha256sum x{n}\n{}  x{n}\n\n", &digest(&n.to_le_bytes())[7..]);
    let flood = "{}\n".repeat(limits::ITEMS) + &sum(0);
    let tag = format!("$ crane digest {APP}\n{}\n", digest(&a.index));
    for (pulled, outcome, code) in
        [(&b.index, Outcome::Contradicted, "held-differs"), (&a.index, Outcome::NotChecked, "limit-exceeded")]
    {
        let pulled = pull(APP, &digest(pulled));
        signed("flood last").paste(&tag).paste(&pulled).paste(&flood).is(outcome, code);
        signed("flood first").paste(&flood).paste(&pulled).paste(&tag).is(outcome, code);
        let one = signed("one text").paste(format!("{tag}\n{flood}\n{pulled}")).run();
        assert_eq!(one.outcome, Outcome::NotChecked, "{}", one.headline);
    }
    // Below the limit everything is read.
    let fewer: String = (0..3_000).map(sum).collect();
    let evil = signed("fewer, evil").paste(&fewer).paste(pull(APP, &digest(&b.index))).run();
    assert_ne!(evil.outcome, Outcome::Proven);
    signed("fewer, honest").paste(&fewer).paste(pull(APP, &digest(&a.index))).proven("signed-as");
}

/// A folder or an archive with what many strangers made.
#[test]
fn thousands_of_strangers_files_take_no_proof_away() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let strangers = || (0..2_200_u32).map(|n| [manifest(&n.to_le_bytes(), "x"), simple(&n.to_le_bytes()).0]);
    let mut flooded = signed("files");
    for file in strangers().flatten() {
        flooded = flooded.file(file);
    }
    flooded.clone().paste(pull(APP, &digest(&a.index))).proven("signed-as");
    flooded.paste(pull(APP, &digest(&b.index))).not_checked("signature-needed");
    let layout = |image: &Image| {
        let root = json!({"mediaType": "application/vnd.oci.image.index.v1+json",
            "digest": digest(&image.index), "size": image.index.len(),
            "annotations": {"io.containerd.image.name": APP}});
        let list = json!({"schemaVersion": 2, "manifests": [root]}).to_string().into_bytes();
        let blob = |bytes: Vec<u8>| (format!("blobs/sha256/{}", &digest(&bytes)[7..]), bytes);
        let mut all: Vec<_> = strangers().flatten().map(blob).collect();
        all.extend([
            blob(image.index.clone()),
            blob(image.manifests[0].clone()),
            blob(image.configs[0].clone()),
        ]);
        all.push(("index.json".to_owned(), list));
        all.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
        case("an archive").file(tar(&all)).file(bundle(&a.index)).image(APP)
    };
    layout(&a).proven("signed-as");
    assert_ne!(layout(&b).run().outcome, Outcome::Proven);
}

#[test]
fn documents_that_witnesses_name_are_read_first() {
    let manifests: Vec<Vec<u8>> =
        (0..12).map(|n| manifest(format!("{{\"{n}\":1}}").as_bytes(), "x")).collect();
    let children: Vec<_> = manifests.iter().map(|m| child(m, linux("amd64", None))).collect();
    let big = index(&children);
    // Indexes that are smaller, and together at the limit of descriptors.
    let flood: String = (0..2_300_u32)
        .map(|n| {
            let list: Vec<_> = (0..9_u32)
                .map(|i| {
                    json!({"mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": digest(&(n * 10 + i).to_le_bytes()), "size": 1})
                })
                .collect();
            String::from_utf8(index(&list)).unwrap() + "\n"
        })
        .collect();
    let asked =
        case("a flood of indexes").file(&big).file(bundle(&big)).image(APP).paste(pull(APP, &digest(&big)));
    asked.clone().proven("signed-as");
    asked.file(&flood).proven("signed-as");
    let evil = case("the same, another pulled").file(&big).file(bundle(&big)).image(APP);
    let evil = evil.paste(pull(APP, &digest(b"another"))).file(flood).run();
    assert_ne!(evil.outcome, Outcome::Proven);
}

#[test]
fn the_signature_of_what_was_pulled_is_tried_first() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let (payload, annotations) = simple(&a.index);
    let payloads: String =
        (0..1_500_u32).map(|n| String::from_utf8(simple(&n.to_le_bytes()).0).unwrap() + "\n").collect();
    let junk: String = (1..100_u32)
        .map(|n| {
            json!({"dev.cosignproject.cosign/signature": "MAYCAQECAQE=", "x": n.to_string()}).to_string()
                + "\n"
        })
        .collect();
    let flooded = |pulled: &[u8]| {
        let given = case("a flood of payloads").file(&payloads).file(&junk).file(&a.index).image(APP);
        given.file(&payload).file(&annotations).paste(pull(APP, &digest(pulled)))
    };
    flooded(&a.index).proven("signed");
    assert_ne!(flooded(&b.index).run().outcome, Outcome::Proven);
}

#[test]
fn no_list_makes_another_pull_the_signed_image() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let (good, evil) = (digest(&a.index), digest(&b.index));
    let inspect = |id: &str, digests: &[String]| {
        json!([{"Id": id, "RepoTags": [APP], "RepoDigests": digests, "Architecture": "amd64", "Os": "linux",
            "RootFS": {"Type": "layers", "Layers": [digest(b"layer")]}}])
        .to_string()
    };
    let at = |name: &str, digest: &str| format!("{name}@{digest}");
    let (own, mirror) = ("registry.example/app", "mirror.example/app");
    let lists = [
        ("Id", inspect(&good, &[at(own, &evil)])),
        ("another repository", inspect(&digest(b"id"), &[at(own, &evil), at(mirror, &good)])),
        ("the same repository", inspect(&digest(b"id"), &[at(own, &evil), at(own, &good)])),
    ];
    for (name, list) in &lists {
        for documents in [true, false] {
            let given =
                if documents { signed(name).file(&b.index) } else { case(name).file(bundle(&a.index)) };
            for image in [Some(APP), None] {
                let mut given = given.clone().file(list).paste(pull(APP, &evil));
                given.options.image = image.map(str::to_owned);
                let report = given.run();
                assert_ne!(
                    report.outcome,
                    Outcome::Proven,
                    "{name} {documents} {image:?}: {}",
                    report.headline
                );
            }
        }
    }
    // The list that says the same as the pull: another name of the signed image is
    // no hindrance.
    let list = inspect(&digest(&a.configs[0]), &[at(own, &good), at(mirror, &evil)]);
    signed("the signed one was pulled").file(list).paste(pull(APP, &good)).proven("signed-as");
    let two = inspect(&digest(&a.configs[0]), &[at(own, &good), at(own, &evil)]);
    let report = signed("two digests in one list").file(two).paste(pull(APP, &good)).proven("signed-as");
    has(&report, "held-together", Place::Branch, Outcome::NotChecked);
}

#[test]
fn a_document_printed_anew_is_no_witness_for_another_digest() {
    let a = image("a", "1");
    let mut annotated: serde_json::Value = serde_json::from_slice(&a.index).unwrap();
    annotated["annotations"] = json!({"org.opencontainers.image.version": "1.0"});
    let published = annotated.to_string();
    // `docker manifest inspect` leaves annotations out.
    let shown = String::from_utf8(printed(&a.index)).unwrap();
    for end in ["", "\n"] {
        let text = format!("$ docker manifest inspect {APP}\n{shown}{end}");
        let given = case("printed anew").file(text).file(bundle(published.as_bytes())).image(APP);
        let report = given.paste(pull(APP, &digest(published.as_bytes()))).run();
        assert_eq!(report.outcome, Outcome::NotChecked, "{}", report.headline);
    }
    // The original bytes below a command line are what the registry said.
    let b = image("b", "1");
    let text = format!("$ crane manifest {APP}\n{}", String::from_utf8(a.index.clone()).unwrap());
    let given = case("as it is").file(text).file(bundle(&a.index)).image(APP);
    given.clone().paste(pull(APP, &digest(&a.index))).proven("signed-as");
    given.paste(pull(APP, &digest(&b.index))).contradicted("held-differs");
}
