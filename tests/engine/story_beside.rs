//! A story, and beside it what people have in the same terminal: another release's
//! outputs, another repository's. Nothing of it is about the image asked for, so
//! what holds still holds, and nothing is an alarm.

use webdis_verify::base::digest::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Link;
use webdis_verify::report::Report;

use crate::case::links;
use crate::stories::{
    ECR, MULTI, Output, SINGLE, STORIES, ask, hex, id, output, places, printed_list, pull, sha, shown,
    signed, single, trust, whole,
};

/// The outputs of a release as they would be of another one: other tag, other
/// digests, the same keys.
pub(crate) fn of_release(outputs: &[Output], tag: &str, other: &str) -> Vec<Output> {
    let keys = ["root", "repository", "alice"].map(hex);
    let change = |text: &str| {
        let mut out = text.replace(tag, other);
        for at in places(&out.clone()) {
            let Some(digest) = out.get(at..at + 64).map(str::to_owned) else { continue };
            if digest.bytes().all(|b| b.is_ascii_hexdigit()) && !keys.contains(&digest) {
                out.replace_range(at..at + 64, &hex(&format!("{digest} of {other}")));
            }
        }
        out
    };
    outputs.iter().map(|o| Output { command: change(&o.command), text: change(&o.text) }).collect()
}

/// What `docker trust inspect` prints of another repository: other keys.
fn foreign_trust(form: usize) -> Output {
    let own = trust(form, "7.2", &hex("redis"));
    let change = |text: &str| {
        let keys = ["root", "repository", "alice"].map(hex);
        let text =
            keys.iter().fold(text.to_owned(), |text, key| text.replace(key, &hex(&format!("other {key}"))));
        text.replace(&hex("alice")[..12], &hex("bob")[..12])
            .replace("alice", "bob")
            .replace("example/app", "library/redis")
    };
    Output { command: change(&own.command), text: change(&own.text) }
}

/// Links that say that something differs.
fn alarms(report: &Report) -> Vec<String> {
    let said = ["other-id-said", "other-digest-said"];
    let alarm = |link: &&Link| link.outcome() == Outcome::Contradicted || said.contains(&link.code());
    report.links.iter().filter(alarm).map(|link| format!("{} {}", link.code(), link.claim())).collect()
}

/// The same answer as without what stands beside, and no alarm.
#[track_caller]
fn same(name: &str, pastes: &[String], asked: Option<&str>, alone: Option<&Report>) {
    let report = ask(pastes, asked, &[]);
    let name = format!("{name}, asked {asked:?}");
    assert!(alarms(&report).is_empty(), "{name}: {:?}\n{}", alarms(&report), links(&report));
    let answer = (report.outcome, report.code);
    match alone {
        Some(alone) => assert_eq!(answer, (alone.outcome, alone.code), "{name}\n{}", links(&report)),
        // Nobody says which release is meant, but for what the tools hold.
        None => assert!(
            matches!(report.outcome, Outcome::NotChecked | Outcome::Consistent),
            "{name}\n{}",
            links(&report)
        ),
    }
}

#[test]
fn another_release_beside_a_story_changes_nothing() {
    let mut count = 0;
    for (name, story, tag, _) in STORIES {
        let own: String = story(0).iter().map(shown).collect();
        let asked = [format!("example/app:{tag}"), format!("{ECR}:{tag}")];
        let alone = asked.each_ref().map(|asked| ask(std::slice::from_ref(&own), Some(asked), &[]));
        for (other_name, other_story, other_tag, _) in STORIES {
            let other = if other_tag == SINGLE { "1.2.4" } else { "1.9.1" };
            let outputs = |form| of_release(&other_story(form), other_tag, other);
            let mut beside: Vec<(String, String)> =
                outputs(0).iter().map(|o| (o.command.clone(), shown(o))).collect();
            beside.extend(
                [0, 1, 2].map(|form| ("all of it".to_owned(), outputs(form).iter().map(shown).collect())),
            );
            for (what, text) in beside {
                let name = format!("{name}, beside {what} ({other_name})");
                for (asked, alone) in asked.iter().zip(&alone) {
                    for pastes in [vec![own.clone(), text.clone()], vec![format!("{text}{own}")]] {
                        same(&name, &pastes, Some(asked), Some(alone));
                        count += 1;
                    }
                }
                let release = what == "all of it" || !what.contains('@') && !what.contains("trust");
                if release {
                    same(&name, &[own.clone(), text.clone()], None, None);
                }
            }
        }
    }
    println!("{count} stories beside another release");
    assert!(count > 200, "{count}");
}

#[test]
fn trust_inspect_of_another_repository_is_no_evidence() {
    for (name, story, tag, _) in STORIES {
        for form in 0..3 {
            let own: String = story(form).iter().map(shown).collect();
            let foreign = shown(&foreign_trust(form));
            for asked in [None, Some(format!("example/app:{tag}")), Some(format!("{ECR}:{tag}"))] {
                let alone = ask(std::slice::from_ref(&own), asked.as_deref(), &[]);
                for pastes in [vec![own.clone(), foreign.clone()], vec![format!("{foreign}{own}")]] {
                    same(name, &pastes, asked.as_deref(), asked.is_some().then_some(&alone));
                }
                // The twin: the same keys under the pinned name are an alarm.
                let claimed = foreign.replace("library/redis", "example/app");
                let report = ask(&[own.clone(), claimed], asked.as_deref(), &[]);
                assert_eq!(report.outcome, Outcome::Contradicted, "{name}\n{}", links(&report));
            }
        }
    }
}

