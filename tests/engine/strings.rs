//! What a terminal printed, in the strings of a document of no known format: beside good
//! evidence another pull is never proven, and the same one changes nothing.

use serde_json::{Value, json};
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case, links};
use crate::common::image::{bundle, digest, image};

const APP: &str = "registry.example/app:1.0";

fn signed(name: &str) -> Case {
    let a = image("a", "1");
    let files = case(name).file(&a.index).file(&a.manifests[0]).file(&a.manifests[1]);
    files.file(bundle(&a.index)).digest(&digest(&a.index)).image(APP)
}

fn pulled(digest: &str) -> String {
    format!("1.0: Pulling from app\nDigest: {digest}\nStatus: Downloaded newer image for {APP}\n{APP}\n")
}

/// How a document holds a text.
const HOLD: &[(&str, fn(&str) -> Value)] = &[
    ("a task", |text| {
        json!({"changed": true, "cmd": ["docker", "pull", APP], "stdout": text,
            "stdout_lines": text.lines().collect::<Vec<_>>()})
    }),
    ("a task's lines", |text| json!({"rc": 0, "stdout_lines": text.lines().collect::<Vec<_>>()})),
    ("a notebook", |text| {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let output = json!({"output_type": "stream", "name": "stdout", "text": lines});
        json!({"cells": [{"cell_type": "code", "outputs": [output], "source": ["!docker pull"]}]})
    }),
    (
        "a remote command",
        |text| json!({"InstanceId": "i-01", "Status": "Success", "StandardOutputContent": text}),
    ),
    ("a chat", |text| json!([{"type": "message", "text": format!("I see\n```{text}```"), "ts": "1.1"}])),
    ("an issue", |text| {
        let body = format!("Hello,\n```\n{text}```\n").replace('\n', "\r\n");
        json!({"number": 1, "title": "a pull", "labels": [], "body": body})
    }),
    ("lines", |text| text.lines().collect::<Vec<_>>().into()),
    ("a document in a string", |text| {
        let digest = text.split_whitespace().find(|word| word.starts_with("sha256:")).unwrap();
        let shown = json!([{"Id": digest, "RepoTags": [APP],
            "RepoDigests": [format!("registry.example/app@{digest}")]}]);
        json!({"stdout": shown.to_string()})
    }),
    ("twice in a string", |text| json!({"a": json!({"b": json!({"c": text}).to_string()}).to_string()})),
    ("beside a token", |text| json!({"token": "ghp_0123456789abcdefghijklmnopqrstuvwxyz", "out": text})),
    ("base64 in lines", |text| {
        let encoded = webdis_verify::base::encoding::base64::encode(text.as_bytes());
        let (one, two) = encoded.split_at(60);
        json!({"encoding": "base64", "content": format!("{one}\n{two}\n")})
    }),
];

#[test]
fn a_pull_in_a_string_is_read() {
    let (good, other) = (digest(&image("a", "1").index), digest(&image("b", "2").index));
    for (how, hold) in HOLD {
        for text in [hold(&pulled(&good)).to_string(), format!("{:#}", hold(&pulled(&good)))] {
            for case in [signed(how).file(&text), signed(how).paste(format!("$ get output\n{text}\n"))] {
                let report = case.run();
                assert_eq!(report.outcome, Outcome::Proven, "{how}: {text}\n{}", links(&report));
                assert!(report.links.iter().any(|l| l.code() == "held-matches"), "{how}: {text}");
            }
        }
        for text in [hold(&pulled(&other)).to_string(), format!("{:#}", hold(&pulled(&other)))] {
            for case in [signed(how).file(&text), signed(how).paste(format!("$ get output\n{text}\n"))] {
                let report = case.run();
                assert_ne!(report.outcome, Outcome::Proven, "{how}: {text}\n{}", links(&report));
            }
        }
    }
}

/// What stands too deep to be read is said to be unread.
#[test]
fn strings_in_strings_meet_a_limit() {
    let (good, other) = (digest(&image("a", "1").index), digest(&image("b", "2").index));
    let deep =
        |digest: &str, depth| (0..depth).fold(pulled(digest), |text, _| json!({ "x": text }).to_string());
    signed("shallow").file(deep(&good, 8)).proven("signed-as");
    for depth in [8, 9, 12] {
        let report = signed("deep").file(deep(&other, depth)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{depth}\n{}", links(&report));
    }
}

/// Digests of other things, as documents of no known format hold them.
#[test]
fn other_strings_say_nothing() {
    let other = digest(b"another");
    for (name, document) in [
        ("a list of parts", json!({"files": [{"name": "/bin/x", "comment": format!("layerID: {other}")}]})),
        (
            "another image",
            json!({ "stdout": pulled(&other).replace(APP, "redis:7").replace("app", "redis") }),
        ),
        ("a build's base", json!({"content": format!("FROM alpine:3.19@{other}\nRUN apk add x\n")})),
        ("a sum", json!({"out": format!("{}  x.tar\n", other.trim_start_matches("sha256:"))})),
        ("a task's result", json!([{"name": "BASE", "value": format!("{other}\n")}])),
        ("prose", json!({"warnings": ["no limit of swap", "two words"], "text": "a\nb\n"})),
    ] {
        signed(name).file(document.to_string()).proven("signed");
    }
}
