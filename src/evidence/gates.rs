//! Which readers may have something to say about a line. Most lines of most
//! texts are nothing that a program printed: they are passed over at the price
//! of reading them once, however many formats are known.

use super::marks::{Marks, Seen, any, meet};

/// What the first line of a format has: one of these is enough. Letters of
/// either case. A gate that is too wide costs time; one that is too narrow
/// loses a format.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gate {
    /// Beginnings of the line, blanks left out.
    pub(super) begins: &'static [&'static str],
    /// Words anywhere in it.
    pub(super) holds: &'static [&'static str],
    /// It begins with the 64 digits of a digest, in quotes or not.
    pub(super) digits: bool,
}

/// Letters of a word that are searched for.
const LETTERS: usize = 6;

/// The gates of up to 64 readers; a reader is a bit.
#[derive(Debug)]
pub(super) struct Gates {
    marks: Marks,
    /// Which readers each word is for.
    words: Vec<(&'static str, Seen, u64)>,
    /// Beginnings and their readers by the first letter, in lower case.
    begins: Vec<Vec<(&'static str, u64)>>,
    digits: u64,
    /// Readers that look at every line: there was no room for a word of theirs.
    always: u64,
}

impl Gates {
    /// The gates of readers; the first reader is bit 0.
    pub(super) fn new(gates: impl Iterator<Item = Gate>) -> Self {
        let mut all =
            Self { marks: Marks::new(), words: vec![], begins: vec![vec![]; 256], digits: 0, always: 0 };
        for (number, gate) in (0_u32..u64::BITS).zip(gates) {
            let reader = 1_u64 << number;
            for begin in gate.begins {
                let first = begin.bytes().next().unwrap_or_default().to_ascii_lowercase();
                let row = all.begins.get_mut(usize::from(first));
                row.into_iter().for_each(|row| row.push((begin, reader)));
            }
            for word in gate.holds {
                // The beginning of a word is enough to look again.
                let word = word.get(..LETTERS).unwrap_or(word);
                if let Some((.., readers)) = all.words.iter_mut().find(|(known, ..)| *known == word) {
                    *readers |= reader;
                } else if let Some(bit) = all.marks.add(word) {
                    all.words.push((word, bit, reader));
                } else {
                    all.always |= reader;
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
        let first = bytes.first().copied().unwrap_or_default().to_ascii_lowercase();
        let mut readers = self.always;
        for (begin, reader) in self.begins.get(usize::from(first)).into_iter().flatten() {
            let starts = bytes.get(..begin.len()).is_some_and(|b| b.eq_ignore_ascii_case(begin.as_bytes()));
            if starts {
                readers |= reader;
            }
        }
        if any(seen) {
            let found = self.words.iter().filter(|(_, bit, _)| meet(seen, *bit));
            readers = found.fold(readers, |readers, (.., more)| readers | more);
        }
        // Digits may stand in quotes.
        let bytes = bytes.strip_prefix(b"\"").or_else(|| bytes.strip_prefix(b"'")).unwrap_or(bytes);
        if bytes.first().is_some_and(u8::is_ascii_hexdigit)
            && bytes.get(..64).is_some_and(|b| b.iter().all(u8::is_ascii_hexdigit))
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
