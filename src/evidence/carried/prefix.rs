//! What stands before every line: numbers (`cat -n`, `nl`, `grep -n`), quote marks of
//! mail, the marks of a diff, a comment or a table, the name of a container, a time.

use super::log;
use crate::base::affix;
use crate::evidence::terminal::shows_digest;

/// How many prefixes stand one inside the other.
const DEPTH: usize = 4;

/// Lines of an answer before and after the mail that it quotes.
const ANSWER: usize = 8;

/// The text without them, if every line has one; an answer to a mail stands around it,
/// and a frame has lines of its own.
pub(super) fn removed(text: &str) -> Option<String> {
    let quotes = text.lines().any(|line| line.starts_with('>'));
    let mut out: Option<String> = quotes.then(|| quoted(text)).flatten().or_else(|| unframed(text));
    for _ in 0..DEPTH {
        let Some(next) = once(out.as_deref().unwrap_or(text)) else { break };
        out = Some(next);
    }
    out
}

/// The text of a mail that an answer quotes, with the lines of the answer around it.
/// `curl -v` marks what it sends in the same way, beside what it receives.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn quoted(text: &str) -> Option<String> {
    let marked = |line: &str| line.starts_with('>');
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let before = filled().take(ANSWER + 1).take_while(|line| !marked(line)).count();
    let within = filled().skip(before).take_while(|line| marked(line)).count();
    let after = filled().skip(before + within).take(ANSWER + 1);
    let plain = |line: &str| !marked(line) && !affix::begins(line, b"<*{[}");
    let around = filled().take(before).chain(after.clone());
    let fits = (1..=ANSWER).contains(&before) && within > 1 && after.count() <= ANSWER;
    // A shell asks with the same mark for the rest of a command.
    let asks = filled().take(before).last().is_some_and(|line| line.starts_with('$'));
    if !fits || asks || !around.into_iter().all(plain) {
        return None;
    }
    let strip = |line: &str| match line.strip_prefix('>') {
        Some(rest) => format!("{}\n", rest.strip_prefix(' ').unwrap_or(rest)),
        None => format!("{line}\n"),
    };
    Some(text.lines().map(strip).collect())
}

/// The text without the upper and the lower line of a frame around it.
fn unframed(text: &str) -> Option<String> {
    let corner = |line: &str, corners: &[char]| line.trim_start().starts_with(corners);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (first, last) = (lines.next()?, lines.next_back()?);
    let rule = |line: &str| line.trim().chars().all(|c| ('\u{2500}'..='\u{257f}').contains(&c));
    let framed = corner(first, &['\u{250c}', '\u{256d}']) && corner(last, &['\u{2514}', '\u{2570}']);
    if !framed || !rule(first) || !rule(last) {
        return None;
    }
    let inside = |line: &&str| *line != first && *line != last;
    Some(text.lines().filter(inside).map(|line| format!("{line}\n")).collect())
}

fn once(text: &str) -> Option<String> {
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let first = filled().next()?;
    // One line has a prefix only by chance.
    filled().nth(1)?;
    // The start of a document, or of a table, is none; a log's level stands in brackets.
    if first.starts_with(['{', '[']) {
        return logged(text);
    }
    if let Some(numbers) = Numbers::of(first) {
        let mut expected = None;
        let numbered = all(text, |line| {
            let (number, rest) = numbers.split(line)?;
            let follows =
                expected.is_none_or(|last| if numbers.skips { number > last } else { number == last + 1 });
            expected = Some(number);
            follows.then_some(rest)
        });
        // A clock begins with digits too.
        return numbered.or_else(|| logged(text));
    }
    let marks = [">", "+", "* ", "*", "\u{2502}", "|", "//", "# "];
    let mark = marks.into_iter().find(|mark| first.trim_start().starts_with(mark));
    if let Some(mark) = mark {
        let bare = mark.trim_end();
        // A frame stands behind every line too.
        let framed = matches!(mark, "|" | "\u{2502}") && filled().all(|line| line.trim_end().ends_with(mark));
        return all(text, |line| {
            let line = line.trim();
            // What fills a line of a frame is the frame's.
            let inner = line.strip_suffix(mark).filter(|line| framed && !line.is_empty());
            let line = inner.map_or(line, str::trim_end);
            let rest = line.strip_prefix(mark).or_else(|| (line.trim_end() == bare).then_some(""))?;
            Some(rest.strip_prefix(' ').filter(|_| mark != "+").unwrap_or(rest))
        });
    }
    if let Some(bar) = compose(first) {
        let name = first.get(..bar)?.trim_end();
        return all(text, |line| {
            let rest = line.strip_prefix(name)?.trim_start_matches(' ').strip_prefix('|')?;
            Some(rest.strip_prefix(' ').unwrap_or(rest))
        });
    }
    logged(text)
}

