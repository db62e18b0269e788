//! What the registry proxy lets through: `/proxy/HOST/PATH?QUERY`.
//!
//! The proxy is not trusted with a verdict; these rules only keep it from
//! being used for anything but reading registries. `deploy/nginx.conf` and
//! `deploy/worker.js` follow the same ones, `docs/proxy.md` states them.

use super::url::Url;
use crate::base::digest::ClaimedDigest;
use crate::base::list::CollectVec as _;
use crate::model::reference::{Host, Reference, is_tag};
use crate::model::registry_table;

/// Longest body the proxy passes on: 8 MiB. Manifests, configs and signatures
/// are shorter; `serve` alone streams blobs of any length.
pub const BODY_BYTES: usize = 8 << 20;

/// Response headers passed on, and exposed to pages of other origins. Of `Link`
/// only the address of a list's next page is: nothing that loads or runs.
pub const EXPOSED: &[&str] = &[
    "content-type",
    "docker-content-digest",
    "link",
    "oci-filters-applied",
    "ratelimit-limit",
    "ratelimit-remaining",
    "retry-after",
    "www-authenticate",
];

/// `Content-Security-Policy` of every proxied answer: a registry's HTML opened
/// as a page runs nothing, has no origin, and is not the proxy's.
pub const ANSWER_POLICY: &str = "sandbox; default-src 'none'";

/// Media types an answer may keep. Every other one, HTML among them, is passed
/// on as [`OTHER_TYPE`].
pub const MEDIA_TYPES: &[&str] = &[
    "application/json",
    "application/vnd.docker.container.image.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
];

/// The media type of bytes that are nothing a browser would interpret.
pub const OTHER_TYPE: &str = "application/octet-stream";

/// The media type an answer is passed on with: the listed one without its
/// parameters, else [`OTHER_TYPE`].
#[must_use]
pub fn media_type(given: Option<&str>) -> &'static str {
    let bare = given.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    MEDIA_TYPES.iter().find(|known| known.eq_ignore_ascii_case(bare)).copied().unwrap_or(OTHER_TYPE)
}

/// Whether an upstream status is one to pass on. Others, such as 101 or 700,
/// are answered with 502.
#[must_use]
pub const fn is_answer(status: u16) -> bool {
    matches!(status, 200..=599)
}

/// Who may be asked.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Hosts that can be named in the address.
    pub direct: Vec<String>,
    /// Hosts that only a redirect leads to.
    pub redirected: Vec<String>,
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not below `/proxy/`: 404.
    NotProxied,
    /// The script of a service worker: 403.
    ServiceWorker,
    /// Not GET, HEAD or OPTIONS: 405.
    Method,
    /// A host that is not listed: 403.
    Host,
    /// A path that is not one of reading a registry: 403.
    Path,
}

impl Refusal {
    /// HTTP status and text of the answer.
    #[must_use]
    pub const fn answer(self) -> (u16, &'static str) {
        match self {
            Self::NotProxied => (404, "Nothing here.\n"),
            Self::ServiceWorker => (403, "No service worker comes from here.\n"),
            Self::Method => (405, "Only GET, HEAD and OPTIONS.\n"),
            Self::Host => (403, "This proxy does not ask that host.\n"),
            Self::Path => (403, "This proxy only reads manifests, blobs, referrers, tags and tokens.\n"),
        }
    }
}

impl Policy {
    /// The public registries of [`crate::model::registry_table`].
    #[must_use]
    pub fn public() -> Self {
        let direct = registry_table::REGISTRIES
            .iter()
            .map(|known| known.api)
            .chain(["auth.docker.io", registry_table::NOTARY])
            .chain(registry_table::MORE_REGISTRY_HOSTS.iter().copied());
        let redirected = registry_table::REGISTRIES.iter().flat_map(|known| known.hosts.iter().copied());
        Self {
            direct: direct.map(str::to_owned).collect_vec(),
            redirected: redirected.map(str::to_owned).collect_vec(),
        }
    }

    /// Also lets a host through, for example a registry on this machine.
    pub fn allow(&mut self, host: &Host) {
        self.direct.push(host.as_str().to_owned());
    }

    /// The hosts of this policy that are the machine itself.
    pub fn loopback(&self) -> impl Iterator<Item = Host> {
        self.direct.iter().filter_map(|host| Host::parse(host).ok()).filter(Host::is_loopback)
    }

