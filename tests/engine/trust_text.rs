//! `docker trust inspect` as people paste it: every id is compared in its own
//! place, and the best answer is *consistent*: nothing of it is signed.

use webdis_verify::Time;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher, check};

const ROOT: &str = "40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef";
const REPOSITORY: &str = "fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a";
const SIGNER: &str = "dd0768b9d35d344bbd1681418d27052c4c896a59be214352448daa2b6925b95b";
const DIGEST: &str = "5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
/// The publisher's own file: its key ids, and so what the texts may show.
const PROFILE: &str = include_str!("../../profiles/webdis.json");

/// With documented keys and no documented procedure: what a tool checked, and
/// what the computer holds.
#[test]
fn a_text_is_consistent_only_with_what_the_computer_shows() {
    let ask = |texts: &[&str]| {
        let given = |text: &&str| Given {
            name: "paste".into(),
            origin: Origin::Paste,
            bytes: text.as_bytes().to_vec(),
        };
        let given: Vec<_> = texts.iter().map(given).collect();
        let profile = serde_json::json!({
            "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
            "repositories": ["docker.io/nicolas/webdis"],
            "contentTrust": {
                "gun": "docker.io/nicolas/webdis", "root": [ROOT], "repository": [REPOSITORY],
                "signers": [{"name": "nicolasff", "id": SIGNER}]
            }
        });
        let options = Options {
            image: Some("nicolas/webdis:0.1.19".into()),
            publisher: Publisher::Profile(profile.to_string().into_bytes()),
            ..Options::at(Time::from_unix(1_780_000_000).unwrap())
        };
        check(&given, &options).unwrap()
    };
    let pull = |digest: &str| {
        format!(
            "0.1.19: Pulling from nicolas/webdis\nDigest: sha256:{digest}\nStatus: Downloaded newer image \
             for nicolas/webdis:0.1.19\ndocker.io/nicolas/webdis:0.1.19\n"
        )
    };
    let text = Shown::good().json();
    let other = "0".repeat(64);
    let report = ask(&[&text, &pull(DIGEST)]);
    assert_eq!(report.outcome, Outcome::Consistent, "{}", report.headline);
    let changed = |change: fn(&mut Shown)| {
        let mut shown = Shown::good();
        change(&mut shown);
        shown.json()
    };
    // A form that was cut before its keys, beside one that has them.
    let cut = |digest: &str| {
        format!(
            "$ docker trust inspect --pretty nicolas/webdis:0.1.19\n\nSignatures for nicolas/webdis:0.1.19\n\n\
             SIGNED TAG   DIGEST   SIGNERS\n0.1.19   {digest}   (Repo Admin)\n\n\
             List of signers and their keys for nicolas/webdis:0.1.19\n\n\
             SIGNER   KEYS\nnicolasff   {}\n",
            &SIGNER[..12]
        )
    };
    for texts in [[&*text, &cut(DIGEST), &pull(DIGEST)], [&cut(DIGEST), &pull(DIGEST), &*text]] {
        let report = ask(&texts);
        assert_eq!(report.outcome, Outcome::Consistent, "{}", report.headline);
    }
    for (name, texts) in [
        ("keys in no text", vec![cut(DIGEST), pull(DIGEST)]),
        ("another digest in a cut text", vec![text.clone(), cut(&other), pull(DIGEST)]),
        ("another digest in a cut text, as pulled", vec![text.clone(), cut(&other), pull(&other)]),
        ("the text alone", vec![text.clone()]),
        ("a pull alone", vec![pull(DIGEST)]),
        ("another pull", vec![text.clone(), pull(&other)]),
        ("another digest checked", vec![changed(|s| s.digest = "0".repeat(64)), pull(DIGEST)]),
        ("another root key", vec![changed(|s| s.root = "0".repeat(64)), pull(DIGEST)]),
        ("another repository key", vec![changed(|s| s.repository = "0".repeat(64)), pull(DIGEST)]),
        ("another tag", vec![changed(|s| s.tag = "0.1.18".into()), pull(DIGEST)]),
    ] {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let report = ask(&texts);
        let agrees = matches!(report.outcome, Outcome::Consistent | Outcome::Proven);
        assert!(!agrees, "{name}: {}", report.headline);
    }
}

