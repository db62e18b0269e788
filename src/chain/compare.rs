//! Two registries, one product: an image that carries no signature itself is
//! the signed one if both name the same configs, platform by platform.
//!
//! Docker Hub and ECR hold the older Webdis releases under different
//! manifests with the same configs. A config lists the digests of the
//! uncompressed layers, so equal configs mean equal image content. The
//! compressed layers behind the two manifests may still differ; Docker checks
//! the uncompressed digests (`diff_ids`) when it pulls.

use crate::digest::ClaimedDigest;
use crate::error::Error;
use crate::input::{Item, Origin};
use crate::oci::{Descriptor, Document, MediaType, NamesConfig, Platform};
use crate::reference::Reference;
use crate::report::{Evidence, Link, Message, Place, Proof, proof::sealed};

use super::codes;
use super::store::{Doc, Store};

/// Proof that two manifests, both hashed, name the same config.
#[derive(Debug)]
struct SameConfig {
    config: ClaimedDigest,
    signed: ClaimedDigest,
    other: ClaimedDigest,
}

impl SameConfig {
    fn check(signed: &Part, other: &Part) -> Option<Self> {
        let (a, b) = (signed.config.as_ref()?, other.config.as_ref()?);
        // The empty config of an artifact fixes no layers.
        let of_image = |names: &NamesConfig| MediaType::parse(&names.config().media_type).is_config();
        let same = a.config().digest == b.config().digest && of_image(a) && of_image(b);
        same.then(|| Self {
            config: a.config().digest.clone(),
            signed: signed.manifest.clone(),
            other: other.manifest.clone(),
        })
    }
}

impl sealed::Sealed for SameConfig {}

impl Proof for SameConfig {
    fn evidence(&self) -> Evidence {
        Evidence {
            digest: Some(self.config.to_string()),
            expected: Some(self.config.to_string()),
            found: Some(self.config.to_string()),
            rule: "Both manifests, hashed, name the same config; a config lists the digests of the uncompressed layers (OCI image-spec, config.md, rootfs.diff_ids)".to_owned(),
            facts: vec![
                ("signed manifest".to_owned(), self.signed.to_string()),
                ("other manifest".to_owned(), self.other.to_string()),
            ],
            ..Evidence::default()
        }
    }
}

/// One platform of an image: its manifest and, if that is at hand, its config.
#[derive(Debug)]
struct Part {
    platform: Option<Platform>,
    manifest: ClaimedDigest,
    config: Option<NamesConfig>,
}

/// Holds an unsigned image against a signed one: one link for the pair, one
/// for each platform below it. `parent` is the last link of the signed chain.
pub(super) fn links(store: &Store, signed: &ClaimedDigest, other: &Doc, parent: &str, id: &str) -> Vec<Link> {
    let other_digest = other.document.digest().to_claim();
    let place = registry_of(store.items.get(other.item)).unwrap_or_else(|| "another registry".to_owned());
    let (ours, theirs) = (parts(store, signed), parts(store, &other_digest));
    let args = [("digest", other_digest.to_string()), ("registry", place)];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let Ok(matched) = other_digest.check(store.bytes(other)) else { return Vec::new() };
    let mut links = vec![Link::proven(id, codes::OTHER_REGISTRY, &args, &matched).under(parent)];
    if theirs.is_empty() {
        // Nothing was compared, so nothing is the same.
        let args = [("platform", "the image")];
        links.push(Link::open(&format!("{id}-1"), codes::PLATFORM_NOT_SIGNED, &args).under(id));
    }
    for (n, part) in theirs.iter().enumerate() {
        links.push(platform_link(&format!("{id}-{}", n + 1), part, &ours).under(id));
    }
    let absent = ours.iter().filter(|part| !theirs.iter().any(|other| same_machine(part, other)));
    let absent: Vec<String> = absent.map(label).collect();
    if !absent.is_empty() {
        let args = [("platforms", &*absent.join(", "))];
        links.push(
            Link::open(&format!("{id}-partial"), codes::PLATFORMS_PARTIAL, &args)
                .under(id)
                .placed(Place::Branch),
        );
    }
    links
}

