//! What an image archive names: the roots of an OCI layout and the images of
//! a `docker save`. They are witnesses like any other (docs/VERDICT.md,
//! section 3): the archive's root is what is asked about, and a blob that
//! merely lies beside it is not.

use crate::base::digest::ClaimedDigest;
use crate::base::error::Error;
use crate::base::json;
use crate::base::list::{CollectVec as _, PushAll as _};
use crate::base::order::{Map, Set};
use crate::evidence::{About, DigestKind, Item, Kind, codes};
use crate::model::oci::{Descriptor, Document, MediaType, Platform};
use crate::model::reference::Reference;

use super::facts::{self, Statement, Voice, about};
use super::path;
use super::saved;
use super::store::Store;

/// OCI image-spec, annotations.md: the name of a root in `index.json`.
const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// containerd's full name of a root.
const CONTAINERD_NAME: &str = "io.containerd.image.name";
/// What `cosign save` marks its roots with: `…/image`, `…/sigs`, `…/atts`.
const COSIGN_KIND: &str = "kind";
/// Layers of what is said about an image under a config like an image's: cosign
/// signatures and attestations, and those of BuildKit.
const SAYINGS: [&str; 3] =
    ["application/vnd.dev.cosign.", "application/vnd.dsse.envelope.", "application/vnd.in-toto"];

/// What the layers of a signature or an attestation are, by their bytes.
const STATEMENTS: [Kind; 4] = [Kind::Payload, Kind::Envelope, Kind::Statement, Kind::Bundle];

/// Whether an item is the `index.json` of an OCI layout: a list of roots, and
/// no image. `siblings` are the folders that hold an `oci-layout` file.
pub(super) fn is_layout_index(item: &Item, layouts: &[&str]) -> bool {
    item.kind == Kind::Index && folder_of(&item.name, "index.json").is_some_and(|f| layouts.contains(&f))
}

/// Folders with the file that marks an OCI layout (image-layout.md).
pub(super) fn layouts(items: &[Item]) -> Vec<&str> {
    items.iter().filter_map(|item| folder_of(&item.name, "oci-layout")).collect_vec()
}

/// How the file `version` of a `dir:` begins (containers/image, directory
/// transport: `manifest.json` and blobs under their bare digests).
const DIRECTORY: &[u8] = b"Directory Transport Version:";

/// Folders that are a `dir:` of containers/image: by their `version`, or by a
/// blob under its bare digest beside `manifest.json`.
fn directories(items: &[Item]) -> Set<&str> {
    let folder = |item| {
        let name = whole_name(item)?;
        let at = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
        let (folder, file) = name.split_at_checked(at)?;
        let marked = file == "version" && item.bytes.starts_with(DIRECTORY);
        (marked || is_hex(file)).then_some(folder)
    };
    let apart = |folder: &&str| !folder.ends_with("blobs/sha256/");
    items.iter().filter_map(folder).filter(apart).collect()
}

fn is_hex(file: &str) -> bool {
    ClaimedDigest::parse_sha256_hex(file).is_ok()
}

/// The name of a file that was read as it is.
fn whole_name(item: &Item) -> Option<&str> {
    (item.parent.is_none() && item.repairs.is_empty()).then_some(item.name.as_str())
}

/// The manifest of a `dir:`, and its folder.
fn manifest_of_directory<'s>(item: &'s Item, directories: &Set<&str>) -> Option<&'s str> {
    let folder = folder_of(whole_name(item)?, "manifest.json")?;
    directories.contains(folder).then_some(folder)
}

/// The folder of a path that ends in this file name.
pub(super) fn folder_of<'n>(name: &'n str, file: &str) -> Option<&'n str> {
    let folder = name.strip_suffix(file)?;
    (folder.is_empty() || folder.ends_with(['/', '\\'])).then_some(folder)
}

/// The roots that archives and layouts name. An only root is meant whatever it
/// is called there: `docker tag` is enough to call it something else.
pub(super) fn roots(store: &Store, asked: Option<&Reference>) -> Vec<Statement> {
    let mut lists = lists(store, asked);
    let of = |lists: &[List<'_>]| -> Vec<Statement> {
        lists.iter().flat_map(|list| list.roots.iter().cloned()).collect_vec()
    };
    let all = of(&lists);
    if is_one(store, &all) && !all.iter().any(|root| root.may_be_about(asked)) {
        lists.iter_mut().for_each(|list| list.call(&About::default()));
        return of(&lists);
    }
    // Of an archive that is asked for, a loader takes the only root of a list
    // whatever it is called. It is called as asked only where the archive says so.
    let folders = |is: &dyn Fn(&Statement) -> bool| -> Vec<&str> {
        lists.iter().filter(|list| list.roots.iter().any(is)).map(|list| list.folder).collect_vec()
    };
    let meant = folders(&|root| root.may_be_about(asked));
    let named = folders(&|root| asked.is_some_and(|asked| root.is_of_tag(asked)));
    for list in &mut lists {
        if let Some(asked) = asked.filter(|_| meant.contains(&list.folder) && is_one(store, &list.roots)) {
            let name = named.contains(&list.folder).then(|| facts::about(asked));
            list.call(&name.unwrap_or_default());
        }
    }
    of(&lists)
}

