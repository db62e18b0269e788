// The engine's edge: it always answers, from a worker or from the page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { broken } from './broken.mjs';
import { begun, check, dist, enginePage, open, openEngine, serve } from './harness.mjs';

const html = enginePage['/engine.html'];
const policy = (text) => ({ body: html.body, headers: { 'content-security-policy': text } });
const { server, browser } = await begun(dist, {
  ...enginePage,
  '/no-worker.html': policy("default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'none'"),
  '/no-wasm.html': policy("default-src 'none'; script-src 'self' 'unsafe-inline'; connect-src 'self'; worker-src 'self'"),
});

const text = (string) => [{ name: 'paste 1', origin: 'paste', bytes: Buffer.from(string) }];
const engineAt = async (path) => {
  const page = await open(browser, `${server.url}${path}`);
  await page.waitForFunction(() => globalThis.engine);
  return page;
};

test('the version is the one of Cargo.toml', async () => {
  const page = await openEngine(browser, server.url);
  const [, wanted] = readFileSync(join(dist, '../Cargo.toml'), 'utf8').match(/^version = "(.*)"$/m);
  assert.equal(await page.evaluate(() => globalThis.engine.version()), wanted);
  assert.equal(await page.evaluate(() => globalThis.engine.where()), 'worker');
});

test('the words of a failed engine are those of its codes', async () => {
  const page = await openEngine(browser, server.url);
  const [codes, failures] = await page.evaluate(async () => [await globalThis.engine.codes(), globalThis.engine.FAILURES]);
  for (const [name, { text: words, next }] of Object.entries(failures)) {
    assert.deepEqual(codes.find((code) => code.name === name), { name, class: 'not-checked', text: words, next });
  }
});

test('what is not recognised is not checked', async () => {
  const page = await openEngine(browser, server.url);
  const report = await check(page, text('hello'));
  assert.equal(report.outcome, 'not-checked');
  assert.notEqual(report.code, 'engine-stopped');
});

test('a mistake in the options is a usage error, and the engine goes on', async () => {
  const page = await openEngine(browser, server.url);
  await assert.rejects(check(page, text('hello'), { now: 'yesterday' }), /UsageError|now/);
  await assert.rejects(check(page, text('hello'), { verified: true }), /verified/);
  assert.equal((await check(page, text('hello'))).outcome, 'not-checked');
});

// A trap is asked again of an engine that has the rest of the wasm too.
for (const [how, code, timeout, engines] of [['unreachable', 'engine-stopped', 10_000, 3], ['loop', 'engine-timeout', 500, 2]]) {
  test(`a ${how} in the wasm is answered, and the worker replaced`, async () => {
    const wasm = broken(join(dist, 'www/webdis_verify_bg.wasm'), 'session_check', how);
    const breaking = await serve(dist, { ...enginePage, '/www/webdis_verify_bg.wasm': { body: wasm, headers: { 'content-type': 'application/wasm' } } });
    try {
      const page = await openEngine(browser, breaking.url, () => {
        const Real = globalThis.Worker;
        globalThis.workers = 0;
        globalThis.Worker = class extends Real {
          constructor(...args) { super(...args); globalThis.workers += 1; }
        };
      });
      assert.match(await page.evaluate(() => globalThis.engine.version()), /^\d/);
      const report = await check(page, text('hello'), { image: 'nicolas/webdis:0.1.24', timeout });
      assert.equal(report.outcome, 'not-checked');
      assert.equal(report.code, code);
      assert.equal(report.subject.reference, 'nicolas/webdis:0.1.24');
      // The next call is answered, by a new worker.
      assert.match(await page.evaluate(() => globalThis.engine.version()), /^\d/);
      assert.equal(await page.evaluate(() => globalThis.workers), engines);
    } finally {
      await breaking.close();
    }
  });
}

test('where a worker is refused the engine runs on the page', async () => {
  const page = await engineAt('/no-worker.html');
  assert.equal(await page.evaluate(() => globalThis.engine.where()), 'page');
  assert.equal((await check(page, text('hello'))).outcome, 'not-checked');
  assert.ok((await page.evaluate(() => globalThis.engine.codes())).length > 10);
});

test('where WebAssembly is refused nothing is checked, and it says so', async () => {
  const page = await engineAt('/no-wasm.html');
  const report = await check(page, text('hello'), { image: 'nicolas/webdis:0.1.24' });
  assert.equal(report.outcome, 'not-checked');
  assert.equal(report.code, 'engine-unavailable');
  assert.equal(report.subject.reference, 'nicolas/webdis:0.1.24');
});

test('the single file works from file:// without a request', async () => {
  const address = pathToFileURL(join(dist, 'webdis-verify.html')).href;
  const page = await open(browser, address);
  await page.waitForFunction(() => customElements.get('webdis-verify'));
  const blocked = page.errors.filter((error) => /Content Security Policy|Refused/.test(error));
  assert.deepEqual(blocked, []);
  assert.deepEqual(page.asked, [address]);
});
