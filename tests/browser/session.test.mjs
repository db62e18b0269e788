// The engine's session in Chromium: bytes cross once, causes stay.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dist, enginePage, launch, openEngine, serve } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

// A proxy at the page's own address, whose registry limits how often it answers.
const limited = { status: 429, headers: { 'retry-after': '77', 'content-type': 'application/json' }, body: '{}' };
const pages = new Proxy(enginePage, { get: (own, path) => own[path] ?? (path.startsWith('/proxy/') ? limited : undefined) });

/** The engine page, which counts the bytes that go to the worker. */
async function engine() {
  const open = await serve(dist, pages);
  const page = await openEngine(browser, open.url, () => {
    globalThis.crossed = 0;
    const { postMessage } = Worker.prototype;
    const sizes = (value) => (value instanceof Uint8Array ? value.length : value && typeof value === 'object' && !(value instanceof WebAssembly.Module) ? Object.values(value).reduce((n, v) => n + sizes(v), 0) : 0);
    Worker.prototype.postMessage = function post(message, ...rest) { globalThis.crossed += sizes(message); return postMessage.call(this, message, ...rest); };
  });
  // With the rest of the wasm there, no engine is started anew for it.
  await page.evaluate(() => globalThis.engine.codes());
  page.done = () => open.close();
  return page;
}

test('the bytes of an input cross once', async () => {
  const page = await engine();
  const [crossed, items] = await page.evaluate(async () => {
    const session = new globalThis.engine.Session();
    const bytes = (n) => ({ name: `f${n}`, origin: 'file', bytes: new Uint8Array(1000).fill(n) });
    const crossed = [];
    const items = [];
    const check = async () => {
      const before = globalThis.crossed;
      items.push((await session.check({ image: 'r.example/o/n:1' })).items.map(({ name }) => name).join());
      crossed.push(globalThis.crossed - before);
    };
    const [a, b] = [bytes(1), bytes(2)];
    session.add(a);
    await check();
    session.add(b);
    session.add(a);
    await check();
    await check();
    session.remove(a);
    await check();
    await session.check({ verified: true }).catch(() => {});
    session.give([b, bytes(3)]);
    await session.check({ verified: true }).catch(() => {});
    await check();
    return [crossed, items];
  });
  assert.deepEqual(items, ['f1', 'f1,f2', 'f1,f2', 'f2', 'f2,f3']);
  assert.deepEqual(crossed, [1000, 1000, 0, 0, 1000]);
  await page.done();
});

test('the bytes that were hashed are asked for', async () => {
  const page = await engine();
  const [report, bytes, beyond] = await page.evaluate(async () => {
    const session = new globalThis.engine.Session();
    session.add({ name: 'x', origin: 'file', bytes: new TextEncoder().encode('hello') });
    return [await session.check(), new TextDecoder().decode(await session.bytes(0)), await session.bytes(7)];
  });
  assert.equal(report.items[0].bytes, undefined);
  assert.equal(bytes, 'hello');
  assert.equal(beyond, undefined);
  await page.done();
});

test('checking again after a refusal says the same', async () => {
  const page = await engine();
  const reports = await page.evaluate(async () => {
    const session = new globalThis.engine.Session();
    const options = { image: 'nicolas/webdis:0.1.24' };
    const first = await session.fetch(options, { proxy: '/' });
    const again = await session.check(options);
    session.add({ name: 'typed', origin: 'paste', bytes: new TextEncoder().encode('hello') });
    const typed = await session.check(options);
    const other = await session.check({ image: 'nicolas/webdis:0.1.23' });
    return [first.report, again, typed, other];
  });
  const [first, again, typed, other] = reports.map(({ outcome, code, headline }) => `${outcome} ${code} ${headline}`);
  assert.match(first, /^not-checked registry-rate-limited .*77/);
  assert.equal(again, first);
  assert.equal(typed, first);
  assert.doesNotMatch(other, /rate-limited/, 'nothing was asked of another image');
  await page.done();
});

test('an engine that was started anew is given what there is', async () => {
  const page = await engine();
  const names = await page.evaluate(async () => {
    const session = new globalThis.engine.Session();
    // Enough that no check of it is done before a timer fires.
    session.add({ name: 'x', origin: 'file', bytes: new TextEncoder().encode('hello: you\n'.repeat(500_000)) });
    await session.check();
    const late = await session.check({ timeout: 0 });
    return [late.code, (await session.check()).items.map(({ name }) => name).join()];
  });
  assert.deepEqual(names, ['engine-timeout', 'x']);
  await page.done();
});

test('a mistake is named', async () => {
  const page = await engine();
  const mistake = (options) => page.evaluate((chosen) => globalThis.engine.check([], chosen).then(() => 'none', (error) => `${error.name}: ${error.message}`), options);
  assert.match(await mistake({ verified: true }), /^UsageError: .*unknown field `verified`/);
  assert.match(await mistake({ ignoreTlog: 'yes' }), /^UsageError: .*invalid type.*boolean/);
  assert.match(await mistake({ image: 7 }), /^UsageError: .*invalid type.*string/);
  assert.match(await mistake({ identity: 'a' }), /^UsageError: identity and issuer belong together/);
  assert.match(await mistake({ key: 'a', publisher: 'webdis' }), /^UsageError: give one of/);
  assert.equal(await mistake({ image: undefined, key: null }), 'none');
  await page.done();
});
