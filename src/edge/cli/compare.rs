//! `compare`: two images, an archive or a reference each: the same index,
//! manifests, configs and layers, or the first difference, down to the first
//! file of a layer. For people who rebuild.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use webdis_verify::Result;
use webdis_verify::base::digest::ClaimedDigest;
use webdis_verify::evidence::archive;
use webdis_verify::model::oci::Document;

use crate::comparison::{
    self, ATTESTATION, Comparison, Difference, Entry, Line, Named, Only, Platform, SCHEMA, State,
};
use crate::file;
use crate::side::{Part, Side};

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

pub(crate) fn run(args: &CompareArgs) -> ExitCode {
    let sides = Side::open(&args.one).and_then(|one| Ok((one, Side::open(&args.other)?)));
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

/// What was compared, down to the first difference; whether all is the same.
fn compare(one: &Side, other: &Side) -> Result<Comparison> {
    let same_root = one.root == other.root;
    let mut found = Comparison {
        schema: SCHEMA,
        a: Named::of(one),
        b: Named::of(other),
        outcome: State::NotCompared,
        platforms: Vec::new(),
        only: Vec::new(),
    };
    let (ours, said) = images(one);
    let (theirs, also_said) = images(other);
    let pairs = Pairs::of(&ours, &theirs);
    let held = [held(one, &ours), held(other, &theirs)];
    for (ours, theirs) in &pairs.both {
        found.platforms.push(platform([one, other], [*ours, *theirs], held)?);
    }
    let only = |parts: &[&Part], in_| -> Vec<Only> {
        parts.iter().map(|part| Only { platform: part.platform(), in_ }).collect()
    };
    found.only.extend(only(&pairs.ours, "a"));
    found.only.extend(only(&pairs.theirs, "b"));
    let lists = ours.len() > 1 && theirs.len() > 1;
    let alone = (lists && !found.only.is_empty()).then_some(State::Different);
    found.outcome = State::of_all(found.platforms.iter().map(|platform| platform.outcome).chain(alone));
    if same_root {
        found.platforms.retain(|platform| platform.outcome != State::Same);
    }
    // What is said about an image is no image: it makes no difference.
    let unlike = |said: &[Part], other: &[Part]| -> usize {
        said.iter().filter(|one| other.iter().all(|other| one.manifest != other.manifest)).count()
    };
    for (count, in_) in [(unlike(&said, &also_said), "a"), (unlike(&also_said, &said), "b")] {
        found.only.extend((0..count).map(|_| Only { platform: ATTESTATION.to_owned(), in_ }));
    }
    Ok(found)
}

/// The images of a side, and what is said about them.
fn images(side: &Side) -> (Vec<Part>, Vec<Part>) {
    side.parts().into_iter().partition(|part| !part.is_attestation())
}

/// Whether a side holds the content of any platform: then those that it leaves out are
/// none of what it holds.
fn held(side: &Side, parts: &[Part]) -> bool {
    parts.iter().any(|part| side.holds(part))
}

/// What belongs together: for the same machine, in both.
struct Pairs<'p> {
    both: Vec<(&'p Part, &'p Part)>,
    ours: Vec<&'p Part>,
    theirs: Vec<&'p Part>,
}

impl<'p> Pairs<'p> {
    fn of(ours: &'p [Part], theirs: &'p [Part]) -> Self {
        match (ours, theirs) {
            ([our], _) => Self::one_of(our, theirs),
            (_, [their]) => {
                let Self { both, ours, theirs } = Self::one_of(their, ours);
                let both = both.into_iter().map(|(one, other)| (other, one)).collect();
                Self { both, ours: theirs, theirs: ours }
            }
            _ => Self::lists(ours, theirs),
        }
    }

