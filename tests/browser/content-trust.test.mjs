// vectors/dct through the interface of the page, in Chromium: real sets in
// their time and today, stages of a repository, and hostile variants.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { begun, check, dist, enginePage, needsShared, openEngine, vectors } from './harness.mjs';

const folder = join(vectors, 'dct');
const present = !needsShared;
const TODAY = '2026-11-21T12:00:00Z';

const table = new Map();
const { server, browser } = await begun(dist, enginePage);
const page = await openEngine(browser, server.url);
after(() => {
  for (const [kind, [yes, no]] of table) console.log(`${kind.padEnd(28)} as expected ${yes}, not ${no}`);
});

/** All metadata files below a folder, named by their path in it. */
function load(at) {
  return readdirSync(at, { recursive: true })
    .filter((name) => name.endsWith('.json') && name !== 'case.json' && !/(^|\/)inspect/.test(name))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(at, name)) }));
}

/** The id that a root file names for a role. */
function keyOf(inputs, role, file = 'root.json') {
  const { signed } = JSON.parse(inputs.find(({ name }) => name === file).bytes);
  return signed.roles[role].keyids[0];
}

function ask(inputs, gun, tag, rootKey, repositoryKey, now = TODAY) {
  return check(page, inputs, { image: `${gun}:${tag}`, rootKey, repositoryKey, now });
}

const codes = ({ outcome, code, caveats = [] }) => [outcome, code, ...caveats.map((caveat) => caveat.code)].join(' ');

/** A row of the table; `good` says whether the case was as expected. */
function row(kind, good, what) {
  const counts = table.get(kind) ?? [0, 0];
  counts[good ? 0 : 1] += 1;
  table.set(kind, counts);
  assert.ok(good, what);
}

const tagsOf = (inputs) => inputs
  .filter(({ name }) => ['targets.json', 'targets/releases.json'].includes(name))
  .flatMap(({ bytes }) => Object.keys(JSON.parse(bytes).signed.targets));

const trustData = 'connaisseur/test/testdata/notaryv1/trust_data';
const real = [
  // folder, repository, a moment inside its life, tags, whether the root is past its end today
  ['buskill-debian/docker.io/library/debian/metadata', 'docker.io/library/debian', '2020-10-01T00:00:00Z', 791, true],
  ['moby-ee-tests/docker.io/library/alpine', 'docker.io/library/alpine', '2018-08-01T00:00:00Z', 13, true],
  ['connaisseur-2020/alice-image', 'docker.io/phbelitz/alice-image', '2019-10-20T00:00:00Z', 1, false],
  ['connaisseur-2020/sample-image', 'docker.io/phbelitz/sample-image', '2019-11-01T00:00:00Z', 2, false],
  ['connaisseur-2020/sample-loose', 'docker.io/phbelitz/sample', '2020-01-20T00:00:00Z', 2, false],
  ['connaisseur-2020/sample2-loose', 'docker.io/phbelitz/sample-san-sama', '2020-04-15T00:00:00Z', 1, false],
  [`${trustData}/alice-image`, 'docker.io/phbelitz/alice-image', '2019-10-20T00:00:00Z', 1, false],
  [`${trustData}/sample-image`, 'docker.io/phbelitz/sample-image', '2019-11-01T00:00:00Z', 2, false],
];
for (const [at, gun, then, count, ended] of present ? real : []) {
  test(`real: ${at}`, async () => {
    const inputs = load(join(folder, at));
    const pins = [keyOf(inputs, 'root'), keyOf(inputs, 'targets')];
    const tags = [...new Set(tagsOf(inputs))];
    assert.equal(tags.length, count);
    const begun = performance.now();
    const fresh = await ask(inputs, gun, tags[0], ...pins, then);
    const ms = Math.round(performance.now() - begun);
    console.log(`${at}: ${count} tags, ${ms} ms, ${codes(fresh)}`);
    row('real, in its time', codes(fresh) === 'proven released legacy-format', codes(fresh));
    const today = await ask(inputs, gun, tags[0], ...pins);
    row('real, today', codes(today) === (ended ? 'not-checked notary-root-expired' : 'proven released not-fresh legacy-format'), codes(today));
    const other = await ask(inputs, gun, tags[0], '0'.repeat(64), pins[1], then);
    row('real, another root key', codes(other) === 'contradicted notary-root-key-differs', codes(other));
    const never = await ask(inputs, gun, 'never-signed', ...pins, then);
    row('real, a tag never signed', codes(never) === 'unsigned notary-tag-not-signed', codes(never));
  });
}

