//! What became of each layer: its bytes against the digest that the manifest
//! gives, and what they unpack to against the config's `rootfs.diff_ids`
//! (OCI image-spec, layer.md and config.md). A layer that was not read is said.

use crate::base::digest::{ClaimedDigest, Digest, codes as digest_codes};
use crate::base::error::Error;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::message::Message;
use crate::base::order::{self, Map, Set};
use crate::base::proof::{Evidence, Proof, sealed};
use crate::engine::link::{Link, Place};
use crate::evidence::archive::is_blob_path;
use crate::evidence::measured::{Measured, Trouble, Unpacked};
use crate::evidence::{Item, Origin, codes as evidence_codes};
use crate::model::oci::{Config, Descriptor, Document, Manifest, MediaType};

use super::archive::folder_of;
use super::codes;
use super::path::children;
use super::saved;
use super::store::Store;

/// Most layers that get a line.
const LINES: usize = 512;
/// Most images below the subject whose layers are looked at.
const IMAGES: usize = 64;

/// Proof that a layer's bytes are those that a manifest or a config names.
#[derive(Debug)]
struct LayerMatch {
    measured: Measured,
    by_digest: bool,
    diff_id: Option<Digest>,
}

impl sealed::Sealed for LayerMatch {}

impl Proof for LayerMatch {
    fn evidence(&self) -> Evidence {
        let digest = if self.by_digest { Some(self.measured.digest()) } else { self.diff_id };
        let digest = digest.map(|digest| digest.to_string());
        let mut facts = vec![("digest of the file".to_owned(), self.measured.digest().to_string())];
        facts
            .push_all(self.diff_id.map(|id| ("digest of the uncompressed bytes".to_owned(), id.to_string())));
        if let Unpacked::Whole { size, .. } = *self.measured.unpacked() {
            facts.push(("uncompressed size".to_owned(), size.to_string()));
        }
        Evidence {
            digest: digest.clone(),
            size: usize::try_from(self.measured.size()).ok(),
            expected: digest.clone(),
            found: digest,
            rule: "SHA-256 over the layer's bytes, and over what they unpack to (OCI image-spec, layer.md; config.md, rootfs.diff_ids)".to_owned(),
            facts,
            ..Evidence::default()
        }
    }
}

/// Blobs at hand by either digest.
pub(super) struct Blobs<'s> {
    pub(super) by_digest: Map<ClaimedDigest, &'s Measured>,
    by_diff_id: Map<ClaimedDigest, &'s Measured>,
}

impl<'s> Blobs<'s> {
    pub(super) fn of(store: &'s Store) -> Self {
        let mut blobs = Self { by_digest: Map::new(), by_diff_id: Map::new() };
        for measured in store.items.iter().filter_map(measured) {
            blobs.by_digest.insert(measured.digest().to_claim(), measured);
            let Some(id) = measured.diff_id().map(Digest::to_claim) else { continue };
            // Of several the smallest: the order of inputs decides nothing.
            if blobs.by_diff_id.get(&id).is_none_or(|known| measured.digest() < known.digest()) {
                blobs.by_diff_id.insert(id, measured);
            }
        }
        blobs
    }
}

fn measured(item: &Item) -> Option<&Measured> {
    match &item.origin {
        Origin::Measured(measured) => Some(measured),
        _ => None,
    }
}

/// An image of one platform: what its manifest says, what its config says.
struct Image<'s> {
    digest: ClaimedDigest,
    manifest: Option<&'s Manifest>,
    config: Option<&'s Config>,
}

impl<'s> Image<'s> {
    fn of(store: &'s Store, digest: &ClaimedDigest) -> Option<Self> {
        let digest = digest.clone();
        match &store.doc(&digest)?.document {
            Document::Manifest(manifest) if manifest.is_image() => {
                let config = store.config(&manifest.config.digest);
                Some(Self { digest, manifest: Some(manifest), config })
            }
            Document::Config(config) => Some(Self { digest, manifest: None, config: Some(config) }),
            Document::Manifest(_) | Document::Index(_) => None,
        }
    }

