//! What grep leaves of JSON: `"digest": "sha256:…"`, `"Id": "sha256:…"`, with
//! the lines around. What a digest is of is said by the member it stands in
//! (`"config": {`), the media type beside it, the platform below it, and the
//! command.

use super::{Command, Kind, Lines, Output, at_digest, bare, mentions};
use crate::base::affix;
use crate::base::limits;
use crate::evidence::About;
use crate::evidence::fact::{
    COMMAND_LINE, COSIGN_RECORD, DigestKind, Facts, Knows, Role, kind_of_media_type,
};
use crate::evidence::terminal::as_reference;
use crate::model::oci::Platform;

/// What the lines so far say of the next digest.
#[derive(Default)]
struct Context {
    /// The member whose object it stands in.
    member: String,
    media_type: String,
    os: Option<String>,
    /// What stood as `Image`: the ID that a container runs, or an image's parent.
    image: String,
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let bracket = matches!(first, "{" | "[" | "}" | "]" | "}," | "]," | "--");
    if !(first.starts_with('"') || bracket) {
        return None;
    }
    let mut read = Reader::new(command);
    let end = lines.run(|i, line| {
        let barren = i >= limits::LOOK_AHEAD && read.facts.is_empty();
        if barren || line.len() > 4096 || line.ends_with("bytes data]") {
            return false;
        }
        if !affix::begins(line, b"\"{}[]") && line != "--" {
            return false;
        }
        read.line(line);
        true
    });
    // What an image was built from is no part of it.
    read.facts.part(DigestKind::Artifact, &read.context.image, None);
    let facts = read.facts.done();
    (!facts.is_empty()).then(|| Output::new(Kind::Fragments, end, facts))
}

struct Reader<'c> {
    command: &'c Command,
    facts: Facts,
    context: Context,
}

impl<'c> Reader<'c> {
    fn new(command: &'c Command) -> Self {
        let (tool, knows) = match (command.program(), command.words.as_str()) {
            (_, words) if words.starts_with("docker manifest") => ("docker manifest inspect", Knows::Name),
            (_, words) if words.contains("imagetools") => ("imagetools", Knows::Name),
            ("docker", words) if words.starts_with("docker trust") => ("text", Knows::Text),
            ("podman", words) if words.contains("inspect") => ("podman image inspect", Knows::Computer),
            ("nerdctl", words) if words.contains("inspect") => ("nerdctl image inspect", Knows::Computer),
            ("docker", words) if words.contains("inspect") => ("docker image inspect", Knows::Computer),
            ("crictl", _) => ("crictl", Knows::Computer),
            ("kubectl", _) => ("kubectl", Knows::Computer),
            ("skopeo", _) => ("skopeo inspect", Knows::Name),
            ("crane", _) => ("crane manifest", Knows::Name),
            ("regctl", _) => ("regctl", Knows::Name),
            ("oras", _) => ("oras", Knows::Name),
            ("aws", _) => ("aws ecr", Knows::Name),
            ("curl", _) => ("curl", Knows::Name),
            _ => ("text", Knows::Text),
        };
        let mut facts = Facts::new(tool, knows).about(command.reference.as_deref());
        facts.subject().tag = facts.subject().tag.take().or_else(|| command.tag.clone());
        facts.subject().platform.clone_from(&command.platform);
        // The digest that was asked for is the manifest whose parts are shown.
        if let Some(digest) = &command.digest {
            facts.witness(COMMAND_LINE, Knows::Text);
            facts.top(DigestKind::IndexOrManifest, &digest.to_string());
            facts.witness(tool, knows);
        }
        Self { command, facts, context: Context::default() }
    }

    fn line(&mut self, line: &str) {
        let member = line.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        let value = member.and_then(|(name, rest)| Some((name, rest.trim_start().strip_prefix(':')?.trim())));
        match value {
            Some((name, value)) => self.member(name, value.trim_end_matches(',').trim_matches('"')),
            None => {
                if let Some((name, digest)) = at_digest(line.trim_matches(['"', ',', ' '])) {
                    let before = self.facts.subject().clone();
                    *self.facts.subject() = bare::about(name, self.command.reference.as_deref());
                    self.facts.witness("docker image inspect", Knows::Computer);
                    self.facts.top(DigestKind::IndexOrManifest, digest);
                    *self.facts.subject() = before;
                } else if line.starts_with('}') || line == "--" {
                    self.context = Context::default();
                }
            }
        }
    }

