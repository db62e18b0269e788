//! `docker buildx build`: its log and its `--metadata-file`. What the builder
//! made is the image; the config and the attestations are parts.
//!
//! ```text
//! #9 exporting manifest sha256:d8ec… done
//! #9 exporting config sha256:b348… done
//! #9 exporting manifest list sha256:5848… done
//! #9 naming to docker.io/team/app:1.0 done
//! ```

use super::{Command, Kind, Lines, Object, Output, object, text, word};
use crate::evidence::fact::{DigestKind, Facts, Knows, kind_of_image};

/// What is exported, and its kind; an index comes first where there is one.
const EXPORTS: [(&str, DigestKind); 5] = [
    ("exporting manifest list sha256:", DigestKind::Index),
    ("exporting attestation manifest sha256:", DigestKind::Artifact),
    ("exporting manifest sha256:", DigestKind::Manifest),
    ("exporting config sha256:", DigestKind::Config),
    ("writing image sha256:", DigestKind::ImageId),
];

/// What stands before the name of what was made.
const NAMES: [&str; 2] = ["naming to ", "pushing manifest for "];

pub(super) fn log(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    if !first.starts_with(['#', '=']) || !EXPORTS.iter().any(|(mark, _)| first.contains(mark)) {
        return None;
    }
    let mut image = None;
    let mut found = Vec::new();
    let end = lines.run(|_, line| {
        if let Some((at, (mark, kind))) =
            EXPORTS.iter().find_map(|export| Some((line.find(export.0)?, export)))
        {
            let from = at + mark.len() - "sha256:".len();
            let digest = line.get(from..).and_then(|rest| rest.split(' ').next());
            found.push((*kind, digest.unwrap_or_default().to_owned()));
        } else if let Some((_, name)) = NAMES.iter().find_map(|mark| line.split_once(mark)) {
            image = name.split([' ', '@']).next().map(str::to_owned);
        }
        let step = line.strip_prefix('#').is_none_or(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        line.starts_with(['#', '=']) && step
    });
    let image = image.or_else(|| command.reference.clone());
    let mut facts = Facts::new("docker buildx build", Knows::Computer).about(image.as_deref());
    let has_index = found.iter().any(|(kind, _)| *kind == DigestKind::Index);
    for (kind, digest) in &found {
        match kind {
            DigestKind::Index | DigestKind::ImageId => facts.top(*kind, digest),
            DigestKind::Manifest if !has_index => facts.top(*kind, digest),
            _ => facts.part(*kind, digest, None),
        }
    }
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(image))
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    text(o, "containerimage.digest").is_some() || text(o, "containerimage.config.digest").is_some()
}

pub(super) fn read(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    // Several names are separated by commas.
    facts.next_image(text(o, "image.name").and_then(|names| names.split(',').next()));
    let descriptor = object(o, "containerimage.descriptor");
    let media_type = descriptor.as_ref().and_then(|d| text(d, "mediaType")).unwrap_or_default();
    let kind = kind_of_image(media_type);
    facts.top(kind, word(o, "containerimage.digest"));
    facts.part(DigestKind::Config, word(o, "containerimage.config.digest"), None);
}
