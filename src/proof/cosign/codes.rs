//! Codes of this module.

crate::codes! {
    /// Layer annotations without a signature.
    SIGNATURE_MISSING = "cosign-signature-missing", NotChecked,
        "These annotations carry no signature.",
        "Give the annotations of the signature's layer, with dev.cosignproject.cosign/signature.";
    /// A payload whose type is not the one of cosign.
    PAYLOAD_TYPE = "payload-type", NotChecked,
        "The key signed something that is not a cosign image signature: its type is {found}.",
        "Ask the publisher for a signature made with cosign sign.";
    /// A payload that breaks a rule of simple signing.
    PAYLOAD_MALFORMED = "payload-malformed", NotChecked,
        "The signed payload is malformed: {place} should be {expected} and is {found}.",
        "Ask the publisher for a signature made with cosign sign.";
    /// A statement that breaks a rule of in-toto.
    STATEMENT_MALFORMED = "statement-malformed", NotChecked,
        "The signed statement is malformed: {place} should be {expected} and is {found}.",
        "Ask the publisher for a signature made with cosign sign.";
    /// A statement of another predicate than the one demanded.
    ATTESTATION = "attestation-not-signature", NotChecked,
        "The key signed an attestation of type {found}, not what was demanded: {expected}.",
        "An attestation says something about an image; look for the image's signature, or ask for this type.";
    /// A signature by the demanded key, but over another image.
    SIGNED_ANOTHER_IMAGE = "signed-another-image", Contradicted,
        "The key signed another image: {found}, not {expected}.",
        "Fetch the signature of the image you hold; this one belongs to another.";
    /// A signature by the demanded key, but over another file.
    SIGNED_ANOTHER_FILE = "signed-another-file", Contradicted,
        "The signature is for another file: {found}, not {expected}.",
        "Get the file and its bundle again, from the same release.";
    /// A bundle over a file where a signature of an image is wanted.
    FILE_BUNDLE = "bundle-over-file", NotChecked,
        "This bundle signs a file, not an image.",
        "Fetch the bundle that is attached to the image.";
    /// A record of `cosign verify` that holds no log entry.
    RECORD_WITHOUT_BUNDLE = "cosign-record-without-bundle", NotChecked,
        "This output of cosign verify does not hold the signature, so it cannot be verified again.",
        "Fetch the signature itself: cosign download signature IMAGE";
    /// A record of `cosign verify` as cosign 3 prints it.
    RECORD_V3 = "cosign-record-v3", NotChecked,
        "cosign 3 prints a summary without the signature, so it cannot be verified again.",
        "Fetch the bundle itself: webdis-verify verify IMAGE";
    /// A record whose payload could not be restored.
    RECORD_NOT_REBUILT = "cosign-record-not-rebuilt", NotChecked,
        "The signed payload could not be restored from this output: expected {expected}.",
        "Add the whole output, or fetch the signature itself: cosign download signature IMAGE";
}
