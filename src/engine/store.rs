//! The documents at hand: original bytes, their digest, their reading.

use crate::base::digest::ClaimedDigest;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::order;
use crate::base::order::{Map as BTreeMap, Set as BTreeSet};
use crate::evidence;
use crate::evidence::{Item, Kind, Origin};
use crate::model::oci::{self, Config, Document, Index, Manifest};

use super::{archive, codes};

/// Digests worth finding.
pub(super) type Hints = BTreeSet<ClaimedDigest>;

/// A document of an image with its bytes.
#[derive(Debug)]
pub(super) struct Doc {
    /// Index into [`Store::items`].
    pub(super) item: usize,
    /// What it is.
    pub(super) document: Document,
    /// Whether these are surely the original bytes: some other text names
    /// their digest, or they came as bytes and not as printed text.
    pub(super) original: bool,
}

/// Everything given, with bytes restored where that was possible.
#[derive(Debug)]
pub(super) struct Store {
    /// Recognised items; `bytes` and `digest` are the restored ones.
    pub(super) items: Vec<Item>,
    /// Documents of images among them.
    pub(super) docs: Vec<Doc>,
    items_by_digest: BTreeMap<ClaimedDigest, usize>,
    docs_by_digest: BTreeMap<ClaimedDigest, usize>,
    /// For each digest, the documents (indexes, manifests) that name it.
    parents: BTreeMap<ClaimedDigest, Vec<usize>>,
    /// Digests of the `index.json` files of OCI layouts: lists of roots.
    layouts: BTreeSet<ClaimedDigest>,
    /// Indexes and manifests that strict reading refuses: two programs may read
    /// them differently, so nothing is proven of them, and none is passed over.
    refused: BTreeMap<ClaimedDigest, Error>,
}

impl Store {
    /// Restores bytes and reads documents. `hints` are digests worth finding;
    /// what `meant` says of them is read before any limit applies.
    pub(super) fn new(mut items: Vec<Item>, hints: &Hints, meant: &Hints) -> Self {
        let mut budget = limits::RECOVERY_BUDGET;
        let mut docs = Vec::new();
        let mut refused = BTreeMap::new();
        if items.iter().any(|item| item.kind == Kind::ManifestVerbose) {
            items.push_all(lists_behind(&items, hints, &mut budget));
        }
        // The smallest first, so that a large text leaves something for others.
        let mut documents: Vec<_> =
            items.iter_mut().enumerate().filter(|(_, item)| is_hashed_document(item.kind)).collect_vec();
        order::sort_by_key(&mut documents, |(i, item)| (item.bytes.len(), *i));
        let restored = documents.into_iter().map(|(i, item)| (i, restore(item, hints, &mut budget)));
        let named: BTreeMap<usize, bool> = restored.collect();
        let mut read = documents_of(&items, named.keys().copied(), meant);
        for (i, item) in items.iter_mut().enumerate() {
            let Some(named) = named.get(&i).copied().filter(|_| item.kind != Kind::Payload) else { continue };
            let Some(read) = read.get_mut(i).and_then(Option::take) else { continue };
            match read {
                Ok(document) => {
                    let original = named || came_as_bytes(item);
                    if !original {
                        item.notes.push(Message::new(codes::BYTES_UNCONFIRMED, &[]));
                    }
                    docs.push(Doc { item: i, document, original });
                }
                Err(error) => {
                    let error = if named { error } else { of_broken_text(item, error) };
                    // That it was shortened says why.
                    if !item.is_shortened() {
                        item.notes.push(Message::from(&error));
                    }
                    if matches!(item.kind, Kind::Index | Kind::Manifest) {
                        refused.insert(item.digest.to_claim(), error);
                    }
                }
            }
        }
        // The first of several with the same bytes stands for them all.
        let items_by_digest =
            items.iter().enumerate().rev().map(|(i, item)| (item.digest.to_claim(), i)).collect();
        let digest = |doc: &Doc| doc.document.digest().to_claim();
        let docs_by_digest = docs.iter().enumerate().rev().map(|(i, doc)| (digest(doc), i)).collect();
        let parents = parents(&docs, &docs_by_digest);
        let folders = archive::layouts(&items);
        let is_layout = |item: &&Item| archive::is_layout_index(item, &folders);
        let layouts = items.iter().filter(is_layout).map(|item| item.digest.to_claim()).collect();
        Self { items, docs, items_by_digest, docs_by_digest, parents, layouts, refused }
    }