/// What a text shows.
#[derive(Clone)]
struct Shown {
    tag: String,
    digest: String,
    signer: String,
    signer_id: String,
    root: String,
    repository: String,
    /// Who signed the row; empty for the repository's administrator.
    by: String,
}

impl Shown {
    fn good() -> Self {
        Self {
            tag: "0.1.19".into(),
            digest: DIGEST.into(),
            signer: "nicolasff".into(),
            signer_id: SIGNER.into(),
            root: ROOT.into(),
            repository: REPOSITORY.into(),
            by: String::new(),
        }
    }

    /// As `docker trust inspect` prints it.
    fn json(&self) -> String {
        let Self { tag, digest, signer, signer_id, root, repository, by } = self;
        let by = if by.is_empty() { "Repo Admin" } else { by };
        format!(
            r#"[
    {{
        "Name": "nicolas/webdis:{tag}",
        "SignedTags": [
            {{
                "SignedTag": "{tag}",
                "Digest": "{digest}",
                "Signers": [
                    "{by}"
                ]
            }}
        ],
        "Signers": [
            {{
                "Name": "{signer}",
                "Keys": [
                    {{
                        "ID": "{signer_id}"
                    }}
                ]
            }}
        ],
        "AdministrativeKeys": [
            {{
                "Name": "Root",
                "Keys": [
                    {{
                        "ID": "{root}"
                    }}
                ]
            }},
            {{
                "Name": "Repository",
                "Keys": [
                    {{
                        "ID": "{repository}"
                    }}
                ]
            }}
        ]
    }}
]
"#
        )
    }

    /// As `docker trust inspect --pretty` prints it: signer ids are cut to 12.
    fn pretty(&self) -> String {
        let Self { tag, digest, signer, root, repository, by, .. } = self;
        let by = if by.is_empty() { "(Repo Admin)" } else { by };
        let short: String = self.signer_id.chars().take(12).collect();
        format!(
            "\nSignatures for nicolas/webdis:{tag}\n\nSIGNED TAG   DIGEST{}SIGNERS\n{tag}       {digest}   {by}\n\n\
             List of signers and their keys for nicolas/webdis:{tag}\n\nSIGNER      KEYS\n{signer}   {short}\n\n\
             Administrative keys for nicolas/webdis:{tag}\n\n  Repository Key:\t{repository}\n  Root Key:\t{root}\n",
            " ".repeat(61)
        )
    }

    /// The same with every run of blanks collapsed and empty lines lost.
    fn collapsed(&self) -> String {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines = self.pretty().lines().map(words).filter(|l| !l.is_empty()).collect::<Vec<_>>();
        lines.join("\n") + "\n"
    }

    /// The JSON after `sed` took its punctuation out.
    fn cleaned(&self) -> String {
        let Self { tag, digest, signer, signer_id, root, repository, by } = self;
        let by = if by.is_empty() { "Repo Admin" } else { by };
        format!(
            "Name: docker.io/nicolas/webdis:{tag}\nSignedTags:\n  SignedTag: {tag}\n  Digest: {digest}\n  \
             Signers:\n      {by}\nSigners:\n  Name: {signer}\n  Keys:\n    ID: {signer_id}\nAdministrativeKeys:\n  \
             Name: Root\n  Keys:\n    ID: {root}\n  Name: Repository\n  Keys:\n    ID: {repository}\n"
        )
    }

    fn forms(&self) -> [(&'static str, String); 8] {
        let prompt = |text: &str| {
            format!(
                "$ docker trust inspect nicolas/webdis:0.1.19\nWARNING: Docker is retiring DCT\n{text}$ \n"
            )
        };
        [
            ("JSON", self.json()),
            ("JSON on one line", self.json().split_whitespace().collect::<Vec<_>>().join(" ")),
            ("JSON with a prompt", prompt(&self.json())),
            ("JSON with CRLF", self.json().replace('\n', "\r\n")),
            ("pretty", self.pretty()),
            ("pretty with a prompt", prompt(&self.pretty())),
            ("collapsed", self.collapsed()),
            ("cleaned", self.cleaned()),
        ]
    }
}

