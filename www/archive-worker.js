// Reads archives and layers where the page does not wait for it: in a worker,
// piece by piece, through a wasm of its own. Nothing of a blob is kept.

import * as glue from 'webdis-verify-archive';

/** Bytes read at a time; one buffer is used again and again. */
const PIECE = 1 << 20;
/** Bytes read at a time where most are passed over. */
const STEP = 64 << 10;
/** Milliseconds between two words of progress. */
const PAUSE = 100;

/** Starts the wasm from a compiled module. */
export const start = (module) => glue.initSync({ module });

// Hands the pieces of a stream to `take`, as they come, until it says `false`.
async function pieces(stream, take) {
  let reader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch {
    // A browser whose blobs cannot be read into a buffer of ours.
    for (const plain = stream.getReader(); ; ) {
      const { done, value } = await plain.read();
      if (done) return;
      if (take(value) === false) return plain.cancel();
    }
  }
  let buffer = new ArrayBuffer(PIECE);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) return;
    if (take(value) === false) return reader.cancel();
    buffer = value.buffer;
  }
}

/** What a stream is: `{size, digest, unpacked, unpackedSize, trouble}`, of at
 * most so many bytes. */
export async function measure(stream, said, most = Infinity) {
  const measure = new glue.Measure();
  let [fresh, last] = [0, performance.now()];
  let left = most;
  await pieces(stream, (whole) => {
    const piece = whole.length > left ? whole.subarray(0, left) : whole;
    measure.push(piece);
    left -= piece.length;
    fresh += piece.length;
    if (left === 0) return false;
    if (performance.now() - last > PAUSE) {
      said(fresh);
      [fresh, last] = [0, performance.now()];
    }
    return true;
  });
  said(fresh);
  return measure.finish();
}

/** Fetches a layer and measures it; one byte past its size shows that it is longer. */
async function fetched({ url, authorization, size }, said) {
  const headers = { accept: '*/*', ...(authorization && { authorization }) };
  const answer = await fetch(url, { headers, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const measured = await measure(answer.body, said, size + 1);
  if (measured.size < size) throw new Error(`${measured.size} of ${size} bytes`);
  return measured;
}

let archive;

/** Begins an archive: which parts of the file are to be measured. */
export async function begin(file, name, packed, said) {
  archive = new glue.Archive(name);
  if (packed) {
    await pieces(file.stream(), (piece) => { archive.push(piece); said(piece.length); });
    return { parts: archive.pending(), whole: archive.mayBeBlob() };
  }
  for (let at = 0, said_ = 0; at < file.size; ) {
    const piece = new Uint8Array(await file.slice(at, at + STEP).arrayBuffer());
    archive.push(piece);
    at += piece.length;
    const skip = Math.min(archive.skippable(), file.size - at);
    archive.skip(skip);
    at += skip;
    if (at - said_ > PIECE && skip === 0) { said(at - said_); said_ = at; }
    if (skip > 0) said_ = at;
  }
  return { parts: archive.pending(), whole: archive.mayBeBlob() };
}

/** Ends it, with what was measured by number: what was found. */
export function end(measured) {
  for (const [number, one] of measured) archive.deliver(number, one);
  try {
    return archive.finish();
  } finally {
    archive.free();
  }
}

/** Whether all programs read the same image in a folder: its files by path,
 * with their bytes where they may be documents. */
function folder({ members }) {
  const found = new glue.Folder();
  for (const [path, bytes] of members) {
    if (bytes) found.file(path, bytes);
    else found.blob(path);
  }
  found.check();
}

const operations = {
  start: async ({ module }) => { start(module); },
  begin: ({ file, name, packed }, said) => begin(file, name, packed, said),
  measure: ({ file, from, to }, said) => measure(file.slice(from, to).stream(), said),
  fetch: fetched,
  end: async ({ measured }) => end(measured),
  folder: async (given) => folder(given),
};

// In a worker only: Node and pages without workers call the functions.
if (typeof WorkerGlobalScope !== 'undefined' && globalThis instanceof WorkerGlobalScope) {
  globalThis.onmessage = async ({ data: { operation, ...args } }) => {
    try {
      globalThis.postMessage({ value: await operations[operation](args, (bytes) => globalThis.postMessage({ bytes })) });
    } catch (error) {
      globalThis.postMessage({ refused: { code: error?.code, found: error?.found, expected: error?.expected, place: error?.place, text: String(error?.message ?? error) } });
    }
  };
}

/** One operation where there is no worker. */
export const here = (operation, args, said) => operations[operation](args, said);
