//! A publisher's profile: JSON, version 1, described in `docs/profile.md`.

use super::codes;
use super::pinned::{PinnedKey, Source};
use super::published::Published;
use super::release::{Release, Version};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Object};
use crate::base::order;
use crate::model::key::PublicKey;
use crate::model::reference::{Host, Reference};

/// Whether a signature must be in the transparency log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPolicy {
    /// Without good log evidence the verdict is *not checked*.
    Required,
    /// The user or the profile chose to do without. Log evidence that is
    /// present and false still contradicts.
    Ignored,
}

/// The profile compiled into this program.
const WEBDIS: &[u8] = include_bytes!("../../../profiles/webdis.json");

/// Value of the member `schema`.
const SCHEMA: &str = "https://webdis-verify.dev/profile/v1";

/// Pins and names for Docker Content Trust.
#[derive(Clone, Debug)]
pub struct ContentTrust {
    /// Globally unique name of the collection, `docker.io/nicolas/webdis`.
    pub gun: String,
    /// The Notary server; none: Docker Hub's for images there, else nobody is
    /// asked.
    pub server: Option<Host>,
    /// Accepted root key ids (the certificate's id), hexadecimal.
    pub root: Vec<String>,
    /// Accepted repository (targets) key ids, hexadecimal.
    pub repository: Vec<String>,
    /// Documented signers: name and canonical key id.
    pub signers: Vec<(String, String)>,
}

impl ContentTrust {
    /// Whose a key is: a documented signer's name, or that of the collection.
    #[must_use]
    pub fn key_name(&self, key: &PublicKey) -> Option<&str> {
        let id = key.tuf_key_id().hex();
        let signer = self.signers.iter().find(|(_, signer)| *signer == id).map(|(name, _)| name);
        signer.or(Some(&self.gun).filter(|_| self.repository.contains(&id))).map(String::as_str)
    }
}

/// Who signs what, with which keys, in which repositories.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Short name, `webdis`.
    pub id: String,
    /// Display name, `Webdis`.
    pub publisher: String,
    /// Repositories that hold the same product, the first one first.
    pub repositories: Vec<String>,
    /// Repositories that the publisher used earlier. They are its own, and not
    /// asked for anything.
    pub former: Vec<String>,
    /// Accepted cosign keys.
    pub keys: Vec<PinnedKey>,
    /// Whether signatures must be in the transparency log.
    pub log: LogPolicy,
    /// Pins for Docker Content Trust.
    pub content_trust: Option<ContentTrust>,
    /// Release ranges and their schemes.
    pub releases: Vec<Release>,
    /// Digests that the publisher documented, in the order of their dates.
    pub published: Vec<Published>,
    /// From which release on the images carry their version in
    /// `org.opencontainers.image.version`; none if they do not.
    pub version_labels: Option<Version>,
    /// Where the profile comes from.
    pub source: Source,
}

impl Profile {
    /// The built-in profile.
    ///
    /// # Errors
    /// None in a released program: a test reads it.
    pub fn webdis() -> Result<Self> {
        Self::read(WEBDIS, Source::BuiltIn)
    }

    /// Whether a built-in profile has this name.
    #[must_use]
    pub fn is_built_in(name: &str) -> bool {
        Self::named(name).is_ok()
    }

    /// The built-in profile of this name.
    ///
    /// # Errors
    /// [`codes::PROFILE`] if there is none.
    pub fn named(name: &str) -> Result<Self> {
        if name == "webdis" {
            return Self::webdis();
        }
        Err(Error::new(codes::PROFILE).expected("webdis").found("a name that is not built in"))
    }

    /// Reads a profile the user handed in.
    ///
    /// # Errors
    /// [`codes::PROFILE`], [`codes::PROFILE_KEY`], or those of JSON and keys.
    pub fn parse(file: &[u8]) -> Result<Self> {
        Self::read(file, Source::Profile)
    }

    fn read(file: &[u8], source: Source) -> Result<Self> {
        let node = json::parse(file)?;
        let object = node.object("profile")?;
        object.known(&[
            "schema",
            "id",
            "publisher",
            "repositories",
            "formerRepositories",
            "keys",
            "log",
            "contentTrust",
            "releases",
            "published",
            "versionLabels",
            "documentation",
        ])?;
        let wrong = |found: &str| Error::new(codes::PROFILE).found(found);
        if object.need_text("schema")? != SCHEMA {
            return Err(wrong("a schema other than profile/v1").expected(SCHEMA));
        }
        let mut keys = Vec::new();
        for node in optional_array(&object, "keys")? {
            keys.push(read_key(&node.object("profile.keys")?, source)?);
        }
        let mut releases = Vec::new();
        for node in optional_array(&object, "releases")? {
            releases.push(Release::read(&node.object("profile.releases")?)?);
        }
        let mut published = Vec::new();
        for node in optional_array(&object, "published")? {
            published.push(Published::read(&node.object("profile.published")?, source)?);
        }
        order::sort_by(&mut published, |a, b| a.date().cmp(b.date()));
        let version_labels = match object.text("versionLabels")? {
            Some(text) => {
                Some(Version::of_tag(text).ok_or_else(|| wrong("versionLabels that is no version"))?)
            }
            None => None,
        };
        let names = |member: &str| -> Result<Vec<String>> {
            let nodes = optional_array(&object, member)?.iter();
            nodes.map(|node| Ok(Reference::parse(node.text(member)?)?.name())).collect()
        };
        let (repositories, former) = (names("repositories")?, names("formerRepositories")?);
        let content_trust = match object.get_some("contentTrust") {
            Some(node) => Some(read_content_trust(&node.object("profile.contentTrust")?)?),
            None => None,
        };
        let log = match object.text("log")? {
            None | Some("required") => LogPolicy::Required,
            Some("ignored") => LogPolicy::Ignored,
            Some(_) => return Err(wrong("a log policy that is neither required nor ignored")),
        };
        if keys.is_empty() && content_trust.is_none() {
            return Err(wrong("neither keys nor Content Trust pins"));
        }
        Ok(Self {
            id: object.need_text("id")?.to_owned(),
            publisher: object.need_text("publisher")?.to_owned(),
            repositories,
            former,
            keys,
            log,
            content_trust,
            releases,
            published,
            version_labels,
            source,
        })
    }

