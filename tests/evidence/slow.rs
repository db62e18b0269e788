//! Texts made to be slow: work grows with the text, not with its square.

use webdis_verify::Time;
use webdis_verify::base::limits;
use webdis_verify::evidence::{Given, Kind, Origin, recognise};
use webdis_verify::session::check::{Options, check};

use crate::common::work::cost;

fn seconds(text: String, origin: &Origin) -> f64 {
    let given = Given { name: "paste 1".to_owned(), origin: origin.clone(), bytes: text.into_bytes() };
    let options = Options::at(Time::from_unix(1_780_000_000).unwrap());
    cost(|| check(&[given], &options).unwrap()).1.as_secs_f64()
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
        "\"a b\n",
        "\"a\": \"b\",\n",
        &format!("[{}@sha1:{digest}]\n", "a".repeat(40)),
        &format!("{digest}  -\n"),
        &format!("Digest: sha256:{digest}\n"),
        &format!("{{\"digest\":\"sha256:{digest}\"}}\n"),
        // Tags and references without an end, and lines of digits as wide as a terminal.
        "<pre",
        "&quot;<",
        "&quot;&",
        "aaaaaaaaaaaaaaaaaaaaaaaa\n",
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

/// What a text of these units becomes: items, bytes kept, and whether a limit is named.
fn kept(unit: &str, size: usize) -> (usize, usize, bool) {
    let bytes = unit.repeat(size / unit.len()).into_bytes();
    let items = recognise(&[Given { name: "paste 1".to_owned(), origin: Origin::Paste, bytes }]);
    let limit = items.iter().flat_map(|item| &item.notes).any(|note| note.code == "limit-exceeded");
    (items.len(), items.iter().map(|item| item.bytes.len()).sum(), limit)
}

#[test]
fn text_that_says_nothing_is_not_kept_and_the_limit_is_named() {
    for unit in ["x x x ", "x x x\n", "Docker images for Webdis are signed.\n", "a: b\n"] {
        let (items, bytes, limit) = kept(unit, (1 << 20) + 4_096);
        assert!(items <= 4_096 && bytes == 0 && limit, "{unit:?}: {items} items, {bytes} bytes, {limit}");
    }
    let (items, bytes, limit) = kept("-----BEGIN X-----\n", 6 << 20);
    assert!(items <= limits::ITEMS && bytes <= 4 << 20 && limit, "{items} items, {bytes} bytes, {limit}");
    // Facts are bounded, and those of a text that is kept in part are all the same.
    let many: String = (0..20_000_u32).map(|i| format!("see sha256:{i:064x} there\n")).collect();
    let items =
        recognise(&[Given { name: "paste 1".to_owned(), origin: Origin::Paste, bytes: many.into_bytes() }]);
    assert_eq!((items[0].kind, items[0].facts.len()), (Kind::Text, 4_096));
    assert!(!items[0].is_whole() && items[0].bytes.is_empty());
}

/// One thing at the beginning makes all the rest slow: a page, or a width.
#[test]
fn a_page_and_a_terminal_are_read_once() {
    for (first, unit) in [
        ("&quot;", "<pre"),
        ("&amp;", "&"),
        ("&quot;", "&lt"),
        (
            "zzzzaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaaaaazzzz\n",
            "aaaaaaaaaaaaaaaaaaaaaaaa\n",
        ),
    ] {
        let text = |size: usize| first.to_owned() + &unit.repeat(size / unit.len());
        let (short, long) = (seconds(text(100_000), &Origin::Paste), seconds(text(800_000), &Origin::Paste));
        println!("{first:.6?} {unit:?}: {short:.3} s, then {long:.3} s");
        assert!(long < 2.0 || long < short * 24.0, "{unit:?}: {short:.2} s, then {long:.2} s");
    }
}

#[test]
fn nesting_costs_nothing() {
    let (open, close) = ("[".repeat(64), "]".repeat(64));
    for text in [format!("{open}{close}"), format!("{}{{}}{}", &open[1..], &close[1..]), open.repeat(1_000)] {
        let items =
            recognise(&[Given { name: "p".to_owned(), origin: Origin::Paste, bytes: text.into_bytes() }]);
        assert_eq!(items.len(), 1);
    }
}
