//! Where the world begins: the browser, the network, the command line.

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod native;
pub mod wasm;
