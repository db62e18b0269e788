//! What lies beside the image and is another release's, or of another moment: no alarm
//! for whom it is honest, and no proof where it is not.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::tag_answer::TagAnswer;

use crate::case::{Case, links};
use crate::common::image::{Image, digest, image};
use crate::common::tar::tar;
use crate::heard::{REPO, signed};
use crate::subject::pull;

/// The registry says that `1.0` is the signed image, as a driver asked it.
fn answered(name: &str) -> Case {
    let own = image("own", "1");
    let answer = TagAnswer {
        repository: REPO.to_owned(),
        tag: "1.0".to_owned(),
        proxy: false,
        unread: false,
        answer: Ok(webdis_verify::ClaimedDigest::parse(&digest(&own.index)).unwrap()),
    };
    signed(name).image(&format!("{REPO}:1.0")).told(&[answer])
}

/// An OCI layout with one root, called as said.
fn layout(image: &Image, called: Option<(&str, &str)>) -> Vec<u8> {
    let annotations = called.map(|(key, name)| json!({key: name}));
    let root = json!({"mediaType": "application/vnd.oci.image.index.v1+json", "digest": digest(&image.index),
        "size": image.index.len(), "annotations": annotations.unwrap_or_else(|| json!({}))});
    let index = json!({"schemaVersion": 2, "manifests": [root]}).to_string();
    let mut files = vec![
        ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
        ("index.json".to_owned(), index.into_bytes()),
    ];
    let blobs = [&image.index, &image.manifests[0], &image.manifests[1]].into_iter().chain(&image.configs);
    files.extend(blobs.map(|bytes| (format!("blobs/sha256/{}", &digest(bytes)[7..]), bytes.clone())));
    tar(&files)
}

fn listed(image: &Image) -> String {
    format!(
        "$ docker images --digests\nREPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n{REPO}   1.0   {}   {}   2 days ago   20MB\n",
        digest(&image.index),
        &digest(&image.configs[0])[7..19]
    )
}

const REF: &str = "org.opencontainers.image.ref.name";
const CONTAINERD: &str = "io.containerd.image.name";

/// `oras cp REPO:0.9 --to-oci-layout DIR` keeps the tag or none. Beside what shows the
/// asked image it is another release's; what it is called otherwise contradicts nothing.
#[test]
fn an_archive_of_another_release_is_no_alarm() {
    let (own, old, evil) = (image("own", "1"), image("old", "2"), image("evil", "3"));
    let full = format!("{REPO}:0.9");
    for called in [Some((REF, "0.9")), Some((REF, "latest")), Some((CONTAINERD, &*full))] {
        for other in [&old, &evil] {
            answered("another release's").file(layout(other, called)).not_checked("held-not-connected");
            let beside = answered("beside a list").file(layout(other, called)).paste(listed(&own));
            beside.not_checked("held-not-connected");
        }
        answered("the image, called so").file(layout(&own, called)).proven("signed-as");
    }
    // Without a name it is what the user asks about, unless something else is.
    for other in [&old, &evil] {
        answered("nameless").file(layout(other, None)).contradicted("held-differs");
        for beside in [listed(&own), pull(&format!("{REPO}:1.0"), &digest(&own.index))] {
            let report = answered("nameless, beside what is held").file(layout(other, None)).paste(beside);
            report.not_checked("held-not-connected");
        }
        let ids = listed(&own).replace(&digest(&own.index), "<none>");
        answered("beside the first digits")
            .file(layout(other, None))
            .paste(ids)
            .not_checked("held-not-connected");
    }
    // The twins: called as asked, and another image in the list.
    answered("called as asked")
        .file(layout(&evil, Some((REF, "1.0"))))
        .paste(listed(&own))
        .contradicted("held-differs");
    answered("nothing fits").file(layout(&old, None)).paste(listed(&evil)).contradicted("held-differs");
}

