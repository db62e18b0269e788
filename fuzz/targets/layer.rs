//! One blob: hashed, and unpacked by gzip or zstd, in pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webdis_verify::Digest;
use webdis_verify::evidence::archive::Measure;

fuzz_target!(|bytes: &[u8]| {
    let mut measure = Measure::new();
    bytes.chunks(777).for_each(|piece| measure.push(piece));
    assert_eq!(measure.finish().digest, Digest::of(bytes));
});
