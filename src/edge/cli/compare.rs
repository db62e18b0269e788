//! `compare`: two images, an archive or a reference each: the same index,
//! manifests, configs and layers, or the first difference, down to the first
//! file of a layer. For people who rebuild.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use webdis_verify::Result;
use webdis_verify::base::digest::ClaimedDigest;
use webdis_verify::base::error::Error;
use webdis_verify::edge::native::client::Client;
use webdis_verify::engine::link::{Link, Place};
use webdis_verify::evidence::archive::{self, Layer};
use webdis_verify::evidence::measured::Measured;
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::model::oci::{self, Document, Index};
use webdis_verify::model::reference::Reference;
use webdis_verify::session::check::Options;
use webdis_verify::session::registry::codes;
use webdis_verify::session::{self, Route, Session};

use crate::comparison::{self, Comparison, Difference, Entry, Line, Named, Only, Platform, SCHEMA, State};
use crate::{check, fetch, file, read};

/// Options of `compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// An archive, a folder with an OCI layout, or a reference
    #[arg(value_name = "FILE|REF")]
    one: String,
    /// What to compare it with
    #[arg(value_name = "FILE|REF")]
    other: String,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A line each.
    #[default]
    Text,
    /// docs/comparison.schema.json.
    Json,
}

/// One image, and where its layers can be read.
struct Side {
    name: String,
    root: ClaimedDigest,
    given: Vec<Given>,
    layers: Source,
}

enum Source {
    Path(PathBuf),
    Registry(Box<Session>, Client),
}

/// One platform of an image.
struct Part {
    platform: String,
    manifest: Option<ClaimedDigest>,
    config: Option<ClaimedDigest>,
    layers: Vec<(ClaimedDigest, u64)>,
    diff_ids: Vec<ClaimedDigest>,
}

pub(crate) fn run(args: &CompareArgs) -> ExitCode {
    let sides = side(&args.one).and_then(|one| Ok((one, side(&args.other)?)));
    match sides.and_then(|(one, other)| compare(&one, &other)) {
        Ok(found) => {
            let _closed_pipe = match args.format {
                Format::Json => comparison::json(&found),
                Format::Text => comparison::text(&found),
            };
            ExitCode::from(found.outcome.exit())
        }
        Err(error) => file::fail(&error, file::status(&error).max(file::USAGE)),
    }
}

fn side(name: &str) -> Result<Side> {
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
        let why = report.headline.strip_prefix("Could not check: ").unwrap_or(&report.headline);
        return Err(Error::new(crate::args::codes::NO_IMAGE).in_place(name).found(why.trim_end_matches('.')));
    };
    let given = session.evidence().map(|(_, given)| given.clone()).collect();
    let layers = match layers {
        Some(client) => Source::Registry(Box::new(session), client),
        None => Source::Path(path.to_owned()),
    };
    Ok(Side { name: name.to_owned(), root, given, layers })
}

/// Whether what is not there is a file's name: none of a repository.
fn is_path(name: &str) -> bool {
    let ends = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".json", ".txt"];
    name.starts_with(['/', '.', '~']) || ends.iter().any(|end| name.ends_with(end))
}

impl Named {
    fn of(side: &Side) -> Self {
        let kind = match side.document(&side.root) {
            Some(Document::Config(_)) => "config",
            Some(Document::Manifest(_)) => "manifest",
            _ => "index",
        };
        Self { name: side.name.clone(), kind, digest: side.root.to_string() }
    }
}

impl Side {
    fn document(&self, digest: &ClaimedDigest) -> Option<Document> {
        let bytes = self.given.iter().find(|given| digest.matches(&given.digest()))?;
        oci::read(&bytes.bytes).ok()
    }

    fn parts(&self) -> Vec<Part> {
        let whole = |platform: String, digest: &ClaimedDigest| match self.document(digest) {
            Some(Document::Manifest(manifest)) => Part {
                platform,
                manifest: Some(digest.clone()),
                diff_ids: self.diff_ids(&manifest.config.digest),
                config: Some(manifest.config.digest.clone()),
                layers: manifest.layers.iter().map(|layer| (layer.digest.clone(), layer.size)).collect(),
            },
            Some(Document::Config(config)) => Part {
                platform: config.platform.to_string(),
                manifest: None,
                config: Some(digest.clone()),
                layers: Vec::new(),
                diff_ids: config.diff_ids,
            },
            _ => Part {
                platform,
                manifest: Some(digest.clone()),
                config: None,
                layers: Vec::new(),
                diff_ids: Vec::new(),
            },
        };
        match self.document(&self.root) {
            Some(Document::Index(index)) => {
                index.manifests.iter().map(|child| whole(Index::label(child), &child.digest)).collect()
            }
            _ => vec![self.named(whole(String::new(), &self.root))],
        }
    }

    /// A single image has its platform from its config.
    fn named(&self, part: Part) -> Part {
        let platform = match part.config.as_ref().and_then(|config| self.document(config)) {
            Some(Document::Config(config)) => config.platform.to_string(),
            _ => part.platform,
        };
        Part { platform, ..part }
    }

