//! What generated worlds found: each failure by the name of its kind, with the
//! twin on the other side.

use serde_json::json;

use webdis_verify::base::outcome::Outcome;

use crate::case::{case, links};
use crate::common::image::{Image, bundle, digest, image};
use crate::registries::metadata;

const TAG: &str = "docker.io/example/webdis:0.1.20";

/// World 22717: the publisher's signature of an older release, its manifests,
/// and those of what is held. Nobody says that the older one is this tag.
#[test]
fn an_older_signed_release_beside_this_one_is_no_lie_about_it() {
    let (old, held) = (image("old", "1"), image("new", "1"));
    let digest_of_tag = |image: &[u8], name: &str| format!("$ crane digest {name}\n{}\n", digest(image));
    let given = [&old.index, &held.index].into_iter().chain(&old.manifests).chain(&held.manifests);
    let both =
        given.fold(case("an older signed release"), |case, bytes| case.file(bytes)).file(bundle(&old.index));
    let held_here = both.paste(digest_of_tag(&held.index, "mirror.example/webdis:0.1.20"));
    held_here.not_checked("signature-needed");
    // The publisher's registry calls the signed one by the same tag.
    held_here
        .named("another image than the signed one of this tag")
        .image("mirror.example/webdis:0.1.20")
        .paste(digest_of_tag(&old.index, TAG))
        .contradicted("config-differs");
}

/// World 22005: metadata, a text that names its tag, and the digest of a
/// mirror's image, which no text puts beside that tag.
#[test]
fn a_digest_that_nobody_put_beside_the_tag_is_no_lie_about_it() {
    let (signed, mirrored) = (image("a", "hub"), image("a", "mirror"));
    let text = json!([{"Name": TAG, "SignedTags": [{"SignedTag": "0.1.20",
        "Digest": &digest(&signed.index)[7..], "Signers": ["Repo Admin"]}],
        "Signers": [], "AdministrativeKeys": []}]);
    let printed = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "digest": digest(&mirrored.index), "size": mirrored.index.len(), "manifests": []});
    let beside = metadata(case("a nameless digest"), "0.1.20", &signed.index).paste(text.to_string());
    let nameless = beside.clone().paste(printed.to_string());
    nameless.not_checked("notary-tag-not-of-this");
    nameless.named("the user says so").image(TAG).contradicted("notary-tag-of-another-image");
    let pulled = crate::subject::pull(TAG, &digest(&mirrored.index));
    beside.named("a pull says so").paste(pulled).contradicted("notary-tag-of-another-image");
}

/// TUF writes hashes in base64: they, too, are digests worth finding.
#[test]
fn what_metadata_names_is_restored_from_what_was_saved_or_printed() {
    let (signed, other) = (image("a", "1"), image("b", "1"));
    for (name, change) in [
        ("a final newline", (|bytes| [bytes, b"\n"].concat()) as fn(&[u8]) -> Vec<u8>),
        ("indented anew", |bytes| crate::common::image::printed(bytes)),
    ] {
        let given =
            |bytes: &[u8]| metadata(case(name), "0.1.20", &signed.index).image(TAG).file(change(bytes));
        let report = given(&signed.index).proven("released");
        assert!(report.links.iter().any(|link| link.code() == "bytes-match"), "{name}");
        let report = given(&other.index).run();
        assert!(!report.links.iter().any(|link| link.code() == "bytes-match"), "{name}");
    }
}

/// Worlds 52305 and 52327: what a registry says of another repository, or of
/// another release, is not held against this image.
#[test]
fn another_repository_s_image_is_no_other_word_for_this_one() {
    let (a, copy) = (image("a", "hub"), image("a", "ecr"));
    let table = |name: &str, image: &crate::common::image::Image| {
        format!(
            "Name:      {name}\nMediaType: application/vnd.oci.image.index.v1+json\nDigest:    {}\n",
            digest(&image.index)
        )
    };
    let pulled = crate::subject::pull(TAG, &digest(&a.index));
    let signed = case("another repository").file(&a.index).file(bundle(&a.index)).paste(pulled);
    for other in ["public.ecr.aws/example/webdis:0.1.20", "docker.io/example/webdis:0.1.21"] {
        let beside = signed.clone().named(other).paste(table(other, &copy));
        assert!(matches!(beside.run().outcome.name(), "proven" | "not-checked"), "{other}");
        beside.digest(&digest(&a.index)).proven("signed");
    }
    // Nor is what names no image, whoever names one: nobody sees what it was asked for.
    let nameless = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "digest": digest(&copy.index), "size": copy.index.len(), "manifests": []});
    let beside = signed.clone().file(&copy.index).paste(nameless.to_string());
    assert_ne!(beside.run().outcome.name(), "contradicted");
    beside.named("the user names it").image(TAG).not_checked("held-not-connected");
    // Of this very tag it is.
    signed.paste(table(TAG, &copy)).contradicted("held-differs");
}

