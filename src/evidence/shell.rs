//! Where a program stands in what was typed: behind a prompt, behind `sudo -E`,
//! `watch -n1` or `cd DIR &&`, in the quotes of `bash -c "…"`, with its path and
//! `.exe`. What stands around it changes nothing about what it prints.

use super::terminal::TOOLS;
use crate::base::affix::{self, each, is_one};

/// Longest prompt or wrapper before a program, in bytes.
const BEFORE: usize = 200;

/// Signs that end a prompt, or begin a command in a script's log.
const MARKS: &[char] =
    &['$', '#', '%', '>', '!', ']', '+', '\u{276f}', '\u{279c}', '\u{3bb}', '\u{bb}', '\u{2717}'];

/// How a line begins that runs what stands behind.
const RUNNERS: [&str; 27] = [
    "time", "env", "watch", "nice", "nohup", "timeout", "command", "exec", "doas", "bash", "sh", "zsh",
    "ssh", "wsl", "for", "while", "if", "cd", "set", "export", "run", "RUN", "Run", "-", "retry", "stdbuf",
    "test",
];

/// Options that stand between a program and its subcommand, with a value of their own.
const VALUED: &str = "-H|--host|-c|--context|--config|-l|--log-level|-n|--namespace|--kubeconfig|-a|--address|--root|\
    -r|--runtime-endpoint|--authfile|--registries-conf";

/// How Windows ends a program's name.
const EXE: &str = ".exe";

/// What stands around a program's name.
const QUOTES: &[char] = &['"', '\'', '`', '(', ')', '{', '}', '&', '!'];

/// The name of a program: without its folder, its quotes and `.exe`.
fn name(word: &str) -> &str {
    let word = word.trim_matches(QUOTES);
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    let parts = name.split_at_checked(name.len().saturating_sub(EXE.len()));
    parts.filter(|(_, end)| end.eq_ignore_ascii_case(EXE)).map_or(name, |(name, _)| name)
}

/// The same in lower case.
fn program(word: &str) -> String {
    name(word).to_ascii_lowercase()
}

fn is_tool(word: &str) -> bool {
    may_be_tool(word) && {
        let name = name(word);
        each(TOOLS).any(|tool| tool != "sudo" && name.eq_ignore_ascii_case(tool))
    }
}

/// Whether a word is the plain name of a program.
pub(super) fn is_program(word: &str) -> bool {
    may_be_tool(word) && is_one(word, TOOLS)
}

/// Whether a word ends with the last letter of a program: most words do not, and are not
/// taken apart.
fn may_be_tool(word: &str) -> bool {
    let last = word.trim_end_matches(QUOTES).bytes().next_back();
    last.is_some_and(|last| last.is_ascii_alphabetic() && LAST & letter(last) != 0)
}

/// A letter of either case as a bit.
const fn letter(byte: u8) -> u32 {
    1 << (byte & 31)
}

/// The last letters of programs, and of `.exe`.
const LAST: u32 = {
    let (mut letters, mut last, mut left) = (letter(b'e'), 0, TOOLS.as_bytes());
    while let Some((byte, rest)) = left.split_first() {
        if *byte == b'|' {
            letters |= letter(last);
        }
        (last, left) = (*byte, rest);
    }
    letters | letter(last)
};

/// Words with the offsets at which they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(char::is_whitespace).filter_map(move |word| {
        let from = at;
        at += word.len();
        (!word.trim_end().is_empty()).then(|| (from, word.trim_end()))
    })
}

/// Whether this is what stands behind a program: a subcommand, an option, a file.
pub(super) fn is_argument(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase() || "-.'\"/".contains(c))
}

