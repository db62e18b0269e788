//! Properties of recognition and recovery over random input.

use proptest::prelude::*;
use webdis_verify::ClaimedDigest;
use webdis_verify::Digest;
use webdis_verify::base::order::Set;
use webdis_verify::evidence::{Given, Origin, recognise, recover, trimmed, trust_text};

fn claimed(bytes: &[u8]) -> ClaimedDigest {
    ClaimedDigest::parse(&Digest::of(bytes).to_string()).unwrap()
}

/// A printer: layout, and how it escapes.
#[derive(Clone, Copy, Debug)]
struct Printer {
    indent: Option<&'static str>,
    html: bool,
    slash: bool,
    ascii: bool,
}

#[derive(Clone, Debug)]
enum Json {
    Word(&'static str),
    Number(u32),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

impl Printer {
    fn text(self, text: &str, out: &mut String) {
        out.push('"');
        for c in text.chars() {
            let hex = |out: &mut String| {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|h| out.push_str(&format!("\\u{h:04x}")));
            };
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '/' if self.slash => out.push_str("\\/"),
                '<' | '>' | '&' | '\u{2028}' if self.html => hex(out),
                c if self.ascii && !c.is_ascii() => hex(out),
                c => out.push(c),
            }
        }
        out.push('"');
    }

    fn print(self, value: &Json, depth: usize, out: &mut String) {
        let line = |out: &mut String, depth: usize| {
            if let Some(indent) = self.indent {
                out.push('\n');
                out.push_str(&indent.repeat(depth));
            }
        };
        match value {
            Json::Word(word) => out.push_str(word),
            Json::Number(n) => out.push_str(&n.to_string()),
            Json::Text(text) => self.text(text, out),
            Json::List(items) if items.is_empty() => out.push_str("[]"),
            Json::Map(members) if members.is_empty() => out.push_str("{}"),
            Json::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    out.push(if i == 0 { '[' } else { ',' });
                    line(out, depth + 1);
                    self.print(item, depth + 1, out);
                }
                line(out, depth);
                out.push(']');
            }
            Json::Map(members) => {
                for (i, (name, item)) in members.iter().enumerate() {
                    out.push(if i == 0 { '{' } else { ',' });
                    line(out, depth + 1);
                    self.text(name, out);
                    out.push_str(if self.indent.is_some() { ": " } else { ":" });
                    self.print(item, depth + 1, out);
                }
                line(out, depth);
                out.push('}');
            }
        }
    }
}

fn json() -> impl Strategy<Value = Json> {
    let text = "[a-z/<>&é\u{a0}\u{2028}😀\"\\\\\n ]{0,12}";
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false"]).prop_map(Json::Word),
        any::<u32>().prop_map(Json::Number),
        text.prop_map(Json::Text),
    ];
    let map = |inner: BoxedStrategy<Json>| {
        prop::collection::btree_map("[a-zA-Z./]{1,8}", inner, 0..5)
            .prop_map(|m| Json::Map(m.into_iter().collect()))
    };
    let value = leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Json::List), map(inner.boxed())]
    });
    prop::collection::btree_map("[a-zA-Z]{1,8}", value, 1..5).prop_map(|m| Json::Map(m.into_iter().collect()))
}

