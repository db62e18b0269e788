//! What JavaScript can call.

use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{given, looked, mistake, options};
use crate::base::code::Class;
use crate::session::check::{Check, save_metadata};

/// The version of this package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Every code there is, as `{name, class, text, next}`.
#[wasm_bindgen]
#[must_use]
pub fn codes() -> Array {
    crate::report::catalogue::all()
        .into_iter()
        .map(|code| {
            let class = match code.class() {
                Class::Fact => "fact",
                Class::Contradicted => "contradicted",
                Class::Consistent => "consistent",
                Class::Unsigned => "unsigned",
                Class::NotChecked => "not-checked",
                Class::Caveat => "caveat",
            };
            object(&[
                ("name", code.name()),
                ("class", class),
                ("text", code.template()),
                ("next", code.next_step()),
            ])
        })
        .collect()
}

/// Examines inputs; the types are in `www/webdis-verify.d.ts`.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments. Evidence is never an error:
/// what is wrong with it is in the report.
#[wasm_bindgen]
pub fn check(inputs: &JsValue, chosen: &JsValue) -> Result<JsValue, JsValue> {
    let check = Check::new(&options(chosen)?).map_err(|error| mistake(&error.to_string()))?;
    let (looked, told) = looked(chosen)?;
    json(&check.run_told(&given(inputs)?, &looked, &told))
}

/// The Notary metadata among inputs, packed: `{name, bytes}`, or `null` if
/// there is none.
///
/// # Errors
/// A `TypeError` for a mistake in the arguments, or for more metadata than a
/// zip file can hold.
#[wasm_bindgen]
pub fn metadata(inputs: &JsValue, chosen: &JsValue) -> Result<JsValue, JsValue> {
    let refused = |error: &crate::Error| mistake(&error.to_string());
    let check = Check::new(&options(chosen)?).map_err(|error| refused(&error))?;
    let saved = save_metadata(&given(inputs)?, check.image.as_ref()).map_err(|error| refused(&error))?;
    let Some(saved) = saved else { return Ok(JsValue::NULL) };
    let out = object(&[("name", &saved.name)]);
    drop(Reflect::set(&out, &JsValue::from_str("bytes"), &Uint8Array::from(saved.bytes.as_slice())));
    Ok(out)
}

/// A value of the engine as plain JavaScript.
pub(super) fn json(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(value).map_err(|error| mistake(&error.to_string()))?;
    JSON::parse(&text)
}

/// A plain object of strings.
fn object(members: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a fresh plain object cannot fail.
        drop(Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value)));
    }
    object.into()
}
