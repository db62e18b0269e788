//! The publisher's documented procedure, pasted as its document prints it: what
//! agrees is *consistent*, condition by condition, and one wrong digit anywhere is
//! named, or the condition that it stands in is open. Whole, in parts, with and
//! without command lines, and with an output missing.

use webdis_verify::base::digest::Digest;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::base::time::Time;
use webdis_verify::engine::link::Link;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::report::Report;
use webdis_verify::session::check::{Options, Publisher, check};

use crate::case::{NOW, invariants, links};
use crate::common::stand_in;

pub(crate) const HUB: &str = "docker.io/example/app";
pub(crate) const ECR: &str = "public.ecr.aws/example/app";
pub(crate) const SINGLE: &str = "1.2.3";
pub(crate) const MULTI: &str = "1.9.0";

/// 64 digits that a name stands for.
pub(crate) fn hex(name: &str) -> String {
    Digest::of(name.as_bytes()).hex()
}

pub(crate) fn sha(name: &str) -> String {
    format!("sha256:{}", hex(name))
}

/// A publisher with Content Trust keys, two registries and no documented digest, but
/// for `documented`.
fn profile(documented: &[(&str, &str)]) -> Vec<u8> {
    let published: Vec<_> = documented
        .iter()
        .map(|(tag, digest)| {
            serde_json::json!({"tag": tag, "digest": digest, "file": "README.md", "commit": "1234567", "date": "2021-01-01"})
        })
        .collect();
    serde_json::json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": [HUB, ECR], "log": "required",
        "contentTrust": {
            "gun": HUB, "root": [hex("root")], "repository": [hex("repository")],
            "signers": [{"name": "alice", "id": hex("alice")}]
        },
        "releases": [
            {"from": "1.0.0", "to": "1.8.0", "scheme": "content-trust", "platforms": "single"},
            {"from": "1.9.0", "to": "1.9.9", "scheme": "content-trust", "platforms": "multi"}
        ],
        "published": published
    })
    .to_string()
    .into_bytes()
}

/// One command and what it printed.
#[derive(Clone)]
pub(crate) struct Output {
    pub(crate) command: String,
    pub(crate) text: String,
}

pub(crate) fn output(command: &str, text: &str) -> Output {
    Output { command: command.to_owned(), text: text.to_owned() }
}

pub(crate) fn pull(image: &str, digest: &str) -> Output {
    let (name, tag) = image.rsplit_once(':').unwrap();
    let path = name.split_once('/').filter(|(host, _)| host.contains('.')).map_or(name, |(_, path)| path);
    output(
        &format!("docker pull {image}"),
        &format!(
            "{tag}: Pulling from {path}\nDigest: {digest}\nStatus: Image is up to date for {image}\n{image}\n"
        ),
    )
}

pub(crate) fn id(image: &str, id: &str) -> Output {
    output(&format!("docker image inspect {image} | grep -w Id"), &format!("        \"Id\": \"{id}\",\n"))
}

/// `docker trust inspect` in one of its forms.
pub(crate) fn trust(form: usize, tag: &str, digest: &str) -> Output {
    let image = format!("example/app:{tag}");
    let (root, repository, alice) = (hex("root"), hex("repository"), hex("alice"));
    match form {
        0 => output(
            &format!("docker trust inspect --pretty {image}"),
            &format!(
                "\nSignatures for {image}\n\nSIGNED TAG   DIGEST   SIGNERS\n{tag}       {digest}   (Repo Admin)\n\nList of signers and their keys for {image}\n\nSIGNER      KEYS\nalice   {}\n\nAdministrative keys for {image}\n\n  Repository Key:       {repository}\n  Root Key:    {root}\n",
                &alice[..12]
            ),
        ),
        1 => output(
            &format!("docker trust inspect {image}"),
            &format!(
                "{}\n",
                serde_json::to_string_pretty(&serde_json::json!([{
                    "Name": image,
                    "SignedTags": [{"SignedTag": tag, "Digest": digest, "Signers": ["Repo Admin"]}],
                    "Signers": [{"Name": "alice", "Keys": [{"ID": alice}]}],
                    "AdministrativeKeys": [
                        {"Name": "Root", "Keys": [{"ID": root}]}, {"Name": "Repository", "Keys": [{"ID": repository}]}
                    ]
                }]))
                .unwrap()
            ),
        ),
        _ => output(
            &format!("docker trust inspect docker.io/{image} | grep -Ew '[A-Z][A-Za-z]+' | sed -E 's/\"//g'"),
            &format!(
                "Name: docker.io/{image}\nSignedTags:\n  SignedTag: {tag}\n  Digest: {digest}\n  Signers:\n      Repo Admin\nSigners:\n  Name: alice\n  Keys:\n    ID: {alice}\nAdministrativeKeys:\n  Name: Root\n  Keys:\n    ID: {root}\n  Name: Repository\n  Keys:\n    ID: {repository}\n"
            ),
        ),
    }
}

