// One byte changed by the user's will, to watch which link breaks: the choice,
// what is said meanwhile, and the way back. Loaded when there is an answer.

import '../later.js';
import { h } from '../dom.js';
import { sentence } from './digest.js';
import { named } from './inputs.js';

export { spot } from './spot.js';

const TOLD = ['bundle', 'payload', 'cosign-download', 'cosign-verify', 'index', 'manifest', 'config'];

/** The input that tells most when it is changed: a document, a signature. */
export function telling(inputs, found) {
  const kinds = (input) => (found.get(input.name) ?? []).map((item) => TOLD.indexOf(item.kind)).filter((n) => n >= 0);
  return inputs.toSorted((a, b) => Math.min(99, ...kinds(a)) - Math.min(99, ...kinds(b)))[0] ?? null;
}

/** A choice of what to change a byte of. */
export const control = (words, inputs, spoil) => h('select', { class: 'spoil', 'aria-label': words.t('spoil'), onchange: (e) => { if (e.target.value) spoil(e.target.value); } },
  h('option', { value: '' }, words.t('spoil')), inputs.map((g) => h('option', { value: g.name }, named(words, g))));

/** The links that held before and do not any more. */
export const broken = (before, after) => before.links.filter((l) => l.outcome === 'proven'
  && !after.links.some((n) => n.outcome === 'proven' && n.code === l.code && n.args.digest === l.args.digest && n.args.platform === l.args.platform));

/** What was changed, what broke, and the way back. */
export function banner(words, { input, change, before }, report, restore) {
  const gone = broken(before, report);
  const few = gone.slice(0, 3);
  return h('section', { class: 'one-byte', 'aria-label': words.t('spoil') },
    h('p', {}, words.t('spoilt', { name: named(words, input), at: words.number.format(change.at), from: change.from, to: change.to })),
    few.length > 0 ? h('div', { class: 'small' }, words.t('spoiltLinks', { n: gone.length }), h('ul', {}, few.map((l) => h('li', { lang: words.langOf(l.code) }, sentence(words, words.sentence(l.code, l.args, l.claim))))),
      report.outcome === 'proven' && h('p', {}, words.t('spoiltStands')))
      : h('p', { class: 'small' }, words.t('spoiltNone')),
    h('button', { type: 'button', id: 'restore', onclick: restore }, words.t('restore')));
}
