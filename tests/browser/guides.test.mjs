// The guided paths for older releases, from unfolding one to the verdict: what
// the steps print is pasted as real programs printed it, and each path has a
// twin in which one digest differs. And the picture of two registries.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { steps } from '../../www/guides.js';
import { accessible, begun, fits, needsShared, open, paste, report, root, screenshot, settled, silent, vectors } from './harness.mjs';
import { program } from './registry.mjs';

const skip = needsShared;
const read = (name) => readFileSync(join(vectors, 'dct', name), 'utf8');
const sha256 = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const printed = (command, text) => `$ ${command}\n${text}${text.endsWith('\n') ? '' : '\n'}`;
const NOW = '2026-11-21T12:00:00Z';

const { server, browser } = await begun();

const links = async (page, code) => (await report(page)).links.filter((l) => l.code === code);

/** The page with an image named, and perhaps a publisher and a time. */
async function start({ image, publisher, now, ...options } = {}) {
  const page = await open(browser, `${server.url}/index.html`, options);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('#examples option').length > 5);
  await page.evaluate(([i, p]) => {
    const e = document.querySelector('webdis-verify');
    if (p) e.setAttribute('publisher', p);
    if (i) e.setAttribute('image', i);
  }, [image, publisher]);
  if (now) {
    // The choices come with an answer.
    await page.locator('#now').waitFor({ state: 'attached' });
    for (const summary of await page.locator('details:has(#now) > summary').all()) await summary.click();
    await page.locator('#now').fill(now);
  }
  await page.waitForTimeout(400);
  await settled(page);
  return page;
}

