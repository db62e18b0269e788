//! Dead Simple Signing Envelope: what exactly was signed.
//!
//! <https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md>

use super::codes;
use super::proto;
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::json::{self, Object};
use crate::base::limits;

/// The payload type of an in-toto statement, the only one accepted.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// An envelope with exactly one signature over an in-toto statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    payload: Vec<u8>,
    signature: Vec<u8>,
    bytes: Option<Vec<u8>>,
}

impl Envelope {
    /// Reads a bare envelope (a legacy `.att` layer).
    ///
    /// # Errors
    /// The codes of JSON, base64 and of this module.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        limits::within("an envelope", bytes.len(), 2 * limits::PAYLOAD_BYTES)?;
        let node = json::parse(bytes)?;
        Ok(Self { bytes: Some(bytes.to_vec()), ..Self::read(&node.object("")?)? })
    }

    /// Reads the envelope of a bundle.
    pub(super) fn read(object: &Object<'_, '_>) -> Result<Self> {
        proto::only(object, &["payload", "payloadType", "signatures"])?;
        let payload_type = object.need_text("payloadType")?;
        if payload_type != IN_TOTO {
            return Err(Error::new(codes::DSSE_PAYLOAD_TYPE).expected(IN_TOTO).found(shorten(payload_type)));
        }
        let payload = proto::need_bytes(object, "payload")?;
        limits::within("a payload", payload.len(), limits::PAYLOAD_BYTES)?;
        let signatures = proto::some_array(object, "signatures")?;
        let [signature] = signatures else {
            return Err(Error::new(codes::DSSE_SIGNATURES).expected("1").found(signatures.len().to_string()));
        };
        let signature = signature.object(&object.path("signatures"))?;
        proto::only(&signature, &["sig", "keyid"])?;
        signature.text("keyid")?;
        Ok(Self { payload, signature: proto::need_bytes(&signature, "sig")?, bytes: None })
    }

    /// The statement's bytes.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signature's bytes: ASN.1 DER.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The bytes of a bare envelope; none if it stood in a bundle.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// What was signed: the pre-authentication encoding.
    #[must_use]
    pub fn pae(&self) -> Vec<u8> {
        pae(IN_TOTO, &self.payload)
    }
}

/// `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in decimal.
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pae_is_the_one_of_the_specification() {
        // dsse v1.0.2, protocol.md, "Test Vectors".
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }
}
