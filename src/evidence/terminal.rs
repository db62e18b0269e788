//! Lines of terminal sessions: prompts, progress meters, and the small words
//! that the recognisers of tool output share.

use super::gates::Gate;
use crate::base::affix::{begins_one, is_one};
use crate::base::digest::ClaimedDigest;
use crate::model::reference::Reference;

/// Programs whose command lines are known for what they are even without a
/// prompt before them.
pub(super) const TOOLS: &str = "docker|cosign|skopeo|crane|oras|notary|podman|nerdctl|regctl|buildah|curl|wget|\
    sha256sum|shasum|openssl|jq|cat|sudo|kubectl|crictl|ctr|aws|notation|helm|gh|trivy|syft|\
    grype|slsa-verifier|rekor-cli";

/// Longest prompt.
const PROMPT: usize = 200;

/// Gates for [`super::command::command`]: a program, a prompt before it, or another
/// program that runs it.
pub(super) const COMMANDS: [Gate; 2] = [
    Gate { begins: TOOLS, holds: "", digits: false },
    Gate { begins: RUN, holds: "@|$ |# |> |\u{276f} ", digits: false },
];

/// How lines begin that run a program which stands further on.
const RUN: &str = "$ |% |# |\u{276f} |\u{279c} |\u{3bb} |PS |C:\\|D:\\|+ |run |- run:|[command]|\
    ##[command]|in [|!|time |env |watch |nice |nohup |timeout |command |exec |doas |bash |\
    sh |zsh |ssh |wsl |for |while |if |cd |set |export |retry |stdbuf |test |true|/|echo |\
    DOCKER_|minikube |nix-shell |xargs |step |& |\"C:\\|1)|2)|3)|1. |2. |3. ";

/// Gates for [`is_noise`].
pub(super) const NOISE: [Gate; 3] = [
    Gate { begins: NOISES, holds: "@|--:--:--", digits: false },
    Gate { begins: PROMPTS, holds: "", digits: false },
    Gate { begins: "{|}", holds: "", digits: false },
];

/// How messages of a shell or a progress meter begin.
const NOISES: &str = "% Total|Dload|DEBU[|INFO[|WARN[|time=\"|WARNING:|WARN:|```|~~~|[dotenv|Warning:|\
    Command \"|Format \"|Info ->|Resolving |Connecting to |HTTP request sent|Length: |\
    Saving to: |--20";

/// How they begin, a bit for each letter of ASCII.
const FIRST: u128 = {
    let (mut letters, mut last, mut left) = (0, b'|', NOISES.as_bytes());
    while let Some((byte, rest)) = left.split_first() {
        if last == b'|' {
            letters |= 1 << (*byte & 127);
        }
        (last, left) = (*byte, rest);
    }
    letters
};

/// Whether a line begins with the first letter of a noise: most lines do not.
fn may_be_noise(line: &str) -> bool {
    line.bytes().next().is_some_and(|first| FIRST >> (first & 127) & 1 == 1)
}

/// Lines that are a prompt and nothing else.
const PROMPTS: &str = "$|#|%|>|\u{276f}|\u{279c}|EOF";

/// The longest of them, in bytes.
const LONGEST: usize = 3;

/// What follows a shell prompt.
pub(super) fn after_prompt(line: &str) -> Option<&str> {
    for mark in ["$ ", "% ", "❯ ", "➜ "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return Some(rest.trim());
        }
    }
    let is_tool = |rest: &str| rest.split_whitespace().next().is_some_and(|word| is_one(word, TOOLS));
    if let Some(rest) = line.strip_prefix("# ").filter(|rest| is_tool(rest)) {
        return Some(rest);
    }
    if let Some((_, rest)) = line.strip_prefix("PS ").and_then(|rest| rest.split_once("> ")) {
        return Some(rest);
    }
    // user@host:directory$ command, [user@host directory]# command
    let marked = |at: &usize| {
        let mark = at.checked_sub(1).and_then(|before| line.as_bytes().get(before));
        mark.is_some_and(|mark| matches!(mark, b'$' | b'#' | b'%'))
    };
    let blanks = line.match_indices(' ').map(|(at, _)| at).take_while(|at| *at <= PROMPT);
    let end = { blanks }.find(marked)? - 1;
    let (prompt, rest) = line.split_at_checked(end)?;
    // The `@` of a prompt stands before no digest.
    let shaped = prompt.contains('@') && !prompt.contains("@sha") && prompt.matches(' ').count() <= 2;
    shaped.then(|| rest.get(2..).unwrap_or_default().trim())
}

/// Whether a line is only a prompt, or a message of a shell or progress meter.
pub(super) fn is_noise(line: &str) -> bool {
    let line = line.trim();
    let noise = line.is_empty()
        || line.len() <= LONGEST && is_one(line, PROMPTS)
        || may_be_noise(line) && begins_one(line, NOISES)
        || (line.ends_with(['$', '#', '%']) && line.contains('@') && line.len() < PROMPT)
        || is_progress(line);
    // A log's line may name an image, by its first digits too.
    let hex = |run: &[u8]| run.len() >= SHOWN && run.iter().all(u8::is_ascii_hexdigit);
    let mut runs = line.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
    noise && !runs.any(|run| hex(run) && !run.iter().all(u8::is_ascii_digit))
}

/// Digits that a list shows of an ID.
const SHOWN: usize = 12;

/// curl's progress meter, or its `{ [1201 bytes data]`.
fn is_progress(line: &str) -> bool {
    let data = line.starts_with(['{', '}']) && line.ends_with("bytes data]");
    let meter = || line.contains(':') && line.contains("--:--:--");
    data || meter()
}

