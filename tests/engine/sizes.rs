//! Hostile sizes: a named limit or an answer, soon. The bounds are generous,
//! for slow computers and unoptimised builds; the times are printed.

use std::time::Duration;

use serde_json::{Value, json};
use webdis_verify::Digest;
use webdis_verify::base::limits;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::report::Report;

use crate::case::{Case, case, invariants};
use crate::common::image::{
    bundle, child, digest, image, index, linux, manifest, sig_manifest, simple, stranger,
};
use crate::common::tar::tar;
use crate::common::work::cost;

/// Unoptimised builds walk a text some twenty times slower: they get less of it.
const LESS: usize = if cfg!(debug_assertions) { 8 } else { 1 };

const BOUND: Duration = Duration::from_secs(30);

fn timed(name: &str, case: &Case) -> Report {
    let bytes: usize = case.given.iter().map(|given| given.bytes.len()).sum();
    let (report, took) = cost(|| case.run());
    println!(
        "{name:<44} {bytes:>11} bytes {:>7} ms  {} {}",
        took.as_millis(),
        report.outcome.name(),
        report.code
    );
    invariants(name, &report);
    assert!(took < BOUND, "{name}: {took:?}");
    let size = serde_json::to_vec(&report).unwrap().len();
    assert!(size < 256 << 10, "{name}: a report of {size} bytes");
    report
}

fn hex(n: usize) -> String {
    Digest::of(&n.to_le_bytes()).to_string()
}

#[test]
fn floods_of_signatures() {
    let a = image("a", "1");
    let junk: Value = serde_json::from_slice(&stranger(&a.index)).unwrap();
    let mut bundles = case("").file(&a.index);
    for n in 0..4_000 {
        let mut junk = junk.clone();
        junk["verificationMaterial"]["publicKey"]["hint"] = json!(n.to_string());
        bundles = bundles.file(junk.to_string());
    }
    assert_eq!(timed("4,000 bundles by strangers", &bundles).outcome, Outcome::NotChecked);
    let layers: Vec<_> = (0..5_000).map(|_| simple(b"other")).collect();
    let report =
        timed("5,000 layers in a .sig manifest", &case("").file(&a.index).file(sig_manifest(&layers)));
    assert_ne!(report.outcome, Outcome::Proven);
    let (payload, annotations) = simple(b"other");
    let mut loose = case("").file(&a.index);
    for n in 0..2_000 {
        loose = loose.file([&payload[..], format!("{n}").as_bytes()].concat());
        loose = loose.file(annotations.clone());
    }
    assert_ne!(timed("2,000 annotations, 2,000 texts", &loose).outcome, Outcome::Proven);
    let mut entries: Value = serde_json::from_slice(&bundle(&a.index)).unwrap();
    let entry = entries["verificationMaterial"]["tlogEntries"][0].clone();
    entries["verificationMaterial"]["tlogEntries"] = Value::Array(vec![entry; 32]);
    let mut many = case("").file(&a.index);
    for _ in 0..200 {
        many = many.file(entries.to_string());
    }
    timed("200 bundles of 32 log entries", &many);
    let mut files = case("");
    let plan = crate::common::stand_in::Plan::new(crate::common::stand_in::Base::FileV1);
    let mut bundle = plan.build();
    bundle["messageSignature"].as_object_mut().unwrap().remove("messageDigest");
    for n in 0..250 {
        files = files.file(bundle.to_string()).file(format!("file {n}"));
    }
    assert_ne!(timed("250 bundles over 250 files", &files).outcome, Outcome::Proven);
}

