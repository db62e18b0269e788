//! Public registries as they are served: API host, anonymous token address,
//! and the hosts their blobs are redirected to.
//!
//! This table is convenience, never trust: it fills the commands for a
//! terminal and the proxy's allow-list. The client itself reads the token
//! address from the registry's challenge.

/// One public registry.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// As in a reference: `docker.io`.
    pub registry: &'static str,
    /// Host of the API.
    pub api: &'static str,
    /// Address of anonymous tokens; `{name}` stands for the repository.
    pub token: Option<&'static str>,
    /// Hosts that tokens and blobs come from. A leading `*.` stands for one or
    /// more labels.
    pub hosts: &'static [&'static str],
}

/// The registries the proxy lets through if nothing else is configured.
pub const REGISTRIES: &[Known] = &[
    Known {
        registry: "docker.io",
        api: "registry-1.docker.io",
        token: Some("https://auth.docker.io/token?service=registry.docker.io&scope=repository:{name}:pull"),
        hosts: &[
            "auth.docker.io",
            "production.cloudflare.docker.com",
            "production.cloudfront.docker.com",
            "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
        ],
    },
    Known {
        registry: "public.ecr.aws",
        api: "public.ecr.aws",
        token: Some("https://public.ecr.aws/token/?service=public.ecr.aws&scope=aws"),
        hosts: &["*.cloudfront.net"],
    },
    Known {
        registry: "ghcr.io",
        api: "ghcr.io",
        token: Some("https://ghcr.io/token?service=ghcr.io&scope=repository:{name}:pull"),
        hosts: &["pkg-containers.githubusercontent.com"],
    },
    Known {
        registry: "quay.io",
        api: "quay.io",
        token: Some("https://quay.io/v2/auth?service=quay.io&scope=repository:{name}:pull"),
        hosts: &["cdn.quay.io", "cdn01.quay.io", "cdn02.quay.io", "cdn03.quay.io"],
    },
    Known {
        registry: "registry.k8s.io",
        api: "registry.k8s.io",
        token: None,
        hosts: &["*.pkg.dev", "*.s3.dualstack.us-east-1.amazonaws.com"],
    },
    Known {
        registry: "gcr.io",
        api: "gcr.io",
        token: Some("https://gcr.io/v2/token?service=gcr.io&scope=repository:{name}:pull"),
        hosts: &["storage.googleapis.com"],
    },
];

/// Hosts of other registries of the same kind, with no table entry of their
/// own: Google's regional registries.
pub const MORE_REGISTRY_HOSTS: &[&str] = &["*.gcr.io", "*.pkg.dev"];

/// The Notary v1 server of Docker Hub (until 2026-12-08).
pub const NOTARY: &str = "notary.docker.io";

/// The table's entry for a registry.
#[must_use]
pub fn registry(name: &str) -> Option<&'static Known> {
    REGISTRIES.iter().find(|known| known.registry == name)
}

/// Every host of the table, API hosts first.
pub fn hosts() -> impl Iterator<Item = &'static str> {
    let api = REGISTRIES.iter().map(|known| known.api);
    let rest = REGISTRIES.iter().flat_map(|known| known.hosts.iter().copied());
    api.chain(rest).chain(MORE_REGISTRY_HOSTS.iter().copied()).chain([NOTARY])
}

/// Whether `host` is what `pattern` stands for: the same text, or for
/// `*.example.org` a name below `example.org`.
#[must_use]
pub fn host_matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(parent) => host
            .strip_suffix(parent)
            .and_then(|front| front.strip_suffix('.'))
            .is_some_and(|front| !front.is_empty() && !front.starts_with('.')),
        None => pattern == host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_names_below_and_nothing_else() {
        for (pattern, host, yes) in [
            ("quay.io", "quay.io", true),
            ("quay.io", "evil-quay.io", false),
            ("*.pkg.dev", "us-docker.pkg.dev", true),
            ("*.pkg.dev", "a.b.pkg.dev", true),
            ("*.pkg.dev", "pkg.dev", false),
            ("*.pkg.dev", ".pkg.dev", false),
            ("*.pkg.dev", "evilpkg.dev", false),
            ("*.pkg.dev", "us.pkg.dev.evil.example", false),
            ("*.pkg.dev", "us.pkg.dev:8080", false),
        ] {
            assert_eq!(host_matches(pattern, host), yes, "{pattern} {host}");
        }
    }
}
