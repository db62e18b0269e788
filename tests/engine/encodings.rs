//! Texts as people have them: copied from a page's source, numbered, wrapped, quoted,
//! coloured, in another encoding. An honest text gives the same answer as before, or
//! *not checked* with a next step; an evil one is never proven.

use webdis_verify::base::outcome::Outcome;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;

use crate::case::{Case, case, links};
use crate::common::image::{bundle, digest, image};
use crate::stories;

type Change = fn(&str) -> Vec<u8>;

fn lines(text: &str, change: impl Fn(usize, &str) -> String) -> Vec<u8> {
    text.lines().enumerate().map(|(n, line)| change(n, line) + "\n").collect::<String>().into_bytes()
}

fn wrapped(text: &str, width: usize) -> Vec<u8> {
    let mut out = String::new();
    for line in text.lines() {
        let mut column = 0;
        for c in line.chars() {
            if column == width {
                out.push('\n');
                column = 0;
            }
            out.push(c);
            column += 1;
        }
        out.push('\n');
    }
    out.into_bytes()
}

/// As an editor breaks long lines: what goes on hangs below its beginning.
fn hanging(text: &str, width: usize) -> Vec<u8> {
    let broken = |line: &str| {
        let chars: Vec<char> = line.chars().collect();
        chars.chunks(width).map(|part| part.iter().collect()).collect::<Vec<String>>().join("\n    ")
    };
    lines(text, |_, line| broken(line))
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn entities(text: &str, quote: &str) -> Vec<u8> {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', quote).into_bytes()
}

/// How a text comes to be changed, and whether its answer stays the same. Where it may
/// not, the bytes cannot be had again from what is left.
const CHANGES: &[(&str, bool, Change)] = &[
    ("as it is", true, |text| text.into()),
    ("Windows line ends", true, |text| text.replace('\n', "\r\n").into()),
    ("UTF-16 LE with a mark", true, |text| [vec![0xff, 0xfe], utf16(text, u16::to_le_bytes)].concat()),
    ("UTF-16 BE with a mark", true, |text| [vec![0xfe, 0xff], utf16(text, u16::to_be_bytes)].concat()),
    ("UTF-16 LE without a mark", true, |text| utf16(text, u16::to_le_bytes)),
    ("UTF-16 BE without a mark", true, |text| utf16(text, u16::to_be_bytes)),
    ("UTF-32 LE", true, |text| {
        format!("\u{feff}{text}").chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()
    }),
    ("UTF-32 BE", true, |text| {
        format!("\u{feff}{text}").chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()
    }),
    ("a mark in UTF-8", true, |text| [b"\xef\xbb\xbf", text.as_bytes()].concat()),
    ("&quot;", true, |text| entities(text, "&quot;")),
    ("&#34;", true, |text| entities(text, "&#34;")),
    ("&#x22; and &nbsp;", true, |text| {
        String::from_utf8(entities(text, "&#x22;")).unwrap().replace("  ", "&nbsp; ").into()
    }),
    ("tags of a page", true, |text| {
        format!("<pre><code>{}</code></pre>\n", String::from_utf8(entities(text, "&quot;")).unwrap()).into()
    }),
    ("cat -n", true, |text| lines(text, |n, line| format!("{:>6}\t{line}", n + 1))),
    ("nl", true, |text| {
        let mut n = 0;
        let number = |line: &str| match line.trim().is_empty() {
            true => format!("       {line}"),
            false => {
                n += 1;
                format!("{n:>6}\t{line}")
            }
        };
        text.lines().map(number).collect::<Vec<_>>().join("\n").into()
    }),
    ("grep -n", true, |text| lines(text, |n, line| format!("{}:{line}", n + 1))),
    ("less -N", true, |text| lines(text, |n, line| format!("{:>7} {line}", n + 1))),
    ("wrapped at 80", true, |text| wrapped(text, 80)),
    ("wrapped at 100", true, |text| wrapped(text, 100)),
    ("wrapped at 120", true, |text| wrapped(text, 120)),
    ("wrapped at 47", true, |text| wrapped(text, 47)),
    ("blanks at the ends", true, |text| lines(text, |_, line| format!("{line}   \t"))),
    ("indented", true, |text| lines(text, |_, line| format!("    {line}"))),
    ("tabs for blanks", true, |text| lines(text, |_, line| line.replace("    ", "\t"))),
    ("colours", true, |text| lines(text, |_, line| format!("\u{1b}[32m{line}\u{1b}[0m"))),
    ("coloured keys, as jq -C", true, |text| {
        lines(text, |_, line| line.replace('"', "\u{1b}[0;32m\"\u{1b}[0m"))
    }),
    ("typographic quotes", true, |text| {
        let mut open = false;
        let quote = |c| match c {
            '"' => {
                open = !open;
                if open { '\u{201c}' } else { '\u{201d}' }
            }
            c => c,
        };
        text.chars().map(quote).collect::<String>().into()
    }),
    ("no-break blanks", true, |text| text.replace(' ', "\u{a0}").into()),
    ("quoted mail", true, |text| lines(text, |_, line| format!("> {line}"))),
    ("twice quoted mail", true, |text| lines(text, |_, line| format!(">> {line}"))),
    ("a diff's added lines", true, |text| lines(text, |_, line| format!("+{line}"))),
    ("a diff's kept lines", true, |text| lines(text, |_, line| format!(" {line}"))),
    ("a comment's stars", true, |text| lines(text, |_, line| format!(" * {line}"))),
    ("a table's bars", true, |text| lines(text, |_, line| format!("\u{2502} {line}"))),
    ("a JSON string", true, |text| serde_json::to_string(text).unwrap().into()),
    ("a JSON string in one", true, |text| {
        serde_json::to_string(&serde_json::to_string(text).unwrap()).unwrap().into()
    }),
    ("base64", true, |text| webdis_verify::base::encoding::base64::encode(text.as_bytes()).into()),
    ("base64 of base64", true, |text| {
        let encode = webdis_verify::base::encoding::base64::encode;
        encode(encode(text.as_bytes()).as_bytes()).into()
    }),
    ("a recording of a terminal", true, |text| {
        let events = text
            .split_inclusive('\n')
            .map(|line| serde_json::json!([0.5, "o", line.replace('\n', "\r\n")]).to_string());
        let header = serde_json::json!({"version": 2, "width": 80, "height": 24}).to_string();
        [header].into_iter().chain(events).collect::<Vec<_>>().join("\n").into()
    }),
    ("a member of a document", true, |text| {
        serde_json::json!({"changed": true, "rc": 0, "stdout": text}).to_string().into()
    }),
    ("a list of lines", true, |text| {
        serde_json::to_string_pretty(&text.lines().collect::<Vec<_>>()).unwrap().into()
    }),
    ("a notebook", true, |text| {
        let output = serde_json::json!({"output_type": "stream", "text": [text]});
        serde_json::json!({"cells": [{"outputs": [output]}], "nbformat": 4}).to_string().into()
    }),
    ("a document in a document", true, |text| {
        let inner = serde_json::json!({"body": text}).to_string();
        serde_json::json!([{"text": inner}]).to_string().into()
    }),
    ("wrapped at 60, hanging", false, |text| hanging(text, 60)),
    ("wrapped at 40, hanging", false, |text| hanging(text, 40)),
    ("wrapped in a frame", false, |text| {
        let text = String::from_utf8(wrapped(text, 60)).unwrap();
        lines(&text, |_, line| format!("| {line:<60} |"))
    }),
    ("an answer's mail", true, |text| {
        let quoted = String::from_utf8(lines(text, |_, line| format!("> {line}"))).unwrap();
        format!("On Mon, 23 Nov 2026, Anna wrote:\n{quoted}\nYes, that is right.\n").into()
    }),
    ("a journal", true, |text| {
        lines(text, |n, line| format!("Nov 23 10:00:{:02} host docker[1234]: {line}", n % 60))
    }),
    ("a box", true, |text| {
        let bar = "\u{2500}".repeat(90);
        let framed =
            String::from_utf8(lines(text, |_, line| format!("\u{2502} {line:<88} \u{2502}"))).unwrap();
        format!("\u{250c}{bar}\u{2510}\n{framed}\u{2514}{bar}\u{2518}\n").into()
    }),
    ("a mail in base64", true, |text| {
        let letters = webdis_verify::base::encoding::base64::encode(text.as_bytes());
        let body = String::from_utf8(wrapped(&letters, 76)).unwrap();
        format!("Subject: x\nContent-Transfer-Encoding: base64\n\n{body}").into()
    }),
    ("a mail, quoted-printable", true, |text| {
        let soft = |line: &str| String::from_utf8(wrapped(&line.replace('=', "=3D"), 70)).unwrap();
        let body = lines(text, |_, line| soft(line).trim_end().replace('\n', "=\n"));
        [b"Content-Transfer-Encoding: quoted-printable\n\n".as_slice(), &body].concat()
    }),
    ("a highlighted page", true, |text| {
        let marked = lines(text, |_, line| format!("<span class=\"l\">{line}</span>"));
        [b"<pre>".as_slice(), &marked, b"</pre>\n"].concat()
    }),
    ("times of docker compose", true, |text| lines(text, |_, line| format!("app-1  | {line}"))),
];

/// As `jq` prints JSON, in the order it has.
fn jq(text: &str, indent: Option<usize>) -> String {
    let (mut out, mut depth, mut string, mut escaped) = (String::new(), 0, false, false);
    let line = |out: &mut String, depth: usize| {
        if let Some(indent) = indent {
            *out += &format!("\n{}", " ".repeat(indent * depth));
        }
    };
    let chars: Vec<char> = text.chars().collect();
    for (n, c) in chars.iter().copied().enumerate() {
        let next = chars.iter().skip(n + 1).find(|c| !c.is_whitespace());
        match c {
            _ if string => {
                string = escaped || c != '"';
                escaped = c == '\\' && !escaped;
                out.push(c);
            }
            c if c.is_whitespace() => {}
            '{' | '[' => {
                out.push(c);
                if !matches!(next, Some('}' | ']')) {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                if !out.ends_with(['{', '[']) {
                    depth -= 1;
                    line(&mut out, depth);
                }
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out += if indent.is_some() { ": " } else { ":" },
            _ => {
                string = c == '"';
                out.push(c);
            }
        }
    }
    out
}

/// As `jq -S` prints it: serde_json's maps are sorted.
fn jq_sorted(text: &str) -> String {
    serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(text).unwrap()).unwrap()
}

/// A signed image by its documents, in one paste, asked for by its digest.
fn signed() -> (Case, String) {
    let image = image("a", "1");
    let index = String::from_utf8(image.index.clone()).unwrap();
    let bundle = String::from_utf8(bundle(&image.index)).unwrap();
    let manifest = String::from_utf8(image.manifests[0].clone()).unwrap();
    (case("signed").digest(&digest(&image.index)), format!("{index}\n{manifest}\n{bundle}\n"))
}

fn run(case: &Case, name: &str, text: Vec<u8>) -> Report {
    let mut case = case.clone().named(name);
    case.given = vec![Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: text }];
    case.run()
}

fn answer(report: &Report) -> (Outcome, &'static str) {
    (report.outcome, report.code)
}

#[test]
fn an_honest_text_answers_the_same_however_it_is_carried() {
    let (case, documents) = signed();
    let image = image("a", "1");
    let pretty = |bytes: &[u8]| jq(core::str::from_utf8(bytes).unwrap(), Some(2));
    let printed = format!("{}\n{}\n", pretty(&image.index), pretty(&bundle(&image.index)),);
    let texts = [("documents", documents), ("documents, jq", printed)];
    let mut wrong = Vec::new();
    for (what, text) in &texts {
        let good = answer(&run(&case, what, text.clone().into_bytes()));
        assert_eq!(good.0, Outcome::Proven, "{what}");
        for (how, same, change) in CHANGES {
            let report = run(&case, &format!("{what}, {how}"), change(text));
            let ok = match report.outcome {
                Outcome::NotChecked => !same && !report.next.is_empty(),
                _ => answer(&report) == good,
            };
            println!("{what:<16} {how:<30} {:<13} {}", report.outcome.name(), report.code);
            if !ok {
                wrong.push(format!(
                    "{what}, {how}: {} {}: {}",
                    report.outcome.name(),
                    report.code,
                    report.next
                ));
            }
        }
    }
    for (what, text, ask) in stories::carried() {
        let good = answer(&ask(&[text.clone().into_bytes()]));
        assert_eq!(good.0, Outcome::Consistent, "{what}");
        for (how, same, change) in CHANGES {
            let report = ask(&[change(&text)]);
            println!("{what:<16} {how:<30} {:<13} {}", report.outcome.name(), report.code);
            let ok = match report.outcome {
                Outcome::NotChecked => !same && !report.next.is_empty(),
                _ => answer(&report) == good,
            };
            if !ok {
                wrong.push(format!(
                    "{what}, {how}: {} {}: {}\n{}",
                    report.outcome.name(),
                    report.code,
                    report.next,
                    links(&report)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A width at which no digest is broken is not seen: then a row that is cut elsewhere
/// is missed, and said to be.
#[test]
fn every_width_of_a_terminal_answers_the_same() {
    let mut wrong = Vec::new();
    let (case, documents) = signed();
    for width in 40..=140 {
        let report = run(&case, "documents", wrapped(&documents, width));
        if report.outcome != Outcome::Proven {
            wrong.push(format!("documents at {width}: {}", report.code));
        }
        for (what, text, ask) in stories::carried() {
            let report = ask(&[wrapped(&text, width)]);
            if report.outcome != Outcome::Consistent {
                assert_eq!(report.outcome, Outcome::NotChecked, "{what} at {width}\n{}", links(&report));
                assert!(!report.next.is_empty());
                wrong.push(format!("{what} at {width}: {}", report.code));
            }
        }
    }
    println!("{}", wrong.join("\n"));
    assert!(wrong.len() < 16, "{} of 404\n{}", wrong.len(), wrong.join("\n"));
}

/// Two on top of each other: a numbered text in a mail, coloured in a page.
#[test]
fn two_changes_are_undone_as_well() {
    let mut seen = 0;
    for (what, text, ask) in stories::carried().into_iter().take(1) {
        for (outer, _, over) in CHANGES {
            for (inner, _, under) in CHANGES {
                let Ok(once) = String::from_utf8(under(&text)) else { continue };
                let report = ask(&[over(&once)]);
                seen += 1;
                assert!(
                    matches!(report.outcome, Outcome::Consistent | Outcome::NotChecked),
                    "{what}: {inner} in {outer}: {}\n{}",
                    report.code,
                    links(&report)
                );
                assert!(!report.next.is_empty());
            }
        }
    }
    assert!(seen > 900, "{seen}");
}

/// A text that proves nothing proves nothing in any form.
#[test]
fn an_evil_text_is_not_proven_however_it_is_carried() {
    let (good, other) = (image("a", "1"), image("b", "2"));
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let evil = [
        ("another image", format!("{}\n{}\n", text(&other.index), text(&bundle(&good.index)))),
        ("a digit changed", {
            let digest = digest(&good.manifests[0]);
            let changed = format!("{}{}", &digest[..10], if &digest[10..11] == "0" { "1" } else { "0" })
                + &digest[11..];
            format!("{}\n{}\n", text(&good.index).replace(&digest, &changed), text(&bundle(&good.index)))
        }),
        ("no signature", text(&other.index)),
    ];
    for (what, text) in &evil {
        let asked = case(what).digest(&digest(&other.index));
        for (how, _, change) in CHANGES {
            for (case, asked) in [(&asked, "by digest"), (&case(what), "by bytes")] {
                let report = run(case, &format!("{what}, {how}, {asked}"), change(text));
                let subject = report.subject.digest.clone();
                // The signed digest without its bytes may be said to be signed.
                let signed =
                    report.outcome == Outcome::Proven && subject.as_deref() == Some(&digest(&good.index));
                assert!(
                    report.outcome != Outcome::Proven || signed && asked == "by bytes",
                    "{what}, {how}: {}",
                    links(&report)
                );
            }
        }
    }
}

#[test]
fn what_jq_prints_is_restored() {
    let list = stories::list("hub");
    let signed = format!("sha256:{}", stories::signed());
    for (how, text) in [
        ("jq .", jq(&list, Some(2))),
        ("jq --indent 4", jq(&list, Some(4))),
        ("jq -c", jq(&list, None)),
        ("jq -S .", jq_sorted(&list)),
        ("jq -cS", jq(&jq_sorted(&list), None)),
    ] {
        let report = run(&case(how).digest(&signed), how, (text + "\n").into_bytes());
        let item = report.items.iter().find(|item| item.kind == "index").unwrap();
        println!("{how}: {} {:?}", item.digest, item.repairs.iter().map(|r| r.code).collect::<Vec<_>>());
        assert_eq!(item.digest, signed, "{how}");
    }
    // An order that no program writes cannot be guessed once it is lost.
    let odd = r#"{"manifests":[],"zebra":1,"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","annotations":{"b":"1","a":"2","d":"3","c":"4"}}"#;
    let asked = digest(odd.as_bytes());
    let report = run(&case("sorted").digest(&asked), "sorted", jq_sorted(odd).into_bytes());
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
    let notes: Vec<_> = report.items.iter().flat_map(|item| &item.notes).map(|note| note.code).collect();
    assert!(notes.contains(&"members-sorted"), "{notes:?}");
    let kept = run(&case("kept").digest(&asked), "kept", odd.into());
    assert!(!kept.items.iter().flat_map(|item| &item.notes).any(|note| note.code == "members-sorted"));
}

/// What a broken text was put together to is not held against the image for its form;
/// the same form in whole bytes is.
#[test]
fn a_broken_document_is_not_blamed() {
    let list = stories::list("hub");
    let signed = format!("sha256:{}", stories::signed());
    let evil = list.replacen("manifest.list.v2", "manifest.v2", 1);
    assert_ne!(evil, list);
    case("whole").file(&evil).contradicted("oci-media-type");
    case("pasted").paste(&evil).contradicted("oci-media-type");
    let broken: [(&str, Change); 5] = [
        ("hanging", |text| hanging(text, 60)),
        ("hanging, narrow", |text| hanging(text, 40)),
        ("an arrow", |text| String::from_utf8(hanging(text, 60)).unwrap().replace("\n    ", "\n> ").into()),
        ("a blank at the end", |text| {
            lines(&String::from_utf8(wrapped(text, 60)).unwrap(), |_, l| format!("{l} "))
        }),
        ("a frame", |text| {
            lines(&String::from_utf8(wrapped(text, 60)).unwrap(), |_, line| format!("| {line:<60} |"))
        }),
    ];
    for (how, change) in broken {
        for text in [&list, &evil] {
            for origin in [Origin::File, Origin::Paste] {
                let report = case(how).with(origin, change(text)).digest(&signed).run();
                assert_ne!(report.outcome, Outcome::Contradicted, "{how}: {}", links(&report));
                let report = case(how).with(Origin::File, change(text)).run();
                assert_ne!(report.outcome, Outcome::Contradicted, "{how}: {}", links(&report));
            }
        }
    }
    for how in [hanging(&list, 60), hanging(&list, 40)] {
        let report = case("restored").file(how).digest(&signed).run();
        let item = report.items.iter().find(|item| item.kind == "index").unwrap();
        assert_eq!(item.digest, signed);
    }
}

/// One paste: an index that stands as it is, and a bundle that a mail quotes or base64 holds.
#[test]
fn a_signature_carried_among_other_lines_is_read() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let quoted = |text: &str| text.lines().map(|line| format!("> {line}\n")).collect::<String>();
    let encoded = |text: &str| webdis_verify::base::encoding::base64::encode(text.as_bytes()) + "\n";
    let forms: [&dyn Fn(&str) -> String; 2] = [&quoted, &encoded];
    for form in forms {
        let paste = |index: &[u8]| {
            let signed: serde_json::Value = serde_json::from_slice(&bundle(&own.index)).unwrap();
            let signed = serde_json::to_string_pretty(&signed).unwrap();
            format!("{}\n\n{}", String::from_utf8_lossy(index), form(&signed))
        };
        case("its bundle").paste(paste(&own.index)).proven("signed");
        let report = case("another image").paste(paste(&evil.index)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
    }
}
