// <webdis-verify>: gives what the user gave to the engine, shows the report.

import { MOST_INPUTS, dropped } from './evidence.js';
import { h, visible } from './dom.js';
import { leftOut } from './left-out.js';
import { Session } from './session.js';
import { pageSheet, sheet as styles } from './style.js';
import { Words, pick, ready } from './words.js';
import { chain } from './view/chain.js';
import { footer, header } from './view/frame.js';
import { byGiven, unread } from './view/inputs.js';
import { policy } from './view/policy.js';
import { start } from './view/start.js';
import { sheet } from './view/sheet.js';
import { spoken } from './view/digest.js';
import { strip } from './view/strip.js';
import { verdict } from './view/verdict.js';

// What is drawn below a verdict, or on demand.
const parts = () => import('./view/parts.js');

// Nothing asked for: the built-in publisher's keys, all checks.
const NOTHING = { image: '', digest: '', key: '', publisher: '', notary: '', attestation: '', now: '', trustedRoot: '', ignoreTlog: false };
const TAKEN = ['image', 'key', 'publisher', 'notary', 'trusted-root'];

const encoder = new TextEncoder();
const WIDE = 900;
// Milliseconds after which a page is at rest.
const REST = 3000;

const bytesOf = async (value) => {
  if (typeof value === 'string') return encoder.encode(value);
  if (value instanceof Blob) return new Uint8Array(await value.arrayBuffer());
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
};

// Whether what went wrong is a choice that cannot be used, and no trouble of the engine.
const wrongly = (error) => error?.name === 'UsageError' || error instanceof TypeError;

// The image that a report is about: where another registry's is open, that one.
const OPEN = ['procedure-digest-open', 'procedure-id-open'];
const named = ({ code, args, subject }) => (OPEN.includes(code) && args.image) || (subject.reference ?? (code === 'named-by-tag' ? args.image : ''));

