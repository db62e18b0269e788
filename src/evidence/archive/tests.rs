use std::io::Write;

use super::*;
use crate::base::code::Class;
use crate::base::digest::Digest;
use crate::base::limits;
use crate::evidence::Given;
use crate::evidence::Origin;
use crate::evidence::measured::Trouble;
use crate::evidence::measured::{Measured, Unpacked};

fn block(name: &str, size: usize, kind: u8, link: &str) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[124..136].copy_from_slice(format!("{size:011o} ").as_bytes());
    block[148..156].copy_from_slice(b"        ");
    block[156] = kind;
    block[157..157 + link.len()].copy_from_slice(link.as_bytes());
    block[257..263].copy_from_slice(b"ustar\0");
    let sum: u64 = block.iter().map(|b| u64::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
    block(name, size, kind, "")
}

fn entry(name: &str, kind: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = header(name, contents.len(), kind);
    out.extend_from_slice(contents);
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn end() -> Vec<u8> {
    vec![0; 1024]
}

fn read(bytes: &[u8], piece: usize) -> Result<Vec<Given>> {
    let mut archive = Archive::named("a.tar");
    for piece in bytes.chunks(piece) {
        archive.push(piece)?;
    }
    archive.finish()
}

/// As a driver reads a file in which it can move.
fn delegated(bytes: &[u8]) -> Result<Vec<Given>> {
    let mut archive = Archive::delegating("a.tar");
    let mut at = 0;
    while at < bytes.len() {
        let piece = &bytes[at..bytes.len().min(at + 700)];
        archive.push(piece)?;
        at += piece.len();
        let skip = archive.skippable().min(u64::try_from(bytes.len() - at).unwrap());
        archive.skip(skip);
        at += usize::try_from(skip).unwrap();
        assert_eq!(archive.fed(), u64::try_from(at).unwrap());
    }
    for Pending { number, offset, size } in archive.pending() {
        let from = usize::try_from(offset).unwrap();
        let mut measure = Measure::new();
        measure.push(&bytes[from..from + usize::try_from(size).unwrap()]);
        archive.deliver(number, measure.finish());
    }
    archive.finish()
}

fn names(given: &[Given]) -> Vec<&str> {
    given.iter().map(|given| given.name.as_str()).collect()
}

fn measured<'g>(given: &'g [Given], name: &str) -> &'g Measured {
    let found = given
        .iter()
        .find(|given| given.name == name)
        .unwrap_or_else(|| panic!("{name} in {:?}", names(given)));
    let Origin::Measured(measured) = &found.origin else { panic!("{name} was kept") };
    measured
}

fn long() -> String {
    "blobs/sha256/".to_owned() + &"a".repeat(120)
}

/// Every way of naming a member.
fn sample() -> Vec<u8> {
    let path = format!("path={}.pax\n", long());
    let pax = format!("{} {path}", path.len() + 4);
    [
        entry("oci-layout", b'0', b"{\"imageLayoutVersion\":\"1.0.0\"}\n"),
        entry("dir/", b'5', b""),
        entry("./layer.tar", b'0', &[0x1f; 70_000]),
        entry("notes", b'0', &[0; 70_000]),
        entry("@LongLink", b'L', format!("{}\0", long()).as_bytes()),
        entry("short", b'0', b"[]"),
        entry("pax", b'x', pax.as_bytes()),
        entry("short", b'0', b"{}"),
        block("linked/layer.tar", 0, b'2', "../layer.tar"),
        end(),
    ]
    .concat()
}

#[test]
fn documents_are_kept_and_blobs_measured_however_they_arrive() {
    let tar = sample();
    let read_all = |bytes: &[u8], piece| read(bytes, piece).unwrap();
    for piece in [1, 7, 512, 100_000] {
        for bytes in [&tar, &gzip(&tar), &zstd(&tar)] {
            let given = read_all(bytes, piece);
            let expected = [
                "a.tar/oci-layout".to_owned(),
                format!("a.tar/{}", long()),
                format!("a.tar/{}.pax", long()),
                "a.tar/layer.tar".to_owned(),
                "a.tar/linked/layer.tar".to_owned(),
            ];
            assert_eq!(names(&given), expected, "piece of {piece}");
            assert_eq!(given[0].bytes, b"{\"imageLayoutVersion\":\"1.0.0\"}\n");
            for name in ["a.tar/layer.tar", "a.tar/linked/layer.tar"] {
                assert_eq!(measured(&given, name).digest(), Digest::of(&[0x1f; 70_000]));
            }
        }
    }
}