/// Each line without what a log wrote before it. A digest that stands there is not to be lost.
fn logged(text: &str) -> Option<String> {
    log::BEFORE.into_iter().find_map(|after| {
        all(text, |line| {
            let rest = after(line)?;
            let before = line.get(..line.len().saturating_sub(rest.len()))?;
            (!shows_digest(before)).then_some(rest)
        })
    })
}

/// Each line without its prefix; nothing if a line that is not blank has none.
fn all<'t>(text: &'t str, mut strip: impl FnMut(&'t str) -> Option<&'t str>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if !line.trim().is_empty() {
            out.push_str(strip(line)?);
        }
        out.push('\n');
    }
    Some(out)
}

/// How lines are numbered.
struct Numbers {
    /// What stands after the number.
    separator: char,
    /// Numbers may be left out: a search shows some lines.
    skips: bool,
}

impl Numbers {
    fn of(first: &str) -> Option<Self> {
        let line = first.trim_start();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let separator = line.get(digits..)?.chars().next()?;
        let known = matches!(separator, '\t' | ' ' | ':' | '|' | '-');
        let number: Option<usize> = line.get(..digits)?.parse().ok();
        // A number alone begins many lines; the first of a text is numbered one.
        let plain = matches!(separator, ' ' | '-') && number != Some(1);
        (digits > 0 && digits < 8 && known && !plain)
            .then_some(Self { separator, skips: matches!(separator, ':' | '-') })
    }

    fn split<'l>(&self, line: &'l str) -> Option<(usize, &'l str)> {
        let line = line.trim_start();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let number = line.get(..digits)?.parse().ok()?;
        let rest = line.get(digits..)?;
        // A blank line has no blank after its number.
        let after = rest.strip_prefix(self.separator).or_else(|| rest.is_empty().then_some(""))?;
        let bar = self.separator == '|';
        Some((number, after.strip_prefix(' ').filter(|_| bar).unwrap_or(after)))
    }
}

/// Where the bar of `NAME  | ` stands.
fn compose(line: &str) -> Option<usize> {
    let bar = line.find(" |")?;
    let name = line.get(..bar)?.trim_end();
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    plain.then_some(bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_of_every_line_is_removed() {
        for (text, expected) in [
            ("     1\ta\n     2\tb\n", "a\nb\n"),
            ("1:a\n7:b\n", "a\nb\n"),
            ("> a\n>\n> > b\n", "a\n\n> b\n"),
            ("+a\n+b\n", "a\nb\n"),
            (" * a\n *\n * b\n", "a\n\nb\n"),
            ("\u{2502} a\n\u{2502} b\n", "a\nb\n"),
            ("app-1  | a\napp-1  | b\n", "a\nb\n"),
            ("2026-05-04T12:00:00.1Z a\n2026-05-04T12:00:01.1Z b\n", "a\nb\n"),
            (">> a\n>> b\n", "a\nb\n"),
            ("| a |\n|  |\n| b  |\n", "a\n\nb\n"),
            ("$ a\n\nAnna wrote:\n> $ b\n> c\n", "$ a\n\nAnna wrote:\n$ b\nc\n"),
            ("Anna wrote:\n> $ a\n> b\n\nYes.\n", "Anna wrote:\n$ a\nb\n\nYes.\n"),
            (
                "\u{250c}\u{2500}\u{2510}\n\u{2502} a \u{2502}\n\u{2502} b \u{2502}\n\u{2514}\u{2500}\u{2518}\n",
                "a\nb\n",
            ),
        ] {
            assert_eq!(removed(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_not_every_line_has_is_no_prefix() {
        for text in [
            "> GET /v2/\nHost: a\n",
            "* Connected\n> GET /v2/\n> Host: a\n< HTTP/1.1 200\n",
            "$ cat a\n> b\n> c\n",
            "1 a\n3 b\n",
            "2021-12-23 a\nb\n",
            "12 a\n13 b\n",
            "{\n> a\n",
            "> a\n",
            "docker | a\nb\n",
            "",
        ] {
            assert_eq!(removed(text), None, "{text}");
        }
    }
}
