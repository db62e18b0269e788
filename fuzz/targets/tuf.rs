//! Notary v1 metadata: the first byte says where the file is cut into two.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webdis_verify::Time;
use webdis_verify::proof::tuf::{self, NamedFile, Pins};

fuzz_target!(|bytes: &[u8]| {
    let Some((cut, bytes)) = bytes.split_first() else { return };
    let at = bytes.len() * usize::from(*cut) / 255;
    let files = [
        NamedFile { name: "root.json", bytes: &bytes[..at] },
        NamedFile { name: "targets.json", bytes: &bytes[at..] },
    ];
    let pins = Pins { root: vec!["a".repeat(64)], repository: vec!["b".repeat(64)], signers: vec![] };
    if let Some(now) = Time::from_unix(1_780_000_000) {
        let verification = tuf::verify(&files, "docker.io/nicolas/webdis", &pins, now);
        assert!(verification.collection().is_none(), "nobody has this key");
    }
});
