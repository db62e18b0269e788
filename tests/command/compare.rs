//! `verify --compare` against two registries on loopback.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};
use webdis_verify::Digest;

use crate::common::stand_in::{self, Base, Plan};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

pub(crate) type Routes = BTreeMap<String, (&'static str, Vec<u8>)>;

/// What a registry answers for `o/n:1`, with or without its signature.
fn routes(image: &crate::common::image::Image, signed: bool) -> Routes {
    let mut routes = Routes::new();
    let mut put = |path: String, kind, bytes: &[u8]| {
        routes.insert(format!("/v2/o/n/{path}"), (kind, bytes.to_vec()));
    };
    let index = Digest::of(&image.index);
    put("manifests/1".to_owned(), INDEX, &image.index);
    put(format!("manifests/{index}"), INDEX, &image.index);
    for (manifest, config) in image.manifests.iter().zip(&image.configs) {
        put(format!("manifests/{}", Digest::of(manifest)), MANIFEST, manifest);
        put(format!("blobs/{}", Digest::of(config)), "application/octet-stream", config);
    }
    put_signed(&mut routes, &image.index, signed);
    routes
}

/// The list of referrers of an index, with its signature or empty.
pub(crate) fn put_signed(routes: &mut Routes, signed_index: &[u8], signed: bool) {
    let index = Digest::of(signed_index);
    let mut put = |path: String, kind, bytes: &[u8]| {
        routes.insert(format!("/v2/o/n/{path}"), (kind, bytes.to_vec()));
    };
    let mut referrers = Vec::new();
    if signed {
        let bundle = crate::common::image::bundle(signed_index);
        let empty = json!({"mediaType": "application/vnd.oci.empty.v1+json", "digest": Digest::of(b"{}").to_string(), "size": 2});
        let layer =
            json!({"mediaType": BUNDLE, "digest": Digest::of(&bundle).to_string(), "size": bundle.len()});
        let subject = json!({"mediaType": INDEX, "digest": index.to_string(), "size": signed_index.len()});
        let referrer = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": BUNDLE,
            "config": empty, "layers": [layer], "subject": subject
        });
        let referrer = referrer.to_string().into_bytes();
        put(format!("blobs/{}", Digest::of(&bundle)), "application/octet-stream", &bundle);
        put(format!("manifests/{}", Digest::of(&referrer)), MANIFEST, &referrer);
        let digest = Digest::of(&referrer).to_string();
        referrers.push(
            json!({"mediaType": MANIFEST, "artifactType": BUNDLE, "digest": digest, "size": referrer.len()}),
        );
    }
    let list = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": referrers}).to_string();
    put(format!("referrers/{index}"), INDEX, list.as_bytes());
}

/// A registry for as long as the test runs; its `host:port`.
pub(crate) fn serve(routes: Routes) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    let routes = Arc::new(routes);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let routes = routes.clone();
            std::thread::spawn(move || drop(answer(stream, &routes)));
        }
    });
    authority
}

fn answer(mut stream: TcpStream, routes: &Routes) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let found = routes.get(target.split('?').next().unwrap_or_default());
    let (status, kind, body) = match found {
        Some((kind, body)) => (200, *kind, body.clone()),
        None => (404, "application/json", b"{}".to_vec()),
    };
    let digest = if status == 200 && target.contains("/manifests/") {
        format!("Docker-Content-Digest: {}\r\n", Digest::of(&body))
    } else {
        String::new()
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{digest}\r\n"
    )?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    Ok(())
}

/// A folder of its own with key and trusted root.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("test.pub"), stand_in::key().pem()).unwrap();
    fs::write(folder.join("root.json"), Plan::new(Base::DsseV1).trusted_root()).unwrap();
    folder
}

/// Exit code, report, stderr.
pub(crate) fn verify(folder: &Path, more: &[&str]) -> (Option<i32>, Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
    command.current_dir(folder).args(["verify", "--now", "2026-11-21T12:00:00Z", "--format", "json"]);
    let output = command.args(["--trusted-root", "root.json"]).args(more).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), said)
}

