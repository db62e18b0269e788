// What `compare --format json` prints fits docs/comparison.schema.json.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import { header, padding } from '../browser/tar.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const schema = JSON.parse(readFileSync(join(root, 'docs/comparison.schema.json'), 'utf8'));
const valid = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
execFileSync('cargo', ['build', '--quiet', '--locked', '--package', 'webdis-verify'], {
  cwd: root,
  stdio: 'inherit',
});
const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/webdis-verify');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const tar = (members) =>
  Buffer.concat([
    ...members.flatMap(([name, bytes]) => [header(name, bytes.length), bytes, padding(bytes.length)]),
    Buffer.alloc(1024),
  ]);

/** `docker save` of an image of one layer with these files. */
function saved(files, architecture = 'amd64') {
  const layer = tar(files.map(([name, text]) => [name, Buffer.from(text)]));
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    }),
  );
  const name = `${sha256(config)}.json`;
  const list = [{ Config: name, RepoTags: ['example/app:1.0'], Layers: ['l/layer.tar'] }];
  return tar([
    ['l/layer.tar', layer],
    [name, config],
    ['manifest.json', Buffer.from(JSON.stringify(list))],
  ]);
}

test('what is printed of two archives fits the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comparison-'));
  const images = {
    a: saved([['x', '1']]),
    b: saved([['x', '2']]),
    more: saved([
      ['x', '1'],
      ['y', '1'],
    ]),
    arm: saved([['x', '1']], 'arm64'),
  };
  for (const [name, bytes] of Object.entries(images)) writeFileSync(join(folder, `${name}.tar`), bytes);
  for (const [one, other, status, outcome, path] of [
    ['a', 'a', 0, 'same'],
    ['a', 'b', 1, 'different', 'x'],
    ['a', 'more', 1, 'different', 'y'],
    ['a', 'arm', 4, 'not-compared'],
  ]) {
    const args = ['compare', '--format', 'json', join(folder, `${one}.tar`), join(folder, `${other}.tar`)];
    const run = spawnSync(binary, args, { encoding: 'utf8' });
    const found = JSON.parse(run.stdout);
    assert.ok(valid(found), `${one} ${other}: ${JSON.stringify(valid.errors)}`);
    assert.deepEqual([run.status, found.outcome], [status, outcome], `${one} ${other}: ${run.stderr}`);
    assert.equal(found.platforms[0]?.difference?.path, path);
    assert.ok(!valid({ ...found, more: 1 }), 'members that are not described');
  }
  rmSync(folder, { recursive: true });
});
