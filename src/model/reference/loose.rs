//! References as people have them: page addresses, registry addresses, quoted,
//! inside a command or a Dockerfile line. What is meant is taken only where one
//! reading is possible; [`Reference::parse`] stays as strict as `docker pull`.

use super::{Reference, codes};
use crate::base::affix::{each, is_one};
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;

/// Words before a reference: of a Dockerfile, a manifest, a command line.
const BEFORE: &str = "FROM|from|image:|Image:|\"image\":|-|docker|podman|nerdctl|crictl|crane|regctl|oras|skopeo|cosign|sudo|$|#|>";
/// Subcommands between the program and the reference.
const SUBCOMMANDS: &str = "pull|image|run|inspect|push|digest|manifest|resolve|verify|tree|buildx|imagetools";
/// Schemes of programs and of container runtimes, which say nothing of the name.
const SCHEMES: &str = "docker://|docker-pullable://|oci://|containers-storage:|docker-daemon:";

/// Hosts of pages, and of registries under other names.
const PAGES: &str = "hub.docker.com|gallery.ecr.aws|registry-1.docker.io|index.docker.io\
    |registry.hub.docker.com|registry.docker.io|quay.io|github.com";
/// What stands around a reference in prose.
const QUOTES: &[char] = &['"', '\'', '`', '\u{201c}', '\u{201d}', ',', ';', '(', ')', '<', '>'];

impl Reference {
    /// Reads a reference in the forms it is copied in: surrounded by blanks or
    /// quotes, behind `docker://`, `FROM` or `docker pull`, as the address of a
    /// page (hub.docker.com, gallery.ecr.aws, quay.io, GitHub packages) or of a
    /// registry's API (`https://HOST/v2/NAME/manifests/TAG`), with `:sha256:` for
    /// `@sha256:`. [`Reference::text`] is the plain form then.
    ///
    /// # Errors
    /// Those of [`Reference::parse`], about the text as it was given.
    pub fn parse_loose(text: &str) -> Result<Self> {
        if let Ok(strict) = Self::parse(text) {
            // The host of a page is no registry.
            if !is_one(strict.registry(), PAGES) {
                return Ok(strict);
            }
        }
        Self::parse_within(text)
    }

    /// The reference that stands within a text.
    // Not for a first verdict: not part of what is downloaded for one.
    #[inline(never)]
    fn parse_within(text: &str) -> Result<Self> {
        let text = text.trim();
        // A link in Markdown: what it shows.
        let shown = text.strip_prefix('[').and_then(|rest| rest.split_once("](")).map(|(shown, _)| shown);
        let word = last_word(shown.unwrap_or(text))?.trim_matches(QUOTES);
        let bare = each(SCHEMES).find_map(|scheme| word.strip_prefix(scheme)).unwrap_or(word);
        let address = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
        let named = match of_address(address.unwrap_or(bare)) {
            Some(named) => named,
            None if address.is_some() => {
                return Err(Error::new(codes::REFERENCE_IS_ADDRESS).found(shorten(text)));
            }
            None => bare.to_owned(),
        };
        let named = match named.split_once(":sha256:") {
            // `name:tag:sha256:…` and `name:sha256:…`.
            Some((name, hex)) if !name.contains('@') && !name.is_empty() => format!("{name}@sha256:{hex}"),
            _ => named,
        };
        Self::parse(&with_digest(named))
    }
}

/// The digest as registries write it: `@sha256-…`, `@SHA256:…` and 64 digits alone are meant so.
fn with_digest(named: String) -> String {
    let Some((name, digest)) = named.split_once('@') else { return named };
    let lower = digest.to_ascii_lowercase();
    let hex = lower.strip_prefix("sha256:").or_else(|| lower.strip_prefix("sha256-")).unwrap_or(&lower);
    let is_hex = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { format!("{name}@sha256:{hex}") } else { named }
}

/// The reference's word in `FROM x AS y`, `docker pull x`, `image: x`.
fn last_word(text: &str) -> Result<&str> {
    let mut words = text.split_whitespace().take(12).peekable();
    let known = |word: &&str| is_one(word, BEFORE) || is_one(word, SUBCOMMANDS) || word.starts_with('-');
    let mut led = false;
    while let Some(word) = words.next_if(|word| known(word)) {
        led |= is_one(word, BEFORE);
    }
    let found = words.next();
    let rest_fits = words.next().is_none_or(|next| led && next.eq_ignore_ascii_case("as"));
    found
        .filter(|_| rest_fits)
        .ok_or_else(|| Error::new(codes::REFERENCE_SYNTAX).expected("one reference").found(shorten(text)))
}

