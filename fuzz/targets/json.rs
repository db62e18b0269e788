//! Strict JSON: one reading, no panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _one_reading = webdis_verify::base::json::parse(bytes);
});
