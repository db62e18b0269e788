// Pages that are not beside the proxy: a proxy on another origin, registries
// that let browsers in by themselves, and lists of tags in such pages.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { dist, enginePage, launch, open, screenshot, serve } from './harness.mjs';
import { NOW, proxy, registry, kept } from './registry.mjs';
import { digest } from './upstream.mjs';

const REPO = 'team/legacy';

let browser, store, site, allowing, closed;
const pages = { ...enginePage };
before(async () => {
  browser = await launch();
  store = await registry();
  site = await serve(dist, pages);
  allowing = await proxy([store.host], ['--allow-origin', site.url]);
  closed = await proxy([store.host]);
});
after(async () => {
  await browser?.close();
  for (const server of [allowing, closed, site, store]) await server?.close();
});
const same = (path, answer) => answer;
beforeEach(() => { if (store) { store.twist = same; store.asked.length = 0; } });

/** A page of the site with the single script, under a policy that lets it connect to `to`. */
async function embedding(to, body) {
  pages['/embed.html'] = {
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>embedding</title><script src="webdis-verify.js" defer></script>
<main><h1>Embedding</h1>${body}</main></html>`,
    headers: { 'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src ${to}` },
  };
  return open(browser, `${site.url}/embed.html`);
}
const outside = (page) => page.asked.filter((address) => !address.startsWith(site.url));

// The element with a proxy on another origin.

/** An image in `<webdis-verify>` with `proxy`; fetched by a click. */
async function element(by, to = by.url, key = kept('keys/cosign.pub')) {
  store.asked.length = 0;
  const page = await embedding(to, `<webdis-verify image="${store.host}/${REPO}:1.0" proxy="${by.url}"></webdis-verify>`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelector('.policy'));
  await page.evaluate(([pem, root]) => {
    const node = document.querySelector('webdis-verify');
    node.trustedRoot = root;
    node.setAttribute('key', pem);
  }, [key, kept('keys/trusted_root.json')]);
  // The choices come with an answer.
  await page.locator('#now').waitFor({ state: 'attached' });
  for (const summary of await page.locator('details:has(#now) > summary').all()) await summary.click();
  await page.locator('#now').fill(NOW);
  await page.waitForTimeout(400);
  assert.deepEqual([outside(page), store.asked], [[], []], 'nothing is asked before a click');
  await page.locator('#fetch').click();
  await page.waitForFunction(() => {
    const { shadowRoot, report } = document.querySelector('webdis-verify');
    return report && shadowRoot.querySelector('.fetched') && shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false';
  }, null, { timeout: 60_000 });
  return { page, report: await page.evaluate(() => document.querySelector('webdis-verify').report) };
}

test('proxy= on another origin that allows the page: proven, and by another key contradicted', async () => {
  const { page, report } = await element(allowing);
  assert.equal(report.outcome, 'proven', report.headline);
  assert.ok(outside(page).length > 3);
  assert.ok(outside(page).every((address) => address.startsWith(`${allowing.url}/proxy/${store.host}/v2/`)), `${outside(page)}`);
  assert.deepEqual(page.errors.filter((words) => !/status of 404/.test(words)), [], 'no request was refused');
  const other = await element(allowing, allowing.url, kept('keys/other.pub'));
  assert.equal(other.report.outcome, 'contradicted', other.report.headline);
});

test('proxy= on another origin that does not allow the page: not checked', async () => {
  const { report } = await element(closed);
  assert.equal(report.outcome, 'not-checked', report.headline);
  assert.match(report.code, /^registry-(no-proxy|blocked)$/);
  assert.deepEqual(store.asked, [], 'the registry never heard of it');
});

test("a page whose policy does not let it connect: not checked, and nothing leaves", async () => {
  const { page, report } = await element(allowing, "'self'");
  assert.equal(report.outcome, 'not-checked', report.headline);
  assert.match(report.code, /^registry-(no-proxy|blocked)$/);
  assert.deepEqual([outside(page), store.asked], [[], []]);
});

// Registries that answer browsers.

/** What a registry must answer so that a page can read it. */
const readable = (inner = same) => async (path, answer, method) => {
  const told = await inner(path, answer, method);
  const headers = {
    ...told.headers, 'access-control-allow-origin': '*', 'access-control-allow-headers': 'accept, authorization',
    'access-control-expose-headers': 'docker-content-digest, link, www-authenticate, retry-after',
  };
  return method === 'OPTIONS' ? { status: 204, headers, body: Buffer.alloc(0) } : { ...told, headers };
};

/** The engine's `verify` without a proxy, in a page whose policy lets it connect to `to`:
 * the worker that is inside of the script is held to it too. */
