//! The first digits of a digest tell images apart: beside a name in any list or line,
//! in an object, in what a copy prints, also beside a pull where all IDs of the pulled
//! image are known.

use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, links};
use crate::common::image::{digest, image};
use crate::heard::{REPO, fill, signed};
use crate::subject::pull;

fn pulled(name: &str) -> Case {
    let own = image("own", "1");
    let case = signed(name).image(&format!("{REPO}:1.0"));
    let case = own.configs.iter().fold(case, |case, config| case.file(config));
    case.paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)))
}

#[track_caller]
fn tells_apart(name: &str, text: &str, cases: &[Case]) {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    for (at, case) in cases.iter().enumerate() {
        let report = case.clone().paste(fill(text, &own)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{name} {at}: {}\n{}", report.headline, links(&report));
        let report = case.clone().paste(fill(text, &evil)).run();
        assert_eq!(
            report.outcome,
            Outcome::NotChecked,
            "{name} {at}: {}\n{}",
            report.headline,
            links(&report)
        );
    }
}

#[test]
fn digits_beside_a_name_are_of_that_image() {
    let asked = || signed("asked").image(&format!("{REPO}:1.0"));
    for text in [
        "$ docker images --format '{{.Repository}}:{{.Tag}} {{.ID}}'\n@R@:1.0 @C12@\n",
        "$ docker images --format '{{.ID}} {{.Repository}}:{{.Tag}}'\n@C12@ @R@:1.0\n",
        "$ docker images | awk '{print $1,$2,$3}'\nREPOSITORY TAG IMAGE\n@R@ 1.0 @C12@\n",
        "$ docker image ls --format json\n{\"Containers\":\"N/A\",\"Digest\":\"<none>\",\"ID\":\"@C12@\",\"Repository\":\"@R@\",\"Tag\":\"1.0\"}\n",
        "@R@:1.0 sha256:@I12@\n",
        "@R@@sha256:@I12@\n",
        "@R@:1.0@sha256:@I12@\u{2026}\n",
    ] {
        tells_apart(text, text, &[asked(), signed("no name"), pulled("pulled")]);
        // Of another image it says nothing of this one.
        let other = fill(text, &image("evil", "2")).replace(REPO, "other.example/team/thing");
        pulled("another").paste(other).proven("signed-as");
    }
}

/// A table of images is read by its columns, whatever their order; where the blanks between
/// them are lost, by the words on both sides of a cell that has several.
#[test]
fn columns_of_a_table_may_stand_in_any_order() {
    let columns = [
        ("REPOSITORY", REPO),
        ("TAG", "1.0"),
        ("IMAGE ID", "@C12@"),
        ("CREATED", "2 days ago"),
        ("SIZE", "20MB"),
    ];
    for turn in 0..columns.len() {
        for backwards in [false, true] {
            let mut order = columns;
            order.rotate_left(turn);
            if backwards {
                order.reverse();
            }
            // What stands for the digits is shorter than they are.
            let wide = |(name, cell): &(&str, &str)| name.len().max(cell.len()).max(12) + 3;
            let row = |pick: fn(&(&str, &str)) -> String, fits: bool| -> String {
                let cell = |column: &(&str, &str)| {
                    let text = pick(column);
                    let lost = if text == "@C12@" { 12 - text.len() } else { 0 };
                    let width = wide(column) - lost;
                    if fits { format!("{text:<width$}") } else { format!("{text} ") }
                };
                order.iter().map(cell).collect::<String>().trim_end().to_owned()
            };
            for fits in [true, false] {
                let header = row(|(name, _)| (*name).to_owned(), fits);
                let text = format!("{header}\n{}\n", row(|(_, cell)| (*cell).to_owned(), fits));
                let asked = signed("asked").image(&format!("{REPO}:1.0"));
                tells_apart(&text, &text, &[asked, signed("no name"), pulled("pulled")]);
            }
        }
    }
}

/// Lists of other programs, and a name that is given to an ID.
#[test]
fn digits_in_other_lists_are_of_the_named_image() {
    let asked = || signed("asked").image(&format!("{REPO}:1.0"));
    for text in [
        "$ podman image tree @R@:1.0\nImage ID: @C12@\nTags:     [@R@:1.0]\nSize:     8.1MB\nImage Layers\n\u{2514}\u{2500}\u{2500} ID: 0123456789ab Size: 5.8MB Top Layer of: [@R@:1.0]\n",
        "$ buildah containers\nCONTAINER ID  BUILDER  IMAGE ID     IMAGE NAME                       CONTAINER NAME\nab12cd34ef56     *     @C12@ @R@:1.0 app-working-container\n",
        "$ docker tag @C12@ @R@:1.0\n",
        "$ podman tag @C12@ @R@:1.0\n$ podman push @R@:1.0\n",
    ] {
        tells_apart(text, text, &[asked(), signed("no name"), pulled("pulled")]);
    }
    // What a registry gives for a tag is compared with a pull where no manifest is at hand.
    let own = image("own", "1");
    let known = crate::case::case("pulled").file(crate::common::image::bundle(&own.index)).file(&own.index);
    let known = known.paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)));
    for text in [
        "$ gcloud container images list-tags @R@\nDIGEST        TAGS          TIMESTAMP\n@I12@  1.0,latest    2026-01-02T03:04:05\n0123456789ab                2026-01-02T03:04:05\n",
        "DIGEST        TAGS          TIMESTAMP\n@I12@  1.0    2026-01-02T03:04:05\n",
        "image: @R@:1.0@sha256:@I12@\n",
    ] {
        tells_apart(text, text, &[asked(), signed("no name"), known.clone().image(&format!("{REPO}:1.0"))]);
    }
}