    /// An image for one machine, and all of a list that this machine may take.
    fn one_of(one: &'p Part, list: &'p [Part]) -> Self {
        let same_machine = |part: &&'p Part| part.same_machine(one);
        let same_image = |part: &&'p Part| {
            part.manifest.is_some() && part.manifest == one.manifest
                || part.config.is_some() && part.config == one.config
        };
        let mut twins: Vec<&Part> = list.iter().filter(same_machine).collect();
        if twins.is_empty() {
            twins = list.iter().filter(same_image).collect();
        }
        let alone = |part: &&Part| twins.iter().all(|twin| !core::ptr::eq(*twin, *part));
        let rest = list.iter().filter(alone).collect();
        let ours = if twins.is_empty() { vec![one] } else { Vec::new() };
        Self { both: twins.into_iter().map(|twin| (one, twin)).collect(), ours, theirs: rest }
    }

    /// Each belongs to one other: the same manifest, else the same config, else any.
    fn lists(ours: &'p [Part], theirs: &'p [Part]) -> Self {
        let equal =
            |one: &Option<ClaimedDigest>, other: &Option<ClaimedDigest>| one.is_some() && one == other;
        let belong = |rule: u8, one: &Part, other: &Part| match rule {
            0 => equal(&one.manifest, &other.manifest),
            1 => equal(&one.config, &other.config),
            _ => true,
        };
        let mut twins: Vec<Option<&Part>> = vec![None; ours.len()];
        let mut free: Vec<&Part> = theirs.iter().collect();
        for rule in 0..3 {
            for (our, twin) in ours.iter().zip(&mut twins).filter(|(_, twin)| twin.is_none()) {
                let at = free.iter().position(|their| our.same_machine(their) && belong(rule, our, their));
                *twin = at.map(|at| free.remove(at));
            }
        }
        let paired = ours.iter().zip(&twins);
        let both = paired.clone().filter_map(|(our, twin)| Some((our, (*twin)?))).collect();
        let alone = paired.filter(|(_, twin)| twin.is_none()).map(|(our, _)| our).collect();
        Self { both, ours: alone, theirs: free }
    }
}

fn line(what: &'static str, a: Option<&ClaimedDigest>, b: Option<&ClaimedDigest>) -> Line {
    let text = |digest: Option<&ClaimedDigest>| digest.map(ClaimedDigest::to_string);
    let outcome = a.zip(b).map_or(State::NotCompared, |(a, b)| State::of(a == b));
    Line { what, outcome, layer: None, a: text(a), b: text(b) }
}

/// Compares two images of one platform. `held`: whether each side holds the content of
/// any platform.
fn platform(sides: [&Side; 2], parts: [&Part; 2], held: [bool; 2]) -> Result<Platform> {
    let [one, other] = sides;
    let [part, twin] = parts;
    let manifest = line("manifest", part.manifest.as_ref(), twin.manifest.as_ref());
    let same = manifest.outcome == State::Same;
    let mut found = Platform {
        platform: part.platform(),
        outcome: State::Same,
        layers: if same {
            part.count().max(twin.count())
        } else {
            part.diff_ids.len().max(twin.diff_ids.len())
        },
        compared: vec![manifest],
        difference: None,
    };
    // What is equal by its digest may be left out as a whole, and not in part.
    let left_out = [same && held[0] && !one.holds(part), same && held[1] && !other.holds(twin)];
    let mut states = Vec::new();
    if same {
        let here = [left_out[0] || one.has_config(part), left_out[1] || other.has_config(twin)];
        let known = part.config.as_ref().or(twin.config.as_ref());
        if here != [true, true] {
            let config = line("config", known.filter(|_| here[0]), known.filter(|_| here[1]));
            states.push(config.outcome);
            found.compared.push(config);
        }
    } else {
        let config = line("config", part.config.as_ref(), twin.config.as_ref());
        states.push(config.outcome);
        found.compared.push(config);
        // Without a layer nothing of its content was compared.
        let counted = |part: &Part| part.manifest.is_none() || part.layers.len() == part.diff_ids.len();
        let known = found.layers > 0 && counted(part) && counted(twin);
        states.extend((!known).then_some(State::NotCompared));
    }
    for at in 0..found.layers {
        let ids = [part.diff_ids.get(at), twin.diff_ids.get(at)];
        let known = line("layer", ids[0], ids[1]);
        if !same && known.outcome != State::Same {
            states.push(known.outcome);
            found.compared.push(Line { layer: Some(at + 1), ..known });
            found.difference = Some(match (one.files(part, at)?, other.files(twin, at)?) {
                (Some(ours), Some(theirs)) => difference(&ours, &theirs),
                _ => Difference { kind: "not-at-hand", ..Difference::default() },
            });
            break;
        }
        let listed = part.listed(at).zip(twin.listed(at)).is_some_and(|(one, other)| one == other);
        let here = [
            left_out[0] || one.has_layer(part, at, listed),
            left_out[1] || other.has_layer(twin, at, listed),
        ];
        if same && here == [true, true] {
            continue;
        }
        let id = ids[0].or(ids[1]).or(part.listed(at)).or(twin.listed(at));
        let layer = line("layer", id.filter(|_| here[0]), id.filter(|_| here[1]));
        states.push(layer.outcome);
        found.compared.push(Line { layer: Some(at + 1), ..layer });
    }
    if !(same && states.is_empty()) {
        found.outcome = State::of_all(states.into_iter());
    }
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