/// What archives call the image of a statement, by any of its digests.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn names_of(store: &Store, said: &Statement) -> Vec<About> {
    let one = |root: &Statement| is_one(store, &[root.clone(), said.clone()]);
    roots(store, None).into_iter().filter(one).map(|root| root.about).collect_vec()
}

/// What archives call a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Called {
    /// Nothing.
    Nothing,
    /// What was asked for, or its tag.
    Asked,
    /// Something else, and nothing of what was asked for: it may be another release's.
    Otherwise,
}

/// What archives call the root that a statement is of, or whose config it names.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn called(store: &Store, asked: Option<&Reference>, said: &Statement) -> Called {
    let lists = lists(store, asked);
    let is = |root: &&Statement| {
        let config = || config_of(store, root).is_some_and(|config| config.digest == said.digest);
        root.digest == said.digest || config()
    };
    let named = |root: &&Statement| root.about.repository.is_some() || root.about.tag.is_some();
    let mut named = lists.iter().flat_map(|list| &list.roots).filter(is).filter(named).peekable();
    if named.peek().is_none() {
        return Called::Nothing;
    }
    if named.any(|root| root.may_be_about(asked)) { Called::Asked } else { Called::Otherwise }
}

/// Whether roots are one image, and what it consists of.
fn is_one(store: &Store, roots: &[Statement]) -> bool {
    let leads =
        |from: &ClaimedDigest, to: &ClaimedDigest| from == to || path::find(store, from, to).is_some();
    roots.first().is_some_and(|first| {
        roots.iter().all(|root| leads(&first.digest, &root.digest) || leads(&root.digest, &first.digest))
    })
}

/// A list of roots: `index.json` of a layout, `manifest.json` of a save.
struct List<'s> {
    /// Where it lies: the same folder is the same archive.
    folder: &'s str,
    roots: Vec<Statement>,
}

impl List<'_> {
    fn call(&mut self, name: &About) {
        for root in &mut self.roots {
            root.about = About { platform: root.about.platform.take(), ..name.clone() };
        }
    }
}

/// The config of a manifest that an archive names, where that is at hand.
pub(super) fn config_of(store: &Store, said: &Statement) -> Option<Statement> {
    let Document::Manifest(manifest) = &store.doc(&said.digest)?.document else { return None };
    let archive = said.voice == Voice::Archive && MediaType::parse(&manifest.config.media_type).is_config();
    let digest = manifest.config.digest.clone();
    archive.then(|| Statement { digest, kind: DigestKind::Config, ..said.clone() })
}

/// The same of a list, of all images in it; none where one is not at hand.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn configs_of(store: &Store, said: &Statement) -> Option<Vec<Statement>> {
    let Document::Index(index) = &store.doc(&said.digest)?.document else {
        return config_of(store, said).map(|config| vec![config]);
    };
    let images =
        index.manifests.iter().filter(|child| !child.platform.as_ref().is_some_and(Platform::is_unknown));
    images
        .map(|child| config_of(store, &Statement { digest: child.digest.clone(), ..said.clone() }))
        .collect()
}

fn lists<'s>(store: &'s Store, asked: Option<&Reference>) -> Vec<List<'s>> {
    let mut lists = Vec::new();
    let mut names = None;
    let directories = directories(&store.items);
    for item in &store.items {
        // Of whatever kind: schema 1 is loaded, too.
        if let Some(folder) =
            manifest_of_directory(item, &directories).filter(|_| item.kind != Kind::ArchiveInfo)
        {
            let kind = if item.kind == Kind::Index { DigestKind::Index } else { DigestKind::Manifest };
            let root = Statement {
                digest: item.digest.to_claim(),
                kind,
                about: About::default(),
                voice: Voice::Archive,
                tool: "archive".to_owned(),
            };
            lists.push(List { folder, roots: vec![root] });
        } else if store.is_layout_index(item) {
            let folder = folder_of(&item.name, "index.json").unwrap_or_default();
            lists.push(List { folder, roots: of_layout(store, item, asked) });
        } else if let Some(folder) =
            folder_of(&item.name, "manifest.json").filter(|_| item.kind == Kind::ArchiveInfo)
        {
            let names = names.get_or_insert_with(|| saved::names(store));
            lists.push(List { folder, roots: of_docker_save(folder, &item.bytes, names) });
        }
    }
    lists
}

