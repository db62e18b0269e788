//! From bytes to plain text: encodings, terminal codes, and the characters
//! that word processors and web pages put in the place of blanks and quotes.

use std::borrow::Cow;

use super::codes;
use crate::base::code::Code;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;

type Mend = (fn(&str) -> Option<String>, Code);

/// What is tried on a text in which JSON is damaged or missing.
pub(super) const MENDS: &[Mend] = &[(mend, codes::REPAIR_TYPOGRAPHY), (join_wrapped, codes::REPAIR_WRAPPED)];

/// Text of bytes, with UTF-16, byte order mark and terminal control
/// sequences dealt with, and what was done. `None` if it is not text.
pub(super) fn normalize(bytes: &[u8]) -> Option<(Cow<'_, str>, Vec<Message>)> {
    let mut repairs = Vec::new();
    let mut done = |code| repairs.push(Message::new(code, &[]));
    let mut text: Cow<'_, str> = if let Some(text) = utf16(bytes) {
        done(codes::REPAIR_UTF16);
        Cow::Owned(text)
    } else if let Ok(text) = core::str::from_utf8(bytes) {
        Cow::Borrowed(text)
    } else {
        let text = single_bytes(bytes)?;
        done(codes::REPAIR_ENCODING);
        Cow::Owned(text)
    };
    if text.starts_with('\u{feff}') {
        done(codes::REPAIR_BOM);
        text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches('\u{feff}')),
            Cow::Owned(text) => Cow::Owned(text.trim_start_matches('\u{feff}').to_owned()),
        };
    }
    if text.contains("^[[") {
        text = Cow::Owned(with_escapes(&text));
    }
    if text.contains('\u{1b}') {
        done(codes::REPAIR_TERMINAL);
        text = Cow::Owned(without_terminal_codes(&text));
    }
    Some((text, repairs))
}

/// Text in an encoding of one byte a letter, as consoles and logs of Windows have it:
/// a letter outside ASCII hides nothing of what stands beside it. What a program prints
/// of images is ASCII, so the others are read as ISO 8859-1. `None` if it is no text.
fn single_bytes(bytes: &[u8]) -> Option<String> {
    let control = |b: &u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r' | 0x08 | 0x0c | 0x1b);
    let foreign = bytes.iter().filter(|b| !b.is_ascii()).count();
    let text = foreign.saturating_mul(10) <= bytes.len() && !bytes.iter().any(control);
    text.then(|| bytes.iter().map(|b| char::from(*b)).collect())
}

/// UTF-16, as Windows PowerShell redirects output: with a byte order mark, or
/// without one where every other byte is zero, as in text of Latin letters. UTF-32 of such
/// text is the same with a zero beside each letter.
fn utf16(bytes: &[u8]) -> Option<String> {
    let little = match bytes.get(..2)? {
        [0xff, 0xfe] => true,
        [0xfe, 0xff] => false,
        _ => is_wide(bytes)?,
    };
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let unit = |pair: &[u8; 2]| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let units: Vec<u16> = pairs.iter().map(unit).collect_vec();
    String::from_utf16(&units)
        .ok()
        .map(|text| if text.contains('\0') { text.replace('\0', "") } else { text })
}

/// Whether text without a mark is UTF-16, and its low byte first.
fn is_wide(bytes: &[u8]) -> Option<bool> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let sample = || pairs.iter().take(512);
    let count = sample().count();
    let zero = |at: usize| sample().filter(|pair| pair.get(at) == Some(&0)).count();
    let (first, second) = (zero(0), zero(1));
    let most = |zeros: usize| count >= 4 && zeros * 10 >= count * 9;
    match (most(first), most(second)) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        _ => None,
    }
}

/// Colours of which a pager or `cat -v` wrote the escape as `^[`.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn with_escapes(text: &str) -> String {
    let mut parts = text.split("^[[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        let colour = rest.starts_with(['m', 'K']) && part.len() - rest.len() < 16;
        out.push_str(if colour { "\u{1b}[" } else { "^[[" });
        out.push_str(part);
    }
    out
}