    fn layers(&self) -> Vec<(Option<&'s Descriptor>, Option<&'s ClaimedDigest>)> {
        let ids: &[ClaimedDigest] = self.config.map_or(&[], |config| &config.diff_ids);
        match self.manifest {
            // Where they are not as many, nothing says which belongs to which.
            Some(manifest) => {
                let paired = ids.len() == manifest.layers.len();
                let id = |n| ids.get(n).filter(|_| paired);
                manifest.layers.iter().enumerate().map(|(n, layer)| (Some(layer), id(n))).collect_vec()
            }
            None => ids.iter().map(|id| (None, Some(id))).collect_vec(),
        }
    }
}

/// The images to look at: those below the subject, or all of them.
fn images<'s>(store: &'s Store, subject: Option<&ClaimedDigest>) -> Vec<Image<'s>> {
    let tops: Vec<ClaimedDigest> = match subject {
        Some(subject) => vec![subject.clone()],
        None => {
            let all: Set<_> = store.top_images().iter().map(|doc| doc.document.digest().to_claim()).collect();
            all.iter().cloned().collect_vec()
        }
    };
    let mut images = Vec::new();
    for top in tops {
        let below = children(store, &top);
        for digest in core::iter::once(&top).chain(&below) {
            let of_index = store.index(&top).is_some();
            if *digest == top || of_index {
                images.push_all(Image::of(store, digest));
            }
        }
    }
    images.truncate(IMAGES);
    images
}

/// A line for each layer of the images at hand of which something was read,
/// and one for each file that is no layer of them.
pub(super) fn links(store: &Store, subject: Option<&ClaimedDigest>, above: &[Link]) -> Vec<Link> {
    let blobs = Blobs::of(store);
    if blobs.by_digest.is_empty() { Vec::new() } else { of_blobs(store, &blobs, subject, above) }
}

/// The same of layers that were given.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn of_blobs(store: &Store, blobs: &Blobs<'_>, subject: Option<&ClaimedDigest>, above: &[Link]) -> Vec<Link> {
    let mut links = Vec::new();
    let mut used: Set<ClaimedDigest> = Set::default();
    for (at, image) in images(store, subject).iter().enumerate() {
        let layers = image.layers();
        let found: Vec<_> = layers.iter().map(|layer| find(blobs, *layer)).collect_vec();
        used.extend(found.iter().flatten().map(|measured| measured.digest().to_claim()));
        if found.iter().all(Option::is_none) {
            continue;
        }
        let parent = above.iter().find(|link| names(link, &image.digest)).map(Link::id);
        for (n, (layer, found)) in layers.iter().zip(found).enumerate() {
            let id = format!("layer-{}-{}", at + 1, n + 1);
            let link = line(&id, n, layers.len(), *layer, found);
            links.push(match parent {
                Some(parent) => link.under(parent),
                None => link,
            });
        }
    }
    // What does not hold is never left out.
    let mut room = LINES;
    links.retain(|link| {
        let beside = link.place() != Place::Chain;
        room = room.saturating_sub(usize::from(beside));
        !beside || room > 0
    });
    links.push_all(unlisted(store, &used));
    links
}

/// Whether a link is about a digest.
fn names(link: &Link, digest: &ClaimedDigest) -> bool {
    ["digest", "config"]
        .iter()
        .any(|arg| link.args().get(*arg).is_some_and(|text| *text == digest.to_string()))
}

fn find<'s>(
    blobs: &Blobs<'s>,
    (layer, id): (Option<&Descriptor>, Option<&ClaimedDigest>),
) -> Option<&'s Measured> {
    let exact = layer.and_then(|layer| blobs.by_digest.get(&layer.digest));
    exact.or_else(|| id.and_then(|id| blobs.by_diff_id.get(id))).copied()
}

