// tests/vectors/cases.json through the interface of the page, in Chromium:
// the same questions and answers as in tests/proof/own_vectors.rs. Each is asked
// of a new engine, which has the first part of the wasm, and then of both parts.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { begun, check, dist, enginePage, openEngine, root } from './harness.mjs';
import { NOW, kept } from './registry.mjs';

const folder = join(root, 'tests/vectors');
const facts = JSON.parse(kept('index.json'));
const { checks } = JSON.parse(kept('cases.json'));
/** What the first part of the wasm answered alone, and how often the rest was asked for. */
const alone = [];
const rests = () => server.requests.filter((request) => request.endsWith('/webdis_verify_rest.wasm')).length;
const { server, browser } = await begun(dist, enginePage);
const page = await openEngine(browser, server.url);

/** `@app/index` is a digest, `@trust.first.root` the id of a key. */
function meant(text) {
  if (!text?.startsWith?.('@')) return text;
  const id = text.slice(1);
  return id.startsWith('trust.') ? id.split('.').reduce((at, name) => at[name], facts) : facts.digests[id].digest;
}

/** `FILE`, `paste:FILE`, `FOLDER/`, and each `as` another name. */
function inputs(text) {
  const origin = text.startsWith('paste:') ? 'paste' : 'file';
  const [at, as = ''] = text.replace(/^paste:/, '').split(' as ');
  if (!at.endsWith('/')) return [{ name: as || at.split('/').pop(), origin, bytes: readFileSync(join(folder, at)) }];
  return readdirSync(join(folder, at), { recursive: true }).sort()
    .filter((name) => name.endsWith('.json') && !name.startsWith('inspect'))
    .map((name) => ({ name: `${as}${name}`, origin, bytes: readFileSync(join(folder, at, name)) }));
}

for (const { id, inputs: names, options, outcome, code, subject } of checks) {
  test(`${id}: ${outcome}`, async () => {
    const { key, trustedRoot = 'trusted_root', now = NOW, ...rest } = options;
    const asked = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, meant(value)]));
    await page.reload();
    await page.waitForFunction(() => globalThis.engine);
    const ask = () => check(page, names.flatMap(inputs), {
      ...asked, now, trustedRoot: kept(`keys/${trustedRoot}.json`), ...(key && { key: kept(`keys/${key}.pub`) }),
    });
    const before = rests();
    const report = await ask();
    if (rests() === before) alone.push(id);
    await page.evaluate(() => globalThis.engine.codes());
    assert.equal(rests(), before + 1, 'all the codes are in the rest');
    assert.deepEqual(await ask(), report, 'both parts say what the first one said');
    assert.deepEqual([report.outcome, report.code], [outcome, code], report.headline);
    if (outcome === 'proven') assert.equal(report.subject.digest, meant(subject));
  });
}

test('the first part answers the first verdicts alone', () => {
  assert.ok(['bundle', 'sig', 'bundle, pasted with what skopeo printed'].every((id) => alone.includes(id)), alone.join('; '));
  assert.ok(!alone.some((id) => id.startsWith('trust: a delegated')), alone.join('; '));
});

test('all cases were asked', () => {
  assert.ok(checks.length >= 150, `${checks.length}`);
});
