//! Strict JSON (RFC 8259) that has exactly one reading.
//!
//! What other parsers disagree on is refused with its position: duplicate
//! members, lone surrogates, a byte order mark, invalid UTF-8, data after the
//! value, nesting past [`limits::JSON_DEPTH`](crate::base::limits::JSON_DEPTH).
//! Strings and numbers keep the text they were written in, so that the bytes
//! of a re-printed document can be restored (see `input::recover`).

mod canonical;
pub mod notary;
mod parse;
mod read;
mod value;

pub use canonical::{Canonical, MAX_INTEGER};
pub use parse::{parse, parse_prefix, parse_prefix_or_parts};
pub use read::Object;
pub use value::{Member, Node, Number, Text, Value};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Text that is not JSON.
        SYNTAX = "json-syntax", Contradicted,
            "This is not JSON: expected {expected}, found {found} at byte {position}.",
            "Copy the whole text again, from its first bracket to its last.";
        /// The text ends inside a value.
        TRUNCATED = "json-truncated", NotChecked,
            "This JSON text ends too early.",
            "Copy the whole text again, down to its last bracket.";
        /// An object that has the same member twice (RFC 8259, section 4).
        DUPLICATE = "json-duplicate-member", Contradicted,
            "The member {found} stands twice in one object; programs disagree on which one counts.",
            "Do not use this document. Ask its publisher for one that is not ambiguous.";
        /// A member whose name differs from a known one only by case.
        CASE_VARIANT = "json-case-variant", Contradicted,
            "The member {found} differs from {expected} only by case; programs disagree on whether it counts.",
            "Do not use this document. Ask its publisher for one that is not ambiguous.";
        /// A surrogate escape without its partner.
        SURROGATE = "json-lone-surrogate", Contradicted,
            "A string holds half of a surrogate pair at byte {position}.",
            "Do not use this document. Ask its publisher for one that is not ambiguous.";
        /// A byte order mark before the text.
        BOM = "json-byte-order-mark", Contradicted,
            "The text begins with a byte order mark.",
            "Save the text as UTF-8 without a byte order mark.";
        /// Bytes that are not UTF-8.
        UTF8 = "json-not-utf8", Contradicted,
            "The text is not valid UTF-8 at byte {position}.",
            "Get the original file; it was saved in another encoding or damaged.";
        /// Something after the value.
        TRAILING = "json-trailing-data", Contradicted,
            "Something follows the JSON value at byte {position}.",
            "Remove what follows the last bracket.";
        /// A member that must be there is not.
        MISSING = "json-missing-member", Contradicted,
            "The member {place} is missing.",
            "Get the document again from its source.";
        /// A member that has another type than the format demands.
        TYPE = "json-type", Contradicted,
            "The member {place} should be {expected} and is {found}.",
            "Get the document again from its source.";
        /// A number outside the range the format demands.
        NUMBER = "json-number", Contradicted,
            "The number {found} is not {expected}.",
            "Get the document again from its source.";
    }
}