fn line(
    id: &str,
    n: usize,
    count: usize,
    (layer, diff_id): (Option<&Descriptor>, Option<&ClaimedDigest>),
    found: Option<&Measured>,
) -> Link {
    let named =
        layer.map(|layer| &layer.digest).or(diff_id).map(ClaimedDigest::to_string).unwrap_or_default();
    let (n, count) = ((n + 1).to_string(), count.to_string());
    let mut args = vec![("n", n.as_str()), ("count", &count), ("digest", &named)];
    let Some(measured) = found else {
        let foreign = layer.is_some_and(|layer| MediaType::is_foreign(&layer.media_type));
        let code = if foreign { codes::LAYER_FOREIGN } else { codes::LAYER_ABSENT };
        return Link::open(id, code, &args).placed(Place::Branch);
    };
    let size = measured.size().to_string();
    let unpacked = measured.diff_id().map(|id| id.to_string()).unwrap_or_default();
    args.push_all([("size", size.as_str()), ("unpacked", &unpacked)]);
    let by_digest = layer.is_some_and(|layer| layer.digest.matches(&measured.digest()));
    if let Some(layer) = layer.filter(|layer| by_digest && layer.size != measured.size()) {
        let error = Error::new(digest_codes::SIZE_MISMATCH)
            .expected(format!("{} bytes", layer.size))
            .found(format!("{size} bytes"));
        return Link::failed_with(id, &error, &args);
    }
    let proof = LayerMatch { measured: measured.clone(), by_digest, diff_id: measured.diff_id() };
    let (code, agrees) = match (diff_id, measured.diff_id()) {
        (None, _) => (codes::LAYER_HASHED, true),
        (Some(_), None) => {
            let unread = *measured.unpacked() == Unpacked::Not(Trouble::Unread);
            let code = if unread { evidence_codes::LAYER_NOT_READ } else { codes::LAYER_NOT_UNPACKED };
            return Link::open(id, code, &args).placed(Place::Branch);
        }
        (Some(expected), Some(found)) => {
            let whole = by_digest || layer.is_none() && *measured.unpacked() != Unpacked::Plain;
            let code = if whole { codes::LAYER_VERIFIED } else { codes::LAYER_UNPACKED };
            (code, expected.matches(&found))
        }
    };
    if !agrees {
        let expected = diff_id.map(ClaimedDigest::to_string).unwrap_or_default();
        let error = Error::new(evidence_codes::LAYER_DIFFERS).expected(expected).found(unpacked.clone());
        return Link::failed_with(id, &error, &args);
    }
    Link::proven(id, code, &args, &proof).placed(Place::Branch)
}

/// Files given alone that no image at hand lists as a layer.
fn unlisted(store: &Store, used: &Set<ClaimedDigest>) -> Vec<Link> {
    let (folders, listed) = (folders(store), listed(store));
    let mut links = Vec::new();
    let mut items: Vec<&Item> = store.items.iter().collect_vec();
    order::sort_by_key(&mut items, |item| (item.digest, item.name.clone()));
    items.dedup_by_key(|item| (item.digest, item.name.clone()));
    for item in items {
        let Some(found) = measured(item) else { continue };
        let inside = is_inside(&folders, &item.name);
        let claim = found.digest().to_claim();
        let id = found.diff_id().map(Digest::to_claim);
        let known = |digest: &ClaimedDigest| used.contains(digest) || listed.contains(digest);
        if inside
            || known(&claim)
            || id.as_ref().is_some_and(known)
            || *found.unpacked() == Unpacked::Plain && !looks_packed(item)
        {
            continue;
        }
        let unpacked = id.map(|id| id.to_string()).unwrap_or_else(|| "-".to_owned());
        let args = [("name", item.name.as_str()), ("digest", &*claim.to_string()), ("unpacked", &unpacked)];
        let id = format!("unlisted-{}", links.len() + 1);
        links.push(Link::open(&id, codes::LAYER_UNLISTED, &args).placed(Place::Branch));
    }
    links
}

/// Folders and archives of images.
fn folders(store: &Store) -> Vec<&str> {
    let marks = ["manifest.json", "oci-layout"];
    let files = store.items.iter().filter(|item| measured(item).is_none());
    files.filter_map(|item| marks.iter().find_map(|mark| folder_of(&item.name, mark))).collect_vec()
}

fn is_inside(folders: &[&str], name: &str) -> bool {
    folders.iter().any(|folder| !folder.is_empty() && name.starts_with(folder))
}

/// Layers that documents at hand list.
fn listed(store: &Store) -> Set<ClaimedDigest> {
    store.docs.iter().flat_map(|doc| named_layers(&doc.document)).collect()
}