/// Addresses of pages, and the name that each means. `A`, `B`, `C` and `H` stand for one part
/// of the path, `*` for any rest, `?` for a tag in the query.
const ADDRESSES: &str = "hub.docker.com/_/A/* A?\
    |hub.docker.com/r/A/B/* A/B?\
    |hub.docker.com/repository/docker/A/B/* A/B?\
    |hub.docker.com/layers/A/B/C/* A/B:C\
    |hub.docker.com/v2/repositories/A/B/tags/C/* A/B:C\
    |hub.docker.com/v2/repositories/A/B/* A/B\
    |hub.docker.com/v2/namespaces/A/repositories/B/tags/C/* A/B:C\
    |gallery.ecr.aws/A/B/* public.ecr.aws/A/B?\
    |quay.io/repository/A/B/tag/C/* quay.io/A/B:C\
    |quay.io/repository/A/B/* quay.io/A/B?\
    |quay.io/api/v1/repository/A/B/* quay.io/A/B?\
    |github.com/users/A/packages/container/package/B/* ghcr.io/A/B?\
    |github.com/users/A/packages/container/B/* ghcr.io/A/B?\
    |github.com/orgs/A/packages/container/package/B/* ghcr.io/A/B?\
    |github.com/orgs/A/packages/container/B/* ghcr.io/A/B?\
    |github.com/A/C/pkgs/container/package/B/* ghcr.io/A/B?\
    |github.com/A/C/pkgs/container/B/* ghcr.io/A/B?\
    |H/api/v2.0/projects/A/repositories/B/* H/A/B";

/// What stands in an address for the letters of a pattern, in their order.
const LETTERS: [&str; 4] = ["A", "B", "C", "H"];

/// The name that an address means by one of the patterns.
fn by_pattern(parts: &[&str], tag: Option<&str>) -> Option<String> {
    each(ADDRESSES).find_map(|row| {
        let (pattern, name) = row.split_once(' ')?;
        let mut found = [""; 4];
        let mut parts = parts.iter();
        let mut ends = true;
        for want in pattern.split('/') {
            if want == "*" {
                ends = false;
                break;
            }
            let part = *parts.next()?;
            match LETTERS.iter().position(|letter| *letter == want).and_then(|at| found.get_mut(at)) {
                Some(place) => *place = part,
                None if want != part => return None,
                None => {}
            }
        }
        if ends && parts.next().is_some() {
            return None;
        }
        // Names on ghcr.io are in small letters; Harbor encodes a slash in a name, twice.
        let (name, asks) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
        let mut out = String::new();
        for sign in name.chars() {
            match LETTERS.iter().position(|letter| letter.starts_with(sign)).and_then(|at| found.get(at)) {
                Some(part) => out.push_str(part),
                None => out.push(sign),
            }
        }
        if out.starts_with("ghcr.io/") {
            out.make_ascii_lowercase();
        }
        let mut out = out.replace("%252F", "/").replace("%2F", "/");
        if let Some(tag) = tag.filter(|_| asks) {
            out.push(':');
            out.push_str(tag);
        }
        Some(out)
    })
}

/// The reference that an address without its scheme means.
fn of_address(address: &str) -> Option<String> {
    let (address, query) = address.split_once(['?', '#']).unwrap_or((address, ""));
    let parts: Vec<&str> = address.split('/').filter(|part| !part.is_empty()).take(12).collect_vec();
    let tag = query
        .split(['&', '?'])
        .find_map(|pair| pair.strip_prefix("tag=").or_else(|| pair.strip_prefix("name=")));
    if let Some(named) = by_pattern(&parts, tag.filter(|tag| super::is_tag(tag))) {
        return Some(named);
    }
    let (host, name) = parts.split_first()?;
    let (name, mark, reference) = match name {
        [owner, _] if *host == "hub.docker.com" && !is_one(owner, "r|u|layers|search|v2") => {
            return Some(name.join("/"));
        }
        ["v2", name @ .., "manifests" | "referrers" | "blobs", reference] => {
            (name, if reference.contains(':') { "@" } else { ":" }, *reference)
        }
        ["v2", name @ .., "tags", "list"] => (name, "", ""),
        name if registry(host) != *host => (name, "", ""),
        // A registry's host in an address that is otherwise a name.
        name if host.contains('.') && name.len() < 4 && *host != "hub.docker.com" => (name, "", ""),
        _ => return None,
    };
    (!name.is_empty()).then(|| format!("{}/{}{mark}{reference}", registry(host), name.join("/")))
}

