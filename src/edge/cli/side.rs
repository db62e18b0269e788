//! One of the two images that `compare` holds against each other: its documents, its
//! platforms, and where its layers can be read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use webdis_verify::Result;
use webdis_verify::base::digest::{ClaimedDigest, Digest, shorten};
use webdis_verify::base::error::Error;
use webdis_verify::edge::native::client::Client;
use webdis_verify::engine::link::{Link, Place};
use webdis_verify::evidence::archive::{self, Layer};
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::model::oci::{self, Config, Descriptor, Document, MediaType, Platform};
use webdis_verify::model::reference::Reference;
use webdis_verify::session::check::Options;
use webdis_verify::session::registry::codes;
use webdis_verify::session::{self, Route, Session};

use crate::{check, comparison, fetch, read};

/// One image.
pub(crate) struct Side {
    pub(crate) name: String,
    pub(crate) root: ClaimedDigest,
    given: Vec<Given>,
    /// Where each stands in `given`, by its digest and by what a blob unpacks to.
    by_digest: BTreeMap<ClaimedDigest, usize>,
    by_id: BTreeMap<ClaimedDigest, usize>,
    layers: Source,
}

enum Source {
    Path(PathBuf),
    Registry(Box<Session>, Client),
}

/// One platform of an image.
pub(crate) struct Part {
    /// What the list says of it, else its config.
    machine: Option<Platform>,
    pub(crate) manifest: Option<ClaimedDigest>,
    pub(crate) config: Option<ClaimedDigest>,
    pub(crate) layers: Vec<Descriptor>,
    pub(crate) diff_ids: Vec<ClaimedDigest>,
}

impl Part {
    /// Its platform in words.
    pub(crate) fn platform(&self) -> String {
        match &self.machine {
            Some(platform) if platform.is_attestation() => comparison::ATTESTATION.to_owned(),
            Some(platform) => shorten(&platform.to_string()),
            None => "unspecified platform".to_owned(),
        }
    }

