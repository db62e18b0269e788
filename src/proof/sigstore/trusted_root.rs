//! Which logs are trusted, and when: `trusted_root.json`.
//!
//! <https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto>

use super::codes;
use super::log_key::LogKey;
use super::proto;
use crate::base::digest::{ClaimedDigest, Digest, shorten};
use crate::base::error::{Error, Result};
use crate::base::json::{self, Object};
use crate::base::limits;
use crate::base::time::Time;

/// The logs of the trusted root of the Sigstore public-good instance, which
/// the npm package `@sigstore/tuf` 5.0.1 ships: `trusted_root.json` up to its
/// certificates, which nothing here reads.
const PUBLIC_GOOD: &[u8] = include_bytes!("trusted_logs.json");
/// SHA-256 of the whole `trusted_root.json`.
pub const PUBLIC_GOOD_SHA256: &str = "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66";
/// The day on which the package with the embedded trusted root was published.
pub const PUBLIC_GOOD_DATE: &str = "2026-11-05";

/// Transparency logs that are trusted, with the time in which they are.
#[derive(Clone, Debug)]
pub struct TrustedRoot {
    logs: Vec<Log>,
    digest: ClaimedDigest,
    date: Option<&'static str>,
}

/// A transparency log of a trusted root.
#[derive(Clone, Debug)]
pub struct Log {
    url: String,
    origin: String,
    id: [u8; 32],
    key: core::result::Result<LogKey, String>,
    window: Window,
}

/// The time in which a key is trusted. Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First moment. A log without one is not usable.
    pub start: Option<Time>,
    /// Last moment; none if it has not ended.
    pub end: Option<Time>,
}

impl Window {
    /// Whether a moment is inside.
    #[must_use]
    pub fn contains(&self, time: Time) -> bool {
        self.start.is_some_and(|start| start <= time) && self.end.is_none_or(|end| time <= end)
    }
}

impl core::fmt::Display for Window {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.start {
            Some(start) => write!(f, "from {start}")?,
            None => f.write_str("from an unknown time")?,
        }
        match self.end {
            Some(end) => write!(f, " to {end}"),
            None => Ok(()),
        }
    }
}

impl TrustedRoot {
    /// Reads a trusted root that the user chose.
    ///
    /// # Errors
    /// The codes of JSON and [`codes::ROOT_MALFORMED`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        limits::within("a trusted root", bytes.len(), limits::MANIFEST_BYTES)?;
        let node = json::parse(bytes)?;
        let object = node.object("")?;
        object.known(&["mediaType", "tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"])?;
        let media_type = object.need_text("mediaType")?;
        if !matches!(
            media_type,
            "application/vnd.dev.sigstore.trustedroot+json;version=0.1"
                | "application/vnd.dev.sigstore.trustedroot.v0.2+json"
        ) {
            return Err(malformed("mediaType", "a trusted root of version 0.1 or 0.2", media_type));
        }
        for name in ["certificateAuthorities", "ctlogs", "timestampAuthorities"] {
            proto::some_array(&object, name)?;
        }
        let nodes = proto::some_array(&object, "tlogs")?;
        limits::within("logs", nodes.len(), limits::TRUSTED_LOGS)?;
        let mut logs: Vec<Log> = Vec::new();
        for (i, node) in nodes.iter().enumerate() {
            let place = format!("tlogs[{i}]");
            let log = Log::read(&node.object(&place)?)?;
            if logs.iter().any(|other| other.id == log.id) {
                return Err(malformed(&place, "a log that is listed once", "a log that is listed twice"));
            }
            logs.push(log);
        }
        Ok(Self { logs, digest: Digest::of(bytes).to_claim(), date: None })
    }

    /// The embedded trusted root of the Sigstore public-good instance.
    ///
    /// # Errors
    /// None in practice: a test reads it. The type is the one of
    /// [`parse`](Self::parse).
    pub fn public_good() -> Result<Self> {
        let digest = ClaimedDigest::parse_sha256_hex(PUBLIC_GOOD_SHA256)?;
        Ok(Self { date: Some(PUBLIC_GOOD_DATE), digest, ..Self::parse(PUBLIC_GOOD)? })
    }

    /// SHA-256 of the whole file.
    #[must_use]
    pub const fn digest(&self) -> &ClaimedDigest {
        &self.digest
    }

    /// `YYYY-MM-DD`, the date of the embedded root; none for one that the
    /// user gave.
    #[must_use]
    pub const fn date(&self) -> Option<&'static str> {
        self.date
    }

    /// The logs, usable or not.
    #[must_use]
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    pub(super) fn log(&self, id: &[u8; 32]) -> Option<&Log> {
        self.logs.iter().find(|log| &log.id == id)
    }
}

fn malformed(place: &str, expected: &str, found: &str) -> Error {
    Error::new(codes::ROOT_MALFORMED).in_place(place).expected(expected).found(shorten(found))
}

