//! What an HTTP status means for a check. None of them says anything about
//! the image.

use super::codes;
use super::request::Response;
use crate::base::digest::shorten;
use crate::base::error::Error;

/// The error of a response that is not the document asked for.
pub(super) fn error(response: &Response, place: &str) -> Error {
    let code = match response.status {
        401 => codes::UNAUTHORIZED,
        403 => codes::FORBIDDEN,
        404 | 410 => codes::NOT_FOUND,
        429 => {
            let after = response.headers.get("retry-after").map_or_else(|| "not said".to_owned(), shorten);
            return Error::new(codes::RATE_LIMITED).in_place(place).found(after);
        }
        300..=399 => codes::REDIRECT,
        500..=599 => codes::SERVER_ERROR,
        _ => codes::STATUS,
    };
    Error::new(code).in_place(place).found(response.status.to_string())
}

/// What the registry says of its rate limit, as it says it
/// (`ratelimit-limit: 100;w=21600`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RateLimit {
    /// `ratelimit-limit`
    pub limit: Option<String>,
    /// `ratelimit-remaining`
    pub remaining: Option<String>,
}

/// The rate limit headers of a response, if it has any.
pub(super) fn rate_limit(response: &Response) -> Option<RateLimit> {
    let get = |name| response.headers.get(name).map(shorten);
    let limit = RateLimit { limit: get("ratelimit-limit"), remaining: get("ratelimit-remaining") };
    (limit != RateLimit::default()).then_some(limit)
}
