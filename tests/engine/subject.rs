//! Which image is meant.

use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;
use webdis_verify::session::check::Publisher;

use crate::case::{case, has, links};
use crate::common::image::{bundle, digest, image, printed as anew};

pub(crate) fn pull(reference: &str, digest: &str) -> String {
    let (name, tag) = reference.rsplit_once(':').unwrap();
    format!(
        "$ docker pull {reference}\n{tag}: Pulling from {name}\nDigest: {digest}\nStatus: Downloaded newer image for {reference}\n{reference}\n"
    )
}

#[test]
fn the_digest_asked_for_is_the_subject() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let both = case("digest asked").file(&a.index).file(&b.index).file(bundle(&a.index));
    both.clone().digest(&digest(&a.index)).proven("signed");
    // The other might be a copy of the signed one, as long as only indexes are there.
    let other = both.named("digest asked: the other").digest(&digest(&b.index));
    other.not_checked("manifest-needed");
    let parts = a.manifests.iter().chain(&b.manifests);
    // Another image than one that is signed, of whatever tag, is no lie.
    let report = parts.fold(other, |case, manifest| case.file(manifest)).not_checked("signature-needed");
    assert_eq!(report.subject.digest.as_deref(), Some(&*digest(&b.index)));
}

#[test]
fn a_reference_with_a_digest_is_the_subject() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let signed = case("image@digest").file(&a.index).file(bundle(&a.index));
    let report = signed.clone().image(&format!("registry.example/app@{}", digest(&a.index))).proven("signed");
    assert!(report.caveats.iter().all(|c| c.code != "tag-is-mutable"));
    signed
        .named("image@digest of another")
        .image(&format!("registry.example/app@{}", digest(&b.index)))
        .not_checked("signature-needed");
}

#[test]
fn docker_pull_says_what_the_tag_means() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let asked = case("tag by docker pull").image("registry.example/app:1.0").file(bundle(&a.index));
    let report = asked.clone().paste(pull("registry.example/app:1.0", &digest(&a.index))).proven("signed-as");
    // The pull is the witness of the name, and said to be.
    let caveat = report.caveats.iter().find(|c| c.code == "tag-is-mutable").unwrap();
    assert_eq!(caveat.args.get("source").unwrap(), "docker pull");
    asked
        .clone()
        .named("tag by docker pull: another digest")
        .paste(pull("registry.example/app:1.0", &digest(&b.index)))
        .not_checked("signed-index-needed");
    // Another tag says nothing about this one.
    let report = asked
        .named("docker pull of another tag")
        .paste(pull("registry.example/app:0.9", &digest(&b.index)))
        .file(&a.index)
        .proven("signed");
    assert!(report.links.iter().all(|link| !link.code().starts_with("held-")));
}

#[test]
fn one_image_given_is_the_subject_and_several_are_unclear() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    case("one index given").file(&a.index).file(bundle(&a.index)).proven("signed");
    case("its parts are no other images")
        .file(&a.index)
        .file(&a.manifests[0])
        .file(&a.manifests[1])
        .file(&a.configs[0])
        .file(bundle(&a.index))
        .proven("signed");
    // The signature is evidence: it does not choose the question.
    let two = case("two indexes, one signed").file(&a.index).file(&b.index).file(bundle(&a.index));
    two.clone().not_checked("subject-ambiguous");
    let report = two.named("two indexes, one asked").digest(&digest(&a.index)).proven("signed");
    has(&report, "another-image", Place::Aside, Outcome::NotChecked);
    // A text may have been printed anew: it is told as what it is not.
    let held = pull("registry.example/app:1.0", &digest(&a.index));
    let report = case("a text of another").paste(held).paste(anew(&b.index)).file(bundle(&a.index));
    has(&report.proven("signed-as"), "another-text", Place::Aside, Outcome::NotChecked);
    case("two indexes, both signed")
        .file(&a.index)
        .file(&b.index)
        .file(bundle(&a.index))
        .file(bundle(&b.index))
        .not_checked("subject-ambiguous");
}

#[test]
fn what_is_held_or_signed_is_the_subject_where_nothing_else_is() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    case("held digest")
        .paste(pull("registry.example/app:1.0", &digest(&a.index)))
        .file(bundle(&a.index))
        .proven("signed-as");
    case("held digest of another")
        .paste(pull("registry.example/app:1.0", &digest(&b.index)))
        .file(bundle(&a.index))
        .not_checked("signed-index-needed");
    let report = case("named by the signature").file(bundle(&a.index)).proven("signed");
    assert_eq!(report.subject.digest.as_deref(), Some(&*digest(&a.index)));
    case("named by two signatures")
        .file(bundle(&a.index))
        .file(bundle(&b.index))
        .not_checked("subject-ambiguous");
    case("nothing").paste("hello").not_checked("subject-unclear");
    case("nothing at all").not_checked("subject-unclear");
}

