//! What JavaScript can call without a session.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::base::code::Class;

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
    crate::session::catalogue::all()
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

/// A plain object of strings.
fn object(members: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a fresh plain object cannot fail.
        drop(Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value)));
    }
    object.into()
}
