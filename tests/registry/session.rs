//! A session over time: what it keeps, what it forgets, and that checking
//! again says the same. A registry is a function; nothing opens a connection.

use std::cell::Cell;

use serde_json::json;
use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::model::reference::Reference;
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher};
use webdis_verify::session::registry::request::{Exchange, Reply, Request};
use webdis_verify::session::{Route, Session};

use crate::common::image::{bundle, image};
use crate::common::registry::{Registry, reply, signed};
use crate::common::stand_in::{self, Base};

fn options(image: &str) -> Options {
    Options {
        image: Some(image.to_owned()),
        publisher: Publisher::Key("test.pub".to_owned(), stand_in::key().pem().into()),
        trusted_root: Some(stand_in::Plan::new(Base::DsseV1).trusted_root().into_bytes()),
        ..Options::at(Time::parse("2026-11-21T12:00:00Z").unwrap())
    }
}

fn drive(session: &mut Session, server: &dyn Fn(&Request) -> Reply) -> usize {
    let mut sent = 0;
    loop {
        let requests = session.next_requests();
        if requests.is_empty() {
            return sent;
        }
        for request in requests {
            sent += 1;
            assert!(sent < 500, "the session does not end");
            session.feed(request.id, server(&request));
        }
    }
}

fn text(text: &str) -> Given {
    Given { name: text.to_owned(), origin: Origin::Paste, bytes: text.into() }
}

fn file(name: &str, bytes: &[u8]) -> Given {
    Given { name: name.to_owned(), origin: Origin::File, bytes: bytes.to_vec() }
}

fn headline(report: &Report) -> (&'static str, &'static str, String) {
    (report.outcome.name(), report.code, report.headline.clone())
}

fn limited(_: &Request) -> Reply {
    Ok(reply(429, &[("retry-after", "77")], b"{}"))
}

#[test]
fn a_cause_outlives_every_further_check() {
    let mut session = Session::new(&options("r.example/o/n:1")).unwrap();
    session.fetch(Route::Proxy).unwrap();
    assert_eq!(drive(&mut session, &limited), 1);
    let first = headline(&session.check());
    assert_eq!((first.0, first.1), ("not-checked", "registry-rate-limited"));
    assert!(first.2.contains("77"), "{}", first.2);
    assert_eq!(headline(&session.check()), first, "checked again");
    let id = session.add(text("hello"));
    assert_eq!(headline(&session.check()), first, "with a text that says nothing");
    assert!(session.remove(id));
    assert!(!session.remove(id), "removed once");
    assert_eq!(headline(&session.check()), first);
    // Another key is no other image.
    session.set_options(&Options { publisher: Publisher::Default, ..options("r.example/o/n:1") }).unwrap();
    assert_eq!(headline(&session.check()), first, "against another publisher");
    // Of another image nothing was asked.
    session.set_options(&options("r.example/o/n:2")).unwrap();
    assert_ne!(session.check().code, "registry-rate-limited");
    assert!(session.lookups().is_empty() && session.tag_answers().is_empty());
}

#[test]
fn what_the_user_gave_answers_where_a_registry_does_not() {
    let image = image("x", "1");
    let name = format!("r.example/o/n@{}", webdis_verify::base::digest::Digest::of(&image.index));
    let given = [file("index.json", &image.index), file("bundle.json", &bundle(&image.index))];
    let mut alone = Session::new(&options(&name)).unwrap();
    let mut asked = Session::new(&options(&name)).unwrap();
    asked.fetch(Route::Direct).unwrap();
    drive(&mut asked, &limited);
    assert_eq!(asked.check().outcome.name(), "not-checked");
    for given in given {
        alone.add(given.clone());
        asked.add(given);
    }
    assert_eq!(headline(&alone.check()), headline(&asked.check()));
    assert_eq!(asked.check().outcome.name(), "proven");
}

#[test]
fn a_late_reply_is_not_taken_for_another_fetch() {
    let (registry, _) = signed();
    let mut session = Session::new(&options("r.example/o/n:1")).unwrap();
    session.fetch(Route::Direct).unwrap();
    let [late] = &session.next_requests()[..] else { panic!("one request finds out about tokens") };
    session.fetch(Route::Direct).unwrap();
    let [now] = &session.next_requests()[..] else { panic!() };
    session.feed(late.id, limited(late));
    assert!(session.next_requests().is_empty(), "the second fetch still waits");
    assert_eq!(session.plan().unwrap().progress().requests, 0);
    session.feed(now.id, Ok(registry.answer(now)));
    drive(&mut session, &|request| Ok(registry.answer(request)));
    assert_ne!(session.check().code, "registry-rate-limited");
}

