//! `tests/vectors/cases.json`: what real signatures prove, each with the twin
//! that proves nothing, beside what the tool that made them says.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::own_vectors::{Check, Facts, checks};
use webdis_verify::base::outcome::Outcome;
use webdis_verify::session::check::{Publisher, check};

fn said(case: &Check) -> (&'static str, &'static str, Option<String>) {
    let report = check(&case.given, &case.options).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    (report.outcome.name(), report.code, report.subject.digest)
}

#[test]
fn every_case_is_as_expected() {
    let mut wrong = Vec::new();
    for case in checks(&Facts::load()) {
        let (outcome, code, subject) = said(&case);
        let expected = (case.outcome.as_str(), case.code.as_str());
        let good = (outcome, code) == expected
            && (outcome != "proven" || case.subject.is_none() || case.subject == subject);
        println!("{} {:<44} {outcome:<13} {code}", if good { "ok  " } else { "DIFF" }, case.id);
        if !good {
            wrong.push(format!("{}: {outcome} {code} {subject:?}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_proven_case_has_its_negative_twin() {
    let all = checks(&Facts::load());
    let outcomes: BTreeMap<_, _> = all.iter().map(|c| (c.id.as_str(), c.outcome.as_str())).collect();
    assert_eq!(outcomes.len(), all.len(), "an id stands twice");
    let mut twins = BTreeSet::new();
    for case in &all {
        let Some(of) = case.twin.as_deref() else { continue };
        assert_eq!(outcomes.get(of), Some(&"proven"), "{} is no twin of {of}", case.id);
        assert_ne!(case.outcome, "proven", "{}", case.id);
        twins.insert(of);
    }
    for case in all.iter().filter(|case| case.outcome == "proven") {
        assert!(twins.contains(case.id.as_str()), "{} has no negative twin", case.id);
        assert!(case.subject.is_some(), "{} does not say what is proven", case.id);
    }
    assert!(twins.len() >= 20, "{}", twins.len());
}

#[test]
fn nothing_is_proven_under_pins_that_signed_nothing() {
    let facts = Facts::load();
    let proven = |case: &Check| case.outcome == "proven";
    for mut case in checks(&facts).into_iter().filter(proven) {
        case.options.publisher = match case.options.publisher {
            // The stranger's own cases are proven by `other`.
            Publisher::Key(name, _) if name == "other.pub" => key("cosign"),
            Publisher::Key(..) => key("other"),
            Publisher::ContentTrust(_, repository) => Publisher::ContentTrust("0".repeat(64), repository),
            other => panic!("{}: {other:?}", case.id),
        };
        let (outcome, code, _) = said(&case);
        assert_ne!(outcome, Outcome::Proven.name(), "{}: {code}", case.id);
    }
}

fn key(name: &str) -> Publisher {
    let file = crate::common::own_vectors::read(&format!("keys/{name}.pub"));
    Publisher::Key(format!("{name}.pub"), file)
}

#[test]
fn the_real_tool_says_the_same_or_it_is_said_why_not() {
    let facts = Facts::load();
    let (mut same, mut differ) = (0, 0);
    for case in checks(&facts) {
        let Some((file, why)) = &case.oracle else { continue };
        let accepted = facts.exit(file) == 0;
        assert_eq!(accepted == (case.outcome == "proven"), why.is_none(), "{}: {file} {accepted}", case.id);
        if why.is_none() { same += 1 } else { differ += 1 }
    }
    println!("{same} answers of cosign are the same, {differ} are others for a reason");
    assert!(same >= 10 && differ >= 1, "{same} {differ}");
}

#[test]
fn the_notary_client_lists_what_is_proven() {
    let facts = Facts::load();
    let mut rows = 0;
    for (stage, list) in facts.get("/trust/lists").as_object().unwrap() {
        let listed: BTreeMap<_, _> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row[0].as_str().unwrap().to_owned(), row[1].as_str().unwrap().to_owned()))
            .collect();
        let gun = if stage == "other-repository" { "/trust/other" } else { "/trust/gun" };
        let pins = match stage.as_str() {
            "other-repository" => "second",
            "stranger" => "stranger",
            name if name < "s3" => "first",
            name if name < "s5" => "rotated",
            _ => "newest",
        };
        for tag in ["0.1.19", "0.1.20", "0.1.21"] {
            let mut case = template(&facts, stage);
            case.options.image = Some(format!("{}:{tag}", facts.text(gun)));
            let pin = |role: &str| facts.text(&format!("/trust/{pins}/{role}")).to_owned();
            case.options.publisher = Publisher::ContentTrust(pin("root"), pin("repository"));
            let (outcome, code, subject) = said(&case);
            // docker pull takes one row, notary lists the other: nobody can say which is meant.
            let expected = match (stage.as_str(), tag, listed.get(tag)) {
                ("s9-tag-in-two-roles", "0.1.21", Some(_)) => ("contradicted", None),
                (_, _, Some(digest)) => ("proven", Some(digest.clone())),
                (.., None) => ("unsigned", None),
            };
            println!("{stage:<26} {tag} {outcome:<13} {code}");
            assert_eq!(outcome, expected.0, "{stage} {tag}: {code}");
            assert!(expected.1.is_none() || subject == expected.1, "{stage} {tag}: {subject:?}");
            rows += 1;
        }
    }
    assert!(rows >= 27, "{rows}");
}

/// A stage as it was served.
fn template(facts: &Facts, stage: &str) -> Check {
    let one = |(name, bytes)| webdis_verify::evidence::Given {
        name,
        origin: webdis_verify::evidence::Origin::File,
        bytes,
    };
    let files = crate::common::own_vectors::metadata(&format!("trust/{stage}"));
    let now = webdis_verify::Time::parse(facts.now()).unwrap();
    Check {
        id: stage.to_owned(),
        given: files.into_iter().map(one).collect(),
        options: webdis_verify::session::check::Options::at(now),
        outcome: String::new(),
        code: String::new(),
        subject: None,
        twin: None,
        oracle: None,
    }
}