    fn member(&mut self, name: &str, value: &str) {
        let Context { member, media_type, os, image } = &mut self.context;
        match (name, value) {
            (_, "{" | "[") => {
                if name != "platform" {
                    name.clone_into(member);
                    media_type.clear();
                }
            }
            ("mediaType" | "MIMEType", value) => value.clone_into(media_type),
            ("architecture" | "Architecture", value) => {
                let platform = Platform {
                    os: os.take().unwrap_or_default(),
                    architecture: value.to_owned(),
                    ..Platform::default()
                };
                // It stands below the digest that it is of.
                if let Some(fact) =
                    self.facts.last().filter(|f| f.role == Role::Part && f.about.platform.is_none())
                {
                    fact.about.platform = Some(platform);
                    // Only the entries of an index have platforms beside their digests.
                    if fact.kind == DigestKind::Unknown && fact.witness.knows == Knows::Name {
                        fact.kind = DigestKind::Manifest;
                    }
                }
            }
            ("os" | "Os", value) => {
                match self.facts.last().and_then(|f| f.about.platform.as_mut()).filter(|p| p.os.is_empty()) {
                    Some(platform) => value.clone_into(&mut platform.os),
                    None => *os = Some(value.to_owned()),
                }
            }
            ("variant" | "Variant", value) => {
                let platform = self.facts.last().and_then(|f| f.about.platform.as_mut());
                platform.into_iter().for_each(|platform| platform.variant = Some(value.to_owned()));
            }
            // A container has its image's ID first, and then what it is called; of an
            // image this is the one that it was built from.
            ("Image", value) if value.starts_with("sha256:") => value.clone_into(image),
            ("Image", value) if !image.is_empty() && as_reference(value).is_some() => {
                let id = core::mem::take(image);
                let before = core::mem::replace(self.facts.subject(), About::of_text(Some(value)));
                self.facts.witness("docker inspect", Knows::Computer);
                self.facts.top(DigestKind::ImageId, &id);
                *self.facts.subject() = before;
            }
            ("Image", _) => {}
            // The ids of keys, as `docker trust inspect` prints them, name no image.
            ("ID", value) if self.is_of_key(value) => {}
            ("Id" | "ID" | "id", value) => {
                let kind = match self.command.program() {
                    "podman" | "crictl" => DigestKind::Config,
                    _ => DigestKind::ImageId,
                };
                if self.command.words.is_empty() {
                    self.facts.witness("docker image inspect", Knows::Computer);
                }
                self.facts.top(kind, value);
            }
            // Behind the image's own skopeo prints those of its layers.
            ("Digest", value) if self.command.program() == "skopeo" && self.facts.last().is_some() => {
                self.facts.part(DigestKind::Layer, value, None);
            }
            // skopeo's and podman's; docker's own is in lower case.
            ("Digest", value) => match self.command.words.is_empty() {
                true => self.facts.top(DigestKind::Unknown, value),
                false => self.facts.top(DigestKind::IndexOrManifest, value),
            },
            // What cosign found under the name that it was asked for.
            ("docker-manifest-digest", value) => {
                // The tag is of the first: its platforms may follow (`--recursive`).
                let first = self.facts.last().is_none_or(|fact| fact.witness.knows != Knows::Checked);
                // What was checked is more than what was typed, of the same digest too.
                self.facts.next_image(self.command.reference.as_deref());
                self.facts.subject().tag.take_if(|_| !first);
                self.facts.witness(COSIGN_RECORD, Knows::Checked);
                self.facts.top(DigestKind::IndexOrManifest, value);
            }
            ("imageDigest" | "ImageDigest" | "imageID" | "containerimage.digest", value) => {
                self.facts.top(DigestKind::IndexOrManifest, value);
            }
            (name, value) => match mentions::tagged(name).filter(|_| value.starts_with("sha")) {
                Some(about) => {
                    let before = core::mem::replace(self.facts.subject(), about);
                    self.facts.top(DigestKind::IndexOrManifest, value);
                    *self.facts.subject() = before;
                }
                None => self.part(value),
            },
        }
    }

    fn is_of_key(&self, value: &str) -> bool {
        let words = self.command.words.as_str();
        words.starts_with("docker trust") || words.is_empty() && !value.starts_with("sha256:")
    }

    fn part(&mut self, digest: &str) {
        if !digest.starts_with("sha") && digest.len() != 64 {
            return;
        }
        let kind = match (self.context.member.as_str(), kind_of_media_type(&self.context.media_type)) {
            ("config", _) => DigestKind::Config,
            ("layers", _) => DigestKind::Layer,
            _ if self.command.lists_attached() => DigestKind::Artifact,
            (_, kind) => kind,
        };
        self.facts.part(kind, digest, None);
    }
}
