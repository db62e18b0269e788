//! Indexes and manifests in the member orders of the programs that write
//! them. `docker manifest inspect` rebuilds a list in its own order and drops
//! annotations; `jq -S` sorts members.

use std::borrow::Cow;

use super::tree::{Tree, is, quoted};
use crate::base::code::Code;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::evidence::codes;

const TOP: [&str; 8] =
    ["schemaVersion", "mediaType", "artifactType", "config", "manifests", "layers", "subject", "annotations"];
const PLATFORM: [&str; 6] = ["architecture", "os", "os.version", "os.features", "variant", "features"];
/// Docker's and go-containerregistry's descriptor.
const DOCKER: [&str; 8] =
    ["mediaType", "size", "digest", "data", "urls", "annotations", "platform", "artifactType"];
/// The descriptor of the OCI image specification's Go types, as buildx writes it.
const OCI: [&str; 8] =
    ["mediaType", "digest", "size", "urls", "annotations", "data", "platform", "artifactType"];

const LIST_TYPE: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";

/// A document in one order, and how it came to be.
pub(super) struct Ordered<'a> {
    pub(super) tree: Tree<'a>,
    pub(super) repairs: Vec<Message>,
}

fn repair(code: Code, args: &[(&str, &str)]) -> Message {
    Message::new(code, args)
}

/// The orders worth trying for a document, its own first.
pub(super) fn orders(tree: Tree<'_>) -> Vec<Ordered<'_>> {
    if let Some(rebuilt) = from_verbose(&tree) {
        return rebuilt_orders(tree, rebuilt);
    }
    let mut all = vec![];
    let image = tree.get("manifests").is_some()
        || (tree.get("schemaVersion").is_some() && tree.get("layers").is_some());
    let others = if image { image_orders(&tree) } else { vec![] };
    all.push(Ordered { tree, repairs: vec![] });
    all.push_all(others);
    all
}

/// The orders of indexes that were rebuilt from a verbose list.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn rebuilt_orders<'a>(tree: Tree<'a>, rebuilt: Vec<(Tree<'a>, &'static str)>) -> Vec<Ordered<'a>> {
    let mut all = vec![Ordered { tree, repairs: vec![] }];
    for (index, kind) in rebuilt {
        let made = repair(codes::REPAIR_REBUILT, &[("type", kind)]);
        all.push_all(image_orders(&index).into_iter().map(|mut ordered| {
            ordered.repairs.insert(0, made.clone());
            ordered
        }));
    }
    all
}

fn image_orders<'a>(tree: &Tree<'a>) -> Vec<Ordered<'a>> {
    let docker = [("order", "Docker's programs")];
    let oci = [("order", "the OCI specification's Go types")];
    let mut all = Vec::new();
    let mut push = |tree: &Tree<'a>, before: &[Message]| {
        for (names, args) in [(&OCI, &oci), (&DOCKER, &docker)] {
            let mut repairs = before.to_vec();
            repairs.push(repair(codes::REPAIR_ORDER, args));
            all.push(Ordered { tree: arranged(tree, names), repairs });
        }
    };
    if let Some(annotated) = with_attestations(tree) {
        push(&annotated, &[repair(codes::REPAIR_ATTESTATIONS, &[])]);
    }
    push(tree, &[]);
    if let Some(typed) = with_artifact_types(tree) {
        push(&typed, &[repair(codes::REPAIR_TYPES, &[])]);
    }
    let mut sorted = tree.clone();
    sorted.sort();
    all.push(Ordered {
        tree: sorted,
        repairs: vec![repair(codes::REPAIR_ORDER, &[("order", "the alphabet")])],
    });
    if tree.get("manifests").is_some() && tree.get("mediaType").is_some() {
        let mut bare = arranged(tree, &OCI);
        if let Tree::Map(members) = &mut bare {
            members.retain(|(name, _)| !is(name, "mediaType"));
        }
        let repairs = vec![repair(codes::REPAIR_ORDER, &oci), repair(codes::REPAIR_NO_MEDIA_TYPE, &[])];
        all.push(Ordered { tree: bare, repairs });
    }
    all
}

