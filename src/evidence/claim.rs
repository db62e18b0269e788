//! Digests that somebody's program printed. They say what to look for and
//! what the user holds; they prove nothing.

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