fn ask(pastes: &[&str], image: Option<&str>) -> Report {
    let given: Vec<Given> = pastes
        .iter()
        .enumerate()
        .map(|(n, text)| Given {
            name: format!("paste {n}"),
            origin: Origin::Paste,
            bytes: text.as_bytes().to_vec(),
        })
        .collect();
    let now = Time::parse("2026-11-21T12:00:00Z").unwrap();
    check(&given, &Options { image: image.map(str::to_owned), ..Options::at(now) }).unwrap()
}

fn codes(report: &Report) -> Vec<&str> {
    report.links.iter().map(|link| link.code()).collect()
}

fn truncated(report: &Report) -> bool {
    report.links.iter().flat_map(|link| link.caveats()).any(|caveat| caveat.code == "truncated-key-id")
}

const IMAGE: &str = "nicolas/webdis:0.1.19";

#[test]
fn the_documented_ids_are_only_text() {
    for id in [ROOT, REPOSITORY, SIGNER] {
        assert!(PROFILE.contains(id));
    }
    for by in ["", "nicolasff"] {
        for (form, text) in (Shown { by: by.into(), ..Shown::good() }).forms() {
            for image in [Some(IMAGE), None] {
                let report = ask(&[&text], image);
                let agreed = codes(&report).iter().filter(|code| **code == "trust-text-agrees").count();
                println!(
                    "{form:<22} by {by:<10} {image:?}: {} {} {agreed} ids",
                    report.outcome.name(),
                    report.code
                );
                assert_eq!(
                    (report.outcome, report.code),
                    (Outcome::NotChecked, "procedure-digest-needed"),
                    "{form}"
                );
                assert_eq!(agreed, 3, "{form}");
                let short = form.starts_with("pretty") || form == "collapsed";
                assert_eq!(truncated(&report), short, "{form}");
                assert_eq!(
                    report.subject.digest.as_deref(),
                    Some(format!("sha256:{DIGEST}").as_str()),
                    "{form}"
                );
                assert!(report.needs.iter().any(|need| need.required), "{form}: what to add is said");
            }
        }
    }
}

/// In a frame, as pages and chats draw one, and broken at words by a narrow window.
fn framed(text: &str) -> String {
    text.lines().map(|line| format!("| {line} |\n")).collect()
}

fn narrow(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut width = 0;
        for word in line.split_inclusive([' ', '\t']) {
            if width > 0 && width + word.trim_end().len() > 40 {
                out.truncate(out.trim_end_matches([' ', '\t']).len());
                out.push('\n');
                width = 0;
            }
            out += word;
            width += word.len();
        }
        out.push('\n');
    }
    out
}

#[test]
fn words_of_a_broken_line_are_no_rows() {
    let pulled = |digest: &str| {
        format!(
            "$ docker pull {IMAGE}\n0.1.19: Pulling from nicolas/webdis\n\
        Digest: sha256:{digest}\nStatus: Image is up to date for {IMAGE}\ndocker.io/{IMAGE}\n\
        $ docker trust inspect --pretty {IMAGE}\n"
        )
    };
    let evil = Shown { root: "a".repeat(64), ..Shown::good() };
    for carry in [framed as fn(&str) -> String, narrow] {
        let honest = ask(&[&carry(&(pulled(DIGEST) + &Shown::good().pretty()))], None);
        let calm = [Outcome::NotChecked, Outcome::Consistent];
        assert!(calm.contains(&honest.outcome), "{}: {:?}", honest.headline, codes(&honest));
        let evil = ask(&[&carry(&(pulled(DIGEST) + &evil.pretty()))], None);
        assert_eq!(evil.outcome, Outcome::Contradicted, "{}", evil.headline);
        assert_eq!(evil.code, "trust-text-key-differs", "{}", evil.headline);
    }
}

