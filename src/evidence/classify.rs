//! What a JSON document is, by its shape, most specific first.

use crate::base::affix;
use crate::base::order::Set as BTreeSet;

use super::{Kind, tools};
use crate::base::json::{Member, Node, Object, Value};
use crate::base::limits;

const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// The kind of a value. [`Kind::Container`] is an array whose elements are
/// documents of their own.
pub(super) fn kind(node: &Node<'_>) -> Kind {
    match &node.value {
        Value::Array(items) => {
            if tools::is_list(node) {
                return Kind::ToolOutput;
            }
            // Only an array of objects is a list of documents: looking into arrays of
            // arrays for one would read each level again at the next.
            let kind = |item: &Node<'_>| item.object("").ok().map(|o| of_object(&o));
            let first = items.first().and_then(kind);
            match first {
                // An image and what runs, in one output.
                Some(Kind::ImageInspect)
                    if items.iter().any(|item| kind(item).is_some_and(|kind| kind != Kind::ImageInspect)) =>
                {
                    Kind::Container
                }
                Some(
                    kind @ (Kind::TrustInspect
                    | Kind::ImageInspect
                    | Kind::ManifestVerbose
                    | Kind::ToolOutput),
                ) => kind,
                Some(Kind::Json | Kind::Secret) | None if super::secret::in_value(node) => Kind::Secret,
                Some(Kind::Json | Kind::Secret) | None => Kind::Json,
                Some(Kind::ArchiveInfo) => Kind::ArchiveInfo,
                Some(_) => Kind::Container,
            }
        }
        Value::Object(_) => node.object("").map_or(Kind::Json, |object| of_object(&object)),
        _ => Kind::Json,
    }
}

fn of_object(o: &Object<'_, '_>) -> Kind {
    let has = |name: &str| o.get(name).is_some();
    let all = |names: &[&str]| names.iter().all(|name| has(name));
    let text = |name: &str| o.get(name).and_then(|node| node.text("").ok()).unwrap_or_default();
    let list = |name: &str| o.get(name).is_some_and(|node| matches!(node.value, Value::Array(_)));
    let media_type = text("mediaType");
    if super::kept_report::is_report(o) {
        return Kind::Report;
    }
    if all(&["signed", "signatures"]) {
        return notary(o);
    }
    if has("SignedTags") || all(&["AdministrativeKeys", "Signers"]) {
        return Kind::TrustInspect;
    }
    let object = |name: &str| o.get(name).is_some_and(|node| matches!(node.value, Value::Object(_)));
    if object("critical") {
        let bundle =
            o.get("optional").and_then(|n| n.object("").ok()).is_some_and(|o| o.get("Bundle").is_some());
        return if bundle { Kind::CosignVerify } else { Kind::Payload };
    }
    if has("Base64Signature") {
        return Kind::CosignDownload;
    }
    if media_type.starts_with("application/vnd.dev.sigstore.trustedroot")
        || all(&["tlogs", "certificateAuthorities"])
    {
        return Kind::TrustedRoot;
    }
    if media_type.starts_with(BUNDLE)
        || (has("verificationMaterial") && (has("dsseEnvelope") || has("messageSignature")))
    {
        return Kind::Bundle;
    }
    if all(&["payload", "payloadType", "signatures"]) {
        return Kind::Envelope;
    }
    if text("_type").starts_with("https://in-toto.io/Statement") || all(&["predicateType", "subject"]) {
        return Kind::Statement;
    }
    if is_log_entry(o) {
        return Kind::RekorEntry;
    }
    if all(&["SignedEntryTimestamp", "Payload"]) {
        return Kind::RekorBundle;
    }
    // With other members it may say more than which tags there are.
    if o.members().len() == 2 && (list("Tags") && has("Repository") || list("tags") && has("name")) {
        return Kind::TagList;
    }
    // What other programs print is kept only if no secret stands in it.
    let output =
        || tools::json_kind(o).filter(|kind| *kind != Kind::ToolOutput || !super::secret::in_members(o));
    image(o, media_type).or_else(output).unwrap_or_else(|| other(o))
}

