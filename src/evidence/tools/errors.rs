//! Error messages: what a tool, a policy controller or a registry said instead of
//! an answer. Each is told as what it means, and about which image; none of them
//! says anything about the image's bytes.

use std::sync::OnceLock;

use super::{Command, Kind, Lines, Node, Output, list, mentions, text as member};
use crate::base::affix;
use crate::base::code::Code;
use crate::base::limits;
use crate::base::list::CollectVec as _;
use crate::base::message::Message;
use crate::base::order;
use crate::evidence::codes;
use crate::model::reference::Reference;

/// What a line says, in lower case, and what it means; the most telling first.
const SENTENCES: &[(&str, Code)] = &[
    // The bytes that arrived are not those that were asked for.
    ("manifest does not match provided manifest digest", codes::ERROR_DIGEST),
    ("verification failed for digest", codes::ERROR_DIGEST),
    ("unexpected commit digest", codes::ERROR_DIGEST),
    ("digest did not match", codes::ERROR_DIGEST),
    ("digest mismatch", codes::ERROR_DIGEST),
    // cosign, and what calls it: flux, kyverno, policy-controller, Connaisseur. The reason
    // decides, wherever it stands.
    ("comparing public key pems", codes::ERROR_OTHER_KEY),
    ("failed to verify log inclusion", codes::ERROR_LOG),
    ("not enough verified log entries", codes::ERROR_LOG),
    ("error verifying bundle", codes::ERROR_LOG),
    ("unable to verify set", codes::ERROR_LOG),
    ("rekor log public key not found", codes::ERROR_LOG),
    ("signature not found in transparency log", codes::ERROR_NO_LOG),
    ("no valid tlog entries", codes::ERROR_NO_LOG),
    ("failed to verify signature: provided artifact digest", codes::ERROR_OTHER_IMAGE),
    ("no matching subject digest found", codes::ERROR_OTHER_IMAGE),
    ("invalid or missing digest in claim", codes::ERROR_OTHER_IMAGE),
    ("signature for digest", codes::ERROR_OTHER_IMAGE),
    ("signature for identity", codes::ERROR_OTHER_NAME),
    ("accepted signatures do not match threshold", codes::ERROR_OTHER_KEY),
    ("invalid signature when validating", codes::ERROR_OTHER_KEY),
    ("cryptographic signature verification failed", codes::ERROR_OTHER_KEY),
    ("failed to verify signature", codes::ERROR_OTHER_KEY),
    ("expected key signature, not certificate", codes::ERROR_OTHER_KEY),
    ("signature by key", codes::ERROR_OTHER_KEY),
    ("trust data has insufficient signatures", codes::ERROR_OTHER_KEY),
    ("could not validate the path to a trusted root", codes::ERROR_OTHER_KEY),
    ("none of the expected identities matched", codes::ERROR_IDENTITY),
    ("failed to verify certificate identity", codes::ERROR_IDENTITY),
    ("expected github workflow", codes::ERROR_IDENTITY),
    ("signature keyless validation failed", codes::ERROR_IDENTITY),
    ("signature is not produced by a trusted signer", codes::ERROR_IDENTITY),
    ("none of the attestations matched the predicate type", codes::ERROR_OTHER_TYPE),
    ("no valid bundles", codes::ERROR_NO_SIGNATURE),
    ("no attestations associated", codes::ERROR_NO_SIGNATURE),
    ("no signatures associated", codes::ERROR_NO_SIGNATURE),
    ("no signatures found", codes::ERROR_NO_SIGNATURE),
    ("no signature exists", codes::ERROR_NO_SIGNATURE),
    ("no signatures exist", codes::ERROR_NO_SIGNATURE),
    ("no signature found", codes::ERROR_NO_SIGNATURE),
    ("no matching signatures", codes::ERROR_NONE_PASSED),
    ("no matching attestations: ", codes::ERROR_NONE_PASSED),
    ("no matching attestations", codes::ERROR_NO_SIGNATURE),
    ("none of the signatures were accepted", codes::ERROR_NONE_PASSED),
    ("verification failed for all the signatures", codes::ERROR_NONE_PASSED),
    ("cert verification failed", codes::ERROR_NONE_PASSED),
    ("image is not signed", codes::ERROR_NO_SIGNATURE),
    ("no signature is associated with", codes::ERROR_NO_SIGNATURE),
    ("no referrers found", codes::ERROR_NO_SIGNATURE),
    ("unable to find signed digest", codes::ERROR_NO_SIGNATURE),
    ("subject failed verification", codes::ERROR_POLICY),
    ("no signatures or cannot access", codes::ERROR_NO_TRUST_DATA),
    ("trust data does not exist", codes::ERROR_NO_TRUST_DATA),
    ("does not have trust data", codes::ERROR_NO_TRUST_DATA),
    ("no valid trust data", codes::ERROR_NO_TRUST_DATA),
    ("no trust data for", codes::ERROR_NO_TRUST_DATA),
    ("error contacting notary server", codes::ERROR_NO_TRUST_DATA),
    ("repository out-of-date", codes::ERROR_TRUST_EXPIRED),
    ("trust data expired", codes::ERROR_TRUST_EXPIRED),
    ("targets expired at", codes::ERROR_TRUST_EXPIRED),
    ("timestamp expired at", codes::ERROR_TRUST_EXPIRED),
    ("toomanyrequests", codes::ERROR_RATE),
    ("too many requests", codes::ERROR_RATE),
    ("pull rate limit", codes::ERROR_RATE),
    ("no matching manifest for", codes::ERROR_PLATFORM),
    ("no image found in manifest list for", codes::ERROR_PLATFORM),
    ("no such image", codes::ERROR_NOT_HELD),
    ("no such object", codes::ERROR_NOT_HELD),
    ("image not known", codes::ERROR_NOT_HELD),
    ("pull access denied", codes::ERROR_DENIED),
    ("resource is denied", codes::ERROR_DENIED),
    ("returned error: 401", codes::ERROR_DENIED),
    ("returned error: 403", codes::ERROR_DENIED),
    ("returned error: 404", codes::ERROR_NO_IMAGE),
    ("returned error: 429", codes::ERROR_RATE),
    ("returned error: 5", codes::ERROR_NETWORK),
    ("failed to connect to", codes::ERROR_NETWORK),
    ("couldn't connect to server", codes::ERROR_NETWORK),
    ("403 forbidden", codes::ERROR_DENIED),
    ("manifest unknown", codes::ERROR_NO_IMAGE),
    ("manifest_unknown", codes::ERROR_NO_IMAGE),
    ("name unknown", codes::ERROR_NO_IMAGE),
    ("name_unknown", codes::ERROR_NO_IMAGE),
    ("no such manifest", codes::ERROR_NO_IMAGE),
    ("repository does not exist", codes::ERROR_NO_IMAGE),
    ("unauthorized", codes::ERROR_DENIED),
    ("authentication required", codes::ERROR_DENIED),
    ("access denied", codes::ERROR_DENIED),
    ("access is denied", codes::ERROR_DENIED),
    ("no such host", codes::ERROR_NETWORK),
    ("i/o timeout", codes::ERROR_NETWORK),
    ("connection refused", codes::ERROR_NETWORK),
    ("could not resolve host", codes::ERROR_NETWORK),
    ("tls handshake timeout", codes::ERROR_NETWORK),
    ("server gave http response to https client", codes::ERROR_NETWORK),
    ("certificate signed by unknown authority", codes::ERROR_NETWORK),
    ("failed policy", codes::ERROR_POLICY),
    ("policy violation", codes::ERROR_POLICY),
    ("admission webhook", codes::ERROR_POLICY),
    ("source image rejected", codes::ERROR_POLICY),
    ("denied:", codes::ERROR_DENIED),
    ("failed to fetch the content of", codes::ERROR_NO_IMAGE),
    ("failed to resolve reference", codes::ERROR_NO_IMAGE),
    ("connect to the docker daemon", codes::ERROR_NO_DAEMON),
    ("cannot connect to podman", codes::ERROR_NO_DAEMON),
    ("command not found", codes::ERROR_NO_PROGRAM),
    ("is not recognized as", codes::ERROR_NO_PROGRAM),
    ("requires api version", codes::ERROR_OTHER),
    ("back-off pulling image", codes::ERROR_OTHER),
];

