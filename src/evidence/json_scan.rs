//! Finds the JSON values in a text full of other things: commands, prompts,
//! progress meters, prose. One pass: where a value cannot be read, the scan
//! goes on behind the place that failed, and the values that stood complete
//! inside are kept. Values are handed out one by one.

use core::ops::Range;

use crate::base::error::Error;
use crate::base::json::{self, Node, Value};
use crate::base::limits;
use crate::base::list::PushAll as _;

/// A stretch of a text, in order.
#[derive(Debug)]
pub(super) enum Part<'a> {
    /// A JSON array or object.
    Json(Node<'a>),
    /// One that stood complete inside a value which cannot be read.
    Inner(Node<'a>),
    /// What looks like JSON and cannot be accepted: the text is hostile
    /// (duplicate members, too deep) or, in a file, damaged.
    Refused(Range<usize>, Error),
    /// Anything else. Errors are those of beginnings that looked like JSON.
    Text(Range<usize>, Vec<Error>),
}

/// How much JSON a text holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Survey {
    /// Values that can be read.
    pub(super) found: usize,
    /// Whether there are beginnings that cannot.
    pub(super) flawed: bool,
}

/// Counts the values of a text and keeps none.
pub(super) fn survey(text: &str) -> Survey {
    let mut survey = Survey::default();
    for part in parts(text).take(limits::ITEMS) {
        match part {
            Part::Json(_) | Part::Inner(_) => survey.found += 1,
            Part::Text(_, flaws) => survey.flawed |= !flaws.is_empty(),
            Part::Refused(..) => {}
        }
    }
    survey
}

/// Splits a text. Never fails.
pub(super) const fn parts(text: &str) -> Scan<'_> {
    Scan { text, at: 0, text_from: 0, blank: true, flaws: vec![], ready: vec![], work: 0 }
}

/// The parts of a text, one at a time.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
    text_from: usize,
    /// Whether only blanks stand between the line's beginning and `at`.
    blank: bool,
    flaws: Vec<Error>,
    /// Parts found and not yet handed out, last first.
    ready: Vec<Part<'a>>,
    /// Bytes that were read by the parser.
    work: usize,
}

impl<'a> Iterator for Scan<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        loop {
            if let Some(part) = self.ready.pop() {
                return Some(part);
            }
            match self.next_start() {
                Some(start) => self.take(start),
                None => return self.text_before(self.text.len()),
            }
        }
    }
}

impl<'a> Scan<'a> {
    /// Bytes that the parser read so far: at most a little more than the text.
    #[cfg(test)]
    pub(super) const fn work(&self) -> usize {
        self.work
    }

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

    /// Parses at `start`, once.
    fn take(&mut self, start: usize) {
        if self.flaws.len() >= 8 && !plausible(self.text.as_bytes(), start) {
            self.at = start + 1;
            return;
        }
        let mut found = Vec::new();
        match json::parse_prefix_or_parts(self.text, start) {
            Ok((node, end)) => {
                found.push_all(self.text_before(start));
                found.push(Part::Json(node));
                self.work += end - start;
                (self.at, self.text_from) = (end, end);
            }
            Err((error, _)) if refuses(&error) => {
                let end = balanced_end(self.text, start);
                found.push_all(self.text_before(start));
                found.push(Part::Refused(start..end, error));
                self.work += end - start;
                (self.at, self.text_from) = (end, end);
            }
            Err((error, complete)) => {
                let reached = error.position().unwrap_or(start).max(start + 1);
                self.work += reached - start;
                if self.flaws.len() < 8 {
                    self.flaws.push(error);
                }
                for node in complete.into_iter().filter(is_document) {
                    let end = node.span.end;
                    found.push_all(self.text_before(node.span.start));
                    found.push(Part::Inner(node));
                    self.text_from = end;
                }
                self.at = self.resume_at(start, reached);
                // The line began behind the last break that was read; before one stands a bracket.
                let read = self.text.get(start..self.at).unwrap_or_default();
                let line = read.rfind('\n').and_then(|end| read.get(end..));
                self.blank = line.is_some_and(|line| line.trim().is_empty());
            }
        }
        found.reverse();
        self.ready = found;
    }

