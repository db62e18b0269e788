// What stands where: the verdict in the first screen, a page short enough to
// be taken in, nothing said twice, and a demonstration that is a strip.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { examples } from '../../www/examples/index.js';
import { accessible, begun, dist, fits, needsShared, open, paste, report, screenshot, settled, vectors } from './harness.mjs';
import { header, padding } from './tar.mjs';

const example = (id) => examples.find((x) => x.id === id);
const demo = example('demo-bundle');
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const proof = demo.inputs.map((i, n) => `<pre id="e${n}" data-name="${i.name}">${escaped(i.text)}</pre>`).join('');
const element = (extra) => `<webdis-verify mode="demo" key="${escaped(demo.options.key)}" image="${demo.options.image}" page="/index.html" ${extra}></webdis-verify>`;
const embedding = (style, body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>host</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<style>${style}</style><script src="/webdis-verify.js" defer></script><main><h1>Host</h1>${body}</main></html>`;

const { server, browser } = await begun(dist, {
  '/host.html': { body: embedding('body { background: #102030; color: #f0e8d8; font: 18px/1.4 Georgia } .column { width: 320px } pre { display: none }',
    `${proof}<div class="column">${element('id="a" evidence="e0 e1 e2 e3"')}</div><div class="column">${element('id="b" evidence="e0 nowhere"')}</div>`) },
  '/frame.html': { body: embedding('', `<iframe sandbox="allow-scripts" title="demo" width="340" height="400" src="/host.html"></iframe>`) },
});

async function shown(page, id) {
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.locator('#examples').selectOption(id);
  await page.waitForSelector('.verdict');
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false');
  await page.waitForTimeout(100);
}

/** Where things stand in the document, in pixels. */
const measure = (page) => page.evaluate(() => {
  const root = document.querySelector('webdis-verify').shadowRoot;
  const box = (selector) => root.querySelector(selector)?.getBoundingClientRect();
  return {
    verdict: Math.round(box('#verdict').top + scrollY), act: Math.round((box('.act') ?? box('#verdict')).bottom + scrollY),
    height: document.documentElement.scrollHeight, words: root.querySelector('#verdict').innerText.trim().split(/\s+/).length,
    buttons: root.querySelectorAll('.act button').length, sheet: Math.round(box('#sheet').height),
  };
});

for (const [width, top, action, height] of [[1280, 120, 400, 1100], [360, 120, 600, 1800]]) {
  test(`the verdict is in the first screen, ${width} px`, async () => {
    const page = await open(browser, `${server.url}/index.html`, { width, height: 740, reduced: true });
    for (const { id, expect } of examples) {
      await shown(page, id);
      const found = await measure(page);
      assert.ok(found.verdict <= top, `${id}: verdict at ${found.verdict}`);
      assert.ok(found.act <= action, `${id}: action ends at ${found.act}`);
      assert.ok(found.words <= 8, `${id}: ${found.words} words`);
      assert.ok(found.buttons <= 1, `${id}: ${found.buttons} buttons`);
      assert.ok(found.sheet <= 80, `${id}: the sheet folds to ${found.sheet}`);
      if (expect.outcome === 'proven') assert.ok(found.height <= height, `${id}: ${found.height} px high`);
      await fits(page, `${id}, ${width}`);
    }
    assert.deepEqual(page.errors, []);
  });
}

// Headings and texts of a registry's API, of a shell and of two tools, as a
// document prints them: some twenty parts that are recognised in one paste.
const DOCUMENT = (() => {
  const hex = (n) => n.toString(16).padStart(64, 'a');
  const part = (n) => `## Step ${n}

The registry answers with the digest of the image, as this shows:

$ docker pull example/app:1.${n}
1.${n}: Pulling from example/app
Digest: sha256:${hex(n)}
Status: Downloaded newer image for example/app:1.${n}
docker.io/example/app:1.${n}

$ curl -s https://auth.example/token
{"token": "ZGVtb25zdHJhdGlvbi1vbmx5LTRmMWIyYzNk", "expires_in": 300}

$ crane manifest example/app:1.${n} | shasum -a 256
${hex(n)}  -

`;
  return Array.from({ length: 8 }, (_, n) => part(n)).join('');
})();
/** An archive as `docker save` writes it, of one small layer. */
const ARCHIVE = (() => {
  const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
  const tar = (members) => Buffer.concat([...members.flatMap(([name, bytes]) => [header(name, bytes.length), bytes, padding(bytes.length)]), Buffer.alloc(1024)]);
  const layer = Buffer.alloc(4096, 'layer');
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] } }));
  const list = Buffer.from(JSON.stringify([{ Config: `${sha256(config)}.json`, RepoTags: ['example/app:1.0'], Layers: ['l/layer.tar'] }]));
  return tar([['l/layer.tar', layer], [`${sha256(config)}.json`, config], ['manifest.json', list]]);
})();
const seed = (start) => readFileSync(join(vectors, '../seeds', readdirSync(join(vectors, '../seeds')).find((name) => name.startsWith(start))), 'utf8');

const STATES = {
  'a proven demonstration': (page) => shown(page, 'demo-bundle'),
  'two registries': (page) => shown(page, 'demo-two-registries'),
  'another key': (page) => shown(page, 'refused-other-key'),
  'a document': (page) => paste(page, DOCUMENT),
  'an archive': async (page) => {
    await page.locator('input[type=file][multiple]').first().setInputFiles({ name: 'app.tar', mimeType: 'application/x-tar', buffer: ARCHIVE });
    await page.waitForSelector('.verdict');
    await settled(page);
  },
};

/** Opens the page, brings it into a state, and demands its heights. */
async function stands(bring, what, { width, height, most, top }) {
  const page = await open(browser, `${server.url}/index.html`, { width, height, reduced: true });
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await bring(page);
  await page.locator('.given').waitFor();
  const found = await measure(page);
  assert.ok(found.verdict <= top, `${what}, ${width}: verdict at ${found.verdict}`);
  assert.ok(found.height <= most, `${what}, ${width}: ${found.height} px high`);
  await fits(page, `${what}, ${width}`);
  await accessible(page, `${what}, ${width}`);
  assert.deepEqual(page.errors, []);
  return page;
}

// Each state, from the page as it is opened; the next one starts over.
const ALL = {
  empty: async () => {},
  ...STATES,
  'a header of cosign': (page) => paste(page, `$ cosign verify --key webdis.pub nicolas/webdis:0.1.24\n\nVerification for index.docker.io/nicolas/webdis:0.1.24 --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n`),
  'a wrong digest': (page) => shown(page, 'refused-changed-index'),
  'two registries that differ': (page) => shown(page, 'refused-two-registries'),
  unsigned: (page) => shown(page, 'refused-unsigned'),
  'not checked': (page) => paste(page, 'nicolas/webdis:0.1.24\n'),
  'an error text': (page) => paste(page, 'Error response from daemon: toomanyrequests: You have reached your pull rate limit.\n'),
  'several releases': (page) => paste(page, [18, 19].map((n) => `$ docker pull nicolas/webdis:0.1.${n}\n0.1.${n}: Pulling from nicolas/webdis\nDigest: sha256:${String(n).repeat(32)}\nStatus: Image is up to date for nicolas/webdis:0.1.${n}\ndocker.io/nicolas/webdis:0.1.${n}\n`).join('\n')),
  'no connection': async (page) => {
    await page.context().setOffline(true);
    await page.locator('#image').fill('nicolas/webdis:0.1.24');
    await page.locator('#fetch').click();
    await page.waitForSelector('.verdict');
    await settled(page);
    await page.context().setOffline(false);
  },
  'the guide': async (page) => {
    for (const summary of await page.locator('.guide summary').all()) if (await summary.isVisible()) await summary.click();
  },
  'all that opens at the foot': async (page) => { for (const summary of await page.locator('footer summary').all()) await summary.click(); },
};

for (const dark of [false, true]) {
  test(`every state is accessible and fits, ${dark ? 'dark' : 'light'}`, { timeout: 300_000 }, async () => {
    for (const width of [1280, 320]) {
      const page = await open(browser, `${server.url}/index.html`, { width, height: 800, dark, reduced: true });
      await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
      for (const [what, bring] of Object.entries(ALL)) {
        const again = page.locator('.given .head .remove');
        if (await again.count()) await again.click();
        await page.waitForFunction(() => document.querySelector('webdis-verify').report === null || !document.querySelector('webdis-verify').shadowRoot.querySelector('.given'));
        await bring(page);
        await page.waitForTimeout(50);
        await accessible(page, `${what}, ${width}`);
        await fits(page, `${what}, ${width}`);
        const { brief, green, outcome } = await page.evaluate(() => {
          const element = document.querySelector('webdis-verify');
          const root = element.shadowRoot;
          return { outcome: element.report?.outcome, brief: root.querySelector('.policy:not([hidden]) .brief')?.textContent, green: root.querySelectorAll('.headline .glyph.proven, .verdict.proven').length };
        });
        assert.notEqual(brief, '', `${what}: the policy is said`);
        if (outcome !== 'proven') assert.equal(green, 0, `${what}: nothing is green`);
        await screenshot(page, `state-${what.replaceAll(' ', '-')}-${width}-${dark ? 'dark' : 'light'}`);
      }
      assert.deepEqual(page.errors.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text)), []);
      await page.context().close();
    }
  });
}

const SIZES = [{ width: 1280, height: 800, most: 1100, top: 120 }, { width: 360, height: 740, most: 1800, top: 120 }];
for (const [what, bring] of Object.entries(STATES)) {
  test(`${what}: the page is short, its verdict on top`, async () => {
    for (const size of SIZES) await (await stands(bring, what, size)).context().close();
  });
}

test('a whole document pasted is a short page, too', { skip: needsShared }, async () => {
  for (const start of ['000', '001', '002', '003', '004']) for (const size of SIZES) {
    // What many tools print is a line each.
    const most = size.width === 360 ? 2000 : size.most;
    await (await stands((page) => paste(page, seed(start)), `document ${start}`, { ...size, most })).context().close();
  }
});

test('name, promise and choices share one line where there is room', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await page.waitForSelector('header');
  for (const width of [1180, 1280, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    const { height, line } = await page.evaluate(() => {
      const root = document.querySelector('webdis-verify').shadowRoot;
      return { height: root.querySelector('header').getBoundingClientRect().height, line: root.querySelector('#theme').getBoundingClientRect().height };
    });
    assert.ok(height < 2 * line, `${width}: ${height} px`);
  }
});

test('many parts of one paste are one line that opens, and stays open', async () => {
  const page = await stands(STATES['a document'], 'a document', SIZES[0]);
  const parts = page.locator('.given .parts');
  const { items } = await report(page);
  assert.ok(items.length > 15, `${items.length} parts`);
  const unknown = items.filter(({ kind }) => ['text', 'json', 'blob'].includes(kind)).length;
  assert.match(await parts.locator('> summary').innerText(), new RegExp(`^${items.length - unknown} parts recognised · ${unknown} not$`));
  assert.equal(await page.locator('.given .item').first().isVisible(), false);
  assert.equal(await page.locator('.given .remarks:visible').count(), 1, 'that a secret was cut out is said, once');
  await parts.locator('> summary').click();
  assert.equal(await page.locator('.given .item:visible').count(), items.length);
  await page.locator('.policy > summary').click();
  await page.locator('#ignore-log').check();
  await settled(page);
  assert.equal(await parts.evaluate((node) => node.open), true);
  // Few parts stand in lines of their own.
  await page.locator('.given .remove').first().click();
  await shown(page, 'demo-bundle');
  assert.equal(await page.locator('.given .parts').count(), 0);
});

test('one byte of an archive can be changed, and comes back', async () => {
  const page = await stands(STATES['an archive'], 'an archive', SIZES[0]);
  const good = await report(page);
  await page.locator('select.spoil').selectOption('app.tar');
  await page.waitForSelector('.one-byte #restore');
  assert.notDeepEqual((await report(page)).items, good.items);
  await page.locator('#restore').click();
  await page.waitForSelector('.one-byte', { state: 'detached' });
  assert.deepEqual((await report(page)).items, good.items);
  assert.deepEqual(page.errors, []);
});

test('green is for what was proven; the chosen key is a key', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  for (const { id, expect } of examples) {
    await shown(page, id);
    if (expect.outcome !== 'proven') assert.equal(await page.locator('.headline .glyph.proven, .word:has-text("Proven")').count(), 0, id);
    assert.equal(await page.locator('.node.pinned .glyph.proven').count(), 0, id);
  }
  await shown(page, 'demo-bundle');
  assert.equal(await page.locator('.along .node').first().locator('.glyph.key').count(), 1, 'the chain begins with the key');
});

test('nothing is said twice', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  for (const { id } of examples) {
    await shown(page, id);
    // What is only read out stands in for what the eye sees shortened.
    await page.evaluate(() => { for (const n of document.querySelector('webdis-verify').shadowRoot.querySelectorAll('.answer .vh')) n.hidden = true; });
    const lines = (await page.locator('.answer').innerText()).split('\n').map((line) => line.trim()).filter((line) => line.length > 30);
    // The chain is read by itself, too: its link that decided says why.
    const says = (await page.locator('.says').allInnerTexts())[0];
    const twice = lines.filter((line, i) => lines.indexOf(line) !== i && !/^The index lists/.test(line) && (line !== says || lines.indexOf(line, lines.indexOf(line) + 1) !== i));
    assert.deepEqual(twice, [], id);
  }
  await shown(page, 'refused-two-registries');
  assert.equal(await page.locator('#missing').count(), 0, 'nothing is missing below a contradiction');
});

test('the link of the chain that decided says why, not only that', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  for (const { id, expect } of examples) {
    await shown(page, id);
    const claims = await page.locator('.chain .claim').allInnerTexts();
    for (const title of ['Could not check', 'Not checked yet', 'Does not match']) assert.ok(!claims.includes(title), `${id}: ${title}`);
    if (['proven', 'consistent'].includes(expect.outcome)) continue;
    assert.ok(claims.includes(await page.locator('.says').innerText()), `${id}: ${claims.join(' | ')}`);
  }
});

test('a program at the beginning of a sentence is written as it is typed, words are not', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await shown(page, 'refused-changed-index');
  assert.match(await page.locator('.says').innerText(), /^crane digest says /);
  await shown(page, 'refused-other-key');
  assert.match(await page.locator('.says').innerText(), /^Signed, but /);
  await shown(page, 'refused-unsigned');
  assert.match(await page.locator('.says').innerText(), /^No signature /);
});

test('the image that the title names is not named again below it', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await paste(page, 'nicolas/webdis:0.1.24\n');
  assert.match(await page.locator('#verdict').innerText(), /nicolas\/webdis:0\.1\.24$/);
  assert.doesNotMatch(await page.locator('.subject').innerText(), /webdis/);
  await paste(page, `$ docker pull nicolas/webdis:0.1.24\n0.1.24: Pulling from nicolas/webdis\nDigest: sha256:${'1f'.repeat(32)}\n`);
  assert.match(await page.locator('.subject').innerText(), /nicolas\/webdis:0\.1\.24 · digest 1f1f1f1f/);
});

test('a digest of a pasted text is not shown like an image’s', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await shown(page, 'webdis-0.1.19-list');
  const { items } = await page.evaluate(() => document.querySelector('webdis-verify').report);
  const pull = items.find((i) => i.kind === 'docker-pull');
  const list = items.find((i) => i.kind === 'index');
  const text = await page.locator('.given').textContent();
  assert.ok(!text.includes(pull.digest.slice(7, 15)), 'the text of docker pull');
  assert.ok(text.includes(list.digest.slice(7, 15)), 'the list');
});

test('the image that a text names fills the field, until it is gone', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.evaluate(() => document.querySelector('webdis-verify').verify('nicolas/webdis:0.1.24\n'));
  assert.equal(await page.locator('#image').inputValue(), 'docker.io/nicolas/webdis:0.1.24');
  assert.equal(await page.locator('.act button').innerText(), 'Fetch what is missing');
  await page.locator('.row-item .remove').click();
  await page.waitForFunction(() => document.querySelector('webdis-verify').report === null);
  assert.equal(await page.locator('#image').inputValue(), '', 'what was not typed does not stay');
});

test('key, profile and trusted root are files under the policy, and can be taken back', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await shown(page, 'demo-bundle');
  await page.evaluate((list) => document.querySelector('webdis-verify').verify(list), demo.inputs);
  await page.locator('.policy > summary').click();
  const choose = (key, name, text) => page.locator(`[data-file=${key}] ~ input[type=file]`).first().setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const outcome = (wanted) => page.waitForFunction((w) => document.querySelector('webdis-verify').report?.outcome === w, wanted);
  await outcome('proven');
  await choose('key', 'other.pub', example('refused-other-key').options.key);
  await outcome('contradicted');
  await choose('key', 'demo.pub', demo.options.key);
  await outcome('proven');
  await page.locator('[data-file=trustedRoot] + button').click();
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome !== 'proven');
  await choose('trustedRoot', 'root.json', demo.options.trustedRoot);
  await outcome('proven');
  await accessible(page, 'the policy, opened');
});

test('a key or a root among the evidence is recognised, compared, and used only if it is chosen', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  const report = () => page.evaluate(() => document.querySelector('webdis-verify').report);
  const settled = (wanted) => page.waitForFunction((w) => document.querySelector('webdis-verify').report?.publisher.keys.length === w, wanted);
  const extra = [{ name: 'k.pub', text: demo.options.key }, { name: 'root.json', text: demo.options.trustedRoot }];
  await page.evaluate((list) => document.querySelector('webdis-verify').verify(list), [...demo.inputs, ...extra]);
  assert.equal((await report()).publisher.keys.length, 0, 'not used by itself');
  const row = (name) => page.locator('.row-item', { hasText: name });
  await row('k.pub').locator('.use').click();
  await settled(1);
  await page.locator('.given', { hasText: 'Equal to the key' }).waitFor();
  assert.equal((await report()).code, 'log-unknown');
  await row('root.json').locator('.use').click();
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome === 'proven');
  await page.locator('.given', { hasText: 'You chose it' }).waitFor();
  await accessible(page, 'offers');
  // Another key than the built-in one is said to be that.
  const other = await open(browser, `${server.url}/index.html`);
  await other.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await other.evaluate((list) => document.querySelector('webdis-verify').verify(list), [{ name: 'docker pull', text: example('webdis-0.1.19-list').inputs[0].text }, extra[0]]);
  await other.locator('.given', { hasText: 'Another key (8f2f9111)' }).waitFor();
  assert.equal(await other.evaluate(() => document.querySelector('webdis-verify').report.publisher.name), 'Webdis');
  assert.deepEqual(page.errors, []);
});

test('where only the key is missing the action is to choose one', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.evaluate((list) => document.querySelector('webdis-verify').verify(list), demo.inputs);
  const act = page.locator('.act button');
  assert.equal(await act.innerText(), 'Choose the publisher’s key…');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), act.click()]);
  await chooser.setFiles({ name: 'demo.pub', mimeType: 'text/plain', buffer: Buffer.from(demo.options.key) });
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.publisher.keys.length === 1);
  const { code } = await page.evaluate(() => document.querySelector('webdis-verify').report);
  assert.equal(code, 'log-unknown', 'the key was used; the demonstration’s log is not one that the page knows');
});

test('a demonstration is a strip, then a verdict with its chain folded', async () => {
  for (const dark of [false, true]) {
    const page = await open(browser, `${server.url}/host.html`, { dark });
    const height = (id) => page.evaluate((i) => document.querySelector(i).getBoundingClientRect().height, id);
    await page.waitForFunction(() => document.querySelector('#b').shadowRoot);
    assert.ok(await height('#a') <= 160, `${await height('#a')} px before the click`);
    assert.equal(await page.locator('#a .main').count(), 1, 'one button');
    assert.match(await page.locator('#b .absent').innerText(), /nowhere/, 'an id that nothing has is said');
    assert.equal(await page.locator('#a .absent').count(), 0);
    await page.evaluate(([root]) => { for (const e of document.querySelectorAll('webdis-verify')) e.trustedRoot = root; }, [demo.options.trustedRoot]);
    const asked = page.asked.length;
    await page.locator('#a .main').first().click();
    await page.waitForFunction(() => document.querySelector('#a').report);
    assert.equal(page.asked.length, asked, 'and asks nobody');
    assert.equal(await page.evaluate(() => document.querySelector('#a').report.outcome), 'proven');
    assert.equal(await page.locator('#a .more').evaluate((n) => n.open), false, 'the chain is folded');
    assert.ok(await height('#a') <= 640, `${await height('#a')} px after`);
    const look = await page.evaluate(() => {
      const [host, own] = [document.querySelector('.column'), document.querySelector('#a')].map((n) => getComputedStyle(n));
      return { same: host.color === own.color && host.fontFamily === own.fontFamily, back: own.backgroundColor, wide: document.querySelector('#a').scrollWidth };
    });
    assert.deepEqual(look, { same: true, back: 'rgba(0, 0, 0, 0)', wide: 320 });
    assert.equal(await page.evaluate(() => document.querySelector('#b').report), null, 'the other one waits');
    await accessible(page, 'two demonstrations on a dark page');
    await screenshot(page, `embedded-320-${dark ? 'dark' : 'light'}`);
    assert.deepEqual(page.errors, []);
  }
});

test('a demonstration works in a sandboxed frame', async () => {
  const page = await open(browser, `${server.url}/frame.html`);
  const frame = page.frameLocator('iframe');
  await frame.locator('#a .main').first().click();
  await frame.locator('#a .verdict').waitFor();
});

test('the mark of each outcome has its own outline', async () => {
  const page = await open(browser, `${server.url}/index.html`);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  const outlines = new Set();
  for (const id of ['demo-bundle', 'refused-other-key', 'refused-unsigned']) {
    await shown(page, id);
    outlines.add(await page.locator('.headline .glyph').evaluate((n) => n.innerHTML.replace(/ class="[^"]*"/g, '')));
  }
  assert.equal(outlines.size, 3);
});

test('right to left, at 200 % and with large letters nothing is cut or turned over', async () => {
  for (const [width, change] of [[1280, "document.documentElement.dir = 'rtl'"], [320, "document.documentElement.dir = 'rtl'"], [640, ''], [1280, "document.documentElement.style.fontSize = '200%'"], [640, "document.documentElement.style.fontSize = '200%'"]]) {
    const page = await open(browser, `${server.url}/index.html`, { width, reduced: true });
    await page.evaluate(change);
    for (const id of ['demo-bundle', 'demo-two-registries', 'refused-changed-index']) {
      await shown(page, id);
      await page.evaluate(() => { for (const d of document.querySelector('webdis-verify').shadowRoot.querySelectorAll('details')) d.open = true; });
      await fits(page, `${id}, ${width}, ${change}`);
    }
    await shown(page, 'demo-bundle');
    const sides = await page.evaluate(() => {
      const root = document.querySelector('webdis-verify').shadowRoot;
      return [...root.querySelectorAll('.node')].map((n) => [n.querySelector('.glyph').getBoundingClientRect().left, n.querySelector('.claim').getBoundingClientRect().left]);
    });
    for (const [mark, text] of sides) assert.ok(/rtl/.test(change) ? mark > text : mark < text, 'the mark stands before its sentence');
    // What programs wrote is read from the left in any script, and letters of twice the size have marks of twice the size.
    await page.locator('[data-link]').nth(4).click();
    await page.locator('.drawer code .half').first().waitFor();
    const written = await page.evaluate(() => {
      const root = document.querySelector('webdis-verify').shadowRoot;
      const lefts = [...root.querySelectorAll('.drawer code .half')].map((half) => [...half.querySelectorAll('.g')].map((g) => Math.round(g.getBoundingClientRect().left)));
      return { lefts, pre: getComputedStyle(root.querySelector('.drawer pre')).direction, mark: root.querySelector('.node .glyph').getBoundingClientRect().width };
    });
    assert.equal(written.pre, 'ltr');
    assert.ok(written.lefts.length > 0);
    for (const lefts of change.includes('rtl') && width > 640 ? written.lefts : []) assert.deepEqual(lefts, lefts.toSorted((a, b) => a - b), 'groups of a digest');
    assert.equal(written.mark, /200%/.test(change) ? 40 : 20);
    await accessible(page, `${width}, ${change}`);
  }
});
