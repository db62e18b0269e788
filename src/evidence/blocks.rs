//! Output of tools that print text: which lines belong together, what they
//! are, and which digests they assert.

use super::assert::{claim, rows};
use super::terminal::{Command, as_reference, digests, hex64, is_noise, key_value};
use super::{Claim, ClaimSource, Kind, trust_text};
use crate::base::digest::ClaimedDigest;

/// Lines that belong together.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// How many lines.
    pub(super) lines: usize,
    pub(super) claims: Vec<Claim>,
}

type Recogniser = fn(&[&str], &Command) -> Option<Block>;

/// The block at the beginning of `lines`, if a tool is known to print such.
pub(super) fn block(lines: &[&str], command: &Command) -> Option<Block> {
    let all: [Recogniser; 12] = [
        trust_cleaned,
        imagetools,
        trust_pretty,
        notary_list,
        pull,
        cosign_header,
        http_headers,
        docker_images,
        sums,
        fragments,
        platform_list,
        bare,
    ];
    all.iter().find_map(|recognise| recognise(lines, command))
}

/// How many of the lines, from the first on, fit; trailing blank ones do not.
fn run(lines: &[&str], mut fits: impl FnMut(usize, &str) -> bool) -> usize {
    let mut count = 0;
    for (i, line) in lines.iter().enumerate() {
        if !line.trim().is_empty() {
            if !fits(i, line.trim()) {
                break;
            }
            count = i + 1;
        }
    }
    count
}

fn joined(lines: &[&str], count: usize) -> String {
    lines.iter().take(count).copied().collect::<Vec<_>>().join("\n")
}

fn next_line<'l>(lines: &[&'l str]) -> Option<&'l str> {
    lines.iter().skip(1).map(|line| line.trim()).find(|line| !line.is_empty())
}

fn trust_cleaned(lines: &[&str], _: &Command) -> Option<Block> {
    let (key, _) = key_value(lines.first()?)?;
    let starts = key == "SignedTags" || (key == "Name" && key_value(next_line(lines)?)?.0 == "SignedTags");
    if !starts {
        return None;
    }
    let keys = ["Name", "SignedTags", "SignedTag", "Digest", "Signers", "Keys", "ID", "AdministrativeKeys"];
    let mut in_signers = false;
    let count = run(lines, |_, line| match key_value(line) {
        Some((key, _)) => {
            in_signers = key == "Signers";
            keys.contains(&key)
        }
        None => in_signers && !line.starts_with(['$', '{', '[']),
    });
    trust_block(Kind::TrustCleaned, lines, count)
}

fn trust_block(kind: Kind, lines: &[&str], count: usize) -> Option<Block> {
    match trust_text::trust_text(joined(lines, count).as_bytes()) {
        Ok(reports) => Some(Block { kind, lines: count, claims: rows(&reports) }),
        Err(_) if count <= crate::base::limits::LOOK_AHEAD => None,
        Err(_) => Some(Block { kind: Kind::Text, lines: count, claims: Vec::new() }),
    }
}

fn trust_pretty(lines: &[&str], _: &Command) -> Option<Block> {
    let heading = |line: &str| {
        let starts = [
            "Signatures for ",
            "No signatures for ",
            "List of signers and their keys",
            "Administrative keys for ",
        ];
        let keys = ["Repository Key:", "Root Key:"];
        starts.iter().chain(&keys).any(|s| line.starts_with(s))
            || line.split_whitespace().take(3).eq(["SIGNED", "TAG", "DIGEST"])
    };
    if !heading(lines.first()?.trim()) {
        return None;
    }
    let ids = |words: &[&str]| {
        !words.is_empty()
            && words.iter().all(|w| {
                let id = w.trim_end_matches(',');
                (12..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit())
            })
    };
    let mut in_signers = false;
    let count = run(lines, |_, line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words == ["SIGNER", "KEYS"] {
            in_signers = true;
            return true;
        }
        if heading(line) {
            in_signers = line.starts_with("List of signers");
            return true;
        }
        match words.as_slice() {
            [_, keys @ ..] if in_signers => ids(keys),
            // A malformed digest stays in its row, so that it can be refused.
            [_, digest, _, ..] => {
                digest.len() >= 12 && digest.bytes().all(|b| b.is_ascii_alphanumeric())
                    || line.ends_with("(Repo Admin)")
            }
            [_, digest] => hex64(digest),
            _ => false,
        }
    });
    trust_block(Kind::TrustPretty, lines, count)
}