async function direct(repo = REPO, key = kept('keys/cosign.pub'), to = `http://${store.host}`) {
  const { body, headers } = enginePage['/engine.html'];
  const own = headers['content-security-policy'];
  pages['/engine.html'] = { body, headers: { 'content-security-policy': own.replace("connect-src 'self'", `connect-src 'self' ${to}`) } };
  const page = await open(browser, `${site.url}/engine.html`);
  await page.waitForFunction(() => globalThis.engine);
  const report = await page.evaluate(([reference, options]) => globalThis.engine.verify(reference, { ...options, proxy: null }),
    [`${store.host}/${repo}:1.0`, { key, trustedRoot: kept('keys/trusted_root.json'), now: NOW }]);
  return { page, report };
}

test('a registry that answers browsers is read without a proxy, to the same verdicts', async () => {
  store.twist = readable();
  for (const [repo, key, want] of [
    [REPO, 'keys/cosign.pub', 'proven'], [REPO, 'keys/other.pub', 'contradicted'],
    ['team/app', 'keys/cosign.pub', 'proven'], ['team/unsigned', 'keys/cosign.pub', 'unsigned'],
  ]) {
    const { page, report } = await direct(repo, kept(key));
    assert.equal(report.outcome, want, `${repo}, ${key}: ${report.headline}`);
    assert.ok(outside(page).length > 3);
    assert.ok(outside(page).every((address) => address.startsWith(`http://${store.host}/v2/${repo}/`)), `${outside(page)}`);
  }
});

test('a registry that the policy of the page leaves out is not asked, worker or not', async () => {
  store.twist = readable();
  const { page, report } = await direct(REPO, kept('keys/cosign.pub'), 'http://127.0.0.1:1');
  assert.deepEqual([report.outcome, report.code], ['not-checked', 'registry-blocked'], report.headline);
  assert.equal(await page.evaluate(() => globalThis.engine.where()), 'worker');
  assert.deepEqual([outside(page), store.asked], [[], []]);
});

test('a registry that answers browsers proves nothing by that', async () => {
  // One byte of each signed payload is another.
  store.twist = readable((path, answer) => {
    if (!path.includes('/blobs/')) return answer;
    const body = Buffer.from(answer.body);
    if (body.length) body[body.length - 1] ^= 1;
    return { ...answer, body };
  });
  const { report } = await direct();
  assert.ok(!['proven', 'unsigned'].includes(report.outcome), `${report.outcome}: ${report.headline}`);
});

test('a registry that answers no browser: not checked, never unsigned', async () => {
  for (const [what, code, twist] of [
    ['no CORS headers', 'registry-blocked', same],
    ['a preflight that wants a login, as Docker Hub', 'registry-blocked', (path, answer, method) => (method === 'OPTIONS' ? { ...answer, status: 401 } : answer)],
    ['signatures that browsers may not read', 'signature-places-unread', (path, answer, method) => (/\/referrers\/|sha256-/.test(path) ? answer : readable()(path, answer, method))],
  ]) {
    store.twist = twist;
    const { report } = await direct();
    assert.deepEqual([report.outcome, report.code], ['not-checked', code], `${what}: ${report.headline}`);
    assert.ok(report.commands.length > 0, 'there is another way');
  }
});

test('a list that may go on where the page does not see it: not checked, and no alarm', async () => {
  const kind = 'application/vnd.oci.image.manifest.v1+json';
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digest(Buffer.from('{}')), size: 2 };
  const boms = Array.from({ length: 12 }, (_, i) => Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: kind, artifactType: 'application/spdx+json', config, layers: [], annotations: { i: `${i}` } })));
  const listed = (count) => (path, answer) => {
    const bom = boms.find((bytes) => path.endsWith(`/manifests/${digest(bytes)}`));
    if (bom) return { status: 200, headers: { 'content-type': kind, 'docker-content-digest': digest(bom) }, body: bom };
    if (!path.includes('/referrers/')) return answer;
    const manifests = boms.slice(0, count).map((bytes) => ({ mediaType: kind, digest: digest(bytes), size: bytes.length }));
    return { status: 200, headers: { 'content-type': 'application/vnd.oci.image.index.v1+json' }, body: Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })) };
  };
  for (const [count, key, want] of [
    [12, 'keys/other.pub', 'not-checked signature-places-unread'],
    [9, 'keys/other.pub', 'contradicted signed-by-another-key'],
    [12, 'keys/cosign.pub', 'proven signed'],
  ]) {
    store.twist = readable(listed(count));
    const { report } = await direct(REPO, kept(key));
    assert.equal(`${report.outcome} ${report.code}`, want, `${count}, ${key}: ${report.headline}`);
  }
});

