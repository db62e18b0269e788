//! What a report asks for completes it, and it does not matter who brings it.

use serde_json::Value;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::Check;

use crate::case::{Case, case, invariants};
use crate::common::image::{Image, bundle, digest, image, sig_manifest, simple};

/// Everything that could be asked for, by the digest it is asked for.
type Shelf = Vec<(String, Vec<u8>)>;

fn shelf(image: &Image, signatures: &[Vec<u8>]) -> Shelf {
    let parts = image.manifests.iter().chain(&image.configs).chain([&image.index]);
    let mut shelf: Shelf = parts.map(|bytes| (digest(bytes), bytes.clone())).collect();
    shelf.extend(
        signatures.iter().map(|bytes| (format!("signature of {}", digest(&image.index)), bytes.clone())),
    );
    shelf
}

/// The documents that a report's needs ask for.
fn asked(report: &Report, shelf: &Shelf) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for need in &report.needs {
        let need = serde_json::to_value(need).unwrap();
        let key = match need["kind"].as_str().unwrap() {
            "signature" => format!("signature of {}", need["digest"].as_str().unwrap()),
            "tag" => shelf.iter().find(|(_, b)| b.starts_with(b"{\"manifests\"")).unwrap().0.clone(),
            _ => need["digest"].as_str().unwrap_or_default().to_owned(),
        };
        found.extend(shelf.iter().filter(|(name, _)| *name == key).map(|(_, bytes)| bytes.clone()));
    }
    found
}

/// Fulfils the needs until the verdict is final; says how many rounds it took.
fn complete(case: &Case, shelf: &Shelf, origin: &dyn Fn(&[u8]) -> Origin) -> (Report, usize) {
    let check = Check::new(&case.options).unwrap();
    let mut given = case.given.clone();
    for round in 0..10 {
        let report = check.run(&given, &[]);
        invariants("needs", &report);
        let before = given.len();
        for bytes in asked(&report, shelf) {
            if !given.iter().any(|known| known.bytes == bytes) {
                let name = format!("document {}", given.len() + 1);
                given.push(Given { name, origin: origin(&bytes), bytes });
            }
        }
        if given.len() == before {
            return (report, round);
        }
    }
    panic!("asks without end");
}

/// The report without the names of what was given.
fn anonymous(report: &Report) -> Value {
    let mut value = serde_json::to_value(report).unwrap();
    value["commands"] = Value::Null;
    for item in value["items"].as_array_mut().unwrap() {
        // A paste says how its bytes were restored, or that nothing confirms them.
        item["notes"] = Value::Null;
        item["repairs"] = Value::Null;
    }
    value
}

#[test]
fn fulfilling_the_needs_completes_every_incomplete_case() {
    let a = image("a", "1");
    let (payload, annotations) = simple(&a.index);
    let manifest = sig_manifest(&[(payload.clone(), annotations.clone())]);
    let bundles = shelf(&a, &[bundle(&a.index)]);
    let mut simple_shelf = shelf(&a, &[manifest]);
    simple_shelf.push((digest(&payload), payload));
    for (name, case, shelf) in [
        ("digest only", case("").digest(&digest(&a.index)), &bundles),
        ("tag only", case("").image("registry.example/app:1.0"), &bundles),
        ("index only", case("").file(&a.index), &bundles),
        ("simple signing", case("").digest(&digest(&a.index)), &simple_shelf),
        (
            "child, signature of the index",
            case("").digest(&digest(&a.manifests[1])).file(bundle(&a.index)),
            &bundles,
        ),
    ] {
        let first = case.run();
        assert_ne!(first.outcome, Outcome::Proven, "{name}");
        assert!(first.needs.iter().any(|need| need.required), "{name}: asks for nothing it waits for");
        let (fetched, rounds) = complete(&case, shelf, &|bytes| {
            Origin::Fetched(format!("https://registry.example/v2/app/blobs/{}", digest(bytes)))
        });
        println!("{name:<32} {rounds} round(s): {}", fetched.headline);
        assert_eq!(fetched.outcome, Outcome::Proven, "{name}: {}", fetched.headline);
        assert!(fetched.needs.iter().all(|need| !need.required), "{name}: {:?}", fetched.needs);
        let (pasted, _) = complete(&case, shelf, &|_| Origin::Paste);
        assert_eq!(anonymous(&fetched), anonymous(&pasted), "{name}: pasted and fetched differ");
    }
}

#[test]
fn needs_that_cannot_be_fulfilled_end() {
    let a = image("a", "1");
    let case = case("").digest(&digest(&a.index));
    let (report, _) = complete(&case, &shelf(&a, &[]), &|_| Origin::Paste);
    assert_eq!(report.outcome, Outcome::NotChecked);
    assert!(report.needs.iter().any(|need| need.required));
}

/// What is asked for by its ID nobody has; a registry's digest connects it.
#[test]
fn nobody_is_asked_for_an_id() {
    let image = image("an ID", "1");
    let id = digest(&image.configs[0]);
    let printed = format!("$ docker image inspect example.com/team/app:1.0 | jq -r '.[].Id'\n{id}\n");
    let unnamed = format!("$ docker load -i app.tar\nLoaded image ID: {id}\n");
    for text in [&printed, &unnamed] {
        let report = case("an ID alone").paste(text).not_checked("image-id-alone");
        assert!(report.needs.iter().all(|need| !format!("{:?}", need.kind).contains(&id)), "{text}");
        assert!(report.commands.iter().all(|command| !command.command.contains(&id)), "{text}");
        assert!(!report.subject.reference.unwrap_or_default().contains(&id), "{text}");
    }
    let signed = case("its image signed").paste(&unnamed).file(bundle(&image.index)).file(&image.index);
    assert_ne!(signed.run().outcome, Outcome::Proven);
    assert_eq!(signed.file(&image.manifests[0]).run().outcome, Outcome::Proven);
}
