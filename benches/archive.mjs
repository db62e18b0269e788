// Archives: `cargo xtask bench archive`. Megabytes of the file a second, of one
// file in one run, each the best of RUNS: read the ratios. The image has four
// layers, plain or gzip; MEBIBYTES sets its size uncompressed. What the
// browser's own means and hash-wasm do stands beside it, one stream for one
// stream; natively sha256sum, gunzip and skopeo.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { enginePage, launch, most, openEngine, root, serve } from '../tests/browser/harness.mjs';
import { header, padding } from '../tests/browser/tar.mjs';

const MEBIBYTES = Number(process.env.MEBIBYTES ?? 1024);
const RUNS = Number(process.env.RUNS ?? 3);
const LAYERS = 4;
const folder = mkdtempSync(join(tmpdir(), 'archive-bench-'));
const peers = join(root, 'benches/peers');
if (!existsSync(join(peers, 'node_modules/hash-wasm'))) {
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peers, stdio: 'inherit' });
}
const hashWasm = readFileSync(join(peers, 'node_modules/hash-wasm/dist/sha256.umd.min.js'), 'utf8');

const rows = [];
const best = (seconds) => Math.min(...seconds);
/** A row: what, MB/s, the ratio to a peer with its aim. */
function show(form, what, bytes, seconds, against, aim) {
  rows.push([form, what, bytes ? `${(bytes / 1e6 / seconds).toFixed(0)} MB/s` : seconds, against ? `${(against[1] / seconds).toFixed(2)} x ${against[0]}` : '', aim ?? '']);
  console.error(rows.at(-1).join(' | '));
}
const timed = (work) => best(Array.from({ length: RUNS }, () => { const begun = performance.now(); work(); return (performance.now() - begun) / 1000; }));
const has = (program) => spawnSync(program, ['--version']).status === 0;

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
function native(form, file, layer) {
  const bytes = statSync(file).size;
  const size = statSync(layer).size;
  execFileSync('sha256sum', [file]);
  const sum = timed(() => execFileSync('sha256sum', [file]));
  show(form, 'sha256sum of the archive', bytes, sum);
  const ours = (args, input) => {
    const { status, stdout } = spawnSync('sh', ['-c', `exec "$0" check --format json ${args} ${input ?? ''}`, program], { maxBuffer: 64 << 20 });
    const lines = JSON.parse(stdout).links.filter(({ code }) => /^layer-(verified|unpacked)$/.test(code));
    if (status !== 4 || lines.length !== LAYERS) throw new Error(`exit ${status}, ${lines.length} layers`);
  };
  const one = timed(() => ours('-', `< "${file}"`));
  const all = timed(() => ours(`"${file}"`));
  const cores = availableParallelism();
  const plain = form === 'plain';
  show(form, 'ours, one stream (check -)', bytes, one, ['sha256sum', sum], plain ? '>= 0.9' : '');
  show(form, `ours, all of ${cores} cores (check FILE)`, bytes, all, ['one stream', one], cores > 1 ? `all cores: about ${Math.min(cores, LAYERS)}` : '');
  if (!plain) {
    const pipe = `sha256sum "${layer}"; gunzip -c "${layer}" | sha256sum`;
    const gunzip = timed(() => execFileSync('sh', ['-c', pipe]));
    show(form, 'one layer: sha256sum, then gunzip | sha256sum', size, gunzip);
    const { status } = spawnSync(program, ['check', layer]);
    if (status !== 4) throw new Error(`exit ${status}`);
    show(form, 'one layer: ours', size, timed(() => spawnSync(program, ['check', layer])), ['gunzip', gunzip]);
  }
  if (has('skopeo')) {
    const to = join(folder, 'copy');
    const copied = timed(() => {
      rmSync(to, { recursive: true, force: true });
      execFileSync('skopeo', ['copy', '-q', '--insecure-policy', `docker-archive:${file}`, `dir:${to}`]);
    });
    rmSync(to, { recursive: true, force: true });
    show(form, 'skopeo copy docker-archive: dir:', bytes, copied);
    show(form, 'ours, all cores, beside skopeo', bytes, all, ['skopeo', copied]);
  }
}