/// A document of which somebody left out parts is called that, once, and not
/// by what a parser says of it.
#[test]
fn what_was_left_out_is_told_as_that() {
    let hole = "{\n  \"schemaVersion\": 2,\n  \"config\": {\"digest\": \"x\"},\n  \"layers\": [ \"... layers omitted ...\" ]\n}\n";
    let cut = "[\n  {\n    \"Id\": \"sha256:a\",\n    \"...\",\n    \"Os\": \"linux\"\n  }\n]\n";
    for text in [hole, cut] {
        let report = case("a shortened print").paste(format!("A page.\n\n{text}\nMore.\n")).run();
        let notes: Vec<_> = report.items.iter().flat_map(|item| &item.notes).map(|note| note.code).collect();
        assert!(notes.contains(&"shortened"), "{notes:?}");
        assert!(!notes.iter().any(|code| matches!(*code, "damaged-json" | "json-type")), "{notes:?}");
    }
    // Without the hole it is what a parser says.
    let report = case("a damaged print").paste(cut.replace("\"...\",", "\"Os\",")).run();
    let notes: Vec<_> = report.items.iter().flat_map(|item| &item.notes).map(|note| note.code).collect();
    assert!(!notes.contains(&"shortened") && !notes.is_empty(), "{notes:?}");
}

/// A digest of a text that was cut names no image, and is not completed with a word.
#[test]
fn a_cut_digest_of_a_text_is_told_as_that() {
    let index = image("app", "1").index;
    let whole = digest(&index);
    let (cut, _) = whole.split_at(whole.len() - 1);
    let text = format!("digest: {cut}\nabout the app\n");
    case("cut").paste(&text).not_checked("digest-beginning");
    case("cut, beside its proof").paste(&text).file(&index).file(bundle(&index)).proven("signed");
    // The twin: whole, it is what is asked about.
    let report = case("whole").paste(format!("digest: {whole}\nabout the app\n")).run();
    assert_eq!(report.subject.digest.as_deref(), Some(whole.as_str()));
}

/// A pull whose digest was cut, wrapped or changed does not leave the question
/// to the bytes: what is left of it fits what is proven, or nothing is.
#[test]
fn a_pull_that_cannot_be_read_is_no_silence() {
    let (good, evil) = (image("a", "1"), image("b", "1"));
    let given = case("a cut pull").image(TAG).file(&good.index).file(bundle(&good.index));
    let pulled = |image: &crate::common::image::Image, change: &dyn Fn(&str) -> String| {
        let digest = digest(&image.index);
        crate::subject::pull(TAG, &digest).replace(&digest, &change(&digest))
    };
    let changes: [&dyn Fn(&str) -> String; 4] = [
        &|digest| format!("{}...", &digest[..30]),
        &|digest| format!("{}\n{}", &digest[..40], &digest[40..]),
        &|digest| format!("sha256:{}", digest[7..].to_uppercase()),
        &|digest| digest.replace(':', ":\u{200b}"),
    ];
    for change in changes {
        given.clone().paste(pulled(&evil, change)).not_checked("digest-unread");
        given.clone().paste(pulled(&good, change)).proven("signed");
    }
    // A pull of another image says nothing of this one; one without a digest nothing at all.
    let other = pulled(&evil, changes[0]).replace("example/webdis", "library/redis");
    given.clone().paste(other).proven("signed");
    given
        .paste("$ docker pull example/webdis:0.1.20\n0.1.20: Pulling from example/webdis\n")
        .proven("signed");
}