#[test]
fn large_indexes() {
    let children = |count: usize| -> Vec<Value> {
        let mut children = vec![child(b"{}", linux("amd64", None)); count];
        for (n, child) in children.iter_mut().enumerate() {
            child["digest"] = json!(hex(n));
        }
        children
    };
    let full = index(&children(1_000));
    let report = timed("1,000 descriptors", &case("").file(&full).file(bundle(&full)));
    assert_eq!(report.outcome, Outcome::Proven);
    let over = index(&children(1_001));
    let report = timed("1,001 descriptors", &case("").file(&over).file(bundle(&over)));
    assert!(report.items.iter().any(|item| item.notes.iter().any(|note| note.code == "limit-exceeded")));
    // An index cannot name itself; it can name digests of each other's text.
    let mut nested = manifest(b"{}", "x");
    let mut deep = case("");
    for _ in 0..50 {
        nested = index(&[child(&nested, None), child(b"{}", None)]);
        deep = deep.file(&nested);
    }
    timed("50 nested indexes", &deep.digest(&digest(b"{}")).file(bundle(&nested)));
    let mut many = case("");
    let mut listed = Vec::new();
    for n in 0..3_000 {
        let one = manifest(format!("{n}").as_bytes(), "x");
        listed.push(child(&one, linux("amd64", None)));
        many = many.file(one);
    }
    for part in listed.chunks(1_000) {
        many = many.file(index(part));
    }
    timed("3,000 manifests, 3 indexes", &many.clone().digest(&digest(b"x")).file(bundle(b"x")));
    timed("3,000 manifests, nothing asked", &many.file(bundle(&index(&listed[..1_000]))));
    let copies = (0..40).fold(case("").file(&full).file(bundle(&full)), |case, n| {
        let mut copy = children(1_000);
        copy[0]["size"] = json!(n);
        case.fetched(&format!("https://mirror{n}.example/v2/a/manifests/x"), index(&copy))
    });
    timed("40 copies of 1,000 platforms", &copies.digest(&digest(&full)));
}

/// An archive full of manifests that all name the signed config: each is held to it.
#[test]
fn thousands_of_stand_ins_cost_no_more_than_their_number() {
    let (own, evil) = (image("own", "1"), image("evil", "1"));
    let path = |bytes: &[u8]| format!("blobs/sha256/{}", &digest(bytes)[7..]);
    let saved = |last: &[u8]| {
        let mut files = vec![("oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec())];
        let mut roots = Vec::new();
        for part in 0..5 {
            let copy = |n: usize| {
                let config = if (part, n) == (4, 899) { last } else { &own.configs[0] };
                manifest(config, &format!("copy {part} {n}"))
            };
            let copies: Vec<_> = (0..900).map(copy).collect();
            let list =
                index(&copies.iter().map(|copy| child(copy, linux("amd64", None))).collect::<Vec<_>>());
            let mut root = child(&list, None);
            root["mediaType"] = json!("application/vnd.oci.image.index.v1+json");
            roots.push(root);
            files.extend(copies.into_iter().chain([list]).map(|bytes| (path(&bytes), bytes)));
        }
        files.extend([&own.configs[0], &evil.configs[0]].map(|config| (path(config), config.clone())));
        files.push(("index.json".to_owned(), index(&roots)));
        let case = case("").file(tar(&files)).file(&own.index).file(&own.manifests[0]);
        timed("4,500 stand-ins", &case.file(bundle(&own.index)).digest(&digest(&own.index))).outcome
    };
    // All are the image by its config, and their layers are not there; of 4,500 the last one is
    // another.
    assert_eq!(saved(&own.configs[0]), Outcome::NotChecked);
    assert_ne!(saved(&evil.configs[0]), Outcome::Proven);
}

#[test]
fn texts_to_restore() {
    let a = image("a", "1");
    let hints: String = (0..20_000).map(|n| format!("{}\n", hex(n))).collect();
    let text = |n: usize| {
        format!("{}\n", serde_json::to_string_pretty(&json!({"schemaVersion": 2, "manifests": (0..20).map(|i| {
        json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": hex(n * 20 + i), "size": 7})
    }).collect::<Vec<_>>()})).unwrap())
    };
    let mut many = case("").paste(&hints).file(bundle(&a.index));
    for n in 0..500 {
        many = many.paste(text(n));
    }
    timed("500 texts, 20,000 wanted digests", &many);
    let children: Vec<_> = (0..1_000)
        .map(|n| {
            let mut child = child(b"{}", linux("amd64", None));
            child["digest"] = json!(hex(n));
            child["annotations"] = json!({"x": "y".repeat(3_500)});
            child
        })
        .collect();
    let large =
        serde_json::to_string_pretty(&serde_json::from_slice::<Value>(&index(&children)).unwrap()).unwrap();
    timed("one text of 3.7 MB, not restorable", &case("").paste(&large).file(bundle(&a.index)));
    let real = image("b", "1");
    let both = case("")
        .paste(large)
        .paste(serde_json::to_string_pretty(&serde_json::from_slice::<Value>(&real.index).unwrap()).unwrap());
    let report =
        timed("and a small one after it", &both.digest(&digest(&real.index)).file(bundle(&real.index)));
    assert_eq!(report.outcome, Outcome::Proven, "{}", report.headline);
}

#[test]
fn garbage() {
    let noise = |length: usize| -> Vec<u8> {
        let mut state = 1_u32;
        (0..length)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_le_bytes()[3]
            })
            .collect()
    };
    timed("100 MB of noise in a file", &case("").file(noise(100 << 20)));
    timed("33 MB of noise pasted", &case("").paste(noise(33 << 20)));
    let digits = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ".repeat(480_000 / LESS);
    timed("digests pasted", &case("").paste(digits));
    timed(
        "10,000 arrays deep",
        &case("").paste("[".repeat(10_000)).file(["[".repeat(10_000), "]".repeat(10_000)].concat()),
    );
    timed("a million braces", &case("").paste("{".repeat(1_000_000)));
    timed("a million quotes", &case("").paste("\"".repeat(1_000_000)));
    let small = (0..10_000).fold(case(""), |case, n| case.file(format!("{{\"a\":{n}}}")));
    timed("10,000 files", &small);
    let documents: String = (0..=limits::ITEMS).map(|n| format!("{{\"a\":{n}}}\n")).collect();
    timed("more documents in one paste than are read", &case("").paste(documents));
    let pulls: String = (0..5_000)
        .map(|n| format!("Digest: {}\nStatus: Downloaded newer image for a:{n}\n", hex(n)))
        .collect();
    timed("5,000 docker pulls in one paste", &case("").image("a:7").paste(pulls));
}