    /// Where a request goes.
    ///
    /// # Errors
    /// The [`Refusal`].
    pub fn admit(&self, method: &str, target: &str) -> Result<Url, Refusal> {
        let rest = target.strip_prefix("/proxy/").ok_or(Refusal::NotProxied)?;
        if !matches!(method, "GET" | "HEAD" | "OPTIONS") {
            return Err(Refusal::Method);
        }
        let (host, path) = rest.split_once('/').ok_or(Refusal::Host)?;
        let parsed = Host::parse(host).map_err(|_| Refusal::Host)?;
        if parsed.as_str() != host || !listed(&self.direct, host) {
            return Err(Refusal::Host);
        }
        let base = Url::of_host(&parsed, "/".to_owned());
        let url = base.join(&format!("/{path}")).map_err(|_| Refusal::Path)?;
        if is_read(url.target()) { Ok(url) } else { Err(Refusal::Path) }
    }

    /// Whether a redirect may be followed there.
    #[must_use]
    pub fn admits_redirect(&self, url: &Url) -> bool {
        let host = url.host().as_str();
        listed(&self.direct, host) || listed(&self.redirected, host)
    }
}

fn listed(patterns: &[String], host: &str) -> bool {
    patterns.iter().any(|pattern| registry_table::host_matches(pattern, host))
}

/// Whether a path with its query reads a registry, a token server or a Notary
/// server.
fn is_read(target: &str) -> bool {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    match path {
        "/v2/" => return query.is_none(),
        "/token" | "/token/" | "/v2/auth" | "/v2/token" | "/service/token" | "/jwt/auth" => return true,
        _ => {}
    }
    let Some(rest) = path.strip_prefix("/v2/") else { return false };
    if let Some((gun, role)) = rest.split_once("/_trust/tuf/") {
        return query.is_none() && is_collection(gun) && role.strip_suffix(".json").is_some_and(is_role);
    }
    if let Some(name) = rest.strip_suffix("/tags/list") {
        return is_name(name);
    }
    let Some((front, last)) = rest.rsplit_once('/') else { return false };
    let Some((name, kind)) = front.rsplit_once('/') else { return false };
    let digest = ClaimedDigest::parse(last).is_ok();
    is_name(name)
        && match kind {
            "manifests" => query.is_none() && (digest || is_tag(last)),
            "blobs" => query.is_none() && digest,
            "referrers" => digest,
            _ => false,
        }
}

/// The name of a Notary collection: a repository path, mostly with its
/// registry in front, which may have a port.
fn is_collection(text: &str) -> bool {
    is_name(text)
        || Reference::parse(text)
            .is_ok_and(|name| name.gun() == text && name.tag().is_none() && name.digest().is_none())
}

/// A repository path.
fn is_name(text: &str) -> bool {
    Reference::parse(&format!("registry.invalid/{text}"))
        .is_ok_and(|name| name.tag().is_none() && name.digest().is_none())
}

