//! The source of a web page: character references (`&quot;`) and the tags around
//! them; and no-break blanks in the place of plain ones.

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

/// Tags that pages put around code. A line break of the page is one of the text.
fn without_tags(text: &str) -> String {
    replaced(text, '<', |after| {
        let name: String =
            after.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).take(10).collect();
        let known =
            ["pre", "code", "span", "div", "br", "p", "b", "i", "em", "strong", "a", "li", "td", "tr"];
        // No further than its end: a text of `<` alone is read once.
        let (_, behind) = after.split_at_checked(after.find(['>', '\n', '<'])?)?;
        let behind = behind.strip_prefix('>').filter(|_| known.contains(&&*name.to_ascii_lowercase()))?;
        let breaks = name.eq_ignore_ascii_case("br") && !behind.starts_with('\n');
        Some((breaks.then_some('\n'), behind))
    })
}

fn decoded(text: &str) -> String {
    replaced(text, '&', |after| {
        let end = after.bytes().take(LONGEST + 1).position(|byte| byte == b';')?;
        Some((Some(character(after.get(..end)?)?), after.get(end + 1..)?))
    })
}

/// A text in which what begins with a mark is another character or none; `read` says
/// what, and what stands behind it.
fn replaced(text: &str, mark: char, read: impl Fn(&str) -> Option<(Option<char>, &str)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        let (character, behind) = read(after).unwrap_or((Some(mark), after));
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