/// The command in a line that begins with something else: an unknown prompt, a
/// program that runs another, the marks of a script's log.
pub(super) fn behind(line: &str) -> Option<&str> {
    // A sentence about a command is none.
    if line.ends_with('.') {
        return None;
    }
    for (at, word) in words(line).take_while(|(at, _)| *at <= BEFORE).filter(|(_, word)| may_be_tool(word)) {
        // `C:\Users\me>docker`, `[command]docker`, `!docker`.
        let glued = word.char_indices().rev().find(|(_, c)| MARKS.contains(c));
        let inside = glued.map_or(0, |(mark, c)| mark + c.len_utf8());
        let (from, name) = (at + inside, word.get(inside..)?);
        if !is_tool(name) {
            continue;
        }
        let first = line.split_whitespace().next()?;
        let runs = RUNNERS.contains(&first) || first.contains('=') && !first.contains(['"', ':', '{']);
        let before = unquoted(line.get(..from)?);
        let trimmed = before.trim_end();
        let prompt = trimmed.ends_with(MARKS) || trimmed.ends_with("run:") || is_step(trimmed);
        // `➜  ~ docker`, `➜  app git:(main) docker`.
        let arrow = line.starts_with(['\u{279c}', '\u{276f}']);
        let chained = ["&", ";", "--", "||", "do", "("].iter().any(|end| trimmed.ends_with(end));
        let rest = line.get(from..)?;
        let argument = rest.split_whitespace().nth(1).is_some_and(is_argument);
        return ((prompt || arrow || runs || chained) && argument).then_some(rest);
    }
    None
}

/// What stands before a program whose path is in quotes, for the blanks in it:
/// `"C:\Program Files\…\docker.exe"`.
fn unquoted(before: &str) -> &str {
    let open = |quote: &char| before.matches(*quote).count() % 2 == 1;
    let quote = ['"', '\''].into_iter().find(open);
    quote.and_then(|quote| before.rsplit_once(quote)).map_or(before, |(outside, _)| outside)
}

/// The number of a step, or nothing at all: `Step 1:`, `2)`, `3.`.
fn is_step(before: &str) -> bool {
    let number = affix::after(affix::after(before, "Step "), "step ").trim_start_matches('(');
    let end = number.trim_end_matches([':', ')', '.']);
    end.len() < number.len() && end.bytes().all(|b| b.is_ascii_digit()) || before.is_empty()
}

/// A line cut at `;`, `&&` and `||`: commands of their own. What stands in quotes is
/// not cut.
pub(super) fn chained(typed: &str) -> Vec<&str> {
    pieces(typed, |c, twice| c == ';' || twice && matches!(c, '&' | '|'))
}

/// What prints in a command: the program before its pipes, or the one that a pipe is
/// for (`echo NAME | xargs docker …`).
pub(super) fn source(command: &str) -> &str {
    let programs = pieces(command, |c, _| matches!(c, '|' | '>'));
    let first = programs.first().copied().unwrap_or_default();
    let fed = ["echo", "printf", "xargs", "yes"];
    let feeds = first.split_whitespace().next().is_some_and(|word| fed.contains(&word));
    let runs = |piece: &&&str| piece.split_whitespace().any(is_tool);
    if feeds { programs.iter().find(runs).copied().unwrap_or(first) } else { first }
}

/// Whether a command runs one of the programs that print about images.
pub(super) fn runs_tool(command: &str) -> bool {
    command.split_whitespace().any(is_tool)
}

fn pieces(text: &str, cuts: impl Fn(char, bool) -> bool) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut from, mut quote) = (0, None);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let twice = chars.peek().is_some_and(|(_, next)| *next == c);
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if cuts(c, twice) => {
                all.push(text.get(from..at).unwrap_or_default());
                from = at + c.len_utf8();
                if chars.next_if(|(_, next)| *next == c).is_some() {
                    from += c.len_utf8();
                }
            }
            None => {}
        }
    }
    all.push(text.get(from..).unwrap_or_default());
    all
}

