//! `verify REF FILE`: is what I hold what was signed? A FILE that says nothing of an
//! image leaves that open; one that does is an answer; without FILE only the name was
//! asked for.

use serde_json::json;
use webdis_verify::Digest;
use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher};
use webdis_verify::session::registry::request::Exchange as _;
use webdis_verify::session::{Route, Session};

use crate::asked::registry;
use crate::common::image::{Image, bundle, digest, image};
use crate::common::registry::Registry;
use crate::common::stand_in::{self, Base};

const NAME: &str = "r.example/o/n:1";

fn ask(registry: &Registry, image: &str, given: &[(Origin, Vec<u8>)]) -> Report {
    let mut session = Session::new(&Options {
        image: Some(image.to_owned()),
        publisher: Publisher::Key("test.pub".to_owned(), stand_in::key().pem().into()),
        trusted_root: Some(stand_in::Plan::new(Base::DsseV1).trusted_root().into_bytes()),
        ..Options::at(Time::parse("2026-11-21T12:00:00Z").unwrap())
    })
    .unwrap();
    for (n, (origin, bytes)) in given.iter().enumerate() {
        session.add(Given { name: format!("given {n}"), origin: origin.clone(), bytes: bytes.clone() });
    }
    session.fetch(Route::Direct).unwrap();
    loop {
        let requests = session.next_requests();
        if requests.is_empty() {
            return session.check();
        }
        for request in requests {
            session.feed(request.id, Ok(registry.answer(&request)));
        }
    }
}

/// Texts and files of people, as they are given.
fn paste(text: impl AsRef<[u8]>) -> (Origin, Vec<u8>) {
    (Origin::Paste, text.as_ref().to_vec())
}

fn file(bytes: impl AsRef<[u8]>) -> (Origin, Vec<u8>) {
    (Origin::File, bytes.as_ref().to_vec())
}

fn pull(name: &str, image: &Image) -> String {
    let name = name.trim_start_matches("docker.io/");
    format!(
        "1: Pulling from o/n\nDigest: {}\nStatus: Downloaded newer image for {name}\n{name}\n",
        digest(&image.index)
    )
}

fn other_bundle() -> Vec<u8> {
    bundle(&image("c", "3").index)
}

#[test]
fn what_says_nothing_of_an_image_is_no_answer() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let registry = registry(&a, &[&a]);
    let of = |given: &[(Origin, Vec<u8>)]| {
        let report = ask(&registry, NAME, given);
        (report.outcome.name(), report.code)
    };
    assert_eq!(of(&[]), ("proven", "signed-as"), "without a file");
    let whole = digest(&a.index);
    let nothing = "given-says-nothing";
    for given in [
        file(""),
        paste(""),
        paste("\n\n"),
        paste("hello world\n"),
        file("hello world\n"),
        file("[]"),
        paste("{}"),
        file([0_u8, 159, 1, 2, 3, 255]),
        paste("user@host:~$ ls\nREADME.md  src\nuser@host:~$ "),
        file(json!({"name": "app", "version": 3}).to_string()),
    ] {
        assert_eq!(of(std::slice::from_ref(&given)), ("not-checked", nothing), "{given:?}");
        // Beside something that is of the image, it changes nothing; nor does their order.
        let held = paste(pull(NAME, &a));
        assert_eq!(of(&[given.clone(), held.clone()]), ("proven", "signed-as"), "{given:?}");
        assert_eq!(of(&[held, given.clone()]), ("proven", "signed-as"), "{given:?}");
        assert_eq!(of(&[given.clone(), given]), ("not-checked", nothing));
    }
    // A cut digest is of the image whose digest begins so.
    let cut = |whole: &str| of(&[paste(format!("digest: {}\nabout\n", &whole[..70]))]);
    assert_eq!(cut(&digest(&b.index)), ("not-checked", "digest-cut"));
    assert_eq!(cut(&whole), ("proven", "signed-as"));
    // What is of another image connects with nothing.
    let alone = ("not-checked", "held-not-connected");
    for given in [
        paste(format!("other.example/x/y@{}\n", digest(&b.index))),
        paste(format!("{}\n", digest(&b.index))),
        paste(format!("{}  app.tar\n", Digest::of(b"tar").hex())),
        file(&b.index),
        file(&b.manifests[0]),
        file(&b.configs[0]),
        paste(&b.index),
        paste(pull("r.example/other/app:1", &b)),
    ] {
        let text = String::from_utf8_lossy(&given.1).into_owned();
        assert_eq!(of(&[given]), alone, "{text}");
    }
    assert_eq!(of(&[file(other_bundle())]).0, "not-checked");
    for stranger in [&b.index, &b.manifests[1], &b.configs[1]] {
        assert_eq!(of(&[(Origin::Archive, stranger.clone())]), alone);
    }
}