/// A manifest list as docker prints it; its digest is that of these bytes.
pub(crate) fn list(place: &str) -> String {
    let child = |architecture: &str, more: &str| {
        format!(
            "      {{\n         \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n         \"size\": {},\n         \"digest\": \"{}\",\n         \"platform\": {{\n            \"architecture\": \"{architecture}\",\n            \"os\": \"linux\"{more}\n         }}\n      }}",
            manifest(place, architecture).len(),
            digest_of(place, architecture)
        )
    };
    format!(
        "{{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.list.v2+json\",\n   \"manifests\": [\n{},\n{}\n   ]\n}}",
        child("amd64", ""),
        child("arm64", ",\n            \"variant\": \"v8\"")
    )
}

pub(crate) fn printed_list(place: &str, image: &str) -> Output {
    output(&format!("docker manifest inspect {image}"), &format!("{}\n", list(place)))
}

pub(crate) fn grep_list(place: &str, image: &str) -> Output {
    let wanted = |line: &&str| line.contains("digest") || line.contains("architecture");
    let lines: String = list(place).lines().filter(wanted).map(|line| format!("{line}\n")).collect();
    output(&format!("docker manifest inspect {image} | grep -E 'digest|architecture'"), &lines)
}

/// The two registries print a config's members in different orders.
pub(crate) fn grep_config(place: &str, name: &str, architecture: &str) -> Output {
    let digest = digest_of(place, architecture);
    let config = sha(&format!("config {architecture}"));
    let (size, digest_line) = ("        \"size\": 2728", format!("        \"digest\": \"{config}\""));
    let body = match place {
        "hub" => format!("{digest_line},\n{size}\n"),
        _ => format!("{size},\n{digest_line}\n"),
    };
    output(
        &format!("docker manifest inspect {name}@{digest} | grep -A3 config"),
        &format!(
            "    \"config\": {{\n        \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n{body}"
        ),
    )
}

/// A manifest as docker prints it; its digest is that of these bytes.
fn manifest(place: &str, architecture: &str) -> String {
    let config = sha(&format!("config {architecture}"));
    let layer = sha(&format!("layer {place} {architecture}"));
    format!(
        "{{\n\t\"schemaVersion\": 2,\n\t\"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n\t\"config\": {{\n\t\t\"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n\t\t\"size\": 2728,\n\t\t\"digest\": \"{config}\"\n\t}},\n\t\"layers\": [\n\t\t{{\n\t\t\t\"mediaType\": \"application/vnd.docker.image.rootfs.diff.tar.gzip\",\n\t\t\t\"size\": 7,\n\t\t\t\"digest\": \"{layer}\"\n\t\t}}\n\t]\n}}"
    )
}

pub(crate) fn digest_of(place: &str, architecture: &str) -> String {
    Digest::of(manifest(place, architecture).as_bytes()).to_string()
}

/// The same manifest whole.
fn whole_manifest(place: &str, name: &str, architecture: &str) -> Output {
    let digest = digest_of(place, architecture);
    output(
        &format!("docker manifest inspect {name}@{digest}"),
        &format!("{}\n", manifest(place, architecture)),
    )
}

/// The digest that is signed: of the list's bytes, without the line break at the end.
pub(crate) fn signed() -> String {
    Digest::of(list("hub").as_bytes()).hex()
}

/// One platform at two registries.
pub(crate) fn single(form: usize) -> Vec<Output> {
    let (hub, ecr) = (format!("example/app:{SINGLE}"), format!("{ECR}:{SINGLE}"));
    vec![
        pull(&hub, &sha("manifest")),
        trust(form, SINGLE, &hex("manifest")),
        pull(&ecr, &sha("manifest")),
        id(&hub, &sha("config")),
        id(&ecr, &sha("config")),
    ]
}

