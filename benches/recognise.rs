//! How fast texts are recognised, and what they take: `cargo bench --bench
//! recognise`. Prints a line per text; the goals are 50 MB/s and 1 s.

#![allow(missing_docs, clippy::unwrap_used, clippy::cast_precision_loss, clippy::as_conversions)]

use std::time::Instant;

use webdis_verify::evidence::{Given, Origin, recognise};

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

fn main() {
    let size: usize = std::env::var("BYTES").ok().and_then(|n| n.parse().ok()).unwrap_or(30 << 20);
    let digest = "a1".repeat(32);
    let prose =
        "Docker images for Webdis are signed: you can verify that an image you pulled is legitimate.\n";
    let session = format!(
        "$ docker pull nicolas/webdis:0.1.19\n0.1.19: Pulling from nicolas/webdis\nDigest: sha256:{digest}\n\
         Status: Image is up to date for nicolas/webdis:0.1.19\ndocker.io/nicolas/webdis:0.1.19\n{prose}"
    );
    let texts: [(&str, &str); 22] = [
        ("prose", prose),
        ("a session", &session),
        ("x x x", "x x x "),
        ("x\\n", "x\n"),
        ("\\n", "\n"),
        ("blank", " "),
        ("[", "["),
        ("{\"", "{\""),
        ("{\"a\":[\"b\",\\n", "{\"a\":[\"b\",\n"),
        ("[[1],\\n", "[[1],\n"),
        ("{\"a\":1}\\n", "{\"a\":1}\n"),
        ("{\"a\":{\"b\":\"c\"}, x\\n", "{\"a\":{\"b\":\"c\"}, x\n"),
        ("[[],[]],\\n", "[[],[]],\n"),
        ("Error: x\\n", "Error: no signatures found\n"),
        ("a: b\\n", "a: b\n"),
        ("sha256:", "sha256:"),
        ("digests", &format!("see sha256:{digest} there\n")),
        ("bare digests", &format!("sha256:{digest}\n")),
        ("token=a", "token=a "),
        ("PEM", "-----BEGIN PUBLIC KEY-----\n"),
        ("$ docker", "$ docker pull a/b:1 | grep x\n"),
        ("\"digest\": ", &format!("\"digest\": \"sha256:{digest}\",\n")),
    ];
    for (name, unit) in texts {
        for (origin, how) in [(Origin::Paste, "paste"), (Origin::File, "file")] {
            let bytes = unit.repeat(size / unit.len()).into_bytes();
            let given = [Given { name: "text".to_owned(), origin, bytes }];
            let start = Instant::now();
            let before = seconds(start);
            let items = recognise(&given);
            let seconds = (seconds(start) - before).max(0.005);
            let kept: usize = items.iter().map(|item| item.bytes.len()).sum();
            println!(
                "{name:24} {how:6} {:8.1} MB/s {seconds:7.3} s {:6} items {:9} bytes kept, peak {} MiB",
                size as f64 / 1e6 / seconds,
                items.len(),
                kept,
                peak()
            );
        }
    }
}