/// A file that may be what the user holds, in a form that is not read: compressed as no
/// reader here unpacks it, an archive in an archive, a container's files. What is signed
/// itself, a layer that is listed and what lies in an image's archive are not meant.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn unread(store: &Store, subject: &ClaimedDigest) -> Option<Message> {
    let (folders, mut known) = (folders(store), listed(store));
    known.insert(subject.clone());
    let open = |item: &&Item| {
        let id = measured(item).and_then(Measured::diff_id).map(|id| id.to_claim());
        let known = known.contains(&item.digest.to_claim()) || id.is_some_and(|id| known.contains(&id));
        !known && !is_inside(&folders, &item.name) && !is_blob_path(&item.name)
    };
    let files = || store.items.iter().filter(open);
    let names: Set<&str> =
        files().filter(|item| measured(item).is_some()).map(|item| item.name.as_str()).collect();
    let in_one = |name: &str| {
        name.match_indices('/').any(|(at, _)| name.get(..at).is_some_and(|outer| names.contains(outer)))
    };
    let said = files().filter_map(|item| {
        let noted = item.notes.iter().find(|note| note.code == evidence_codes::ARCHIVE_FORMAT_UNREAD.name());
        let format = match measured(item).map(Measured::unpacked) {
            Some(Unpacked::Not(Trouble::Unread)) => "xz, bzip2",
            None if matches!(item.origin, Origin::Refused(_)) && !names.contains(&*item.name) => return None,
            _ if !in_one(&item.name) => return noted.cloned(),
            _ if item.size == 0 => "docker export",
            _ => "tar, zip",
        };
        Some(evidence_codes::unread(&item.name, format))
    });
    // The order of what was given decides nothing.
    said.min_by_key(|note| note.args.get("place").cloned())
}

/// Whether a file that is not compressed is called a tar.
fn looks_packed(item: &Item) -> bool {
    item.name.ends_with(".tar")
}

fn named_layers(document: &Document) -> Vec<ClaimedDigest> {
    match document {
        Document::Manifest(manifest) => {
            manifest.layers.iter().map(|layer| layer.digest.clone()).collect_vec()
        }
        Document::Config(config) => config.diff_ids.clone(),
        Document::Index(_) => Vec::new(),
    }
}

/// Layers of what is held that nothing but unpacking could check, and that
/// could not be unpacked: a manifest that a daemon or anybody made lists them,
/// and not every manifest of the same config does.
pub(super) fn unknown(store: &Store, subject: Option<&ClaimedDigest>) -> Vec<Error> {
    let names = saved::names(store);
    let at = |path: &str| names.get(path).cloned().unwrap_or_default();
    let mut held: Vec<(ClaimedDigest, ClaimedDigest)> = Vec::new();
    for image in saved::images(store) {
        let items = image.layers.iter().flat_map(|path| at(path));
        let open: Vec<_> = items.filter(|item| saved::diff_id(item).is_none()).collect_vec();
        for config in at(&image.config) {
            let pair = |item: &&Item| (config.digest.to_claim(), item.digest.to_claim());
            held.push_all(open.iter().map(pair));
        }
    }
    let blobs = Blobs::of(store);
    let images = subject.map(|subject| images(store, Some(subject))).unwrap_or_default();
    for manifest in images.iter().filter_map(|image| image.manifest) {
        let open = |layer: &&Descriptor| {
            blobs.by_digest.get(&layer.digest).is_some_and(|measured| measured.diff_id().is_none())
        };
        let pair = |layer: &Descriptor| (manifest.config.digest.clone(), layer.digest.clone());
        held.push_all(manifest.layers.iter().filter(open).map(pair));
    }
    let known = |(config, layer): &(ClaimedDigest, ClaimedDigest)| {
        let mut all = store.parents(config).filter_map(|doc| match &doc.document {
            Document::Manifest(manifest) if manifest.is_image() => Some(manifest),
            _ => None,
        });
        let lists = |manifest: &Manifest| manifest.layers.iter().any(|listed| listed.digest == *layer);
        all.next().is_some_and(|first| lists(first)) && all.all(|other| lists(other))
    };
    let open: Set<ClaimedDigest> =
        held.into_iter().filter(|pair| !known(pair)).map(|(_, layer)| layer).collect();
    open.iter().map(|layer| unpacked_by_nobody(&blobs, layer)).collect()
}

/// A layer that only unpacking could check, and why it was not unpacked.
pub(super) fn unpacked_by_nobody(blobs: &Blobs<'_>, layer: &ClaimedDigest) -> Error {
    let unpacked = blobs.by_digest.get(layer).map(|measured| measured.unpacked());
    let unread = unpacked == Some(&Unpacked::Not(Trouble::Unread));
    let code = if unread { evidence_codes::LAYER_UNREAD } else { evidence_codes::LAYER_UNKNOWN };
    Error::new(code).expected(layer.to_string())
}
