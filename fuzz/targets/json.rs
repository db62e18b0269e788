#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| webdis_verify_fuzz::json(bytes));
