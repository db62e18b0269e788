// The wasm and its glue, started once. Runs in the worker, or on the page
// itself where a worker is refused.

import * as glue from 'webdis-verify-wasm';

let first; // what the first part of the wasm exports

/** Starts the engine from the compiled first part, and the rest if it is there. */
export function start(module, rest) {
  if (first) return;
  first = glue.initSync({ module });
  if (rest) complete(rest);
}

/** Adds the compiled rest: its functions take their places in the table. */
export function complete(rest) {
  new WebAssembly.Instance(rest, { a: first });
}

// Sessions by number: the wasm's, and the ids of what was added, by the
// caller's keys.
const sessions = new Map();

// A session as its owner has it: what was added and removed since the last
// call crosses here, once. What a refused call added is not added again.
function current({ number, options, add, remove, drop = [], unfetch }) {
  let session = sessions.get(number);
  if (!session) sessions.set(number, session = { wasm: new glue.Session(options), ids: new Map() });
  const { wasm, ids } = session;
  for (const key of remove) {
    for (const id of ids.get(key) ?? []) wasm.remove(id);
    ids.delete(key);
  }
  for (const id of drop) wasm.remove(id);
  for (const { key, ...input } of add) {
    if (!ids.has(key)) ids.set(key, added(wasm, input));
  }
  if (unfetch) wasm.unfetch();
  wasm.setOptions(options);
  return session;
}

// The ids of an input; `parts` are the calls that add what archive.js found.
const added = (wasm, { parts, ...input }) => parts?.map(([call, ...args]) => wasm[call](...args)) ?? [addedWhole(wasm, input)];

function addedWhole(wasm, { name, origin, bytes, address }) {
  if (typeof name !== 'string' || !(bytes instanceof Uint8Array)) throw new TypeError('an input is {name, origin, bytes}, its bytes a Uint8Array');
  return wasm.add(name, String(origin), bytes, address);
}

// A check of its own: nothing stays.
function check(live, inputs, options) {
  if (!Array.isArray(inputs)) throw new TypeError('inputs must be an array of {name, origin, bytes}');
  const wasm = new glue.Session(options);
  try {
    for (const input of inputs) added(wasm, input);
    return wasm.check();
  } finally {
    wasm.free();
  }
}

const inSession = {
  check: (wasm) => wasm.check(),
  fetch: (wasm, { progress, signal }, proxy) => wasm.fetch(proxy, progress, signal),
  compare: (wasm, { progress, signal }, other, proxy) => wasm.compare(other, proxy, progress, signal),
  raw: (wasm, live, id) => wasm.raw(id),
  bytes: (wasm, live, item) => wasm.bytes(item),
  metadata: (wasm) => wasm.metadata(),
  layers: (wasm, live, proxy) => wasm.layers(proxy),
};

// With every answer, what is there that nobody added: names, not bytes.
async function session(live, state, name, ...args) {
  const { wasm, ids } = current(state);
  const value = await inSession[name](wasm, live, ...args);
  const own = new Set([...ids.values()].flat());
  return { value, fetched: wasm.list().filter(({ id }) => !own.has(id)) };
}

// Those that fetch get a function for their progress and an AbortSignal.
const operations = {
  version: () => glue.version(),
  codes: () => glue.codes(),
  check,
  session,
  close: (live, number) => { sessions.get(number)?.wasm.free(); sessions.delete(number); },
  tags: ({ progress, signal }, repository, limit, proxy) => glue.tags(repository, limit, proxy, progress, signal),
  platforms: ({ signal }, repository, digest, proxy) => glue.platforms(repository, digest, proxy, signal),
};

/**
 * Runs one operation.
 * @returns `{ value }`, or `{ usage }` when the arguments were refused.
 * Anything thrown otherwise is a trap: the engine must not be used again.
 */
export async function run(name, args, live) {
  try {
    return { value: await operations[name](live, ...args) };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw error;
    return { usage: error instanceof Error ? error.message : String(error) };
  }
}
