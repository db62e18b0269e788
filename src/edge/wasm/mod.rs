//! The browser's edge: the only `wasm_bindgen` surface.
//!
//! Everything JavaScript can call is in `session`, `fetch` and `surface`, which
//! exist only in the wasm (`--features web`).

#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod driver;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod fetch;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod layers;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod options;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod session;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod surface;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod values;
