//! The native driver: sends what a plan says, with ureq.
//!
//! Redirects, tokens and caps are decided here and in `session::registry`, not
//! by the HTTP library. Names are resolved once per connection, and what they
//! resolve to is checked: only the hosts the user named may be private.

use std::error::Error as StdError;
use std::fmt;
use std::io::{ErrorKind, Read};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::edge::native::address;
use crate::model::reference::Host;
use crate::session::registry::codes;
use crate::session::registry::redirect;
use crate::session::registry::request::{Exchange, Headers, Method, Reply, Request, Response};
use crate::session::registry::url::Url;

/// Says whether a redirect to an address may be followed.
pub type RedirectRule = Arc<dyn Fn(&Url) -> bool + Send + Sync>;

/// How a client behaves.
#[derive(Clone)]
pub struct Options {
    /// For one request, redirects apart.
    pub timeout: Duration,
    /// For a whole plan.
    pub total: Duration,
    /// Hosts that the user named: they may have private addresses.
    pub named: Vec<Host>,
    /// Where redirects may lead; everywhere public if none.
    pub redirects: Option<RedirectRule>,
    /// Requests sent at once.
    pub parallel: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            total: Duration::from_secs(180),
            named: Vec::new(),
            redirects: None,
            parallel: 6,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("timeout", &self.timeout).field("named", &self.named).finish()
    }
}

/// Bytes a second below which a layer is given up.
const SLOW: usize = 50_000;
/// Longest time for one layer: a day.
const MOST_SECONDS: u64 = 86_400;

/// An answer whose body is still to be read.
pub struct Opened {
    /// HTTP status.
    pub status: u16,
    /// Headers that were kept.
    pub headers: Headers,
    /// The body.
    pub body: Box<dyn Read + Send>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Sends requests.
#[derive(Clone, Debug)]
pub struct Client {
    direct: ureq::Agent,
    outside: ureq::Agent,
    options: Options,
}

impl Client {
    /// A client with nothing remembered.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let config = |environment: bool| {
            let builder = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .accept_encoding("identity")
                .user_agent(concat!("webdis-verify/", env!("CARGO_PKG_VERSION")))
                .max_response_header_size(64 << 10)
                .timeout_connect(Some(options.timeout.min(Duration::from_secs(10))))
                .timeout_global(Some(options.timeout));
            // The machine itself is never reached by way of a proxy.
            if environment { builder.build() } else { builder.proxy(None).build() }
        };
        let agent = |environment| {
            let mut named: Vec<String> = options.named.iter().map(bare_name).collect();
            // The user's own proxy is named by the environment.
            let proxy = if environment { ureq::Proxy::try_from_env() } else { None };
            named.extend(proxy.map(|proxy| proxy.host().to_owned()));
            let resolver = Guarded { named };
            ureq::Agent::with_parts(config(environment), DefaultConnector::default(), resolver)
        };
        Self { direct: agent(false), outside: agent(true), options }
    }

    /// Sends one request and follows its redirects.
    ///
    /// # Errors
    /// Codes of [`codes`], or a limit.
    pub fn send(&self, request: &Request) -> Reply {
        let mut request = request.clone();
        for hops in 0.. {
            let response = self.exchange(&request)?;
            if !redirect::is_redirect(response.status) {
                return Ok(response);
            }
            request = self.next_hop(&request, &response, hops)?;
        }
        Err(Error::new(codes::REDIRECT).in_place(&request.purpose))
    }

    /// Opens an answer whose body is read as it comes: a layer. As much time
    /// as `SLOW` bytes a second take is allowed.
    ///
    /// # Errors
    /// As for [`Self::send`].
    pub fn open(&self, request: &Request) -> Result<Opened> {
        let mut request = request.clone();
        for hops in 0.. {
            let opened = self.answer(&request, self.patience(request.max_bytes))?;
            if !redirect::is_redirect(opened.status) {
                return Ok(opened);
            }
            let response = Response { status: opened.status, headers: opened.headers, body: Vec::new() };
            request = self.next_hop(&request, &response, hops)?;
        }
        Err(Error::new(codes::REDIRECT).in_place(&request.purpose))
    }

    fn patience(&self, bytes: usize) -> Duration {
        let seconds = u64::try_from(bytes / SLOW).unwrap_or(u64::MAX).min(MOST_SECONDS);
        self.options.timeout.saturating_add(Duration::from_secs(seconds))
    }

    fn next_hop(&self, request: &Request, response: &Response, hops: usize) -> Result<Request> {
        let next = redirect::follow(request, response, hops)?;
        if self.options.redirects.as_ref().is_some_and(|allowed| !allowed(&next.url)) {
            let error = Error::new(codes::REDIRECT).in_place(&next.purpose);
            return Err(error.found(shorten(next.url.host().as_str())));
        }
        Ok(next)
    }

    fn exchange(&self, request: &Request) -> Reply {
        let place = request.purpose.as_str();
        let Opened { status, headers, mut body } = self.answer(request, self.options.timeout)?;
        let body = match request.method {
            Method::Head => Vec::new(),
            Method::Get if redirect::is_redirect(status) => Vec::new(),
            Method::Get => read(&mut body, request.max_bytes, place)?,
        };
        Ok(Response { status, headers, body })
    }

    /// Sends one request; its answer without the body.
    fn answer(&self, request: &Request, timeout: Duration) -> Result<Opened> {
        let place = request.purpose.as_str();
        let agent = if request.url.host().is_loopback() { &self.direct } else { &self.outside };
        let address = request.url.to_string();
        if self.is_inside(&request.url) {
            return Err(Error::new(codes::PRIVATE_ADDRESS).in_place(place).found(Inside.to_string()));
        }
        let call = || {
            let mut builder = match request.method {
                Method::Get => agent.get(&address),
                Method::Head => agent.head(&address),
            }
            .config()
            .timeout_global(Some(timeout))
            .build()
            .header("accept", request.accept.as_ref());
            if let Some(secret) = &request.authorization {
                builder = builder.header("authorization", secret.header());
            }
            builder.call()
        };
        // A connection that was kept may have been closed meanwhile (RFC 9112, section 9.3.1).
        let mut response = call();
        for _ in 0..KEPT {
            if !response.as_ref().is_err_and(is_closed) {
                break;
            }
            response = call();
        }
        let response = response.map_err(|error| explain(&error, place))?;
        let mut headers = Headers::default();
        for (name, value) in response.headers() {
            // A title may be in UTF-8: a link that is not read is a page that is lost.
            headers.keep(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
        let status = response.status().as_u16();
        if let Some(encoding) =
            headers.get("content-encoding").filter(|e| !(e.is_empty() || e.eq_ignore_ascii_case("identity")))
        {
            return Err(Error::new(codes::ENCODED).in_place(place).found(shorten(encoding)));
        }
        Ok(Opened { status, headers, body: Box::new(response.into_body().into_reader()) })
    }

    /// Whether an address, written as one, is inside a network and was not named. Where a
    /// proxy of the environment resolves names, nobody else looks.
    fn is_inside(&self, url: &Url) -> bool {
        let name = bare_name(url.host());
        let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
        let named = self.options.named.iter().any(|named| bare_name(named) == name);
        address.is_ok_and(|address| !address::is_public(address)) && !named
    }

    /// Carries out a plan or a session: sends what it says, in parallel where it allows,
    /// until it is done or time is up. `progress` is called after each round.
    pub fn run(&self, plan: &mut dyn Exchange, progress: &mut dyn FnMut(&dyn Exchange)) {
        let start = Instant::now();
        loop {
            if start.elapsed() > self.options.total {
                plan.cancel();
            }
            let requests = plan.next_requests();
            if requests.is_empty() {
                return;
            }
            for batch in requests.chunks(self.options.parallel.max(1)) {
                let replies: Vec<(_, Reply)> = std::thread::scope(|scope| {
                    let threads: Vec<_> = batch
                        .iter()
                        .map(|request| (request, scope.spawn(move || self.send(request))))
                        .collect();
                    let join = |(request, thread): (&Request, std::thread::ScopedJoinHandle<'_, Reply>)| {
                        let lost = || Error::new(codes::CANCELLED).in_place(&request.purpose);
                        (request.id, thread.join().unwrap_or_else(|_| Err(lost())))
                    };
                    threads.into_iter().map(join).collect()
                });
                for (id, reply) in replies {
                    plan.feed(id, reply);
                }
                progress(plan);
            }
        }
    }
}

/// Reads a body up to its cap.
fn read(reader: impl Read, cap: usize, place: &str) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    let limit = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    match reader.take(limit).read_to_end(&mut body) {
        Ok(_) => limits::within(place, body.len(), cap).map(|()| body),
        Err(error) => Err(match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Error::new(codes::TIMEOUT).in_place(place),
            _ if is_timeout(&error) => Error::new(codes::TIMEOUT).in_place(place),
            _ => Error::new(codes::TRUNCATED).in_place(place).found(shorten(&error.to_string())),
        }),
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    matches!(inner, Some(ureq::Error::Timeout(_)))
}

