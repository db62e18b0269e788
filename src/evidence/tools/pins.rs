//! YAML, TOML or HCL that pins an image with its name and digest apart: `images:` of
//! a kustomization, `image:` of a chart's values. It is a text that says so.

use super::{Command, Kind, Lines, Output};
use crate::base::list::PushAll as _;
use crate::evidence::fact::{DigestKind, Facts, Knows};

/// How the line with the digest begins.
pub(super) const BEGINS: &str =
    "digest: sha|digest: \"sha|digest: 'sha|- digest: sha|digest |digest=sha|digest=\"sha";

/// The members around it.
const MEMBERS: [&str; 8] =
    ["registry", "repository", "name", "newName", "tag", "newTag", "digest", "pullPolicy"];

/// A member and its value; whether a list's entry begins with it.
fn member(line: &str) -> Option<(&str, &str, bool)> {
    let entry = line.strip_prefix("- ");
    let (key, value) = entry.unwrap_or(line).split_once([':', '='])?;
    let (key, value) = (key.trim_end(), value.trim().trim_matches(['"', '\'']));
    MEMBERS.contains(&key).then_some((key, value, entry.is_some()))
}

pub(super) fn text(lines: Lines<'_>, _: &Command) -> Option<Output> {
    let mut found = vec![member(lines.first()?)?];
    for line in lines.before() {
        let begun = found.last().is_some_and(|(.., entry)| *entry);
        let Some(above) = member(line).filter(|_| !begun) else { break };
        found.push(above);
    }
    let end = lines.run(|row, line| {
        let here = member(line).filter(|(.., entry)| row == 0 || !entry);
        found.push_all(here.filter(|_| row > 0));
        here.is_some()
    });
    let value = |names: &[&str]| {
        let of = |name: &&str| found.iter().find(|(key, value, _)| key == name && !value.is_empty());
        names.iter().find_map(of).map(|(_, value, _)| *value)
    };
    let mut name = value(&["newName", "repository", "name"]).filter(|name| name.contains('/'))?.to_owned();
    if let Some(registry) = value(&["registry"]) {
        name = format!("{registry}/{name}");
    }
    if let Some(tag) = value(&["newTag", "tag"]) {
        name = format!("{name}:{tag}");
    }
    let mut facts = Facts::new("text", Knows::Text).about(Some(&name));
    facts.top(DigestKind::IndexOrManifest, value(&["digest"])?);
    Some(Output::new(Kind::DigestText, end, facts.done()).of(Some(name)))
}