/// Writers whose habits are known: Go, Go without HTML escapes, jq, Python, Perl, PHP.
fn printer() -> impl Strategy<Value = Printer> {
    let habits = vec![
        (true, false, false),
        (false, false, false),
        (false, false, true),
        (false, true, false),
        (false, true, true),
    ];
    let indents = vec![None, Some(" "), Some("  "), Some("   "), Some("    "), Some("\t")];
    (prop::sample::select(habits), prop::sample::select(indents))
        .prop_map(|((html, slash, ascii), indent)| Printer { indent, html, slash, ascii })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_print_of_a_document_gives_its_bytes(
        doc in json(), wrote in printer(), printed in printer(), newline in any::<bool>(), around in 0..5,
    ) {
        let mut original = String::new();
        wrote.print(&doc, 0, &mut original);
        if newline {
            original.push('\n');
        }
        let mut text = String::new();
        printed.print(&doc, 0, &mut text);
        let text = match around {
            0 => text,
            1 => format!("{text}\n"),
            2 => format!("\u{feff}{}\r\n", text.replace('\n', "\r\n")),
            3 => format!("me@host:~$ cat x\n{text}me@host:~$ "),
            _ => format!("\u{1b}[1m{text}\u{1b}[0m\n\n"),
        };
        let digest = claimed(original.as_bytes());
        let found = recover(text.as_bytes(), &Set::from([digest.clone()])).unwrap();
        prop_assert_eq!(&found.bytes, original.as_bytes());
        prop_assert!(digest.matches(&found.digest));
        // Nothing fits another digest.
        let other = claimed(b"another document");
        prop_assert!(recover(text.as_bytes(), &Set::from([other])).is_err());
    }

    #[test]
    fn a_repair_never_changes_a_document_s_meaning(doc in json(), printed in printer(), wrote in printer()) {
        let mut original = String::new();
        wrote.print(&doc, 0, &mut original);
        let mut text = String::new();
        printed.print(&doc, 0, &mut text);
        let found = recover(text.as_bytes(), &Set::from([claimed(original.as_bytes())])).unwrap();
        let value = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
        prop_assert_eq!(value(&found.bytes), value(text.as_bytes()));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for origin in [Origin::Paste, Origin::File, Origin::Archive] {
            let items = recognise(&[Given { name: "x".into(), origin, bytes: bytes.clone() }]);
            for item in items {
                prop_assert_eq!(item.digest, Digest::of(&item.bytes));
            }
        }
        let _ = recover(&bytes, &Set::from([claimed(b"?")]));
        let _ = trust_text(&bytes);
        prop_assert_eq!(trimmed(&bytes).digest, Digest::of(&trimmed(&bytes).bytes));
    }

    #[test]
    fn pieces_of_real_output_in_any_order_never_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"", ":", ",", "\n", "\r\n", " ", "\t", "\u{a0}", "\u{201c}", "\\", "\u{1b}[", "eyJ", ".",
            "$ docker pull a/b:1", "1: Pulling from a/b", "Digest: sha256:", "Status: x for y", "Signatures for a/b",
            "SIGNED TAG   DIGEST   SIGNERS", "SIGNER   KEYS", "Root Key: ", "Name: x", "MediaType: y", "SignedTags:",
            "Signers:", "\"token\": \"", "Authorization: Bearer ", "://a:b@", "TOKEN=", "< ", "> ", "* ", "-----BEGIN ",
            "-----END ", "PRIVATE KEY-----", "\"digest\": \"sha256:", "@sha256:", "\"Raw\": \"e30=\"", "\"Descriptor\": {}",
            "0467b3e40722282927d8963b8be9129e44df7a427b17011ea60457d6cc289c20", "  -", "REPOSITORY TAG IMAGE ID",
            "NAME DIGEST ROLE", "Verification for x --", "HTTP/1.1 200 OK", "é", "😀", "\\u00", "d83d", "-u ", "PS C:\\> ",
        ]), 0..60),
    ) {
        let text = pieces.concat();
        for origin in [Origin::Paste, Origin::File] {
            let given = Given { name: "x".into(), origin, bytes: text.clone().into_bytes() };
            let _ = recognise(&[given]);
        }
        let _ = recover(text.as_bytes(), &Set::from([claimed(b"?")]));
        let _ = trust_text(text.as_bytes());
    }
}

/// An index as buildx writes it, and as `docker manifest inspect` prints it:
/// in another order, without annotations.
fn index(seeds: &[u8], attested: bool, indent: Option<&'static str>) -> (String, String) {
    let text = |text: &str| Json::Text(text.to_owned());
    let member = |name: &str, value: Json| (name.to_owned(), value);
    let digest = |seed: &[u8]| text(&Digest::of(seed).to_string());
    let (mut original, mut printed) = (Vec::new(), Vec::new());
    let mut push = |of: &[u8], platform: (&str, &str), subject: Option<&[u8]>| {
        let platform =
            Json::Map(vec![member("architecture", text(platform.1)), member("os", text(platform.0))]);
        let kind = member("mediaType", text("application/vnd.oci.image.manifest.v1+json"));
        let (digest_of, size) = (member("digest", digest(of)), member("size", Json::Number(476)));
        let mut own = vec![kind.clone(), digest_of.clone(), size.clone()];
        own.extend(subject.map(|subject| {
            let names = ["vnd.docker.reference.digest", "vnd.docker.reference.type"];
            let values = [digest(subject), text("attestation-manifest")];
            member("annotations", Json::Map(names.iter().map(|n| (*n).to_owned()).zip(values).collect()))
        }));
        own.push(member("platform", platform.clone()));
        original.push(Json::Map(own));
        printed.push(Json::Map(vec![kind, size, digest_of, member("platform", platform)]));
    };
    seeds.iter().for_each(|seed| push(&[*seed], ("linux", "arm64"), None));
    for seed in seeds.iter().filter(|_| attested) {
        push(&[*seed, 1], ("unknown", "unknown"), Some(&[*seed]));
    }
    let whole = |entries: Vec<Json>, indent| {
        let mut out = String::new();
        let printer = Printer { indent, html: true, slash: false, ascii: false };
        let kind = text("application/vnd.oci.image.index.v1+json");
        let top = vec![
            member("schemaVersion", Json::Number(2)),
            member("mediaType", kind),
            member("manifests", Json::List(entries)),
        ];
        printer.print(&Json::Map(top), 0, &mut out);
        out
    };
    (whole(original, indent), whole(printed, Some("   ")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_index_comes_back_from_what_docker_prints(
        seeds in prop::collection::vec(any::<u8>(), 1..6), attested in any::<bool>(),
        indent in prop::sample::select(vec![None, Some("  "), Some("   "), Some("\t")]),
    ) {
        let (original, printed) = index(&seeds, attested, indent);
        let found = recover(printed.as_bytes(), &Set::from([claimed(original.as_bytes())])).unwrap();
        prop_assert_eq!(found.bytes, original.into_bytes());
    }
}
