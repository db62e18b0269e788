//! Suites that the page's interface cannot reach, written once: `cargo test`
//! runs them natively, the browser tests run the same code in Chromium.

pub mod wycheproof;

#[cfg(target_arch = "wasm32")]
pub mod exports;

/// What a suite did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases run.
    pub cases: usize,
    /// Of these, the ones that a correct verifier accepts.
    pub valid: usize,
    /// One line for each case whose result was not the one expected.
    pub deviations: Vec<String>,
}
