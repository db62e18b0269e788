//! CRC-32, the checksum of gzip and zip (RFC 1952, section 8): it finds
//! transfer errors. What must not be forged is hashed with SHA-256.
//!
//! The tables are made when first needed: 4 KiB that nobody has to download.

/// The polynomial, its bits reversed.
const POLYNOMIAL: u32 = 0xedb8_8320;

type Table = [u32; 256];

/// A checksum under way.
#[derive(Clone, Debug)]
pub(super) struct Crc {
    tables: Box<[Table; 4]>,
    state: u32,
}

/// The low eight bits.
fn low(value: u32) -> usize {
    let [byte, ..] = value.to_le_bytes();
    usize::from(byte)
}

fn entry(table: &Table, at: usize) -> u32 {
    table.get(at).copied().unwrap_or_default()
}

fn tables() -> Box<[Table; 4]> {
    let mut tables = Box::new([[0; 256]; 4]);
    let [first, rest @ ..] = &mut *tables;
    for (slot, byte) in first.iter_mut().zip(0_u32..) {
        *slot =
            (0..8).fold(byte, |value, _| if value & 1 == 1 { value >> 1 ^ POLYNOMIAL } else { value >> 1 });
    }
    // Each further table is one byte further back.
    let mut before = *first;
    for table in rest {
        for (slot, value) in table.iter_mut().zip(before) {
            *slot = value >> 8 ^ entry(first, low(value));
        }
        before = *table;
    }
    tables
}

impl Crc {
    /// Of nothing yet.
    pub(super) fn new() -> Self {
        Self { tables: tables(), state: !0 }
    }

    /// Takes bytes, four at a time.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let [t0, t1, t2, t3] = &*self.tables;
        let (words, rest) = bytes.as_chunks::<4>();
        let mut state = self.state;
        for word in words {
            let x = state ^ u32::from_le_bytes(*word);
            state = entry(t3, low(x))
                ^ entry(t2, low(x >> 8))
                ^ entry(t1, low(x >> 16))
                ^ entry(t0, low(x >> 24));
        }
        for byte in rest {
            state = state >> 8 ^ entry(t0, low(state ^ u32::from(*byte)));
        }
        self.state = state;
    }

    /// The checksum of what was taken.
    pub(super) const fn sum(&self) -> u32 {
        !self.state
    }

    /// Begins anew.
    pub(super) const fn reset(&mut self) {
        self.state = !0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_checksum_of_flate2() {
        let bytes: Vec<u8> =
            (0..70_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
        for (length, piece) in [(0, 1), (1, 1), (9, 2), (1000, 7), (70_000, 4096)] {
            let (mut own, mut theirs) = (Crc::new(), flate2::Crc::new());
            bytes[..length].chunks(piece).for_each(|part| own.update(part));
            theirs.update(&bytes[..length]);
            assert_eq!(own.sum(), theirs.sum(), "{length}");
        }
        let mut check = Crc::new();
        check.update(b"123456789");
        assert_eq!(check.sum(), 0xcbf4_3926);
    }
}