#[test]
fn each_id_counts_in_its_own_place_only() {
    type Change = (&'static str, &'static str, fn(&mut Shown));
    let other = "a".repeat(64);
    assert_ne!(other, ROOT);
    let changes: &[Change] = &[
        ("another root key", "trust-text-key-differs", |s| s.root = "a".repeat(64)),
        ("another repository key", "trust-text-key-differs", |s| s.repository = "a".repeat(64)),
        ("another signer key", "trust-text-key-differs", |s| s.signer_id = "a".repeat(64)),
        ("another signer", "trust-text-key-differs", |s| s.signer = "mallory".into()),
        ("root and repository swapped", "trust-text-key-differs", |s| {
            core::mem::swap(&mut s.root, &mut s.repository)
        }),
        ("root and signer swapped", "trust-text-key-differs", |s| {
            core::mem::swap(&mut s.root, &mut s.signer_id)
        }),
        ("the root key everywhere", "trust-text-key-differs", |s| {
            s.repository = ROOT.into();
            s.signer_id = ROOT.into();
        }),
        ("one digit of the root key", "trust-text-key-differs", |s| {
            s.root.pop();
            s.root.push('e');
        }),
        ("one digit of the repository key", "trust-text-key-differs", |s| {
            s.repository.replace_range(0..1, "0")
        }),
        ("one of the signer's first twelve digits", "trust-text-key-differs", |s| {
            s.signer_id.replace_range(11..12, "0")
        }),
    ];
    for (what, code, change) in changes {
        let mut shown = Shown::good();
        change(&mut shown);
        for (form, text) in shown.forms() {
            let report = ask(&[&text], Some(IMAGE));
            assert_eq!(
                (report.outcome, report.code),
                (Outcome::Contradicted, *code),
                "{what}, {form}: {:?}",
                report.headline
            );
        }
        println!("{what}: contradicted in {} forms", shown.forms().len());
    }
}

/// A key ID with what a page, a chat or an editor puts around it, and what is left of one.
#[test]
fn a_key_id_is_compared_where_it_stands_whole() {
    let code = |shown: Shown| {
        let report = ask(&[&shown.pretty()], Some(IMAGE));
        (report.outcome, report.code)
    };
    let other = "a".repeat(64);
    let around: [fn(&str) -> String; 16] = [
        |id| format!("{id}`"),
        |id| format!("`{id}`"),
        |id| format!("{id}|"),
        |id| format!("{id}."),
        |id| format!("{id}\""),
        |id| format!("{id})"),
        |id| format!("{id}<br>"),
        |id| format!("{id}\\"),
        |id| format!("{id}\\par"),
        |id| format!("{id}\u{2026}"),
        |id| format!("{id}\u{200b}"),
        |id| format!("sha256:{id}"),
        |id| format!("*{id}*"),
        |id| format!("<td>{id}</td>"),
        |id| format!("{id} (as documented)"),
        str::to_uppercase,
    ];
    for dress in around {
        for (root, repository) in [(dress(ROOT), REPOSITORY.into()), (ROOT.into(), dress(REPOSITORY))] {
            let honest = code(Shown { root, repository, ..Shown::good() });
            assert_eq!(honest, (Outcome::NotChecked, "procedure-digest-needed"), "{}", dress(ROOT));
        }
        let evil = code(Shown { root: dress(&other), ..Shown::good() });
        assert_eq!(evil, (Outcome::Contradicted, "trust-text-key-differs"), "{}", dress(&other));
        let signer = code(Shown { signer: "`nicolasff`".into(), ..Shown::good() });
        assert_eq!(signer, (Outcome::NotChecked, "procedure-digest-needed"));
    }
    let cut: [fn(&str) -> String; 8] = [
        |id| format!("{}\u{2026}", &id[..12]),
        |id| format!("{}...{}", &id[..12], &id[58..]),
        |id| id[..63].to_owned(),
        |id| format!("{id}0"),
        |id| format!("{}=\n{}", &id[..40], &id[40..]),
        |id| format!("{}\\\n{}", &id[..40], &id[40..]),
        |_| "[redacted]".to_owned(),
        |_| "x".repeat(64),
    ];
    for left in cut {
        for id in [ROOT, &*other] {
            let report = code(Shown { root: left(id), ..Shown::good() });
            assert_eq!(report, (Outcome::NotChecked, "trust-text-key-absent"), "{}", left(id));
        }
        // What is left of one key excuses no other that stands whole.
        let evil = code(Shown { root: left(ROOT), repository: other.clone(), ..Shown::good() });
        assert_eq!(evil, (Outcome::Contradicted, "trust-text-key-differs"), "{}", left(ROOT));
    }
}

