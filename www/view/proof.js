// How a link is shown to be true: computed again by the browser, the path
// through the log's tree, the signature in numbers.

import { h } from '../dom.js';
import { again, factsOf, numbers } from './again.js';
import { decode } from './bytes.js';
import { groups, sentence, short } from './digest.js';
import { glyph } from './glyph.js';

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const whole = (value) => h('code', { class: 'whole' }, groups(value));

// The way from a leaf to the root: each hash with its sibling.
const ladder = (words, { leaf, steps }) => h('ol', { class: 'ladder' },
  h('li', {}, words.t('ladderLeaf'), ' ', h('code', { title: leaf }, short(leaf))),
  steps.map(({ sibling, before, hash }, i) => h('li', {},
    words.t(before ? 'ladderBefore' : 'ladderAfter'), ' ', h('code', { title: sibling, class: 'soft' }, short(sibling)), ' → ', h('code', { title: hash }, short(hash)),
    i === steps.length - 1 && [' ', words.t('ladderRoot')])));

const SIGNED = new Set(['againSignature', 'againLog', 'againPromise', 'againRecords']);
const outcome = { true: 'proven', false: 'contradicted', null: 'not-checked' };

/** The steps again; empty where there is nothing to compute. */
export async function recomputed(words, link, bytes, report, find) {
  const steps = await again(link, bytes, report, find);
  if (!steps.length) return null;
  return h('div', { class: 'again' },
    h('h3', {}, words.t('again')),
    h('ul', {}, steps.map(({ word, value = '', ok, n, ladder: path }) => h('li', {},
      glyph(outcome[String(ok)]),
      h('div', {},
        h('p', {}, sentence(words, words.t(word, { n, value: /^[0-9a-f]{64}$/.test(value) ? `sha256:${value}` : value })), ' ', h('b', {}, words.t(ok === null ? 'againUnable' : !ok ? 'againDiffers' : SIGNED.has(word) ? 'againValid' : 'againEqual'))),
        path?.steps.length > 0 && ladder(words, path))))),
    h('p', { class: 'soft small' }, words.t('againWorth')));
}

/** A signature in words and numbers, folded; null where a link has none. */
export function signature(words, link) {
  const facts = factsOf(link);
  const bytes = facts.signature && decode(facts.signature);
  const pair = bytes && numbers(bytes);
  if (!pair) return null;
  const row = (name, value) => [h('dt', {}, name), h('dd', {}, value)];
  return h('details', {}, h('summary', {}, words.t('inNumbers')),
    h('p', { class: 'small' }, words.t(bytes.length === 64 ? 'numbersRaw' : 'numbersDer', { n: bytes.length })),
    h('dl', { class: 'facts' }, row('r', whole(hex(pair[0]))), row('s', whole(hex(pair[1])))));
}
