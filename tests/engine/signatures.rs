//! What counts as a signature of the subject, and what does not.

use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Place;
use webdis_verify::engine::lookup::{Answer, Lookup, Place as Where};
use webdis_verify::session::check::Publisher;

use crate::case::{Case, case, count, has};
use crate::common::image::{
    bundle, digest, image, plan, printed, sig_manifest, simple, stranger, without_log,
};
use crate::common::stand_in::{self, Base, Plan, statement, subject};

#[test]
fn a_signed_index_leads_to_its_child_and_its_config() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let all = case("index, child asked").file(&a.index).file(&a.manifests[1]).file(bundle(&a.index));
    let report = all.clone().digest(&digest(&a.manifests[1])).proven("signed-through-index");
    assert_eq!(report.subject.platform.as_deref(), Some("linux/arm64/v8"));
    all.clone().named("index, config asked").digest(&digest(&a.configs[1])).proven("signed-through-index");
    all.clone()
        .named("index, child of another asked")
        .digest(&digest(&b.manifests[1]))
        .not_checked("signature-needed");
    all.named("index, config of a manifest not given")
        .digest(&digest(&a.configs[0]))
        .not_checked("signature-needed");
    // Without the index nothing leads to the child or away from it: the need
    // says what would, and with it the answer is one or the other.
    let of_a =
        |name: &str, child: &[u8]| case(name).file(child).file(bundle(&a.index)).digest(&digest(child));
    for (name, child, given) in [
        ("child asked, index missing", &a.manifests[1], "and the index given"),
        ("child of another asked, index missing", &b.manifests[1], "and the index that does not list it"),
        ("config asked, index missing", &a.configs[1], "and its index and manifest"),
    ] {
        let asked = of_a(name, child);
        let report = asked.not_checked("signed-index-needed");
        let need = report
            .needs
            .iter()
            .find(|need| need.required && serde_json::to_string(need).unwrap().contains(&digest(&a.index)));
        assert!(need.is_some(), "{name}: {:?}", report.needs);
        let whole = asked.named(given).file(&a.index).file(&a.manifests[1]);
        if child == &b.manifests[1] {
            // It might be a copy from another registry, had it an equal config.
            whole.not_checked("platform-not-signed");
        } else {
            whole.proven("signed-through-index");
        }
    }
    // An index is no part of another, and of a bare digest nothing is known.
    of_a("index of another, signed one missing", &b.index).not_checked("signature-needed");
    case("digest of another, signed one missing")
        .file(bundle(&a.index))
        .digest(&digest(&b.manifests[1]))
        .not_checked("signed-index-needed");
}

#[test]
fn a_child_with_its_own_signature() {
    let a = image("a", "1");
    let both =
        case("index and child signed").file(&a.index).file(bundle(&a.index)).file(bundle(&a.manifests[0]));
    let report = both.clone().proven("signed");
    assert_eq!(count(&report, "own-signature", Place::Branch, Outcome::Proven), 2);
    let report = both.named("both signed, child asked").digest(&digest(&a.manifests[0])).proven("signed");
    assert_eq!(report.subject.platform, None, "its own signature comes first");
    case("only children signed")
        .file(&a.index)
        .file(bundle(&a.manifests[0]))
        .file(bundle(&a.manifests[1]))
        .digest(&digest(&a.index))
        .not_checked("only-children-signed");
}

/// A manifest that holds a bundle, as it lies under the tag `sha256-HEX`.
pub(crate) fn attached(bundle: &[u8]) -> Vec<u8> {
    let media = "application/vnd.dev.sigstore.bundle.v0.3+json";
    json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "artifactType": media,
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest(b"{}"), "size": 2},
        "layers": [{"mediaType": media, "digest": digest(bundle), "size": bundle.len()}]
    })
    .to_string()
    .into_bytes()
}

