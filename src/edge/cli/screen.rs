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
        let width = width(|| terminal_size::terminal_size_of(io::stdout()));
        Self { width, colour }
    }

    /// The standard error, for messages: without colour.
    pub(crate) fn of_stderr() -> Self {
        Self { width: width(|| terminal_size::terminal_size_of(io::stderr())), colour: false }
    }

    /// Columns.
    pub(crate) const fn width(self) -> usize {
        self.width
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
    /// stand below the text. What is longer than the line is left whole: it is
    /// a digest or a command to copy, in which a break would end the command.
    pub(crate) fn line(self, out: &mut impl Write, indent: usize, head: &str, text: &str) -> io::Result<()> {
        let head_width = indent + visible(head) + usize::from(!head.is_empty());
        let hang = if head_width > 16 { indent + 4 } else { head_width };
        write!(out, "{:indent$}{head}", "")?;
        let mut at = head_width.saturating_sub(1);
        let mut first = head.is_empty();
        for word in units(text) {
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

/// How wide a stream's lines are: as told, as measured on a terminal, else 80.
fn width(measure: impl Fn() -> Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || measure().map(|(width, _)| usize::from(width.0));
    told.or_else(measured).unwrap_or(DEFAULT_WIDTH).clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Programs that a sentence may end with a command of.
const PROGRAMS: [&str; 9] =
    ["cosign", "crane", "curl", "docker", "oras", "sha256sum", "skopeo", "tar", "webdis-verify"];

/// What stays on one line: the words of a text, the commands in it whole.
fn units(text: &str) -> impl Iterator<Item = &str> {
    let command = |at: usize| {
        let (program, rest) = text.get(at..)?.split_once(' ')?;
        let sentence = rest.ends_with('.') || rest.contains(", ") || rest.contains(" says ");
        (PROGRAMS.contains(&program) && !sentence).then_some(at)
    };
    // `…: docker pull IMAGE`, to the end.
    let tail = text.match_indices(": ").find_map(|(at, _)| command(at + 2)).unwrap_or(text.len());
    let quotes = text.matches('`').count().is_multiple_of(2);
    let (mut found, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < tail) {
        if c == '`' && quotes {
            quoted = !quoted;
        } else if c == ' ' && !quoted {
            found.extend(text.get(from..at));
            from = at + 1;
        }
    }
    found.extend(text.get(from..));
    found.into_iter().filter(|unit| !unit.is_empty())
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
    fn a_command_is_never_broken() {
        let command = "docker buildx imagetools inspect --raw nicolas/webdis:0.1.24";
        for text in [
            format!("Get the original bytes of the manifest: {command}"),
            format!("Add what `{command}` prints."),
            format!("Could not check: nothing names it. Print it: {command}"),
        ] {
            let wrapped = lines(40, "next", &text);
            assert!(wrapped.lines().count() > 2, "{wrapped}");
            assert!(wrapped.lines().any(|line| line.contains(command)), "{wrapped}");
        }
        // What only begins like one is a sentence.
        let text = "Does not match: crane digest says one thing, docker pull says another one";
        assert!(lines(40, "", text).lines().all(|line| line.chars().count() <= 40));
        let text = "It says: docker is a program whose name begins a sentence.";
        assert!(lines(40, "", text).lines().all(|line| line.chars().count() <= 40));
        assert!(lines(40, "", &text.replace(" is", " `is")).lines().count() > 1);
    }

    #[test]
    fn escape_codes_take_no_room() {
        assert_eq!(visible("\u{1b}[32m\u{2713}\u{1b}[0m ok"), 4);
    }
}
