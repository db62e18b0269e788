//! A text read line by line from a place in it, without collecting the lines:
//! a file of thirty million line breaks costs no more than its bytes.

use super::marks::{Marks, Seen};

/// Most bytes that are looked at before a line.
const BEFORE: usize = 600;

/// The lines in which a mark stands, each once. The lines between them are not looked at
/// one by one.
pub(super) fn lines_with<'t>(text: &'t str, mark: &'static str) -> impl Iterator<Item = &'t str> {
    let mut after = 0;
    text.match_indices(mark).filter_map(move |(at, _)| {
        let before = text.get(after..at)?;
        let from = before.rfind('\n').map_or(after, |end| after + end + 1);
        let end = text.get(at..)?.find('\n').map_or(text.len(), |length| at + length);
        after = end + 1;
        text.get(from..end).map(|line| line.strip_suffix('\r').unwrap_or(line))
    })
}

/// A line without the blanks around it. Most lines have none: that is seen without
/// decoding letters.
pub(super) fn trim(line: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = line.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) { line } else { line.trim() }
}

/// A line without the blanks behind it.
fn trim_end(line: &str) -> &str {
    if line.as_bytes().last().is_some_and(u8::is_ascii_graphic) { line } else { line.trim_end() }
}

/// A place in a text. Copies of it look ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    /// The next line, trimmed, where it was read already.
    first: Option<&'t str>,
}

impl<'t> Lines<'t> {
    /// The beginning of a text.
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0, first: None }
    }

    /// The byte offset of the next line.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Goes on at a byte offset that [`Self::at`] gave.
    pub(super) fn go_on_at(&mut self, at: usize) {
        self.at = at;
    }

    /// The text from here to an offset.
    pub(super) fn until(&self, end: usize) -> &'t str {
        self.text.get(self.at..end).unwrap_or_default()
    }

    /// The same place; its line was read already.
    pub(super) fn knowing(self, line: &'t str) -> Self {
        Self { first: Some(trim(line)), ..self }
    }

    /// The next line, trimmed.
    pub(super) fn first(&self) -> Option<&'t str> {
        let mut ahead = *self;
        self.first.or_else(|| ahead.next().map(trim))
    }

    /// The lines before this one, the nearest first, trimmed. Looks at a few hundred
    /// bytes only.
    pub(super) fn before(&self) -> impl Iterator<Item = &'t str> {
        let from = (self.at.saturating_sub(BEFORE)..=self.at).find(|at| self.text.is_char_boundary(*at));
        let text = from.and_then(|from| self.text.get(from..self.at)).unwrap_or_default();
        text.rsplit('\n').map(trim).filter(|line| !line.is_empty())
    }

    /// The line after the next one that is not blank, trimmed. Looks at a few
    /// lines only.
    pub(super) fn second(&self) -> Option<&'t str> {
        self.skip(1).take(8).map(trim).find(|line| !line.is_empty())
    }

    /// The next line, and which words were seen in it.
    pub(super) fn next_with(&mut self, marks: &Marks) -> Option<(&'t str, Seen)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        self.first = None;
        let (length, seen) = marks.line(rest.as_bytes());
        self.at = (self.at + length + 1).min(self.text.len());
        Some((trim_end(rest.get(..length).unwrap_or_default()), seen))
    }

    /// Reads while lines fit. Blank lines between them are passed over. The
    /// offset after the last line that fits; the place itself if none does.
    pub(super) fn run(self, mut fits: impl FnMut(usize, &'t str) -> bool) -> usize {
        self.run_while(&mut fits)
    }

    /// One loop for all formats: code that is sent to browsers is counted.
    fn run_while(mut self, fits: &mut dyn FnMut(usize, &'t str) -> bool) -> usize {
        let mut end = self.at;
        let mut index = 0;
        while let Some(line) = self.next().map(trim) {
            if !line.is_empty() {
                if !fits(index, line) {
                    break;
                }
                end = self.at;
            }
            index += 1;
        }
        end
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        self.first = None;
        // Lines are short: a loop over their bytes is quicker than a search made ready for each.
        let length = rest.bytes().position(|byte| byte == b'\n').unwrap_or(rest.len());
        self.at = (self.at + length + 1).min(self.text.len());
        Some(trim_end(rest.get(..length).unwrap_or_default()))
    }
}
