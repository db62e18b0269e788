//! What people paste every day beside good evidence, in the forms that no manual
//! shows: of the signed image it takes nothing away, of another one nothing is proven.

use webdis_verify::base::outcome::Outcome;

use crate::case::{case, links};
use crate::common::image::{bundle, digest, image};
use crate::heard::{REPO, fill, is_heard, signed};
use crate::stories::{self, ECR};

/// `grep` leaves rows of a table without their header.
#[test]
fn a_row_without_its_header_is_a_row() {
    for (name, template) in [
        ("docker", "$ docker images | grep app\n@R@   1.0    @C12@   2 weeks ago   12.1MB\n"),
        ("no command", "@R@   1.0    @C12@   2 weeks ago   12.1MB\n"),
        ("docker 29", "$ docker images | grep app\n@R@:1.0   @I12@       18.2MB         5.94MB   U\n"),
        (
            "digests",
            "$ docker images --digests | grep app\n@R@   1.0   sha256:@I@   @C12@   2 weeks ago   12.1MB\n",
        ),
        (
            "no digest",
            "$ docker images --digests | grep app\n@R@   1.0   <none>   @C12@   2 weeks ago   12MB\n",
        ),
        ("podman", "$ podman images | grep app\n@R@   1.0   @C12@   2 weeks ago   12.2 MB\n"),
        (
            "nerdctl",
            "$ nerdctl images | grep app\n@R@   1.0   @I12@   1 week ago   linux/amd64   17.6MB   5.6MB\n",
        ),
        ("crictl", "$ sudo crictl images | grep app\n@R@   1.0   @C12@f   5.92MB\n"),
        (
            "others beside it",
            "redis   7   7614ae9453d1   2 months ago   113MB\n@R@   1.0   @C12@   2 weeks ago   12MB\n",
        ),
    ] {
        // crictl shows thirteen digits.
        let config = digest(&image("own", "1").configs[0])[7..20].to_owned();
        let evil = digest(&image("evil", "2").configs[0])[7..20].to_owned();
        if name == "crictl" {
            let text = |cut: &str| fill(&template.replace("@C12@f", cut), &image("own", "1"));
            signed(name).paste(text(&config)).proven("signed");
            assert_eq!(signed(name).paste(text(&evil)).run().code, "digest-cut");
            continue;
        }
        is_heard(name, template);
    }
    is_heard(
        "ctr",
        "$ sudo ctr -n k8s.io images ls | grep app\n@R@:1.0 application/vnd.oci.image.index.v1+json sha256:@I@ 5.6 MiB linux/amd64,linux/arm64 io.cri-containerd.image=managed \n",
    );
    is_heard(
        "history",
        "$ docker history @R@:1.0\nIMAGE          CREATED       CREATED BY                                      SIZE      COMMENT\n@C12@   2 weeks ago   CMD [\"/app\"]   0B\n<missing>      2 weeks ago   EXPOSE 7379    0B\n",
    );
    // Rows of other things have no ID, or no name.
    for text in [
        "$ docker ps | grep app\n3f1c2d4b5a69   @R@:1.0   \"/app\"   5 minutes ago   Up 5 minutes   0.0.0.0:80->80/tcp   app\n",
        "app   1.0   released   2 weeks ago   12MB\n",
        "commit 3f1c2d4b5a69   2 weeks ago   12MB\n",
    ] {
        let own = image("own", "1");
        signed(text).image(&format!("{REPO}:1.0")).paste(fill(text, &own)).proven("signed");
    }
}

/// Of a container `grep Image` shows the ID of its image and then the name; of an image,
/// the one that it was built from.
#[test]
fn an_image_that_grep_shows_is_a_containers() {
    is_heard(
        "a container",
        "$ docker inspect app | grep Image\n        \"Image\": \"sha256:@C@\",\n            \"Image\": \"@R@:1.0\",\n",
    );
    let parent = "$ docker image inspect @R@:1.0 | grep Image\n            \"Image\": \"sha256:@C@\",\n";
    for held in [image("own", "1"), image("evil", "2")] {
        signed("a parent").paste(fill(parent, &held)).proven("signed");
    }
}

