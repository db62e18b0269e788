//! Codes of this module: what was read, what was repaired, what was dropped.

crate::codes! {
    /// Nothing in this text or file is of a known kind.
    UNRECOGNISED = "unrecognised", NotChecked,
        "This was not recognised.",
        "Add what docker, cosign, skopeo or crane printed, or the file itself.";
    /// A pull whose digest was cut or changed.
    DIGEST_UNREAD = "digest-unread", NotChecked,
        "Could not check: this pull prints a digest that cannot be read, {found}. It was cut or changed.",
        "Copy the output again, whole.";
    /// Only the first digits of what the user's computer holds are shown.
    DIGEST_CUT = "digest-cut", NotChecked,
        "Could not check: {tool} shows only the first digits of what you hold, {found}, and nothing that is proven begins so.",
        "Print it whole (docker images --digests --no-trunc), or add the manifest of your platform.";
    /// The beginning of a digest, alone.
    DIGEST_SHORT = "digest-beginning", NotChecked,
        "Could not check: {found} is only the beginning of a digest, {count} of 64 digits.",
        "Print it whole: docker images --digests --no-trunc";
    /// A file or text that names images by their tags.
    TAG_ALONE = "named-by-tag", NotChecked,
        "Could not check: this names {images} by tag alone. Tags can move: no digest follows from it.",
        "Ask which digest it means now: docker buildx imagetools inspect {image}. Then write it behind the tag: {image}@sha256:…";
    /// Several stretches of a text are one item.
    STRETCHES = "text-stretches", Fact, "It stands in {count} places, on lines {lines}.", "";
    /// The bytes behind a text could not be rebuilt.
    UNRECOVERABLE = "unrecoverable", NotChecked,
        "These bytes cannot be rebuilt from this text; that says nothing about the image.",
        "Get the exact bytes into a file, for example with docker buildx imagetools inspect --raw REFERENCE, crane manifest REFERENCE or skopeo inspect --raw, and add that file.";
    /// The digest of a text without a digest to hold it against.
    LAYOUT_UNCONFIRMED = "layout-unconfirmed", Caveat,
        "There is no digest to hold this text against: its trailing line breaks were left out, and its layout could not be confirmed.",
        "Add a text that names the digest: the output of docker pull, a manifest list, or a signature.";
    /// A token, password or private key was in the text.
    SECRET_REMOVED = "secret-removed", Caveat,
        "The text held a secret ({what}); it was removed and is neither kept nor shown.",
        "If anybody else has seen this text, withdraw the secret.";
    /// A report with evidence in it.
    REPORT_READ = "report-read", Fact,
        "This is a report of this verifier. What it says was not used; the evidence in it ({count}) was checked anew.", "";
    /// A report without evidence, or without that which decided.
    REPORT_BARE = "report-bare", NotChecked,
        "This is a report of this verifier without all of its evidence: what it says was not used, and proves nothing here.",
        "Add the evidence that it is about, or ask for the report with its evidence (webdis-verify check --format json-evidence, or Save report on the page).";
    /// A Docker schema 1 manifest.
    SCHEMA1 = "schema1-manifest", NotChecked,
        "This is a manifest of the old schema 1; the digest a registry gives for it is not the hash of this text.",
        "Ask the registry for the current form: send an Accept header with the OCI and Docker schema 2 media types.";
    /// A text that only says that something was verified.
    TEXT_ONLY = "text-only", Caveat,
        "This text says that something was checked; that is not evidence.",
        "Add the JSON line that cosign prints after it.";
    /// A truncated JSON text, an elided one, a damaged one.
    DAMAGED = "damaged-json", NotChecked,
        "This looks like JSON and cannot be read as such ({found}).",
        "Copy the whole output again, from its first bracket to its last.";
    /// Values that a person left out.
    SHORTENED = "shortened", NotChecked,
        "This was shortened by somebody, at {place}; that says nothing about the image.",
        "Add the whole output, or the file itself.";
    /// A manifest of something else than an image.
    ARTIFACT = "artifact-not-image", Fact,
        "This is no container image but an artifact of the type {found}.", "";
    /// A digest of a manifest that a tool made up.
    MADE_UP_MANIFEST = "made-up-manifest", Caveat,
        "The digest is of a manifest that skopeo made up for an image in the Docker daemon; no registry has it.",
        "Compare the repository digests that docker image inspect prints.";
    /// A program found no signature where it looks.
    ERROR_NO_SIGNATURE = "error-no-signature", NotChecked,
        "This message says that no signature, or no attestation, was found where that program looks; older programs look in fewer places.",
        "Let this verifier look itself, or ask the publisher where the signature is.";
    /// A program found signatures that do not fit.
    ERROR_OTHER_KEY = "error-no-matching-signature", NotChecked,
        "This message says that there are signatures, and that none of them fits the key that was used there.",
        "Check that it was the publisher's key, and give the signature itself.";
    /// A program found signatures and does not say why none passed.
    ERROR_NONE_PASSED = "error-none-passed", NotChecked,
        "This message says that there are signatures, and that none of them passed the check there. It gives no single reason.",
        "Check that the publisher's key or identity was used there, and give the signature itself.";
    /// A program found a signature whose log entry did not pass.
    ERROR_LOG = "error-log-entry-not-verified", NotChecked,
        "This message says that the transparency log's entry of the signature did not pass the check there. cosign 3 says so of another key's signature too.",
        "Check that it was the publisher's key, and give the signature itself.";
    /// A program found a signature of another image.
    ERROR_OTHER_IMAGE = "error-signature-of-another-image", NotChecked,
        "This message says that the signature which was found there is of another image.",
        "Give the signature itself, and what docker pull printed.";
    /// A program found a signature for another name.
    ERROR_OTHER_NAME = "error-signed-for-another-name", NotChecked,
        "This message says that the signature was made for another name; that is usual for a copy in another registry.",
        "Give the signature itself; this verifier shows the name that was signed.";
    /// A program found attestations of other types.
    ERROR_OTHER_TYPE = "error-other-attestation-type", NotChecked,
        "This message says that there are attestations, and that none of them is of the type that was asked for there.",
        "Ask for a type that it lists, or give the attestation itself.";
    /// No Content Trust data.
    ERROR_NO_TRUST_DATA = "error-no-trust-data", NotChecked,
        "This message says that there is no Content Trust data for the image, or that its server could not be read.",
        "Look up how the publisher signs this release; newer ones are signed in another way.";
    /// No transparency log entry.
    ERROR_NO_LOG = "error-no-log-entry", NotChecked,
        "This message says that the transparency log's entry was not found; the signature may still be the publisher's.",
        "Give the signature itself.";
    /// The registry refuses more requests.
    ERROR_RATE = "error-rate-limit", NotChecked,
        "This message says that the registry refuses further requests for now.",
        "Wait, or log in, and run the command again.";
    /// The registry does not have the image.
    ERROR_NO_IMAGE = "error-image-unknown", NotChecked,
        "This message says that the registry has no such image.",
        "Check the name and the tag.";
    /// The registry refuses access.
    ERROR_DENIED = "error-access-denied", NotChecked,
        "This message says that the registry refused access; it may also mean that there is no such image.",
        "Check the name, log in, and run the command again.";
    /// The registry was not reached.
    ERROR_NETWORK = "error-not-reached", NotChecked,
        "This message says that a server was not reached.",
        "Check the connection, and run the command again.";
    /// What arrived does not hash to the digest that was asked for.
    ERROR_DIGEST = "error-digest-differs", NotChecked,
        "This message says that what arrived did not hash to the digest that was asked for, and was thrown away: damage on the way, or a registry that serves something else.",
        "Pull it again by its digest, from the publisher's own registry.";
    /// A signature by another identity.
    ERROR_IDENTITY = "error-other-identity", NotChecked,
        "This message says that there is a signature, by another identity than the one that was asked for there.",
        "Ask the publisher which identity signs, and give the signature itself.";
    /// Content Trust data that has expired.
    ERROR_TRUST_EXPIRED = "error-trust-data-expired", NotChecked,
        "This message says that the Content Trust data has expired: nobody has signed it anew. What was signed before stays what it was.",
        "Give the saved metadata itself; this verifier shows its dates.";
    /// No image for this platform.
    ERROR_PLATFORM = "error-no-platform", NotChecked,
        "This message says that the image has no version for this computer's platform.",
        "Name one that it has, as in docker pull --platform linux/amd64.";
    /// The computer does not hold the image.
    ERROR_NOT_HELD = "error-not-held", NotChecked,
        "This message says that this computer does not hold such an image; it says nothing about any registry.",
        "Pull it, and run the command again.";
    /// A policy refused the image.
    ERROR_POLICY = "error-policy", NotChecked,
        "This message says that a policy refused the image; the reason stands in it or is not told.",
        "Give the signature itself, and the key that the policy names.";
    /// A shell does not know the program.
    ERROR_NO_PROGRAM = "error-no-program", NotChecked,
        "This message says that the program is not installed; it says nothing about the image.",
        "Fetch the image here, or run the command where the program is installed.";
    /// Docker or another engine does not run.
    ERROR_NO_DAEMON = "error-no-daemon", NotChecked,
        "This message says that the container engine does not run; it says nothing about the image.",
        "Start it, and run the command again.";
    /// Another error.
    ERROR_OTHER = "error-other", NotChecked,
        "This is an error message; that says nothing about the image.",
        "Run the command again, and add what it prints.";

    /// Trailing line breaks were removed.
    REPAIR_TRAILING = "repair-trailing-newline", Fact, "The line break at the end was removed.", "";
    /// A final line break was added.
    REPAIR_FINAL = "repair-final-newline", Fact, "A line break was added at the end.", "";
    /// White space around the text was removed.
    REPAIR_TRIMMED = "repair-trimmed", Fact, "White space around the text was removed.", "";
    /// CRLF became LF.
    REPAIR_CRLF = "repair-crlf", Fact, "Windows line ends were turned into plain ones.", "";
    /// A byte order mark was removed.
    REPAIR_BOM = "repair-byte-order-mark", Fact, "A byte order mark was removed.", "";
    /// UTF-16 became UTF-8.
    REPAIR_UTF16 = "repair-utf-16", Fact, "The text was turned from UTF-16 into UTF-8.", "";
    /// The text was in no encoding of Unicode.
    REPAIR_ENCODING = "repair-encoding", Fact,
        "The text was not in UTF-8; its other letters were read as those of ISO 8859-1.", "";
    /// Terminal control sequences were removed.
    REPAIR_TERMINAL = "repair-terminal-codes", Fact, "Terminal colour and cursor codes were removed.", "";
    /// The JSON value was cut out of its surroundings.
    REPAIR_CUT = "repair-cut", Fact, "The JSON value was cut out of the text around it.", "";
    /// The bytes were in a base64 member.
    REPAIR_MEMBER = "repair-base64-member", Fact, "The bytes were decoded from the base64 member {member}.", "";
    /// The layout was changed.
    REPAIR_LAYOUT = "repair-layout", Fact, "Restored from page text: {layout}.", "";
    /// The escapes were changed.
    REPAIR_ESCAPES = "repair-escapes", Fact, "Restored the way its writer escapes characters: {escapes}.", "";
    /// Non-breaking blanks or typographic quotes were changed back.
    REPAIR_TYPOGRAPHY = "repair-typography", Fact,
        "Non-breaking blanks and typographic quotes were turned back into plain ones.", "";
    /// Lines that a terminal had broken were joined.
    REPAIR_WRAPPED = "repair-wrapped-lines", Fact, "Lines broken inside a string were joined again.", "";
    /// Character references and tags of a page were decoded.
    REPAIR_PAGE = "repair-page-source", Fact, "The source of a web page was turned into its text.", "";
    /// A text in a JSON string, in base64 or in a mail was decoded.
    REPAIR_ENCODED = "repair-encoded-text", Fact,
        "The text was decoded: it stood in a JSON string, in base64 or in a mail.", "";
    /// A prefix of every line was removed.
    REPAIR_PREFIXES = "repair-line-prefixes", Fact,
        "What stands before every line (numbers, quote marks) was removed.", "";
    /// Lines that a terminal had broken were joined.
    REPAIR_LINES = "repair-broken-lines", Fact, "Lines that a terminal had broken were joined again.", "";
    /// A key was decoded, or cut out of the text around it.
    REPAIR_KEY = "key-repaired", Fact, "The key was taken out of what stands around it.", "";
    /// Members are in alphabetical order, and that is not the original one.
    SORTED = "members-sorted", NotChecked,
        "Its members are sorted, as jq -S prints them; the original order may be lost.",
        "Print it without sorting: docker buildx imagetools inspect --raw IMAGE";
    /// Members were re-ordered.
    REPAIR_ORDER = "repair-member-order", Fact, "Members were put in the order of {order}.", "";
    /// Attestation annotations were re-created.
    REPAIR_ATTESTATIONS = "repair-attestations", Fact,
        "The annotations buildx gives to attestations, which docker manifest inspect leaves out, were written again.", "";
    /// Types of configs were re-created.
    REPAIR_TYPES = "repair-artifact-types", Fact,
        "The types of the configs that crane gives to the images of a list, which docker manifest inspect leaves out, were written again.", "";
    /// The index was rebuilt from the descriptors in a verbose listing.
    REPAIR_REBUILT = "repair-rebuilt-index", Fact,
        "The index was rebuilt from the descriptors of docker manifest inspect -v.", "";
    /// A mediaType member was left out.
    REPAIR_NO_MEDIA_TYPE = "repair-no-media-type", Fact,
        "The mediaType member of the index, which docker manifest inspect adds, was left out.", "";

    /// Bytes that are not an archive this program reads.
    ARCHIVE_FORMAT = "archive-format", NotChecked,
        "This is not an archive this verifier reads ({found}).",
        "Give a tar file (docker save, an OCI layout), plain or gzip-compressed, or a zip file.";
    /// What may be the image that the user holds, in a format that is not read.
    ARCHIVE_FORMAT_UNREAD = "archive-format-unread", NotChecked,
        "Could not check: the image that you hold may stand in {place}, which is not read here ({found}).",
        "Unpack it first (xz -d FILE, bunzip2 FILE, unzip FILE, tar -xf FILE), then give the tar that docker save wrote. What docker export writes names no image.";
    /// An archive with a damaged or truncated structure.
    ARCHIVE_DAMAGED = "archive-damaged", NotChecked,
        "The archive is damaged or cut off ({found}).",
        "Save or copy the archive again.";
    /// An archive member of an unsupported kind.
    ARCHIVE_MEMBER = "archive-member-unsupported", NotChecked,
        "The archive holds a member this verifier does not read ({found}).",
        "Save the image again with docker save, skopeo or crane, or unpack the archive and add the files.";
    /// An archive member whose name leaves the archive.
    ARCHIVE_PATH = "archive-path", NotChecked,
        "The archive holds a member whose name leads out of the archive ({found}).",
        "Do not unpack this archive. Get it again from its publisher.";
    /// One name for two members of an archive.
    ARCHIVE_DUPLICATE = "archive-duplicate", NotChecked,
        "The archive holds two different members of one name ({found}): one program loads the first, another the last.",
        "Do not load this archive. Get it again from its publisher.";
    /// An archive that programs read differently.
    ARCHIVE_AMBIGUOUS = "archive-ambiguous", NotChecked,
        "Programs would not agree on what this archive holds: expected {expected}, found {found}.",
        "Do not load this archive. Save the image again with docker save, skopeo or crane, or get it from its publisher.";
    /// Data after the end of an archive.
    ARCHIVE_TRAILING = "archive-trailing", NotChecked,
        "Something follows the end of the archive, which other programs may read.",
        "Save or copy the archive again.";
    /// A blob under another blob's name.
    BLOB_MISNAMED = "archive-blob-differs", Contradicted,
        "Does not match: the blob that is kept as {expected} hashes to {found}.",
        "Do not load this archive. Get it again from its publisher.";
    /// A layer that is not the config's at its place.
    LAYER_DIFFERS = "archive-layer-differs", Contradicted,
        "Does not match: the config demands the layer {expected}, and its bytes unpack to {found}.",
        "Do not load this. Get it again from its publisher.";
    /// A layer that only unpacking could check.
    LAYER_UNKNOWN = "archive-layer-unknown", NotChecked,
        "Could not check: the layer {expected} could not be unpacked. It is damaged, or larger than this verifier unpacks.",
        "Save the image again, and check that.";
    /// A layer in a compression that is not read.
    LAYER_NOT_READ = "layer-unread", NotChecked,
        "Layer {n} of {count}, {digest}, was not unpacked: its compression (bzip2 or xz) is not read here.", "";
    /// A layer that only unpacking could check, in a compression that is not read.
    LAYER_UNREAD = "archive-layer-unread", NotChecked,
        "Could not check: the layer {expected} is compressed with bzip2 or xz, which is not read here.",
        "Save the image again with docker save or skopeo, and check that.";
}

/// That a file is in a format which is not read.
pub(crate) fn unread(name: &str, format: &str) -> crate::base::message::Message {
    let args = [("place", &*crate::base::digest::shorten(name)), ("found", format)];
    crate::base::message::Message::new(ARCHIVE_FORMAT_UNREAD, &args)
}
