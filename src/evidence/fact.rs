//! Facts: digests that somebody's program printed, each with what kind of
//! digest it is, what it is about, and who says so.
//!
//! A fact proves nothing. It says which image the user holds or asks about,
//! and it can confirm or contradict only where the kinds of two digests can
//! be equal (docs/VERDICT.md, section 2).

use crate::base::digest::ClaimedDigest;
use crate::base::limits;
use crate::model::oci::{MediaType, Platform};
use crate::model::reference::Reference;

/// What a digest is the digest of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestKind {
    /// An image index or Docker manifest list.
    Index,
    /// An image manifest.
    Manifest,
    /// An index or a manifest: what a pull or a tag names.
    IndexOrManifest,
    /// An image configuration: the classic image ID.
    Config,
    /// An image ID of an unknown store: a config in the classic one, an index
    /// or manifest in the containerd one.
    ImageId,
    /// A layer as it is stored, usually compressed.
    Layer,
    /// A layer's uncompressed tar.
    DiffId,
    /// A signature, attestation, SBOM, chart or other artifact.
    Artifact,
    /// A public key: its fingerprint over DER.
    Key,
    /// Anything: a bare digest, a sum of bytes that nobody described.
    Unknown,
}

impl DigestKind {
    /// The stable kebab-case name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Manifest => "manifest",
            Self::IndexOrManifest => "index-or-manifest",
            Self::Config => "config",
            Self::ImageId => "image-id",
            Self::Layer => "layer",
            Self::DiffId => "diff-id",
            Self::Artifact => "artifact",
            Self::Key => "key",
            Self::Unknown => "unknown",
        }
    }
}

/// Which image a fact speaks of, as far as its output says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    /// `registry/repository`, normalised (`docker.io/library/debian`).
    pub repository: Option<String>,
    /// The tag.
    pub tag: Option<String>,
    /// The platform. The system is empty where a text names only an
    /// architecture.
    pub platform: Option<Platform>,
    /// The file whose bytes were summed, where the text names one that is not
    /// a pipe.
    pub file: Option<String>,
}

impl About {
    /// Repository and tag of a reference.
    #[must_use]
    pub fn of(reference: &Reference) -> Self {
        Self {
            repository: Some(reference.name()),
            tag: reference.tag().map(str::to_owned),
            ..Self::default()
        }
    }

    /// Repository and tag of a text, if it is a reference.
    #[must_use]
    pub fn of_text(text: Option<&str>) -> Self {
        let reference = text.and_then(|text| Reference::parse_loose(text).ok());
        reference.as_ref().map(Self::of).unwrap_or_default()
    }
}

/// What a witness is in a position to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Knows {
    /// It asked the registry what the name means, and the user's computer
    /// holds the answer: `docker pull`.
    NameAndComputer,
    /// It asked the registry: imagetools, `crane digest`, a header, a push.
    Name,
    /// It lists what the user's computer holds: `docker images`, `inspect`,
    /// crictl, kubectl.
    Computer,
    /// It is a checking tool's own word about a signed name: `docker trust
    /// inspect`, the record that `cosign verify` prints.
    Checked,
    /// It is a text that says so: a bare digest, a sum, a document's prose.
    Text,
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Witness {
    /// The program as users type it (`docker pull`), or what the text is
    /// (`text`, `sha256sum`). Shown untranslated.
    pub tool: &'static str,
    /// What it can know.
    pub knows: Knows,
}

/// The witness for a digest in the reference that a command asked for: the user's
/// own words.
pub const COMMAND_LINE: &str = "command-line";

/// The witness for the image in a record that `cosign verify` prints: a signature,
/// printed by who checked it.
pub const COSIGN_RECORD: &str = "cosign verify";

/// Where a digest stands in its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It is the image that the output is about.
    Top,
    /// It is a part of that image: a child of its index, its config, a layer.
    Part,
}

/// One digest in one output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// The digest.
    pub digest: ClaimedDigest,
    /// What it is the digest of, as the output's format says.
    pub kind: DigestKind,
    /// Whether it is the output's image or a part of it.
    pub role: Role,
    /// Which image.
    pub about: About,
    /// Who says so.
    pub witness: Witness,
    /// Facts of one item with the same number are about one image: a row of a
    /// table, one tool's output. Rivals have different numbers.
    pub image: usize,
}