/// Words one of which stands in most such lines.
pub(super) const MARKS: &str = "rror|ignature|rust data|oomany|oo many|nauthorized|denied|unknown|failed";

/// How tools begin their errors.
pub(super) const BEGINS: &str = "Error: |error: |ERROR: |FATA[|error during command|main.go:|Error response ";

/// How lines begin that have none of these words.
pub(super) const OTHERS: &str = "no |curl: (|wget: |Get |Head |Unable to |Back-off |sh: |bash: |zsh: |fish: |'|The term |\
    docker: |podman: |permission |Cannot connect|x509: |dial tcp|image |manifest for |\
    too many |could not |policy |source image |authentication |i/o |connection |repository |\
    manifest |name |digest |none |accepted |unexpected |subject |targets |timestamp |403 |\
    not enough |admission |trust data |pull |tls |server |connect |command |is not |\
    requires |returned |couldn't |\"-|access |resource |rekor |comparing |cert |expected |\
    invalid |[";

fn meaning(line: &str) -> Option<Code> {
    if line.len() > 4096 {
        return None;
    }
    let (first, grams) = FIRST.get_or_init(|| {
        let gram = |(sentence, _): &(&str, Code)| sentence.as_bytes().first_chunk().copied();
        let numbered = SENTENCES.iter().enumerate();
        let mut grams: Vec<_> = numbered.filter_map(|(at, row)| Some((gram(row)?, at))).collect_vec();
        order::sort_by_key(&mut grams, |(gram, _)| *gram);
        let mut first = [0; 64];
        for (word, bit) in grams.iter().map(|(gram, _)| place(*gram)) {
            first.get_mut(word).into_iter().for_each(|word| *word |= bit);
        }
        (first, grams)
    });
    let mut last = [0; 4];
    let begins = line.bytes().enumerate().filter_map(|(at, byte)| {
        let [_, one, two, three] = last;
        last = [one, two, three, byte.to_ascii_lowercase()];
        let (word, bit) = place(last);
        first.get(word).filter(|word| **word & bit != 0).and_then(|_| Some((at.checked_sub(3)?, last)))
    });
    // A shell that has no such program says it in the words of a registry.
    let not_found = line.ends_with(": not found");
    if not_found && SHELLS.iter().any(|shell| line.starts_with(shell)) {
        return Some(codes::ERROR_NO_PROGRAM);
    }
    let said = begins.filter_map(|(at, gram)| {
        let rest = line.as_bytes().get(at..)?;
        let from = grams.partition_point(|(known, _)| *known < gram);
        let mut begun = grams.get(from..)?.iter().take_while(|(known, _)| *known == gram).map(|(_, at)| *at);
        begun.find(|at| {
            let sentence = SENTENCES.get(*at).map_or("", |(sentence, _)| sentence).as_bytes();
            rest.get(..sentence.len()).is_some_and(|said| said.eq_ignore_ascii_case(sentence))
        })
    });
    let said = said.min().and_then(|at| SENTENCES.get(at)).map(|(_, code)| *code);
    // What is not there is what would have been kept beside the image.
    let said = said.map(|code| {
        match code == codes::ERROR_NO_IMAGE && line.contains(".sig") && line.contains("sha256-") {
            true => codes::ERROR_NO_SIGNATURE,
            false => code,
        }
    });
    said.or_else(|| (not_found && is_error(line)).then_some(codes::ERROR_NO_IMAGE))
}