/// The honest twins: whatever is of the image, or of its signature, answers.
#[test]
fn what_is_of_the_image_is_an_answer() {
    let a = image("a", "1");
    let registry = registry(&a, &[&a]);
    let inspect = json!([{"Id": digest(&a.configs[0]), "RepoTags": [NAME], "RepoDigests": [format!("r.example/o/n@{}", digest(&a.index))]}]);
    let id = json!([{"Id": digest(&a.configs[1]), "RepoTags": [NAME], "RepoDigests": []}]);
    let printed =
        serde_json::to_string_pretty(&serde_json::from_slice::<serde_json::Value>(&a.index).unwrap())
            .unwrap();
    for given in [
        paste(pull(NAME, &a)),
        paste(format!("{}\n", digest(&a.index))),
        paste(format!("r.example/o/n@{}\n", digest(&a.index))),
        paste(format!("$ docker images -q --no-trunc {NAME}\n{}\n", digest(&a.configs[0]))),
        paste(format!("{NAME}  {}\n", &digest(&a.configs[0])[7..19])),
        paste(format!("{}\n", digest(&a.manifests[1]))),
        paste(inspect.to_string()),
        paste(id.to_string()),
        paste(format!("$ docker manifest inspect {NAME}\n{printed}\n")),
        paste(printed),
        file(&a.index),
        file(&a.manifests[0]),
        file(&a.configs[1]),
        file(bundle(&a.index)),
        (Origin::Archive, a.configs[0].clone()),
        (Origin::Archive, a.manifests[1].clone()),
        file(stand_in::key().pem()),
        // The question once more.
        paste(NAME),
        paste(format!("$ docker pull {NAME}\n")),
    ] {
        let report = ask(&registry, NAME, std::slice::from_ref(&given));
        let text = String::from_utf8_lossy(&given.1).into_owned();
        assert_eq!((report.outcome.name(), report.code), ("proven", "signed-as"), "{text}");
    }
}

/// A form that no reader knows answers with a digest of the image, and with none but that.
#[test]
fn a_form_that_is_not_read_answers_by_a_digest_of_the_image() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let registry = registry(&a, &[&a]);
    let manifest: serde_json::Value = serde_json::from_slice(&a.manifests[0]).unwrap();
    let layer = manifest["layers"][0]["digest"].as_str().unwrap();
    let hex = |digest: &str| digest.trim_start_matches("sha256:").to_owned();
    let form = |name: &str, digest: &str| json!({"name": name, "checksumValue": hex(digest)}).to_string();
    let line = |name: &str, digest: &str| format!("I run {name} (digest {}).\n", hex(digest));
    for write in [&form as &dyn Fn(&str, &str) -> String, &line] {
        let of = |name: &str, digest: &str| ask(&registry, NAME, &[file(write(name, digest))]).outcome.name();
        for own in [digest(&a.index), digest(&a.manifests[0]), digest(&a.configs[1])] {
            assert_eq!(of(NAME, &own), "proven", "{own}");
            // Of another name, or of another tag, it is no answer.
            assert_eq!(of("r.example/other/app:1", &own), "not-checked", "{own}");
            assert_eq!(of("r.example/o/n:2", &own), "not-checked", "{own}");
        }
        for other in [digest(&b.index), digest(&b.configs[0]), layer.to_owned()] {
            assert_eq!(of(NAME, &other), "not-checked", "{other}");
        }
    }
}
