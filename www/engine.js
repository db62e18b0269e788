// The engine as the page sees it: asynchronous calls that always come back.
//
// Work runs in a worker. A trap or a hang ends the worker, answers "not
// checked" and starts a new one for the next call. Where a worker is refused
// (some embedding pages, some browsers on file://) the engine runs on the page
// itself; where WebAssembly is refused the answer is "not checked" too.
//
// The wasm comes in two parts. The first is enough for most of what people
// paste; a function that is in the rest traps there. Then the rest is loaded,
// and a new engine that has both is asked again. What waits for a registry
// could not be asked twice: it gets the rest before it begins.

import { apart, compile, compileRest, openWorker } from './platform.js';

/** Longest time for one call, in milliseconds. */
export const TIMEOUT = 30_000;
/** Longest time for a worker to start, in milliseconds. */
const START_TIMEOUT = 10_000;
/** Longest time for the rest of the wasm to come, in milliseconds. */
const REST_TIMEOUT = 60_000;

/** The words of the codes, for when the wasm cannot say them any more. */
export const FAILURES = {
  'engine-stopped': {
    text: 'The verifier stopped while examining this. This says nothing about the image.',
    next: 'Give fewer or smaller inputs, one at a time; the input that stops it is worth a bug report.',
  },
  'engine-timeout': {
    text: 'The verifier took too long and was stopped. This says nothing about the image.',
    next: 'Give fewer or smaller inputs, one at a time, or use the command line.',
  },
  'engine-incomplete': {
    text: 'A part of the verifier that this needs could not be loaded. This says nothing about the image.',
    next: 'Load the page again; if it stays so, use the saved single file or the command line.',
  },
  'engine-unavailable': {
    text: 'The verifier could not be loaded here. This says nothing about the image.',
    next: "If this page is embedded, its Content-Security-Policy must allow 'wasm-unsafe-eval'; else use the saved single file or the command line.",
  },
  'registry-offline': {
    text: '{place} could not be reached: there is no connection. This says nothing about the image.',
    next: 'Connect and try again, or add what your own tools print.',
  },
};

/** Why no answer came. `code` is one of FAILURES. */
export class EngineError extends Error {
  constructor(code, detail) {
    super(FAILURES[code].text);
    this.name = 'EngineError';
    this.code = code;
    this.detail = detail;
  }
}

/** The arguments were refused: a mistake of the calling program. */
export class UsageError extends TypeError {
  constructor(message) {
    super(message);
    this.name = 'UsageError';
  }
}

let module; // promise of the first part of the wasm, compiled
let rest; // promise of the rest, once something needs it
let host; // promise of { send(name, args), whole, add(rest), end() }
let queue = Promise.resolve(); // calls run one after the other
let serial = 0;

/**
 * Calls an operation of the engine. Rejects with EngineError or UsageError.
 * `args` may be a function of the host, for what an engine must be told that
 * was started anew. `onProgress` hears of fetching, `signal` stops it; `timeout` is the longest
 * time without a sign of life. With `whole` all of the wasm is there first.
 */
export function call(name, args = [], timeout = TIMEOUT, live = {}) {
  const answer = queue.then(() => callNow(name, args, timeout, live));
  queue = answer.then(() => {}, () => {});
  return answer;
}

async function callNow(name, args, timeout, { onProgress, signal, whole }) {
  for (;;) {
    host ??= start();
    let current;
    try {
      current = await host;
    } catch (error) {
      host = undefined;
      throw error;
    }
    const missing = whole && !current.whole ? await theRest() : null;
    let result;
    try {
      if (missing) await current.add(missing);
      const live = { signal, progress: (now) => { live.renew(); onProgress?.(now); } };
      const message = { name, args: typeof args === 'function' ? args(current) : args };
      result = await within(timeout, current.send(message, live), live);
    } catch (error) {
      current.end();
      host = undefined;
      // It may have called what is in the rest: once more, of all of it.
      if (error.code !== 'engine-stopped' || current.whole) throw error;
      await theRest();
      continue;
    }
    if ('usage' in result) throw new UsageError(result.usage);
    return result.value;
  }
}

/** The rest of the wasm, compiled. What failed is tried again the next time. */
function theRest() {
  rest ??= within(REST_TIMEOUT, compileRest()).catch((error) => {
    rest = undefined;
    throw new EngineError('engine-incomplete', String(error.detail ?? error));
  });
  return rest;
}