/// A release of one platform has one Id: a second one that nothing connects leaves it
/// open, and one that is the digest of a tag is the containerd store's.
#[test]
fn a_second_id_of_one_platform_is_connected_or_open() {
    let (hub, ecr) = (format!("example/app:{SINGLE}"), format!("{ECR}:{SINGLE}"));
    let own: Vec<String> = single(0).iter().map(shown).collect();
    for image in [&hub, &ecr] {
        for asked in [None, Some(&*hub), Some(&*ecr)] {
            let with = |digest: &str| ask(&[own.concat(), shown(&id(image, digest))], asked, &[]);
            let report = with(&sha("manifest"));
            assert_eq!(report.outcome, Outcome::Consistent, "{}", links(&report));
            let report = with(&sha("another config"));
            println!("{image}: {} {}", report.outcome.name(), report.code);
            assert_ne!(report.outcome, Outcome::Consistent, "{}", links(&report));
        }
    }
    // Without pulls nothing says of which store an Id is.
    let few: Vec<String> = single(0).iter().filter(|o| !o.command.contains("pull")).map(shown).collect();
    let second = shown(&id(&hub, &sha("another config")));
    let report = ask(&[few.concat(), second], Some(&hub), &[]);
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
}

/// Two Ids of two releases are not held against each other, two of one are.
#[test]
fn ids_of_two_releases_are_not_compared() {
    let of = |image: &str, name: &str| shown(&id(image, &sha(name)));
    let (hub, ecr) = (|tag: &str| format!("example/app:{tag}"), |tag: &str| format!("{ECR}:{tag}"));
    let codes = |pastes: &[String], asked: Option<&str>| -> Vec<String> {
        ask(pastes, asked, &[]).links.iter().map(|link| link.code().to_owned()).collect()
    };
    let differs =
        |codes: &[String]| codes.iter().any(|code| code == "other-id-said" || code == "procedure-id-differs");
    let two = [of(&hub("2.0"), "a"), of(&ecr("2.1"), "b")];
    assert!(!differs(&codes(&two, None)) && !differs(&codes(&two, Some("example/app:2.0"))));
    assert!(differs(&codes(&[of(&hub("2.0"), "a"), of(&ecr("2.0"), "b")], Some("example/app:2.0"))));
    // Asked for by digest, each says nothing of the release.
    let by_digest =
        |place: &str, name: &str| of(&format!("{place}@{}", sha(&format!("{place} {name}"))), name);
    let four = [
        by_digest("example/app", "a"),
        by_digest("example/app", "b"),
        by_digest(ECR, "c"),
        by_digest(ECR, "a"),
    ];
    assert!(!differs(&codes(&four[..3], Some("example/app:2.0"))));
    assert!(codes(&four, Some("example/app:2.0")).contains(&"same-id-said".to_owned()));
}

/// More words than are compared: said, nothing concluded, in any order.
#[test]
fn too_many_words_are_a_named_limit() {
    let hub = format!("example/app:{SINGLE}");
    let own: Vec<String> = single(0).iter().map(shown).collect();
    let flood: String = (0..80).map(|n| shown(&id(&hub, &sha(&format!("id {n}"))))).collect();
    for pastes in [vec![own.concat(), flood.clone()], vec![flood.clone(), own.concat()]] {
        let report = ask(&pastes, Some(&hub), &[]);
        println!("{} {}", report.outcome.name(), report.code);
        assert!(matches!(report.outcome, Outcome::NotChecked | Outcome::Contradicted), "{}", links(&report));
        assert!(report.links.iter().any(|link| link.code() == "limit-exceeded"), "{}", links(&report));
    }
    // Of other releases any number changes nothing.
    let others: String = (0..80)
        .map(|n| shown(&pull(&format!("example/app:1.2.{}", n + 10), &sha(&format!("{n}")))))
        .collect();
    for pastes in [vec![own.concat(), others.clone()], vec![others, own.concat()]] {
        let report = ask(&pastes, Some(&hub), &[]);
        assert_eq!(report.outcome, Outcome::Consistent, "{}", links(&report));
    }
}

