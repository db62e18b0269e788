// A registry on loopback that tempts a proxy: every path below `/v2/a/` is one
// temptation. It keeps the heads of all requests.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

export const LIMIT = 8 << 20;
export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const MANIFEST = Buffer.from('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}\n');
export const BLOB = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
export const digest = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** HTML that says so if it runs, and a service worker that answers for every page. */
export const HTML = '<!doctype html><title>hostile</title><script>document.title = "ran " + origin;</script>\n';
export const SCRIPT = 'self.addEventListener("fetch", (e) => e.respondWith(new Response("taken over")));globalThis.ran = true;\n';
/** Headers that a browser or a cache acts on: none is ever passed. */
export const ACTING = {
  'Set-Cookie': 'acting=1; Path=/', 'Link': '</x.js>; rel=preload; as=script', 'Refresh': '0; url=/taken', 'Clear-Site-Data': '"storage"',
  'Service-Worker-Allowed': '/', 'Content-Disposition': 'inline', 'Location': '/x', 'Cache-Control': 'max-age=31536000', 'Age': '1', 'ETag': '"x"',
  'Strict-Transport-Security': 'max-age=31536000', 'Report-To': '{}', 'NEL': '{}', 'Reporting-Endpoints': 'a="/r"', 'Alt-Svc': 'h3=":1"',
  'SourceMap': '/m', 'Content-Security-Policy-Report-Only': "default-src 'none'; report-uri /r", 'Accept-CH': 'Width', 'Permissions-Policy': 'usb=*',
  'Access-Control-Allow-Private-Network': 'true', 'Timing-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin', 'Origin-Agent-Cluster': '?0', 'X_Odd': '1',
};

