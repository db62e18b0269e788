//! Media types of the documents a verifier meets.

/// What a `mediaType` member says a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// OCI image index.
    OciIndex,
    /// Docker manifest list.
    DockerList,
    /// OCI image manifest.
    OciManifest,
    /// Docker image manifest, schema 2.
    DockerManifest,
    /// OCI image config.
    OciConfig,
    /// Docker container config.
    DockerConfig,
    /// Docker image manifest, schema 1, signed or not.
    Schema1,
    /// Anything else.
    Other,
}

impl MediaType {
    const NAMES: [(&'static str, Self); 8] = [
        ("application/vnd.oci.image.index.v1+json", Self::OciIndex),
        ("application/vnd.docker.distribution.manifest.list.v2+json", Self::DockerList),
        ("application/vnd.oci.image.manifest.v1+json", Self::OciManifest),
        ("application/vnd.docker.distribution.manifest.v2+json", Self::DockerManifest),
        ("application/vnd.oci.image.config.v1+json", Self::OciConfig),
        ("application/vnd.docker.container.image.v1+json", Self::DockerConfig),
        ("application/vnd.docker.distribution.manifest.v1+json", Self::Schema1),
        ("application/vnd.docker.distribution.manifest.v1+prettyjws", Self::Schema1),
    ];

    /// Reads a media type. Parameters and case variants are not known types.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::NAMES.iter().find(|(name, _)| *name == text).map_or(Self::Other, |(_, kind)| *kind)
    }

    /// Index or manifest list.
    #[must_use]
    pub const fn is_index(self) -> bool {
        matches!(self, Self::OciIndex | Self::DockerList)
    }

    /// Image manifest of either family.
    #[must_use]
    pub const fn is_manifest(self) -> bool {
        matches!(self, Self::OciManifest | Self::DockerManifest)
    }

    /// Whether a layer of this type is kept at an address of its own: OCI's
    /// non-distributable layers (layer.md) and Docker's foreign ones.
    #[must_use]
    pub fn is_foreign(text: &str) -> bool {
        text.contains(".nondistributable.") || text.contains(".foreign.")
    }

    /// Whether it is the config of an image, which lists the digests of the
    /// uncompressed layers.
    #[must_use]
    pub const fn is_config(self) -> bool {
        matches!(self, Self::OciConfig | Self::DockerConfig)
    }
}
