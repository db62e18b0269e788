//! Which readers may have something to say about a line. Most lines of most
//! texts are nothing that a program printed: they are passed over at the price
//! of reading them once, however many formats are known.

use super::marks::{self, LANES, Marks, Seen};
use crate::base::affix::each;

/// What the first line of a format has: one of these is enough. Letters of
/// either case. A gate that is too wide costs time; one that is too narrow
/// loses a format.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gate {
    /// [`Each`] beginning of the line, blanks left out.
    pub(super) begins: &'static str,
    /// Words anywhere in it.
    pub(super) holds: &'static str,
    /// It begins with the 64 digits of a digest, in quotes or not.
    pub(super) digits: bool,
}

/// Hexadecimal digits of a digest.
const DIGITS: usize = 64;

/// Letters of a word that are searched for.
const LETTERS: usize = 6;

/// The gates of up to 64 readers; a reader is a bit.
#[derive(Debug)]
pub(super) struct Gates {
    marks: Marks,
    /// The words that found room, and their bits.
    words: Vec<(&'static str, Seen)>,
    /// Which readers the word is for that each bit of what was seen stands for.
    found: [Vec<u64>; LANES],
    /// Beginnings and their readers by the first two letters.
    begins: Vec<Vec<(&'static str, u64)>>,
    digits: u64,
    /// Readers that look at every line: there was no room for a word of theirs.
    always: u64,
}

/// The bits that a letter has in either case.
const LETTER: u8 = 31;

/// Pairs of letters.
const ROWS: usize = 1 << 10;

/// The row of what begins with two letters, in either case.
fn row_of(first: u8, second: u8) -> usize {
    usize::from(first & LETTER) << 5 | usize::from(second & LETTER)
}

/// The number of the lowest bit.
fn number_of(bits: u64) -> usize {
    usize::try_from(bits.trailing_zeros()).unwrap_or_default()
}

impl Gates {
    /// The gates of readers; the first reader is bit 0.
    pub(super) fn new(gates: impl Iterator<Item = Gate>) -> Self {
        let mut all = Self {
            marks: Marks::new(),
            words: vec![],
            found: [vec![0; 64], vec![0; 64]],
            begins: vec![vec![]; ROWS],
            digits: 0,
            always: 0,
        };
        for (number, gate) in (0_u32..u64::BITS).zip(gates) {
            let reader = 1_u64 << number;
            for begin in each(gate.begins) {
                let mut letters = begin.bytes();
                let first = letters.next().unwrap_or_default();
                // What is one letter long stands in the rows of all second letters.
                let seconds = letters.next().map_or(0..=LETTER, |second| second..=second);
                for row in seconds.map(|second| row_of(first, second)) {
                    all.begins.get_mut(row).into_iter().for_each(|row| row.push((begin, reader)));
                }
            }
            for word in each(gate.holds) {
                // The beginning of a word is enough to look again.
                let word = word.get(..LETTERS).unwrap_or(word);
                let known = all.words.iter().find(|(known, _)| *known == word).map(|(_, seen)| *seen);
                let Some(seen) = known.or_else(|| all.marks.add(word)) else {
                    all.always |= reader;
                    continue;
                };
                all.words.push((word, seen));
                for (readers, bit) in all.found.iter_mut().zip(seen).filter(|(_, bit)| *bit != 0) {
                    readers.get_mut(number_of(bit)).into_iter().for_each(|readers| *readers |= reader);
                }
            }
            if gate.digits {
                all.digits |= reader;
            }
        }
        all
    }

    /// The words to search for.
    pub(super) const fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The readers of a line that begins with no blank, and in which these
    /// words were seen.
    pub(super) fn readers(&self, line: &str, seen: Seen) -> u64 {
        let bytes = line.as_bytes();
        let first = bytes.first().copied().unwrap_or_default();
        let mut readers = self.always;
        let row = self.begins.get(row_of(first, bytes.get(1).copied().unwrap_or_default()));
        for (begin, reader) in row.into_iter().flatten() {
            let starts = bytes.get(..begin.len()).is_some_and(|b| b.eq_ignore_ascii_case(begin.as_bytes()));
            if starts {
                readers |= reader;
            }
        }
        if marks::any(seen) {
            for (found, mut seen) in self.found.iter().zip(seen) {
                while seen != 0 {
                    readers |= found.get(number_of(seen)).copied().unwrap_or_default();
                    seen &= seen - 1;
                }
            }
        }
        // No digest fits in: most lines are short.
        if bytes.len() < DIGITS {
            return readers;
        }
        // Digits may stand in quotes.
        let bytes = bytes.strip_prefix(b"\"").or_else(|| bytes.strip_prefix(b"'")).unwrap_or(bytes);
        if bytes.first().is_some_and(u8::is_ascii_hexdigit)
            && bytes.get(..DIGITS).is_some_and(|b| b.iter().all(u8::is_ascii_hexdigit))
        {
            readers |= self.digits;
        }
        readers
    }

    /// Whether every word found room.
    #[cfg(test)]
    pub(super) const fn has_room(&self) -> bool {
        self.always == 0
    }
}
