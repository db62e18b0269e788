//! `WWW-Authenticate`: what a registry wants before it answers.
//!
//! RFC 9110, section 11.3, and Docker's token specification: one `Bearer`
//! challenge with realm, service and scope.

use super::codes;
use super::url::Url;
use crate::base::digest::shorten;
use crate::base::error::{Error, Result};
use crate::base::list::CollectVec as _;

/// A `Bearer` challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Where tokens come from.
    pub realm: Url,
    /// Who the token is for.
    pub service: Option<String>,
    /// What it allows.
    pub scope: Option<String>,
}

impl Challenge {
    /// Reads the values of all `WWW-Authenticate` headers of a response.
    ///
    /// # Errors
    /// [`codes::LOGIN`] if only a password would do, [`codes::CHALLENGE`] if
    /// no challenge is understood.
    pub fn parse<'h>(values: impl Iterator<Item = &'h str>) -> Result<Self> {
        let mut error = Error::new(codes::CHALLENGE).found("none");
        for value in values.flat_map(challenges) {
            let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
            if scheme.eq_ignore_ascii_case("bearer") {
                match Self::bearer(rest) {
                    Some(challenge) => return Ok(challenge),
                    None => error = Error::new(codes::CHALLENGE).found(shorten(value)),
                }
            } else if scheme.eq_ignore_ascii_case("basic") {
                error = Error::new(codes::LOGIN);
            } else {
                error = Error::new(codes::CHALLENGE).found(shorten(scheme));
            }
        }
        Err(error)
    }

    fn bearer(parameters: &str) -> Option<Self> {
        let (mut realm, mut service, mut scope) = (None, None, None);
        for (name, value) in pairs(parameters)? {
            let slot = match name.to_ascii_lowercase().as_str() {
                "realm" => &mut realm,
                "service" => &mut service,
                "scope" => &mut scope,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        let realm = Url::parse(&realm?).ok()?;
        let scope = scope.filter(|scope| !scope.is_empty());
        Some(Self { realm, service, scope })
    }

    /// The address that gives an anonymous token. `scope` is asked for if the
    /// challenge names none.
    #[must_use]
    pub fn token_url(&self, scope: &str) -> Url {
        let scope = self.scope.as_deref().unwrap_or(scope);
        let url = self.realm.clone();
        match self.service.as_deref() {
            Some(service) => url.with_query(&[("service", service), ("scope", scope)]),
            None => url.with_query(&[("scope", scope)]),
        }
    }
}

/// The challenges of one header: a browser joins the lines of several with commas, as some
/// registries do. One begins where a name stands before a blank, or without a value.
fn challenges(header: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in header.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                let rest = header.get(at + 1..).unwrap_or_default().trim_start();
                let name = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)));
                let after = name.and_then(|end| rest.get(end..)).unwrap_or_default();
                let value = after.trim_start().starts_with('=') || rest.is_empty();
                if !value {
                    starts.push(at + 1);
                }
            }
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).map(|start| start - 1).chain([header.len()]);
    let parts = starts.iter().zip(ends).filter_map(|(start, end)| header.get(*start..end));
    parts.map(str::trim).collect_vec()
}

/// `name="value", name=value`; values quoted or tokens.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            return None;
        }
        let (value, after) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = after.find([',', ' ']).unwrap_or(after.len());
                let (value, after) = after.split_at_checked(end)?;
                (value.to_owned(), after)
            }
        };
        out.push((name.to_owned(), value));
        rest = after.trim_start();
        if rest.is_empty() || out.len() > 16 {
            break;
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
    Some(out)
}

/// The rest of a quoted string, and what follows it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            // A description may be in any language.
            c if !c.is_control() => value.push(c),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_of_public_registries() {
        for (header, address) in [
            (
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:nicolas/webdis:pull""#,
                "https://auth.docker.io/token?service=registry.docker.io&scope=repository%3Anicolas%2Fwebdis%3Apull",
            ),
            (
                r#"Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws""#,
                "https://public.ecr.aws/token/?service=public.ecr.aws&scope=aws",
            ),
            (
                r#"bearer realm="https://quay.io/v2/auth", service="quay.io""#,
                "https://quay.io/v2/auth?service=quay.io&scope=S",
            ),
            (r#"Bearer realm="http://127.0.0.1:5001/token""#, "http://127.0.0.1:5001/token?scope=S"),
            // Several in one line, in any order, and a description in another language.
            (
                r#"Basic realm="a, b", Bearer realm="https://r.example/t",service="s", Negotiate"#,
                "https://r.example/t?service=s&scope=S",
            ),
            (r#"Negotiate, Bearer realm="https://r.example/t" , scope="""#, "https://r.example/t?scope=S"),
            (
                "Bearer realm=\"https://r.example/t\",error_description=\"ung\u{fc}ltig\", Basic realm=\"x\"",
                "https://r.example/t?scope=S",
            ),
        ] {
            let challenge = Challenge::parse([header].into_iter()).unwrap();
            assert_eq!(challenge.token_url("S").to_string(), address);
        }
    }

    #[test]
    fn what_is_not_an_anonymous_token_is_named() {
        for (headers, code) in [
            (vec![], "registry-challenge"),
            (vec!["Basic realm=\"x\""], "registry-login"),
            (vec!["Negotiate"], "registry-challenge"),
            (vec!["Bearer"], "registry-challenge"),
            (vec!["Bearer realm"], "registry-challenge"),
            (vec!["Bearer realm=\"http://auth.example/\""], "registry-challenge"),
            (vec!["Bearer realm=\"file:///etc/passwd\""], "registry-challenge"),
            (vec!["Bearer realm=\"https://a.example/\",realm=\"https://b.example/\""], "registry-challenge"),
            (vec!["Bearer realm=\"https://a.example/"], "registry-challenge"),
            (vec!["Bearer realm=\"https://a.example/\" service"], "registry-challenge"),
            (vec!["Bearer service=\"x\""], "registry-challenge"),
        ] {
            let error = Challenge::parse(headers.iter().copied()).unwrap_err();
            assert_eq!(error.code().name(), code, "{headers:?}");
        }
        let both = ["Basic realm=\"x\"", "Bearer realm=\"https://a.example/t\""];
        assert!(Challenge::parse(both.into_iter()).is_ok());
    }
}
