//! Digests that somebody's program printed. They say what to look for and
//! what the user holds; they prove nothing.

use super::fact::{DigestKind, Fact, Knows, Role};
use crate::base::digest::ClaimedDigest;

/// A digest somebody wrote down, with what it is said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Where it stood.
    pub source: ClaimSource,
    /// The digest.
    pub digest: ClaimedDigest,
    /// The reference it is said to belong to, as written.
    pub reference: Option<String>,
    /// `os/architecture[/variant]`, where said.
    pub platform: Option<String>,
}

/// Where a claimed digest stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimSource {
    /// `Digest:` line of `docker pull`.
    Pull,
    /// `RepoDigests` of an image inspect.
    RepoDigest,
    /// `Id` of an image inspect: a config digest in the classic image store.
    ImageId,
    /// `Id` of an image inspect whose `Descriptor` shows the containerd image
    /// store: an index or manifest digest.
    ContainerdId,
    /// `Descriptor.digest` of `docker manifest inspect -v`.
    Descriptor,
    /// `Digest` of skopeo or imagetools: index or manifest.
    Tool,
    /// A signed tag in `docker trust inspect` or `notary list` output.
    TrustText,
    /// `Docker-Content-Digest` header.
    Header,
    /// `sha256sum` output.
    Sum,
    /// Digest part of a reference, or a bare digest.
    Bare,
    /// `"digest": "sha256:…"` in grep output.
    Fragment,
    /// A layer's diff_id in an image inspect.
    DiffId,
}

impl ClaimSource {
    /// The stable kebab-case name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::RepoDigest => "repo-digest",
            Self::ImageId => "image-id",
            Self::ContainerdId => "containerd-id",
            Self::Descriptor => "descriptor",
            Self::Tool => "tool",
            Self::TrustText => "trust-text",
            Self::Header => "header",
            Self::Sum => "sum",
            Self::Bare => "bare",
            Self::Fragment => "fragment",
            Self::DiffId => "diff-id",
        }
    }
}

impl Claim {
    /// What the engine that compares claims makes of a fact.
    pub(super) fn of(fact: &Fact) -> Option<Self> {
        use ClaimSource as S;
        use DigestKind as K;
        let top = fact.role == Role::Top;
        let source = match (fact.kind, fact.witness.knows) {
            (K::Artifact, _) => return None,
            (K::DiffId, _) => S::DiffId,
            (K::Config | K::ImageId, _) if top => S::ImageId,
            (_, Knows::NameAndComputer) if top => S::Pull,
            (_, Knows::Checked) => S::TrustText,
            (_, Knows::Computer) if top => S::RepoDigest,
            (_, Knows::Name) if fact.witness.tool == "curl" => S::Header,
            (K::Manifest, _)
                if fact.witness.tool == "docker manifest inspect" && fact.about.tag.is_some() =>
            {
                S::Descriptor
            }
            (_, Knows::Name) if top => S::Tool,
            (K::Manifest, Knows::Name) if fact.witness.tool == "imagetools" => S::Tool,
            (_, Knows::Text) if fact.witness.tool == "sha256sum" => S::Sum,
            (_, Knows::Text) if top => S::Bare,
            _ => S::Fragment,
        };
        let reference = fact.about.repository.as_ref().map(|name| match &fact.about.tag {
            Some(tag) => format!("{name}:{tag}"),
            None => name.clone(),
        });
        let platform = fact.about.platform.as_ref().map(|platform| match platform.os.as_str() {
            "" => platform.architecture.clone(),
            _ => platform.to_string(),
        });
        Some(Self { source, digest: fact.digest.clone(), reference, platform })
    }
}
