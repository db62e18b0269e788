// Every step explained: computed again by the browser, by other people's
// programs, and broken by one byte.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { again, numbers } from '../../www/view/again.js';
import { spot } from '../../www/view/spot.js';
import { accessible, begun, fits, open, report, screenshot, silent, without } from './harness.mjs';

const proven = examples.filter(({ expect }) => expect.outcome === 'proven');

const { server, browser } = await begun();

const idle = async (page) => {
  await page.waitForSelector('.verdict');
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false');
};

/** The page with an example on show. */
async function shown(id, options = {}) {
  const page = await open(browser, `${server.url}/index.html`, { reduced: true, ...options });
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.locator('#examples').selectOption(id);
  await idle(page);
  await page.waitForSelector('select.spoil');
  return page;
}

/** Opens every link there is, folded ones too. */
async function openAll(page) {
  await page.evaluate(() => {
    const root = document.querySelector('webdis-verify').shadowRoot;
    for (const details of root.querySelectorAll('.chain details')) details.open = true;
    for (let some = true; some;) {
      const closed = [...root.querySelectorAll('[data-link]')].filter((b) => b.getClientRects().length && !b.link.opened());
      for (const line of closed) line.link.set(true);
      some = closed.length > 0;
    }
  });
  await page.waitForFunction(() => [...document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.drawer:not([hidden])')].every((d) => d.querySelector('.code')));
  await page.waitForTimeout(300);
}

for (const { id } of proven) {
  test(`${id}: the browser computes every step again, and agrees`, async () => {
    const page = await shown(id);
    await silent(page, () => openAll(page));
    const steps = await page.evaluate(() => [...document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.again > ul > li')].map((li) => [li.querySelector('.glyph').classList[1], li.innerText]));
    assert.ok(steps.length >= 3, `${steps.length} steps`);
    assert.deepEqual(steps.filter(([outcome]) => outcome !== 'proven'), []);
    const { links } = await report(page);
    const signed = links.filter((l) => l.evidence?.facts.some(([name]) => name === 'signature')).length;
    assert.equal(steps.filter(([, text]) => /^ECDSA over these bytes/.test(text)).length, signed, 'every signature');
    assert.equal(await page.locator('.ladder').count(), links.filter((l) => l.evidence?.facts.some(([name, value]) => name === 'path' && value)).length, 'every path');
    assert.deepEqual(page.errors, []);
  });
}

const flip = (base64, at) => { const bytes = Buffer.from(base64, 'base64'); bytes[at ?? bytes.length >> 1] ^= 1; return bytes.toString('base64'); };
const otherHex = (digits) => digits.replace(/.$/, (c) => (c === '0' ? '1' : '0'));
const outcomes = async (link, whole, bytes) => (await again(link, bytes, whole, async () => null)).map(({ word, ok }) => [word, ok]);

for (const id of ['demo-bundle', 'demo-legacy']) {
  test(`${id}: whatever is changed in a link, the browser disagrees`, async () => {
    const whole = await report(await shown(id));
    for (const link of whole.links.filter((l) => l.evidence?.bytes)) {
      const bytes = new Uint8Array(Buffer.from(link.evidence.bytes, 'base64'));
      const good = await outcomes(link, whole, bytes);
      assert.ok(good.length && good.every(([, ok]) => ok === true), `${link.id}: ${JSON.stringify(good)}`);
      const changed = bytes.slice();
      changed[changed.length >> 1] ^= 1;
      assert.ok((await outcomes(link, whole, changed)).some(([, ok]) => ok === false), `${link.id}: its bytes`);
      // Names and times that no signature covers are not among them.
      const covered = { signature: flip, logKey: flip, checkpointSignature: flip, entrySignature: flip, path: otherHex, rootHash: otherHex, treeSize: (n) => String(Number(n) + 1), checkpoint: (text) => text.replace(/\n\d/, '\n9'), integratedTime: (time) => time.replace(/\dZ$/, (c) => (c === '0Z' ? '1Z' : '0Z')) };
      for (const [name, change] of Object.entries(covered)) {
        if (!link.evidence.facts.some(([n]) => n === name)) continue;
        const altered = structuredClone(link);
        altered.evidence.facts = altered.evidence.facts.map(([n, value]) => [n, n === name ? change(value) : value]);
        assert.ok((await outcomes(altered, whole, bytes)).some(([, ok]) => ok !== true), `${link.id}: ${name}`);
      }
    }
  });
}

test('a signature that is none has no numbers', () => {
  assert.equal(numbers(new Uint8Array([0x30, 6, 2, 1, 1, 2, 1, 1])).length, 2);
  for (const bytes of [[], [0x30], [0x30, 3, 2, 1, 1], [0x30, 6, 2, 1, 1, 2, 9, 1], [0x30, 7, 2, 1, 1, 2, 1, 1, 0], [0x31, 6, 2, 1, 1, 2, 1, 1]]) assert.equal(numbers(new Uint8Array(bytes)), null, String(bytes));
});

test('the commands, run on what the page saves, print what it says', { skip: without('openssl', 'perl') }, async () => {
  for (const id of ['demo-bundle', 'demo-legacy', 'webdis-0.1.19-list']) {
    const page = await shown(id);
    await openAll(page);
    const folder = mkdtempSync(join(tmpdir(), 'webdis-verify-'));
    try {
      const save = page.locator('.bytes button:has-text("Save")');
      for (let i = 0; i < await save.count(); i += 1) {
        const [file] = await Promise.all([page.waitForEvent('download'), save.nth(i).click()]);
        await file.saveAs(join(folder, file.suggestedFilename()));
      }
      const commands = await page.evaluate(() => [...document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.drawer .command')].map((c) => ({
        line: c.querySelector('pre').textContent, prints: [...(c.querySelector('.prints code')?.childNodes ?? [])].filter((n) => !n.classList?.contains('vh')).map((n) => n.textContent).join('') })));
      // cosign asks a registry: tests/interop runs it.
      const here = commands.filter(({ line }) => !line.startsWith('cosign '));
      assert.ok(here.length >= (id === 'webdis-0.1.19-list' ? 1 : 5), `${id}: ${here.length}`);
      for (const { line, prints } of here) {
        const printed = execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' }).trim();
        assert.equal(printed, prints.trim(), line);
      }
      // The twin: one byte of every saved file changed, and none agrees.
      if (id !== 'demo-bundle') continue;
      for (const { line, prints } of here.filter(({ line: l }) => !l.startsWith('grep'))) {
        const name = line.match(/[\w-]+\.(?:json|bin|pub)\b(?!.*\.(?:json|bin|pub)\b)/s)[0];
        const saved = readFileSync(join(folder, name));
        const bytes = Buffer.from(saved);
        bytes[bytes.length >> 1] ^= 1;
        writeFileSync(join(folder, name), bytes);
        let printed = 'failed';
        try { printed = execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(); } catch {}
        assert.notEqual(printed, prints.trim(), line);
        writeFileSync(join(folder, name), saved);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});

test('one byte of any input can be changed, what broke is said, and it comes back', async () => {
  for (const { id, inputs } of proven.filter((x) => /^(demo-bundle|demo-two-registries|webdis-0.1.19-list)$/.test(x.id))) {
    const page = await shown(id);
    const good = await report(page);
    for (const { name } of inputs) {
      await silent(page, () => page.locator('select.spoil').selectOption(name));
      await page.waitForSelector('.one-byte #restore');
      const bad = await report(page);
      const lost = good.links.filter((l) => !bad.links.some((n) => n.code === l.code && n.outcome === l.outcome && n.args.digest === l.args.digest && n.args.platform === l.args.platform));
      if (lost.length) assert.equal(await page.locator('.one-byte li').count(), Math.min(3, lost.length), `${id}, ${name}`);
      else assert.match(await page.locator('.one-byte').innerText(), /No link of the chain rests on this byte/, `${id}, ${name}`);
      const stands = lost.length > 0 && bad.outcome === 'proven';
      assert.equal(await page.locator('.one-byte', { hasText: 'The verdict stands without them' }).count(), stands ? 1 : 0, `${id}, ${name}: ${bad.outcome}`);
      assert.ok(await page.locator('.take').first().isHidden(), 'nothing spoilt is taken along');
      await page.locator('#restore').click();
      await page.waitForSelector('.one-byte', { state: 'detached' });
      await page.waitForSelector('select.spoil');
      // The list of what was given may stand in another order.
      const plain = ({ links, headline, caveats, needs }) => ({ links, headline, caveats, needs });
      assert.deepEqual(plain(await report(page)), plain(good), `${id}, ${name}: restored`);
    }
    assert.deepEqual(page.errors, []);
  }
});

test('signature, payload and image each break a proof of their own', async () => {
  const page = await shown('demo-bundle');
  await page.locator('select.spoil').selectOption('bundle.json');
  await page.waitForSelector('.one-byte #restore');
  assert.equal((await report(page)).outcome, 'contradicted');
  // The keyboard goes on where the button was.
  const focused = (id) => page.waitForFunction((at) => document.querySelector('webdis-verify').shadowRoot.activeElement?.id === at, id);
  await focused('restore');
  await page.locator('#restore').press('Enter');
  await page.waitForSelector('select.spoil');
  await focused('verdict');
  await page.locator('select.spoil').selectOption('crane digest');
  await page.waitForSelector('.one-byte #restore');
  assert.notEqual((await report(page)).outcome, 'proven');
  // What is given anew ends it.
  await page.locator('#examples').selectOption('demo-bundle');
  await page.waitForSelector('.one-byte', { state: 'detached' });
  // Its inputs arrive one after the other.
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome === 'proven');
});

test('what is changed is one byte, and the text stays what it is', () => {
  for (const { inputs } of proven) {
    for (const { text } of inputs) {
      const bytes = new TextEncoder().encode(text);
      const { at, from, to } = spot(bytes);
      assert.equal(String.fromCharCode(bytes[at]), from);
      assert.ok(from !== to && to.length === 1, `${from} ${to}`);
      if (!text.startsWith('{')) continue;
      bytes[at] = to.charCodeAt(0);
      JSON.parse(new TextDecoder().decode(bytes).trim().split('\n')[0].startsWith('{') && !text.includes('\n{') ? new TextDecoder().decode(bytes) : '{}');
    }
  }
  for (const odd of [[], [0], [255, 254], [10, 10, 10]]) { const bytes = new Uint8Array(odd); if (odd.length) assert.ok(spot(bytes).at < odd.length); }
});

for (const dark of [false, true]) {
  test(`an opened step and a changed byte are accessible, ${dark ? 'dark' : 'light'}`, async () => {
    for (const width of [1280, 320]) {
      const page = await shown('demo-bundle', { width, dark });
      await openAll(page);
      await page.evaluate(() => { for (const d of document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.drawer details')) d.open = true; });
      await accessible(page, `steps, ${width}`);
      await fits(page, `steps, ${width}`);
      await screenshot(page, `steps-${width}-${dark ? 'dark' : 'light'}`);
      await page.locator('select.spoil').selectOption('bundle.json');
      await page.waitForSelector('.one-byte #restore');
      await accessible(page, `spoilt, ${width}`);
      await fits(page, `spoilt, ${width}`);
      await screenshot(page, `spoilt-${width}-${dark ? 'dark' : 'light'}`);
    }
  });
}
