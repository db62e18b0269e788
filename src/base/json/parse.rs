//! Text to values. One pass, depth and number of values bounded.

use std::borrow::Cow;

use super::codes;
use super::value::{Member, Node, Number, Text, Value};
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::limits;
use crate::base::order;

/// Parses a text that is one JSON value and nothing else.
///
/// # Errors
/// The codes of [`super::codes`] with a byte position, and
/// [`limits::codes::LIMIT`] for depth and size.
pub fn parse(bytes: &[u8]) -> Result<Node<'_>> {
    let text = utf8(bytes)?;
    let (node, end) = parse_prefix(text, 0)?;
    let mut tail = Parser::new(text, end);
    tail.white_space();
    if tail.at == text.len() {
        return Ok(node);
    }
    Err(Error::new(codes::TRAILING).at(tail.at).found(tail.next_character()))
}

/// Parses the JSON value that stands at byte `start` (after white space) and
/// returns it with the offset of the byte after it. For pastes in which
/// several values, prompts and messages follow each other.
///
/// # Errors
/// As [`parse`], except for [`codes::TRAILING`].
pub fn parse_prefix(text: &str, start: usize) -> Result<(Node<'_>, usize)> {
    let mut parser = Parser::new(text, start);
    if start == 0 && text.starts_with('\u{feff}') {
        return Err(Error::new(codes::BOM).at(0));
    }
    parser.white_space();
    let node = parser.value(1)?;
    Ok((node, parser.at))
}

