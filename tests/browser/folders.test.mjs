// A folder with an image in it, dropped or chosen: it is one image for every
// program that loads it, or it is refused, as on the command line
// (tests/command/folders.rs). A browser does not show which names are links.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { begun, check, dist, enginePage, open, openEngine, report, screenshot, settled } from './harness.mjs';
import { header, padding } from './tar.mjs';

const { server, browser } = await begun(dist, enginePage);

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const json = (value) => Buffer.from(JSON.stringify(value));
const layer = Buffer.alloc(2048, 'layer');
const packed = gzipSync(layer);
const config = json({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] } });
const described = (kind, bytes) => ({ mediaType: `application/vnd.oci.image.${kind}`, digest: `sha256:${sha256(bytes)}`, size: bytes.length });
const manifest = json({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: described('config.v1+json', config), layers: [described('layer.v1.tar+gzip', packed)] });
const index = json({ schemaVersion: 2, manifests: [described('manifest.v1+json', manifest)] });

/** An OCI layout, by paths. */
const LAYOUT = {
  'oci-layout': json({ imageLayoutVersion: '1.0.0' }),
  'index.json': index,
  ...Object.fromEntries([manifest, config, packed].map((bytes) => [`blobs/sha256/${sha256(bytes)}`, bytes])),
};
const [blob] = Object.keys(LAYOUT).filter((path) => path.startsWith('blobs/'));
const files = (members) => Object.entries(members).map(([path, bytes]) => ({ name: `image/${path}`, bytes }));
const codes = ({ items }) => items.flatMap(({ notes }) => notes.map(({ code }) => code)).filter((code) => code.startsWith('archive-'));

const FOLDERS = {
  'an OCI layout': [LAYOUT, []],
  'a list in another case': [{ ...LAYOUT, 'INDEX.json': index }, ['archive-duplicate']],
  'only a list in another case': [(({ 'index.json': list, ...rest }) => ({ ...rest, 'Index.json': list }))(LAYOUT), ['archive-ambiguous']],
  'a blob in another case': [{ ...LAYOUT, [blob.toUpperCase()]: LAYOUT[blob] }, ['archive-duplicate']],
  'no marker beside blobs': [(({ 'oci-layout': _, ...rest }) => rest)(LAYOUT), ['archive-ambiguous']],
  'documents, whatever they are called': [{ 'manifest.json': manifest, 'Manifest.json': manifest, 'index.json': index }, []],
};

test('programs read the same in a folder with an image, or it is refused whole', async () => {
  const page = await openEngine(browser, server.url);
  for (const [what, [members, expected]] of Object.entries(FOLDERS)) {
    const answer = await check(page, files(members));
    assert.deepEqual([...new Set(codes(answer))], expected, what);
    const kinds = answer.items.map(({ kind }) => kind);
    assert.equal(kinds.includes('manifest'), !expected.length, `${what}: ${kinds}`);
    assert.equal(answer.outcome, 'not-checked', what);
  }
  // Loose files are no folder, and two folders are not one.
  for (const list of [files(LAYOUT).map(({ name, bytes }) => ({ name: name.replace('image/', ''), bytes })), [...files(LAYOUT), { name: 'other/INDEX.json', bytes: index }]]) assert.deepEqual(codes(await check(page, list)), []);
});

test('a layer that is not read here is no alarm, and another one is', async () => {
  const page = await openEngine(browser, server.url);
  const tar = (text) => Buffer.concat([header('usr/file', text.length), Buffer.from(text), padding(text.length), Buffer.alloc(1024)]);
  const own = json({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(tar('own'))}`] } });
  const name = `${sha256(own)}.json`;
  const saved = (bytes) => files({
    'manifest.json': json([{ Config: name, RepoTags: ['registry.example/app:1.0'], Layers: ['l/layer.tar'] }]),
    [name]: own,
    'l/layer.tar': bytes,
  });
  for (const [bytes, expected] of [
    [Buffer.concat([Buffer.from('fd377a585a000004', 'hex'), layer]), 'archive-layer-unread'],
    [Buffer.concat([Buffer.from('BZh91AY&SY'), layer]), 'archive-layer-unread'],
    // What is refused as an archive has no bytes to compare.
    [gzipSync(Buffer.alloc(2048, 'no tar')), 'archive-layer-unknown'],
    [gzipSync(tar('evil')), 'archive-layer-differs'],
    [tar('evil'), 'archive-layer-differs'],
    [gzipSync(tar('own'))],
    [tar('own')],
  ]) {
    const { links } = await check(page, saved(bytes));
    assert.deepEqual(links.map(({ code }) => code).filter((code) => code.startsWith('archive-layer')), [expected].filter(Boolean));
  }
});

test('a folder on the page is refused, and read once the other file is taken away', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelector('input[webkitdirectory]'));
  const choose = (members) => page.locator('input[webkitdirectory]').evaluate((input, list) => {
    const data = new DataTransfer();
    for (const [path, base64] of list) {
      const file = new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], path.split('/').pop());
      Object.defineProperty(file, 'webkitRelativePath', { value: path });
      data.items.add(file);
    }
    // What the browser would hand over.
    Object.defineProperty(input, 'files', { configurable: true, value: list.map(([path], i) => Object.defineProperty(data.files[i], 'webkitRelativePath', { value: path })) });
    input.dispatchEvent(new Event('change', { bubbles: true }));
    delete input.files;
  }, files(members).map(({ name, bytes }) => [name, bytes.toString('base64')]));
  await choose({ ...LAYOUT, 'INDEX.json': index });
  await page.locator('.given .row-item').nth(5).waitFor();
  await settled(page);
  assert.deepEqual(codes(await report(page)), ['archive-duplicate'], 'said once');
  await screenshot(page, 'folder-refused-1280-light');
  await page.getByRole('button', { name: 'Remove image/INDEX.json', exact: true }).click();
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.some(({ kind }) => kind === 'manifest'));
  assert.deepEqual(codes(await report(page)), []);
  // The same folder once more is a folder of its own.
  await choose(LAYOUT);
  await page.locator('.given .row-item').nth(9).waitFor();
  await settled(page);
  assert.deepEqual(codes(await report(page)), []);
  assert.deepEqual(page.errors, []);
});
