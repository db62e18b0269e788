//! Image references: `registry/repository:tag@digest`, parsed once.
//!
//! The grammar is the one of `distribution/reference` with Docker's defaults
//! (`docker.io`, `library/`), and is kept strict where programs disagree:
//! upper case is refused instead of guessed at, a bare digest is not a
//! repository named `sha256`, and a host that one program takes for a name
//! and another for an address is refused. The text is kept as it was written.

mod host;
mod loose;
#[cfg(test)]
mod tests;

use core::fmt;

pub use host::Host;

use crate::base::digest::{ClaimedDigest, shorten};
use crate::base::error::{Error, Result};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Text that is not an image reference.
        REFERENCE_SYNTAX = "reference-syntax", NotChecked,
            "This is not an image reference: {found} ({expected}).",
            "Write it as in docker pull, for example nicolas/webdis:0.1.24 or ghcr.io/owner/name@sha256:….";
        /// Upper case where only lower case is allowed.
        REFERENCE_UPPERCASE = "reference-uppercase", NotChecked,
            "A repository name has no upper-case letters: {found}.",
            "Write it in lower case: {expected}.";
        /// A digest where a reference was expected.
        REFERENCE_IS_DIGEST = "reference-is-digest", NotChecked,
            "This is a digest and does not say in which repository: {found}.",
            "Put the repository before it: repository@{found}.";
        /// A web address where a reference was expected.
        REFERENCE_IS_ADDRESS = "reference-is-address", NotChecked,
            "This is an address and not an image reference: {found}.",
            "Write only registry, repository and tag, for example nicolas/webdis:0.1.24.";
    }
}

/// Longest repository path, in bytes (`distribution/reference`).
pub const REPOSITORY_BYTES: usize = 255;
/// Longest tag, in bytes (distribution-spec, "Pulling manifests").
pub const TAG_BYTES: usize = 128;
/// The registry that a reference without one means.
pub const DOCKER_HUB: &str = "docker.io";

/// A parsed reference. Two references are equal when they name the same
/// thing, however they were written.
#[derive(Clone, Debug)]
pub struct Reference {
    text: String,
    host: Host,
    repository: String,
    tag: Option<String>,
    digest: Option<ClaimedDigest>,
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        (&self.host, &self.repository, &self.tag, &self.digest)
            == (&other.host, &other.repository, &other.tag, &other.digest)
    }
}

impl Eq for Reference {}

impl Reference {
    /// Reads a reference as `docker pull` takes it.
    ///
    /// # Errors
    /// The codes of [`codes`], or those of a digest that is malformed.
    pub fn parse(text: &str) -> Result<Self> {
        if text.contains("://") {
            return Err(Error::new(codes::REFERENCE_IS_ADDRESS).found(shorten(text)));
        }
        if is_bare_digest(text) {
            return Err(Error::new(codes::REFERENCE_IS_DIGEST).found(shorten(text)));
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(ClaimedDigest::parse(digest)?)),
            None => (text, None),
        };
        let (name, tag) = split_tag(rest);
        if let Some(tag) = tag {
            check_tag(tag).map_err(|error| error.found(shorten(text)))?;
        }
        let (host, path) = split_host(name).map_err(|error| error.found(shorten(text)))?;
        check_repository(path).map_err(|error| error.found(shorten(path)))?;
        let repository = match host.is_docker_hub() && !path.contains('/') {
            true => format!("library/{path}"),
            false => path.to_owned(),
        };
        if repository.len() > REPOSITORY_BYTES {
            return Err(syntax("a repository name of at most 255 characters").found(shorten(text)));
        }
        Ok(Self { text: text.to_owned(), host, repository, tag: tag.map(str::to_owned), digest })
    }

    /// The text it was read from, unchanged.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The registry's host, with its port.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The registry as it stands in a full reference: `docker.io`,
    /// `localhost:5000`, `[::1]:5000`.
    #[must_use]
    pub fn registry(&self) -> &str {
        self.host.as_str()
    }

    /// The path below the registry: `library/debian`, `nicolas/webdis`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, if one was written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The tag to ask for: the one written, or `latest` if neither tag nor
    /// digest was written.
    #[must_use]
    pub fn tag_or_latest(&self) -> Option<&str> {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => Some(tag),
            (None, None) => Some("latest"),
            (None, Some(_)) => None,
        }
    }

    /// The digest, if one was written. A claim until bytes match it.
    #[must_use]
    pub const fn digest(&self) -> Option<&ClaimedDigest> {
        self.digest.as_ref()
    }

    /// Registry and repository, without tag and digest:
    /// `docker.io/nicolas/webdis`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.host, self.repository)
    }

    /// The globally unique name under which Notary v1 keeps the collection:
    /// the same as [`Reference::name`].
    #[must_use]
    pub fn gun(&self) -> String {
        self.name()
    }

    /// The short form, as Docker prints it: `debian:12`, `nicolas/webdis`.
    #[must_use]
    pub fn familiar(&self) -> String {
        let name = match self.host.is_docker_hub() {
            true => self.repository.strip_prefix("library/").unwrap_or(&self.repository).to_owned(),
            false => self.name(),
        };
        // `library/localhost` and the like would read as a host.
        let short = match Self::parse(&name) {
            Ok(back) if back.host == self.host && back.repository == self.repository => name,
            _ => self.name(),
        };
        self.suffixed(short)
    }

    /// The same repository and tag, pinned to a digest.
    #[must_use]
    pub fn with_digest(&self, digest: ClaimedDigest) -> Self {
        let mut pinned = Self { digest: Some(digest), ..self.clone() };
        pinned.text = pinned.to_string();
        pinned
    }

    /// This repository, with the digest of another reference, or else its tag.
    ///
    /// # Errors
    /// [`codes::REFERENCE_SYNTAX`] if the tag is malformed.
    pub fn at(&self, other: &Self) -> Result<Self> {
        match (other.digest(), other.tag_or_latest()) {
            (Some(digest), _) => Ok(Self { tag: None, ..self.clone() }.with_digest(digest.clone())),
            (None, tag) => self.with_tag(tag.unwrap_or("latest")),
        }
    }

    /// The same repository, with another tag and no digest.
    ///
    /// # Errors
    /// [`codes::REFERENCE_SYNTAX`] if the tag is malformed.
    pub fn with_tag(&self, tag: &str) -> Result<Self> {
        check_tag(tag).map_err(|error| error.found(shorten(tag)))?;
        let mut other = Self { tag: Some(tag.to_owned()), digest: None, ..self.clone() };
        other.text = other.to_string();
        Ok(other)
    }

    fn suffixed(&self, mut name: String) -> String {
        if let Some(tag) = &self.tag {
            name.push(':');
            name.push_str(tag);
        }
        if let Some(digest) = &self.digest {
            name.push('@');
            name.push_str(&digest.to_string());
        }
        name
    }
}

