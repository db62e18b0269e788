//! What programs print around an image's name, as an attacker found it passed over or taken
//! for something else: of the signed image it is proven, of another it never is.

use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case};
use crate::common::image::{Image, bundle, digest, image, simple};
use crate::common::tar::{gzip, tar, zip};

const APP: &str = "registry.example/team/app:1.0";
const NAME: &str = "registry.example/team/app";

/// The digits of what a print shows: the index, a manifest, its config and its layer.
struct Digits([String; 4]);

impl Digits {
    fn of(image: &Image) -> Self {
        let manifest: serde_json::Value = serde_json::from_slice(&image.manifests[0]).unwrap();
        let layer = manifest["layers"][0]["digest"].as_str().unwrap_or_default().to_owned();
        let [index, manifest, config] =
            [&image.index, &image.manifests[0], &image.configs[0]].map(|b| digest(b));
        Self([index, manifest, config, layer].map(|digest| digest.replace("sha256:", "")))
    }

    /// A text with `INDEX`, `MANIFEST`, `CONFIG`, `CUT`, `SHORT` and `LAYER` as digits.
    fn fill(&self, text: &str) -> String {
        let [index, manifest, config, layer] = &self.0;
        let text = text.replace("INDEX", index).replace("MANIFEST", manifest).replace("LAYER", layer);
        text.replace("CONFIG", config)
            .replace("CUT", &config[..10])
            .replace("SHORT", &config[..12])
            .replace("APP", APP)
            .replace("NAME", NAME)
    }
}

const PRINTS: &[(&str, &str)] = &[
    (
        "members beside a log's message",
        "{\"level\":\"info\",\"ts\":1,\"msg\":\"pulled\",\"image\":\"APP\",\"digest\":\"sha256:INDEX\"}\n{\"level\":\"info\",\"ts\":2,\"msg\":\"started\"}\n",
    ),
    (
        "a name in four members",
        "{\"registry\":\"registry.example\",\"repository\":\"team/app\",\"tag\":\"1.0\",\"digest\":\"sha256:INDEX\"}\n",
    ),
    (
        "a registry's notification",
        "{\"events\":[{\"action\":\"push\",\"target\":{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"sha256:INDEX\",\"size\":500,\"repository\":\"team/app\",\"tag\":\"1.0\"},\"request\":{\"host\":\"registry.example\"}}]}\n",
    ),
    (
        "a descriptor beside the name",
        "{\"Config\":{\"Image\":\"APP\"},\"ImageManifestDescriptor\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:MANIFEST\",\"size\":400}}\n",
    ),
    ("an ID before the name", "$ podman ps --no-trunc --format \"{{.ImageID}} {{.Image}}\"\nCONFIG APP\n"),
    (
        "an ID before the names",
        "$ podman image inspect --format \"{{.Id}}  {{.RepoTags}}\" APP\nCONFIG  [APP]\n",
    ),
    (
        "a pull cut before its ID",
        "$ podman pull APP\nTrying to pull APP...\nCopying blob 59bf1c3509f3 done   | \nCopying config CUT done   | \nWriting manifest to image destination\n",
    ),
    (
        "a container that was started",
        "$ podman run -d APP\nTrying to pull APP...\nCopying config CUT done   | \nWriting manifest to image destination\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
    ),
    (
        "a pull without a terminal",
        "$ podman pull APP\nTrying to pull APP...\nCopying blob sha256:LAYER\nCopying config sha256:CONFIG\nWriting manifest to image destination\n",
    ),
    ("a block in a string", "{\"data\":{\"values.yaml\":\"image: APP\\ndigest: INDEX\\n\"}}\n"),
    ("a table of docker scout", " Target  \u{2502} APP\n  digest \u{2502} sha256:INDEX\n"),
    (
        "what a build pulls",
        "#5 [1/2] FROM APP@sha256:INDEX\n#5 sha256:LAYER 1.2MB / 1.2MB 0.5s done\n#5 extracting sha256:LAYER done\n#5 DONE 1.0s\n",
    ),
    (
        "what a build begins with",
        "$ docker build .\nStep 1/2 : FROM APP\n ---> SHORT\nStep 2/2 : RUN true\n ---> Running in 0a1b2c3d4e5f\n",
    ),
    ("what a build made", "Successfully built SHORT\nSuccessfully tagged APP\n"),
    ("an ID below the name", "Image: APP\nImage ID: SHORT\n"),
    ("an ID behind its word", "image APP id=SHORT\n"),
    (
        "a log with its time",
        "time=\"2026-05-04T17:11:12Z\" level=info msg=\"Found new APP image (SHORT)\"\ntime=\"2026-05-04T17:11:13Z\" level=info msg=\"Stopping /web (abcdefabcde1)\"\n",
    ),
    ("a log with all digits", "WARN[0001] pulled APP INDEX\n"),
    (
        "the platforms by jq",
        "$ docker buildx imagetools inspect --raw APP | jq -r '.manifests[].digest'\nsha256:MANIFEST\n",
    ),
    (
        "a network beside a digest",
        "$ crane digest APP\nsha256:INDEX\n$ docker network create n\n1111111111111111111111111111111111111111111111111111111111111111\n",
    ),
];

