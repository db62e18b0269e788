// The program with the page inside, alone in an empty folder: what it serves
// is dist/, byte for byte, and works in Chromium.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { dist, launch, open, root, serve } from './harness.mjs';
import { program } from './registry.mjs';

const folder = mkdtempSync(join(tmpdir(), 'webdis-verify-alone-'));
const alone = join(folder, 'webdis-verify');
const children = [];
let browser, server;

/** Builds the program and copies it, as `name`, into the folder. */
function build(name, features) {
  execFileSync('cargo', ['build', '--quiet', '--locked', '--package', 'webdis-verify', '--bin', 'webdis-verify', ...features],
    { cwd: root, env: { ...process.env, WEBDIS_VERIFY_PAGE: dist }, stdio: ['ignore', 'ignore', 'inherit'] });
  copyFileSync(program, join(folder, name));
}

/** Runs `serve` in the folder; what it said until it listens, and where. */
async function run(name, args = []) {
  const child = spawn(join(folder, name), ['serve', '--listen', '127.0.0.1:0', ...args], { cwd: folder, env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  const url = await new Promise((found, failed) => {
    child.stderr.on('data', (data) => {
      said += data;
      const at = /(http:\/\/[\d.]+:\d+)\//.exec(said);
      if (at) found(at[1]);
    });
    child.on('exit', () => failed(new Error(said)));
  });
  return { url, said };
}

before(async () => {
  build('webdis-verify', ['--features', 'page']);
  assert.deepEqual(readdirSync(folder), ['webdis-verify'], 'nothing else is there');
  server = await run('webdis-verify');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

const files = (from) => readdirSync(from, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? files(join(from, entry.name)) : [join(from, entry.name)]));
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.wasm': 'application/wasm',
  '.pub': 'text/plain; charset=utf-8', '.txt': 'text/plain; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.ts': 'text/plain; charset=utf-8', '': 'text/plain; charset=utf-8',
};
const FRAMES = "frame-ancestors 'none'";

test('one file serves the page: the bytes of dist/, their types, the policy', async (t) => {
  const all = files(dist).map((file) => relative(dist, file));
  assert.ok(['index.html', 'www/webdis_verify_bg.wasm', 'www/engine.js', 'webdis-verify.js'].every((name) => all.includes(name)), `${all}`);
  for (const name of all) {
    const answer = await fetch(`${server.url}/${name}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(answer.status, 200, name);
    assert.ok(bytes.equals(readFileSync(join(dist, name))), `${name} is not what dist/ holds`);
    assert.equal(answer.headers.get('content-type'), types[extname(name)], name);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', name);
    const own = extname(name) === '.html' && /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(bytes)?.[1];
    assert.equal(answer.headers.get('content-security-policy'), extname(name) === '.html' ? [own, FRAMES].filter(Boolean).join('; ') : null, name);
  }
  const top = await fetch(`${server.url}/`);
  assert.match(top.headers.get('content-security-policy'), /^default-src 'none'.*script-src 'self' 'wasm-unsafe-eval'/);
  assert.equal(await top.text(), readFileSync(join(dist, 'index.html'), 'utf8'));
  for (const outside of ['/Cargo.toml', '/www/', '/www%2felement.js', '/etc/passwd']) assert.equal((await fetch(server.url + outside)).status, 404, outside);
  t.diagnostic(`${all.length} files; the program has ${statSync(alone).size} bytes`);
});

test('the page runs from it, under the policy of its headers', async () => {
  const page = await open(browser, `${server.url}/`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  const version = await page.evaluate(async () => (await import('./www/engine.js')).version());
  assert.ok(JSON.stringify(version).includes(/^version = "([^"]+)"/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))[1]), JSON.stringify(version));
  assert.ok(page.asked.some((address) => address.endsWith('.wasm')), 'its wasm was loaded');
  assert.ok(page.asked.every((address) => address.startsWith(server.url)), `${page.asked}`);
  assert.deepEqual(page.errors, []);
});

test('nobody frames the page', async () => {
  const site = await serve(folder, { '/': { body: `<!doctype html><title>frame</title><iframe src="${server.url}/"></iframe>` } });
  const page = await open(browser, `${site.url}/`);
  await page.waitForTimeout(500);
  assert.ok(page.errors.some((words) => words.includes('frame-ancestors')), `${page.errors}`);
  await site.close();
});

test('built without the page it says so, and serves a folder', async () => {
  build('plain', []);
  const none = await run('plain');
  assert.match(none.said, /built without the page.*\n.*cargo xtask program.*--page/);
  assert.equal((await fetch(`${none.url}/`)).status, 404);
  assert.equal((await fetch(`${none.url}/proxy/evil.example/v2/`)).status, 403, 'the proxy is there');
  const given = await run('plain', ['--page', dist]);
  assert.doesNotMatch(given.said, /without the page/);
  assert.equal(await (await fetch(`${given.url}/`)).text(), readFileSync(join(dist, 'index.html'), 'utf8'));
});
