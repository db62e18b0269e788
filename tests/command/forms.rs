//! Keys and references in the forms people have them in: the program, its options and a
//! paste read the same.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Kind, Origin, recognise};
use webdis_verify::session::check::{Options, check};

use crate::common::stand_in;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_webdis-verify")).args(arguments).output().unwrap()
}

fn lines(text: &str, each: impl Fn(usize, &str) -> String) -> String {
    text.lines().enumerate().map(|(number, line)| each(number + 1, line) + "\n").collect()
}

fn base64(bytes: &[u8]) -> String {
    use webdis_verify::base::encoding::base64;
    base64::encode(bytes)
}

#[test]
fn a_key_is_the_same_to_key_and_option_and_check() {
    let pem = stand_in::key().pem();
    let der = stand_in::key().der().to_vec();
    let fingerprint = stand_in::key().fingerprint().hex();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let indented = lines(&pem, |_, line| format!("      {line}"));
    let forms: Vec<(&str, Vec<u8>)> = vec![
        ("plain", pem.clone().into()),
        ("windows", pem.replace('\n', "\r\n").into()),
        ("no-end", pem.trim_end().into()),
        ("mark", format!("\u{feff}{pem}").into()),
        ("utf16", wide(&format!("\u{feff}{pem}"))),
        ("utf16-big", big(&format!("\u{feff}{pem}"))),
        ("utf16-bare", wide(&pem)),
        ("indented", indented.clone().into()),
        ("yaml", format!("keys:\n  publicKeys: |-\n{indented}").into()),
        ("json", format!("{{\"key\": \"{}\"}}", pem.replace('\n', "\\n")).into()),
        ("base64", base64(pem.as_bytes()).into()),
        ("secret", format!("data:\n  cosign.pub: {}\n", base64(pem.as_bytes())).into()),
        ("terminal", format!("$ cat cosign.pub\n{pem}$ ").into()),
        ("quoted", lines(&pem, |_, line| format!("> {line}")).into()),
        ("numbered", lines(&pem, |number, line| format!("{number:6}\t{line}")).into()),
        ("fenced", format!("```\n{pem}```\n").into()),
        ("page", format!("<pre>{pem}</pre>").into()),
        ("coloured", format!("\u{1b}[32m{pem}\u{1b}[0m").into()),
        ("der", der.clone()),
        ("der-base64", base64(&der).into()),
        ("one-line", pem.replace('\n', " ").into()),
        ("escaped", pem.replace('\n', "\\n").into()),
        ("variable", format!("KEY=\"{}\"\n", pem.trim_end()).into()),
    ];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forms");
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in &forms {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        let told = run(&["key", path]);
        let said = String::from_utf8(told.stdout).unwrap();
        assert!(told.status.success() && said.contains(&fingerprint), "key {name}: {said}");
        let checked = run(&["check", "--format", "json", "--key", path, "/dev/null"]);
        let report = String::from_utf8(checked.stdout).unwrap();
        assert!(report.contains(&fingerprint), "--key {name}: {report}");
        let given = Given { name: "key".to_owned(), origin: Origin::File, bytes: bytes.clone() };
        let items = recognise(&[given]);
        let keys: Vec<_> = items.iter().filter(|item| item.kind == Kind::PublicKey).collect();
        let [key] = keys.as_slice() else { panic!("check {name}: {items:?}") };
        let read = webdis_verify::evidence::key_file(&key.bytes).unwrap();
        assert_eq!(read.fingerprint().hex(), fingerprint, "check {name}");
    }
    // A letter more or less is no key, in any of them.
    for (name, bytes) in forms.iter().filter(|(name, _)| !name.starts_with("utf16") && *name != "der") {
        let text = String::from_utf8(bytes.clone())
            .unwrap()
            .replacen("MFkw", "MFk", 1)
            .replacen("LS0tLS1", "LS0tLS", 1);
        let path = folder.join(format!("{name}-cut"));
        fs::write(&path, &text).unwrap();
        assert_eq!(run(&["key", path.to_str().unwrap()]).status.code(), Some(2), "{name}: {text}");
    }
}