/// As [`parse_prefix`]; where the value cannot be read, also the arrays and
/// objects in it that were complete when reading failed, outermost ones, in
/// their order. Nothing is read twice.
///
/// # Errors
/// As [`parse_prefix`], with the complete values.
pub fn parse_prefix_or_parts(
    text: &str,
    start: usize,
) -> core::result::Result<(Node<'_>, usize), (Error, Vec<Node<'_>>)> {
    let mut parser = Parser::new(text, start);
    match parser.value(1) {
        Ok(node) => Ok((node, parser.at)),
        Err(error) => {
            order::sort_by_key(&mut parser.complete, |node| node.span.start);
            Err((error, parser.complete))
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    limits::within("a text", bytes.len(), limits::PASTE_BYTES)?;
    core::str::from_utf8(bytes).map_err(|error| Error::new(codes::UTF8).at(error.valid_up_to()))
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    values: usize,
    /// Complete arrays and objects inside those that could not be read.
    complete: Vec<Node<'a>>,
}

impl<'a> Parser<'a> {
    const fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, values: 0, complete: Vec::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn slice(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn next_character(&self) -> String {
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        // `{c:?}` would bring Unicode's tables into each download.
        next.map_or_else(|| "the end".to_owned(), |c| format!("'{}'", c.escape_default()))
    }

    fn white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn wrong<T>(&self, expected: &str) -> Result<T> {
        if self.at >= self.text.len() {
            return Err(Error::new(codes::TRUNCATED).expected(expected).at(self.at));
        }
        Err(Error::new(codes::SYNTAX).expected(expected).found(self.next_character()).at(self.at))
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>> {
        limits::within("JSON depth", depth, limits::JSON_DEPTH).map_err(|e| e.at(self.at))?;
        self.values += 1;
        limits::within(limits::VALUES_NAME, self.values, limits::JSON_VALUES).map_err(|e| e.at(self.at))?;
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return self.wrong("a value"),
        };
        Ok(Node { span: start..self.at, value })
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        if word.starts_with(rest) {
            self.at = self.text.len();
        }
        self.wrong(word)
    }

    fn array(&mut self, depth: usize) -> Result<Value<'a>> {
        let mut items = Vec::new();
        match self.items(depth, &mut items) {
            Ok(()) => Ok(Value::Array(items)),
            Err(error) => {
                self.keep(items);
                Err(error)
            }
        }
    }

    fn items(&mut self, depth: usize, items: &mut Vec<Node<'a>>) -> Result<()> {
        self.at += 1;
        self.white_space();
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            self.white_space();
            items.push(self.value(depth + 1)?);
            self.white_space();
            if self.eat(b']') {
                return Ok(());
            }
            if !self.eat(b',') {
                return self.wrong("',' or ']'");
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>> {
        let mut members: Vec<Member<'a>> = Vec::new();
        match self.members(depth, &mut members).and_then(|()| unique(&members)) {
            Ok(()) => Ok(Value::Object(members)),
            Err(error) => {
                // A name that stands twice counts, whatever fails after it.
                let error = unique(&members).err().unwrap_or(error);
                self.keep(members.into_iter().map(|member| member.node));
                Err(error)
            }
        }
    }

    fn members(&mut self, depth: usize, members: &mut Vec<Member<'a>>) -> Result<()> {
        self.at += 1;
        self.white_space();
        if self.eat(b'}') {
            return Ok(());
        }
        loop {
            self.white_space();
            if self.peek() != Some(b'"') {
                return self.wrong("a member name");
            }
            let name = self.string()?;
            self.white_space();
            if !self.eat(b':') {
                return self.wrong("':'");
            }
            self.white_space();
            let node = self.value(depth + 1)?;
            members.push(Member { name, node });
            self.white_space();
            if self.eat(b'}') {
                return Ok(());
            }
            if !self.eat(b',') {
                return self.wrong("',' or '}'");
            }
        }
    }

    /// Keeps what was complete in a value that could not be read.
    fn keep(&mut self, nodes: impl IntoIterator<Item = Node<'a>>) {
        let composite = |node: &Node<'_>| matches!(node.value, Value::Array(_) | Value::Object(_));
        self.complete.extend(nodes.into_iter().filter(composite));
    }

    fn number(&mut self) -> Result<Number<'a>> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        } else if let Some(b'0'..=b'9') = self.peek() {
            return self.wrong("no leading zero");
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(Number(self.slice(start)))
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { self.wrong("a digit") } else { Ok(()) }
    }

    fn string(&mut self) -> Result<Text<'a>> {
        let start = self.at;
        self.at += 1;
        let mut decoded: Option<String> = None;
        let mut plain = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let before = self.slice(plain);
                    decoded.get_or_insert_default().push_str(before);
                    let character = self.escape()?;
                    decoded.get_or_insert_default().push(character);
                    plain = self.at;
                }
                Some(0..=0x1f) => return self.wrong("no control character in a string"),
                Some(_) => self.at += 1,
                None => return self.wrong("'\"'"),
            }
        }
        let tail = self.slice(plain);
        self.at += 1;
        let value = match decoded {
            None => Cow::Borrowed(tail),
            Some(mut decoded) => {
                decoded.push_str(tail);
                Cow::Owned(decoded)
            }
        };
        Ok(Text { raw: self.slice(start), value })
    }

    fn escape(&mut self) -> Result<char> {
        let start = self.at;
        self.at += 1;
        let simple = match self.peek() {
            Some(b'u') => return self.unicode(start),
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return self.wrong("an escape"),
        };
        self.at += 1;
        Ok(simple)
    }

    fn unicode(&mut self, start: usize) -> Result<char> {
        let lone = || Error::new(codes::SURROGATE).at(start);
        let first = self.hex4()?;
        let code = match first {
            0xd800..=0xdbff => {
                if !(self.eat(b'\\') && self.peek() == Some(b'u')) {
                    return Err(lone());
                }
                match self.hex4()? {
                    low @ 0xdc00..=0xdfff => 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00),
                    _ => return Err(lone()),
                }
            }
            other => other,
        };
        char::from_u32(code).ok_or_else(lone)
    }

    /// Reads `uXXXX` with the cursor on the `u`.
    fn hex4(&mut self) -> Result<u32> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|b| char::from(b).to_digit(16)) else {
                return self.wrong("four hexadecimal digits");
            };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}

