//! Worlds written down for Chromium: `tests/browser/worlds.test.mjs` gives
//! them to the session of the page and expects these answers.

use std::path::Path;

use serde_json::{Value, json};
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::session::Session;
use webdis_verify::session::check::{Options, Publisher};

use super::run::{Answer, Form, give, run};
use super::world::World;
use super::{Random, number};
use crate::common::notary_signer::b64;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Options as the page's interface takes them.
fn written(options: &Options) -> Value {
    let mut out = json!({"now": options.now.to_string(), "ignoreTlog": options.ignore_tlog,
        "trustedRoot": text(options.trusted_root.as_ref().unwrap())});
    match &options.publisher {
        Publisher::Key(_, pem) => out["key"] = json!(text(pem)),
        Publisher::Profile(file) => out["publisher"] = json!(text(file)),
        other => panic!("{other:?}"),
    }
    for (name, value) in [("image", &options.image), ("digest", &options.digest)] {
        if let Some(value) = value {
            out[name] = json!(value);
        }
    }
    out
}

fn input(given: &Given) -> Value {
    let origin = if given.origin == Origin::Paste { "paste" } else { "file" };
    match String::from_utf8(given.bytes.clone()) {
        Ok(text) => json!({"name": given.name, "origin": origin, "text": text}),
        Err(_) => json!({"name": given.name, "origin": origin, "base64": b64(&given.bytes)}),
    }
}

/// The session, to which things come one by one and from which they go again,
/// answers what the check of all answers; and so it is written down.
#[test]
fn a_session_answers_worlds_as_the_check_does() {
    let (first, count) = (number("SEED", 1), number("WORLDS_KEPT", 240));
    let mut kept = Vec::new();
    for seed in first..first + count {
        let world = World::new(seed, seed % 2 == 0);
        let inputs = world.draw(&mut Random::new(seed ^ 0x5eed));
        let form = [Form::Files, Form::Pastes, Form::Joined(seed)][usize::try_from(seed % 3).unwrap()];
        let answer = run(&inputs, &world.options, form);
        let given = give(&inputs, form);
        let mut session = Session::new(&world.options).unwrap();
        let stray =
            Given { name: "stray".to_owned(), origin: Origin::Paste, bytes: b"Digest: gone".to_vec() };
        let stray = session.add(stray);
        for given in given.iter().rev() {
            session.add(given.clone());
        }
        session.check();
        assert!(session.remove(stray));
        assert_eq!(Answer::of(&session.check()), answer, "{}", world.about);
        kept.push(json!({"about": world.about, "evil": world.evil && world.shows_evil(&inputs),
            "honest": !world.evil, "options": written(&world.options),
            "given": given.iter().map(input).collect::<Vec<_>>(),
            "answer": {"outcome": answer.outcome, "code": answer.code, "subject": answer.subject}}));
    }
    let proven = kept.iter().filter(|world| world["answer"]["outcome"] == "proven").count();
    println!("SEED={first} WORLDS_KEPT={count}: {proven} proven");
    assert!(count < 100 || proven > 10, "{proven} of {count} are proven");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/worlds.json");
    std::fs::write(file, Value::from(kept).to_string()).unwrap();
}