/// `sha256:` and 64 digits, anywhere in a text, with their byte offsets. Digits
/// in capitals are the same ones.
pub(super) fn digests(line: &str) -> impl Iterator<Item = (usize, ClaimedDigest)> {
    marks(line).filter_map(move |at| {
        let rest = line.get(at + MARK..)?;
        let length = rest.bytes().take(129).take_while(u8::is_ascii_alphanumeric).count();
        // Most of what is no digest is left without making an error of it.
        let digits = rest.get(..64).filter(|_| length == 64)?.to_ascii_lowercase();
        ClaimedDigest::parse_sha256_hex(&digits).ok().map(|digest| (at, digest))
    })
}

/// Length of `sha256:`.
const MARK: usize = 7;

/// Where `sha256:` stands in a text, also in capitals.
fn marks(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices(':').filter_map(|(end, _)| {
        let at = end.checked_sub(MARK - 1)?;
        text.get(at..end)?.eq_ignore_ascii_case("sha256").then_some(at)
    })
}

/// Most bytes over which one digest is spread.
const SPREAD: usize = 400;

/// A digest that was broken: by line ends, in groups of digits, by characters that
/// nobody sees. What a word begins with is no part of it.
pub(super) fn broken_digests(text: &str) -> impl Iterator<Item = (usize, ClaimedDigest)> {
    marks(text).filter_map(|at| {
        let rest = text.get(at + MARK..)?;
        ClaimedDigest::parse_sha256_hex(&pieces(rest)?).ok().map(|digest| (at, digest))
    })
}

/// The digits of a digest that stands in pieces at the beginning of a text.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn pieces(text: &str) -> Option<String> {
    let between = |c: char| {
        c.is_whitespace() || matches!(c, '\\' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
    };
    let end = (0..=text.len().min(SPREAD)).rev().find(|at| text.is_char_boundary(*at))?;
    let (mut digits, mut count, mut rest) = (String::new(), 0, text.get(..end)?);
    let mut first = None;
    loop {
        let after = rest.trim_start_matches(between);
        let gap = rest.get(..rest.len() - after.len()).unwrap_or_default();
        let length = after.bytes().take(DIGITS + 1).take_while(u8::is_ascii_hexdigit).count();
        let piece = after.get(..length).filter(|piece| !piece.is_empty())?;
        let first = *first.get_or_insert(length);
        let last = digits.len() + length == DIGITS;
        let fits = match () {
            () if count == 0 || !gap.contains(char::is_whitespace) => true,
            // A line between is as wide as the one before it.
            () if gap.contains('\n') => last || length >= first,
            // Groups are of one length, but for the last.
            () => length == first || last && length < first && count > 1,
        };
        if !fits || gap.contains('\n') && last && !is_rest(after, DIGITS - digits.len()) {
            return None;
        }
        digits.push_str(&piece.to_ascii_lowercase());
        rest = after.get(length..)?;
        if digits.len() >= DIGITS {
            return (last && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some(digits);
        }
        count += 1;
    }
}

/// Digits of a digest.
const DIGITS: usize = 64;

/// Whether a text begins with so many digits that may be the rest of a digest broken
/// before it: no word goes on behind them, and they are no word of a sentence.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn is_rest(text: &str, missing: usize) -> bool {
    let Some((digits, after)) = text.split_at_checked(missing) else { return false };
    let letters = digits.bytes().all(|b| b.is_ascii_alphabetic());
    let mut next = after.chars();
    let (one, two) = (next.next(), next.next());
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    missing > 0
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && !match one {
            Some('-' | '_' | '/' | '=' | '+') => true,
            Some('.' | ':' | '@') => word(two),
            Some(' ') => letters && word(two),
            one => word(one),
        }
}

/// The first digits of a digest that was cut: behind `sha256:`, too few, and no rest of
/// it anywhere.
pub(super) fn cut_digest(text: &str) -> Option<&str> {
    // What docker shows of an image: nothing else stands there.
    let id = |text: &&str| {
        let digit = text.bytes().any(|byte| byte.is_ascii_digit());
        text.len() == FEWEST && digit && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    marks(text).find_map(|at| first_digits(text.get(at + MARK..)?)).or_else(|| Some(text.trim()).filter(id))
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn first_digits(rest: &str) -> Option<&str> {
    let length = rest.bytes().take(DIGITS).take_while(u8::is_ascii_hexdigit).count();
    let ends = !rest.get(length..)?.starts_with(|c: char| c.is_alphanumeric());
    rest.get(..length).filter(|_| ends && (FEWEST..DIGITS).contains(&length))
}

/// Digits that tell images apart: fewer may be anything.
const FEWEST: usize = 12;

/// Whether this is 64 lower-case hexadecimal digits.
pub(super) fn hex64(text: &str) -> bool {
    ClaimedDigest::parse_sha256_hex(text).is_ok()
}

/// Whether a digest stands in it, with or without its algorithm.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
pub(super) fn shows_digest(text: &str) -> bool {
    text.contains("sha256") || text.split(|c: char| !c.is_ascii_alphanumeric()).any(hex64)
}

/// `Key: value`, with a key of letters.
pub(super) fn key_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().split_once(':')?;
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    let separated = value.is_empty() || value.starts_with([' ', '\t']);
    (plain && separated).then(|| (key, value.trim()))
}

/// The reference in `text`, if it is nothing else.
pub(super) fn as_reference(text: &str) -> Option<Reference> {
    let reference = Reference::parse(text.trim()).ok()?;
    // Other addresses of Docker Hub are the same registry.
    let hub = reference.registry().ends_with("docker.io") || reference.registry().ends_with("docker.com");
    match hub && !reference.host().is_docker_hub() {
        true => Reference::parse_loose(text.trim()).ok().or(Some(reference)),
        false => Some(reference),
    }
}
