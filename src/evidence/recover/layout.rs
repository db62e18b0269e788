//! JSON written again in the layouts that encoders use. Tokens keep their
//! text; only white space between them and escapes inside strings differ.

use super::escape::Form;
use super::tree::Tree;

/// White space between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// None at all.
    Compact,
    /// One line, a blank after each comma and colon (Python's default).
    OneLine,
    /// A line per value, indented; a blank after each colon.
    Indent(&'static str),
    /// The same with a blank before each colon as well (Perl, Jackson).
    WideColon(&'static str),
}

impl Layout {
    /// Every layout, most usual first.
    pub(super) const ALL: [Self; 10] = [
        Self::Compact,
        Self::Indent("  "),
        Self::Indent("   "),
        Self::Indent("    "),
        Self::Indent("\t"),
        Self::Indent(" "),
        Self::OneLine,
        Self::Indent("        "),
        Self::WideColon("  "),
        Self::WideColon("   "),
    ];

    /// Words for the repair.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Compact => "no white space",
            Self::OneLine => "one line with blanks after commas and colons",
            Self::Indent(" ") => "1-space indentation",
            Self::Indent("  ") => "2-space indentation",
            Self::Indent("   ") => "3-space indentation",
            Self::Indent("    ") => "4-space indentation",
            Self::Indent("        ") => "8-space indentation",
            Self::Indent(_) => "tab indentation",
            Self::WideColon("  ") => "2-space indentation with blanks around colons",
            Self::WideColon(_) => "3-space indentation with blanks around colons",
        }
    }

    /// Writes `tree` to `out`, stopping early past `limit` bytes.
    pub(super) fn write(self, tree: &Tree<'_>, form: Form, out: &mut Vec<u8>, limit: usize) {
        self.value(tree, form, 0, out, limit);
    }

    fn value(self, tree: &Tree<'_>, form: Form, depth: usize, out: &mut Vec<u8>, limit: usize) {
        if out.len() > limit {
            return;
        }
        match tree {
            Tree::Token(token) => out.extend_from_slice(token.as_bytes()),
            Tree::Text(raw) => form.write(raw, out),
            Tree::List(items) if items.is_empty() => out.extend_from_slice(b"[]"),
            Tree::Map(members) if members.is_empty() => out.extend_from_slice(b"{}"),
            Tree::List(items) => {
                out.push(b'[');
                for (i, item) in items.iter().enumerate() {
                    self.between(i == 0, depth + 1, out);
                    self.value(item, form, depth + 1, out, limit);
                }
                self.close(depth, out);
                out.push(b']');
            }
            Tree::Map(members) => {
                out.push(b'{');
                for (i, (name, item)) in members.iter().enumerate() {
                    self.between(i == 0, depth + 1, out);
                    form.write(name, out);
                    out.extend_from_slice(match self {
                        Self::Compact => b":".as_slice(),
                        Self::OneLine | Self::Indent(_) => b": ",
                        Self::WideColon(_) => b" : ",
                    });
                    self.value(item, form, depth + 1, out, limit);
                }
                self.close(depth, out);
                out.push(b'}');
            }
        }
    }

    fn between(self, first: bool, depth: usize, out: &mut Vec<u8>) {
        if !first {
            out.push(b',');
        }
        match self {
            Self::OneLine if !first => out.push(b' '),
            Self::Compact | Self::OneLine => {}
            Self::Indent(_) | Self::WideColon(_) => self.line(depth, out),
        }
    }

    fn close(self, depth: usize, out: &mut Vec<u8>) {
        if matches!(self, Self::Indent(_) | Self::WideColon(_)) {
            self.line(depth, out);
        }
    }

    fn line(self, depth: usize, out: &mut Vec<u8>) {
        let (Self::Indent(unit) | Self::WideColon(unit)) = self else { return };
        out.push(b'\n');
        for _ in 0..depth {
            out.extend_from_slice(unit.as_bytes());
        }
    }
}
