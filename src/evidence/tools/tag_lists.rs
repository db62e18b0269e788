//! `crane ls`, `regctl tag ls`, `oras repo tags`, `skopeo list-tags` of old: tags, a line
//! each. Tags made of digests (`sha256-…`) say which images have something attached;
//! they do not say what any tag means.

use super::{Command, Kind, Lines, Output};

/// How the first line of such a list begins; only below its command is it one.
pub(super) const BEGINS: &str = "0|1|2|3|4|5|6|7|8|9|v|latest|main|sha256-";

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    if !lists(command) {
        return None;
    }
    let tag = |line: &str| {
        line.len() <= 128 && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    tag(lines.first()?).then_some(())?;
    Some(Output::new(Kind::TagList, lines.run(|_, line| tag(line)), vec![]))
}

/// Whether a command lists tags.
pub(super) fn lists(command: &Command) -> bool {
    ["crane ls", "regctl tag ls", "regctl tag list", "oras repo tags"].iter().any(|words| command.is(words))
}
