// 30 MiB of anything through the session of the page: how much memory the wasm
// has afterwards, and how long the report is. Times are printed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun, dist, enginePage, openEngine } from './harness.mjs';

const MIB = 1 << 20;
const digest = 'a1'.repeat(32);
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const children = Array.from({ length: 900 }, () => `{"mediaType":"${MANIFEST}","digest":"sha256:%64","size":7}`).join(',');
/** Each again and again; `%64` is a number of that many digits. */
const TEXTS = {
  prose: 'Docker images for Webdis are signed: you can verify that an image you pulled is legitimate.\n',
  'prose, CRLF': 'Images are signed: verify them before you run them.\r\n',
  'prose, unicode': 'Les images sont sign\u00e9es\u00a0: v\u00e9rifiez-les \u2014 \u691c\u8a3c.\n',
  'a session': `$ docker pull nicolas/webdis:0.1.19\n0.1.19: Pulling from nicolas/webdis\nDigest: sha256:${digest}\nStatus: Image is up to date for nicolas/webdis:0.1.19\n`,
  log: '2026-11-21T12:00:00.123Z INFO worker[17] GET /v2/team/app/manifests/1.0 200 12ms id=4f2a\n',
  yaml: '  image: team/app:1.0\n  ports:\n    - name: http\n      containerPort: 7379\n',
  base64: `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'.repeat(2)}\n`,
  'one-letter words': 'x x x\n',
  'one letter': 'x\n',
  'line ends': '\n',
  headers: 'a: b\n',
  quotes: '"a b\n',
  'a bracket': '[',
  'open objects': '{"a":["b",\n',
  'json lines': '{"level":"info","msg":"a line of a log","n":12}\n',
  'json strings': '"a member": "and its value",\n',
  errors: 'Error: no signatures found\n',
  digests: `see sha256:${digest} there\n`,
  'rows of images': 'team/app   1.0   sha256:%64   4f2a4f2a4f2a   3 weeks ago   12.1MB\n',
  manifests: `{"schemaVersion":2,"mediaType":"${MANIFEST}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%64","size":7},"layers":[]}\n`,
  indexes: `{"schemaVersion":2,"mediaType":"${INDEX}","manifests":[${children}]}\n`,
};

const { server, browser } = await begun(dist, enginePage);
let page;

for (const [name, unit] of Object.entries(TEXTS)) {
  test(`30 MiB: ${name}`, async () => {
    // Without workers the engine runs on the page, where its memory can be seen.
    page = await openEngine(browser, server.url, () => {
      delete globalThis.Worker;
      const { Instance } = WebAssembly;
      WebAssembly.Instance = function instance(...args) {
        const made = new Instance(...args);
        globalThis.memory = made.exports.memory ?? globalThis.memory;
        return made;
      };
    });
    const found = await page.evaluate(async ([text, size]) => {
      const encoder = new TextEncoder();
      const parts = text.split('%64').map((part) => encoder.encode(part));
      const bytes = new Uint8Array(size).fill(10);
      let at = 0;
      let number = 0;
      while (at < size) {
        for (const [n, part] of parts.entries()) {
          if (n > 0) number += 1;
          const whole = n > 0 ? encoder.encode((number * 2654435761 >>> 0).toString(16).padStart(8, '0') + number.toString(16).padStart(56, '0')) : new Uint8Array();
          if (at + whole.length + part.length > size) { at = size; break; }
          bytes.set(whole, at);
          bytes.set(part, at + whole.length);
          at += whole.length + part.length;
        }
      }
      const session = new globalThis.engine.Session();
      await session.check();
      session.add({ name: 'text', origin: 'paste', bytes });
      const begun = performance.now();
      const report = await session.check();
      const took = performance.now() - begun;
      return { took, memory: globalThis.memory.buffer.byteLength, report: JSON.stringify(report).length, outcome: report.outcome, code: report.code, items: report.items.length };
    }, [unit, 30 * MIB]);
    console.log(`${name.padEnd(18)} ${(found.took / 1000).toFixed(2)} s, ${(found.memory / MIB).toFixed(1)} MiB, report ${found.report} bytes, ${found.items} items, ${found.code}`);
    assert.notEqual(found.outcome, 'proven');
    assert.ok(found.memory < 80 * MIB, `${found.memory / MIB} MiB`);
    assert.ok(found.report < 256 * 1024, `${found.report} bytes`);
    await page.context().close();
  });
}
