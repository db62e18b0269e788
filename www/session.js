// What was given and asked, and what the engine answers: without any drawing.
// The view is told what happens, and is asked for the options.

import { Session as Core, begin } from './engine.js';
import { Evidence } from './evidence.js';
import { byGiven } from './view/inputs.js';

const encoder = new TextEncoder();
const PAUSE = 250;
// So many bytes of an archive are looked through for one to change.
const SPOILT = 1 << 20;

/** One check that goes on. The view has `words`, `options` and `proxy`, and
 * `busy()`, `slot(node)`, `fetching(hide)`, `answered(code)` and `settle(how)`. */
export class Session {
  evidence = new Evidence();
  typed = '';
  /** The last report, or null. */
  report = null;
  #core; // the engine's session, once there is one
  #typed = null; // the typed text as it was last given
  #turn = 0;
  #timer;
  #stop;
  #fetching = false; // whether the image asked about is being fetched
  #spoilt = null; // an input of which the user changed a byte
  #taken = []; // what was fetched and is given now, to be changed
  #view;

  constructor(view) {
    this.#view = view;
  }

  /** Starts the engine, for what will be asked soon. */
  begin() {
    begin();
  }

  /** What the user gave, typed text included: the same object as long as
   * nothing changed, so that its bytes cross to the engine once. */
  get #given() {
    return this.spoilt ? this.#whole.map((g) => (g === this.#spoilt.input ? this.#spoilt.changed : g)) : this.#whole;
  }

  /** What was given and fetched, whatever was changed in it. */
  get whole() {
    return [...this.#whole, ...(this.#core?.fetched ?? [])];
  }

  /** The input that has a changed byte, and the change: `{ input, change }`. */
  get spoilt() {
    if (this.#spoilt && !this.#whole.includes(this.#spoilt.input)) this.#spoilt = null;
    return this.#spoilt;
  }

  /** Changes one byte of an input, given or fetched; `spot` says which. Null
   * changes it back. */
  async spoil(input, spot) {
    this.#spoilt = null;
    if (!input) return;
    const before = this.report;
    if (input.id !== undefined) {
      input = await this.#core.take(input, this.chosen);
      this.#taken.push(input);
    }
    const bytes = input.bytes?.slice() ?? new Uint8Array(await input.blob.slice(0, SPOILT).arrayBuffer());
    const change = spot(bytes);
    bytes[change.at] = change.to.charCodeAt(0);
    const changed = input.bytes ? { bytes } : { blob: new File([bytes, input.blob.slice(bytes.length)], input.name) };
    this.#spoilt = { input, change, before, changed: { ...input, ...changed } };
  }

  get #whole() {
    return this.#taken.length ? [...this.#own, ...this.#taken] : this.#own;
  }

  get #own() {
    if (!this.typed.trim()) return this.evidence.given;
    if (this.#typed?.text !== this.typed) {
      const bytes = encoder.encode(this.typed);
      this.#typed = { text: this.typed, input: { name: 'typed', origin: 'paste', bytes, size: bytes.length } };
    }
    return [...this.evidence.given, this.#typed.input];
  }

  /** Everything given and fetched; the engine has the bytes of the latter. */
  get inputs() {
    return [...this.#given, ...(this.#core?.fetched ?? [])];
  }

  // The engine's session, told what the evidence is.
  #engine() {
    this.#core ??= new Core();
    this.#core.give(this.#given);
    return this.#core;
  }

  /** Options as the engine takes them. */
  get chosen() {
    const chosen = Object.entries(this.#view.options).filter(([, value]) => value);
    return Object.fromEntries(chosen);
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
    this.wait(() => this.check(true, '', false));
  }

  /** Does something after a pause in typing. */
  wait(then) {
    clearTimeout(this.#timer);
    this.#view.busy();
    this.#timer = setTimeout(then, PAUSE);
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
    this.#core?.unfetch();
    this.#taken = [];
    this.#view.slot(null);
  }

  /** Fetches what is named, into the evidence, by way of the proxy; `other`
   * is the same tag elsewhere, beside what there is. */
  async fetch(loud = false, other = null) {
    const { options, words } = this.#view;
    if (!options.image) return this.check(true);
    if (!other) this.unfetch();
    clearTimeout(this.#timer);
    const turn = this.#turn += 1;
    const stop = this.#stop = new AbortController();
    const { signal } = stop;
    let result;
    this.#fetching = !other;
    try {
      const [core, view] = [this.#engine(), await import('./view/parts.js')];
      const bar = view.progress(words, other ?? options.image, () => stop.abort());
      if (turn !== this.#turn) return null;
      this.#view.slot(bar.node);
      this.#view.fetching(!other);
      const live = { proxy: this.#view.proxy, signal, onProgress: bar.update };
      result = await (other ? core.compare(other, this.chosen, live) : core.fetch(this.chosen, live));
      if (turn !== this.#turn) return result.report;
      this.#fetching = false;
      const { report } = result;
      this.#view.slot(other ? view.beside(words, result)
        : view.done(words, { ...result, core, live, session: this }));
      this.#view.answered(result.message?.code ?? report.code);
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
    // Half a fetch that something else replaced says nothing.
    if (this.#fetching) this.#core?.unfetch();
    this.#fetching = false;
    this.#view.busy(true);
    let report = null;
    let error;
    try {
      const core = this.#engine();
      await this.#read(core, turn);
      if (turn !== this.#turn) return null;
      report = await core.check(this.chosen);
    } catch (wrong) {
      error = wrong;
    }
    if (turn !== this.#turn) return report;
    this.#settle(this.inputs.length || !report ? report : null, { failure, error, speak, first, before: report });
    if (loud && error) throw error;
    return report;
  }

  // Reads archives, with their progress in sight. One that is stopped is
  // taken away again.
  async #read(core, turn) {
    if (!this.evidence.given.some((g) => g.blob)) return;
    const { watched } = await import('./view/parts.js');
    const stop = this.#stop = new AbortController();
    const name = await watched(core, this.#view, stop, () => turn === this.#turn);
    if (name) { this.evidence.remove(name); core.give(this.#given); }
  }

  // `before` is what can be said with nothing given.
  #settle(report, { before = report, ...how }) {
    this.report = report;
    this.#view.settle({ before, ...how });
  }

  /** A function from a digest to the item, its bytes once asked for, and the
   * text it was found in, for drawing what was repaired. */
  find(items) {
    const given = this.#given;
    const names = new Map();
    for (const [name, found] of byGiven(items, given)) for (const item of found) names.set(item, name);
    return (wanted) => {
      const index = items.findIndex((i) => i.digest === wanted);
      if (index < 0) return null;
      const item = items[index];
      const source = given.find((g) => g.name === names.get(item));
      const text = source?.origin === 'paste' && item.repairs.length ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(source.bytes) : null;
      return { item, given: text, bytes: () => this.#core.bytes(index, this.chosen) };
    };
  }

  /** The report on show with its evidence in it, to be verified anew from it;
   * what was changed by a click, and secrets, are not in it. */
  kept() {
    return this.#core.check({ ...this.chosen, now: this.report.now, includeBytes: true });
  }

  /** A link that carries the evidence, or null where it would be too long. */
  async share(link) {
    const secret = new Set();
    for (const [name, found] of byGiven(this.report.items, this.inputs)) if (found.some((i) => i.kind === 'secret')) secret.add(name);
    const { image, digest } = this.#view.options;
    const open = this.inputs.filter((g) => !secret.has(g.name));
    if (open.some((g) => g.blob)) return null;
    const given = await Promise.all(open.map(async (g) => ({ ...g, bytes: g.bytes ?? await this.#core.raw(g.id, this.chosen) })));
    const { pack } = await import('./share.js');
    const fragment = await pack({ image, digest, given });
    return fragment && new URL(fragment, new URL(link ?? location.href, location.href)).href;
  }

  /** The signed metadata as a zip file: `{name, bytes}`. */
  async metadata() {
    return this.#engine().metadata(this.chosen);
  }
}
