// The policy: what is demanded, in one line that opens to all of it, and to
// the choices. A key, a root or a profile is used only if it is chosen here.

import { h } from '../dom.js';
import { chosen } from '../evidence.js';
import { sentence, short } from './digest.js';

const LARGEST = 1024 * 1024;

/** Fingerprint in fours, to be compared by eye with another channel. */
const fours = (hex) => (hex.match(/.{1,4}/g) ?? []).flatMap((part) => [h('span', { class: 'f' }, part), h('wbr')]);

/** The policy form. `options` is read and written; `changed` is called after. */
export function policy(words, options, changed) {
  const line = h('span', { class: 'brief' });
  const keys = h('ul', { class: 'keys' });
  const demands = h('ul', { class: 'demands small' });
  // What is half typed is not used: only what is whole, or left as it is.
  const typed = (input, key, whole, then) => {
    const use = () => {
      const value = input.value.trim();
      if (value === (options[key] ?? '').trim()) return;
      options[key] = value;
      then?.();
      changed();
    };
    input.addEventListener('input', () => { const value = input.value.trim(); if (!value || whole.test(value)) use(); });
    input.addEventListener('change', use);
    return input;
  };
  const field = (id, word, key, whole, extra = {}) => h('div', { class: 'row' }, h('label', { for: id }, words.t(word)),
    typed(h('input', { id, type: 'text', spellcheck: 'false', autocomplete: 'off', value: options[key] ?? '', ...extra }), key, whole));
  const pem = typed(h('textarea', { id: 'key', rows: '3', class: 'mono', spellcheck: 'false', placeholder: '-----BEGIN PUBLIC KEY-----', value: options.key ?? '',
    'aria-describedby': 'key-hint' }), 'key', /-----END [A-Z ]+-----$/, () => one('key'));
  // One of key and profile: the engine refuses both.
  const one = (key) => { if (key === 'publisher') pem.value = options.key = ''; else if (key === 'key' && options.key) options.publisher = ''; };
  // A file button whose text becomes an option, and a way back.
  const file = (word, key, then) => {
    const back = h('button', { type: 'button', class: 'quiet', hidden: !options[key], onclick: () => { options[key] = ''; then?.(''); back.hidden = true; changed(); } }, words.t('useOwn'));
    const read = h('input', { type: 'file', hidden: true, onchange: async () => {
      const [first] = chosen(read.files);
      if (first && first.file.size < LARGEST) { options[key] = await first.file.text(); one(key); then?.(options[key]); back.hidden = false; changed(); }
      read.value = '';
    } });
    return [h('button', { type: 'button', 'data-file': key, onclick: () => read.click() }, words.t(word)), back, read];
  };
  const log = h('input', { id: 'ignore-log', type: 'checkbox', onchange: () => { options.ignoreTlog = log.checked; lost.hidden = !log.checked; changed(); } });
  log.checked = !!options.ignoreTlog;
  const lost = h('p', { class: 'soft small', hidden: !log.checked }, words.t('ignoreLogLost'));
  const node = h('details', { class: 'policy' },
    h('summary', {}, h('b', {}, words.t('policy')), ' ', line),
    keys, demands,
    h('div', { class: 'row' }, h('label', { for: 'key' }, words.t('otherKey')), pem),
    h('p', { id: 'key-hint', class: 'soft small' }, words.t('keyHint')),
    h('div', { class: 'bar' }, file('keyFile', 'key', (text) => { pem.value = text; }), file('profileFile', 'publisher'), file('rootFile', 'trustedRoot')),
    h('div', { class: 'check' }, log, h('label', { for: 'ignore-log' }, words.t('ignoreLog'))), lost,
    h('details', {},
      h('summary', {}, words.t('more')),
      field('digest', 'digestField', 'digest', /^sha256:[\da-f]{64}$/i, { placeholder: 'sha256:…', class: 'mono' }),
      field('attestation', 'attestation', 'attestation', /./, { placeholder: 'https://slsa.dev/provenance/v1' }),
      field('now', 'now', 'now', /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/, { placeholder: '2026-01-01T00:00:00Z' })));
  return {
    node,
    /** Asks for a key file; the field to paste it into is open meanwhile. */
    choose() { node.open = true; pem.focus(); node.querySelector('[data-file=key]').click(); },
    /** Shows what the engine demands. */
    show(report) {
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