fn notary_list(lines: &[&str], _: &Command) -> Option<Block> {
    let words: Vec<&str> = lines.first()?.split_whitespace().collect();
    if !words.starts_with(&["NAME", "DIGEST"]) || words.last() != Some(&"ROLE") {
        return None;
    }
    let count = run(lines, |i, line| {
        i == 0
            || line.bytes().all(|b| b == b'-' || b == b' ')
            || line.split_whitespace().nth(1).is_some_and(hex64)
    });
    trust_block(Kind::NotaryList, lines, count)
}

fn pull(lines: &[&str], command: &Command) -> Option<Block> {
    let first = lines.first()?.trim();
    let digest_first =
        first.starts_with("Digest: sha256:") && next_line(lines).is_some_and(|l| l.starts_with("Status: "));
    if !(first.contains(": Pulling from ") || first.starts_with("Using default tag: ") || digest_first) {
        return None;
    }
    let (mut digest, mut reference, mut status) = (None, None, false);
    let count = run(lines, |_, line| {
        let layer = line
            .split_once(": ")
            .is_some_and(|(id, _)| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()));
        // A second pull is a block of its own.
        if let (Some(found), None) = (line.strip_prefix("Digest: "), &digest) {
            digest = Some(found.to_owned());
        } else if let Some((_, found)) = line.strip_prefix("Status: ").and_then(|s| s.rsplit_once(" for ")) {
            reference = Some(found.to_owned());
            status = true;
        } else if let (Some((tag, repository)), None) = (line.split_once(": Pulling from "), &digest) {
            reference = Some(format!("{repository}:{tag}"));
        } else if status && as_reference(line).is_some() {
            reference = Some(line.to_owned());
            status = false;
        } else {
            return layer || line.starts_with("Using default tag: ");
        }
        true
    });
    let reference = reference.or_else(|| command.reference.clone());
    let claims = digest.and_then(|d| claim(ClaimSource::Pull, &d, reference.as_deref(), None));
    Some(Block { kind: Kind::DockerPull, lines: count, claims: claims.into_iter().collect() })
}

fn imagetools(lines: &[&str], _: &Command) -> Option<Block> {
    let (key, name) = key_value(lines.first()?)?;
    if key != "Name" || key_value(next_line(lines)?)?.0 != "MediaType" {
        return None;
    }
    let mut claims: Vec<Claim> = Vec::new();
    let count = run(lines, |_, line| {
        let Some((key, value)) = key_value(line) else { return false };
        match key {
            "Digest" => claims.extend(claim(ClaimSource::Tool, value, Some(name), None)),
            "Name" => {
                let digest = value.split_once('@').map(|(_, digest)| digest).unwrap_or_default();
                claims.extend(claim(ClaimSource::Tool, digest, Some(value), None));
            }
            "Platform" => claims.last_mut().into_iter().for_each(|c| c.platform = Some(value.to_owned())),
            _ => {}
        }
        true
    });
    Some(Block { kind: Kind::Imagetools, lines: count, claims })
}

fn cosign_header(lines: &[&str], _: &Command) -> Option<Block> {
    let first = lines.first()?.trim();
    let checks = "The following checks were performed on ";
    if !(first.starts_with("Verification for ") && first.ends_with(" --") || first.starts_with(checks)) {
        return None;
    }
    let count = run(lines, |i, line| i == 0 || line.starts_with(checks) || line.starts_with("- "));
    Some(Block { kind: Kind::CosignHeader, lines: count, claims: vec![] })
}

