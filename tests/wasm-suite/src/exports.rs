//! What the browser tests call.

use wasm_bindgen::prelude::*;

use crate::Tally;
use crate::wycheproof;

/// Runs the suite of that name: first line `cases valid`, then one line for
/// each deviation.
///
/// # Errors
/// The name, if there is no such suite, or why it could not be loaded.
#[wasm_bindgen]
pub fn suite(name: &str) -> Result<String, String> {
    let Tally { cases, valid, deviations } = match name {
        "wycheproof-der" => wycheproof::der(),
        "wycheproof-raw" => wycheproof::raw(),
        _ => Err(format!("no suite {name}")),
    }?;
    Ok([vec![format!("{cases} {valid}")], deviations].concat().join("\n"))
}