#[test]
fn a_signature_of_another_image_is_told_from_bytes_printed_anew() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let report = case("original bytes of another image")
        .file(&b.index)
        .file(bundle(&a.index))
        .not_checked("signature-needed");
    // The one that is there is told as what it is.
    has(&report, "evidence-set-aside", Place::Aside, Outcome::NotChecked);
    // Found where this image's signatures are kept, it was put there.
    let tag = digest(&b.index).replace(':', "-");
    let bytes = bundle(&a.index);
    let manifest = attached(&bytes);
    case("kept with another image's signatures")
        .file(&b.index)
        .fetched(&format!("https://registry.example/v2/app/manifests/{tag}"), manifest)
        .file(&bytes)
        .contradicted("signed-another-image");
    let mut lost = printed(&a.index);
    lost.truncate(lost.len() - 2);
    lost.extend(b",\n  \"annotations\": {}\n}\n");
    case("printed anew, not restorable").paste(&lost).file(bundle(&a.index)).not_checked("bytes-differ");
    case("printed anew, in a file").file(&lost).file(bundle(&a.index)).not_checked("bytes-differ");
    case("printed anew, restorable").paste(printed(&a.index)).file(bundle(&a.index)).proven("signed");
    case("a final newline").file([&a.index[..], b"\n"].concat()).file(bundle(&a.index)).proven("signed");
    let report = case("printed anew, digest asked")
        .paste(&lost)
        .file(bundle(&a.index))
        .digest(&digest(&a.index))
        .run();
    assert_ne!(report.outcome, Outcome::Contradicted);
}

/// The built-in publisher is only assumed where nobody names one, nor an image of his.
#[test]
fn a_signature_of_somebody_else_is_no_lie_where_nobody_named_a_publisher() {
    let a = image("a", "1");
    let nobody = case("nobody named").file(&a.index).file(stranger(&a.index));
    let nobody = nobody.options(|options| options.publisher = Publisher::Default);
    nobody.clone().not_checked("publisher-unknown");
    nobody.clone().named("his image").image("nicolas/webdis:0.1.24").contradicted("signed-by-another-key");
    let pull = "$ docker pull nicolas/webdis@@\n".replace("@@", &format!("@{}", digest(&a.index)));
    nobody.clone().named("his, in a text").paste(pull).contradicted("signed-by-another-key");
    let chosen = nobody.named("chosen");
    let chosen = chosen.options(|options| options.publisher = Publisher::Named("webdis".to_owned()));
    chosen.contradicted("signed-by-another-key");
}

#[test]
fn junk_beside_a_good_signature_changes_nothing() {
    let a = image("a", "1");
    let mut junk = case("junk beside a good one").file(&a.index);
    for n in 0..20 {
        let mut value: Value = serde_json::from_slice(&stranger(&a.index)).unwrap();
        value["dsseEnvelope"]["payload"] =
            json!(webdis_verify::base::encoding::base64::encode(format!("{n}").as_bytes()));
        junk = junk.file(stranger(&a.index)).file(value.to_string());
    }
    junk.clone().named("only junk").contradicted("signed-by-another-key");
    let report = junk.file(bundle(&a.index)).proven("signed");
    assert!(count(&report, "signature-invalid", Place::Aside, Outcome::Contradicted) >= 20);
    case("only a stranger's").file(&a.index).file(stranger(&a.index)).contradicted("signed-by-another-key");
}

#[test]
fn past_the_limit_of_signatures_nothing_is_contradicted() {
    let a = image("a", "1");
    let layers: Vec<_> = (0..300)
        .map(|n| {
            let payload = format!("{n}").into_bytes();
            let annotations = json!({"dev.cosignproject.cosign/signature": "MAYCAQECAQE="});
            (payload, annotations.to_string().into_bytes())
        })
        .collect();
    let mut flooded = case("a flood of strangers").file(&a.index).file(sig_manifest(&layers));
    for (payload, _) in &layers {
        flooded = flooded.file(payload);
    }
    flooded.not_checked("limit-exceeded");
}