/// Program and subcommand, without what stands before them and without options.
pub(super) fn program_words(typed: &str) -> String {
    let before: fn(&&str) -> bool = |word| matches!(*word, "sudo" | "time" | "env") || word.contains('=');
    let mut words = typed.split_whitespace().skip_while(before).peekable();
    let first = words.peek().copied().unwrap_or_default();
    // A program in a container: `docker run … crane digest`, `kubectl exec … -- docker`.
    let inner = |word: &str| ["crane", "skopeo", "regctl", "oras"].contains(&program(word).as_str());
    let runs = matches!(program(first).as_str(), "docker" | "podman" | "nerdctl" | "kubectl" | "minikube")
        && typed.split_whitespace().any(|word| matches!(word, "run" | "exec" | "ssh"));
    let behind = typed.split_once(" -- ").map(|(_, behind)| behind).filter(|rest| runs && runs_tool(rest));
    if let Some(behind) = behind {
        words = behind.split_whitespace().skip_while(before).peekable();
    } else if runs && typed.split_whitespace().any(inner) {
        while words.next_if(|word| !inner(word)).is_some() {}
    }
    if !words.peek().is_some_and(|word| is_tool(word)) && typed.split_whitespace().any(is_tool) {
        while words.next_if(|word| !is_tool(word)).is_some() {}
    }
    let name = program(words.next().unwrap_or_default());
    let mut sub = Vec::new();
    while let Some(word) = words.next() {
        let plain = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        if affix::is_one(word, VALUED) && sub.is_empty() {
            words.next();
        } else if !word.starts_with('-') {
            if !plain || sub.len() == 3 {
                break;
            }
            sub.push(word);
        } else if !plain && !sub.is_empty() {
            break;
        }
    }
    [&[name.as_str()], sub.as_slice()].concat().join(" ").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_behind_what_stands_before_it() {
        for (line, found) in [
            ("C:\\Users\\me>docker pull a/b", Some("docker pull a/b")),
            ("[command]/usr/bin/docker pull a/b", Some("/usr/bin/docker pull a/b")),
            ("+ docker pull a/b", Some("docker pull a/b")),
            ("(venv) $ crane digest a/b", Some("crane digest a/b")),
            ("\u{279c}  app git:(main) crane digest a/b", Some("crane digest a/b")),
            ("bash-5.1$ crane digest a/b", Some("crane digest a/b")),
            ("watch -n1 crane digest a/b", Some("crane digest a/b")),
            ("cd /srv && crane digest a/b", Some("crane digest a/b")),
            ("In [1]: !docker pull a/b", Some("docker pull a/b")),
            ("Then I ran docker pull a/b and waited", None),
            ("use docker pull a/b.", None),
            ("the docker daemon", None),
        ] {
            assert_eq!(behind(line), found, "{line}");
        }
    }

    #[test]
    fn words_are_those_of_the_program() {
        for (typed, found) in [
            ("sudo -E docker manifest inspect a/b", "docker manifest inspect"),
            ("sudo -u root docker manifest inspect a/b", "docker manifest inspect"),
            ("docker --context x manifest inspect a/b", "docker manifest inspect"),
            ("docker.exe manifest inspect a/b", "docker manifest inspect"),
            ("bash -c \"docker manifest inspect a/b\"", "docker manifest inspect"),
            ("docker run --rm gcr.io/go-containerregistry/crane digest a/b", "crane digest"),
            ("kubectl exec app -- crane digest a/b", "crane digest"),
            ("kubectl -n x get pod app", "kubectl get pod app"),
            ("cat docker", "cat docker"),
            ("ls -l", "ls"),
        ] {
            assert_eq!(program_words(typed), found, "{typed}");
        }
    }

    #[test]
    fn quotes_keep_what_stands_in_them() {
        assert_eq!(
            chained("a '{{.X}} | y;' b | jq '.a;b' > f && c; d"),
            ["a '{{.X}} | y;' b | jq '.a;b' > f ", " c", " d"]
        );
        assert_eq!(source("a '{{.X}} | y' b 2>&1 | jq"), "a '{{.X}} | y' b 2");
        assert_eq!(source("echo x | xargs docker pull"), " xargs docker pull");
    }
}