fn explain(error: &ureq::Error, place: &str) -> Error {
    let code = match error {
        ureq::Error::Timeout(_) => codes::TIMEOUT,
        ureq::Error::Other(inner) if inner.is::<Inside>() => codes::PRIVATE_ADDRESS,
        ureq::Error::Io(inner) if matches!(inner.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
            codes::TIMEOUT
        }
        ureq::Error::LargeResponseHeader(found, limit) => {
            let error = Error::new(limits::codes::LIMIT).in_place(format!("{place}: headers"));
            return error.expected(limit.to_string()).found(found.to_string());
        }
        _ => codes::UNREACHABLE,
    };
    Error::new(code).in_place(place).found(shorten(&error.to_string()))
}

/// Connections to a host that are kept: so many may have been closed.
const KEPT: usize = 3;

/// Whether the other side closed the connection before an answer.
fn is_closed(error: &ureq::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let closed = |kind| matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof);
    matches!(error, ureq::Error::Io(inner) if closed(inner.kind()))
}

/// The host without its port, as the resolver is asked for it.
fn bare_name(host: &Host) -> String {
    let text = host.as_str();
    match text.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name.to_owned(),
        _ => text.to_owned(),
    }
}

/// Resolves as the system does, then drops addresses inside of networks.
#[derive(Debug)]
struct Guarded {
    named: Vec<String>,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> core::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        if self.named.iter().any(|named| named == host) {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|address| address::is_public(address.ip())) {
            public.push(*address);
        }
        if public.is_empty() {
            return Err(ureq::Error::Other(Box::new(Inside)));
        }
        Ok(public)
    }
}

/// All addresses of a host were inside.
#[derive(Debug)]
struct Inside;

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address inside this network")
    }
}

impl StdError for Inside {}
