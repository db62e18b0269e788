//! Codes of this module.

crate::codes! {
    /// A media type that is not one of the bundle versions 0.1 to 0.3.
    BUNDLE_VERSION = "bundle-version-unsupported", NotChecked,
        "This is a bundle of a version this verifier does not know: {found}.",
        "Ask the publisher for a bundle of version 0.3, the one cosign 3 writes.";
    /// A bundle that breaks a rule of its format.
    BUNDLE_MALFORMED = "bundle-malformed", NotChecked,
        "This bundle is malformed: {place} should be {expected} and is {found}.",
        "Fetch the bundle again from where the publisher put it.";
    /// A member that the bundle format does not define.
    BUNDLE_MEMBER = "bundle-unknown-member", NotChecked,
        "This bundle has a member this verifier does not know: {place}.",
        "Use a newer verifier, or ask the publisher for a bundle of version 0.3.";
    /// A log entry without the evidence that its bundle version demands.
    BUNDLE_LOG_EVIDENCE = "bundle-without-log-evidence", Contradicted,
        "The bundle names a log entry without {expected}, which its version demands.",
        "Fetch the bundle again from where the publisher put it.";
    /// Certificate material, which is not examined.
    IDENTITY = "identity-not-supported-yet", NotChecked,
        "Signatures by an identity, made with a certificate instead of a key, are not checked yet.",
        "Check it with: cosign verify --certificate-identity ... --certificate-oidc-issuer ...";
    /// An envelope whose payload is not an in-toto statement.
    DSSE_PAYLOAD_TYPE = "dsse-payload-type", NotChecked,
        "The envelope holds {found}, not an in-toto statement.",
        "Ask the publisher for a signature made with cosign sign.";
    /// An envelope with no signature or several.
    DSSE_SIGNATURES = "dsse-signatures", NotChecked,
        "The envelope has {found} signatures; exactly one is allowed.",
        "Ask the publisher for a signature made with cosign sign.";
    /// A trusted root that cannot be used.
    ROOT_MALFORMED = "trusted-root-malformed", NotChecked,
        "This is not a usable trusted root: {place} should be {expected} and is {found}.",
        "Get trusted_root.json again from the operator of the log, or use the built-in one.";
    /// An entry of a log that the trusted root does not list.
    LOG_UNKNOWN = "log-unknown", NotChecked,
        "The signature is logged in a transparency log that the trusted root does not list.",
        "If the publisher runs a private log, give its trusted root.";
    /// A log that the trusted root lists without what is needed to use it.
    LOG_UNUSABLE = "log-unusable", NotChecked,
        "The trusted root lists the log but not in a usable form: {found}.",
        "Get trusted_root.json again from the operator of the log.";
    /// An entry kind that is not examined.
    LOG_KIND = "log-kind-unsupported", NotChecked,
        "The log entry is of a kind this verifier does not know: {found}.",
        "Ask the publisher to sign with a current cosign.";
    /// A signature without log entries where one is demanded.
    LOG_ABSENT = "log-evidence-absent", NotChecked,
        "The signature carries no transparency log entry, and one is demanded.",
        "Get the signature with its log entry, or ask to ignore the log.";
    /// An entry with nothing that ties it to the log.
    LOG_NO_EVIDENCE = "log-entry-without-evidence", NotChecked,
        "The log entry carries neither a signed timestamp nor an inclusion proof.",
        "Fetch the signature again from where the publisher put it.";
    /// A log entry that is not well-formed.
    LOG_ENTRY_MALFORMED = "log-entry-malformed", NotChecked,
        "The log entry is malformed: {place} should be {expected} and is {found}.",
        "Fetch the signature again from where the publisher put it.";
    /// A body of another kind than the entry says.
    LOG_BODY_KIND = "log-body-kind", Contradicted,
        "The log entry says it is {expected}, its body is {found}.",
        "The log evidence does not belong to this signature. Fetch both again.";
    /// A body that records another signature.
    LOG_BODY_SIGNATURE = "log-body-signature", Contradicted,
        "The log recorded another signature than this one.",
        "The log evidence does not belong to this signature. Fetch both again.";
    /// A body that records another key, or a certificate.
    LOG_BODY_KEY = "log-body-key", Contradicted,
        "The log recorded another key than the one that was demanded.",
        "The log evidence does not belong to this signature. Fetch both again.";
    /// A body that records another digest.
    LOG_BODY_DIGEST = "log-body-digest", Contradicted,
        "The log recorded a signature over other bytes.",
        "The log evidence does not belong to this signature. Fetch both again.";
    /// A Rekor v2 body that differs from the one rebuilt from the signature.
    LOG_BODY_REBUILT = "log-body-rebuilt", Contradicted,
        "The log entry's body is not the one this key, signature and digest give.",
        "The log evidence does not belong to this signature. Fetch both again.";
    /// A signed entry timestamp that the log's key did not make.
    SET_INVALID = "log-set-invalid", Contradicted,
        "The log's signed timestamp does not hold for this entry.",
        "The log evidence was altered or belongs to another entry. Fetch it again.";
    /// A time outside the validity of the log's key.
    LOG_KEY_WINDOW = "log-key-window", Contradicted,
        "The entry's time {found} is outside the time in which the log's key is trusted: {expected}.",
        "Check that the trusted root is current.";
    /// A retired log key, and no verified time to say whether it was valid.
    LOG_TIME_UNKNOWN = "log-time-unknown", NotChecked,
        "The log's key was retired, and the entry carries no verified time from before.",
        "Check it with cosign, which can use a timestamp authority.";
    /// A leaf index outside the tree.
    PROOF_INDEX = "proof-index", Contradicted,
        "The inclusion proof names entry {found} of a tree of {expected}.",
        "The log evidence was altered. Fetch it again.";
    /// A proof with too few or too many hashes, or hashes of a wrong size.
    PROOF_LENGTH = "proof-length", Contradicted,
        "The inclusion proof has {found} hashes where {expected} belong.",
        "The log evidence was altered. Fetch it again.";
    /// A proof that leads to another root than the log signed.
    PROOF_ROOT = "proof-root", Contradicted,
        "The inclusion proof does not lead to the root the log signed.",
        "The log evidence was altered or belongs to another entry. Fetch it again.";
    /// A proof whose size or root differ from its checkpoint.
    PROOF_CHECKPOINT = "proof-checkpoint", Contradicted,
        "The inclusion proof and its checkpoint disagree on {place}.",
        "The log evidence was altered. Fetch it again.";
    /// A checkpoint that is not a well-formed signed note.
    CHECKPOINT_MALFORMED = "checkpoint-malformed", NotChecked,
        "The log's checkpoint is malformed: {place} should be {expected}.",
        "The log evidence was altered. Fetch it again.";
    /// A checkpoint of another log.
    CHECKPOINT_ORIGIN = "checkpoint-origin", Contradicted,
        "The checkpoint is of the log {found}, not of {expected}.",
        "The log evidence belongs to another log. Fetch it again.";
    /// A checkpoint without a signature by the log.
    CHECKPOINT_UNSIGNED = "checkpoint-not-signed-by-log", Contradicted,
        "The checkpoint carries no signature by the log.",
        "The log evidence was altered. Fetch it again.";
    /// A checkpoint whose signature by the log does not hold.
    CHECKPOINT_SIGNATURE = "checkpoint-signature", Contradicted,
        "The log's signature on the checkpoint does not hold.",
        "The log evidence was altered. Fetch it again.";
}
