//! A registry in memory, with a two-platform image signed in both forms.
#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeMap;

use webdis_verify::base::digest::Digest;
use webdis_verify::session::registry::request::{Headers, Method, Request, Response};

pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
pub const PAYLOAD: &str = "application/vnd.dev.cosign.simplesigning.v1+json";

pub fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut kept = Headers::default();
    for (name, value) in headers {
        kept.keep(name, value);
    }
    Response { status, headers: kept, body: body.to_vec() }
}

/// A registry in memory: path to media type and bytes.
#[derive(Default)]
pub struct Registry {
    pub documents: BTreeMap<String, (String, Vec<u8>)>,
    pub referrers: bool,
}

impl Registry {
    pub fn put(&mut self, path: &str, kind: &str, bytes: &[u8]) -> Digest {
        let digest = Digest::of(bytes);
        self.documents.insert(path.to_owned(), (kind.to_owned(), bytes.to_vec()));
        digest
    }

    pub fn manifest(&mut self, tag: Option<&str>, kind: &str, text: &str) -> Digest {
        let digest = Digest::of(text.as_bytes());
        self.put(&format!("/v2/o/n/manifests/{digest}"), kind, text.as_bytes());
        if let Some(tag) = tag {
            self.put(&format!("/v2/o/n/manifests/{tag}"), kind, text.as_bytes());
        }
        digest
    }

    pub fn blob(&mut self, text: &str) -> Digest {
        let digest = Digest::of(text.as_bytes());
        self.put(&format!("/v2/o/n/blobs/{digest}"), "application/octet-stream", text.as_bytes())
    }

    pub fn answer(&self, request: &Request) -> Response {
        let path = request.url.path();
        let Some((kind, bytes)) = self.documents.get(path) else {
            if self.referrers && path.contains("/referrers/") {
                return reply(200, &[("content-type", INDEX)], br#"{"schemaVersion":2,"manifests":[]}"#);
            }
            return reply(404, &[("content-type", "application/json")], b"{}");
        };
        let digest = Digest::of(bytes).to_string();
        let length = bytes.len().to_string();
        let headers = [
            ("content-type", kind.as_str()),
            ("docker-content-digest", &digest),
            ("content-length", &length),
        ];
        let body = if request.method == Method::Head { &[] } else { bytes.as_slice() };
        reply(200, &headers, body)
    }
}

pub fn descriptor(kind: &str, digest: &Digest, size: usize, extra: &str) -> String {
    format!(r#"{{"mediaType":"{kind}","digest":"{digest}","size":{size}{extra}}}"#)
}

/// A two-platform image, signed in both forms.
pub fn signed() -> (Registry, Digest) {
    let mut registry = Registry { referrers: true, ..Registry::default() };
    let mut children = Vec::new();
    for architecture in ["amd64", "arm64"] {
        let config = format!(r#"{{"architecture":"{architecture}","os":"linux"}}"#);
        let digest = registry.blob(&config);
        let child = format!(
            r#"{{"schemaVersion":2,"config":{},"layers":[]}}"#,
            descriptor("application/vnd.oci.image.config.v1+json", &digest, config.len(), "")
        );
        let size = child.len();
        let digest = registry.manifest(None, MANIFEST, &child);
        let platform = format!(r#","platform":{{"os":"linux","architecture":"{architecture}"}}"#);
        children.push(descriptor(MANIFEST, &digest, size, &platform));
    }
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, children.join(","));
    let subject = registry.manifest(Some("1"), INDEX, &index);

    let bundle = r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}"#;
    let layer = descriptor(BUNDLE, &registry.blob(bundle), bundle.len(), "");
    let referrer = format!(r#"{{"schemaVersion":2,"layers":[{layer}]}}"#);
    let digest = registry.manifest(None, MANIFEST, &referrer);
    let list = format!(
        r#"{{"schemaVersion":2,"manifests":[{}]}}"#,
        descriptor(MANIFEST, &digest, referrer.len(), "")
    );
    registry.put(&format!("/v2/o/n/referrers/{subject}"), INDEX, list.as_bytes());

    let payload = r#"{"critical":{}}"#;
    let layer = descriptor(PAYLOAD, &registry.blob(payload), payload.len(), "");
    let old = format!(r#"{{"schemaVersion":2,"layers":[{layer}]}}"#);
    registry.manifest(Some(&format!("sha256-{}.sig", subject.hex())), MANIFEST, &old);
    (registry, subject)
}