// What runs in the page: `what` of the chosen file, in seconds.
const inPage = async ([what, runs, layers]) => {
  const [file] = document.querySelector('input').files;
  const hasher = async () => (await globalThis.hashwasm.createSHA256()).init();
  const stream = async (blob, take) => {
    for (const reader = blob.stream().getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      await take(value);
    }
  };
  const works = {
    ours: async () => {
      const report = await globalThis.engine.check([{ name: file.name, origin: 'file', blob: file }], {});
      const lines = report.links.filter(({ code }) => /^layer-(verified|unpacked)$/.test(code));
      if (layers && lines.length !== layers) throw new Error(`${lines.length} layers`);
    },
    // One blob, one worker: its digest and, packed, that of what is in it.
    blob: () => globalThis.engine.check([{ name: `blobs/sha256/${'0'.repeat(64)}`, origin: 'file', blob: file }], {}),
    crypto: async () => { await globalThis.crypto.subtle.digest('SHA-256', await file.arrayBuffer()); },
    hashWasm: async () => {
      const hash = await hasher();
      await stream(file, (piece) => { hash.update(piece); });
      hash.digest();
    },
    gunzip: async () => {
      const [outer, inner] = [await hasher(), await hasher()];
      const packed = new DecompressionStream('gzip');
      const writer = packed.writable.getWriter();
      const reader = packed.readable.getReader();
      const out = (async () => {
        for (let read; !(read = await reader.read()).done; ) inner.update(read.value);
      })();
      await stream(file, (piece) => { outer.update(piece); return writer.write(piece); });
      await writer.close();
      await out;
      outer.digest();
      inner.digest();
    },
  };
  let least = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    await works[what]();
    least = Math.min(least, (performance.now() - begun) / 1000);
  }
  return least;
};

// A page with its own renderer; `cores` is what it believes to have.
async function page(server, cores, file) {
  const browser = await launch();
  const opened = await openEngine(browser, server.url, cores ? `Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => ${cores} })` : undefined);
  await opened.evaluate(hashWasm);
  await opened.setContent('<input type="file">');
  await opened.locator('input').setInputFiles(file);
  await opened.evaluate(() => globalThis.engine.check([{ name: 'warm', origin: 'file', blob: new Blob([new Uint8Array(1 << 16)]) }], {}));
  const held = await most(browser);
  const run = async (what, layers) => { try { return await opened.evaluate(inPage, [what, RUNS, layers]); } catch (error) { console.error(String(error.message).split('\n')[0]); return null; } };
  return { run, added: async () => (await most(browser)) - held, close: () => browser.close() };
}

async function chromium(form, server, file, layer) {
  const bytes = statSync(file).size;
  const size = statSync(layer).size;
  const all = await page(server, 0, file);
  const ours = await all.run('ours', LAYERS);
  const added = await all.added();
  await all.close();
  show(form, 'Chromium, ours, all cores', bytes, ours);
  show(form, 'Chromium, renderer memory added by ours', 0, `${Math.round(added / 2 ** 20)} MiB`, undefined, '<= 48 MiB');
  const [alone, two] = [await page(server, 1, file), await page(server, 2, file)];
  const [one, both] = [await alone.run('ours', LAYERS), await two.run('ours', LAYERS)];
  await alone.close();
  await two.close();
  show(form, 'Chromium, ours, one worker', bytes, one);
  show(form, 'Chromium, ours, two workers', bytes, both, ['one worker', one], availableParallelism() > 1 ? '>= 1.7' : 'one core');
  const whole = await page(server, 0, file);
  const held = await whole.run('crypto');
  await whole.close();
  if (held) show(form, 'Chromium, WebCrypto on arrayBuffer(), the file held', bytes, held);
  else show(form, 'Chromium, WebCrypto on arrayBuffer()', 0, 'the file cannot be held');
  if (held) show(form, 'Chromium, ours beside WebCrypto', bytes, ours, ['WebCrypto', held]);
  const stream = await page(server, 0, layer);
  const blob = await stream.run('blob');
  const peer = await stream.run(form === 'plain' ? 'hashWasm' : 'gunzip');
  await stream.close();
  const name = form === 'plain' ? 'hash-wasm, one layer' : 'DecompressionStream and hash-wasm, one layer';
  show(form, `Chromium, ${name}`, size, peer);
  show(form, 'Chromium, ours, one layer, one worker', size, blob, [form === 'plain' ? 'hash-wasm' : 'DecompressionStream', peer], form === 'plain' ? '>= 1.10' : '>= 1.5');
}

const server = await serve(undefined, enginePage);
const began = loadavg()[0];
try {
  for (const form of ['plain', 'gzip']) {
    const file = join(folder, `${form}.tar`);
    const made = image(form === 'gzip');
    // A blob under its digest: measured, and no archive of its own.
    const blobs = join(folder, form, 'blobs/sha256');
    mkdirSync(blobs, { recursive: true });
    const layer = join(blobs, createHash('sha256').update(made.blobs[0]).digest('hex'));
    write(file, made);
    writeFileSync(layer, made.blobs[0]);
    native(form, file, layer);
    await chromium(form, server, file, layer);
    rmSync(file);
  }
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
const head = ['layers', 'what', 'speed', 'ratio', 'aim'];
const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
console.log(`\n${table}\n\n${MEBIBYTES} MiB in ${LAYERS} layers, best of ${RUNS}, ${availableParallelism()} cores, load ${began.toFixed(1)} before.`);
