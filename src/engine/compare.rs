//! Two registries, one product: an image that carries no signature itself is
//! the signed one if both name the same configs, platform by platform.
//!
//! Docker Hub and ECR hold the older Webdis releases under different
//! manifests with the same configs. A config lists the digests of the
//! uncompressed layers, so equal configs mean equal image content. The
//! compressed layers behind the two manifests may still differ; Docker checks
//! the uncompressed digests (`diff_ids`) when it pulls.

use crate::base::code::Code;
use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::proof::{Evidence, Proof, sealed};
use crate::base::words;
use crate::engine::link::{Link, Place};
use crate::model::oci::{Descriptor, Document, Likeness, MediaType, NamesConfig, Platform};

use super::codes;
use super::provenance::registry_of;
use super::store::{Doc, Store};
use super::written_anew;

/// Proof that two manifests, both hashed, name the same config, that the
/// config's bytes list the digests of the uncompressed layers, and that both
/// manifests have as many layers as it lists.
#[derive(Debug)]
struct SameConfig {
    config: ClaimedDigest,
    signed: ClaimedDigest,
    other: ClaimedDigest,
    layers: usize,
}

/// Why two images with one config are not known to have the same content.
enum Unequal {
    /// They do not name the same config of an image.
    OtherConfig,
    /// The config's bytes are not at hand.
    ConfigNeeded(ClaimedDigest),
    /// A manifest has other layers than its config lists, or none are listed.
    Layers { listed: usize, found: usize },
}

impl SameConfig {
    fn check(store: &Store, signed: &Part, other: &Part) -> core::result::Result<Self, Unequal> {
        let (Some(a), Some(b)) = (&signed.config, &other.config) else { return Err(Unequal::OtherConfig) };
        // The empty config of an artifact fixes no layers.
        let of_image = |names: &NamesConfig| MediaType::parse(&names.config().media_type).is_config();
        let config = &a.config().digest;
        if *config != b.config().digest || !of_image(a) || !of_image(b) {
            return Err(Unequal::OtherConfig);
        }
        let Some(document) = store.config(config) else {
            return Err(Unequal::ConfigNeeded(config.clone()));
        };
        let bytes = store.item(config).map(|item| item.bytes.len()).and_then(|n| u64::try_from(n).ok());
        let sized = [a, b].iter().all(|names| Some(names.config().size) == bytes);
        let listed = document.diff_ids.len();
        for part in [signed, other] {
            let found = if sized { part.layers } else { 0 };
            if listed == 0 || found != listed {
                return Err(Unequal::Layers { listed, found });
            }
        }
        let (signed, other) = (signed.manifest.clone(), other.manifest.clone());
        Ok(Self { config: config.clone(), signed, other, layers: listed })
    }
}

impl sealed::Sealed for SameConfig {}

