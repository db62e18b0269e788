//! References, digests and keys: what is accepted is written back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use webdis_verify::ClaimedDigest;
use webdis_verify::Reference;

fuzz_target!(|text: &str| {
    if let Ok(reference) = Reference::parse(text) {
        let again = Reference::parse(&reference.name()).map(|again| again.name());
        assert_eq!(again.as_deref(), Ok(reference.name().as_str()));
    }
    if let Ok(digest) = ClaimedDigest::parse(text) {
        assert_eq!(digest.to_string(), text);
    }
    let _key = webdis_verify::model::key::PublicKey::parse(text.as_bytes());
});
