// The publisher's documented procedure through the page: pasted as its document
// prints it, it is consistent, condition by condition, with the picture of two
// registries; one wrong digit anywhere is named.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { accessible, begun, fits, open, paste, report, screenshot, settled } from './harness.mjs';

const hex = (name) => createHash('sha256').update(name).digest('hex');
const keys = {
  root: '40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef',
  repository: 'fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a',
};

const pull = (image, digest) => {
  const [name, tag] = [image.slice(0, image.lastIndexOf(':')), image.slice(image.lastIndexOf(':') + 1)];
  return `$ docker pull ${image}\n${tag}: Pulling from ${name.replace('public.ecr.aws/', '')}\nDigest: sha256:${digest}\nStatus: Image is up to date for ${image}\n${image}\n`;
};
const trust = (image, digest) => `$ docker trust inspect --pretty ${image}

Signatures for ${image}

SIGNED TAG   DIGEST                                                             SIGNERS
${image.split(':')[1]}       ${digest}   (Repo Admin)

List of signers and their keys for ${image}

SIGNER      KEYS
nicolasff   dd0768b9d35d

Administrative keys for ${image}

  Repository Key:       ${keys.repository}
  Root Key:    ${keys.root}
`;
const id = (image, digest) => `$ docker image inspect ${image} | grep -w Id\n        "Id": "sha256:${digest}",\n`;
const list = (place, image) => `$ docker manifest inspect ${image} | grep -E 'digest|architecture'
         "digest": "sha256:${hex(`${place} amd64`)}",
            "architecture": "amd64",
         "digest": "sha256:${hex(`${place} arm64`)}",
            "architecture": "arm64",
`;
const config = (place, name) => `$ docker manifest inspect ${name}@sha256:${hex(`${place} amd64`)} | grep -A3 config
    "config": {
        "mediaType": "application/vnd.docker.container.image.v1+json",
        "digest": "sha256:${hex('config')}",
        "size": 2728
`;

// 0.1.18 with the digest that is documented; of 0.1.23 none is.
const documented = '6def97f1299c4de2046b1ae77427a7fa41552c91d3ae02059f79dbcb0650fe9e';
const [hub18, ecr18, hub23, ecr23] = ['nicolas/webdis:0.1.18', 'public.ecr.aws/nicolas/webdis:0.1.18', 'nicolas/webdis:0.1.23', 'public.ecr.aws/nicolas/webdis:0.1.23'];
const stories = {
  single: [pull(hub18, documented), trust(hub18, documented), pull(ecr18, documented), id(hub18, hex('id')), id(ecr18, hex('id'))],
  several: [
    pull(hub23, hex('list')), trust(hub23, hex('list')),
    `$ docker manifest inspect docker.io/${hub23} | perl -pe 'chomp if eof' | shasum -a 256\n${hex('list')}  -\n`,
    list('hub', hub23), config('hub', 'nicolas/webdis'), list('ecr', ecr23), config('ecr', 'public.ecr.aws/nicolas/webdis'),
  ],
};
const conditions = {
  single: ['procedure-keys-hold', 'procedure-published-holds', 'procedure-digest-holds', 'procedure-id-holds'],
  several: ['procedure-keys-hold', 'procedure-digest-holds', 'procedure-listed-holds', 'procedure-config-holds'],
};

const { server, browser } = await begun();

const start = (options) => open(browser, `${server.url}/index.html`, options);
const shown = (page) => page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').textContent);

for (const [name, outputs] of Object.entries(stories)) {
  test(`${name}: the printed procedure is consistent, and drawn as words`, async () => {
    for (const [way, pastes] of [['one paste', [outputs.join('')]], ['many pastes', outputs], ['backwards', [...outputs].reverse()]]) {
      const page = await start();
      for (const text of pastes) await paste(page, text);
      const { outcome, code, links } = await report(page);
      assert.equal(`${outcome} ${code}`, 'consistent consistent', way);
      for (const condition of conditions[name]) {
        assert.ok(links.some((link) => link.code === condition && link.outcome === 'consistent'), `${way}: ${condition}`);
      }
      assert.equal(await page.locator('#verdict').textContent(), 'Everything you gave agrees');
      await page.locator('.picture > summary').click();
      await page.locator('.picture .said').waitFor();
      assert.match(await page.locator('.picture .said').textContent(), /nothing of it was hashed/);
      assert.ok(await page.locator('.picture .wide .config.consistent').count() >= 1, way);
      assert.deepEqual(page.errors, []);
      if (way === 'one paste') {
        await screenshot(page, `story-${name}`);
        await accessible(page, name);
        await fits(page, name);
      }
      await page.context().close();
    }
  });

  test(`${name}: one wrong digit is named on the page`, async () => {
    let count = 0;
    for (const [n, text] of outputs.entries()) {
      for (const { index } of text.matchAll(/(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/g)) {
        const changed = [...outputs];
        changed[n] = text.slice(0, index + 3) + (text[index + 3] === '0' ? '1' : '0') + text.slice(index + 4);
        const now = changed[n].slice(index, index + 8);
        const page = await start();
        await paste(page, changed.join(''));
        const { outcome, links } = await report(page);
        const named = links.filter((link) => link.outcome !== 'consistent' && JSON.stringify([link.args, link.expected, link.found]).includes(now));
        assert.ok(named.length, `${now} in ${text.split('\n')[0]}: ${outcome}`);
        if (outcome === 'contradicted') assert.ok((await shown(page)).replace(/\s/g, '').includes(now), `${now} is read on the page`);
        assert.notEqual(outcome, 'proven');
        await page.context().close();
        count += 1;
      }
    }
    assert.ok(count >= 7, `${count}`);
  });
}

test('a text about two releases asks which one is meant', async () => {
  const page = await start();
  await paste(page, Object.values(stories).flat().join(''));
  assert.equal((await report(page)).code, 'several-releases');
  const buttons = page.locator('.act button');
  assert.ok(await buttons.count() >= 2);
  const tag = (await buttons.first().textContent()).split(':')[1];
  await buttons.first().click();
  await settled(page);
  const { outcome, subject } = await report(page);
  assert.ok(subject.reference.endsWith(`:${tag}`), subject.reference);
  assert.equal(outcome, 'consistent');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
