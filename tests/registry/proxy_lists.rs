//! The three proxies are told the same hosts.

use std::collections::BTreeSet;

use webdis_verify::model::registry_table;
use webdis_verify::session::registry::proxy::{self, Policy};

const NGINX: &str = include_str!("../../deploy/nginx.conf");
const WORKER: &str = include_str!("../../deploy/worker.js");

type Names = BTreeSet<String>;

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("no {from}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("no {to}")).0
}

fn literal(names: impl IntoIterator<Item = String>) -> Names {
    names.into_iter().filter(|name| !name.starts_with('*')).collect()
}

/// Texts in single quotes.
fn quoted(text: &str) -> Names {
    text.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_worker_has_the_hosts_of_serve() {
    let policy = Policy::public();
    let direct = quoted(between(WORKER, "const DIRECT = [", "];"));
    assert_eq!(direct, policy.direct.iter().cloned().collect::<Names>());

    let mut redirected = quoted(between(WORKER, "const REDIRECTED = [", "];"));
    for region in quoted(between(WORKER, "const BUCKETS = [", "]")) {
        redirected.insert(format!("prod-registry-k8s-io-{region}.s3.dualstack.{region}.amazonaws.com"));
    }
    // A redirect may lead to any host that may be named.
    let all = policy.direct.into_iter().chain(policy.redirected).collect::<Names>();
    assert_eq!(redirected.union(&direct).cloned().collect::<Names>(), all);
}

#[test]
fn nginx_has_the_hosts_of_serve() {
    let policy = Policy::public();
    let named = between(NGINX, "map $registry $registry_scheme {", "\n}");
    let named = named.lines().filter_map(|line| line.trim().strip_suffix("https;"));
    let (patterns, named): (Names, Names) =
        named.map(|name| name.trim().to_owned()).partition(|name| name.starts_with('"'));
    assert_eq!(named, literal(policy.direct.clone()));

    let hops = between(NGINX, "map $hop_origin $hop_listed {", "\n}");
    let origins = hops.lines().filter_map(|line| line.trim().strip_suffix(" 1;"));
    let (hop_patterns, hops): (Names, Names) =
        origins.map(str::to_owned).partition(|origin| origin.starts_with('"'));
    let hops: Names =
        hops.iter().filter_map(|origin| origin.strip_prefix("https://")).map(str::to_owned).collect();
    assert_eq!(hops, literal(policy.direct.into_iter().chain(policy.redirected)));

    // The wildcards are one pattern in each map.
    assert_eq!((patterns.len(), hop_patterns.len()), (1, 1));
    for parent in registry_table::MORE_REGISTRY_HOSTS {
        let escaped = parent.trim_start_matches("*.").replace('.', "\\.");
        assert!(patterns.iter().chain(&hop_patterns).all(|pattern| pattern.contains(&escaped)), "{parent}");
    }
}

#[test]
fn all_pass_on_the_same_headers_and_types() {
    const NJS: &str = include_str!("../../deploy/nginx.js");
    let types: Names = proxy::MEDIA_TYPES.iter().map(|name| (*name).to_owned()).collect();
    for text in [WORKER, NJS] {
        assert_eq!(quoted(between(text, "const MEDIA_TYPES = [", "];")), types);
        assert!(text.contains(&format!("const OTHER_TYPE = '{}';", proxy::OTHER_TYPE)));
    }
    let exposed: Names = proxy::EXPOSED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(quoted(between(WORKER, "const EXPOSED = [", "];")), exposed);
    assert!(NGINX.contains(&format!("Access-Control-Expose-Headers \"{}\"", proxy::EXPOSED.join(", "))));
    let mut passed = quoted(between(NJS, "const PASSED = [", "];"));
    // Set anew, and the length of the body.
    passed.extend(["content-type", "link"].map(str::to_owned));
    assert!(passed.remove("content-length"));
    assert_eq!(passed, exposed);
    for text in [WORKER, NGINX] {
        assert!(text.contains(&format!("\"{}\"", proxy::ANSWER_POLICY)));
    }
    // Every place of nginx that asks a registry has the filter.
    assert_eq!(
        NGINX.matches("proxy_pass $").count(),
        NGINX.matches("js_header_filter registry.only;").count()
    );
}

#[test]
fn no_wildcard_covers_what_anybody_can_rent() {
    for host in registry_table::hosts().filter(|host| host.starts_with('*')) {
        assert!(["*.gcr.io", "*.pkg.dev"].contains(&host), "{host}");
    }
}
