//! What is said on a terminal beside the report. Arguments, names of files and
//! answers of servers are untrusted text: none of it may move the cursor,
//! change colours or forge a line.

use std::io::Write as _;

use crate::screen::{Screen, When};

/// Untrusted text on one line: control characters and marks that reorder text
/// are written as escapes.
pub(crate) fn safe(text: &str) -> String {
    let reorders = |c: char| matches!(c, '\u{061c}' | '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.chars()
        .flat_map(|c| {
            if c.is_control() || reorders(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }
        })
        .collect()
}

/// Says one line on standard error, broken where the terminal ends; if even that
/// fails there is nobody to tell.
pub(crate) fn say(line: &str) {
    let text = safe(line);
    let words = text.trim_start_matches(' ');
    let indent = text.len() - words.len();
    let _unheard = Screen::of_stderr().line(&mut std::io::stderr().lock(), indent, "", words);
}

/// Tells one paragraph on standard output, broken likewise; a closed pipe is no error.
pub(crate) fn tell(head: &str, text: &str) {
    let _closed_pipe =
        Screen::of_stdout(When::Never).line(&mut std::io::stdout().lock(), 0, head, &safe(text));
}

/// Tells a line that stays whole: a command to copy.
pub(crate) fn tell_whole(line: &str) {
    let _closed_pipe = writeln!(std::io::stdout(), "{}", safe(line));
}

/// Says a text of several lines that quotes arguments: what an argument holds
/// breaks no line.
pub(crate) fn say_quoting(text: &str, arguments: impl Iterator<Item = String>) {
    let mut text = text.to_owned();
    for argument in arguments {
        // `--name=value` is quoted as a whole, or its value is.
        for part in [Some(argument.as_str()), argument.split_once('=').map(|(_, value)| value)] {
            if let Some(part) = part.filter(|part| safe(part) != *part) {
                text = text.replace(part, &safe(part));
            }
        }
    }
    for line in text.trim_end().split('\n') {
        // How a command is called is no sentence.
        if line.starts_with("Usage:") {
            let _unheard = writeln!(std::io::stderr(), "{}", safe(line));
        } else {
            say(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_moves_the_cursor_or_forges_a_line() {
        for (text, shown) in [
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\nb\rc\td", "a\\u{a}b\\u{d}c\\u{9}d"),
            ("\u{9b}31m\u{7f}\u{8}", "\\u{9b}31m\\u{7f}\\u{8}"),
            ("a\u{202e}b\u{2066}c\u{feff}", "a\\u{202e}b\\u{2066}c\\u{feff}"),
            ("nicolas/webdis:0.1.24 «é» 日本", "nicolas/webdis:0.1.24 «é» 日本"),
        ] {
            assert_eq!(safe(text), shown);
        }
    }
}
