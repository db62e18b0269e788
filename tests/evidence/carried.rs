//! What texts pick up on their way, around evidence that real tools printed: broken lines
//! of any width, quote marks, numbers, colours, encodings. What comes out is what the
//! text says without them; what was cut off is never mistaken for the whole.

use std::path::Path;

use webdis_verify::evidence::{Given, Item, Kind, Origin, recognise};

fn vector(path: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    std::fs::read_to_string(folder.join(path)).unwrap()
}

fn read(bytes: impl Into<Vec<u8>>) -> Vec<Item> {
    recognise(&[Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: bytes.into() }])
}

/// Kinds, and what each says: layout is restored later, by digests.
fn evidence(items: &[Item]) -> Vec<(Kind, String)> {
    // A line of prose may end by chance where the terminal does.
    let texts = [Kind::Text, Kind::Json, Kind::CosignHeader];
    let known = items.iter().filter(|item| !texts.contains(&item.kind));
    let said = |item: &Item| match serde_json::from_slice::<serde_json::Value>(&item.bytes) {
        Ok(value) => value.to_string(),
        Err(_) => String::from_utf8_lossy(&item.bytes).split_whitespace().collect(),
    };
    known.map(|item| (item.kind, said(item))).collect()
}

fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let chars: Vec<char> = line.chars().collect();
        for chunk in chars.chunks(width) {
            out.extend(chunk);
            out.push('\n');
        }
    }
    out
}

fn lines(text: &str, each: impl Fn(usize, &str) -> String) -> String {
    text.lines().enumerate().map(|(number, line)| each(number + 1, line) + "\n").collect()
}

/// A bundle, a printed signature, a manifest, what `cosign verify` printed.
const TEXTS: [&str; 5] = [
    "images/app/index.bundle.json",
    "pastes/cosign/download-signature-legacy.json",
    "pastes/crane/manifest-app.json",
    "pastes/cosign/verify-legacy.txt",
    "pastes/cosign/verify-legacy.json",
];

#[test]
fn a_terminal_of_any_width_changes_nothing() {
    for name in TEXTS {
        let text = vector(name);
        let known = evidence(&read(text.as_bytes()));
        assert!(!known.is_empty(), "{name}");
        let wrong: Vec<usize> =
            (30..240).filter(|&width| evidence(&read(wrapped(&text, width))) != known).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
}

#[test]
fn what_stands_around_a_text_is_taken_away() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    for name in TEXTS {
        let text = vector(name);
        let known = evidence(&read(text.as_bytes()));
        let forms: Vec<(&str, Vec<u8>)> = vec![
            ("windows", text.replace('\n', "\r\n").into()),
            ("utf16", wide(&format!("\u{feff}{text}"))),
            ("utf16 without a mark", wide(&text)),
            ("mark", format!("\u{feff}{text}").into()),
            ("page", escaped(&text).into()),
            ("page with tags", format!("<pre><code>{}</code></pre>", escaped(&text)).into()),
            ("fence", format!("```json\n{text}\n```\n").into()),
            ("prompt", format!("user@host:~$ cat x.json\n{text}\nuser@host:~$ ").into()),
            ("coloured", format!("\u{1b}[32m{}\u{1b}[0m", text.replace(',', "\u{1b}[0m,\u{1b}[32m")).into()),
            ("indented", lines(&text, |_, line| format!("    {line}")).into()),
            ("ellipsis after it", format!("{}\u{2026}", text.trim_end()).into()),
        ];
        for (form, bytes) in forms {
            assert_eq!(evidence(&read(bytes)), known, "{name}, {form}");
        }
        // A prefix shows where several lines have it.
        let pretty =
            lines(&text, |_, line| line.to_owned()).replace("\",\"", "\",\n\"").replace("\", \"", "\",\n\"");
        let known = evidence(&read(pretty.as_bytes()));
        for (form, prefixed) in [
            ("cat -n", lines(&pretty, |number, line| format!("{number:6}\t{line}"))),
            ("grep -n", lines(&pretty, |number, line| format!("{number}:{line}"))),
            ("mail", lines(&pretty, |_, line| format!("> {line}"))),
            ("mail, twice", lines(&pretty, |_, line| format!("> > {line}"))),
            ("diff", lines(&pretty, |_, line| format!("+{line}"))),
            ("compose", lines(&pretty, |_, line| format!("app-1  | {line}"))),
            ("log", lines(&pretty, |_, line| format!("2026-11-26T03:00:00.0000000Z {line}"))),
        ] {
            assert_eq!(evidence(&read(prefixed)), known, "{name}, {form}");
        }
    }
}

/// The twin: a text that lost its end gives no evidence, and says that it was cut.
#[test]
fn what_was_cut_off_is_not_the_whole() {
    for name in TEXTS {
        let text = vector(name);
        let known = evidence(&read(text.as_bytes()));
        for cut in [20, 40] {
            for end in ["", "\u{2026}", "..."] {
                let short = text.trim_end();
                let at = (0..=short.len() - cut).rev().find(|at| short.is_char_boundary(*at)).unwrap();
                let items = read(format!("{}{end}", &short[..at]));
                for one in &known {
                    assert!(!evidence(&items).contains(one), "{name} cut by {cut}{end}: {one:?}");
                }
                let noted = items.iter().any(|item| !item.notes.is_empty());
                assert!(noted, "{name} cut by {cut}{end}");
            }
        }
    }
}
