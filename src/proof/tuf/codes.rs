//! Codes of Docker Content Trust checks, with their sentences.

crate::codes! {
    // Reading a file.
    /// JSON that is not a Notary v1 file.
    NOT_METADATA = "notary-not-metadata", Contradicted,
        "This is not a Notary metadata file: {found}.",
        "Give root.json, targets.json, snapshot.json, timestamp.json and the files below targets.";
    /// `_type` is not the one the file's place demands, or none that exists.
    WRONG_TYPE = "notary-wrong-type", Contradicted,
        "The file says it is {found}; here it must be {expected}.",
        "Get the files again, each under its own name.";
    /// `version` below 1.
    VERSION = "notary-version", Contradicted,
        "The file's version is {found}; versions begin at 1.",
        "Get the file again from its source.";
    /// `expires` that is not a date.
    EXPIRES = "notary-expires", Contradicted,
        "The end of validity is not a date: {found}.",
        "Get the file again from its source.";
    /// A threshold below 1.
    THRESHOLD_VALUE = "notary-threshold-value", Contradicted,
        "The role {place} demands {found} signatures; at least one must be demanded.",
        "Do not use this metadata.";
    /// A key listed under an id that is not the hash of the key.
    KEY_ID = "notary-key-id", Contradicted,
        "A key is listed under the id {expected}, but its real id is {found}. Someone put another key under a known id.",
        "Do not use this metadata. Tell the publisher.";
    /// A role names a key that the file does not contain.
    KEY_ABSENT = "notary-key-absent", Contradicted,
        "The role {place} names the key {found}, which the file does not contain.",
        "Get the file again from its source.";
    /// root.json without one of the four roles.
    ROLE_ABSENT = "notary-role-absent", Contradicted,
        "root.json does not say who holds the role {found}.",
        "Get root.json again from its source.";
    /// A hash that is absent or of the wrong length.
    HASH_FORM = "notary-hash-form", Contradicted,
        "The hash of {place} is unusable: expected {expected}, found {found}.",
        "Get the file again from its source.";
    /// snapshot.json does not list root or targets.
    SNAPSHOT_LACKS = "notary-snapshot-lacks", Contradicted,
        "snapshot.json does not list {found}.",
        "Get snapshot.json again from its source.";
    /// A delegation with a name outside the grammar.
    DELEGATION_NAME = "notary-delegation-name", Contradicted,
        "The delegation {found} does not have a permitted name.",
        "Do not use this metadata.";
    /// A delegation that is not a direct child of the file's role.
    DELEGATION_CHILD = "notary-delegation-child", Contradicted,
        "The delegation {found} does not stand directly below {expected}.",
        "Do not use this metadata.";
    /// A delegation listed twice.
    DELEGATION_TWICE = "notary-delegation-twice", Contradicted,
        "The delegation {found} is listed twice; programs disagree on which one counts.",
        "Do not use this metadata.";

    // Signatures.
    /// A key type or curve that is not verified with.
    KEY_UNSUPPORTED = "notary-key-unsupported", NotChecked,
        "The key type of {place} is not supported: {found}.",
        "Check this image with the notary client. This verifier checks ECDSA P-256, which all Docker tools use.";
    /// An empty signature list.
    NO_SIGNATURES = "notary-no-signatures", Contradicted,
        "The file carries no signature.",
        "Get the file again from its source.";
    /// Signed, but not by a key of its role.
    SIGNED_BY_OTHERS = "notary-signed-by-others", Contradicted,
        "The file is signed, but by no key that may sign for {place}.",
        "Make sure all files are of one repository and one moment. If they are, do not trust this image.";
    /// A signature method that does not fit the key.
    METHOD = "notary-method", Contradicted,
        "The signature method {found} does not fit the key; expected {expected}.",
        "Get the file again from its source.";
    /// A signature that does not verify.
    SIGNATURE = "notary-signature", Contradicted,
        "The signature does not belong to this content: the file was changed after it was signed.",
        "Do not trust this image. Get the files again from another source.";
    /// Fewer valid signatures than demanded.
    THRESHOLD = "notary-threshold", Contradicted,
        "The role demands signatures of {expected} different keys, and {found} are there.",
        "Get the file again from its source.";

    // Hashes and lengths.
    /// SHA-256 differs from what the parent file says.
    HASH = "notary-hash-mismatch", Contradicted,
        "This file was changed after it was signed: the signed metadata lists sha256 {expected}, and this is {found}.",
        "Get the file again from its source. If it is the same there, do not trust this image.";
    /// SHA-512 differs while SHA-256 agrees.
    SHA512 = "notary-sha512-mismatch", Contradicted,
        "The second hash (sha512) of this file is not the one that the signed metadata lists.",
        "Do not use this metadata.";
    /// The length differs while the hash agrees.
    LENGTH = "notary-length-mismatch", Contradicted,
        "The length is {found} bytes; the signed metadata says {expected}.",
        "Get the document again from its source.";
    /// A delegation file that the snapshot does not list.
    NOT_IN_SNAPSHOT = "notary-not-in-snapshot", NotChecked,
        "snapshot.json does not list {found}, so this file is not part of the repository's current state.",
        "Give all files of one moment.";

    // The root of trust.
    /// Nothing was pinned.
    NO_PINS = "notary-no-pins", NotChecked,
        "No root key id was given to check against.",
        "Give the root key id that the publisher documents (--root-key, or a publisher profile).";
    /// root.json does not name the pinned key.
    ROOT_KEY_DIFFERS = "notary-root-key-differs", Contradicted,
        "The root key differs from the documented one: expected {expected}, found {found}.",
        "If the publisher changed the root key, add the numbered root files (1.root.json and so on). Otherwise do not trust this image.";
    /// The targets role has another key than the pinned one.
    REPOSITORY_KEY_DIFFERS = "notary-repository-key-differs", Contradicted,
        "The repository key differs from the documented one: expected {expected}, found {found}.",
        "Ask the publisher whether the repository key was changed.";
    /// A delegation is signed by a key that is not a documented signer's.
    SIGNER_KEY_DIFFERS = "notary-signer-key-differs", Contradicted,
        "The signer's key differs from the documented one: expected {expected}, found {found}.",
        "Ask the publisher whether the signer's key was changed.";
    /// A pinned root key that is not a certificate.
    ROOT_NOT_CERTIFICATE = "notary-root-not-certificate", Contradicted,
        "The root key {found} is not a certificate.",
        "Do not use this metadata.";
    /// A certificate that cannot be read, or a chain in the wrong order.
    CERTIFICATE_FORM = "notary-certificate-form", Contradicted,
        "The root certificate is not well-formed: {found}.",
        "Get root.json again from its source.";
    /// The certificate is for another repository.
    CERTIFICATE_NAME = "notary-certificate-name", NotChecked,
        "The root certificate is for {found}, not for {expected}.",
        "Make sure the files belong to this image.";
    /// Signed with SHA-1 or MD5.
    CERTIFICATE_WEAK = "notary-certificate-weak", Contradicted,
        "The root certificate is signed with an outdated hash.",
        "Do not use this metadata.";
    /// notBefore lies in the future.
    CERTIFICATE_EARLY = "notary-certificate-early", NotChecked,
        "The root certificate is not valid before {expected}; the check was made for {found}.",
        "Check this computer's clock.";
    /// The root or its certificate is past its end.
    ROOT_EXPIRED = "notary-root-expired", NotChecked,
        "The root of trust expired on {expected}. The signatures are as they should be, but nobody vouches for the root key any more; Docker refuses such images.",
        "Ask the publisher for a current signature.";
    /// A numbered root file is needed to follow a rotation.
    ROOT_GAP = "notary-root-gap", NotChecked,
        "The root key was changed since it was documented; the root file of version {found} is needed to follow the change.",
        "Add {found}.root.json from the same server.";
    /// No root at hand is signed by the pinned key.
    ROOT_UNLINKED = "notary-root-unlinked", NotChecked,
        "Nothing at hand links root.json, version {found}, to the documented root key {expected}.",
        "Add the repository's own root.json and its numbered root files (1.root.json and so on).";
    /// The snapshot lists a new root that the old root's keys did not sign.
    ROOT_NOT_CROSS_SIGNED = "notary-root-not-cross-signed", Contradicted,
        "The new root key was not introduced by the old one: version {found} is not signed by the root keys before it.",
        "Do not trust this image. Tell the publisher.";

    // Which file is which.
    /// A file that is needed and not there.
    FILE_MISSING = "notary-file-missing", NotChecked,
        "The file {found} is missing.",
        "Add it: it lies beside the other files, in ~/.docker/trust/tuf or on the server.";
    /// Two different files for one role.
    TWO_FILES = "notary-two-files", NotChecked,
        "Two different files claim to be {found}.",
        "Give only the files of one moment.";
    /// An authentic file that is not the one listed above it.
    OTHER_MOMENT = "notary-other-moment", NotChecked,
        "{place} is authentic, but of another moment than the file that lists it: expected sha256 {expected}, found {found}.",
        "Give all files of one moment: fetch them again together.";
    /// A listed file that only keys signed which the root does not name.
    ROOT_OF_ANOTHER_MOMENT = "notary-root-of-another-moment", NotChecked,
        "{place} is signed by no key of the root at hand, which is not the one that the snapshot lists.",
        "Give all files of one moment: fetch them again together.";
    /// A file that no key of the repository signed.
    NOT_VOUCHED = "notary-not-vouched-for", Fact,
        "Nothing at hand vouches for the file {found}: it was set aside.", "";
    /// A file of another repository.
    OTHER_REPOSITORY = "notary-other-repository", Fact,
        "The file {found} is another repository's and was set aside.", "";
    /// A delegation's file without a verified snapshot.
    UNBOUND = "notary-unbound", NotChecked,
        "The file {found} does not name its repository; only snapshot.json shows which one it is of.",
        "Add snapshot.json and timestamp.json of the same moment.";
    /// A file that is part of nothing.
    NOT_DELEGATED = "notary-not-delegated", Fact,
        "The file {found} is not part of the current metadata and was set aside.", "";
    /// A role that was not examined because one before it failed.
    NOT_REACHED = "notary-not-reached", NotChecked,
        "{found} was not checked, because what it rests on did not hold.", "";

    // What holds.
    /// A role's file is signed as it must be.
    ROLE_SIGNED = "notary-role-signed", Fact,
        "{role} is signed by the keys that may sign it, and is the version the metadata lists.", "";
    /// root.json is signed by the pinned key.
    ROOT_SIGNED = "notary-root-signed", Fact,
        "root.json is signed by the documented root key, and its certificate is for this image.", "";
    /// A tag resolves to a digest.
    TAG_SIGNED = "notary-tag-signed", Fact,
        "The tag {tag} is signed in {role} for {digest}.", "";

    // Qualifications.
    /// Authentic, but possibly not the newest statement.
    NOT_FRESH = "not-fresh", Caveat,
        "The signatures are authentic, but {found}. So nothing shows that the publisher has not signed something newer or withdrawn this since.", "";
    /// The root or repository key was rotated by its holder.
    ROTATED = "rotated-since-documented", Caveat,
        "The root key was changed since it was documented; each change is signed by the key before it (now {found}).", "";
    /// The root lists another repository key beside the documented one.
    OTHER_REPOSITORY_KEY = "notary-other-repository-key", Caveat,
        "The documented repository key signed this, but another key may sign as well: {found}.", "";

    // Tags.
    /// Two roles name different digests for one tag.
    TAG_AMBIGUOUS = "notary-tag-ambiguous", Contradicted,
        "The tag stands for two different images: {expected} in targets/releases, {found} in targets. Docker's own tools disagree on which one counts.",
        "Ask the publisher which digest is meant, and pull by digest.";
    /// No released entry.
    TAG_NOT_SIGNED = "notary-tag-not-signed", Unsigned,
        "The tag {found} is not signed in this repository.",
        "Check the spelling of the tag, and that the metadata is recent enough.";
    /// No released entry in metadata that may be old or incomplete.
    TAG_NOT_IN_COPY = "notary-tag-not-in-copy", NotChecked,
        "The tag {found} is not in this copy of the metadata, which may be older than the tag or lack a file.",
        "Add snapshot.json, timestamp.json and the files below targets, all of one moment, as new as possible.";
    /// Signed by a delegate, never released.
    TAG_NOT_RELEASED = "notary-tag-not-released", Unsigned,
        "The tag {found} is signed by {place}, but it was not released; Docker would not pull it.",
        "Ask the publisher to release the tag.";
    /// Signed by a delegate that may not sign this tag.
    TAG_OUTSIDE_PATHS = "notary-tag-outside-paths", Contradicted,
        "The tag {found} is signed in {place}, which may not sign it.",
        "Ask the publisher which tags this signer may sign.";
}