/// Refuses a name that stands twice. Sorted places, no set: few bytes a member.
fn unique(members: &[Member<'_>]) -> Result<()> {
    let name = |place: &usize| members.get(*place).map(|member| &member.name.value);
    let places = order::sorted(members.len(), &mut |a, b| name(&a).cmp(&name(&b)));
    let twice = places.windows(2).filter_map(|pair| match pair {
        [first, second] if name(first) == name(second) => Some(*second),
        _ => None,
    });
    match twice.min().and_then(|place| members.get(place)) {
        Some(member) => {
            Err(Error::new(codes::DUPLICATE).found(shorten(member.name.raw)).at(member.node.span.start))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::code::Code;

    fn refused(bytes: &[u8]) -> (Code, Option<usize>) {
        let error = parse(bytes).expect_err(&String::from_utf8_lossy(bytes));
        (error.code(), error.position())
    }

    fn text(json: &str) -> String {
        match parse(json.as_bytes()).unwrap().value {
            Value::String(text) => text.value.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn objects_have_one_reading() {
        for (json, at) in [
            (r#"{"a":1,"a":1}"#, 11),
            (r#"{"a":1,"\u0061":2}"#, 16),
            (r#"[{"b":{"a":1,"c":2,"a":3}}]"#, 23),
            // Counts even where something else is wrong after it.
            (r#"{"a":1,"a":2,"b":x}"#, 11),
        ] {
            assert_eq!(refused(json.as_bytes()), (codes::DUPLICATE, Some(at)), "{json}");
        }
        for json in [r#"{"a":1,"A":2}"#, r#"{"a":{"a":1}}"#, r#"[{"a":1},{"a":2}]"#, r#"{"":0," ":1}"#] {
            assert!(parse(json.as_bytes()).is_ok(), "{json}");
        }
    }

    #[test]
    fn what_is_not_exactly_one_value_is_refused() {
        let syntax = [
            "[1,]",
            "[,1]",
            "[1 2]",
            "[1;2]",
            "{,}",
            r#"{"a":1,}"#,
            r#"{"a" 1}"#,
            r#"{"a":1 "b":2}"#,
            "{a:1}",
            "{1:1}",
            "'a'",
            "01",
            "-01",
            "+1",
            ".5",
            "NaN",
            "-a",
            "1.a",
            "1.e3",
            "truth",
            "nil",
            "/**/1",
            "\u{a0}1",
            "\"\u{1}\"",
            "\"\n\"",
            r#""\x""#,
            r#""\u12g4""#,
            "]",
            "}",
        ];
        for json in syntax {
            assert_eq!(refused(json.as_bytes()).0, codes::SYNTAX, "{json}");
        }
        for json in
            ["", " ", "[", "[1", "[1,", "{", r#"{"a"#, r#"{"a""#, r#"{"a":"#, "\"", "-", "1.", "1e", "tru"]
        {
            assert_eq!(refused(json.as_bytes()).0, codes::TRUNCATED, "{json}");
        }
        for json in ["1 2", "{}{}", "1]", "[]\0", "0x1", "truex", "1.2.3"] {
            assert_eq!(refused(json.as_bytes()).0, codes::TRAILING, "{json}");
        }
        assert_eq!(refused("\u{feff}1".as_bytes()), (codes::BOM, Some(0)));
        assert_eq!(refused(b"\"\xff\""), (codes::UTF8, Some(1)));
    }

    #[test]
    fn escapes_have_one_meaning() {
        assert_eq!(text(r#""\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00""#), "\"\\/\u{8}\u{c}\n\r\tAé😀");
        assert_eq!(text("\"é\u{7f}\""), "é\u{7f}");
        for json in [r#""\ud800""#, r#""\ud800x""#, r#""\ud800\n""#, r#""\ud800\ud800""#, r#""a\udc00""#] {
            assert_eq!(refused(json.as_bytes()).0, codes::SURROGATE, "{json}");
        }
        for number in ["0", "-0", "10", "-1.50", "1e9", "1E+9", "0.1e-2"] {
            let node = parse(number.as_bytes()).unwrap();
            assert!(matches!(node.value, Value::Number(Number(text)) if text == number), "{number}");
        }
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(nested(limits::JSON_DEPTH).as_bytes()).is_ok());
        assert_eq!(refused(nested(limits::JSON_DEPTH + 1).as_bytes()).0, limits::codes::LIMIT);
        let many = |values: usize| format!("[{}]", vec!["0"; values - 1].join(","));
        assert!(parse(many(limits::JSON_VALUES).as_bytes()).is_ok());
        assert_eq!(refused(many(limits::JSON_VALUES + 1).as_bytes()).0, limits::codes::LIMIT);
    }
}
