// The image's field and what is said of a name, and what is said of inputs that
// say nothing: in the reader's language, with the image that was named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, begun, fits, open, paste, settled } from './harness.mjs';

const { server, browser } = await begun();

/** The page at rest: what is drawn anew once the examples are there is drawn. */
async function at(options) {
  const page = await open(browser, `${server.url}/`, options);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('#examples option').length > 5);
  return page;
}

const field = (page) => page.locator('#image').evaluate((node) => {
  const root = node.getRootNode();
  const texts = node.getAttribute('aria-describedby').split(' ').map((id) => root.getElementById(id)?.textContent ?? '');
  return { invalid: node.getAttribute('aria-invalid'), focused: root.activeElement === node, says: texts.join(' ').trim(), alert: root.querySelector('.alert').textContent };
});
const whole = (page) => page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.frame').innerText);

for (const [locale, missing, wrong] of [
  ['en', /^Which image\? /, /“not a ref !!” is no image name\. Write it as in docker pull/],
  ['es', /^¿Qué imagen\? /, /«not a ref !!» no es un nombre de imagen\. Escríbelo/],
  ['fr', /^Quelle image \? /, /« not a ref !! » n’est pas un nom d’image\. Écrivez-le/],
]) {
  test(`${locale}: a name that cannot be used is told at its field`, async () => {
    const page = await at({ locale });
    await settled(page);
    await page.locator('#fetch').click();
    const empty = await field(page);
    assert.match(empty.says, missing);
    assert.deepEqual([empty.invalid, empty.focused], ['true', true]);
    await page.keyboard.type('not a ref !!');
    assert.equal((await field(page)).invalid, null, 'typing goes on');
    await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('[aria-invalid]'));
    const bad = await field(page);
    assert.match(bad.says, wrong);
    assert.equal(bad.alert, '', 'not said a second time');
    assert.ok(!/\[|one reference|This is not/.test(bad.says), bad.says);
    await accessible(page, `${locale}, a wrong name`);
    await page.locator('#image').fill('nicolas/webdis:0.1.24');
    await settled(page);
    assert.deepEqual((({ invalid, alert }) => [invalid, alert])(await field(page)), [null, '']);
    // Another mistake of the form has its own words.
    await page.locator('#image').fill('Nicolas/Webdis:0.1.24');
    await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('[aria-invalid]'));
    assert.match((await field(page)).says, { en: /capital|upper/i, es: /mayúscula/, fr: /majuscule/ }[locale]);
  });
}

test('at 360 px a whole name fits in the field, below its label', async () => {
  for (const locale of ['en', 'es', 'fr']) {
    const page = await at({ locale, width: 360 });
    await page.locator('#image').fill('public.ecr.aws/nicolas/webdis:0.1.24');
    await settled(page);
    for (const answered of [false, true]) {
      if (answered) await paste(page, 'docker pull nicolas/webdis:0.1.24');
      const { over, label } = await page.locator('#image').evaluate((node) => ({ over: node.scrollWidth - node.clientWidth, label: node.getRootNode().querySelector('label[for=image]').getBoundingClientRect().height }));
      assert.ok(over <= 0 && label > 10, `${locale}, answered ${answered}: ${over} px too long, label ${label} px`);
      await fits(page, `${locale} ${answered}`);
    }
  }
});

test('what says nothing is named beside the verdict', async () => {
  const page = await at();
  const notes = () => page.locator('.verdict .caveats').allInnerTexts();
  await paste(page, 'hello\n');
  assert.deepEqual(await notes(), ['Not recognised: Paste 1.']);
  await page.evaluate(() => {
    const data = new DataTransfer();
    for (const [name, text] of [['empty.json', ''], ['b.txt', 'hello']]) data.items.add(new File([text], name));
    document.querySelector('webdis-verify').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.verdict .caveats li').length === 2);
  assert.deepEqual((await notes()).join().split('\n').filter(Boolean), ['Not recognised: Paste 1, b.txt.', 'Empty: empty.json.']);
  // The twin: what is read, whatever stands around it.
  const other = await at();
  await paste(other, `hello\n\nnicolas/webdis@sha256:${'a'.repeat(64)}\n`);
  assert.equal(await other.locator('.verdict').getByText('Not recognised').count(), 0);
});

test('next steps name the image, and notes on commands are in the reader’s language', async () => {
  for (const locale of ['en', 'es', 'fr']) {
    const page = await at({ locale });
    await paste(page, `$ docker pull nicolas/webdis:0.1.24\n0.1.24: Pulling from nicolas/webdis\nDigest: sha256:${'a'.repeat(64)}\nStatus: Image is up to date for nicolas/webdis:0.1.24\nnicolas/webdis:0.1.24\n`);
    await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('details').forEach((node) => { node.open = true; }));
    await page.locator('#missing').waitFor();
    await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('details').forEach((node) => { node.open = true; }));
    const text = await whole(page);
    assert.doesNotMatch(text, /\bIMAGE\b/);
    assert.match(text, /cosign download signature (?:docker\.io\/)?nicolas\/webdis:0\.1\.24/);
    const labels = await page.locator('#missing .command .label').allInnerTexts();
    assert.ok(labels.length > 3, labels.join());
    assert.doesNotMatch(await page.locator('#missing > summary').innerText(), { en: /^Get/, es: /^Obtener/, fr: /^Obtenir/ }[locale], 'not the name of the button');
    const begins = { en: /^Print /, es: /^(?:Mostrar|Empaquetar) /, fr: /^(?:Afficher|Empaqueter) /u }[locale];
    for (const label of labels) assert.match(label, begins);
    if (locale !== 'en') for (const label of labels) assert.doesNotMatch(label, /\b(?:the|of) /);
  }
});

test('the steps for older releases are shown of the publisher’s own images alone', async () => {
  const page = await at();
  await page.locator('.guide').waitFor();
  for (const [image, shown] of [['mirror.example/demo/hello:1.0', false], ['nicolas/webdis:0.1.19', true], ['example/hello:1', false], ['127.0.0.1:5000/nicolas/webdis:0.1.19', true], ['--help', true], ['public.ecr.aws/nicolas/webdis:0.1.18', true], ['debian:12', false], ['', true]]) {
    await page.locator('#image').fill(image);
    await page.waitForFunction((wanted) => document.querySelector('webdis-verify').shadowRoot.querySelector('.guide').hidden !== wanted, shown);
  }
});