    /// Whether a reference names one of the publisher's repositories.
    #[must_use]
    pub fn owns(&self, reference: &Reference) -> bool {
        [&self.repositories, &self.former].iter().any(|names| names.contains(&reference.name()))
    }
}

fn optional_array<'n, 'a>(object: &Object<'n, 'a>, name: &str) -> Result<&'n [json::Node<'a>]> {
    if object.get_some(name).is_some() { object.need_array(name) } else { Ok(&[]) }
}

fn read_key(object: &Object<'_, '_>, source: Source) -> Result<PinnedKey> {
    object.known(&["name", "fingerprint", "pem"])?;
    let key = PinnedKey::new(object.need_text("name")?, object.need_text("pem")?.as_bytes(), source)?;
    let (expected, found) = (object.need_text("fingerprint")?, key.key().fingerprint().hex());
    if expected == found {
        return Ok(key);
    }
    Err(Error::new(codes::PROFILE_KEY).expected(expected).found(found))
}

fn read_content_trust(object: &Object<'_, '_>) -> Result<ContentTrust> {
    object.known(&["gun", "server", "root", "repository", "signers"])?;
    let ids = |name: &str| -> Result<Vec<String>> {
        object.need_array(name)?.iter().map(|node| key_id(node.text(&object.path(name))?)).collect()
    };
    let mut signers = Vec::new();
    for node in optional_array(object, "signers")? {
        let signer = node.object("profile.contentTrust.signers")?;
        signers.push((signer.need_text("name")?.to_owned(), key_id(signer.need_text("id")?)?));
    }
    Ok(ContentTrust {
        gun: object.need_text("gun")?.to_owned(),
        server: object.text("server")?.map(Host::of_server).transpose()?,
        root: ids("root")?,
        repository: ids("repository")?,
        signers,
    })
}

/// A whole key id: 64 lower-case hexadecimal digits. Shortened ids are no pin.
pub(crate) fn key_id(text: &str) -> Result<String> {
    match crate::base::encoding::hex::decode_lower(text) {
        Some(bytes) if bytes.len() == 32 => Ok(text.to_owned()),
        _ => Err(Error::new(codes::PROFILE).found("a key id that is not 64 lower-case hexadecimal digits")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::publisher::Scheme;

    #[test]
    fn the_built_in_profile_pins_webdis_pub() {
        let profile = Profile::webdis().unwrap();
        assert_eq!(profile.keys[0].key().pem().as_bytes(), include_bytes!("../../../webdis.pub"));
        let release = |tag: &str| {
            let version = Version::of_tag(tag)?;
            profile.releases.iter().find(|release| release.contains(&version))
        };
        assert_eq!(
            release("0.1.18").map(|r| (r.scheme, r.multi_platform)),
            Some((Scheme::ContentTrust, false))
        );
        assert_eq!(
            release("0.1.19").map(|r| (r.scheme, r.multi_platform)),
            Some((Scheme::ContentTrust, true))
        );
        assert_eq!(release("0.1.24").map(|r| r.scheme), Some(Scheme::Cosign));
        assert!(release("0.1.11").is_none() && release("latest").is_none());
        assert!(profile.owns(&Reference::parse("nicolas/webdis:0.1.24").unwrap()));
        assert!(profile.owns(&Reference::parse("public.ecr.aws/nicolas/webdis").unwrap()));
        assert!(!profile.owns(&Reference::parse("evil/webdis").unwrap()));
    }

    #[test]
    fn a_profile_that_contradicts_itself_is_refused() {
        let text = core::str::from_utf8(WEBDIS).unwrap();
        for (from, to, code) in [
            ("\"fingerprint\": \"c9", "\"fingerprint\": \"c8", codes::PROFILE_KEY),
            ("profile/v1", "profile/v2", codes::PROFILE),
            ("\"log\": \"required\"", "\"log\": \"maybe\"", codes::PROFILE),
            ("40be21f4", "40be21", codes::PROFILE),
            (
                "https://notary.docker.io",
                "http://notary.docker.io",
                crate::model::reference::codes::REFERENCE_SYNTAX,
            ),
            (
                "https://notary.docker.io",
                "https://notary.docker.io/v2",
                crate::model::reference::codes::REFERENCE_SYNTAX,
            ),
            ("\"id\": \"webdis\"", "\"ID\": \"webdis\"", json::codes::CASE_VARIANT),
        ] {
            let error = Profile::parse(text.replace(from, to).as_bytes()).unwrap_err();
            assert_eq!(error.code(), code, "{to}");
        }
    }
}
