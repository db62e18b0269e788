//! `docker buildx imagetools inspect`, as text and with `--format '{{json .}}'`
//! or `'{{json .Manifest}}'`; `regctl manifest get` prints the same text with a
//! `Digest:` in each entry. The index is the image; its entries are parts.

use super::{
    Command, Kind, Lines, Object, Output, at_digest, elements, object, platform_of, text as member, word,
};
use crate::base::affix;
use crate::evidence::fact::{DigestKind, Facts, Knows, kind_of_image, kind_of_media_type};
use crate::evidence::terminal::key_value;
use crate::model::oci::Platform;

/// An entry of an index: a manifest, or an index in an index.
fn part_kind(media_type: &str) -> DigestKind {
    match kind_of_media_type(media_type) {
        DigestKind::Unknown => DigestKind::IndexOrManifest,
        kind => kind,
    }
}

/// The part of the text that a line stands in.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Top,
    Entries,
    Config,
    Layers,
}

/// What its lines begin with.
const KEYS: &str = "Name|MediaType|Digest|Manifests|Platform|Config|Layers|Size|Annotations|ArtifactType|Subject|\
    Referrers";

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let second = lines.second().filter(|line| line.starts_with("MediaType"))?;
    if key_value(second)?.0 != "MediaType" {
        return None;
    }
    let (_, name) = key_value(lines.first()?).filter(|(key, _)| *key == "Name")?;
    let tool = if command.program() == "regctl" { "regctl manifest get" } else { "imagetools" };
    let mut facts = Facts::new(tool, Knows::Name).about(Some(name));
    let (mut section, mut media_type, mut entry) = (Section::Top, "", None);
    // An entry that a filter left of the list.
    if let Some((_, digest)) = at_digest(name) {
        facts.part(DigestKind::IndexOrManifest, digest, None);
    }
    let end = lines.run(|at, line| {
        let Some((key, value)) = key_value(line) else { return line.starts_with("Total Size:") };
        // What stands below may have keys of its own; annotations have a dot in theirs.
        let annotation = key.contains('.') && key.starts_with(|c: char| c.is_ascii_alphabetic());
        // An entry is named by its digest; another name begins another output.
        let other = key == "Name" && at > 0 && !value.contains('@');
        // One that has its digest in its name has no other: that is what a pull printed.
        let again = key == "Digest" && entry.is_some_and(|known| known != value);
        if !(affix::is_one(key, KEYS) || annotation) || other || again {
            return false;
        }
        match (key, section) {
            ("Manifests", _) => section = Section::Entries,
            ("Config", _) if value.is_empty() => section = Section::Config,
            ("Layers", _) if value.is_empty() => section = Section::Layers,
            ("Digest", Section::Top) => facts.top(kind_of_image(media_type), value),
            ("Digest", Section::Config) => facts.part(DigestKind::Config, value, None),
            ("Digest", Section::Layers) => facts.part(DigestKind::Layer, value, None),
            ("Digest", Section::Entries) => facts.part(DigestKind::IndexOrManifest, value, None),
            ("Name", Section::Entries) => {
                entry = at_digest(value).map(|(_, digest)| digest);
                facts.part(DigestKind::IndexOrManifest, entry.unwrap_or_default(), None);
            }
            ("MediaType", Section::Top) => media_type = value,
            ("MediaType", Section::Entries) => {
                facts.last().into_iter().for_each(|f| f.kind = part_kind(value))
            }
            ("Platform", Section::Entries) => {
                facts.last().into_iter().for_each(|fact| fact.about.platform = Platform::parse(value));
            }
            _ => {}
        }
        true
    });
    Some(Output::new(Kind::Imagetools, end, facts.done()).of(Some(name)))
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let has = |name: &str| o.get(name).is_some();
    let described = object(o, "manifest").is_some_and(|manifest| member(&manifest, "digest").is_some());
    has("schemaVersion") && has("digest") && has("size") || described && has("name")
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let inner = object(o, "manifest");
    let manifest = inner.as_ref().unwrap_or(o);
    facts.next_image(member(o, "name").or(command.reference.as_deref()));
    let media_type = word(manifest, "mediaType");
    facts.top(kind_of_image(media_type), word(manifest, "digest"));
    for entry in elements(manifest, "manifests") {
        let kind = part_kind(word(&entry, "mediaType"));
        facts.part(kind, word(&entry, "digest"), platform_of(&entry));
    }
    if let Some(config) = object(manifest, "config") {
        facts.part(DigestKind::Config, word(&config, "digest"), None);
    }
}