#[test]
fn a_driver_that_moves_in_the_file_finds_the_same() {
    let large = vec![7; limits::MANIFEST_BYTES + 1];
    let tar = [
        entry("oci-layout", b'0', b"{\"imageLayoutVersion\":\"1.0.0\"}"),
        entry("blobs/sha256/x", b'0', &large),
        entry("other", b'0', &large),
        entry("index.json", b'0', b"{\"schemaVersion\":2,\"manifests\":[]}"),
        end(),
    ]
    .concat();
    let (one, other) = (read(&tar, 4096).unwrap(), delegated(&tar).unwrap());
    assert_eq!(names(&one), ["a.tar/oci-layout", "a.tar/index.json", "a.tar/blobs/sha256/x"]);
    assert_eq!(names(&one), names(&other));
    assert_eq!(measured(&one, "a.tar/blobs/sha256/x"), measured(&other, "a.tar/blobs/sha256/x"));
    // Cut off inside what was passed over.
    let cut = &tar[..tar.len() - 3_000_000];
    assert_eq!(delegated(cut).unwrap_err().code(), codes::ARCHIVE_DAMAGED);
}

#[test]
fn layers_are_unpacked_in_the_same_pass() {
    let layer = [entry("etc/hosts", b'0', b"{\"no\": 1}"), end()].concat();
    let (gz, zst) = (gzip(&layer), zstd(&layer));
    let tar = [
        entry("blobs/sha256/gz", b'0', &gz),
        entry("blobs/sha256/zst", b'0', &zst),
        entry("blobs/sha256/plain", b'0', &layer),
        entry("blobs/sha256/cut", b'0', &gz[..gz.len() - 1]),
        entry("blobs/sha256/more", b'0', &[gz.as_slice(), b"more"].concat()),
        end(),
    ]
    .concat();
    let given = read(&tar, 1000).unwrap();
    let of = |name: &str| measured(&given, &format!("a.tar/blobs/sha256/{name}"));
    for (name, bytes) in [("gz", &gz), ("zst", &zst), ("plain", &layer)] {
        assert_eq!(of(name).digest(), Digest::of(bytes), "{name}");
        assert_eq!(of(name).diff_id(), Some(Digest::of(&layer)), "{name}");
    }
    for name in ["cut", "more"] {
        assert_eq!(*of(name).unpacked(), Unpacked::Not(Trouble::Damaged), "{name}");
    }
}

#[test]
fn a_layer_alone_is_measured_and_what_is_in_it_is_no_evidence() {
    let layer = [entry("etc/app.json", b'0', b"{\"schemaVersion\": 2}"), end()].concat();
    for bytes in [layer.clone(), gzip(&layer), zstd(&layer)] {
        let given = read(&bytes, 512).unwrap();
        assert_eq!(names(&given), ["a.tar"]);
        assert_eq!(measured(&given, "a.tar").digest(), Digest::of(&bytes));
        assert_eq!(measured(&given, "a.tar").diff_id(), Some(Digest::of(&layer)));
    }
    // The twin: a folder of evidence, packed.
    let folder = [entry("evidence/app.json", b'0', b"{\"schemaVersion\": 2}"), end()].concat();
    assert_eq!(names(&read(&folder, 512).unwrap()), ["evidence/app.json", "a.tar"]);
}

#[test]
fn what_is_not_as_it_should_be_is_refused_by_name() {
    let mut flipped = sample();
    flipped[3] ^= 1;
    let mut late = sample();
    late[512 * 2 + 3] ^= 1;
    let sparse = [entry("s", b'S', b""), end()].concat();
    let pax = b"22 GNU.sparse.major=1\n";
    let pax_sparse = [entry("p", b'x', pax), entry("s", b'0', b"x"), end()].concat();
    let up = [entry("a/../../b", b'0', b"{}"), end()].concat();
    let up_link = [block("../b", 0, b'2', "x"), end()].concat();
    let root = [entry("/etc/passwd", b'0', b"{}"), end()].concat();
    let huge = [header("h", 0o77_777_777_777, b'0'), end()].concat();
    let short = [header("s", 3, b'0'), vec![1; 2048], end()].concat();
    let doubled = [entry("manifest.json", b'0', b"[]"), entry("manifest.json", b'0', b"[1]"), end()].concat();
    let doubled_layer = [entry("a.tar", b'0', &[1; 600]), entry("./a.tar", b'0', &[2; 600]), end()].concat();
    let trailing = [sample(), entry("more", b'0', b"{}")].concat();
    for (name, bytes, code) in [
        ("first bytes", flipped, codes::ARCHIVE_FORMAT),
        ("a checksum", late, codes::ARCHIVE_DAMAGED),
        ("sparse", sparse, codes::ARCHIVE_MEMBER),
        ("sparse in pax", pax_sparse, codes::ARCHIVE_MEMBER),
        ("a way out", up, codes::ARCHIVE_PATH),
        ("a link's way out", up_link, codes::ARCHIVE_PATH),
        ("an absolute path", root, codes::ARCHIVE_PATH),
        ("a length too long", huge, codes::ARCHIVE_DAMAGED),
        ("a length too short", short, codes::ARCHIVE_DAMAGED),
        ("cut off", sample()[..3000].to_vec(), codes::ARCHIVE_DAMAGED),
        ("text", b"hello".to_vec(), codes::ARCHIVE_FORMAT),
        ("nothing", vec![], codes::ARCHIVE_FORMAT),
        ("two documents of one name", doubled, codes::ARCHIVE_DUPLICATE),
        ("two blobs of one name", doubled_layer, codes::ARCHIVE_DUPLICATE),
        ("another archive after it", trailing, codes::ARCHIVE_TRAILING),
    ] {
        let error = read(&bytes, 333).expect_err(name);
        assert_eq!(error.code(), code, "{name}: {error}");
        assert_eq!(error.class(), Class::NotChecked);
    }
    // The twins.
    let twice = [entry("manifest.json", b'0', b"[]"), entry("manifest.json", b'0', b"[]"), end()].concat();
    read(&twice, 333).unwrap();
    read(&[sample(), vec![0; 9000]].concat(), 333).unwrap();
    read(&sample()[..sample().len() - 1024], 333).unwrap();
}

