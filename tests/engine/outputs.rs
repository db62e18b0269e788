//! Every output of `tests/evidence/tools`, twice, beside a good signature: once with the
//! signed digest in each of its places, once with none. The honest one is no alarm; where
//! the output names an image by its digest, the other one is never proven.

use std::path::PathBuf;

use webdis_verify::base::outcome::Outcome;

use crate::case::case;
use crate::common::stand_in::{Base, IMAGE, Plan};

/// Outputs whose digests are none of an image: what the bytes beside them say stands.
const OF_NO_IMAGE: &[&str] = &["crane-ls", "rekor-get"];

#[test]
fn no_output_is_an_alarm_and_none_lends_a_signature_to_another_image() {
    let signed = webdis_verify::Digest::of(IMAGE).hex();
    let bundle = Plan::new(Base::DsseV1).build().to_string();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/tools");
    let (mut cases, mut proven) = (0, 0);
    let mut wrong = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let case_text = std::fs::read_to_string(&path).unwrap();
        let text = case_text.split("=== facts\n").next().unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        // Other digests that nothing at hand is of.
        let with = |place: Option<char>| {
            ('A'..='F').fold(text.to_owned(), |text, letter| {
                let other = webdis_verify::Digest::of(letter.to_string().as_bytes()).hex();
                let hex = if place == Some(letter) { &signed } else { &other };
                text.replace(&format!("@{letter}@"), hex)
            })
        };
        cases += 1;
        for place in ('A'..='F').filter(|letter| text.contains(&format!("@{letter}@"))) {
            let report = case(&name).file(bundle.as_bytes()).paste(with(Some(place))).run();
            proven += usize::from(report.outcome == Outcome::Proven);
            // Two digests of one output may differ where both can know; those are told apart below.
            if report.outcome == Outcome::Unsigned || report.outcome == Outcome::Contradicted {
                wrong.push(format!("{name}, {place} signed: {} {}", report.outcome.name(), report.code));
            }
        }
        let evil = with(None);
        let report = case(&name).file(bundle.as_bytes()).paste(&evil).run();
        if report.outcome == Outcome::Proven && evil != text && !OF_NO_IMAGE.contains(&&*name) {
            wrong.push(format!("{name}, nothing signed: proven {}", report.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases > 90 && proven > 60, "{cases} outputs, {proven} proven");
}
