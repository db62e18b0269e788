//! What JavaScript can call to fetch: the same session, the browser's driver.
//!
//! `proxy` is the address of a registry proxy without `/proxy/`; undefined
//! asks registries themselves. `progress` is called with
//! `{requests, bytes, done, total}`; an aborted `signal` stops everything.

use js_sys::{Function, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::driver::Driver;
use super::session::Session;
use super::values::{Result, plain, refuse};
use crate::base::error::Error;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::base::outcome::Outcome;
use crate::engine::lookup::Lookup;
use crate::engine::tag_answer::Route;
use crate::engine::tag_answer::TagAnswer;
use crate::model::reference::Reference;
use crate::report::Report;
use crate::session::registry::codes;
use crate::session::registry::plan::{Options, Plan};
use crate::session::registry::request::Exchange;
use crate::session::registry::tags as tag_list;

/// How far a fetch is.
#[derive(Serialize)]
struct Now<'p> {
    requests: usize,
    bytes: usize,
    done: usize,
    total: usize,
    remaining: Option<&'p str>,
}

impl<'p> Now<'p> {
    fn of(exchange: &'p dyn Exchange) -> Self {
        let now = exchange.progress();
        let remaining = exchange.rate_limit().and_then(|rate| rate.remaining.as_deref());
        Self { requests: now.requests, bytes: now.bytes, done: now.done, total: now.total, remaining }
    }
}

/// What a fetch came to.
#[derive(Serialize)]
struct Fetched<'p> {
    report: Report,
    progress: Now<'p>,
    /// The same tag in the publisher's other repositories.
    others: Vec<String>,
    /// What registries said of tags, and where signatures were looked for.
    told: Vec<TagAnswer>,
    looked: Vec<Lookup>,
    /// Why the image that was fetched last could not be.
    message: Option<Message>,
}

/// Tells JavaScript how far a fetch is. What the callback does is its affair.
fn teller(progress: Function) -> impl Fn(&dyn Exchange) {
    move |exchange| {
        if let Ok(now) = plain(&Now::of(exchange)) {
            drop(progress.call1(&JsValue::UNDEFINED, &now));
        }
    }
}

#[wasm_bindgen]
impl Session {
    /// Fetches what a check of the options' image needs, and checks it
    /// together with what was added. Resolves to `{report, progress, others,
    /// told, looked, message}`.
    ///
    /// # Errors
    /// A `TypeError` where the options name no image; trouble with registries
    /// is in the report.
    pub async fn fetch(
        &mut self,
        proxy: Option<String>,
        progress: Function,
        signal: Option<AbortSignal>,
    ) -> Result<JsValue> {
        self.inner.fetch(route(proxy.as_ref())).map_err(|error| refuse(&error))?;
        let driver = Driver::new(proxy, signal);
        driver.run(&mut self.inner, &teller(progress)).await;
        let mut report = self.inner.check();
        if let Some(plan) = self.inner.plan()
            && !matches!(report.outcome, Outcome::Proven | Outcome::Contradicted)
            && !driver.stopped()
            && !driver.answers(plan).await
        {
            self.inner.refuse(Error::new(codes::NO_PROXY));
            report = self.inner.check();
        }
        self.fetched(report)
    }

    /// Fetches the same tag from another repository into the evidence, and
    /// checks again: the report has a link about the two.
    ///
    /// # Errors
    /// A `TypeError` for a mistake in the arguments.
    pub async fn compare(
        &mut self,
        other: String,
        proxy: Option<String>,
        progress: Function,
        signal: Option<AbortSignal>,
    ) -> Result<JsValue> {
        self.inner.compare(reference_of(&other)?, route(proxy.as_ref()));
        Driver::new(proxy, signal).run(&mut self.inner, &teller(progress)).await;
        let report = self.inner.check();
        self.fetched(report)
    }

    fn fetched(&self, report: Report) -> Result<JsValue> {
        let others = self.inner.options().elsewhere();
        plain(&Fetched {
            report,
            progress: Now::of(&self.inner),
            others: others.iter().map(|other| other.text().to_owned()).collect_vec(),
            told: self.inner.tag_answers(),
            looked: self.inner.lookups(),
            message: self.inner.trouble().map(Message::from),
        })
    }

