//! Evidence and look-ups over time: options, the check, the registry plan.

pub mod check;
pub mod registry;