#[test]
fn what_is_cut_off_is_missed() {
    let good = Shown::good();
    let whole = good.pretty();
    let without_keys = &whole[..whole.find("Administrative").unwrap()];
    let without_root = &whole[..whole.find("  Root Key").unwrap()];
    for text in [without_keys, without_root] {
        let report = ask(&[text], Some(IMAGE));
        assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "trust-text-key-absent"), "{text}");
    }
    // Another tag's text says nothing of this one, and is never a proof.
    let report = ask(&[&good.json()], Some("nicolas/webdis:0.1.20"));
    assert_eq!(report.outcome, Outcome::NotChecked);
    assert_eq!(report.subject.digest, None);
}

const LIST: &str = r#"{
   "schemaVersion": 2,
   "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
   "manifests": [
      {
         "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
         "size": 1365,
         "digest": "sha256:1111111111111111111111111111111111111111111111111111111111111111",
         "platform": {
            "architecture": "amd64",
            "os": "linux"
         }
      }
   ]
}"#;

#[test]
fn with_list_and_pull_everything_agrees_or_it_is_said() {
    // A release whose digest the publisher's document does not state.
    let image = "nicolas/webdis:0.1.23";
    let of = || Shown { tag: "0.1.23".into(), ..Shown::good() };
    let digest = webdis_verify::Digest::of(LIST.as_bytes());
    let shown = Shown { digest: digest.hex(), ..of() };
    let pull = |digest: &str| {
        format!(
            "0.1.23: Pulling from nicolas/webdis\nDigest: {digest}\nStatus: Image is up to date for \
             nicolas/webdis:0.1.23\ndocker.io/nicolas/webdis:0.1.23\n"
        )
    };
    let list = format!("$ docker manifest inspect nicolas/webdis:0.1.23\n{LIST}\n");
    for (form, text) in shown.forms() {
        let report = ask(&[&text, &list, &pull(&digest.to_string())], Some(image));
        println!("{form}: {} {} {:?}", report.outcome.name(), report.code, codes(&report));
        assert_eq!((report.outcome, report.code), (Outcome::Consistent, "consistent"), "{form}");
        assert_eq!(report.subject.digest, Some(digest.to_string()), "{form}");
        assert!(codes(&report).contains(&"procedure-digest-holds"), "{form}: {:?}", codes(&report));
        // The daemon holds something else than the text shows.
        let other = format!("sha256:{}", "b".repeat(64));
        let report = ask(&[&text, &list, &pull(&other)], Some(image));
        println!("{form}, another pull: {} {} {:?}", report.outcome.name(), report.code, codes(&report));
        assert_eq!(report.outcome, Outcome::Contradicted, "{form}: {:?}", codes(&report));
    }
    // The text shows another digest. A printed list alone may have been laid
    // out anew, so it can only be called not comparable; what was pulled for
    // the tag contradicts.
    for (form, text) in (Shown { digest: "c".repeat(64), ..of() }).forms() {
        for (evidence, outcome, code) in [
            (vec![text.as_str(), &list], Outcome::NotChecked, "bytes-differ"),
            (vec![&text, &pull(&digest.to_string())], Outcome::Contradicted, "held-differs"),
            (vec![&text, &list, &pull(&digest.to_string())], Outcome::Contradicted, "held-differs"),
        ] {
            let report = ask(&evidence, Some(image));
            println!(
                "{form}, another digest: {} {} {:?}",
                report.outcome.name(),
                report.code,
                codes(&report)
            );
            assert_eq!(report.outcome, outcome, "{form}: {:?}", codes(&report));
            assert!(codes(&report).contains(&code), "{form}: {:?}", codes(&report));
        }
    }
    // A second text counts like the first: two digests, or other keys.
    let good = shown.json();
    for bad in
        [Shown { root: "a".repeat(64), ..shown.clone() }, Shown { repository: ROOT.into(), ..shown.clone() }]
    {
        for evidence in [vec![good.as_str(), &bad.pretty()], vec![&bad.json(), &good]] {
            let report = ask(&evidence, Some(image));
            assert_eq!((report.outcome, report.code), (Outcome::Contradicted, "trust-text-key-differs"));
        }
    }
    let twice = Shown { digest: "c".repeat(64), ..shown.clone() };
    let both = format!("{}{}", shown.pretty(), twice.pretty());
    let report = ask(&[&both, &pull(&digest.to_string())], Some(image));
    assert_eq!(report.outcome, Outcome::Contradicted, "{:?}", codes(&report));
}