    /// Why the bytes of a digest are refused, whoever signed them.
    pub(super) fn refused(&self, digest: &ClaimedDigest) -> Option<&Error> {
        self.refused.get(digest)
    }

    /// Images that could not be read: what they hold is not known.
    pub(super) fn unread(&self) -> impl Iterator<Item = &ClaimedDigest> {
        self.refused.keys()
    }

    /// Whether an item is the list of an OCI layout's roots.
    pub(super) fn is_layout_index(&self, item: &Item) -> bool {
        item.kind == Kind::Index && self.layouts.contains(&item.digest.to_claim())
    }

    /// The item whose bytes hash to a digest.
    pub(super) fn item(&self, digest: &ClaimedDigest) -> Option<&Item> {
        self.item_index(digest).and_then(|i| self.items.get(i))
    }

    pub(super) fn item_index(&self, digest: &ClaimedDigest) -> Option<usize> {
        self.items_by_digest.get(digest).copied()
    }

    /// The document whose bytes hash to a digest.
    pub(super) fn doc(&self, digest: &ClaimedDigest) -> Option<&Doc> {
        self.docs_by_digest.get(digest).and_then(|i| self.docs.get(*i))
    }

    /// The same, as read.
    pub(super) fn document(&self, digest: &ClaimedDigest) -> Option<&Document> {
        self.doc(digest).map(|doc| &doc.document)
    }

    /// The index of a digest.
    pub(super) fn index(&self, digest: &ClaimedDigest) -> Option<&Index> {
        if let Some(Document::Index(index)) = self.document(digest) { Some(index) } else { None }
    }

    /// The manifest of a digest.
    pub(super) fn manifest(&self, digest: &ClaimedDigest) -> Option<&Manifest> {
        if let Some(Document::Manifest(manifest)) = self.document(digest) { Some(manifest) } else { None }
    }

    /// The config of a digest.
    pub(super) fn config(&self, digest: &ClaimedDigest) -> Option<&Config> {
        if let Some(Document::Config(config)) = self.document(digest) { Some(config) } else { None }
    }

    /// Documents at hand that name a digest as their child.
    pub(super) fn parents(&self, child: &ClaimedDigest) -> impl Iterator<Item = &Doc> {
        self.parents.get(child).into_iter().flatten().filter_map(|i| self.docs.get(*i))
    }

    /// Bytes of a document.
    pub(super) fn bytes(&self, doc: &Doc) -> &[u8] {
        self.items.get(doc.item).map_or(&[], |item| &item.bytes)
    }

    /// Images at hand: indexes and manifests, but not those that are attached
    /// to an image.
    pub(super) fn images(&self) -> impl Iterator<Item = &Doc> {
        self.docs.iter().filter(|doc| match &doc.document {
            Document::Index(index) => {
                !index.is_referrers_list() && !self.layouts.contains(&index.digest().to_claim())
            }
            Document::Manifest(manifest) => manifest.is_image(),
            Document::Config(_) => false,
        })
    }

    /// Images that no index at hand lists. The list of an archive's roots is
    /// none.
    pub(super) fn top_images(&self) -> Vec<&Doc> {
        let is_index = |doc: &Doc| match &doc.document {
            Document::Index(index) => !self.layouts.contains(&index.digest().to_claim()),
            Document::Manifest(_) | Document::Config(_) => false,
        };
        let listed = |digest: &ClaimedDigest| self.parents(digest).any(is_index);
        let mut seen = BTreeSet::new();
        self.images()
            .filter(|doc| !listed(&doc.document.digest().to_claim()))
            .filter(|doc| seen.insert(doc.document.digest()))
            .collect_vec()
    }
}

/// The reading of each item that may be a document. What the user or a witness
/// means comes first, then the smallest: what a stranger makes large has no room,
/// what is real has.
fn documents_of(
    items: &[Item],
    all: impl Iterator<Item = usize>,
    meant: &Hints,
) -> Vec<Option<Result<Document>>> {
    let mut sized: Vec<(usize, &Item)> = all.filter_map(|i| Some((i, items.get(i)?))).collect_vec();
    let is_meant = |item: &Item| meant.contains(&item.digest.to_claim());
    order::sort_by_key(&mut sized, |(i, item)| (!is_meant(item), item.bytes.len(), item.digest, *i));
    let mut descriptors = 0_usize;
    let mut read: Vec<Option<Result<Document>>> = items.iter().map(|_| None).collect_vec();
    for (i, item) in sized.into_iter().filter(|(_, item)| item.kind != Kind::Payload) {
        let document = oci::read(&item.bytes).and_then(|document| {
            descriptors = descriptors.saturating_add(document.descriptors());
            limits::within("descriptors in all documents", descriptors, limits::DESCRIPTORS)?;
            Ok(document)
        });
        if let Some(slot) = read.get_mut(i) {
            *slot = Some(document);
        }
    }
    read
}

