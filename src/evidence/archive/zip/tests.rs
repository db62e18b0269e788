//! Zip files that two programs read differently are refused by name; those
//! that programs write are read.

use super::super::{Archive, codes};
use crate::base::error::Result;

const NAME: &str = "a/root.json";
const TEXT: &[u8] = b"{\"signed\":{\"_type\":\"Root\"}}";
const OTHER: &[u8] = b"{\"signed\":{\"_type\":\"Evil\"}}";

/// A member: its header with its data and what stands behind, and its record
/// in the table.
#[derive(Clone)]
struct Part {
    file: Vec<u8>,
    record: Vec<u8>,
}

fn fields(flags: u16, text: &[u8], name: &str, extra: &[u8], sizes: bool) -> Vec<u8> {
    let (sum, size) =
        if sizes { (zlib_rs::crc32::crc32(0, text), u32::try_from(text.len()).unwrap()) } else { (0, 0) };
    let mut out = 20_u16.to_le_bytes().to_vec();
    out.extend(flags.to_le_bytes());
    out.extend([0; 6]);
    for field in [sum, size, size] {
        out.extend(field.to_le_bytes());
    }
    for length in [name.len(), extra.len()] {
        out.extend(u16::try_from(length).unwrap().to_le_bytes());
    }
    out
}

/// A stored member; `names` as its header and the table give it.
fn part(flags: u16, names: [&str; 2], text: &[u8], extra: &[u8], behind: &[u8]) -> Part {
    let local = fields(flags, text, names[0], extra, flags & 8 == 0);
    let table = fields(flags, text, names[1], extra, true);
    Part {
        file: [b"PK\x03\x04", &*local, names[0].as_bytes(), extra, text, behind].concat(),
        record: [b"PK\x01\x02\x14\x00", &*table, &[0; 14], names[1].as_bytes(), extra].concat(),
    }
}

fn member(name: &str, text: &[u8]) -> Part {
    part(0, [name, name], text, &[], &[])
}

fn end(count: u16, length: usize, start: usize, comment: &[u8]) -> Vec<u8> {
    let number = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let counts = [count.to_le_bytes(), count.to_le_bytes()].concat();
    let comment_length = u16::try_from(comment.len()).unwrap().to_le_bytes();
    [b"PK\x05\x06\0\0\0\0", &*counts, &number(length), &number(start), &comment_length, comment].concat()
}

/// Members one behind the other, and what stands before the table and in the
/// comment.
fn zip(parts: &[Part], before: &[u8], comment: &[u8]) -> Vec<u8> {
    let (mut files, mut table) = (Vec::new(), Vec::new());
    for part in parts {
        let mut record = part.record.clone();
        record[42..46].copy_from_slice(&u32::try_from(files.len()).unwrap().to_le_bytes());
        files.extend(&part.file);
        table.extend(record);
    }
    files.extend(before);
    let count = u16::try_from(parts.len()).unwrap();
    let end = end(count, table.len(), files.len(), comment);
    [files, table, end].concat()
}

fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut archive = Archive::new();
    archive.push(bytes)?;
    Ok(archive.finish()?.into_iter().map(|given| (given.name, given.bytes)).collect())
}

fn sizes(text: &[u8], marked: bool) -> Vec<u8> {
    let sum = zlib_rs::crc32::crc32(0, text).to_le_bytes();
    let size = u32::try_from(text.len()).unwrap().to_le_bytes();
    let mark: &[u8] = if marked { b"PK\x07\x08" } else { &[] };
    [mark, &sum, &size, &size].concat()
}

#[test]
fn what_programs_write_is_read() {
    let streamed = |marked| part(8, [NAME, NAME], TEXT, &[], &sizes(TEXT, marked));
    // Info-ZIP writing to a pipe.
    let mut half = streamed(true);
    half.file[22..26].copy_from_slice(&half.record[24..28]);
    // Info-ZIP's times and owners.
    let times = [b"UT\x09\x00\x03abcdefgh".as_slice(), b"ux\x0b\x00\x01\x04abcd\x04abcd"].concat();
    let unicode = [&b"up"[..], &[16, 0, 1, 0, 0, 0, 0], NAME.as_bytes()].concat();
    for (what, zip) in [
        ("as it is", zip(&[member(NAME, TEXT)], &[], &[])),
        ("a folder", zip(&[member("a/", b""), member(NAME, TEXT)], &[], &[])),
        ("sizes behind", zip(&[streamed(true), member("b", b"{}")], &[], &[])),
        ("sizes behind without a mark", zip(&[streamed(false), member("b", b"{}")], &[], &[])),
        ("one size before it", zip(&[half], &[], &[])),
        ("times", zip(&[part(0, [NAME, NAME], TEXT, &times, &[])], &[], &[])),
        ("its name in Unicode", zip(&[part(0, [NAME, NAME], TEXT, &unicode, &[])], &[], &[])),
        ("a comment", zip(&[member(NAME, TEXT)], &[], b"1f0c...")),
        (
            "a zip in it",
            zip(&[member("x.zip", &zip(&[member("y", OTHER)], &[], &[])), member(NAME, TEXT)], &[], &[]),
        ),
    ] {
        let found = read(&zip).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(found.contains(&(NAME.to_owned(), TEXT.to_vec())), "{what}");
        assert!(found.iter().all(|(_, bytes)| bytes != OTHER), "{what}");
    }
}

