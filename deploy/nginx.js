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
// A list of links (RFC 8288), one link of it, and a parameter of one.
const LINKS = /^(?:\s*<[!-;=?-~]+>(?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"\\]*"|[^\s",;<>']+))?)*[\s;]*(?:,|$))*\s*$/;
const LINK = /<([!-;=?-~]+)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"\\]*"|[^\s",;<>']+))?)*)/g;
const PARAMETER = /;\s*([\w*-]+)(?:\s*=\s*(?:"([^"\\]*)"|([^\s",;<>']+)))?/g;

// The first `rel` counts; what stands in a title is none.
function relationsOf(parameters) {
  PARAMETER.lastIndex = 0;
  for (let one = PARAMETER.exec(parameters); one; one = PARAMETER.exec(parameters)) {
    if (one[1].toLowerCase() === 'rel') return (one[2] || one[3] || '').trim().toLowerCase();
  }
  return '';
}

// Of all links, the one to a list's next page; of what cannot be read, that it is there.
function nextPage(links) {
  if (!LINKS.test(links)) return 'unread';
  let found;
  LINK.lastIndex = 0;
  for (let link = LINK.exec(links); link; link = LINK.exec(links)) {
    const relations = relationsOf(link[2]);
    if (!/^[a-z]/.test(relations)) return 'unread';
    if (relations.split(/\s+/).indexOf('next') < 0) continue;
    if (found !== undefined && found !== link[1]) return 'unread';
    found = link[1];
  }
  return found === undefined ? undefined : `<${found}>; rel="next"`;
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
