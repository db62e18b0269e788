//! Forms in which programs name an image beside good evidence: of the signed one
//! they take nothing away, of another one nothing is proven.

use webdis_verify::base::outcome::Outcome;

use crate::common::image::image;
use crate::heard::{fill, is_heard, signed};

/// cosign before 1.0 printed its records in capitals, and often without the name.
#[test]
fn a_record_of_an_early_cosign_is_a_record() {
    let record = |name: &str, digest: &str| {
        format!(
            r#"{{"Critical":{{"Identity":{{"docker-reference":"{name}"}},"Image":{{"Docker-manifest-digest":"{digest}"}},"Type":"cosign container image signature"}},"Optional":null}}"#
        )
    };
    for (name, digest) in [("", "@I@"), ("", "sha256:@I@"), ("@R@", "sha256:@I@")] {
        let record = record(name, digest);
        for list in [record.clone(), format!("[{record}]")] {
            is_heard(&list, &format!("$ cosign verify -key cosign.pub @R@:1.0\n{list}\n"));
            // Nobody says for which tag: a record alone is about what nobody named.
            let own = signed(&list).paste(fill(&list, &image("own", "1")));
            own.proven("signed");
            let evil = signed(&list).paste(fill(&list, &image("evil", "2"))).run();
            assert_ne!(evil.outcome, Outcome::Proven, "{list}: {}", evil.headline);
        }
    }
    let small = record("@R@", "sha256:@I@").to_lowercase().replace("@r@", "@R@").replace("@i@", "@I@");
    is_heard("--output text", &format!("$ cosign verify --key cosign.pub @R@:1.0\n{small}\n"));
}