/// A copy in a folder has no name: the registry's word is of what was copied.
#[test]
fn a_copy_in_a_folder_is_of_its_source() {
    let (own, old) = (image("own", "1"), image("old", "2"));
    let copy = |tag: &str, to: &str, image: &Image| {
        format!(
            "$ oras cp {REPO}:{tag} --to-oci-layout {to}\nCopied [registry] {REPO}:{tag} => [oci-layout] {to}\nDigest: {}\n",
            digest(&image.index)
        )
    };
    for to in ["./x", "./x:1", "/tmp/x:0.9"] {
        for held in [listed(&own), pull(&format!("{REPO}:1.0"), &digest(&own.index))] {
            let asked = signed(to).image(&format!("{REPO}:1.0"));
            for beside in [copy("0.9", to, &old), copy("1.0", to, &own)] {
                let report = asked.clone().paste(&held).paste(beside).run();
                assert_eq!(report.outcome, Outcome::Proven, "{to}\n{}", links(&report));
            }
            // The twin: the asked tag's own copy is another image.
            asked.paste(held).paste(copy("1.0", to, &old)).contradicted("held-differs");
        }
    }
    signed("alone").paste(copy("1.0", "./x", &own)).proven("signed-as");
    signed("alone, of another").paste(copy("1.0", "./x", &old)).not_checked("signature-needed");
    // A folder is no registry: it raises no alarm.
    let pulled = format!("Pulled [oci-layout] ./x:1\nDigest: {}\n", digest(&old.index));
    let asked = signed("from a folder").image(&format!("{REPO}:1.0")).paste(listed(&own));
    asked.paste(pulled).not_checked("subject-conflict");
}

/// What a registry says of a tag is no word about a digest that nobody put beside it.
#[test]
fn an_answer_about_another_tag_is_not_held_against_a_digest() {
    let (own, old, evil) = (image("own", "1"), image("old", "2"), image("evil", "3"));
    let hub = |command: &str, tag: &str, image: &Image| {
        let answer = json!({"name": tag, "digest": digest(&image.index), "last_updated": "2024-01-01T00:00:00Z",
            "images": [{"architecture": "amd64", "os": "linux", "digest": digest(&image.manifests[0])}]});
        format!("{command}{answer}\n")
    };
    let command = format!("$ curl -s https://{}/v2/{}/manifests/0.9\n", "registry.example", "team/app");
    let by_digest = |image: &Image| {
        let reference = format!("{REPO}@{}", digest(&image.index));
        format!(
            "$ docker pull {reference}\n{reference}: Pulling from team/app\nDigest: {}\nStatus: Downloaded newer image for {reference}\n",
            digest(&image.index)
        )
    };
    for text in [hub("", "0.9", &old), hub(&command, "0.9", &old)] {
        let at = |image: &Image| format!("{REPO}@{}", digest(&image.index));
        signed("by its digest").image(&at(&own)).paste(&text).proven("signed");
        signed("pulled by its digest").image(&at(&own)).paste(by_digest(&own)).paste(&text).proven("signed");
        signed("another's digest").image(&at(&evil)).paste(&text).not_checked("signature-needed");
        let report = signed("nobody asks").paste(by_digest(&own)).paste(&text).run();
        assert!(matches!(report.outcome, Outcome::Proven | Outcome::NotChecked), "{}", links(&report));
        let report = signed("nobody asks of another").paste(by_digest(&evil)).paste(&text).run();
        assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
    }
    // The twin: the tag that was asked for is another image.
    let asked = signed("the asked tag").image(&format!("{REPO}:1.0")).paste(listed(&own));
    asked.clone().paste(hub("", "1.0", &evil)).contradicted("held-differs");
    asked.paste(hub("", "0.9", &evil)).proven("signed");
}

/// A tag moved between two outputs of one computer, or a program printed one of them:
/// no order says which, in one text or in two. Nothing is proven, and nobody alarmed.
#[test]
fn two_moments_of_one_computer_are_a_conflict() {
    let (own, old, evil) = (image("own", "1"), image("old", "2"), image("evil", "3"));
    let name = format!("{REPO}:1.0");
    let pulled = |image: &Image| pull(&name, &digest(&image.index));
    for other in [&old, &evil] {
        for shown in [pulled(other), listed(other)] {
            for text in [format!("{shown}{}", pulled(&own)), format!("{}{shown}", pulled(&own))] {
                answered("one text").paste(&text).not_checked("subject-conflict");
                signed("nobody asked").image(&name).paste(&text).not_checked("subject-conflict");
                let crane = format!("$ crane digest {name}\n{}\n", digest(&own.index));
                let report = signed("a tool did").image(&name).paste(&text).paste(crane);
                report.not_checked("subject-conflict");
            }
            answered("two texts").paste(&shown).paste(pulled(&own)).not_checked("subject-conflict");
            // The twins: what is all that the computer shows, and one output with both.
            answered("alone").paste(&shown).contradicted("held-differs");
        }
    }
    let both = listed(&own).replace(&digest(&own.configs[0])[7..19], &digest(&evil.configs[0]));
    answered("one row").paste(both).contradicted("held-differs");
}
