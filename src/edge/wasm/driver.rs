//! The browser's driver: sends what a plan says, with `fetch`.
//!
//! No cookies, no cache, no referrer. The proxy follows redirects; without
//! one a page reads only registries that allow it. What was changed on the
//! way is found by hashing, so the proxy needs no trust.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use gloo_net::http::RequestBuilder;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials, ResponseType,
};

use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::model::reference::Host;
use crate::session::registry::codes;
use crate::session::registry::plan::Plan;
use crate::session::registry::request::{
    Exchange, Headers, KEPT_HEADERS, Method, Reply, Request, RequestId, Response,
};
use crate::session::registry::url::Url;

/// Milliseconds to wait for one response, its body included.
const TIMEOUT: u32 = 30_000;

/// Sends requests from a page or a worker.
#[derive(Clone, Debug)]
pub struct Driver {
    proxy: Option<String>,
    signal: Option<AbortSignal>,
}

impl Driver {
    /// A driver that asks by way of `proxy` (its address; empty for the
    /// page's own origin), or registries themselves if none. It stops when
    /// `signal` is aborted.
    #[must_use]
    pub const fn new(proxy: Option<String>, signal: Option<AbortSignal>) -> Self {
        Self { proxy, signal }
    }

    /// Whether the user stopped it.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.signal.as_ref().is_some_and(AbortSignal::aborted)
    }

    /// Whether only a lack of connection can keep an answer away: the browser
    /// knows of none, or no rule of the browser stands before the proxy,
    /// because it is the host of this page.
    fn offline(&self) -> bool {
        let of = |object: &JsValue, name: &str| {
            Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
        };
        let global = js_sys::global();
        let origin = of(&of(&global, "location"), "origin").as_string();
        let own = |proxy: &str| {
            let rest = origin.as_deref().and_then(|origin| proxy.strip_prefix(origin));
            proxy.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        of(&of(&global, "navigator"), "onLine") == JsValue::FALSE || self.proxy.as_deref().is_some_and(own)
    }

    /// Whether a proxy answers that reads the plan's registry, whatever the
    /// registry says: a server of plain files does not. Without a proxy: yes.
    pub async fn answers(&self, plan: &Plan) -> bool {
        let host = plan.reference().host();
        if self.proxy.is_none() {
            return true;
        }
        let api = Host::parse(host.api()).unwrap_or_else(|_| host.clone());
        let url = Url::of_host(&api, "/v2/".to_owned());
        let ping = Request::outside_plan(Method::Get, url, limits::MANIFEST_BYTES, host.to_string());
        match self.send(&ping).await {
            Ok(answer) => match answer.status {
                200 => answer.headers.media_type().as_deref() != Some("text/html"),
                404 | 405 | 501 => false,
                _ => true,
            },
            Err(error) => error.code() != codes::BLOCKED,
        }
    }

    /// Carries out a plan or a session. Requests that do not depend on each
    /// other are sent at once; `progress` is called after each round.
    pub async fn run(&self, exchange: &mut dyn Exchange, progress: &dyn Fn(&dyn Exchange)) {
        loop {
            if self.stopped() {
                exchange.cancel();
            }
            let requests = exchange.next_requests();
            if requests.is_empty() {
                return;
            }
            progress(exchange);
            for (id, reply) in join_all(requests.iter().map(|request| self.one(request)).collect_vec()).await
            {
                exchange.feed(id, reply);
            }
            progress(exchange);
        }
    }

    fn one<'r>(&'r self, request: &'r Request) -> Pin<Box<dyn Future<Output = (RequestId, Reply)> + 'r>> {
        Box::pin(async move { (request.id, self.send(request).await) })
    }

    /// Sends one request.
    ///
    /// # Errors
    /// Codes of [`codes`], or a limit.
    pub async fn send(&self, request: &Request) -> Reply {
        let place = request.purpose.as_str();
        let address = match &self.proxy {
            Some(base) => request.url.by_proxy(base),
            None => request.url.to_string(),
        };
        let timeout = AbortSignal::timeout_with_u32(TIMEOUT);
        let signal = match &self.signal {
            Some(signal) => AbortSignal::any(&Array::of2(signal, &timeout)),
            None => timeout.clone(),
        };
        let trouble = || {
            let code = match (self.stopped(), timeout.aborted()) {
                (true, _) => codes::CANCELLED,
                (_, true) => codes::TIMEOUT,
                _ if self.offline() => codes::OFFLINE,
                _ => codes::BLOCKED,
            };
            Error::new(code).in_place(place)
        };
        let builder = match request.method {
            Method::Get => RequestBuilder::new(&address),
            Method::Head => RequestBuilder::new(&address).method(gloo_net::http::Method::HEAD),
        };
        let mut builder = builder
            .header("accept", request.accept.as_ref())
            .abort_signal(Some(&signal))
            .cache(RequestCache::NoStore)
            .credentials(RequestCredentials::Omit)
            .referrer_policy(ReferrerPolicy::NoReferrer);
        if let Some(secret) = &request.authorization {
            builder = builder.header("authorization", &secret.header());
        }
        let response = builder.send().await.map_err(|_| trouble())?;
        let mut headers = Headers::default();
        for name in KEPT_HEADERS {
            if let Some(value) = response.headers().get(name) {
                headers.keep(name, &value);
            }
        }
        if self.proxy.is_none() && response.type_() == ResponseType::Cors {
            headers.hide();
        }
        let status = response.status();
        // The proxy's words for a registry that it could not read.
        if self.proxy.is_some() && matches!(status, 502 | 504) {
            let code = if status == 504 { codes::TIMEOUT } else { codes::UNREACHABLE };
            return Err(Error::new(code).in_place(place).found(format!("HTTP {status}")));
        }
        let body = match (request.method, response.body()) {
            (Method::Get, Some(stream)) => {
                let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
                match read(&reader, request.max_bytes, place).await {
                    Ok(Some(body)) => body,
                    Ok(None) => return Err(trouble()),
                    Err(error) => return Err(error),
                }
            }
            _ => Vec::new(),
        };
        Ok(Response { status, headers, body })
    }
}

/// Reads a body up to its cap. None if the stream broke.
async fn read(reader: &ReadableStreamDefaultReader, cap: usize, place: &str) -> Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Ok(part) = JsFuture::from(reader.read()).await else { return Ok(None) };
        let member = |name: &str| Reflect::get(&part, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
        if member("done").is_truthy() {
            return Ok(Some(body));
        }
        let Ok(bytes) = member("value").dyn_into::<Uint8Array>() else {
            return Err(Error::new(codes::TRUNCATED).in_place(place).found(shorten("no bytes")));
        };
        let length = usize::try_from(bytes.length()).unwrap_or(usize::MAX);
        if let Err(error) = limits::within(place, body.len().saturating_add(length), cap) {
            // Whether the stream likes being cancelled is no concern.
            drop(JsFuture::from(reader.cancel()).await);
            return Err(error);
        }
        body.extend(bytes.to_vec());
    }
}

/// Waits for all, in one task.
async fn join_all<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> Vec<T> {
    let mut results: Vec<Option<T>> = futures.iter().map(|_| None).collect_vec();
    poll_fn(|context| {
        let mut pending = false;
        for (future, result) in futures.iter_mut().zip(results.iter_mut()) {
            if result.is_some() {
                continue;
            }
            match future.as_mut().poll(context) {
                Poll::Ready(value) => *result = Some(value),
                Poll::Pending => pending = true,
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    results.into_iter().flatten().collect_vec()
}
