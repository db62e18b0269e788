//! Strict byte encodings: hexadecimal, base64, PEM, DER.

pub mod base64;
pub mod der;
pub mod hex;
pub mod pem;

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Text that is not standard, padded base64 (RFC 4648, section 4).
        BASE64 = "base64", NotChecked,
            "This is not standard base64 with padding.",
            "Copy the value again, whole and without line breaks.";
        /// Text without exactly one well-formed PEM block (RFC 7468).
        PEM = "pem", NotChecked,
            "This is not one PEM block: {found}.",
            "Give exactly one block, from its BEGIN line to its END line.";
        /// Bytes that are not distinguished encoding rules (X.690, DER).
        DER = "der", NotChecked,
            "This is not well-formed DER.",
            "Get the file from its publisher again.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_texts_mean_the_same_bytes() {
        assert_eq!(base64::decode("/+8A").unwrap(), [0xff, 0xef, 0]);
        assert_eq!(base64::decode("/w==").unwrap(), [0xff]);
        for text in ["/w", "/w=", "/x==", "_-8A", "/+8A\n", " /+8A", "/+8A=", "/+8"] {
            assert_eq!(base64::decode(text).unwrap_err().code(), codes::BASE64, "{text}");
        }
        assert_eq!(hex::decode_lower("00ff").unwrap(), [0, 0xff]);
        assert_eq!(hex::encode(&[0, 0xff]), "00ff");
        for text in ["0", "0f0", "0F", "0g", " 0", "é"] {
            assert_eq!(hex::decode_lower(text), None, "{text}");
        }
    }
}
