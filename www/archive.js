// Archives and layers of any size: which worker reads what, and how far it is.
// Loaded when the first one arrives.

import { compileArchive, openArchiveWorker } from './platform-archive.js';

/** Bytes that show whether a file is an archive: a tar header. */
export const HEAD = 512;
/** Files longer than this are never read into memory. */
export const LARGE = 32 * 1024 * 1024;
/** Most workers. */
const MOST = 4;

const starts = (bytes, ...magic) => magic.every((byte, at) => bytes[at] === byte);
const isPacked = (head) => starts(head, 0x1f, 0x8b, 8) || starts(head, 0x28, 0xb5, 0x2f, 0xfd);

// A bzip2 or xz stream, which loaders unpack and this verifier does not (src/evidence/archive/head.rs).
const isUnread = (head) => starts(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0) || (starts(head, 0x42, 0x5a, 0x68) && head[3] > 0x30 && head[3] < 0x3a
  && (starts(head.subarray(4), 0x31, 0x41, 0x59, 0x26, 0x53, 0x59) || starts(head.subarray(4), 0x17, 0x72, 0x45, 0x38, 0x50, 0x90)));

/** Whether a file that begins so is an archive or a compressed layer. */
export function isArchive(head) {
  if (isPacked(head) || starts(head, 0x50, 0x4b, 3, 4)) return true;
  if (head.length < HEAD) return false;
  const octal = Number.parseInt(String.fromCharCode(...head.subarray(148, 156)), 8);
  const sum = head.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  return sum > 256 && octal === sum;
}

// A text, by its first bytes: no control characters but a terminal's, or UTF-16.
const isText = (head) => starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff) || head.every((byte) => byte >= 32 || [8, 9, 10, 13, 27].includes(byte));

// What a text is too long for: its digest is known, and what stands in it is not.
const tooLong = (name, { size }) => ({ name, refused: { code: 'limit-exceeded', place: 'a text or file', expected: `${LARGE}`, found: `${size}` } });

// 7z and LZ4, of which the measure says nothing.
const otherFormat = (head) => (starts(head, 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) ? '7z' : starts(head, 4, 0x22, 0x4d, 0x18) && 'lz4');

// One can move in a plain tar.
const isTar = (head) => starts(head.subarray(257), 0x75, 0x73, 0x74, 0x61, 0x72);

/** What a file is given as: its bytes, or the file where it is read piece by piece. */
export async function given(file, name) {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (isArchive(head) || isUnread(head) || file.size > LARGE) return { name, blob: file, size: file.size };
  return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** Whether a path is that of a blob in an OCI layout. */
const isBlob = (name) => /(^|[/\\])blobs[/\\]sha256[/\\][^/\\]*$/.test(name);

let compiled;

// A worker, or what stands for one where none can be had.
async function open() {
  const module = await compile();
  try {
    return await openThere(module);
  } catch {
    const local = await import('./archive-worker.js');
    await local.here('start', { module });
    return { ask: (operation, args, said = () => {}) => local.here(operation, args, said), end: () => {} };
  }
}

// What failed is tried again the next time.
const compile = () => (compiled ??= compileArchive().catch((error) => { compiled = undefined; throw error; }));

/** Loads what reading needs, so that it goes on without a connection. */
export const prepared = () => Promise.all([compile(), import('./archive-worker.js')]);

async function openThere(module) {
  const worker = openArchiveWorker();
  const ask = (operation, args, said = () => {}) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if ('bytes' in data) said(data.bytes);
      else if ('refused' in data) reject(Object.assign(new Error(data.refused.text), data.refused));
      else resolve(data.value);
    };
    worker.onerror = (event) => { event.preventDefault?.(); reject(new Error(event.message ?? 'worker error')); };
    worker.postMessage({ operation, ...args });
  });
  try {
    await ask('start', { module });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return { ask, end: () => worker.terminate() };
}

/**
 * Reads a file (a Blob): documents with their bytes, blobs as they were
 * measured. `onProgress` hears `{done, total, parts, of}`; `signal` ends it at
 * once. Rejects with an error that has a `code` where it is no good archive.
 */
export async function read(file, name, { onProgress = () => {}, signal } = {}) {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const workers = [];
  const state = { done: 0, total: file.size, parts: 0, of: 1 };
  const said = (bytes) => { state.done += bytes; onProgress({ ...state }); };
  const work = async () => {
    const first = await open();
    workers.push(first);
    const whole = async () => ({ name, measured: await first.ask('measure', { file, from: 0, to: file.size }, said) });
    if (!isArchive(head) || isBlob(name)) {
      const unread = file.size > LARGE && isText(head) && !isBlob(name) ? [tooLong(name, file)] : [];
      const format = !isBlob(name) && otherFormat(head);
      if (format) unread.push({ name, refused: { code: 'archive-format-unread', place: name, found: format } });
      return [...unread, await whole()];
    }
    const { parts, whole: alone } = await first.ask('begin', { file, name, packed: !isTar(head) }, said);
    if (alone) [state.done, state.total] = [0, file.size];
    const queue = parts.sort((a, b) => a.size - b.size);
    [state.parts, state.of] = [0, queue.length + 1];
    if (!alone) state.done = file.size - queue.reduce((all, { size }) => all + size, 0);
    const measured = [];
    const threads = Math.min(MOST, globalThis.navigator?.hardwareConcurrency ?? 1, queue.length);
    const more = await Promise.all(Array.from({ length: Math.max(0, threads - 1) }, open));
    workers.push(...more);
    await Promise.all([first, ...more].map(async (worker) => {
      for (let part; (part = queue.pop()); state.parts += 1) {
        measured.push([part.number, await worker.ask('measure', { file, from: part.offset, to: part.offset + part.size }, said)]);
      }
    }));
    const found = await first.ask('end', { measured });
    return alone ? [...found, await whole()] : found;
  };
  const stopped = new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    for (const worker of workers) worker.end();
  }
}

