//! Texts of no known kind, folded: a page of prose around its examples is one
//! finding with the lines that it stands on, not one for each stretch.

use core::fmt::Write as _;

use super::recognise::{New, Reader};
use super::{Kind, codes};
use crate::base::digest::Digest;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;

/// What was folded so far, and the place in the text.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// An item for each set of remarks.
    stretches: Vec<Stretches>,
    /// Where the lines of the whole text were counted to: offset and number.
    whole: (usize, usize),
    /// The same within the stretch without JSON that is being read.
    here: (usize, usize),
}

/// Stretches of one item.
#[derive(Debug)]
struct Stretches {
    item: usize,
    codes: Vec<&'static str>,
    count: usize,
    /// `3\u{2013}9, 12`, the first of them.
    lines: String,
}

/// Most stretches whose lines are named.
const NAMED: usize = 32;

/// The number of the line at an offset, counted from a place before it.
fn line_at(text: &str, (from, line): (usize, usize), to: usize) -> (usize, usize) {
    let between = text.as_bytes().get(from..to).unwrap_or_default();
    (to, line + between.iter().filter(|byte| **byte == b'\n').count())
}

impl Folded {
    /// A stretch begins at an offset of the whole text.
    pub(super) fn go_to(&mut self, whole: &str, at: usize) {
        self.whole = line_at(whole, self.whole, at);
        self.here = (0, self.whole.1);
    }

    /// Reading goes on at an offset of the stretch.
    pub(super) fn go_on(&mut self, stretch: &str, at: usize) {
        self.here = line_at(stretch, self.here, at);
    }

    /// The numbers of the first and last line of a text that begins here.
    pub(super) fn lines(&self, text: &str) -> (usize, usize) {
        let (_, first) = self.here;
        let (_, last) = line_at(text, (0, first), text.len());
        (first + 1, last + 1)
    }
}

impl Reader<'_, '_> {
    /// A text of no known kind: an item of its own, or more of one that has the
    /// same remarks.
    pub(super) fn fold(&mut self, text: &str, notes: Vec<Message>, (first, last): (usize, usize)) {
        let codes: Vec<&str> = notes.iter().map(|note| note.code).collect_vec();
        let known = self.folded.stretches.iter_mut().find(|stretches| stretches.codes == codes);
        let lines = if first == last { first.to_string() } else { format!("{first}\u{2013}{last}") };
        let Some(known) = known else {
            let new = New { bytes: text.as_bytes(), notes, ..New::default() };
            if let Some(item) = self.push(Kind::Text, new) {
                self.folded.stretches.push(Stretches { item, codes, count: 1, lines });
            }
            return;
        };
        known.count += 1;
        match known.count {
            ..=NAMED => {
                let _ = write!(known.lines, ", {lines}");
            }
            _ if !known.lines.ends_with('\u{2026}') => known.lines.push_str(", \u{2026}"),
            _ => {}
        }
        let Some(item) = self.items.get_mut(known.item) else { return };
        let room = limits::UNRECOGNISED_TOTAL.saturating_sub(self.unrecognised);
        if text.len() < room && item.bytes.len() + text.len() < limits::UNRECOGNISED_BYTES {
            item.bytes.push(b'\n');
            item.bytes.extend(text.as_bytes());
            self.unrecognised += text.len() + 1;
        }
    }

    /// Says of each item which lines it stands on, where it is several.
    pub(super) fn unfold(&mut self) {
        for folded in core::mem::take(&mut self.folded).stretches.iter().filter(|folded| folded.count > 1) {
            let Some(item) = self.items.get_mut(folded.item) else { continue };
            item.digest = Digest::of(&item.bytes);
            item.size = item.bytes.len();
            let args = [("count", &*folded.count.to_string()), ("lines", &*folded.lines)];
            item.notes.push(Message::new(codes::STRETCHES, &args));
        }
    }
}
