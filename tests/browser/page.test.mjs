// The page as people use it: pasting, dropping, reading, by mouse and keyboard.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { accessible, begun, fits, open, paste, report, root, screenshot, settled, silent } from './harness.mjs';

const { server, browser } = await begun();

const example = (id) => examples.find((x) => x.id === id);
const LIST = example('webdis-0.1.19-list').inputs.find((i) => i.name === 'docker manifest inspect').text;
const LIST_DIGEST = 'sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667';

/** The page, ready to be used. */
async function start(options = {}, hash = '') {
  const page = await open(browser, `${server.url}/index.html${hash}`, options);
  await page.waitForSelector('#examples option:nth-child(1)', { state: 'attached' });
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('#examples option').length > 5);
  await settled(page);
  return page;
}

/** Drops files on the page. */
async function drop(page, files) {
  await page.evaluate((list) => {
    const data = new DataTransfer();
    for (const [name, text] of list) data.items.add(new File([text], name));
    document.querySelector('webdis-verify').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files);
  await page.waitForFunction((n) => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.row-item').length >= n, files.length);
  await settled(page);
}

const choose = async (page, id) => {
  await page.locator('#examples').selectOption(id);
  await page.waitForSelector('.verdict');
  await settled(page);
};

test('a paste is a verdict, without a request', async () => {
  const page = await start();
  await silent(page, () => paste(page, LIST));
  const { items, outcome, code } = await report(page);
  assert.deepEqual([outcome, code], ['proven', 'published-as'], 'the author documented this digest');
  const list = items.find((i) => i.kind === 'index');
  assert.equal(list.digest, LIST_DIGEST);
  assert.equal(await page.locator('.headline .glyph.proven').count(), 1);
  assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.activeElement.id), 'sheet', 'the focus stays in the sheet');
  assert.deepEqual(page.errors, []);
});

test('what is the verdict is not said again of the text it comes from', async () => {
  const page = await start();
  await paste(page, 'Error response from daemon: toomanyrequests: You have reached your pull rate limit.\n');
  assert.match(await page.locator('.says').innerText(), /refuses further requests/);
  await page.locator('.given .item').waitFor();
  assert.equal(await page.locator('.given .remarks').count(), 0);
  // What the verdict does not say stays.
  await paste(page, 'hello');
  await page.locator('.given .remarks').waitFor();
  assert.match(await page.locator('.given .remarks').innerText(), /not recognised/);
});

test('every example ends as it says', async () => {
  const page = await start();
  for (const { id, expect } of examples) {
    await silent(page, () => choose(page, id));
    assert.equal((await report(page)).outcome, expect.outcome, id);
    assert.equal(await page.locator(`.verdict.${expect.outcome}`).count(), 1, id);
  }
  assert.deepEqual(page.errors, []);
});

test('proven names the key and says what is not shown', async () => {
  const page = await start();
  await choose(page, 'demo-bundle');
  const { subject, publisher } = await report(page);
  assert.equal(publisher.source, 'option');
  const text = await page.locator('.answer').innerText();
  for (const word of ['Proven', 'What this shows, and what it does not']) assert.ok(text.includes(word), word);
  await page.locator('.bounds > summary').click();
  for (const word of ['Shows', 'Does not show', 'malware']) assert.ok((await page.locator('.bounds').innerText()).includes(word), word);
  await page.locator('.about > summary').click();
  assert.ok((await page.locator('.about').innerText()).includes('throwaway demo key'));
  assert.ok((await page.locator('.exact code').textContent()).endsWith(`@${subject.digest}`), 'the digest is whole');
  assert.ok((await page.locator('.policy .keys').textContent()).includes(publisher.keys[0].fingerprint), 'so is the fingerprint');
});

test('another key is another key, and is never proven', async () => {
  const page = await start();
  await choose(page, 'demo-bundle');
  await page.locator('.policy > summary').click();
  const key = page.locator('#key');
  await key.fill(readFileSync(join(root, 'webdis.pub'), 'utf8'));
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome === 'contradicted');
  assert.equal(await page.locator('.verdict.proven').count(), 0);
  await key.fill('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----');
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome !== 'contradicted');
  await settled(page);
  assert.equal(await page.locator('.verdict.proven').count(), 0, 'nothing is proven with a key that is none');
});