/// How shells begin their own errors.
const SHELLS: [&str; 2] = ["sh: ", "/bin/sh: "];

/// Which four letters sentences begin with: a bit for each kind, and those of each
/// sentence. Where none begins, none is compared.
static FIRST: OnceLock<([u64; 64], Vec<Begins>)> = OnceLock::new();

/// Four letters and the number of the sentence that begins with them.
type Begins = ([u8; 4], usize);

/// The word and the bit of four letters.
fn place(gram: [u8; 4]) -> (usize, u64) {
    let [.., low, high] = u32::from_le_bytes(gram).wrapping_mul(0x9e37_79b1).to_le_bytes();
    (usize::from(high >> 2), 1 << (low >> 2))
}

fn is_error(line: &str) -> bool {
    affix::begins_one(line, BEGINS)
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let first = lines.first()?;
    let begins = is_error(first);
    let code = meaning(first).or(begins.then_some(codes::ERROR_OTHER))?;
    let mut told = code;
    let mut several = false;
    let mut image = None;
    let end = lines.run(|i, line| {
        let code = meaning(line);
        // What refused an image tells its reason further down; several are none.
        if let Some(code) = code.filter(|code| *code != codes::ERROR_OTHER && *code != told) {
            if !several && (is(told, REFUSALS) || is(told, HEADS) && is(code, REASONS)) {
                told = code;
            } else if is(told, REASONS) && is(code, REASONS) {
                (told, several) = (codes::ERROR_NONE_PASSED, true);
            }
        }
        let heading = told == codes::ERROR_POLICY && i < HEADINGS && is_heading(line);
        let fits = i == 0 || code.is_some() || is_error(line) || is_continued(line) || heading;
        // An identity that was refused is not the image that was asked for.
        let other = line.contains(" identity ");
        if fits && image.is_none() && !other && i < limits::LOOK_AHEAD {
            image = named(line);
        }
        fits
    });
    let mut output = Output::new(Kind::ErrorText, end, mentions::mentioned(lines.until(end)));
    output.notes.push(Message::new(told, &[]));
    output.image = command.reference.clone().or(image);
    Some(output)
}