fn codes(report: &Value) -> Vec<String> {
    let ours = |link: &&Value| {
        let id = link["id"].as_str().unwrap();
        id.starts_with("registries-") || id.starts_with("elsewhere-")
    };
    let links = report["links"].as_array().unwrap().iter().filter(ours);
    let caveats = report["caveats"].as_array().unwrap().iter();
    let caveats = caveats.filter(|c| c["code"].as_str().unwrap().starts_with("tag-"));
    links.chain(caveats).map(|found| found["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn two_registries_are_compared() {
    let folder = folder("two");
    let image = crate::common::image::image("a", "1");
    let first = serve(routes(&image, true));
    let asked = format!("{first}/o/n:1");
    let key = ["--key", "test.pub"];
    let row = |name: &str, other: &str, exit: i32, expected: &[&str]| {
        let option = format!("--compare={other}");
        let (status, report, said) = verify(&folder, &[&key[..], &[&option, &asked]].concat());
        println!("{name:<32} exit {exit} {:<12} {:?}", report["outcome"], codes(&report));
        assert_eq!(status, Some(exit), "{name}: {said}");
        assert_eq!(codes(&report), expected, "{name}");
    };
    let (status, report, _) = verify(&folder, &[&key[..], &[&asked]].concat());
    assert_eq!((status, codes(&report)), (Some(0), vec!["tag-is-mutable".to_owned()]));

    let bare = serve(routes(&image, false));
    row(
        "agrees, without signature",
        &format!("{bare}/o/n"),
        0,
        &["signed-elsewhere", "registries-agree", "tag-agreed"],
    );
    let both = serve(routes(&image, true));
    row("agrees, with signature", &format!("{both}/o/n:1"), 0, &["registries-agree", "tag-agreed"]);
    let repacked = serve(routes(&crate::common::image::image("a", "2"), false));
    row(
        "the same configs, packed anew",
        &format!("{repacked}/o/n"),
        0,
        &["registries-repacked", "tag-is-mutable"],
    );
    let evil = serve(routes(&crate::common::image::image("evil", "1"), false));
    row("another image", &format!("{evil}/o/n"), 0, &["registries-differ", "tag-disputed"]);
    let empty = serve(Routes::new());
    row("nothing there", &format!("{empty}/o/n"), 0, &["registries-unknown", "tag-is-mutable"]);
    let port = first.rsplit(':').next().unwrap();
    let again = format!("localhost:{port}/o/n");
    let (_, report, _) = verify(&folder, &[&key[..], &[&format!("--compare={again}"), &asked]].concat());
    assert!(codes(&report).contains(&"registries-one".to_owned()), "{:?}", codes(&report));
    assert!(codes(&report).contains(&"tag-is-mutable".to_owned()));
    // Another tag cannot agree or differ: a mistake.
    let other = format!("--compare={bare}/o/n:2");
    let (status, _, said) = verify(&folder, &[&key[..], &[&other, &asked]].concat());
    assert_eq!(status, Some(2), "{said}");
    // Asked at the one without the signature.
    let asked = format!("{bare}/o/n:1");
    let (status, report, _) = verify(&folder, &[&key[..], &[&asked]].concat());
    assert_eq!((status, report["code"].as_str()), (Some(3), Some("no-signature-found")));
    let (status, report, _) =
        verify(&folder, &[&key[..], &[&format!("--compare={first}/o/n"), &asked]].concat());
    println!("asked at the unsigned one: {:?}", codes(&report));
    assert_eq!(status, Some(0), "{report}");
    assert_eq!(codes(&report), ["signed-elsewhere", "registries-agree", "tag-agreed"]);
}

#[test]
fn the_profile_knows_the_other_repository() {
    let folder = folder("profile");
    let image = crate::common::image::image("a", "1");
    let (first, second) = (serve(routes(&image, true)), serve(routes(&image, false)));
    let pem = stand_in::key().pem().to_string();
    let profile = json!({
        "schema": "https://webdis-verify.dev/profile/v1", "id": "two", "publisher": "Two",
        "repositories": [format!("{first}/o/n"), format!("{second}/o/n")],
        "keys": [{"name": "test.pub", "fingerprint": stand_in::key().fingerprint().hex(), "pem": pem}],
        "log": "required"
    });
    fs::write(folder.join("profile.json"), profile.to_string()).unwrap();
    let asked = format!("{first}/o/n:1");
    let (status, report, said) = verify(&folder, &["--publisher", "profile.json", "--compare", &asked]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(codes(&report), ["signed-elsewhere", "registries-agree", "tag-agreed"]);
    let (status, report, said) = verify(&folder, &["--key", "test.pub", "--compare", &asked]);
    assert_eq!((status, codes(&report)), (Some(0), vec!["tag-is-mutable".to_owned()]));
    assert!(said.contains("names no other repository"), "{said}");
}
