//! Another publisher's evidence, where the user chose no publisher: nobody is known to
//! check it against. It is never held against the built-in publisher's key.

use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, check};

use crate::common::own_vectors;

fn ask(image: Option<&str>, texts: &[String]) -> Report {
    let given: Vec<Given> = texts
        .iter()
        .map(|text| Given {
            name: "paste".to_owned(),
            origin: Origin::Paste,
            bytes: text.clone().into_bytes(),
        })
        .collect();
    let now = Time::parse("2026-11-26T00:00:00Z").unwrap();
    check(&given, &Options { image: image.map(str::to_owned), ..Options::at(now) }).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(own_vectors::read(name)).unwrap()
}

#[test]
fn another_publisher_s_evidence_is_of_an_unknown_publisher() {
    let app = "localhost:5000/team/app:1.0";
    let pull = text("pastes/docker-28.2-daemon-29/pull-app.txt");
    let bundle = text("images/app/index.bundle.json");
    for (name, texts) in [
        ("cosign verify", vec![text("pastes/cosign/verify-legacy.txt")]),
        ("its records alone", vec![text("pastes/cosign/verify-legacy.json")]),
        ("cosign verify of a bundle", vec![text("pastes/cosign/verify-app.txt")]),
        ("a pull and a bundle", vec![pull.clone(), bundle.clone()]),
        ("both in one paste", vec![format!("{pull}\n{bundle}")]),
        ("inspect and a bundle", vec![text("pastes/docker-28.2-daemon-29/inspect-app.json"), bundle.clone()]),
        (
            "an index by name and a bundle",
            vec![format!("$ crane manifest {app}\n{}", text("images/app/index.json")), bundle.clone()],
        ),
        ("skopeo and a bundle", vec![text("pastes/skopeo/inspect-app.json"), bundle.clone()]),
    ] {
        let report = ask(None, &texts);
        assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "publisher-unknown"), "{name}");
        assert!(!report.next.is_empty(), "{name}");
    }
    // The twin: asked as the built-in publisher's image it is his key that counts, and a
    // stranger's signature of what a stranger named is still no lie about his.
    let report = ask(Some("nicolas/webdis:0.1.24"), &[bundle]);
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", report.headline);
}

#[test]
fn no_form_of_it_is_an_alarm() {
    for (name, bytes) in own_vectors::files("pastes").into_iter().chain(own_vectors::files("images")) {
        let given = String::from_utf8_lossy(&bytes).into_owned();
        if bytes.len() > 64 << 10 {
            continue;
        }
        let report = ask(None, &[given]);
        let quiet = !matches!(report.outcome, Outcome::Contradicted | Outcome::Unsigned | Outcome::Proven);
        assert!(quiet, "{name}: {} {}", report.outcome.name(), report.code);
    }
}