/// Documents of an image.
fn image(o: &Object<'_, '_>, media_type: &str) -> Option<Kind> {
    let has = |name: &str| o.get(name).is_some();
    let first = o.get("schemaVersion").is_some_and(|v| v.u64("").is_ok_and(|v| v == 1));
    if first && ["layers", "manifests", "history"].into_iter().any(has) || has("fsLayers") {
        return Some(Kind::Schema1);
    }
    // The same with a digest of its own, as imagetools prints it, is an output.
    if has("digest") && (has("schemaVersion") && has("size") || has("reference")) {
        return None;
    }
    if has("manifests")
        && (has("schemaVersion") || media_type.contains("index") || media_type.contains("list"))
    {
        return Some(Kind::Index);
    }
    if has("layers") && (has("config") || has("schemaVersion")) {
        return Some(if signs(o) { Kind::SignatureManifest } else { Kind::Manifest });
    }
    if has("rootfs") && (has("architecture") || has("os")) {
        return Some(Kind::Config);
    }
    has("imageLayoutVersion").then_some(Kind::ArchiveInfo)
}

/// Whether a manifest carries cosign signatures or a Sigstore bundle.
fn signs(o: &Object<'_, '_>) -> bool {
    let layers = o.get("layers").and_then(|n| n.array("").ok()).unwrap_or_default();
    let typed = |node: &Node<'_>, name: &str| {
        let text =
            node.object("").ok().and_then(|o| o.get(name)).and_then(|t| t.text("").ok().map(str::to_owned));
        text.is_some_and(|text| text == SIMPLE_SIGNING || text.starts_with(BUNDLE))
    };
    layers.iter().any(|layer| typed(layer, "mediaType"))
        || o.get("artifactType").and_then(|t| t.text("").ok()).is_some_and(|t| t.starts_with(BUNDLE))
}

fn other(o: &Object<'_, '_>) -> Kind {
    let has = |name: &str| o.get(name).is_some();
    let members = o.members();
    let strings = members.iter().all(|m| matches!(m.node.value, Value::String(_)));
    if strings && members.iter().any(|m| m.name.value == "dev.cosignproject.cosign/signature") {
        return Kind::Annotations;
    }
    if has("annotations") && o.get("mediaType").is_some_and(|t| t.text("").is_ok_and(|t| t == SIMPLE_SIGNING))
    {
        return Kind::SignatureLayer;
    }
    let code = |node: &Node<'_>| node.object("").is_ok_and(|o| o.get("code").is_some());
    let alone = members.len() == 1;
    if alone && o.get("errors").and_then(|n| n.array("").ok()).is_some_and(|errors| errors.iter().any(code)) {
        return Kind::RegistryError;
    }
    if has("publisher") && (has("keys") || has("releases")) {
        return Kind::Profile;
    }
    if has("Config") && has("Layers") && has("RepoTags") || is_repositories(o) {
        return Kind::ArchiveInfo;
    }
    // Go takes a member of another case for the known one: kept as what it
    // would be taken for, and refused where it is read.
    let critical = |m: &Member<'_>| {
        m.name.value.eq_ignore_ascii_case("critical") && matches!(m.node.value, Value::Object(_))
    };
    if members.iter().any(critical) {
        return Kind::Payload;
    }
    if super::secret::in_members(o) { Kind::Secret } else { Kind::Json }
}

/// Notary v1 metadata by its type, whatever its case: a wrong case is refused
/// where the file is verified, and named there.
fn notary(o: &Object<'_, '_>) -> Kind {
    let Some(signed) = o.get("signed").and_then(|n| n.object("").ok()) else { return Kind::Json };
    let written = signed.get("_type").and_then(|t| t.text("").ok()).unwrap_or_default();
    let by_name = |name: &str| match name.to_ascii_lowercase().as_str() {
        "root" => Some(Kind::NotaryRoot),
        "targets" => Some(Kind::NotaryTargets),
        "snapshot" => Some(Kind::NotarySnapshot),
        "timestamp" => Some(Kind::NotaryTimestamp),
        _ => None,
    };
    by_name(written).unwrap_or_else(|| {
        let has = |name: &str| signed.get(name).is_some();
        let meta = signed.get("meta").and_then(|n| n.object("").ok());
        match meta {
            _ if has("roles") => Kind::NotaryRoot,
            _ if has("targets") => Kind::NotaryTargets,
            Some(meta) if meta.get("snapshot").is_some() => Kind::NotaryTimestamp,
            Some(_) => Kind::NotarySnapshot,
            None => Kind::Json,
        }
    })
}

