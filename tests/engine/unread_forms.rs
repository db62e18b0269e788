//! JSON of no known format that names the image: where none of its digests is of the image
//! that was proven, what is held is not known; where one is, it changes nothing.

use serde_json::{Value, json};
use webdis_verify::base::outcome::Outcome;

use crate::case::{Case, case, links};
use crate::common::image::{Image, bundle, digest, image};

const APP: &str = "registry.example/team/app:1.0";

fn signed(name: &str) -> Case {
    let a = image("a", "1");
    case(name).file(&a.index).file(&a.manifests[0]).file(bundle(&a.index)).image(APP)
}

/// Forms that no reader knows, of the image with a digest (its digits alone).
const FORMS: &[(&str, fn(&str) -> Value)] = &[
    ("SPDX", |hex| {
        json!({"spdxVersion": "SPDX-2.3", "name": APP, "packages": [{"name": "registry.example/team/app",
            "checksums": [{"algorithm": "SHA256", "checksumValue": hex}]}]})
    }),
    ("CycloneDX", |hex| {
        json!({"bomFormat": "CycloneDX", "metadata": {"component": {"type": "container",
            "name": "registry.example/team/app", "hashes": [{"alg": "SHA-256", "content": hex}]}}})
    }),
    (
        "a package URL",
        |hex| json!({"purl": format!("pkg:oci/app@sha256%3A{hex}?repository_url=registry.example%2Fteam%2Fapp&tag=1.0")}),
    ),
    (
        "a container's two members",
        |hex| json!({"Name": "/web", "Image": format!("sha256:{hex}"), "Config": {"Image": APP}}),
    ),
    (
        "the list of an archive",
        |hex| json!([{"Config": format!("blobs/sha256/{hex}"), "RepoTags": [APP], "Layers": []}]),
    ),
    ("escaped slashes", |hex| json!({"what": APP, "sum": hex.to_ascii_uppercase()})),
];

fn text(how: &str, value: &Value) -> String {
    let text = value.to_string();
    if how.contains("slashes") { text.replace('/', "\\/") } else { text }
}

fn hex(digest: &str) -> &str {
    digest.trim_start_matches("sha256:")
}

fn of(image: &Image) -> [String; 2] {
    [digest(&image.index), digest(&image.manifests[0])]
}

#[test]
fn a_form_that_is_not_read_leaves_open_what_is_held() {
    let (good, other) = (of(&image("a", "1")), of(&image("b", "2")));
    for (how, form) in FORMS {
        for digest in &other {
            let given = text(how, &form(hex(digest)));
            for case in [signed(how).file(&given), signed(how).paste(format!("$ get it\n{given}\n"))] {
                let report = case.run();
                assert_eq!(report.outcome, Outcome::NotChecked, "{how}: {given}\n{}", links(&report));
                assert_eq!(report.code, "form-unread", "{how}: {given}\n{}", links(&report));
            }
        }
        for digest in &good {
            let given = text(how, &form(hex(digest)));
            for case in [signed(how).file(&given), signed(how).paste(format!("$ get it\n{given}\n"))] {
                let report = case.run();
                assert_eq!(report.outcome, Outcome::Proven, "{how}: {given}\n{}", links(&report));
            }
        }
    }
}

/// One digest of the image is enough; a bill of materials lists many others.
#[test]
fn one_digest_of_the_image_among_many_is_enough() {
    let a = image("a", "1");
    let packages = (0..400).map(
        |n| json!({"name": n.to_string(), "checksumValue": hex(&digest(format!("package {n}").as_bytes()))}),
    );
    let mut all: Vec<Value> = packages.collect();
    // Nothing is kept of one so long, and it is read all the same.
    let listed =
        |all: &[Value]| json!({"of": APP, "packages": all, "about": "x".repeat(3 << 20)}).to_string();
    signed("foreign ones alone").file(listed(&all)).not_checked("form-unread");
    // A layer is in many images: also in one that was made from this one.
    let manifest: Value = serde_json::from_slice(&a.manifests[0]).unwrap();
    all.push(manifest["layers"][0]["digest"].clone());
    signed("and a layer").file(listed(&all)).not_checked("form-unread");
    let layers = json!({"RepoTags": [APP], "Layers": [manifest["layers"][0]["digest"]]});
    signed("a layer alone").file(layers.to_string()).proven("signed");
    let small = |all: &[Value]| json!({"of": APP, "packages": all}).to_string();
    all.push(json!({"imageID": digest(&a.manifests[0])}));
    signed("and the image").file(small(&all)).proven("signed");
}

/// Another image's, another tag's, and what names no digest: not of this image.
#[test]
fn a_form_of_another_image_says_nothing() {
    let other = digest(b"another");
    for name in
        ["registry.example/team/app:1.1", "registry.example/team/app-debug:1.0", "my-team/apps:1.0", "redis"]
    {
        let form = json!({"what": name, "sum": hex(&other)});
        signed(name).file(form.to_string()).proven("signed");
    }
    let listed = json!([{"name": APP}, {"name": "redis:7", "digest": other}]);
    signed("said of another").file(listed.to_string()).proven("signed");
    signed("no digest").file(json!({"what": APP, "size": 12}).to_string()).proven("signed");
    signed("a commit").file(json!({"what": APP, "commit": &hex(&other)[..40]}).to_string()).proven("signed");
    // Nobody asked about a name: the document given is.
    let a = image("a", "1");
    let form = json!({"what": APP, "sum": hex(&other)}).to_string();
    case("no name").file(&a.index).file(bundle(&a.index)).file(form).proven("signed");
}

