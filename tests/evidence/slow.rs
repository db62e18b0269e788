//! Texts made to be slow: work grows with the text, not with its square.

use std::time::Instant;

use webdis_verify::Time;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::session::check::{Options, check};

fn seconds(text: String, origin: &Origin) -> f64 {
    let start = Instant::now();
    let given = Given { name: "paste 1".to_owned(), origin: origin.clone(), bytes: text.into_bytes() };
    check(&[given], &Options::at(Time::from_unix(1_780_000_000).unwrap())).unwrap();
    start.elapsed().as_secs_f64()
}

#[test]
fn no_text_takes_the_square_of_its_length() {
    let digest = "a".repeat(64);
    let size = std::env::var("SLOW_BYTES").ok().and_then(|s| s.parse().ok()).unwrap_or(5_000_usize);
    let mut slow = Vec::new();
    for unit in [
        "token=a ",
        "token=a\n",
        "{",
        "[",
        "[{",
        "{\"a\":",
        "\"",
        "\\",
        "{}",
        "{}\n",
        "{\n",
        "}\n",
        "a://b:c@d ",
        "eyJ",
        "eyJ.",
        "-----BEGIN PUBLIC KEY-----\n",
        "-----BEGIN ",
        "-----",
        "$ docker pull x\n",
        "$ ",
        "# ",
        "> ",
        "Digest: ",
        "Digest: sha256:a\n",
        "sha256:",
        "\u{201c}",
        "\u{a0}",
        "\r",
        "\r\n",
        " ",
        "\t",
        "\n",
        "a",
        "0 ",
        "null ",
        "1,",
        "authorization: x ",
        "authorization: x'",
        "MediaType: a\n",
        "Name: a\nMediaType: b\n",
        "SignedTags:\n",
        "SIGNED TAG\n",
        "Verification for x --\n",
        "a|b\n",
        "HTTP/1.1 200\n",
        "a: b\n",
        "ghp_",
        "ghp_aaaaaaaaaaaa ",
        "\u{1b}[",
        "\u{1b}[1m",
        "\u{8}",
        "{\"a\":1",
        "[\"",
        "{\"critical\":",
        "\"token\":\"a\",",
        "x@sha256:",
        "a\\\n",
        "$ curl \\\n",
        &format!("sha256:{digest}\n"),
        &format!("sha256:{digest} "),
        &format!("a@sha256:{digest}\n"),
        &format!("{digest}  -\n"),
        &format!("Digest: sha256:{digest}\n"),
        &format!("{{\"digest\":\"sha256:{digest}\"}}\n"),
    ] {
        for origin in [Origin::Paste, Origin::File] {
            let text = |size: usize| unit.repeat(size / unit.len());
            let (short, long) = (seconds(text(size), &origin), seconds(text(size * 4), &origin));
            if long > 2.0 && long > short * 9.0 {
                slow.push(format!("{unit:?} {origin:?}: {short:.2} s, then {long:.2} s"));
            }
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
