// Every report the command line prints fits docs/report.schema.json, and a
// report that was tampered with does not.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vectors = join(root, '../shared/vectors');
/** Counted by `cargo xtask test` where they are not, demanded where they are. */
const needsShared = existsSync(vectors) ? false : 'needs ../shared';
const schema = JSON.parse(readFileSync(join(root, 'docs/report.schema.json'), 'utf8'));
const ajv = new Ajv({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
});
const valid = ajv.compile(schema);

execFileSync('cargo', ['build', '--quiet', '--locked', '--package', 'webdis-verify'], {
  cwd: root,
  stdio: 'inherit',
});
const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/webdis-verify');

function check(args, input) {
  const run = spawnSync(binary, ['check', '--format', 'json', ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.ok([0, 1, 3, 4].includes(run.status), `${args}: status ${run.status}: ${run.stderr}`);
  const report = JSON.parse(run.stdout);
  const codes = { proven: 0, consistent: 4, contradicted: 1, unsigned: 3, 'not-checked': 4 };
  assert.equal(run.status, codes[report.outcome]);
  assert.ok(valid(report), `${args}: ${ajv.errorsText(valid.errors)}`);
  return report;
}

test('reports on what people paste fit the schema', () => {
  const pastes = [
    '',
    'hello',
    '{"a":1,"a":2}',
    'sha256:' + '0'.repeat(64),
    '[[[[',
    '{"schemaVersion":2,"manifests":[]}',
    '\u001b[31mred',
    'nicolas/webdis:0.1.24',
  ];
  for (const paste of pastes) assert.notEqual(check(['-'], paste).outcome, 'proven', paste);
  check(
    ['--image', 'nicolas/webdis:0.1.19', '-'],
    '0.1.19: Pulling from nicolas/webdis\nDigest: sha256:' + 'a'.repeat(64) + '\n',
  );
  check(['--image', 'example.org/other:1', '-'], 'x');
});

/** The schema itself refuses a verdict that its links do not carry. */
function refusesForgeries(last) {
  const forge = (change) => {
    const copy = structuredClone(last);
    change(copy);
    return valid(copy);
  };
  assert.ok(forge(() => {}));
  assert.ok(
    !forge((r) => {
      r.links.find((l) => l.place === 'chain').outcome = 'not-checked';
    }),
  );
  assert.ok(
    !forge((r) => {
      r.links[0].evidence = null;
    }),
  );
  assert.ok(
    !forge((r) => {
      r.outcome = 'verified';
    }),
  );
  assert.ok(
    !forge((r) => {
      r.verified = true;
    }),
  );
  assert.ok(
    !forge((r) => {
      r.subject.digest = null;
    }),
  );
}

const own = join(root, 'tests/vectors');
const facts = JSON.parse(readFileSync(join(own, 'index.json'), 'utf8'));
const cases = JSON.parse(readFileSync(join(own, 'cases.json'), 'utf8'));
/** `@app/index` is a digest, `@trust.first.root` the id of a key. */
const meant = (text) =>
  !text.startsWith('@')
    ? text
    : text.startsWith('@trust.')
      ? text
          .slice(1)
          .split('.')
          .reduce((at, name) => at[name], facts)
      : facts.digests[text.slice(1)].digest;

test('reports on the project\u2019s own vectors fit the schema', () => {
  const seen = new Set();
  let last;
  for (const { inputs, options } of cases.checks) {
    if (inputs.some((input) => input.includes(' as '))) continue;
    const {
      key,
      trustedRoot = 'trusted_root',
      ignoreTlog,
      now = facts.made,
      rootKey,
      repositoryKey,
      image,
      digest,
    } = options;
    const given = Object.entries({ image, digest, 'root-key': rootKey, 'repository-key': repositoryKey, now })
      .filter(([, value]) => value)
      .flatMap(([name, value]) => [`--${name}`, meant(value)]);
    if (key) given.push('--key', join(own, `keys/${key}.pub`));
    if (ignoreTlog) given.push('--ignore-tlog');
    const files = inputs.map((input) => join(own, input.replace(/^paste:/, '')));
    const report = check([...given, '--trusted-root', join(own, `keys/${trustedRoot}.json`), ...files]);
    seen.add(report.outcome);
    if (report.outcome === 'proven' && key) last = report;
  }
  assert.deepEqual([...seen].sort(), ['contradicted', 'not-checked', 'proven', 'unsigned']);
  for (const file of Object.keys(facts.files)) check(['-'], readFileSync(join(own, file)));
  refusesForgeries(last);
});

test('reports on every vector fit the schema', { skip: needsShared }, () => {
  const index = JSON.parse(readFileSync(join(vectors, 'cosign/index.json'), 'utf8'));
  const seen = new Set();
  let last;
  for (const { id, kind, image_digest: digest } of index.filter((entry) => entry.kind !== 'key-file')) {
    const folder = join(vectors, 'cosign', id);
    const files = readdirSync(folder).filter((name) => !['vector.json', 'key.pub'].includes(name));
    const key = existsSync(join(folder, 'key.pub')) ? ['--key', join(folder, 'key.pub')] : [];
    const report = check([
      ...key,
      '--ignore-tlog',
      '--digest',
      digest,
      ...files.map((name) => join(folder, name)),
    ]);
    seen.add(report.outcome);
    if (report.outcome === 'proven') last = report;
    assert.ok(!(kind.includes('keyless') && report.outcome === 'proven'), id);
  }
  for (const folder of ['dct/pasted', 'dct/seed', 'dct/cosign-verify-pastes']) {
    for (const name of readdirSync(join(vectors, folder))) {
      const file = join(vectors, folder, name);
      if (statSync(file).isFile()) seen.add(check(['-'], readFileSync(file)).outcome);
    }
  }
  assert.ok(seen.has('proven') && seen.has('contradicted') && seen.has('not-checked'));
  refusesForgeries(last);
});
