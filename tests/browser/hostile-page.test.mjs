// What the page around the element, or a link, may not do: slow it down, speak
// in its name, change its report, or make a script of its link. The element is
// taken as it is in the source: where there is no wasm its answer is "not
// checked", which is a report like any other.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { Evidence, MOST_INPUTS } from '../../www/evidence.js';
import { launch, open, root, serve } from './harness.mjs';

const none = new Uint8Array();

test('three thousand inputs of one name are named at once, and the limit holds', () => {
  const evidence = new Evidence();
  const names = [];
  for (let n = 0; n < 3000; n += 1) names.push(evidence.add({ name: 'x', bytes: none })?.name);
  assert.deepEqual([evidence.given.length, evidence.refused], [MOST_INPUTS, 3000 - MOST_INPUTS]);
  assert.deepEqual([names[0], names[1], names[MOST_INPUTS - 1], names[MOST_INPUTS]], ['x', 'x (2)', `x (${MOST_INPUTS})`, undefined]);
  assert.equal(new Set(evidence.given.map((g) => g.name)).size, MOST_INPUTS);
  evidence.clear();
  assert.deepEqual([evidence.refused, evidence.add({ name: 'x', bytes: none }).name], [0, 'x']);
});

test('names do not repeat, whatever they look like', () => {
  const evidence = new Evidence();
  const add = (name) => evidence.add({ name, bytes: none }).name;
  assert.deepEqual(['a', 'a (2)', 'a', 'a', 'typed', 'a (2)'].map(add), ['a', 'a (2)', 'a (3)', 'a (4)', 'typed (2)', 'a (2) (2)']);
  evidence.remove('a');
  assert.equal(add('a'), 'a', 'a name that is free again');
  evidence.given = [{ name: 'b', origin: 'fetched', bytes: none }];
  assert.deepEqual([add('b'), add('a')], ['b (2)', 'a']);
  evidence.remove('b');
  assert.equal(add('b'), 'b');
  assert.equal(evidence.paste('x').name, 'paste 1');
});

let server, browser;
const PAGES = {
  javascript: 'javascript:alert(1)', spaced: ' java&#10;script:alert(1)', data: 'data:text/html,x', blob: 'blob:https://a.example/1', file: 'file:///etc/passwd',
  https: 'https://verify.example/', http: 'http://localhost:8080/', relative: '../verify/', root: '/verify',
};
before(async () => {
  const elements = Object.entries(PAGES).map(([id, page]) => `<webdis-verify id="${id}" page="${page}"><p>fallback</p></webdis-verify>`).join('\n');
  const { outputFiles: [script] } = await build({
    entryPoints: [join(root, 'www/element.js')], bundle: true, format: 'esm', write: false, logLevel: 'error', external: ['webdis-verify-wasm', 'webdis-verify-archive', 'webdis-verify-inline:worker'], define: { BUILD_VERSION: '"test"', BUILD_WASM: '"none"', BUILD_WHOLE: 'true', BUILD_REST: '""' },
  });
  server = await serve(root, { '/element.js': { body: script.text }, '/none.js': { body: 'export {};' }, '/worker.js': { body: "export default '';" }, '/hostile.html': { body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title>
<script type="importmap">{"imports":{"webdis-verify-wasm":"./none.js","webdis-verify-archive":"./none.js","webdis-verify-inline:worker":"./worker.js"}}</script><script type="module" src="element.js"></script><main>${elements}</main></html>` } });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});
const opened = async () => {
  const page = await open(browser, `${server.url}/hostile.html`);
  await page.waitForFunction(() => document.querySelector('#root')?.shadowRoot?.querySelector('footer'), null, { timeout: 8000 });
  return page;
};

test('page: a link for http, https and relative addresses, none for a script', async () => {
  const page = await opened();
  const links = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('webdis-verify')].map((e) => [e.id, e.shadowRoot.querySelector('footer a')?.href ?? null])));
  assert.deepEqual(links, {
    javascript: null, spaced: null, data: null, blob: null, file: null,
    https: 'https://verify.example/', http: 'http://localhost:8080/', relative: `${server.url}/verify/`, root: `${server.url}/verify`,
  });
  // Nor does one that is changed once the link is there.
  const later = await page.evaluate(async () => {
    const element = document.querySelector('#https');
    element.setAttribute('page', 'javascript:alert(1)');
    await element.verify('evidence');
    await new Promise((done) => setTimeout(done, 200));
    return element.shadowRoot.querySelector('footer a')?.href;
  });
  assert.ok(later === undefined || later.startsWith('https:'), later);
});

test('the report is a copy that nobody changes', async () => {
  const page = await opened();
  const got = await page.evaluate(async () => {
    'use strict';
    const element = document.querySelector('#https');
    const seen = [];
    element.addEventListener('verdict', (event) => seen.push(event.detail));
    const report = await element.verify('evidence');
    const shown = element.shadowRoot.querySelector('.verdict')?.textContent;
    const refused = [];
    for (const change of [(r) => { r.outcome = 'proven'; }, (r) => { r.links.push({}); }, (r) => { r.headline = 'x'; }, (r) => { (r.links[0] ?? r).code = 'x'; }]) {
      try { change(element.report); refused.push(false); } catch { refused.push(true); }
    }
    try { element.report = { outcome: 'proven' }; refused.push(false); } catch { refused.push(true); }
    element.setAttribute('lang', 'fr');
    element.setAttribute('lang', 'en');
    return { refused, outcome: element.report.outcome, same: [report === element.report, seen.length === 1 && seen[0] === report], shown: !!shown,
      after: element.shadowRoot.querySelector('.verdict').className };
  });
  assert.deepEqual(got.refused, [true, true, true, true, true]);
  assert.deepEqual([got.outcome === 'proven', got.same, got.shown, /proven/.test(got.after)], [false, [true, true], true, false]);
});

test('a verdict event is the element\'s own', async () => {
  const page = await opened();
  const heard = await page.evaluate(async () => {
    const element = document.querySelector('#https');
    const list = [];
    const listener = (where) => (event) => list.push(`${where} ${event.detail?.outcome}`);
    element.addEventListener('verdict', listener('element'));
    document.addEventListener('verdict', listener('document'));
    const forged = () => new CustomEvent('verdict', { detail: { outcome: 'proven' }, bubbles: true, composed: true });
    element.dispatchEvent(forged());
    element.querySelector('p').dispatchEvent(forged());
    element.shadowRoot.querySelector('footer').dispatchEvent(forged());
    await element.verify('evidence');
    return list;
  });
  assert.equal(heard.length, 2, `${heard}`);
  assert.ok(heard[0].startsWith('element') && heard[1].startsWith('document'), 'its own is heard, here and above');
  assert.ok(!heard.some((words) => words.endsWith('proven')), `${heard}`);
});
