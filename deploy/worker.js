// Registry proxy for a page of webdis-verify, as a Cloudflare-style Worker
// (module syntax). Same rules as `webdis-verify serve`; see docs/proxy.md.
// It needs no trust: whatever it changes is found by hashing.

// Configuration. `env` may override each with a JSON array of strings:
// DIRECT, REDIRECTED, ORIGINS; ALLOW_HTTP with hosts spoken to without TLS;
// TIMEOUT, in milliseconds.
const DIRECT = [
  'registry-1.docker.io', 'public.ecr.aws', 'ghcr.io', 'quay.io', 'registry.k8s.io', 'gcr.io',
  'auth.docker.io', 'notary.docker.io', '*.gcr.io', '*.pkg.dev',
];
// registry.k8s.io keeps one bucket a region.
const BUCKETS = [
  'af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1',
  'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7',
  'ap-south-1', 'ap-south-2', 'ca-central-1', 'ca-west-1', 'eu-central-1', 'eu-central-2',
  'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3', 'il-central-1',
  'me-central-1', 'me-south-1', 'mx-central-1', 'sa-east-1', 'us-east-1', 'us-east-2',
  'us-west-1', 'us-west-2',
].map((region) => `prod-registry-k8s-io-${region}.s3.dualstack.${region}.amazonaws.com`);
const REDIRECTED = [
  'production.cloudflare.docker.com', 'production.cloudfront.docker.com',
  'docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com',
  'd2glxqk2uabbnd.cloudfront.net', 'd5l0dvt14r5h8.cloudfront.net', 'pkg-containers.githubusercontent.com',
  'cdn.quay.io', 'cdn01.quay.io', 'cdn02.quay.io', 'cdn03.quay.io', 'cdn04.quay.io', 'cdn05.quay.io', 'cdn06.quay.io',
  '767373bbdcb8270361b96548387bf2a9ad0d48758c35-eu-west-2.s3.dualstack.eu-west-2.amazonaws.com',
  'd39mqg4b1dx9z1.cloudfront.net', ...BUCKETS, 'storage.googleapis.com',
];
const ORIGINS = ['*'];

const BODY_BYTES = 8 << 20;
const TIMEOUT = 30_000;
const HOPS = 5;
const EXPOSED = [
  'content-type', 'docker-content-digest', 'link', 'oci-filters-applied',
  'ratelimit-limit', 'ratelimit-remaining', 'retry-after', 'www-authenticate',
];

// What an answer keeps of what a browser would act on: these media types, and
// the link to a list's next page. All else becomes bytes without a meaning.
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
const mediaType = (given) => {
  const bare = (given ?? '').split(';')[0].trim().toLowerCase();
  return MEDIA_TYPES.includes(bare) ? bare : OTHER_TYPE;
};
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
const POLICY = "sandbox; default-src 'none'";

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const name = `${component}(?:/${component})*`;
const digest = '(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})';
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
// A name or IPv4 address, or an IPv6 one; with a port.
const HOST = /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;
// Path, and whether it may have a query.
const READS = [
  [/^\/v2\/$/, false],
  [/^\/(?:token\/?|v2\/auth|v2\/token|service\/token|jwt\/auth)$/, true],
  [new RegExp(`^/v2/${name}/manifests/(?:${digest}|${tag})$`), false],
  [new RegExp(`^/v2/${name}/blobs/${digest}$`), false],
  [new RegExp(`^/v2/${name}/referrers/${digest}$`), true],
  [new RegExp(`^/v2/${name}/tags/list$`), true],
  [new RegExp(`^/v2/${name}/_trust/tuf/[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*\\.json$`), false],
];

const listed = (patterns, host) => patterns.some((pattern) => (pattern.startsWith('*.')
  ? host.length > pattern.length - 1 && host.endsWith(pattern.slice(1)) && !host.startsWith('.')
  : pattern === host));

const setting = (env, key, otherwise) => (env && env[key] ? JSON.parse(env[key]) : otherwise);

function withCors(headers, origin, origins) {
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.set('Content-Security-Policy', POLICY);
  if (origin === null || !(origins.includes('*') || origins.includes(origin))) return headers;
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS');
  headers.set('Access-Control-Allow-Headers', 'Accept, Authorization');
  headers.set('Access-Control-Expose-Headers', EXPOSED.join(', '));
  headers.set('Access-Control-Max-Age', '600');
  headers.set('Vary', 'Origin');
  return headers;
}

// Passes a body on, up to the cap.
function capped(body) {
  let seen = 0;
  return body?.pipeThrough(new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > BODY_BYTES) controller.error(new Error('too long'));
      else controller.enqueue(chunk);
    },
  }));
}

