// The one thing to do next, where an answer is missing something.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { begun, open, paste, report, settled } from './harness.mjs';

const { server, browser } = await begun();
const demo = examples.find((x) => x.id === 'demo-bundle');

async function answered(text) {
  const page = await open(browser, `${server.url}/index.html`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await paste(page, text);
  await settled(page);
  return page;
}

test('another key than the one that is checked against is offered, and used when it is chosen', async () => {
  const page = await answered(demo.options.key);
  assert.equal((await report(page)).code, 'key-given-another');
  await page.locator('.given .use').waitFor();
  await page.locator('.verdict .act .main', { hasText: 'Check against the key you gave' }).click();
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.code !== 'key-given-another');
  const { publisher } = await report(page);
  assert.ok(publisher.keys[0].fingerprint.startsWith('8f2f9111'), publisher.keys[0].fingerprint);
  assert.deepEqual(page.errors, []);
});

test('a tag alone is a name, an old release has nothing to fetch', async () => {
  const named = await answered('FROM nicolas/webdis:0.1.24 AS web\nRUN ls\n');
  assert.equal((await report(named)).code, 'named-by-tag');
  assert.match(await named.locator('.verdict .next').innerText(), /imagetools inspect nicolas\/webdis:0\.1\.24/);
  const before = await answered('nicolas/webdis:0.1.5\n');
  assert.equal((await report(before)).code, 'release-before-signing');
  assert.equal(await before.locator('.verdict .act .main').count(), 0);
  const newer = await answered('nicolas/webdis:0.1.24\n');
  assert.equal(await newer.locator('.verdict .act .main').count(), 1);
  assert.deepEqual([...named.errors, ...before.errors, ...newer.errors], []);
});

test('where another registry shows another digest, that registry is the one to ask', async () => {
  const { inputs } = examples.find((x) => x.id === 'webdis-0.1.19-list');
  const list = inputs[1].text;
  const shown = (digest) => `$ docker pull public.ecr.aws/nicolas/webdis:0.1.19\n0.1.19: Pulling from nicolas/webdis\nDigest: sha256:${digest}\nStatus: Downloaded newer image for public.ecr.aws/nicolas/webdis:0.1.19\npublic.ecr.aws/nicolas/webdis:0.1.19\n`;
  const other = await answered(`${shown('b'.repeat(64))}$ docker manifest inspect nicolas/webdis:0.1.19\n${list}\n`);
  assert.equal((await report(other)).code, 'procedure-digest-open');
  assert.equal(await other.locator('#image').inputValue(), 'public.ecr.aws/nicolas/webdis:0.1.19');
  // The same digest there leaves nothing open.
  const same = await answered(`${shown('5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667')}$ docker manifest inspect nicolas/webdis:0.1.19\n${list}\n`);
  assert.equal((await report(same)).outcome, 'proven');
  assert.deepEqual([...other.errors, ...same.errors], []);
});
