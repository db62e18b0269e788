//! How encoders escape characters inside strings. A string goes from the
//! text it was printed in to the text its first writer used, without passing
//! through a decoded value: `\u003c` and `<` are different bytes.

/// What to do with one group of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Keep,
    Escape,
    Plain,
}

use Rule::{Escape, Keep, Plain};

/// A writer's habits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// `<`, `>`, `&` as `\u003c` and so on (Go, which writes U+2028 and
    /// U+2029 the same way).
    html: Rule,
    /// `/` as `\/` (Perl, PHP).
    slash: Rule,
    /// Characters past ASCII as `\u00e9` (Python, PHP).
    unicode: Rule,
    name: &'static str,
}

impl Form {
    const fn new(html: Rule, slash: Rule, unicode: Rule, name: &'static str) -> Self {
        Self { html, slash, unicode, name }
    }

    /// As printed.
    pub(super) const KEEP: Self = Self::new(Keep, Keep, Keep, "");

    /// Every writer, most usual first.
    const ALL: [Self; 8] = [
        Self::KEEP,
        Self::new(Escape, Plain, Plain, "<, > and & as \\u003c, \\u003e and \\u0026, as Go does"),
        Self::new(Plain, Plain, Plain, "no character escaped without need"),
        Self::new(Plain, Escape, Plain, "slashes as \\/, as Perl does"),
        Self::new(Plain, Plain, Escape, "characters past ASCII as \\uXXXX, as Python does"),
        Self::new(Plain, Escape, Escape, "slashes as \\/ and characters past ASCII as \\uXXXX, as PHP does"),
        Self::new(Escape, Plain, Escape, "<, > and & and characters past ASCII as \\uXXXX"),
        Self::new(Escape, Escape, Plain, "slashes as \\/, and <, > and & as \\u003c, \\u003e and \\u0026"),
    ];

    /// Words for the repair; empty for [`Self::KEEP`].
    pub(super) const fn name(self) -> &'static str {
        self.name
    }

    /// U+2028 and U+2029: escaped by those that escape HTML and by those that
    /// escape all that is not ASCII.
    const fn separator(self) -> Rule {
        match (self.html, self.unicode) {
            (Rule::Escape, _) | (_, Rule::Escape) => Rule::Escape,
            (Rule::Plain, Rule::Plain) => Rule::Plain,
            _ => Rule::Keep,
        }
    }

    /// The forms that give different bytes for a text with these traits.
    pub(super) fn distinct(traits: Traits) -> Vec<Self> {
        let mut seen = Vec::new();
        let mut forms = Vec::new();
        for form in Self::ALL {
            let effect = (
                traits.html.effect(form.html),
                traits.slash.effect(form.slash),
                traits.unicode.effect(form.unicode),
                traits.separator.effect(form.separator()),
            );
            if !seen.contains(&effect) {
                seen.push(effect);
                forms.push(form);
            }
        }
        forms
    }

    /// Writes a string token (with its quotes) in this form.
    pub(super) fn write(self, raw: &str, out: &mut Vec<u8>) {
        if self == Self::KEEP {
            return out.extend_from_slice(raw.as_bytes());
        }
        let special = |b: u8| matches!(b, b'<' | b'>' | b'&' | b'/' | b'\\') || !b.is_ascii();
        let mut rest = raw;
        while let Some((plain, from)) =
            rest.bytes().position(special).and_then(|at| rest.split_at_checked(at))
        {
            out.extend_from_slice(plain.as_bytes());
            let mut units = Units(from);
            let Some(unit) = units.next() else { break };
            self.write_unit(&unit, out);
            rest = units.0;
        }
        out.extend_from_slice(rest.as_bytes());
    }

    fn write_unit(self, unit: &Unit<'_>, out: &mut Vec<u8>) {
        let rule = match unit.group() {
            Group::Html => self.html,
            Group::Slash => self.slash,
            Group::Unicode => self.unicode,
            Group::Separator => self.separator(),
            Group::Other => Rule::Keep,
        };
        match (rule, unit.escaped) {
            (Rule::Escape, false) => escape(unit.character, out),
            (Rule::Plain, true) => {
                out.extend_from_slice(unit.character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            // Python and PHP write lower-case digits.
            _ => out.extend_from_slice(unit.text.as_bytes()),
        }
    }
}

fn escape(character: char, out: &mut Vec<u8>) {
    if character == '/' {
        return out.extend_from_slice(b"\\/");
    }
    for half in character.encode_utf16(&mut [0; 2]) {
        out.extend_from_slice(format!("\\u{half:04x}").as_bytes());
    }
}

/// Which characters of a group a text has, plain and escaped.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trait {
    plain: bool,
    escaped: bool,
}

impl Trait {
    /// What a rule comes to: 0 nothing changes, 1 escaped, 2 plain.
    const fn effect(self, rule: Rule) -> u8 {
        match rule {
            Rule::Escape if self.plain => 1,
            Rule::Plain if self.escaped => 2,
            _ => 0,
        }
    }
}

/// Traits of all strings of a text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traits {
    html: Trait,
    slash: Trait,
    unicode: Trait,
    separator: Trait,
}

impl Traits {
    /// Takes a string token into account.
    pub(super) fn add(&mut self, raw: &str) {
        for unit in Units(raw) {
            let group = match unit.group() {
                Group::Html => &mut self.html,
                Group::Slash => &mut self.slash,
                Group::Unicode => &mut self.unicode,
                Group::Separator => &mut self.separator,
                Group::Other => continue,
            };
            group.escaped |= unit.escaped;
            group.plain |= !unit.escaped;
        }
    }
}

enum Group {
    Html,
    Slash,
    Unicode,
    Separator,
    Other,
}

/// One character of a string token, as written.
struct Unit<'a> {
    text: &'a str,
    character: char,
    escaped: bool,
}

impl Unit<'_> {
    const fn group(&self) -> Group {
        match self.character {
            '<' | '>' | '&' => Group::Html,
            '\u{2028}' | '\u{2029}' => Group::Separator,
            '/' => Group::Slash,
            '\u{80}'.. => Group::Unicode,
            _ => Group::Other,
        }
    }
}

/// Characters of a valid string token; anything odd passes through.
struct Units<'a>(&'a str);

impl<'a> Iterator for Units<'a> {
    type Item = Unit<'a>;

    fn next(&mut self) -> Option<Unit<'a>> {
        let first = self.0.chars().next()?;
        let (length, character, escaped) = if first == '\\' {
            match self.0.as_bytes().get(1) {
                Some(b'u') => unicode(self.0).map_or((1, first, false), |(n, c)| (n, c, true)),
                Some(b'/') => (2, '/', true),
                // A pair that stays as it is: its second half is no unit of its own.
                Some(b) if b.is_ascii() => (2, '\\', true),
                _ => (1, first, false),
            }
        } else {
            (first.len_utf8(), first, false)
        };
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(Unit { text, character, escaped })
    }
}

/// Reads `\uXXXX`, or a surrogate pair: its length and its character.
fn unicode(text: &str) -> Option<(usize, char)> {
    let half = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = half(0)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((6, char::from_u32(u32::from(first))?));
    }
    let pair = [first, half(6)?];
    let character = char::decode_utf16(pair).next()?.ok()?;
    Some((12, character))
}