#[test]
fn base64_without_end() {
    let base64 = "QUJD".repeat((8 << 20) / LESS);
    timed("base64 pasted, one word", &case("").paste(&base64));
}

#[test]
fn a_report_has_a_size_and_says_what_it_leaves_out() {
    let a = image("a", "1");
    let pulls: String = (0..2_000).map(|n| format!("Digest: {}\nError: {n}\nword {n}\n", hex(n))).collect();
    let values: String = (0..3_000).map(|n| format!("{{\"a\":{n}}}\n")).collect();
    let told = "Authorization: Bearer abcdefghijkl";
    let many = case("many parts").file(&a.index).file(bundle(&a.index)).paste(&pulls).paste(values);
    let report = timed("many parts", &many.clone().paste(told));
    let limits: Vec<_> = report.links.iter().filter(|link| link.code() == "limit-exceeded").collect();
    assert!(limits.iter().any(|link| link.claim().contains("evidence in a report")), "{limits:?}");
    // Each part hangs below the one it was found in, or below none.
    for (at, item) in report.items.iter().enumerate() {
        assert!(item.parent.is_none_or(|parent| parent < at));
    }
    // What the verdict rests on is listed, whatever it came after.
    let late = case("the document last")
        .paste(&pulls)
        .file(&a.index)
        .file(bundle(&a.index))
        .digest(&digest(&a.index));
    let report = timed("the document last", &late);
    assert!(report.items.iter().any(|item| item.kind == "index" && item.digest == digest(&a.index)));
    // Few parts are all listed.
    let few = timed("few parts", &case("few parts").file(&a.index).paste("hello"));
    assert!(few.items.len() == 2 && few.links.iter().all(|link| link.code() != "limit-exceeded"));
}

#[test]
fn strangers_large_indexes_leave_room_for_the_image() {
    let a = image("a", "1");
    let junk = |n: usize| {
        let children: Vec<Value> =
            (0..990).map(|m| child(hex(n * 1_000 + m).as_bytes(), linux("amd64", None))).collect();
        index(&children)
    };
    let flooded = (0..24).fold(case("large indexes"), |case, n| case.file(junk(n)));
    let image = flooded.file(&a.index).file(bundle(&a.index)).digest(&digest(&a.index));
    let report = timed("large indexes of strangers", &image);
    assert_eq!(report.outcome, Outcome::Proven);
    let limit = report.items.iter().flat_map(|item| &item.notes).any(|note| note.code == "limit-exceeded");
    assert!(limit, "the limit is named");
}
