// What will be checked: stated before the verdict, and editable.

import { h } from '../dom.js';
import { chosen } from '../evidence.js';

/** Fingerprint in fours, to be compared by eye with another channel. */
const fours = (hex) => (hex.match(/.{1,4}/g) ?? []).flatMap((part) => [h('span', { class: 'f' }, part), h('wbr')]);

/** The policy form. `options` is read and written; `changed` is called after. */
export function policy(words, options, changed) {
  const keys = h('ul', { class: 'keys' });
  const field = (id, word, key, extra = {}) => {
    const input = h('input', { id, type: 'text', spellcheck: 'false', autocomplete: 'off', value: options[key] ?? '', ...extra,
      oninput: () => { options[key] = input.value.trim(); changed(); } });
    return h('div', { class: 'row' }, h('label', { for: id }, words.t(word)), input);
  };
  const pem = h('textarea', { id: 'key', rows: '4', class: 'mono', spellcheck: 'false', placeholder: '-----BEGIN PUBLIC KEY-----', value: options.key ?? '',
    'aria-describedby': 'key-hint', oninput: () => { options.key = pem.value; changed(); } });
  const read = h('input', { type: 'file', hidden: true, onchange: async (e) => {
    const [first] = chosen(e.target.files);
    if (first && first.file.size < 65536) { pem.value = await first.file.text(); options.key = pem.value; changed(); }
    e.target.value = '';
  } });
  const log = h('input', { id: 'ignore-log', type: 'checkbox', onchange: () => { options.ignoreTlog = log.checked; lost.hidden = !log.checked; changed(); } });
  log.checked = !!options.ignoreTlog;
  const lost = h('p', { class: 'soft small', hidden: !log.checked }, words.t('ignoreLogLost'));
  const own = !!options.key;
  const node = h('section', { class: 'part policy', 'aria-labelledby': 'policy-title' },
    h('h2', { id: 'policy-title' }, words.t('policy')),
    keys,
    options.ignoreTlog && h('p', { class: 'small' }, words.t('ignoreLogOn')),
    options.trustedRoot && h('p', { class: 'small' }, words.t('trustedRootOn')),
    h('details', { open: own },
      h('summary', {}, words.t('otherKey')),
      h('label', { for: 'key' }, words.t('key')), pem,
      h('div', { class: 'bar' }, h('button', { type: 'button', onclick: () => read.click() }, words.t('keyFile')), read),
      h('p', { id: 'key-hint', class: 'soft small' }, words.t('keyHint'))),
    h('details', {},
      h('summary', {}, words.t('more')),
      field('digest', 'digestField', 'digest', { placeholder: 'sha256:…', class: 'mono' }),
      h('div', { class: 'check' }, log, h('label', { for: 'ignore-log' }, words.t('ignoreLog'))), lost,
      field('attestation', 'attestation', 'attestation', { placeholder: 'https://slsa.dev/provenance/v1' }),
      field('now', 'now', 'now', { placeholder: '2026-01-01T00:00:00Z' })));
  return {
    node,
    /** Shows whose signature the engine demands. */
    show(publisher) {
      keys.replaceChildren(...(publisher?.keys ?? []).map((k) => h('li', {},
        h('span', {}, k.name === 'the given key' ? source(words, publisher) : [h('bdi', {}, k.name), h('span', { class: 'soft' }, ` · ${source(words, publisher)}`)]),
        h('code', { class: 'whole' }, fours(k.fingerprint)))));
      if (publisher && !publisher.keys?.length) keys.replaceChildren(h('li', {}, publisher.name === 'none' ? words.t('noKey') : source(words, publisher)));
    },
  };
}

const source = (words, { name, source: from }) => words.t(`source-${from}`, { name });
