//! The source of a web page: character references (`&quot;`) and the tags around
//! them; and no-break blanks in the place of plain ones.

use crate::evidence::terminal::shows_digest;

/// Named references that stand for a character of JSON or of a terminal.
const NAMED: [(&str, char); 8] = [
    ("quot", '"'),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ldquo", '\u{201c}'),
    ("rdquo", '\u{201d}'),
];

/// Longest name or number of a reference.
const LONGEST: usize = 8;

/// The text of a page's source. Only where its quotes are references: a document
/// that holds `&amp;` in a string is left alone.
pub(super) fn text(text: &str) -> Option<String> {
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'<')) {
        return None;
    }
    let quotes = ["&quot;", "&#34;", "&#034;", "&#x22;", "&#X22;"];
    let encoded: usize = quotes.iter().map(|quote| text.matches(quote).count()).sum();
    let plain = text.matches('"').count();
    let referred = encoded > 0 && encoded >= plain;
    let others = plain == 0 && ["&nbsp;", "&gt;", "&lt;", "&amp;"].iter().any(|other| text.contains(other));
    (referred || others || text.contains('<') && is_source(text)).then(|| decoded(&without_tags(text)))
}

/// Whether it is a page's source by its tags: nothing but they has quotes, or it begins
/// with one, as what a highlighter or a browser saved does.
// Not for a first verdict: not part of what is downloaded for one.
#[inline(never)]
fn is_source(text: &str) -> bool {
    let tagged = ["<pre", "<code", "<span", "<div"].iter().any(|tag| text.contains(tag));
    tagged && (text.trim_start().starts_with('<') || !without_tags(text).contains('"'))
}

/// Tags that pages put around code. A line break of the page is one of the text; so is the end
/// of a cell, an item or a digest, where two words would become one.
fn without_tags(text: &str) -> String {
    replaced(text, '<', |before, after| {
        let name: String =
            after.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).take(10).collect();
        let name = name.to_ascii_lowercase();
        let blocks = ["pre", "div", "p", "li", "td", "tr"];
        let known = ["code", "span", "br", "b", "i", "em", "strong", "a"];
        // No further than its end: a text of `<` alone is read once.
        let (inside, behind) = after.split_at_checked(after.find(['>', '\n', '<'])?)?;
        let block = blocks.contains(&&*name);
        let behind = behind.strip_prefix('>').filter(|_| block || known.contains(&&*name))?;
        // What a page says of a word in its tag is not to be lost.
        if shows_digest(inside) {
            return None;
        }
        if name == "br" {
            return Some(((!behind.starts_with('\n')).then_some('\n'), behind));
        }
        // The word that ends here and the one that begins, as far as a digest is long.
        let word = before.bytes().rev().take(65).take_while(u8::is_ascii_alphanumeric).count();
        let next = behind.bytes().take(65).take_while(u8::is_ascii_alphanumeric).count();
        let ends = block && !behind.is_empty() && !behind.starts_with(char::is_whitespace);
        let apart = word > 0 && (ends || next > 0 && word.max(next) == 64);
        Some((apart.then_some(if name == "td" { ' ' } else { '\n' }), behind))
    })
}

fn decoded(text: &str) -> String {
    replaced(text, '&', |_, after| {
        let end = after.bytes().take(LONGEST + 1).position(|byte| byte == b';')?;
        Some((Some(character(after.get(..end)?)?), after.get(end + 1..)?))
    })
}

/// A text in which what begins with a mark is another character or none; `read` says
/// what, and what stands behind it, of what came out so far and of what follows the mark.
fn replaced<'t>(
    text: &'t str,
    mark: char,
    read: impl Fn(&str, &'t str) -> Option<(Option<char>, &'t str)>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        let (character, behind) = read(&out, after).unwrap_or((Some(mark), after));
        out.extend(character);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The character of `quot`, `#34` or `#x22`.
fn character(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    let hex = number.and_then(|number| number.strip_prefix(['x', 'X']));
    let code = match (hex, number) {
        (Some(hex), _) => u32::from_str_radix(hex, 16).ok(),
        (None, Some(number)) => number.parse().ok(),
        (None, None) => return NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
    };
    match char::from_u32(code?)? {
        '\u{a0}' => Some(' '),
        c => Some(c),
    }
}

/// Marks of a text's direction, which pages and chats put around words, taken away; the
/// signs of an address that stand in their escaped form.
pub(super) fn plain_signs(text: &str) -> Option<String> {
    let mark =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let escaped = text.contains('%') && (text.contains("sha256%3A") || text.contains("sha256%3a"));
    if !escaped && (text.is_ascii() || !text.contains(mark)) {
        return None;
    }
    let mut text = text.replace(mark, "");
    if escaped {
        for (sign, plain) in [("%3A", ":"), ("%3a", ":"), ("%40", "@"), ("%2F", "/"), ("%2f", "/")] {
            text = text.replace(sign, plain);
        }
    }
    Some(text)
}

/// No-break blanks turned into plain ones, where the text has more of them than of
/// plain ones: then a page put them there, in strings too.
pub(super) fn plain_blanks(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let blank = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
    let count = text.chars().filter(|c| blank(*c)).count();
    if count == 0 || count <= text.matches(' ').count() {
        return None;
    }
    Some(text.replace(blank, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_where_quotes_are_references() {
        assert_eq!(text("{&quot;a&quot;:&#34;&amp;&#x26;&#34;}").unwrap(), "{\"a\":\"&&\"}");
        assert_eq!(text("<pre>$ docker pull a &gt; b</pre>").unwrap(), "$ docker pull a > b");
        // Highlighted: a word in each tag.
        let marked = "<span class=\"k\">Digest</span>: <span>sha256</span>:<span>00</span>";
        assert_eq!(text(marked).unwrap(), "Digest: sha256:00");
        assert_eq!(text("<span class=\"p\">{</span><span>\"a\"</span>:1}").unwrap(), "{\"a\":1}");
        assert_eq!(text("{\"a\":\"<span class=b>\"}"), None);
        // Cells and items are words of their own, and so is a digest.
        let digest = "0a".repeat(32);
        let row = format!("<div><td>{digest}</td><td>2 days</td><span>{digest}</span><span>3</span></div>");
        assert_eq!(text(&row).unwrap(), format!("{digest} 2 days {digest}\n3"));
        // A reference inside a string is the string's own.
        assert_eq!(text("{\"url\":\"?a=1&amp;b=&quot;\"}"), None);
        assert_eq!(text("a & b; c"), None);
        // A tag ends in its line, and begins where the last `<` stands.
        assert_eq!(text("&quot;<pre <b>x</b> <p\n>&quot;").unwrap(), "\"<pre x <p\n>\"");
        assert_eq!(text("&quot;&bogus;&#xzz;&quot;").unwrap(), "\"&bogus;&#xzz;\"");
    }

    #[test]
    fn a_blank_is_plain_where_most_are_not() {
        assert_eq!(plain_blanks("a\u{a0}\u{a0}b c").unwrap(), "a  b c");
        assert_eq!(plain_blanks("a\u{a0}b c"), None);
    }
}
