//! What the registry truly has: an image of two platforms, really signed, an
//! older release that is signed too, and a stranger's image.

use serde_json::json;
use webdis_verify::base::digest::Digest;

use super::wire::{Call, Wire, headers, status};
use crate::common::image::{Image, bundle, digest, image, index, sig_manifest, simple, stranger};
use crate::common::registry::{BUNDLE, INDEX, MANIFEST, PAYLOAD, Registry, descriptor};

/// In which form the image is signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// A bundle that the list of referrers leads to, and a `.sig` tag.
    Both,
    Bundle,
    Sig,
}

pub(crate) const FORMS: [Form; 3] = [Form::Both, Form::Bundle, Form::Sig];

/// The honest registry, and what a liar can draw on.
pub(crate) struct World {
    pub(crate) registry: Registry,
    pub(crate) image: Image,
    /// Signed with the same key, in the same forms.
    pub(crate) older: Image,
    /// Signed by somebody else.
    pub(crate) stranger: Image,
    pub(crate) subject: Digest,
    pub(crate) authority: String,
}

impl World {
    /// The platforms are signed too where `recursive`.
    pub(crate) fn new(form: Form, recursive: bool) -> Self {
        let mut registry = Registry { referrers: true, ..Registry::default() };
        let (new, older, other) = (image("new", "new"), image("older", "older"), image("other", "other"));
        let subject = store(&mut registry, &new, Some("1"));
        store(&mut registry, &older, Some("0"));
        store(&mut registry, &other, None);
        for bytes in [&new.index, &older.index] {
            sign(&mut registry, form, bytes);
        }
        for bytes in new.manifests.iter().filter(|_| recursive) {
            sign(&mut registry, form, bytes);
        }
        refer(&mut registry, &digest(&other.index), &[stranger(&other.index)]);
        Self { registry, image: new, older, stranger: other, subject, authority: String::new() }
    }

    pub(crate) fn honest(&self, call: &Call) -> Wire {
        let path = call.path.split('?').next().unwrap();
        match self.registry.documents.get(path) {
            Some((kind, bytes)) => self.document(kind, bytes),
            None if path.contains("/referrers/") => self.document(INDEX, &index(&[])),
            None => status("404 Not Found"),
        }
    }

    pub(crate) fn document(&self, kind: &str, bytes: &[u8]) -> Wire {
        let digest = Digest::of(bytes).to_string();
        Wire::Whole(
            "200 OK",
            headers(&[("Content-Type", kind), ("Docker-Content-Digest", &digest)]),
            bytes.to_vec(),
        )
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        self.registry.documents.get(path).map(|(_, bytes)| bytes.clone()).unwrap_or_default()
    }

    pub(crate) fn index(&self) -> Vec<u8> {
        self.image.index.clone()
    }

    /// What is under a path for one image, served for the same path of
    /// another: `/referrers/` or `.sig`.
    pub(crate) fn attached_to(&self, path: &str, image: &[u8]) -> Wire {
        let path = path.split('?').next().unwrap().replace(&self.subject.hex(), &Digest::of(image).hex());
        match self.registry.documents.get(&path) {
            Some((kind, bytes)) => self.document(kind, bytes),
            None => status("404 Not Found"),
        }
    }

    /// A list of referrers that has these manifests.
    pub(crate) fn list(&self, digests: &[Digest]) -> Vec<u8> {
        let entries: Vec<String> = digests.iter().map(|d| descriptor(MANIFEST, d, 9, "")).collect();
        format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, entries.join(",")).into_bytes()
    }

    /// The manifest that the list of referrers truly names.
    pub(crate) fn referrer(&self) -> Option<Digest> {
        let bytes = self.bytes(&format!("/v2/o/n/referrers/{}", self.subject));
        let value: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
        let digest = value["manifests"][0]["digest"].as_str()?.to_owned();
        Some(Digest::of(&self.bytes(&format!("/v2/o/n/manifests/{digest}"))))
    }
}

fn store(registry: &mut Registry, image: &Image, tag: Option<&str>) -> Digest {
    for (config, manifest) in image.configs.iter().zip(&image.manifests) {
        blob(registry, config);
        registry.put(&format!("/v2/o/n/manifests/{}", digest(manifest)), MANIFEST, manifest);
    }
    if let Some(tag) = tag {
        registry.put(&format!("/v2/o/n/manifests/{tag}"), INDEX, &image.index);
    }
    registry.put(&format!("/v2/o/n/manifests/{}", digest(&image.index)), INDEX, &image.index)
}

fn blob(registry: &mut Registry, bytes: &[u8]) -> Digest {
    registry.put(&format!("/v2/o/n/blobs/{}", digest(bytes)), "application/octet-stream", bytes)
}

fn sign(registry: &mut Registry, form: Form, bytes: &[u8]) {
    if form != Form::Sig {
        refer(registry, &digest(bytes), &[bundle(bytes)]);
    }
    if form != Form::Bundle {
        let signature = simple(bytes);
        blob(registry, &signature.0);
        let tag = format!("/v2/o/n/manifests/{}.sig", digest(bytes).replace(':', "-"));
        registry.put(&tag, MANIFEST, &sig_manifest(&[signature]));
    }
}

/// Stores bundles as referrers of a digest.
fn refer(registry: &mut Registry, subject: &str, bundles: &[Vec<u8>]) {
    let manifests: Vec<_> = bundles.iter().map(|bundle| referrer(registry, subject, bundle)).collect();
    let list: Vec<String> = manifests.iter().map(|d| descriptor(MANIFEST, d, 9, "")).collect();
    let list = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, list.join(","));
    registry.put(&format!("/v2/o/n/referrers/{subject}"), INDEX, list.as_bytes());
}

/// A manifest that carries a bundle.
pub(crate) fn referrer_manifest(subject: &str, bundle: &[u8]) -> Vec<u8> {
    json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": BUNDLE,
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest(b"{}"), "size": 2},
        "layers": [{"mediaType": BUNDLE, "digest": digest(bundle), "size": bundle.len()}],
        "subject": {"mediaType": INDEX, "digest": subject, "size": 9}
    })
    .to_string()
    .into_bytes()
}

fn referrer(registry: &mut Registry, subject: &str, bundle: &[u8]) -> Digest {
    blob(registry, bundle);
    let manifest = referrer_manifest(subject, bundle);
    registry.put(&format!("/v2/o/n/manifests/{}", digest(&manifest)), MANIFEST, &manifest)
}

/// A `.sig` manifest of layers that nobody has.
pub(crate) fn layers(count: u32, size: usize) -> Vec<u8> {
    let layer = |n: u32| descriptor(PAYLOAD, &Digest::of(&n.to_be_bytes()), size, "");
    let layers: Vec<String> = (0..count).map(layer).collect();
    format!(r#"{{"schemaVersion":2,"layers":[{}]}}"#, layers.join(",")).into_bytes()
}
