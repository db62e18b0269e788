// What deploy/nginx.conf passes on of a registry's answer (njs). nginx alone
// passes on every header that it was not told to hide by name. Same rules as
// the worker's and `webdis-verify serve`'s; see docs/proxy.md.

const PASSED = [
  'docker-content-digest', 'oci-filters-applied', 'ratelimit-limit', 'ratelimit-remaining',
  'retry-after', 'www-authenticate', 'content-length',
];
// All other types become bytes that no browser interprets.
const MEDIA_TYPES = [
  'application/json',
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
];
const OTHER_TYPE = 'application/octet-stream';
const NEXT = /^\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?"?\s*$/i;

// Of all links, the one to a list's next page.
function nextPage(links) {
  const pattern = /<([^>]*)>([^<]*)/g;
  for (let link = pattern.exec(links); link; link = pattern.exec(links)) {
    if (link[2].split(/[;,]/).some((parameter) => NEXT.test(parameter))) return `<${link[1]}>; rel="next"`;
  }
  return undefined;
}

function only(r) {
  // What nginx says itself is its own.
  if (!r.variables.upstream_status) return;
  const out = r.headersOut;
  // proxy_hide_header keeps the type, and its charset, out of this answer.
  const type = String(r.variables.upstream_http_content_type || '').split(';')[0].trim().toLowerCase();
  const next = nextPage(String(out.Link || ''));
  for (const name in out) if (PASSED.indexOf(name.toLowerCase()) < 0) delete out[name];
  out['Content-Type'] = MEDIA_TYPES.indexOf(type) < 0 ? OTHER_TYPE : type;
  if (next) out.Link = next;
}

export default { only };