export default {
  async fetch(request, env) {
    const origins = setting(env, 'ORIGINS', ORIGINS);
    const origin = request.headers.get('Origin');
    const say = (status, text) => new Response(request.method === 'HEAD' ? null : text, {
      status, headers: withCors(new Headers({ 'Content-Type': 'text/plain; charset=utf-8' }), origin, origins),
    });
    // Whatever goes wrong is an answer that the page can read.
    try {
      return await answer(request, env, { origin, origins, say });
    } catch {
      return say(502, 'The registry gave no answer that can be passed on. [registry-status]\n');
    }
  },
};

async function answer(request, env, { origin, origins, say }) {
  const direct = setting(env, 'DIRECT', DIRECT);
  const redirected = setting(env, 'REDIRECTED', REDIRECTED);
  const plain = setting(env, 'ALLOW_HTTP', []);
  const own = new URL(request.url);
  if (origin !== null && origin !== own.origin && !origins.includes('*') && !origins.includes(origin)) {
    return say(403, 'Pages of this origin may not use this server.\n');
  }
  // Some requests of other pages have no Origin.
  if (origin === null && !origins.includes('*') && request.headers.get('Sec-Fetch-Site') === 'cross-site') {
    return say(403, 'Pages of this origin may not use this server.\n');
  }
  if (request.headers.has('Service-Worker')) return say(403, 'No service worker comes from here.\n');
  const parts = own.pathname.match(/^\/proxy\/([^/]*)(\/.*)?$/);
  if (!parts) return say(404, 'Nothing here.\n');
  if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return say(405, 'Only GET, HEAD and OPTIONS.\n');
  const [, host, path = ''] = parts;
  const address = `${plain.includes(host) ? 'http' : 'https'}://${host}`;
  if (!HOST.test(host) || !listed(direct, host) || !URL.canParse(address) || new URL(address).host !== host) {
    return say(403, 'This proxy does not ask that host.\n');
  }
  const read = READS.find(([pattern]) => pattern.test(path));
  if (!read || (own.search !== '' && !read[1]) || /%2[ef]|%5c/i.test(path)) {
    return say(403, 'This proxy only reads manifests, blobs, referrers, tags and tokens.\n');
  }
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: withCors(new Headers(), origin, origins) });

  const headers = new Headers({ Accept: request.headers.get('Accept') ?? '*/*', 'Accept-Encoding': 'identity' });
  const authorization = request.headers.get('Authorization') ?? '';
  if (/^Bearer [A-Za-z0-9._~+/-]+=*$/i.test(authorization)) headers.set('Authorization', authorization);
  let target = new URL(`${address}${path}${own.search}`);
  const signal = AbortSignal.timeout(setting(env, 'TIMEOUT', TIMEOUT));
  let got;
  try {
    for (let hops = 0; ; hops += 1) {
      got = await fetch(target, { method: request.method, headers, redirect: 'manual', signal });
      if (![301, 302, 303, 307, 308].includes(got.status)) break;
      const location = got.headers.get('Location');
      if (hops >= HOPS || !location) return say(502, 'A redirect is not followed. [registry-redirect]\n');
      if (!URL.canParse(location, target)) return say(502, 'A redirect is not followed. [registry-redirect]\n');
      const next = new URL(location, target);
      const secure = next.protocol === 'https:' || (next.protocol === 'http:' && plain.includes(next.host));
      if (!secure || next.username || next.password || !(listed(direct, next.host) || listed(redirected, next.host))) {
        return say(502, 'A redirect is not followed. [registry-redirect]\n');
      }
      if (next.origin !== target.origin) headers.delete('Authorization');
      target = next;
    }
  } catch (error) {
    return error.name === 'TimeoutError'
      ? say(504, 'The registry did not answer in time. [registry-timeout]\n')
      : say(502, 'The registry could not be reached. [registry-unreachable]\n');
  }
  if (Number(got.headers.get('Content-Length') ?? 0) > BODY_BYTES && request.method === 'GET') {
    return say(502, 'The answer is too long. [limit-exceeded]\n');
  }
  if (got.status < 200 || got.status > 599) return say(502, 'The registry answered with an odd status. [registry-status]\n');
  const out = withCors(new Headers(), origin, origins);
  for (const header of EXPOSED) if (got.headers.has(header)) out.set(header, got.headers.get(header));
  out.set('Content-Type', mediaType(got.headers.get('Content-Type')));
  const next = nextPage(got.headers.get('Link') ?? '');
  if (next === undefined) out.delete('Link'); else out.set('Link', next);
  if (request.method === 'HEAD' && got.headers.has('Content-Length')) out.set('Content-Length', got.headers.get('Content-Length'));
  const bare = request.method === 'HEAD' || [204, 205, 304].includes(got.status);
  return new Response(bare ? null : capped(got.body), { status: got.status, headers: out });
}