impl Log {
    fn read(object: &Object<'_, '_>) -> Result<Self> {
        object.known(&["baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator"])?;
        let url = object.need_text("baseUrl")?;
        let id = object.need_object("logId")?;
        id.known(&["keyId"])?;
        let id = proto::need_hash(&id, "keyId", codes::ROOT_MALFORMED)?;
        let public_key = object.need_object("publicKey")?;
        public_key.known(&["rawBytes", "keyDetails", "validFor"])?;
        let spki = proto::need_bytes(&public_key, "rawBytes")?;
        let details = public_key.need_text("keyDetails")?;
        let window = match proto::some_object(&public_key, "validFor")? {
            Some(window) => {
                window.known(&["start", "end"])?;
                let time = |name| window.text(name)?.map(Time::parse).transpose();
                Window { start: time("start")?, end: time("end")? }
            }
            None => Window { start: None, end: None },
        };
        let origin = origin(url).ok_or_else(|| malformed("baseUrl", "an http or https address", url))?;
        let mut key = LogKey::parse(details, &spki);
        if object.need_text("hashAlgorithm")? != "SHA2_256" {
            key = Err("a hash algorithm other than SHA-256".to_owned());
        } else if key.as_ref().is_ok_and(|key| !key.has_id(&id, origin)) {
            key = Err("an id that is not the one of its key".to_owned());
        } else if window.start.is_none() {
            key = Err("a key without the time from which it is trusted".to_owned());
        }
        Ok(Self { url: url.to_owned(), origin: origin.to_owned(), id, key, window })
    }

    /// The log's address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The host of the address: how the log names itself in checkpoints.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The log's id: lower-case hexadecimal.
    #[must_use]
    pub fn id(&self) -> String {
        crate::base::encoding::hex::encode(&self.id)
    }

    /// The time in which the log's key is trusted.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The first four bytes of the id, which mark its note signatures.
    pub(super) fn hint(&self) -> &[u8] {
        self.id.get(..4).unwrap_or_default()
    }

    pub(super) fn key(&self) -> Result<&LogKey> {
        self.key.as_ref().map_err(|reason| Error::new(codes::LOG_UNUSABLE).found(reason))
    }
}

/// Host and port of an address, without scheme and path.
fn origin(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split('/').next()?;
    (!host.is_empty() && host.bytes().all(|b| b.is_ascii_graphic() && b != b'@')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file as it is published.
    const WHOLE: &[u8] = include_bytes!("trusted_root.json");

    #[test]
    fn an_origin_is_a_host_and_nothing_else() {
        assert_eq!(origin("https://log.example:8080/path"), Some("log.example:8080"));
        assert_eq!(origin("http://log.example"), Some("log.example"));
        for url in [
            "https://",
            "https:///x",
            "ftp://log.example",
            "log.example",
            "https://a@log.example",
            "https://lo g",
            "https://lög",
        ] {
            assert_eq!(origin(url), None, "{url}");
        }
    }

    #[test]
    fn the_embedded_root_is_the_pinned_one() {
        let root = TrustedRoot::public_good().unwrap();
        let whole = TrustedRoot::parse(WHOLE).unwrap();
        assert_eq!(root.digest(), whole.digest());
        assert_eq!(format!("{:?}", root.logs()), format!("{:?}", whole.logs()));
        assert_eq!(root.date(), Some(PUBLIC_GOOD_DATE));
        let [v1, v2] = root.logs() else { panic!("two logs") };
        assert_eq!(v1.id(), "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d");
        assert_eq!((v1.origin(), v2.origin()), ("rekor.sigstore.dev", "log2025-1.rekor.sigstore.dev"));
        assert!(matches!(v1.key(), Ok(LogKey::P256(_))));
        assert!(matches!(v2.key(), Ok(LogKey::Ed25519(_))));
        assert_eq!(v1.window().to_string(), "from 2021-01-12T11:53:27Z");
    }

    fn changed(from: &str, to: &str) -> Result<TrustedRoot> {
        let text = core::str::from_utf8(WHOLE).unwrap();
        assert!(text.contains(from), "{from}");
        TrustedRoot::parse(text.replacen(from, to, 1).as_bytes())
    }

    #[test]
    fn a_log_that_is_not_what_it_says_is_unusable() {
        for (from, to) in [
            ("\"start\": \"2021-01-12T11:53:27Z\"", "\"end\": \"2021-01-12T11:53:27Z\""),
            ("\"SHA2_256\"", "\"SHA2_512\""),
            ("PKIX_ECDSA_P256_SHA_256", "PKIX_ECDSA_P384_SHA_384"),
            ("PKIX_ECDSA_P256_SHA_256", "PKIX_ED25519"),
            ("wNI9", "wNI8"),
        ] {
            let root = changed(from, to).unwrap();
            let error = root.logs()[0].key().unwrap_err();
            assert_eq!(error.code(), codes::LOG_UNUSABLE, "{to}");
            assert!(root.logs()[1].key().is_ok());
        }
        assert!(changed("https://log2025-1.", "https://log2025-2.").unwrap().logs()[1].key().is_err());
    }

    #[test]
    fn a_root_that_is_malformed_is_refused() {
        for (from, to) in [
            ("version=0.1", "version=9"),
            ("\"tlogs\"", "\"Tlogs\""),
            ("https://rekor", "rekor"),
            ("2021-01-12T11:53:27Z", "yesterday"),
            ("wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0=", "wNI9ag=="),
            ("zxGZFVvd0FEmjR8WrFwMdcAJ9vtaY/QXf44Y1wUeP6A=", "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0="),
        ] {
            assert!(changed(from, to).is_err(), "{to}");
        }
    }

    #[test]
    fn both_ends_belong_to_a_window() {
        let time = |text| Time::parse(text).unwrap();
        let (start, end) = (time("2021-01-12T11:53:27Z"), time("2023-07-12T15:56:36Z"));
        let window = Window { start: Some(start), end: Some(end) };
        assert!(window.contains(start) && window.contains(end));
        assert!(
            !window.contains(time("2021-01-12T11:53:26Z")) && !window.contains(time("2023-07-12T15:56:37Z"))
        );
        assert!(!Window { start: None, end: None }.contains(start));
    }
}