#[test]
fn an_image_of_an_unknown_publisher_is_never_proven() {
    let a = image("a", "1");
    let asked = case("unknown publisher")
        .options(|o| o.publisher = Publisher::Default)
        .image("registry.example/app:1.0")
        .file(&a.index)
        .file(bundle(&a.index));
    let report = asked.not_checked("publisher-unknown");
    assert!(report.needs.iter().any(|need| need.required));
    asked
        .named("the same with its key")
        .options(|o| o.publisher = case("").options.publisher)
        .proven("signed");
}

#[test]
fn a_platform_beside_a_pull_of_its_missing_index_is_not_another_image() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let name = "registry.example/app:1.0";
    let child = |name: &str| case(name).file(&a.manifests[0]).file(bundle(&a.index));
    let asked = |name: &str| child(name).digest(&digest(&a.manifests[0]));
    let pulled =
        |name: &str, index: &[u8]| asked(name).paste(pull("registry.example/app:1.0", &digest(index)));
    let apart = pulled("child asked, its index pulled", &a.index).image(name);
    let report = apart.not_checked("signed-index-needed");
    has(&report, "held-not-connected", Place::Chain, Outcome::NotChecked);
    assert!(report.links.iter().all(|link| link.code() != "subject-conflict"), "{}", links(&report));
    apart.named("and the index's bytes").file(&a.index).proven("signed-through-index");
    // The twin: the pulled index is at hand and lists other images.
    let other =
        pulled("child asked, another index pulled", &b.index).image(name).file(&a.index).file(&b.index);
    other.not_checked("subject-conflict");
}

#[test]
fn what_follows_an_output_is_not_part_of_it() {
    let a = image("a", "1");
    let of = digest(&a.index);
    let app = "registry.example/app";
    let asked = format!("{app}:1.0");
    let pulled = pull(&asked, &of);
    let bare = format!("{app}@{of}\n");
    let table = format!(
        "REPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\nredis   7.2   {}   0123456789ab   3 weeks ago   1MB\n",
        digest(b"redis")
    );
    let signed = |name: &str| case(name).image(&asked).file(bundle(&a.index));
    for (name, parts) in [
        ("a pull, then a repository's digest", [&pulled, &bare]),
        ("a table, then a pull", [&table, &pulled]),
    ] {
        signed(name).paste(parts[0]).paste(parts[1]).proven("signed-as");
        signed(&format!("{name}, joined")).paste(format!("{}\n{}", parts[0], parts[1])).proven("signed-as");
    }
    // The twin: another image pulled stays another image, however it is joined.
    let other = pull(&asked, &digest(&image("b", "1").index));
    let joined = signed("another image pulled, then the signed digest").paste(format!("{other}\n{bare}"));
    assert_ne!(joined.run().outcome, Outcome::Proven);
    // Headers alone have no document below them.
    let head = |options: &str| {
        let url = "https://registry.example/v2/app/manifests/1.0";
        format!(
            "$ curl {options} {url}\nHTTP/2 200 \ncontent-type: application/vnd.oci.image.index.v1+json\ndocker-content-digest: {of}\n\n"
        )
    };
    let stray = String::from_utf8(image("b", "1").index).unwrap();
    let with = |options: &str| signed(options).paste(format!("{}{stray}", head(options)));
    with("-sI").proven("signed-as");
    assert_ne!(with("-si").run().outcome, Outcome::Proven);
}

/// A command for one reference prints one index or manifest. Another that was
/// pasted below it is evidence, and no word of the registry.
#[test]
fn a_command_prints_one_index() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let asked = "registry.example/app:1.0";
    let (ours, other) =
        (String::from_utf8(a.index.clone()).unwrap(), String::from_utf8(b.index.clone()).unwrap());
    let held = [pull(asked, &digest(&a.index)), pull(asked, &digest(&b.index))];
    for command in
        ["crane manifest registry.example/app:1.0", "wget -O- https://registry.example/v2/app/manifests/1.0"]
    {
        let printed = |first: &str, second: &str, pulled: &str| {
            let paste = format!("$ {command}\n{first}\n\n{second}\n");
            case(command).image(asked).file(bundle(&a.index)).paste(pulled).paste(paste).run().outcome
        };
        assert_eq!(printed(&ours, &other, &held[0]), Outcome::Proven, "{command}");
        // The twins: the other image is what is held, in either order.
        assert_ne!(printed(&ours, &other, &held[1]), Outcome::Proven, "{command}");
        assert_ne!(printed(&other, &ours, &held[1]), Outcome::Proven, "{command}");
    }
}

