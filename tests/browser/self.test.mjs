// "Check this page": what is served is hashed again, and told honestly.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { accessible, dist, launch, open, root, serve } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

/** What the page says of itself, served with some other files. */
async function told(pages) {
  const server = await serve(dist, pages);
  try {
    const page = await open(browser, `${server.url}/index.html`);
    await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
    await page.locator('footer summary', { hasText: 'version' }).click();
    await page.locator('#check-page').click();
    await page.waitForFunction(() => {
      const root = document.querySelector('webdis-verify').shadowRoot;
      return !root.querySelector('#check-page').disabled && root.querySelector('footer [role=status]').textContent;
    }, null, { timeout: 20_000 });
    await accessible(page, 'the foot, opened');
    return { text: await page.locator('footer [role=status]').innerText(), asked: page.asked.map((a) => new URL(a).pathname) };
  } finally {
    await server.close();
  }
}

test('every listed file is hashed, and the list is what to compare', async () => {
  const list = readFileSync(join(dist, 'SHA256SUMS'));
  const names = list.toString().trim().split('\n').map((line) => line.slice(66));
  const { text, asked } = await told({});
  assert.match(text, new RegExp(`^${names.length} files are served as`));
  assert.ok(text.replace(/\s/g, '').includes(createHash('sha256').update(list).digest('hex')));
  assert.match(text, /A page that lies could show the same words/);
  for (const name of names) assert.ok(asked.includes(`/${name}`), name);
});

test('one changed byte in one file is found', async () => {
  const bytes = readFileSync(join(dist, 'webdis.pub'));
  bytes[40] ^= 1;
  const { text } = await told({ '/webdis.pub': { body: bytes } });
  assert.match(text, /^Not as the list SHA256SUMS says: webdis\.pub\. Do not rely on this copy/);
});

test('the manifest for WEBCAT follows from the files, and the page works under its policy', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'webcat-'));
  try {
    execFileSync('node', [join(root, 'xtask/js/webcat.mjs'), dist, folder], { cwd: root });
    const config = JSON.parse(readFileSync(join(folder, 'webcat.config.json'), 'utf8'));
    const { manifest } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    // Each file is there with its hash, those of wasm without their names.
    const hash = (name) => createHash('sha256').update(readFileSync(join(dist, name))).digest('base64url');
    const names = [...readFileSync(join(dist, 'SHA256SUMS'), 'utf8').matchAll(/^\w+ {2}(.*)$/gm)].map(([, name]) => name);
    const [wasm, others] = [names.filter((n) => n.endsWith('.wasm')), names.filter((n) => !n.endsWith('.wasm'))];
    assert.deepEqual(manifest.files, Object.fromEntries([...others, 'SHA256SUMS'].sort().map((name) => [`/${name}`, hash(name)])));
    assert.deepEqual(manifest.wasm, wasm.map(hash).sort());
    for (const [name, value] of Object.entries(config)) assert.deepEqual(manifest[name], value, name);
    assert.ok(manifest.files[`/${config.default_index}`] && manifest.files[config.default_fallback]);
    // What WEBCAT accepts as a policy: nothing that runs but what is listed.
    assert.ok(!config.default_csp.includes(','));
    const rules = new Map(config.default_csp.split('; ').map((rule) => { const [name, ...sources] = rule.split(' '); return [name, sources]; }));
    assert.deepEqual(rules.get('default-src'), ["'none'"]);
    for (const [name, allowed] of [['script-src', ["'self'", "'wasm-unsafe-eval'"]], ['worker-src', ["'self'"]], ['style-src', [rules.get('style-src').find((source) => /^'sha256-[\w+/]{43}='$/.test(source))]]]) {
      assert.deepEqual(rules.get(name).filter((source) => !allowed.includes(source)), [], name);
    }
    for (const name of ['style-src-elem', 'script-src-elem', 'object-src']) assert.ok(!rules.has(name), name);
    const server = await serve(dist, { '/index.html': { body: readFileSync(join(dist, 'index.html')), headers: { 'content-security-policy': config.default_csp } } });
    const page = await open(browser, `${server.url}/index.html`);
    await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
    await page.locator('#examples').selectOption('demo-bundle');
    await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome === 'proven');
    assert.equal(await page.evaluate(async () => (await import('./www/engine.js')).where()), 'page', 'WEBCAT forbids the worker from blob:');
    assert.deepEqual(page.errors.filter((text) => !/worker-src/.test(text)), []);
    await server.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a list that cannot be read or is none concludes nothing', async () => {
  for (const list of [{ status: 404, body: 'no' }, { body: 'hello\n' }, { body: `${'0'.repeat(64)}  ../../etc/passwd\n` }]) {
    const { text } = await told({ '/SHA256SUMS': list });
    assert.doesNotMatch(text, /^\d* files? (is|are) served/);
  }
});

test('the single file names its own command', async () => {
  const page = await open(browser, pathToFileURL(join(dist, 'webdis-verify.html')).href);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.locator('footer summary', { hasText: 'version' }).click();
  assert.equal(await page.locator('footer .command pre').innerText(), 'sha256sum webdis-verify.html');
  assert.equal(await page.locator('#check-page').count(), 0);
});
