// <webdis-tags repository="nicolas/webdis" proxy="https://…">: which tags name
// the same digest. Asks nothing before a click, unless it has `auto`.

import own from './i18n/en-tags.json' with { type: 'json' };
import { h, visible } from './dom.js';
import { sheet as styles } from './style.js';
import { Words, bring, pick, ready } from './words.js';
import { digest, sentence } from './view/digest.js';

bring(own);

const engine = () => import('./engine.js');

// Answers of this visit: the address of the proxy and what was asked.
const known = new Map();
const once = (key, ask, good) => {
  if (!known.has(key)) {
    const answer = ask().then((value) => { if (!good(value)) known.delete(key); return value; });
    answer.catch(() => known.delete(key));
    known.set(key, answer);
  }
  return known.get(key);
};
const complete = ({ failures }) => failures.length === 0;

/** A repository's tags by digest. Attributes: repository, proxy (the page's
 * own address if absent), limit, auto, theme, lang. */
export class WebdisTags extends HTMLElement {
  static observedAttributes = ['repository', 'proxy', 'limit', 'lang'];

  #words;
  #stop;

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [styles];
    this.#build();
    if (this.hasAttribute('auto')) this.#ask();
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.#words) return;
    this.#stop?.abort();
    this.#build();
    if (this.hasAttribute('auto')) this.#ask();
  }

  get #repository() {
    return this.getAttribute('repository') ?? '';
  }

  get #live() {
    return { proxy: this.getAttribute('proxy') ?? undefined, signal: this.#stop?.signal };
  }

  #key(what) {
    return JSON.stringify([this.getAttribute('proxy'), this.#repository, what]);
  }

  #build() {
    const lang = pick([this.getAttribute('lang') ?? this.closest('[lang]')?.getAttribute('lang') ?? navigator.language].filter(Boolean));
    ready(lang).then((loaded) => loaded && this.#build(), () => {});
    this.#words = new Words(lang);
    const button = h('button', { type: 'button', class: 'main', onclick: () => this.#ask() }, this.#words.t('tagsShow'));
    this.#draw(h('p', {}, button));
  }

  #draw(...children) {
    const words = this.#words;
    this.shadowRoot.replaceChildren(h('section', { class: 'frame tags', lang: words.lang, 'aria-labelledby': 'title' },
      h('h2', { id: 'title' }, words.t('tagsOf', { repository: this.#repository })), children));
  }

  // Asks the registry, or the memory of this visit.
  async #ask() {
    const words = this.#words;
    this.#stop?.abort();
    const { signal } = (this.#stop = new AbortController());
    const line = h('p', { class: 'soft', role: 'status' }, words.t('fetching', { image: this.#repository }));
    this.#draw(line, h('p', {}, h('button', { type: 'button', onclick: () => this.#stop.abort() }, words.t('stop'))));
    const limit = Math.min(1000, Math.max(1, Number(this.getAttribute('limit')) || 50));
    const progress = ({ done, total, requests, bytes }) => {
      line.textContent = words.t('fetchedSoFar', { done, total, requests: words.number.format(requests), size: words.bytes(bytes) });
    };
    try {
      const { tags } = await engine();
      const answer = await once(this.#key(limit), () => tags(this.#repository, { limit, ...this.#live }, progress), complete);
      if (this.#stop.signal === signal) this.#show(answer);
    } catch (error) {
      if (this.#stop.signal === signal) this.#draw(h('p', { role: 'alert' }, visible(error?.message ?? error)), this.#again());
    }
  }

  #again() {
    return h('p', {}, h('button', { type: 'button', onclick: () => this.#ask() }, this.#words.t('fetchAgain')));
  }

  #show({ groups, leftOut, missing, remaining, failures }) {
    const words = this.#words;
    const said = new Map(failures.map((m) => [m.text, m]));
    this.#draw(
      [...said.values()].map((m) => h('p', { role: 'alert', lang: words.langOf(m.code) }, sentence(words, words.sentence(m.code, m.args, m.text)), m.next && ` ${words.next(m.code, m.args, m.next)}`)),
      groups.length > 0 && missing.length > 0 && h('p', {}, words.t('tagsMissing', { tags: missing.join(', ') })),
      groups.length > 0 && h('ul', { class: 'rows' }, groups.map((group) => h('li', { class: 'row-item' },
        h('p', {}, group.tags.map((tag) => [h('b', {}, tag), ' '])),
        digest(words, group.digest, group.tags[0]), this.#platforms(group.digest)))),
      !groups.length && !failures.length && h('p', {}, words.t('tagsNone')),
      groups.length > 0 && h('p', { class: 'soft small' }, words.t('tagsWord'), leftOut > 0 && ` ${words.t('tagsMore', { n: leftOut })}`,
        remaining && ` ${words.t('tagsLeft', { n: remaining.split(';')[0] })}`),
      failures.length > 0 && this.#again());
  }

  // The platforms of an index, read when they are opened.
  #platforms(of) {
    const words = this.#words;
    const place = h('div', { role: 'status' });
    const read = async () => {
      try {
        const { platforms } = await engine();
        const { platforms: list, failures } = await once(this.#key(of), () => platforms(this.#repository, of, this.#live), complete);
        place.replaceChildren(...(list.length
          ? [h('dl', {}, list.map((p) => [h('dt', {}, p.platform), h('dd', {}, digest(words, p.digest, p.platform))]))]
          : [h('p', { class: 'soft' }, failures[0] ? words.sentence(failures[0].code, failures[0].args, failures[0].text) : words.t('platformsNone'))]));
      } catch (error) {
        place.textContent = visible(error?.message ?? error);
      }
    };
    return h('details', { ontoggle: (e) => { if (e.target.open) read(); } }, h('summary', {}, words.t('platforms')), place);
  }
}

if (!customElements.get('webdis-tags')) customElements.define('webdis-tags', WebdisTags);