/// The images of a layout. What has the asked name is what was asked for, also where it
/// is none.
fn of_layout(store: &Store, item: &Item, asked: Option<&Reference>) -> Vec<Statement> {
    let Ok(Document::Index(index)) = crate::model::oci::read(&item.bytes) else { return Vec::new() };
    // A bare tag is what most tools call a root.
    let is_asked = |entry: &&Descriptor| {
        let called = |asked: &Reference, about: &About| {
            about.tag.as_deref().is_some_and(|tag| Some(tag) == asked.tag_or_latest())
                && about.repository.as_ref().is_none_or(|name| *name == asked.name())
        };
        asked.is_some_and(|asked| root(entry).iter().any(|named| called(asked, &named.about)))
    };
    let counts = |entry: &&Descriptor| is_image(store, entry) || is_asked(entry);
    index.manifests.iter().filter(counts).flat_map(root).collect_vec()
}

/// Whether a loader may take a root for an image. What an index calls it, its artifact type
/// and cosign's marks, no loader looks at, nor at what a layer is called: what it is decides.
/// Bytes at hand that are not read here others may read; where they are not at hand, its name
/// is all there is.
fn is_image(store: &Store, root: &Descriptor) -> bool {
    let media = MediaType::parse(&root.media_type);
    match store.document(&root.digest) {
        Some(Document::Manifest(manifest)) => {
            // An OCI manifest of another config is an artifact; Docker's is loaded with any.
            let docker = root.media_type.starts_with("application/vnd.docker.");
            let config = docker || MediaType::parse(&manifest.config.media_type).is_config();
            let says = |layer: &Descriptor| {
                SAYINGS.iter().any(|start| layer.media_type.starts_with(start))
                    && store.item(&layer.digest).is_some_and(|item| STATEMENTS.contains(&item.kind))
            };
            config && (manifest.layers.is_empty() || !manifest.layers.iter().all(says))
        }
        Some(Document::Index(_)) => true,
        Some(Document::Config(_)) | None if store.item(&root.digest).is_some() => true,
        Some(Document::Config(_)) | None => {
            let kind = annotation(root, COSIGN_KIND).unwrap_or_default();
            let marked = root.artifact_type.is_some() || kind.ends_with("/sigs") || kind.ends_with("/atts");
            !marked && (media.is_index() || media.is_manifest())
        }
    }
}

fn annotation<'d>(root: &'d Descriptor, name: &str) -> Option<&'d str> {
    root.annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A root under each of its names: containerd takes one, skopeo the other.
fn root(root: &Descriptor) -> Vec<Statement> {
    let names = [CONTAINERD_NAME, REF_NAME].into_iter().filter_map(|name| annotation(root, name));
    let mut said: Vec<About> = Vec::new();
    for name in names {
        // A ref.name may be a bare tag: it then says nothing of the repository.
        let full = Some(name).filter(|name| name.contains([':', '/']));
        let about = match full.and_then(|name| Reference::parse(name).ok()) {
            Some(name) => about(&name),
            None => About {
                tag: Some(name.to_owned()).filter(|name| crate::model::reference::is_tag(name)),
                ..About::default()
            },
        };
        let repeats = |before: &About| before.tag == about.tag && about.repository.is_none();
        let nothing = about == About::default();
        if !nothing && !said.iter().any(|before| repeats(before) || *before == about) {
            said.push(about);
        }
    }
    if said.is_empty() {
        said.push(About::default());
    }
    let index = MediaType::parse(&root.media_type).is_index();
    let kind = if index { DigestKind::Index } else { DigestKind::Manifest };
    let statement = |about| Statement {
        digest: root.digest.clone(),
        kind,
        about: About { platform: root.platform.clone(), ..about },
        voice: Voice::Archive,
        tool: "archive".to_owned(),
    };
    said.into_iter().map(statement).collect_vec()
}