/// `curl -v` and `curl -i`, or a single header that grep left.
fn http_headers(lines: &[&str], command: &Command) -> Option<Block> {
    let plain = |line: &str| {
        let line = line.strip_prefix(['<', '>']).map_or(line, str::trim_start);
        key_value(line).map(|(key, value)| (key.to_ascii_lowercase(), value.to_owned()))
    };
    let marked = |line: &str| {
        line.starts_with("< ")
            || line.starts_with("> ")
            || line.starts_with("* ")
            || line.starts_with("*\t")
            || line == "<"
            || line == ">"
    };
    let status =
        |line: &str| line.starts_with("HTTP/1") || line.starts_with("HTTP/2") || line.starts_with("HTTP/3");
    let names = [
        "docker-content-digest",
        "docker-distribution-api-version",
        "www-authenticate",
        "content-type",
        "etag",
    ];
    let first = lines.first()?.trim();
    let single = plain(first).is_some_and(|(key, _)| names.contains(&key.as_str()));
    if !(marked(first) || status(first) || single) {
        return None;
    }
    let bare = status(first) || single;
    let (mut digest, mut host, mut path) = (None, None, None);
    let count = run(lines, |_, line| {
        let fits = marked(line) || status(line) || is_noise(line) || (bare && plain(line).is_some());
        if let Some((key, value)) = plain(line).filter(|_| fits) {
            match key.as_str() {
                "docker-content-digest" => digest = Some(value),
                "host" => host = Some(value),
                _ => {}
            }
        }
        // curl's progress meter may stand before it on the same line.
        let request = ["> GET /v2/", "> HEAD /v2/"].iter().find_map(|mark| line.split_once(mark));
        if let Some((_, rest)) = request {
            let found = rest.split(' ').next().and_then(|p| p.split_once("/manifests/"));
            path = found.map(|(name, reference)| (name.to_owned(), reference.to_owned()));
        }
        fits
    });
    let requested = host.zip(path).map(|(host, (name, reference))| {
        let mark = if reference.contains(':') { '@' } else { ':' };
        format!("{host}/{name}{mark}{reference}")
    });
    let reference = requested.or_else(|| command.reference.clone());
    let claims = digest.and_then(|d| claim(ClaimSource::Header, &d, reference.as_deref(), None));
    Some(Block { kind: Kind::HttpHeaders, lines: count, claims: claims.into_iter().collect() })
}

fn docker_images(lines: &[&str], _: &Command) -> Option<Block> {
    let first = lines.first()?;
    if !(first.trim_start().starts_with("REPOSITORY ") && first.contains("IMAGE ID")) {
        return None;
    }
    let with_digest = first.contains("DIGEST");
    let mut claims = Vec::new();
    let count = run(lines, |i, line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let long = words.iter().filter(|word| word.starts_with("sha256:"));
        let sources: &[ClaimSource] = if with_digest {
            &[ClaimSource::RepoDigest, ClaimSource::ImageId]
        } else {
            &[ClaimSource::ImageId]
        };
        for (word, source) in long.zip(sources) {
            claims.extend(claim(*source, word, words.first().copied(), None));
        }
        i == 0
            || (words.len() >= 5 && as_reference(words.first().copied().unwrap_or_default()).is_some())
            || words.first() == Some(&"<none>")
    });
    Some(Block { kind: Kind::DockerImages, lines: count, claims })
}

/// `sha256sum`, `shasum`, `openssl dgst`.
fn sums(lines: &[&str], command: &Command) -> Option<Block> {
    let sum = |line: &str| {
        let digest = match line.split_once("= ") {
            Some((name, digest))
                if name.contains("256(") || name.contains("(stdin)") || name.starts_with("SHA256 (") =>
            {
                digest
            }
            _ => {
                let (digest, file) = line.split_once([' ', '\t'])?;
                let file = file.trim_start_matches([' ', '*']);
                if file.is_empty() || (file.contains(' ') && !line.contains("  ")) {
                    return None;
                }
                digest
            }
        };
        ClaimedDigest::parse_sha256_hex(digest.trim()).ok()
    };
    let mut claims = Vec::new();
    let count = run(lines, |_, line| match sum(line) {
        Some(digest) => {
            claims.push(Claim {
                source: ClaimSource::Sum,
                digest,
                reference: command.reference.clone(),
                platform: None,
            });
            true
        }
        None => false,
    });
    (count > 0).then_some(Block { kind: Kind::Sha256sum, lines: count, claims })
}

