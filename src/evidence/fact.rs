//! Facts: digests that somebody's program printed, each with what kind of
//! digest it is, what it is about, and who says so.
//!
//! A fact proves nothing. It says which image the user holds or asks about,
//! and it can confirm or contradict only where the kinds of two digests can
//! be equal (docs/VERDICT.md, section 2).

use super::claim::{Claim, ClaimSource};
use crate::base::digest::ClaimedDigest;
use crate::model::oci::Platform;
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
    /// The platform.
    pub platform: Option<Platform>,
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

impl Fact {
    /// The fact of a claim.
    pub(super) fn of_claim(claim: &Claim, image: usize) -> Self {
        use ClaimSource as S;
        let (kind, role, tool, knows) = match claim.source {
            S::Pull => (DigestKind::IndexOrManifest, Role::Top, "docker pull", Knows::NameAndComputer),
            S::RepoDigest => {
                (DigestKind::IndexOrManifest, Role::Top, "docker image inspect", Knows::Computer)
            }
            S::ImageId => (DigestKind::ImageId, Role::Top, "docker image inspect", Knows::Computer),
            S::ContainerdId => {
                (DigestKind::IndexOrManifest, Role::Top, "docker image inspect", Knows::Computer)
            }
            S::Descriptor => (DigestKind::Manifest, Role::Part, "docker manifest inspect", Knows::Name),
            S::Tool => (DigestKind::IndexOrManifest, Role::Top, "imagetools", Knows::Name),
            S::TrustText => (DigestKind::IndexOrManifest, Role::Top, "docker trust inspect", Knows::Checked),
            S::Header => (DigestKind::IndexOrManifest, Role::Top, "curl", Knows::Name),
            S::Sum => (DigestKind::Unknown, Role::Top, "sha256sum", Knows::Text),
            S::Bare => (DigestKind::Unknown, Role::Top, "text", Knows::Text),
            S::Fragment => (DigestKind::Unknown, Role::Part, "text", Knows::Text),
            S::DiffId => (DigestKind::DiffId, Role::Part, "docker image inspect", Knows::Computer),
        };
        let reference = claim.reference.as_deref().and_then(|text| Reference::parse(text).ok());
        let about = About {
            repository: reference.as_ref().map(Reference::name),
            tag: reference.as_ref().and_then(|r| r.tag().map(str::to_owned)),
            platform: claim.platform.as_deref().and_then(Platform::parse),
        };
        Self { digest: claim.digest.clone(), kind, role, about, witness: Witness { tool, knows }, image }
    }
}
