//! oras: `discover` as a tree and as JSON, and what `pull`, `push` and `attach`
//! print. Referrers are artifacts about the image, not the image. `notation ls`
//! prints the same tree.

use super::{Command, Kind, Lines, Object, Output, at_digest, elements, text as member, word};
use crate::evidence::fact::{DigestKind, Facts, Knows, kind_of_image};
use crate::evidence::terminal::digests;

/// `repository@digest`, and below it a tree of types and digests.
pub(super) fn tree(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let (name, digest) = at_digest(first).filter(|(name, _)| !name.contains(' '))?;
    if !lines.second()?.starts_with(['└', '├']) {
        return None;
    }
    let tool = if command.program() == "notation" { "notation ls" } else { "oras discover" };
    let typed = command.reference.as_deref();
    let mut facts = Facts::new(tool, Knows::Name).about(typed.or(Some(name)));
    facts.top(DigestKind::IndexOrManifest, digest);
    let end = lines.run(|i, line| {
        if i == 0 {
            return true;
        }
        for (_, digest) in digests(line) {
            facts.part(DigestKind::Artifact, &digest.to_string(), None);
        }
        line.starts_with(['└', '├', '│'])
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(Some(name)))
}

/// `Pulled [registry] REF`, `Pushed …`, `Attached to …`, `Discovered N artifacts
/// referencing TAG`, each with a `Digest:` line.
pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let marks = ["Pulled [", "Pushed [", "Attached to [", "Copied ["];
    let discovered = first.starts_with("Discovered ") && first.contains(" referencing ");
    if !(marks.iter().any(|mark| first.starts_with(mark)) || discovered) {
        return None;
    }
    // `Copied [registry] FROM => [registry] TO`: the copy is what has the digest now. One
    // in a folder (`[oci-layout]`) has no name: it is what a registry called it.
    let sides = first.split(" => ").filter_map(|side| side.split_once("[registry] "));
    let named = sides.last().map(|(_, name)| name);
    let (tool, knows) = match named {
        _ if discovered => ("oras discover", Knows::Name),
        Some(_) => ("oras", Knows::Name),
        None => ("oras", Knows::Text),
    };
    let named = named.or(command.reference.as_deref());
    let mut facts = Facts::new(tool, knows).about(named);
    // What `attach` made is an artifact about the image.
    let kind = if first.starts_with("Attached") { DigestKind::Artifact } else { DigestKind::IndexOrManifest };
    let end = lines.run(|i, line| {
        if let Some(digest) = line.strip_prefix("Digest: ") {
            facts.top(kind, digest.trim());
            return true;
        }
        if discovered && digests(line).next().is_some() {
            digests(line).for_each(|(_, d)| facts.part(DigestKind::Artifact, &d.to_string(), None));
            return true;
        }
        i == 0 || line.starts_with("ArtifactType:") || line.starts_with("Artifact Type")
    });
    Some(Output::new(Kind::ToolOutput, end, facts.done()).of(named))
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let referrers = o.get("referrers").is_some() || o.get("manifests").is_some();
    member(o, "reference").is_some_and(|name| name.contains('@')) && o.get("digest").is_some() && referrers
}

pub(super) fn read(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let named = member(o, "reference").map(|name| name.split('@').next().unwrap_or_default());
    facts.next_image(command.reference.as_deref().or(named));
    let kind = kind_of_image(word(o, "mediaType"));
    facts.top(kind, word(o, "digest"));
    for name in ["referrers", "manifests"] {
        for entry in elements(o, name) {
            facts.part(DigestKind::Artifact, word(&entry, "digest"), None);
        }
    }
}
