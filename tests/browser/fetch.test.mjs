// From a reference to a verdict in the browser: the page, the real
// `webdis-verify serve`, a registry on loopback.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { accessible, dist, fits, launch, open, paste, report, screenshot, serve, settled } from './harness.mjs';
import { header, padding } from './tar.mjs';
import { NOW, expected, program, proxy, registry, kept } from './registry.mjs';

/** A tar file with one document in it. */
const tar = (() => {
  const bytes = Buffer.from('{"imageLayoutVersion":"1.0.0"}');
  return Buffer.concat([header('oci-layout', bytes.length), bytes, padding(bytes.length), Buffer.alloc(1024)]);
})();

let browser, first, second, server;
before(async () => {
  browser = await launch();
  first = await registry();
  second = await registry();
  server = await proxy([first.host, second.host]);
});
after(async () => {
  await browser?.close();
  await server?.close();
  await first?.close();
  await second?.close();
});

beforeEach(() => {
  for (const registry of [first, second].filter(Boolean)) registry.twist = (path, answer) => answer;
});

const answered = (page) => page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.fetched, .beside-registries, .alert:not(:empty)')
  && document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false', null, { timeout: 90_000 });

/** Wide and narrow, light and dark. */
async function shots(page, name) {
  for (const [width, colorScheme] of [[1280, 'light'], [1280, 'dark'], [360, 'light'], [360, 'dark']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(150);
    await fits(page, `${name} ${width}`);
    await screenshot(page, `fetch-${name}-${width}-${colorScheme}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** The page with a key and the keys of the logs. */
async function start(options = {}, at = server.url, key = kept('keys/cosign.pub')) {
  const page = await open(browser, `${at}/`, options);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.evaluate(([pem, root]) => {
    const node = document.querySelector('webdis-verify');
    node.trustedRoot = root;
    if (pem.startsWith('{')) node.setAttribute('publisher', pem);
    else node.setAttribute('key', pem);
  }, [key, kept('keys/trusted_root.json')]);
  // The choices come with an answer.
  await page.locator('#now').waitFor({ state: 'attached' });
  for (const summary of await page.locator('details:has(#now) > summary').all()) await summary.click();
  await page.locator('#now').fill(NOW);
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false');
  return page;
}

/** Types a reference and presses Enter. */
async function fetchImage(page, image) {
  await page.locator('#image').fill(image);
  await page.locator('#image').press('Enter');
  await answered(page);
  return report(page);
}

test('a reference is a verdict, as the vectors expect', async (t) => {
  const page = await start();
  for (const { repo, digest, what, signed } of expected().filter((e) => e.what === 'index')) {
    const before = page.asked.length;
    const answer = await fetchImage(page, `${first.host}/${repo}:1.0`);
    const took = await page.locator('.fetched p').first().innerText();
    t.diagnostic(`${repo} (${what}): ${answer.outcome}. ${took} ${page.asked.length - before} of them by the page.`);
    assert.equal(answer.outcome, signed ? 'proven' : 'unsigned', `${repo}: ${answer.headline}`);
    assert.equal(answer.subject.digest, digest);
    assert.ok(page.asked.every((address) => address.startsWith(server.url)), 'everything goes by way of the proxy');
  }
  assert.ok((await report(page)).links.length > 0);
});

test('another key contradicts, another image of the same bytes does not mix in', async () => {
  const page = await start({}, server.url, kept('keys/other.pub'));
  for (const repo of ['team/app', 'team/legacy']) {
    assert.equal((await fetchImage(page, `${first.host}/${repo}:1.0`)).outcome, 'contradicted', repo);
  }
  assert.equal((await fetchImage(page, `${first.host}/team/unsigned:1.0`)).outcome, 'unsigned', 'what was fetched before is gone');
});

test('the verdict is the one of the command line', async () => {
  const page = await start();
  const answer = await fetchImage(page, `${first.host}/team/legacy:1.0`);
  const folder = mkdtempSync(join(tmpdir(), 'fetch-'));
  for (const name of ['keys/cosign.pub', 'keys/trusted_root.json']) writeFileSync(join(folder, basename(name)), kept(name));
  const args = ['verify', '--key', join(folder, 'cosign.pub'), '--trusted-root', join(folder, 'trusted_root.json'), '--now', NOW, '--format', 'json', `${first.host}/team/legacy:1.0`];
  const native = JSON.parse(await new Promise((done, failed) => execFile(program, args, { maxBuffer: 1 << 26 }, (error, out, said) => (out ? done(out) : failed(new Error(said))))));
  rmSync(folder, { recursive: true });
  const links = ({ links: list }) => list.map((l) => `${l.id} ${l.outcome} ${l.code} ${l.found}`);
  assert.ok(links(native).length > 3);
  assert.deepEqual(links(answer), links(native));
  assert.deepEqual([answer.outcome, answer.code, answer.subject], [native.outcome, native.code, native.subject]);
  assert.ok(answer.caveats.some((m) => m.code === 'tag-is-mutable'), 'a tag is the registry’s word');
});

test('one byte of what was fetched can be changed, and comes back, without a request', async () => {
  for (const repo of ['team/app', 'team/legacy']) {
    const page = await start();
    const good = await fetchImage(page, `${first.host}/${repo}:1.0`);
    assert.equal(good.outcome, 'proven');
    const names = await page.locator('select.spoil option').evaluateAll((all) => all.map((o) => o.value).filter(Boolean));
    assert.ok(names.length >= 2, names.join());
    const proxied = () => page.asked.filter((url) => url.includes('/proxy/')).length;
    const before = proxied();
    const bad = new Set();
    for (const name of names) {
      await page.locator('select.spoil').selectOption(name);
      await page.waitForSelector('.one-byte #restore');
      const spoilt = await report(page);
      bad.add(spoilt.outcome);
      await page.locator('#restore').click();
      await page.waitForSelector('.one-byte', { state: 'detached' });
      await page.waitForSelector('select.spoil');
      const again = await report(page);
      const plain = ({ outcome, code, headline, links, subject, caveats }) => ({ outcome, code, headline, subject, caveats, links: links.map((l) => `${l.id} ${l.outcome} ${l.code}`).sort() });
      assert.deepEqual(plain(again), plain(good), `${name}, restored`);
    }
    assert.ok([...bad].some((outcome) => outcome !== 'proven'), `${repo}: a byte that matters: ${[...bad].join()}`);
    assert.equal(proxied(), before, 'nothing is fetched again');
    // What is fetched anew ends it.
    await page.locator('select.spoil').selectOption(names[0]);
    await page.waitForSelector('.one-byte #restore');
    assert.equal((await fetchImage(page, `${first.host}/${repo}:1.0`)).outcome, 'proven');
    assert.equal(await page.locator('.one-byte').count(), 0);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  }
});

test('nothing is asked before the user asks; a paste asks nothing', async () => {
  const page = await start();
  const before = page.asked.length;
  const asked = first.asked.length;
  await page.locator('#image').fill(`${first.host}/team/legacy:1.0`);
  await page.waitForTimeout(600);
  await page.locator('#sheet').fill('{"schemaVersion":2}');
  await page.waitForTimeout(600);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.waitForTimeout(600);
  const more = page.asked.slice(before).filter((address) => address.includes('/proxy/'));
  assert.deepEqual(more, []);
  assert.equal(first.asked.length, asked);
});

test('an image that is not there, a proxy that is not there: not checked, with commands', async () => {
  const page = await start();
  const missing = await fetchImage(page, `${first.host}/team/nothing:1.0`);
  assert.deepEqual([missing.outcome, missing.code], ['not-checked', 'registry-not-found']);
  const plain = await serve(dist);
  const there = await start({}, plain.url);
  const none = await fetchImage(there, `${first.host}/team/legacy:1.0`);
  assert.deepEqual([none.outcome, none.code], ['not-checked', 'registry-no-proxy']);
  assert.doesNotMatch(JSON.stringify(none.links), /registry-not-found|places-unread/, 'a page that is no proxy says nothing of the image');
  assert.equal(await there.locator('.script .copy').count(), 1);
  assert.match(await there.locator('#proxy').innerText(), /No registry proxy answers here/);
  // Nor where what was pasted is decided without anybody.
  const pasted = await open(browser, plain.url);
  await paste(pasted, `$ docker pull nicolas/webdis:0.1.19
0.1.19: Pulling from nicolas/webdis
Digest: sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667
Status: Downloaded newer image for nicolas/webdis:0.1.19
`);
  await pasted.locator('.answer .main').click();
  await pasted.waitForFunction(() => /No registry proxy answers here/.test(document.querySelector('webdis-verify').shadowRoot.querySelector('#proxy').textContent));
  await settled(pasted);
  const agreed = await report(pasted);
  assert.equal(agreed.outcome, 'consistent');
  assert.match(JSON.stringify(agreed.links), /registry-no-proxy/);
  assert.doesNotMatch(JSON.stringify(agreed.links), /registry-not-found/);
  assert.doesNotMatch(await pasted.locator('.answer').innerText(), /Fetched with/);
  await plain.close();
  const gone = await fetchImage(there, `${first.host}/team/legacy:1.0`);
  assert.deepEqual([gone.outcome, gone.code], ['not-checked', 'registry-offline'], 'the proxy went away');
  await fits(there);
  await accessible(there, 'offline');
  await shots(there, 'offline');
});

test('without a connection the registry is what cannot be reached, however early', async () => {
  for (const rest of [false, true]) {
    const page = await open(browser, `${server.url}/`);
    await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
    const whole = () => page.asked.some((url) => url.endsWith('webdis_verify_rest.wasm')) && page.asked.some((url) => url.endsWith('archive_wasm_bg.wasm'));
    // At rest it has loaded what a later check needs.
    if (rest) { while (!whole()) await page.waitForTimeout(100); await page.waitForLoadState('networkidle'); } else assert.equal(whole(), false);
    await page.context().setOffline(true);
    const answer = await fetchImage(page, 'nicolas/webdis:0.1.24');
    assert.deepEqual([answer.outcome, answer.code], ['not-checked', 'registry-offline'], answer.headline);
    assert.match(await page.locator('.verdict').innerText(), /nicolas\/webdis:0\.1\.24 could not be reached[^]*no connection/);
    assert.doesNotMatch(await page.locator('#proxy').innerText(), /answers/);
    assert.equal(await page.getByRole('button', { name: /^Fetch/ }).count(), 2, 'the field’s and the verdict’s');
    if (rest) {
      // And it goes on with what is pasted and dropped: Content Trust and archives.
      await page.locator('#examples').selectOption('webdis-0.1.19-trust');
      await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.some(({ kind }) => kind.startsWith('trust')));
      assert.doesNotMatch((await report(page)).code, /^engine/);
      await page.locator('input[type=file][multiple]').first().setInputFiles({ name: 'a.tar', mimeType: 'application/x-tar', buffer: tar });
      await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.some(({ name }) => name.startsWith('a.tar/')));
      // Back on line the same button fetches.
      await page.context().setOffline(false);
      await page.locator('.give .remove, .given .remove').first().click();
      assert.notEqual((await fetchImage(page, `${first.host}/team/app:1.0`)).code, 'registry-offline');
    }
    await page.context().close();
  }
});

test('where fetching stopped, one paste of the script’s output continues', async () => {
  const page = await start();
  first.twist = (path, answer) => (/\/(referrers|blobs)\/|sha256-/.test(path) ? { ...answer, status: 403 } : answer);
  const stopped = await fetchImage(page, `${first.host}/team/legacy:1.0`);
  first.twist = (path, answer) => answer;
  assert.equal(stopped.outcome, 'not-checked');
  const script = stopped.commands.find((c) => c.code === 'command-script').command;
  let output;
  try {
    output = await new Promise((done, failed) => execFile('sh', ['-c', script], (error, out) => (error && !out ? failed(error) : done(out))));
  } catch (error) {
    assert.ok(!process.env.CI, String(error));
    return;
  }
  await page.locator('#sheet').evaluate((field, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, output);
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.outcome === 'proven', null, { timeout: 10_000 });
});

test('429 says when to come back, and says nothing about the image', async () => {
  const page = await start();
  first.twist = (path, answer) => (path === '/v2/' ? answer : { status: 429, headers: { 'retry-after': '37', 'content-type': 'text/plain' }, body: Buffer.from('slow down') });
  const answer = await fetchImage(page, `${first.host}/team/legacy:1.0`);
  first.twist = (path, same) => same;
  assert.deepEqual([answer.outcome, answer.code], ['not-checked', 'registry-rate-limited']);
  assert.match(answer.headline, /37/);
  assert.equal(await page.locator('.script .copy').count(), 1);
  // What is typed afterwards changes nothing about that.
  await page.locator('textarea').first().fill('hello');
  await page.waitForFunction(() => document.querySelector('webdis-verify').report?.items.length === 1
    && document.querySelector('webdis-verify').shadowRoot.querySelector('.answer').getAttribute('aria-busy') === 'false');
  assert.equal((await report(page)).headline, answer.headline);
  await page.locator('textarea').first().fill('');
  await shots(page, 'rate-limited');
});

test('fetching can be watched and stopped', async () => {
  const page = await start();
  let release;
  const held = new Promise((done) => { release = done; });
  first.twist = async (path, answer) => { if (path.includes('/blobs/')) await held; return answer; };
  await page.locator('#image').fill(`${first.host}/team/app:1.0`);
  await page.getByRole('button', { name: 'Fetch and check' }).click();
  await page.waitForFunction(() => /[1-9]\d* of/.test(document.querySelector('webdis-verify').shadowRoot.querySelector('.fetching .soft')?.textContent));
  await accessible(page, 'progress');
  await shots(page, 'progress');
  await page.locator('#stop').click();
  await answered(page);
  release();
  first.twist = (path, answer) => answer;
  const answer = await report(page);
  assert.equal(answer.outcome, 'not-checked', answer.headline);
  assert.equal((await fetchImage(page, `${first.host}/team/app:1.0`)).outcome, 'proven', 'it can be started again');
});

/** A profile that holds the image in both registries. */
const profile = (repo) => JSON.stringify({
  schema: 'https://webdis-verify.dev/profile/v1', id: 'two', publisher: 'Two',
  repositories: [`${first.host}/${repo}`, `${second.host}/${repo}`],
  keys: [{ name: 'cosign.pub', fingerprint: fingerprint(kept('keys/cosign.pub')), pem: kept('keys/cosign.pub') }],
  log: 'required',
});
const fingerprint = (pem) => createHash('sha256').update(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')).digest('hex');

test('two registries side by side: they agree, or they do not', async () => {
  const page = await start({}, server.url, profile('team/legacy'));
  const repo = 'team/legacy';
  assert.equal((await fetchImage(page, `${first.host}/${repo}:1.0`)).outcome, 'proven');
  const unsigned = (path, answer) => (/\/referrers\/|sha256-/.test(path) ? { ...answer, status: 404 } : answer);
  second.twist = unsigned;
  await page.getByRole('button', { name: `Compare with ${second.host}/${repo}:1.0` }).click();
  await page.waitForSelector('.beside-registries');
  await answered(page);
  const words = await page.locator('.beside-registries').innerText();
  assert.match(words, /name the same digest/);
  assert.match(words, /The proxy told these answers/);
  assert.match(words, /Signatures are attached[^]*No signature is attached/);
  assert.match(words, new RegExp(`${second.host}/${repo} holds no signature`));
  const agreed = await report(page);
  assert.equal(agreed.outcome, 'proven', 'comparing weakens nothing');
  assert.ok(agreed.links.some((l) => l.code === 'registries-agree' && l.place === 'branch'));
  assert.ok(agreed.links.some((l) => l.code === 'signed-elsewhere'));
  assert.deepEqual(agreed.caveats.map((c) => c.code).filter((c) => c.startsWith('tag-')), ['tag-agreed-by-proxy']);
  await fits(page);
  await accessible(page, 'side by side');
  await shots(page, 'side-by-side');

  const other = Buffer.from('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}');
  const digest = `sha256:${createHash('sha256').update(other).digest('hex')}`;
  second.twist = (path, answer) => (path.endsWith('/manifests/1.0') || path.endsWith(digest)
    ? { status: 200, headers: { 'content-type': 'application/vnd.oci.image.index.v1+json', 'docker-content-digest': digest }, body: other } : unsigned(path, answer));
  await fetchImage(page, `${first.host}/${repo}:1.0`);
  await page.locator('.other').click();
  await page.waitForSelector('.beside-registries');
  await answered(page);
  assert.match(await page.locator('.beside-registries').innerText(), /different digests/);
  const disputed = await report(page);
  assert.equal(disputed.outcome, 'proven', 'another registry’s image changes nothing about this one');
  assert.ok(disputed.caveats.some((c) => c.code === 'tag-disputed'));
  second.twist = (path, answer) => ({ ...answer, status: 500 });
  await fetchImage(page, `${first.host}/${repo}:1.0`);
  await page.locator('.other').click();
  await page.waitForSelector('.beside-registries');
  assert.doesNotMatch(await page.locator('.beside-registries').innerText(), /same digest|different digests/);
  await answered(page);
  const silent = await report(page);
  assert.equal(silent.outcome, 'proven');
  assert.ok(silent.links.some((l) => l.code === 'registries-unknown'));
  assert.ok(silent.caveats.some((c) => c.code === 'tag-is-mutable'));
  second.twist = (path, answer) => answer;
});

test('tags by digest, asked for by a click, once', async () => {
  const page = await open(browser, `${server.url}/`);
  await page.evaluate(async ([repository]) => {
    await import('./www/tags.js');
    const node = document.createElement('webdis-tags');
    node.setAttribute('repository', repository);
    const main = document.createElement('main');
    main.append(Object.assign(document.createElement('h1'), { textContent: 'Tags' }), node);
    document.querySelector('webdis-verify').replaceWith(main);
  }, [`${first.host}/team/legacy`]);
  first.asked.length = 0;
  await page.waitForTimeout(300);
  assert.deepEqual(first.asked, [], 'nothing before a click');
  await page.getByRole('button', { name: 'Show tags by digest' }).click();
  await page.waitForSelector('.row-item');
  assert.equal(await page.locator('.row-item').count(), 1, 'two tags, one digest; signature tags are hidden');
  assert.match(await page.locator('.row-item p').first().innerText(), /1\.0 latest/);
  await page.locator('summary').first().click();
  await page.waitForSelector('dt');
  assert.deepEqual(await page.locator('dt').allInnerTexts(), ['linux/amd64', 'linux/arm64']);
  await accessible(page, 'tags');
  await shots(page, 'tags');
  const asked = first.asked.length;
  await page.evaluate(() => { const node = document.querySelector('webdis-tags'); const copy = node.cloneNode(); node.replaceWith(copy); });
  await page.getByRole('button', { name: 'Show tags by digest' }).click();
  await page.waitForSelector('.row-item');
  assert.equal(first.asked.length, asked, 'known within the visit');
  first.twist = (path, answer) => (path === '/v2/' ? answer : { status: 429, headers: { 'retry-after': '37', 'content-type': 'text/plain' }, body: Buffer.from('') });
  await page.evaluate((repository) => document.querySelector('webdis-tags').setAttribute('repository', repository), `${first.host}/team/unsigned`);
  await page.getByRole('button', { name: 'Show tags by digest' }).click();
  await page.waitForSelector('[role=alert]');
  first.twist = (path, answer) => answer;
  assert.match(await page.locator('[role=alert]').innerText(), /limit[^]*37/);
});