test('a page stops reading what is too long, whoever passes it on', async () => {
  const piece = Buffer.alloc(9 << 20, 32);
  store.twist = readable((path, answer) => (path.includes('/manifests/') ? { ...answer, status: 200, body: piece } : answer));
  const { report } = await direct();
  assert.deepEqual([report.outcome, report.code], ['not-checked', 'limit-exceeded'], report.headline);
});

// Lists of tags.

const TAGS = Array.from({ length: 8 }, (_, i) => `${i + 1}.0`);
/** Eight tags: two images, in turn. */
const tagged = (path, answer) => {
  if (path.endsWith('/tags/list')) return { ...answer, status: 200, body: Buffer.from(JSON.stringify({ name: REPO, tags: [...TAGS, `sha256-${'0'.repeat(64)}.sig`] })) };
  const tag = TAGS.indexOf(/\/manifests\/(\d\.0)$/.exec(path)?.[1]);
  if (tag < 0) return answer;
  const body = Buffer.from(`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}${' '.repeat(tag % 2)}`);
  return { status: 200, headers: { 'content-type': 'application/vnd.oci.image.index.v1+json', 'docker-content-digest': digest(body) }, body };
};
const rows = (page) => page.locator('.row-item p:first-child').allInnerTexts().then((all) => all.map((words) => words.trim()));
const list = (attributes = '', by = allowing) => embedding(by.url, `<webdis-tags repository="${store.host}/${REPO}" proxy="${by.url}" ${attributes}></webdis-tags>`);

test('<webdis-tags auto> from the single script lists at once, by a proxy on another origin', async () => {
  store.twist = tagged;
  const page = await list('auto');
  await page.waitForSelector('.row-item');
  assert.deepEqual(await rows(page), ['8.0 6.0 4.0 2.0', '7.0 5.0 3.0 1.0']);
  assert.ok(outside(page).every((address) => address.startsWith(`${allowing.url}/proxy/`)));
  assert.equal(await page.locator('[role=alert]').count(), 0);
  await page.evaluate((repository) => document.querySelector('webdis-tags').setAttribute('repository', repository), `${store.host}/team/unsigned`);
  await page.waitForFunction(() => /unsigned/.test(document.querySelector('webdis-tags').shadowRoot.textContent));
  await page.waitForSelector('.row-item');
  assert.ok(store.asked.some((line) => line.includes('/team/unsigned/tags/list')), 'another repository is asked for at once too');
});

test('<webdis-tags> from the single script waits for a click', async () => {
  store.twist = tagged;
  const page = await list();
  await page.getByRole('button', { name: 'Show tags by digest' }).waitFor();
  await page.waitForTimeout(300);
  assert.deepEqual([outside(page), store.asked], [[], []]);
  await page.getByRole('button', { name: 'Show tags by digest' }).click();
  await page.waitForSelector('.row-item');
  assert.equal((await rows(page)).length, 2);
});

test('<webdis-tags auto> by a proxy that does not allow the page says so', async () => {
  const page = await list('auto', closed);
  await page.waitForSelector('[role=alert]');
  assert.match(await page.locator('[role=alert]').innerText(), /proxy/);
  assert.equal(await page.locator('.row-item').count(), 0);
  assert.deepEqual(store.asked, []);
});

test('429 part-way: the tags that were read, the limit, and later the rest', async () => {
  let left = 3;
  store.twist = (path, answer) => {
    if (!/\/manifests\//.test(path) || (left -= 1) >= 0) return tagged(path, answer);
    return { status: 429, headers: { 'retry-after': '37', 'content-type': 'text/plain' }, body: Buffer.from('') };
  };
  const page = await list('auto');
  await page.waitForSelector('[role=alert]');
  assert.match(await page.locator('[role=alert]').innerText(), /limit[^]*37/);
  const some = (await rows(page)).flatMap((words) => words.split(' '));
  assert.ok(some.length > 0 && some.length <= 3, `${some.length}: ${some}`);
  assert.ok(some.every((tag) => TAGS.includes(tag)), `${some}`);
  await screenshot(page, 'tags-rate-limited-part-way');
  store.twist = tagged;
  await page.locator('button', { hasText: /again/i }).click();
  await page.waitForFunction(() => !document.querySelector('webdis-tags').shadowRoot.querySelector('[role=alert], [role=status].soft'));
  assert.deepEqual((await rows(page)).flatMap((words) => words.split(' ')).sort(), TAGS, 'what was missing is asked for again');
});
