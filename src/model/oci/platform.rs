//! `os/architecture[/variant]` (OCI image-index.md, `platform`).

use core::fmt;

use crate::base::digest::shorten;
use crate::base::error::Result;
use crate::base::json::Object;
use crate::base::words;

/// The platform an image is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    /// `linux`, `windows`, …
    pub os: String,
    /// `amd64`, `arm64`, …
    pub architecture: String,
    /// `v8`, `v7`, …
    pub variant: Option<String>,
    /// Windows build, where given.
    pub os_version: Option<String>,
}

impl Platform {
    pub(super) fn read(object: &Object<'_, '_>) -> Result<Self> {
        object.known(&["architecture", "os", "os.version", "os.features", "variant", "features"])?;
        let text = |name: &str| -> Result<Option<String>> { Ok(object.text(name)?.map(shorten)) };
        Ok(Self {
            os: text("os")?.unwrap_or_default(),
            architecture: text("architecture")?.unwrap_or_default(),
            variant: text("variant")?.filter(|v| !v.is_empty()),
            os_version: text("os.version")?,
        })
    }

    /// Reads `os/architecture[/variant]`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (os, architecture) = (parts.next()?, parts.next()?);
        let variant = parts.next().map(str::to_owned);
        let complete = parts.next().is_none() && !os.is_empty() && !architecture.is_empty();
        complete.then(|| Self {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant,
            os_version: None,
        })
    }

    /// `unknown/unknown`: BuildKit's mark for attestation manifests.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" || self.architecture == "unknown"
    }

    /// BuildKit's mark, in full: nobody's machine is `unknown/unknown`.
    #[must_use]
    pub fn is_attestation(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }

    /// Neither system nor machine, as `crane append` makes images of nothing.
    #[must_use]
    pub const fn is_unnamed(&self) -> bool {
        self.os.is_empty() && self.architecture.is_empty()
    }

    /// Whether two descriptions mean the same machine: `arm64` and `arm64/v8` do, and `amd64`
    /// and `amd64/v1`; an `os.version` counts where programs look at it, on Windows.
    #[must_use]
    pub fn same_machine(&self, other: &Self) -> bool {
        self.os == other.os
            && self.architecture == other.architecture
            && self.significant_variant() == other.significant_variant()
            && (self.os != "windows" || self.os_version == other.os_version)
    }

    fn significant_variant(&self) -> Option<&str> {
        let usual = |v: &&str| matches!((&*self.architecture, *v), ("arm64", "v8") | ("amd64", "v1"));
        self.variant.as_deref().filter(|v| !usual(v))
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unnamed() {
            return f.write_str(words::THIS_PLATFORM);
        }
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_without_a_name_is_this_one() {
        assert_eq!(Platform::default().to_string(), words::THIS_PLATFORM);
        let half = Platform { os: "linux".to_owned(), ..Platform::default() };
        assert_eq!(half.to_string(), "linux/");
    }
}
