//! A document in quote marks, or in base64, among lines that stand as they are: an answer that
//! quotes a bundle, an index above what `base64` printed.

use super::encoded::in_base64;
use crate::base::json;

/// Shorter lines of base64 are words, digests or signatures.
const LETTERS: usize = 60;

/// The text with such documents as they were; nothing if it has none.
pub(super) fn text(text: &str) -> Option<String> {
    let quotes = text.starts_with('>') || text.contains("\n>");
    if !quotes && !text.lines().any(|line| letters(line).is_some_and(|line| line.len() >= LETTERS)) {
        return None;
    }
    Some(replaced(text)).filter(|out| out != text)
}

// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn replaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        // A prompt that goes on begins with the same sign, and no document does.
        if quoted(line).is_some_and(|line| line.trim_start().starts_with(['{', '['])) {
            out.push_str(quoted(line).unwrap_or_default());
            while let Some(more) = lines.peek().copied().and_then(quoted) {
                out.push_str(more);
                lines.next();
            }
        } else if letters(line).is_some_and(|line| line.len() >= LETTERS) {
            let mut run = line.to_owned();
            while let Some(more) = lines.peek().copied().filter(|more| letters(more).is_some()) {
                run.push_str(more);
                lines.next();
            }
            // A part of one is a member that a terminal broke.
            let document = in_base64(run.trim()).filter(|text| {
                text.trim_start().starts_with(['{', '[']) && json::parse(text.trim().as_bytes()).is_ok()
            });
            match document {
                Some(document) => {
                    out.push_str(&document);
                    out.push('\n');
                }
                None => out.push_str(&run),
            }
        } else {
            out.push_str(line);
        }
    }
    out
}

/// A line without its quote mark.
fn quoted(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('>')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

/// A line of nothing but letters of base64.
fn letters(line: &str) -> Option<&str> {
    let line = line.trim_end();
    let known = |b: u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b);
    (!line.is_empty() && line.bytes().all(known)).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::encoding::base64;

    #[test]
    fn a_document_among_other_lines_is_as_it_was() {
        let mail = "an answer:\n> {\n>   \"a\": 1\n> }\nsincerely\n";
        assert_eq!(text(mail).unwrap(), "an answer:\n{\n  \"a\": 1\n}\nsincerely\n");
        let document = format!("{{\"a\": \"{}\"}}", "b".repeat(90));
        let encoded = base64::encode(document.as_bytes());
        assert_eq!(text(&format!("x y\n{encoded}\nz\u{20}1\n")).unwrap(), format!("x y\n{document}\nz 1\n"));
        let (first, rest) = encoded.split_at(76);
        assert_eq!(text(&format!("x y\n{first}\n{rest}\n")).unwrap(), format!("x y\n{document}\n"));
        for other in [
            "$ docker pull \\\n> a:1\n",
            "> a\n> b\n",
            "x y\nMEUCIQCFPl7VstJD2+JGi7qX3Aj4eiGJttmz/dRDniQKmp4k+wIgcF0A6176kb54iO6eunftEkYVIxM8k9rtTZNPGoKgcVw=\n",
            "{\"a\":1}\n",
        ] {
            assert_eq!(text(other), None, "{other}");
        }
    }
}