/// Removes ECMA-48 control sequences (`ESC [ … letter`), operating system
/// commands (`ESC ] … BEL`) and two-character escapes.
pub(super) fn without_terminal_codes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('[') => {
                chars.find(|c| ('\u{40}'..='\u{7e}').contains(c));
            }
            Some(']') => {
                let mut before = ' ';
                chars.find(|c| {
                    let end = *c == '\u{7}' || (before == '\u{1b}' && *c == '\\') || *c == '\n';
                    before = *c;
                    end
                });
            }
            _ => {}
        }
    }
    out
}

/// The text with non-breaking and other unusual blanks outside strings turned
/// into plain ones, and typographic quotes around strings into straight ones.
/// `None` if there are none.
pub(super) fn mend(text: &str) -> Option<String> {
    let quote = |c| matches!(c, '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{ab}' | '\u{bb}');
    let blank = |c| matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}');
    let nothing = |c| matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    if text.is_ascii() || !text.contains(|c| quote(c) || blank(c) || nothing(c)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    // The quote that ends the string the scan is in: straight or typographic.
    let mut string: Option<bool> = None;
    let mut escaped = false;
    for c in text.chars() {
        if c == '\n' {
            (string, escaped) = (None, false);
        }
        match string {
            _ if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(true) if quote(c) => {
                string = None;
                out.push('"');
                continue;
            }
            Some(false) if c == '"' => string = None,
            Some(_) => {}
            None if c == '"' => string = Some(false),
            None if quote(c) => {
                string = Some(true);
                out.push('"');
                continue;
            }
            None if blank(c) => {
                out.push(' ');
                continue;
            }
            None if nothing(c) => continue,
            None => {}
        }
        out.push(c);
    }
    Some(out)
}

/// The text with line breaks inside strings removed, and inside the numbers and words
/// between them, for terminals that put them where a long line ends. `None` if no line
/// has an open string, or if those that have one are not as long as each other: no
/// terminal broke them, and what stands between two quotation marks may be outputs.
pub(super) fn join_wrapped(text: &str) -> Option<String> {
    let start = text.find(['{', '['])?;
    let (before, rest) = text.split_at_checked(start)?;
    let begun = before.rsplit('\n').next().unwrap_or_default();
    let scan = Wrapped { line: (begun.chars().count(), begun.len()), ..Wrapped::default() };
    let broken = broken_line(rest, scan.line)?;
    let mut out = String::with_capacity(text.len());
    out.push_str(before);
    join_lines(out, scan, rest, broken)
}

/// Adds `rest` without the line breaks of a terminal that breaks as `broken_line` says.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn join_lines(
    mut out: String,
    mut scan: Wrapped,
    rest: &str,
    (wide, hanging): ((usize, usize), usize),
) -> Option<String> {
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' && (scan.quoted || chars.peek() == Some(&'\n')) {
            continue;
        }
        if c != '\n' {
            scan.letter(c);
            out.push(c);
            continue;
        }
        if scan.quoted {
            scan.broken()?;
            let _ = (0..hanging).try_for_each(|_| chars.next_if_eq(&' ').map(|_| ()));
        } else if scan.is_inside_word(chars.peek().copied(), wide) {
            scan.line = (0, 0);
        } else {
            scan.line = (0, 0);
            scan.last = c;
            out.push(c);
        }
    }
    scan.width.map(|_| out)
}

/// Letters and bytes of the first line that ends inside a string, and the blanks that hang
/// before what goes on. One blank is the string's own.
fn broken_line(text: &str, mut begun: (usize, usize)) -> Option<((usize, usize), usize)> {
    let (mut quoted, mut escaped, mut from) = (false, false, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' if quoted => {
                let line = text.get(from..at).unwrap_or_default();
                let letters = line.chars().filter(|c| *c != '\r').count();
                let bytes = line.bytes().filter(|b| *b != b'\r').count();
                let next = text.get(at + 1..).unwrap_or_default();
                let blanks = next.len() - next.trim_start_matches(' ').len();
                let hanging = if blanks > 1 { blanks } else { 0 };
                return Some(((begun.0 + letters, begun.1 + bytes), hanging));
            }
            b'\n' => (from, begun) = (at + 1, (0, 0)),
            b'\r' => {}
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
    }
    None
}