/// Two platforms at two registries, through grep.
pub(crate) fn multi(form: usize) -> Vec<Output> {
    let (hub, ecr) = (format!("example/app:{MULTI}"), format!("{ECR}:{MULTI}"));
    vec![
        pull(&hub, &format!("sha256:{}", signed())),
        trust(form, MULTI, &signed()),
        output(
            &format!("docker manifest inspect docker.io/{hub} | perl -pe 'chomp if eof' | shasum -a 256"),
            &format!("{}  -\n", signed()),
        ),
        grep_list("hub", &hub),
        grep_config("hub", "example/app", "amd64"),
        grep_list("ecr", &ecr),
        grep_config("ecr", ECR, "amd64"),
    ]
}

/// The same with everything printed whole, both platforms compared.
pub(crate) fn whole(form: usize) -> Vec<Output> {
    let (hub, ecr) = (format!("example/app:{MULTI}"), format!("{ECR}:{MULTI}"));
    let mut outputs = multi(form);
    outputs.truncate(3);
    outputs.extend([
        printed_list("hub", &hub),
        whole_manifest("hub", "example/app", "amd64"),
        whole_manifest("hub", "example/app", "arm64"),
        printed_list("ecr", &ecr),
        whole_manifest("ecr", ECR, "amd64"),
        whole_manifest("ecr", ECR, "arm64"),
    ]);
    outputs
}

pub(crate) fn shown(output: &Output) -> String {
    format!("$ {}\n{}", output.command, output.text)
}

pub(crate) fn ask(pastes: &[String], image: Option<&str>, documented: &[(&str, &str)]) -> Report {
    let paste = |(n, text): (usize, &String)| Given {
        name: format!("paste {}", n + 1),
        origin: Origin::Paste,
        bytes: text.clone().into_bytes(),
    };
    let given: Vec<_> = pastes.iter().enumerate().map(paste).collect();
    let options = Options {
        image: image.map(str::to_owned),
        publisher: Publisher::Profile(profile(documented)),
        ..Options::at(Time::parse(NOW).unwrap())
    };
    let report = check(&given, &options).unwrap();
    invariants("a story", &report);
    report
}

/// The conditions that hold, as their sentences.
fn held(report: &Report) -> Vec<String> {
    let holds = |link: &&Link| link.id().starts_with("condition-") && link.outcome() == Outcome::Consistent;
    let mut held: Vec<_> = report.links.iter().filter(holds).map(|link| link.claim().to_owned()).collect();
    held.sort();
    held
}

#[track_caller]
fn is_consistent(name: &str, report: &Report, conditions: &[&str]) {
    println!("{name:<60} {} {}", report.outcome.name(), report.code);
    assert_eq!(
        (report.outcome, report.code),
        (Outcome::Consistent, "consistent"),
        "{name}\n{}",
        links(report)
    );
    let codes: Vec<_> =
        report.links.iter().filter(|l| l.outcome() == Outcome::Consistent).map(Link::code).collect();
    for condition in conditions {
        assert!(codes.contains(condition), "{name}: no {condition}\n{}", links(report));
    }
}

/// The stories as one text each, with what asks about them.
#[allow(clippy::type_complexity)]
pub(crate) fn carried() -> Vec<(&'static str, String, fn(&[Vec<u8>]) -> Report)> {
    fn of(pastes: &[Vec<u8>]) -> Report {
        let paste =
            |bytes: &Vec<u8>| Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: bytes.clone() };
        let given: Vec<_> = pastes.iter().map(paste).collect();
        let options =
            Options { publisher: Publisher::Profile(profile(&[])), ..Options::at(Time::parse(NOW).unwrap()) };
        check(&given, &options).unwrap()
    }
    STORIES
        .iter()
        .map(|(name, story, ..)| {
            (*name, story(0).iter().map(shown).collect(), of as fn(&[Vec<u8>]) -> Report)
        })
        .collect()
}

pub(crate) type Story = fn(usize) -> Vec<Output>;
pub(crate) const STORIES: [(&str, Story, &str, &[&str]); 3] = [
    (
        "one platform",
        single,
        SINGLE,
        &["procedure-keys-hold", "procedure-digest-holds", "procedure-id-holds"],
    ),
    (
        "two platforms, through grep",
        multi,
        MULTI,
        &[
            "procedure-keys-hold",
            "procedure-digest-holds",
            "procedure-listed-holds",
            "procedure-config-holds",
        ],
    ),
    (
        "two platforms, whole",
        whole,
        MULTI,
        &[
            "procedure-keys-hold",
            "procedure-digest-holds",
            "procedure-listed-holds",
            "procedure-config-holds",
        ],
    ),
];

