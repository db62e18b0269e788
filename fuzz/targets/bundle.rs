//! Sigstore bundles and layer annotations.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _bundle = webdis_verify::proof::sigstore::Bundle::parse(bytes);
    let _annotations = webdis_verify::proof::cosign::Annotations::parse(bytes);
    let _layers = webdis_verify::proof::cosign::signature_layers(bytes);
});