/// A registry that was asked for one platform says nothing of another digest of the tag.
#[test]
fn a_digest_of_one_platform_is_a_part_of_the_tag() {
    let own = image("own", "1");
    let crane = |digest: &str| format!("$ crane digest --platform linux/amd64 {REPO}:1.0\n{digest}\n");
    let pull = |index: &[u8]| crate::subject::pull(&format!("{REPO}:1.0"), &digest(index));
    let case = || case("one platform").file(bundle(&own.index)).image(&format!("{REPO}:1.0"));
    let child = crane(&digest(&own.manifests[0]));
    case().paste(pull(&own.index)).paste(&child).proven("signed-as");
    case().paste(pull(&own.index)).file(&own.index).paste(&child).proven("signed-as");
    // Alone it is asked for by itself, and its index is needed.
    case().paste(&child).not_checked("signed-index-needed");
    case().paste(&child).file(&own.index).file(&own.manifests[0]).proven("signed-through-index");
    // Another image's, where the index is at hand: never proven.
    let evil = image("evil", "2");
    let report = case().paste(crane(&digest(&evil.manifests[0]))).file(&own.index).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
    let report = case().paste(pull(&evil.index)).paste(&child).file(&own.index).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// `docker manifest inspect -v` prints the manifests of a list without the list.
#[test]
fn the_manifests_of_one_print_are_of_one_image() {
    let verbose = |of: &crate::common::image::Image| {
        let entry = |manifest: &Vec<u8>, architecture: &str| {
            serde_json::json!({"Ref": format!("{REPO}:1.0@{}", digest(manifest)),
                "Descriptor": {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(manifest),
                    "size": manifest.len(), "platform": {"architecture": architecture, "os": "linux"}},
                "Raw": webdis_verify::base::encoding::base64::encode(manifest)})
        };
        serde_json::json!([entry(&of.manifests[0], "amd64"), entry(&of.manifests[1], "arm64")]).to_string()
    };
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let case = |of| case("-v").image(&format!("{REPO}:1.0")).file(bundle(&own.index)).paste(verbose(of));
    case(&own).not_checked("tag-unresolved");
    case(&own).file(&own.index).proven("signed");
    let report = case(&evil).file(&own.index).run();
    assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
}

/// Beside the publisher's procedure it is no other digest than the documented one.
#[test]
fn a_digest_of_one_platform_is_not_held_against_the_documented_one() {
    let image = format!("example/app:{}", stories::MULTI);
    let documented = format!("sha256:{}", stories::signed());
    let crane = |platform: &str, digest: &str| format!("$ crane digest{platform} {image}\n{digest}\n");
    let child = crane(" --platform linux/amd64", &stories::digest_of("hub", "amd64"));
    let texts: Vec<String> = stories::multi(0).iter().take(2).map(stories::shown).collect();
    for asked in [None, Some(&*image)] {
        let ask = |pastes: &[String]| stories::ask(pastes, asked, &[(stories::MULTI, &documented)]);
        let report = ask(&[texts.clone(), vec![child.clone()]].concat());
        assert_eq!(report.outcome, Outcome::Consistent, "{}", report.headline);
        assert_eq!(ask(core::slice::from_ref(&child)).outcome, Outcome::NotChecked);
        // Without the option it is the tag's own.
        let report = ask(&[crane("", &stories::digest_of("hub", "amd64"))]);
        assert_eq!(report.code, "published-differs", "{}", report.headline);
    }
}

/// A table, or a file of services, asks about none of its images: what else is pasted
/// does, or else the publisher's only one in it is meant.
#[test]
fn a_list_of_images_asks_about_none_of_them() {
    let [hub, other] = ["example/app:1.2.3", "example/app:1.2.2"];
    let table = |digest: &str| {
        format!(
            "$ docker images --digests\nREPOSITORY    TAG     DIGEST   IMAGE ID       CREATED       SIZE\nredis   7   {0}   7614ae9453d1   2 months ago   113MB\nexample/app   1.2.2   {0}   8614ae9453d1   2 months ago   12MB\nexample/app   1.2.3   {digest}   9614ae9453d1   2 weeks ago   12MB\n",
            stories::sha("something else")
        )
    };
    let texts: Vec<String> = stories::single(0).iter().take(2).map(stories::shown).collect();
    let asked = |table: String| stories::ask(&[texts.clone(), vec![table]].concat(), None, &[]);
    let report = asked(table(&stories::sha("manifest")));
    assert_eq!(report.outcome, Outcome::Consistent, "{}", report.headline);
    // The pull beside it says otherwise.
    assert_eq!(asked(table(&stories::sha("another"))).code, "subject-conflict");
    // The publisher's only one, without anything that asks.
    let alone = table(&stories::sha("manifest"))
        .replace(&format!("example/app   1.2.2   {}", stories::sha("something else")), "other   1   <none>");
    for table in [
        alone.clone(),
        format!(
            "services:\n  app:\n    image: {hub}@{}\n  redis:\n    image: redis:7@{}\n",
            stories::sha("manifest"),
            stories::sha("redis")
        ),
    ] {
        let report = stories::ask(
            &[stories::shown(&stories::trust(0, stories::SINGLE, &stories::hex("manifest"))), table.clone()],
            None,
            &[],
        );
        assert_ne!(report.code, "several-releases", "{table}");
        let report = stories::ask(&[table], None, &[]);
        assert!(
            report.subject.reference.as_deref().is_some_and(|name| name.ends_with(hub)),
            "{:?}",
            report.subject
        );
    }
    // Two pulls ask about two, each called by its own name.
    let redis = stories::pull("redis:7", &stories::sha("redis"));
    let report = stories::ask(&[texts.concat(), stories::shown(&redis)], None, &[]);
    assert_eq!(report.code, "several-releases");
    assert!(report.headline.contains("library/redis:7, docker.io/example/app:1.2.3"), "{}", report.headline);
    let report =
        stories::ask(&[texts.concat(), stories::shown(&stories::pull(other, &stories::sha("x")))], None, &[]);
    assert_eq!(report.code, "several-releases");
}

/// What one output gives for one image is one image: `docker image inspect` of an image
/// that was pulled from two registries has the digests of both.
#[test]
fn one_image_has_the_digests_of_two_registries() {
    let inspect = |hub: &str, ecr: &str| {
        let print = serde_json::json!([{"Id": stories::sha("config"),
            "RepoTags": [format!("example/app:{}", stories::MULTI), format!("{ECR}:{}", stories::MULTI)],
            "RepoDigests": [format!("example/app@{hub}"), format!("{ECR}@{ecr}")],
            "Architecture": "amd64", "Os": "linux"}]);
        format!("$ docker image inspect example/app:{}\n{print:#}\n", stories::MULTI)
    };
    let signed = format!("sha256:{}", stories::signed());
    let texts: Vec<String> = stories::multi(0).iter().take(2).map(stories::shown).collect();
    for asked in
        [None, Some(format!("example/app:{}", stories::MULTI)), Some(format!("{ECR}:{}", stories::MULTI))]
    {
        let ask =
            |more: &[String]| stories::ask(&[texts.clone(), more.to_vec()].concat(), asked.as_deref(), &[]);
        let both = inspect(&signed, &stories::sha("list at the other registry"));
        let report = ask(core::slice::from_ref(&both));
        assert_eq!(report.outcome, Outcome::Consistent, "{asked:?}: {}", report.headline);
        assert!(report.links.iter().any(|link| link.code() == "procedure-together-holds"));
        // Another image's digests beside it, or a pull of another: never.
        let evil = inspect(&stories::sha("evil"), &stories::sha("list at the other registry"));
        assert_ne!(ask(&[evil]).outcome, Outcome::Consistent);
        let pull = stories::pull(&format!("{ECR}:{}", stories::MULTI), &stories::sha("evil"));
        assert_ne!(ask(&[both, stories::shown(&pull)]).outcome, Outcome::Consistent);
    }
}

/// A sum of an archive of the image is not held against what was signed.
#[test]
fn a_sum_of_an_archive_is_about_the_archive() {
    let hub = format!("example/app:{}", stories::MULTI);
    let sum = |command: &str, digest: &str| format!("$ {command} | sha256sum\n{digest}  -\n");
    let texts: Vec<String> = stories::multi(0).iter().take(2).map(stories::shown).collect();
    let ask = |text: String| stories::ask(&[texts.clone(), vec![text]].concat(), Some(&hub), &[]);
    let other = stories::hex("an archive");
    for command in ["docker save", "podman save", "crane export", "docker run --rm"] {
        let report = ask(sum(&format!("{command} {hub}"), &other));
        assert_eq!(report.outcome, Outcome::Consistent, "{command}: {}", report.headline);
    }
    assert_eq!(ask(sum(&format!("docker manifest inspect {hub}"), &other)).code, "procedure-sum-differs");
}

/// The list whose digest is documented is printed, and the other registry's config is
/// another: a proof of the one image does not answer for the other.
#[test]
fn a_registry_that_differs_is_told_beside_a_proof() {
    let hub = format!("example/app:{}", stories::MULTI);
    let documented = format!("sha256:{}", stories::signed());
    let config = stories::sha("config amd64");
    let honest: Vec<String> = [
        &stories::multi(0)[..3],
        &[
            stories::printed_list("hub", &hub),
            stories::grep_config("hub", "example/app", "amd64"),
            stories::grep_list("ecr", &format!("{ECR}:{}", stories::MULTI)),
            stories::grep_config("ecr", ECR, "amd64"),
        ],
    ]
    .concat()
    .iter()
    .map(stories::shown)
    .collect();
    let mut evil = honest.clone();
    evil[6] = evil[6].replace(&config, &stories::sha("another config"));
    let ask = |texts: &[String], asked: Option<&str>| {
        let report = stories::ask(texts, asked, &[(stories::MULTI, &documented)]);
        (report.outcome, report.code)
    };
    assert_eq!(ask(&honest, None), (Outcome::Proven, "published-as"));
    // The policy shown is the one that answered.
    let report = stories::ask(&honest, None, &[(stories::MULTI, &documented)]);
    let shown = |code: &str| report.criteria.iter().any(|criterion| criterion.code == code);
    assert!(shown("criterion-published") && !shown("criterion-key") && !shown("criterion-log"));
    for asked in [None, Some(format!("{ECR}:{}", stories::MULTI))] {
        assert_eq!(ask(&evil, asked.as_deref()), (Outcome::Contradicted, "procedure-config-differs"));
    }
    // Who asks for the signed image is answered about it; the other stands beside.
    assert_eq!(ask(&evil, Some(&hub)), (Outcome::Proven, "published-as"));
}

/// podman lists an image under the digest of its list, or of its platform's manifest:
/// beside a registry's word of the list that is no alarm, and of another image no proof.
#[test]
fn what_podman_lists_may_be_one_platform() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let crane = format!("$ crane digest {REPO}:1.0\n{}\n", digest(&own.index));
    let header = "REPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n";
    let table = |digest: &str| {
        [
            format!(
                "$ podman images --digests\n{header}{REPO}   1.0   {digest}   7614ae9453d1   2 weeks ago   12.2 MB\n"
            ),
            format!(
                "$ podman images --digests | grep app\n{REPO}   1.0   {digest}   7614ae9453d1   2 weeks ago   12.2 MB\n"
            ),
            format!("$ podman image inspect {REPO}:1.0 --format '{{{{.Digest}}}}'\n{digest}\n"),
        ]
    };
    let case = || case("podman").image(&format!("{REPO}:1.0")).file(bundle(&own.index)).paste(&crane);
    for n in 0..3 {
        case().paste(&table(&digest(&own.index))[n]).proven("signed-as");
        case().paste(&table(&digest(&own.manifests[0]))[n]).not_checked("held-not-connected");
        case().paste(&table(&digest(&own.manifests[0]))[n]).file(&own.index).proven("signed-as");
        for other in [&evil.index, &evil.manifests[0]] {
            let report = case().paste(&table(&digest(other))[n]).run();
            assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
            let report = case().paste(&table(&digest(other))[n]).file(&own.index).run();
            assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
        }
    }
}

