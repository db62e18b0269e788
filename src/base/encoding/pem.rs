//! PEM text encoding (RFC 7468), one block, with the encapsulated headers
//! that Notary v1 writes (RFC 1421, section 4.4) skipped.

use super::{base64, codes};
use crate::base::affix;
use crate::base::error::{Error, Result};

/// One PEM block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The words between `BEGIN ` and the dashes, for example `PUBLIC KEY`.
    pub label: String,
    /// The decoded contents.
    pub contents: Vec<u8>,
}

/// Reads a text that is exactly one PEM block; white space may surround it.
/// Lines may end in LF or CRLF and be of any length.
///
/// # Errors
/// [`codes::PEM`] naming what is wrong.
pub fn parse_one(text: &str) -> Result<Block> {
    let (block, rest) = parse_first(text)?;
    if rest.trim().is_empty() {
        return Ok(block);
    }
    let found = if rest.contains("-----BEGIN ") { "a second block" } else { "text after the block" };
    Err(Error::new(codes::PEM).found(found))
}

/// Reads the PEM block a text begins with, and returns the text after it.
///
/// # Errors
/// [`codes::PEM`] naming what is wrong.
pub fn parse_first(text: &str) -> Result<(Block, &str)> {
    let wrong = |found: &str| Error::new(codes::PEM).found(found);
    let text = text.trim_start();
    if text.is_empty() {
        return Err(wrong("an empty text"));
    }
    let after = text.strip_prefix("-----BEGIN ").ok_or_else(|| wrong("text before the BEGIN line"))?;
    let (label, after) = after.split_once("-----").ok_or_else(|| wrong("a BEGIN line without its end"))?;
    let is_label = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ';
    if !label.chars().all(is_label) {
        return Err(wrong("a BEGIN line with a malformed label"));
    }
    let end = format!("-----END {label}-----");
    let (body, rest) = after.split_once(end.as_str()).ok_or_else(|| wrong("a block without its END line"))?;
    if !rest.is_empty() && !affix::begins(rest, b"\n\r \t") {
        return Err(wrong("text after the END line"));
    }
    let mut digits = String::with_capacity(body.len());
    for line in body.lines().map(str::trim) {
        if !line.contains(": ") {
            digits.push_str(line);
        } else if !digits.is_empty() {
            return Err(wrong("a header after the contents"));
        }
    }
    let contents = base64::decode(&digits).map_err(|_| wrong("contents that are not base64"))?;
    Ok((Block { label: label.to_owned(), contents }, rest))
}

/// Writes a block in lines of 64 characters, as Go and OpenSSL do.
#[must_use]
pub fn write(label: &str, contents: &[u8]) -> String {
    let digits = base64::encode(contents);
    let mut out = format!("-----BEGIN {label}-----\n");
    for chunk in digits.as_bytes().chunks(64) {
        out.extend(chunk.iter().map(|byte| char::from(*byte)));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_beside_it() {
        let contents: Vec<u8> = (0..100).collect();
        let text = write("PUBLIC KEY", &contents);
        let block = Block { label: "PUBLIC KEY".to_owned(), contents };
        let windows = text.replace('\n', "\r\n");
        for good in [
            &text,
            &windows,
            &format!("\n {text} \n"),
            &text.replace("KEY-----\nA", "KEY-----\nRole: root\n\nA"),
        ] {
            assert_eq!(parse_one(good).unwrap(), block, "{good}");
        }
        let twice = format!("{text}{text}");
        let (first, rest) = parse_first(&twice).unwrap();
        assert_eq!((first, rest.trim()), (block, text.trim()));
        for bad in [
            "".to_owned(),
            twice.clone(),
            format!("{text}x"),
            format!("x{text}"),
            text.replace("END PUBLIC", "END PRIVATE"),
            text.replace("PUBLIC KEY", "public key"),
            text.replace("KEY-----\n", "KEY\n"),
            text.trim_end().to_owned() + "x",
            text.replacen("AAEC", "A*EC", 1),
            text.replace("\n-----END", "\nRole: root\n-----END"),
        ] {
            assert_eq!(parse_one(&bad).unwrap_err().code(), codes::PEM, "{bad}");
        }
    }
}
