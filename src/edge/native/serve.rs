//! `webdis-verify serve`: the page and the registry proxy on one loopback
//! address.
//!
//! Nothing but GET, HEAD and OPTIONS; no cookies either way; no request body.
//! Pages of other origins are answered only where `--allow-origin` says so,
//! and requests by another name than the one listened on are refused, so that
//! a page of a stranger cannot use it (DNS rebinding).

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::base::error::Error;
use crate::base::limits;
use crate::edge::native::client::{Client, Options as ClientOptions};
use crate::edge::native::http1::{Incoming, Listener, Outgoing};
use crate::edge::native::page::Page;
use crate::edge::native::streams::Streams;
use crate::model::reference::Host;
use crate::session::registry::codes;
use crate::session::registry::links::{NextPage, UNREAD};
use crate::session::registry::proxy::{self, ANSWER_POLICY, BODY_BYTES, EXPOSED, Policy, Refusal};
use crate::session::registry::request::{Headers, Method, Request, Secret};

/// Longest `Accept` and `Authorization` header passed on.
const HEADER_BYTES: usize = 16 << 10;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// The built page.
    pub page: Page,
    /// Whom the proxy asks.
    pub policy: Policy,
    /// Origins of pages that may use the proxy; `*` for all.
    pub origins: Vec<String>,
    /// Names it may be addressed by, beside loopback ones.
    pub names: Vec<String>,
    /// For one upstream request.
    pub timeout: Duration,
}

/// A server that listens.
pub struct Server {
    listener: Listener,
    client: Client,
    streams: Streams,
    options: Options,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Server {
    /// Binds the address.
    ///
    /// # Errors
    /// What the system says.
    pub fn bind(options: Options) -> io::Result<Self> {
        let listener = Listener::bind(options.listen)?;
        let policy = options.policy.clone();
        let client = Client::new(ClientOptions {
            timeout: options.timeout,
            named: options.policy.loopback().collect(),
            redirects: Some(Arc::new(move |url| policy.admits_redirect(url))),
            ..ClientOptions::default()
        });
        Ok(Self { listener, client, streams: Streams::default(), options })
    }

    /// The address in use.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.listener.address()
    }

    /// Serves until [`Server::stop`].
    pub fn run(&self) {
        self.listener.run(|request| self.answer(request));
    }

    /// Ends [`Server::run`] once requests under way are answered.
    pub fn stop(&self) {
        self.listener.stop();
    }

    fn answer(&self, request: &Incoming) -> Outgoing {
        let get = |name| request.header(name);
        if !self.is_called(get("Host").unwrap_or_default()) {
            return text(421, "This server is addressed by another name.\n");
        }
        let origin = get("Origin");
        let allowed = match origin {
            Some(origin) => self.allows(origin, get("Host").unwrap_or_default()),
            None => !matches!(get("Sec-Fetch-Site"), Some("cross-site")) || request.target == "/",
        };
        if !allowed {
            return text(403, "Pages of this origin may not use this server.\n");
        }
        let answer = self.dispatch(request, get("Accept"), get("Authorization"));
        let answer = answer.with("X-Content-Type-Options", "nosniff");
        let answer = match request.target.starts_with("/proxy/") {
            true => answer.with("Content-Security-Policy", ANSWER_POLICY),
            false => answer,
        };
        match origin {
            Some(origin) => cors(answer, origin),
            None => answer,
        }
    }

    fn dispatch(&self, request: &Incoming, accept: Option<&str>, authorization: Option<&str>) -> Outgoing {
        let method = request.method.as_str();
        let target = request.target.as_str();
        // The page has no service worker, and the proxy gives it none: one
        // would answer for the page itself from then on.
        if request.header("Service-Worker").is_some() {
            return refused(Refusal::ServiceWorker);
        }
        if !target.starts_with("/proxy/") {
            return match (method, &self.options.page) {
                ("GET" | "HEAD", Page::None) => text(404, "Only the registry proxy is served here.\n"),
                ("GET" | "HEAD", page) => file(page, target),
                _ => text(405, "Only GET and HEAD.\n"),
            };
        }
        let url = match self.options.policy.admit(method, target) {
            Ok(url) => url,
            Err(refusal) => return refused(refusal),
        };
        if method == "OPTIONS" {
            return Outgoing::new(204, Vec::new());
        }
        let method = if method == "HEAD" { Method::Head } else { Method::Get };
        let purpose = url.host().to_string();
        let mut outgoing = Request::outside_plan(method, url, BODY_BYTES, purpose.clone());
        if let Some(accept) = accept.filter(|accept| accept.len() <= HEADER_BYTES) {
            outgoing.accept = accept.to_owned().into();
        }
        // Anonymous bearer tokens only: a password has no business here.
        outgoing.authorization = authorization
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .and_then(|(_, token)| Secret::new(token.trim()));
        if method == Method::Get && is_blob(target) {
            return self.blob(&outgoing);
        }
        match self.client.send(&outgoing) {
            Ok(response) if !proxy::is_answer(response.status) => {
                failure(&Error::new(codes::STATUS).in_place(purpose).found(response.status.to_string()))
            }
            Ok(response) => {
                let length = response.headers.get("content-length").and_then(|text| text.parse().ok());
                let mut answer = Outgoing::new(response.status, response.body);
                answer.length = length.filter(|_| method == Method::Head);
                exposed(answer, &response.headers)
            }
            Err(error) => failure(&error),
        }
    }

