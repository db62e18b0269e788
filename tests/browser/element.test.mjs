// <webdis-verify> in other people's pages, and the page from a file.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { examples } from '../../www/examples/index.js';
import { accessible, begun, dist, fits, open, screenshot, serve, settled } from './harness.mjs';

const FALLBACK = '<p id="fallback">docker manifest inspect IMAGE | sha256sum</p>';
const host = (policy, attributes = '') => ({
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title><script src="webdis-verify.js" defer></script>
<main><h1>Host</h1><webdis-verify ${attributes}>${FALLBACK}</webdis-verify><webdis-verify id="second" lang="fr"></webdis-verify></main></html>`,
  headers: { 'content-security-policy': policy },
});
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; require-trusted-types-for 'script'";

const { server, browser } = await begun(dist, {
  '/strict.html': host(STRICT, 'image="nicolas/webdis:0.1.19"'),
  '/no-worker.html': host("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"),
  '/no-wasm.html': host("default-src 'none'; script-src 'self'; worker-src blob:"),
  '/no-script.html': host("default-src 'none'"),
});

const demo = examples.find((x) => x.id === 'demo-bundle');
const verify = (page, input, selector = 'webdis-verify') => page.evaluate(async ([list, s]) => {
  const element = document.querySelector(s);
  const events = [];
  element.addEventListener('verdict', (e) => events.push(e.detail.outcome));
  const report = await element.verify(list);
  return { outcome: report.outcome, events, same: element.report === report, subject: report.subject, items: report.items };
}, [input, selector]);

test('one script tag, under a strict policy, without a request', async () => {
  const page = await open(browser, `${server.url}/strict.html`);
  const asked = page.asked.length;
  const { outcome, events, same } = await verify(page, demo.inputs);
  assert.deepEqual({ outcome, events, same }, { outcome: outcome, events: [outcome], same: true });
  assert.notEqual(outcome, 'proven', 'the demo key is not the built-in one');
  assert.equal(page.asked.length, asked);
  assert.deepEqual(page.errors, []);
  assert.equal(await page.locator('#fallback').isVisible(), false);
});

test('the key of the attribute decides, and instances do not mix', async () => {
  const page = await open(browser, `${server.url}/strict.html`);
  await page.evaluate(([key]) => document.querySelector('#second').setAttribute('key', key), [demo.options.key]);
  await page.evaluate(([root]) => { document.querySelector('#second').trustedRoot = root; }, [demo.options.trustedRoot]);
  assert.equal((await verify(page, demo.inputs, '#second')).outcome, 'proven');
  assert.notEqual((await verify(page, demo.inputs)).outcome, 'proven');
  assert.match(await page.locator('#second .word').innerText(), /^Prouvé/, 'each in its language');
});

test('without a worker it still answers', async () => {
  const page = await open(browser, `${server.url}/no-worker.html`);
  // Another publisher's image, and no key for it.
  assert.equal((await verify(page, demo.inputs)).outcome, 'not-checked');
  assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').report.code), 'publisher-unknown');
});

test('where WebAssembly is refused it says so, and the commands come back', async () => {
  const page = await open(browser, `${server.url}/no-wasm.html`);
  const { outcome } = await verify(page, demo.inputs);
  assert.equal(outcome, 'not-checked');
  assert.ok((await page.locator('webdis-verify >> nth=0').locator('[role=alert]').innerText()).includes("'wasm-unsafe-eval'"));
  assert.ok(await page.locator('#fallback').isVisible());
});

test('where scripts are refused the commands stay', async () => {
  const page = await open(browser, `${server.url}/no-script.html`);
  assert.ok(await page.locator('#fallback').isVisible());
  const off = await open(browser, `${server.url}/strict.html`, { javaScript: false });
  assert.ok(await off.locator('#fallback').isVisible());
});

const check = async (page, id) => {
  await page.locator(`${id} .main`).first().click();
  await page.waitForFunction((i) => document.querySelector(i).report && document.querySelector(i).shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false', id);
  return page.evaluate((i) => document.querySelector(i).report, id);
};

test('a box that is edited is checked again as it stands', async () => {
  const page = await open(browser, `${server.url}/docs/demo.html`);
  assert.equal((await check(page, '#hello')).code, 'signed-as');
  const edit = (from, to) => page.locator('pre#digest').evaluate((node, [before, after]) => {
    node.textContent = node.textContent.replace(before, after);
    node.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, [from, to]);
  const proven = (wanted) => page.waitForFunction((is) => (document.querySelector('#hello').report?.outcome === 'proven') === is, wanted);
  await edit('sha256:7', 'sha256:8');
  await proven(false);
  await edit('sha256:8', 'sha256:7');
  await proven(true);
  assert.equal(await page.evaluate(() => document.querySelector('#old').report), null, 'the other one waits');
});

test('the documentation asks for nothing and checks its own prose, twice', async () => {
  const page = await open(browser, `${server.url}/docs/demo.html`);
  const before = page.asked.length;
  assert.deepEqual(page.asked.map((u) => new URL(u).pathname), ['/docs/demo.html', '/webdis-verify.js']);
  const { code, caveats, items } = await check(page, '#old');
  assert.equal(code, 'published-as', 'a text about signatures is no signature');
  assert.ok(caveats.some((caveat) => caveat.code === 'documentation-not-signature'));
  assert.ok(items.some((i) => i.kind === 'index' && i.digest === 'sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667'));
  assert.equal(await page.evaluate(() => document.querySelector('#hello').report), null, 'the other one waits');
  assert.equal((await check(page, '#hello')).code, 'signed-as');
  for (const { name, text } of demo.inputs.filter((i) => i.name !== 'signature-manifest.json')) {
    assert.equal(await page.locator(`pre[data-name="${name}"]`).evaluate((n) => n.textContent), text, `${name} is the example's`);
  }
  assert.equal(page.asked.length, before);
  await page.waitForFunction(() => document.querySelector('#old').shadowRoot.querySelector('footer a').hash.startsWith('#e='));
  const link = await page.evaluate(() => document.querySelector('#old').shadowRoot.querySelector('footer a').href);
  const whole = await open(browser, link);
  // The list is drawn anew while the page wakes: it is counted at rest.
  await settled(whole);
  await whole.locator('.row-item').nth(2).waitFor();
  assert.equal(await whole.locator('.row-item').count(), 3, 'the full page has the same evidence');
  await accessible(page);
  await screenshot(page, 'demo-1280-light');
  const narrow = await open(browser, `${server.url}/docs/demo.html`, { width: 320, dark: true });
  for (const id of ['#old', '#hello']) await check(narrow, id);
  await fits(narrow);
  await accessible(narrow);
  await screenshot(narrow, 'demo-320-dark');
});

