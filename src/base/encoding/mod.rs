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