/// What people write, and what it means.
const REFERENCES: &[(&str, &str)] = &[
    ("team/app:1.0", "docker.io/team/app:1.0"),
    (" team/app:1.0 ", "docker.io/team/app:1.0"),
    ("\"team/app:1.0\"", "docker.io/team/app:1.0"),
    ("'team/app:1.0'", "docker.io/team/app:1.0"),
    ("`team/app:1.0`", "docker.io/team/app:1.0"),
    ("\u{201c}team/app:1.0\u{201d}", "docker.io/team/app:1.0"),
    ("(team/app:1.0)", "docker.io/team/app:1.0"),
    ("<team/app:1.0>", "docker.io/team/app:1.0"),
    ("team/app:1.0,", "docker.io/team/app:1.0"),
    ("docker://team/app:1.0", "docker.io/team/app:1.0"),
    ("oci://ghcr.io/team/app:1.0", "ghcr.io/team/app:1.0"),
    ("containers-storage:quay.io/team/app:1.0", "quay.io/team/app:1.0"),
    ("docker-daemon:team/app:1.0", "docker.io/team/app:1.0"),
    ("docker pull team/app:1.0", "docker.io/team/app:1.0"),
    ("$ docker pull team/app:1.0", "docker.io/team/app:1.0"),
    ("sudo docker image pull team/app:1.0", "docker.io/team/app:1.0"),
    ("docker run --rm -it team/app:1.0", "docker.io/team/app:1.0"),
    ("podman pull quay.io/team/app:1.0", "quay.io/team/app:1.0"),
    ("crane digest team/app:1.0", "docker.io/team/app:1.0"),
    ("skopeo inspect docker://quay.io/team/app:1.0", "quay.io/team/app:1.0"),
    ("FROM team/app:1.0", "docker.io/team/app:1.0"),
    ("FROM --platform=linux/amd64 team/app:1.0 AS base", "docker.io/team/app:1.0"),
    ("image: team/app:1.0", "docker.io/team/app:1.0"),
    ("  - image: team/app:1.0", "docker.io/team/app:1.0"),
    ("\"image\": \"team/app:1.0\",", "docker.io/team/app:1.0"),
    ("[team/app:1.0](https://hub.docker.com/r/team/app)", "docker.io/team/app:1.0"),
    ("https://hub.docker.com/r/team/app/tags?name=1.0", "docker.io/team/app:1.0"),
    ("https://hub.docker.com/layers/team/app/1.0", "docker.io/team/app:1.0"),
    ("https://registry-1.docker.io/v2/team/app/manifests/1.0", "docker.io/team/app:1.0"),
    ("registry-1.docker.io/team/app:1.0", "docker.io/team/app:1.0"),
    ("index.docker.io/team/app:1.0", "docker.io/team/app:1.0"),
    ("hub.docker.com/team/app:1.0", "docker.io/team/app:1.0"),
    ("https://quay.io/repository/team/app?tab=tags&tag=1.0", "quay.io/team/app:1.0"),
    ("https://ghcr.io/team/app:1.0", "ghcr.io/team/app:1.0"),
    ("team/app:@", "docker.io/team/app@"),
    ("team/app:1.0:@", "docker.io/team/app:1.0@"),
    ("team/app:1.0@@", "docker.io/team/app:1.0@"),
];

#[test]
fn a_reference_is_the_same_to_option_and_paste() {
    let digest = format!("sha256:{}", "a1".repeat(32));
    let now = Time::parse("2026-11-26T00:00:00Z").unwrap();
    let at = |text: &str| match text.strip_suffix('@') {
        Some(text) => format!("{text}{digest}"),
        None => text.to_owned(),
    };
    for (written, meant) in REFERENCES {
        let (written, meant) =
            (at(written), meant.strip_suffix('@').map_or(at(meant), |m| format!("{m}@{digest}")));
        let asked = Options { image: Some(written.clone()), ..Options::at(now) };
        let typed = check(&[], &asked).unwrap_or_else(|error| panic!("--image {written}: {error}"));
        let paste = |text: &str| {
            let given =
                Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: text.as_bytes().to_vec() };
            check(&[given], &Options::at(now)).unwrap()
        };
        let normal =
            |text: Option<&str>| text.map(|t| webdis_verify::Reference::parse(t).unwrap().to_string());
        assert_eq!(normal(typed.subject.reference.as_deref()).as_ref(), Some(&meant), "--image {written}");
        for text in [written.clone(), format!("{written}\r\n")] {
            let pasted = paste(&text).subject;
            let (name, of) = (normal(pasted.reference.as_deref()), pasted.digest);
            let (tagged, pinned) = meant.split_once('@').map_or((&*meant, None), |(n, d)| (n, Some(d)));
            // A name without a tag is no image; its digest is.
            let known = name.as_deref().map(|name| name.split('@').next().unwrap_or(name));
            assert!(known == Some(tagged) || !tagged.ends_with(":1.0"), "paste {text:?}: {name:?}");
            assert_eq!(of.as_deref(), pinned, "paste {text:?}");
        }
    }
}