#[test]
fn simple_signing_finds_its_payload() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let ((payload, annotations), (other_payload, other_annotations)) = (simple(&a.index), simple(&b.index));
    let two = case("two loose signatures")
        .file(&a.index)
        .file(&payload)
        .file(&annotations)
        .file(&other_payload)
        .file(&other_annotations)
        .digest(&digest(&a.index));
    let report = two.proven("signed");
    assert_eq!(
        count(&report, "signature-invalid", Place::Aside, Outcome::Contradicted),
        0,
        "pairs are not failures"
    );
    let alone = case("annotations without payload").file(&a.index).file(&annotations);
    alone.clone().not_checked("payload-needed");
    alone.clone().named("and a stranger's bundle").file(stranger(&a.index)).not_checked("payload-needed");
    alone.named("annotations with payload").file([&payload[..], b"\n"].concat()).proven("signed");
    let manifest = sig_manifest(&[simple(&a.index)]);
    case("a .sig manifest without its payload").file(&a.index).file(&manifest).not_checked("payload-needed");
    case("a .sig manifest with it").file(&a.index).file(&manifest).file(&payload).proven("signed");
    case("with another payload")
        .file(&a.index)
        .file(&manifest)
        .file(&other_payload)
        .not_checked("payload-of-another");
}

/// Where no digest says which layout of a payload was signed, the signature does.
#[test]
fn a_payload_is_found_in_the_layouts_that_people_save() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let (payload, annotations) = simple(&a.index);
    let text = String::from_utf8(payload.clone()).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let indented = serde_json::to_string_pretty(&value).unwrap();
    let other = text.replace(&digest(&a.index), &digest(&b.index));
    for (name, change) in [
        ("a byte order mark", (|text| format!("\u{feff}{text}")) as fn(&str) -> String),
        ("a newline", |text| format!("{text}\n")),
        ("a mark and Windows line ends", |text| format!("\u{feff}{text}\r\n\r\n")),
        ("blanks around", |text| format!("  {text}  \n")),
    ] {
        let given = |payload: &str| case(name).file(&a.index).file(change(payload)).file(&annotations);
        given(&text).proven("signed");
        given(&indented).proven("signed");
        given(&other).not_checked("signature-needed");
    }
}

/// Editors of Windows write a byte order mark before a document.
#[test]
fn a_byte_order_mark_is_no_part_of_a_document() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let marked = |bytes: &[u8]| [b"\xef\xbb\xbf", bytes].concat();
    case("bundle and index").file(marked(&a.index)).file(marked(&bundle(&a.index))).proven("signed");
    case("another's bundle")
        .file(marked(&b.index))
        .file(marked(&bundle(&a.index)))
        .not_checked("bytes-differ");
}

#[test]
fn a_signature_by_an_identity_is_not_checked() {
    let a = image("a", "1");
    let mut keyless: Value = serde_json::from_slice(&bundle(&a.index)).unwrap();
    keyless["verificationMaterial"].as_object_mut().unwrap().remove("publicKey");
    keyless["verificationMaterial"]["certificate"] = json!({"rawBytes": "AAAA"});
    let case = case("keyless only").file(&a.index).file(keyless.to_string());
    case.not_checked("identity-not-supported-yet");
    case.named("keyless beside a key's").file(bundle(&a.index)).proven("signed");
}

#[test]
fn the_log_is_a_link_of_its_own() {
    let a = image("a", "1");
    let ignore = |case: Case| case.options(|o| o.ignore_tlog = true);
    let good = case("log required, present").file(&a.index).file(bundle(&a.index));
    has(&good.proven("signed"), "logged", Place::Chain, Outcome::Proven);
    let report = ignore(good.clone().named("log ignored, present")).proven("signed");
    assert!(report.caveats.iter().any(|c| c.code == "log-not-checked"));
    let absent = case("log required, absent").file(&a.index).file(without_log(&bundle(&a.index)));
    let report = absent.not_checked("log-evidence-needed");
    assert!(report.needs.iter().any(|need| need.required));
    ignore(absent.named("log ignored, absent")).proven("signed");
    let lie = Plan { foreign_checkpoint: true, foreign_set: true, ..plan(&a.index) };
    let lie = case("log required, false").file(&a.index).file(lie.build().to_string());
    assert_eq!(lie.run().outcome, Outcome::Contradicted);
    assert_eq!(ignore(lie.named("log ignored, false")).run().outcome, Outcome::Contradicted);
    // The logs are unknown to the embedded root.
    let unknown = good.named("unknown log").options(|o| o.trusted_root = None);
    assert_eq!(unknown.run().outcome, Outcome::NotChecked);
    ignore(unknown).proven("signed");
}