    fn diff_ids(&self, config: &ClaimedDigest) -> Vec<ClaimedDigest> {
        match self.document(config) {
            Some(Document::Config(config)) => config.diff_ids,
            _ => Vec::new(),
        }
    }

    /// The files of a layer, if it can be read here.
    fn files(&self, part: &Part, at: usize) -> Result<Option<archive::Files>> {
        let id = part.diff_ids.get(at);
        let named = part.layers.get(at).map(|(digest, _)| digest);
        let is = |measured: &Measured| {
            let by_id = measured.diff_id().is_some_and(|found| id.is_some_and(|id| id.matches(&found)));
            by_id || named.is_some_and(|named| named.matches(&measured.digest()))
        };
        match &self.layers {
            Source::Path(path) => {
                let found = self.given.iter().find(|given| match &given.origin {
                    Origin::Measured(measured) => is(measured),
                    _ => false,
                });
                let Some(found) = found else { return Ok(None) };
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
                let Some((digest, size)) = part.layers.get(at).cloned() else { return Ok(None) };
                let Some(request) = session.layer_request(&session::Layer { digest, size }) else {
                    return Ok(None);
                };
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

/// What was compared, down to the first difference; whether all is the same.
fn compare(one: &Side, other: &Side) -> Result<Comparison> {
    let mut found = Comparison {
        schema: SCHEMA,
        a: Named::of(one),
        b: Named::of(other),
        outcome: State::of(one.root == other.root),
        platforms: Vec::new(),
        only: Vec::new(),
    };
    if found.outcome == State::Same {
        return Ok(found);
    }
    let (ours, theirs) = (one.parts(), other.parts());
    for part in &ours {
        let Some(twin) = theirs.iter().find(|twin| twin.platform == part.platform) else { continue };
        found.platforms.push(platform(one, other, part, twin)?);
    }
    for (side, others, held) in [(&ours, &theirs, "a"), (&theirs, &ours, "b")] {
        let alone = side.iter().filter(|part| others.iter().all(|twin| twin.platform != part.platform));
        found.only.extend(alone.map(|part| Only { platform: part.platform.clone(), in_: held }));
    }
    found.outcome = State::of_all(found.platforms.iter().map(|platform| platform.outcome));
    Ok(found)
}

fn line(what: &'static str, a: Option<&ClaimedDigest>, b: Option<&ClaimedDigest>) -> Line {
    let text = |digest: Option<&ClaimedDigest>| digest.map(ClaimedDigest::to_string);
    let outcome = a.zip(b).map_or(State::NotCompared, |(a, b)| State::of(a == b));
    Line { what, outcome, layer: None, a: text(a), b: text(b) }
}

fn platform(one: &Side, other: &Side, part: &Part, twin: &Part) -> Result<Platform> {
    let mut found = Platform {
        platform: part.platform.clone(),
        outcome: State::Same,
        layers: part.diff_ids.len().max(twin.diff_ids.len()),
        compared: vec![line("manifest", part.manifest.as_ref(), twin.manifest.as_ref())],
        difference: None,
    };
    if found.compared.iter().all(|line| line.outcome == State::Same) {
        return Ok(found);
    }
    let config = line("config", part.config.as_ref(), twin.config.as_ref());
    let mut parts = vec![config.outcome];
    found.compared.push(config);
    for at in 0..found.layers {
        let layer = line("layer", part.diff_ids.get(at), twin.diff_ids.get(at));
        let outcome = layer.outcome;
        found.compared.push(Line { layer: Some(at + 1), ..layer });
        parts.push(outcome);
        if outcome == State::Same {
            continue;
        }
        found.outcome = State::of_all(parts.into_iter());
        found.difference = Some(match (one.files(part, at)?, other.files(twin, at)?) {
            (Some(ours), Some(theirs)) => difference(&ours, &theirs),
            _ => Difference { kind: "not-at-hand", ..Difference::default() },
        });
        return Ok(found);
    }
    // Without a layer nothing of its content was compared.
    parts.extend((found.layers == 0).then_some(State::NotCompared));
    found.outcome = State::of_all(parts.into_iter());
    Ok(found)
}

/// The first file, by path, that is not the same on both sides.
fn difference(ours: &archive::Files, theirs: &archive::Files) -> Difference {
    let mut paths: Vec<&String> = ours.keys().chain(theirs.keys()).collect();
    paths.sort();
    paths.dedup();
    let Some(path) = paths.into_iter().find(|path| ours.get(path.as_str()) != theirs.get(path.as_str()))
    else {
        return Difference { kind: "order-or-metadata", ..Difference::default() };
    };
    let of = |files: &archive::Files| {
        files.get(path.as_str()).map(|file| Entry {
            kind: file.kind,
            mode: format!("{:o}", file.mode),
            size: file.size,
            digest: file.digest.map(|digest| digest.to_string()),
            link: file.link.clone(),
        })
    };
    Difference { kind: "file", path: Some(path.clone()), a: of(ours), b: of(theirs) }
}
