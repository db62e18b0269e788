// The policy: what is demanded, in one line that opens to all of it, and to the choices.

import { h } from '../dom.js';
import { sentence, short } from './digest.js';

/** Fingerprint in fours, to be compared by eye with another channel. */
const fours = (hex) => (hex.match(/.{1,4}/g) ?? []).flatMap((part) => [h('span', { class: 'f' }, part), h('wbr')]);

/** The policy. `options` is read and written; `changed` is called after. */
export function policy(words, options, changed) {
  const line = h('span', { class: 'brief' });
  const keys = h('ul', { class: 'keys' });
  const demands = h('ul', { class: 'demands small' });
  const node = h('details', { class: 'policy' },
    h('summary', {}, h('b', {}, words.t('policy')), ' ', line),
    keys, demands);
  let form = null;
  // What is chosen with: part of what is drawn below every verdict.
  const open = () => (form ??= import('./parts.js')
    .then(({ choices }) => node.append(...choices(words, options, changed)))
    .catch(() => { form = null; }));
  node.addEventListener('toggle', open);
  return {
    node,
    /** Asks for a key file; the field to paste it into is open meanwhile. */
    async choose() {
      node.open = true;
      await open();
      node.querySelector('#key')?.focus();
      node.querySelector('[data-file=key]')?.click();
    },
    /** Shows what the engine demands. */
    show(report) {
      if (report) open();
      const { publisher, criteria = [], subject = {} } = report ?? {};
      const held = publisher?.keys ?? [];
      const name = (k) => (k.name === 'the given key' ? source(words, publisher) : h('bdi', {}, k.name));
      keys.replaceChildren(...held.map((k) => h('li', {},
        h('span', {}, name(k), k.name !== 'the given key' && h('span', { class: 'soft' }, ` · ${source(words, publisher)}`)),
        h('code', { class: 'whole' }, fours(k.fingerprint)))));
      const bare = publisher && !held.length && (publisher.name === 'none' ? words.t('noKey') : source(words, publisher));
      if (bare) keys.replaceChildren(h('li', {}, bare));
      // A demand that names a key shown above, or the image that stands in
      // the verdict, is not said again.
      const rest = criteria.filter(({ args }) => !held.some((k) => k.fingerprint === args.fingerprint));
      const said = (m, text) => h('span', { lang: words.langOf(m.code) }, sentence(words, text));
      demands.replaceChildren(...rest.map((m) => h('li', {}, said(m, words.sentence(m.code, m.args, m.text)))));
      const brief = rest.filter(({ args }) => args.image === undefined && !(args.digest && args.digest === subject.digest))
        .map((m) => said(m, words.sentence(m.code, m.args, m.text).replace(/(?:\.$|,.*$| \(.*$)/s, '')));
      const used = criteria.length ? held.filter((k) => criteria.some(({ args }) => args.fingerprint === k.fingerprint)) : held;
      const all = [...used.map((k) => [name(k), ' ', h('code', {}, short(k.fingerprint))]), ...(bare ? [bare] : []), ...brief];
      const parts = all.length || !publisher ? all : [source(words, publisher)];
      line.replaceChildren(...parts.flatMap((part, i) => [i ? ' · ' : '', part]).flat());
    },
  };
}

const source = (words, { name, source: from }) => words.t(`source-${from}`, { name });