test('the documentation works under the headers that a host should send', async () => {
  const policy = readFileSync(join(dist, '_headers'), 'utf8').match(/^ {2}Content-Security-Policy: (.*)$/m)[1];
  const body = readFileSync(join(dist, 'docs/demo.html'), 'utf8');
  const headers = { 'content-security-policy': policy };
  const hosted = await serve(dist, {
    '/docs/demo.html': { body, headers },
    '/docs/other.html': { body: body.replace('max-width: 44rem', 'max-width: 45rem'), headers },
  });
  const page = await open(browser, `${hosted.url}/docs/demo.html`);
  assert.equal((await check(page, '#hello')).outcome, 'proven');
  assert.deepEqual(page.errors, []);
  const wide = (p) => p.evaluate(() => getComputedStyle(document.body).maxWidth);
  assert.notEqual(await wide(page), 'none');
  // No other style sheet.
  const other = await open(browser, `${hosted.url}/docs/other.html`);
  assert.equal(await wide(other), 'none');
  assert.match(other.errors.join(), /style-src/);
  await hosted.close();
});

test('a byte of the documentation is changed by a click, or by hand', async () => {
  const page = await open(browser, `${server.url}/docs/demo.html`);
  assert.equal((await check(page, '#hello')).outcome, 'proven');
  await page.locator('#hello button.spoil').click();
  await page.waitForSelector('#hello #restore');
  assert.equal(await page.evaluate(() => document.querySelector('#hello').report.outcome), 'contradicted');
  assert.ok(await page.locator('#hello .one-byte li').count() > 0, 'what broke is said');
  await page.locator('#hello #restore').click();
  await page.waitForFunction(() => document.querySelector('#hello').report?.outcome === 'proven');
  // By hand: a letter typed into the list.
  await check(page, '#old');
  await page.locator('#list').evaluate((pre) => {
    const at = pre.textContent.indexOf('1365') + 4;
    getSelection().setBaseAndExtent(pre.firstChild, at - 1, pre.firstChild, at);
    pre.focus();
  });
  await page.keyboard.type('6');
  const { items, outcome } = await check(page, '#old');
  assert.match(await page.locator('#list').evaluate((n) => n.textContent), /"size": 1366/);
  assert.notEqual(outcome, 'proven');
  assert.ok(!items.some((i) => i.digest === 'sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667'));
});

