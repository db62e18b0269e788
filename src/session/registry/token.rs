//! Anonymous tokens: one per token address, kept in memory for one check.

use super::codes;
use super::request::{Response, Secret};
use crate::base::error::{Error, Result};
use crate::base::json;

/// Longest answer of a token server, in bytes.
pub(super) const TOKEN_BYTES: usize = 256 << 10;

/// Takes the token out of a token server's answer: `token`, or OAuth's
/// `access_token` (Docker token specification).
pub(super) fn read(response: &Response) -> Result<Secret> {
    let unusable = |found: &str| Error::new(codes::TOKEN).found(found);
    if response.status != 200 {
        return Err(unusable(&format!("HTTP {}", response.status)));
    }
    let root = json::parse(&response.body).map_err(|error| unusable(error.code().name()))?;
    let object = root.object("").map_err(|error| unusable(error.code().name()))?;
    let named = |name| object.text(name).ok().flatten().filter(|text| !text.is_empty());
    let text = named("token").or_else(|| named("access_token")).ok_or_else(|| unusable("no token"))?;
    Secret::new(text).ok_or_else(|| unusable("a malformed token"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_and_junk_is_named() {
        let answer = |status, body: &str| {
            read(&Response { status, body: body.as_bytes().to_vec(), ..Response::default() })
        };
        assert_eq!(answer(200, r#"{"token":"a.b","access_token":"c"}"#).unwrap().header(), "Bearer a.b");
        assert_eq!(answer(200, r#"{"token":"","access_token":"c"}"#).unwrap().header(), "Bearer c");
        for (status, body) in [
            (403, r#"{"token":"a"}"#),
            (200, r#"{"token":"a b"}"#),
            (200, r#"{"token":"a","token":"b"}"#),
            (200, "{}"),
            (200, "[]"),
            (200, "<html>"),
        ] {
            assert_eq!(answer(status, body).unwrap_err().code(), codes::TOKEN, "{body}");
        }
    }
}