/// The types of the images' configs, as go-containerregistry (crane, ko, apko, Bazel)
/// writes them into an index's descriptors.
fn with_artifact_types<'a>(tree: &Tree<'a>) -> Option<Tree<'a>> {
    let mut tree = tree.clone();
    let Tree::Map(members) = &mut tree else { return None };
    let (_, Tree::List(items)) = members.iter_mut().find(|(name, _)| is(name, "manifests"))? else {
        return None;
    };
    let mut added = false;
    for item in items {
        let media_type = match item.get("mediaType") {
            Some(kind) if kind.says("application/vnd.oci.image.manifest.v1+json") => {
                "application/vnd.oci.image.config.v1+json"
            }
            Some(kind) if kind.says("application/vnd.docker.distribution.manifest.v2+json") => {
                "application/vnd.docker.container.image.v1+json"
            }
            _ => continue,
        };
        let typed = item.get("artifactType").is_some();
        if let (false, Tree::Map(members)) = (typed, item) {
            members.push((Cow::Owned(quoted("artifactType")), Tree::text(media_type)));
            added = true;
        }
    }
    added.then_some(tree)
}

fn arranged<'a>(tree: &Tree<'a>, descriptor: &[&str]) -> Tree<'a> {
    let mut tree = tree.clone();
    if let Tree::Map(members) = &mut tree {
        Tree::ordered(members, &TOP);
        for (name, item) in members {
            match item {
                Tree::List(items) if is(name, "manifests") || is(name, "layers") => {
                    items.iter_mut().for_each(|item| arrange_descriptor(item, descriptor));
                }
                Tree::Map(_) if is(name, "config") || is(name, "subject") => {
                    arrange_descriptor(item, descriptor);
                }
                Tree::Map(_) if is(name, "annotations") => item.sort(),
                _ => {}
            }
        }
    }
    tree
}

fn arrange_descriptor(tree: &mut Tree<'_>, names: &[&str]) {
    let Tree::Map(members) = tree else { return };
    Tree::ordered(members, names);
    for (name, item) in members {
        match item {
            Tree::Map(platform) if is(name, "platform") => Tree::ordered(platform, &PLATFORM),
            Tree::Map(_) if is(name, "annotations") => item.sort(),
            _ => {}
        }
    }
}

/// Gives the k-th unknown/unknown entry the annotations buildx gives it: the
/// digest of the k-th image. `None` if no entry lacks them.
fn with_attestations<'a>(tree: &Tree<'a>) -> Option<Tree<'a>> {
    let unknown = |entry: &Tree<'_>| {
        let platform = entry.get("platform");
        let says = |name| platform.and_then(|p| p.get(name)).is_some_and(|t| t.says("unknown"));
        says("os") && says("architecture")
    };
    let mut tree = tree.clone();
    let entries = tree.get("manifests")?.items().to_vec();
    let mut images = entries.iter().filter(|e| !unknown(e)).filter_map(|e| e.get("digest")).cloned();
    let mut changed = false;
    let Tree::Map(members) = &mut tree else { return None };
    let (_, Tree::List(list)) = members.iter_mut().find(|(name, _)| is(name, "manifests"))? else {
        return None;
    };
    for entry in list.iter_mut().filter(|entry| unknown(entry)) {
        let (Some(digest), Tree::Map(members)) = (images.next(), &mut *entry) else { continue };
        if members.iter().any(|(name, _)| is(name, "annotations")) {
            continue;
        }
        let annotations = Tree::Map(vec![
            (Cow::Owned(quoted("vnd.docker.reference.digest")), digest),
            (Cow::Owned(quoted("vnd.docker.reference.type")), Tree::text("attestation-manifest")),
        ]);
        members.push((Cow::Owned(quoted("annotations")), annotations));
        changed = true;
    }
    changed.then_some(tree)
}

/// The list behind `docker manifest inspect -v`, in its two media types.
fn from_verbose<'a>(tree: &Tree<'a>) -> Option<Vec<(Tree<'a>, &'static str)>> {
    let entries = tree.items();
    let descriptors: Vec<_> = entries.iter().filter_map(|e| e.get("Descriptor")).cloned().collect_vec();
    if descriptors.is_empty() || descriptors.len() != entries.len() {
        return None;
    }
    let made = |kind: &'static str| {
        let members = vec![
            (Cow::Owned(quoted("schemaVersion")), Tree::Token("2")),
            (Cow::Owned(quoted("mediaType")), Tree::text(kind)),
            (Cow::Owned(quoted("manifests")), Tree::List(descriptors.clone())),
        ];
        (Tree::Map(members), kind)
    };
    let oci = descriptors
        .iter()
        .any(|d| d.get("mediaType").is_some_and(|t| t.says("application/vnd.oci.image.manifest.v1+json")));
    let kinds = if oci { [INDEX_TYPE, LIST_TYPE] } else { [LIST_TYPE, INDEX_TYPE] };
    Some(kinds.map(made).into())
}