#[test]
fn a_story_is_consistent_in_any_order_and_in_any_parts() {
    for (name, story, tag, conditions) in STORIES {
        for form in 0..3 {
            let outputs = story(form);
            let asked = [None, Some(format!("example/app:{tag}")), Some(format!("{ECR}:{tag}"))];
            let texts: Vec<String> = outputs.iter().map(shown).collect();
            let mut backwards = texts.clone();
            backwards.reverse();
            let first = held(&ask(&[texts.concat()], None, &[]));
            for image in &asked {
                for (way, pastes) in [
                    ("one paste", vec![texts.concat()]),
                    ("many pastes", texts.clone()),
                    ("one paste, backwards", vec![backwards.concat()]),
                    ("many pastes, backwards", backwards.clone()),
                ] {
                    let name = format!("{name}, form {form}, {way}, {image:?}");
                    let report = ask(&pastes, image.as_deref(), &[]);
                    is_consistent(&name, &report, conditions);
                    assert_eq!(held(&report), first, "{name}");
                }
            }
        }
    }
}

#[test]
fn documented_digests_join_the_conditions() {
    let digest = sha("manifest");
    let texts: Vec<String> = single(0).iter().map(shown).collect();
    let report = ask(&texts, None, &[(SINGLE, &digest)]);
    is_consistent("documented", &report, &["procedure-published-holds"]);
    // The signed digest that a text shows is not the documented one.
    let report = ask(&texts, None, &[(SINGLE, &sha("another"))]);
    assert_eq!(
        (report.outcome, report.code),
        (Outcome::Contradicted, "published-differs"),
        "{}",
        links(&report)
    );
    // Without docker's service the documented digest is what there is.
    let without: Vec<String> = single(0).iter().filter(|o| !o.command.contains("trust")).map(shown).collect();
    let report = ask(&without, None, &[(SINGLE, &digest)]);
    is_consistent(
        "documented, no trust inspect",
        &report,
        &["procedure-documented-holds", "procedure-id-holds"],
    );
    let report = ask(&without, None, &[]);
    assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
}

/// The documented digest is that of the signed list; another registry has its own.
#[test]
fn a_copy_with_a_list_of_its_own_is_no_alarm() {
    let documented = format!("sha256:{}", signed());
    let documented = [(MULTI, &*documented)];
    let ecr = format!("{ECR}:{MULTI}");
    let own = Digest::of(list("ecr").as_bytes()).to_string();
    for texts in [
        vec![shown(&pull(&ecr, &own))],
        vec![shown(&printed_list("ecr", &ecr))],
        vec![shown(&pull(&ecr, &own)), shown(&printed_list("ecr", &ecr))],
    ] {
        for image in [None, Some(&*ecr)] {
            let report = ask(&texts, image, &documented);
            println!("{} {}: {}", report.outcome.name(), report.code, report.next);
            assert_eq!(report.outcome, Outcome::NotChecked, "{}", links(&report));
        }
    }
    // Where it is signed it is one.
    let hub = format!("example/app:{MULTI}");
    let report = ask(&[shown(&pull(&hub, &own))], None, &documented);
    assert_eq!((report.outcome, report.code), (Outcome::Contradicted, "published-differs"));
}

/// Manifests without a command line belong to the list that names them, above it or below.
#[test]
fn a_manifest_may_stand_above_its_list() {
    let (hub, ecr) = (format!("example/app:{MULTI}"), format!("{ECR}:{MULTI}"));
    let lists = [shown(&printed_list("hub", &hub)), shown(&printed_list("ecr", &ecr))];
    let plain = ["hub", "ecr"].map(|place| manifest(place, "amd64"));
    // The second registry's list names one with another config.
    let evil = plain[1].replace(&sha("config amd64"), &sha("another config"));
    let other = lists[1].replace(&digest_of("ecr", "amd64"), &Digest::of(evil.as_bytes()).to_string());
    for (lists, manifests, code) in [
        ([lists[0].clone(), lists[1].clone()], plain.clone(), "procedure-config-holds"),
        ([lists[0].clone(), other], [plain[0].clone(), evil], "procedure-config-differs"),
    ] {
        let above = ask(&[&manifests[..], &lists[..]].concat(), Some(&hub), &[]);
        let below = ask(&[&lists[..], &manifests[..]].concat(), Some(&hub), &[]);
        for report in [&above, &below] {
            assert!(report.links.iter().any(|link| link.code() == code), "{code}\n{}", links(report));
        }
        assert_eq!((above.outcome, above.code), (below.outcome, below.code), "{}", links(&above));
    }
}