/// Among signatures of one image the strongest decides.
#[test]
fn a_weaker_signature_beside_a_good_one_changes_nothing() {
    let a = image("a", "1");
    let good = bundle(&a.index);
    let lie = Plan { foreign_checkpoint: true, foreign_set: true, ..plan(&a.index) };
    let unlogged = without_log(&good);
    let lie = lie.build().to_string().into_bytes();
    for (name, weak) in [("unlogged", &unlogged), ("with false log evidence", &lie)] {
        let alone = case(name).file(&a.index).file(weak);
        assert_ne!(alone.run().outcome, Outcome::Proven, "{name}");
        alone.clone().file(&good).proven("signed");
        case(name).file(&good).file(weak).file(&a.index).proven("signed");
    }
}

#[test]
fn an_attestation_counts_only_where_it_is_demanded() {
    const TYPE: &str = "https://slsa.dev/provenance/v1";
    let (a, b) = (image("a", "1"), image("b", "1"));
    let attestation = |bytes: &[u8]| {
        let payload = statement(&subject(&Digest::of(bytes)), TYPE);
        Plan { payload, ..Plan::new(Base::DsseV1) }.build().to_string()
    };
    let demanded = |case: Case| case.options(|o| o.attestation = Some(TYPE.to_owned()));
    let given = case("attestation, demanded").file(&a.index).file(attestation(&a.index));
    demanded(given.clone()).proven("attested");
    given.named("attestation, not demanded").not_checked("attestation-not-signature");
    let signed = case("signature, attestation demanded").file(&a.index).file(bundle(&a.index));
    assert_ne!(demanded(signed.clone()).run().outcome, Outcome::Proven);
    let (payload, annotations) = simple(&a.index);
    let simple =
        case("simple signature, attestation demanded").file(&a.index).file(payload).file(annotations);
    demanded(simple.clone()).not_checked("not-an-attestation");
    simple.named("simple signature").proven("signed");
    let other = case("attestation of another image").file(&a.index).file(attestation(&b.index));
    demanded(other).not_checked("signature-needed");
    demanded(signed.file(attestation(&a.index)).named("both, attestation demanded")).proven("attested");
}

fn profile(keys: &[webdis_verify::model::key::PublicKey]) -> Vec<u8> {
    let key = |(n, key): (usize, &webdis_verify::model::key::PublicKey)| json!({"name": format!("key {n}"), "fingerprint": key.fingerprint().hex(), "pem": key.pem()});
    json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": ["registry.example/app"], "log": "required",
        "keys": keys.iter().enumerate().map(key).collect::<Vec<_>>()
    })
    .to_string()
    .into_bytes()
}

#[test]
fn any_key_of_a_profile_may_sign_and_no_other() {
    let a = image("a", "1");
    let with = |case: Case, keys: &[_]| {
        let profile = profile(keys);
        case.options(|o| o.publisher = Publisher::Profile(profile))
    };
    let signed = case("profile of two keys").file(&a.index).file(bundle(&a.index));
    let report = with(signed.clone(), &[stand_in::other_key(), stand_in::key()]).proven("signed");
    assert_eq!(report.publisher.keys.len(), 2);
    with(signed.clone().named("profile of another key"), &[stand_in::other_key()])
        .contradicted("signed-by-another-key");
    // A profile, a key and a trust root among the evidence are not trusted.
    let smuggled = with(signed.named("profile and key among the evidence"), &[stand_in::other_key()])
        .file(profile(&[stand_in::key()]))
        .file(stand_in::key().pem());
    smuggled.contradicted("signed-by-another-key");
    let root = case("").options.trusted_root.unwrap();
    let report = case("trusted root among the evidence")
        .options(|o| o.trusted_root = None)
        .file(&a.index)
        .file(bundle(&a.index))
        .file(root)
        .run();
    assert_eq!(report.outcome, Outcome::NotChecked);
}

