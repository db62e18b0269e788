//! Error messages: what a tool, a policy controller or a registry said instead of
//! an answer. Each is told as what it means, and about which image; none of them
//! says anything about the image's bytes.

use std::sync::OnceLock;

use super::{Command, Kind, Lines, Node, Output, list, mentions, text as member};
use crate::base::code::Code;
use crate::base::limits;
use crate::base::message::Message;
use crate::evidence::codes;
use crate::model::reference::Reference;

/// What a line says, in lower case, and what it means; the most telling first.
const SENTENCES: &[(&str, Code)] = &[
    ("no matching signatures", codes::ERROR_OTHER_KEY),
    ("invalid signature when validating", codes::ERROR_OTHER_KEY),
    ("cryptographic signature verification failed", codes::ERROR_OTHER_KEY),
    ("failed to verify signature", codes::ERROR_OTHER_KEY),
    ("no matching attestations", codes::ERROR_NO_SIGNATURE),
    ("no signatures found", codes::ERROR_NO_SIGNATURE),
    ("no signature exists", codes::ERROR_NO_SIGNATURE),
    ("no signatures exist", codes::ERROR_NO_SIGNATURE),
    ("no signature found", codes::ERROR_NO_SIGNATURE),
    ("image is not signed", codes::ERROR_NO_SIGNATURE),
    ("no signature is associated with", codes::ERROR_NO_SIGNATURE),
    ("no signatures or cannot access", codes::ERROR_NO_TRUST_DATA),
    ("trust data does not exist", codes::ERROR_NO_TRUST_DATA),
    ("does not have trust data", codes::ERROR_NO_TRUST_DATA),
    ("no valid trust data", codes::ERROR_NO_TRUST_DATA),
    ("no trust data for", codes::ERROR_NO_TRUST_DATA),
    ("signature not found in transparency log", codes::ERROR_NO_LOG),
    ("no valid tlog entries", codes::ERROR_NO_LOG),
    ("not enough verified log entries", codes::ERROR_NO_LOG),
    ("toomanyrequests", codes::ERROR_RATE),
    ("too many requests", codes::ERROR_RATE),
    ("pull rate limit", codes::ERROR_RATE),
    ("manifest unknown", codes::ERROR_NO_IMAGE),
    ("manifest_unknown", codes::ERROR_NO_IMAGE),
    ("name unknown", codes::ERROR_NO_IMAGE),
    ("name_unknown", codes::ERROR_NO_IMAGE),
    ("no such manifest", codes::ERROR_NO_IMAGE),
    ("no such image", codes::ERROR_NO_IMAGE),
    ("repository does not exist", codes::ERROR_NO_IMAGE),
    ("failed policy", codes::ERROR_POLICY),
    ("policy violation", codes::ERROR_POLICY),
    ("admission webhook", codes::ERROR_POLICY),
    ("source image rejected", codes::ERROR_POLICY),
    ("unauthorized", codes::ERROR_DENIED),
    ("authentication required", codes::ERROR_DENIED),
    ("access denied", codes::ERROR_DENIED),
    ("denied:", codes::ERROR_DENIED),
    ("no such host", codes::ERROR_NETWORK),
    ("i/o timeout", codes::ERROR_NETWORK),
    ("connection refused", codes::ERROR_NETWORK),
    ("could not resolve host", codes::ERROR_NETWORK),
    ("tls handshake timeout", codes::ERROR_NETWORK),
    ("certificate signed by unknown authority", codes::ERROR_NETWORK),
];

/// Words one of which stands in every such line.
pub(super) const MARKS: &[&str] =
    &["rror", "ignature", "rust data", "oomany", "oo many", "nauthorized", "denied", "unknown", "failed"];

/// How tools begin their errors.
pub(super) const BEGINS: &[&str] =
    &["Error: ", "error: ", "ERROR: ", "FATA[", "error during command", "main.go:", "Error response "];

fn meaning(line: &str) -> Option<Code> {
    if line.len() > 4096 {
        return None;
    }
    let first = FIRST.get_or_init(|| {
        let mut first = [0; 4];
        for gram in SENTENCES.iter().filter_map(|(sentence, _)| sentence.as_bytes().first_chunk()) {
            let (word, bit) = place(*gram);
            first.get_mut(word).into_iter().for_each(|word| *word |= bit);
        }
        first
    });
    let begins = line.as_bytes().windows(4).enumerate().filter(|(_, gram)| {
        let gram = gram.first_chunk().copied().unwrap_or_default();
        let (word, bit) = place(gram.map(|byte| byte.to_ascii_lowercase()));
        first.get(word).is_some_and(|word| word & bit != 0)
    });
    let said = begins.filter_map(|(at, _)| {
        let rest = line.as_bytes().get(at..)?;
        SENTENCES.iter().position(|(sentence, _)| {
            rest.get(..sentence.len()).is_some_and(|said| said.eq_ignore_ascii_case(sentence.as_bytes()))
        })
    });
    said.min().and_then(|at| SENTENCES.get(at)).map(|(_, code)| *code)
}

/// Which four letters sentences begin with, a bit for each kind: where none
/// begins, none is compared.
static FIRST: OnceLock<[u64; 4]> = OnceLock::new();

/// The word and the bit of four letters.
fn place(gram: [u8; 4]) -> (usize, u64) {
    let [.., hash] = u32::from_le_bytes(gram).wrapping_mul(0x9e37_79b1).to_le_bytes();
    (usize::from(hash >> 6), 1 << (hash & 63))
}

fn is_error(line: &str) -> bool {
    BEGINS.iter().any(|start| line.starts_with(start))
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let begins = is_error(first);
    let code = meaning(first).or(begins.then_some(codes::ERROR_OTHER))?;
    let mut told = code;
    let mut image = None;
    let end = lines.run(|i, line| {
        let code = meaning(line);
        if told == codes::ERROR_OTHER {
            told = code.unwrap_or(told);
        }
        let fits = i == 0 || code.is_some() || is_error(line);
        if fits && image.is_none() && i < limits::LOOK_AHEAD {
            image = named(line);
        }
        fits
    });
    let mut output = Output::new(Kind::ErrorText, end, mentions::mentioned(lines.until(end)));
    output.notes.push(Message::new(told, &[]));
    output.image = command.reference.clone().or(image);
    Some(output)
}

/// The image that an error names: a word with a registry or a tag in it.
fn named(line: &str) -> Option<String> {
    let words =
        line.split([' ', '\'', '"', '(', ')', ',', '[', ']']).map(|word| word.trim_end_matches([':', '.']));
    let marked = words.filter(|word| word.contains('/') && !word.starts_with("http") && word.len() < 600);
    let found = marked.filter_map(|word| Reference::parse_loose(word).ok());
    let mut found = found.filter(|reference| reference.tag().is_some() || reference.text().contains('.'));
    found.next().map(|reference| reference.to_string())
}

/// A registry's `{"errors":[{"code":…}]}`.
pub(super) fn registry(node: &Node<'_>) -> Option<Message> {
    let o = node.object("").ok()?;
    let first = list(&o, "errors").first()?.object("").ok()?;
    let code = match member(&first, "code")? {
        "MANIFEST_UNKNOWN" | "NAME_UNKNOWN" | "BLOB_UNKNOWN" => codes::ERROR_NO_IMAGE,
        "TOOMANYREQUESTS" => codes::ERROR_RATE,
        "UNAUTHORIZED" | "DENIED" => codes::ERROR_DENIED,
        _ => codes::ERROR_OTHER,
    };
    Some(Message::new(code, &[]))
}
