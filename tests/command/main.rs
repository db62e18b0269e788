//! The command line as others call it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

#[cfg(feature = "cli")]
mod archives;
#[cfg(feature = "cli")]
mod compare;
#[cfg(feature = "cli")]
mod compare_images;
mod compare_lists;
mod content_trust;
#[cfg(feature = "cli")]
mod escapes;
#[cfg(unix)]
mod folders;
#[cfg(feature = "cli")]
mod forms;
mod key;
#[cfg(feature = "cli")]
mod layers;
#[cfg(feature = "cli")]
mod network;
mod next_step;
mod notary_live;
mod notary_save;
mod one_reading;
#[cfg(feature = "cli")]
mod rendering;
mod rows;
#[cfg(feature = "cli")]
mod tags;
#[cfg(feature = "cli")]
mod usage;