/// `manifest.json` of `docker save`: for each image its config, under any path,
/// and its names. Whoever loads it takes the bytes there, whatever the path
/// says; where they are not at hand, the path is all there is:
/// `blobs/sha256/HEX`, `HEX.json` or `sha256:HEX`.
fn of_docker_save(folder: &str, bytes: &[u8], names: &saved::Names<'_>) -> Vec<Statement> {
    let Ok(node) = json::parse(bytes) else { return Vec::new() };
    let mut roots = Vec::new();
    for image in node.array("").unwrap_or_default() {
        let Ok(object) = image.object("") else { continue };
        let config = object.text("Config").ok().flatten().unwrap_or_default();
        let path = saved::path(folder, config);
        let held = names.get(path.as_str()).into_iter().flatten().map(|item| item.digest.to_claim());
        let mut digests: Vec<ClaimedDigest> = held.collect_vec();
        if digests.is_empty() {
            digests.push_all(saved::digest_of_path(config));
        }
        let tags = object.get_some("RepoTags").and_then(|node| node.array("").ok()).unwrap_or_default();
        let tags = tags.iter().filter_map(|name| Reference::parse(name.text("").ok()?).ok());
        let mut abouts: Vec<About> = tags.map(|name| about(&name)).collect_vec();
        if abouts.is_empty() {
            abouts.push(About::default());
        }
        for digest in digests {
            roots.push_all(abouts.iter().cloned().map(|about| Statement {
                digest: digest.clone(),
                kind: DigestKind::Config,
                about,
                voice: Voice::Archive,
                tool: "docker save".to_owned(),
            }));
        }
    }
    roots
}

/// Layouts whose list of roots this program cannot read: others may.
fn unread(store: &Store) -> Vec<Error> {
    let layouts = layouts(&store.items);
    let lists = store.items.iter().filter(|item| {
        item.parent.is_none()
            && folder_of(&item.name, "index.json").is_some_and(|folder| layouts.contains(&folder))
    });
    let unread = lists.filter(|item| !matches!(crate::model::oci::read(&item.bytes), Ok(Document::Index(_))));
    let directories = directories(&store.items);
    let manifests = store.items.iter().filter(|item| {
        manifest_of_directory(item, &directories).is_some()
            && matches!(item.kind, Kind::Index | Kind::Manifest)
            && crate::model::oci::read(&item.bytes).is_err()
    });
    let unread = unread.chain(manifests);
    unread
        .map(|item| {
            let found = crate::base::digest::shorten(&item.name);
            Error::new(codes::ARCHIVE_AMBIGUOUS).expected("an OCI index of roots").found(found)
        })
        .collect()
}

/// Roots of layouts whose blobs are not as long as the list beside them says: who reads
/// them by their size gets others. A copy that somebody printed has no part in it.
fn missized(store: &Store) -> Vec<Error> {
    let blobs: Map<&str, &Item> =
        store.items.iter().filter_map(|item| Some((whole_name(item)?, item))).collect();
    let lists = store.items.iter().filter(|item| store.is_layout_index(item));
    let of_list = |item: &Item| {
        let folder = folder_of(whole_name(item)?, "index.json")?.to_owned();
        match crate::model::oci::read(&item.bytes) {
            Ok(Document::Index(index)) => Some((folder, index.manifests)),
            _ => None,
        }
    };
    let check = |folder: &str, root: &Descriptor| {
        let path = format!("{folder}blobs/sha256/{}", root.digest.hex());
        let blob = blobs.get(path.as_str()).filter(|blob| blob.digest.to_claim() == root.digest)?;
        (u64::try_from(blob.size) != Ok(root.size)).then(|| {
            Error::new(crate::base::digest::codes::SIZE_MISMATCH)
                .expected(format!("{} bytes", root.size))
                .found(format!("{} bytes", blob.size))
        })
    };
    let found = lists
        .filter_map(of_list)
        .map(|(folder, roots)| roots.iter().filter_map(|root| check(&folder, root)).collect_vec());
    found.flatten().collect_vec()
}

/// Blobs that lie under a name that is not their digest or have another size than the
/// list of roots says, and layers that are not the config's: whoever loads the archive
/// by names gets other bytes than the ones that were checked.
pub(super) fn misnamed(store: &Store) -> Vec<Error> {
    let directories = directories(&store.items);
    let marked: Set<&str> =
        store.items.iter().filter_map(|item| manifest_of_directory(item, &directories)).collect();
    let wrong = |item: &Item| {
        let name = whole_name(item)?;
        let at = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
        let (folder, file) = name.split_at_checked(at)?;
        let directory = marked.contains(folder);
        (directory || folder == "blobs/sha256/" || folder.ends_with("/blobs/sha256/")).then_some(())?;
        let hex = file.strip_suffix(".manifest.json").filter(|_| directory).unwrap_or(file);
        let named = ClaimedDigest::parse_sha256_hex(hex).ok()?;
        (named != item.digest.to_claim()).then(|| {
            Error::new(codes::BLOB_MISNAMED).expected(named.to_string()).found(item.digest.to_string())
        })
    };
    let found = store.items.iter().filter_map(wrong);
    found.chain(saved::differing(store)).chain(unread(store)).chain(missized(store)).collect_vec()
}
