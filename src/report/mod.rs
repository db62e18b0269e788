//! The answer in words: commands for a terminal, and the report as data,
//! which the engine makes ([`Report`]).

pub mod commands;

pub use crate::engine::findings::*;
