//! What a command printed is said of the tag that it was asked for, whatever a filter
//! left of it and whatever ran it: another image's parts are never proven, and the
//! signed image's take nothing away.

use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, links};
use crate::common::image::{Image, digest, image};
use crate::heard::{REPO, fill, signed};
use crate::subject::pull;

/// The signed image with and without a name, and beside a pull of it.
fn beside(name: &str) -> Vec<(Case, bool)> {
    let own = image("own", "1");
    let asked = || signed(name).image(&format!("{REPO}:1.0"));
    let pulled = asked().paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)));
    let pulled = own.configs.iter().fold(pulled, |case, config| case.file(config));
    vec![(asked(), false), (signed(name), false), (pulled, true)]
}

/// Of the signed image it takes no proof away, of another it is never proven.
#[track_caller]
fn is_said_of_the_tag(name: &str, template: &str) {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    for (case, pulled) in beside(name) {
        let honest = case.clone().paste(parts(template, &own)).run();
        assert_eq!(
            honest.outcome,
            Outcome::Proven,
            "{name}, {pulled}: {}\n{}",
            honest.headline,
            links(&honest)
        );
        let report = case.clone().paste(parts(template, &evil)).run();
        let outcome = report.outcome;
        assert_ne!(outcome, Outcome::Proven, "{name}, {pulled}: {}\n{}", report.headline, links(&report));
        assert_ne!(outcome, Outcome::Unsigned, "{name}, {pulled}: {}", report.headline);
        // Of another tag it says nothing.
        if pulled {
            let other = case.paste(parts(template, &evil).replace(":1.0", ":0.9")).run();
            assert_eq!(other.outcome, Outcome::Proven, "{name}: {}\n{}", other.headline, links(&other));
        }
    }
}

/// [`fill`], and `@B@` the second manifest.
fn parts(template: &str, image: &Image) -> String {
    let second = digest(&image.manifests[1])[7..].to_owned();
    fill(&template.replace("@B12@", &second[..12]).replace("@B@", &second), image)
}

const INSPECT: &str = "docker manifest inspect @R@:1.0";

#[test]
fn whatever_a_filter_left_of_a_list_is_of_the_asked_tag() {
    let list = "schemaVersion: 2\nmanifests:\n  - mediaType: application/vnd.oci.image.manifest.v1+json\n    digest: sha256:@A@\n    size: 480\n    platform:\n      architecture: amd64\n      os: linux\n";
    for (filter, left) in [
        ("jq -r '.manifests[0].digest'", "sha256:@A@\n"),
        ("jq '.manifests[0].digest'", "\"sha256:@A@\"\n"),
        (
            "jq -c '.manifests[] | {a: .platform.architecture, d: .digest}'",
            "{\"a\":\"amd64\",\"d\":\"sha256:@A@\"}\n{\"a\":\"arm64\",\"d\":\"sha256:@B@\"}\n",
        ),
        (
            "jq '.manifests | map({(.platform.architecture): .digest}) | add'",
            "{\n  \"amd64\": \"sha256:@A@\",\n  \"arm64\": \"sha256:@B@\"\n}\n",
        ),
        (
            "jq -r '.manifests[] | [.platform.os, .platform.architecture, .digest] | @csv'",
            "\"linux\",\"amd64\",\"sha256:@A@\"\n\"linux\",\"arm64\",\"sha256:@B@\"\n",
        ),
        ("jq -r '.manifests[] | [.digest, .size] | @csv'", "\"sha256:@A@\",480\n\"sha256:@B@\",480\n"),
        ("jq -r '.manifests[] | [.size, .digest] | @tsv'", "480\tsha256:@A@\n480\tsha256:@B@\n"),
        ("yq -P", list),
        ("yq -P | grep digest", "    digest: sha256:@A@\n    digest: sha256:@B@\n"),
        ("column -t", "amd64   linux   480   sha256:@A@\narm64   linux   480   sha256:@B@\n"),
        ("awk '{print NR\": \"$2}'", "1: sha256:@A@\n2: sha256:@B@\n"),
        ("jq -r '.config.digest'", "sha256:@C@\n"),
        // The first digits tell images apart.
        ("jq -r '.manifests[].digest' | cut -c1-19", "sha256:@A12@\nsha256:@B12@\n"),
        ("jq -r '.manifests[].digest[7:19]'", "@A12@\n@B12@\n"),
        ("jq -r '.manifests[] | .platform.architecture + \" \" + .digest[:19]'", "amd64 sha256:@A12@\n"),
        ("jq -c '.manifests[] | .digest[:19]'", "\"sha256:@A12@\"\n\"sha256:@B12@\"\n"),
        ("jq -c '[.manifests[].digest[:19]]'", "[\"sha256:@A12@\",\"sha256:@B12@\"]\n"),
        ("grep digest | cut -c1-40", "      \"digest\": \"sha256:@A12@\n      \"digest\": \"sha256:@B12@\n"),
    ] {
        is_said_of_the_tag(filter, &format!("$ {INSPECT} | {filter}\n{left}"));
    }
    is_said_of_the_tag(
        "grep Digest",
        "$ docker buildx imagetools inspect @R@:1.0 | grep Digest\nDigest:    sha256:@I@\n",
    );
    is_said_of_the_tag("the tag's own, cut", "$ crane digest @R@:1.0 | cut -c1-19\nsha256:@I12@\n");
}