/// The full form: `docker.io/library/debian:12`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.suffixed(self.name()))
    }
}

impl core::str::FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

/// Whether text is a tag by the grammar: a word character, then at most 127
/// word characters, dots and dashes.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    check_tag(text).is_ok()
}

fn syntax(expected: &str) -> Error {
    Error::new(codes::REFERENCE_SYNTAX).expected(expected)
}

/// `sha256:…` alone, or 64 hexadecimal digits: a digest or an image ID.
fn is_bare_digest(text: &str) -> bool {
    let hex = |digits: &str| digits.len() >= 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    match text.split_once(':') {
        Some(("sha256" | "sha512", digits)) => hex(digits),
        Some(_) => false,
        None => text.len() == 64 && hex(text),
    }
}

/// The tag follows the last colon, unless that colon belongs to a port.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains(['/', ']']) => (name, Some(tag)),
        _ => (text, None),
    }
}

/// The first component is a host if it has a dot or a colon, or is
/// `localhost` (`distribution/reference`, `splitDockerDomain`).
fn split_host(name: &str) -> Result<(Host, &str)> {
    if let Some((first, path)) = name.split_once('/') {
        if first.contains(['.', ':']) || first.eq_ignore_ascii_case("localhost") {
            return Ok((Host::parse(first)?, path));
        }
    } else if name.starts_with('[') {
        return Err(syntax("a repository after the registry"));
    }
    Ok((Host::docker_hub(), name))
}

fn check_tag(tag: &str) -> Result<()> {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let first = tag.bytes().next().is_some_and(word);
    if first && tag.len() <= TAG_BYTES && tag.bytes().all(|b| word(b) || b == b'.' || b == b'-') {
        return Ok(());
    }
    Err(syntax("a tag has letters, digits, underscores, dots and dashes, 128 at most"))
}

/// Components of lower-case letters and digits, joined inside by one dot, one
/// or two underscores, or any number of dashes; components joined by slashes.
fn check_repository(path: &str) -> Result<()> {
    if path.len() > REPOSITORY_BYTES {
        return Err(syntax("a repository name of at most 255 characters"));
    }
    if path.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(Error::new(codes::REFERENCE_UPPERCASE).expected(shorten(&path.to_ascii_lowercase())));
    }
    if path.split('/').all(is_component) {
        return Ok(());
    }
    Err(syntax("a repository name has lower-case letters and digits, joined by . _ __ - or /"))
}

fn is_component(component: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let mut separator = String::new();
    let mut last_was_word = false;
    for c in component.chars() {
        match c {
            'a'..='z' | '0'..='9' => {
                if !matches!(separator.as_str(), "" | "." | "_" | "__")
                    && !separator.bytes().all(|b| b == b'-')
                {
                    return false;
                }
                separator.clear();
                last_was_word = true;
            }
            '.' | '_' | '-' if last_was_word => separator.push(c),
            _ => return false,
        }
    }
    component.bytes().next_back().is_some_and(alphanumeric)
}
