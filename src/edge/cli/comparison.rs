//! What `compare` found, as data (docs/comparison.schema.json) and as text.

use std::io::{self, Write};

use serde::Serialize;

use webdis_verify::base::words;

use crate::terminal::safe;

/// What the member `schema` says.
pub(crate) const SCHEMA: &str = "https://webdis-verify.dev/comparison/v1";

/// What a manifest of BuildKit's is called that says something about the images beside it.
pub(crate) const ATTESTATION: &str = "attestation";

/// What two things are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Both are known, and equal.
    Same,
    /// Both are known, and differ.
    Different,
    /// One of them is not at hand.
    NotCompared,
}

impl State {
    pub(crate) const fn of(same: bool) -> Self {
        if same { Self::Same } else { Self::Different }
    }

    /// Of several: one that differs decides, then one that is not known.
    pub(crate) fn of_all(all: impl Iterator<Item = Self>) -> Self {
        let mut found = None;
        for state in all {
            found = match (found, state) {
                (Some(Self::Different), _) | (_, Self::Different) => Some(Self::Different),
                (Some(Self::NotCompared), _) | (_, Self::NotCompared) => Some(Self::NotCompared),
                _ => Some(Self::Same),
            };
        }
        found.unwrap_or(Self::NotCompared)
    }

    /// As everywhere: 0 it holds, 1 it does not, 4 it was not checked.
    pub(crate) const fn exit(self) -> u8 {
        match self {
            Self::Same => 0,
            Self::Different => 1,
            Self::NotCompared => 4,
        }
    }
}

/// Two images.
#[derive(Debug, Serialize)]
pub(crate) struct Comparison {
    pub(crate) schema: &'static str,
    pub(crate) a: Named,
    pub(crate) b: Named,
    /// Whether both have the same platforms with the same content; where one has a single
    /// platform, that platform of the other.
    pub(crate) outcome: State,
    /// Each platform that is in both; where the image is the same digest, those of which
    /// something is not at hand.
    pub(crate) platforms: Vec<Platform>,
    /// Platforms and attestations that one of them lacks.
    pub(crate) only: Vec<Only>,
}

/// An image as it was named, and its digest.
#[derive(Debug, Serialize)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// `index`, `manifest`, or `config` of an archive without a manifest.
    pub(crate) kind: &'static str,
    pub(crate) digest: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Only {
    pub(crate) platform: String,
    /// `a` or `b`.
    #[serde(rename = "in")]
    pub(crate) in_: &'static str,
}

/// One platform: what was compared, and the first difference.
#[derive(Debug, Serialize)]
pub(crate) struct Platform {
    pub(crate) platform: String,
    pub(crate) outcome: State,
    /// How many layers there are, of which those after a difference are not compared.
    pub(crate) layers: usize,
    pub(crate) compared: Vec<Line>,
    pub(crate) difference: Option<Difference>,
}

/// Two digests; none where it is not at hand.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    /// `manifest`, `config` or `layer`: for a layer the digest of its uncompressed bytes.
    pub(crate) what: &'static str,
    /// Which layer, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) layer: Option<usize>,
    pub(crate) outcome: State,
    pub(crate) a: Option<String>,
    pub(crate) b: Option<String>,
}

/// Where two layers begin to differ.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Difference {
    /// `file`, `order-or-metadata` or `not-at-hand`.
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The file; none where it is not there.
    pub(crate) a: Option<Entry>,
    pub(crate) b: Option<Entry>,
}

/// A file of a layer.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    /// The type flag of the tar header.
    #[serde(rename = "type")]
    pub(crate) kind: char,
    /// Permissions, in octal.
    pub(crate) mode: String,
    pub(crate) size: u64,
    pub(crate) digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
}

/// Writes it as JSON.
pub(crate) fn json(found: &Comparison) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, found)?;
    writeln!(out)
}

/// Writes it as lines.
pub(crate) fn text(found: &Comparison) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let Comparison { a, b, .. } = found;
    writeln!(out, "A  {}\nB  {}", safe(&a.name), safe(&b.name))?;
    let equal = a.digest == b.digest;
    if equal && found.outcome == State::Same {
        return writeln!(out, "The same image: {}", a.digest);
    }
    // A config's digest and a manifest's are never equal.
    let state = match a.kind == b.kind {
        _ if equal => "same     ",
        true => "differ   ",
        false => "not alike",
    };
    writeln!(out, "{state}  A {} {}\n           B {} {}", a.kind, a.digest, b.kind, b.digest)?;
    for platform in &found.platforms {
        writeln!(out, "{}", safe(&words::shown("platform", &platform.platform)))?;
        platform.compared.iter().try_for_each(|line| one(&mut out, line, platform.layers))?;
        if let Some(difference) = &platform.difference {
            first(&mut out, difference)?;
        }
    }
    for Only { platform, in_ } in &found.only {
        let note = if platform == ATTESTATION { " (no image: it makes no difference)" } else { "" };
        let platform = words::shown("platform", platform);
        writeln!(out, "{}: only in {}{note}", safe(&platform), in_.to_uppercase())?;
    }
    let all = match found.outcome {
        State::Same => return same(&mut out, found),
        State::Different => "Not the same.",
        State::NotCompared if found.platforms.is_empty() && !equal => {
            "Nothing was compared: no platform is in both."
        }
        State::NotCompared => "Not known: nothing that was compared differs, and some was not at hand.",
    };
    writeln!(out, "{all}")
}

/// The same as what: of a list, one platform alone may be.
fn same(out: &mut impl Write, found: &Comparison) -> io::Result<()> {
    let more = found.only.iter().find(|only| only.platform != ATTESTATION);
    let Some(Only { in_, .. }) = more else {
        return writeln!(out, "The same content for every platform.");
    };
    let platform = found.platforms.first().map(|platform| platform.platform.as_str()).unwrap_or_default();
    let (one, list) = if *in_ == "b" { ("A", "B") } else { ("B", "A") };
    let platform = safe(&words::shown("platform", platform));
    writeln!(out, "{one} is the same as {platform} of {list}, which has other platforms too.")
}

fn one(out: &mut impl Write, line: &Line, layers: usize) -> io::Result<()> {
    let what = match line.layer {
        Some(n) => format!("layer {n} of {layers}, unpacked"),
        None => line.what.to_owned(),
    };
    let text = |digest: &Option<String>| digest.clone().unwrap_or_else(|| "not at hand".to_owned());
    if line.outcome == State::Same {
        return writeln!(out, "  same     {what} {}", text(&line.a));
    }
    let state = if line.outcome == State::Different { "differ  " } else { "not known" };
    writeln!(out, "  {state} {what}\n           A {}\n           B {}", text(&line.a), text(&line.b))
}

fn first(out: &mut impl Write, difference: &Difference) -> io::Result<()> {
    let Some(path) = &difference.path else {
        let why = match difference.kind {
            "not-at-hand" => "Its files are not at hand on both sides.",
            _ => "The same files: order, times, owners or padding differ.",
        };
        return writeln!(out, "           {why}");
    };
    writeln!(out, "           first difference: {}", safe(path))?;
    for (mark, file) in [("A", &difference.a), ("B", &difference.b)] {
        let Some(Entry { kind, mode, size, digest, link }) = file else {
            writeln!(out, "           {mark} is not there")?;
            continue;
        };
        let digest = digest.as_deref().unwrap_or_default();
        let link = link.as_deref().map(|link| format!(" to {}", safe(link))).unwrap_or_default();
        writeln!(out, "           {mark} type {kind} mode {mode} {size} bytes {digest}{link}")?;
    }
    Ok(())
}
