//! How fast texts are recognised and checked, and what they take: `cargo bench
//! --no-default-features --bench recognise`, with `ONLY=yaml` one of them (with its
//! default features cargo builds the program beside it and overwrites its library, cargo
//! issue 6313). Prints a line per text; the
//! goals are 50 MB/s, 1 s and a report of 256 KiB.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::as_conversions
)]

use std::time::Instant;

use webdis_verify::Time;
use webdis_verify::evidence::{Given, Origin, recognise};
use webdis_verify::session::check::{Options, check};

/// Most memory this process has held, in MiB, where the system says so.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Seconds of the processor that this process used, which other work on the
/// machine does not lengthen; wall time where the system does not say.
fn seconds(start: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(11)?.parse::<f64>().ok());
    ticks.map_or_else(|| start.elapsed().as_secs_f64(), |ticks| ticks / 100.0)
}

/// Texts by name: ordinary ones, and such as are made to be slow.
fn texts() -> Vec<(&'static str, String)> {
    let digest = "a1".repeat(32);
    let prose =
        "Docker images for Webdis are signed: you can verify that an image you pulled is legitimate.\n";
    let session = format!(
        "$ docker pull nicolas/webdis:0.1.19\n0.1.19: Pulling from nicolas/webdis\nDigest: sha256:{digest}\n\
         Status: Image is up to date for nicolas/webdis:0.1.19\ndocker.io/nicolas/webdis:0.1.19\n{prose}"
    );
    let log =
        "2026-11-21T12:00:00.123Z INFO worker[17] GET /v2/team/app/manifests/1.0 200 12ms id=4f2a user=bob\n";
    let base64 = format!("{}\n", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo".repeat(2));
    let hex = format!("{:08x}  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|\n", 4096);
    let row = format!("team/app   1.0   sha256:{digest}   4f2a4f2a4f2a   3 weeks ago   12.1MB\n");
    let table = format!("| {} | x |\n", "cell".repeat(8));
    let refused = format!("[{}@sha1:{digest}]\n", "a".repeat(40));
    [
        ("prose", prose),
        ("prose, CRLF", "Images are signed: verify them before you run them.\r\n"),
        (
            "prose, unicode",
            "Les images sont sign\u{e9}es\u{a0}: v\u{e9}rifiez-les \u{2014} \u{691c}\u{8a3c}.\n",
        ),
        ("a session", &session),
        ("log", log),
        ("yaml", "  image: team/app:1.0\n  ports:\n    - name: http\n      containerPort: 7379\n"),
        ("base64", &base64),
        ("hex dump", &hex),
        ("table", &table),
        ("rows of images", &row),
        ("json lines", "{\"level\":\"info\",\"msg\":\"a line of a log\",\"n\":12}\n"),
        ("json strings", "\"a member\": \"and its value\",\n"),
        ("x x x", "x x x "),
        ("x x x\\n", "x x x\n"),
        ("x\\n", "x\n"),
        ("\\n", "\n"),
        ("\\r\\n", "\r\n"),
        ("blank", " "),
        ("[", "["),
        ("{\"", "{\""),
        ("{\"a\":[\"b\",\\n", "{\"a\":[\"b\",\n"),
        ("[[1],\\n", "[[1],\n"),
        ("{\"a\":1}\\n", "{\"a\":1}\n"),
        ("{\"a\":{\"b\":\"c\"}, x\\n", "{\"a\":{\"b\":\"c\"}, x\n"),
        ("[[],[]],\\n", "[[],[]],\n"),
        ("Error: x\\n", "Error: no signatures found\n"),
        ("x failed\\n", "x failed\n"),
        ("denidenideni", "denideni denideni\n"),
        ("errors, prose", "Error: x\nError: y\nError: password= --user a://b eyJ ghp_\nzzzz z z z z\n"),
        ("a: b\\n", "a: b\n"),
        ("b= c\\n", "b= c\n"),
        ("Name: a\\n", "Name: a\n"),
        ("image: a\\n", "image: a\n"),
        ("docker.\\n", "docker.\n"),
        ("a@b c\\n", "a@b c\n"),
        ("\"a b\\n", "\"a b\n"),
        ("#9 x\\n", "#9 x\n"),
        ("< a: b\\n", "< a: b\n"),
        ("sha256:", "sha256:"),
        ("digests", &format!("see sha256:{digest} there\n")),
        ("bare digests", &format!("sha256:{digest}\n")),
        ("bare digits", &format!("{digest}\n")),
        ("no digests", &refused),
        ("token=a", "token=a "),
        ("PEM", "-----BEGIN PUBLIC KEY-----\n"),
        ("$ docker", "$ docker pull a/b:1 | grep x\n"),
        ("images by number", "a/b   %4   sha256:%64   4f2a4f2a4f2a   3 weeks ago   12.1MB\n"),
        ("digests by number", "see a/b@sha256:%64 there\n"),
        ("asked by number", "$ crane digest a.example/b:%4\nsha256:%64\n"),
        ("pulls of one tag", "Digest: sha256:%64\nStatus: Image is up to date for a.example/b:1\n"),
        ("manifests", &format!("{{\"schemaVersion\":2,\"mediaType\":\"{MANIFEST}\",\"config\":{{\"mediaType\":\"{CONFIG}\",\"digest\":\"sha256:%64\",\"size\":7}},\"layers\":[]}}\n")),
        ("indexes", &format!("{{\"schemaVersion\":2,\"mediaType\":\"{INDEX}\",\"manifests\":[{}]}}\n", vec![format!("{{\"mediaType\":\"{MANIFEST}\",\"digest\":\"sha256:%64\",\"size\":7,\"platform\":{{\"os\":\"linux\",\"architecture\":\"a%4\"}}}}"); 900].join(","))),
        ("indexes, printed", &format!("{{\n  \"schemaVersion\": 2,\n  \"mediaType\": \"{INDEX}\",\n  \"manifests\": [{}]\n}}\n", vec![format!("\n    {{\"mediaType\": \"{MANIFEST}\", \"digest\": \"sha256:%64\", \"size\": 7}}"); 900].join(","))),
        ("payloads", "{\"critical\":{\"identity\":{\"docker-reference\":\"a\"},\"image\":{\"docker-manifest-digest\":\"sha256:%64\"},\"type\":\"cosign container image signature\"},\"optional\":null}\n"),
        ("annotations", "{\"dev.cosignproject.cosign/signature\":\"MEUCIQD%64MEUCIQDMEUCIQD\"}\n{\"critical\":{\"identity\":{\"docker-reference\":\"a\"},\"image\":{\"docker-manifest-digest\":\"sha256:%64\"},\"type\":\"cosign container image signature\"},\"optional\":null}\n"),
        ("trust rows", "%4   %64   (Repo Admin)\n"),
        ("json of no kind", "{\"a\":[{\"b\":\"%64\"}]}\n"),
        ("\"digest\": ", &format!("\"digest\": \"sha256:{digest}\",\n")),
    ]
    .map(|(name, unit)| (name, unit.to_owned()))
    .to_vec()
}

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// A text of a size: the unit again and again, with numbers in it for `%4` and
/// `%64`, hexadecimal and of that many digits.
fn repeated(unit: &str, size: usize) -> Vec<u8> {
    if !unit.contains("%4") && !unit.contains("%64") {
        return unit.repeat(size / unit.len()).into_bytes();
    }
    let mut text = String::with_capacity(size);
    let mut number = 0_u32;
    while text.len() < size {
        for part in unit.split_inclusive('%') {
            let part = match part.strip_prefix("64") {
                Some(rest) => {
                    text.pop();
                    number += 1;
                    text.push_str(&format!("{:08x}{number:056x}", number.wrapping_mul(0x9e37_79b1)));
                    rest
                }
                None if part.starts_with('4') => {
                    text.pop();
                    text.push_str(&format!("{:04x}", number & 0xffff));
                    &part[1..]
                }
                None => part,
            };
            text.push_str(part);
        }
    }
    text.truncate(text[..size].rfind('\n').unwrap_or(size));
    text.into_bytes()
}

fn main() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<usize>().ok());
    let size = number("BYTES").unwrap_or(30 << 20);
    let only = std::env::var("ONLY").unwrap_or_default();
    let options = Options::at(Time::parse("2026-11-21T12:00:00Z").unwrap());
    for (name, unit) in texts().iter().filter(|(name, _)| name.contains(&only)) {
        for (origin, how) in [(Origin::Paste, "paste"), (Origin::File, "file")] {
            let bytes = repeated(unit, size);
            let given = [Given { name: "text".to_owned(), origin, bytes }];
            let start = Instant::now();
            let before = seconds(start);
            let items = recognise(&given).len();
            let read = seconds(start) - before;
            let report = check(&given, &options).unwrap();
            let whole = seconds(start) - before - read;
            println!(
                "{name:24} {how:6} {:8.1} MB/s {read:6.2} s, check {whole:6.2} s, {items:5} items, report {:7} bytes, peak {} MiB",
                size as f64 / 1e6 / read.max(0.005),
                serde_json::to_vec(&report).unwrap().len(),
                peak()
            );
        }
    }
}
