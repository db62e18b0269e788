//! The handed verdict cases, each through the built command line: exit code
//! and report must be among what `cases.json` allows.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::common::vectors;

fn outcome(status: Option<i32>, report: bool, command: &str) -> &'static str {
    match status {
        Some(0) if !report && command == "key" => "ok",
        Some(0) => "proven",
        Some(1) => "contradicted",
        Some(2) => "usage",
        Some(3) => "unsigned",
        Some(4) => "not-checked",
        _ => "crash",
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Outcome, code and subject of one run.
type Answer = (String, Value, Value);

/// Runs one case: what deviates, in words.
fn run(case: &Value, folder: &Path, alike: &mut BTreeMap<String, Answer>) -> Option<String> {
    let name = case["case"].as_str().unwrap();
    let mut args = texts(&case["args"]);
    let (command, report) = (args[0], args[0] == "check");
    if report {
        args.splice(1..1, ["--format", "json"]);
    }
    let own = folder.join(name);
    let elsewhere = std::env::temp_dir();
    let work = if own.is_dir() { &own } else { &elsewhere };
    let stdin = case["stdin"].as_str().map(|file| File::open(own.join(file)).unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_webdis-verify"))
        .args(&args)
        .current_dir(work)
        .stdin(stdin.map_or_else(Stdio::null, Stdio::from))
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let parsed: Value = if report && output.status.code() != Some(2) {
        match serde_json::from_slice(&output.stdout) {
            Ok(report) => report,
            Err(error) => return Some(format!("no JSON: {error}")),
        }
    } else {
        Value::Null
    };
    let got = parsed["outcome"].as_str().unwrap_or_else(|| outcome(output.status.code(), report, command));
    let code = parsed["code"].as_str().unwrap_or_default();
    let allowed = texts(&case["outcomes"]);
    if !allowed.contains(&got) {
        let start: String = err.chars().take(80).collect();
        return Some(format!("got {got} {code} {start}, wanted {allowed:?}"));
    }
    let codes = texts(&case["codes"]);
    if report && (!codes.is_empty() && !codes.contains(&code) || texts(&case["not_codes"]).contains(&code)) {
        return Some(format!("code {code}, wanted {codes:?}"));
    }
    let says = |text: &str| out.contains(text) || err.contains(text);
    if let Some(text) = case["says"].as_str().filter(|text| !says(text)) {
        return Some(format!("does not say {text:?}"));
    }
    if let Some(text) = case["not_says"].as_str().filter(|text| says(text)) {
        return Some(format!("says {text:?}"));
    }
    if let Some(digest) = case["item_digest"].as_str() {
        let items = ["items", "given"].iter().find_map(|list| parsed[list].as_array());
        if !items.into_iter().flatten().any(|item| item["digest"] == digest) {
            return Some("bytes not restored".to_owned());
        }
    }
    if case.get("same_as").is_some() {
        let answer = (got.to_owned(), parsed["code"].clone(), parsed["subject"]["digest"].clone());
        let first = alike.entry(name.to_owned()).or_insert_with(|| answer.clone());
        if *first != answer {
            return Some(format!("answers differ: {first:?} and {answer:?}"));
        }
    }
    None
}

#[test]
#[ignore = "needs ../shared"]
fn every_handed_case_is_answered_as_listed() {
    let folder = vectors::folder("verdict");
    let cases = vectors::json(&folder.join("cases.json"));
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 149);
    let (mut alike, mut wrong) = (BTreeMap::new(), Vec::new());
    for case in cases {
        let name = case["case"].as_str().unwrap();
        if let Some(why) = run(case, &folder, &mut alike) {
            wrong.push(format!("{name}#{}: {why}", case["run"]));
        }
    }
    println!("{} runs, {} wrong", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
