// The two parts of the wasm: the first is enough for a first verdict, the rest
// comes when it is needed, and without it nothing is checked that needs it.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { check, dist, enginePage, launch, open, openEngine, root, serve } from './harness.mjs';
import { NOW, kept } from './registry.mjs';

const FIRST = '/www/webdis_verify_bg.wasm';
const REST = '/www/webdis_verify_rest.wasm';
const folder = join(root, 'tests/vectors');
const facts = JSON.parse(kept('index.json'));

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Evidence of the project's own vectors, and its options. */
const input = (file, origin = 'paste') => ({ name: file.split('/').pop(), origin, bytes: readFileSync(join(folder, file)) });
const key = { now: NOW, key: kept('keys/cosign.pub'), trustedRoot: kept('keys/trusted_root.json') };
const app = { ...key, image: 'localhost:5000/team/app:1.0' };
const bundle = ['images/app/index.json', 'images/app/index.bundle.json'].map((file) => input(file));
const legacy = ['images/legacy/index.json', 'images/legacy/index.signature-manifest.json', 'images/legacy/index.payload.json'].map((file) => input(file));
const trust = readdirSync(join(folder, 'trust/s2-delegated'), { recursive: true }).filter((name) => name.endsWith('.json') && !name.startsWith('inspect'))
  .map((name) => ({ ...input(`trust/s2-delegated/${name}`, 'file'), name }));
const release = { now: NOW, image: 'docker.io/example/webdis:0.1.20', rootKey: facts.trust.first.root, repositoryKey: facts.trust.first.repository };

/** A server of the site that counts what is asked; `pages` as in `serve`. */
async function site(t, pages = {}) {
  const server = await serve(dist, new Proxy(pages, { get: (own, path) => own[path] ?? enginePage[path] }));
  t.after(() => server.close());
  const asked = (path) => server.requests.filter((request) => request === `GET ${path}`).length;
  return { ...server, asked };
}
const wasm = (body) => ({ body, headers: { 'content-type': 'application/wasm' } });
const said = ({ outcome, code }) => `${outcome} ${code}`;

test('a first verdict on what a key signed asks for the first part only', async (t) => {
  const server = await site(t);
  const page = await openEngine(browser, server.url);
  const pull = input('pastes/docker-28.2-daemon-20.10/pull-app.txt');
  assert.equal(said(await check(page, bundle, app)), 'proven signed');
  assert.equal(said(await check(page, [pull, ...bundle], app)), 'proven signed-as');
  assert.equal(said(await check(page, legacy, { ...key, image: 'localhost:5000/team/legacy:1.0' })), 'proven signed');
  const together = Buffer.concat(bundle.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));
  assert.equal(said(await check(page, [{ name: 'paste 1', origin: 'paste', bytes: together }], app)), 'proven signed');
  // Without `now`, as the page asks: the clock's time.
  const { now, ...today } = app;
  assert.equal(said(await check(page, bundle, today)), 'proven signed');
  assert.deepEqual([server.asked(FIRST), server.asked(REST)], [1, 0]);
});

test('Content Trust asks for the rest, once', async (t) => {
  const server = await site(t);
  const page = await openEngine(browser, server.url);
  assert.equal(said(await check(page, bundle, app)), 'proven signed');
  assert.equal(said(await check(page, trust, release)), 'proven released');
  assert.equal(said(await check(page, trust, { ...release, rootKey: facts.trust.stranger.root })), 'contradicted notary-root-key-differs');
  assert.equal(said(await check(page, bundle, app)), 'proven signed');
  assert.deepEqual([server.asked(FIRST), server.asked(REST)], [1, 1]);
});

test('what waits for a registry has the rest before it begins', async (t) => {
  const limited = { status: 429, headers: { 'retry-after': '77', 'content-type': 'application/json' }, body: '{}' };
  const server = await site(t, new Proxy({}, { get: (_, path) => (path.startsWith('/proxy/') ? limited : undefined) }));
  const page = await openEngine(browser, server.url);
  let workers = 0;
  page.on('worker', () => { workers += 1; });
  const [first, fetched, after] = await page.evaluate(async () => {
    const session = new globalThis.engine.Session();
    session.add({ name: 'typed', origin: 'paste', bytes: new TextEncoder().encode('hello') });
    const options = { image: 'nicolas/webdis:0.1.24' };
    const first = await session.check(options);
    const { report } = await session.fetch(options, { proxy: '/' });
    return [first, report, await session.check(options)];
  });
  assert.equal(first.outcome, 'not-checked');
  assert.equal(fetched.code, 'registry-rate-limited');
  assert.deepEqual(fetched.items.map(({ name }) => name), ['typed'], 'the evidence is still there');
  assert.equal(after.code, 'registry-rate-limited', 'and so is what the registry said');
  assert.equal(server.asked(REST), 1);
  assert.equal(workers, 1, 'the engine was not started anew');
});

const rest = readFileSync(join(dist, REST));
const altered = Buffer.from(rest);
altered[altered.length - 1] ^= 1;
for (const [what, answer] of [
  ['missing', { status: 404, body: 'not found' }],
  ['altered in one bit', wasm(altered)],
  ['cut short', wasm(rest.subarray(0, 1000))],
  ['of another build', wasm(readFileSync(join(dist, FIRST)))],
  ['a page', { body: '<!doctype html>', headers: { 'content-type': 'text/html' } }],
]) {
  test(`a rest that is ${what} leaves unchecked what needs it, and nothing else`, async (t) => {
    const pages = { [REST]: answer };
    const server = await site(t, pages);
    const page = await openEngine(browser, server.url);
    const needs = await check(page, trust, release);
    assert.equal(said(needs), 'not-checked engine-incomplete');
    assert.match(needs.next, /Load the page again/);
    assert.equal(needs.subject.reference, release.image);
    const fetched = await page.evaluate(async (options) => (await new globalThis.engine.Session().fetch(options, { proxy: '/' })).report, { image: 'nicolas/webdis:0.1.24' });
    assert.equal(said(fetched), 'not-checked engine-incomplete');
    assert.equal(said(await check(page, bundle, app)), 'proven signed', 'the first part goes on');
    // Once it can be had, it is.
    pages[REST] = wasm(rest);
    assert.equal(said(await check(page, trust, release)), 'proven released');
  });
}

test('on the page itself, where a worker is refused, both parts are there', async (t) => {
  const policy = { 'content-security-policy': "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'none'" };
  const server = await site(t, { '/no-worker.html': { body: enginePage['/engine.html'].body, headers: policy } });
  const page = await open(browser, `${server.url}/no-worker.html`);
  await page.waitForFunction(() => globalThis.engine);
  assert.equal(said(await check(page, bundle, app)), 'proven signed');
  assert.equal(said(await check(page, trust, release)), 'proven released');
  assert.equal(await page.evaluate(() => globalThis.engine.where()), 'page');
});

test('the single file has both parts inside', async () => {
  const page = await open(browser, pathToFileURL(join(dist, 'webdis-verify.html')).href);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.locator('#examples').selectOption('webdis-0.1.19-trust');
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.some(({ kind }) => kind.startsWith('trust')));
  await page.locator('#examples').selectOption('demo-bundle');
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.code === 'signed-as');
  assert.equal(page.asked.length, 1, page.asked.join(' '));
  assert.deepEqual(page.errors, []);
});
