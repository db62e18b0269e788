//! One HTTP exchange, as data: drivers send what the plan says.

use core::fmt;
use std::borrow::Cow;

use super::links::{self, NextPage, UNREAD};
use super::plan::Progress;
use super::status::RateLimit;
use super::url::Url;
use crate::base::error::Error;

/// Names a request within its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId {
    /// The number of the plan: a late reply is not taken for another plan's.
    pub(super) plan: usize,
    /// Which of the plan's jobs.
    pub(super) job: usize,
}

/// The only methods ever used: nothing is written to a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Headers and body.
    Get,
    /// Headers only.
    Head,
}

impl Method {
    /// As on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
        }
    }
}

/// A bearer token. Never printed, never stored in evidence.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes text that is a `b64token` (RFC 6750, section 2.1), which cannot
    /// break out of a header.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let body = text.trim_end_matches('=');
        let good = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
        (!body.is_empty() && text.len() <= 65_536 && body.bytes().all(good)).then(|| Self(text.to_owned()))
    }

    /// The value of the `Authorization` header. For drivers only.
    #[must_use]
    pub fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// What to send.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// To give back with the response.
    pub id: RequestId,
    /// How.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// The `Accept` header.
    pub accept: Cow<'static, str>,
    /// The token, for this host and no other.
    pub authorization: Option<Secret>,
    /// Stop reading past this many bytes of body.
    pub max_bytes: usize,
    /// For people: what it is for.
    pub purpose: String,
}

impl Request {
    /// A request outside of any plan, as a proxy makes it.
    #[must_use]
    pub const fn outside_plan(method: Method, url: Url, max_bytes: usize, purpose: String) -> Self {
        let id = RequestId { plan: usize::MAX, job: usize::MAX };
        Self { id, method, url, accept: Cow::Borrowed("*/*"), authorization: None, max_bytes, purpose }
    }
}

/// Response headers that are looked at; the others are dropped.
pub const KEPT_HEADERS: &[&str] = &[
    "content-encoding",
    "content-length",
    "content-type",
    "docker-content-digest",
    "link",
    "location",
    "oci-filters-applied",
    "ratelimit-limit",
    "ratelimit-remaining",
    "retry-after",
    "www-authenticate",
];

/// Longest header value that is kept, in bytes.
const HEADER_BYTES: usize = 16_384;

/// The kept headers. Names in lower case.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    list: Vec<(String, String)>,
    hidden: bool,
}

impl Headers {
    /// Keeps a header if it is one of [`KEPT_HEADERS`] and not over-long.
    pub fn keep(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        let room = value.len() <= HEADER_BYTES && self.list.len() < 64;
        if KEPT_HEADERS.contains(&name.as_str()) && room {
            self.list.push((name, value.trim().to_owned()));
        } else if name == "link" && !self.all("link").any(|value| value == UNREAD) {
            // A link that is not kept may lead on.
            self.list.push((name, UNREAD.to_owned()));
        }
    }

    /// The first value of a header; `name` in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.list.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a header.
    pub fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        self.list.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every kept header, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A browser showed none but the safe ones of another origin's headers (Fetch,
    /// "CORS-safelisted response-header name"): a link may stand among the others.
    pub fn hide(&mut self) {
        self.hidden = self.get("link").is_none();
    }

    /// Whether a link may be there that is not shown.
    #[must_use]
    pub const fn may_hide_a_link(&self) -> bool {
        self.hidden
    }

    /// Where the list in this answer goes on, by its `Link` headers (RFC 8288).
    #[must_use]
    pub fn next_page(&self) -> NextPage<'_> {
        links::next_page(self.all("link"))
    }

    /// The media type, without parameters, in lower case.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let value = self.get("content-type")?.split(';').next()?;
        Some(value.trim().to_ascii_lowercase())
    }
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The kept headers.
    pub headers: Headers,
    /// The body, whole; empty for HEAD.
    pub body: Vec<u8>,
}

/// What a driver gives back for a request.
pub type Reply = Result<Response, Error>;

/// What a driver carries out: a plan, or a session. It sends what is asked
/// for, feeds every reply back, and ends when nothing more is asked for.
pub trait Exchange {
    /// What can be sent now, in parallel if the driver likes. Each request is
    /// handed out once.
    fn next_requests(&mut self) -> Vec<Request>;

    /// Takes a reply. Replies to requests that were not handed out are
    /// ignored.
    fn feed(&mut self, id: RequestId, reply: Reply);

    /// Nothing more is sent; what is under way may still arrive.
    fn cancel(&mut self);

    /// How far it is.
    fn progress(&self) -> Progress;

    /// The latest rate limit a registry told.
    fn rate_limit(&self) -> Option<&RateLimit>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_cannot_break_out_and_is_not_printed() {
        let token = Secret::new("abc.DEF-_~+/12==").unwrap();
        assert_eq!(token.header(), "Bearer abc.DEF-_~+/12==");
        assert_eq!(format!("{token:?}"), "(secret)");
        for bad in ["", "==", "a b", "a\r\nHost: x", "a\"", "a=b", "ä"] {
            assert!(Secret::new(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn only_known_headers_are_kept() {
        let mut headers = Headers::default();
        headers.keep("Set-Cookie", "a=b");
        headers.keep("Content-Type", "Application/JSON; charset=utf-8");
        headers.keep("Link", &"x".repeat(20_000));
        assert_eq!(headers.media_type().as_deref(), Some("application/json"));
        assert_eq!(headers.get("set-cookie"), None);
        assert_eq!(headers.get("link"), Some(UNREAD));
        assert_eq!(headers.next_page(), NextPage::Unread(UNREAD));
    }
}
