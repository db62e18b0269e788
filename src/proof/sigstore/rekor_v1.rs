//! Rekor v1: the signed entry timestamp.

use super::codes;
use super::entry::Entry;
use super::trusted_root::Log;
use crate::base::encoding::hex;
use crate::base::error::{Error, Result};
use crate::base::json::Canonical;
use crate::base::time::Time;

/// Verifies the log's promise to include the entry, and returns its time.
///
/// The log signs the canonical JSON (RFC 8785) of body, integrated time, log
/// id and log index; the time must lie in the validity of its key.
pub(super) fn verify_set(entry: &Entry, set: &[u8], log: &Log) -> Result<Time> {
    let invalid = || Error::new(codes::SET_INVALID);
    let body = entry.body_base64().ok_or_else(invalid)?;
    let signed = Canonical::object([
        ("body", Canonical::text(body)),
        ("integratedTime", Canonical::integer(entry.integrated_time)?),
        ("logID", Canonical::text(hex::encode(&entry.log_id))),
        ("logIndex", Canonical::integer(entry.log_index)?),
    ]);
    if !log.key()?.signed(signed.write().as_bytes(), set) {
        return Err(invalid());
    }
    let time = Time::from_unix(entry.integrated_time).ok_or_else(invalid)?;
    if log.window().contains(time) {
        return Ok(time);
    }
    Err(Error::new(codes::LOG_KEY_WINDOW).expected(log.window().to_string()).found(time.to_string()))
}
