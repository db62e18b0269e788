// One list of probes for the three registry proxies, from pages in Chromium:
// a page of an allowed origin, and a stranger's. What no browser sends (`..`,
// other names) goes over a socket. The table is kept in target/proxies.md.

import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { tool } from '../interop/lib.mjs';
import { fronts } from '../interop/fronts.mjs';
import { REGISTRIES, pushImage } from '../interop/stage.mjs';
import { launch, open, root, serve } from './harness.mjs';
import { PROXIES, listedWorker, publicWorker, without } from './proxies.mjs';
import { ACTING, BLOB, HTML, INDEX, LIMIT, MANIFEST, digest, tempting } from './upstream.mjs';

const ACCEPT = [
  INDEX, 'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json', 'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const HEX = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

const work = mkdtempSync(join(tmpdir(), 'webdis-verify-proxies-'));
const own = await lookup(hostname()).catch(() => undefined);
const privateName = own && /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(own.address) && !/^localhost|\.localhost$/.test(hostname());
const table = new Map();
const names = [];
let up, site, stranger, browser, page, foreign, registries, options;

before(async () => {
  up = await tempting();
  site = await serve(work, { '/': { body: '<!doctype html><title>allowed</title>' } });
  stranger = await serve(work, { '/': { body: '<!doctype html><title>stranger</title>' } });
  browser = await launch();
  page = await open(browser, `${site.url}/`);
  foreign = await open(browser, `${stranger.url}/`);
  registries = await real();
  options = {
    hosts: [up.registry.host, up.cdn.host, ...registries.flatMap((r) => [r.host, r.tokens?.host, r.cdn?.host].filter(Boolean).map(numeric))],
    // A listed name that leads into this network, if this machine has one.
    names: privateName ? [`${hostname()}:${up.registry.port}`] : [],
    origin: site.url,
  };
});
after(async () => {
  await browser?.close();
  for (const server of [up, site, stranger]) await server?.close();
  for (const server of registries ?? []) await server.stop();
  const lines = [...table].map(([probe, cells]) => `| ${probe} | ${names.map((name) => cells[name] ?? '').join(' | ')} |`);
  const text = `| probe | ${names.join(' | ')} |\n|${' --- |'.repeat(names.length + 1)}\n${lines.join('\n')}\n`;
  mkdirSync(join(root, 'target'), { recursive: true });
  writeFileSync(join(root, 'target/proxies.md'), text);
  console.log(`\n${text}`);
  rmSync(work, { recursive: true, force: true });
});

const numeric = (host) => host.replace('localhost', '127.0.0.1');

/** Real registries with one image, as far as their programs are here. */
async function real() {
  if (!tool('crane')) { without('real registries', 'crane is not built (docs/interop.md)'); return []; }
  const out = [];
  for (const begin of REGISTRIES) {
    const registry = await begin(work);
    if (registry.missing) { without('a real registry', registry.missing); continue; }
    registry.image = await pushImage(work, `${registry.host}/demo/one`, '1.0', registry.short, { docker: true });
    out.push(registry);
    if (!registry.data) continue;
    for (const front of await fronts(work, registry, '127.0.0.1')) {
      if (front.missing) without('a real registry', front.missing);
      else out.push({ ...front, image: registry.image });
    }
  }
  return out;
}

/** `fetch` in a page: status, readable headers, length and hash; `blocked` if the page may not read it, `cut` if the body broke off. */
function read(from, url, init = {}) {
  return from.evaluate(async ([address, given]) => {
    let answer;
    try { answer = await fetch(address, { redirect: given.mode === 'no-cors' ? 'follow' : 'error', cache: 'no-store', ...given }); } catch { return { status: 'blocked', headers: {} }; }
    const headers = Object.fromEntries(answer.headers);
    try {
      const bytes = await answer.arrayBuffer();
      const hash = await crypto.subtle.digest('SHA-256', bytes);
      const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const text = bytes.byteLength < 4096 ? new TextDecoder().decode(bytes) : '';
      return { status: answer.status, headers, length: bytes.byteLength, digest: `sha256:${hex}`, text };
    } catch { return { status: answer.status, headers, cut: true, text: '' }; }
  }, [url, init]);
}

/** What has come of a body once nothing but single bytes came for `patience` milliseconds: its length so far; or `ended`, or `broken`. */
function until(from, url, patience) {
  return from.evaluate(async ([address, milliseconds]) => {
    const wait = () => new Promise((done) => { setTimeout(() => done('late'), milliseconds); });
    let late = wait();
    let length = 0;
    try {
      const reader = (await fetch(address, { cache: 'no-store' })).body.getReader();
      for (;;) {
        const piece = await Promise.race([reader.read(), late]);
        if (piece === 'late') { reader.cancel(); return { length }; }
        if (piece.done) return { length, ended: true };
        length += piece.value.byteLength;
        if (piece.value.byteLength > 1024) late = wait();
      }
    } catch { return { length, broken: true }; }
  }, [url, patience]);
}

/** A request as it is written, not as a browser would tidy it. */
function raw(base, method, path, headers = {}) {
  const { hostname: host, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const request = send({ host, port, method, path, headers: { Host: `${host}:${port}`, ...headers } }, (answer) => {
      answer.resume();
      answer.on('error', () => {});
      answer.on('close', () => resolve({ status: answer.statusCode, headers: answer.headers }));
    });
    request.on('error', reject);
    request.end();
  });
}