async function drop(page, files) {
  await page.evaluate((list) => {
    const data = new DataTransfer();
    for (const [name, text] of list) data.items.add(new File([text], name));
    document.querySelector('webdis-verify').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files);
  await page.waitForFunction((n) => document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.row-item').length >= n, files.length);
  await settled(page);
}

/** Unfolds a path by keyboard and returns the commands it shows. */
async function unfold(page, id) {
  if (!(await page.locator('details.guide').evaluate((node) => node.open))) {
    await page.locator('.guide > summary').focus();
    await page.keyboard.press('Enter');
  }
  await page.locator(`#guide-${id} > summary`).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction((x) => document.querySelector('webdis-verify').shadowRoot.querySelector(`#guide-${x}`).open, id);
  return page.locator(`#guide-${id} .steps pre`).allTextContents();
}

/** The numbered commands of the command line. */
function onCommandLine(id, image) {
  const { stdout, stderr, status } = spawnSync(program, ['guide', id, image], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return [...stdout.matchAll(/^\d+\. .*\n {3}\$ (.*)$/gm)].map(([, line]) => line);
}

// A publisher of the generated repository: its own keys, pinned.
function publisher() {
  const { signed } = JSON.parse(read('generated/s0-init/root.json'));
  return profile(signed.roles.root.keyids[0], signed.roles.targets.keyids[0]);
}

function profile(rootKey, key) {
  return JSON.stringify({
    schema: 'https://webdis-verify.dev/profile/v1', id: 'example', publisher: 'Example',
    repositories: ['docker.io/example/webdis', 'public.ecr.aws/example/webdis'], keys: [],
    contentTrust: { gun: 'docker.io/example/webdis', server: 'https://notary.docker.io', root: [rootKey], repository: [key], signers: [] },
    releases: [{ from: '0.1.12', to: '0.1.18', scheme: 'content-trust', platforms: 'single' }, { from: '0.1.19', to: '0.1.23', scheme: 'content-trust', platforms: 'multi' }],
    documentation: [],
  });
}

for (const id of ['trust', 'single', 'multi']) {
  test(`${id}: unfolded by keyboard, the user's image stands in the steps of the command line`, async () => {
    for (const image of ['example/webdis:0.1.20', 'public.ecr.aws/example/webdis:0.1.15']) {
      const page = await start({ image, publisher: profile('0'.repeat(64), '1'.repeat(64)) });
      const shown = await silent(page, () => unfold(page, id));
      assert.deepEqual(shown, onCommandLine(id, image));
      assert.ok(shown.every((line) => line.includes('example/webdis')), shown.join('\n'));
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate((x) => document.querySelector('webdis-verify').shadowRoot.activeElement.closest(`#guide-${x}`), id), 'the first copy button follows');
      await page.locator(`#guide-${id} > summary`).focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.locator('.guide details[open]').count(), 0);
      await page.context().close();
    }
  });
}

test('an image that is no plain name is not put into commands', async () => {
  for (const image of ['a; rm -rf ~', '--help', '$(x)', 'a\u202eb']) {
    const page = await start({ image });
    assert.ok((await unfold(page, 'multi')).every((line) => /nicolas\/webdis:0\.1\.19$/.test(line)), image);
    await page.context().close();
  }
});

test('what is said of the service follows the time of the check', async () => {
  for (const [now, word, other] of [['2026-12-07T23:59:59Z', 'save the metadata now', 'ended on'], ['2026-12-08T00:00:00Z', 'ended on 8 December 2026', 'save the metadata now']]) {
    const page = await start({ image: 'nicolas/webdis:0.1.19', now });
    await unfold(page, 'trust');
    const text = await page.locator('#guide-trust .dated').innerText();
    assert.ok(text.includes(word) && !text.includes(other), `${now}: ${text}`);
    await page.context().close();
  }
});

test('trust: from trust inspect to a proven list', { skip }, async () => {
  const page = await start({ image: 'example/webdis:0.1.19', publisher: publisher(), now: NOW });
  const [inspect,, , raw] = await unfold(page, 'trust');
  await silent(page, () => paste(page, printed(inspect, read('generated/s1-admin-tag/inspect-0.1.19.json'))));
  assert.equal((await report(page)).outcome, 'not-checked', 'a text about keys is no signature');
  assert.ok((await links(page, 'notary-text-ids')).length || (await report(page)).links.some((l) => /text/.test(l.code)), 'the ids are compared');
  const files = ['root', 'targets', 'snapshot', 'timestamp'].map((role) => [`${role}.json`, read(`generated/s1-admin-tag/${role}.json`)]);
  const before = page.asked.length;
  await drop(page, files);
  // A view of the page's own may be loaded; what was dropped goes nowhere.
  for (const url of page.asked.slice(before)) assert.match(url.slice(server.url.length), /^\/www\/part-\w+\.js$/);
  await silent(page, () => paste(page, printed(raw, read('generated/manifests/0.1.19.json'))));
  const { outcome, code, subject } = await report(page);
  assert.deepEqual([outcome, code], ['proven', 'released']);
  assert.equal(subject.digest, sha256(read('generated/manifests/0.1.19.json')));
  assert.equal(await page.locator('.verdict.proven').count(), 1);
  assert.equal(await page.locator('.picture').count(), 0, 'one registry is no picture');
  // Each link unfolds to its facts.
  await page.locator('.node .line').first().focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.node [aria-expanded=true]').count(), 1);
  assert.deepEqual(page.errors, []);
});

test('trust, twins: another key id, another list', { skip }, async () => {
  const inspect = read('generated/s1-admin-tag/inspect-0.1.19.json');
  const { signed } = JSON.parse(read('generated/s0-init/root.json'));
  const id = signed.roles.root.keyids[0];
  const page = await start({ image: 'example/webdis:0.1.19', publisher: publisher(), now: NOW });
  await paste(page, printed('docker trust inspect example/webdis:0.1.19', inspect.replace(id, id.replace(/^./, (c) => (c === '0' ? '1' : '0')))));
  const said = await report(page);
  assert.notEqual(said.outcome, 'proven');
  assert.ok(said.links.some((l) => l.outcome === 'contradicted'), JSON.stringify(said.links.map((l) => [l.outcome, l.code])));
  await page.context().close();
  const other = await start({ image: 'example/webdis:0.1.19', publisher: publisher(), now: NOW });
  await drop(other, ['root', 'targets', 'snapshot', 'timestamp'].map((role) => [`${role}.json`, read(`generated/s1-admin-tag/${role}.json`)]));
  await paste(other, printed('docker buildx imagetools inspect --raw example/webdis:0.1.19', read('generated/manifests/0.1.20.json')));
  assert.notEqual((await report(other)).outcome, 'proven');
  assert.equal(await other.locator('.verdict.proven').count(), 0);
});

test('single: Digest with Digest, Id with Id, as the seeds show them', { skip }, async () => {
  const facts = JSON.parse(read('webdis-seed-facts.json')).releases['0.1.18'];
  const image = 'nicolas/webdis:0.1.18';
  const grep = (name, id) => printed(`docker image inspect ${name} | grep -w Id`, `        "Id": "${id}",`);
  const other = (digest) => digest.replace(/:./, (c) => (c === ':0' ? ':1' : ':0'));
  for (const [what, digest, id, codes, expected] of [
    ['the same', facts.ecr.manifest_digest, facts.ecr.image_id, ['same-digest-said', 'same-id-said'], 'consistent'],
    ['another Id', facts.ecr.manifest_digest, other(facts.ecr.image_id), ['same-digest-said', 'other-id-said'], 'contradicted'],
    ['another Digest', other(facts.ecr.manifest_digest), facts.ecr.image_id, ['other-digest-said', 'same-id-said'], 'not-checked'],
  ]) {
    const page = await start({ image });
    const [hub, ecr] = await unfold(page, 'single');
    await paste(page, printed(hub, read('seed/docker-pull-0.1.18-hub.txt')) + grep(image, facts.hub.image_id));
    await silent(page, () => paste(page, printed(ecr, read('seed/docker-pull-0.1.18-ecr.txt').replace(facts.ecr.manifest_digest, digest)) + grep(`public.ecr.aws/${image}`, id)));
    const { outcome, links: all } = await report(page);
    assert.equal(outcome, expected, `${what}: text alone proves nothing`);
    assert.deepEqual(all.map((l) => l.code).filter((c) => c.endsWith('-said')), codes, what);
    assert.ok(all.every((l) => !l.code.endsWith('-said') || l.outcome === 'not-checked'), what);
    const text = await page.locator('.answer').innerText();
    assert.ok(expected === 'consistent' ? text.includes('Everything you gave agrees') : /has the (Id|digest)|different|says/.test(text), `${what}: ${text}`);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  }
});

// A list and its manifests as `docker manifest inspect -v` of another registry
// prints them: laid out anew, so under other digests. `change` edits a manifest.
function elsewhere(verbose, list, from, to, change = () => {}) {
  const children = JSON.parse(verbose);
  const index = JSON.parse(list);
  children.forEach((child, n) => {
    const manifest = JSON.parse(Buffer.from(child.Raw, 'base64'));
    change(manifest, n);
    const text = JSON.stringify(manifest);
    const [digest, size] = [sha256(text), Buffer.byteLength(text)];
    Object.assign(child, { Ref: child.Ref.replace(from, to).replace(/sha256:.*/, digest), Raw: Buffer.from(text).toString('base64') });
    Object.assign(child.Descriptor, { digest, size });
    child[child.SchemaV2Manifest ? 'SchemaV2Manifest' : 'OCIManifest'] = manifest;
    Object.assign(index.manifests[n], { digest, size });
  });
  return [`${JSON.stringify(children, null, '\t')}\n`, JSON.stringify(index, null, 3)];
}

const swap = (digest) => digest.replace(/.$/, (c) => (c === '0' ? '1' : '0'));

test('multi: two docker manifest inspect -v, the configs side by side', { skip }, async () => {
  const image = '127.0.0.1:15778/nicolas/webdis:0.1.19';
  const verbose = read('pasted/docker-manifest-inspect-verbose-0.1.19.txt');
  const list = read('pasted/registry-bytes-0.1.19.json');
  const configs = JSON.parse(verbose).map((child) => child.SchemaV2Manifest.config.digest);
  for (const [what, change, wanted] of [
    ['the same', () => {}, ['config-needed', 'config-needed']],
    ['another config', (m, n) => { if (n === 1) m.config.digest = swap(m.config.digest); }, ['config-needed', 'config-differs']],
  ]) {
    const page = await start({ image });
    const [listHub, childrenHub, listEcr, childrenEcr] = await unfold(page, 'multi');
    const [otherVerbose, otherList] = elsewhere(verbose, list, '127.0.0.1:15778', 'public.ecr.aws', change);
    await paste(page, printed(listHub, list));
    await paste(page, printed(childrenHub, verbose));
    assert.equal(await page.locator('.picture').count(), 0, 'one registry is no picture');
    await paste(page, printed(listEcr, otherList));
    await silent(page, () => paste(page, printed(childrenEcr, otherVerbose)));
    const { outcome, links: all } = await report(page);
    assert.notEqual(outcome, 'proven', 'nobody signed it');
    const compared = all.filter((l) => l.args.platform && ['config-needed', 'config-differs'].includes(l.code));
    assert.deepEqual(compared.map((l) => l.code), wanted, what);
    assert.ok(compared.every((l) => l.outcome !== 'proven'), what);
    assert.equal(compared.some((l) => l.outcome === 'contradicted'), what !== 'the same', what);
    const drawn = await boxes(page);
    assert.deepEqual(drawn.middle.toSorted(), configs.map((d) => d.slice(7, 15)).toSorted(), what);
    assert.equal(await page.locator('.picture .wide .config.contradicted').count(), what === 'the same' ? 0 : 1, what);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  }
});

test('multi: without the manifests no config is drawn', { skip }, async () => {
  const image = '127.0.0.1:15778/nicolas/webdis:0.1.19';
  const [, otherList] = elsewhere(read('pasted/docker-manifest-inspect-verbose-0.1.19.txt'), read('pasted/registry-bytes-0.1.19.json'), '127.0.0.1:15778', 'public.ecr.aws');
  const page = await start({ image });
  const [listHub,, listEcr] = await unfold(page, 'multi');
  await paste(page, printed(listHub, read('pasted/registry-bytes-0.1.19.json')) + printed(listEcr, otherList));
  assert.equal((await links(page, 'manifest-needed')).length, 2);
  assert.deepEqual((await boxes(page)).middle, ['?', '?']);
  assert.equal(await page.locator('.picture .wide .lines .open').count(), 4, 'the lines to them are dashed');
  assert.equal(await page.locator('.picture .config.proven, .picture .config.contradicted').count(), 0);
});

/** The boxes of the wide picture: left, right and middle, by their digests. */
const boxes = (page) => page.evaluate(() => {
  const svg = document.querySelector('webdis-verify').shadowRoot.querySelector('.picture svg.wide');
  const at = (kind) => [...svg.querySelectorAll(`.box${kind} .hex:not(.other)`)].map((node) => node.textContent.split(' ').pop());
  return { top: at('.top'), middle: at('.config'), all: at('') };
});

for (const [id, outcome] of [['demo-two-registries', 'proven'], ['refused-two-registries', 'contradicted']]) {
  test(`the picture of ${id} is drawn from the report`, async () => {
    for (const [width, dark] of [[1280, false], [1280, true], [360, false], [360, true]]) {
      const page = await start({ width, dark, reduced: true });
      await silent(page, async () => {
        await page.locator('#examples').selectOption(id);
        await page.waitForSelector('.verdict');
        await settled(page);
      });
      const { links: all, ...found } = await report(page);
      assert.equal(found.outcome, outcome);
      const rows = all.filter((l) => l.args.platform && l.args.signed);
      assert.equal(rows.length, 2);
      const short = (digest) => digest.slice(7, 15);
      const drawn = await boxes(page);
      const expected = [all.find((l) => l.place === 'chain' && l.code === 'bytes-match').args.digest, found.subject.digest];
      assert.deepEqual(drawn.top, expected.map(short), 'the signed image on the left');
      assert.deepEqual(drawn.middle.toSorted(), rows.map((l) => short(l.expected ?? l.args.config)).toSorted());
      for (const row of rows) for (const part of ['signed', 'other']) assert.ok(drawn.all.includes(short(row.args[part])), part);
      assert.equal(await page.locator('.picture .wide .config.contradicted').count(), outcome === 'proven' ? 0 : 1);
      const differ = rows.filter((l) => l.found && l.found !== l.expected).map((l) => short(l.found));
      assert.deepEqual(await page.locator('.picture .wide .config .hex.other').allTextContents(), differ, 'the other config is shown too');
      assert.equal(await page.locator('.picture .wide .config.proven').count(), outcome === 'proven' ? 2 : 0);
      await fits(page, `${id} ${width}`);
      if (!dark) await accessible(page, `${id} ${width}`);
      await screenshot(page, `${id}-${width}-${dark ? 'dark' : 'light'}`);
      assert.deepEqual(page.errors, []);
      await page.context().close();
    }
  });
}

test('signed list, manifests, two registries: proven only while the configs agree', async () => {
  const example = examples.find((x) => x.id === 'demo-two-registries');
  const bytes = (name) => readFileSync(join(root, 'www/examples/demo/bundle', name), 'utf8');
  const texts = ['linux-amd64.json', 'linux-arm64.json'].map(bytes);
  const index = bytes('index.json');
  const verbose = JSON.stringify(texts.map((text, n) => ({
    Ref: `localhost:5000/demo/hello:1.0@${sha256(text)}`,
    Descriptor: { mediaType: JSON.parse(text).mediaType, digest: sha256(text), size: text.length, platform: JSON.parse(index).manifests[n].platform },
    Raw: Buffer.from(text).toString('base64'), OCIManifest: JSON.parse(text),
  })), null, '\t');
  for (const [what, change, outcome] of [['the same', () => {}, 'proven'], ['another config', (m, n) => { if (n === 0) m.config.digest = swap(m.config.digest); }, 'contradicted']]) {
    const page = await start();
    await page.evaluate(([i, o]) => {
      const e = document.querySelector('webdis-verify');
      e.trustedRoot = o.trustedRoot;
      e.setAttribute('key', o.key);
      e.setAttribute('image', i);
    }, ['public.ecr.aws/demo/hello:1.0', example.options]);
    const [otherVerbose, otherList] = elsewhere(verbose, index, 'localhost:5000', 'public.ecr.aws', (m, n) => { m.annotations = { where: 'elsewhere' }; change(m, n); });
    await settled(page);
    const [,, listEcr, childrenEcr] = steps('multi', 'public.ecr.aws/demo/hello:1.0').map(([, line]) => line);
    await drop(page, [['index.bundle.json', bytes('index.bundle.json')], ...['linux-amd64-config.json', 'linux-arm64-config.json'].map((name) => [name, bytes(name)])]);
    await paste(page, printed('docker buildx imagetools inspect --raw localhost:5000/demo/hello:1.0', index) + printed('docker manifest inspect -v localhost:5000/demo/hello:1.0', verbose));
    await paste(page, printed(listEcr, otherList) + printed(childrenEcr, otherVerbose));
    const { outcome: found, code, subject } = await report(page);
    assert.equal(found, outcome, `${what}: ${code}`);
    assert.equal(subject.digest, sha256(otherList), 'the verdict is about the unsigned list');
    assert.equal(await page.locator('.picture .wide .config.contradicted').count(), outcome === 'proven' ? 0 : 1);
    await page.context().close();
  }
});

for (const id of ['trust', 'single', 'multi']) {
  test(`${id}: seen at two widths, light and dark`, async () => {
    const shown = { trust: 'webdis-0.1.19-trust', single: 'webdis-0.1.18-two-registries', multi: 'webdis-0.1.19-two-registries' };
    for (const [width, dark] of [[1280, false], [1280, true], [360, false], [360, true]]) {
      const page = await start({ width, dark, reduced: true });
      await page.locator('#examples').selectOption(shown[id]);
      await page.waitForSelector('.verdict');
      await settled(page);
      await unfold(page, id);
      await fits(page, `guide ${id} ${width}`);
      if (!dark) await accessible(page, `guide ${id} ${width}`);
      await screenshot(page, `guide-${id}-${width}-${dark ? 'dark' : 'light'}`);
      await page.context().close();
    }
  });
}
