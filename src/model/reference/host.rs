//! The host part of a reference: a DNS name, an IPv4 or an IPv6 address, with
//! an optional port.

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{DOCKER_HUB, codes};
use crate::base::error::{Error, Result};
use crate::model::registry_table::DOCKER_HUB_API;

/// Longest DNS name, in bytes (RFC 1035, section 2.3.4).
const NAME_BYTES: usize = 253;
/// Longest DNS label, in bytes (RFC 1035, section 2.3.4).
const LABEL_BYTES: usize = 63;

/// The port of `https`.
const HTTPS: u16 = 443;

/// A registry's host in canonical form: lower case, IPv6 compressed, without the
/// port of `https`, `index.docker.io` written as `docker.io`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host {
    text: String,
    address: Option<IpAddr>,
}

impl Host {
    /// Reads `name`, `name:port`, `1.2.3.4:port`, `[::1]:port`.
    ///
    /// # Errors
    /// [`codes::REFERENCE_SYNTAX`].
    pub fn parse(text: &str) -> Result<Self> {
        let (name, port) = split_port(text)?;
        let (name, address) = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => {
                let address: Ipv6Addr = inner.parse().map_err(|_| syntax("an IPv6 address in brackets"))?;
                (format!("[{address}]"), Some(IpAddr::V6(address)))
            }
            None => parse_name(name)?,
        };
        // Port 443 is the one that is asked without a port, but for the machine itself.
        let here = name == "localhost" || address.is_some_and(|address| address.is_loopback());
        let text = match port.filter(|port| here || *port != HTTPS) {
            Some(port) => format!("{name}:{port}"),
            None => name,
        };
        match text.as_str() {
            "index.docker.io" => Ok(Self::docker_hub()),
            _ => Ok(Self { text, address }),
        }
    }

    /// Reads a server: what [`Self::parse`] reads, or the base address of it
    /// without a path, `https://notary.docker.io`. The scheme must be the one
    /// that is spoken to such a host ([`Self::scheme`]).
    ///
    /// # Errors
    /// [`codes::REFERENCE_SYNTAX`].
    pub fn of_server(text: &str) -> Result<Self> {
        let Some((scheme, rest)) = text.split_once("://") else { return Self::parse(text) };
        let host = Self::parse(rest.strip_suffix('/').unwrap_or(rest))?;
        match scheme.eq_ignore_ascii_case(host.scheme()) {
            true => Ok(host),
            false => Err(syntax("a server is https://HOST, or http:// on this machine, without a path")),
        }
    }

    /// `docker.io`.
    #[must_use]
    pub fn docker_hub() -> Self {
        Self { text: DOCKER_HUB.to_owned(), address: None }
    }

    /// Whether this is Docker Hub.
    #[must_use]
    pub fn is_docker_hub(&self) -> bool {
        self.text == DOCKER_HUB
    }

    /// The canonical text, with the port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where the registry's API is served: `registry-1.docker.io` for Docker
    /// Hub, else the host itself.
    #[must_use]
    pub fn api(&self) -> &str {
        if self.is_docker_hub() { DOCKER_HUB_API } else { &self.text }
    }

    /// Whether this is the machine itself, by its text: `localhost`,
    /// 127.0.0.0/8 or ::1. Docker speaks plain HTTP to these, and so do we.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.address {
            Some(address) => address.is_loopback(),
            None => self.text == "localhost" || self.text.starts_with("localhost:"),
        }
    }

    /// `https`, or `http` for the machine itself.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.is_loopback() { "http" } else { "https" }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn syntax(expected: &str) -> Error {
    Error::new(codes::REFERENCE_SYNTAX).expected(expected)
}

fn split_port(text: &str) -> Result<(&str, Option<u16>)> {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => return Ok((text, None)),
    };
    let digits = port.bytes().all(|b| b.is_ascii_digit()) && !port.starts_with('0');
    match port.parse::<u16>() {
        Ok(port) if digits => Ok((name, Some(port))),
        _ => Err(syntax("a port is a number from 1 to 65535")),
    }
}

fn parse_name(name: &str) -> Result<(String, Option<IpAddr>)> {
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Ok((address.to_string(), Some(IpAddr::V4(address))));
    }
    let name = name.to_ascii_lowercase();
    // What ends in a number is an address to a browser (WHATWG URL, "ends in
    // a number"): 127.1, 0x7f.0.0.1 and 017700000001 are all 127.0.0.1 there.
    let last = name.rsplit('.').next().unwrap_or_default();
    let numeric = last.bytes().all(|b| b.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if name.len() > NAME_BYTES || numeric || !name.split('.').all(is_label) {
        return Err(syntax("a registry is a host name or address, with an optional port"));
    }
    Ok((name, None))
}

fn is_label(label: &str) -> bool {
    let edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
    label.len() <= LABEL_BYTES
        && edge(label.bytes().next())
        && edge(label.bytes().next_back())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
