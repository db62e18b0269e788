//! Base64, standard alphabet, padded, canonical trailing bits (RFC 4648,
//! section 4). Line breaks and the URL-safe alphabet are refused: two texts
//! never mean the same bytes.

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;

use super::codes;
use crate::base::error::{Error, Result};

/// Base64 text of bytes.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Bytes of strict base64 text.
///
/// # Errors
/// [`codes::BASE64`].
pub fn decode(text: &str) -> Result<Vec<u8>> {
    STANDARD.decode(text).map_err(|error| Error::new(codes::BASE64).found(error.to_string()))
}