/// The registry that a host serves.
fn registry(host: &str) -> &str {
    match host {
        "registry-1.docker.io" | "index.docker.io" | "registry.hub.docker.com" | "registry.docker.io" => {
            "docker.io"
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_people_copy_are_read_in_one_way() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let pinned = format!("docker.io/nicolas/webdis@{digest}");
        let misspelt = format!("nicolas/webdis:{digest}");
        let api = format!("https://ghcr.io/v2/a/b/manifests/{digest}");
        for (text, meant) in [
            ("nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            (" nicolas/webdis:0.1.24\r\n", "docker.io/nicolas/webdis:0.1.24"),
            ("\"nicolas/webdis:0.1.24\"", "docker.io/nicolas/webdis:0.1.24"),
            ("docker://nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("docker pull nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("$ docker image inspect nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("FROM nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("FROM --platform=linux/amd64 nicolas/webdis AS base", "docker.io/nicolas/webdis"),
            ("image: nicolas/webdis", "docker.io/nicolas/webdis"),
            ("https://hub.docker.com/r/nicolas/webdis/tags", "docker.io/nicolas/webdis"),
            ("hub.docker.com/r/nicolas/webdis", "docker.io/nicolas/webdis"),
            ("https://hub.docker.com/_/redis", "docker.io/library/redis"),
            (
                "https://hub.docker.com/v2/repositories/nicolas/webdis/tags/0.1.24",
                "docker.io/nicolas/webdis:0.1.24",
            ),
            ("https://gallery.ecr.aws/nicolas/webdis", "public.ecr.aws/nicolas/webdis"),
            ("gallery.ecr.aws/nicolas/webdis", "public.ecr.aws/nicolas/webdis"),
            ("https://quay.io/repository/team/app?tab=tags&tag=1.0", "quay.io/team/app:1.0"),
            ("quay.io/team/app:1.0", "quay.io/team/app:1.0"),
            ("https://github.com/Owner/repo/pkgs/container/app", "ghcr.io/owner/app"),
            ("https://github.com/users/owner/packages/container/package/app", "ghcr.io/owner/app"),
            ("https://example.com/v2/team/app/manifests/1.0", "example.com/team/app:1.0"),
            ("https://registry-1.docker.io/v2/library/redis/manifests/7", "docker.io/library/redis:7"),
            ("registry-1.docker.io/nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("`nicolas/webdis:0.1.24`", "docker.io/nicolas/webdis:0.1.24"),
            ("(nicolas/webdis:0.1.24)", "docker.io/nicolas/webdis:0.1.24"),
            ("<nicolas/webdis:0.1.24>", "docker.io/nicolas/webdis:0.1.24"),
            ("- image: nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("\"image\": \"nicolas/webdis:0.1.24\",", "docker.io/nicolas/webdis:0.1.24"),
            ("docker run --rm -it nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("docker buildx imagetools inspect nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("crane digest nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("skopeo inspect docker://docker.io/nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("docker-daemon:nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("registry.hub.docker.com/nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("hub.docker.com/nicolas/webdis:0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            ("https://hub.docker.com/repository/docker/nicolas/webdis/general", "docker.io/nicolas/webdis"),
            ("https://hub.docker.com/r/nicolas/webdis/tags?name=0.1.24", "docker.io/nicolas/webdis:0.1.24"),
            (
                "[nicolas/webdis:0.1.24](https://hub.docker.com/r/nicolas/webdis)",
                "docker.io/nicolas/webdis:0.1.24",
            ),
            (&misspelt, &pinned),
            (&pinned.replace("sha256:", "sha256-"), &pinned),
            (&pinned.replace("sha256:", ""), &pinned),
            (&pinned.replace(&digest, &digest.to_uppercase()), &pinned),
            (&api, &format!("ghcr.io/a/b@{digest}")),
        ] {
            assert_eq!(Reference::parse_loose(text).unwrap().to_string(), *meant, "{text}");
        }
    }

    #[test]
    fn what_has_no_one_reading_is_refused() {
        for text in [
            "",
            "two words",
            "nicolas/webdis debian:12",
            "https://example.com",
            "Nicolas/Webdis",
            "nicolas/webdis:0.1.2\u{2026}",
            "nicolas/webdis 0.1.24",
            "docker run -p 7379:7379 nicolas/webdis",
            "-",
            "docker pull",
        ] {
            assert!(Reference::parse_loose(text).is_err(), "{text}");
        }
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(Reference::parse_loose(&digest).unwrap_err().code(), codes::REFERENCE_IS_DIGEST);
    }
}
