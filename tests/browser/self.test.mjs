// "Check this page": what is served is hashed again, and told honestly.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { accessible, dist, launch, open, serve } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

/** What the page says of itself, served with some other files. */
async function told(pages) {
  const server = await serve(dist, pages);
  try {
    const page = await open(browser, `${server.url}/index.html`);
    await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
    await page.locator('footer summary').click();
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

test('a list that cannot be read or is none concludes nothing', async () => {
  for (const list of [{ status: 404, body: 'no' }, { body: 'hello\n' }, { body: `${'0'.repeat(64)}  ../../etc/passwd\n` }]) {
    const { text } = await told({ '/SHA256SUMS': list });
    assert.doesNotMatch(text, /^\d* files? (is|are) served/);
  }
});

test('the single file names its own command', async () => {
  const page = await open(browser, pathToFileURL(join(dist, 'webdis-verify.html')).href);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.locator('footer summary').click();
  assert.equal(await page.locator('footer .command pre').innerText(), 'sha256sum webdis-verify.html');
  assert.equal(await page.locator('#check-page').count(), 0);
});