#[test]
fn bytes_are_those_that_were_hashed() {
    let (registry, subject) = signed();
    let mut session = Session::new(&options("r.example/o/n:1")).unwrap();
    session.add(text("hello"));
    session.fetch(Route::Direct).unwrap();
    drive(&mut session, &|request| Ok(registry.answer(request)));
    let report = session.check();
    assert!(report.items.iter().all(|item| item.bytes.is_none()), "bytes are asked for");
    for (index, item) in report.items.iter().enumerate() {
        let bytes = session.bytes(index).unwrap();
        assert_eq!(webdis_verify::base::digest::Digest::of(&bytes).to_string(), item.digest);
    }
    assert!(report.items.iter().any(|item| item.digest == subject.to_string()));
    assert!(session.bytes(report.items.len()).is_none());
}

#[test]
fn a_comparison_replaces_what_the_same_repository_said() {
    let (registry, subject) = signed();
    let empty = Registry::default();
    let mut session = Session::new(&options("r.example/o/n:1")).unwrap();
    session.fetch(Route::Direct).unwrap();
    drive(&mut session, &|request| Ok(registry.answer(request)));
    let other = || Reference::parse("mirror.example/o/n:1").unwrap();
    session.compare(other(), Route::Direct);
    drive(&mut session, &|request| Ok(empty.answer(request)));
    assert!(session.plan().unwrap().subject_failed());
    session.compare(other(), Route::Direct);
    drive(&mut session, &|request| Ok(registry.answer(request)));
    let told = session.tag_answers();
    assert_eq!(told.len(), 2, "one answer of each");
    assert!(told.iter().all(|told| told.answer.as_ref().is_ok_and(|digest| digest.matches(&subject))));
    let there = session.evidence().count();
    session.compare(other(), Route::Direct);
    drive(&mut session, &|request| Ok(registry.answer(request)));
    assert_eq!(session.evidence().count(), there, "and its evidence once");
    session.unfetch();
    assert_eq!(session.evidence().count(), 0);
}

/// The publisher's profile says that this release is signed with Content Trust: its server is
/// asked what the tag means also where a cosign signature is good.
#[test]
fn a_release_of_content_trust_is_asked_for_at_its_server() {
    let a = image("a", "1");
    let asked = |scheme: &str, tag: &str| {
        let profile = json!({
            "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
            "repositories": ["r.example/o/n"], "log": "required",
            "keys": [{"name": "example", "pem": stand_in::key().pem(), "fingerprint": stand_in::key().fingerprint().hex()}],
            "contentTrust": {"gun": "r.example/o/n", "server": "https://notary.example",
                "root": ["1".repeat(64)], "repository": ["2".repeat(64)]},
            "releases": [{"from": "1.0", "scheme": scheme, "platforms": "multi"}]
        });
        let publisher = Publisher::Profile(profile.to_string().into_bytes());
        let mut session =
            Session::new(&Options { publisher, ..options(&format!("r.example/o/n:{tag}")) }).unwrap();
        session.add(file("bundle.json", &bundle(&a.index)));
        session.fetch(Route::Direct).unwrap();
        let mut registry = Registry::default();
        let index = std::str::from_utf8(&a.index).unwrap();
        registry.manifest(Some(tag), "application/vnd.oci.image.index.v1+json", index);
        let asked = Cell::new(0);
        drive(&mut session, &|request| {
            if request.url.to_string().contains("notary.example") {
                asked.set(asked.get() + 1);
                return Ok(reply(404, &[], b"{}"));
            }
            Ok(registry.answer(request))
        });
        (session.check().outcome.name(), asked.get() > 0)
    };
    // `latest` is that scheme's, too, where all releases are.
    for tag in ["1.0", "latest"] {
        assert_eq!(asked("content-trust", tag), ("proven", true), "{tag}");
        assert_eq!(asked("cosign", tag), ("proven", false), "{tag}");
    }
}
