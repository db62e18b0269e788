// The npm package, packed, installed in a fresh folder, and used as a stranger
// would: from Node, on a terminal, from a bundler's page.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { unpack } from '../../www/unpack.js';
import { dist, launch, open, root, serve } from './harness.mjs';
import { NOW, expected, kept, registry } from './registry.mjs';

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; require-trusted-types-for 'script'";
const demo = examples.find((x) => x.id === 'demo-bundle');

let folder, browser;
const run = (file, args, options = {}) => execFileSync(file, args, { cwd: folder, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...options });
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'webdis-verify-npm-'));
  const made = join(folder, 'made');
  execFileSync('node', ['xtask/js/package.mjs', join(root, 'target/xtask/webdis_verify'), dist, made, join(root, 'target/xtask/archive_wasm')], { cwd: root });
  run('npm', ['pack', '--silent', '--pack-destination', '..'], { cwd: made });
  rmSync(made, { recursive: true });
  const [tarball] = readdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--offline', `./${tarball}`]);
  for (const { id, inputs, options } of [demo, examples.find((x) => x.id === 'refused-other-key')]) {
    mkdirSync(join(folder, id));
    for (const { name, text } of inputs) writeFileSync(join(folder, id, name.replace(/ /g, '-')), text);
    writeFileSync(join(folder, `${id}.pub`), options.key);
    writeFileSync(join(folder, `${id}.root`), options.trustedRoot ?? '');
  }
  browser = await launch();
});
after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A module of the fresh folder, run by Node: what it prints as JSON. */
const node = (source, input) => JSON.parse(run('node', ['--input-type=module', '--eval', source], { input }));

/**
 * A file's own text, and what is packed in it as base64: whose letters by
 * themselves may spell anything, a short path too.
 */
const unpacked = (text) => {
  const packed = /[A-Za-z0-9+/]{1024,}={0,2}/g;
  const parts = [...text.matchAll(packed)].map(([part]) => unpack(Buffer.from(part, 'base64')));
  return [text.replace(packed, ''), ...parts.map((part) => Buffer.from(part).toString('latin1'))];
};

