//! Images as publishers, mirrors and attackers make them: layers that unpack
//! to what the config says, configs, manifests, and an index over them.

use serde_json::{Value, json};
use webdis_verify::Digest;

use crate::common::tar::tar;

pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

pub(super) fn sum(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}

/// A layer: the tar file, and how it was compressed.
#[derive(Clone)]
pub(super) struct Layer {
    pub(super) tar: Vec<u8>,
    pub(super) gzip: Vec<u8>,
}

impl Layer {
    /// `build` is what differs between two compressions of one layer.
    fn new(content: &str, build: u8) -> Self {
        let tar = tar(&[("app".to_owned(), content.as_bytes().to_vec())]);
        let gzip = gzip(&tar, build);
        Self { tar, gzip }
    }
}

/// One platform's image.
#[derive(Clone)]
pub(super) struct Platform {
    pub(super) arch: &'static str,
    pub(super) layers: Vec<Layer>,
    pub(super) config: Vec<u8>,
    pub(super) manifest: Vec<u8>,
}

impl Platform {
    fn new(arch: &'static str, contents: &[String], build: u8) -> Self {
        let layers: Vec<Layer> = contents.iter().map(|content| Layer::new(content, build)).collect();
        let diffs: Vec<String> = layers.iter().map(|layer| sum(&layer.tar)).collect();
        let config = format!(
            r#"{{"architecture":"{arch}","config":{{"Env":["PATH=/bin"]}},"created":"2026-05-04T17:11:12Z","os":"linux","rootfs":{{"type":"layers","diff_ids":{}}}}}"#,
            json!(diffs)
        )
        .into_bytes();
        let described: Vec<String> = layers.iter().map(|layer| written(LAYER, &layer.gzip, "")).collect();
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{},"layers":[{}]}}"#,
            written(CONFIG, &config, ""),
            described.join(",")
        );
        Self { arch, layers, config, manifest: manifest.into_bytes() }
    }
}

/// A descriptor in the order in which docker and buildx write it.
fn written(media_type: &str, bytes: &[u8], more: &str) -> String {
    format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":{}{more}}}"#, sum(bytes), bytes.len())
}

pub(super) fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": sum(bytes), "size": bytes.len()})
}

/// What one tag names: an index over platforms, or a single manifest.
#[derive(Clone)]
pub(super) struct Tree {
    pub(super) index: Option<Vec<u8>>,
    pub(super) platforms: Vec<Platform>,
}

impl Tree {
    /// `content` decides the layers and configs, `build` their compression.
    pub(super) fn new(content: &str, arches: &[&'static str], indexed: bool, build: u8) -> Self {
        let platform = |arch: &&'static str| {
            let contents = [format!("base {arch}"), format!("{content} {arch}")];
            Platform::new(arch, &contents, build)
        };
        let platforms: Vec<Platform> = arches.iter().map(platform).collect();
        let index = indexed.then(|| {
            let child = |platform: &Platform| {
                let more = format!(r#","platform":{{"architecture":"{}","os":"linux"}}"#, platform.arch);
                written(MANIFEST, &platform.manifest, &more)
            };
            let children: Vec<String> = platforms.iter().map(child).collect();
            let children = children.join(",");
            format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{children}]}}"#).into_bytes()
        });
        Self { index, platforms }
    }

    /// The bytes that the tag names.
    pub(super) fn top(&self) -> &[u8] {
        self.index.as_deref().unwrap_or(&self.platforms[0].manifest)
    }

    pub(super) fn top_digest(&self) -> String {
        sum(self.top())
    }

    pub(super) fn top_type(&self) -> &'static str {
        if self.index.is_some() { INDEX } else { MANIFEST }
    }
}

/// A gzip file of stored blocks; `build` becomes its modification time.
fn gzip(bytes: &[u8], build: u8) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, build, 0, 0, 0, 0, 255];
    let chunks: Vec<&[u8]> = bytes.chunks(0xffff).collect();
    for (n, chunk) in chunks.iter().enumerate() {
        let length = u16::try_from(chunk.len()).unwrap();
        out.push(u8::from(n + 1 == chunks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(*chunk);
    }
    out.extend(crc32(bytes).to_le_bytes());
    out.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}
