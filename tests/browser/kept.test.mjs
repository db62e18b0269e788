// A report saved from the page and given again: its evidence is verified anew,
// and what it says is not believed. What was checked is remembered only where
// that is switched on.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { accessible, begun, fits, open, paste, report, settled } from './harness.mjs';

const { server, browser } = await begun();

const demo = examples.find((x) => x.id === 'demo-bundle');

async function start(options) {
  const page = await open(browser, `${server.url}/index.html`, options);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await settled(page);
  return page;
}

async function shown(page, id) {
  await page.locator('#examples').selectOption(id);
  await page.waitForSelector('.verdict');
  await settled(page);
}

/** The file that Save report gives. */
async function saved(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.take button').first().click()]);
  return readFileSync(await download.path(), 'utf8');
}

/** The page with the demonstration's key and log, as its user chose them. */
async function withDemoPolicy(options) {
  const page = await start(options);
  await page.evaluate(([key, root]) => {
    const element = document.querySelector('webdis-verify');
    element.trustedRoot = root;
    element.setAttribute('key', key);
  }, [demo.options.key, demo.options.trustedRoot]);
  await settled(page);
  return page;
}

async function drop(page, text) {
  await page.locator('input[type=file][multiple]').first().setInputFiles({ name: 'webdis-verify-report.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.some(({ kind }) => kind === 'report'));
  await settled(page);
}

const notes = ({ items }) => items.flatMap((item) => item.notes.map(({ code }) => code));

test('a saved report is verified anew, dropped or pasted, in three languages', async () => {
  const first = await start();
  await shown(first, 'demo-bundle');
  const text = await saved(first);
  const kept = JSON.parse(text);
  assert.equal(kept.outcome, 'proven');
  assert.ok(kept.items.every(({ bytes }) => bytes), 'the evidence is in it');
  for (const locale of ['en', 'es', 'fr']) {
    const page = await withDemoPolicy({ locale });
    await drop(page, text);
    const again = await report(page);
    assert.deepEqual([again.outcome, again.subject.digest, notes(again)], ['proven', kept.subject.digest, ['report-read']]);
    const given = await page.locator('.given').innerText();
    assert.match(given, { en: /report of this verifier. What it says was not used/, es: /informe de este verificador. Lo que dice no se ha usado/, fr: /rapport de ce vérificateur. Ce qu’il dit n’a pas été utilisé/ }[locale]);
    await accessible(page, `a report, ${locale}`);
    await page.locator('.given .head .remove').click();
    await page.waitForFunction(() => document.querySelector('webdis-verify').report === null);
    await page.evaluate((root) => { document.querySelector('webdis-verify').trustedRoot = root; }, demo.options.trustedRoot);
    await paste(page, text);
    await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome === 'proven');
    await page.context().close();
  }
  // Policy is never taken from it: the same file without the key is no proof.
  const bare = await start();
  await drop(bare, text);
  const other = await report(bare);
  assert.notEqual(other.outcome, 'proven');
  assert.equal(other.publisher.keys.some(({ fingerprint }) => fingerprint === kept.publisher.keys[0].fingerprint), false);
});

test('a report without evidence says what it is, and what to add', async () => {
  for (const [locale, words] of [['en', /report of this verifier without all of its evidence[^]*Add the evidence/], ['es', /informe de este verificador sin todas sus pruebas[^]*Añade las pruebas/], ['fr', /rapport de ce vérificateur sans toutes ses preuves[^]*Ajoutez les preuves/]]) {
    const page = await start({ locale, width: 360 });
    await shown(page, 'demo-bundle');
    const text = JSON.stringify(await report(page));
    await page.locator('.given .remove').first().click();
    await drop(page, text);
    const { outcome, code } = await report(page);
    assert.deepEqual([outcome, code], ['not-checked', 'report-bare']);
    assert.match(await page.locator('.verdict').innerText(), words);
    assert.equal(await page.locator('.headline .glyph.proven').count(), 0);
    await fits(page, `a bare report, ${locale}`);
    await page.context().close();
  }
});

test('a hostile report is not believed, and nothing in it becomes an element', async () => {
  const first = await start();
  await shown(first, 'demo-bundle');
  const kept = JSON.parse(await saved(first));
  const other = examples.find((x) => x.id === 'refused-changed-index').inputs;
  const base64 = (text) => Buffer.from(text).toString('base64');
  const mark = '<img src=x onerror=globalThis.owned=1>';
  const index = kept.items.findIndex(({ kind }) => kind === 'index');
  const rows = {
    'another index': (r) => { r.items[index].bytes = base64(other.find(({ text }) => text.includes('manifests')).text); },
    'no signature': (r) => { r.items = r.items.filter(({ kind }) => !/bundle|payload|signature/.test(kind)); },
    'words alone': (r) => { r.items = []; r.headline = mark; r.subject.reference = mark; },
    'names that are markup': (r) => { for (const item of r.items) { item.name = mark; delete item.bytes; } },
    'its own key and log': (r) => { r.items.push({ ...r.items[0], kind: 'public-key', bytes: base64(examples.find((x) => x.id === 'refused-other-key').options.key) }); r.items = r.items.filter(({ kind }) => !/bundle/.test(kind)); },
  };
  for (const [what, change] of Object.entries(rows)) {
    const page = await withDemoPolicy();
    const hostile = structuredClone(kept);
    change(hostile);
    await drop(page, JSON.stringify(hostile));
    // What is signed stays signed; nothing else becomes it.
    const { outcome, subject } = await report(page);
    if (what === 'another index') assert.ok(outcome !== 'proven' || subject.digest === kept.subject.digest, what);
    else assert.notEqual(outcome, 'proven', what);
    assert.equal(await page.evaluate(() => globalThis.owned), undefined, what);
    assert.equal(await page.locator('.given img, .answer img').count(), 0, what);
    assert.deepEqual(page.errors, [], what);
    await page.context().close();
  }
});

test('nothing is remembered until it is switched on; then image, digest, outcome and time; it can be cleared', async () => {
  const page = await start();
  const stored = () => page.evaluate(() => ({ ...localStorage }));
  const list = examples.find((x) => x.id === 'webdis-0.1.19-list').inputs.find((i) => i.name === 'docker manifest inspect').text;
  const pull = (n) => `1.${n}: Pulling from example/app\nDigest: sha256:${String(n).padStart(64, 'a')}\nStatus: Downloaded newer image for example/app:1.${n}\ndocker.io/example/app:1.${n}\n`;
  await paste(page, pull(1));
  assert.deepEqual(await stored(), {}, 'off by default');
  const open_ = page.locator('footer details', { hasText: 'History on this device' });
  await open_.locator('summary').click();
  await page.locator('#history').check();
  assert.match(await open_.innerText(), /Nothing yet/);
  await page.locator('.row-item .remove').first().click();
  await paste(page, pull(2));
  // The list that is open follows.
  await page.locator('footer .rows li', { hasText: 'example/app:1.2' }).waitFor();
  await page.locator('.given .remove').first().click();
  await paste(page, list);
  await page.waitForFunction(() => JSON.parse(localStorage.getItem('webdis-verify.history') ?? '[]').length === 2);
  const kept = await stored();
  assert.deepEqual(Object.keys(kept), ['webdis-verify.history']);
  for (const entry of JSON.parse(kept['webdis-verify.history'])) assert.deepEqual(Object.keys(entry), ['time', 'outcome', 'image', 'digest']);
  // After loading the page again it is there, as words: nothing was checked again.
  await page.reload();
  await settled(page);
  await open_.locator('summary').click();
  await page.waitForSelector('footer .rows li');
  assert.equal(await page.locator('footer .rows li').count(), 2);
  assert.match(await open_.innerText(), /not checked again/);
  assert.equal(await page.locator('footer .glyph').count(), 0);
  await accessible(page, 'history');
  await fits(page, 'history');
  await page.getByRole('button', { name: 'Clear the history' }).click();
  assert.equal(await page.locator('footer .rows li').count(), 0);
  assert.deepEqual(JSON.parse((await stored())['webdis-verify.history']), []);
  // Another page of the host may write what it likes.
  await page.evaluate(() => localStorage.setItem('webdis-verify.history', JSON.stringify([{ time: '<b>', outcome: 'proven' }, null, 7, { time: '2026-01-01T00:00:00Z', outcome: 'proven', image: '<img src=x>', digest: null }])));
  await open_.locator('summary').click();
  await open_.locator('summary').click();
  await page.waitForSelector('footer .rows li');
  assert.equal(await page.locator('footer .rows li').count(), 1);
  assert.equal(await page.locator('footer img').count(), 0);
  await page.locator('#history').uncheck();
  assert.deepEqual(await stored(), {}, 'switched off, nothing is left');
  assert.deepEqual(page.errors, []);
});
