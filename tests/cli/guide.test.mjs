// The guided paths: the command line prints the steps that the page shows,
// word for word, for whatever image.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from '../browser/registry.mjs';
import { end, names, steps } from '../../www/guides.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { words } = JSON.parse(readFileSync(join(root, 'www/i18n/en-guide.json'), 'utf8'));

const guide = (...args) => spawnSync(program, ['guide', ...args], { encoding: 'utf8' });

/** The numbered steps of what the command line printed: `[words, command]`. */
const numbered = (text) =>
  [...text.matchAll(/^(\d+)\. (.*)\n {3}\$ (.*)$/gm)].map(([, n, what, line], i) => {
    assert.equal(Number(n), i + 1);
    return [what, line];
  });

// A text without the line breaks of a terminal.
const flat = (text) => text.replace(/\s+/g, ' ');

const images = [
  'nicolas/webdis:0.1.19',
  'docker.io/nicolas/webdis:0.1.20',
  'index.docker.io/nicolas/webdis:0.1.21',
  'public.ecr.aws/nicolas/webdis:0.1.18',
  'public.ecr.aws/docker/library/debian:12',
  'debian',
  'debian:12',
  'library/debian:12',
  'docker.io/library/debian:12',
  'quay.io/some/image:1',
  'localhost:5000/one',
  'localhost/one:2',
  '127.0.0.1:15778/nicolas/webdis:0.1.19',
  `nicolas/webdis@sha256:${'a'.repeat(64)}`,
  `nicolas/webdis:0.1.19@sha256:${'a'.repeat(64)}`,
];

for (const id of names) {
  test(`${id}: the steps of the page, for ${images.length} images`, () => {
    for (const image of [undefined, ...images]) {
      const { stdout, stderr, status } = guide(id, ...(image ? [image] : []));
      assert.equal(status, 0, stderr);
      // A release that is signed otherwise has its own steps.
      const own = /has other steps/.test(stderr)
        ? names.find((name) => stdout.startsWith(words[`guide-${name}`]))
        : id;
      assert.deepEqual(
        numbered(stdout),
        steps(own, image ?? '').map(([word, line]) => [words[word], line]),
        image,
      );
      for (const part of ['', '-why', '-then'])
        assert.ok(flat(stdout).includes(words[`guide-${own}${part}`]), `guide-${own}${part}`);
    }
  });
}

test('every step and every path has its words', () => {
  const { stdout, status } = guide();
  assert.equal(status, 0);
  for (const id of names) {
    assert.ok(stdout.includes(`webdis-verify guide ${id} `) && stdout.includes(words[`guide-${id}`]), id);
    for (const [word] of steps(id, '')) assert.ok(word in words, word);
  }
});

test('what is said of the service depends on the day', () => {
  const said = (now) => guide('trust', 'nicolas/webdis:0.1.19', '--now', now).stdout;
  for (const [now, word, other] of [
    ['2026-12-07T23:59:59Z', 'guideBefore', 'guideAfter'],
    [`${end}T00:00:00Z`, 'guideAfter', 'guideBefore'],
  ]) {
    assert.ok(flat(said(now)).includes(words[word]), now);
    assert.ok(!flat(said(now)).includes(words[other]), now);
  }
});

test('what is no image, no path or no time is refused', () => {
  for (const args of [
    ['trust', 'Not An Image'],
    ['trust', 'a$(b)'],
    ['trust', '--', '-x'],
    ['neither'],
    ['trust', 'nicolas/webdis', '--now', 'soon'],
  ]) {
    const { status, stdout } = guide(...args);
    assert.equal(status, 2, args.join(' '));
    assert.equal(stdout, '');
  }
});

// The block that keeps the outputs is one to paste: it runs the commands of the
// steps, each below its own command line.
test('what keeps the outputs is a block that a shell takes', () => {
  for (const id of [...names, 'cosign']) {
    const { stdout } = guide(id);
    const [, block] = /^(\(\n[^]*?^\)) > printed\.txt 2>&1$/m.exec(stdout);
    // tar makes a file, and prints nothing.
    const stubs = 'docker() { echo "docker: $*"; }; cosign() { echo "cosign: $*"; }; tar() { :; };';
    const {
      stdout: printed,
      status,
      stderr,
    } = spawnSync('sh', ['-c', `${stubs} ${block}`], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, ''], id);
    const kept = [...stdout.matchAll(/^ {3}\$ ((?:DOCKER_CONTENT_TRUST=1 )?(?:docker|cosign) .*)$/gm)].map(
      ([, line]) => line,
    );
    const ran = (line) => line.replace('DOCKER_CONTENT_TRUST=1 ', '').replace(' ', ': ');
    assert.ok(kept.length >= 2, id);
    assert.equal(printed, kept.map((line) => `$ ${line}\n${ran(line)}\n`).join(''), id);
    // What the check reads is made before.
    if (id !== 'cosign')
      assert.ok(stdout.indexOf('content-trust.tar') < stdout.indexOf('webdis-verify check'), id);
  }
});
