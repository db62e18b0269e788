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

/// Where Docker Hub, `docker.io` in a reference, serves its API.
pub const DOCKER_HUB_API: &str = "registry-1.docker.io";

/// The registries the proxy lets through if nothing else is configured.
pub const REGISTRIES: &[Known] = &[
    Known {
        registry: "docker.io",
        api: DOCKER_HUB_API,
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
        hosts: &["d2glxqk2uabbnd.cloudfront.net", "d5l0dvt14r5h8.cloudfront.net"],
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
        hosts: &[
            "cdn.quay.io",
            "cdn01.quay.io",
            "cdn02.quay.io",
            "cdn03.quay.io",
            "cdn04.quay.io",
            "cdn05.quay.io",
            "cdn06.quay.io",
        ],
    },
    Known { registry: "registry.k8s.io", api: "registry.k8s.io", token: None, hosts: KUBERNETES },
    Known {
        registry: "gcr.io",
        api: "gcr.io",
        token: Some("https://gcr.io/v2/token?service=gcr.io&scope=repository:{name}:pull"),
        hosts: &["storage.googleapis.com"],
    },
];

/// Where registry.k8s.io sends blobs: Google's registries, its own buckets by
/// region, and one distribution for the places without a bucket near.
const KUBERNETES: &[&str] = &[
    "*.pkg.dev",
    "prod-registry-k8s-io-af-south-1.s3.dualstack.af-south-1.amazonaws.com",
    "prod-registry-k8s-io-ap-east-1.s3.dualstack.ap-east-1.amazonaws.com",
    "prod-registry-k8s-io-ap-northeast-1.s3.dualstack.ap-northeast-1.amazonaws.com",
    "prod-registry-k8s-io-ap-northeast-2.s3.dualstack.ap-northeast-2.amazonaws.com",
    "prod-registry-k8s-io-ap-northeast-3.s3.dualstack.ap-northeast-3.amazonaws.com",
    "prod-registry-k8s-io-ap-southeast-1.s3.dualstack.ap-southeast-1.amazonaws.com",
    "prod-registry-k8s-io-ap-southeast-2.s3.dualstack.ap-southeast-2.amazonaws.com",
    "prod-registry-k8s-io-ap-southeast-3.s3.dualstack.ap-southeast-3.amazonaws.com",
    "prod-registry-k8s-io-ap-southeast-4.s3.dualstack.ap-southeast-4.amazonaws.com",
    "prod-registry-k8s-io-ap-southeast-5.s3.dualstack.ap-southeast-5.amazonaws.com",
    "prod-registry-k8s-io-ap-southeast-6.s3.dualstack.ap-southeast-6.amazonaws.com",
    "prod-registry-k8s-io-ap-southeast-7.s3.dualstack.ap-southeast-7.amazonaws.com",
    "prod-registry-k8s-io-ap-south-1.s3.dualstack.ap-south-1.amazonaws.com",
    "prod-registry-k8s-io-ap-south-2.s3.dualstack.ap-south-2.amazonaws.com",
    "prod-registry-k8s-io-ca-central-1.s3.dualstack.ca-central-1.amazonaws.com",
    "prod-registry-k8s-io-ca-west-1.s3.dualstack.ca-west-1.amazonaws.com",
    "prod-registry-k8s-io-eu-central-1.s3.dualstack.eu-central-1.amazonaws.com",
    "prod-registry-k8s-io-eu-central-2.s3.dualstack.eu-central-2.amazonaws.com",
    "prod-registry-k8s-io-eu-north-1.s3.dualstack.eu-north-1.amazonaws.com",
    "prod-registry-k8s-io-eu-south-1.s3.dualstack.eu-south-1.amazonaws.com",
    "prod-registry-k8s-io-eu-south-2.s3.dualstack.eu-south-2.amazonaws.com",
    "prod-registry-k8s-io-eu-west-1.s3.dualstack.eu-west-1.amazonaws.com",
    "prod-registry-k8s-io-eu-west-3.s3.dualstack.eu-west-3.amazonaws.com",
    "prod-registry-k8s-io-il-central-1.s3.dualstack.il-central-1.amazonaws.com",
    "prod-registry-k8s-io-me-central-1.s3.dualstack.me-central-1.amazonaws.com",
    "prod-registry-k8s-io-me-south-1.s3.dualstack.me-south-1.amazonaws.com",
    "prod-registry-k8s-io-mx-central-1.s3.dualstack.mx-central-1.amazonaws.com",
    "prod-registry-k8s-io-sa-east-1.s3.dualstack.sa-east-1.amazonaws.com",
    "prod-registry-k8s-io-us-east-1.s3.dualstack.us-east-1.amazonaws.com",
    "prod-registry-k8s-io-us-east-2.s3.dualstack.us-east-2.amazonaws.com",
    "prod-registry-k8s-io-us-west-1.s3.dualstack.us-west-1.amazonaws.com",
    "prod-registry-k8s-io-us-west-2.s3.dualstack.us-west-2.amazonaws.com",
    "767373bbdcb8270361b96548387bf2a9ad0d48758c35-eu-west-2.s3.dualstack.eu-west-2.amazonaws.com",
    "d39mqg4b1dx9z1.cloudfront.net",
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