#[test]
fn without_command_lines_what_names_itself_is_compared() {
    for (name, story, tag, _) in STORIES {
        let image = format!("example/app:{tag}");
        for image in [None, Some(image.as_str())] {
            let texts: Vec<String> = story(0).iter().map(|output| output.text.clone()).collect();
            for pastes in [texts.clone(), vec![texts.join("\n")]] {
                let report = ask(&pastes, image, &[]);
                println!("{name} {image:?}: {} {}\n{}", report.outcome.name(), report.code, links(&report));
                assert!(
                    matches!(report.outcome, Outcome::Consistent | Outcome::NotChecked),
                    "{name}: {}",
                    links(&report)
                );
                if image.is_some() {
                    let held = held(&report).join("\n");
                    assert!(
                        held.contains("keys shown") && held.contains("docker pull shows"),
                        "{name}: {held}"
                    );
                }
            }
        }
    }
}

#[test]
fn an_output_that_is_missing_leaves_its_condition_open() {
    for (name, story, tag, _) in STORIES {
        let outputs = story(0);
        for asked in [format!("example/app:{tag}"), format!("{ECR}:{tag}")] {
            for missing in 0..outputs.len() {
                let texts: Vec<String> = outputs
                    .iter()
                    .enumerate()
                    .filter(|(n, _)| *n != missing)
                    .map(|(_, o)| shown(o))
                    .collect();
                let report = ask(&[texts.concat()], Some(&asked), &[]);
                let without = &outputs[missing].command;
                println!(
                    "{name}, {asked}, without `{without}`: {} {}: {}",
                    report.outcome.name(),
                    report.code,
                    report.next
                );
                assert!(
                    matches!(report.outcome, Outcome::Consistent | Outcome::NotChecked),
                    "{name}: {}",
                    links(&report)
                );
                assert!(!report.next.is_empty(), "{name}: {without}");
                // What holds is still said.
                assert!(
                    report.outcome == Outcome::Consistent || !held(&report).is_empty(),
                    "{name}: {}",
                    links(&report)
                );
            }
        }
    }
}

/// Every run of 64 digits, and of 12 after a signer's name, in a text.
pub(crate) fn places(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let run = (at..).take_while(|n| digit(*n)).count();
        if run == 64 || (run == 12 && text[..at].ends_with("   ")) {
            out.push(at);
        }
        at += run.max(1);
    }
    out
}

/// What one wrong digit makes of a story: it is named, or no condition rests on it.
#[track_caller]
pub(crate) fn wrong(name: &str, good: &Report, bad: &Report, now: &str) {
    let named = |link: &Link| {
        let compared = link.compared();
        [compared.0, compared.1].into_iter().flatten().any(|text| text.contains(now))
            || link.args().values().any(|text| text.contains(now))
    };
    println!("{name:<100} {} {}", bad.outcome.name(), bad.code);
    assert_ne!(bad.outcome, Outcome::Proven, "{name}\n{}", links(bad));
    assert_ne!(bad.outcome, Outcome::Unsigned, "{name}");
    let decided = bad.links.iter().filter(|link| link.outcome() == Outcome::Contradicted);
    for link in decided {
        assert!(named(link), "{name}: an alarm about something else: {}", link.claim());
    }
    let held_now = held(bad);
    let all_hold = held(good).iter().all(|claim| held_now.contains(claim));
    // Bytes that are no longer those of the digest they were asked for by.
    let unconfirmed =
        |report: &Report| report.links.iter().filter(|l| l.code() == "procedure-bytes-unconfirmed").count();
    let all_hold = all_hold && unconfirmed(good) == unconfirmed(bad);
    let said = bad.links.iter().any(|link| link.outcome() != Outcome::Consistent && named(link));
    if bad.outcome == Outcome::Consistent {
        // Nothing else shows that digest: the platform is said to be open.
        assert!(said || !all_hold, "{name}: silently held\n{}", links(bad));
    }
    assert!(said || !all_hold, "{name}: not named\n{}", links(bad));
}