fn signed(name: &str) -> Case {
    let a = image("a", "1");
    let documents = [&a.index, &a.manifests[0], &a.manifests[1], &a.configs[0], &a.configs[1]];
    documents.into_iter().fold(case(name).image(APP), |case, bytes| case.file(bytes)).file(bundle(&a.index))
}

#[test]
fn what_is_printed_around_a_name_is_held_against_the_proof() {
    let (good, evil) = (Digits::of(&image("a", "1")), Digits::of(&image("b", "2")));
    for (how, print) in PRINTS {
        let given = |digits: &Digits| signed(how).paste(digits.fill(print)).run();
        assert_eq!(given(&good).outcome, Outcome::Proven, "{how}: {}", given(&good).headline);
        assert_ne!(given(&evil).outcome, Outcome::Proven, "{how}");
        // Twice is once.
        let twice = signed(how).paste(digits_twice(&evil, print)).run();
        assert_ne!(twice.outcome, Outcome::Proven, "{how}, twice");
    }
}

fn digits_twice(digits: &Digits, print: &str) -> String {
    digits.fill(print).repeat(2)
}

/// A build's log names what it pushes, whatever stands above it.
#[test]
fn a_build_s_log_is_of_the_image_that_it_pushes() {
    let (good, evil) = (Digits::of(&image("a", "1")), Digits::of(&image("b", "2")));
    let log = "#9 exporting manifest sha256:MANIFEST done\n#9 exporting config sha256:CONFIG done\n#9 exporting manifest list sha256:INDEX done\n#9 pushing manifest for APP@sha256:INDEX 0.5s done\n";
    for above in
        ["", "$ docker run -d redis:7\n1111111111111111111111111111111111111111111111111111111111111111\n"]
    {
        let given = |digits: &Digits| signed(above).paste(format!("{above}{}", digits.fill(log))).run();
        assert_eq!(given(&good).outcome, Outcome::Proven);
        assert_ne!(given(&evil).outcome, Outcome::Proven);
    }
}

/// First digits below another image's name are that one's.
#[test]
fn an_id_below_another_name_takes_no_proof_away() {
    let evil = Digits::of(&image("b", "2"));
    for print in [
        "Step 1/2 : FROM redis/redis:7\n ---> SHORT\nStep 2/2 : RUN APP\n",
        "Successfully built SHORT\nSuccessfully tagged team/other:1\n",
        "image redis/redis:7 id=SHORT\n",
        "INFO[0000] container of APP has the volume 0a1b2c3d4e5f\n",
    ] {
        let report = signed(print).paste(evil.fill(print)).run();
        assert_eq!(report.outcome, Outcome::Proven, "{print}: {}", report.headline);
    }
}

