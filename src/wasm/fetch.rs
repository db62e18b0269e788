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
use crate::check::Check;
use crate::error::Error;
use crate::input::looked::Answer;
use crate::input::{Given, Origin};
use crate::reference::Reference;
use crate::registry::codes;
use crate::registry::plan::{Options, Plan};
use crate::registry::tags as tag_list;
use crate::registry::web::Driver;
use crate::report::Message;

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
    let mut plan = Plan::new(asked, Options { attestations, notary, content_trust, ..Options::default() });
    let driver = Driver::new(proxy, signal);
    let (report, evidence) =
        driver.verify(&mut plan, given(&inputs)?, &mut |g, l| check.run(g, l), &teller(progress)).await;
    let out = Object::new();
    set(&out, "report", &plain(&report)?);
    set(&out, "inputs", &array(&evidence));
    set(&out, "looked", &plain(&plan.looked())?);
    let now = plan.progress();
    set(&out, "progress", &plain(&json!({ "requests": now.requests, "bytes": now.bytes }))?);
    Ok(out.into())
}

/// Fetches the same tag from another repository into the evidence, and checks
/// again. Resolves to `{report, inputs, looked, message, sides}`: a sentence
/// about the two registries, and per side its name, digest and number of
/// places with signatures (`null`: not known).
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
    let first = check.image.clone().ok_or_else(|| mistake("compare needs the option image"))?;
    let mut evidence = given(&inputs)?;
    let places = looked(&chosen)?;
    let before = check.run(&evidence, &places);
    let mut plan = Plan::new(reference_of(&other)?, Options::default());
    plan.want_subject();
    let driver = Driver::new(proxy, signal);
    driver.run(&mut plan, &teller(progress)).await;
    evidence.extend(plan.take_evidence());
    let report = check.run(&evidence, &places);
    let pinned = plan.pinned().and_then(|pinned| pinned.digest().map(ToString::to_string));
    let here = before.subject.digest.clone();
    let (one, two) = (first.name(), plan.reference().name());
    let names = [("one", one.as_str()), ("other", two.as_str())];
    let message = match (&here, &pinned) {
        _ if plan.subject_failed() => plan.subject_error().map(Message::from),
        (Some(a), Some(b)) if a == b => Some(Message::new(codes::AGREE, &names)),
        (Some(_), Some(_)) => Some(Message::new(codes::DIFFER, &names)),
        _ => plan.failures().first().map(|failure| Message::from(&failure.error)),
    };
    let found = |looks: &[crate::input::looked::Looked]| {
        let mut found = 0_usize;
        for look in looks {
            match look.answer {
                Answer::Found { count } => found += count,
                Answer::Failed { .. } => return None,
                Answer::Absent | Answer::Unsupported => {}
            }
        }
        Some(found)
    };
    let own: Vec<_> = places.iter().filter(|look| look.repository == one).cloned().collect();
    let out = Object::new();
    set(&out, "report", &plain(&report)?);
    set(&out, "inputs", &array(&evidence));
    set(&out, "looked", &plain(&places)?);
    set(&out, "message", &plain(&message)?);
    let sides = json!([
        { "name": one, "digest": here, "signatures": found(&own) },
        { "name": two, "digest": pinned, "signatures": found(&plan.looked()) },
    ]);
    set(&out, "sides", &plain(&sides)?);
    Ok(out.into())
}

/// References to the same tag (or digest) in the publisher's other
/// repositories.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments.
#[wasm_bindgen]
pub fn elsewhere(chosen: &JsValue) -> Result<Array, JsValue> {
    let check = Check::new(&options(chosen)?).map_err(|error| refuse(&error))?;
    let Some(image) = &check.image else { return Ok(Array::new()) };
    let own = &check.policy.repositories;
    if !own.contains(&image.name()) {
        return Ok(Array::new());
    }
    let tail = match (image.tag_or_latest(), image.digest()) {
        (_, Some(digest)) => format!("@{digest}"),
        (Some(tag), None) => format!(":{tag}"),
        (None, None) => String::new(),
    };
    let others = own.iter().filter(|name| **name != image.name());
    Ok(others.map(|name| JsValue::from_str(&format!("{name}{tail}"))).collect())
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