async function listen(answer) {
  const heads = [];
  const server = createServer((request, response) => {
    heads.push({ method: request.method, path: request.url, headers: request.headers });
    answer(request, response, (status, headers, body = '') => {
      response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return { host: `127.0.0.1:${server.address().port}`, port: server.address().port, heads, close };
}

/** The registry, its listed CDN, and a server nobody listed. */
export async function tempting() {
  const unlisted = await listen((request, response, say) => say(200, {}, 'must not be read'));
  const cdn = await listen((request, response, say) => {
    if (request.url === '/back') say(307, { Location: `http://${registry.host}/v2/a/manifests/plain` });
    else if (request.url === '/html') say(200, { 'Content-Type': 'text/html', ...ACTING }, HTML);
    else if (request.url === '/next') say(302, { Location: '/blob' });
    else say(200, { 'Content-Type': 'application/octet-stream', 'Set-Cookie': 'cdn=1' }, BLOB);
  });
  const to = (Location, status = 307) => (_, __, say) => say(status, { Location });
  const pages = {
    plain: (_, __, say) => say(200, { 'Content-Type': INDEX }, MANIFEST),
    full: (_, __, say) => say(200, { 'Content-Type': 'application/octet-stream' }, Buffer.alloc(LIMIT, 32)),
    big: (_, __, say) => say(200, { 'Content-Type': 'application/octet-stream' }, Buffer.alloc(LIMIT + 1, 32)),
    endless: (request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
      const block = Buffer.alloc(1 << 20, 32);
      for (let i = 0; i < 12; i += 1) response.write(block);
      response.end();
    },
    // 256 MiB, as fast as they are taken; asks nginx to pass them on at once.
    flood: async (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'X-Accel-Buffering': 'no', 'X-Accel-Limit-Rate': '1000000000' });
      const { socket } = response;
      response.on('error', () => {});
      const gone = new Promise((done) => { socket.once('close', done); });
      registry.taken = 0;
      for (let i = 0; i < 256 && !socket.destroyed; i += 1) {
        if (!response.write(Buffer.alloc(1 << 20, 32))) await Promise.race([gone, new Promise((done) => { response.once('drain', done); })]);
        registry.taken += 1 << 20;
      }
      response.end();
    },
    // Asks nginx for a page of its own.
    accel: (_, __, say) => say(200, { 'Content-Type': INDEX, 'X-Accel-Redirect': '/elsewhere', 'X-Accel-Charset': 'utf-16' }, MANIFEST),
    // What a browser would act on.
    html: (_, __, say) => say(200, { 'Content-Type': 'text/html; charset=utf-8', ...ACTING }, HTML),
    script: (_, __, say) => say(200, { 'Content-Type': 'text/javascript', ...ACTING }, SCRIPT),
    untyped: (_, __, say) => say(200, {}, HTML),
    failing: (_, __, say) => say(404, { 'Content-Type': 'text/html', ...ACTING }, HTML),
    hidden: (_, __, say) => say(307, { ...ACTING, Location: `http://${cdn.host}/html` }),
    links: (_, __, say) => say(200, { 'Content-Type': 'application/json', Link: '</x.js>; rel=preload; as=script, </v2/a/tags/list?last=x>; rel="next"' }, '{}'),
    titled: (_, __, say) => say(200, { 'Content-Type': 'application/json', Link: '</v2/a/tags/list?last=x>; title="a; rel=prev"; rel=next' }, '{}'),
    unlinked: (_, __, say) => say(200, { 'Content-Type': 'application/json', Link: '/v2/a/tags/list?last=x; rel=next' }, '{}'),
    typed: (_, __, say) => say(200, { 'Content-Type': `${INDEX}; charset=utf-8` }, MANIFEST),
    nothing: (_, __, say) => say(204, {}),
    odd: (_, response) => response.socket.end('HTTP/1.1 700 Odd\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}'),
    slow: () => {},
    drip: (_, response) => { response.writeHead(200, { 'Content-Length': 100 }); response.write('{'); },
    short: (_, response) => { response.writeHead(200, { 'Content-Length': 100 }); response.write('{', () => response.destroy()); },
    login: (_, __, say) => say(401, { 'WWW-Authenticate': 'Bearer realm="https://a.example/token",service="a"' }, '{}'),
    busy: (_, __, say) => say(429, { 'Retry-After': '7', 'RateLimit-Limit': '100;w=21600', 'RateLimit-Remaining': '0;w=21600' }, '{}'),
    broken: (_, __, say) => say(500, {}, '{}'),
    evil: to('https://evil.example/x'),
    inside: to(`http://${unlisted.host}/x`),
    metadata: to('http://169.254.169.254/latest/meta-data/'),
    user: (_, __, say) => say(307, { Location: `http://user:pass@${cdn.host}/blob` }),
    file: to('file:///etc/passwd'),
    nowhere: (_, __, say) => say(307, {}),
    loop: to('/v2/a/manifests/loop', 302),
    back: (_, __, say) => say(307, { Location: `http://${cdn.host}/back` }),
    twice: (_, __, say) => say(302, { Location: `http://${cdn.host}/next` }),
    same: to('/v2/a/manifests/plain', 301),
  };
  const all = {
    'Docker-Content-Digest': digest(MANIFEST), 'Link': '</v2/a/tags/list?last=x>; rel="next"', 'OCI-Filters-Applied': 'artifactType',
    'RateLimit-Limit': '100;w=21600', 'RateLimit-Remaining': '99;w=21600', 'Set-Cookie': 'session=secret; Path=/', 'X-Secret': '1',
    'Access-Control-Allow-Origin': 'https://other.example', 'Access-Control-Allow-Credentials': 'true',
  };
  const registry = await listen((request, response, say) => {
    const [, last] = /^\/v2\/a\/manifests\/(\w+)$/.exec(request.url) ?? [];
    if (last in pages) pages[last](request, response, say);
    else if (request.url === '/v2/') say(200, {}, '{}');
    else if (last === '1') say(200, { ...all, 'Content-Type': INDEX }, MANIFEST);
    else if (request.url.startsWith('/v2/a/blobs/')) say(307, { Location: `http://${cdn.host}/blob` });
    else if (request.url === '/v2/a/tags/list?n=2&last=x%2Fy') say(200, { 'Content-Type': 'application/json' }, '{"name":"a","tags":["1"]}');
    else if (/^\/v2\/a\/referrers\/sha256:[0-9a-f]{64}\?artifactType=x$/.test(request.url)) say(200, { 'Content-Type': INDEX }, MANIFEST);
    else if (request.url === '/token?service=a&scope=repository%3Aa%3Apull') say(200, { 'Content-Type': 'application/json' }, '{"token":"t"}');
    else if (request.url === '/v2/docker.io/a/_trust/tuf/targets/releases.json') say(200, { 'Content-Type': 'application/json' }, '{}');
    else say(404, { 'Content-Type': 'application/json' }, '{"errors":[]}');
  });
  return { registry, cdn, unlisted, close: () => Promise.all([registry, cdn, unlisted].map((server) => server.close())) };
}