test('what is half typed or wrong is mended where it was chosen', async () => {
  const page = await start();
  await choose(page, 'demo-bundle');
  await page.locator('.policy > summary').click();
  const key = page.locator('#key');
  const whole = readFileSync(join(root, 'webdis.pub'), 'utf8');
  // Of a key that is typed nothing is used until its last line is there.
  await key.fill('');
  await settled(page);
  await key.pressSequentially(whole.slice(0, 40));
  await page.waitForTimeout(600);
  assert.equal(await page.locator('.alert').textContent(), '');
  assert.ok(await page.locator('.verdict').count(), 'the answer stays');
  // One that is wrong is told; its field stays, and has the keyboard.
  await key.fill(`${whole.slice(0, 60)}\n-----END PUBLIC KEY-----`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.alert').textContent);
  assert.equal(await page.locator('.verdict').count(), 0);
  assert.ok(await key.isVisible());
  assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.activeElement?.id), 'key');
  await key.fill(whole);
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome === 'contradicted');
  assert.equal(await page.locator('.alert').textContent(), '');
  assert.deepEqual(page.errors, []);
});

test('pastes and files add up; what is removed is gone', async () => {
  const page = await start();
  const [index, , bundle] = example('demo-bundle').inputs;
  await paste(page, LIST);
  await drop(page, [['index.json', index.text], ['index.json', bundle.text]]);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.row-item').length === 3);
  const names = await page.locator('.row-item .name').allInnerTexts();
  assert.deepEqual(names, ['Paste 1', 'index.json', 'index.json (2)']);
  await page.getByRole('button', { name: 'Remove index.json (2)' }).click();
  await settled(page);
  assert.ok(!(await report(page)).items.some((i) => i.kind === 'bundle'));
  await page.getByRole('button', { name: 'Start over' }).click();
  await settled(page);
  assert.equal(await page.locator('.row-item').count(), 0);
  assert.equal(await report(page), null, 'no answer outlives what it was given for');
  assert.equal(await page.locator('.verdict').count(), 0);
});

test('a file button does what dropping does', async () => {
  const page = await start();
  const [index] = example('demo-bundle').inputs;
  await page.locator('input[type=file]').first().setInputFiles({ name: 'index.json', mimeType: 'application/json', buffer: Buffer.from(index.text) });
  await page.waitForSelector('.row-item');
  await settled(page);
  assert.equal((await report(page)).items[0].kind, 'index');
});

test('typed text stays as it was typed', async () => {
  const page = await start();
  const typed = 'this is no evidence \u00a0 at all\n\n';
  await page.locator('#sheet').fill(typed);
  await page.waitForSelector('.verdict');
  await settled(page);
  assert.equal(await page.locator('#sheet').inputValue(), typed);
  const { outcome, items } = await report(page);
  assert.equal(outcome, 'not-checked');
  assert.equal(items[0].kind, 'text');
  assert.ok((await page.locator('.given').innerText()).includes('not recognised'));
  await paste(page, LIST);
  assert.equal(await page.locator('#sheet').inputValue(), typed, 'a paste does not touch it');
});

test('everything by keyboard', async () => {
  const page = await start({ reduced: true });
  await choose(page, 'demo-platforms');
  await page.locator('#sheet').focus();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.activeElement.textContent), 'Check', 'Tab leaves the field');
  const focused = () => page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.activeElement?.dataset.link ?? null);
  const links = page.locator('.along [data-link]');
  await links.first().focus();
  const first = await focused();
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await focused(), first);
  await page.keyboard.press('ArrowUp');
  assert.equal(await focused(), first);
  await page.keyboard.press('Enter');
  assert.equal(await links.first().getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('Escape');
  assert.equal(await links.first().getAttribute('aria-expanded'), 'false');
  assert.equal(await focused(), first, 'the focus stays on the link');
  await page.keyboard.press('ArrowRight');
  // What a drawer shows is loaded when it is opened; Tab enters what is there.
  await page.locator('.along .node').first().locator('.drawer > *').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  assert.equal(await links.first().getAttribute('aria-expanded'), 'false', 'Escape closes from inside too');
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  assert.equal(await page.locator('[data-link][aria-expanded=true]').count(), 1);
  await page.locator('#sheet').fill('again');
  await page.keyboard.press('Control+Enter');
  await settled(page);
  assert.ok((await report(page)).items.some((i) => i.kind === 'text'));
});

