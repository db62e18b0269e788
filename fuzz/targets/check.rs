//! Recognition, recovery and the whole check of one file and one paste.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webdis_verify::Time;
use webdis_verify::session::check::{Options, check};
use webdis_verify::evidence::{Given, Origin};
use webdis_verify::base::outcome::Outcome;

fuzz_target!(|bytes: &[u8]| {
    let Some(now) = Time::from_unix(1_780_000_000) else { return };
    for origin in [Origin::File, Origin::Paste] {
        let given = Given { name: "input".to_owned(), origin, bytes: bytes.to_vec() };
        if let Ok(report) = check(&[given], &Options::at(now)) {
            assert_ne!(report.outcome, Outcome::Proven, "nobody has this key");
        }
    }
});
