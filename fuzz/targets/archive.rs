//! Archives: tar, gzip, zstd, zip, in pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webdis_verify::evidence::archive::Archive;

fuzz_target!(|bytes: &[u8]| {
    let mut archive = Archive::named("a.tar");
    if bytes.chunks(777).try_for_each(|piece| archive.push(piece)).is_ok() {
        let _given = archive.finish();
    }
});
