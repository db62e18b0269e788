// The single files: all of the page packed into one, opened from a disk. The
// whole one has everything; the small one says what it leaves out.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compress } from 'lzma1';
import { bytesOf, unpack } from '../../www/unpack.js';
import { examples } from '../../www/examples/index.js';
import { dist, launch, open, paste, serve, settled } from './harness.mjs';
import { header, padding } from './tar.mjs';

const WHOLE = join(dist, 'webdis-verify.html');
const SMALL = join(dist, 'webdis-verify-small.html');

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** The page in a file, ready. */
async function opened(file, options) {
  const page = await open(browser, pathToFileURL(file).href, options);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  return page;
}
/** Chooses an example; its outcome. */
async function choose(page, id) {
  await page.locator('#examples').selectOption(id);
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.length);
  await settled(page);
  return page.evaluate(() => document.querySelector('webdis-verify').report.outcome);
}
const archive = () => {
  const layout = Buffer.from('{"imageLayoutVersion":"1.0.0"}');
  return { name: 'image.tar', mimeType: 'application/x-tar', buffer: Buffer.concat([header('oci-layout', layout.length), layout, padding(layout.length), Buffer.alloc(1024)]) };
};
const quiet = (page) => {
  assert.equal(page.asked.length, 1, page.asked.join(' '));
  assert.deepEqual(page.errors, []);
};

for (const [what, file] of [['whole', WHOLE], ['small', SMALL]]) {
  test(`the ${what} file decides every example as it says, and asks nobody`, async () => {
    const page = await opened(file);
    for (const { id, expect } of examples) {
      await page.locator('#examples').selectOption('');
      assert.equal(await choose(page, id), expect.outcome, id);
    }
    quiet(page);
  });

  test(`the ${what} file allows two scripts, by their hashes, and no connection`, async () => {
    const policy = readFileSync(file, 'utf8').match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)[1];
    assert.match(policy, /script-src 'sha256-[^ ]{44}' 'sha256-[^ ]{44}' 'wasm-unsafe-eval';/);
    assert.match(policy, /connect-src 'none'/);
  });

  test(`the ${what} file does not run a page that was changed in it`, async (t) => {
    const text = readFileSync(file, 'latin1');
    const at = text.indexOf('id="packed-page">') + 40_000;
    const altered = join(tmpdir(), `webdis-verify-altered-${process.pid}-${what}.html`);
    t.after(() => rmSync(altered));
    writeFileSync(altered, text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1), 'latin1');
    const page = await open(browser, pathToFileURL(altered).href);
    await page.waitForFunction(() => document.readyState === 'complete');
    // It may say so after the page is there.
    for (let n = 0; n < 100 && page.errors.length === 0; n += 1) await page.waitForTimeout(100);
    assert.ok(page.errors.length > 0, 'the browser says so');
    assert.equal(await page.evaluate(() => customElements.get('webdis-verify') === undefined), true);
    assert.match(await page.locator('webdis-verify').innerText(), /Your browser did not start it/);
  });
}

test('the whole file has the languages, and reads archives', async () => {
  const page = await opened(WHOLE);
  assert.equal(await page.locator('.left-out').count(), 0);
  await page.locator('input[type=file]').first().setInputFiles([archive()]);
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.length);
  await page.locator('#language').selectOption('fr');
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.frame').lang === 'fr');
  quiet(page);
});

test('the small file says what it leaves out, and where that is', async () => {
  const page = await opened(SMALL, { locale: 'fr' });
  assert.match(await page.locator('footer .left-out').innerText(), /leaves out Spanish and French, .* archives .* webdis-verify\.html, has them/);
  assert.deepEqual(await page.locator('#language option').allInnerTexts(), ['English']);
  await page.locator('footer summary', { hasText: 'version' }).click();
  assert.equal(await page.locator('footer .command pre').innerText(), 'sha256sum webdis-verify-small.html');
  await page.locator('input[type=file]').first().setInputFiles([archive()]);
  await page.waitForFunction(() => /does not read archives/.test(document.querySelector('webdis-verify').shadowRoot.querySelector('[role=alert]').textContent));
  assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').report), null);
  // Taken away again, all else goes on.
  await page.reload();
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await paste(page, 'hello');
  assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').report.outcome), 'not-checked');
});

test('no single file offers to fetch an image, or its layers', async () => {
  for (const file of [WHOLE, SMALL]) {
    const page = await opened(file);
    await page.locator('#image').fill('nicolas/webdis:0.1.24');
    await page.locator('#image').press('Enter');
    await settled(page);
    assert.equal(await page.locator('.fetched, .fetching, .layers').count(), 0);
    assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').report?.outcome ?? 'not-checked'), 'not-checked');
    quiet(page);
  }
});

test('both start on a host that sends the headers of the site, and no other inline script does', async (t) => {
  const policy = readFileSync(join(dist, '_headers'), 'utf8').match(/^ {2}Content-Security-Policy: (.*)$/m)[1];
  const headers = { 'content-security-policy': policy };
  const text = readFileSync(SMALL, 'latin1');
  const altered = text.replace('<script>', '<script>0;').replace(/script-src [^;]*;/, "script-src 'unsafe-inline' 'wasm-unsafe-eval';");
  const server = await serve(dist, {
    '/webdis-verify.html': { body: readFileSync(WHOLE), headers }, '/webdis-verify-small.html': { body: readFileSync(SMALL), headers },
    '/altered.html': { body: Buffer.from(altered, 'latin1'), headers },
  });
  t.after(() => server.close());
  for (const name of ['webdis-verify.html', 'webdis-verify-small.html']) {
    const page = await open(browser, `${server.url}/${name}`);
    await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
    assert.equal(await choose(page, 'demo-bundle'), 'proven');
    quiet(page);
  }
  const page = await open(browser, `${server.url}/altered.html`);
  assert.ok(page.errors.some((error) => /Content Security Policy/.test(error)), page.errors.join(' '));
  assert.equal(await page.evaluate(() => customElements.get('webdis-verify') === undefined), true);
});

test('what was packed by another program comes out as it went in', () => {
  const noise = randomBytes(5000);
  const text = Buffer.from(JSON.stringify(examples));
  for (const bytes of [Buffer.from('a'), Buffer.alloc(70_000), noise, Buffer.concat([noise, text, noise, text, noise.subarray(7)]), readFileSync(join(dist, 'www/element.js'))]) {
    for (const level of [1, 5, 9]) {
      const packed = new Uint8Array(compress(new Uint8Array(bytes), level));
      assert.equal(Buffer.compare(Buffer.from(unpack(packed)), bytes), 0, `${bytes.length} bytes, level ${level}`);
      // One bit less is never the same.
      packed[packed.length >> 1] ^= 1;
      let other = null;
      try { other = Buffer.from(unpack(packed)); } catch (error) { assert.ok(error instanceof RangeError); }
      if (bytes.length > 100) assert.notEqual(other && Buffer.compare(other, bytes), 0);
    }
  }
  const sevens = [0, 13, 60, 127, 1, 2, 4, 8].map((n) => n.toString(2).padStart(7, '0')).join('');
  assert.deepEqual([...bytesOf('\x7f0\x7f1\x7f2\x7f3\x01\x02\x04\x08')], sevens.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
});
