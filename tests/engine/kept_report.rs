//! A report that was kept and is given again: its evidence is verified anew, and
//! nothing that it says is believed.

use serde_json::{Value, json};
use webdis_verify::base::encoding::base64;
use webdis_verify::session::check::Publisher;

use crate::case::{Case, case};
use crate::common::image::{bundle, digest, image, simple};

/// The report of a case with its evidence, as `--format json-evidence` and the
/// page save it.
fn kept(case: &Case) -> Value {
    serde_json::to_value(case.clone().options(|options| options.include_bytes = true).run()).unwrap()
}

fn text(report: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(report).unwrap()
}

fn notes(case: &Case) -> Vec<&'static str> {
    let codes = |note: &webdis_verify::base::message::Message| note.code;
    case.run().items.iter().flat_map(|item| item.notes.iter().map(codes)).collect()
}

#[test]
fn a_kept_report_is_verified_anew() {
    let a = image("a", "1");
    let asked = case("first").file(&a.index).file(bundle(&a.index)).image("docker.io/team/app:1.0");
    let report = kept(&asked);
    assert_eq!(report["outcome"], "proven");
    // As a file, as a paste, and once more from the report about the report.
    let again = case("a file").file(text(&report)).digest(&digest(&a.index));
    again.proven("signed");
    assert_eq!(notes(&again), ["report-read"]);
    case("a paste").paste(text(&report)).digest(&digest(&a.index)).proven("signed");
    case("of a report").file(text(&kept(&again))).digest(&digest(&a.index)).proven("signed");
    // The same of the older form, and of a document that a paste was restored to.
    let (payload, annotations) = simple(&a.index);
    let older = kept(&case("older").paste(&a.index).paste(&payload).paste(annotations));
    let older_again = case("older again").file(text(&older)).digest(&digest(&a.index));
    assert_eq!(older_again.run().outcome.name(), older["outcome"].as_str().unwrap());
}

#[test]
fn what_a_report_says_is_not_believed() {
    let (a, b) = (image("a", "1"), image("b", "1"));
    let signed = || kept(&case("first").file(&a.index).file(bundle(&a.index)));
    let with = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut report = signed();
        change(&mut report);
        case(name).file(text(&report)).digest(&digest(&a.index))
    };
    with("as it was", &|_| {}).proven("signed");
    // Words and codes without the evidence are nothing.
    let bare = |report: &mut Value| {
        for item in report["items"].as_array_mut().unwrap() {
            item.as_object_mut().unwrap().remove("bytes");
        }
    };
    let without = with("without evidence", &bare);
    assert_eq!(without.run().outcome.name(), "not-checked");
    assert_eq!(notes(&without), ["report-bare"]);
    with("no items", &|r| r["items"] = json!([])).not_checked("signature-needed");
    with("items of no kind", &|r| r["items"] = json!({"0": 1})).not_checked("signature-needed");
    with("no base64", &|r| r["items"][1]["bytes"] = json!("%%%")).not_checked("signature-needed");
    // Other bytes under the digest and the kind that the report writes beside them.
    with("another index", &|r| r["items"][0]["bytes"] = json!(base64::encode(&b.index)));
    let swapped = |r: &mut Value| r["items"][1]["bytes"] = json!(base64::encode(&bundle(&b.index)));
    assert_ne!(with("the signature of another", &swapped).run().outcome.name(), "proven");
    with("wrong kind and digest", &|r| {
        for item in r["items"].as_array_mut().unwrap() {
            item["kind"] = json!("text");
            item["digest"] = json!(digest(b"x"));
            item["parent"] = json!(0);
        }
    })
    .run();
    // The key in it is not the key that is checked against.
    let stranger = |case: Case| case.options(|o| o.publisher = Publisher::Default);
    let own = with("names a key", &|r| {
        r["publisher"] = json!({"name": "Webdis", "source": "built-in", "keys": [{"name": "webdis.pub", "fingerprint": "0".repeat(64)}]});
    });
    own.proven("signed");
    assert_ne!(stranger(own).run().outcome.name(), "proven", "policy is chosen, never found");
    // A report may call another image signed: its words are not read.
    let claims = json!({"schema": signed()["schema"], "outcome": "proven", "code": "signed", "headline": format!("Signed: {}", digest(&b.index)),
        "subject": {"reference": "docker.io/team/app:1.0", "digest": digest(&b.index)}, "links": [], "items": []});
    case("a claim").file(text(&claims)).digest(&digest(&b.index)).not_checked("signature-needed");
    case("a claim alone").file(text(&claims)).not_checked("report-bare");
}

/// What decided may not be in a report: layers, files that are not read. Then it is only a
/// word about an image; so is one without any evidence.
#[test]
fn a_report_without_what_decided_leaves_open_what_is_held() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let asked = |name: &str| case(name).image("docker.io/team/app:1.0");
    let signed = |name: &str| asked(name).file(&a.index).file(bundle(&a.index));
    // An archive that is not read, and one of the image.
    let xz = [b"\xfd7zXZ\0".as_slice(), &[7; 90]].concat();
    let unread = signed("first").file(&xz);
    unread.not_checked("archive-format-unread");
    let mut report = kept(&unread);
    let items = report["items"].as_array_mut().unwrap();
    items
        .iter_mut()
        .filter(|i| i["kind"] == "blob")
        .for_each(|i| drop(i.as_object_mut().unwrap().remove("bytes")));
    signed("what decided is not in it").file(text(&report)).not_checked("report-bare");
    let of_another = |name: &str| case(name).image(name).file(&a.index).file(bundle(&a.index));
    of_another("docker.io/team/other:1.0").file(text(&report)).proven("signed");
    signed("all is in it").file(text(&kept(&signed("first")))).proven("signed");
    // Without evidence: what it says was held is another image, or this one.
    let bare = |of: &Case| serde_json::to_vec(&of.run()).unwrap();
    let pulled = |of: &[u8]| {
        let name = "docker.io/team/app:1.0";
        bare(&signed("pulled").paste(crate::subject::pull(name, &digest(of))))
    };
    signed("another's").file(pulled(&b.index)).not_checked("report-bare");
    signed("its own").file(pulled(&a.index)).proven("signed");
    signed("about nothing").file(bare(&case("nothing").paste("hello"))).proven("signed");
}

#[test]
fn reports_in_reports_end() {
    let a = image("a", "1");
    let schema = "https://webdis-verify.dev/report/v1";
    let mut report = kept(&case("first").file(&a.index).file(bundle(&a.index)));
    for _ in 0..6 {
        let bytes = base64::encode(&text(&report));
        report = json!({"schema": schema, "items": [{"name": "r", "kind": "index", "bytes": bytes}]});
    }
    case("a report in a report").file(text(&report)).not_checked("report-bare");
    let many: Vec<Value> = (0..20_000)
        .map(|n| json!({"name": "x", "kind": "json", "bytes": base64::encode(format!("{{\"a\":{n}}}").as_bytes())}))
        .collect();
    let flood = json!({"schema": schema, "items": many});
    assert_eq!(case("a flood").file(text(&flood)).run().outcome.name(), "not-checked");
}
