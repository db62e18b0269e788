//! Digests that the user's computer holds.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;

use crate::case::{Case, case, has, links};
use crate::common::image::{Image, bundle, digest, image};
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

/// What the registry says is expected, what the computer holds is found,
/// whichever of them is the subject.
#[test]
fn of_two_that_differ_the_registry_s_is_expected() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let name = "registry.example/app:1.0";
    let asked = format!("$ crane digest {name}\n{}\n", digest(&b.index));
    let row = format!(
        "REPOSITORY             TAG   DIGEST   IMAGE ID       CREATED   SIZE\nregistry.example/app   1.0   {}   {}   1 day   1MB\n",
        digest(&a.index),
        &digest(&a.index)[7..19]
    );
    for (case, witness) in [
        (case("the registry differs").image(name).paste(&asked).paste(&row), "crane digest"),
        (
            case("the digest asked for differs")
                .digest(&digest(&a.index))
                .file(&a.index)
                .file(&b.index)
                .image(name)
                .paste(&asked),
            "--digest",
        ),
    ] {
        let report = case.contradicted("held-differs");
        let link = report.links.iter().find(|link| link.code() == "held-differs").unwrap();
        assert_eq!(*link.args().get("witness").unwrap(), witness);
        let expected = if witness == "crane digest" { &b } else { &a };
        assert_eq!(*link.args().get("expected").unwrap(), digest(&expected.index));
    }
}

/// Which of two digests sorts first decides nothing.
#[test]
fn the_registry_s_is_expected_of_a_pull() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let name = "registry.example/app:1.0";
    for (pulled, named) in [(&a, &b), (&b, &a)] {
        let asked = format!("$ crane digest {name}\n{}\n", digest(&named.index));
        let both = case("a pull and a registry").image(name).paste(asked);
        let report = both.paste(pull(name, &digest(&pulled.index))).contradicted("held-differs");
        let link = report.links.iter().find(|link| link.code() == "held-differs").unwrap();
        let said = ["witness", "expected", "tool", "found"].map(|arg| link.args().get(arg).unwrap().as_str());
        assert_eq!(said, ["crane digest", &digest(&named.index), "docker pull", &digest(&pulled.index)]);
    }
}

/// Who put the digest beside the tag is cited, also where only a registry
/// could know; "your word" is said where nobody did.
#[test]
fn a_witness_that_spoke_is_cited_and_no_other() {
    let a = image("a", "1");
    let name = "registry.example/app:1.0";
    let signed = case("by the user's word").image(name).file(&a.index).file(bundle(&a.index));
    let caveat = |report: &webdis_verify::report::Report, code: &str| {
        let found = report.caveats.iter().find(|caveat| caveat.code == code);
        found.unwrap_or_else(|| panic!("{:?}", report.caveats)).args.get("source").cloned()
    };
    assert_eq!(caveat(&signed.proven("signed"), "tag-by-your-word"), Some(String::new()));
    let template = format!(
        "$ docker image inspect --format '{{{{index .RepoDigests 0}}}}' {name}\nregistry.example/app@{}\n",
        digest(&a.index)
    );
    let shown = signed.clone().named("by the computer's").paste(template).proven("signed");
    assert_eq!(caveat(&shown, "tag-is-mutable").as_deref(), Some("docker image inspect"));
    let other = signed
        .named("of another tag")
        .paste(format!("$ crane digest registry.example/app:2.0\n{}\n", digest(&a.index)));
    assert_eq!(caveat(&other.proven("signed"), "tag-by-your-word"), Some(String::new()));
}

/// A digest that a text repeats is no line of its own; one that only the text
/// has is.
#[test]
fn a_text_s_digest_is_told_once() {
    let a = image("a", "1");
    let lines = |text: String| {
        let case =
            case("a text repeats").image("registry.example/app:1.0").file(&a.index).file(bundle(&a.index));
        let case = case.paste(format!("$ crane digest registry.example/app:1.0\n{}\n", digest(&a.index)));
        let report =
            a.manifests.iter().fold(case, |case, bytes| case.file(bytes)).paste(text).proven("signed-as");
        report.links.iter().filter(|link| link.code() == "held-matches").count()
    };
    let (top, config) = (digest(&a.index), digest(&a.configs[0]));
    assert_eq!(lines(format!("We run {top} here.\n")), 0);
    assert_eq!(lines(format!("We run {config} here, and {config} there.\n")), 1);
}