    /// Where the scan goes on after a failure at `reached`: there, or at the
    /// bracket before the quote that was taken for a string's end.
    fn resume_at(&self, start: usize, reached: usize) -> usize {
        let before = self.text.get(start + 1..reached).unwrap_or_default().trim_end();
        let opener = before.strip_suffix('"').filter(|rest| rest.ends_with('{'));
        let back = opener.map_or(reached, |rest| start + rest.len());
        let mut at = back.max(self.text_from).max(start + 1);
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        at
    }

    fn text_before(&mut self, end: usize) -> Option<Part<'a>> {
        let range = self.text_from..end;
        self.text_from = end;
        let text = self.text.get(range.clone()).filter(|text| !text.trim().is_empty());
        text.map(|_| Part::Text(range, core::mem::take(&mut self.flaws)))
    }
}

/// What may be a document of its own inside a damaged one.
fn is_document(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => items.iter().any(|item| matches!(item.value, Value::Object(_))),
        _ => false,
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

/// Whether a colon follows the first name of an object: what fails at once in a
/// text full of such places is not parsed.
fn plausible(bytes: &[u8], start: usize) -> bool {
    let mut rest = bytes.get(start + 1..).unwrap_or_default().trim_ascii_start().iter();
    if bytes.get(start) != Some(&b'{') || rest.next() != Some(&b'"') {
        return true;
    }
    match rest.find(|b| matches!(b, b'"' | b'\\' | b'\n')) {
        Some(b'"') => rest.find(|b| !b" \t\r\n".contains(b)) == Some(&b':'),
        Some(b'\\') => true,
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

/// Whether a second value follows on the line where the first one ends. In a
/// file that is no list of documents but one that programs read differently.
pub(super) fn is_glued(text: &str, error: &Error) -> bool {
    let at = error.position().filter(|_| error.code() == json::codes::TRAILING);
    let Some((before, after)) = at.and_then(|at| text.split_at_checked(at)) else { return false };
    let same_line = !before.trim_end_matches([' ', '\t', '\r']).ends_with('\n');
    same_line && after.starts_with(['{', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_reads_next_to_nothing_twice() {
        let units = [
            "{",
            "[",
            "{\"",
            "[\"",
            "[{",
            "{\"a\":",
            "{\"a\":{",
            "{\"a\":[\"b\",\n",
            "[[1],\n",
            "{\"a\":{\"b\":\"c\"}, x\n",
            "{\"a\":1,",
            "{}",
            "{}\n",
            "\"",
            "\\",
            "{\"a{\":",
            "[{\"a\":\"{\"",
            "{\"a\": \"b\nc\"}",
            "[1,{\"b\":[{\"c\":2}]},\n",
        ];
        for unit in units {
            let text = unit.repeat(20_000 / unit.len());
            let mut scan = parts(&text);
            let mut count = 0;
            while scan.next().is_some() {
                count += 1;
            }
            assert!(scan.work() <= 2 * text.len() + 64, "{unit:?}: {} of {}", scan.work(), text.len());
            assert!(count <= text.len());
        }
    }

    #[test]
    fn what_is_complete_in_a_damaged_value_is_kept_once() {
        let kinds = |text: &str| {
            let name = |part: Part<'_>| match part {
                Part::Json(node) | Part::Inner(node) => text.get(node.span).unwrap_or_default().to_owned(),
                Part::Text(..) => "text".to_owned(),
                Part::Refused(..) => "refused".to_owned(),
            };
            parts(text).map(name).collect::<Vec<_>>()
        };
        assert_eq!(
            kinds("[{\"a\":1}, {\"b\":{\"c\":2}}, x"),
            ["text", "{\"a\":1}", "text", "{\"b\":{\"c\":2}}", "text"]
        );
        // A quote in prose hides no document behind it.
        assert_eq!(kinds("he said {\"a} and {\"critical\":{}}"), ["text", "{\"critical\":{}}"]);
        assert_eq!(kinds("{\"a\":1,\"a\":2} {\"b\":1}"), ["refused", "{\"b\":1}"]);
    }
}
