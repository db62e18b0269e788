//! The native drivers: HTTP client, page and proxy server.

pub mod address;
pub mod client;
mod http1;
pub mod page;
pub mod serve;
mod streams;