/// The facts of one output, while it is read.
#[derive(Debug)]
pub(super) struct Facts {
    witness: Witness,
    about: About,
    image: usize,
    list: Vec<Fact>,
}

impl Facts {
    /// Of an output of a tool.
    pub(super) fn new(tool: &'static str, knows: Knows) -> Self {
        let witness = Witness { tool, knows };
        Self { witness, about: About::default(), image: 0, list: Vec::new() }
    }

    /// About the image that a text names; nothing if it names none.
    pub(super) fn about(mut self, reference: Option<&str>) -> Self {
        self.about = About::of_text(reference);
        self
    }

    /// From here on another image, about what a text names.
    pub(super) fn next_image(&mut self, reference: Option<&str>) {
        if !self.list.is_empty() {
            self.image += 1;
        }
        self.about = About::of_text(reference);
    }

    /// What the following facts are about.
    pub(super) const fn subject(&mut self) -> &mut About {
        &mut self.about
    }

    /// From here on another tool's word.
    pub(super) const fn witness(&mut self, tool: &'static str, knows: Knows) {
        self.witness = Witness { tool, knows };
    }

    /// The image itself: `sha256:…` or 64 digits. What is no digest is left
    /// out; a digest that the image has already keeps its first description.
    pub(super) fn top(&mut self, kind: DigestKind, digest: &str) {
        self.push(kind, Role::Top, digest, None);
    }

    /// A part of the image.
    pub(super) fn part(&mut self, kind: DigestKind, digest: &str, platform: Option<Platform>) {
        self.push(kind, Role::Part, digest, platform);
    }

    fn push(&mut self, kind: DigestKind, role: Role, digest: &str, platform: Option<Platform>) {
        // What cannot be a digest makes no error.
        if self.list.len() >= limits::FACTS || !(digest.starts_with("sha") || digest.len() == 64) {
            return;
        }
        let read = ClaimedDigest::parse(digest).or_else(|_| ClaimedDigest::parse_sha256_hex(digest));
        let Ok(digest) = read else { return };
        let mut about = self.about.clone();
        about.platform = platform.or(about.platform);
        // BuildKit lists attestations for a platform that does not exist.
        let attestation = about.platform.as_ref().is_some_and(Platform::is_unknown);
        let kind = if attestation && kind == DigestKind::Manifest { DigestKind::Artifact } else { kind };
        let fact = Fact { digest, kind, role, about, witness: self.witness, image: self.image };
        let diff_id = kind == DigestKind::DiffId;
        let known = |other: &&Fact| {
            other.image == fact.image
                && other.digest == fact.digest
                && other.about == fact.about
                && (other.kind == DigestKind::DiffId) == diff_id
        };
        // Only the last ones are compared: a list of many is not read again and again.
        if !self.list.iter().rev().take(8).any(|other| known(&other)) {
            self.list.push(fact);
        }
    }

    /// All facts so far.
    pub(super) const fn all(&mut self) -> &mut Vec<Fact> {
        &mut self.list
    }

    /// The last fact.
    pub(super) fn last(&mut self) -> Option<&mut Fact> {
        self.list.last_mut()
    }

    /// Whether there are none yet.
    pub(super) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All facts.
    pub(super) fn done(self) -> Vec<Fact> {
        self.list
    }
}

/// What a descriptor's media type says its digest is of. Helm charts, SBOMs
/// and the like are artifacts; what is not said is unknown.
pub(super) fn kind_of_media_type(media_type: &str) -> DigestKind {
    let known = MediaType::parse(media_type);
    match media_type {
        _ if known.is_index() => DigestKind::Index,
        _ if known.is_manifest() => DigestKind::Manifest,
        _ if known.is_config() => DigestKind::Config,
        "" => DigestKind::Unknown,
        _ if media_type.contains("rootfs.diff") || media_type.contains("image.layer") => DigestKind::Layer,
        _ => DigestKind::Artifact,
    }
}

/// Index or manifest, as a media type says of what is an image.
pub(super) fn kind_of_image(media_type: &str) -> DigestKind {
    match kind_of_media_type(media_type) {
        kind @ (DigestKind::Index | DigestKind::Manifest) => kind,
        _ => DigestKind::IndexOrManifest,
    }
}