#[test]
fn an_archive_of_many_members_is_read_and_one_of_too_many_is_not() {
    let mut tar: Vec<u8> = Vec::new();
    for n in 0..limits::ARCHIVE_ENTRIES {
        tar.extend(header(&format!("app/{n}"), 0, b'5'));
    }
    let whole = [tar.as_slice(), &end()].concat();
    assert_eq!(names(&read(&whole, 1 << 20).unwrap()), ["a.tar"]);
    tar.extend(entry("one/more", b'0', b""));
    assert_eq!(read(&tar, 1 << 20).unwrap_err().code(), limits::codes::LIMIT);
    let blobs: Vec<u8> =
        (0..=limits::ARCHIVE_BLOBS).flat_map(|n| entry(&format!("{n}.tar"), b'0', b"no")).collect();
    assert_eq!(read(&blobs, 1 << 20).unwrap_err().code(), limits::codes::LIMIT);
}

#[test]
fn of_many_documents_the_small_ones_are_kept() {
    let name = |n: usize| format!("blobs/sha256/{}", Digest::of(&n.to_le_bytes()).hex());
    let document = |n: usize, size: usize| [format!("{{\"{n}\":\"").into_bytes(), vec![b'x'; size]].concat();
    let mut tar: Vec<u8> = Vec::new();
    for n in 0..10_000 {
        tar.extend(entry(&name(n), b'0', &document(n, 0)));
    }
    let few = [tar.as_slice(), &entry("index.json", b'0', b"{}"), &end()].concat();
    // Nothing loads an index without its mark.
    assert_eq!(read(&few, 1 << 20).unwrap_err().code(), codes::ARCHIVE_AMBIGUOUS);
    // Lists of what is in a program, as builders attach them.
    for n in 0..12 {
        tar.extend(entry(&name(n + 20_000), b'0', &document(n, 3 << 20)));
    }
    let (last, size) = (name(30_000), 100 << 10);
    tar.extend(entry(&last, b'0', &document(1, size)));
    tar.extend(entry("oci-layout", b'0', br#"{"imageLayoutVersion":"1.0.0"}"#));
    tar.extend(entry("index.json", b'0', br#"{"schemaVersion":2,"manifests":[]}"#));
    tar.extend(end());
    for given in [read(&tar, 1 << 20), delegated(&tar)] {
        let given = given.unwrap();
        assert_eq!(given.len(), 10_000 + 12 + 3);
        let kept: usize = given.iter().map(|given| given.bytes.len()).sum();
        assert!(kept <= limits::PASTE_BYTES, "{kept}");
        assert!(given.iter().any(|given| given.name.ends_with(&last) && given.bytes.len() > size));
        let large = |n| given.iter().find(|given| given.name.ends_with(&name(n + 20_000))).unwrap();
        assert!((0..12).all(|n| large(n).digest() == Digest::of(&document(n, 3 << 20))));
        assert!((0..12).any(|n| matches!(large(n).origin, Origin::Measured(_))));
    }
}

/// A member of zeros, compressed.
fn zeros(mebibytes: usize) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&header("zeros", mebibytes << 20, b'0')).unwrap();
    for _ in 0..mebibytes {
        gzip.write_all(&vec![0; 1 << 20]).unwrap();
    }
    gzip.write_all(&end()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_gzip_bomb_ends_at_the_limit_and_a_large_file_of_zeros_does_not() {
    let bomb = zeros(400);
    assert_eq!(read(&bomb, 4096).unwrap_err().code(), limits::codes::LIMIT);
    read(&zeros(200), 4096).unwrap();
    // As a layer it ends alone, and its digest is still known.
    let name = "blobs/sha256/bomb";
    let tar = [entry(name, b'0', &bomb), end()].concat();
    let given = read(&tar, 1 << 16).unwrap();
    let found = measured(&given, &format!("a.tar/{name}"));
    assert_eq!((found.digest(), found.unpacked()), (Digest::of(&bomb), &Unpacked::Not(Trouble::Limit)));
}

fn zip(method: u8, name: &str, contents: &[u8]) -> Vec<u8> {
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    deflate.write_all(contents).unwrap();
    let data = if method == 8 { deflate.finish().unwrap() } else { contents.to_vec() };
    let mut crc = flate2::Crc::new();
    crc.update(contents);
    let le = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let short = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    let sizes = [crc.sum().to_le_bytes(), le(data.len()), le(contents.len())].concat();
    let mut out = [b"PK\x03\x04\x14\0\0\0".as_slice(), &[method, 0, 0, 0, 0, 0]].concat();
    out.extend([sizes.as_slice(), &short(name.len()), &[0, 0], name.as_bytes(), &data].concat());
    let start = out.len();
    out.extend([b"PK\x01\x02\x14\0\x14\0\0\0".as_slice(), &[method, 0, 0, 0, 0, 0]].concat());
    out.extend([sizes.as_slice(), &short(name.len()), &[0; 16], name.as_bytes()].concat());
    let size = out.len() - start;
    out.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &le(size), &le(start), &[0, 0]].concat());
    out
}

#[test]
fn zip_members_are_read_and_held_to_their_checksum() {
    let text = b"{\"signed\": 1}\n".repeat(50);
    for method in [0, 8] {
        let bytes = zip(method, "metadata/targets/releases.json", &text);
        let given = read(&bytes, 10).unwrap();
        assert_eq!(given[0].bytes, text);
        assert_eq!(names(&given), ["metadata/targets/releases.json", "a.tar"]);
        let mut wrong = bytes.clone();
        wrong[14] ^= 1;
        wrong[bytes.len() - 22 - 30 - 46 + 16] ^= 1;
        assert_eq!(read(&wrong, 10).unwrap_err().code(), codes::ARCHIVE_DAMAGED);
    }
    assert_eq!(read(&zip(12, "a", &text), 10).unwrap_err().code(), codes::ARCHIVE_MEMBER);
    assert_eq!(read(&zip(8, "../a", &text), 10).unwrap_err().code(), codes::ARCHIVE_PATH);
}

/// Numbers that look random, the same in every run.
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 1).unwrap()
}

