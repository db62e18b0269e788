//! Evidence and look-ups over time: options, the check, the registry plan.

pub mod catalogue;
pub mod check;
mod collected;
mod fetch;
mod layers;
pub mod registry;
mod state;

pub use crate::engine::tag_answer::Route;
pub use collected::EvidenceId;
pub use layers::Layer;
pub use state::Session;

/// Codes of what can go wrong around the engine. `www/engine.js` reports
/// them when the wasm itself cannot answer any more.
pub mod codes {
    crate::codes! {
        /// A trap: the worker was ended and started anew.
        ENGINE_STOPPED = "engine-stopped", NotChecked,
            "The verifier stopped while examining this. This says nothing about the image.",
            "Give fewer or smaller inputs, one at a time; the input that stops it is worth a bug report.";
        /// No answer within the time allowed.
        ENGINE_TIMEOUT = "engine-timeout", NotChecked,
            "The verifier took too long and was stopped. This says nothing about the image.",
            "Give fewer or smaller inputs, one at a time, or use the command line.";
        /// What is loaded when it is needed could not be.
        ENGINE_INCOMPLETE = "engine-incomplete", NotChecked,
            "A part of the verifier that this needs could not be loaded. This says nothing about the image.",
            "Load the page again; if it stays so, use the saved single file or the command line.";
        /// WebAssembly is refused or could not be loaded.
        ENGINE_UNAVAILABLE = "engine-unavailable", NotChecked,
            "The verifier could not be loaded here. This says nothing about the image.",
            "If this page is embedded, its Content-Security-Policy must allow 'wasm-unsafe-eval'; else use the saved single file or the command line.";
    }
}
