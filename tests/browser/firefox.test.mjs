// The same page in Firefox: verdicts, steps computed again, the element in a
// page of a strict policy, the single file.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { examples } from '../../www/examples/index.js';
import { firefox } from './bidi.mjs';
import { dist, root, serve, without } from './harness.mjs';

const skip = without('firefox-esr');
const demo = examples.find((x) => x.id === 'demo-bundle');
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; require-trusted-types-for 'script'";

let server, browser;
before(async () => {
  if (skip) return;
  server = await serve(dist, {
    '/strict.html': { body: '<!doctype html><meta charset="utf-8"><title>host</title><link rel="icon" href="data:,"><script src="webdis-verify.js" defer></script><webdis-verify></webdis-verify>', headers: { 'content-security-policy': STRICT } },
  });
  browser = await firefox();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const ready = (page) => page.run(async () => {
  for (let i = 0; i < 200; i += 1) {
    if (document.querySelector('webdis-verify')?.shadowRoot?.querySelectorAll('#examples option').length > 5) return;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error('the page did not start');
});
const choose = (page, wanted) => page.run((id) => new Promise((done) => {
  const element = document.querySelector('webdis-verify');
  const menu = element.shadowRoot.querySelector('#examples');
  const heard = ({ detail }) => {
    if (!detail.items.length) return;
    element.removeEventListener('verdict', heard);
    done(detail.outcome);
  };
  element.addEventListener('verdict', heard);
  menu.value = id;
  menu.dispatchEvent(new Event('change'));
}), wanted);

test('Firefox: every example ends as it says, at two widths', { skip }, async () => {
  const page = await browser.open(`${server.url}/index.html`);
  await ready(page);
  mkdirSync(join(root, 'target/screenshots'), { recursive: true });
  for (const width of [1280, 360]) {
    await page.resize(width, 800);
    for (const { id, expect } of examples) {
      assert.equal(await choose(page, id), expect.outcome, id);
      const { scroll, client } = await page.run(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
      assert.ok(scroll <= client, `${id}: ${scroll} px in ${client}`);
    }
    await choose(page, 'demo-bundle');
    writeFileSync(join(root, `target/screenshots/firefox-${width}.png`), await page.screenshot());
  }
});

test('Firefox: every opened step is computed again, and agrees', { skip }, async () => {
  const page = await browser.open(`${server.url}/index.html`);
  await ready(page);
  await choose(page, 'demo-bundle');
  const steps = await page.run(async () => {
    const root = document.querySelector('webdis-verify').shadowRoot;
    for (const line of root.querySelectorAll('[data-link]')) line.link.set(true);
    await new Promise((done) => { setTimeout(done, 1500); });
    return [...root.querySelectorAll('.again > ul > li')].map((li) => [...li.querySelector('.glyph').classList].join(' '));
  });
  assert.ok(steps.length >= 8, `${steps.length}`);
  assert.deepEqual(steps.filter((kind) => !kind.includes('proven')), []);
});

test('Firefox: one script tag under a strict policy', { skip }, async () => {
  const page = await browser.open(`${server.url}/strict.html`);
  const outcome = await page.run(async (inputs, key, trusted) => {
    const element = document.querySelector('webdis-verify');
    element.setAttribute('key', key);
    element.trustedRoot = trusted;
    return (await element.verify(inputs)).outcome;
  }, demo.inputs, demo.options.key, demo.options.trustedRoot);
  assert.equal(outcome, 'proven');
  assert.deepEqual(server.requests.filter((r) => /strict|webdis-verify\.js/.test(r)).slice(-2), ['GET /strict.html', 'GET /webdis-verify.js']);
});

test('Firefox: the single file works from a disk', { skip }, async () => {
  const page = await browser.open(pathToFileURL(join(dist, 'webdis-verify.html')).href);
  await ready(page);
  assert.equal(await choose(page, 'demo-bundle'), 'proven');
});
