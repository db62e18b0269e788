//! A publisher with two repositories, and no image named: what is held may be the release of
//! either. What is shown of the same tag at the other one leaves open which is meant.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::session::check::Publisher;

use crate::case::{Case, case};
use crate::common::image::{bundle, digest, image, printed};
use crate::common::stand_in;
use crate::subject::pull;

const HERE: &str = "quay.example/team/app";
const THERE: &str = "registry.example/team/app";

fn two_homes(name: &str, documented: Option<&[u8]>) -> Case {
    let published = documented.map(|of| {
        json!({"tag": "1.4.2", "digest": digest(of), "file": "README.md", "commit": "1".repeat(40), "date": "2026-01-01"})
    });
    let published: Vec<_> = published.into_iter().collect();
    let profile = json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": [HERE, THERE], "log": "required",
        "published": published,
        "keys": [{"name": "example", "pem": stand_in::key().pem(), "fingerprint": stand_in::key().fingerprint().hex()}]
    });
    case(name).options(|o| o.publisher = Publisher::Profile(profile.to_string().into_bytes()))
}

fn asked(name: &str, bytes: &[u8]) -> String {
    format!("$ crane manifest {name}:1.4.2\n{}\n", String::from_utf8_lossy(bytes))
}

#[test]
fn what_was_printed_of_the_other_repository_leaves_open_which_is_meant() {
    let (good, evil) = (image("good", "1"), image("evil", "1"));
    let at = |home: &str, other: &str, of: &[u8]| {
        let case = two_homes("signed", None).paste(pull(&format!("{home}:1.4.2"), &digest(&good.index)));
        case.file(bundle(&good.index)).paste(asked(other, of))
    };
    let pulled = |of: &[u8]| at(HERE, THERE, of);
    for evil in [evil.index.clone(), printed(&evil.index), evil.manifests[0].clone()] {
        pulled(&evil).not_checked("procedure-digest-open");
        pulled(&evil).file(&good.index).not_checked("procedure-digest-open");
        // Of two names the first by letters is the one that the answer begins with.
        assert_eq!(at(THERE, HERE, &evil).run().outcome, Outcome::NotChecked);
        // Whoever names the image has said which is meant.
        pulled(&evil).image(&format!("{HERE}:1.4.2")).proven("signed-as");
    }
    for same in [good.index.clone(), printed(&good.index)] {
        pulled(&same).proven("signed-as");
        assert_eq!(at(THERE, HERE, &same).run().outcome, Outcome::Proven);
        pulled(&same).file(&good.index).proven("signed-as");
    }
    // Another release there is no part of the question.
    let other = asked(THERE, &evil.index).replace(":1.4.2", ":1.4.1");
    let case = two_homes("another release", None).paste(pull(&format!("{HERE}:1.4.2"), &digest(&good.index)));
    assert_eq!(case.file(bundle(&good.index)).paste(other).run().outcome, Outcome::Proven);
}

#[test]
fn a_documented_digest_is_not_what_the_other_repository_showed() {
    let (good, evil) = (image("good", "1"), image("evil", "1"));
    let name = |repository: &str| format!("{repository}:1.4.2");
    let case = |of: &[u8]| {
        let own = two_homes("documented", Some(&good.index)).paste(pull(&name(HERE), &digest(&good.index)));
        own.paste(pull(&name(THERE), &digest(of)))
    };
    let report = case(&good.index).run();
    assert_eq!((report.outcome, report.code), (Outcome::Consistent, "digest-documented"));
    // Of two pulls the smaller digest is the subject: any other one differs or is open.
    for n in 0..4 {
        let other = image("evil", &n.to_string());
        let report = case(&other.index).run();
        assert!(["published-differs", "procedure-digest-open"].contains(&report.code), "{}", report.code);
    }
    two_homes("alone", Some(&good.index))
        .paste(pull(&name(THERE), &digest(&evil.index)))
        .contradicted("published-differs");
}
