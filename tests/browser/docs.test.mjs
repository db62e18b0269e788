// The documents: their commands run, their tests and files are there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { dist, root, without } from './harness.mjs';
import { program } from './registry.mjs';

const demo = examples.find((x) => x.id === 'demo-bundle');
const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const read = (name) => readFileSync(join(root, name), 'utf8');

/** What a block of a document prints, where its files are. */
function run(block, folder) {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', block], { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}` }, timeout: 60_000 });
}

function prepared() {
  const folder = mkdtempSync(join(tmpdir(), 'webdis-verify-docs-'));
  cpSync(dist, join(folder, 'dist'), { recursive: true });
  for (const { name, text } of demo.inputs) writeFileSync(join(folder, name === 'crane digest' ? 'crane-digest.txt' : name), text);
  writeFileSync(join(folder, 'demo.pub'), demo.options.key);
  writeFileSync(join(folder, 'trusted_root.json'), demo.options.trustedRoot);
  return folder;
}

const blocks = (name) => [...read(`docs/${name}`).matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block);
const DIGEST = demo.inputs.find((i) => i.name === 'crane digest').text.match(/sha256:([0-9a-f]{64})/)[1];
const says = {
  'PROOF.md': [(out) => { assert.match(out, new RegExp(`${DIGEST} {2}index\\.json`)); assert.match(out, /Verified OK\n$/); }],
  'VERIFY-THIS-PAGE.md': [(out) => assert.match(out, /^[0-9a-f]{64} {2}webdis-verify\.html\n$/), (out) => assert.match(out, /<script src="webdis-verify\.js" integrity="sha384-/), (out) => assert.match(out, /^[0-9a-f]{64} {2}www/)],
  'PUBLISHERS.md': [(out) => { const sum = out.match(/([0-9a-f]{64}) {2}-/)[1]; assert.ok(out.split('\n')[0].includes(sum) || out.indexOf(sum) < out.lastIndexOf(sum), 'both print one fingerprint'); }, () => {}, (out) => assert.match(out, /\[proven\] Signed with app\.pub/)],
  'DEPLOY.md': [(out) => assert.match(out, /^[0-9a-f]{64} {2}-/m)],
};

for (const [name, checks] of Object.entries(says)) {
  test(`${name}: every command runs and prints what it should`, { skip: without('curl', 'openssl') }, () => {
    const folder = prepared();
    try {
      const found = blocks(name);
      assert.equal(found.length, checks.length, 'each block has its check');
      for (const [i, block] of found.entries()) checks[i](run(block, folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('a changed file is found by the commands that check a copy', { skip: without('openssl') }, () => {
  const folder = prepared();
  try {
    writeFileSync(join(folder, 'dist/webdis-verify.js'), `${readFileSync(join(folder, 'dist/webdis-verify.js'), 'utf8')} `);
    for (const block of blocks('VERIFY-THIS-PAGE.md').slice(0, 2)) assert.throws(() => run(block, folder));
    writeFileSync(join(folder, 'signed.bin'), 'other');
    const index = readFileSync(join(folder, 'index.json'));
    index[100] ^= 1;
    writeFileSync(join(folder, 'index.json'), index);
    assert.throws(() => run(blocks('PUBLISHERS.md').slice(1).join('\n').replace('index.json', '--digest sha256:' + '0'.repeat(64) + ' index.json'), folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no block of shell goes untested', () => {
  for (const name of docs) if (!(name in says)) assert.equal(blocks(name).length, 0, name);
});

test('the tests that PROOF.md names exist, and the codes are links', () => {
  const sources = execFileSync('git', ['grep', '-h', '-E', '^ *(pub )?fn '], { cwd: root, encoding: 'utf8' });
  const rows = read('docs/PROOF.md').split('\n').filter((line) => /^\| `/.test(line)).map((line) => line.split('|').map((cell) => cell.trim()));
  assert.ok(rows.length >= 10);
  const codes = execFileSync('git', ['grep', '-h', '-o', '-E', '= "[a-z0-9-]+"', '--', 'src'], { cwd: root, encoding: 'utf8' });
  for (const cells of rows) {
    for (const [, code] of cells[1].matchAll(/`([^`]+)`/g)) assert.ok(codes.includes(`= "${code}"`), code);
    const named = [...cells[5].matchAll(/`(\w+)`/g)].map(([, name]) => name);
    assert.ok(named.length > 0, cells[1]);
    for (const name of named) assert.match(sources, new RegExp(`fn ${name}\\(`), name);
  }
});

test('the attributes of EMBED.md are the element’s', () => {
  const source = read('www/element.js');
  const [, table] = /\| attribute \|[^]*?\n((?:\|.*\n)+)/.exec(read('docs/EMBED.md'));
  for (const line of table.trim().split('\n').slice(1)) for (const [, name] of line.split('|')[1].matchAll(/`([\w-]+)`/g)) assert.ok(source.includes(`'${name}'`), name);
});

test('links between documents lead somewhere', () => {
  for (const name of ['README.md', 'CONTRIBUTING.md', ...docs.map((d) => `docs/${d}`)]) {
    for (const [, to] of read(name).matchAll(/(?:\]\(|src(?:set)?="(?=docs))(?!https?:|#|mailto:)([^)#\s"]+)/g)) assert.ok(existsSync(join(root, dirname(name), to)), `${name}: ${to}`);
  }
});