fn is_log_entry(o: &Object<'_, '_>) -> bool {
    let entry =
        |o: &Object<'_, '_>| ["body", "integratedTime", "logIndex"].iter().all(|n| o.get(n).is_some());
    let is_id = |name: &str| name.len() >= 64 && name.bytes().all(|b| b.is_ascii_hexdigit());
    match o.members() {
        [only] => is_id(&only.name.value) && only.node.object("").is_ok_and(|inner| entry(&inner)),
        _ => entry(o),
    }
}

/// The `repositories` file of `docker save`: names to tags to layer ids.
fn is_repositories(o: &Object<'_, '_>) -> bool {
    let ids = |node: &Node<'_>| {
        node.object("").is_ok_and(|tags| {
            !tags.members().is_empty()
                && tags.members().iter().all(|m| {
                    m.node
                        .text("")
                        .is_ok_and(|id| id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit()))
                })
        })
    };
    !o.members().is_empty() && o.members().iter().all(|m| ids(&m.node))
}

/// A guess for a document that no strict parser accepts, from the member
/// names in its text; the part that reads such documents then refuses it.
pub(super) fn guess(text: &str) -> Kind {
    // A longer one is no document that is read.
    let most = (0..=text.len().min(limits::MANIFEST_BYTES)).rev().find(|at| text.is_char_boundary(*at));
    let names = quoted(text.get(..most.unwrap_or_default()).unwrap_or_default());
    let has = |name: &str| names.contains(name);
    if has("signed") && has("signatures") {
        let after = text.split("\"_type\"").nth(1).unwrap_or_default();
        let named = after.split('"').nth(1).unwrap_or_default().to_ascii_lowercase();
        return match named.as_str() {
            "root" => Kind::NotaryRoot,
            "snapshot" => Kind::NotarySnapshot,
            "timestamp" => Kind::NotaryTimestamp,
            _ => Kind::NotaryTargets,
        };
    }
    let table: [(&[&str], Kind); 14] = [
        (&["SignedTags"], Kind::TrustInspect),
        (&["critical", "Bundle"], Kind::CosignVerify),
        (&["critical"], Kind::Payload),
        (&["verificationMaterial"], Kind::Bundle),
        (&["payloadType", "payload"], Kind::Envelope),
        (&["predicateType", "subject"], Kind::Statement),
        (&["Ref", "Descriptor"], Kind::ManifestVerbose),
        (&["Id", "RepoTags"], Kind::ImageInspect),
        (&["fsLayers"], Kind::Schema1),
        (&["schemaVersion", "manifests"], Kind::Index),
        (&["config", "layers"], Kind::Manifest),
        (&["architecture", "rootfs"], Kind::Config),
        (&["body", "integratedTime"], Kind::RekorEntry),
        (&["publisher", "keys"], Kind::Profile),
    ];
    let found = table.iter().find(|(names, _)| names.iter().all(|name| has(name)));
    match found.map_or(Kind::Json, |(_, kind)| *kind) {
        Kind::Manifest if text.contains(SIMPLE_SIGNING) || text.contains(BUNDLE) => Kind::SignatureManifest,
        kind => kind,
    }
}

/// The short words between quotes in a text, each once, in one pass. Between two
/// strings stands a word that is no name; it does no harm in a guess.
fn quoted(text: &str) -> BTreeSet<&str> {
    let words = text.split('"').filter(|word| (1..24).contains(&word.len()));
    let known = |word: &&str| affix::is_one(word, GUESSED);
    words.filter(known).collect()
}

/// Member names that guesses go by.
const GUESSED: &str = "signed|signatures|SignedTags|critical|Bundle|verificationMaterial|payloadType|payload|\
    predicateType|subject|Ref|Descriptor|Id|RepoTags|fsLayers|schemaVersion|manifests|config|layers|\
    architecture|rootfs|body|integratedTime|publisher|keys";