#[test]
fn one_wrong_digit_is_named_wherever_it_stands() {
    let (mut count, mut configs_differ) = (0, false);
    for (name, story, tag, _) in STORIES {
        for (form, image) in
            [(0, None), (1, Some(format!("example/app:{tag}"))), (2, Some(format!("{ECR}:{tag}")))]
        {
            let outputs = story(form);
            let good = ask(&[outputs.iter().map(shown).collect::<String>()], image.as_deref(), &[]);
            for n in 0..outputs.len() {
                let text = shown(&outputs[n]);
                for at in places(&text) {
                    let mut changed: Vec<String> = outputs.iter().map(shown).collect();
                    let digit = if &text[at + 3..at + 4] == "0" { "1" } else { "0" };
                    changed[n].replace_range(at + 3..at + 4, digit);
                    let now = changed[n][at..at + 12].to_owned();
                    let name = format!("{name}, form {form}: {now} in `{}`", outputs[n].command);
                    let bad = ask(&[changed.concat()], image.as_deref(), &[]);
                    wrong(&name, &good, &bad, &now);
                    configs_differ |= bad.links.iter().any(|l| l.code() == "procedure-config-differs");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 90 && configs_differ, "{count}");
}

/// The Id of a platform that was inspected by its digest is its config, or in
/// the containerd store the manifest itself.
#[test]
fn the_id_of_a_platform_is_its_config_or_itself() {
    let manifest = digest_of("ecr", "amd64");
    let with = |value: &str| {
        let mut outputs = multi(0);
        outputs.push(id(&format!("{ECR}@{manifest}"), value));
        ask(&[outputs.iter().map(shown).collect::<String>()], None, &[])
    };
    let says = |report: &Report, code: &str| report.links.iter().any(|link| link.code() == code);
    let report = with(&sha("config amd64"));
    assert_eq!(report.outcome, Outcome::Consistent, "{}", links(&report));
    assert!(says(&report, "procedure-id-is-config"), "{}", links(&report));
    let report = with(&manifest);
    assert_eq!(report.outcome, Outcome::Consistent, "{}", links(&report));
    assert!(!says(&report, "procedure-id-is-config"), "{}", links(&report));
    let report = with(&sha("another config"));
    assert_eq!(report.outcome, Outcome::Contradicted, "{}", links(&report));
    assert!(says(&report, "procedure-id-is-not-config"), "{}", links(&report));
}

#[test]
fn the_fingerprint_of_a_key_file_is_no_image() {
    let of = |file: &str, digest: &str| {
        format!(
            "$ openssl pkey -in {file} -pubin -outform DER | openssl dgst -sha256\nSHA2-256(stdin)= {digest}\n"
        )
    };
    let own = "c921084265695461eef46c6a5953b3dfc501c0f6f82f54ff05bdddb65670bc59";
    let other = hex("another key");
    let ask = |text: String, image: Option<&str>| {
        let given = [Given { name: "paste".into(), origin: Origin::Paste, bytes: text.into_bytes() }];
        let options = Options { image: image.map(str::to_owned), ..Options::at(Time::parse(NOW).unwrap()) };
        let report = check(&given, &options).unwrap();
        println!("{} {}", report.outcome.name(), report.code);
        (report.outcome, report.code, report.subject.digest)
    };
    let image = Some("nicolas/webdis:0.1.24");
    let (yes, no, open) = (Outcome::Consistent, Outcome::Contradicted, Outcome::NotChecked);
    assert_eq!(ask(of("webdis.pub", own), None), (yes, "key-shown", None));
    assert_eq!(ask(of("keys/webdis.pub", own), image).2, None);
    assert_eq!(ask(of("webdis.pub", &other), None), (no, "key-shown-differs", None));
    assert_eq!(ask(of("/tmp/webdis.pub", &other), image), (no, "key-shown-differs", None));
    // Another file may hold another key.
    assert_eq!(ask(of("my.pub", &other), None), (open, "subject-unclear", None));
    // Without a command line it is known by its value.
    let line = |digest: &str| format!("SHA2-256(stdin)= {digest}\n");
    assert_eq!(ask(line(own), None), (yes, "key-shown", None));
    assert_eq!(ask(line(&other), None).0, open);
}

/// A key file without an image is compared with the pinned key, and is never used.
#[test]
fn a_key_file_alone_says_whose_key_it_holds() {
    let own = include_bytes!("../../webdis.pub").to_vec();
    let other = stand_in::key().pem().into_bytes();
    let ask = |files: &[&Vec<u8>]| {
        let give = |bytes: &&Vec<u8>| Given {
            name: "webdis.pub".into(),
            origin: Origin::File,
            bytes: bytes.to_vec(),
        };
        let given: Vec<_> = files.iter().map(give).collect();
        let report = check(&given, &Options::at(Time::parse(NOW).unwrap())).unwrap();
        invariants("a key file", &report);
        (report.outcome, report.code)
    };
    assert_eq!(ask(&[&own]), (Outcome::Consistent, "key-given"));
    assert_eq!(ask(&[&other]), (Outcome::NotChecked, "key-given-another"));
    assert_eq!(ask(&[&other, &own]), ask(&[&own, &other]));
    // Beside anything about an image it says nothing of that.
    let pull = shown(&pull("nicolas/webdis:0.1.24", &sha("index"))).into_bytes();
    assert_eq!(ask(&[&pull, &own]), ask(&[&pull]));
    assert_eq!(ask(&[&pull, &other]), ask(&[&pull]));
}

/// A key file beside what another key proves is said to be unused; the one that was
/// checked with is not.
#[test]
fn a_key_beside_a_proof_is_said_to_be_unused() {
    let own = crate::common::image::image("own", "1");
    let unused = |keys: &[&[u8]]| {
        let asked = crate::heard::signed("a key beside").digest(&crate::common::image::digest(&own.index));
        let report = keys.iter().fold(asked, |case, key| case.file(key)).proven("signed");
        let said = report.links.iter().filter(|link| link.code().starts_with("key-given"));
        said.map(|link| (link.code().to_owned(), link.args().get("found").cloned().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let (used, other) = (stand_in::key().pem().into_bytes(), include_bytes!("../../webdis.pub"));
    let fingerprint = webdis_verify::model::key::PublicKey::parse(other).unwrap().fingerprint().hex();
    assert!(unused(&[]).is_empty() && unused(&[&used]).is_empty());
    assert_eq!(unused(&[other]), [("key-given-another".to_owned(), fingerprint)]);
}

/// What a command prints in the world of the story of two platforms.
fn answer(command: &str) -> Option<String> {
    let (words, image) = command.rsplit_once(' ')?;
    let place = |image: &str| if image.starts_with(ECR) { "ecr" } else { "hub" };
    let text = match words {
        "docker trust inspect --pretty" => trust(0, MULTI, &signed()).text,
        "docker buildx imagetools inspect --raw" => list(place(image)),
        "docker manifest inspect" => match image.split_once('@') {
            None => list(place(image)) + "\n",
            Some((_, digest)) => {
                let all = ["amd64", "arm64"].map(|machine| manifest(place(image), machine));
                all.into_iter().find(|text| Digest::of(text.as_bytes()).to_string() == digest)? + "\n"
            }
        },
        _ => return None,
    };
    Some(format!("$ {command}\n{text}"))
}

/// The loop that a reader goes through: paste what the next step says, until there is
/// none left. Each step closes a condition, and each is one command.
#[test]
fn each_next_step_closes_its_condition() {
    for asked in [format!("example/app:{MULTI}"), format!("{ECR}:{MULTI}")] {
        for first in [
            vec![shown(&trust(0, MULTI, &signed()))],
            vec![
                shown(&pull(&asked, &Digest::of(list("ecr").as_bytes()).to_string())),
                shown(&trust(0, MULTI, &signed())),
            ],
            vec![shown(&grep_list("ecr", &format!("{ECR}:{MULTI}")))],
        ] {
            let at_home = asked.starts_with("example");
            if at_home && first.len() > 1 {
                continue;
            }
            let mut pastes = first;
            let mut steps = Vec::new();
            let report = loop {
                let report = ask(&pastes, Some(&asked), &[]);
                if report.outcome != Outcome::NotChecked || steps.len() > 8 {
                    break report;
                }
                let command = report.next.strip_prefix("Run: ").unwrap_or(&report.next).to_owned();
                let Some(text) = answer(&command) else {
                    panic!("{asked}: no command: {}\n{}", report.next, links(&report))
                };
                steps.push(command);
                pastes.push(text);
            };
            println!("{asked}: {} after {steps:#?}", report.code);
            assert_eq!(report.outcome, Outcome::Consistent, "{asked}\n{}", links(&report));
            let mut different = steps.clone();
            different.sort();
            different.dedup();
            assert_eq!(different.len(), steps.len(), "a step twice");
        }
    }
}