/** Starts the engine before anything is asked of it. */
export function begin() {
  host ??= start();
  host.catch(() => {});
}

/** Loads what a later call may need, so that it goes on without a connection. */
export async function prepare() {
  const { prepared } = await import('./archive.js');
  await Promise.allSettled([theRest(), prepared()]);
}

async function start() {
  // A worker takes as long to start as the wasm to compile: both at once.
  const worker = opened();
  module ??= compile();
  if (!apart) theRest().catch(() => {});
  const parts = {};
  try {
    try {
      parts.module = await module;
    } catch (error) {
      module = undefined;
      throw new EngineError('engine-unavailable', String(error));
    }
    if (rest) parts.rest = await rest;
  } catch (error) {
    worker?.end();
    throw error;
  }
  try {
    await within(START_TIMEOUT, worker.send(parts));
    worker.whole = 'rest' in parts;
    return worker;
  } catch {
    worker?.end();
    return startHere({ ...parts, rest: await theRest() });
  }
}

// A worker that is wired but knows no wasm yet; undefined where it is refused.
function opened() {
  let worker;
  try {
    worker = openWorker();
  } catch {
    return undefined;
  }
  const waiting = new Map();
  let failed; // it may be refused before anything is sent
  const failAll = (error) => {
    failed = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.onmessage = ({ data }) => {
    const wait = waiting.get(data.id);
    if (!wait) return;
    if ('now' in data) { wait.live?.progress(data.now); return; }
    waiting.delete(data.id);
    if ('trap' in data) wait.reject(new EngineError('engine-stopped', data.trap));
    else wait.resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault?.();
    failAll(new EngineError('engine-stopped', event.message ?? 'worker error'));
  };
  worker.onmessageerror = () => failAll(new EngineError('engine-stopped', 'message not readable'));
  const send = (message, live) =>
    new Promise((resolve, reject) => {
      if (failed) { reject(failed); return; }
      const id = (serial += 1);
      waiting.set(id, { resolve, reject, live });
      worker.postMessage({ id, ...message });
      const stop = () => waiting.has(id) && worker.postMessage({ stop: true });
      if (live?.signal?.aborted) stop();
      live?.signal?.addEventListener('abort', stop, { once: true });
    });
  const current = { send, end: () => worker.terminate(), kind: 'worker', whole: false };
  current.add = async (more) => {
    await within(START_TIMEOUT, send({ rest: more }));
    current.whole = true;
  };
  return current;
}

/** On the page itself, with both parts: nothing can end it, so that a hang
 * stays a hang. */
async function startHere({ module: first, rest: more }) {
  const core = await import('./core.js');
  try {
    core.start(first, more);
  } catch (error) {
    throw new EngineError('engine-unavailable', String(error));
  }
  const send = async ({ name, args }, { progress, signal = new AbortController().signal }) => {
    // Lets the page draw before it is busy.
    await new Promise((done) => setTimeout(done, 0));
    try {
      return await core.run(name, args, { progress, signal });
    } catch (error) {
      throw new EngineError('engine-stopped', String(error));
    }
  };
  return { send, end: () => {}, kind: 'page', whole: true };
}

/** Where the engine runs: `worker` or `page`. */
export async function where() {
  host ??= start();
  return (await host).kind;
}

function within(milliseconds, promise, live = {}) {
  let timer;
  const late = new Promise((_, reject) => {
    live.renew = () => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(new EngineError('engine-timeout', `${milliseconds} ms`)), milliseconds);
    };
  });
  live.renew();
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Checks evidence against a publisher. See webdis-verify.d.ts.
 * Always answers with a report; a mistake in `options` rejects with UsageError.
 */
export async function check(inputs, { timeout = TIMEOUT, ...options } = {}) {
  try {
    const sent = Array.isArray(inputs) ? await allExpanded(inputs) : inputs;
    return await call('check', [sent, options], timeout);
  } catch (error) {
    if (error instanceof EngineError) return notChecked(error, options);
    throw error;
  }
}

/** Longest time between two signs of a fetch, in milliseconds: twice the
 * time that one request may take. */
const FETCH_TIMEOUT = 60_000;

/** The address of a proxy as the engine takes it: absolute, without
 * `/proxy/`; `null` asks registries themselves. */
const base = (proxy = globalThis.document ? '/' : null) => (proxy === null ? undefined : new URL(proxy, globalThis.document?.baseURI).href.replace(/\/(proxy\/?)?$/, ''));

