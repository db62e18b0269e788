//! Many short words searched for at once: one pass over a line says which of
//! them stand in it. Each letter of each word is a bit of the state (Shift-And;
//! Baeza-Yates and Gonnet, "A New Approach to Text Searching", 1992).

/// Words of a machine; a word of letters lies in one of them.
pub(super) const LANES: usize = 2;

/// Letters at which the words found so far end.
pub(super) type Seen = [u64; LANES];

/// Words to search for.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    table: Box<[Seen; 256]>,
    begins: Seen,
    ends: Seen,
    used: [u32; LANES],
}

impl Marks {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { table: Box::new([[0; LANES]; 256]), begins: [0; LANES], ends: [0; LANES], used: [0; LANES] }
    }

    /// One more word, in any case of letters. The bit that says that it was
    /// seen; `None` if there is no room for it.
    pub(super) fn add(&mut self, word: &str) -> Option<Seen> {
        let length = u32::try_from(word.len()).ok().filter(|length| *length > 0)?;
        let lane = self.used.iter().position(|used| used + length <= u64::BITS)?;
        let from = self.used.get(lane).copied()?;
        for (at, byte) in (from..).zip(word.bytes()) {
            for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                *self.table.get_mut(usize::from(byte))?.get_mut(lane)? |= 1 << at;
            }
        }
        *self.used.get_mut(lane)? += length;
        *self.begins.get_mut(lane)? |= 1 << from;
        let mut bit = [0; LANES];
        *bit.get_mut(lane)? = 1 << (from + length - 1);
        *self.ends.get_mut(lane)? |= 1 << (from + length - 1);
        Some(bit)
    }

    /// The length of the first line of `text`, without its end, and the words
    /// that were seen in it.
    #[inline]
    pub(super) fn line(&self, text: &[u8]) -> (usize, Seen) {
        let ([mut one, mut two], mut seen) = ([0; LANES], [0; LANES]);
        let [begin_one, begin_two] = self.begins;
        let mut length = 0;
        for byte in text {
            if *byte == b'\n' {
                break;
            }
            let [mask_one, mask_two] = self.table.get(usize::from(*byte)).copied().unwrap_or_default();
            one = (one << 1 | begin_one) & mask_one;
            two = (two << 1 | begin_two) & mask_two;
            seen = [seen[0] | one, seen[1] | two];
            length += 1;
        }
        let [end_one, end_two] = self.ends;
        (length, [seen[0] & end_one, seen[1] & end_two])
    }
}

/// Whether anything was seen.
pub(super) const fn any(seen: Seen) -> bool {
    let [one, two] = seen;
    one | two != 0
}

/// Whether both have seen one thing.
pub(super) const fn meet(seen: Seen, bit: Seen) -> bool {
    let ([one, two], [bit_one, bit_two]) = (seen, bit);
    one & bit_one | two & bit_two != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_its_line_and_in_no_other() {
        let words = ["ab", "abc", "bcd", "zz zz", "sha", "@", "no such word in the text", "quite a long one"];
        let mut marks = Marks::new();
        let bits: Vec<Seen> = words.iter().map(|word| marks.add(word).unwrap()).collect();
        for line in
            ["", "xxabcx", "xabd@", "BCd", "sh\u{e4}sha", "z zz zz", "quite a long on", "a", "s\u{e4}ha"]
        {
            let text = format!("{line}\nab abc bcd zz zz sha @");
            let (length, seen) = marks.line(text.as_bytes());
            assert_eq!(length, line.len());
            let low = line.to_ascii_lowercase();
            let found: Vec<&str> =
                words.iter().zip(&bits).filter(|(_, bit)| meet(seen, **bit)).map(|(word, _)| *word).collect();
            let expected: Vec<&str> = words.iter().copied().filter(|word| low.contains(word)).collect();
            assert_eq!(found, expected, "{line}");
            assert_eq!(any(seen), !found.is_empty());
        }
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let mut marks = Marks::new();
        let long = "a".repeat(40);
        assert!(marks.add(&long).is_some() && marks.add(&long).is_some() && marks.add(&long).is_none());
        assert!(marks.add(&"b".repeat(24)).is_some() && marks.add("").is_none());
    }
}