/// The seed's own texts, where they are at hand.
#[test]
#[ignore = "needs ../shared"]
fn the_texts_of_the_seed_agree() {
    let seed = crate::common::vectors::folder("dct/seed");
    let read = |name: &str| std::fs::read_to_string(seed.join(name)).unwrap();
    let (list, pull) = (read("webdis-0.1.19-hub-manifest-list.json"), read("docker-pull-0.1.19-hub.txt"));
    for name in [
        "trust-inspect-pretty-0.1.19.txt",
        "trust-inspect-pretty-0.1.19-collapsed-whitespace.txt",
        "trust-inspect-cleaned-0.1.19.txt",
    ] {
        let text = read(name);
        for (evidence, expected) in [
            (vec![text.as_str()], (Outcome::NotChecked, "procedure-digest-needed")),
            (vec![&pull, &text], (Outcome::Consistent, "consistent")),
            // Its bytes hash to the digest that the publisher's document states.
            (vec![&text, &list], (Outcome::Proven, "published-as")),
            (vec![&pull, &list, &text], (Outcome::Proven, "published-as")),
        ] {
            let report = ask(&evidence, Some(IMAGE));
            println!(
                "{name} and {}: {} {} {:?}",
                evidence.len() - 1,
                report.outcome.name(),
                report.code,
                codes(&report)
            );
            assert_eq!((report.outcome, report.code), expected, "{name}");
            let documented = report.caveats.iter().any(|c| c.code == "documentation-not-signature");
            assert_eq!(documented, report.outcome == Outcome::Proven, "{name}");
            assert_eq!(report.subject.digest.as_deref(), Some(format!("sha256:{DIGEST}").as_str()), "{name}");
        }
        let swapped = text.replace(ROOT, "X").replace(REPOSITORY, ROOT).replace('X', REPOSITORY);
        let report = ask(&[&swapped, &list, &pull], Some(IMAGE));
        assert_eq!(
            (report.outcome, report.code),
            (Outcome::Contradicted, "trust-text-key-differs"),
            "{name}"
        );
    }
}