/// A program prints the same whatever ran it, and behind any prompt.
#[test]
fn whatever_ran_a_command_it_is_the_same_command() {
    let outputs = [
        (INSPECT, " | grep digest", "      \"digest\": \"sha256:@A@\",\n      \"digest\": \"sha256:@B@\",\n"),
        ("crane digest @R@:1.0", "", "sha256:@I@\n"),
    ];
    let runners = [
        "$ sudo -E %",
        "$ sudo -u root %",
        "$ time -p %",
        "$ nice -n 5 %",
        "$ watch -n1 %",
        "$ cd /srv && %",
        "$ true; %",
        "$ for i in 1; do %; done",
        "$ bash -c \"%\"",
        "$ ssh host '%'",
        "$ timeout 30 %",
        "$ docker login -u me && %",
        "$ echo x | xargs -I{} %",
        "$ kubectl exec app -- %",
        "$ % && echo done",
        "C:\\> %",
        "C:\\Users\\me>%",
        "(venv) $ %",
        "+ %",
        "bash-5.1$ %",
        "/ # %",
        "\u{279c}  ~ %",
        "\u{279c}  app git:(main) %",
        "~/src main* \u{276f} %",
        "In [1]: !%",
        "Run %",
        "[command]%",
        "- run: %",
        "watch %",
        "[nix-shell:~]$ %",
        "Step 1: %",
        "2) %",
        "3. %",
    ];
    for (command, filter, left) in outputs {
        for runner in runners {
            let line = runner.replace('%', &format!("{command}{filter}"));
            is_said_of_the_tag(&line, &format!("{line}\n{left}"));
        }
        let windows = command.replacen(' ', ".exe ", 1);
        is_said_of_the_tag("Windows", &format!("PS C:\\> {windows}{filter}\n{left}"));
        let (program, rest) = command.split_once(' ').unwrap();
        for path in [
            "C:\\> \"C:\\Program Files\\bin\\PROGRAM.exe\"",
            "\"C:\\Program Files\\PROGRAM.exe\"",
            "& 'C:\\bin\\PROGRAM.exe'",
        ] {
            let line = format!("{} {rest}{filter}", path.replace("PROGRAM", program));
            is_said_of_the_tag(&line, &format!("{line}\n{left}"));
        }
        for (end, name) in [(" \\", "a shell"), (" ^", "cmd"), (" `", "PowerShell")] {
            let broken = command.replace(" @R@", &format!("{end}\n    @R@"));
            is_said_of_the_tag(name, &format!("$ {broken}{filter}\n{left}"));
        }
    }
    // Of two commands on one line each has its own output.
    let both = format!("$ docker pull @R@:1.0 && {INSPECT} | grep digest\n");
    let pulled = "1.0: Pulling from team/app\nDigest: sha256:@I@\nStatus: Image is up to date for @R@:1.0\n";
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let list = "      \"digest\": \"sha256:@A@\",\n      \"digest\": \"sha256:@B@\",\n";
    let start = fill(&format!("{both}{pulled}"), &own);
    signed("both").paste(format!("{start}{}", parts(list, &own))).proven("signed-as");
    signed("both").paste(format!("{start}{}", parts(list, &evil))).not_checked("held-not-listed");
}