/// A row that lost its tag (`<none>`) is the image that had it before.
#[test]
fn a_row_that_lost_its_tag_is_no_alarm() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let row = |tag: &str, of: &crate::common::image::Image| {
        format!(
            "{REPO}   {tag}   {}   {}   2 weeks ago   12MB\n",
            digest(&of.index),
            &digest(&of.configs[0])[7..19]
        )
    };
    let table = |rows: &[String]| {
        format!(
            "$ docker images --digests\nREPOSITORY   TAG   DIGEST   IMAGE ID   CREATED   SIZE\n{}",
            rows.concat()
        )
    };
    let crane = format!("$ crane digest {REPO}:1.0\n{}\n", digest(&own.index));
    for asked in [false, true] {
        let case = |text: String| {
            let case = signed("a table").paste(text).paste(&crane);
            if asked { case.image(&format!("{REPO}:1.0")) } else { case }
        };
        case(table(&[row("1.0", &own), row("<none>", &evil)])).proven("signed-as");
        case(table(&[row("<none>", &evil)])).not_checked("held-not-connected");
        // The row that has the tag counts.
        let report = case(table(&[row("<none>", &own), row("1.0", &evil)])).run();
        assert_eq!(report.outcome, Outcome::Contradicted, "{}", links(&report));
        // The last lines of another pull name nothing.
        let case = case(format!("Digest: {}\n", digest(&evil.index)));
        assert_eq!(case.run().outcome, Outcome::NotChecked);
    }
}