    /// Forgets everything that was fetched.
    pub fn unfetch(&mut self) {
        self.inner.unfetch();
    }

    /// The Notary metadata in the evidence, packed: `{name, bytes}`, or
    /// `null` if there is none.
    ///
    /// # Errors
    /// A `TypeError` for more metadata than a zip file can hold.
    pub fn metadata(&self) -> Result<JsValue> {
        let saved = self.inner.metadata().map_err(|error| refuse(&error))?;
        let Some(saved) = saved else { return Ok(JsValue::NULL) };
        let out = Object::new();
        // Setting a member of a fresh plain object cannot fail.
        let set = |name: &str, value: &JsValue| drop(Reflect::set(&out, &JsValue::from_str(name), value));
        set("name", &JsValue::from_str(&saved.name));
        set("bytes", &Uint8Array::from(saved.bytes.as_slice()));
        Ok(out.into())
    }
}

/// A proxy, if one is named, answers for registries.
const fn route(proxy: Option<&String>) -> Route {
    if proxy.is_some() { Route::Proxy } else { Route::Direct }
}

fn reference_of(text: &str) -> Result<Reference> {
    Reference::parse_loose(text).map_err(|error| refuse(&error))
}

/// A plan that lists what a repository has.
fn listing(repository: &str) -> Result<Plan> {
    Ok(Plan::new(reference_of(repository)?, Options { children: false, ..Options::default() }))
}

fn failures(plan: &Plan) -> Vec<Message> {
    plan.failures().iter().map(|failure| Message::from(&failure.error)).collect_vec()
}

/// The tags of a repository.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tags<'p> {
    groups: Vec<tag_list::Group>,
    left_out: usize,
    missing: Vec<String>,
    remaining: Option<&'p str>,
    failures: Vec<Message>,
}

/// The tags of a repository, grouped by the digest they name: `{groups,
/// leftOut, missing, remaining, failures}`.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments.
#[wasm_bindgen]
pub async fn tags(
    repository: String,
    limit: usize,
    proxy: Option<String>,
    progress: Function,
    signal: Option<AbortSignal>,
) -> Result<JsValue> {
    let mut plan = listing(&repository)?;
    let driver = Driver::new(proxy, signal);
    let tell = teller(progress);
    plan.want_tags();
    driver.run(&mut plan, &tell).await;
    let (names, left_out) = tag_list::latest(plan.tags(), limit);
    for tag in &names {
        plan.want_tag(tag);
    }
    driver.run(&mut plan, &tell).await;
    let mut failures = failures(&plan);
    if !failures.is_empty() && !driver.answers(&plan).await {
        failures = vec![Message::new(codes::NO_PROXY, &[])];
    }
    plain(&Tags {
        groups: tag_list::group(plan.resolved()),
        left_out,
        missing: tag_list::missing(&names, plan.resolved()),
        remaining: plan.rate_limit().and_then(|rate| rate.remaining.as_deref()),
        failures,
    })
}

/// The platforms of an index.
#[derive(Serialize)]
struct Platforms {
    platforms: Vec<tag_list::Platform>,
    failures: Vec<Message>,
}

/// The platforms of an index with their digests: `{platforms, failures}`.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments.
#[wasm_bindgen]
pub async fn platforms(
    repository: String,
    digest: String,
    proxy: Option<String>,
    signal: Option<AbortSignal>,
) -> Result<JsValue> {
    let mut plan = listing(&repository)?;
    plan.want_manifest(&digest);
    Driver::new(proxy, signal).run(&mut plan, &|_| {}).await;
    let mut groups = vec![tag_list::Group { digest, tags: Vec::new(), platforms: Vec::new() }];
    tag_list::add_platforms(&mut groups, &plan.take_evidence());
    let platforms = groups.pop().map(|group| group.platforms).unwrap_or_default();
    plain(&Platforms { platforms, failures: failures(&plan) })
}