const stages = [
  // stage, whose repository key is pinned, tag, answer
  ['s0-init', 's0-init', '0.1.19', 'unsigned notary-tag-not-signed'],
  ['s1-admin-tag', 's0-init', '0.1.19', 'proven released legacy-format'],
  ['s2-delegated', 's0-init', '0.1.20', 'proven released legacy-format'],
  ['s3-targets-key-rotated', 's0-init', '0.1.19', 'contradicted notary-repository-key-differs'],
  ['s3-targets-key-rotated', 's3-targets-key-rotated', '0.1.19', 'proven released legacy-format'],
  ['s5-root-key-rotated', 's0-init', '0.1.19', 'contradicted notary-repository-key-differs'],
  ['s5-root-key-rotated', 's3-targets-key-rotated', '0.1.19', 'proven released rotated-since-documented legacy-format'],
  ['s9-tag-in-two-roles', 's3-targets-key-rotated', '0.1.19', 'proven released rotated-since-documented legacy-format'],
  ['s9-tag-in-two-roles', 's3-targets-key-rotated', '0.1.21', 'contradicted notary-tag-ambiguous'],
];
for (const [stage, pinned, tag, wanted] of present ? stages : []) {
  test(`stage ${stage}, ${tag}, repository key of ${pinned}`, async () => {
    const root = keyOf(load(join(folder, 'generated/s0-init')), 'root');
    const repository = keyOf(load(join(folder, 'generated', pinned)), 'targets');
    const answer = codes(await ask(load(join(folder, 'generated', stage)), 'docker.io/example/webdis', tag, root, repository));
    row('stages', answer === wanted, answer);
  });
}

const cases = present ? JSON.parse(readFileSync(join(folder, 'variants/cases.json'))) : [];
for (const item of cases) {
  test(`variant ${item.name} (${item.expect})`, async () => {
    const inputs = load(join(folder, 'variants', item.name));
    const pins = [item.pin_root_override ?? item.pin_root, item.pin_targets_override ?? item.pin_targets];
    const outcome = async (tag) => ask(inputs, item.gun, tag, ...pins);
    const usual = ['0.1.19', '0.1.20', '0.1.21'].find((tag) => !item.tags_absent?.includes(tag));
    const report = await outcome(item.tags_present?.[0] ?? usual);
    const has = (code) => report.caveats.some((caveat) => caveat.code === code);
    const proven = report.outcome === 'proven';
    const good = {
      accept: item.optional ? report.outcome === 'not-checked' : proven && !has('not-fresh'),
      'accept-paste': proven && !has('not-fresh'),
      'accept-chain': proven && has('rotated-since-documented'),
      'accept-partial': proven,
      ambiguous: proven,
      reject: ['contradicted', 'not-checked'].includes(report.outcome),
      'accept-or-reject': ['contradicted', 'not-checked'].includes(report.outcome),
      expired: (proven && has('not-fresh')) || report.code === 'notary-root-expired',
    }[item.expect];
    row(`variants: ${item.expect}`, good, codes(report));
    if (!proven) return;
    for (const tag of item.tags_present ?? []) assert.equal((await outcome(tag)).outcome, 'proven', tag);
    for (const tag of item.tags_absent ?? []) assert.notEqual((await outcome(tag)).outcome, 'proven', tag);
    if (item.expect === 'ambiguous') assert.equal((await outcome('0.1.21')).code, 'notary-tag-ambiguous');
  });
}

test('the Content Trust vectors were there, or their absence was said', { skip: needsShared }, () => {
  assert.ok(cases.length >= 66);
});
