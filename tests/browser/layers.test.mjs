// The layers of a fetched image on the page: fetched by way of the real
// `serve`, hashed as they come, held to manifest and config; with progress, and
// stopped at once.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launch, open, report } from './harness.mjs';
import { proxy, registry } from './registry.mjs';

let browser;
let origin;
let server;
before(async () => {
  browser = await launch();
  origin = await registry();
  server = await proxy([origin.host]);
});
after(async () => { await browser?.close(); await server?.close(); await origin?.close(); });

const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const media = 'application/vnd.oci.image';
const described = (type, bytes) => ({ mediaType: type, digest: sha256(bytes), size: bytes.length });

/** An image for two machines of one large and one small layer each, as a registry answers. */
function image() {
  const answers = new Map();
  const put = (path, bytes, type = 'application/octet-stream') => {
    answers.set(path, { status: 200, headers: { 'content-type': type, 'docker-content-digest': sha256(bytes) }, body: bytes });
  };
  const manifests = ['amd64', 'arm64'].map((architecture, at) => {
    // Larger than what a proxy may answer with a document.
    const layers = [Buffer.alloc(9 << 20, (n) => n), Buffer.from(`${architecture} layer`)].map((bytes, n) => {
      bytes.write(`${architecture} ${n}`);
      return bytes;
    });
    for (let n = 0; n < layers[0].length; n += 64) layers[0].writeUInt32LE((n * 2654435761 + at) >>> 0, n);
    const packed = layers.map((bytes) => gzipSync(bytes, { level: 1 }));
    packed.forEach((bytes) => put(`/v2/team/layered/blobs/${sha256(bytes)}`, bytes));
    const config = Buffer.from(JSON.stringify({ architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: layers.map(sha256) } }));
    put(`/v2/team/layered/blobs/${sha256(config)}`, config);
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: `${media}.manifest.v1+json`, config: described(`${media}.config.v1+json`, config), layers: packed.map((bytes) => described(`${media}.layer.v1.tar+gzip`, bytes)) }));
    put(`/v2/team/layered/manifests/${sha256(manifest)}`, manifest, `${media}.manifest.v1+json`);
    return { ...described(`${media}.manifest.v1+json`, manifest), platform: { architecture, os: 'linux' }, packed };
  });
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: `${media}.index.v1+json`, manifests: manifests.map(({ packed, ...rest }) => rest) }));
  for (const name of ['1.0', sha256(index)]) put(`/v2/team/layered/manifests/${name}`, index, `${media}.index.v1+json`);
  return { answers, large: manifests.map(({ packed }) => packed[0]) };
}
const { answers, large } = image();
const usual = (path, answer) => answers.get(path) ?? answer;
beforeEach(() => { origin.twist = usual; });

const layerCodes = (found) => found.links.filter(({ id }) => id.startsWith('layer-')).map(({ code }) => code);
const idle = (page) => page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false', null, { timeout: 90_000 });

async function fetched() {
  const page = await open(browser, `${server.url}/`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelector('#image'));
  await page.locator('#image').fill(`${origin.host}/team/layered:1.0`);
  await page.locator('#image').press('Enter');
  await page.locator('.layers button').waitFor({ timeout: 90_000 });
  await idle(page);
  return page;
}

test('a switch fetches and hashes the layers of a platform too', async () => {
  const page = await fetched();
  assert.deepEqual(layerCodes(await report(page)), []);
  assert.deepEqual(await page.locator('.layers option').allInnerTexts(), ['linux/amd64', 'linux/arm64']);
  const before = origin.asked.length;
  await page.locator('.layers button').click();
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.links.some(({ id }) => id.startsWith('layer-')), null, { timeout: 90_000 });
  await idle(page);
  assert.deepEqual(layerCodes(await report(page)), ['layer-verified', 'layer-verified']);
  const blobs = origin.asked.slice(before).filter((line) => /^GET .*\/blobs\//.test(line));
  assert.equal(blobs.length, 2, blobs.join('\n'));
  // Fetching again forgets them.
  await page.locator('.fetched button.quiet').first().click();
  await page.locator('.layers button').waitFor({ timeout: 90_000 });
  await idle(page);
  assert.deepEqual(layerCodes(await report(page)), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a layer of other bytes is told, one that does not come is no alarm', async () => {
  const wrong = Buffer.from(large[0]);
  wrong[wrong.length - 3] ^= 1;
  const blob = `/v2/team/layered/blobs/${sha256(large[0])}`;
  for (const [what, body, status, code] of [
    ['other bytes', wrong, 200, 'archive-blob-differs'],
    ['a longer one', Buffer.concat([large[0], Buffer.from('x')]), 200, 'archive-blob-differs'],
    ['none', Buffer.from('{}'), 404, undefined],
  ]) {
    origin.twist = (path, answer) => (path === blob ? { ...usual(path, answer), status, body } : usual(path, answer));
    const page = await fetched();
    await page.locator('.layers button').click();
    await page.waitForFunction(() => document.querySelector('webdis-verify').report?.links.some(({ id }) => id.startsWith('layer-')), null, { timeout: 90_000 });
    await idle(page);
    const found = await report(page);
    if (code) assert.deepEqual([found.code, found.outcome], [code, 'contradicted'], `${what}: ${found.headline}`);
    else {
      assert.notEqual(found.outcome, 'contradicted', `${what}: ${found.headline}`);
      assert.deepEqual(layerCodes(found), ['layer-absent', 'layer-verified']);
      assert.match(await page.locator('.layers').innerText(), /1 of 2 layers .*404/);
    }
    await page.context().close();
  }
});

test('fetching layers is stopped at once, and can begin again', async () => {
  let begun;
  const asked = new Promise((resolve) => { begun = resolve; });
  const blob = `/v2/team/layered/blobs/${sha256(large[0])}`;
  origin.twist = (path, answer) => {
    if (path !== blob) return usual(path, answer);
    begun();
    return new Promise(() => {});
  };
  const page = await fetched();
  await page.locator('.layers button').click();
  await asked;
  await page.locator('.layers progress').waitFor();
  await page.locator('.layers #stop').click();
  await page.locator('.layers select').waitFor();
  assert.deepEqual(layerCodes(await report(page)), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the engine offers the same to programs', async () => {
  const page = await open(browser, `${server.url}/`);
  const found = await page.evaluate(async (image) => {
    const { Session } = await import(new URL('www/engine.js', location.href).href);
    const session = new Session();
    await session.fetch({ image }, { proxy: '/' });
    const platforms = await session.layers({ image }, { proxy: '/' });
    const seen = [];
    const failed = await session.fetchLayers(platforms[1].layers, { onProgress: (now) => seen.push(now) });
    const report = await session.check({ image });
    const last = seen.at(-1);
    session.close();
    return { names: platforms.map(({ platform }) => platform), failed, last, codes: report.links.filter(({ id }) => id.startsWith('layer-')).map(({ code }) => code) };
  }, `${origin.host}/team/layered:1.0`);
  assert.deepEqual(found.names, ['linux/amd64', 'linux/arm64']);
  assert.deepEqual(found.codes, ['layer-verified', 'layer-verified']);
  assert.deepEqual([found.failed.length, found.last.done, found.last.parts], [0, found.last.total, 2]);
  await page.context().close();
});
