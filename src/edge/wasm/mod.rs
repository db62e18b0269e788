//! The browser's edge: the only `wasm_bindgen` surface.
//!
//! Everything JavaScript can call is in `session`, `fetch` and `surface`, which
//! exist only in the wasm (`--features web`). The codes are known everywhere, so that
//! translations and documentation have them.

#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod driver;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod fetch;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod options;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod session;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod surface;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod values;

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
        /// WebAssembly is refused or could not be loaded.
        ENGINE_UNAVAILABLE = "engine-unavailable", NotChecked,
            "The verifier could not be loaded here. This says nothing about the image.",
            "If this page is embedded, its Content-Security-Policy must allow 'wasm-unsafe-eval'; else use the saved single file or the command line.";
    }
}
