// Content Trust in the browser: fetched through the proxy from a Notary
// server, saved with a click, dropped again and verified without any request.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { accessible, dist, fits, launch, open, report, screenshot, serve, silent } from './harness.mjs';
import { notary } from './notary.mjs';
import { proxy } from './registry.mjs';

let browser, source, server, plain, zip;
before(async () => {
  browser = await launch();
  source = await notary(['1.0']);
  server = await proxy([source.host]);
  plain = await serve(dist);
});
after(async () => {
  await browser?.close();
  for (const one of [source, server, plain]) await one?.close();
});

const image = () => `${source.gun}:1.0`;
const settled = (page) => page.waitForFunction(() => {
  const root = document.querySelector('webdis-verify').shadowRoot;
  return !root.querySelector('.fetching') && root.querySelector('.answer').getAttribute('aria-busy') === 'false' && document.querySelector('webdis-verify').report;
}, null, { timeout: 90_000 });

/** A profile with Content Trust pins, and a cosign key beside them if asked. */
const profile = (address, cosign) => JSON.stringify({
  schema: 'https://webdis-verify.dev/profile/v1', id: 'test', publisher: 'Test', repositories: [source.gun],
  ...(cosign && { keys: JSON.parse(readFileSync(new URL('../../profiles/webdis.json', import.meta.url))).keys }),
  contentTrust: { gun: source.gun, server: address, root: [source.rootKey], repository: [source.repositoryKey] },
});

/** The page with a publisher, and perhaps another Notary server. */
async function start(at, publisher, attributes = {}, options = {}) {
  const page = await open(browser, `${at}/`, options);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.evaluate((all) => { for (const [name, value] of Object.entries(all)) document.querySelector('webdis-verify').setAttribute(name, value); },
    { publisher, image: image(), ...attributes });
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false');
  return page;
}

async function fetched(page) {
  await page.locator('#image').press('Enter');
  await settled(page);
  return report(page);
}

/** Drops bytes as a file. */
async function drop(page, name, bytes) {
  await page.evaluate(([file, base64]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], file, { type: 'application/zip' }));
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [name, bytes.toString('base64')]);
  await settled(page);
  return report(page);
}

test('metadata is fetched through the proxy, proven, and saved with a click', async (t) => {
  const page = await start(server.url, profile(`http://${source.host}`, false));
  const answer = await fetched(page);
  assert.deepEqual([answer.outcome, answer.code, answer.subject.digest], ['proven', 'released', source.digest], JSON.stringify(answer.caveats));
  assert.ok(page.asked.every((address) => address.startsWith(server.url)), 'everything goes by way of the proxy');
  assert.equal(page.asked.filter((address) => address.includes('/_trust/')).length, 5);
  const button = page.locator('.save .save-trust');
  await button.waitFor();
  assert.match(await page.locator('.save .dated').innerText(), /8 December 2026/);
  for (const [width, colorScheme] of [[1280, 'light'], [1280, 'dark'], [360, 'light'], [360, 'dark']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(150);
    await fits(page, `save ${width}`);
    await screenshot(page, `trust-save-${width}-${colorScheme}`);
  }
  await accessible(page, 'save');
  await page.setViewportSize({ width: 1280, height: 900 });
  const before = page.asked.length;
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  // A page at rest loads the parts of its own engine, at whatever moment that is.
  const asked = page.asked.slice(before).filter((url) => !url.startsWith(new URL('/www/', server.url).href));
  assert.deepEqual(asked, [], 'saving asks nobody');
  assert.equal(download.suggestedFilename(), `content-trust-${source.gun.replace(/[:]/g, '_').replaceAll('/', '-')}.zip`);
  zip = readFileSync(await download.path());
  for (const [role, bytes] of Object.entries(source.files)) assert.ok(zip.includes(bytes), `${role} is not in the file byte for byte`);
  t.diagnostic(`${download.suggestedFilename()}: ${zip.length} bytes`);
  await page.locator('.guide > summary').click();
  await page.locator('#guide-trust > summary').click();
  const [again] = await Promise.all([page.waitForEvent('download'), page.locator('#guide-trust .save-trust').click()]);
  assert.deepEqual(readFileSync(await again.path()), zip, 'the guide saves the same');
  assert.deepEqual(page.errors, []);
});

test('the saved file verifies on a page without proxy, with no request', async () => {
  const page = await start(plain.url, profile('https://notary.invalid', false), { mode: 'paste' });
  await drop(page, 'warm-up.json', Buffer.from('{}')); // the engine is loaded
  await page.locator('.remove').first().click();
  const asked = source.asked.length;
  const answer = await silent(page, () => drop(page, 'saved.zip', zip));
  assert.deepEqual([answer.outcome, answer.code, answer.subject.digest], ['proven', 'released', source.digest], answer.headline);
  assert.equal(source.asked.length, asked);
});

test('a changed byte in the saved file contradicts', async () => {
  // In the file of the signed tags, with the archive's checksums made right.
  const file = source.files['targets/releases'];
  const changed = Buffer.from(file.toString().replace('2049-01', '2048-01'));
  const bytes = Buffer.from(zip);
  const sum = (of) => { const field = Buffer.alloc(4); field.writeUInt32LE(crc32(of)); return field; };
  for (const [from, to] of [[file, changed], [sum(file), sum(changed)], [sum(file), sum(changed)]]) {
    const at = bytes.indexOf(from);
    assert.ok(at > 0);
    to.copy(bytes, at);
  }
  const page = await start(plain.url, profile('https://notary.invalid', false), { mode: 'paste' });
  const answer = await drop(page, 'saved.zip', bytes);
  assert.equal(answer.outcome, 'contradicted', answer.headline);
  assert.equal(answer.code, 'notary-hash-mismatch');
});

test('a Notary server that is down: not checked, and no cosign verdict changes', async () => {
  source.down = true;
  try {
    const only = await start(server.url, profile(`http://${source.host}`, false));
    const unchecked = await fetched(only);
    assert.equal(unchecked.outcome, 'not-checked', unchecked.headline);
    assert.ok(unchecked.links.some((l) => l.code === 'registry-no-metadata' && l.outcome === 'not-checked'), JSON.stringify(unchecked.links.map((l) => l.code)));
    assert.equal(await only.locator('.save-trust').count(), 0, 'there is nothing to save');
    const both = await start(server.url, profile(`http://${source.host}`, true));
    const unsigned = await fetched(both);
    assert.deepEqual([unsigned.outcome, unsigned.code], ['unsigned', 'no-signature-found']);
    assert.ok(unsigned.links.some((l) => l.code === 'registry-no-metadata' && l.outcome === 'not-checked'));
  } finally {
    source.down = false;
  }
});

test('the attribute names another server; without pins nobody is asked', async () => {
  const page = await start(server.url, profile('https://notary.invalid', true), { notary: `http://${source.host}` });
  assert.equal((await fetched(page)).code, 'released');
  const asked = source.asked.length;
  const key = await open(browser, `${server.url}/`);
  await key.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot);
  await key.evaluate(([name, at]) => {
    const node = document.querySelector('webdis-verify');
    node.setAttribute('notary', at);
    node.setAttribute('image', name);
  }, [image(), `http://${source.host}`]);
  await fetched(key);
  assert.deepEqual(source.asked.slice(asked).filter((line) => line.includes('/_trust/')), []);
});
