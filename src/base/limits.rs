//! Every bound on hostile input, named and with its origin.
//!
//! Past a limit the answer is a named error of class *not checked*: large
//! input is not evidence of tampering.

use crate::base::error::{Error, Result};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// An input is larger, deeper or longer than this program examines.
        LIMIT = "limit-exceeded", NotChecked,
            "This is larger than the limit this verifier sets itself ({place}: at most {expected}, found {found}).",
            "Give only the parts that concern the image, or use the command line on single files.";
    }
}

/// Longest paste or single file that is examined as text: 32 MiB.
pub const PASTE_BYTES: usize = 32 << 20;
/// Longest index or manifest: 4 MiB, the limit registries set
/// (distribution-spec, "Pushing Manifests": clients should expect 4 MiB).
pub const MANIFEST_BYTES: usize = 4 << 20;
/// Longest Notary metadata file: 4 MiB (Debian's 791 tags take 82 kB).
pub const NOTARY_BYTES: usize = 4 << 20;
/// Most Notary metadata files that are looked at to tell why none is linked to the pin.
pub const NOTARY_FILES: usize = 128;
/// Most signatures under the ids of a role's keys that are verified, on all files of its kind.
pub const NOTARY_TRIED: usize = 1024;
/// Most layers and blobs of archives that are not what they are called and get a line.
pub const LAYERS_WRONG: usize = 64;
/// Most signatures on a Notary metadata file; real ones carry one to four.
pub const NOTARY_SIGNATURES: usize = 32;
/// Most keys listed in a Notary metadata file.
pub const NOTARY_KEYS: usize = 256;
/// Most delegations in a Notary metadata file.
pub const NOTARY_DELEGATIONS: usize = 128;
/// Most delegated roles followed in one repository.
pub const NOTARY_ROLES: usize = 512;
/// Deepest nesting of JSON arrays and objects.
pub const JSON_DEPTH: usize = 64;
/// Most values in one JSON text; bounds memory on `[[],[],…`.
pub const JSON_VALUES: usize = 1 << 17;
/// Most descriptors in an index.
pub const INDEX_DESCRIPTORS: usize = 1_000;
/// Most descriptors in all documents of one check.
pub const DESCRIPTORS: usize = 20_000;
/// Most layers in a manifest; also most signatures in a signature manifest
/// (cosign's cap for GHSA-vfp6-jrw2-99g9 is 1,000).
pub const MANIFEST_LAYERS: usize = 1_000;
/// Most referrers followed for one subject.
pub const REFERRERS: usize = 100;
/// Most signatures examined in one check.
pub const SIGNATURES: usize = 256;
/// Most pairs of a signature and a text it may have been made over that are
/// tried in one check, where nothing says which belong together.
pub const SIGNATURE_TRIES: usize = 1_024;
/// Most other images of one check that are compared with the signed one.
pub const COMPARED_IMAGES: usize = 16;
/// Most repositories whose printed digests are held against each other.
pub const REPOSITORIES: usize = 256;
/// Most printed digests (or tags) of one repository that are held against those of
/// another.
pub const WORDS: usize = 64;
/// Room in a report for what stands beside the chain, in bytes of JSON.
pub const REPORT_LINKS_BYTES: usize = 80 << 10;
/// Room in a report for the parts of the evidence, in bytes of JSON.
pub const REPORT_ITEMS_BYTES: usize = 96 << 10;
/// Most missing parts that a report lists.
pub const REPORT_NEEDS: usize = 128;
/// Most files held against a bundle that may sign one of them.
pub const BUNDLE_FILES: usize = 1_024;
/// Most transparency log entries in a bundle (sigstore-go, GHSA-cq38-jh5f-37mq).
pub const LOG_ENTRIES: usize = 32;
/// Most RFC 3161 timestamps in a bundle (sigstore-go).
pub const TIMESTAMPS: usize = 32;
/// Most subjects in an in-toto statement (sigstore-go).
pub const STATEMENT_SUBJECTS: usize = 1_024;
/// Most digests of one statement subject (sigstore-go).
pub const SUBJECT_DIGESTS: usize = 32;
/// Longest log entry body: twice the payload, which a body may hold in base64.
pub const LOG_BODY_BYTES: usize = 2 << 20;
/// Most logs in a trusted root.
pub const TRUSTED_LOGS: usize = 64;
/// Longest signed payload (simple signing or statement): 1 MiB.
pub const PAYLOAD_BYTES: usize = 1 << 20;
/// Most candidates tried when restoring the bytes of one text.
pub const RECOVERY_CANDIDATES: usize = 256;
/// Longest text whose bytes are restored: 4 MiB.
pub const RECOVERY_BYTES: usize = 4 << 20;
/// Most hashes in an inclusion proof: a tree of 2^63 leaves.
pub const PROOF_HASHES: usize = 63;
/// Most lines in a checkpoint, signatures included.
pub const CHECKPOINT_LINES: usize = 64;
/// What [`ITEMS`] counts, in its error.
pub const ITEMS_NAME: &str = "items";
/// What [`FACTS`] counts, in its error.
pub const FACTS_NAME: &str = "digests of one output";
/// What [`PASTE_BYTES`] bounds, in its error.
pub const TEXT_NAME: &str = "a text or file";
/// What [`JSON_VALUES`] counts.
pub const VALUES_NAME: &str = "JSON values";
/// Most items recognised in one check (files, pasted values, archive members): as
/// many as the engine answers for in a second.
pub const ITEMS: usize = 8_192;
/// Most members read from one archive.
pub const ARCHIVE_ENTRIES: usize = 100_000;
/// Most bytes of members' names that are looked through for images below folders of an
/// archive, each folder by itself.
pub const ARCHIVE_NAMES: usize = 4 << 20;
/// Most blobs of one archive that are measured.
pub const ARCHIVE_BLOBS: usize = 16_384;
/// What may always come out of a compressed file: an honest one may hold a large
/// file of zeros.
pub const UNPACKED_FREE: u64 = 256 << 20;
/// How many bytes may come out per byte that went in, beyond [`UNPACKED_FREE`].
/// Deflate itself stops at 1,032, zstd at 32,768; real layers stay below 20.
pub const UNPACKED_RATIO: u64 = 200;
/// Most that may come out of one compressed file: 1 TiB.
pub const UNPACKED_BYTES: u64 = 1 << 40;
/// Largest window of zstd data, which is memory: 64 MiB. The format recommends to
/// support 8 MiB (RFC 8878, section 3.1.1.1.2); builders use up to 32.
pub const ZSTD_WINDOW: usize = 64 << 20;
/// Longest a client of `serve` may take to send its request's head, in
/// milliseconds: 30 s in all. A limit between two bytes alone would let one
/// byte every 29 s hold a connection for weeks.
pub const REQUEST_HEAD_MILLISECONDS: u64 = 30_000;
/// Longest a client of `serve` may take to read an answer, in milliseconds:
/// 2 min in all, which is the longest answer (8 MiB) at 70 kB/s.
pub const ANSWER_MILLISECONDS: u64 = 120_000;
/// Longest what a client still sends after its answer is read away, in
/// milliseconds, so that the answer is not lost with it.
pub const LINGER_MILLISECONDS: u64 = 1_000;