/// `FUZZ=100000 cargo test --lib any_change` runs longer.
#[test]
fn any_change_of_an_archive_is_answered() {
    let layer = [entry("etc/hosts", b'0', &[7; 3000]), entry("link", b'2', b""), end()].concat();
    let blobs: Vec<Vec<u8>> = [gzip(&layer), zstd(&layer), zstd(&[5; 300_000]), layer].to_vec();
    let inside: Vec<Vec<u8>> =
        blobs.iter().enumerate().map(|(n, blob)| entry(&format!("blobs/sha256/{n}"), b'0', blob)).collect();
    let tar = [sample()[..sample().len() - 1024].to_vec(), inside.concat(), end()].concat();
    let zip = zip(8, "metadata/root.json", b"{\"signed\": 1}");
    let seeds: Vec<Vec<u8>> = [vec![gzip(&tar), zstd(&tar), tar, zip], blobs].concat();
    let runs = std::env::var("FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(600);
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let mut read_whole = 0;
    for _ in 0..runs {
        let mut bytes = seeds[next(&mut state) % seeds.len()].clone();
        for _ in 0..=next(&mut state) % 4 {
            let at = next(&mut state) % bytes.len();
            match next(&mut state) % 4 {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][next(&mut state) % 5],
                2 => bytes[at] ^= 1 << (next(&mut state) % 8),
                _ => {
                    drop(bytes.splice(at..at, seeds[next(&mut state) % seeds.len()].iter().take(40).copied()))
                }
            }
        }
        let piece = 1 + next(&mut state) % 5000;
        let mut measure = Measure::new();
        let mut listing = Layer::in_archive("blobs/sha256/0");
        let mut listed = Ok(());
        for part in bytes.chunks(piece) {
            measure.push(part);
            listed = listed.and_then(|()| listing.push(part));
        }
        assert_eq!(measure.finish().digest(), Digest::of(&bytes));
        let _files = listed.and_then(|()| listing.finish());
        read_whole += usize::from(read(&bytes, piece).is_ok());
        let _given = delegated(&bytes[..bytes.len().min(200_000)]);
    }
    assert!(read_whole > 0 && read_whole < runs, "{read_whole}");
}
