//! The page that the program carries.
//!
//! The page holds a wasm built from this same crate, so it must be there
//! before the program: `cargo xtask program` builds one and then the other,
//! with the feature `page`. Without the feature the program carries none.

use webdis_verify::edge::native::page::Files;

/// The files of `dist/`, as they were when the program was built.
#[cfg(feature = "page")]
pub(crate) const EMBEDDED: Option<Files> = Some(include!(concat!(env!("OUT_DIR"), "/page.rs")));

/// No page was put in.
#[cfg(not(feature = "page"))]
pub(crate) const EMBEDDED: Option<Files> = None;