/** Calls an operation that fetches. */
const fetching = (name, args, { proxy, onProgress, signal }) => call(name, [...args, base(proxy)], FETCH_TIMEOUT, { onProgress, signal, whole: true });

// Archives and layers are read elsewhere: the engine gets what was found.
const mayBeApart = (input) => input?.blob !== undefined || [0x1f, 0x28, 0x50, 0x42, 0xfd].includes(input?.bytes?.[0]) || input?.bytes?.[257] === 0x75;

const expanded = async (input) => (mayBeApart(input) ? (await import('./archive.js')).expanded(input) : input);

// An image in a folder is one for all programs, or it is refused.
const mayBeInFolder = (input) => /\/(oci-layout|repositories|manifest\.json|version|blobs\/sha256\/[^/]+)$/i.test(input?.path ?? input?.name ?? '');
const inFolders = async (inputs) => (inputs.some(mayBeInFolder) ? (await import('./archive.js')).refused(inputs) : new Map());

async function allExpanded(inputs) {
  const refused = await inFolders(inputs);
  return Promise.all(inputs.map((input) => (refused.has(input) ? { name: input.name, parts: refused.get(input) } : expanded(input))));
}

let sessions = 0;

/**
 * Evidence that stays in the engine while questions change: its bytes cross
 * once. An engine that had to be started anew is given it again; what had
 * been fetched is then gone.
 */
export class Session {
  #number = (sessions += 1);
  #given = new Map(); // input → its key
  #keys = 0;
  #stands = new WeakMap(); // input → what a refused folder made of it
  #host; // the engine that has it, and the keys that are there
  #there = new Set();
  #unfetch = false;
  #drop = new Set();
  /** What was fetched: a list of `{id, name, origin, address, size}`. */
  fetched = [];

