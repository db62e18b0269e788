//! Release ranges: which scheme signs which version.

use core::fmt;

use crate::base::error::{Error, Result};
use crate::base::json::Object;

use super::codes;

/// How a release is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Docker Content Trust (Notary v1).
    ContentTrust,
    /// cosign with a key.
    Cosign,
}

/// Numbers of a version, `0.1.24`; compared number by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(Vec<u64>);

impl Version {
    /// Reads the version a tag begins with: an optional `v`, then numbers
    /// separated by dots; a suffix after `-` (`0.1.19-amd64`) is left out.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.strip_prefix('v').unwrap_or(tag);
        let numbers = tag.split_once('-').map_or(tag, |(numbers, _)| numbers);
        let numbers: Option<Vec<u64>> = numbers
            .split('.')
            .map(|n| {
                (n.len() <= 9 && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
                    .then(|| n.parse().ok())?
            })
            .collect();
        numbers.filter(|n| n.len() >= 2).map(Self)
    }

    /// Whether a tag of this version may mean that release: `1.4` means the newest `1.4.x`, and
    /// `1.4.2.0` is `1.4.2`.
    #[must_use]
    pub fn means(&self, release: &Self) -> bool {
        let more = self.0.iter().skip(release.0.len());
        self.0.iter().zip(&release.0).all(|(own, its)| own == its) && { more }.all(|number| *number == 0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, number) in self.0.iter().enumerate() {
            write!(f, "{}{number}", if n == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

/// A range of versions, ends included.
#[derive(Clone, Debug)]
pub struct Release {
    from: Version,
    to: Option<Version>,
    /// How these versions are signed.
    pub scheme: Scheme,
    /// Whether they are indexes over several platforms.
    pub multi_platform: bool,
}

impl Release {
    /// Whether releases to come are in it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.to.is_none()
    }

    pub(crate) fn read(object: &Object<'_, '_>) -> Result<Self> {
        object.known(&["from", "to", "scheme", "platforms"])?;
        let wrong = |found: &str| Error::new(codes::PROFILE).found(found);
        let version =
            |text: &str| Version::of_tag(text).ok_or_else(|| wrong("a version that is not numbers and dots"));
        Ok(Self {
            from: version(object.need_text("from")?)?,
            to: object.text("to")?.map(version).transpose()?,
            scheme: match object.need_text("scheme")? {
                "content-trust" => Scheme::ContentTrust,
                "cosign" => Scheme::Cosign,
                _ => return Err(wrong("a scheme that is neither content-trust nor cosign")),
            },
            multi_platform: object.text("platforms")? == Some("multi"),
        })
    }

    /// The first version of the range.
    #[must_use]
    pub const fn from(&self) -> &Version {
        &self.from
    }

    /// Whether a version lies in the range.
    #[must_use]
    pub fn contains(&self, version: &Version) -> bool {
        *version >= self.from && self.to.as_ref().is_none_or(|to| version <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let version = |text| Version::of_tag(text).unwrap();
        assert!(version("0.1.9") < version("0.1.12"));
        assert_eq!(version("0.1.19-amd64"), version("v0.1.19"));
        for tag in ["latest", "", "1", "0..1", "0.1.x", "0.1.+2", "0.1.99999999999999999999"] {
            assert!(Version::of_tag(tag).is_none(), "{tag}");
        }
    }
}