test('nothing but the package is installed, and it names no machine', () => {
  assert.deepEqual(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')), ['webdis-verify']);
  const inside = join(folder, 'node_modules/webdis-verify');
  for (const name of readdirSync(inside)) {
    for (const text of unpacked(readFileSync(join(inside, name), 'latin1'))) {
      for (const path of [root, process.env.HOME, '/.cargo/registry'].filter((p) => p && p.length > 3)) assert.ok(!text.includes(path), `${name} holds ${path}`);
    }
  }
  const packed = unpacked(readFileSync(join(inside, 'webdis-verify.js'), 'latin1')).slice(1);
  assert.ok(packed.some((part) => part.includes('\0asm')), 'what is packed was looked into');
  assert.ok(statSync(join(inside, 'cli.js')).mode & 0o100, 'the program can be run');
});

test('Node: every example ends as it does on the page', () => {
  const given = JSON.stringify(examples.map(({ inputs, options }) => ({ inputs, options })));
  const outcomes = node(`import { check } from 'webdis-verify'; import { readFileSync } from 'node:fs';
    const out = [];
    for (const { inputs, options } of JSON.parse(readFileSync(0, 'utf8'))) out.push((await check(inputs.map(({ text, ...rest }) => ({ ...rest, bytes: new TextEncoder().encode(text) })), options)).outcome);
    console.log(JSON.stringify(out));`, given);
  assert.deepEqual(outcomes, examples.map(({ expect }) => expect.outcome));
});

test('Node: a reference is fetched and checked, a mistake is a UsageError', async () => {
  const server = await registry();
  try {
    for (const { repo, signed, digest } of expected()) {
      const source = `import { verify, UsageError } from 'webdis-verify'; import { readFileSync } from 'node:fs';
        const { reference, ...options } = JSON.parse(readFileSync(0, 'utf8'));
        const { outcome, subject } = await verify(reference, options);
        let refused = ''; try { await verify('a b', {}); } catch (error) { refused = error instanceof UsageError; }
        console.log(JSON.stringify({ outcome, digest: subject.digest, refused }));`;
      const child = spawn('node', ['--input-type=module', '--eval', source], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.end(JSON.stringify({ reference: `${server.host}/${repo}:1.0`, key: kept('keys/cosign.pub'), trustedRoot: kept('keys/trusted_root.json'), now: NOW }));
      let printed = '';
      for await (const part of child.stdout) printed += part;
      assert.deepEqual(JSON.parse(printed), { outcome: signed ? 'proven' : 'unsigned', digest, refused: true }, repo);
    }
    assert.ok(server.asked.length > 3);
  } finally {
    await server.close();
  }
});

test('npx: exit codes, text and JSON', () => {
  const program = (args, input) => {
    try {
      return { code: 0, out: run('npx', ['--no-install', 'webdis-verify', ...args], { input }) };
    } catch ({ status, stdout, stderr }) {
      return { code: status, out: stdout || stderr };
    }
  };
  const against = (id) => ['--image', examples.find((x) => x.id === id).options.image, '--key', `${id}.pub`, '--trusted-root', `${id}.root`, id];
  const good = program(['check', ...against('demo-bundle')]);
  assert.equal(good.code, 0, good.out);
  assert.match(good.out, /^✓ PROVEN {2}Signed with the given key/m);
  const { outcome, links } = JSON.parse(program(['check', '--format', 'json', ...against('demo-bundle')]).out);
  assert.equal(outcome, 'proven');
  assert.ok(links.length > 3);
  assert.equal(program(['check', ...against('refused-other-key')]).code, 1);
  assert.equal(program(['check', '-'], 'nothing of use\n').code, 4);
  assert.match(program(['check', '-'], '$ docker pull a\u001b]0;x\u0007b\n').out, /^[^\u001b]*$/, 'no command to the terminal');
  for (const bad of [[], ['check'], ['check', 'absent.json'], ['verify', 'a b'], ['--nonsense'], ['check', '--format', 'xml', 'demo-bundle']]) assert.equal(program(bad).code, 2, bad.join(' '));
  assert.match(program(['--version']).out, /^webdis-verify \d+\.\d+\.\d+/);
});

test('a bundler’s page: one script, no other request, under a strict policy', async () => {
  writeFileSync(join(folder, 'page.js'), "import { check } from 'webdis-verify'; globalThis.check = check;");
  run(join(root, 'node_modules/.bin/esbuild'), ['page.js', '--bundle', '--format=esm', '--outfile=out/page.js', '--log-level=error']);
  const server = await serve(join(folder, 'out'), {
    '/index.html': { body: '<!doctype html><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,"><script type="module" src="page.js"></script><webdis-verify></webdis-verify>', headers: { 'content-security-policy': STRICT } },
  });
  try {
    const page = await open(browser, `${server.url}/index.html`);
    await page.waitForFunction(() => globalThis.check);
    const report = await page.evaluate(([inputs, options]) => globalThis.check(inputs.map(({ text, ...rest }) => ({ ...rest, bytes: new TextEncoder().encode(text) })), options), [demo.inputs, demo.options]);
    assert.equal(report.outcome, 'proven');
    assert.ok(await page.evaluate(() => !!document.querySelector('webdis-verify').shadowRoot), 'the element is there, too');
    assert.deepEqual(server.requests, ['GET /index.html', 'GET /page.js']);
  } finally {
    await server.close();
  }
});

test('the script and the module carry the integrity that is published', async () => {
  const lines = readFileSync(join(dist, 'integrity.txt'), 'utf8').trim().split('\n');
  assert.equal(lines.length, 2);
  for (const line of lines) {
    const [, file, hash] = /src="([^"]+)" integrity="sha384-([^"]+)"/.exec(line);
    assert.equal(createHash('sha384').update(readFileSync(join(dist, file))).digest('base64'), hash);
  }
  // Both lines as they stand work in a page; with another byte, neither.
  for (const [path, works] of [['', true], ['/changed', false]]) {
    const changed = Object.fromEntries(['js', 'mjs'].map((kind) => [`/changed/webdis-verify.${kind}`, { body: `${readFileSync(join(dist, `webdis-verify.${kind}`), 'utf8')}\n`, headers: { 'content-type': 'text/javascript' } }]));
    for (const [i, line] of lines.entries()) {
      const host = `/host-${i}.html`;
      const server = await serve(dist, { ...changed, [host]: { body: `<!doctype html><meta charset="utf-8"><title>host</title><link rel="icon" href="data:,">${line.replace('src="', `src="${path}/`)}<webdis-verify></webdis-verify>` } });
      try {
        const page = await open(browser, server.url + host);
        await page.waitForTimeout(500);
        assert.equal(await page.evaluate(() => !!document.querySelector('webdis-verify').shadowRoot), works, `${path}${line}`);
      } finally {
        await server.close();
      }
    }
  }
});