/// Lines with the digits of a digest alone, of the image with a name and a tag.
const LINES: &[&str] = &[
    "image:\n  repository: @R@\n  tag: \"1.0\"\n  digest: @X@\n",
    "@R@:1.0 @X@\n",
    "| @R@ | 1.0 | `@X@` |\n",
    "@R@,1.0,@X@\n",
    "I run @R@:1.0 (digest @X@).\n",
    "<image><name>@R@:1.0</name>\n<digest>@X@</digest></image>\n",
    "app_image = \"@R@:1.0\"\napp_digest = \"@X@\"\n",
    "IMAGE=@R@:1.0\nDIGEST=@X@\n",
    "image:\n  digest: @X@\n  pullPolicy: Always\n  repository: @R@\n  tag: \"1.0\"\n",
    "@R@:1.0 has image id @X@\n",
];

#[test]
fn lines_in_no_known_form_leave_open_what_is_held() {
    let (good, other) = (of(&image("a", "1")), of(&image("b", "2")));
    let fill = |line: &str, digest: &str| {
        line.replace("@R@", "registry.example/team/app").replace("@X@", hex(digest))
    };
    let pull = format!(
        "$ docker pull {APP}\n1.0: Pulling from team/app\nDigest: {}\nStatus: Downloaded newer image for {APP}\n",
        good[0]
    );
    for line in LINES {
        for digest in &other {
            signed(line).file(fill(line, digest)).not_checked("form-unread");
            // Prose takes nothing away from what a program says is held.
            signed(line).file(fill(line, digest)).paste(&pull).proven("signed-as");
        }
        for digest in &good {
            let report = signed(line).file(fill(line, digest)).run();
            assert_eq!(report.outcome, Outcome::Proven, "{line}\n{}", links(&report));
        }
        // Another tag, another image; a digest of another paragraph.
        let elsewhere = [":1.1", "-debug:1.0"].map(|name| fill(line, &other[0]).replace(":1.0", name));
        let apart = fill(line, "x") + &format!("\nSum: {} app.tar\n", hex(&other[0]));
        let named = elsewhere.into_iter().filter(|_| line.contains(":1.0"));
        named.chain([apart]).for_each(|text| drop(signed(line).file(text).proven("signed")));
    }
    // The ID of a container that was started.
    let id = "4f".repeat(32);
    signed("docker run").paste(format!("$ docker run -d {APP}\n{id}\n")).proven("signed");
    let event = json!({"Type": "container", "Action": "start", "id": id, "from": APP});
    signed("an event").file(event.to_string()).proven("signed");
    signed("an event's line")
        .file(format!("2026-11-26T10:00:00Z container start {id} (image={APP}, name=web)\n"))
        .proven("signed");
    let key =
        webdis_verify::model::key::PublicKey::parse(crate::common::stand_in::key().pem().as_bytes()).unwrap();
    let fingerprint = key.fingerprint().hex();
    signed("the key").file(format!("{APP} is signed with the key {fingerprint}\n")).proven("signed");
    let file = hex(&other[0]);
    signed("a release's file").file(format!("{APP}\n{file}  app-1.0.tar.gz\n")).proven("signed");
    signed("a Dockerfile").file(format!("FROM {APP}\nENV TINI_SHA256={file}\n")).proven("signed");
    // A reader that heard the digest of something else takes no word of this away.
    let sums = format!("{file}  x.bin\nsee below\n\n{APP} is {file}, they say\n");
    signed("a sum in the same text").file(sums).not_checked("form-unread");
    signed("no prompt").file(format!("docker run -d {APP}\n{id}\n")).proven("signed");
}

/// A digest of the image beside another one, in a line or a short document: the proof stands,
/// and the other one is told. A list of many is no such change.
#[test]
fn a_second_digest_beside_the_image_s_is_told() {
    let (good, other) = (of(&image("a", "1")), of(&image("b", "2")));
    let told = |text: String| {
        let report = signed("two digests").file(&text).run();
        assert_eq!(report.code, "signed", "{text}\n{}", links(&report));
        report.caveats.iter().filter(|caveat| caveat.code == "form-names-another").count()
    };
    for (second, count) in [(&other[0], 1), (&good[1], 0)] {
        assert_eq!(told(format!("{APP} was updated from {} to {}\n", hex(&good[0]), hex(second))), count);
        assert_eq!(told(json!({"name": APP, "from": good[0], "to": second}).to_string()), count);
    }
    let many: Vec<String> = (0..9).map(|n| digest(format!("package {n}").as_bytes())).collect();
    assert_eq!(told(json!({"name": APP, "digest": good[0], "packages": many}).to_string()), 0);
}

/// A name with escaped signs, or in parts, is the name; another image's parts are not.
#[test]
fn a_name_in_disguise_is_read() {
    let (good, other) = (of(&image("a", "1")), of(&image("b", "2")));
    let forms: [fn(&str, &str) -> String; 4] = [
        |app, hex| {
            format!("{{\"name\":\"registry.example\\u002fteam\\u002F{app}\\u003a1.0\",\"to\":\"{hex}\"}}")
        },
        |app, hex| format!("{{\"name\":\"registry.example/te\\u0061m/{app}:1.0\",\"to\":\"{hex}\"}}"),
        |app, hex| format!("{{\"namespace\":\"team\",\"name\":\"{app}\",\"tag\":\"1.0\",\"to\":\"{hex}\"}}"),
        |app, hex| {
            let (begin, end) = hex.split_at(30);
            format!("registry.example/team/{app}:1.0 is {begin}&shy;{end}\n")
        },
    ];
    for form in forms {
        signed("another's").file(form("app", hex(&other[0]))).not_checked("form-unread");
        signed("the image's").file(form("app", hex(&good[0]))).proven("signed");
        signed("of another").file(form("apps", hex(&other[0]))).proven("signed");
    }
}