#[test]
fn what_two_programs_read_differently_is_refused() {
    let good = zip(&[member(NAME, TEXT), member("b", b"{}")], &[], &[]);
    let table = good.len() - 22 - (46 + NAME.len()) - 47;
    // One byte or field of the file changed.
    let changed = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    let end_at = good.len() - 22;
    let second = table + 46 + NAME.len();
    let inner = zip(&[member(NAME, OTHER)], &[], &[]);
    let mut overlapping = zip(&[member(NAME, TEXT), member(NAME, TEXT)], &[], &[]);
    let again = overlapping.len() - 22 - (46 + NAME.len());
    overlapping[again + 42..again + 46].fill(0);
    let zip64 = [&b"\x01\x00\x08\x00"[..], &28_u64.to_le_bytes()].concat();
    let unicode = [&b"up"[..], &[16, 0, 1, 0, 0, 0, 0], b"a/evil.json"].concat();
    for (what, zip, code) in [
        (
            "another name before the member",
            zip(&[part(0, ["a/evil.json", NAME], TEXT, &[], &[])], &[], &[]),
            codes::ARCHIVE_AMBIGUOUS,
        ),
        (
            "a longer name before it",
            zip(&[part(0, ["a/root.jsonx", NAME], TEXT, &[], &[])], &[], &[]),
            codes::ARCHIVE_AMBIGUOUS,
        ),
        (
            "a shorter name before it",
            zip(&[part(0, ["a/root", NAME], TEXT, &[], &[])], &[], &[]),
            codes::ARCHIVE_AMBIGUOUS,
        ),
        (
            "another name in Unicode",
            zip(&[part(0, [NAME, NAME], TEXT, &unicode, &[])], &[], &[]),
            codes::ARCHIVE_AMBIGUOUS,
        ),
        ("zip64 sizes", zip(&[part(0, [NAME, NAME], TEXT, &zip64, &[])], &[], &[]), codes::ARCHIVE_MEMBER),
        ("a member twice in the table", overlapping, codes::ARCHIVE_AMBIGUOUS),
        (
            "a member that the table leaves out",
            zip(&[member(NAME, TEXT)], &member("b", OTHER).file, &[]),
            codes::ARCHIVE_AMBIGUOUS,
        ),
        ("something between", zip(&[member(NAME, TEXT)], b"x", &[]), codes::ARCHIVE_AMBIGUOUS),
        ("a zip in the comment", zip(&[member(NAME, TEXT)], &[], &inner), codes::ARCHIVE_AMBIGUOUS),
        (
            "other sizes behind",
            zip(&[part(8, [NAME, NAME], TEXT, &[], &sizes(OTHER, true))], &[], &[]),
            codes::ARCHIVE_AMBIGUOUS,
        ),
        ("another method", changed(8, &[8]), codes::ARCHIVE_AMBIGUOUS),
        ("encrypted for some", changed(6, &[1]), codes::ARCHIVE_AMBIGUOUS),
        ("encrypted for the table", changed(table + 8, &[1]), codes::ARCHIVE_MEMBER),
        ("another size before the member", changed(22, &[26]), codes::ARCHIVE_AMBIGUOUS),
        ("another checksum before it", changed(14, &[0; 4]), codes::ARCHIVE_AMBIGUOUS),
        ("another place", changed(second + 42, &[1]), codes::ARCHIVE_AMBIGUOUS),
        ("a shorter table", changed(end_at + 8, &[1, 0, 1, 0]), codes::ARCHIVE_AMBIGUOUS),
        ("other counts", changed(end_at + 8, &[1, 0]), codes::ARCHIVE_MEMBER),
        ("several disks", changed(end_at + 4, &[1, 0]), codes::ARCHIVE_MEMBER),
        ("a zip64 table", changed(end_at + 16, &[0xff; 4]), codes::ARCHIVE_MEMBER),
        ("the table elsewhere", changed(end_at + 16, &[0; 4]), codes::ARCHIVE_AMBIGUOUS),
        (
            "a longer table",
            [&good[..table], b"PK\x01\x02", &good[table..]].concat(),
            codes::ARCHIVE_AMBIGUOUS,
        ),
    ] {
        let error = read(&zip).expect_err(what);
        assert_eq!(error.code(), code, "{what}: {error}");
    }
    read(&good).unwrap();
    for cut in [1, 21, 22, 40, 100] {
        read(&good[..good.len() - cut]).expect_err("cut off");
    }
    read(&[good.as_slice(), b"more"].concat()).expect_err("something behind it");
}