/// Nobody named an image: what another of the publisher's registries has for the
/// release may be the one that is meant, and nothing is proven until it is connected.
#[test]
fn another_registry_of_the_release_leaves_open_which_is_meant() {
    let index = format!("sha256:{}", signed());
    let documented = [(MULTI, index.as_str())];
    let (hub, ecr) = (format!("example/app:{MULTI}"), format!("{ECR}:{MULTI}"));
    let list = shown(&printed_list("hub", &hub));
    let alone = ask(std::slice::from_ref(&list), None, &documented);
    assert_eq!((alone.outcome, alone.code), (Outcome::Proven, "published-as"));
    let evil = sha("evil");
    for (name, other, code) in [
        ("pull", pull(&ecr, &evil), "procedure-digest-open"),
        ("crane", output(&format!("crane digest {ecr}"), &format!("{evil}\n")), "procedure-digest-open"),
        ("id", id(&ecr, &evil), "procedure-id-open"),
    ] {
        let report = ask(&[list.clone(), shown(&other)], None, &documented);
        assert_eq!((report.outcome, report.code), (Outcome::NotChecked, code), "{name}\n{}", links(&report));
        let need = report.needs.first().unwrap();
        assert_eq!(need.repository.as_deref(), Some(ECR), "{name}");
        assert!(report.commands.iter().all(|command| command.command.contains("public.ecr.aws")), "{name}");
        // Who asks about the registry whose list it is has named it.
        let report = ask(&[list.clone(), shown(&other)], Some(&format!("docker.io/{hub}")), &documented);
        assert_eq!(report.code, "published-as", "{name}");
    }
    // The same digest there, and another release's, leave nothing open.
    for other in [pull(&ecr, &index), pull(&format!("{ECR}:{SINGLE}"), &evil)] {
        let report = ask(&[list.clone(), shown(&other)], None, &documented);
        assert_ne!(report.code, "procedure-digest-open", "{}", links(&report));
    }
    // Both lists, and the configs of both: the copy is the documented image.
    let mut pastes: Vec<String> = whole(0).iter().map(shown).collect();
    let copy = format!("sha256:{}", Digest::of(crate::stories::list("ecr").as_bytes()).hex());
    pastes.push(shown(&pull(&ecr, &copy)));
    let report = ask(&pastes, None, &documented);
    assert_eq!(report.outcome, Outcome::Proven, "{}", links(&report));
    pastes.push(shown(&pull(&ecr, &evil)));
    assert_ne!(ask(&pastes, None, &documented).outcome, Outcome::Proven);
}

/// A digest alone, in a text or as the user's: what the author documented of it is
/// said. No bytes were given, so it is never proven, and never an alarm.
#[test]
fn a_digest_alone_is_held_against_the_documented_ones() {
    let (index, other) = (format!("sha256:{}", signed()), sha("another release"));
    let documented = [(SINGLE, other.as_str()), (MULTI, index.as_str())];
    let wrong = format!("{}{}", &index[..70], if index.ends_with('0') { "1" } else { "0" });
    for (digest, tag, outcome, code) in [
        (&index, MULTI, Outcome::Consistent, "digest-documented"),
        (&other, MULTI, Outcome::NotChecked, "digest-of-another-release"),
        (&wrong, MULTI, Outcome::NotChecked, "digest-not-documented"),
        (&wrong, "latest", Outcome::NotChecked, "signature-needed"),
        (&index, "latest", Outcome::NotChecked, "signature-needed"),
    ] {
        let text = format!("FROM example/app:{tag}@{digest}\n");
        let pinned = format!("docker.io/example/app:{tag}@{digest}");
        for report in [ask(&[text], None, &documented), ask(&[], Some(&pinned), &documented)] {
            assert_eq!((report.outcome, report.code), (outcome, code), "{digest} {tag}\n{}", links(&report));
        }
    }
    // Another registry may have manifests of its own.
    let report = ask(&[format!("FROM {ECR}:{MULTI}@{wrong}\n")], None, &documented);
    assert_eq!(report.outcome, Outcome::NotChecked);
    assert_ne!(report.code, "digest-not-documented");
    // A pull that shows another release's digest.
    let report = ask(&[shown(&pull("example/app:2.0.0", &other))], None, &documented);
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
}

/// The documented list as `jq .` prints it hashes to the documented digest; what no
/// form of does may have been printed anew, and is no alarm.
#[test]
fn a_documented_list_may_have_been_printed_anew() {
    let index = format!("sha256:{}", signed());
    let documented = [(MULTI, index.as_str())];
    let image = format!("docker.io/example/app:{MULTI}");
    let value: serde_json::Value = serde_json::from_str(&crate::stories::list("hub")).unwrap();
    let jq = format!("{}\n", serde_json::to_string_pretty(&value).unwrap());
    let report = ask(&[crate::stories::list("hub")], Some(&image), &documented);
    assert_eq!(report.code, "published-as");
    let unordered =
        serde_json::to_string_pretty(&serde_json::json!({"manifests": value["manifests"].clone(),
        "schemaVersion": 2, "mediaType": value["mediaType"].clone()}));
    for text in [jq, unordered.unwrap()] {
        let report = ask(&[text], Some(&image), &documented);
        assert!(["published-as", "bytes-differ"].contains(&report.code), "{}", links(&report));
    }
    let report = ask(&[crate::stories::list("ecr")], Some(&image), &documented);
    assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "bytes-differ"), "{}", links(&report));
    // Below its command the bytes are what the registry has for the tag.
    let crane = output(&format!("crane manifest {image}"), &crate::stories::list("ecr"));
    let report = ask(&[shown(&crane)], Some(&image), &documented);
    assert_ne!(report.outcome, Outcome::Proven, "{}", links(&report));
}