/// A reference names an index or a manifest: an image ID cannot be pulled.
#[test]
fn an_image_id_is_never_what_a_reference_is_pinned_to() {
    let a = image("a", "1");
    let id = digest(&a.configs[0]);
    // A mirror wrote the manifest anew: another digest, the same config.
    let value: serde_json::Value = serde_json::from_slice(&a.manifests[0]).unwrap();
    let mirrored = serde_json::to_string_pretty(&value).unwrap();
    let inspect = serde_json::json!([{
        "Id": id,
        "RepoTags": ["quay.io/team/app:1"],
        "RepoDigests": [format!("quay.io/team/app@{}", digest(mirrored.as_bytes()))],
        "RootFS": { "Type": "layers", "Layers": [] },
    }]);
    let held = case("an image ID under the tag, by its manifest")
        .paste(format!("$ docker image inspect quay.io/team/app:1\n{inspect}\n"))
        .paste(format!("$ crane manifest quay.io/team/app:1\n{mirrored}\n"))
        .file(&a.manifests[0])
        .file(bundle(&a.manifests[0]))
        .image("quay.io/team/app:1");
    let report = held.proven("signed-as");
    assert_eq!(report.subject.kind, "config");
    assert_eq!(*report.args.get("pinned").unwrap(), format!("quay.io/team/app@{}", digest(&a.manifests[0])));
    let pinned = report.caveats.iter().filter_map(|caveat| caveat.args.get("pinned"));
    assert!(pinned.into_iter().all(|pinned| !pinned.contains(&id)), "{:?}", report.caveats);
    let manifest = case("the manifest under the tag")
        .paste(format!(
            "Digest: {}\nStatus: Downloaded newer image for quay.io/team/app:1\n",
            digest(&a.manifests[0])
        ))
        .file(&a.manifests[0])
        .file(bundle(&a.manifests[0]))
        .image("quay.io/team/app:1")
        .proven("signed-as");
    assert_eq!(manifest.args.get("pinned").unwrap(), report.args.get("pinned").unwrap());
}

/// World 1106: a name below the last line of a pull is another output's.
#[test]
fn a_name_below_a_pull_is_not_the_pulls() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let name = "registry.example/team/app:1.0";
    let beside = pull("mirror.example/team/app:1.0", &digest(&evil.index));
    for gap in ["", "\n"] {
        let text = format!("{}{beside}{gap}{name}\n", pull(name, &digest(&own.index)));
        case("a name below").image(name).file(bundle(&own.index)).paste(text).proven("signed-as");
        let text = format!("{}{gap}{name}\n", pull(name, &digest(&evil.index)));
        let report = case("a name below").image(name).file(bundle(&own.index)).paste(text).run();
        assert_ne!(report.outcome, Outcome::Proven);
    }
}

/// World 6000906: of two texts the one that names the asked image is meant, whichever
/// digest is less.
#[test]
fn a_bare_digest_beside_a_named_one_chooses_nothing() {
    let named = |digest: &str| format!("registry.example/app@{digest}\n");
    for (one, other) in [("a", "b"), ("b", "a")].map(|(one, other)| (image(one, "1"), image(other, "1"))) {
        let (one, other) = (digest(&one.index), digest(&other.index));
        let asked = case("a name and a bare digest").image("registry.example/app:1.0");
        for case in [
            asked.clone().paste(named(&one)).paste(format!("{other}\n")),
            asked.clone().paste(format!("{other}\n")).paste(named(&one)),
            asked.clone().paste(named(&one) + &other + "\n"),
        ] {
            let report = case.run();
            assert_eq!(report.subject.digest.as_ref(), Some(&one), "{}", links(&report));
        }
        // Alone it is what is asked about.
        assert_eq!(asked.paste(format!("{other}\n")).run().subject.digest, Some(other));
    }
}

/// World 921: asked for once with its tag and once without, one image is not two releases.
#[test]
fn the_same_image_without_its_tag_is_no_second_release() {
    let (a, b) = (digest(&image("a", "1").index), digest(&image("b", "1").index));
    let record = |name: &str, digest: &str| {
        format!(
            "\nVerification for {name} --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n\n[{{\"critical\":{{\"identity\":{{\"docker-reference\":\"registry.example/app\"}},\"image\":{{\"docker-manifest-digest\":\"{digest}\"}},\"type\":\"cosign container image signature\"}},\"optional\":null}}]\n"
        )
    };
    let both = |digest: &str| {
        let tagged = case("with and without").paste(record("registry.example/app:1.0", &a));
        tagged.paste(record("registry.example/app", digest)).run()
    };
    let same = both(&a);
    assert_eq!(same.subject.reference.as_deref(), Some("registry.example/app:1.0"), "{}", links(&same));
    assert_eq!(same.subject.digest, Some(a.clone()));
    let two = both(&b);
    assert_eq!((two.subject.digest.clone(), two.outcome), (None, Outcome::NotChecked), "{}", links(&two));
}