/// Where nobody names the image, the signature's own name says whose it is.
#[test]
fn a_text_about_the_signed_name_is_held_against_the_proof() {
    let (a, b) = (image("a", "1"), image("b", "2"));
    let (good, evil) = (Digits::of(&a), Digits::of(&b));
    let (payload, annotations) = simple(&a.index);
    let name = "example.invalid/image";
    assert!(String::from_utf8_lossy(&payload).contains(name));
    for print in [
        "NAME:1.0 INDEX\n",
        "IMAGE=NAME:1.0\nDIGEST=INDEX\n",
        "[{\"Id\":\"0123\",\"Image\":\"sha256:INDEX\",\"Config\":{\"Image\":\"NAME:1.0\"}}]\n",
        "Repository : NAME\nTag        : 1.0\nID         : INDEX\n",
    ] {
        let print = print.replace("NAME", name);
        let given = |digits: &Digits| {
            case("no name").file(&payload).file(&annotations).paste(digits.fill(&print)).run()
        };
        assert_eq!(given(&good).outcome, Outcome::Proven, "{print}: {}", given(&good).headline);
        assert_eq!(
            (given(&evil).outcome, given(&evil).code),
            (Outcome::NotChecked, "form-unread"),
            "{print}"
        );
        // Another image's name is none of this one's.
        let other = case("another")
            .file(&payload)
            .file(&annotations)
            .paste(evil.fill(&print.replace(name, "example.invalid/other")));
        assert_eq!(other.run().outcome, Outcome::Proven, "{print}");
    }
}

/// A second name beside what leaves the answer open does not close it.
#[test]
fn another_image_s_name_heals_nothing() {
    let (good, evil) = (image("a", "1"), Digits::of(&image("b", "2")));
    let parts = evil.fill("$ docker manifest inspect APP | grep digest\n   \"digest\": \"sha256:MANIFEST\",\n   \"digest\": \"sha256:CONFIG\",\n");
    let open = case("parts").file(bundle(&good.index)).paste(&parts);
    open.not_checked("tag-unresolved");
    open.paste("FROM redis:7\n").not_checked("tag-unresolved");
    case("no text").file(bundle(&good.index)).proven("signed");
}

/// A log in an archive (a workflow's, say) is a log.
#[test]
fn what_is_printed_in_an_archive_is_held_against_the_proof() {
    let (good, evil) = (Digits::of(&image("a", "1")), Digits::of(&image("b", "2")));
    let pull = "$ docker pull APP\n1.0: Pulling from team/app\nDigest: sha256:INDEX\nStatus: Downloaded newer image for APP\n";
    let packed = |member: &str, text: &[u8]| {
        let tar = tar(&[(member, text)]);
        [zip(&[(member, text)]), gzip(&tar), tar]
    };
    for (at, archive) in packed("build/1_pull.txt", good.fill(pull).as_bytes()).iter().enumerate() {
        let report = signed("a log in an archive").file(archive).run();
        assert_eq!(report.outcome, Outcome::Proven, "{at}: {}", report.headline);
    }
    let all = [pull.to_owned(), pull.replace("APP", "redis:7")];
    let [same, other] = all.map(|text| packed("build/1_pull.txt", evil.fill(&text).as_bytes()));
    for (evil, other) in same.iter().zip(&other) {
        assert_ne!(signed("an evil log").file(evil).run().outcome, Outcome::Proven);
        signed("another image's").file(other).proven("signed");
    }
    // One too long to be read may say anything.
    let long = [evil.fill(pull), "waiting ...\n".repeat(400_000)].concat();
    for archive in packed("log.txt", long.as_bytes()) {
        signed("a long log").file(archive).not_checked("limit-exceeded");
    }
    // What stands in an image's files, its user did not print.
    let files = [("etc/os-release", "ID=x\n".to_owned()), ("usr/share/log.txt", evil.fill(pull))];
    signed("a root file system").file(tar(&files)).proven("signed");
    let saved = [("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"), ("VERSION", "1.0\n")];
    signed("an image's marks").file(tar(&saved)).proven("signed");
}
