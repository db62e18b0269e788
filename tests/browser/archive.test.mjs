// Archives and layers on the page: of any size, in workers of their own, with
// progress, and stopped at once.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { check, enginePage, inCI, launch, most, open, openEngine, report, serve } from './harness.mjs';
import { header, padding } from './tar.mjs';

/** Mebibytes of the large file: 3 GiB where everything must run. */
const LARGE = inCI ? 3072 : 512;

let browser;
let site;
before(async () => {
  browser = await launch(['--js-flags=--max-old-space-size=512']);
  site = await serve(undefined, enginePage);
});
after(async () => { await browser.close(); await site.close(); });

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

const tar = (members) => Buffer.concat([...members.flatMap(([name, bytes]) => [header(name, bytes.length), bytes, padding(bytes.length)]), Buffer.alloc(1024)]);

/** `docker save` of one layer, but for the layer's bytes: what stands around them. */
function saved(diffId, size) {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [`sha256:${diffId}`] } }));
  const name = `${sha256(config)}.json`;
  const list = Buffer.from(JSON.stringify([{ Config: name, RepoTags: ['example/app:1.0'], Layers: ['l/layer.tar'] }]));
  return { before: header('l/layer.tar', size), after: Buffer.concat([padding(size), tar([[name, config], ['manifest.json', list]])]) };
}
const whole = (diffId, layer) => { const { before: b, after: a } = saved(diffId, layer.length); return Buffer.concat([b, layer, a]); };

const codes = (report) => report.links.map((link) => link.code).filter((code) => code.includes('layer'));

test('the engine reads an archive as the command line does', async () => {
  const page = await openEngine(browser, site.url);
  const layer = Buffer.alloc(6 << 20, 'layer');
  const good = whole(sha256(layer), layer);
  const of = (name, bytes) => check(page, [{ name, bytes }], { key: undefined });
  const rows = [
    ['a tar', good, ['layer-unpacked'], 'not-checked'],
    ['gzip', gzipSync(good), ['layer-unpacked'], 'not-checked'],
    ['a gzip layer in it', whole(sha256(layer), gzipSync(layer)), ['layer-verified'], 'not-checked'],
    ['another layer', whole(sha256('other'), layer), ['archive-layer-differs'], 'contradicted'],
    ['cut off', good.subarray(0, 5 << 20), [], 'not-checked'],
  ];
  for (const [name, bytes, expected, outcome] of rows) {
    const report = await of(`${name}.tar`, bytes);
    assert.deepEqual([codes(report), report.outcome], [expected, outcome], `${name}: ${report.headline}`);
  }
  // What a terminal printed is read in an archive too; what is too long is named.
  const log = (text) => of('logs.tar', tar([['build/1_pull.txt', Buffer.from(text)]]));
  const pulled = await log(`1.0: Pulling from library/redis\nDigest: sha256:${'a1'.repeat(32)}\nStatus: Downloaded newer image for redis:7\n`);
  assert.deepEqual(pulled.items.map((item) => item.kind), ['docker-pull', 'blob']);
  const notes = (report) => report.items.flatMap((item) => item.notes.map((note) => note.code));
  assert.ok(notes(await log('waiting ...\n'.repeat(400_000))).includes('limit-exceeded'));
  const large = (name, byte) => page.evaluate(async ([name, byte]) => {
    const blob = new Blob([new Uint8Array((32 << 20) + 1).fill(byte)]);
    const report = await globalThis.engine.check([{ name, origin: 'file', blob }], {});
    return report.items.flatMap((item) => item.notes.map((note) => note.code));
  }, [name, byte]);
  // A text too long to be read, and what is no text.
  assert.deepEqual(await large('build.log', 120), ['limit-exceeded']);
  assert.deepEqual(await large('disk.img', 0), []);
  const cut = await of('cut.tar', good.subarray(0, 5 << 20));
  assert.deepEqual(cut.items.flatMap((item) => item.notes.map((note) => note.code)), ['archive-damaged']);
});

// Puts a file of `mebibytes` of `x` and what stands around it into the page's input.
const drop = (page, { before: b, after: a }, mebibytes) => page.evaluate(([start, end, n]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const chunk = new Blob([new Uint8Array(1 << 20).fill(120)]);
  const file = new File([bytes(start), ...Array(n).fill(chunk), bytes(end)], 'image.tar');
  const list = new DataTransfer();
  list.items.add(file);
  const input = document.querySelector('webdis-verify').shadowRoot.querySelector('input[type=file][multiple]');
  input.files = list.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}, [b.toString('base64'), a.toString('base64'), mebibytes]);


test(`a file of ${LARGE} MiB is read in little memory, and the page answers meanwhile`, { timeout: 600_000 }, async () => {
  // Its own browser: what others held does not count.
  const own = await launch(['--js-flags=--max-old-space-size=512']);
  const page = await open(own, site.url);
  await page.waitForFunction(() => document.querySelector('webdis-verify')?.shadowRoot?.querySelector('input[type=file]'));
  const chunk = Buffer.alloc(1 << 20, 'x');
  const hash = createHash('sha256');
  for (let n = 0; n < LARGE; n += 1) hash.update(chunk);
  const around = saved(hash.digest('hex'), LARGE * 2 ** 20);
  const small = await most(own);
  await drop(page, around, LARGE);
  const bar = page.locator('webdis-verify .fetching progress');
  await bar.waitFor();
  let longest = 0;
  while (await bar.count()) {
    const begun = performance.now();
    await page.evaluate(() => 1);
    longest = Math.max(longest, performance.now() - begun);
    await new Promise((done) => setTimeout(done, 100));
  }
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.links.some((l) => l.code.startsWith('layer-')), null, { timeout: 60_000 });
  assert.deepEqual(codes(await report(page)), ['layer-unpacked']);
  const added = (await most(own)) - small;
  console.log(`  ${LARGE} MiB: ${Math.round(added / 2 ** 20)} MiB of memory more, longest pause ${Math.round(longest)} ms`);
  assert.ok(added < 256 * 2 ** 20, `${added} bytes more`);
  assert.deepEqual(page.errors, []);
  await own.close();
});

test('reading is stopped at once, and the file is taken away', async () => {
  const page = await open(browser, site.url);
  await page.waitForFunction(() => document.querySelector('webdis-verify')?.shadowRoot?.querySelector('input[type=file]'));
  await drop(page, saved('0'.repeat(64), 4096 * 2 ** 20), 4096);
  const stop = page.locator('webdis-verify .fetching #stop');
  await stop.waitFor();
  await stop.click();
  await page.locator('webdis-verify .fetching').waitFor({ state: 'detached' });
  await page.locator('webdis-verify .given .row-item').waitFor({ state: 'detached' });
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
