//! What signed metadata says of a tag, held against what the user holds: which tag is meant,
//! how old the metadata is, and which image an archive beside it has.

use serde_json::json;
use webdis_verify::base::digest::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::session::check::Publisher;

use crate::case::{Case, case, links};
use crate::common::image::{Image, digest, image};
use crate::common::notary_signer::{Repo, b64};
use crate::common::release::{Release, release};
use crate::common::tar::tar;
use crate::subject::pull;

const NAME: &str = "docker.io/example/webdis";
const TAG: &str = "docker.io/example/webdis:1.5";

/// Metadata in which tags mean bytes, without the files of some roles.
fn signed(name: &str, tags: &[(&str, &[u8])], without: &[&'static str]) -> Case {
    let mut repo = Repo::new();
    for (tag, bytes) in tags {
        let hashes = json!({"sha256": b64(Digest::of(bytes).as_bytes())});
        repo.at("targets/releases")["targets"][*tag] = json!({"hashes": hashes, "length": bytes.len()});
    }
    repo.absent = without.to_vec();
    let (pins, named) = (repo.pins.clone(), name.starts_with("an archive"));
    let profile = json!({"schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": [NAME], "contentTrust": {"gun": NAME, "root": pins.root, "repository": pins.repository},
        "releases": [{"from": "1.0", "scheme": "content-trust", "platforms": "multi"}]});
    let publisher = match named {
        true => Publisher::Profile(profile.to_string().into_bytes()),
        false => Publisher::ContentTrust(pins.root[0].clone(), pins.repository[0].clone()),
    };
    let mut case = case(name).options(|o| o.publisher = publisher);
    for (name, bytes) in repo.files() {
        case = case.file(bytes);
        case.given.last_mut().unwrap().name = name;
    }
    case
}

fn two() -> (Image, Image) {
    (image("own", "1"), image("old", "2"))
}

#[test]
fn a_name_without_a_tag_asks_for_latest() {
    let (own, old) = two();
    let tags: [(&str, &[u8]); 2] = [("1.5", &own.index), ("1.4", &old.index)];
    let asked = signed("no tag", &tags, &[]).image(NAME);
    let latest = |of: &Image| pull(&format!("{NAME}:latest"), &digest(&of.index));
    asked.clone().paste(latest(&old)).unsigned("notary-tag-not-signed");
    // Which tag was pulled the text says: nobody asked for latest.
    let report = asked.clone().paste(pull(TAG, &digest(&own.index))).run();
    assert!(!matches!(report.outcome, Outcome::Unsigned | Outcome::Contradicted), "{}", report.headline);
    // The twins: latest is signed, and a digest asks for no tag.
    let tags: [(&str, &[u8]); 2] = [("latest", &own.index), ("1.4", &old.index)];
    let asked = signed("latest", &tags, &[]).image(NAME);
    asked.clone().paste(latest(&own)).proven("released");
    asked.clone().paste(latest(&old)).contradicted("notary-tag-of-another-image");
    asked.digest(&digest(&old.index)).proven("released");
}

/// What an archive is called is held against what is signed, where nobody names an image.
#[test]
fn an_archive_s_name_is_held_against_signed_metadata() {
    let (own, old) = (release("own"), release("old"));
    let members = |of: &Release| {
        let (_, mut members) = of.forms().into_iter().nth(2).unwrap();
        for (_, bytes) in &mut members {
            if let Ok(text) = core::str::from_utf8(bytes) {
                *bytes = text.replace("registry.example/app:1.0", TAG).into_bytes();
            }
        }
        tar(&members)
    };
    let tags: [(&str, &[u8]); 2] = [("1.5", &own.index), ("1.4", &old.index)];
    let given = |of: &Release| signed("an archive", &tags, &[]).file(members(of));
    given(&own).proven("released");
    given(&old).not_checked("notary-tag-not-of-this");
    given(&old).image(TAG).contradicted("notary-tag-of-another-image");
}

/// A tag may have been signed again since a copy of the metadata was made.
#[test]
fn old_metadata_contradicts_no_pull() {
    let (own, new) = two();
    let tags: [(&str, &[u8]); 1] = [("1.5", &own.index)];
    for without in [&["timestamp"][..], &["timestamp", "snapshot"]] {
        // Without a snapshot nothing binds what a delegate signed.
        let code = if without.len() > 1 { "notary-tag-not-in-copy" } else { "notary-tag-may-have-moved" };
        let old = signed("an old copy", &tags, without).image(TAG);
        old.clone().paste(pull(TAG, &digest(&new.index))).not_checked(code);
    }
    let old = signed("an old copy", &tags, &["timestamp"]).image(TAG);
    old.paste(pull(TAG, &digest(&own.index))).proven("released");
    let fresh = signed("a fresh copy", &tags, &[]).image(TAG);
    fresh.paste(pull(TAG, &digest(&new.index))).contradicted("notary-tag-of-another-image");
}

/// What a checking tool lists as signed is none that nobody signed.
#[test]
fn a_tag_that_a_text_lists_as_signed_is_not_unsigned() {
    let (own, new) = two();
    let tags: [(&str, &[u8]); 1] = [("1.4", &own.index)];
    let asked = signed("an older copy", &tags, &[]).image(TAG).paste(pull(TAG, &digest(&new.index)));
    asked.clone().unsigned("notary-tag-not-signed");
    let text = |tag: &str| {
        json!([{"Name": NAME, "SignedTags": [{"SignedTag": tag, "Digest": &digest(&new.index)[7..], "Signers": ["alice"]}],
            "Signers": [], "AdministrativeKeys": []}])
        .to_string()
    };
    asked.clone().paste(text("1.5")).not_checked("notary-tag-not-in-copy");
    asked.paste(text("1.6")).unsigned("notary-tag-not-signed");
}

/// The computer shows an ID under the asked name, and an archive of the signed image lies
/// beside it.
#[test]
fn an_id_that_is_none_of_the_archive_s_is_another_image() {
    let (own, evil) = (release("own"), release("evil"));
    let asked = crate::saved::signed(&own, "an ID beside an archive");
    let id = |of: &Release| {
        let id = digest(&of.config);
        format!("$ docker inspect -f '{{{{.Id}}}}' {}\n{id}\n", of.name)
    };
    for (name, members) in own.forms() {
        let beside = |of: &Release| asked.clone().file(tar(&members)).paste(id(of)).run();
        let report = beside(&own);
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
        let report = beside(&evil);
        assert_ne!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
    }
}