/// One ID of some hundred has no letter: where an ID stands, that is one.
#[test]
fn an_id_without_a_letter_is_one_where_an_id_stands() {
    let asked = || signed("asked").image(&format!("{REPO}:1.0"));
    for text in [
        "{\"Repository\":\"@R@\",\"Tag\":\"1.0\",\"ID\":\"123456789012\"}\n",
        "$ docker images --format '{{.Repository}}:{{.Tag}} {{.ID}}'\n@R@:1.0 123456789012\n",
        "$ docker images --format '{{.ID}} {{.Repository}}:{{.Tag}}'\n123456789012 @R@:1.0\n",
        "$ podman images --format '{{.Repository}} {{.Id}}'\n@R@ 123456789012\n",
        "FROM @R@:1.0\n ---> 123456789012\n",
    ] {
        asked().paste(text.replace("@R@", REPO)).not_checked("digest-cut");
    }
    // In prose a number is one.
    asked().paste(format!("{REPO}:1.0 has 123456789012 bytes\n")).proven("signed");
}

/// Lists of a computer that shows under the pulled name another image's ID.
#[test]
fn a_list_with_another_id_is_heard_beside_a_pull() {
    for text in [
        "$ docker images\nREPOSITORY                  TAG       IMAGE ID       CREATED       SIZE\n@R@   1.0       @C12@   2 weeks ago   12MB\n",
        "$ docker images\nIMAGE                           ID             DISK USAGE   CONTENT SIZE   EXTRA\n@R@:1.0   @I12@       12.1MB         4.2MB    U\n",
        "$ podman images\nREPOSITORY                   TAG   IMAGE ID      CREATED     SIZE\n@R@  1.0   @C12@  2 weeks ago 12 MB\n",
        "$ docker images --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}'\nsha256:@C@ @R@:1.0\n",
    ] {
        tells_apart(text, text, &[pulled("pulled")]);
    }
    // Without the manifests nobody knows the IDs of the pulled image.
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let table = "REPOSITORY                  TAG       IMAGE ID       CREATED       SIZE\n@R@   1.0       @C12@   2 weeks ago   12MB\n";
    let known = crate::case::case("pulled").file(crate::common::image::bundle(&own.index)).file(&own.index);
    let known = known.paste(pull(&format!("{REPO}:1.0"), &digest(&own.index)));
    known.clone().paste(fill(table, &own)).proven("signed-as");
    known.paste(fill(table, &evil)).proven("signed-as");
}

