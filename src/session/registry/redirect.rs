//! Redirects are followed by rule, not by the HTTP library: the token stays
//! with the host it was made for.

use super::codes;
use super::request::{Request, Response};
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};

/// Most redirects followed for one request (RFC 9110 leaves it open; curl's
/// and browsers' own limits are 20 to 50, registries need one or two).
pub const HOPS: usize = 5;

/// Whether a status is a redirect that a GET or HEAD follows.
#[must_use]
pub const fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The request that follows a redirect. `hops` counts those already made.
///
/// The token is dropped unless scheme, host and port stay the same. A public
/// registry never leads to the machine itself.
///
/// # Errors
/// [`codes::REDIRECT`] with the address.
pub fn follow(request: &Request, response: &Response, hops: usize) -> Result<Request> {
    let refuse = |found: &str| Error::new(codes::REDIRECT).in_place(&request.purpose).found(shorten(found));
    let location = response.headers.get("location").ok_or_else(|| refuse("nowhere"))?;
    if hops >= HOPS {
        return Err(refuse(location));
    }
    let url = request.url.join(location).map_err(|_| refuse(location))?;
    let leaves_network = url.host().is_loopback() && !request.url.host().is_loopback();
    if leaves_network || (request.url.scheme() == "https" && url.scheme() != "https") {
        return Err(refuse(location));
    }
    let authorization = request.authorization.clone().filter(|_| url.same_origin(&request.url));
    Ok(Request { url, authorization, ..request.clone() })
}

#[cfg(test)]
mod tests {
    use super::super::request::{Headers, Method, RequestId, Secret};
    use super::super::url::Url;
    use super::*;

    #[test]
    fn the_token_stays_with_its_host() {
        for (from, location, token) in [
            ("https://r.example/v2/a", "/v2/b", Some(true)),
            ("https://r.example/v2/a", "https://r.example/v2/b", Some(true)),
            ("https://r.example/v2/a", "https://cdn.example/b?sig=1", Some(false)),
            ("https://r.example/v2/a", "https://r.example:444/b", Some(false)),
            ("http://127.0.0.1:5000/v2/a", "http://127.0.0.1:5001/b", Some(false)),
            ("https://r.example/v2/a", "http://r.example/v2/a", None),
            ("https://r.example/v2/a", "http://127.0.0.1/x", None),
            ("https://r.example/v2/a", "https://localhost/x", None),
            ("https://r.example/v2/a", "file:///etc/passwd", None),
            ("https://r.example/v2/a", "//evil.example/x", None),
            ("https://r.example/v2/a", "", None),
        ] {
            let request = Request {
                id: RequestId { plan: 0, job: 0 },
                method: Method::Get,
                url: Url::parse(from).unwrap(),
                accept: "*/*".into(),
                authorization: Secret::new("t"),
                max_bytes: 1,
                purpose: String::new(),
            };
            let mut headers = Headers::default();
            headers.keep("location", location);
            let response = Response { status: 307, headers, body: Vec::new() };
            let next = follow(&request, &response, 0).ok();
            assert_eq!(next.map(|next| next.authorization.is_some()), token, "{location}");
            assert!(follow(&request, &response, HOPS).is_err());
        }
    }
}
