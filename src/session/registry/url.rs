//! Addresses of registries, read strictly: no user part, no fragment, no
//! characters or dot segments that two programs would read differently.

use core::fmt;

use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::model::reference::Host;

use super::codes;

/// Longest address, in bytes: signed blob addresses take about 1,500.
pub const URL_BYTES: usize = 8_192;

/// An absolute `http` or `https` address.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Url {
    secure: bool,
    host: Host,
    target: String,
}

impl Url {
    /// An address of a registry: https, or http on the machine itself.
    #[must_use]
    pub fn of_host(host: &Host, target: String) -> Self {
        let secure = !host.is_loopback();
        Self { secure, host: host.clone(), target }
    }

    /// Reads an absolute address.
    ///
    /// # Errors
    /// [`codes::REDIRECT`] with the text; plain http counts only on loopback.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = || Error::new(codes::REDIRECT).found(shorten(text));
        let (scheme, rest) = text.split_once("://").ok_or_else(refuse)?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(refuse()),
        };
        let split = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(split).ok_or_else(refuse)?;
        let host = Host::parse(authority).map_err(|_| refuse())?;
        if !secure && !host.is_loopback() {
            return Err(refuse());
        }
        let target = match target.strip_prefix('?') {
            Some(query) => format!("/?{query}"),
            None if target.is_empty() => "/".to_owned(),
            None => target.to_owned(),
        };
        if text.len() > URL_BYTES || !is_plain_target(&target) {
            return Err(refuse());
        }
        Ok(Self { secure, host, target })
    }

    /// Reads an address given relative to this one: absolute, or a path that
    /// begins with one slash (RFC 3986, section 4.2).
    ///
    /// # Errors
    /// [`codes::REDIRECT`].
    pub fn join(&self, location: &str) -> Result<Self> {
        if location.contains("://") && !location.starts_with('/') {
            return Self::parse(location);
        }
        let target = match location.strip_prefix('?') {
            Some(query) => format!("{}?{query}", self.path()),
            None => location.to_owned(),
        };
        if location.len() > URL_BYTES || !is_plain_target(&target) {
            return Err(Error::new(codes::REDIRECT).found(shorten(location)));
        }
        Ok(Self { target, ..self.clone() })
    }

    /// Adds query parameters, percent-encoded.
    #[must_use]
    pub fn with_query(mut self, parameters: &[(&str, &str)]) -> Self {
        for (name, value) in parameters {
            self.target.push(if self.target.contains('?') { '&' } else { '?' });
            self.target.push_str(name);
            self.target.push('=');
            self.target.push_str(&encode(value));
        }
        self
    }

    /// Host and port.
    #[must_use]
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// `https` or `http`.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// Path and query, beginning with a slash.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The path alone.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Same scheme, host and port.
    #[must_use]
    pub fn same_origin(&self, other: &Self) -> bool {
        self.secure == other.secure && self.host == other.host
    }

    /// The same request by way of a proxy: `PROXY/proxy/HOST/v2/…`.
    /// `base` is the proxy's address without a slash at its end.
    #[must_use]
    pub fn by_proxy(&self, base: &str) -> String {
        format!("{}/proxy/{}{}", base.trim_end_matches('/'), self.host, self.target)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme(), self.host, self.target)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Printable ASCII without the characters browsers rewrite, beginning with one
/// slash, without `.` and `..` segments in any spelling.
fn is_plain_target(target: &str) -> bool {
    let plain = target.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&b));
    let path = target.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let dots = path.split('/').any(|segment| matches!(segment.replace("%2e", ".").as_str(), "." | ".."));
    plain
        && !dots
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains("%2f")
        && !path.contains("%5c")
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(b)),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_reading() {
        for text in [
            "https://auth.docker.io/token?service=a&scope=b",
            "https://public.ecr.aws/token/",
            "http://127.0.0.1:5000/v2/",
            "http://[::1]:5000/",
        ] {
            assert_eq!(Url::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "http://registry.example/v2/",
            "ftp://a.example/",
            "https://user@a.example/",
            "https://user:pass@a.example/",
            "https://a.example/#x",
            "https://a.example/a b",
            "https://a.example/a\\b",
            "https://a.example/../b",
            "https://a.example/%2E%2e/b",
            "https://a.example/a%2fb",
            "https://a.example//b",
            "https://127.1/",
            "http://169.254.169.254/latest/meta-data",
            "https:///v2",
            "a.example/v2",
            "https://a.example/\r\nX: y",
        ] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn relative_addresses_stay_on_the_host() {
        let base = Url::parse("https://a.example/v2/x/tags/list?n=2").unwrap();
        assert_eq!(base.join("/v2/x?last=1").unwrap().to_string(), "https://a.example/v2/x?last=1");
        assert_eq!(base.join("?last=1").unwrap().to_string(), "https://a.example/v2/x/tags/list?last=1");
        assert_eq!(base.join("https://b.example/x").unwrap().to_string(), "https://b.example/x");
        for bad in
            ["//b.example/x", "list", "../x", "/a/../b", "javascript:alert(1)", "/x y", "http://b.example/"]
        {
            assert!(base.join(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Url::parse("https://a.example/t").unwrap().with_query(&[("s", "a:b/c"), ("t", "x&y")]).target(),
            "/t?s=a%3Ab%2Fc&t=x%26y"
        );
        assert_eq!(base.by_proxy("http://p/"), "http://p/proxy/a.example/v2/x/tags/list?n=2");
    }
}