/// What a copy prints is of what it copied; a config that was printed anew has its layers.
#[test]
fn copies_and_configs_of_another_image_are_heard() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    for text in [
        "$ skopeo copy docker://@R@:1.0 docker-archive:x.tar\nGetting image source signatures\nCopying config @C12@ done   |\nWriting manifest to image destination\n",
        "$ oras cp @R@:1.0 other.example/x/y:1.0\nCopied [registry] @R@:1.0 => [registry] other.example/x/y:1.0\nDigest: sha256:@I@\n",
        "$ crane copy @R@:1.0 other.example/x/y:1.0\n2026/11/20 10:11:12 Copying from @R@:1.0 to other.example/x/y:1.0\n2026/11/20 10:11:12 other.example/x/y:1.0: digest: sha256:@I@ size: 491\n",
        "$ curl -sI https://registry.example/v2/team/app/manifests/1.0 | grep -i etag\netag: \"sha256:@I@\"\n",
        "$ docker buildx imagetools inspect @R@:1.0 | grep -A1 Name:\n  Name:        @R@:1.0@sha256:@A@\n  MediaType:   application/vnd.oci.image.manifest.v1+json\n",
    ] {
        let asked = signed("asked").image(&format!("{REPO}:1.0"));
        let report = asked.clone().paste(fill(text, &own)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{text}{}\n{}", report.headline, links(&report));
        let report = asked.paste(fill(text, &evil)).run();
        assert_eq!(report.outcome, Outcome::NotChecked, "{text}{}\n{}", report.headline, links(&report));
    }
    let printed = |bytes: &[u8]| {
        let value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        format!("$ crane config {REPO}:1.0 | jq .\n{}\n", serde_json::to_string_pretty(&value).unwrap())
    };
    pulled("the config anew").paste(printed(&own.configs[0])).proven("signed-as");
    pulled("another's").paste(printed(&evil.configs[0])).not_checked("held-not-listed");
}

/// A digest in another spelling, alone on its line, and in members of other names.
#[test]
fn a_digest_spelt_otherwise_is_heard() {
    for text in [
        "SHA256:@I@\n",
        "sha256=@I@\n",
        "sha256 @I@\n",
        "{\"image\":\"@R@:1.0\",\"digest\":\"@I@\"}\n",
        "{\"image\":\"@R@:1.0\",\"sha256\":\"@I@\"}\n",
        "{\"packages\":[{\"name\":\"@R@\",\"versionInfo\":\"sha256:@I@\"}]}\n",
    ] {
        crate::heard::is_heard(text, text);
    }
}

/// What has digits and is no image's.
#[test]
fn other_digits_beside_a_name_take_nothing_away() {
    let asked = signed("asked").image(&format!("{REPO}:1.0"));
    for text in [
        "$ docker ps --format '{{.ID}} {{.Image}}'\n0123456789ab @R@:1.0\n",
        "0123456789ab   @R@:1.0   \"/app\"   2 days ago   Up 2 days\n",
        "Started container 0123456789ab of @R@:1.0\n",
        "trace=0123456789abcdef0123456789abcdef @R@:1.0\n",
        "commit 0123456789abcdef0123456789abcdef01234567 builds @R@:1.0\n",
        "202611201011 @R@:1.0\n",
    ] {
        asked.clone().paste(fill(text, &image("own", "1"))).proven("signed");
    }
}

/// A name of the same repository under another address is the same name.
#[test]
fn another_address_of_a_registry_is_the_same_registry() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    for (asked, names) in [
        (
            "docker.io/nicolas/app:1",
            [
                "registry-1.docker.io/nicolas/app:1",
                "index.docker.io/nicolas/app:1",
                "docker.io:443/nicolas/app:1",
            ],
        ),
        (
            "registry.example/team/app:1.0",
            [
                "registry.example:443/team/app:1.0",
                "Registry.Example/team/app:1.0",
                "registry.example/team/app:1.0",
            ],
        ),
    ] {
        for name in names {
            for text in [format!("{name}@@\n"), format!("$ crane digest {name}\n@@\n")] {
                let case = signed(name).image(asked);
                let with = |image: &crate::common::image::Image| {
                    let digest = digest(&image.index);
                    let pinned = text.starts_with(name);
                    text.replace("@@", &if pinned { format!("@{digest}") } else { digest })
                };
                let report = case.clone().paste(with(&own)).run();
                assert_eq!(report.outcome, Outcome::Proven, "{text}{}", report.headline);
                let report = case.paste(with(&evil)).run();
                assert_ne!(report.outcome, Outcome::Proven, "{text}{}", report.headline);
            }
        }
    }
}

