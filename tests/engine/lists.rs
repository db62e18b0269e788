//! Outputs that list the publisher's image among others, where the user names none: that one is
//! meant, and of another digest under its name nothing is proven.

use serde_json::json;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::session::check::Publisher;

use crate::case::{Case, case, links};
use crate::common::image::{Image, bundle, digest, image};
use crate::common::stand_in;
use crate::heard::{REPO, fill, signed};

/// The signed image of a publisher with a repository.
fn published(name: &str) -> Case {
    let profile = json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "example", "publisher": "Example",
        "repositories": [REPO], "log": "required",
        "keys": [{"name": "example", "pem": stand_in::key().pem(), "fingerprint": stand_in::key().fingerprint().hex()}]
    });
    let own = image("own", "1");
    let case = case(name).options(|o| o.publisher = Publisher::Profile(profile.to_string().into_bytes()));
    case.file(bundle(&own.index)).file(&own.index).file(&own.manifests[0]).file(&own.manifests[1])
}

/// Beside a stranger's image, of which every output below shows a digest.
const OUTPUTS: [(&str, &str); 4] = [
    (
        "rows, and a pull by digest",
        "$ docker images --digests\nREPOSITORY  TAG  DIGEST  IMAGE ID  CREATED  SIZE\n@R@  1.0  sha256:@I@  @C12@  2 days ago  12MB\nredis  7  sha256:@X@  1f2e3d4c5b6a  3 weeks ago  117MB\n$ docker pull @R@@sha256:@I@\n@R@@sha256:@I@: Pulling from team/app\nDigest: sha256:@I@\nStatus: Image is up to date for @R@@sha256:@I@\n@R@@sha256:@I@\n",
    ),
    (
        "the images of pods",
        "$ kubectl get pods -o jsonpath='{range .items[*].status.containerStatuses[*]}{.imageID}{\"\\n\"}{end}'\n@R@@sha256:@I@\ndocker.io/library/redis@sha256:@X@\n",
    ),
    (
        "a pod as YAML",
        "$ kubectl get pod app -o yaml\nstatus:\n  containerStatuses:\n  - image: @R@:1.0\n    imageID: @R@@sha256:@I@\n    name: app\n  - image: docker.io/library/redis:7\n    imageID: docker.io/library/redis@sha256:@X@\n    name: redis\n",
    ),
    ("a file of an image below an output", "$ crane digest @R@:1.0\nsha256:@I@\nFROM redis:7@sha256:@X@\n"),
];

#[test]
fn the_publisher_s_image_of_a_list_is_meant() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let other = digest(b"redis");
    let text = |template: &str, of: &Image| fill(&template.replace("@X@", &other[7..]), of);
    for (name, template) in OUTPUTS {
        let report = published(name).paste(text(template, &own)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
        let report = published(name).paste(text(template, &evil)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
        // Beside another output, too.
        let tags = fill("$ crane ls @R@\n1.0\nlatest\n\n", &own);
        let report = published(name).paste(format!("{tags}{}", text(template, &own))).run();
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
    }
}

/// Without a tag a command asks for `latest`.
#[test]
fn what_a_command_without_a_tag_prints_is_of_latest() {
    let (own, evil) = (image("own", "1"), image("evil", "2"));
    let given = |of: &Image| {
        let config: serde_json::Value = serde_json::from_slice(&of.configs[0]).unwrap();
        let layers = json!({"Type": "layers", "Layers": config["rootfs"]["diff_ids"]});
        let text = format!("$ docker image inspect --format '{{{{json .RootFS}}}}' {REPO}\n{layers}\n");
        let asked = signed("the layers of latest").image(REPO);
        own.configs.iter().fold(asked, |case, config| case.file(config)).paste(text).run()
    };
    let report = given(&own);
    assert_eq!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
    let report = given(&evil);
    assert_ne!(report.outcome, Outcome::Proven, "{}\n{}", report.headline, links(&report));
}
