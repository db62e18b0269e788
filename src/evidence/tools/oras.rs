//! oras: `discover` as a tree and as JSON, and what `pull`, `push` and `attach`
//! print. Referrers are artifacts about the image, not the image. `notation ls`
//! prints the same tree.

use super::{Command, Kind, Lines, Node, Object, Output, at_digest, list, objects, text as member};
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows, kind_of_media_type};
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
    let mut output = Output::new(Kind::ToolOutput, end, facts.done());
    output.image = Some(name.to_owned());
    Some(output)
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
    // `Copied [registry] FROM => [registry] TO`: the copy is what has the digest now.
    let named = first.rsplit_once("] ").map(|(_, rest)| rest).filter(|_| !discovered);
    let named = named.or(command.reference.as_deref());
    let tool = if discovered { "oras discover" } else { "oras" };
    let mut facts = Facts::new(tool, Knows::Name).about(named);
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
    let mut output = Output::new(Kind::ToolOutput, end, facts.done());
    output.image = named.map(str::to_owned);
    Some(output)
}

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    let referrers = o.get("referrers").is_some() || o.get("manifests").is_some();
    member(o, "reference").is_some_and(|name| name.contains('@')) && o.get("digest").is_some() && referrers
}

pub(super) fn facts(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let mut facts = Facts::new("oras discover", Knows::Name);
    for o in objects(node) {
        let named = member(&o, "reference").map(|name| name.split('@').next().unwrap_or_default());
        facts.next_image(command.reference.as_deref().or(named));
        let kind = match kind_of_media_type(member(&o, "mediaType").unwrap_or_default()) {
            kind @ (DigestKind::Index | DigestKind::Manifest) => kind,
            _ => DigestKind::IndexOrManifest,
        };
        facts.top(kind, member(&o, "digest").unwrap_or_default());
        for name in ["referrers", "manifests"] {
            for entry in list(&o, name).iter().filter_map(|node| node.object("").ok()) {
                facts.part(DigestKind::Artifact, member(&entry, "digest").unwrap_or_default(), None);
            }
        }
    }
    facts.done()
}
