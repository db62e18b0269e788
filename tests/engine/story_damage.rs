//! A story that was pasted badly: cut off anywhere, or with a line missing. What is
//! left never makes an alarm.

use webdis_verify::base::digest::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, check};

use crate::case::{NOW, links};
use crate::stories::{ECR, MULTI, STORIES, ask, id, list, printed_list, pull, sha, shown, signed, trust};

fn no_alarm(name: &str, report: &Report, alarms: &mut Vec<String>) {
    // A list that is whole is what the author documented, whatever is missing beside it.
    let documented = report.code == "published-as";
    if !documented && !matches!(report.outcome, Outcome::Consistent | Outcome::NotChecked) {
        alarms.push(format!("{name}: {} {}\n{}", report.outcome.name(), report.code, links(report)));
    }
}

#[track_caller]
fn none(alarms: &[String]) {
    assert!(alarms.is_empty(), "{} alarms\n{}", alarms.len(), alarms.join("\n"));
}

/// A documented digest alarms most easily. Who is asked about goes in turn.
fn turn(n: usize, name: &str, tag: &str, text: &str, alarms: &mut Vec<String>) {
    let digest = if tag == MULTI { format!("sha256:{}", signed()) } else { sha("manifest") };
    let images = [None, Some(format!("example/app:{tag}")), Some(format!("{ECR}:{tag}"))];
    let image = images[n % 3].as_deref();
    let report = ask(&[text.to_owned()], image, &[(tag, &digest)]);
    no_alarm(&format!("{name}, {image:?}"), &report, alarms);
}

#[test]
fn a_story_that_is_cut_off_is_no_alarm() {
    let mut alarms = Vec::new();
    for (name, story, tag, _) in STORIES {
        let outputs = story(0);
        let before: String = outputs[..2].iter().map(shown).collect();
        for output in &outputs {
            let text = shown(output);
            for at in 1..text.len() {
                let (name, cut) = (format!("{name}, cut at {at}"), &text[..at]);
                turn(at, &name, tag, cut, &mut alarms);
                // At the ends of words, after others.
                if !text.as_bytes()[at].is_ascii_alphanumeric() {
                    turn(
                        at / 3,
                        &format!("{name} after others"),
                        tag,
                        &format!("{before}{cut}"),
                        &mut alarms,
                    );
                }
            }
        }
    }
    none(&alarms);
}

#[test]
fn a_line_that_is_missing_is_no_alarm() {
    let mut alarms = Vec::new();
    for (name, story, tag, _) in STORIES {
        for form in 0..3 {
            let text: String = story(form).iter().map(shown).collect();
            let lines: Vec<&str> = text.lines().collect();
            for missing in 0..lines.len() {
                let left = [&lines[..missing], &lines[missing + 1..]].concat().join("\n");
                turn(
                    form + missing,
                    &format!("{name}, form {form}, without `{}`", lines[missing]),
                    tag,
                    &left,
                    &mut alarms,
                );
            }
        }
    }
    none(&alarms);
}

/// docker leaves out an index's annotations when it prints it: a text that holds what
/// it printed holds no original bytes, also in a file.
#[test]
fn a_document_in_a_text_file_is_not_held_against_a_pull() {
    let image = "registry.example/app:1.0";
    let held = shown(&pull(image, &sha("the index with its annotations")));
    let printed = shown(&printed_list("hub", image));
    let jq = printed.replace(image, &format!("{image} | jq 'del(.annotations)'"));
    for text in [&printed, &jq, &printed.trim_end().to_owned()] {
        for origin in [Origin::Paste, Origin::File] {
            let given = [&held, text].map(|text| Given {
                name: "log.txt".to_owned(),
                origin: origin.clone(),
                bytes: text.clone().into_bytes(),
            });
            let options = Options { image: Some(image.to_owned()), ..Options::at(Time::parse(NOW).unwrap()) };
            let report = check(&given, &options).unwrap();
            assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
        }
    }
}

/// Each digest that is printed takes part in a comparison, or is an open point.
#[test]
fn what_nothing_connects_is_never_consistent() {
    let (hub, ecr) = (format!("example/app:{MULTI}"), format!("{ECR}:{MULTI}"));
    let story: String = STORIES[2].1(0).iter().map(shown).collect();
    let whole = format!("sha256:{}", signed());
    let other = sha("another release");
    let documented = [(MULTI, &*whole), ("1.9.1", &*other)];
    let asked = |more: &str| ask(&[format!("{story}{more}")], Some(&ecr), &documented);
    let copy = Digest::of(list("ecr").as_bytes()).to_string();
    let config = sha("config amd64");
    for harmless in
        [String::new(), shown(&pull(&ecr, &copy)), shown(&id(&hub, &config)), shown(&id(&ecr, &copy))]
    {
        let report = asked(&harmless);
        assert_eq!(report.outcome, Outcome::Consistent, "{harmless}\n{}", links(&report));
    }
    for (more, outcome, code) in [
        (pull(&ecr, &other), Outcome::Contradicted, "published-differs"),
        (pull(&ecr, &sha("unknown")), Outcome::NotChecked, "procedure-digest-open"),
        (id(&ecr, &sha("unknown")), Outcome::NotChecked, "procedure-id-open"),
        (id(&hub, &sha("unknown")), Outcome::NotChecked, "procedure-id-open"),
    ] {
        let report = asked(&shown(&more));
        assert_eq!(report.outcome, outcome, "{}\n{}", more.text, links(&report));
        assert!(report.links.iter().any(|link| link.code() == code), "{code}\n{}", links(&report));
    }
    // Keys without a signed tag: docker was asked, and shows no signature.
    let text = trust(0, MULTI, &signed()).text;
    let rowless: String =
        text.lines().filter(|line| !line.starts_with(MULTI)).map(|line| format!("{line}\n")).collect();
    let report = ask(&[shown(&pull(&hub, &whole)) + &rowless], Some(&hub), &documented);
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
    assert!(report.links.iter().any(|link| link.code() == "procedure-signed-needed"));
}
