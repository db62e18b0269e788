//! `trivy image --format json`, `syft -o json` and `grype -o json`: which image was
//! looked at. The ID is the store's, repository digests are what registries called
//! it, layers are uncompressed. syft makes up a manifest for an image of the Docker
//! daemon, so its digest of one confirms and never contradicts.
//!
//! `docker scout` prints a table with the digest's first digits only.

use super::{Command, Kind, Lines, Object, Output, at_digest, elements, object, platform, text, texts, word};
use crate::base::list::PushAll as _;
use crate::base::message::Message;
use crate::evidence::codes;
use crate::evidence::fact::{DigestKind, Facts, Knows};

pub(super) fn is_trivy(o: &Object<'_, '_>) -> bool {
    text(o, "ArtifactName").is_some() && text(o, "ArtifactType").is_some()
}

pub(super) fn trivy(o: &Object<'_, '_>, _: &Command, facts: &mut Facts) {
    let Some(metadata) = object(o, "Metadata") else { return };
    let config = object(&metadata, "ImageConfig");
    let machine = config.and_then(|config| platform(&config, "os", "architecture", "variant"));
    facts.next_image(text(o, "ArtifactName"));
    facts.subject().platform.clone_from(&machine);
    names(facts, &texts(&metadata, "RepoDigests"));
    facts.top(DigestKind::ImageId, word(&metadata, "ImageID"));
    for layer in texts(&metadata, "DiffIDs") {
        facts.part(DigestKind::DiffId, layer, machine.clone());
    }
}

/// The description of the image in a report of syft (`source.metadata`) or grype
/// (`source.target`).
fn source<'n, 'a>(o: &Object<'n, 'a>) -> Option<Object<'n, 'a>> {
    let source = object(o, "source").filter(|source| text(source, "type") == Some("image"))?;
    let image = object(&source, "metadata").or_else(|| object(&source, "target"))?;
    (image.get("imageID").is_some() && image.get("userInput").is_some()).then_some(image)
}

pub(super) fn is_syft(o: &Object<'_, '_>) -> bool {
    source(o).is_some()
}

pub(super) fn syft(o: &Object<'_, '_>, command: &Command, facts: &mut Facts) {
    let Some(image) = source(o) else { return };
    facts.witness(if command.program() == "grype" { "grype" } else { "syft" }, Knows::Computer);
    let machine = platform(&image, "os", "architecture", "variant");
    facts.next_image(text(&image, "userInput"));
    facts.subject().platform.clone_from(&machine);
    names(facts, &texts(&image, "repoDigests"));
    facts.top(DigestKind::ImageId, word(&image, "imageID"));
    facts.part(DigestKind::Unknown, word(&image, "manifestDigest"), machine.clone());
    for layer in elements(&image, "layers") {
        facts.part(DigestKind::DiffId, word(&layer, "digest"), machine.clone());
    }
}

/// Repository digests, each about its own repository, with the tag that was looked at
/// where it is the same.
fn names(facts: &mut Facts, digests: &[&str]) {
    let asked = facts.subject().clone();
    for (name, digest) in digests.iter().filter_map(|entry| at_digest(entry)) {
        let about = crate::evidence::About::of_text(Some(name));
        let tag = asked.tag.clone().filter(|_| about.repository == asked.repository);
        *facts.subject() = crate::evidence::About { tag, platform: asked.platform.clone(), ..about };
        facts.top(DigestKind::IndexOrManifest, digest);
    }
    *facts.subject() = asked;
}

/// `  Target │ example/app:1.0 │ …`, `    digest │ 324bc02ae123 │`.
pub(super) fn scout(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let cell = |line: &str, name: &str| {
        let mut cells = line.split('\u{2502}').map(str::trim);
        (cells.next() == Some(name)).then(|| cells.next().map(str::to_owned)).flatten()
    };
    let image = cell(lines.first()?, "Target")?;
    let mut facts = Facts::new("docker scout", Knows::Computer).about(Some(&image));
    let mut cut = Vec::new();
    let end = lines.run(|_, line| {
        let about = || crate::evidence::About::of_text(Some(&image));
        let digits = cell(line, "digest").filter(|_| cut.is_empty());
        let whole = digits.as_deref().filter(|digits| digits.len() >= 64).map(str::to_owned);
        whole.iter().for_each(|digest| facts.top(DigestKind::Unknown, digest));
        cut.push_all(
            digits.and_then(|digits| super::docker_images::begins(&digits, about(), "docker scout")),
        );
        line.contains('\u{2502}')
    });
    let mut output = Output { cut, ..Output::new(Kind::ToolOutput, end, facts.done()) };
    output.image = Some(image);
    output.notes.push(Message::new(codes::SHORTENED, &[("place", "digest")]));
    Some(output)
}