/// Where a scan of broken lines stands.
#[derive(Default)]
struct Wrapped {
    quoted: bool,
    escaped: bool,
    /// Brackets that are open.
    depth: usize,
    last: char,
    /// Letters and bytes of the line so far, and of the first broken one: programs
    /// count the one or the other.
    line: (usize, usize),
    width: Option<(usize, usize)>,
    /// Whether all broken lines have as many letters, and bytes.
    unequal: (bool, bool),
}

impl Wrapped {
    fn letter(&mut self, c: char) {
        self.line = (self.line.0 + 1, self.line.1 + c.len_utf8());
        self.last = c;
        match c {
            _ if self.escaped => self.escaped = false,
            '\\' if self.quoted => self.escaped = true,
            '"' => self.quoted = !self.quoted,
            '{' | '[' if !self.quoted => self.depth += 1,
            '}' | ']' if !self.quoted => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// A string goes on in the next line; `None` where the lines differ too much.
    fn broken(&mut self) -> Option<()> {
        // A blank at the end of a line may be lost.
        let first: &(usize, usize) = self.width.get_or_insert(self.line);
        self.unequal.0 |= self.line.0.abs_diff(first.0) > 1;
        self.unequal.1 |= self.line.1.abs_diff(first.1) > 1;
        self.line = (0, 0);
        (self.unequal != (true, true)).then_some(())
    }

    /// Whether a number, `true` or `null` goes on in the next line: no two of them stand
    /// side by side in JSON. Its line is as long as those with broken strings.
    fn is_inside_word(&self, next: Option<char>, wide: (usize, usize)) -> bool {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        let wide = self.line == wide;
        self.depth > 0 && wide && word(self.last) && next.is_some_and(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_quotes_change_only_outside_strings() {
        let text = "{\u{a0}\u{201c}a\u{a0}b\u{201d}: \"\u{201c}x\u{a0}\u{201d}\" }";
        assert_eq!(mend(text).unwrap(), "{ \"a\u{a0}b\": \"\u{201c}x\u{a0}\u{201d}\" }");
        assert_eq!(mend("{\"a\": 1}"), None);
    }

    #[test]
    fn terminal_codes_and_utf16_become_text() {
        assert_eq!(normalize(b"\x1b[1;32m{\x1b]0;title\x07}\x1b[0m").unwrap().0, "{}");
        let wide: Vec<u8> = "\u{feff}{}\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(normalize(&wide).unwrap().0, "{}\r\n");
        assert!(normalize(b"\xff\xff").is_none());
    }

    #[test]
    fn lines_are_joined_where_a_terminal_broke_them() {
        assert_eq!(join_wrapped("$ x\n{\n\"ab\ncd\": 1}").unwrap(), "$ x\n{\n\"abcd\": 1}");
        assert_eq!(join_wrapped("{\n\"ab\": 1}"), None);
        // What hangs below the first line is no part of the string; one blank is.
        assert_eq!(join_wrapped("{\n\"ab\n    cd\n    ef\": 1}").unwrap(), "{\n\"abcdef\": 1}");
        assert_eq!(join_wrapped("{\n\"ab\n cd\": 1}").unwrap(), "{\n\"ab cd\": 1}");
        // Outside a string, where the line is as long as those that end inside one.
        assert_eq!(join_wrapped("{\"a\":1\n2,\"bcd\n\": nul\nl}").unwrap(), "{\"a\":12,\"bcd\": null}");
        assert_eq!(join_wrapped("{\"a\":1\n2,\"bc\n\":nu\nll}").unwrap(), "{\"a\":1\n2,\"bc\":nu\nll}");
        // Two values that no terminal broke stay two.
        assert_eq!(join_wrapped("{\"abcdef\nghijkl\"}\n1\n2").unwrap(), "{\"abcdefghijkl\"}\n1\n2");
    }
}
