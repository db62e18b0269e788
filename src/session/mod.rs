//! Evidence and look-ups over time: options, the check, the registry plan.

pub mod check;
mod collected;
mod fetch;
pub mod registry;
mod session;

pub use collected::EvidenceId;
pub use session::Session;
