//! `vectors/cosign` through the library: kind by kind, as expected or not.

use std::collections::BTreeMap;

use crate::common::cosign_case::Case;
use crate::common::vectors;
use webdis_verify::base::code::Class;
use webdis_verify::proof::sigstore::TrustedRoot;

/// Cases whose verdict is a matter of policy. All are refused: a text that
/// has two readings, or that is nested past the limit; text before a key; a
/// key in another form than its fingerprint is published for.
const POLICY: [(&str, &str); 4] = [
    ("synthetic-payload/case-shadow", "json-case-variant"),
    ("synthetic-payload/deep-nesting", "limit-exceeded"),
    ("key-files/garbage-before", "key-malformed"),
    ("key-files/compressed-point", "key-malformed"),
];

#[test]
#[ignore = "needs ../shared"]
fn every_case_is_as_expected() {
    let folder = vectors::folder("cosign");
    let root = TrustedRoot::parse(&vectors::read(&folder.join("trusted_root.prod.json"))).unwrap();
    let index = vectors::json(&folder.join("index.json"));
    let mut table: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut deviations = Vec::new();
    for case in index.as_array().unwrap() {
        let text = |name: &str| case[name].as_str();
        let (id, kind, expect) = (text("id").unwrap(), text("kind").unwrap(), text("expect").unwrap());
        let files = if kind == "key-file" {
            let path = folder.join(format!("{id}.pub"));
            BTreeMap::from([(id.to_owned(), vectors::read(&path))])
        } else {
            vectors::files(&folder.join(id))
        };
        let case = Case {
            kind,
            files: &files,
            image_digest: text("image_digest"),
            require_log: case.get("require_tlog").and_then(serde_json::Value::as_bool),
        };
        let verdict = case.judge(&root);
        let as_expected = match &verdict {
            Ok(()) => expect == "pass" && !kind.contains("keyless"),
            // Identities are not checked yet: never proven, never contradicted.
            Err(error) if kind.contains("keyless") => {
                error.class() == Class::NotChecked && error.code().name() == "identity-not-supported-yet"
            }
            Err(error) if expect == "policy" => POLICY.contains(&(id, error.code().name())),
            Err(_) => expect == "fail",
        };
        table.entry(kind.to_owned()).or_default()[usize::from(!as_expected)] += 1;
        let said = verdict.map_or_else(|error| error.to_string(), |()| "proven".to_owned());
        println!("{} {id} ({expect}): {said}", if as_expected { "ok  " } else { "DIFF" });
        if !as_expected {
            deviations.push(format!("{id} ({expect}): {said}"));
        }
    }
    println!("\n{:<20} {:>11} {:>4}", "kind", "as expected", "not");
    for (kind, [yes, no]) in &table {
        println!("{kind:<20} {yes:>11} {no:>4}");
    }
    assert!(deviations.is_empty(), "{}", deviations.join("\n"));
    assert_eq!(table.values().flatten().sum::<usize>(), index.as_array().unwrap().len());
}
