// Digests: whole, in groups of eight that only the style sheet separates, so
// that a selection copies the value and nothing else.

import { h } from '../dom.js';
import { copy } from './copy.js';

const DIGEST = /\b(?:sha(?:256|512):)?[0-9a-f]{64,128}\b/g;

/** The hexadecimal part in groups, four of them to a half that wraps whole.
 * `diff` is the number of the group to be marked. */
export function groups(hex, diff) {
  const parts = (hex.match(/.{1,8}/g) ?? []).map((part, i) => h('span', { class: i === diff ? 'g diff' : 'g' }, part));
  const halves = [];
  for (let i = 0; i < parts.length; i += 4) halves.push(h('span', { class: 'half' }, parts.slice(i, i + 4).flatMap((part) => [part, h('wbr')])));
  return halves;
}

/** The first eight digits, for a name, never for a comparison. */
export const short = (digest) => digest.replace(/^sha\d+:/, '').slice(0, 8);

/** The same as it is read out: in fours. */
export const read = (digest) => short(digest).replace(/(.{4})(?=.)/, '$1 ');

/** A whole digest with its kind and a copy button. */
export function digest(words, value, kind) {
  const [, algorithm = '', hex] = /^(sha\d+:)?([0-9a-f]*)$/.exec(value) ?? [null, '', value];
  const what = words.t('digestOf', { kind });
  return h('span', { class: 'digest' },
    h('span', { class: 'vh' }, words.t('digestStarts', { what, start: read(value) })),
    h('code', { 'aria-hidden': 'true' }, algorithm && h('span', { class: 'algo' }, algorithm), groups(hex)), ' ',
    copy(words, value, what));
}

/** A sentence in which digests are abbreviated for the eye alone. Two that
 * begin alike are written out: an abbreviation is not for comparing. */
export function sentence(words, text) {
  // A command within a sentence stands in backticks.
  const parts = String(text).split(/`([^`\n]+)`/);
  if (parts.length > 1) return parts.map((part, i) => (i % 2 ? h('code', {}, part) : sentence(words, part)));
  const out = [];
  let end = 0;
  const matches = [...String(text).matchAll(DIGEST)];
  const all = new Set(matches.map(([value]) => value.replace(/^sha\d+:/, '')));
  const alike = new Set([...all].map(short)).size < all.size;
  for (const match of matches) {
    const value = match[0];
    if (alike) {
      out.push(text.slice(end, match.index), h('code', {}, value));
      end = match.index + value.length;
      continue;
    }
    const cut = value.includes(':') ? value.indexOf(':') + 9 : 8;
    out.push(text.slice(end, match.index), h('wbr'),
      h('code', { class: 'sd', 'aria-hidden': 'true' }, value.slice(0, cut), h('span', { class: 'rest' }, value.slice(cut))),
      h('span', { class: 'vh' }, words.t('starting', { start: read(value) })));
    end = match.index + value.length;
    // After the ellipsis a full stop is seen no more, but still copied.
    if (/^\.(\s|$)/.test(text.slice(end))) { out.push(h('span', { class: 'stop' }, '.')); end += 1; }
  }
  out.push(text.slice(end));
  return out;
}

/** The same as plain text, for an announcement. */
export const spoken = (words, text) => String(text).replace(DIGEST, (value) => words.t('starting', { start: read(value) }));