/// What is no part of the image takes no proof away.
#[test]
fn what_is_beside_an_answer_is_no_part_of_it() {
    let own = image("own", "1");
    let evil = image("evil", "2");
    let held = pull(&format!("{REPO}:1.0"), &digest(&own.index));
    let asked = signed("beside").image(&format!("{REPO}:1.0")).paste(held);
    for text in [
        // A program that prints one digest has answered.
        "$ crane digest @R@:1.0\nsha256:@I@\n\nsha256:@X@\n",
        // A commit, a size, a date are no digits of a digest.
        "$ docker manifest inspect @R@:1.0 | jq -r '.annotations[]'\n0123456789abcdef0123456789abcdef01234567\n2026-11-20T10:11:12Z\n123456789012\n",
        // A sum of what a pipe printed.
        "$ crane manifest @R@:1.0 | jq . | sha256sum\n@X@  -\n$ crane digest @R@:1.0\nsha256:@I@\n",
        // The tags and the attachments of a repository.
        "$ oras discover @R@:1.0 -o json | jq -r '.manifests[].digest'\nsha256:@X@\nsha256:@X@\n$ crane digest @R@:1.0\nsha256:@I@\n",
        // An inspection names chains of layers, which no document does.
        "$ crictl inspecti -o yaml @R@:1.0\ninfo:\n  chainID: sha256:@X@\nstatus:\n  id: sha256:@C@\n  repoDigests:\n  - @R@@sha256:@I@\n",
        // A sentence about a command is none.
        "Then I ran docker manifest inspect @R@:1.0 and saw this.\n$ crane digest @R@:1.0\nsha256:@I@\n",
    ] {
        let text = text.replace("@X@", &digest(&evil.index)[7..]);
        let report = asked.clone().paste(fill(&text, &own)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{text}{}\n{}", report.headline, links(&report));
    }
}

/// What a log writes before every line, or makes of it, changes nothing.
#[test]
fn a_log_around_an_output_hides_nothing() {
    let before = |mark: &'static str| {
        move |text: &str| text.lines().map(|line| format!("{mark}{line}\n")).collect::<String>()
    };
    let logged = |text: &str| {
        let line = |line: &str| serde_json::json!({"log": format!("{line}\n"), "stream": "stdout", "time": "2026-11-20T10:11:12Z"});
        text.lines().map(|text| format!("{}\n", line(text))).collect::<String>()
    };
    let around: Vec<Box<dyn Fn(&str) -> String>> = vec![
        Box::new(before("10:11:12 ")),
        Box::new(before("2026-11-20 10:11:12,345 ")),
        Box::new(before("[2026-11-20T10:11:12.123Z] ")),
        Box::new(before("[INFO] ")),
        Box::new(before("#7 0.512 ")),
        Box::new(before("build\tpull\t2026-11-20T10:11:12.1234567Z ")),
        Box::new(before("Nov 20 10:11:12 host app[123]: ")),
        Box::new(before("time=\"2026-11-20T10:11:12Z\" level=info msg=")),
        Box::new(logged),
        Box::new(|text| serde_json::json!(text).to_string()),
    ];
    for around in around {
        for text in [
            "$ docker manifest inspect @R@:1.0 | grep digest\n      \"digest\": \"sha256:@A@\",\n      \"digest\": \"sha256:@B@\",\n",
            "$ docker manifest inspect @R@:1.0 | jq -r '.manifests[].digest' | cut -c1-19\nsha256:@A12@\nsha256:@B12@\n",
            "$ crane digest @R@:1.0\nsha256:@I@\n",
            "$ docker images --no-trunc -q @R@:1.0\nsha256:@C@\n",
        ] {
            is_said_of_the_tag(text, &around(text));
        }
    }
}