for (const [name, start] of Object.entries(PROXIES)) {
  describe(name, () => {
    let proxy;
    before(async () => { proxy = await start(work, options); if (proxy) names.push(name); });
    after(async () => { await proxy?.stop(); });

    /** One probe: `work` returns what happened in a few words; a proxy that differs, as docs/proxy.md says, has its own entry in `want`. */
    const probe = (what, want, run) => test(what, async (t) => {
      if (!proxy) { t.skip('this proxy cannot be had here'); return; }
      const at = (path, host = up.registry.host) => `${proxy.url}/proxy/${host}${path}`;
      const before = { up: up.registry.heads.length, cdn: up.cdn.heads.length, unlisted: up.unlisted.heads.length };
      const asked = (server = 'registry', key = 'up') => up[server].heads.slice(before[key]);
      const got = await run({ at, asked, cdn: () => asked('cdn', 'cdn') });
      table.set(what, { ...table.get(what), [name]: got });
      const right = typeof want === 'string' ? want : want[name] ?? want.all;
      assert.equal(got, right, what);
      assert.equal(up.unlisted.heads.length, before.unlisted, 'a server that is not listed was asked');
    });
    const manifest = (last) => `/v2/a/manifests/${last}`;
    const exact = (answer, bytes = MANIFEST) => `${answer.status}${answer.digest === digest(bytes) ? ' exact' : answer.cut ? ' cut off' : ''}`;

    // What is let through.
    probe('manifest: bytes, exposed headers', '200 exact', async ({ at }) => {
      const answer = await read(page, at(manifest('1')), { headers: { Accept: ACCEPT } });
      const { headers } = answer;
      assert.equal(headers['content-type'], INDEX);
      assert.equal(headers['docker-content-digest'], digest(MANIFEST));
      assert.ok(headers.link && headers['oci-filters-applied'] && headers['ratelimit-limit'] && headers['ratelimit-remaining'], JSON.stringify(headers));
      assert.equal(headers['x-secret'], undefined);
      return exact(answer);
    });
    probe('preflight with a long Accept, which arrives', '200 exact', async ({ at, asked }) => {
      const answer = await read(page, at(manifest('plain')), { headers: { Accept: ACCEPT, Authorization: 'Bearer abc.def' } });
      assert.deepEqual(asked().map((head) => head.method), ['GET'], 'OPTIONS must not reach the registry');
      assert.equal(asked()[0].headers.accept, ACCEPT);
      assert.equal(asked()[0].headers.authorization, 'Bearer abc.def');
      assert.equal(asked()[0].headers.host, up.registry.host);
      return exact(answer);
    });
    probe('HEAD', '200, digest', async ({ at }) => {
      const answer = await read(page, at(manifest('1')), { method: 'HEAD' });
      return `${answer.status}${answer.headers['docker-content-digest'] === digest(MANIFEST) && answer.length === 0 ? ', digest' : ''}`;
    });
    for (const [what, path] of [
      ['ping', '/v2/'], ['tags with a query', '/v2/a/tags/list?n=2&last=x%2Fy'], ['referrers with a filter', `/v2/a/referrers/sha256:${HEX}?artifactType=x`],
      ['token', '/token?service=a&scope=repository%3Aa%3Apull'], ['Notary metadata', '/v2/docker.io/a/_trust/tuf/targets/releases.json'],
    ]) probe(what, '200', async ({ at }) => `${(await read(page, at(path))).status}`);
    probe('401 with its challenge', '401 Bearer', async ({ at }) => {
      const { status, headers } = await read(page, at(manifest('login')));
      return `${status} ${headers['www-authenticate']?.split(' ')[0]}`;
    });
    probe('429 with its limits', '429, 7, 0;w=21600', async ({ at }) => {
      const { status, headers } = await read(page, at(manifest('busy')));
      return `${status}, ${headers['retry-after']}, ${headers['ratelimit-remaining']}`;
    });
    for (const kind of ['manifests', 'referrers']) {
      probe(`${kind} by a sha512 digest: asked, not there`, '404', async ({ at, asked }) => {
        const { status } = await read(page, at(`/v2/a/${kind}/sha512:${HEX}${HEX}`), { headers: { Authorization: 'bearer abc' } });
        assert.equal(asked()[0].headers.authorization?.toLowerCase(), 'bearer abc');
        return `${status}`;
      });
    }
    for (const [what, last, want] of [['404', 'none', '404'], ['500', 'broken', '500']]) {
      probe(what, want, async ({ at }) => `${(await read(page, at(manifest(last)))).status}`);
    }

    // Redirects.
    const followed = { headers: { Accept: ACCEPT, Authorization: 'Bearer abc' } };
    for (const [what, path, bytes, hops] of [
      ['blob on another listed origin', `/v2/a/blobs/sha256:${HEX}`, BLOB, 1],
      ['two redirects, one by path alone', manifest('twice'), BLOB, 2],
    ]) {
      probe(`${what}: no token`, '200 exact', async ({ at, cdn }) => {
        const answer = await read(page, at(path), followed);
        assert.equal(cdn().length, hops);
        for (const { headers } of cdn()) {
          assert.deepEqual([headers.authorization, headers.cookie, headers.origin], [undefined, undefined, undefined]);
          assert.equal(headers.host, up.cdn.host);
        }
        return exact(answer, bytes);
      });
    }
    probe('there and back again: the token is gone', '200 exact', async ({ at, asked }) => {
      const answer = await read(page, at(manifest('back')), followed);
      assert.equal(asked().at(-1).headers.authorization, undefined);
      return exact(answer);
    });
    probe('redirect within the registry', '200 exact', async ({ at }) => exact(await read(page, at(manifest('same')), followed)));
    for (const [what, last] of [
      ['an unlisted host', 'evil'], ['an unlisted loopback port', 'inside'], ['169.254.169.254', 'metadata'], ['an address with a password', 'user'],
      ['file:', 'file'], ['nowhere', 'nowhere'], ['itself, for ever', 'loop'],
    ]) {
      probe(`redirect to ${what}`, '502', async ({ at, asked, cdn }) => {
        const { status } = await read(page, at(manifest(last)), followed);
        assert.equal(cdn().length, 0);
        assert.ok(asked().length <= 6, `${asked().length} requests`);
        return `${status}`;
      });
    }

    // Lengths and times.
    probe('8 MiB', '200, 8388608', async ({ at }) => {
      const { status, length } = await read(page, at(manifest('full')));
      return `${status}, ${length}`;
    });
    probe('8 MiB and a byte', { all: 'refused', nginx: 'passed' }, async ({ at }) => {
      const { status, cut, length } = await read(page, at(manifest('big')));
      return status === 502 || cut ? 'refused' : length > LIMIT ? 'passed' : `${status}, ${length}`;
    });
    for (const [what, last] of [['12 MiB of unknown length', 'endless'], ['256 MiB as fast as they are taken', 'flood']]) {
      probe(what, { all: 'refused', nginx: 'held up after 8 MiB' }, async ({ at }) => {
        const { length, ended, broken } = await until(page, at(manifest(last)), 4000);
        assert.ok(length <= LIMIT + (64 << 10), `${length} bytes were passed on`);
        // What was sent, what nginx keeps (8 MiB), and what the system's sockets
        // hold, which can be more than both.
        if (last === 'flood') assert.ok(up.registry.taken <= 8 * LIMIT, `${up.registry.taken} bytes were read from the registry`);
        return broken || (ended && length < 4096) ? 'refused' : ended ? `${length}` : length >= LIMIT ? 'held up after 8 MiB' : `stuck at ${length}`;
      });
    }
    probe('headers that would command nginx', '200 exact', async ({ at }) => exact(await read(page, at(manifest('accel')))));
    probe('no answer in time', '504', async ({ at }) => `${(await read(page, at(manifest('slow')))).status}`);
    for (const [what, last] of [['a body that stops', 'drip'], ['a body cut short', 'short']]) {
      probe(what, 'an error', async ({ at }) => {
        const { status, cut } = await read(page, at(manifest(last)));
        return status >= 502 || status === 'blocked' || cut ? 'an error' : `${status}`;
      });
    }

    // Secrets.
    probe('cookies of the page', 'not sent on', async ({ at, asked }) => {
      await page.context().addCookies([{ name: 'mine', value: '1', url: proxy.url }]);
      await read(page, at(manifest('1')), { credentials: 'include', mode: 'no-cors' });
      assert.equal(asked().length, 1);
      return asked()[0].headers.cookie === undefined ? 'not sent on' : 'SENT';
    });
    probe('cookies of the registry', 'not kept', async ({ at }) => {
      await read(page, at(manifest('1')), { credentials: 'include', mode: 'no-cors' });
      const { headers } = await raw(proxy.url, 'GET', new URL(at(manifest('1'))).pathname);
      assert.equal(headers['set-cookie'], undefined);
      const kept = await page.context().cookies(proxy.url);
      return kept.some((cookie) => ['session', 'cdn'].includes(cookie.name)) ? 'KEPT' : 'not kept';
    });
    probe('credentials for a page', 'blocked', async ({ at }) => `${(await read(page, at(manifest('1')), { credentials: 'include' })).status}`);
    probe('a password', 'not sent on', async ({ at, asked }) => {
      await read(page, at(manifest('1')), { headers: { Authorization: 'Basic eDp5' } });
      assert.equal(asked().length, 1);
      return asked()[0].headers.authorization === undefined ? 'not sent on' : 'SENT';
    });
    probe('Origin, Referer, client addresses', 'not sent on', async ({ at, asked }) => {
      await read(page, at(manifest('1')));
      const { headers } = asked()[0];
      const told = ['origin', 'referer', 'x-forwarded-for', 'x-real-ip', 'forwarded', 'sec-fetch-site', 'via'].filter((key) => key in headers);
      return told.length ? `SENT ${told}` : 'not sent on';
    });

    // What a browser would act on.
    const POLICY = "sandbox; default-src 'none'";
    const OTHER = 'application/octet-stream';
    /** Headers of an answer that are not on the list, with what the servers themselves say. */
    const beside = (headers) => Object.keys(headers).filter((header) => ![
      'content-type', 'docker-content-digest', 'oci-filters-applied', 'ratelimit-limit', 'ratelimit-remaining', 'retry-after', 'www-authenticate',
      'content-length', 'transfer-encoding', 'connection', 'date', 'server', 'vary', 'x-content-type-options', 'content-security-policy',
    ].includes(header) && !header.startsWith('access-control-'));
    for (const [what, last, status] of [
      ['HTML', 'html', 200], ['a script', 'script', 200], ['no type', 'untyped', 200], ['HTML of an error', 'failing', 404], ['HTML behind a redirect', 'hidden', 200],
    ]) {
      probe(`${what}: bytes, no header that acts`, `${status}, inert`, async ({ at }) => {
        const answer = await raw(proxy.url, 'GET', new URL(at(manifest(last))).pathname);
        const { headers } = answer;
        assert.deepEqual(beside(headers), [], JSON.stringify(headers));
        for (const header of Object.keys(ACTING)) assert.equal(headers[header.toLowerCase()], undefined, header);
        assert.equal(headers['access-control-allow-private-network'], undefined);
        assert.deepEqual([headers['content-type'], headers['x-content-type-options'], headers['content-security-policy']], [OTHER, 'nosniff', POLICY]);
        return `${answer.status}, inert`;
      });
    }
    probe('the same bytes, read by a page', '200 exact', async ({ at }) => exact(await read(page, at(manifest('html'))), HTML));
    probe('a known type with a parameter', `200 ${INDEX}`, async ({ at }) => {
      const { status, headers } = await raw(proxy.url, 'GET', new URL(at(manifest('typed'))).pathname);
      return `${status} ${headers['content-type']}`;
    });
    probe('links: the next page alone', '</v2/a/tags/list?last=x>; rel="next"', async ({ at }) => (await read(page, at(manifest('links')))).headers.link);
    probe('links: what a title says is no relation', '</v2/a/tags/list?last=x>; rel="next"', async ({ at }) => (await read(page, at(manifest('titled')))).headers.link);
    probe('links: one that cannot be read is not left out', 'unread', async ({ at }) => (await read(page, at(manifest('unlinked')))).headers.link);
    probe('an answer without a body', '204', async ({ at }) => `${(await read(page, at(manifest('nothing')))).status}`);
    probe('a status that is none', { all: '502', nginx: '700' }, async ({ at }) => `${(await read(page, at(manifest('odd')))).status}`);
    probe('HTML opened as a page', 'not run', async ({ at }) => {
      const tab = await browser.newPage();
      const ran = [];
      tab.on('console', (message) => ran.push(message.text()));
      // A download is no page either.
      await tab.goto(at(manifest('html'))).catch(() => {});
      const title = await tab.title();
      await tab.close();
      return title.startsWith('ran') ? `RAN: ${title}` : 'not run';
    });
    probe("a page of the proxy's own origin: frame, script, service worker", 'none of them', async ({ at }) => {
      const tab = await browser.newPage();
      // The address of a page that this origin serves; its text is the test's.
      await tab.route(`${proxy.url}/page`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>page</title>' }));
      await tab.goto(`${proxy.url}/page`);
      const got = await tab.evaluate(async ([html, script]) => {
        const out = [];
        const frame = document.createElement('iframe');
        const loaded = new Promise((done) => { frame.onload = done; setTimeout(done, 3000); });
        frame.src = html;
        document.body.append(frame);
        await loaded;
        try { if (frame.contentDocument?.title.startsWith('ran')) out.push('frame'); } catch { /* another origin */ }
        const element = document.createElement('script');
        const ended = new Promise((done) => { element.onload = done; element.onerror = done; });
        element.src = script;
        document.head.append(element);
        await ended;
        if (globalThis.ran) out.push('script');
        for (const scope of ['/', undefined]) {
          try { await navigator.serviceWorker.register(script, scope && { scope }); out.push('service worker'); } catch { /* refused */ }
        }
        return out.concat((await navigator.serviceWorker.getRegistrations()).map(() => 'registered')).join(', ') || 'none of them';
      }, [at(manifest('html')), at(manifest('script'))]);
      await tab.close();
      return got;
    });

    // What is refused before the registry hears of it.
    const refused = (what, want, ask) => probe(what, want, async (context) => {
      const got = await ask(context);
      assert.deepEqual(context.asked(), [], 'the registry was asked');
      return got;
    });
    for (const host of ['evil.example', '127.0.0.1:1', '169.254.169.254', '10.0.0.1', '[::1]:5000', 'localhost', 'user@127.0.0.1']) {
      refused(`host ${host}`, '403', async ({ at }) => `${(await raw(proxy.url, 'GET', new URL(at('/v2/')).pathname.replace(up.registry.host, host))).status}`);
    }
    for (const host of ['%.pkg.dev', '..pkg.dev', 'a..pkg.dev', 'user@a.pkg.dev', 'a:b.pkg.dev', '[.pkg.dev', 'a.pkg.dev:99999', '%00.pkg.dev']) {
      // nginx says 400 to what it cannot unescape before its rules are read.
      refused(`host ${host}, read by a page`, { all: 'an answer: 4xx', ...(host.startsWith('%') && { nginx: 'blocked' }) }, async () => {
        const asks = name.startsWith('worker') ? await listedWorker(work, options) : proxy;
        try {
          const { status } = await read(page, `${asks.url}/proxy/${host}/v2/`);
          return status >= 400 && status < 500 ? 'an answer: 4xx' : `${status}`;
        } finally { if (asks !== proxy) await asks.stop(); }
      });
    }
    for (const path of ['/v2/_catalog', '/v1/search?q=x', '/v2/a/blobs/uploads/', '/v2/a/blobs/latest', '/v2/A/tags/list', '/v2/a/manifests/1?x=y', '/', '//v2/',
      '/v2/a/manifests/%2e%2e', '/v2/a%5cb/tags/list', '/v2/a/manifests/1%0d%0aX:y', '/v2/a%2fb/tags/list']) {
      refused(`path ${path}`, '403', async ({ at }) => `${(await raw(proxy.url, 'GET', `/proxy/${up.registry.host}${path}`)).status}`);
    }
    // Some resolve dots before they judge: what is left may be no path of ours.
    for (const path of ['/v2/a/manifests/1%00', '/v2/a/../../x', '/v2/a/%2e%2e/%2E%2e/x', '/v2/../../evil.example/v2/', '/v2/a%2f..%2f..%2fx']) {
      refused(`path ${path}`, 'refused', async () => {
        const { status } = await raw(proxy.url, 'GET', `/proxy/${up.registry.host}${path}`);
        return [400, 403, 404].includes(status) ? 'refused' : `${status}`;
      });
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      refused(`${method}, from a page`, 'blocked or 405', async ({ at }) => {
        const { status } = await read(page, at(manifest('1')), { method });
        return status === 'blocked' || status === 405 ? 'blocked or 405' : `${status}`;
      });
      refused(`${method}, from anything`, '405', async ({ at }) => `${(await raw(proxy.url, method, new URL(at(manifest('1'))).pathname)).status}`);
    }
    for (const where of ['script', '1']) {
      refused(`the script of a service worker (${where})`, '403', async ({ at }) => `${(await raw(proxy.url, 'GET', new URL(at(manifest(where))).pathname, { 'Service-Worker': 'script' })).status}`);
    }
    refused("a stranger's page", 'blocked', async ({ at }) => `${(await read(foreign, at(manifest('1')))).status}`);
    refused("a stranger's page, preflighted", 'blocked', async ({ at }) => `${(await read(foreign, at(manifest('1')), { headers: { Accept: ACCEPT } })).status}`);
    refused('Origin: null', '403', async ({ at }) => `${(await raw(proxy.url, 'GET', new URL(at(manifest('1'))).pathname, { Origin: 'null' })).status}`);
    refused('another name (DNS rebinding)', { 'all': '421', 'worker (workerd)': 'not its business' }, async ({ at }) => {
      if (name.startsWith('worker')) return 'not its business';
      return `${(await raw(proxy.url, 'GET', new URL(at(manifest('1'))).pathname, { Host: 'evil.example' })).status}`;
    });
    if (!privateName) test('a listed name that leads into this network', (t) => { without('a name with a private address', "this machine's own name has none"); t.skip('no such name here'); });
    else refused('a listed name that leads into this network', { 'all': '403', 'nginx': '502', 'worker (workerd)': '502' }, async ({ at }) => {
      const [inside] = options.names;
      if (!name.startsWith('worker')) return `${(await read(page, at('/v2/', inside))).status}`;
      const guarded = await publicWorker(work, options);
      try { return `${(await read(page, `${guarded.url}/proxy/${inside}/v2/`)).status}`; } finally { await guarded.stop(); }
    });
    probe('elsewhere', '404', async () => `${(await raw(proxy.url, 'GET', '/x')).status}`);

    test('real registries', async (t) => {
      if (!proxy || !registries.length) { t.skip('not here'); return; }
      for (const registry of registries) {
        const host = numeric(registry.host);
        const base = `${proxy.url}/proxy/${host}/v2/demo/one`;
        const { image } = registry;
        let headers = { Accept: ACCEPT };
        const record = (what, got) => table.set(what, { ...table.get(what), [name]: got });
        if (registry.reads === false) {
          const { status, headers: got } = await read(page, `${base}/manifests/1.0`, { headers });
          record(registry.label, `${status} ${got['www-authenticate']?.split(' ')[0]}`);
          assert.equal(status, 401, registry.label);
          assert.match(got['www-authenticate'], /^Basic /);
          continue;
        }
        if (registry.tokens) {
          const { status, headers: got } = await read(page, `${base}/manifests/1.0`, { headers });
          assert.equal(status, 401, registry.label);
          const [, realm] = /realm="http:\/\/([^/"]+)\/token"/.exec(got['www-authenticate']);
          const query = new URLSearchParams({ service: 'loopback-registry', scope: 'repository:demo/one:pull' });
          const answer = await read(page, `${proxy.url}/proxy/${numeric(realm)}/token?${query}`);
          headers = { ...headers, Authorization: `Bearer ${JSON.parse(answer.text).token}` };
        }
        const head = await read(page, `${base}/manifests/1.0`, { method: 'HEAD', headers });
        assert.equal(head.headers['docker-content-digest'], image.digest, registry.label);
        const index = await read(page, `${base}/manifests/${image.digest}`, { headers });
        assert.deepEqual([index.status, index.digest], [200, image.digest], registry.label);
        const child = await read(page, `${base}/manifests/${image.platforms.amd64}`, { headers });
        assert.equal(child.digest, image.platforms.amd64, registry.label);
        const config = JSON.parse(child.text).config.digest;
        const blob = await read(page, `${base}/blobs/${config}`, { headers });
        assert.deepEqual([blob.status, blob.digest], [200, config], registry.label);
        const tags = await read(page, `${base}/tags/list?n=100`, { headers });
        assert.ok(JSON.parse(tags.text).tags.includes('1.0'), registry.label);
        const referrers = await read(page, `${base}/referrers/${image.digest}`, { headers });
        assert.ok([200, 404].includes(referrers.status), `${registry.label}: ${referrers.status}`);
        if (registry.cdn) assert.ok(registry.cdn.heads.every((got) => !got.authorization && !got.cookie && !got.origin));
        record(registry.label, `index, child, config exact; tags; referrers ${referrers.status}`);
      }
    });
  });
}
test('something was probed', () => assert.ok(names.includes('webdis-verify serve')));