/// Who names whom, each document once.
fn parents(docs: &[Doc], by_digest: &BTreeMap<ClaimedDigest, usize>) -> BTreeMap<ClaimedDigest, Vec<usize>> {
    let mut parents: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for i in by_digest.values() {
        let children: BTreeSet<_> =
            docs.get(*i).map(|doc| doc.document.children()).into_iter().flatten().collect();
        for child in children {
            parents.change(child.clone(), |parents| parents.push(*i));
        }
    }
    parents
}

/// Kinds whose exact bytes matter.
const fn is_hashed_document(kind: Kind) -> bool {
    matches!(kind, Kind::Index | Kind::Manifest | Kind::SignatureManifest | Kind::Config | Kind::Payload)
}

/// Tools that print a document anew end it with a newline; registries and
/// tools that hand out the original bytes do not. What stands in a text or in
/// another document shows no end of its own.
fn came_as_bytes(item: &Item) -> bool {
    let alone = !item.in_text && item.parent.is_none();
    let given = alone && item.origin != Origin::Paste;
    given && !item.bytes.ends_with(b"\n") && item.repairs.is_empty()
}

/// The lists that `docker manifest inspect -v` took apart, where something names one.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn lists_behind(items: &[Item], hints: &Hints, budget: &mut usize) -> Vec<Item> {
    // Its manifests are items of their own, and named by it.
    let at_hand: Hints = items.iter().map(|item| item.digest.to_claim()).collect();
    let wanted: Hints = hints.iter().filter(|hint| !at_hand.contains(*hint)).cloned().collect();
    let verbose = items.iter().filter(|item| item.kind == Kind::ManifestVerbose);
    let list = |item: &Item| {
        let recovered = evidence::recover_within(&item.bytes, &wanted, budget).ok()?;
        let mut repairs = item.repairs.clone();
        repairs.push_all(recovered.repairs);
        Some(Item {
            kind: Kind::Index,
            digest: recovered.digest,
            size: recovered.bytes.len(),
            bytes: recovered.bytes,
            facts: Vec::new(),
            printed_for: None,
            notes: Vec::new(),
            parent: None,
            repairs,
            ..item.clone()
        })
    };
    verbose.filter_map(list).collect_vec()
}

/// Finds the original bytes of an item; says whether something names them.
fn restore(item: &mut Item, hints: &Hints, budget: &mut usize) -> bool {
    if hints.contains(&item.digest.to_claim()) {
        return true;
    }
    if *budget == 0 {
        item.notes.push(Message::from(&budget_spent(item.bytes.len())));
    }
    match evidence::recover_within(&item.bytes, hints, budget) {
        Ok(recovered) => {
            item.bytes = recovered.bytes;
            item.digest = recovered.digest;
            item.repairs.push_all(recovered.repairs);
            true
        }
        Err(_) if item.origin == Origin::Paste => {
            let trimmed = evidence::trimmed(&item.bytes);
            item.bytes = trimmed.bytes;
            item.digest = trimmed.digest;
            item.repairs.push_all(trimmed.repairs);
            if evidence::is_sorted(&item.bytes) {
                item.notes.push(Message::new(evidence::codes::SORTED, &[]));
            }
            false
        }
        Err(_) => false,
    }
}

/// What does not hold in a document that was put together from a text with broken strings
/// may be the text's fault: nobody knows the bytes.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn of_broken_text(item: &Item, error: Error) -> Error {
    use evidence::codes::{DAMAGED, REPAIR_LINES, REPAIR_WRAPPED};
    let broken = [REPAIR_WRAPPED.name(), REPAIR_LINES.name()];
    let joined = item.repairs.iter().any(|repair| broken.contains(&repair.code));
    let blamed = joined && error.class() == crate::base::code::Class::Contradicted;
    if blamed { Error::new(DAMAGED).found(error.sentence()) } else { error }
}

fn budget_spent(size: usize) -> Error {
    Error::new(limits::codes::LIMIT)
        .in_place("texts to restore in one check")
        .expected(format!("{} bytes tried", limits::RECOVERY_BUDGET))
        .found(format!("{size} more bytes"))
}