  /** Adds an input `{name, origin, bytes}`; the same object counts once. */
  add(input) {
    if (!this.#given.has(input)) this.#given.set(input, this.#keys += 1);
  }

  /** Forgets an input. */
  remove(input) {
    this.#given.delete(input);
  }

  /** The evidence is these inputs and no others. */
  give(inputs) {
    const wanted = new Set(inputs);
    for (const input of this.#given.keys()) if (!wanted.has(input) && !input.layers) this.remove(input);
    for (const input of wanted) this.add(input);
  }

  /** Forgets what was fetched. */
  unfetch() {
    this.#unfetch = true;
    this.fetched = [];
    for (const input of this.#given.keys()) if (input.layers) this.remove(input);
  }

  /** Which layers of the fetched image there are: `[{platform, layers}]`. */
  layers(options, { proxy } = {}) {
    return this.#call('layers', options, [base(proxy)], TIMEOUT, { whole: true });
  }

  /**
   * Fetches layers of that list and measures them as they come, into the
   * evidence; nothing of them is kept. Resolves to those that did not come.
   */
  async fetchLayers(layers, live) {
    const { input, failed } = await (await import('./archive.js')).fetchAll(layers, live);
    this.add(input);
    return failed;
  }

  /** Something fetched becomes an input `{name, origin, address, bytes}`, to be
   * given from now on, as it is or changed. */
  async take({ id, name, origin, address, size }, options) {
    const bytes = await this.raw(id, options);
    this.#drop.add(id);
    return { name, origin, address, bytes, size };
  }

  /** Reads archives and layers that are not read yet: see archive.js. */
  async read(live) {
    const apart = [...this.#given.keys()].filter(mayBeApart);
    if (apart.length) await (await import('./archive.js')).readAll(apart, live);
  }

  // Tells the engine what changed, then what to do.
  async #call(name, options, args = [], timeout = TIMEOUT, live = {}) {
    let sent;
    const ready = new Map();
    const refused = await inFolders([...this.#given.keys()]);
    for (const input of this.#given.keys()) {
      const parts = refused.get(input);
      ready.set(input, parts ? { parts } : await expanded(input));
      // What it stands for changed, with the folder it lies in: it is given anew.
      const stands = JSON.stringify(parts);
      if (this.#stands.get(input) !== stands) { this.#stands.set(input, stands); this.#given.set(input, this.#keys += 1); }
    }
    const message = (host) => {
      if (host !== this.#host) [this.#host, this.#there, this.fetched, this.#drop] = [host, new Set(), [], new Set()];
      const keys = new Set(this.#given.values());
      sent = {
        add: [...this.#given].filter(([, key]) => !this.#there.has(key)).map(([input, key]) => { const { name, origin, bytes, address, parts } = ready.get(input); return { key, name, origin, bytes, address, parts }; }),
        remove: [...this.#there].filter((key) => !keys.has(key)),
        drop: [...this.#drop],
        unfetch: this.#unfetch,
      };
      return [{ number: this.#number, options, ...sent }, name, ...args];
    };
    const { value, fetched } = await call('session', message, timeout, live);
    for (const { key } of sent.add) this.#there.add(key);
    for (const key of sent.remove) this.#there.delete(key);
    for (const id of sent.drop) this.#drop.delete(id);
    if (sent.unfetch) this.#unfetch = false;
    this.fetched = fetched;
    return value;
  }

  /** The report for the evidence at hand. */
  async check({ timeout = TIMEOUT, ...options } = {}) {
    try {
      return await this.#call('check', options, [], timeout);
    } catch (error) {
      if (error instanceof EngineError) return notChecked(error, options);
      throw error;
    }
  }

  #fetching(name, options, args, { proxy, onProgress, signal }) {
    return this.#call(name, options, [...args, base(proxy)], FETCH_TIMEOUT, { onProgress, signal, whole: true });
  }

  /**
   * Fetches what a check of `options.image` needs into the evidence, and
   * checks: `{ report, progress, others, told, looked, message }`.
   */
  async fetch(options, live = {}) {
    try {
      return await this.#fetching('fetch', options, [], live);
    } catch (caught) {
      if (!(caught instanceof EngineError)) throw caught;
      // Without a connection that is what the user is told, not which part of
      // the verifier was missed first.
      const offline = caught.code === 'engine-incomplete' && globalThis.navigator?.onLine === false;
      const error = offline ? { code: 'registry-offline', args: { place: options.image } } : caught;
      return { report: notChecked(error, options), progress: null, others: [], told: [], looked: [], message: null };
    }
  }

  /** Fetches the same tag from another registry into the evidence. */
  compare(other, options, live = {}) {
    return this.#fetching('compare', options, [other], live);
  }

  /** The bytes of something fetched, by its id. */
  raw(id, options) {
    return this.#call('raw', options, [id]);
  }

  /** The bytes that were hashed for an item of the report, by its index. */
  bytes(item, options) {
    return this.#call('bytes', options, [item]);
  }

  /** The Notary metadata in the evidence, packed: `{name, bytes}` or null. */
  metadata(options) {
    return this.#call('metadata', options);
  }

  /** Lets the engine forget everything. */
  close() {
    this.give([]);
    this.#host = undefined;
    return call('close', [this.#number]).catch(() => {});
  }
}

/** Fetches and checks: the report. See webdis-verify.d.ts. */
export async function verify(reference, { proxy, signal, timeout, ...options } = {}, onProgress = undefined) {
  const session = new Session();
  try {
    return (await session.fetch({ ...options, image: reference }, { proxy, signal, onProgress })).report;
  } finally {
    session.close();
  }
}

/** The tags of a repository, grouped by digest. */
export const tags = (repository, { limit = 100, ...live } = {}, onProgress = undefined) => fetching('tags', [repository, limit], { onProgress, ...live });

/** The platforms of an index. */
export const platforms = (repository, digest, live = {}) => fetching('platforms', [repository, digest], live);

/** Every code of the report, as `{name, class, text, next}`. */
export const codes = () => call('codes');

/** The version of the engine. */
export const version = () => call('version');

/** The report when the engine cannot give one. */
function notChecked({ code, detail, args = {} }, options) {
  const { next } = FAILURES[code];
  const text = FAILURES[code].text.replace('{place}', args.place);
  return {
    schema: 'https://webdis-verify.dev/report/v1',
    outcome: 'not-checked',
    code,
    headline: text,
    args,
    next,
    subject: { reference: options.image ?? null, digest: null, kind: 'unknown', platform: null },
    publisher: { name: 'none', source: 'built-in', keys: [] },
    criteria: [],
    links: [
      {
        id: 'engine', parent: null, place: 'chain', claim: text, outcome: 'not-checked', code,
        args, next, expected: null, found: detail ?? null, evidence: null, caveats: [],
      },
    ],
    caveats: [],
    needs: [],
    shows: [],
    notShown: [],
    items: [],
    commands: [],
    now: options.now ?? new Date().toISOString(),
  };
}