    /// Whether both are for the same machine, or neither says which.
    pub(crate) fn same_machine(&self, other: &Self) -> bool {
        match (&self.machine, &other.machine) {
            (Some(one), Some(other)) => one.same_machine(other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// How many layers it has, by whichever document knows.
    pub(crate) fn count(&self) -> usize {
        self.layers.len().max(self.diff_ids.len())
    }

    /// A layer's digest as the manifest lists it.
    pub(crate) fn listed(&self, at: usize) -> Option<&ClaimedDigest> {
        self.layers.get(at).map(|layer| &layer.digest)
    }

    /// BuildKit's mark of what is said about the images beside it.
    pub(crate) fn is_attestation(&self) -> bool {
        self.machine.as_ref().is_some_and(Platform::is_attestation)
    }
}

impl Side {
    /// Reads an archive or a folder, or fetches the documents of a reference.
    pub(crate) fn open(name: &str) -> Result<Self> {
        let path = Path::new(name);
        let mut session = Session::new(&Options::at(check::now()?))?;
        let layers = if path.exists() {
            for given in read::all(&[path.to_owned()])? {
                session.add(given);
            }
            None
        } else if is_path(name) {
            return Err(match File::open(path) {
                Ok(_) => Error::new(crate::args::codes::NO_IMAGE).in_place(name),
                Err(error) => check::unreadable(path, &error),
            });
        } else {
            let reference = Reference::parse_loose(name)?;
            session = Session::new(&Options { image: Some(name.to_owned()), ..Options::at(check::now()?) })?;
            let client = fetch::client(&reference, &[]);
            session.fetch(Route::Direct)?;
            fetch::run(&client, &mut session);
            Some(client)
        };
        let report = session.check();
        // What an archive's documents say is compared: they must be true of its bytes.
        let untrue = |link: &&Link| link.code().starts_with("archive-") && link.place() == Place::Chain;
        if let Some(link) = report.links.iter().find(untrue) {
            return Err(Error::new(crate::args::codes::ARCHIVE_BROKEN).in_place(name).found(link.claim()));
        }
        let root = report.subject.digest.as_deref().and_then(|digest| ClaimedDigest::parse(digest).ok());
        let Some(root) = root else {
            if report.code.starts_with("registry-") {
                let found = report.headline;
                return Err(Error::new(crate::args::codes::UNFETCHED).found(found));
            }
            let why = report.headline.strip_prefix("Could not check: ").unwrap_or(&report.headline);
            let found = why.trim_end_matches('.');
            return Err(Error::new(crate::args::codes::NO_IMAGE).in_place(name).found(found));
        };
        let given: Vec<Given> = session.evidence().map(|(_, given)| given.clone()).collect();
        let (mut by_digest, mut by_id) = (BTreeMap::new(), BTreeMap::new());
        for (at, given) in given.iter().enumerate() {
            by_digest.entry(given.digest().to_claim()).or_insert(at);
            by_id.extend(unpacked(given).map(|id| (id.to_claim(), at)));
        }
        let layers = match layers {
            Some(client) => Source::Registry(Box::new(session), client),
            None => Source::Path(path.to_owned()),
        };
        Ok(Self { name: name.to_owned(), root, given, by_digest, by_id, layers })
    }

    pub(crate) fn document(&self, digest: &ClaimedDigest) -> Option<Document> {
        let given = self.given.get(*self.by_digest.get(digest)?)?;
        oci::read(&given.bytes).ok()
    }

    fn config(&self, digest: &ClaimedDigest) -> Option<Config> {
        match self.document(digest) {
            Some(Document::Config(config)) => Some(config),
            _ => None,
        }
    }

    /// Its platforms, and what is said about them.
    pub(crate) fn parts(&self) -> Vec<Part> {
        match self.document(&self.root) {
            Some(Document::Index(index)) => index.manifests.iter().map(|child| self.listed(child)).collect(),
            _ => vec![self.part(&self.root)],
        }
    }

    fn listed(&self, child: &Descriptor) -> Part {
        let part = self.part(&child.digest);
        let said = child.platform.clone().filter(|platform| !platform.is_unnamed());
        Part { machine: said.or(part.machine), ..part }
    }

    fn part(&self, digest: &ClaimedDigest) -> Part {
        match self.document(digest) {
            Some(Document::Manifest(manifest)) => {
                let config = self.config(&manifest.config.digest);
                Part {
                    machine: config.as_ref().map(|config| config.platform.clone()),
                    manifest: Some(digest.clone()),
                    config: Some(manifest.config.digest),
                    layers: manifest.layers,
                    diff_ids: config.map(|config| config.diff_ids).unwrap_or_default(),
                }
            }
            Some(Document::Config(config)) => Part {
                machine: Some(config.platform),
                manifest: None,
                config: Some(digest.clone()),
                layers: Vec::new(),
                diff_ids: config.diff_ids,
            },
            _ => Part {
                machine: None,
                manifest: Some(digest.clone()),
                config: None,
                layers: Vec::new(),
                diff_ids: Vec::new(),
            },
        }
    }

    /// Whether an archive holds anything of a platform but its manifest: `docker save`
    /// leaves out whole platforms, and never one layer. A registry holds all.
    pub(crate) fn holds(&self, part: &Part) -> bool {
        self.has_config(part) || (0..part.count()).any(|at| self.blob(part, at).is_some())
    }

    /// Whether its config is at hand.
    pub(crate) fn has_config(&self, part: &Part) -> bool {
        matches!(self.layers, Source::Registry(..))
            || part.config.as_ref().is_some_and(|config| self.by_digest.contains_key(config))
    }

    /// Whether the layer that the documents demand is at hand. `listed` if the other side
    /// lists the very same compressed bytes: then those need not be unpacked.
    pub(crate) fn has_layer(&self, part: &Part, at: usize, listed: bool) -> bool {
        let named = part.layers.get(at);
        // A foreign layer is kept at an address of its own.
        if matches!(self.layers, Source::Registry(..))
            || named.is_some_and(|named| listed && MediaType::is_foreign(&named.media_type))
        {
            return true;
        }
        let Some(given) = self.blob(part, at) else { return false };
        let found = unpacked(given).map(|id| id.to_claim());
        let is = |id: &ClaimedDigest| found.as_ref() == Some(id);
        part.diff_ids.get(at).is_some_and(is)
            || listed && named.is_some_and(|named| named.digest.matches(&given.digest()))
    }

    /// The bytes that stand for a layer: those that the manifest lists, else those that
    /// unpack to what the config demands.
    fn blob(&self, part: &Part, at: usize) -> Option<&Given> {
        let named = part.layers.get(at).and_then(|named| self.by_digest.get(&named.digest));
        let found = named.or_else(|| self.by_id.get(part.diff_ids.get(at)?))?;
        self.given.get(*found)
    }

    /// The files of a layer, if it can be read here.
    pub(crate) fn files(&self, part: &Part, at: usize) -> Result<Option<archive::Files>> {
        match &self.layers {
            Source::Path(path) => {
                let readable = |given: &&Given| match &given.origin {
                    Origin::Measured(measured) => measured.diff_id().is_some(),
                    _ => false,
                };
                let Some(found) = self.blob(part, at).filter(readable) else { return Ok(None) };
                let wrong = |error: io::Error| check::unreadable(path, &error);
                if path.is_dir() {
                    let mut file = File::open(&found.name).map_err(wrong)?;
                    return stream(Layer::new(), &mut file).map_err(wrong)?.map(Some);
                }
                let inside = found.name.strip_prefix(&format!("{}/", path.to_string_lossy()));
                let layer = inside.map_or_else(Layer::new, Layer::in_archive);
                stream(layer, &mut File::open(path).map_err(wrong)?).map_err(wrong)?.map(Some)
            }
            Source::Registry(session, client) => {
                let Some(layer) = part.layers.get(at) else { return Ok(None) };
                let layer = session::Layer { digest: layer.digest.clone(), size: layer.size };
                let Some(request) = session.layer_request(&layer) else { return Ok(None) };
                let mut opened = client.open(&request)?;
                if opened.status != 200 {
                    let found = opened.status.to_string();
                    return Err(Error::new(codes::STATUS).in_place(&request.purpose).found(found));
                }
                let cut = |error: io::Error| {
                    Error::new(codes::TRUNCATED).in_place(&request.purpose).found(error.to_string())
                };
                stream(Layer::new(), &mut opened.body).map_err(cut)?.map(Some)
            }
        }
    }
}

/// Digest of the uncompressed bytes, where it is known.
fn unpacked(given: &Given) -> Option<Digest> {
    match &given.origin {
        Origin::Measured(measured) => measured.diff_id(),
        _ => Some(given.digest()),
    }
}

/// Whether what is not there is a file's name: none of a repository.
fn is_path(name: &str) -> bool {
    let ends = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".json", ".txt"];
    name.starts_with(['/', '.', '~']) || ends.iter().any(|end| name.ends_with(end))
}

fn stream(mut layer: Layer, input: &mut impl Read) -> io::Result<Result<archive::Files>> {
    let mut piece = vec![0; 1 << 20];
    loop {
        let length = input.read(&mut piece)?;
        let bytes = piece.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(layer.finish());
        }
        if let Err(error) = layer.push(bytes) {
            return Ok(Err(error));
        }
    }
}
