//! Stable codes: every outcome, error and caveat has one name that other
//! programs, translations and documentation can rely on.
//!
//! A module declares its codes beside the checks that give them, with
//! [`codes!`](crate::codes). `session::catalogue` lists every one; tests assert
//! that names are unique and that each translation knows each name.

use core::fmt;

/// What a code means for a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A statement about a link that was proven, or a neutral fact.
    Fact,
    /// Evidence that was examined and does not hold.
    Contradicted,
    /// Nothing is signed, and everything given agrees.
    Consistent,
    /// No signature was found in the places named.
    Unsigned,
    /// Nothing could be concluded: limits, missing data, unsupported formats,
    /// network trouble. Never a reason to suspect or to trust the image.
    NotChecked,
    /// A qualification that rides on a proven link.
    Caveat,
}

/// The fixed part of a code: what it means, its name and its English words.
#[derive(Debug)]
pub struct Info {
    /// What it means for a verdict.
    pub class: Class,
    /// Three lines: the name (kebab-case, stable across versions); one English sentence, in
    /// which `{name}` stands for an argument; what the user can do next, or nothing. They are
    /// one text because each text of its own is downloaded with the place where it stands.
    pub lines: &'static str,
}

/// A stable code. Each name stands in one of them, so that equal lines are the same code.
#[derive(Clone, Copy)]
pub struct Code(&'static Info);

impl Code {
    /// Makes a code from its fixed part. Use [`codes!`](crate::codes).
    #[must_use]
    pub const fn new(info: &'static Info) -> Self {
        Self(info)
    }

    #[inline(never)]
    fn line(self, number: usize) -> &'static str {
        self.0.lines.split('\n').nth(number).unwrap_or_default()
    }

    /// The stable name, for example `json-duplicate-member`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.line(0)
    }

    /// What the code means for a verdict.
    #[must_use]
    pub const fn class(self) -> Class {
        self.0.class
    }

    /// The English sentence, with `{placeholders}`.
    #[must_use]
    pub fn template(self) -> &'static str {
        self.line(1)
    }

    /// The user's next step in English, with `{placeholders}`; may be empty.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        self.line(2)
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.0.lines == other.0.lines
    }
}

impl Eq for Code {}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Fills `{placeholders}` of a template from name and value pairs. A
/// placeholder without a value stays as it is, so that a mistake is visible.
#[must_use]
pub fn fill<V: AsRef<str>>(template: &str, args: &[(&str, V)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match args.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(value.as_ref()),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Declares the codes of a module.
///
/// ```
/// webdis_verify::codes! {
///     /// The sky is green.
///     GREEN_SKY = "green-sky", Contradicted, "The sky is {found}.", "Look again.";
/// }
/// assert_eq!(GREEN_SKY.name(), "green-sky");
/// assert_eq!(ALL.len(), 1);
/// ```
#[macro_export]
macro_rules! codes {
    ($( $(#[$doc:meta])* $id:ident = $name:literal, $class:ident, $text:literal, $next:literal; )+) => {
        $(
            $(#[$doc])*
            pub const $id: $crate::base::code::Code = $crate::base::code::Code::new(&$crate::base::code::Info {
                class: $crate::base::code::Class::$class,
                lines: concat!($name, "\n", $text, "\n", $next),
            });
        )+
        /// Every code of this module, for translations and documentation.
        pub const ALL: &[$crate::base::code::Code] = &[$($id),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_placeholders_stay_visible() {
        assert_eq!(fill("a {b} {c} {", &[("b", "1")]), "a 1 {c} {");
    }
}
