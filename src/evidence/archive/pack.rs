//! Writes a zip file (APPNOTE.TXT 6.3): members stored as they are, in the
//! order given, without times or owners, so that the same files always make
//! the same archive. [`super::Archive`] reads it back.

use super::{codes, safe_name};
use crate::base::error::{Error, Result};
use crate::base::limits;

/// Version 2.0 of the format is needed to read it (section 4.4.3).
const NEEDED: u16 = 20;
/// Made on Unix (section 4.4.2), so that the permissions below count.
const MADE_BY: u16 = 3 << 8 | NEEDED;
/// A regular file that its owner may write and all may read.
const PERMISSIONS: u32 = 0o100_644 << 16;
/// 1 January 1980, the first day the format can write (section 4.4.6).
const DAY: u16 = 1 << 5 | 1;

/// A zip file of these members: path and bytes.
///
/// # Errors
/// [`codes::ARCHIVE_PATH`] for a path that [`super::Archive`] would refuse,
/// or that is not plain ASCII; a limit for more than it would read.
pub fn pack(members: &[(String, &[u8])]) -> Result<Vec<u8>> {
    limits::within("members of an archive", members.len(), limits::ARCHIVE_ENTRIES)?;
    let (mut out, mut table) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        safe_name(name)?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::new(codes::ARCHIVE_PATH).found(crate::base::digest::shorten(name)));
        }
        let at = field(out.len())?;
        let fields = described(name, bytes)?;
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&fields);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        table.extend_from_slice(b"PK\x01\x02");
        table.extend_from_slice(&MADE_BY.to_le_bytes());
        table.extend_from_slice(&fields);
        // No comment, first disk, no internal attributes.
        table.extend_from_slice(&[0; 6]);
        table.extend_from_slice(&PERMISSIONS.to_le_bytes());
        table.extend_from_slice(&at.to_le_bytes());
        table.extend_from_slice(name.as_bytes());
    }
    let (start, length) = (field(out.len())?, field(table.len())?);
    let count = u16::try_from(members.len()).map_err(|_| too_long(members.len()))?;
    out.append(&mut table);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    limits::within("a zip file", out.len(), limits::PASTE_BYTES)?;
    Ok(out)
}

/// What both headers of a member say, from the version needed to the length
/// of its (absent) extra field.
fn described(name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let size = field(bytes.len())?.to_le_bytes();
    let name = u16::try_from(name.len()).map_err(|_| too_long(name.len()))?;
    let mut out = Vec::new();
    out.extend_from_slice(&NEEDED.to_le_bytes());
    // No flags, stored, midnight.
    out.extend_from_slice(&[0; 6]);
    out.extend_from_slice(&DAY.to_le_bytes());
    out.extend_from_slice(&crc(bytes).to_le_bytes());
    out.extend_from_slice(&size);
    out.extend_from_slice(&size);
    out.extend_from_slice(&name.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(out)
}

fn field(length: usize) -> Result<u32> {
    u32::try_from(length).map_err(|_| too_long(length))
}

fn too_long(length: usize) -> Error {
    Error::new(limits::codes::LIMIT).in_place("a zip file").found(length.to_string())
}

/// CRC-32 (RFC 1952, section 8), bit by bit: what is written here is small, and
/// a faster one is tables to download. What must not be forged is hashed.
fn crc(bytes: &[u8]) -> u32 {
    let step = |value: u32, _| if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::super::Archive;
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
        let mut archive = Archive::new();
        archive.push(bytes)?;
        Ok(archive.finish()?.into_iter().map(|given| (given.name, given.bytes)).collect())
    }

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn what_is_packed_is_read_back_byte_for_byte() {
        let files: [(String, &[u8]); 3] = [
            ("a/metadata/root.json".into(), b"{\"signed\":1}"),
            ("a/metadata/targets/x.json".into(), b"{}\n"),
            ("a/metadata/targets.json".into(), b"[1, \"\xc3\xa9\"]"),
        ];
        let zip = pack(&files).unwrap();
        assert_eq!(zip, pack(&files).unwrap());
        let back = read(&zip).unwrap();
        assert_eq!(back.len(), 3);
        for ((name, bytes), (told, found)) in files.iter().zip(&back) {
            assert_eq!((name, *bytes), (told, found.as_slice()));
        }
    }

    #[test]
    fn no_byte_of_a_member_changes_unnoticed() {
        let files: [(String, &[u8]); 1] = [("root.json".into(), b"{\"signed\":{\"_type\":\"Root\"}}")];
        let zip = pack(&files).unwrap();
        let start = zip.windows(9).position(|w| w == b"{\"signed\"").unwrap();
        for at in start..start + files[0].1.len() {
            let mut changed = zip.clone();
            changed[at] ^= 1;
            assert_eq!(read(&changed).unwrap_err().code(), codes::ARCHIVE_DAMAGED, "{at}");
        }
    }

    #[test]
    fn paths_that_lead_elsewhere_are_not_written() {
        for name in ["../x", "/x", "a/../x", "a\\..\\x", "C:x", "", "a b", "\u{e9}", "a\nb"] {
            assert_eq!(pack(&[(name.into(), b"{}")]).unwrap_err().code(), codes::ARCHIVE_PATH, "{name}");
        }
    }
}
