// The choices below the policy: another key, root or profile, used only if it is
// chosen here; the log; what else can be demanded.

import { h } from '../dom.js';
import { chosen } from '../evidence.js';

const LARGEST = 1024 * 1024;

/** The rows of the form. `options` is read and written; `changed` is called after. */
export function choices(words, options, changed) {
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
  return [
    h('div', { class: 'row' }, h('label', { for: 'key' }, words.t('otherKey')), pem),
    h('p', { id: 'key-hint', class: 'soft small' }, words.t('keyHint')),
    h('div', { class: 'bar' }, file('keyFile', 'key', (text) => { pem.value = text; }), file('profileFile', 'publisher'), file('rootFile', 'trustedRoot')),
    h('div', { class: 'check' }, log, h('label', { for: 'ignore-log' }, words.t('ignoreLog'))), lost,
    h('details', {},
      h('summary', {}, words.t('more')),
      field('digest', 'digestField', 'digest', /^sha256:[\da-f]{64}$/i, { placeholder: 'sha256:…', class: 'mono' }),
      field('attestation', 'attestation', 'attestation', /./, { placeholder: 'https://slsa.dev/provenance/v1' }),
      field('now', 'now', 'now', /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/, { placeholder: '2026-01-01T00:00:00Z' })),
  ];
}
