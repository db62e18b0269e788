//! A registry, or a proxy before it, that lies in every way we could think
//! of, and the whole engine behind it. The image is really signed, so that
//! honest is *proven*. Whatever a server does: bytes that were asked for by
//! digest are evidence only if they hash to it, and what could not be read is
//! never "unsigned".

use std::collections::BTreeMap;
use std::sync::Arc;

use webdis_verify::edge::native::client::{Client, Options as ClientOptions};
use webdis_verify::engine::link::Link;
use webdis_verify::model::reference::Reference;
use webdis_verify::session::registry::plan::{Options, Plan};

mod case;
mod index;
mod signatures;
mod tag;
mod wire;
mod world;

use case::{Case, run_all};
use wire::{challenge, ok, redirect, start, status};
use world::{Form, World};

/// Runs behaviours, prints the table, and compares.
fn table(title: &str, cases: &[Case]) {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for (case, row) in cases.iter().zip(run_all(cases)) {
        let verdicts: Vec<&str> = row.iter().map(|found| found.verdict.as_str()).collect();
        let shown = match verdicts[..] {
            [a, b, c] if a == b && b == c => a.to_owned(),
            [a, b, c] => format!("{a}; bundle alone: {b}; .sig alone: {c}"),
            _ => unreachable!(),
        };
        let beside = |link: &&Link| link.id().starts_with("fetch-");
        let mut beside: Vec<_> = row[0].report.links.iter().filter(beside).map(Link::code).collect();
        beside.dedup();
        lines.push(format!("| {} | {shown} | {} | {} |", case.name, row[0].left, beside.join(", ")));
        for found in &row {
            *counts.entry(found.report.outcome.name().to_owned()).or_default() += 1;
        }
        if verdicts != case.expected
            || row[0].left != case.left
            || row.iter().any(|found| !found.wrong.is_empty())
        {
            let said = |f: &case::Found| format!("{:?}: {} {:?}", f.form, f.report.headline, f.wrong);
            let said: Vec<_> = row.iter().map(said).collect();
            wrong.push(format!(
                "{}:\n  expected {:?} {}\n  found    {verdicts:?} {}\n  {}",
                case.name,
                case.expected,
                case.left,
                row[0].left,
                said.join("\n  ")
            ));
        }
    }
    let runs: usize = counts.values().sum();
    println!("{title}: {} behaviours, {runs} verdicts: {counts:?}", cases.len());
    println!(
        "| behaviour | verdict | left of index+manifests+configs+signatures | said beside |\n|---|---|---|---|"
    );
    println!("{}\n", lines.join("\n"));
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_done_to_the_image_is_never_proven_nor_unsigned() {
    let cases = index::cases();
    assert!(cases.len() >= 40);
    table("The image", &cases);
}

#[test]
fn a_tag_leads_to_the_image_whose_bytes_arrive() {
    let cases = tag::cases();
    assert!(cases.len() >= 12);
    table("The tag", &cases);
}

#[test]
fn a_place_of_signatures_counts_only_for_what_it_holds() {
    let cases = signatures::cases();
    assert!(cases.len() >= 40);
    table("The signatures", &cases);
}

#[test]
fn a_token_never_reaches_a_second_host() {
    let cdn = |call: &wire::Call, world: &World| {
        assert_eq!(call.tokens, 0, "the token reached the other host");
        let path = call.path.replace("/cdn", "");
        Some(match world.registry.documents.get(&path) {
            Some((_, bytes)) => ok("application/octet-stream", bytes),
            None => status("404 Not Found"),
        })
    };
    let (_, cdn) = start(World::new(Form::Both, false), Arc::new(cdn));
    let front = move |call: &wire::Call, world: &World| {
        if call.path.starts_with("/token") {
            return Some(ok("application/json", br#"{"token":"SECRET"}"#));
        }
        if call.tokens == 0 {
            return Some(challenge(&format!("Bearer realm=\"http://{}/token\"", world.authority)));
        }
        call.path.contains("/blobs/").then(|| redirect(format!("http://{cdn}/cdn{}", call.path)))
    };
    let (_, authority) = start(World::new(Form::Both, false), Arc::new(front));
    let reference = Reference::parse(&format!("{authority}/o/n:1")).unwrap();
    let client =
        Client::new(ClientOptions { named: vec![reference.host().clone()], ..ClientOptions::default() });
    let mut plan = Plan::new(reference, Options::default());
    plan.want_subject();
    client.run(&mut plan, &mut |_| {});
    assert!(plan.failures().is_empty(), "{:?}", plan.failures());
    assert_eq!(plan.take_evidence().len(), 10);
    assert_eq!(plan.progress().requests, 14);
}
