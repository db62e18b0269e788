//! `sha256sum`, `shasum`, `openssl dgst`: sums of bytes that nobody described.
//! A sum of a pipe can confirm and cannot contradict; a sum of a file is about
//! that file. What `openssl pkey` wrote into the pipe is a key: its sum is a
//! fingerprint.

use super::{Command, Kind, Lines, Output};
use crate::evidence::fact::{DigestKind, Facts, Knows};
use crate::evidence::terminal::as_reference;

/// Digits and the file's name.
fn sum(line: &str) -> Option<(&str, &str)> {
    if let Some((name, digest)) = line.split_once("= ") {
        let known = name.contains("256(") || name.contains("(stdin)") || name.starts_with("SHA256 (");
        let file =
            name.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("-", |(file, _)| file);
        return known.then_some((digest.trim(), if file == "stdin" { "-" } else { file }));
    }
    // `Get-FileHash` of PowerShell prints a table.
    let line = line.strip_prefix("SHA256 ").map_or(line, str::trim_start);
    let (digest, file) = line.split_once(' ')?;
    if digest.len() != 64 {
        return None;
    }
    let file = file.trim_start_matches([' ', '*']);
    // A template of podman prints an ID and a name so: no file is called like an image.
    let image = file.contains('/')
        && as_reference(file.trim_matches(['[', ']'])).is_some_and(|name| name.tag().is_some());
    let named = !image && !file.is_empty() && (!file.contains(' ') || line.contains("  "));
    named.then_some((digest, file))
}

/// The program whose output is no document of the image: an archive of it, or what
/// something in it printed. A sum of that is about that.
fn other_bytes(command: &Command) -> Option<String> {
    const VERBS: [&str; 8] = ["save", "export", "run", "exec", "cp", "logs", "blob", "layer"];
    let verb = command.words.split(' ').skip(1).any(|word| VERBS.contains(&word));
    verb.then(|| command.words.clone())
}

pub(super) fn text(lines: Lines<'_>, command: &Command) -> Option<Output> {
    let read = |line| {
        let (digest, file) = sum(line)?;
        let digest = digest.to_ascii_lowercase();
        crate::evidence::terminal::hex64(&digest).then_some((digest, file))
    };
    read(lines.first()?)?;
    let key =
        ["openssl pkey", "openssl ec", "openssl rsa", "cosign public-key"].iter().any(|k| command.is(k));
    let mut facts = Facts::new(if key { "openssl dgst" } else { "sha256sum" }, Knows::Text);
    let end = lines.run(|_, line| match read(line) {
        Some((digest, file)) => {
            // A sum of a pipe is about what the pipe was about; a file is itself.
            let pipe = matches!(file, "-" | "/dev/stdin");
            facts.next_image(command.reference.as_deref().filter(|_| pipe));
            facts.subject().file = match pipe {
                true => other_bytes(command),
                false => Some(crate::base::digest::shorten(file)),
            };
            if key && pipe {
                facts.subject().file.clone_from(&command.file);
                facts.top(DigestKind::Key, &digest);
            } else {
                facts.top(DigestKind::Unknown, &digest);
            }
            true
        }
        None => false,
    });
    Some(Output::new(Kind::Sha256sum, end, facts.done()))
}