    /// A blob of any size, passed on as it comes: a layer. No more at a time
    /// than `streams::AT_ONCE`, and no more bytes than `streams::BYTES` in
    /// `streams::WINDOW`.
    fn blob(&self, request: &Request) -> Outgoing {
        let Some(lease) = self.streams.lease() else {
            return text(429, "Too many layers at once, or too many bytes this hour.\n")
                .with("Retry-After", "60");
        };
        match self.client.open(&Request { max_bytes: usize::MAX, ..request.clone() }) {
            Ok(opened) if !proxy::is_answer(opened.status) => {
                let place = request.purpose.clone();
                failure(&Error::new(codes::STATUS).in_place(place).found(opened.status.to_string()))
            }
            Ok(opened) => {
                let length = opened.headers.get("content-length").and_then(|text| text.parse().ok());
                let mut answer = Outgoing::new(opened.status, Vec::new());
                answer.length = length;
                answer.stream = Some(Box::new(lease.counted(opened.body)));
                exposed(answer, &opened.headers)
            }
            Err(error) => failure(&error),
        }
    }

    /// Whether a `Host` header names this server.
    fn is_called(&self, host: &str) -> bool {
        let listen = self.options.listen;
        Host::parse(host).is_ok_and(|host| host.is_loopback())
            || host == listen.to_string()
            || self.options.names.iter().any(|name| name == host)
    }

    fn allows(&self, origin: &str, host: &str) -> bool {
        origin == format!("http://{host}")
            || self.options.origins.iter().any(|allowed| allowed == "*" || allowed == origin)
    }
}

/// Whether an admitted target is that of a blob.
fn is_blob(target: &str) -> bool {
    target.contains("/blobs/sha256:")
}

fn refused(refusal: Refusal) -> Outgoing {
    let (status, words) = refusal.answer();
    text(status, words)
}

fn text(status: u16, words: &str) -> Outgoing {
    Outgoing::new(status, words.into()).with("Content-Type", "text/plain; charset=utf-8")
}

/// What went wrong upstream: 504 for time, 502 for the rest, with the code.
fn failure(error: &Error) -> Outgoing {
    let status = match error.code() {
        code if code == codes::TIMEOUT => 504,
        code if code == codes::PRIVATE_ADDRESS => 403,
        code if code == limits::codes::LIMIT => 502,
        _ => 502,
    };
    text(status, &format!("{} [{}]\n", error.sentence(), error.code()))
}

/// Adds the headers of the list, and of these only what no browser acts on.
fn exposed(mut answer: Outgoing, headers: &Headers) -> Outgoing {
    answer = answer.with("content-type", proxy::media_type(headers.get("content-type")));
    answer = match headers.next_page() {
        NextPage::Last => answer,
        NextPage::At(target) if !target.is_ascii() => answer.with("link", UNREAD),
        NextPage::At(target) => answer.with("link", &format!("<{target}>; rel=\"next\"")),
        NextPage::Unread(_) => answer.with("link", UNREAD),
    };
    let plain = |name: &str| EXPOSED.contains(&name) && !matches!(name, "content-type" | "link");
    for (name, value) in headers.iter().filter(|(name, _)| plain(name)) {
        answer = answer.with(name, value);
    }
    answer
}

fn cors(answer: Outgoing, origin: &str) -> Outgoing {
    let answer = answer.with("Access-Control-Allow-Origin", origin);
    let answer = answer.with("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
    let answer = answer.with("Access-Control-Allow-Headers", "Accept, Authorization");
    let answer = answer.with("Access-Control-Expose-Headers", &EXPOSED.join(", "));
    let answer = answer.with("Access-Control-Max-Age", "600");
    answer.with("Vary", "Origin")
}

/// A file of the page.
fn file(page: &Page, target: &str) -> Outgoing {
    let Some(found) = page.find(target) else { return text(404, "Not found.\n") };
    let answer = Outgoing::new(200, found.bytes).with("Content-Type", found.content_type);
    match found.policy {
        Some(policy) => answer.with("Content-Security-Policy", &policy),
        None => answer,
    }
}
