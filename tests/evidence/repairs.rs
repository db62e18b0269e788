//! Each repair is named where it was made, and the bytes are the original ones.

use webdis_verify::Digest;
use webdis_verify::base::order::Set;
use webdis_verify::evidence::{Given, Origin, recognise, recover};

use crate::common::stand_in;

const ENTRY: &str = r#"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"platform":{"architecture":"amd64","os":"linux"}}"#;
const UNKNOWN: &str = r#""platform":{"architecture":"unknown","os":"unknown"}"#;
const TYPED: &str = r#""mediaType":"application/vnd.oci.image.index.v1+json","#;

fn index(entries: &[&str]) -> String {
    format!(r#"{{"schemaVersion":2,{TYPED}"manifests":[{}]}}"#, entries.join(","))
}

#[test]
fn what_was_done_to_restore_bytes_is_said() {
    let plain = index(&[ENTRY]);
    let windows = "{\n  \"schemaVersion\": 2,\n  \"manifests\": []\n}";
    let escaped = r#"{"schemaVersion":2,"manifests":[],"annotations":{"a":"\u003cb\u003e"}}"#;
    let typed = ENTRY.replace("\"}}", "\"},\"artifactType\":\"application/vnd.oci.image.config.v1+json\"}");
    let attestation = ENTRY.replace(r#""platform":{"architecture":"amd64","os":"linux"}"#, UNKNOWN);
    let annotated = attestation.replace(
        UNKNOWN,
        &format!(
            r#""annotations":{{"vnd.docker.reference.digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","vnd.docker.reference.type":"attestation-manifest"}},{UNKNOWN}"#
        ),
    );
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let spaced = |json: &str| json.replace(':', ": ").replace("sha256: ", "sha256:").into_bytes();
    let cases: Vec<(&str, String, Vec<u8>)> = vec![
        ("repair-final-newline", format!("{plain}\n"), plain.clone().into()),
        ("repair-trimmed", plain.clone(), format!(" \n{plain} \n").into()),
        ("repair-crlf", windows.to_owned(), windows.replace('\n', "\r\n").into()),
        ("repair-byte-order-mark", plain.clone(), format!("\u{feff}{plain}").into()),
        ("repair-utf-16", plain.clone(), wide(&format!("\u{feff}{plain}"))),
        ("repair-encoding", plain.clone(), [b"caf\xe9\n", plain.as_bytes()].concat()),
        ("repair-terminal-codes", plain.clone(), format!("\u{1b}[32m{plain}\u{1b}[0m").into()),
        ("repair-cut", plain.clone(), format!("It printed {plain} and no more.").into()),
        (
            "repair-escapes",
            escaped.to_owned(),
            spaced(&escaped.replace("\\u003c", "<").replace("\\u003e", ">")),
        ),
        ("repair-no-media-type", plain.replace(TYPED, ""), spaced(&plain)),
        ("repair-artifact-types", index(&[&typed]), spaced(&plain)),
        ("repair-attestations", index(&[ENTRY, &annotated]), spaced(&index(&[ENTRY, &attestation]))),
        (
            "repair-rebuilt-index",
            plain.clone(),
            spaced(&format!(r#"[{{"Ref":"app","Descriptor":{ENTRY}}}]"#)),
        ),
    ];
    for (code, original, text) in cases {
        let wanted = Set::from([Digest::of(original.as_bytes()).to_claim()]);
        let found = recover(&text, &wanted).unwrap_or_else(|error| panic!("{code}: {error}"));
        assert_eq!(found.bytes, original.as_bytes(), "{code}");
        let repairs: Vec<_> = found.repairs.iter().map(|repair| repair.code).collect();
        assert!(repairs.contains(&code), "{code}: {repairs:?}");
        // The twin: of other bytes it is no text.
        let other = original.replace("2,", "3,");
        let other = Set::from([Digest::of(other.as_bytes()).to_claim()]);
        assert!(recover(&text, &other).is_err(), "{code}");
    }
}

#[test]
fn what_was_taken_off_a_text_is_said() {
    let digest = Digest::of(b"{}").to_string();
    let pull = format!(
        "1.0: Pulling from team/app\nDigest: {digest}\nStatus: Downloaded newer image for team/app:1.0\ndocker.io/team/app:1.0\n"
    );
    let quoted: String = pull.lines().map(|line| format!("> {line}\n")).collect();
    let (start, end) = digest.split_at(47);
    let wrapped = pull.replace(&digest, &format!("{start}\n{end}"));
    let one_line = stand_in::key().pem().replace('\n', " ");
    for (code, text) in [
        ("repair-encoded-text", serde_json::to_string(&quoted).unwrap()),
        ("repair-line-prefixes", quoted),
        ("repair-page-source", format!("<html><body><pre>{pull}</pre></body></html>")),
        ("repair-broken-lines", wrapped),
        ("key-repaired", one_line),
    ] {
        let of = |text: &str| {
            let given = Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: text.into() };
            let items = recognise(&[given]);
            items.iter().flat_map(|item| &item.repairs).map(|repair| repair.code).collect::<Vec<_>>()
        };
        assert!(of(&text).contains(&code), "{code}: {:?}", of(&text));
        assert!(!of(&pull).contains(&code), "{code}");
    }
}

/// A digest is joined where a terminal or a person broke it, and never completed with
/// the first letter of a word: then it is cut, and that is said.
#[test]
fn a_cut_digest_takes_no_letter_of_a_word() {
    let digest = format!("sha256:{}", "ab12".repeat(15) + "bade");
    let read =
        |text: &str| recognise(&[Given { name: "p".to_owned(), origin: Origin::Paste, bytes: text.into() }]);
    let named = |text: &str| {
        let items = read(text);
        items.iter().flat_map(|item| &item.facts).map(|fact| fact.digest.to_string()).collect::<Vec<_>>()
    };
    let at = |left: usize| digest.split_at(digest.len() - left);
    for lost in 1..40 {
        let (start, _) = at(lost);
        for next in [
            " ",
            "\n",
            "\nabout it",
            " done",
            "\n$ docker",
            "\ndocker.io/team/app:1.0",
            "\nStatus: new",
            "\nthe end",
        ] {
            let text = format!("digest: {start}{next}\n");
            assert_eq!(named(&text), [""; 0], "{text}");
            let notes: Vec<_> = read(&text).into_iter().flat_map(|item| item.notes).map(|n| n.code).collect();
            assert!(notes.contains(&"digest-beginning"), "{notes:?}: {text}");
        }
    }
    // The rest of these would make 64 digits, and are words, names or parts of some.
    for (lost, next) in [
        (1, "\na new one"),
        (1, " a: new"),
        (4, " face book"),
        (4, "\nface book"),
        (4, " face"),
        (1, "\nf/app:1.0"),
        (3, "\nadd-on"),
    ] {
        let text = format!("digest: {}{next}\n", at(lost).0);
        assert_eq!(named(&text), [""; 0], "{text}");
    }
    // The twin: whatever broke it, the digest is whole.
    for left in 1..=64 {
        let (start, end) = at(left);
        for text in [
            format!("digest: {start}\n{end}\n"),
            format!("digest: {start}\\\n{end}\n"),
            format!("digest: {start}\n    {end}  app\n"),
            format!("digest: {start}\r\n{end}, and more\n"),
            format!("digest: {start}\u{200b}{end} of the app\n"),
        ] {
            assert_eq!(named(&text), [digest.as_str()], "{text:?}");
        }
    }
    for group in [4, 8, 10, 16, 32] {
        let digits: Vec<char> = digest.trim_start_matches("sha256:").chars().collect();
        let groups: Vec<String> = digits.chunks(group).map(|chunk| chunk.iter().collect()).collect();
        let text = format!("digest: sha256:{} of the app\n", groups.join(" "));
        assert_eq!(named(&text), [digest.as_str()], "{text}");
    }
}