/// `root`, `targets/releases`, with a version or digest in front or behind.
fn is_role(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    text.len() <= 256 && text.split('/').all(|part| !part.is_empty() && part.bytes().all(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    #[test]
    fn reading_registries_is_let_through() {
        let policy = Policy::public();
        for path in [
            "registry-1.docker.io/v2/".to_owned(),
            "registry-1.docker.io/v2/nicolas/webdis/manifests/0.1.24".to_owned(),
            format!("registry-1.docker.io/v2/nicolas/webdis/manifests/sha256:{HEX}"),
            format!("registry-1.docker.io/v2/nicolas/webdis/manifests/sha256-{HEX}.sig"),
            format!("ghcr.io/v2/o/n/blobs/sha256:{HEX}"),
            format!("quay.io/v2/o/n/referrers/sha256:{HEX}?n=50&last=x"),
            "quay.io/v2/o/n/tags/list?n=1000".to_owned(),
            "auth.docker.io/token?service=registry.docker.io&scope=repository%3Aa%2Fb%3Apull".to_owned(),
            "public.ecr.aws/token/?service=public.ecr.aws&scope=aws".to_owned(),
            "notary.docker.io/v2/docker.io/nicolas/webdis/_trust/tuf/targets/releases.json".to_owned(),
            "notary.docker.io/v2/docker.io/nicolas/webdis/_trust/tuf/1.root.json".to_owned(),
            "notary.docker.io/v2/localhost:5000/a/_trust/tuf/root.json".to_owned(),
            "us-docker.pkg.dev/v2/p/r/i/manifests/1".to_owned(),
        ] {
            let url = policy
                .admit("GET", &format!("/proxy/{path}"))
                .unwrap_or_else(|refusal| panic!("{path}: {refusal:?}"));
            assert_eq!(url.to_string(), format!("https://{path}"));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let policy = Policy::public();
        for (method, target, refusal) in [
            ("GET", "/".to_owned(), Refusal::NotProxied),
            ("GET", "/proxy".to_owned(), Refusal::NotProxied),
            ("POST", "/proxy/quay.io/v2/".to_owned(), Refusal::Method),
            ("PUT", "/proxy/quay.io/v2/a/manifests/1".to_owned(), Refusal::Method),
            ("DELETE", "/proxy/quay.io/v2/a/manifests/1".to_owned(), Refusal::Method),
            ("PATCH", "/proxy/quay.io/v2/a/blobs/uploads/1".to_owned(), Refusal::Method),
            ("GET", "/proxy/evil.example/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/quay.io".to_owned(), Refusal::Host),
            ("GET", "/proxy/quay.io:8443/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/QUAY.io/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/user@quay.io/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/quay.io%2f@evil.example/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/127.0.0.1:5000/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/localhost/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/[::1]/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/169.254.169.254/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy//v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/production.cloudflare.docker.com/v2/".to_owned(), Refusal::Host),
            ("GET", "/proxy/quay.io/".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v1/search?q=x".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/_catalog".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/a/blobs/uploads/".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/a/blobs/latest".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/../api/v1/user".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/%2e%2e/api".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/a%2fb/tags/list".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/A/tags/list".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/a/manifests/1?x=y".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/a/manifests/1#x".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io/v2/a/manifests/1\r\nX: y".to_owned(), Refusal::Path),
            ("GET", "/proxy/quay.io//v2/".to_owned(), Refusal::Path),
            ("GET", "/proxy/notary.docker.io/v2/a/_trust/tuf/../x.json".to_owned(), Refusal::Path),
        ] {
            assert_eq!(policy.admit(method, &target), Err(refusal), "{method} {target}");
        }
    }

    #[test]
    fn what_a_browser_would_act_on_is_not_passed_on() {
        for (given, passed) in [
            (Some("application/vnd.oci.image.index.v1+json"), "application/vnd.oci.image.index.v1+json"),
            (Some("Application/JSON; charset=utf-8"), "application/json"),
            (Some("text/html; charset=utf-8"), OTHER_TYPE),
            (Some("text/javascript"), OTHER_TYPE),
            (Some("image/svg+xml"), OTHER_TYPE),
            (Some("application/json, text/html"), OTHER_TYPE),
            (Some(""), OTHER_TYPE),
            (None, OTHER_TYPE),
        ] {
            assert_eq!(media_type(given), passed, "{given:?}");
        }
        assert!([200, 204, 401, 404, 429, 599].into_iter().all(is_answer));
        assert!(![0, 100, 101, 199, 600, 999].into_iter().any(is_answer));
    }

    #[test]
    fn redirects_lead_to_listed_hosts_only() {
        let mut policy = Policy::public();
        let at = |text: &str| Url::parse(text).unwrap();
        assert!(policy.admits_redirect(&at("https://production.cloudflare.docker.com/x?y=z")));
        assert!(policy.admits_redirect(&at("https://d5l0dvt14r5h8.cloudfront.net/x")));
        // Anybody's distribution, anybody's bucket.
        assert!(!policy.admits_redirect(&at("https://d111111abcdef8.cloudfront.net/x")));
        assert!(!policy.admits_redirect(&at("https://a.s3.dualstack.us-east-1.amazonaws.com/x")));
        assert!(!policy.admits_redirect(&at("https://evil.example/x")));
        assert!(!policy.admits_redirect(&at("http://127.0.0.1:5000/x")));
        policy.allow(&Host::parse("127.0.0.1:5000").unwrap());
        assert!(policy.admits_redirect(&at("http://127.0.0.1:5000/x")));
        assert!(policy.admit("GET", "/proxy/127.0.0.1:5000/v2/").is_ok());
        assert_eq!(policy.loopback().count(), 1);
    }
}
