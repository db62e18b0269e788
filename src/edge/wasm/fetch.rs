//! What JavaScript can call to fetch: the same engine, the browser's driver.
//!
//! `proxy` is the address of a registry proxy without `/proxy/`; undefined
//! asks registries themselves. `progress` is called with
//! `{requests, bytes, done, total}`; an aborted `signal` stops everything.

use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use serde_json::json;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::options::{given, looked, mistake, options};
use super::surface::json as plain;
use crate::base::error::Error;
use crate::base::message::Message;
use crate::edge::wasm::driver::Driver;
use crate::engine::lookup::Looked;
use crate::engine::tag_answer::Told;
use crate::evidence::{Given, Origin};
use crate::model::reference::Reference;
use crate::session::check::Check;
use crate::session::registry::codes;
use crate::session::registry::plan::{Options, Plan};
use crate::session::registry::tags as tag_list;

fn refuse(error: &Error) -> JsValue {
    mistake(&error.to_string())
}

fn reference_of(text: &str) -> Result<Reference, JsValue> {
    Reference::parse(text).map_err(|error| refuse(&error))
}

/// Tells JavaScript how far a plan is. What the callback does is its affair.
fn teller(progress: Function) -> impl Fn(&Plan) {
    move |plan| {
        let now = plan.progress();
        let rate = plan.rate_limit().and_then(|rate| rate.remaining.clone());
        let told = plain(&json!({
            "requests": now.requests, "bytes": now.bytes, "done": now.done, "total": now.total, "remaining": rate,
        }));
        if let Ok(told) = told {
            drop(progress.call1(&JsValue::UNDEFINED, &told));
        }
    }
}

/// Fetches what a check of `reference` needs, and checks it together with
/// `inputs`. Resolves to `{report, inputs, looked, progress}`: the inputs are
/// all evidence, to be given to `check` with what is pasted later.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments; trouble with registries is
/// in the report.
#[wasm_bindgen]
pub async fn verify(
    reference: String,
    inputs: JsValue,
    chosen: JsValue,
    proxy: Option<String>,
    progress: Function,
    signal: Option<AbortSignal>,
) -> Result<JsValue, JsValue> {
    let mut chosen_options = options(&chosen)?;
    chosen_options.image = Some(reference.clone());
    let check = Check::new(&chosen_options).map_err(|error| refuse(&error))?;
    let asked = reference_of(&reference)?;
    let asked = match (&check.digest, asked.digest()) {
        (Some(digest), None) => asked.with_digest(digest.clone()),
        _ => asked,
    };
    let attestations = chosen_options.attestation.is_some();
    let (notary, content_trust) = (check.notary(), check.may_ask_notary());
    let options = Options { notary, content_trust, ..plan_options(proxy.as_ref(), attestations) };
    let mut plan = Plan::new(asked, options);
    let driver = Driver::new(proxy, signal);
    let (report, evidence) = driver
        .verify(&mut plan, given(&inputs)?, &mut |g, l, t| check.run_told(g, l, t), &teller(progress))
        .await;
    let out = Object::new();
    set(&out, "report", &plain(&report)?);
    set(&out, "inputs", &array(&evidence));
    set(&out, "looked", &all_looked(&plan.looked(), plan.told().as_slice())?);
    let now = plan.progress();
    set(&out, "progress", &plain(&json!({ "requests": now.requests, "bytes": now.bytes }))?);
    Ok(out.into())
}

/// Fetches the same tag from another repository into the evidence, and checks
/// again: the report has a link about the two. Resolves to `{report, inputs,
/// looked, message}`; the message says why the other one could not be read,
/// `null` if it could.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments.
#[wasm_bindgen]
pub async fn compare(
    other: String,
    inputs: JsValue,
    chosen: JsValue,
    proxy: Option<String>,
    progress: Function,
    signal: Option<AbortSignal>,
) -> Result<JsValue, JsValue> {
    let check = Check::new(&options(&chosen)?).map_err(|error| refuse(&error))?;
    let mut evidence = given(&inputs)?;
    let (mut places, mut told) = looked(&chosen)?;
    let mut plan = Plan::new(reference_of(&other)?, plan_options(proxy.as_ref(), false));
    plan.want_subject();
    let driver = Driver::new(proxy, signal);
    driver.run(&mut plan, &teller(progress)).await;
    evidence.extend(plan.take_evidence());
    // What the same repository said before is out of date.
    let name = plan.reference().name();
    let own = check.image.as_ref().is_some_and(|image| image.name() == name);
    places.retain(|look| own || look.repository != name);
    told.retain(|told| own || told.repository != name);
    places.extend(plan.looked());
    told.extend(plan.told());
    let report = check.run_told(&evidence, &places, &told);
    let out = Object::new();
    set(&out, "report", &plain(&report)?);
    set(&out, "inputs", &array(&evidence));
    set(&out, "looked", &all_looked(&places, &told)?);
    set(&out, "message", &plain(&plan.subject_error().map(Message::from))?);
    Ok(out.into())
}

