// The suites of tests/wasm-suite, as wasm in Chromium.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, serve } from './harness.mjs';

let server, browser, page;
before(async () => {
  assert.ok(process.env.WASM_SUITE, 'WASM_SUITE is not set; run `cargo xtask test browser`');
  server = await serve(process.env.WASM_SUITE, {
    '/': { body: '<!doctype html><meta charset="utf-8"><title>suite</title>' },
  });
  browser = await launch();
  page = await open(browser, `${server.url}/`);
  await page.evaluate(async () => {
    const suite = await import('/wasm_suite.js');
    await suite.default({ module_or_path: fetch('/wasm_suite_bg.wasm') });
    globalThis.suite = suite.suite;
  });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

for (const [name, cases] of [['wycheproof-der', 484], ['wycheproof-raw', 262]]) {
  test(`${name}: all ${cases} as expected`, async () => {
    const [counts, ...deviations] = (await page.evaluate((n) => globalThis.suite(n), name)).split('\n');
    const [run, valid] = counts.split(' ').map(Number);
    assert.deepEqual(deviations, []);
    assert.equal(run, cases);
    assert.ok(valid > 0 && valid < run);
  });
}

test('a suite that does not exist is an error', async () => {
  await assert.rejects(page.evaluate(() => globalThis.suite('nothing')), /no suite nothing/);
});
