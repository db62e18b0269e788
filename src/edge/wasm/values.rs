//! From values of the engine to JavaScript, and its mistakes.

use js_sys::TypeError;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::base::error::Error;

/// A result whose error is a JavaScript `TypeError`.
pub(super) type Result<T> = core::result::Result<T, JsValue>;

/// The error for a mistake of the calling program.
pub(super) fn mistake(sentence: &str) -> JsValue {
    TypeError::new(sentence).into()
}

/// The same, for an argument that the engine refused.
pub(super) fn refuse(error: &Error) -> JsValue {
    mistake(&error.to_string())
}

/// A value of the engine as plain JavaScript, as its JSON would be.
pub(super) fn plain(value: &impl Serialize) -> Result<JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|error| mistake(&error.to_string()))
}