impl Proof for SameConfig {
    fn evidence(&self) -> Evidence {
        Evidence {
            digest: Some(self.config.to_string()),
            expected: Some(self.config.to_string()),
            found: Some(self.config.to_string()),
            rule: "Both manifests, hashed, name the same config, whose bytes list the digests of all their uncompressed layers (OCI image-spec, config.md, rootfs.diff_ids)".to_owned(),
            facts: vec![
                ("layers".to_owned(), self.layers.to_string()),
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
    /// How many of its layers are those of a file system; zero if one is not.
    layers: usize,
}

/// What a comparison came to.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// One link for the pair, one for each platform below it.
    pub(super) links: Vec<Link>,
    /// The repository of the unsigned image.
    pub(super) registry: String,
    /// Its digest.
    pub(super) other: Option<ClaimedDigest>,
    /// Some platform's configs were compared.
    pub(super) decided: bool,
    /// Every platform of the unsigned image has the signed image's config.
    pub(super) same: bool,
}

/// Compares an unsigned image with a signed one. `parent` is the last link of
/// the signed chain.
pub(super) fn links(store: &Store, signed: &ClaimedDigest, other: &Doc, parent: &str, id: &str) -> Compared {
    let other_digest = other.document.digest().to_claim();
    let registry = registry_of(store.items.get(other.item)).unwrap_or_default();
    let (ours, theirs) = (parts(store, signed), parts(store, &other_digest));
    let args = [("digest", other_digest.to_string()), ("registry", registry.clone())];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect_vec();
    let Ok(matched) = other_digest.check(store.bytes(other)) else { return Compared::default() };
    let code = if registry.is_empty() { codes::OTHER_COPY } else { codes::OTHER_REGISTRY };
    let mut links = vec![Link::proven(id, code, &args, &matched).under(parent)];
    let mut rows: Vec<Link> = Vec::new();
    if theirs.is_empty() {
        // Nothing was compared, so nothing is the same.
        rows.push(
            Link::open(&format!("{id}-1"), codes::PLATFORM_NOT_SIGNED, &[("platform", words::THIS_PLATFORM)])
                .under(id),
        );
    }
    for (n, part) in theirs.iter().enumerate() {
        rows.push(platform_link(store, &format!("{id}-{}", n + 1), part, &theirs, &ours).under(id));
    }
    let is = |link: &Link, code: Code| link.code() == code.name();
    let same = rows.iter().all(|row| is(row, codes::SAME_CONFIG));
    let decided = rows.iter().any(|row| is(row, codes::SAME_CONFIG) || is(row, codes::CONFIG_DIFFERS));
    links.push_all(rows);
    let absent = ours.iter().filter(|part| counterpart(store, part, &ours, &theirs).is_none());
    let absent: Vec<String> = absent.map(label).collect_vec();
    if !absent.is_empty() {
        let args = [("platforms", &*absent.join(", "))];
        links.push(
            Link::open(&format!("{id}-partial"), codes::PLATFORMS_PARTIAL, &args)
                .under(id)
                .placed(Place::Branch),
        );
    }
    Compared { links, registry, other: Some(other_digest), decided, same }
}

fn platform_link(store: &Store, id: &str, other: &Part, theirs: &[Part], ours: &[Part]) -> Link {
    let platform = label(other);
    let not_signed = || Link::open(id, codes::PLATFORM_NOT_SIGNED, &[("platform", &platform)]);
    let Some(signed) = counterpart(store, other, theirs, ours) else {
        return not_signed();
    };
    let (signed_text, other_text) = (signed.manifest.to_string(), other.manifest.to_string());
    let mut args = vec![("platform", platform.as_str()), ("signed", &*signed_text), ("other", &*other_text)];
    match SameConfig::check(store, signed, other) {
        Ok(proof) => {
            let config = proof.config.to_string();
            args.push(("config", &config));
            return Link::proven(id, codes::SAME_CONFIG, &args, &proof)
                .caveat(Message::new(codes::LAYERS_NOT_COMPARED, &[]));
        }
        Err(Unequal::ConfigNeeded(config)) => {
            let config = config.to_string();
            args.push(("config", &config));
            return Link::open(id, codes::CONFIG_NEEDED, &args);
        }
        Err(Unequal::Layers { listed, found }) => {
            let error =
                Error::new(codes::LAYERS_DIFFER).expected(listed.to_string()).found(found.to_string());
            return Link::failed_with(id, &error, &args);
        }
        Err(Unequal::OtherConfig) => {}
    }
    match (&signed.config, &other.config) {
        (Some(a), Some(b)) if a.config().digest == b.config().digest => not_signed(),
        (Some(a), Some(b)) => {
            let (expected, found) = (&a.config().digest, &b.config().digest);
            let code = match written_anew::of(store, expected, found) {
                Likeness::Same => written_anew::codes::CONFIG_WRITTEN_ANEW,
                Likeness::Unclear => written_anew::codes::CONFIG_UNCLEAR,
                // One that is not at hand may say the same.
                Likeness::Different
                    if written_anew::may_be_converted(a.config(), b.config())
                        && [expected, found].iter().any(|config| store.item(config).is_none()) =>
                {
                    written_anew::codes::CONFIG_UNCLEAR
                }
                Likeness::Different => codes::CONFIG_DIFFERS,
            };
            let error = Error::new(code).expected(expected.to_string()).found(found.to_string());
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
    let part = |platform: Option<Platform>, digest: &ClaimedDigest| {
        let manifest = store.manifest(digest);
        let layers = manifest.filter(|m| m.layers.iter().all(is_layer)).map_or(0, |m| m.layers.len());
        let config = manifest.map(|manifest| manifest.names_config());
        Part { platform, manifest: digest.clone(), config, layers }
    };
    match store.document(top) {
        // A child without a platform is a part too: a client may choose it.
        Some(Document::Index(index)) => index
            .manifests
            .iter()
            .filter(|child| !child.platform.as_ref().is_some_and(Platform::is_attestation))
            .map(|child| part(child.platform.clone(), &child.digest))
            .collect_vec(),
        Some(Document::Manifest(_)) => vec![part(None, top)],
        _ => Vec::new(),
    }
}

/// A layer of a file system, by its media type (OCI image-spec, layer.md;
/// Docker schema 2). What else a runtime may unpack is not known.
fn is_layer(layer: &Descriptor) -> bool {
    // Foreign layers come from an address of their own, whatever the digest says.
    ["application/vnd.oci.image.layer.v1.tar", "application/vnd.docker.image.rootfs.diff.tar"]
        .iter()
        .any(|family| layer.media_type.starts_with(family))
}

/// The part of `ours` that stands for the same machine as `part` of `theirs`;
/// among several, one with the same config.
fn counterpart<'p>(store: &Store, part: &Part, theirs: &[Part], ours: &'p [Part]) -> Option<&'p Part> {
    let same_machine = |our: &&Part| match (&our.platform, &part.platform) {
        (Some(one), Some(other)) => one.same_machine(other),
        // Without a platform: whichever names the same config.
        _ => false,
    };
    let same_config = |our: &&Part| SameConfig::check(store, our, part).is_ok();
    let written_anew = |our: &&Part| match (&our.config, &part.config) {
        (Some(our), Some(other)) => {
            written_anew::of(store, &our.config().digest, &other.config().digest) != Likeness::Different
        }
        _ => false,
    };
    let unnamed = |our: &&Part| our.platform.is_none() || part.platform.is_none();
    ours.iter()
        .filter(same_machine)
        .find(same_config)
        .or_else(|| ours.iter().find(same_machine))
        .or_else(|| ours.iter().filter(unnamed).find(same_config))
        .or_else(|| ours.iter().filter(unnamed).find(written_anew))
        .or_else(|| match (ours, theirs) {
            ([only], [_]) if only.platform.is_none() && part.platform.is_none() => Some(only),
            _ => None,
        })
        .or_else(|| by_config(store, part, ours))
}

/// The one that is not at hand for the machine that the config of a part without a platform
/// names: it may be the same.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn by_config<'p>(store: &Store, part: &Part, ours: &'p [Part]) -> Option<&'p Part> {
    let config = part.config.as_ref().filter(|_| part.platform.is_none())?;
    let config = store.config(&config.config().digest)?;
    let same = |platform: &Platform| platform.same_machine(&config.platform);
    ours.iter().find(|our| our.config.is_none() && our.platform.as_ref().is_some_and(same))
}

fn label(part: &Part) -> String {
    part.platform.as_ref().map_or_else(|| words::THIS_PLATFORM.to_owned(), Platform::to_string)
}

/// Manifests, then configs, that would have to be known to compare further.
pub(super) fn missing(store: &Store, top: &ClaimedDigest) -> (Vec<ClaimedDigest>, Vec<ClaimedDigest>) {
    let (mut manifests, mut configs) = (Vec::new(), Vec::new());
    for part in parts(store, top) {
        match part.config {
            None => manifests.push(part.manifest),
            Some(names) if store.item(&names.config().digest).is_none() => {
                configs.push(names.config().digest.clone());
            }
            Some(_) => {}
        }
    }
    (manifests, configs)
}