fn platform_link(id: &str, other: &Part, ours: &[Part]) -> Link {
    let platform = label(other);
    let not_signed = || Link::open(id, codes::PLATFORM_NOT_SIGNED, &[("platform", &platform)]);
    let mut alike = ours.iter().filter(|part| same_machine(part, other)).peekable();
    let first = alike.peek().copied();
    let Some(signed) = alike.find(|part| SameConfig::check(part, other).is_some()).or(first) else {
        return not_signed();
    };
    let (signed_text, other_text) = (signed.manifest.to_string(), other.manifest.to_string());
    let mut args = vec![("platform", platform.as_str()), ("signed", &*signed_text), ("other", &*other_text)];
    if let Some(proof) = SameConfig::check(signed, other) {
        let config = proof.config.to_string();
        args.push(("config", &config));
        return Link::proven(id, codes::SAME_CONFIG, &args, &proof)
            .caveat(Message::new(codes::LAYERS_NOT_COMPARED, &[]));
    }
    match (&signed.config, &other.config) {
        (Some(a), Some(b)) if a.config().digest == b.config().digest => not_signed(),
        (Some(a), Some(b)) => {
            let error = Error::new(codes::CONFIG_DIFFERS)
                .expected(a.config().digest.to_string())
                .found(b.config().digest.to_string());
            Link::failed_with(id, &error, &args)
        }
        (a, _) => {
            let missing = if a.is_none() { &signed_text } else { &other_text };
            args.push(("digest", missing));
            Link::open(id, codes::MANIFEST_NEEDED, &args)
        }
    }
}

fn parts(store: &Store, top: &ClaimedDigest) -> Vec<Part> {
    let config = |digest: &ClaimedDigest| match store.doc(digest).map(|doc| &doc.document) {
        Some(Document::Manifest(manifest)) => Some(manifest.names_config()),
        _ => None,
    };
    match store.doc(top).map(|doc| &doc.document) {
        Some(Document::Index(index)) => index
            .manifests
            .iter()
            .filter(runs_somewhere)
            .map(|child| Part {
                platform: child.platform.clone(),
                manifest: child.digest.clone(),
                config: config(&child.digest),
            })
            .collect(),
        Some(Document::Manifest(_)) => {
            vec![Part { platform: None, manifest: top.clone(), config: config(top) }]
        }
        _ => Vec::new(),
    }
}

/// A child without a platform counts: a registry client may run it. One for
/// `unknown` is BuildKit's attestation, which none runs.
fn runs_somewhere(child: &&Descriptor) -> bool {
    !child.platform.as_ref().is_some_and(Platform::is_unknown)
}

fn same_machine(one: &Part, other: &Part) -> bool {
    match (&one.platform, &other.platform) {
        (Some(one), Some(other)) => one.same_machine(other),
        (None, None) => true,
        // A single manifest against an index: whichever names the same config.
        _ => SameConfig::check(one, other).is_some(),
    }
}

fn label(part: &Part) -> String {
    part.platform.as_ref().map_or_else(|| "the image".to_owned(), Platform::to_string)
}

/// The repository an item is said to come from.
pub(super) fn registry_of(item: Option<&Item>) -> Option<String> {
    let item = item?;
    if let Origin::Fetched(address) = &item.origin {
        let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
        return rest.split('/').next().map(str::to_owned);
    }
    item.claims
        .iter()
        .filter_map(|claim| Reference::parse(claim.reference.as_deref()?).ok())
        .map(|r| r.name())
        .next()
}

/// Manifests whose configs would have to be known to compare further.
pub(super) fn missing(store: &Store, top: &ClaimedDigest) -> Vec<ClaimedDigest> {
    parts(store, top).into_iter().filter(|part| part.config.is_none()).map(|part| part.manifest).collect()
}