/// One computer shows two IDs for one tag: the one that is signed does not excuse the
/// other.
#[test]
fn of_two_ids_of_one_tag_each_counts() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let ask =
        |id: &[u8]| format!("$ docker image inspect --format '{{{{.Id}}}}' {REPO}:1.0\n{}\n", digest(id));
    let pin = |of: &[u8]| format!("services:\n  app:\n    image: {REPO}:1.0@{}\n", digest(of));
    let case = |text: String| {
        signed("two IDs").file(&own.configs[0]).file(&own.configs[1]).paste(ask(&own.configs[0])).paste(text)
    };
    case(String::new()).proven("signed-through-index");
    case(ask(&own.configs[1])).proven("signed-through-index");
    case(pin(&own.index)).proven("signed-through-index");
    case(ask(&evil.configs[0])).not_checked("held-not-connected");
    case(pin(&evil.index)).not_checked("held-not-connected");
    // The same in two tables, with the first digits.
    let table = |id: &[u8]| {
        format!(
            "$ docker images\nREPOSITORY   TAG   IMAGE ID   CREATED   SIZE\n{REPO}   1.0   {}   2 weeks ago   12MB\n",
            &digest(id)[7..19]
        )
    };
    let two = |id: &[u8]| signed("two tables").paste(table(&own.configs[0])).paste(table(id));
    two(&own.configs[1]).proven("signed");
    two(&evil.configs[0]).not_checked("digest-cut");
}