/// Refuses `found` past `limit`; `what` names the constant's subject.
///
/// # Errors
/// [`codes::LIMIT`] with both numbers.
pub fn within(what: &str, found: usize, limit: usize) -> Result<()> {
    if found <= limit {
        return Ok(());
    }
    Err(Error::new(codes::LIMIT).in_place(what).expected(limit.to_string()).found(found.to_string()))
}
/// Most digests remembered as worth finding while bytes are restored.
pub const HINTS: usize = 20_000;
/// Most bytes hashed while restoring all the texts of one check.
pub const RECOVERY_BUDGET: usize = 64 << 20;
/// Most edges walked between documents (index, manifest, config, nested
/// indexes) on the way from what was signed to what was asked.
pub const CHAIN_STEPS: usize = 4;
/// Most lines of a text that are read in vain from each line on: without such
/// a bound a long text takes the square of its length.
pub const LOOK_AHEAD: usize = 32;
/// Most digests of one printed text that are taken as facts.
pub const FACTS: usize = 4_096;
/// Longest text, file or JSON value of no known kind that is kept: such a one may
/// be what was signed, and no payload is longer.
pub const UNRECOGNISED_BYTES: usize = PAYLOAD_BYTES;
/// Most bytes of tool output that one item keeps; its facts are read from all of it.
pub const OUTPUT_BYTES: usize = 64 << 10;
/// Most bytes of unrecognised text that are kept of one text or file.
pub const UNRECOGNISED_TOTAL: usize = 4 << 20;
/// Longest text in which typography and broken lines are mended: what is longer is
/// no paste.
pub const MENDED_BYTES: usize = 4 << 20;
