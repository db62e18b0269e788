//! The one next step finishes the check: the script that a report gives is run against a
//! registry on loopback, and its whole output is pasted below what was given before.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher, check};

use crate::common::own_vectors;

/// The registry that the vectors were made in.
const MADE_IN: &str = "localhost:5000";

/// Serves the vectors' registry; where it listens.
fn registry() -> String {
    let routes: BTreeMap<String, Value> =
        serde_json::from_slice(&own_vectors::read("registry.json")).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().and_then(Result::ok).unwrap_or_default();
            while lines.next().and_then(Result::ok).is_some_and(|line| !line.is_empty()) {}
            let path = request.split(' ').nth(1).unwrap_or_default();
            let route = routes.get(path).filter(|route| route["status"] == 200);
            let body = route.and_then(|route| route["file"].as_str()).map(own_vectors::read);
            let kind = route.and_then(|route| route["content_type"].as_str()).unwrap_or("application/json");
            let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
            let body = body.unwrap_or_default();
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            )
            .unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    place
}

/// A check with the key and the logs of the vectors, at the time they were made.
fn ask(image: Option<&str>, files: &[&str], text: &str) -> Report {
    let made = own_vectors::json("index.json")["made"].as_str().unwrap().to_owned();
    let options = Options {
        image: image.map(str::to_owned),
        publisher: Publisher::Key("cosign.pub".to_owned(), own_vectors::read("keys/cosign.pub")),
        trusted_root: Some(own_vectors::read("keys/trusted_root.json")),
        ..Options::at(Time::parse(&made).unwrap())
    };
    let file = |name: &&str| Given {
        name: (*name).to_owned(),
        origin: Origin::File,
        bytes: own_vectors::read(&format!("images/{name}")),
    };
    let mut given: Vec<Given> = files.iter().map(file).collect();
    given.push(Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: text.as_bytes().to_vec() });
    check(&given, &options).unwrap()
}

/// What the report's script prints on a terminal: both streams.
fn run(report: &Report, registry: &str) -> Option<String> {
    let mut scripts = report.commands.iter().filter(|command| command.code == "command-script");
    let script = scripts.next()?.command.replace(MADE_IN, registry);
    assert!(scripts.next().is_none(), "one script, not several");
    let ran = Command::new("sh").args(["-c", &script]).output().unwrap();
    Some(String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap())
}

fn paste(name: &str) -> String {
    String::from_utf8(own_vectors::read(&format!("pastes/{name}"))).unwrap()
}

fn below(command: &str, name: &str) -> String {
    format!("$ {command}\n{}", paste(name))
}

#[test]
fn the_script_s_output_finishes_the_check() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "curl is needed");
        return;
    }
    let registry = registry();
    let app = "localhost:5000/team/app:1.0";
    let legacy = "localhost:5000/team/legacy:1.0";
    let digests = own_vectors::json("index.json")["digests"].clone();
    let of = |id: &str| digests[id]["digest"].as_str().unwrap().to_owned();
    let child = format!("localhost:5000/team/app@{}", of("app/linux-amd64"));
    let table: Vec<(&str, Option<&str>, Vec<&str>, String)> = vec![
        ("tag only", Some(app), vec![], String::new()),
        ("a typed command only", None, vec![], format!("$ docker pull {app}\n")),
        ("bundle beside a tag", Some(app), vec!["app/index.bundle.json"], String::new()),
        (
            ".sig beside a tag",
            Some(legacy),
            vec!["legacy/index.payload.json", "legacy/index.annotations.json"],
            String::new(),
        ),
        (
            "a printed signature",
            None,
            vec![],
            below(&format!("cosign download signature {legacy}"), "cosign/download-signature-legacy.json"),
        ),
        ("child digest", Some(&child), vec![], String::new()),
        (
            "child digest, pasted, beside the index's bundle",
            None,
            vec!["app/index.bundle.json"],
            format!("{child}\n"),
        ),
        ("a pull of the index", None, vec![], paste("docker-28.2-daemon-29/pull-app.txt")),
        (
            "an image ID of the classic store",
            None,
            vec![],
            below(
                &format!("docker inspect --format '{{{{.Id}}}}' {app}"),
                "docker-28.2-daemon-20.10/id-app.txt",
            ),
        ),
        (
            "the same beside the bundle",
            None,
            vec!["app/index.bundle.json"],
            below(
                &format!("docker inspect --format '{{{{.Id}}}}' {app}"),
                "docker-28.2-daemon-20.10/id-app.txt",
            ),
        ),
        ("podman's pull", None, vec![], below(&format!("podman pull {app}"), "podman/pull-app.txt")),
        ("podman's list", Some(app), vec![], paste("podman/images-digests.txt")),
        (
            "a manifest printed anew",
            None,
            vec![],
            below(&format!("docker manifest inspect {app}"), "docker-28.2/manifest-inspect-app.json"),
        ),
        (
            "an error",
            None,
            vec![],
            format!("$ cosign verify --key other.pub {app}\nError: no matching signatures\n"),
        ),
    ];
    for (name, image, files, text) in &table {
        let mut report = ask(*image, files, text);
        assert_eq!(report.outcome, Outcome::NotChecked, "{name}: {}", report.headline);
        let mut pasted = text.clone();
        for round in 1..=2 {
            let printed =
                run(&report, &registry).unwrap_or_else(|| panic!("{name}: no script: {}", report.code));
            pasted = format!("{pasted}\n{printed}");
            report = ask(*image, files, &pasted);
            if report.outcome == Outcome::Proven {
                break;
            }
            assert!(round < 2, "{name}: {} {}", report.code, report.headline);
        }
        // The twin: with another digest or ID in what the computer printed, the same
        // script proves nothing of it.
        let held = ["app/index", "app/linux-amd64", "app/linux-amd64-config"].map(of);
        let evil = held.iter().fold(pasted[..text.len()].to_owned(), |text, digest| {
            let hex = digest.trim_start_matches("sha256:");
            text.replace(hex, &webdis_verify::Digest::of(hex.as_bytes()).hex())
        });
        if evil != *text {
            let report = ask(*image, files, &format!("{evil}{}", &pasted[text.len()..]));
            assert_ne!(report.outcome, Outcome::Proven, "{name}, evil: {}", report.headline);
        }
    }
}

/// What no script can find is said, and is no alarm.
#[test]
fn a_wrong_tag_and_an_unsigned_image_end_in_an_answer() {
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let registry = registry();
    for (image, code) in [
        ("localhost:5000/team/app:9.9", "error-image-unknown"),
        ("localhost:5000/team/unsigned:1.0", "signature-needed"),
    ] {
        let printed = run(&ask(Some(image), &[], ""), &registry).unwrap();
        let report = ask(Some(image), &[], &printed);
        assert_eq!((report.outcome, report.code), (Outcome::NotChecked, code), "{image}: {printed}");
        assert!(!report.next.is_empty(), "{image}");
    }
}
