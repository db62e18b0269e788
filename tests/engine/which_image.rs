//! All evidence is of an older release: what comes of it where the user asks for
//! that one, for a newer tag, for another repository or for nothing.

use serde_json::{Value, json};
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case, links};
use crate::common::image::{Image, bundle, digest, image, sig_manifest};
use crate::common::stand_in::{Base, Plan, annotations, simple_payload};
use crate::registries::metadata;
use crate::subject::pull;

const APP: &str = "registry.example/app";
const OLD: &str = "registry.example/app:1.0";
const NEW: &str = "registry.example/app:1.1";
const OTHER: &str = "registry.example/other:1.0";

/// Payload, its annotations, and the bundle that cosign prints.
fn simple(bytes: &[u8]) -> (String, Vec<u8>, Value) {
    let payload = simple_payload(&digest(bytes)).replace("example.invalid/image", APP);
    let built = Plan { payload: payload.clone(), ..Plan::new(Base::Legacy) }.build();
    (payload, annotations(&built).into_bytes(), built)
}

/// What `cosign verify` prints: the header on stderr, the records on stdout.
fn verified(bytes: &[u8], asked: Option<&str>, header: bool) -> String {
    let (payload, _, built) = simple(bytes);
    let mut record: Value = serde_json::from_str(&payload).unwrap();
    record["optional"] = json!({"Bundle": built["bundle"]});
    let command = asked.map(|image| format!("$ cosign verify --key test.pub {image}\n")).unwrap_or_default();
    let named = asked.unwrap_or(APP);
    let header = if header {
        format!(
            "\nVerification for {named} --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n\n"
        )
    } else {
        String::new()
    };
    format!("{command}{header}{}\n", json!([record]))
}

fn downloaded(bytes: &[u8]) -> String {
    let (payload, _, built) = simple(bytes);
    json!({"Base64Signature": built["signature"], "Payload": webdis_verify::base::encoding::base64::encode(payload.as_bytes()),
        "Cert": null, "Chain": null, "Bundle": built["bundle"], "RFC3161Timestamp": null})
    .to_string()
}

/// What comes of one question: the code, and whose word the tag is.
type Cell = (&'static str, &'static str);

const UNRESOLVED: Cell = ("tag-unresolved", "");
const BARE: Cell = ("signed", "");
const YOUR_WORD: Cell = ("signed", "tag-by-your-word");

const fn checked(tool: &'static str) -> Cell {
    ("signed", tool)
}

const fn named(tool: &'static str) -> Cell {
    ("signed-as", tool)
}

/// Outcome, code and witness of a report, as a cell says it.
#[track_caller]
fn is(name: &str, asked: Option<&str>, case: Case, expected: Cell) {
    let case = asked.map_or(case.clone(), |asked| case.image(asked));
    let report = case.run();
    let name = format!("{name}, asked {}", asked.unwrap_or("nothing"));
    let tag = report.caveats.iter().find(|c| c.code.starts_with("tag-"));
    let word = tag.map(|tag| {
        if tag.code == "tag-is-mutable" { tag.args.get("source").unwrap().as_str() } else { tag.code }
    });
    println!("{name:<60} {:<12} {:<20} {}", report.outcome.name(), report.code, word.unwrap_or_default());
    assert_eq!((report.code, word.unwrap_or_default()), expected, "{name}\n{}", links(&report));
    let proven = ["signed", "signed-as", "released"].contains(&expected.0);
    assert_eq!(report.outcome == Outcome::Proven, proven, "{name}");
}