test('each verdict is announced, an equal one again, failures apart', async () => {
  const page = await start();
  const said = await page.evaluate(() => {
    const status = document.querySelector('webdis-verify').shadowRoot.querySelector('[role=status]');
    globalThis.said = [];
    new MutationObserver(() => status.textContent && globalThis.said.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
    return status.textContent;
  });
  assert.equal(said, '', 'silent before anything was given');
  await paste(page, LIST);
  assert.equal((await page.evaluate(() => globalThis.said)).length, 1, 'once');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await settled(page);
  await page.waitForTimeout(300);
  const spoken = await page.evaluate(() => globalThis.said);
  assert.equal(spoken.length, 2, spoken.join(' / '));
  assert.equal(spoken[0], spoken[1], 'who asks again is answered again');
  assert.match(spoken[0], /^Proven\. The digest that the author published/);
  assert.doesNotMatch(spoken[0], /[0-9a-f]{32}/, 'nobody has to listen to a digest');
  assert.equal(await page.locator('[role=alert]').textContent(), '');
});

test('bytes, digests and repairs can be looked at', async () => {
  const page = await start();
  await paste(page, `$ docker pull nicolas/webdis:0.1.19\n0.1.19: Pulling from nicolas/webdis\nDigest: ${LIST_DIGEST}\nStatus: Image is up to date for nicolas/webdis:0.1.19\n`);
  await paste(page, LIST.replace(/^ +/gm, ''));
  const { links, items } = await report(page);
  const list = items.find((i) => i.digest === LIST_DIGEST);
  assert.ok(list?.repairs.length, 'the indentation was restored');
  const link = links.find((l) => l.evidence?.digest === LIST_DIGEST);
  // What stands beside the chain is folded.
  for (const summary of await page.locator('.many > summary').all()) await summary.click();
  await page.locator(`[data-link="${link.id}"]`).click();
  const drawer = page.locator('.drawer:not([hidden])');
  await drawer.locator('ins').first().waitFor();
  await drawer.getByRole('button', { name: 'Text', exact: true }).click();
  const shown = await drawer.locator('.dump').textContent();
  assert.equal(`sha256:${createHash('sha256').update(shown).digest('hex')}`, LIST_DIGEST, 'exactly the hashed bytes');
  await drawer.getByRole('button', { name: 'Hex' }).click();
  assert.match(await drawer.locator('.dump').textContent(), /^000000 {2}7b 0a 20 20 20 22/);
  const copied = await page.evaluate(() => {
    const code = document.querySelector('webdis-verify').shadowRoot.querySelector('.given .digest code');
    const range = document.createRange();
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return code.textContent;
  });
  assert.equal(copied, LIST_DIGEST, 'groups are made by the style sheet alone');
});

const HOSTILE = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>\u202egnp.exe\u001b[2J';

test('nothing in the evidence becomes markup', async () => {
  const page = await start();
  const hostile = JSON.stringify({
    critical: { identity: { 'docker-reference': HOSTILE }, image: { 'docker-manifest-digest': LIST_DIGEST }, type: 'cosign container image signature' },
    optional: { [HOSTILE]: HOSTILE },
  });
  await drop(page, [[`${HOSTILE.replaceAll('/', '')}.json`, hostile], ['index.json', LIST.slice(LIST.indexOf('{')).replace('"amd64"', JSON.stringify(HOSTILE))]]);
  await paste(page, `Verification for ${HOSTILE} --\n${hostile}`);
  await page.locator('#image').fill(HOSTILE);
  await settled(page);
  for (const button of await page.locator('[data-link]').all()) if (await button.isVisible()) await button.click();
  const found = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('webdis-verify');
    return {
      hit: globalThis.hit, elements: shadowRoot.querySelectorAll('img, script, iframe, object').length,
      hidden: /[\u202e\u001b]/.test(shadowRoot.querySelector('.frame').innerText),
    };
  });
  assert.deepEqual(found, { hit: undefined, elements: 0, hidden: false });
  assert.ok((await page.locator('.given').innerText()).includes('‹U+202E›'), 'what cannot be seen is spelled out');
  assert.deepEqual(page.errors, []);
});