/// Worlds 200457 and 200615: a digest that the user asks about without a name
/// is not said to be any image that a text names.
#[test]
fn a_digest_asked_for_without_a_name_is_not_what_a_text_names() {
    let (a, copy) = (image("a", "hub"), image("a", "ecr"));
    let crane = format!("$ crane digest {TAG}\n{}\n", digest(&copy.index));
    let asked = case("a digest without a name")
        .digest(&digest(&a.index))
        .file(&a.index)
        .file(&copy.index)
        .paste(crane);
    assert_ne!(asked.run().outcome.name(), "contradicted");
    asked.named("with the name").image(TAG).contradicted("held-differs");
    let trust = json!([{"Name": TAG, "SignedTags": [{"SignedTag": "0.1.20", "Digest": &digest(&a.index)[7..],
        "Signers": ["Repo Admin"]}], "Signers": [], "AdministrativeKeys": []}]);
    let metadata = metadata(case("metadata of a named tag"), "0.1.20", &a.index).paste(trust.to_string());
    let other = metadata.file(&a.index).digest(&digest(&copy.index));
    other.not_checked("notary-tag-not-of-this");
    other.named("metadata, with the name").image(TAG).contradicted("notary-tag-of-another-image");
}

/// What a build prints before and after a pull must not hide what the pull says.
#[test]
fn a_line_of_a_log_hides_no_witness_below_it() {
    let (signed, held) = (image("a", "1"), image("b", "1"));
    let log = |before: &str, after: &str| {
        let pull = crate::subject::pull("example.com/team/app:1.0", &digest(&held.index));
        let known = format!("$ crane digest example.com/team/app:1.0\n{}\n", digest(&signed.index));
        case("a log")
            .paste(format!("{before}{pull}{after}"))
            .paste(known)
            .file(&signed.index)
            .file(bundle(&signed.index))
    };
    let expected = log("", "").run();
    assert_ne!(expected.outcome.name(), "proven");
    for (before, after) in [
        ("-----BEGIN PUBLIC KEY-----\n", ""),
        ("-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"),
        ("-----BEGIN PRIVATE KEY-----\nMHcCAQEEIA==\n", "-----END PRIVATE KEY-----\n"),
        ("{\"a\":\"\n", "\"}\n"),
        ("{\"a\":\"", "\"}\n"),
    ] {
        let report = log(before, after).named(before).run();
        assert_eq!((report.outcome, report.code), (expected.outcome, expected.code), "{before:?}");
    }
}

/// One image with thousands of names is one image: no pair of them is kept.
#[test]
fn thousands_of_names_of_one_image_cost_no_more_than_their_bytes() {
    let a = image("a", "1");
    let names: Vec<String> = (0..4000).map(|n| format!("example.com/app{n}@{}", digest(&a.index))).collect();
    let others = (0..4000_u32).map(|n| format!("example.com/other{n}@{}", digest(&n.to_le_bytes())));
    let names: Vec<String> = names.into_iter().chain(others).collect();
    let inspect =
        json!([{"Id": digest(&a.configs[0]), "RepoTags": ["example.com/app:1"], "RepoDigests": names}]);
    case("thousands of names").paste(inspect.to_string()).not_checked("signature-needed");
}

/// A row of another tag beside an image that nothing names says nothing of it; a chart
/// that is pulled names no image.
#[test]
fn what_is_of_another_tag_or_a_chart_is_beside_the_image() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let folder = |of: &Image| {
        let inspected = json!({"Digest": digest(&of.index), "RepoTags": [], "Created": "0001-01-01T00:00:00Z",
            "DockerVersion": "", "Labels": null, "Architecture": "amd64", "Os": "linux", "Layers": [], "Env": null});
        let inspected = serde_json::to_string_pretty(&inspected).unwrap();
        format!("$ skopeo inspect dir:copy\n{inspected}\n")
    };
    let row = |of: &Image| {
        json!({"results": [{"repo": "docker-local", "path": "team/app/1.1", "name": "manifest.json",
            "sha256": digest(&of.index).trim_start_matches("sha256:")}]})
        .to_string()
    };
    let report = case("another row").file(&own.index).paste(folder(&own)).paste(row(&evil)).run();
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
    let signed = || case("beside").file(bundle(&own.index)).file(&own.index);
    signed().paste(folder(&own)).paste(row(&evil)).proven("signed");
    assert_ne!(signed().paste(folder(&evil)).paste(row(&own)).run().outcome, Outcome::Proven);
    let chart = format!("Pulled: registry.example/charts/app:0.1.0\nDigest: {}\n", digest(&evil.index));
    let pull = crate::subject::pull("registry.example/team/app:1.0", &digest(&own.index));
    signed()
        .paste(pull)
        .paste(format!("$ helm pull oci://registry.example/charts/app --version 0.1.0\n{chart}"))
        .proven("signed-as");
}
