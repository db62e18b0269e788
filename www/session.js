// What was given and asked, and what the engine answers: without any drawing.
// The view is told what happens, and is asked for the options.

import { Evidence } from './evidence.js';
import { pack } from './share.js';
import { byGiven } from './view/given.js';

let loading;

/** The engine, once for all instances, not before it is needed. */
const engine = () => (loading ??= import('./engine.js').catch((error) => { loading = undefined; throw error; }));

const encoder = new TextEncoder();
const PAUSE = 250;
const copied = (list) => list.map((g) => ({ ...g, bytes: g.bytes.slice() }));

/** One check that goes on. The view has `words`, `options` and `proxy`, and
 * `busy()`, `slot(node)`, `fetching(hide)`, `answered(code)` and `settle(how)`. */
export class Session {
  evidence = new Evidence();
  typed = '';
  /** The last report, or null. */
  report = null;
  #looked = [];
  #turn = 0;
  #timer;
  #stop;
  #view;

  constructor(view) {
    this.#view = view;
  }

  /** Everything given, typed text included. */
  get inputs() {
    const typed = this.typed.trim() ? [{ name: 'typed', origin: 'paste', bytes: encoder.encode(this.typed) }] : [];
    return [...this.evidence.given, ...typed];
  }

  /** Options as the engine takes them. */
  get #chosen() {
    const chosen = Object.entries(this.#view.options).filter(([, value]) => value);
    return { ...Object.fromEntries(chosen), includeBytes: true };
  }

  /** Replaces what was given. */
  load(inputs) {
    this.unfetch();
    this.evidence.clear();
    this.typed = '';
    for (const input of inputs) {
      const bytes = input.bytes ?? (input.base64 ? Uint8Array.from(atob(input.base64), (c) => c.charCodeAt(0)) : encoder.encode(input.text));
      this.evidence.add({ name: input.name, origin: input.origin, bytes });
    }
  }

  /** Checks after a pause in typing. */
  soon() {
    clearTimeout(this.#timer);
    this.#view.busy();
    this.#timer = setTimeout(() => this.check(true, '', false), PAUSE);
  }

  /** Check: what was given; with nothing given, what is named is fetched. */
  ask() {
    const { options, proxy } = this.#view;
    return this.inputs.length || !options.image || proxy === null ? this.check(true) : this.fetch();
  }

  /** Forgets what was fetched, and stops what is being fetched. */
  unfetch() {
    this.#stop?.abort();
    this.#stop = undefined;
    this.evidence.unfetch();
    this.#looked = [];
    this.#view.slot(null);
  }

  /** Fetches what is named, into the evidence, by way of the proxy; `other`
   * is the same tag elsewhere, beside what there is. */
  async fetch(loud = false, other = null) {
    const { options, words } = this.#view;
    if (!options.image) return this.check(true);
    const mine = other ? this.evidence.given : this.evidence.given.filter((g) => g.origin !== 'fetched');
    if (!other) this.unfetch();
    clearTimeout(this.#timer);
    const turn = this.#turn += 1;
    const stop = this.#stop = new AbortController();
    const { signal } = stop;
    let result;
    try {
      const [core, view] = await Promise.all([engine(), import('./view/fetch.js')]);
      const bar = view.progress(words, other ?? options.image, () => stop.abort());
      if (turn !== this.#turn) return null;
      this.#view.slot(bar.node);
      this.#view.fetching(!other);
      const inputs = copied([...mine, ...this.inputs.filter((g) => g.name === 'typed')]);
      const live = { proxy: this.#view.proxy, signal, onProgress: bar.update };
      result = other
        ? await core.compare(other, inputs, { ...this.#chosen, looked: this.#looked }, live)
        : await core.fetchAndCheck(options.image, inputs, this.#chosen, live);
      if (turn !== this.#turn) return result.report;
      this.evidence.given = result.inputs.filter((g) => g.name !== 'typed');
      this.#looked = result.looked;
      const { report } = result;
      const others = other ? [] : await core.elsewhere(this.#chosen).catch(() => []);
      if (turn !== this.#turn) return report;
      this.#view.slot(other ? view.beside(words, result)
        : view.done(words, { ...result, again: () => this.fetch(), others: report.code.startsWith('registry-') ? [] : others, compareWith: (name) => this.fetch(false, name) }));
      this.#view.answered(report.code);
    } catch (error) {
      if (turn !== this.#turn) return null;
      this.#view.slot(null);
      this.#settle(null, { error });
      if (loud) throw error;
      return null;
    }
    this.#settle(result.report, { speak: true, first: !other });
    return result.report;
  }

  /** Runs the engine on all there is. Only the last run counts. Whatever goes
   * wrong, no earlier answer stays in sight. */
  async check(speak, failure = '', first = speak, loud = false) {
    clearTimeout(this.#timer);
    const turn = this.#turn += 1;
    this.#stop?.abort();
    this.#view.busy(true);
    const given = this.inputs;
    let report = null;
    let error;
    try {
      // The bytes may move into the engine's worker: it gets copies.
      report = await (await engine()).check(copied(given), { ...this.#chosen, looked: this.#looked });
    } catch (wrong) {
      error = wrong;
    }
    if (turn !== this.#turn) return report;
    this.#settle(given.length || !report ? report : null, { failure, error, speak, first, before: report });
    if (loud && error) throw error;
    return report;
  }

  // `before` is what can be said with nothing given.
  #settle(report, { before = report, ...how }) {
    this.report = report;
    this.#view.settle({ before, ...how });
  }

  /** A function from a digest to the item, and the text it was found in, for
   * drawing what was repaired. */
  find(items) {
    const given = this.inputs;
    const names = new Map();
    for (const [name, found] of byGiven(items, given)) for (const item of found) names.set(item, name);
    return (wanted) => {
      const item = items.find((i) => i.digest === wanted && i.bytes !== undefined) ?? items.find((i) => i.digest === wanted);
      const source = item && given.find((g) => g.name === names.get(item));
      return item ? { item, given: source?.origin === 'paste' && item.repairs.length ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(source.bytes) : null } : null;
    };
  }

  /** A link that carries the evidence, or null where it would be too long. */
  async share(link) {
    const secret = new Set();
    for (const [name, found] of byGiven(this.report.items, this.inputs)) if (found.some((i) => i.kind === 'secret')) secret.add(name);
    const { image, digest } = this.#view.options;
    const fragment = await pack({ image, digest, given: this.inputs.filter((g) => !secret.has(g.name)) });
    return fragment && new URL(fragment, new URL(link ?? location.href, location.href)).href;
  }

  /** The signed metadata as a zip file: `{name, bytes}`. */
  async metadata() {
    return (await engine()).metadata(copied(this.inputs), this.#chosen);
  }
}