/// What grep leaves of JSON: `"digest": "sha256:…"`, `"Id": "sha256:…"`.
fn fragments(lines: &[&str], command: &Command) -> Option<Block> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut os: Option<String> = None;
    let member = |line: &str| {
        let (name, value) = line.strip_prefix('"')?.split_once('"')?;
        let value = value.trim_start().strip_prefix(':')?.trim().trim_end_matches(',');
        Some((name.to_owned(), value.trim_matches('"').to_owned()))
    };
    let count = run(lines, |i, line| {
        let barren = i >= crate::base::limits::LOOK_AHEAD && claims.is_empty();
        if barren || !line.starts_with(['"', '{', '}', '[', ']']) || line.ends_with("bytes data]") {
            return false;
        }
        let reference = command.reference.as_deref();
        match member(line) {
            Some((name, value)) => match name.as_str() {
                "architecture" | "Architecture" => {
                    let platform = os.take().map_or_else(|| value.clone(), |os| format!("{os}/{value}"));
                    let last = claims
                        .last_mut()
                        .filter(|c| c.source == ClaimSource::Fragment && c.platform.is_none());
                    if let Some(claim) = last {
                        claim.platform = Some(platform);
                    }
                }
                "os" => {
                    let last =
                        claims.last_mut().and_then(|c| c.platform.as_mut()).filter(|p| !p.contains('/'));
                    match last {
                        Some(platform) => *platform = format!("{value}/{platform}"),
                        None => os = Some(value),
                    }
                }
                "variant" => {
                    let last = claims.last_mut().and_then(|c| c.platform.as_mut());
                    last.into_iter().for_each(|p| *p = format!("{p}/{value}"));
                }
                _ => {
                    let source = match name.as_str() {
                        "Id" | "ID" => ClaimSource::ImageId,
                        "Digest" => ClaimSource::Tool,
                        _ => ClaimSource::Fragment,
                    };
                    claims.extend(claim(source, &value, reference, None));
                }
            },
            None => {
                if let Some((name, digest)) = line.trim_matches(['"', ',', ' ']).split_once('@') {
                    claims.extend(claim(ClaimSource::RepoDigest, digest, Some(name), None));
                }
            }
        }
        true
    });
    (!claims.is_empty()).then_some(Block { kind: Kind::Fragments, lines: count, claims })
}

/// `linux/amd64 sha256:…`, as a jq filter prints platforms.
fn platform_list(lines: &[&str], command: &Command) -> Option<Block> {
    let mut claims = Vec::new();
    let count = run(lines, |_, line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [platform, digest] = words.as_slice() else { return false };
        let found =
            claim(ClaimSource::Bare, digest, command.reference.as_deref(), Some((*platform).to_owned()));
        let fits = platform.contains('/') && found.is_some();
        claims.extend(found.filter(|_| fits));
        fits
    });
    (count > 0).then_some(Block { kind: Kind::DigestText, lines: count, claims })
}

/// A digest alone on its line, or in a reference, or in the name of a cosign
/// tag, or `[REPO@sha256:…]` as a Go template prints repository digests.
fn bare(lines: &[&str], command: &Command) -> Option<Block> {
    let mut claims: Vec<Claim> = Vec::new();
    let count = run(lines, |_, line| match bare_line(line, command) {
        found if found.is_empty() => false,
        found => {
            claims.extend(found);
            true
        }
    });
    (count > 0).then_some(Block { kind: Kind::DigestText, lines: count, claims })
}

fn bare_line(line: &str, command: &Command) -> Vec<Claim> {
    let line = line.trim_matches(['\'', '"']);
    let held = if command.asks_id { ClaimSource::ImageId } else { ClaimSource::Bare };
    if let Some(found) = claim(held, line, command.reference.as_deref(), None) {
        return vec![found];
    }
    if let Ok(digest) = ClaimedDigest::parse_sha256_hex(line) {
        return vec![Claim { source: held, digest, reference: command.reference.clone(), platform: None }];
    }
    if let Some(list) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
        let each = list.split_whitespace().map(|word| {
            let (name, digest) = word.trim_matches(['"', ',']).split_once('@')?;
            claim(ClaimSource::RepoDigest, digest, Some(name), None)
        });
        return each.collect::<Option<Vec<_>>>().unwrap_or_default();
    }
    let Some(reference) = as_reference(line) else { return vec![] };
    let from_tag = || {
        let hex = reference.tag()?.strip_prefix("sha256-")?.split('.').next()?;
        ClaimedDigest::parse_sha256_hex(hex).ok()
    };
    let digest = reference.digest().cloned().or_else(from_tag);
    let reference = Some(line.to_owned());
    digest
        .map(|digest| Claim { source: ClaimSource::Bare, digest, reference, platform: None })
        .into_iter()
        .collect()
}

/// Digests in prose and in messages of no known kind.
pub(super) fn mentioned(line: &str) -> Vec<Claim> {
    let each = digests(line).into_iter();
    each.map(|(_, digest)| Claim { source: ClaimSource::Bare, digest, reference: None, platform: None })
        .collect()
}
