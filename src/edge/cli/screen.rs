//! What the terminal can show: its width, colours and marks.
//!
//! A pipe gets words in brackets, 80 columns and no escape code, so that what
//! a script reads does not depend on where it runs. Colour is never alone:
//! marks differ in shape and the verdict has its word.

use std::env;
use std::io::{self, IsTerminal as _, Write};

use clap::{Args, ValueEnum};
use webdis_verify::base::outcome::Outcome;

/// How much is printed, and how.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ScreenArgs {
    /// Print everything: each link, the evidence, what the verdict shows and
    /// does not show, and all commands.
    #[arg(long)]
    pub(crate) verbose: bool,
    /// Colours and marks: on a terminal (unless `NO_COLOR` is set), always or never.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

/// Narrower than this nothing can be read; wider is hard to read.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;
const DEFAULT_WIDTH: usize = 80;

/// Where the report is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    width: usize,
    colour: bool,
}

impl Screen {
    /// The standard output.
    pub(crate) fn of_stdout(when: When) -> Self {
        let terminal = io::stdout().is_terminal();
        let colour = match when {
            When::Always => true,
            When::Never => false,
            // https://no-color.org: set and not empty.
            When::Auto => {
                terminal
                    && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && env::var_os("TERM").is_none_or(|value| value != "dumb")
            }
        };
        let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let measured = || {
            let (width, _) = terminal_size::terminal_size().filter(|_| terminal)?;
            Some(usize::from(width.0))
        };
        let width = told.or_else(measured).unwrap_or(DEFAULT_WIDTH).clamp(*WIDTHS.start(), *WIDTHS.end());
        Self { width, colour }
    }

    /// The mark before a link.
    pub(crate) fn mark(self, outcome: Outcome) -> String {
        if self.colour { self.paint(outcome, glyph(outcome)) } else { format!("[{}]", word(outcome)) }
    }

    /// The mark and the word of a verdict.
    pub(crate) fn verdict(self, outcome: Outcome) -> String {
        if self.colour {
            let text = format!("{} {}", glyph(outcome), word(outcome).to_uppercase());
            self.paint(outcome, &format!("\u{1b}[1m{text}"))
        } else {
            self.mark(outcome)
        }
    }

    /// Text that is there for reference.
    pub(crate) fn soft(self, text: &str) -> String {
        if self.colour { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn paint(self, outcome: Outcome, text: &str) -> String {
        let code = match outcome.name() {
            "proven" => "32",
            "contradicted" => "31",
            "unsigned" | "consistent" => "39",
            _ => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// Prints `text` behind `head`, which may hold escape codes; further lines
    /// stand below the text. A word longer than the line is left whole: it is
    /// a digest or a command to copy.
    pub(crate) fn line(self, out: &mut impl Write, indent: usize, head: &str, text: &str) -> io::Result<()> {
        let head_width = indent + visible(head) + usize::from(!head.is_empty());
        let hang = if head_width > 16 { indent + 4 } else { head_width };
        write!(out, "{:indent$}{head}", "")?;
        let mut at = head_width.saturating_sub(1);
        let mut first = head.is_empty();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            if first {
                write!(out, "{word}")?;
                at = indent + length;
            } else if at + 1 + length > self.width && at > hang {
                write!(out, "\n{:hang$}{word}", "")?;
                at = hang + length;
            } else {
                write!(out, " {word}")?;
                at += 1 + length;
            }
            first = false;
        }
        writeln!(out)
    }
}

/// Columns that a text takes, without its escape codes.
fn visible(text: &str) -> usize {
    let mut escape = false;
    text.chars()
        .filter(|&c| match (escape, c) {
            (false, '\u{1b}') => {
                escape = true;
                false
            }
            (true, c) => {
                escape = c != 'm';
                false
            }
            _ => true,
        })
        .count()
}

/// Marks of one outline each.
fn glyph(outcome: Outcome) -> &'static str {
    match outcome.name() {
        "proven" => "\u{2713}",
        "contradicted" => "\u{2717}",
        "consistent" => "=",
        "unsigned" => "\u{25cb}",
        _ => "\u{25cc}",
    }
}

/// The outcome in words; the one that must not be overlooked is loud.
fn word(outcome: Outcome) -> &'static str {
    match outcome.name() {
        "contradicted" => "CONTRADICTED",
        "not-checked" => "not checked",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(width: usize, head: &str, text: &str) -> String {
        let mut out = Vec::new();
        Screen { width, colour: false }.line(&mut out, 0, head, text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn long_lines_hang_below_their_text() {
        assert_eq!(lines(40, "note   ", "one two"), "note    one two\n");
        let text = "a tag can move, and then it means another image";
        let wrapped = lines(40, "note   ", text);
        assert_eq!(wrapped, "note    a tag can move, and then it\n        means another image\n");
        assert!(wrapped.lines().all(|line| line.chars().count() <= 40));
    }

    #[test]
    fn what_is_copied_stays_whole() {
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(lines(40, "digest ", &digest), format!("digest  {digest}\n"));
        assert!(lines(40, "next   ", &format!("use {digest}")).lines().any(|line| line.ends_with(&digest)));
    }

    #[test]
    fn escape_codes_take_no_room() {
        assert_eq!(visible("\u{1b}[32m\u{2713}\u{1b}[0m ok"), 4);
    }
}