/** Layers fetched at the same time. */
const TOGETHER = 3;

/**
 * Fetches layers `{name, size, url, authorization}` and measures them as they
 * come: `{input, failed}`, an input that has the ones, and the others.
 */
export async function fetchAll(layers, { onProgress = () => {}, signal } = {}) {
  const workers = [];
  const state = { done: 0, total: layers.reduce((all, { size }) => all + size, 0), parts: 0, of: layers.length };
  const said = (bytes) => { state.done += bytes; onProgress({ ...state }); };
  const queue = [...layers].sort((a, b) => a.size - b.size);
  const [fetched, failed] = [[], []];
  const work = async () => {
    for (let layer; (layer = queue.pop()); state.parts += 1, said(0)) {
      const worker = await open();
      workers.push(worker);
      try {
        const measured = await worker.ask('fetch', layer, said);
        fetched.push(asCall({ name: layer.name, measured }));
      } catch (error) {
        failed.push({ ...layer, error });
      }
      worker.end();
    }
  };
  const stopped = new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([Promise.all(Array.from({ length: Math.min(TOGETHER, layers.length) }, work)), stopped]);
  } finally {
    queue.length = 0;
    for (const worker of workers) worker.end();
  }
  return { input: { name: 'layers', layers: true, parts: fetched }, failed };
}

const known = new WeakMap();

// How a part is added to the engine's session: the call and its arguments.
function asCall({ name, bytes, measured: m, refused: r }) {
  if (r) return ['refused', name, r.code, r.expected, r.found, r.place];
  return m ? ['measured', name, m.size, m.digest, m.unpacked, m.unpackedSize, m.trouble] : ['add', name, 'archive', bytes];
}

/** Whether an input is read piece by piece. */
export const isApart = ({ origin, blob, bytes }) => blob !== undefined || (origin === 'file' && bytes instanceof Uint8Array && (isArchive(bytes.subarray(0, HEAD)) || isUnread(bytes)));

/** The parts of such an input, read once: what `read` finds, or why not, as calls. */
export function parts(input, live) {
  if (!known.has(input)) {
    const file = input.blob ?? new Blob([input.bytes]);
    const found = read(file, input.name, live).catch((error) => {
      // What was stopped may be read again.
      if (typeof error.code !== 'string') { known.delete(input); throw error; }
      const { code, expected, found: seen, place } = error;
      return [{ name: input.name, refused: { code, expected, found: seen, place } }];
    });
    known.set(input, found.then((all) => all.map(asCall)));
  }
  return known.get(input);
}

// What marks a folder that holds an image (src/evidence/archive/folder.rs).
const MARK = /^(.+\/)(oci-layout|repositories|manifest\.json|version|blobs\/sha256\/[^/]+)$/i;
const pathOf = ({ name, path = name }) => path;

// The folder with an image that an input marks, if it does: a list of images,
// not any document that is called so.
function marked(input) {
  const [, root, name] = MARK.exec(input.origin === 'file' ? pathOf(input) : '') ?? [];
  const begins = { 'manifest.json': '[', version: 'Directory Transport Version:' }[name?.toLowerCase()];
  if (!begins) return root;
  const text = input.bytes ? new TextDecoder().decode(input.bytes.subarray(0, HEAD)).trimStart() : '';
  return text.startsWith(begins) ? root : undefined;
}

let numbers = 0;
const numbered = new WeakMap();
const number = (input) => { if (!numbered.has(input)) numbered.set(input, numbers += 1); return numbered.get(input); };
// By its first file: the files that were looked at, and what came of it.
const looked = new WeakMap();

// Why programs do not read the same image in a folder, or null.
async function differently(members, root) {
  const worker = await open();
  try {
    await worker.ask('folder', { members: members.map((m) => [pathOf(m).slice(root.length), isApart(m) ? null : m.bytes]) });
    return null;
  } catch (error) {
    if (typeof error.code !== 'string') throw error;
    return error;
  } finally {
    worker.end();
  }
}

/** The inputs that lie in a folder with an image that programs would not read
 * alike, each with the calls that stand for it: the first one says why. Links
 * are not seen: a browser does not show which names are. */
export async function refused(inputs) {
  const folders = new Map();
  for (const input of inputs) {
    const root = marked(input);
    if (root) folders.set(`${input.drop} ${root}`, [input.drop, root]);
  }
  const all = new Map();
  for (const [drop, root] of folders.values()) {
    const members = inputs.filter((input) => input.origin === 'file' && input.drop === drop && pathOf(input).startsWith(root));
    const these = members.map(number).join();
    if (looked.get(members[0])?.these !== these) looked.set(members[0], { these, why: differently(members, root) });
    const why = await looked.get(members[0]).why;
    if (why) members.forEach((m, i) => { all.set(m, i ? [] : [['refused', m.name, why.code, why.expected, why.found, why.place ?? root.slice(0, -1)]]); });
  }
  return all;
}

/** An input as the engine takes it. */
export const expanded = async (input) => (isApart(input) ? { name: input.name, parts: await parts(input) } : input);

/** Reads what is not read yet; `unread` hears of each before that. */
export async function readAll(inputs, { unread = () => {}, ...live } = {}) {
  for (const input of inputs.filter(isApart)) {
    if (!known.has(input)) await unread(input);
    await parts(input, live);
  }
}