/// A listing's row without a name, of an image whose tag went to a newer one, is not
/// the image asked for by name; where it is all that was printed, it may be.
#[test]
fn a_dangling_row_is_another_image() {
    let (a, old) = (image("a", "1"), image("old", "1"));
    let list = |rows: &[(&str, &str, &[u8])]| {
        let row = |(name, tag, config): &(&str, &str, &[u8])| {
            let shown = if *name == "<none>" { "<none>".to_owned() } else { digest(&a.index) };
            format!("{name}   {tag}   {shown}   {}   3 weeks ago   21MB\n", digest(config))
        };
        let rows: String = rows.iter().map(row).collect();
        format!(
            "$ docker images --digests --no-trunc\nREPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n{rows}"
        )
    };
    let named = ("registry.example/app", "1.0", a.configs[0].as_slice());
    let dangling = ("<none>", "<none>", old.configs[0].as_slice());
    let asked = |name: &str, rows: &[(&str, &str, &[u8])]| {
        let crane = format!("$ crane digest registry.example/app:1.0\n{}\n", digest(&a.index));
        signed(name)
            .options(|o| o.digest = None)
            .image("registry.example/app:1.0")
            .paste(crane)
            .paste(list(rows))
    };
    asked("a dangling row beside the image's", &[named, dangling]).proven("signed-as");
    asked("a dangling row before it", &[dangling, named]).proven("signed-as");
    let evil = ("registry.example/app", "1.0", old.configs[0].as_slice());
    asked("the image's row shows another Id", &[evil, dangling]).contradicted("held-differs");
    // Alone it may be that image or any other: nobody says which.
    asked("a row without a name alone", &[dangling]).not_checked("held-not-connected");
    let both = asked("a row without a name in a paste of its own", &[dangling]).paste(list(&[named]));
    both.proven("signed-as");
    // The twin: what was loaded, or named in the command, is what is asked about.
    let ids = |command: &str| format!("$ {command}\n{}\n", digest(&old.configs[0]));
    let of_name = "docker images --no-trunc -q registry.example/app:1.0";
    asked("an Id asked for by name", &[dangling]).paste(ids(of_name)).contradicted("held-differs");
}

/// A digest with a name below an Id that has none is another program's line, and
/// leaves the Id said: in one paste and in two.
#[test]
fn a_name_in_a_line_below_takes_no_id_away() {
    let (a, evil) = (image("a", "1"), image("evil", "2"));
    let asked =
        signed("an Id").file(&a.configs[0]).options(|o| o.digest = None).image("registry.example/app:1.0");
    let reference = format!("registry.example/app@{}\n", digest(&a.index));
    let id = |image: &Image| {
        format!("$ docker inspect --format '{{{{.Image}}}}' web\n{}\n", digest(&image.configs[0]))
    };
    asked.clone().paste(id(&a) + &reference).proven("signed-through-index");
    asked.clone().paste(id(&a)).paste(&reference).proven("signed-through-index");
    let one = asked.clone().paste(id(&evil) + &reference).run();
    let two = asked.paste(id(&evil)).paste(&reference).run();
    assert_ne!(one.outcome, Outcome::Proven, "{}", one.headline);
    assert_eq!((one.outcome, one.code), (two.outcome, two.code));
}

/// A list connects the names that it gives for one image, as long as nothing else says
/// which of them the user has.
#[test]
fn a_list_connects_its_own_names_and_no_other_witness() {
    let (own, other) = (image("own", "1"), image("other", "2"));
    let app = "registry.example/app";
    // Whichever sorts first.
    for (own, other) in [(&own, &other), (&other, &own)] {
        let names = [&other.index, &own.index].map(|bytes| format!("{app}@{}", digest(bytes)));
        let listed = case("two names of one image")
            .file(bundle(&own.index))
            .image(&format!("{app}:1.0"))
            .paste(inspect(&digest(&own.configs[0]), &names, false));
        listed.proven("signed");
        let held = listed.clone().paste(pull(&format!("{app}:1.0"), &digest(&other.index)));
        assert_ne!(held.run().outcome, Outcome::Proven, "{}", links(&held.run()));
        let crane = format!("$ crane digest {app}:1.0\n{}\n", digest(&other.index));
        assert_ne!(listed.paste(crane).run().outcome, Outcome::Proven);
    }
}

/// What lies in a folder without a name is not said to be an image that a registry
/// was asked for; where the user names that image, it is.
#[test]
fn what_is_held_without_a_name_is_no_named_image() {
    let (a, copy) = (image("a", "1"), image("a", "2"));
    let (text, _) = include_str!("../evidence/tools/skopeo-folder.txt").split_once("=== facts").unwrap();
    let folder = text.replace("sha256:@B@", &digest(&copy.index)).replace("sha256:@E@", &digest(b"layer"));
    assert!(folder.contains(&digest(&copy.index)));
    let crane = format!("$ crane digest registry.example/app:1.0\n{}\n", digest(&a.index));
    let both = case("a folder and another image's registry").file(&copy.index).paste(folder).paste(crane);
    let report = both.run();
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
    both.named("a folder, and its name asked").image("registry.example/app:1.0").contradicted("held-differs");
}