fn plan_options(proxy: Option<&String>, attestations: bool) -> Options {
    Options { attestations, proxied: proxy.is_some(), ..Options::default() }
}

/// One list for JavaScript, to be given back as the option `looked`.
fn all_looked(places: &[Looked], told: &[Told]) -> Result<JsValue, JsValue> {
    let list = Array::new();
    for part in [plain(&told)?, plain(&places)?] {
        for entry in Array::from(&part).iter() {
            list.push(&entry);
        }
    }
    Ok(list.into())
}

/// References to the same tag (or digest) in the publisher's other
/// repositories.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments.
#[wasm_bindgen]
pub fn elsewhere(chosen: &JsValue) -> Result<Array, JsValue> {
    let check = Check::new(&options(chosen)?).map_err(|error| refuse(&error))?;
    Ok(check.elsewhere().iter().map(|other| JsValue::from_str(other.text())).collect())
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
) -> Result<JsValue, JsValue> {
    let mut plan = Plan::new(reference_of(&repository)?, Options { children: false, ..Options::default() });
    let driver = Driver::new(proxy, signal);
    let tell = teller(progress);
    plan.want_tags();
    driver.run(&mut plan, &tell).await;
    let (names, left_out) = tag_list::latest(plan.tags(), limit);
    for tag in &names {
        plan.want_tag(tag);
    }
    driver.run(&mut plan, &tell).await;
    let mut failures: Vec<Message> = plan.failures().iter().map(|f| Message::from(&f.error)).collect();
    if !failures.is_empty() && !driver.answers(&plan).await {
        failures = vec![Message::new(codes::NO_PROXY, &[])];
    }
    plain(&json!({
        "groups": tag_list::group(plan.resolved()),
        "leftOut": left_out,
        "missing": tag_list::missing(&names, plan.resolved()),
        "remaining": plan.rate_limit().and_then(|rate| rate.remaining.clone()),
        "failures": failures,
    }))
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
) -> Result<JsValue, JsValue> {
    let mut plan = Plan::new(reference_of(&repository)?, Options { children: false, ..Options::default() });
    plan.want_manifest(&digest);
    Driver::new(proxy, signal).run(&mut plan, &|_| {}).await;
    let mut groups = vec![tag_list::Group { digest, tags: Vec::new(), platforms: Vec::new() }];
    tag_list::add_platforms(&mut groups, &plan.take_evidence());
    let found = groups.pop().map(|group| group.platforms).unwrap_or_default();
    let failures: Vec<Message> = plan.failures().iter().map(|f| Message::from(&f.error)).collect();
    plain(&json!({ "platforms": found, "failures": failures }))
}

/// Evidence as JavaScript gives it to `check`.
fn array(evidence: &[Given]) -> Array {
    let one = |given: &Given| {
        let (origin, address) = match &given.origin {
            Origin::Paste => ("paste", None),
            Origin::File | Origin::Archive => ("file", None),
            Origin::Fetched(address) => ("fetched", Some(address)),
        };
        let object = Object::new();
        set(&object, "name", &JsValue::from_str(&given.name));
        set(&object, "origin", &JsValue::from_str(origin));
        if let Some(address) = address {
            set(&object, "address", &JsValue::from_str(address));
        }
        set(&object, "bytes", &Uint8Array::from(given.bytes.as_slice()));
        JsValue::from(object)
    };
    evidence.iter().map(one).collect()
}

/// Setting a member of a fresh plain object cannot fail.
fn set(object: &Object, name: &str, value: &JsValue) {
    drop(Reflect::set(object, &JsValue::from_str(name), value));
}