// A copy that nobody can change, bytes aside: those are copies, too.
const freeze = (value) => {
  if (value && typeof value === 'object' && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
};
const copy = (report) => report && freeze(structuredClone(report));

/** A verifier in a page. Attributes: image, key, publisher, mode, theme,
 * lang, proxy, notary, trusted-root (JSON text); layout="page" for a whole page, evidence="id id" for elements
 * whose text is checked in mode="demo", page for the address of the full page. */
export class WebdisVerify extends HTMLElement {
  static observedAttributes = [...TAKEN, 'mode', 'theme', 'lang', 'proxy'];

  #words;
  #session = new Session(this.#view());
  #options = { ...NOTHING };
  #told = null;
  #event;
  #open = new Set();
  #ui;
  #spoken = '';
  #failed = false; // whether a choice could not be used, and nothing was checked
  #resize;
  #note = null;
  #guide = null;
  #examples = { examples: [], sections: [] };
  // The first answer, which nothing is loaded before.
  #answered;
  #answer = new Promise((done) => { this.#answered = done; });

  constructor() {
    super();
    // Listeners of the element hear its own verdicts: not those that the page
    // around it, or what it holds for browsers without it, sends in its name.
    this.addEventListener('verdict', (event) => { if (event !== this.#event) event.stopImmediatePropagation(); }, true);
  }

  /** A copy of the last report that cannot be changed, or null. */
  get report() {
    return this.#told;
  }

  /** The address of the full page: http(s), or relative to this document. */
  get #page() {
    const address = this.getAttribute('page');
    if (this.#whole || !address) return null;
    const relative = !/^[\s\p{Cc}]*[a-z][a-z\d+.-]*[\s\p{Cc}]*:/iu.test(address);
    const url = URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : null;
    return url && (/^https?:$/.test(url.protocol) || (relative && url.protocol === 'file:')) ? url.href : null;
  }

  /** Another trusted root for the log's keys: JSON text. */
  get trustedRoot() {
    return this.#options.trustedRoot;
  }

  set trustedRoot(json) {
    this.#options.trustedRoot = String(json ?? '');
    if (this.#ui) this.#build();
  }

  /** Whether this element is a whole page. */
  get #whole() {
    return this.getAttribute('layout') === 'page';
  }

  /** Where to fetch by way of: an address, or null for not at all. A page of
   * its own tries its own address; nothing is asked before the user does. */
  get #proxy() {
    const mode = this.getAttribute('mode');
    if (mode === 'paste' || mode === 'demo' || !location.protocol.startsWith('http')) return null;
    return this.getAttribute('proxy') ?? (this.#whole || mode === 'fetch' ? '/' : null);
  }

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [styles];
      for (const name of TAKEN) this.#take(name);
      if (this.#whole) this.#session.begin();
      this.#build();
      this.addEventListener('keydown', (e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); this.#session.ask(); } });
    }
    const area = this.#whole ? document : this;
    this.#listen(area);
    this.#resize = new ResizeObserver(() => this.#arrange());
    this.#resize.observe(this);
    if (this.#whole) {
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, pageSheet];
      this.#restore();
      this.#answer.then(() => this.#enrich()).catch(() => {});
      // Once it is at rest: an open page goes on without a connection.
      if (!BUILD_WHOLE && !navigator.connection?.saveData) setTimeout(() => import('./engine.js').then(({ prepare }) => prepare()).catch(() => {}), REST);
    }
  }

  disconnectedCallback() {
    this.#resize?.disconnect();
    this.#drops?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.#ui) return;
    if (name === 'theme') this.#theme();
    else {
      this.#take(name);
      this.#build();
      if (name !== 'lang') this.#session.check(false);
    }
  }

  /** Checks the input: text, bytes, a Blob, a list of `{name, bytes}`, or
   * `{reference}`. Replaces what was given. Resolves to the report; rejects
   * where an option cannot be used. */
  async verify(input) {
    if (input?.reference !== undefined) {
      this.#options.image = String(input.reference);
      if (this.#proxy !== null) { if (this.#ui) this.#build(); return this.#outward(await this.#session.fetch(true)); }
    } else {
      this.#session.evidence.clear();
      const list = Array.isArray(input) ? input : [{ bytes: input, origin: typeof input === 'string' ? 'paste' : 'file' }];
      for (const { name, bytes, text, origin } of list) {
        this.#session.evidence.add({ name: name ?? 'input', origin: origin ?? (text === undefined ? 'file' : 'paste'), bytes: await bytesOf(text ?? bytes) });
      }
    }
    if (this.#ui) this.#build();
    return this.#outward(await this.#session.check(true, '', true, true));
  }

  // Examples and guides, and what is drawn later: a drop then asks for nothing.
  async #enrich() {
    const [all, { guide }] = await Promise.all([import('./examples/index.js'), parts()]);
    this.#examples = { ...(await all.default ?? all), guide };
    this.#build();
  }

  // A report as others get it: the one on show, or a copy of one that is not.
  #outward(report) {
    return report && report === this.#session.report ? this.#told : copy(report);
  }

  // An attribute becomes an option. A key is PEM text; the name of the
  // built-in key chooses the built-in profile.
  #take(name) {
    const value = this.getAttribute(name) ?? '';
    if (name === 'key') {
      if (value.includes('-----BEGIN')) this.#options.key = value;
      else if (/^webdis(\.pub)?$/.test(value)) this.#options.publisher = 'webdis';
      else this.#options.key = value;
    } else if (name === 'trusted-root') { if (value) this.#options.trustedRoot = value; }
    else if (TAKEN.includes(name)) this.#options[name] = value;
  }

  #theme() {
    if (this.#whole) document.documentElement.style.colorScheme = { light: 'light', dark: 'dark' }[this.getAttribute('theme')] ?? '';
  }

  // Builds everything anew; what was given, chosen and answered outlives it,
  // and so does the focus.
  #build() {
    const focused = this.shadowRoot.activeElement?.id;
    const from = this.closest('[lang]')?.getAttribute('lang');
    const lang = pick([this.getAttribute('lang') ?? (this.#whole ? null : from), ...(this.#whole || !from ? navigator.languages : [])].filter(Boolean));
    ready(lang).then((loaded) => loaded && this.#build(), () => {});
    const words = this.#words = new Words(lang);
    const demo = this.getAttribute('mode') === 'demo';
    const proxy = this.#proxy;
    const ui = { status: h('p', { class: 'vh', role: 'status' }), alert: h('div', { class: 'alert', role: 'alert' }) };
    ui.sheet = sheet(words, {
      examples: this.#whole ? this.#examples.examples : null, sections: this.#examples.sections, image: this.#options.image, proxy,
      proxyState: proxy === null ? 'proxyNone' : this.hasAttribute('proxy') ? 'proxySet' : 'proxyHere',
      on: {
        typed: (text) => { this.#session.typed = text; this.#session.soon(); },
        paste: (text) => { this.#session.evidence.paste(text); this.#session.check(true); },
        files: (list) => this.#files(list),
        image: (text) => { this.#options.image = text.trim(); this.#session.unfetch(); this.#session.soon(); },
        fetch: (name) => this.#fetch(name),
        example: (id) => this.#example(this.#examples.examples.find((x) => x.id === id)),
        check: () => this.#session.ask(),
      },
    });
    ui.sheet.field.value = this.#session.typed;
    ui.policy = policy(words, this.#options, () => this.#session.soon());
    ui.guide = this.#examples.guide?.(words, { open: this.#guide, opened: (id) => { this.#guide = id; } });
    ui.given = h('div', { class: 'given-slot' });
    ui.head = h('div', { class: 'head-slot' });
    ui.rest = h('div', { class: 'rest-slot' });
    ui.fetch = h('div', { class: 'fetch-slot' });
    ui.answer = h('div', { class: 'answer', 'aria-busy': this.#ui?.answer.getAttribute('aria-busy') ?? 'false' }, ui.head, ui.fetch,
      demo ? h('details', { class: 'more' }, h('summary', {}, words.t('chain')), ui.policy.node, ui.rest) : [ui.policy.node, ui.rest]);
    ui.right = h('div', { class: 'right' }, ui.answer);
    ui.left = demo ? strip(words, this.#named(), () => this.#demo(), () => this.#spoil())
      : h('div', { class: 'left' }, ui.sheet.node, ui.given, ui.guide && ui.guide.node);
    ui.footer = footer(words, { embedded: !this.#whole, page: this.#page, brief: demo,
      kept: this.#whole ? async () => (await parts()).history(words) : null,
      self: this.#whole ? async () => (await parts()).self(words, location.protocol === 'file:' || BUILD_WHOLE ? null : new URL('.', document.baseURI)) : null });
    if (leftOut.length && ui.guide) ui.footer.node.prepend(h('p', { class: 'left-out' }, words.t('leftOut')));
    this.#ui = ui;
    this.shadowRoot.replaceChildren(h('div', { class: 'frame', lang: words.lang },
      this.#whole && header(words, {
        theme: this.getAttribute('theme') ?? 'auto',
        setTheme: (v) => this.setAttribute('theme', v),
        setLang: (v) => { document.documentElement.lang = v; this.setAttribute('lang', v); },
      }), ui.status, ui.alert, h(this.#whole ? 'main' : 'div', { class: 'columns' }, ui.left, ui.right), ui.footer.node));
    this.#place = demo ? 'below' : undefined;
    this.classList.toggle('demo', demo);
    new ResizeObserver(() => this.#arrange()).observe(ui.left);
    this.#theme();
    this.#arrange();
    this.#show();
    this.#arrange();
    if (focused) this.shadowRoot.getElementById(focused)?.focus({ preventScroll: true });
  }

  // Wide: the answer stands beside what was given. Narrow: below the sheet,
  // and above it once something was pasted or dropped. What is read first
  // stands first in the document.
  #arrange(width = this.getBoundingClientRect().width) {
    const { left, right, given: after } = this.#ui;
    if (this.getAttribute('mode') === 'demo') return;
    left.style.setProperty('--height', `${left.offsetHeight}px`);
    const place = width >= WIDE ? 'beside' : this.#first && this.#session.report ? 'above' : 'below';
    if (place === this.#place) return;
    this.#place = place;
    const focused = this.shadowRoot.activeElement;
    if (place === 'beside') left.after(right);
    else if (place === 'above') left.before(right);
    else left.insertBefore(right, after);
    if (focused && focused !== this.shadowRoot.activeElement) focused.focus({ preventScroll: true });
  }

  // Brings the answer into view where it stands above the sheet.
  #answerFirst() {
    this.#first = true;
    this.#arrange();
    if (this.#place === 'above') this.#ui.answer.querySelector('#verdict')?.scrollIntoView({ block: 'nearest' });
  }

  #first = false;
  #place;

  #drops;
  #boxes; // elements of the document whose changes are heard

  #listen(area) {
    this.#drops = new AbortController();
    this.#boxes = new WeakSet();
    const { signal } = this.#drops;
    const over = (on) => this.#ui.sheet.node.classList.toggle('over', on);
    area.addEventListener('dragover', (e) => { e.preventDefault(); over(true); }, { signal });
    area.addEventListener('dragleave', (e) => { if (!e.relatedTarget) over(false); }, { signal });
    area.addEventListener('drop', (e) => {
      e.preventDefault();
      over(false);
      const { dataTransfer } = e;
      if (dataTransfer.files.length) dropped(dataTransfer).then((list) => this.#files(list));
      else {
        const text = dataTransfer.getData('text/plain');
        if (text) { this.#session.evidence.paste(text); this.#session.check(true); }
      }
    }, { signal });
  }

  async #files(list) {
    this.#ui.answer.setAttribute('aria-busy', 'true');
    const failed = await this.#session.evidence.files(list);
    this.#session.check(true, failed.length ? this.#words.t('unreadable', { names: failed.join(', ') }) : '');
  }

  // Replaces what was given. What it is checked against is replaced only by
  // an example, which says so.
  #load(inputs) {
    this.#open.clear();
    this.#note = null;
    this.#session.load(inputs);
  }

  #example(example) {
    if (!example) return;
    this.#load(example.inputs);
    this.#options = { ...NOTHING, ...example.options };
    const [title, about] = this.#words.example(example);
    this.#note = [title, `${about}${example.options.key ? ` ${this.#words.t('demoKey')}` : ''}`];
    this.#build();
    this.#ui.sheet.field.focus();
    this.#session.check(true);
  }

  // One byte changed to see what breaks: of the input named, or of the one
  // that tells most.
  async #spoil(name) {
    const { spot, telling } = await parts();
    const inputs = this.#session.whole;
    if (!this.#session.report || this.#session.spoilt) return;
    const input = name ? inputs.find((g) => g.name === name) : telling(inputs, byGiven(this.#session.report.items, inputs));
    if (!input) return;
    await this.#session.spoil(input, spot);
    await this.#session.check(true);
    await this.#goOn('restore');
  }

  async #unspoil() {
    this.#session.spoil(null);
    await this.#session.check(true);
    await this.#goOn('verdict');
  }

  // Where the keyboard goes on once the button that was pressed is gone.
  async #goOn(id) {
    // What is drawn later is there then.
    await parts();
    await new Promise((done) => { setTimeout(done); });
    this.shadowRoot.getElementById(id)?.focus({ preventScroll: true });
  }

  // Evidence of a demonstration: elements of the document, by their ids.
  #named() {
    const ids = (this.getAttribute('evidence') ?? '').split(/\s+/).filter(Boolean);
    const nodes = ids.map((id) => this.getRootNode().getElementById?.(id) ?? document.getElementById(id));
    return { ids, nodes: nodes.filter(Boolean), absent: ids.filter((id, i) => !nodes[i]) };
  }

  #demo() {
    const { nodes, absent } = this.#named();
    // What is changed in a box is checked as it stands there.
    for (const node of nodes.filter((n) => !this.#boxes.has(n))) {
      this.#boxes.add(node);
      node.addEventListener('input', () => { this.#session.wait(() => this.#demo()); }, { signal: this.#drops.signal });
    }
    this.#load(nodes.map((node) => ({ name: node.dataset.name ?? node.id, origin: 'paste', text: node.textContent })));
    return this.#session.check(true, absent.length ? this.#words.t('absent', { names: absent.join(', ') }) : '');
  }

  // Fetches what the image field names.
  #fetch(name) {
    if (this.#proxy === null) return this.#session.check(true);
    this.#options.image = name.trim();
    return this.#session.fetch();
  }

  async #restore() {
    this.#ui.answer.setAttribute('aria-busy', 'true');
    // Most pages are opened without evidence in the address.
    const carried = location.hash.length > 1 && await (await import('./share.js')).unpack(location.hash);
    if (carried) {
      this.#load(carried.given);
      Object.assign(this.#options, { image: carried.image, digest: carried.digest });
      this.#note = this.#words.t('fromLink').split(/(?<=\.) /);
      this.#build();
    }
    this.#session.check(!!carried);
  }

  // What the session is told, and what it may ask.
  #view() {
    const element = this;
    return {
      get words() { return element.#words; },
      get options() { return element.#options; },
      get proxy() { return element.#proxy; },
      busy(stopped) {
        if (stopped) element.#ui.fetch.querySelector('.fetching')?.remove();
        element.#ui.answer.setAttribute('aria-busy', 'true');
      },
      slot(node) { element.#ui?.fetch.replaceChildren(...(node ? [node] : [])); },
      fetching(hide) { element.#ui.answer.setAttribute('aria-busy', 'true'); element.#ui.answer.classList.toggle('fetching-now', hide); },
      answered(code) {
        const said = code === 'registry-no-proxy' ? 'proxyAbsent' : !/^(engine|registry-(offline|blocked|timeout|cancelled))/.test(code) && 'proxyAnswers';
        if (said && !element.hasAttribute('proxy')) element.#ui.sheet.state.textContent = element.#words.t(said);
      },
      settle(how) { element.#settle(how); },
    };
  }

  // The answer is there: shows it, says it.
  #settle({ failure = '', error, speak = false, first = false, before }) {
    const { report } = this.#session;
    this.#ui.sheet.wrong('');
    if (error) failure = this.#reason(error);
    this.#failed = !report && !!failure && wrongly(error);
    const { refused } = this.#session.evidence;
    if (refused) failure = [failure, this.#words.t('tooMany', { most: MOST_INPUTS, n: refused })].filter(Boolean).join(' ');
    this.#told = copy(report);
    if (before?.code === 'engine-unavailable') {
      failure = this.#words.t('refused');
      this.#fallback();
    }
    this.#show(before);
    this.#ui.alert.textContent = visible(failure);
    this.#ui.answer.setAttribute('aria-busy', 'false');
    this.#ui.answer.classList.remove('fetching-now');
    if (first) this.#answerFirst();
    else this.#arrange();
    this.#answered();
    if (report) {
      if (speak) this.#say(report);
      if (speak && this.#whole && !this.#note) parts().then(({ remember }) => remember(report), () => {});
      const { link } = this.#ui.footer;
      const page = this.#page;
      if (link && page) this.#session.share(page).then((url) => { link.href = url ?? page; }, () => {});
      this.dispatchEvent(this.#event = new CustomEvent('verdict', { detail: this.#told, bubbles: true, composed: true }));
    } else this.#spoken = this.#ui.status.textContent = '';
  }

  // An equal verdict is said again: the region is emptied before.
  #say(report) {
    const { status } = this.#ui;
    const text = visible(`${this.#words.t(`outcome-${report.outcome}`)}. ${spoken(this.#words, this.#words.sentence(report.code, report.args, report.headline))}`);
    const again = text === this.#spoken;
    this.#spoken = text;
    if (!again) { status.textContent = text; return; }
    status.textContent = '';
    setTimeout(() => { if (this.#ui.status === status && this.#spoken === text) status.textContent = text; }, 100);
  }

  // Why the engine did not answer.
  #reason(error) {
    if (error?.name === 'LeftOut') return this.#words.t('leftOutArchive');
    if (wrongly(error)) {
      const text = String(error.message).slice(0, 200);
      const [, sentence, code = ''] = /^([^]*?)\.? \[([\w-]+)\]/.exec(text) ?? [0, text];
      // A name that cannot be used is told at its field.
      if (!code.startsWith('reference-') || !this.#ui.sheet.node.isConnected) return this.#words.t('usage', { reason: sentence });
      const found = this.#options.image.slice(0, 100);
      this.#ui.sheet.wrong(code === 'reference-syntax' ? this.#words.t('imageWrong', { found }) : this.#words.sentence(code, { found }, `${sentence}.`));
      return '';
    }
    this.#fallback();
    return this.#words.t('failed', { reason: String(error?.message ?? error).slice(0, 200) });
  }

  // The light DOM comes back where the engine cannot run: the way without a
  // page.
  #fallback() {
    if (!this.shadowRoot.querySelector('slot')) this.#ui.alert.after(h('div', { class: 'fallback' }, h('slot')));
  }

  #remove(item) {
    this.#note = null;
    if (item.name === 'typed') this.#ui.sheet.field.value = this.#session.typed = '';
    else this.#session.evidence.remove(item.name);
    this.#session.check(true);
    this.#ui.sheet.field.focus();
  }

  // Everything as it was at the beginning, choices included.
  #restart() {
    this.#load([]);
    this.#options = { ...NOTHING };
    for (const name of TAKEN) this.#take(name);
    this.#first = false;
    this.#build();
    this.#session.check(false);
    this.#ui.sheet.field.focus();
  }

  // What is trusted is chosen: a key, a root or a profile among the evidence
  // has a button for that.
  #offer(item) {
    if (!/^(public-key|trusted-root|profile)$/.test(item.kind)) return null;
    const { report } = this.#session;
    const source = this.#session.find(report.items)(item.digest);
    const use = (option, text) => {
      if (option !== 'trustedRoot') Object.assign(this.#options, { key: '', publisher: '' });
      this.#options[option] = text;
      this.#build();
      this.#session.check(true);
    };
    return this.#later(Promise.all([parts(), source.bytes()]).then(([{ offer }, bytes]) => offer(this.#words, item, report, bytes, (option) => this.#options[option], use)), (node) => node);
  }

  // Saving Notary metadata, where there is any.
  #metadata(report) {
    if (!report.items.some((i) => /^notary-(?!list)/.test(i.kind))) return null;
    const slot = h('div', {});
    const pack = () => this.#session.metadata();
    parts().then((view) => view.save(this.#words, { now: report.now, pack, slot, guide: this.#ui.guide }), () => {});
    return slot;
  }

  // The picture of two registries, where the report compares them.
  #picture(report) {
    if (!report.links.some((l) => l.code === 'other-registry' || /^procedure-(config|id)-/.test(l.code))) return null;
    const slot = h('div', {});
    parts().then((view) => slot.replaceWith(view.picture(this.#words, report) ?? ''), () => {});
    return slot;
  }

  // The one thing to do next: a button, or nothing.
  #act(report) {
    const words = this.#words;
    const { outcome } = report;
    const button = (label, onclick) => h('button', { type: 'button', class: 'main', onclick }, label);
    const reference = this.#options.image || named(report);
    if (outcome === 'contradicted' || outcome === 'unsigned') {
      const link = report.links.find((l) => l.place === 'chain' && l.outcome === outcome);
      return link ? button(words.t('showStep'), () => this.#unfold(link.id)) : null;
    }
    if (outcome === 'proven' || report.code === 'release-before-signing') return null;
    if (report.code === 'several-releases') {
      const images = report.args.images.split(', ').filter((image) => image.includes(':'));
      return images.map((image) => button(image.slice(image.lastIndexOf('/') + 1), () => this.#mean(image)));
    }
    // A key among the evidence counts only once the user says so.
    const shown = report.code === 'key-given-another' || report.code === 'publisher-unknown' && report.items.some((i) => i.kind === 'public-key');
    if (shown) return button(words.t('useKey'), () => this.shadowRoot.querySelector('.use')?.click());
    if (report.code === 'publisher-unknown') return button(words.t('chooseKey'), () => this.#chooseKey());
    if (report.code !== 'registry-no-proxy' && this.#proxy !== null && reference && !this.#session.evidence.given.some((g) => g.origin === 'fetched')) return button(words.t(report.code.startsWith('registry-') ? 'fetchAgain' : 'fetchMissing'), () => this.#fetch(reference));
    return report.needs.length + report.commands.length ? button(words.t('missing'), () => this.#unfold('')) : null;
  }

  // The one of several images that is asked about.
  #mean(image) {
    this.#options.image = image;
    this.#ui.sheet.suggest(image);
    this.#session.unfetch();
    this.#session.soon();
  }

  #chooseKey() {
    const more = this.shadowRoot.querySelector('.more');
    if (more) more.open = true;
    this.#ui.policy.choose();
  }

  // Opens a link of the chain, or what is missing, and goes there.
  #unfold(id) {
    const more = this.shadowRoot.querySelector('.more');
    if (more) more.open = true;
    const missed = this.shadowRoot.querySelector('#missing');
    const line = id ? [...this.shadowRoot.querySelectorAll('[data-link]')].find((b) => b.dataset.link === id) : missed?.querySelector('summary');
    for (let at = line; at; at = at.parentElement?.closest('details')) if (at.localName === 'details') at.open = true;
    if (id) line?.link.set(true);
    else if (missed) missed.open = true;
    line?.focus();
  }

  // What is below the answer is drawn when its part is there.
  #later(part, draw) {
    const slot = h('div', {});
    part.then((view) => slot.replaceWith(draw(view) || ''), () => slot.remove());
    return slot;
  }

  // Shows a report; for nothing given, only what can be said before.
  #show(before = this.#session.report) {
    const ui = this.#ui;
    const words = this.#words;
    const { report } = this.#session;
    const said = report ?? before;
    words.image = this.#options.image || (report && named(report)) || '';
    const demo = this.getAttribute('mode') === 'demo';
    if (said || !this.#failed) ui.policy.show(said);
    // An engine that did not run has no policy; what was chosen wrongly is mended where it
    // was chosen.
    ui.policy.node.hidden = (!said && !this.#failed) || said?.links[0]?.id === 'engine' || (demo && !report);
    ui.sheet.suggest(words.image);
    if (ui.guide) ui.guide.show(words.image, said?.now ?? new Date().toISOString(), this.#options.publisher.startsWith('{'));
    const { inputs } = this.#session;
    ui.given.replaceChildren(...(inputs.length ? [this.#later(parts(), ({ given }) => given(words, inputs, report, {
      remove: (item) => this.#remove(item), restart: () => this.#restart(), note: this.#note, narrow: this.#place !== 'beside', offer: (item) => this.#offer(item), open: this.#open,
    }))] : []));
    this.classList.toggle('answered', !!report);
    // Below an answer the sheet has room for a line.
    ui.sheet.field.placeholder = words.t(this.#session.inputs.length ? 'sheetMore' : 'sheetHint').split('\n', report ? 1 : 9).join('\n');
    const { spoilt } = this.#session;
    this.classList.toggle('spoilt', !!spoilt);
    ui.head.replaceChildren(...[report && spoilt && this.#later(parts(), (view) => view.banner(words, spoilt, report, () => this.#unspoil())), report ? verdict(words, report, this.#act(report), unread(words, report.items, inputs)) : !demo && !this.#failed && start(words, this.#options.image)].filter(Boolean));
    ui.rest.replaceChildren(...[
      report && this.#later(parts(), (view) => view.bounds(words, report)),
      report && this.#later(parts(), (view) => view.missing(words, report, this.#open)),
      report && this.#metadata(report),
      report && this.#picture(report),
      report && chain(words, report, { open: this.#open, find: this.#session.find(report.items) }),
      report && this.#later(parts(), ({ result, control }) => result(words, () => this.#session.kept(), (link) => this.#session.share(link),
        this.#session.whole.length > 0 && control(words, this.#session.whole, (name) => this.#spoil(name)))),
    ].filter(Boolean));
  }
}

if (!customElements.get('webdis-verify')) customElements.define('webdis-verify', WebdisVerify);