/// Messages whose reason follows, whatever it is.
const REFUSALS: &[Code] =
    &[codes::ERROR_OTHER, codes::ERROR_NO_PROGRAM, codes::ERROR_NO_DAEMON, codes::ERROR_POLICY];
/// Messages below which every signature's own reason stands.
const HEADS: &[Code] = &[codes::ERROR_NONE_PASSED, codes::ERROR_NO_SIGNATURE];
/// Why one signature did not pass.
const REASONS: &[Code] = &[
    codes::ERROR_OTHER_KEY,
    codes::ERROR_OTHER_NAME,
    codes::ERROR_OTHER_IMAGE,
    codes::ERROR_IDENTITY,
    codes::ERROR_LOG,
    codes::ERROR_NO_LOG,
];

fn is(code: Code, among: &[Code]) -> bool {
    among.contains(&code)
}

/// Lines after a refusal that may be headings of its reasons.
const HEADINGS: usize = 12;

/// Kyverno's headings: a policy, a resource, a rule.
fn is_heading(line: &str) -> bool {
    line.ends_with(':') || line.starts_with("policy ") || line.starts_with("resource ")
}

/// Roots of a log that cosign prints over several lines.
fn is_continued(line: &str) -> bool {
    let numbers = line.strip_prefix('[').and_then(|rest| rest.split(' ').next());
    numbers.is_some_and(|first| !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit()))
        || line.starts_with("does not match expected root")
}

/// The image that an error names: a word with a registry or a tag in it, or what
/// stands behind `for` or `image`.
fn named(line: &str) -> Option<String> {
    let words =
        line.split([' ', '\'', '"', '(', ')', ',', '[', ']']).map(|word| word.trim_end_matches([':', '.']));
    let marked = words.filter(|word| word.contains('/') && !word.starts_with("http") && word.len() < 600);
    let found = marked.filter_map(|word| Reference::parse_loose(word).ok());
    let mut found = found.filter(|reference| reference.tag().is_some() || reference.text().contains('.'));
    let after = || {
        let mut words = line.split([' ', '\'', '"', ',', '(', ')']).filter(|word| !word.is_empty());
        words.find(|word| {
            matches!(word.to_ascii_lowercase().as_str(), "for" | "image" | "image:" | "manifest:")
        })?;
        let word = words.next()?.trim_end_matches([':', '.']);
        Reference::parse(word).ok().filter(|reference| reference.tag().is_some())
    };
    found.next().or_else(after).map(|reference| reference.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_passes_the_gate() {
        for (sentence, code) in SENTENCES {
            let starts = |starts: &str| sentence.starts_with(&starts.to_ascii_lowercase());
            let passes = affix::each(BEGINS).chain(affix::each(OTHERS)).any(starts)
                || affix::each(MARKS).any(|mark| sentence.contains(mark.get(..6).unwrap_or(mark)));
            assert!(passes, "{sentence}");
            assert_eq!(meaning(sentence), Some(*code), "{sentence}: another one says more");
        }
    }
}
