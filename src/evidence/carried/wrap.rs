//! Lines that a terminal has broken where its width ended. A digest that goes on in
//! the next line shows it, and how wide the terminal was.

use crate::base::affix;
use crate::base::list::CollectVec as _;
use crate::evidence::terminal::is_rest;

/// The narrowest terminal.
const NARROWEST: usize = 24;
/// Digits of a digest.
const DIGITS: usize = 64;

/// The text with those lines joined; nothing if no digest is broken.
pub(super) fn joined(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect_vec();
    let width = lines.iter().enumerate().find_map(|(n, line)| {
        let is_broken = broken(&lines, n);
        is_broken.then(|| line.chars().count())
    })?;
    // A wider line was not broken there.
    if width < NARROWEST || lines.iter().any(|line| line.chars().count() > width) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    for (n, line) in lines.iter().enumerate() {
        out.push_str(line);
        let so_far = out.get(start..).unwrap_or_default();
        let goes_on = line.chars().count() == width
            && lines.get(n + 1).is_some_and(|next| broken(&lines, n) || !begins(next) && !ends(so_far, next));
        if !goes_on {
            out.push('\n');
            start = out.len();
        }
    }
    Some(out)
}

/// Whether a digest begins in line `n` and ends in a later one.
fn broken(lines: &[&str], n: usize) -> bool {
    let Some(line) = lines.get(n) else { return false };
    let mut digits = line.len() - line.trim_end_matches(is_digit).len();
    if digits == 0 || digits >= DIGITS || line.chars().count() < NARROWEST {
        return false;
    }
    // The lines between hold nothing but digits of it.
    for next in lines.iter().skip(n + 1).take(DIGITS / NARROWEST + 1) {
        let more = next.bytes().take_while(|b| is_digit(char::from(*b))).count();
        if digits + more >= DIGITS || more < next.len() {
            return is_rest(next, DIGITS - digits);
        }
        digits += more;
    }
    false
}

const fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='f')
}

/// Whether a line surely begins something: then the one before ended by chance.
fn begins(line: &str) -> bool {
    line.trim().is_empty() || affix::begins(line, b"$#{}[]")
}

/// Whether a line ends with a digest that is whole, and the next is no remark on it.
fn ends(line: &str, next: &str) -> bool {
    let digits = line.bytes().rev().take(DIGITS + 1).take_while(|b| is_digit(char::from(*b))).count();
    digits == DIGITS && !next.trim_start().starts_with(['(', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_that_goes_on_shows_the_width() {
        let digest = "ab12".repeat(16);
        let text = format!("$ docker pull example/app@sha256:{digest}\nDigest: sha256:{digest}\nshort\n");
        for width in [30, 40, 47, 60, 79] {
            let mut wrapped = String::new();
            for line in text.lines() {
                let chars: Vec<char> = line.chars().collect();
                chars
                    .chunks(width)
                    .for_each(|chunk| wrapped.push_str(&(chunk.iter().collect::<String>() + "\n")));
            }
            assert_eq!(joined(&wrapped).as_deref(), Some(text.as_str()), "{width}");
        }
        assert_eq!(joined(&text), None);
        // The first letter of a word is no digit of what was cut before it.
        for next in ["foo: done", "about", "a new image", "f/a:1", "e-1"] {
            assert_eq!(joined(&format!("Digest: sha256:{}\n{next}\n", &digest[..63])), None, "{next}");
        }
        for next in ["b", "b  12 MB", "b)", "b: Pulling"] {
            let text = format!("Digest: sha256:{}\n{next}\n", &digest[..63]);
            assert_eq!(joined(&text), Some(text.replacen("\nb", "b", 1)), "{next}");
        }
        // Lines of one width that are whole.
        assert_eq!(joined(&format!("{digest}\n{digest}\n")), None);
        assert_eq!(joined(&format!("{}\n{}\n", &digest[..60], &digest[..60])), None);
    }
}