/// Worlds 8002506 and 8000677: below what a registry says of another image, a name with a
/// digest is a text of its own, as if it were pasted apart.
#[test]
fn a_name_below_a_registry_s_digest_is_another_text() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    for (copied, named) in [(&own, &own), (&own, &evil), (&evil, &own)] {
        let copy = format!("$ crane digest mirror.example/app:1.0\n{}\n", digest(&copied.index));
        let named = format!("registry.example/app@{}\n", digest(&named.index));
        let given = case("a name below a digest").file(bundle(&own.index));
        let given = given.paste(pull("registry.example/app:1.0", &digest(&copied.index)));
        let joined = given.clone().paste(copy.clone() + &named).run();
        let apart = given.paste(copy).paste(named).run();
        assert_eq!((joined.outcome, joined.code), (apart.outcome, apart.code), "{}", links(&joined));
        assert_eq!(joined.subject.digest, apart.subject.digest);
        let is_own = digest(&copied.index) == digest(&own.index);
        assert_eq!(joined.outcome == Outcome::Proven, is_own, "{}", links(&joined));
    }
}

/// Each of two folders that one line inspects is held, whichever is printed first.
#[test]
fn two_folders_of_one_line_are_both_held() {
    let (own, evil) = (digest(&image("own", "1").index), digest(&image("evil", "2").index));
    let printed = |digest: &str| {
        format!("{{\"Digest\": \"{digest}\", \"RepoTags\": [], \"DockerVersion\": \"\", \"Layers\": []}}\n")
    };
    for command in [
        "skopeo inspect dir:a; skopeo inspect dir:b",
        "skopeo inspect dir:a && skopeo inspect oci:b:1.0",
        "skopeo inspect oci:a:1.0 && skopeo inspect oci-archive:b.tar:1.0",
        "for d in a b; do skopeo inspect dir:$d; done",
    ] {
        for (one, other) in [(&own, &evil), (&evil, &own), (&own, &own)] {
            let text = format!("$ {command}\n{}{}", printed(one), printed(other));
            let given =
                case(command).image("registry.example/app:1.0").file(bundle(&image("own", "1").index));
            let report = given.file(&image("own", "1").index).paste(text).run();
            assert_eq!(report.outcome == Outcome::Proven, one == other, "{command}\n{}", links(&report));
        }
    }
}

/// Programs that pull nothing print no `Digest:` line: one below their commands is a pull
/// of its own, and as much an alarm.
#[test]
fn a_digest_line_below_another_program_is_a_pull_of_its_own() {
    let (own, evil) = (digest(&image("own", "1").index), digest(&image("evil", "2").index));
    let name = "registry.example/app:1.0";
    for command in [
        format!("cosign verify --key cosign.pub {name}"),
        format!("notation verify {name}"),
        format!("crane digest {name}"),
        format!("docker image inspect --format '{{{{.Id}}}}' {name}"),
    ] {
        for digest in [&own, &evil] {
            let given = || case(&command).image(name).file(bundle(&image("own", "1").index));
            let report = given().paste(format!("$ {command}\nDigest: {digest}\n")).run();
            let apart = given().paste(format!("$ {command}\n")).paste(format!("Digest: {digest}\n")).run();
            assert_eq!((report.outcome, report.code), (apart.outcome, apart.code), "{command}");
            assert_eq!(report.outcome == Outcome::Proven, *digest == own, "{command}\n{}", links(&report));
        }
    }
    let pulled = case("docker pull").image(name).file(bundle(&image("own", "1").index));
    pulled.paste(format!("$ docker pull {name} | grep Digest\nDigest: {own}\n")).proven("signed-as");
    // A template that writes the line itself: it is the command's, and of no other image.
    let template =
        |name: &str| format!("$ skopeo inspect --format 'Digest: {{{{.Digest}}}}' docker://{name}\n");
    let given = || case("template").image(name).file(bundle(&image("own", "1").index));
    given().paste(format!("{}Digest: {own}\n", template(name))).proven("signed-as");
    let evils = given().paste(format!("{}Digest: {evil}\n", template(name))).run();
    assert_ne!(evils.outcome, Outcome::Proven, "{}", links(&evils));
    let another = format!("{}Digest: {evil}\n", template("registry.example/other:1.0"));
    given().digest(&own).paste(another).proven("signed");
}