test('a secret is not shown and not part of a link', async () => {
  const page = await start();
  const token = 'eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LXBheWxvYWQ.c2lnbmF0dXJl';
  await paste(page, LIST);
  await paste(page, `$ curl -H "Authorization: Bearer ${token}" https://registry-1.docker.io/v2/\n{"token":"${token}"}\n`);
  assert.ok(!JSON.stringify(await report(page)).includes(token));
  assert.ok(!(await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.frame').innerText)).includes(token));
  await page.getByRole('button', { name: 'Share a link' }).click();
  const link = await page.locator('.linked input').inputValue();
  const other = await start({}, new URL(link).hash);
  const { items } = await report(other);
  assert.ok(items.some((i) => i.digest === LIST_DIGEST), 'the evidence came with the link');
  assert.ok(!items.some((i) => i.kind === 'secret'));
  assert.ok((await other.locator('.given .about').innerText()).includes('came with the link'));
});

test('what was shared is put away again, and a proof names the other image beside it', async () => {
  const page = await start();
  await choose(page, 'demo-bundle');
  const share = page.getByRole('button', { name: 'Share a link' });
  const shown = page.locator('.linked input');
  await share.click();
  await shown.press('Escape');
  assert.equal(await shown.count(), 0);
  assert.equal(await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.activeElement?.textContent), 'Share a link');
  await share.press('Enter');
  await shown.waitFor();
  await share.click();
  assert.equal(await shown.count(), 0);
  assert.doesNotMatch(await page.locator('.caveats').innerText(), /another image/);
  const child = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'ab'.repeat(32)}`, size: 500, platform: { os: 'plan9', architecture: 'arm' } };
  await paste(page, JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [child] }));
  assert.equal((await report(page)).outcome, 'proven');
  assert.match(await page.locator('.caveats').innerText(), /another image/);
  assert.deepEqual(page.errors, []);
});

test('a link cannot choose the key', async () => {
  const page = await start();
  await choose(page, 'demo-bundle');
  await page.getByRole('button', { name: 'Share a link' }).click();
  const link = await page.locator('.linked input').inputValue();
  const other = await start({}, new URL(link).hash);
  const { outcome, publisher } = await report(other);
  assert.notEqual(outcome, 'proven');
  assert.ok(!publisher.keys.some((k) => k.name.includes('demo')));
});

test('100 MB of garbage and a deep array leave the page alive', async () => {
  const page = await start();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(100 * 1024 * 1024).fill(0x5b)], 'garbage.bin'));
    document.querySelector('webdis-verify').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    globalThis.ticks = 0;
    setInterval(() => { globalThis.ticks += 1; }, 20);
  });
  await page.waitForFunction(() => document.querySelector('webdis-verify').report, null, { timeout: 20000 });
  assert.equal((await report(page)).outcome, 'not-checked');
  assert.ok(await page.evaluate(() => globalThis.ticks) > 3, 'the page went on');
  await page.getByRole('button', { name: 'Start over' }).click();
  await paste(page, '['.repeat(10000));
  assert.equal((await report(page)).outcome, 'not-checked');
  await paste(page, LIST);
  assert.ok((await report(page)).items.some((i) => i.kind === 'index'), 'and still reads');
});

test('languages change every word that has one', async () => {
  const page = await start();
  await paste(page, LIST);
  await page.locator('#language').selectOption('fr');
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.word')?.textContent.startsWith('Prouvé'));
  assert.equal(await page.getAttribute('html', 'lang'), 'fr');
  const english = await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.querySelector('#verdict').getAttribute('lang'));
  assert.equal(english, null, 'the headline is translated');
  await page.locator('#language').selectOption('es');
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.word')?.textContent.startsWith('Probado'));
  const spanish = await start({ locale: 'es-AR' });
  await spanish.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.give .main').textContent === 'Comprobar');
});

for (const dark of [false, true]) {
  const theme = dark ? 'dark' : 'light';
  test(`accessible and within its width, ${theme}`, async () => {
    for (const width of [1280, 320]) {
      const page = await start({ dark, width, reduced: true });
      await accessible(page, `empty, ${width}`);
      await fits(page, `empty, ${width}`);
      await screenshot(page, `empty-${width}-${theme}`);
      for (const id of ['demo-platforms', 'refused-changed-index', 'webdis-0.1.19-trust', 'refused-unsigned']) {
        await choose(page, id);
        for (const button of await page.locator('[data-link]').all()) if (await button.isVisible()) await button.click();
        await accessible(page, `${id}, ${width}`);
        await fits(page, `${id}, ${width}`);
        await screenshot(page, `${id}-${width}-${theme}`);
        const small = await page.evaluate(() => [...document.querySelector('webdis-verify').shadowRoot.querySelectorAll('button, select, summary, input')]
          .filter((n) => n.getClientRects().length && n.type !== 'file').map((n) => [n.outerHTML.slice(0, 80), n.getBoundingClientRect()])
          .filter(([, r]) => r.height < 24 || r.width < 20).map(([html]) => html));
        assert.deepEqual(small, [], 'targets are 24 px high');
      }
    }
  });
}

test('a chosen theme is kept against the system', async () => {
  const page = await start({ dark: false });
  const paper = () => page.evaluate(() => getComputedStyle(document.querySelector('webdis-verify')).backgroundColor);
  const light = await paper();
  await page.locator('#theme').selectOption('dark');
  assert.notEqual(await paper(), light);
  await page.locator('#theme').selectOption('light');
  assert.equal(await paper(), light);
});

test('on paper there is the report and no button', async () => {
  const page = await start();
  await choose(page, 'demo-bundle');
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.locator('#verdict').isVisible());
  for (const button of await page.locator('button:not([data-link])').all()) assert.ok(!(await button.isVisible()), await button.textContent());
});

test('narrow: the verdict comes first after a paste', async () => {
  const page = await start({ width: 360 });
  await paste(page, LIST);
  await page.locator('.given').waitFor();
  const order = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('webdis-verify');
    const top = (s) => shadowRoot.querySelector(s).getBoundingClientRect().top;
    return top('#verdict') < top('#sheet') && top('#sheet') < top('.given');
  });
  assert.ok(order);
  assert.ok(await page.locator('#verdict').evaluate((n) => n.getBoundingClientRect().top >= 0 && n.getBoundingClientRect().bottom <= innerHeight), 'and in sight');
});