/// A letter of another encoding, a mark that nobody sees and signs in their escaped form
/// hide nothing.
#[test]
fn how_a_text_is_encoded_hides_nothing() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let tag = format!("{REPO}:1.0");
    let texts = |image: &crate::common::image::Image| {
        let pulled = pull(&tag, &digest(&image.index));
        let marked = pulled.replace("sha256:", "sha256:\u{200e}");
        let escaped = format!("{REPO}%3A1.0%40{}\n", digest(&image.index).replace(':', "%3A"));
        [[b"caf\xe9\n", pulled.as_bytes()].concat(), marked.into_bytes(), escaped.into_bytes()]
    };
    for (mine, other) in texts(&own).into_iter().zip(texts(&evil)) {
        let asked = signed("encoded").image(&tag);
        assert_eq!(asked.clone().file(mine).run().outcome, Outcome::Proven);
        let report = asked.file(&other).run();
        assert_ne!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
    }
}

/// A digest that was cut, decorated or spelt otherwise in an output of any program, or on
/// a line of its own, is one all the same.
#[test]
fn a_damaged_digest_in_any_output_is_heard() {
    let asked = || signed("asked").image(&format!("{REPO}:1.0"));
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let forms: [(&str, &dyn Fn(&str) -> String); 7] = [
        ("one digit less", &|hex| format!("sha256:{}", &hex[..63])),
        ("one more", &|hex| format!("sha256:{hex}0")),
        ("dots behind", &|hex| format!("sha256:{}...", &hex[..12])),
        ("dots between", &|hex| format!("sha256:{}\u{2026}{}", &hex[..12], &hex[58..])),
        ("a space of no width", &|hex| format!("sha256:{}\u{200b}{}", &hex[..20], &hex[20..])),
        ("a soft hyphen", &|hex| format!("sha256:{}\u{ad}{}", &hex[..20], &hex[20..])),
        ("colours", &|hex| format!("sha256:^[[01;31m^[[K{hex}^[[m^[[K")),
    ];
    for (form, change) in forms {
        for text in [
            "    Image ID:       @R@@DIGEST\n",
            "image: @R@:1.0@DIGEST\n",
            "@R@:1.0  DIGEST\n",
            "1.0: digest: DIGEST size: 2000\n",
            "Name:      @R@:1.0\nMediaType: application/vnd.oci.image.index.v1+json\nDigest:    DIGEST\n",
        ] {
            let case = |image: &crate::common::image::Image| {
                let whole = digest(&image.index);
                asked().named(form).paste(fill(text, image).replace("DIGEST", &change(&whole[7..])))
            };
            let report = case(&own).run();
            assert_eq!(
                report.outcome,
                Outcome::Proven,
                "{form}: {text}{}\n{}",
                report.headline,
                links(&report)
            );
            let report = case(&evil).run();
            assert_eq!(
                report.outcome,
                Outcome::NotChecked,
                "{form}: {text}{}\n{}",
                report.headline,
                links(&report)
            );
        }
    }
    // Another image's says nothing of this one.
    for line in
        ["    Image ID:       other.example/a/b@sha256:@I12@...\n", "=> => sha256:@I12@ 3.2MB / 3.2MB\n"]
    {
        pulled("another").paste(fill(line, &evil)).proven("signed-as");
    }
}

/// PowerShell and Windows write digests in capitals.
#[test]
fn a_digest_in_capitals_is_one() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let asked = || signed("asked").image(&format!("{REPO}:1.0"));
    for text in ["Digest: SHA256:DIGEST\n", "image: @R@:1.0@SHA256:DIGEST\n", "DIGEST\n"] {
        for upper in [false, true] {
            let case = |image: &crate::common::image::Image| {
                let hex = digest(&image.index)[7..].to_owned();
                let hex = if upper { hex.to_uppercase() } else { hex };
                asked().named(text).paste(fill(text, image).replace("DIGEST", &hex)).run()
            };
            let report = case(&own);
            assert_eq!(report.outcome, Outcome::Proven, "{text}: {}\n{}", report.headline, links(&report));
            let report = case(&evil);
            assert_eq!(
                report.outcome,
                Outcome::NotChecked,
                "{text}: {}\n{}",
                report.headline,
                links(&report)
            );
        }
    }
    // A table of sums is read as `sha256sum` prints them.
    let hex = digest(&own.index)[7..].to_uppercase();
    let table = format!(
        "Algorithm       Hash          Path\n---------       ----          ----\nSHA256          {hex}       C:\\m.json\n"
    );
    let report = crate::case::case("sums").paste(table).run();
    assert!(report.items.iter().any(|item| item.kind == "sha256sum"), "{}", report.headline);
}
