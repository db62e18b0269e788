//! A tar file, as `docker save` and `tar` write it, and one compressed.

use std::io::Write as _;

/// POSIX ustar: a header block, the bytes, padding to 512; two empty blocks
/// at the end.
pub(crate) fn tar<N: AsRef<str>, B: AsRef<[u8]>>(members: &[(N, B)]) -> Vec<u8> {
    let members =
        members.iter().map(|(name, bytes)| Member::new(name.as_ref()).bytes(bytes.as_ref()).write());
    let mut out: Vec<u8> = members.flatten().collect();
    out.extend(end());
    out
}

/// The two empty blocks.
pub(crate) fn end() -> Vec<u8> {
    vec![0; 1024]
}

/// One member, also as no honest program writes it.
pub(crate) struct Member {
    header: [u8; 512],
    bytes: Vec<u8>,
}

impl Member {
    pub(crate) fn new(name: &str) -> Self {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[108..116].copy_from_slice(b"0000000\0");
        header[116..124].copy_from_slice(b"0000000\0");
        header[136..148].copy_from_slice(b"00000000000\0");
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        Self { header, bytes: Vec::new() }
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.bytes = bytes.to_vec();
        self
    }

    /// The type flag.
    pub(crate) const fn kind(mut self, kind: u8) -> Self {
        self.header[156] = kind;
        self
    }

    /// Where a link leads to.
    pub(crate) fn link(mut self, target: &str) -> Self {
        self.header[157..157 + target.len()].copy_from_slice(target.as_bytes());
        self
    }

    pub(crate) fn magic(mut self, magic: &[u8]) -> Self {
        self.header[257..265].copy_from_slice(magic);
        self
    }

    /// What stands before the name, in POSIX headers.
    pub(crate) fn prefix(mut self, prefix: &str) -> Self {
        self.header[345..345 + prefix.len()].copy_from_slice(prefix.as_bytes());
        self
    }

    /// The last four bytes of the header.
    pub(crate) fn last(mut self, bytes: &[u8; 4]) -> Self {
        self.header[508..].copy_from_slice(bytes);
        self
    }

    pub(crate) fn write(mut self) -> Vec<u8> {
        self.header[124..136].copy_from_slice(format!("{:011o}\0", self.bytes.len()).as_bytes());
        self.header[148..156].fill(b' ');
        let sum: u32 = self.header.iter().map(|byte| u32::from(*byte)).sum();
        self.header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut out = [self.header.as_slice(), &self.bytes].concat();
        out.resize(out.len().next_multiple_of(512), 0);
        out
    }
}

/// Gzip, one member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// A zip of stored members (APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16).
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let size = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let at = u32::try_from(out.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let common =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0], &crc.sum().to_le_bytes()[..], &size, &size, &length, &[0, 0]];
        let common = common.concat();
        out.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x14\0".as_slice(), &common, &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    let (size, at) = (u32::try_from(directory.len()).unwrap(), u32::try_from(out.len()).unwrap());
    let end = [&size.to_le_bytes(), &at.to_le_bytes(), [0, 0].as_slice()].concat();
    [out, directory, b"PK\x05\x06\0\0\0\0".to_vec(), [count, count].concat(), end].concat()
}
