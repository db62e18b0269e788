//! What a recognised JSON document asserts about digests.

use super::{Claim, ClaimSource, Kind, trust_text};
use crate::base::digest::ClaimedDigest;
use crate::base::json::{Node, Object, Value};

/// Makes a claim, if `digest` is one.
pub(super) fn claim(
    source: ClaimSource,
    digest: &str,
    reference: Option<&str>,
    platform: Option<String>,
) -> Option<Claim> {
    let digest = ClaimedDigest::parse(digest).ok()?;
    Some(Claim { source, digest, reference: reference.map(str::to_owned), platform })
}

fn text<'n>(o: &Object<'n, '_>, name: &str) -> Option<&'n str> {
    o.get(name)?.text("").ok().filter(|text| !text.is_empty())
}

fn object<'n, 'a>(o: &Object<'n, 'a>, name: &str) -> Option<Object<'n, 'a>> {
    o.get(name)?.object("").ok()
}

fn texts<'n>(o: &Object<'n, '_>, name: &str) -> Vec<&'n str> {
    let items = o.get(name).and_then(|node| node.array("").ok()).unwrap_or_default();
    items.iter().filter_map(|item| item.text("").ok()).collect()
}

/// `os/architecture[/variant]` from members of these names.
fn platform(o: &Object<'_, '_>, os: &str, architecture: &str, variant: &str) -> Option<String> {
    let base = format!("{}/{}", text(o, os)?, text(o, architecture)?);
    Some(match text(o, variant) {
        Some(variant) => format!("{base}/{variant}"),
        None => base,
    })
}

fn platform_of(descriptor: &Object<'_, '_>) -> Option<String> {
    platform(&object(descriptor, "platform")?, "os", "architecture", "variant")
}

/// The claims of a document of a kind. Descriptors inside indexes and
/// manifests are contents, not claims.
pub(super) fn claims(kind: Kind, node: &Node<'_>) -> Vec<Claim> {
    if kind == Kind::TrustInspect {
        return trust_text::of_json(node).map(|reports| rows(&reports)).unwrap_or_default();
    }
    let mut out = Vec::new();
    let objects: Vec<_> = match &node.value {
        Value::Array(items) => items.iter().filter_map(|item| item.object("").ok()).collect(),
        _ => node.object("").into_iter().collect(),
    };
    for o in &objects {
        match kind {
            Kind::ImageInspect => inspect(o, &mut out),
            Kind::ManifestVerbose => {
                if let Some(descriptor) = object(o, "Descriptor") {
                    push(
                        &mut out,
                        ClaimSource::Descriptor,
                        text(&descriptor, "digest"),
                        text(o, "Ref"),
                        platform_of(&descriptor),
                    );
                }
            }
            Kind::Skopeo => push(&mut out, ClaimSource::Tool, text(o, "Digest"), text(o, "Name"), None),
            Kind::ImagetoolsJson => imagetools(o, text(o, "name"), &mut out),
            Kind::Json => fragments(o, &mut out, 0),
            _ => {}
        }
    }
    out
}

/// The claims of `docker trust inspect`.
pub(super) fn rows(reports: &[trust_text::TrustText]) -> Vec<Claim> {
    let row = |report: &trust_text::TrustText, row: &trust_text::TrustRow| {
        let digest = row.digest.clone()?;
        Some(Claim {
            source: ClaimSource::TrustText,
            digest,
            reference: report.tagged(&row.tag),
            platform: None,
        })
    };
    reports.iter().flat_map(|report| report.rows.iter().filter_map(move |r| row(report, r))).collect()
}

fn push(
    out: &mut Vec<Claim>,
    source: ClaimSource,
    digest: Option<&str>,
    reference: Option<&str>,
    platform: Option<String>,
) {
    out.extend(digest.and_then(|digest| claim(source, digest, reference, platform)));
}

/// `docker image inspect`. With a `Descriptor` the containerd image store is
/// in use, and `Id` names an index or manifest instead of a configuration.
fn inspect(o: &Object<'_, '_>, out: &mut Vec<Claim>) {
    let platform = platform(o, "Os", "Architecture", "Variant");
    let descriptor = object(o, "Descriptor");
    let source = if descriptor.is_some() { ClaimSource::ContainerdId } else { ClaimSource::ImageId };
    let reference = texts(o, "RepoTags").into_iter().next();
    push(out, source, text(o, "Id"), reference, platform.clone());
    for repo in texts(o, "RepoDigests") {
        if let Some((name, digest)) = repo.split_once('@') {
            push(out, ClaimSource::RepoDigest, Some(digest), Some(name), platform.clone());
        }
    }
    if let Some(descriptor) = descriptor {
        push(out, ClaimSource::Descriptor, text(&descriptor, "digest"), reference, platform_of(&descriptor));
    }
    if let Some(root) = object(o, "RootFS") {
        for layer in texts(&root, "Layers") {
            push(out, ClaimSource::DiffId, Some(layer), None, None);
        }
    }
}

fn imagetools(o: &Object<'_, '_>, name: Option<&str>, out: &mut Vec<Claim>) {
    push(out, ClaimSource::Tool, text(o, "digest"), name, None);
    for entry in o.get("manifests").and_then(|node| node.array("").ok()).unwrap_or_default() {
        if let Ok(entry) = entry.object("") {
            push(out, ClaimSource::Tool, text(&entry, "digest"), name, platform_of(&entry));
        }
    }
    if let Some(inner) = object(o, "manifest") {
        push(out, ClaimSource::Tool, text(&inner, "digest"), name, None);
        for entry in inner.get("manifests").and_then(|node| node.array("").ok()).unwrap_or_default() {
            if let Ok(entry) = entry.object("") {
                push(out, ClaimSource::Tool, text(&entry, "digest"), name, platform_of(&entry));
            }
        }
    }
}

/// Digest members of a document of no known kind (what jq left of one).
fn fragments(o: &Object<'_, '_>, out: &mut Vec<Claim>, depth: usize) {
    if depth > 8 {
        return;
    }
    for member in o.members() {
        let name: &str = &member.name.value;
        match &member.node.value {
            Value::String(text) if name.eq_ignore_ascii_case("digest") => {
                push(out, ClaimSource::Fragment, Some(&text.value), None, platform_of(o));
            }
            Value::String(text) if name == "Id" => {
                push(out, ClaimSource::ImageId, Some(&text.value), None, None)
            }
            Value::Object(_) => member.node.object("").iter().for_each(|o| fragments(o, out, depth + 1)),
            Value::Array(items) => {
                items.iter().filter_map(|i| i.object("").ok()).for_each(|o| fragments(&o, out, depth + 1));
            }
            _ => {}
        }
    }
}