test('the trusted root of the attribute is used, and only its own', async () => {
  const page = await open(browser, `${server.url}/strict.html`);
  const outcome = (root) => page.evaluate(async ([list, key, json]) => {
    const element = document.createElement('webdis-verify');
    element.setAttribute('key', key);
    if (json) element.setAttribute('trusted-root', json);
    document.body.append(element);
    return (await element.verify(list)).outcome;
  }, [demo.inputs, demo.options.key, root]);
  assert.equal(await outcome(demo.options.trustedRoot), 'proven');
  assert.equal(await outcome(''), 'not-checked');
});

test('the single file works from file:// and asks nobody', async () => {
  const page = await open(browser, pathToFileURL(join(dist, 'webdis-verify.html')).href);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.locator('#examples').selectOption('demo-bundle');
  await page.waitForSelector('.verdict.proven');
  await page.locator('#language').selectOption('es');
  await page.waitForSelector('.word:has-text("Probado")');
  assert.equal(page.asked.length, 1, page.asked.join(' '));
  assert.deepEqual(page.errors, []);
  assert.match(readFileSync(join(dist, 'webdis-verify.html'), 'utf8'), /connect-src 'none'/);
});

test('the list of tags says what failed, and what to do', async () => {
  const list = '/proxy/registry-1.docker.io/v2/nicolas/webdis/tags/list';
  const page = (proxy) => ({ body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>tags</title><link rel="icon" href="data:,"><script src="/webdis-verify.js" defer></script><main><h1>Tags</h1><webdis-tags repository="nicolas/webdis" proxy="${proxy}"></webdis-tags></main></html>` });
  const closed = await serve();
  await closed.close();
  const other = await serve(dist, { [list]: { body: '{}' } }); // answers, and allows no other origin
  try {
    for (const [what, answers, proxy, words] of [
      ['no proxy', {}, '/', /no registry proxy answers.*webdis-verify serve/s],
      ['another origin', {}, other.url, /proxy|connection|read/i],
      ['nobody', {}, closed.url, /proxy|connection|read/i],
    ]) {
      const own = await serve(dist, { '/tags.html': page(proxy), ...answers });
      try {
        const opened = await open(browser, `${own.url}/tags.html`);
        const asked = opened.asked.length;
        await opened.locator('webdis-tags button').click();
        await opened.waitForSelector('webdis-tags [role=alert]');
        const said = await opened.locator('webdis-tags section').innerText();
        assert.match(said, words, `${what}: ${said}`);
        assert.match(said, /again/i, `${what}: a way to try again`);
        assert.ok(opened.asked.length > asked, 'nothing was asked before the click');
        await accessible(opened, what);
      } finally {
        await own.close();
      }
    }
  } finally {
    await other.close();
  }
});
