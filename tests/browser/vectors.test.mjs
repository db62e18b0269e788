// vectors/cosign through the interface of the page, in Chromium.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { begun, check, dist, enginePage, needsShared, openEngine, vectors } from './harness.mjs';

const folder = join(vectors, 'cosign');
const present = !needsShared;
const cases = present ? JSON.parse(readFileSync(join(folder, 'index.json'))) : [];
const trustedRoot = present ? readFileSync(join(folder, 'trusted_root.prod.json'), 'utf8') : '';
/** A key that signed none of the cases, for those without one. */
const otherKey = readFileSync(join(dist, 'webdis.pub'), 'utf8');
/**
 * What describes a case is not evidence; keys come as options only. The case
 * is one layer (annotations.json): sig-manifest.json has its neighbours too,
 * which other keys signed.
 */
const notEvidence = ['vector.json', 'key.pub', 'sig-manifest.json'];

const table = new Map();
const { server, browser } = await begun(dist, enginePage);
const page = await openEngine(browser, server.url);
after(() => {
  for (const [kind, [yes, no]] of [...table].sort()) console.log(`${kind.padEnd(20)} as expected ${yes}, not ${no}`);
});

/** The outcome of a case: one of the report's, or `refused` for a key. */
async function judge(item) {
  if (item.kind === 'key-file') {
    const key = readFileSync(join(folder, `${item.id}.pub`), 'latin1');
    return check(page, [], { key, trustedRoot }).then((report) => ({ outcome: 'accepted', code: report.code }), (error) => ({ outcome: 'refused', code: String(error) }));
  }
  const at = join(folder, item.id);
  const inputs = readdirSync(at)
    .filter((name) => !notEvidence.includes(name))
    .map((name) => ({ name, bytes: readFileSync(join(at, name)) }));
  const keyFile = join(at, 'key.pub');
  const key = existsSync(keyFile) ? readFileSync(keyFile, 'utf8') : otherKey;
  const options = { key, trustedRoot };
  if (item.image_digest) options.digest = item.image_digest;
  // Where a case has no log evidence and does not demand it, do without.
  const text = inputs.map(({ bytes }) => bytes.toString()).join('');
  const hasLog = /"tlogEntries":\s*\[\s*\{|dev\.sigstore\.cosign\/bundle/.test(text);
  if (item.require_tlog === false || (item.require_tlog === undefined && !hasLog)) options.ignoreTlog = true;
  return check(page, inputs, options);
}

for (const item of cases) {
  test(`${item.kind} ${item.id} (${item.expect})`, async () => {
    const { outcome, code, links = [] } = await judge(item);
    const wanted = item.kind === 'key-file' ? (item.id.endsWith('garbage-before') ? ['accepted'] : [item.expect === 'pass' ? 'accepted' : 'refused'])
      : item.kind.includes('keyless') ? ['not-checked']
        : item.expect === 'pass' ? ['proven'] : ['contradicted', 'not-checked', 'unsigned'];
    const good = wanted.includes(outcome);
    const row = table.get(item.kind) ?? [0, 0];
    row[good ? 0 : 1] += 1;
    table.set(item.kind, row);
    assert.ok(good, `${outcome} (${code}), wanted ${wanted}: ${links.map((l) => `${l.id} ${l.outcome} ${l.code}`).join('; ')}`);
  });
}

test('the vectors were there, or their absence was said', { skip: needsShared }, () => {
  assert.equal(cases.length, 95);
});