fn looks(bytes: &[u8], answers: [Answer; 3]) -> Vec<Lookup> {
    let look = |(place, answer)| Lookup {
        repository: "registry.example/app".to_owned(),
        subject: Digest::of(bytes).to_claim(),
        place,
        answer,
    };
    Where::SIGNATURES.into_iter().zip(answers).map(look).collect()
}

#[test]
fn unsigned_is_said_only_where_every_place_answered() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let cause = || webdis_verify::base::limits::within("a reply", 2, 1).unwrap_err();
    let failed = || Answer::Failed { cause: (&cause()).into() };
    let asked = case("nobody looked").image("registry.example/app:1.0").file(&a.index);
    asked.not_checked("signature-needed");
    let absent = [Answer::Absent, Answer::Absent, Answer::Absent];
    let report = asked
        .clone()
        .named("all absent")
        .looked(looks(&a.index, absent.clone()))
        .unsigned("no-signature-found");
    assert_eq!(report.outcome.exit_code(), 3);
    asked
        .clone()
        .named("no referrers service")
        .looked(looks(&a.index, [Answer::Unsupported, Answer::Absent, Answer::Absent]))
        .unsigned("no-signature-found");
    for at in 0..3 {
        let mut answers = absent.clone();
        answers[at] = failed();
        asked
            .clone()
            .named("one place failed")
            .looked(looks(&a.index, answers))
            .not_checked("signature-places-unread");
    }
    asked
        .clone()
        .named("looked for another image")
        .looked(looks(&b.index, absent.clone()))
        .not_checked("signature-needed");
    let found = [Answer::Found { count: 1, kinds: Vec::new() }, Answer::Absent, Answer::Absent];
    asked
        .clone()
        .named("found junk")
        .file(stranger(&a.index))
        .looked(looks(&a.index, found.clone()))
        .contradicted("signed-by-another-key");
    asked
        .clone()
        .named("found a good one")
        .file(bundle(&a.index))
        .looked(looks(&a.index, found))
        .proven("signed");
    // A failed place does not take away what was found elsewhere.
    asked
        .named("found a good one, one place failed")
        .file(bundle(&a.index))
        .looked(looks(&a.index, [Answer::Found { count: 1, kinds: Vec::new() }, failed(), Answer::Absent]))
        .proven("signed");
}

#[test]
fn any_number_of_strangers_leaves_the_good_signature() {
    let a = image("a", "1");
    // More than are verified in one check, all before the good one.
    let crowd = |name: &str, good: Vec<u8>| {
        let theirs = stranger(&a.index);
        let room = |n: usize| [theirs.clone(), vec![b' '; n]].concat();
        let all = (0..300).fold(case(name).file(&a.index), |case, n| case.file(room(n)));
        all.file(good).digest(&digest(&a.index))
    };
    crowd("behind 300 strangers' bundles", bundle(&a.index)).proven("signed");
    // The twin: a stranger's as the last one. What was left out is said.
    crowd("nothing but strangers' bundles", stranger(&a.index)).not_checked("limit-exceeded");
}

/// A terminal's lines, saved in a file: breaks inside strings are no JSON.
#[test]
fn a_document_wrapped_by_a_terminal_is_read_in_a_file_too() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let wrapped = |bytes: &[u8]| {
        let lines: Vec<&[u8]> = bytes.chunks(80).collect();
        lines.join(&b"\n"[..])
    };
    case("its bundle").file(wrapped(&a.index)).file(wrapped(&bundle(&a.index))).proven("signed");
    case("another's").file(wrapped(&b.index)).file(wrapped(&bundle(&a.index))).not_checked("bytes-differ");
}
