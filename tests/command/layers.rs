//! `verify --layers`, and `verify REF FILE`: what is held against what a
//! registry has.

use std::fs;

use serde_json::Value;
use webdis_verify::Digest;

use crate::common::release::{Release, release};
use crate::common::tar::{gzip, tar};
use crate::compare::{Routes, folder, put_signed, serve, verify};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const BLOB: &str = "application/octet-stream";

fn layer_path(layer: &[u8]) -> String {
    format!("/v2/o/n/blobs/{}", Digest::of(&gzip(layer)))
}

/// A registry with a signed release, layers and all.
pub(crate) fn routes(release: &Release) -> Routes {
    let mut routes = Routes::new();
    let mut put = |path: String, kind, bytes: &[u8]| {
        drop(routes.insert(format!("/v2/o/n/{path}"), (kind, bytes.to_vec())))
    };
    put("manifests/1".to_owned(), INDEX, &release.index);
    put(format!("manifests/{}", Digest::of(&release.index)), INDEX, &release.index);
    for manifest in [&release.manifest, &release.other] {
        put(format!("manifests/{}", Digest::of(manifest)), MANIFEST, manifest);
    }
    put(format!("blobs/{}", Digest::of(&release.config)), BLOB, &release.config);
    for layer in &release.layers {
        put(format!("blobs/{}", Digest::of(&gzip(layer))), BLOB, &gzip(layer));
    }
    put_signed(&mut routes, &release.index, true);
    routes
}

fn codes(report: &Value, start: &str) -> Vec<String> {
    let links = report["links"].as_array().unwrap().iter().map(|link| link["code"].as_str().unwrap());
    links.filter(|code| code.starts_with(start)).map(str::to_owned).collect()
}

#[test]
fn layers_are_fetched_and_held_to_their_digests() {
    let folder = folder("layers");
    let release = release("own");
    let of = |routes: Routes| {
        let asked = format!("{}/o/n:1", serve(routes));
        let (status, report, said) = verify(&folder, &["--key", "test.pub", "--layers=linux/amd64", &asked]);
        let code = report["code"].as_str().unwrap_or_default().to_owned();
        (status, code, codes(&report, "layer-"), said)
    };
    let (status, _, lines, said) = of(routes(&release));
    assert_eq!((status, lines), (Some(0), vec!["layer-verified".to_owned(); 2]), "{said}");
    // Other bytes under a layer's digest.
    let mut evil = routes(&release);
    let path = layer_path(&release.layers[0]);
    let mut changed = gzip(&release.layers[0]);
    *changed.last_mut().unwrap() ^= 1;
    evil.insert(path.clone(), (BLOB, changed));
    let (status, code, ..) = of(evil);
    assert_eq!((status, code.as_str()), (Some(1), "archive-blob-differs"));
    // A layer that is cut off, and one that is not there, are no alarm.
    let mut cut = routes(&release);
    cut.insert(path.clone(), (BLOB, gzip(&release.layers[0])[..20].to_vec()));
    let mut gone = routes(&release);
    gone.remove(&path);
    for routes in [cut, gone] {
        let (status, _, lines, said) = of(routes);
        assert_eq!(
            (status, lines),
            (Some(0), vec!["layer-absent".to_owned(), "layer-verified".to_owned()]),
            "{said}"
        );
        assert!(said.contains("blob sha256:"), "{said}");
    }
}

#[test]
fn what_is_held_is_compared_with_what_the_registry_has() {
    let folder = folder("held");
    let release = release("own");
    let asked = format!("{}/o/n:1", serve(routes(&release)));
    // Under the asked name, and as `docker tag` may call it.
    for name in [asked.as_str(), "localhost/mine:2"] {
        let own = Release { name: name.to_owned(), ..crate::common::release::release("own") };
        let evil = Release { name: name.to_owned(), ..crate::common::release::release("evil") };
        for ((form, members), (_, other)) in own.forms().into_iter().zip(evil.forms()) {
            fs::write(folder.join("own.tar"), tar(&members)).unwrap();
            fs::write(folder.join("evil.tar"), tar(&other)).unwrap();
            let of = |file: &str| verify(&folder, &["--key", "test.pub", &asked, file]);
            let (status, report, said) = of("own.tar");
            assert_eq!(status, Some(0), "{form}: {said} {}", report["headline"]);
            assert!(!codes(&report, "held-matches").is_empty(), "{form}: {report}");
            assert_eq!(codes(&report, "layer-").len(), 2, "{form}");
            let (status, report, _) = of("evil.tar");
            // Called otherwise it may be another release, which is no lie.
            let expected = if name == asked { 1 } else { 4 };
            assert_eq!(status, Some(expected), "{form}: {}", report["headline"]);
        }
    }
}