/// Columns: nothing asked, the same name, a newer tag, another repository.
///
/// Signatures alone answer for no tag. Words that name the older tag answer for
/// that one. What the user hands over as the image, its bytes, its digest, an
/// archive, is answered for under whatever name, and the name is not claimed.
#[test]
fn evidence_of_an_older_image_answers_for_no_newer_name() {
    let a = image("a", "1");
    let index = digest(&a.index);
    let (payload, notes, _) = simple(&a.index);
    let sig = sig_manifest(&[(payload.clone().into_bytes(), notes.clone())]);
    let (bundled, cosign) = (bundle(&a.index), "cosign verify");
    let of = |asked, header| verified(&a.index, asked, header);
    let by_digest = format!("{APP}@{index}");
    let crane = format!("$ crane digest {OLD}\n{index}\n");
    let row = format!(
        "REPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n{APP}   1.0   {index}   aaaaaaaaaaaa   1 day ago   1MB\n"
    );
    let only = [BARE, UNRESOLVED, UNRESOLVED, UNRESOLVED];
    let of_old = |first, old| [first, old, UNRESOLVED, UNRESOLVED];
    let given = [BARE, YOUR_WORD, YOUR_WORD, YOUR_WORD];
    let forms: Vec<(&str, Case, [Cell; 4])> = vec![
        ("a bundle", case("").file(&bundled), only),
        ("payload and annotations", case("").file(&payload).file(&notes), only),
        ("a .sig manifest and its payload", case("").file(&sig).file(&payload), only),
        ("cosign download", case("").paste(downloaded(&a.index)), only),
        ("records of cosign verify", case("").paste(of(None, false)), only),
        (
            "records below a command",
            case("").paste(of(Some(OLD), false)),
            of_old(checked(cosign), checked(cosign)),
        ),
        ("cosign verify", case("").paste(of(Some(OLD), true)), of_old(checked(cosign), checked(cosign))),
        (
            "cosign verify, no tag",
            case("").paste(of(None, true)),
            [checked(cosign), UNRESOLVED, UNRESOLVED, UNRESOLVED],
        ),
        (
            "cosign verify by digest",
            case("").paste(of(Some(&by_digest), true)),
            [BARE, YOUR_WORD, YOUR_WORD, UNRESOLVED],
        ),
        (
            "docker pull",
            case("").paste(pull(OLD, &index)).file(&bundled),
            of_old(named("docker pull"), named("docker pull")),
        ),
        (
            "crane digest",
            case("").paste(&crane).file(&bundled),
            of_old(named("crane digest"), named("crane digest")),
        ),
        (
            "crane digest and cosign verify",
            case("").paste(&crane).paste(of(Some(OLD), true)),
            of_old(named("cosign verify, crane digest"), named("cosign verify, crane digest")),
        ),
        (
            "docker images",
            case("").paste(row).file(&bundled),
            of_old(checked("docker images"), checked("docker images")),
        ),
        ("the bytes", case("").file(&a.index).file(&bundled), given),
        (
            "the bytes and cosign verify",
            case("").file(&a.index).paste(of(Some(OLD), true)),
            [checked(cosign), checked(cosign), YOUR_WORD, YOUR_WORD],
        ),
        ("the digest", case("").paste(format!("{index}\n")).file(&bundled), given),
        (
            "an archive",
            case("").file(layout(&a, Some(OLD))).file(&bundled),
            [BARE, named("archive"), YOUR_WORD, YOUR_WORD],
        ),
        ("an archive without names", case("").file(layout(&a, None)).file(&bundled), given),
        ("an archive with a tag alone", case("").file(layout(&a, Some("1.0"))).file(&bundled), given),
    ];
    for (name, form, cells) in forms {
        for (asked, cell) in [None, Some(OLD), Some(NEW), Some(OTHER)].into_iter().zip(cells) {
            is(name, asked, form.clone(), cell);
        }
    }
    // The twin: where the tool was asked for the newer tag, it answers for that one.
    for (asked, cell) in [(OLD, UNRESOLVED), (NEW, checked(cosign)), (OTHER, UNRESOLVED)] {
        is("cosign verify of the newer tag", Some(asked), case("").paste(of(Some(NEW), true)), cell);
    }
    let released = ("released", "");
    let trust = metadata(case(""), "0.1.19", &a.index);
    let rows = [
        ("metadata", trust.clone(), [("subject-unclear", ""), ("image-named", "")]),
        ("metadata and the bytes", trust.file(&a.index), [released, ("signature-needed", "")]),
    ];
    for (name, form, [nothing, elsewhere]) in rows {
        is(name, None, form.clone(), nothing);
        is(name, Some("docker.io/example/webdis:0.1.19"), form.clone(), released);
        is(name, Some("docker.io/example/webdis:0.1.20"), form.clone(), ("notary-tag-not-signed", ""));
        is(name, Some("docker.io/example/another:0.1.19"), form, elsewhere);
    }
}

/// Records of several images below one header (`cosign verify --recursive`) say of
/// none that it is the tag's; beside a pull they are no rivals of it.
#[test]
fn records_of_several_images_choose_none() {
    let a = image("a", "1");
    let both = [&a.index, &a.manifests[0]].map(|bytes| verified(bytes, None, false));
    let text = format!("{}{}", verified(&a.manifests[1], Some(NEW), true), both.concat());
    let asked = case("cosign verify --recursive").image(NEW).paste(text);
    asked.not_checked("subject-ambiguous");
    asked.clone().named("the same beside a pull").paste(pull(NEW, &digest(&a.index))).proven("signed-as");
    let evil = image("evil", "2");
    asked
        .named("beside a pull of another")
        .paste(pull(NEW, &digest(&evil.index)))
        .not_checked("signed-index-needed");
}

pub(crate) fn layout(image: &Image, name: Option<&str>) -> Vec<u8> {
    let index = "application/vnd.oci.image.index.v1+json";
    let mut root = json!({"mediaType": index, "digest": digest(&image.index), "size": image.index.len()});
    if let Some(name) = name {
        root["annotations"] = json!({"org.opencontainers.image.ref.name": name});
    }
    let list = json!({"schemaVersion": 2, "mediaType": index, "manifests": [root]}).to_string();
    let blob = |bytes: &[u8]| format!("blobs/sha256/{}", &digest(bytes)[7..]);
    let mut members = vec![
        ("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()),
        ("index.json".to_owned(), list.into_bytes()),
    ];
    members.extend(
        [&image.index]
            .into_iter()
            .chain(&image.manifests)
            .chain(&image.configs)
            .map(|b| (blob(b), b.clone())),
    );
    crate::common::tar::tar(&members)
}
