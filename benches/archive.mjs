// Archives: `cargo xtask bench archive`. Megabytes of the file a second, each
// once after a warm-up, in one run on one file: read the ratios. The image has
// four layers, plain or gzip; MEBIBYTES sets its size uncompressed.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { enginePage, launch, openEngine, root, serve } from '../tests/browser/harness.mjs';
import { header, padding } from '../tests/browser/tar.mjs';

const MEBIBYTES = Number(process.env.MEBIBYTES ?? 1024);
const LAYERS = 4;
const folder = mkdtempSync(join(tmpdir(), 'archive-bench-'));
const show = (what, bytes, seconds, base) =>
  console.log(`${what.padEnd(58)}${(bytes / 1e6 / seconds).toFixed(0).padStart(6)} MB/s${base ? `  ${(base / seconds).toFixed(2)} x` : ''}`);
const timed = (work) => { const begun = performance.now(); work(); return (performance.now() - begun) / 1000; };

// Programs compress to about a third: this does too.
const seed = Buffer.concat(['/usr/bin/gdb', '/bin/bash', process.execPath].filter(existsSync).map((f) => readFileSync(f))).subarray(0, 64 << 20);
function image(packed) {
  const size = Math.floor((MEBIBYTES << 20) / LAYERS / 512) * 512;
  const blobs = [];
  const ids = [];
  for (let n = 0; n < LAYERS; n += 1) {
    const layer = Buffer.alloc(size, 0);
    for (let at = 0; at < size; at += seed.length) seed.copy(layer, at);
    layer.write(`${n}`, 0);
    ids.push(`sha256:${createHash('sha256').update(layer).digest('hex')}`);
    blobs.push(packed ? gzipSync(layer, { level: 6 }) : layer);
  }
  return { blobs, ids };
}
const member = (name, bytes) => [header(name, bytes.length), bytes, padding(bytes.length)];
function write(file, { blobs, ids }) {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: ids } }));
  const name = `${createHash('sha256').update(config).digest('hex')}.json`;
  const paths = blobs.map((_, n) => `${n}/layer.tar`);
  const list = Buffer.from(JSON.stringify([{ Config: name, RepoTags: ['example/app:1.0'], Layers: paths }]));
  writeFileSync(file, '');
  const parts = [...blobs.map((b, n) => member(paths[n], b)), member(name, config), member('manifest.json', list), [Buffer.alloc(1024)]];
  for (const part of parts.flat()) writeFileSync(file, part, { flag: 'a' });
}

const program = join(root, 'target/release/webdis-verify');
const server = await serve(undefined, enginePage);
const browser = await launch();
try {
  for (const packed of [false, true]) {
    const file = join(folder, packed ? 'gzip.tar' : 'plain.tar');
    write(file, image(packed));
    const bytes = statSync(file).size;
    console.log(`\n${packed ? 'gzip' : 'plain'} layers, ${Math.round(bytes / 1e6)} MB`);
    const sum = () => execFileSync('sha256sum', [file]);
    const ours = (args) => {
      const { status, stdout } = spawnSync(program, ['check', '--format', 'json', ...args]);
      const lines = JSON.parse(stdout).links.filter(({ code }) => /^layer-(verified|unpacked)$/.test(code));
      if (status !== 4 || lines.length !== LAYERS) throw new Error(`exit ${status}, ${lines.length} layers`);
    };
    sum();
    const base = timed(sum);
    show('sha256sum of the file', bytes, base);
    show('webdis-verify check FILE, all cores', bytes, timed(() => ours([file])), base);
    const piped = timed(() => spawnSync('sh', ['-c', `exec "${program}" check - < "${file}"`]));
    show('webdis-verify check -, one stream', bytes, piped, base);
    if (spawnSync('skopeo', ['--version']).status === 0) {
      const copied = timed(() => execFileSync('skopeo', ['copy', '-q', '--insecure-policy', `docker-archive:${file}`, `oci:${join(folder, 'copy')}:1`]));
      rmSync(join(folder, 'copy'), { recursive: true });
      show('skopeo copy docker-archive: oci:', bytes, copied, base);
    }

    const page = await openEngine(browser, server.url);
    await page.setContent('<input type="file">');
    await page.locator('input').setInputFiles(file);
    const inPage = (work) => page.evaluate(work);
    const whole = await inPage(async () => {
      const [file] = document.querySelector('input').files;
      const run = async (work) => { const begun = performance.now(); await work(); return (performance.now() - begun) / 1000; };
      const engine = globalThis.engine;
      await engine.check([{ name: 'warm', origin: 'file', blob: file.slice(0, 1 << 20) }], {});
      const ours = await run(async () => {
        const report = await engine.check([{ name: file.name, origin: 'file', blob: file }], {});
        const lines = report.links.filter(({ code }) => /^layer-(verified|unpacked)$/.test(code));
        if (lines.length !== 4) throw new Error(`${lines.length} layers`);
      });
      let crypto = null;
      try {
        crypto = await run(async () => globalThis.crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
      } catch { /* more than the page may hold */ }
      return { ours, crypto };
    });
    if (whole.crypto) show('Chromium: WebCrypto on arrayBuffer(), the file held', bytes, whole.crypto);
    else console.log('Chromium: WebCrypto on arrayBuffer(): the file cannot be held');
    show('Chromium: ours, layers unpacked and hashed', bytes, whole.ours, whole.crypto);
    if (packed) {
      const streams = await inPage(async () => {
        const [file] = document.querySelector('input').files;
        const begun = performance.now();
        // The first layer: what a page without a decoder of its own does.
        const head = new Uint8Array(await file.slice(124, 135).arrayBuffer());
        const size = Number.parseInt(String.fromCharCode(...head), 8);
        const reader = file.slice(512, 512 + size).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
        let out = 0;
        for (let read; !(read = await reader.read()).done; ) out += read.value.length;
        return { seconds: (performance.now() - begun) / 1000, size, out };
      });
      show('Chromium: DecompressionStream alone, one layer, no hash', streams.size, streams.seconds);
    }
    await page.context().close();
    rmSync(file);
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
