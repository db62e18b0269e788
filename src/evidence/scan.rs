//! Finds the JSON values in a text full of other things: commands, prompts,
//! progress meters, prose. Work is bounded whatever the text.

use core::ops::Range;

use crate::base::error::Error;
use crate::base::json::{self, Node};
use crate::base::limits;

/// A stretch of a text, in order.
#[derive(Debug)]
pub(super) enum Part<'a> {
    /// A JSON array or object.
    Json(Node<'a>),
    /// What looks like JSON and cannot be accepted: the text is hostile
    /// (duplicate members, too deep) or, in a file, damaged.
    Refused(Range<usize>, Error),
    /// Anything else. Errors are those of beginnings that looked like JSON.
    Text(Range<usize>, Vec<Error>),
    /// A limit was reached; the rest was not looked at.
    Limit(Error),
}

/// Splits a text. Never fails.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut scan = Scan { text, at: 0, text_from: 0, blank: true, flaws: vec![], parts: vec![], work: 0 };
    while let Some(start) = scan.next_start() {
        if !scan.take(start) {
            break;
        }
    }
    scan.flush(text.len());
    scan.parts
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    text_from: usize,
    /// Whether only blanks stand between the line's beginning and `at`.
    blank: bool,
    flaws: Vec<Error>,
    parts: Vec<Part<'a>>,
    /// Bytes parsed in vain.
    work: usize,
}

impl<'a> Scan<'a> {
    /// The next place where a value may begin: the first bracket of a line,
    /// or `{"` and `[{` within one.
    fn next_start(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            let here = self.at;
            self.at += 1;
            match byte {
                b'\n' => self.blank = true,
                b' ' | b'\t' | b'\r' => {}
                b'{' | b'[' if opens(bytes, here, self.blank) => {
                    self.blank = false;
                    return Some(here);
                }
                _ => self.blank = false,
            }
        }
        None
    }

    /// Parses at `start`. `false` when a limit ends the scan.
    fn take(&mut self, start: usize) -> bool {
        let limit = match json::parse_prefix(self.text, start) {
            Ok((node, end)) => {
                self.flush(start);
                self.parts.push(Part::Json(node));
                (self.at, self.text_from) = (end, end);
                limits::within("items", self.parts.len(), limits::ITEMS)
            }
            Err(error) => {
                let reached = error.position().unwrap_or(start);
                // An attempt costs something even if it fails at once.
                self.work += reached.saturating_sub(start) + 1_024;
                if refuses(&error) {
                    let end = balanced_end(self.text, start);
                    self.flush(start);
                    self.parts.push(Part::Refused(start..end, error));
                    (self.at, self.text_from) = (end, end);
                } else {
                    if self.flaws.len() < 8 {
                        self.flaws.push(error);
                    }
                    self.at = start + 1;
                }
                limits::within("work on broken JSON", self.work, 2 * limits::PASTE_BYTES)
            }
        };
        match limit {
            Ok(()) => true,
            Err(error) => {
                self.flush(self.text.len());
                self.parts.push(Part::Limit(error));
                self.at = self.text.len();
                false
            }
        }
    }

    fn flush(&mut self, end: usize) {
        let range = self.text_from..end;
        self.text_from = end;
        let flaws = core::mem::take(&mut self.flaws);
        if self.text.get(range.clone()).is_some_and(|text| !text.trim().is_empty()) {
            self.parts.push(Part::Text(range, flaws));
        }
    }
}

/// Whether the bracket at `here` can open a value: what follows fits.
fn opens(bytes: &[u8], here: usize, first_in_line: bool) -> bool {
    let rest = bytes.get(here + 1..).unwrap_or_default();
    let next = rest.iter().find(|b| !b" \t\r\n".contains(b));
    let object = bytes.get(here) == Some(&b'{');
    if !first_in_line {
        return match (object, rest.first()) {
            (true, Some(b'"')) => true,
            (false, Some(b'{')) => rest.get(1) == Some(&b'"'),
            _ => false,
        };
    }
    match next {
        Some(b'"') => true,
        Some(b'}') => object,
        Some(b'{' | b'[' | b']') => !object,
        _ => false,
    }
}

/// Errors of texts that are JSON to other programs, or nearly.
fn refuses(error: &Error) -> bool {
    let code = error.code();
    code == json::codes::DUPLICATE || code == json::codes::SURROGATE || code == limits::codes::LIMIT
}

/// Where the value that begins at `start` ends, by counting brackets.
pub(super) fn balanced_end(text: &str, start: usize) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}
